"""Who answers an outbound call, and what comes of it for the conversation, which is never kept waiting."""

from collections.abc import Sequence

import numpy as np
import pytest

from huashu.asr.engine import Capabilities, Recogniser
from huashu.core.actions import Disposition, Say
from huashu.core.events import Alternative, Answered, Dtmf, Heard, MachineDetected, NotAnswered, PlaybackStarted
from huashu.core.expect import Expectation
from huashu.runtime.bot import Bot
from huashu.voice.answer import USUAL, AnswerDetector, Verdict
from huashu.voice.cues import cues, evidence
from huashu.voice.progress import Signal
from huashu.voice.watch import Watch
from tests.voice.test_repetition import hum
from tests.voice.voice_fakes import noise, silence, tone
from tests.voice.voice_line import WORDS, Line

pytestmark = pytest.mark.audio


class FarEnd:
    """The far side as a detector sees it: voice, words and tones in virtual time."""

    def __init__(self, *, answered: bool = True) -> None:
        self.detector = AnswerDetector()
        self.now = 0.0
        self.verdicts: list[Verdict] = []
        if answered:
            self.detector.answered(0.0)

    def talks(self, seconds: float, words: str = "", *, partial: str = "") -> "FarEnd":
        """`partial`: what the recogniser shows at first; `words`: what it says in the end."""
        if partial:
            self.detector.hear(partial, final=False)
        self._pass(seconds, voice=True, settled=False)
        self._pass(0.3, voice=False, settled=False)
        self.detector.hear(words, final=True)
        return self

    def waits(self, seconds: float) -> "FarEnd":
        self._pass(seconds, voice=False, settled=True)
        return self

    def sounds(self, signal: Signal) -> "FarEnd":
        self._pass(0.02, voice=False, settled=True, signal=signal)
        return self

    def begins_anew(self) -> "FarEnd":
        """What it said first is played again."""
        told = self.detector.advance(self.now + 0.02, voice=True, settled=False, again=True)
        self.now += 0.02
        self.verdicts += [told] if told is not None else []
        return self

    def _pass(self, seconds: float, *, voice: bool, settled: bool, signal: Signal | None = None) -> None:
        for number in range(round(seconds * 50)):
            self.now += 0.02
            told = self.detector.advance(self.now, voice=voice, settled=settled, signal=signal if not number else None)
            if told is not None:
                self.verdicts.append(told)

    @property
    def told(self) -> list[str]:
        return [verdict.by for verdict in self.verdicts]


def test_what_is_played_again_is_a_machine_whatever_was_thought_before() -> None:
    far = FarEnd().talks(1.2, "").waits(1.5)
    assert far.told == ["human"], "a word and a pause: so do people answer"
    assert far.begins_anew().told == ["human", "announcement"]
    assert far.verdicts[-1].why == "again"


def test_what_is_played_again_is_named_by_its_words() -> None:
    far = FarEnd().talks(3.0, "the person is not available").waits(1.5).begins_anew()
    assert far.told[-1] == "voicemail"
    announced = FarEnd().talks(3.0, "您拨打的电话已关机").begins_anew()
    assert (announced.verdicts[-1].by, announced.verdicts[-1].cause) == ("announcement", "powered_off")


def unanswered(words: str, odds: float, *, talks: float = 3.0, own: bool = False) -> FarEnd:
    """Talk of such log odds, and then nothing, while the bot waits (or speaks)."""
    far = FarEnd()
    far.detector.hear(words, final=False, odds=odds)
    far._pass(talks, voice=True, settled=False)
    far.detector.hear(words, final=True, odds=odds, topic=words)
    for _ in range(14 * 50):
        far.now += 0.02
        told = far.detector.advance(far.now, voice=False, settled=True, own=own)
        far.verdicts += [told] if told is not None else []
    return far


def test_what_sounds_like_a_machine_and_does_not_answer_is_one_in_the_end() -> None:
    far = unanswered("the conference is now locked", 3.0)
    assert [(verdict.by, verdict.why) for verdict in far.verdicts] == [("ivr", "unanswered")]
    assert far.verdicts[-1].at == pytest.approx(3.0 + USUAL.unanswered, abs=0.03)
    late = unanswered("the conference is now locked", 3.0, talks=3.0, own=True).waits(7.0)
    assert late.told == ["uncertain", "ivr"], "also after it had been given up"


def test_who_is_silent_is_no_machine_for_that() -> None:
    assert unanswered("yes I am listening", 2.2).told[-1] in ("human", "uncertain"), "no person had more than 2.67"
    assert unanswered("the conference is now locked", 3.0, own=True).told == ["uncertain"], "the bot spoke all the time"
    assert unanswered("hello who is this speaking", 5.0).told[-1] == "human"
    twice = FarEnd()
    for _ in range(2):
        twice.detector.hear("zero", final=True, odds=1.5, topic="zero")
        twice.talks(0.6, "zero")
    assert "ivr" not in twice.waits(10.0).told, "what one says several times is no more like a machine"
    assert "voicemail" not in twice.told


def test_who_speaks_as_people_do_is_not_hung_up_on_for_a_repetition() -> None:
    assert FarEnd().talks(0.8, "喂哪位").waits(1.5).begins_anew().told == ["human"]
    assert FarEnd(answered=False).begins_anew().told == [], "nobody has answered"


@pytest.mark.parametrize(
    ("words", "by", "cause"),
    [
        ("您好，您拨打的电话已关机，请稍后再拨。", "announcement", "powered_off"),
        ("对不起，您拨打的号码是空号，请核对后再拨。", "announcement", "invalid_number"),
        ("对不起，您拨打的电话已停机。", "announcement", "suspended"),
        ("您好，您拨打的用户正忙，请稍后再拨。", "announcement", "busy"),
        ("您拨打的电话暂时无法接通", "announcement", "unreachable"),
        ("您拨打的电话暂时无人接听，请稍后再拨", "announcement", "no_answer"),
        ("您好，这里是语音信箱，请在提示音后留言", "voicemail", None),
        ("您好，我是机主的智能通话助理，请问您有什么事", "voicemail", None),
        ("欢迎致电客户服务中心，普通话请按一，英语请按二", "ivr", None),
        ("The number you have dialed is not in service", "announcement", "invalid_number"),
        ("the subscriber you have dialled is switched off please try again later", "announcement", "powered_off"),
        ("Hi, you've reached Bob. Please leave a message after the beep.", "voicemail", None),
        ("Thank you for calling. Your call is important to us.", "ivr", None),
        ("for sales press one for support press two", "ivr", None),
    ],
)
def test_machines_are_known_by_their_words(words: str, by: str, cause: str | None) -> None:
    far = FarEnd().waits(0.5).talks(4.0, words).waits(2.0)
    assert [(verdict.by, verdict.cause) for verdict in far.verdicts] == [(by, cause)]


@pytest.mark.parametrize(
    "words",
    [
        "喂", "喂，你好，哪位？", "您好，请讲", "他不在，您稍后再打吧", "你是谁啊，怎么有我号码",
        "hello", "", "Hello, Bob speaking", "He's not available right now, would you like to leave a message?",
        "Thank you for calling Acme, this is Mary speaking, how may I help you?",
        "我的手机已停机了", "this is his voice mail number what do you want",
    ],
)  # fmt: skip
def test_people_are_no_machines_whatever_they_say_first(words: str) -> None:
    far = FarEnd().waits(0.5).talks(0.4 + 0.1 * len(words), words).waits(30.0)
    assert far.told in (["human"], ["uncertain"])
    assert far.told == ["human"] or evidence(words).machine


def test_a_person_is_known_within_a_second_and_a_half_of_their_last_word() -> None:
    far = FarEnd().waits(1.0).talks(0.5, "喂？").waits(3.0)
    assert far.verdicts[0].at <= 1.5 + 1.5


def test_who_talks_on_without_a_machine_s_words_is_never_taken_for_one() -> None:
    far = FarEnd().talks(20.0, "那个我跟你说啊昨天晚上我去了一趟超市然后").waits(10.0)
    assert far.told == ["uncertain"]


def test_nobody_speaks_at_all() -> None:
    far = FarEnd().waits(30.0)
    assert [(verdict.by, verdict.why) for verdict in far.verdicts] == [("uncertain", "silence")]


def test_words_that_are_taken_back_at_once_convict_nobody() -> None:
    far = FarEnd()
    far.detector.hear("您拨打的电话已关机", final=False)
    far._pass(0.2, voice=True, settled=False)
    far.detector.hear("你打的电话", final=False)
    far.talks(0.5, "你打错电话了").waits(5.0)
    assert far.told == ["human"]


def test_a_greeting_in_two_parts_is_a_voicemail_after_all() -> None:
    far = FarEnd().talks(1.0, "Hi, this is Bob").waits(1.5)
    assert far.told == ["human"]
    far.talks(3.0, "I can't come to the phone, please leave a message after the tone").waits(1.0)
    assert far.told == ["human", "voicemail"]


def test_a_caller_who_later_speaks_of_dead_numbers_stays_a_person() -> None:
    far = FarEnd().talks(0.5, "喂").waits(3.0).talks(3.0, "我之前那个号码已停机了，是空号").waits(3.0)
    assert far.told == ["human"]


def test_tones_speak_for_themselves() -> None:
    assert FarEnd().talks(3.0, "unclear words").sounds("beep").told == ["voicemail"]
    assert FarEnd().waits(1.0).sounds("beep").waits(2.0).told == []
    assert FarEnd().waits(1.0).sounds("fax").told == ["fax"]
    busy = FarEnd(answered=False).sounds("busy")
    assert [(verdict.cause, verdict.early) for verdict in busy.verdicts] == [("busy", True)]


def test_words_name_the_cause_behind_a_special_information_tone() -> None:
    far = FarEnd(answered=False).sounds("special_information").talks(2.0, "您拨打的号码是空号").waits(6.0)
    assert [verdict.cause for verdict in far.verdicts] == ["invalid_number"]
    mute = FarEnd(answered=False).sounds("special_information").waits(8.0)
    assert [verdict.cause for verdict in mute.verdicts] == ["failed"]


def test_what_rings_may_speak_without_meaning_anything() -> None:
    far = FarEnd(answered=False).talks(8.0, "欢迎致电，移动彩铃请按一复制").waits(20.0)
    assert far.told == []


def test_every_cue_stands_in_one_place_only() -> None:
    words = [word for cue in cues() for word in cue.words]
    assert len(words) == len(set(words))
    assert all(word.strip() for word in words)


# --- in a session -------------------------------------------------------------------------------------------------

WORDS[2000] = "您拨打的电话已关机，请稍后再拨"
WORDS[2300] = "请在提示音后留言"


def outbound(bot: Bot) -> Line:
    return Line(bot, outbound=True)


async def test_the_bot_greets_at_once_and_hangs_up_on_a_machine(bot: Bot) -> None:
    line = outbound(bot)
    await line.session.start()
    await line.quiet(0.2)
    assert line.of(PlaybackStarted), "the greeting waits for nobody"
    await line.say(tone(2300, 3.0))
    await line.quiet(2.0)
    ((_, told),) = line.of(MachineDetected)
    assert isinstance(told, MachineDetected)
    assert told.by == "voicemail"
    ((_, outcome),) = line.of(Disposition)
    assert isinstance(outcome, Disposition)
    assert outcome.result == "machine"


async def test_a_person_is_told_of_and_the_conversation_goes_on(bot: Bot) -> None:
    line = outbound(bot)
    await line.session.start()
    await line.quiet(0.4)
    await line.say(noise(0.4))
    await line.quiet(3.0)
    assert [what.by for _, what in line.of(MachineDetected) if isinstance(what, MachineDetected)] == ["human"]
    assert not line.of(Disposition)
    assert len(line.of(Say)) >= 2


async def test_an_announcement_before_the_answer_is_why_nobody_answers(bot: Bot) -> None:
    line = outbound(bot)
    await line.session.start(answered=False)
    await line.say(silence(0.5) + tone(2000, 3.0))
    await line.quiet(1.5)
    assert [what.cause for _, what in line.of(NotAnswered) if isinstance(what, NotAnswered)] == ["powered_off"]
    assert line.session.closed
    assert not line.of(Say)


async def test_the_network_s_busy_tone_before_the_answer(bot: Bot) -> None:
    line = outbound(bot)
    await line.session.start(answered=False)
    t = np.arange(int(0.35 * 8000)) / 8000
    on = (4000 * np.sin(2 * np.pi * 450 * t)).astype("<i2").tobytes()
    for _ in range(3):
        if not line.session.closed:
            await line.say(on + silence(0.35))
    assert [what.cause for _, what in line.of(NotAnswered) if isinstance(what, NotAnswered)] == ["busy"]


async def test_an_edge_that_knows_who_answered_is_believed(bot: Bot) -> None:
    line = outbound(bot)
    await line.session.start(answered=False)
    await line.session.receive(Answered())
    await line.session.receive(MachineDetected("human", 1.0))
    await line.say(tone(2300, 3.0))
    await line.quiet(2.0)
    assert len(line.of(MachineDetected)) == 1


@pytest.mark.parametrize(("second", "by"), [(1, ["human", "announcement"]), (2, ["human"])])
async def test_a_call_that_a_recording_has_answered(bot: Bot, second: int, by: list[str]) -> None:
    """No words are known of it; a person had been thought of after its first time."""
    line = outbound(bot)
    await line.session.start()
    for seed in (1, second):
        await line.say(silence(0.3) + hum(3.0, seed).astype("<i2").tobytes() + silence(2.0))
    assert [what.by for _, what in line.of(MachineDetected) if isinstance(what, MachineDetected)] == by


async def test_inbound_callers_are_not_looked_at(bot: Bot) -> None:
    line = Line(bot)
    await line.session.start()
    await line.say(silence(0.3) + tone(2300, 2.0))
    await line.quiet(2.0)
    assert not line.of(MachineDetected)


async def test_keys_in_the_sound_where_the_line_has_no_events_for_them(bot: Bot) -> None:
    line = Line(bot, keys=True)
    await line.session.start()
    t = np.arange(800) / 8000
    six = (6000 * (np.sin(2 * np.pi * 770 * t) + np.sin(2 * np.pi * 1477 * t))).astype("<i2").tobytes()
    await line.say(six + silence(0.1) + six + silence(0.1))
    assert [what for _, what in line.of(Dtmf)] == [Dtmf("6"), Dtmf("6")]


class Listing:
    """A recogniser that hears only what is listed, and is as sure of it as it is told to be."""

    capabilities = Capabilities("list", ("zh",), 8000, streaming=False, grammar=True)

    def __init__(self, text: str, confidence: float) -> None:
        self.heard = Heard(text, confidence=confidence)
        self.phrases: list[tuple[str, ...]] = []

    def stream(self, expect: Expectation, language: str) -> "Listing":
        self.phrases.append(expect.phrases)
        return self

    def warm(self, expectations: Sequence[Expectation]) -> None:
        pass

    def accept(self, pcm: bytes) -> Heard | None:
        return None

    def finish(self) -> Heard:
        return self.heard


@pytest.mark.parametrize(
    ("text", "confidence", "by"),
    [
        ("您拨打的电话已停机", 0.9, "announcement"),
        ("您拨打的电话已停机", 0.5, "human"),  # out of the list came the nearest of it
        ("您拨打的号码", 0.95, "human"),  # too little of it
        ("欸请按一下那个绿色的", 0.3, "ivr"),  # words of no list: free dictation
    ],
)
def test_a_recogniser_of_lists_is_asked_for_announcements_and_believed_when_it_is_sure(
    text: str, confidence: float, by: str
) -> None:
    recogniser = Listing(text, confidence)
    assert told_by(recogniser, "zh-CN") == [by]
    assert len(recogniser.phrases[0]) > 20


def told_by(recogniser: Recogniser, language: str) -> list[str]:
    """Two seconds of voice, two of silence: who it was."""
    watch = Watch(recogniser, rate=8000, detect=True)
    watch.answered(0.0)
    watch.open(language)
    told: list[object] = []
    for number in range(200):
        if number == 100:
            watch.close()
        frame = np.full(160, 1000 if number < 100 else 0, np.int16)
        now = (number + 1) / 50
        told += watch.feed(frame, "call", now=now, voice=number < 100, settled=number >= 100)
    return [event.by for event in told if isinstance(event, MachineDetected)]


class Topical(Listing):
    """One that takes topics: what is said if it is about one, what is said if not, and the confidence that it is."""

    capabilities = Capabilities("topic", ("en",), 8000, streaming=False, grammar=True, topics=True)

    def __init__(self, text: str, confidence: float, freely: str) -> None:
        super().__init__(text, confidence)
        self.heard = Heard(text, confidence=confidence, alternatives=(Alternative(freely, 0.5),))


@pytest.mark.parametrize(
    ("text", "confidence", "freely", "by"),
    [
        ("the number you have dialed is not in service", 0.97, "the lumber you have dialed is not in", "announcement"),
        ("the mailbox is full", 0.97, "the male blokes is full", "voicemail"),
        ("press one to hear the message", 0.9, "crescent you hear the men", "ivr"),
        ("the line is busy", 0.05, "they let me be dizzy", "human"),  # a person who only sounds a little like it
        ("hello this is peter", 0.95, "hello this is peter", "human"),
        ("he is not here can i take a message", 0.9, "he is not here can i take a message", "human"),
        ("", 0.0, "", "human"),
    ],
)  # fmt: skip
def test_a_recogniser_of_topics_is_asked_how_machines_and_people_begin(
    text: str, confidence: float, freely: str, by: str
) -> None:
    recogniser = Topical(text, confidence, freely)
    assert told_by(recogniser, "en-US") == [by]
    assert any("not in service" in phrase for phrase in recogniser.phrases[0])
    assert len(recogniser.phrases) == 1


def test_what_is_guessed_in_the_middle_of_a_sentence_counts_half() -> None:
    def told(*, over: bool) -> list[str]:
        far = FarEnd()
        far.detector.hear("the line is", final=False, odds=1.5 * USUAL.odds, topic="the line is busy")
        far._pass(3.0, voice=True, settled=False)
        far.detector.hear("the line is", final=over, odds=1.5 * USUAL.odds, topic="the line is busy")
        far._pass(0.8, voice=False, settled=False)
        return far.told

    assert told(over=False) == []
    assert told(over=True) == ["announcement"]
