"""The ledger by words: what had been said when a line was cut, by the times that the voice tells."""

from collections.abc import Iterator

import numpy as np
import pytest

from huashu.core.actions import Say
from huashu.core.audio import Audio, Timing
from huashu.tts.engine import Capabilities, Utterance
from huashu.tts.registry import open_voice
from huashu.tts.timing import written
from huashu.values.pronouncing import Pronouncer
from huashu.voice.playback import Playback
from huashu.voice.render import Renderer
from tests.voice.voice_fakes import RATE, tone

pytestmark = pytest.mark.audio


class UnevenVoice:
    """Its first word takes 1.5 s, all others 0.1 s: nothing that could be told by the length of the text."""

    capabilities = Capabilities("uneven", ("zh", "en"), 16000, streaming=True, timings=True)

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        lengths = [0.1 if number else 1.5 for number, _ in enumerate(written(utterance.text))]
        timings = tuple(
            Timing(sum(lengths[:number]), "word", word, start)
            for number, (start, word) in enumerate(written(utterance.text))
        )
        sound = tone(150, sum(lengths), rate=16000, level=0.2)
        for start in range(0, len(sound), 3200):
            yield Audio(sound[start : start + 3200], 16000, () if start else timings)


def heard(text: str, seconds: float, **options: object) -> str:
    playback = Playback(Renderer(UnevenVoice(), rate=RATE, inline=True, **options), rate=RATE)  # type: ignore[arg-type]
    playback.add(Say("1.1", text))
    for _ in range(round(seconds * 50)):
        playback.frame()
    playback.cut()
    return playback.ledger[0].heard


def test_a_cut_line_counts_as_heard_up_to_the_word_that_was_being_said() -> None:
    text = "您好这是账单"
    assert heard(text, 0.5) == ""
    assert heard(text, 1.4) == "您"
    assert heard(text, 1.6) == "您好"
    assert heard(text, 1.8) == "您好这是"
    assert heard("Welcome to the bank", 1.58) == "Welcome to"


def test_words_that_are_said_otherwise_are_counted_in_the_line_s_own_characters() -> None:
    pronounce = {"zh-CN": {"行长": "háng zhǎng", "Huashu": "话术话术话"}}
    assert heard("用Huashu找行长吧", 1.75, pronounce=pronounce) == "用Hua"  # half of the respelt word
    assert heard("用Huashu找行长吧", 2.1, pronounce=pronounce) == "用Huashu找"


def test_kept_lines_know_their_words() -> None:
    renderer = Renderer(UnevenVoice(), rate=RATE, inline=True)
    fresh, kept = (renderer.render(Say("1", "您好这是账单")).chunks for _ in range(2))
    assert fresh == kept
    assert [chunk.upto for chunk in kept][-1] == 6
    assert sorted({chunk.upto for chunk in kept}) == [1, 2, 3, 4, 5, 6]


def test_places_of_a_respelt_text() -> None:
    spoken, place = Pronouncer({"行长": "航掌号", "b": "x"}).aligned("a行长行长 b!")
    assert spoken == "a航掌号航掌号 x!"
    assert [place(at) for at in range(len(spoken) + 1)] == [0, 1, 1, 1, 3, 3, 3, 5, 6, 7, 8]
    spoken, place = Pronouncer({}).aligned("abc")
    assert [spoken, place(0), place(3)] == ["abc", 0, 3]


def test_espeak_s_words_are_where_their_sound_is() -> None:
    pytest.importorskip("espeakng_loader", reason="the extra `espeak` is not installed")
    renderer = Renderer(open_voice("espeak"), rate=RATE, inline=True)
    text = "您好，我是小艾。这是您的账单。"
    rendering = renderer.render(Say("1", text))
    uptos = [chunk.upto for chunk in rendering.chunks]
    assert uptos == sorted(uptos)
    assert uptos[-1] == len(text)
    assert len(set(uptos)) >= 11
    sound = np.frombuffer(b"".join(chunk.pcm for chunk in rendering.chunks), "<i2").astype(float)
    at = sum(len(chunk.pcm) for chunk in rendering.chunks if chunk.upto <= 8) // 2
    before, after = sound[at - 400 : at], sound[at : at + 1600]
    assert np.sqrt((before**2).mean()) < 0.2 * np.sqrt((after**2).mean()), "quiet before the second sentence"


def test_a_voice_that_the_engine_does_not_have_is_replaced_by_its_own(caplog: pytest.LogCaptureFixture) -> None:
    pytest.importorskip("espeakng_loader", reason="the extra `espeak` is not installed")
    renderer = Renderer(open_voice("espeak"), rate=RATE, inline=True)
    for number, voice in enumerate(("xiaoyan", "xiaoyan", "espeak", "cmn+f2")):
        rendering = renderer.render(Say(f"{number}", "您好。", voice=voice, fixed=False))
        assert rendering.size > RATE
        assert not rendering.failed
    assert [record.message for record in caplog.records if "voice" in record.message] == [
        "the script's voice is none of espeak's, which uses its own"
    ]
