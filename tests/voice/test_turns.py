"""The turn-taker alone: instants in, decisions out."""

import pytest

from huashu.core.actions import BargeIn
from huashu.core.expect import Choice, Expectation
from huashu.voice.turns import Decision, OnAir, TurnTaker

pytestmark = pytest.mark.unit
FREE = Expectation(step="f.a")
YES_NO = Expectation(step="f.b", kind="yes_no")
PHONE = Expectation(step="f.c", kind="value", type="phone", slot="电话")
TERMS = Expectation(
    step="f.d", kind="choice", choices=(Choice(3, ("三期",)), Choice(6, ("六期", "半年")), Choice(12, ("十二期",)))
)


class Clock:
    """Drives a TurnTaker frame by frame."""

    def __init__(self, expect: Expectation = FREE) -> None:
        self.taker = TurnTaker()
        self.taker.listen(expect)
        self.now = 0.0
        self.line: OnAir | None = None

    def run(self, seconds: float, *, voice: bool) -> list[tuple[float, Decision]]:
        seen = []
        for _ in range(round(seconds / 0.02)):
            self.now = round(self.now + 0.02, 2)
            for decision in self.taker.advance(now=self.now, voice=voice, line=self.line):
                seen.append((self.now, decision))
                if decision is Decision.PAUSE and self.line is not None:
                    self.playing(paused=True, barge_in=self.line.barge_in)
        return seen

    def playing(
        self,
        *,
        paused: bool = False,
        barge_in: BargeIn = BargeIn(),
        position: float = 1.0,
        remaining: float | None = 3.0,
        expects_reply: bool = False,
    ) -> None:
        self.line = OnAir(barge_in, position, remaining, expects_reply, paused)


def closed_after(clock: Clock, text: str = "") -> float:
    """Seconds of silence that ended a turn of half a second."""
    clock.run(0.5, voice=True)
    if text:
        clock.taker.hear(text, clock.line)
    began = clock.now
    [(at, decision)] = clock.run(4.0, voice=False)
    assert decision is Decision.CLOSE
    return at - began


def test_free_speech_may_have_breaths_of_0_9_s() -> None:
    assert 0.95 < closed_after(Clock(FREE), "我想问一下") <= 1.1
    assert closed_after(Clock(FREE), "我想问一下怎么还款，谢谢") <= 0.5
    assert closed_after(Clock(FREE), "I lost my card and") == pytest.approx(1.5)


def test_yes_or_no_closes_soon() -> None:
    assert closed_after(Clock(YES_NO)) == pytest.approx(0.3)


def test_a_known_choice_closes_at_once() -> None:
    assert closed_after(Clock(TERMS), "六期") <= 0.14
    assert closed_after(Clock(TERMS), "那就六期") == pytest.approx(0.3)
    assert closed_after(Clock(TERMS), "嗯那个") > 0.9


def test_half_a_phone_number_is_waited_for() -> None:
    assert closed_after(Clock(PHONE), "13812") == pytest.approx(2.7, abs=0.03)
    assert closed_after(Clock(PHONE), "13812345678") <= 0.2
    assert closed_after(Clock(PHONE)) == pytest.approx(1.2)


def test_a_pause_inside_the_turn_does_not_end_it() -> None:
    clock = Clock(FREE)
    clock.run(0.5, voice=True)
    assert clock.run(0.5, voice=False) == []
    clock.run(0.5, voice=True)
    assert [decision for _, decision in clock.run(1.2, voice=False)] == [Decision.CLOSE]


def cut_off_again(clock: Clock) -> float:
    """The voice comes back 0.3 s after the end of the turn; how long is it waited for this time?"""
    clock.run(0.5, voice=True)
    began = clock.now
    while Decision.CLOSE not in [decision for _, decision in clock.run(0.02, voice=False)]:
        pass
    waited = clock.now - began
    clock.taker.settle("", None)
    clock.run(0.3, voice=False)
    return waited


def test_a_caller_who_was_cut_off_is_waited_for_longer_but_not_without_end() -> None:
    clock = Clock(FREE)
    waits = [cut_off_again(clock) for _ in range(20)]
    assert waits[1] > 1.2 * waits[0]
    assert waits[-1] <= 1.8 * 1.1


def test_a_caller_who_answers_what_was_said_meanwhile_was_not_cut_off() -> None:
    clock = Clock(FREE)
    usual = cut_off_again(clock)
    clock.playing()
    clock.run(0.02, voice=False)
    clock.line = None
    assert cut_off_again(clock) == pytest.approx(usual)


def test_sound_without_voice_keeps_the_turn_open_for_a_bounded_time() -> None:
    def closed(sound: bool) -> float:
        taker = TurnTaker()
        taker.listen(FREE)
        now = 0.0
        while True:
            now = round(now + 0.02, 2)
            if Decision.CLOSE in taker.advance(now=now, voice=now <= 0.5, line=None, sound=sound):
                return now - 0.5

    assert closed(False) + 0.5 < closed(True) <= closed(False) + 0.72


def test_no_turn_is_longer_than_the_bound() -> None:
    clock = Clock(FREE)
    seen = clock.run(31.0, voice=True)
    assert [decision for _, decision in seen] == [Decision.OPEN, Decision.CLOSE, Decision.OPEN]
    assert seen[1][0] == pytest.approx(30.02)


def test_voice_over_a_line_pauses_it_in_the_same_frame() -> None:
    clock = Clock()
    clock.playing()
    assert clock.run(0.02, voice=True) == [(0.02, Decision.OPEN), (0.02, Decision.PAUSE)]


def test_words_cut_the_line_and_a_token_does_not() -> None:
    clock = Clock()
    clock.playing()
    clock.run(0.3, voice=True)
    assert clock.taker.hear("嗯", clock.line) == []
    assert clock.taker.hear("嗯我想问", clock.line) == [Decision.CUT]


def test_a_token_or_noise_lets_the_line_go_on_within_600_ms() -> None:
    for text in ("", "嗯", "uh-huh"):
        clock = Clock()
        clock.playing()
        clock.run(0.3, voice=True)
        clock.taker.hear(text, clock.line)
        began = clock.now
        [(at, decision)] = clock.run(1.0, voice=False)
        assert decision is Decision.CLOSE
        assert at - began <= 0.6
        assert clock.taker.settle(text, clock.line) == [Decision.RESUME]


def test_a_blip_holds_the_line_for_a_moment_only() -> None:
    """A chord of music, a knock: less voice than any word has."""
    for voice, silence in ((0.06, 0.2), (0.1, 0.2), (0.12, 0.4)):
        clock = Clock()
        clock.playing()
        seen = clock.run(voice, voice=True)
        began = clock.now
        seen += clock.run(1.0, voice=False)
        assert [decision for _, decision in seen] == [Decision.OPEN, Decision.PAUSE, Decision.CLOSE]
        assert seen[-1][0] - began == pytest.approx(silence, abs=0.021), voice
        assert clock.taker.settle("", clock.line) == [Decision.RESUME]


def test_a_half_heard_token_is_not_yet_words() -> None:
    clock = Clock()
    clock.playing()
    clock.run(0.3, voice=True)
    assert clock.taker.hear("uh", clock.line) == []


def test_off_and_dtmf_lines_play_on() -> None:
    for barge_in in (BargeIn("off"), BargeIn("dtmf")):
        clock = Clock()
        clock.playing(barge_in=barge_in)
        assert [decision for _, decision in clock.run(0.5, voice=True)] == [Decision.OPEN]
        assert clock.taker.hear("等一下我说", clock.line) == []
        clock.run(1.0, voice=False)
        dropped = [Decision.DROP] if barge_in.kind == "dtmf" else []  # "off" is the dialogue's own guard
        assert clock.taker.settle("等一下我说", clock.line) == dropped


def test_protected_seconds_hold_the_pause_back() -> None:
    clock = Clock()
    barge_in = BargeIn("speech", protected=2.0)
    clock.playing(barge_in=barge_in, position=1.0)
    assert [decision for _, decision in clock.run(0.2, voice=True)] == [Decision.OPEN]
    clock.playing(barge_in=barge_in, position=2.0)
    assert [decision for _, decision in clock.run(0.02, voice=True)] == [Decision.PAUSE]


def test_words_counts_them() -> None:
    clock = Clock()
    clock.playing(barge_in=BargeIn("words", words=3))
    clock.run(0.3, voice=True)
    assert clock.taker.hear("我想", clock.line) == []
    assert clock.taker.hear("我想问", clock.line) == [Decision.CUT]


def test_too_few_words_are_dropped_and_the_line_goes_on() -> None:
    clock = Clock()
    clock.playing(barge_in=BargeIn("words", words=3))
    clock.run(0.3, voice=True)
    clock.run(1.0, voice=False)
    assert clock.taker.settle("我想", clock.line) == [Decision.DROP, Decision.RESUME]


def test_words_after_the_line_are_never_dropped() -> None:
    clock = Clock()
    clock.playing(barge_in=BargeIn("dtmf"))
    clock.run(0.3, voice=True)
    clock.line = None
    clock.run(1.0, voice=False)
    assert clock.taker.settle("我想", clock.line) == []


def test_hotword_plays_on_until_the_word_comes() -> None:
    clock = Clock(TERMS)
    clock.playing(barge_in=BargeIn("hotword"))
    assert [decision for _, decision in clock.run(0.5, voice=True)] == [Decision.OPEN]
    assert clock.taker.hear("等等我看看", clock.line) == []
    assert clock.taker.hear("等等我看看分六期", clock.line) == [Decision.CUT]


def test_a_token_over_the_last_syllables_of_a_question_is_its_answer() -> None:
    clock = Clock(YES_NO)
    clock.playing(remaining=0.5, expects_reply=True)
    clock.run(0.3, voice=True)
    clock.run(1.0, voice=False)
    assert clock.taker.settle("对", clock.line) == [Decision.CUT]


def test_a_line_stays_held_while_a_second_turn_is_open() -> None:
    clock = Clock()
    clock.playing()
    clock.run(0.3, voice=True)
    clock.run(0.5, voice=False)  # closed, words still awaited
    clock.run(0.3, voice=True)  # speaks on
    assert clock.taker.settle("", clock.line) == []
    clock.run(1.0, voice=False)
    assert clock.taker.settle("嗯", clock.line) == [Decision.RESUME]


def test_a_line_waits_for_a_voice_that_was_there_before_it_and_is_not_cut_by_it() -> None:
    clock = Clock()
    clock.run(0.5, voice=True)
    clock.playing(position=0.0)
    assert [decision for _, decision in clock.run(0.5, voice=True)] == [Decision.PAUSE]
    assert clock.taker.hear("是的是的没问题", clock.line) == []
    clock.run(1.0, voice=False)
    assert clock.taker.settle("是的是的没问题", clock.line) == [Decision.RESUME]
