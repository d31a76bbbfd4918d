"""Whether the recording that answered a call is played again; people never say a thing twice with the same waves."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.voice import g711
from huashu.voice.render import read_wav
from huashu.voice.repetition import Repetition
from huashu.voice.vad import CallVad, Detector, shared_model

pytestmark = pytest.mark.audio
RATE = 8000
Sound = NDArray[np.float64]


def hum(seconds: float, seed: int) -> Sound:
    """Sound whose level changes as that of syllables does, another with each seed."""
    rng = np.random.default_rng(seed)
    count = round(seconds * RATE)
    levels = np.repeat(rng.uniform(0.2, 1.0, count // 1200 + 1), 1200)[:count]
    return 4000 * levels * rng.normal(0.0, 1.0, count)


def pause(seconds: float) -> Sound:
    return np.zeros(round(seconds * RATE))


def tone(seconds: float) -> Sound:
    return 8000 * np.sin(2 * np.pi * 700 * np.arange(round(seconds * RATE)) / RATE)


class Loud:
    """Voice is where it is loud."""

    def feed(self, frame: NDArray[np.int16]) -> bool:
        return float(np.sqrt(np.mean(frame.astype(float) ** 2))) > 400

    def close(self) -> None:
        pass


def told(*parts: Sound, own: bool = False, detector: Detector | None = None) -> float | None:
    """The second at which it was told, of a line with some noise, in µ-law."""
    detector = detector or Loud()
    whole = np.concatenate(parts)
    whole = whole + np.random.default_rng(7).normal(0.0, 32768 * 10 ** (-60 / 20), len(whole))
    pcm = np.clip(whole, -32768, 32767).astype("<i2").tobytes()
    line = np.frombuffer(g711.ulaw_decode(g711.ulaw_encode(pcm)), "<i2")
    repetition = Repetition(RATE)
    for at in range(0, len(line) - 159, 160):
        frame = line[at : at + 160]
        if repetition.feed(frame, voice=detector.feed(frame), own=own):
            break
    else:
        return None
    detector.close()
    return at / RATE


@pytest.mark.parametrize("gap", [0.5, 1.313, 4.0])
def test_what_is_played_again_is_known_by_its_first_second(gap: float) -> None:
    line = hum(3.0, seed=1)
    at = told(pause(0.4), line, pause(gap), line)
    assert at is not None
    assert 0.3 <= at - (3.4 + gap) <= 1.4


def test_what_is_like_it_is_not_it() -> None:
    assert told(hum(3.0, seed=1), pause(1.5), hum(3.0, seed=2)) is None
    assert told(tone(2.0), pause(1.5), tone(2.0)) is None, "a tone is like every other"


def test_only_what_was_said_first_counts() -> None:
    held = hum(3.0, seed=1)
    assert told(hum(0.8, seed=2), pause(1.5), held, pause(1.5), held) is None, "somebody answered and then left"
    assert told(hum(0.8, seed=2), pause(0.5), held, pause(1.5), held) is not None, "a machine with a greeting"


def test_the_bots_own_line_that_comes_back_twice_is_nobodys() -> None:
    line = hum(3.0, seed=1)
    assert told(line, pause(1.5), line, own=True) is None


def test_a_rate_of_16000_is_heard_like_8000() -> None:
    line = np.repeat(hum(2.0, seed=1), 2)
    wide = np.concatenate((line, pause(2.0), line)).astype("<i2")
    repetition = Repetition(16000)
    found = [
        repetition.feed(wide[at : at + 320], voice=bool(wide[at : at + 320].any()), own=False)
        for at in range(0, len(wide), 320)
    ]
    assert any(found)


def silero() -> Detector:
    return CallVad(shared_model(RATE))


Takes = dict[str, list[Sound]]


def counting(data: Path) -> Iterator[Takes]:
    """Of each speaker: every digit they have recorded twice, as often as it is there."""
    folder = data / "speech_en" / "fsdd_digits"
    if not folder.is_dir():
        pytest.skip("no speech_en/fsdd_digits in HUASHU_TEST_DATA")
    speakers: defaultdict[str, defaultdict[str, list[Sound]]] = defaultdict(lambda: defaultdict(list))
    with (folder / "transcripts.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            sound = np.frombuffer(read_wav(folder / "wav" / row["file"], RATE), "<i2").astype(float)
            loud = np.flatnonzero(np.abs(sound) > 0.1 * np.abs(sound).max())
            speakers[row["speaker"]][row["text"]].append(sound[loud[0] : loud[-1]])
    for takes in speakers.values():
        yield {word: sounds for word, sounds in takes.items() if len(sounds) > 1}


def test_people_who_say_the_same_again_are_people_and_recordings_of_them_are_not(data: Path) -> None:
    people = machines = calls = 0
    for takes in counting(data):
        words = list(takes.values())
        for number in range(len(words) - 3):
            first, second = (np.concatenate([word[take] for word in words[number : number + 4]]) for take in (0, 1))
            calls += 1
            people += told(pause(0.4), first, pause(1.2), second, detector=silero()) is not None
            machines += told(pause(0.4), first, pause(1.2), first, detector=silero()) is not None
    assert calls >= 15
    assert people == 0
    assert machines >= calls - 2, "0.6 s of voice without a pause are needed"
