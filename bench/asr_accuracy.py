"""How much of real human recordings PocketSphinx reads right.

    python bench/asr_accuracy.py [--each] [--every N] [--rate 8000|16000] [SET ...]

Every recording goes through the recogniser's stream in 60 ms pieces, as in a call. The recordings are not in the
repository: HUASHU_TEST_DATA and HUASHU_TEST_MODELS say where they are. Sets:

    coffee    free-form English orders against the word pairs of the published example sentences; right = all slots
    prompts   8 kHz English prompts: all texts in one list
    days      short answers of the same speaker in lists of the size a step has
    digits    single English digits, 8 kHz, six speakers
    dictation English sentences with a Chinese accent; word error rate
    zh        Mandarin sentences (AISHELL-1 and -3): all texts in one list
    zh-small  the same in lists of 25
    zh-words  isolated Mandarin words (MP3, needs PyAV): lists of 10
    phones    dictated Mandarin telephone numbers
    outside-en, outside-zh
              recordings whose text is not in the list: share that is refused
"""

import argparse
import json
import os
import random
import re
import time
import wave
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soxr

from huashu.asr.grammar import spoken_text
from huashu.asr.sphinx import SphinxRecogniser
from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.core.language import is_chinese

HERE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("HUASHU_TEST_DATA") or HERE.parent / "shared" / "data")
WEIGHTS = Path(os.environ.get("HUASHU_TEST_MODELS") or HERE.parent / "shared" / "models")


@dataclass(frozen=True)
class Clip:
    path: Path
    text: str
    slots: dict[str, str] = field(default_factory=dict)


def rows(folder: str) -> Iterator[tuple[Path, list[str]]]:
    base = DATA / folder
    lines = (base / "transcripts.tsv").read_text(encoding="utf-8").splitlines()[1:]
    sound = "mp3" if (base / "mp3").is_dir() else "wav"
    for line in lines:
        cells = line.split("\t")
        yield base / sound / cells[0], cells[1:]


def clips(folder: str, language: str) -> list[Clip]:
    """Recordings with a text in plain words."""
    found = []
    for path, cells in rows(folder):
        if len(cells) > 2 and cells[2] == "sound":
            continue
        foreign = r"[A-Za-z]" if language == "zh" else r"[\d\[<*]"
        if not re.search(foreign, cells[0]) and spoken_text(cells[0], language):
            found.append(Clip(path, spoken_text(cells[0], language)))
    return found


def sound(path: Path, to: int) -> bytes:
    """16-bit mono at `to` samples a second; 8000 is what a telephone line would bring."""
    if path.suffix == ".mp3":
        import av

        with av.open(str(path)) as container:
            frames = av.AudioResampler(format="s16", layout="mono", rate=44100)
            pieces = [out.to_ndarray()[0] for frame in container.decode(audio=0) for out in frames.resample(frame)]
        samples, rate = np.concatenate(pieces), 44100
    else:
        with wave.open(str(path)) as file:
            rate = file.getframerate()
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)[:: file.getnchannels()]
    if rate != to:
        samples = np.clip(soxr.resample(samples.astype(np.float32), rate, to), -32768, 32767).astype(np.int16)
    return samples.tobytes()


class Ear:
    """The recogniser, and what it cost."""

    def __init__(self, rate: int, *, dictation: bool = True) -> None:
        self.rate = rate
        self.recogniser = SphinxRecogniser(WEIGHTS / "pocketsphinx-zh-tdt-8k", rate=rate, dictation=dictation)
        self.seconds = self.cpu = 0.0
        self.late: list[float] = []

    def hear(self, clip: Clip, expect: Expectation) -> Heard:
        pcm = sound(clip.path, self.rate)
        self.seconds += len(pcm) / 2 / self.rate
        start = time.process_time()
        stream = self.recogniser.stream(expect, expect.language)
        step = self.rate * 60 // 1000 * 2
        for at in range(0, len(pcm), step):
            stream.accept(pcm[at : at + step])
        ended = time.perf_counter()
        heard = stream.finish()
        self.late.append(time.perf_counter() - ended)
        self.cpu += time.process_time() - start
        return heard


def expectation(phrases: Sequence[str], language: str, kind: str = "choice", value: str | None = None) -> Expectation:
    return Expectation(step="bench", kind=kind, phrases=tuple(phrases), language=language, type=value)  # type: ignore[arg-type]


def lists(found: Sequence[Clip], size: int, language: str) -> Iterator[tuple[Clip, Expectation]]:
    """Each clip with a list of `size` texts, its own among them."""
    chance = random.Random(7)
    texts = sorted({clip.text for clip in found})
    for clip in found:
        others = [text for text in chance.sample(texts, min(size, len(texts))) if text != clip.text]
        yield clip, expectation([clip.text, *others[: size - 1]], language)


def coffee() -> Iterator[tuple[Clip, Expectation]]:
    base = DATA / "speech_en" / "coffee_commands"
    examples = [line for line in (base / "grammar" / "corpus.txt").read_text().splitlines() if line.strip()]
    expect = expectation(examples, "en-US", kind="free")
    for path, cells in rows("speech_en/coffee_commands"):
        slots = {name: " ".join(value.split()) for name, value in json.loads(cells[0])["slots"].items()}
        yield Clip(path, "", slots), expect


def ordered(heard: str, slots: dict[str, str]) -> bool:
    """All slot values said, and no slot that was not ordered."""
    marks = {
        "roast": ("roast",), "numberOfShots": ("shot",), "size": ("ounce", "small", "large"),
        "milkAmount": ("milk", "cream"), "sugarAmount": ("sugar", "sweetener"),
    }  # fmt: skip
    extra = any(mark in heard.split() for name, all_marks in marks.items() if name not in slots for mark in all_marks)
    return not extra and all(f" {value} " in f" {heard} " for value in slots.values())


def listed(folder: str, language: str, keep: Callable[[Clip], bool] = lambda clip: True) -> list[Clip]:
    return [clip for clip in clips(folder, language) if keep(clip)]


def mandarin() -> list[Clip]:
    numbers = set("零一二三四五六七八九幺")
    found = [*clips("speech_zh/aishell1_sample", "zh"), *clips("speech_zh/aishell3_sample", "zh")]
    return [clip for clip in found if not set(clip.text) <= numbers]


def one_list(found: Sequence[Clip], language: str) -> Iterator[tuple[Clip, Expectation]]:
    expect = expectation(sorted({clip.text for clip in found}), language)
    return ((clip, expect) for clip in found)


def outside(found: Sequence[Clip], language: str) -> Iterator[tuple[Clip, Expectation]]:
    """Each clip with a list of 25 that has everything but its own text."""
    for clip, expect in lists(found, 26, language):
        yield clip, expectation([text for text in expect.phrases if text != clip.text], language)


def phone_numbers() -> Iterator[tuple[Clip, Expectation]]:
    numbers = set("零一二三四五六七八九幺")
    for clip in clips("speech_zh/aishell1_sample", "zh"):
        if set(clip.text) <= numbers:
            yield clip, expectation((), "zh-CN", kind="value", value="phone")


def short_answers() -> list[Clip]:
    return listed("speech_en/asterisk_prompts", "en", lambda clip: len(clip.text.split()) <= 3)


SETS: dict[str, Callable[[], Iterator[tuple[Clip, Expectation]]]] = {
    "coffee": coffee,
    "prompts": lambda: one_list(clips("speech_en/asterisk_prompts", "en"), "en-US"),
    "days": lambda: lists(short_answers(), 10, "en-US"),
    "digits": lambda: one_list(clips("speech_en/fsdd_digits", "en"), "en-US"),
    "dictation": lambda: (
        (clip, Expectation(step="", language="en")) for clip in clips("speech_en/speechocean762", "en")
    ),
    "zh": lambda: one_list(mandarin(), "zh-CN"),
    "zh-small": lambda: lists(mandarin(), 25, "zh-CN"),
    "zh-words": lambda: lists(clips("speech_zh/words_hsk", "zh"), 10, "zh-CN"),
    "phones": phone_numbers,
    "outside-en": lambda: outside(clips("speech_en/asterisk_prompts", "en"), "en-US"),
    "outside-zh": lambda: outside(mandarin(), "zh-CN"),
}


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words to change, add or drop (Levenshtein 1966)."""
    line = list(range(len(heard) + 1))
    for row, word in enumerate(said, 1):
        before, line[0] = line[0], row
        for column, other in enumerate(heard, 1):
            before, line[column] = line[column], min(line[column] + 1, line[column - 1] + 1, before + (word != other))
    return line[-1]


def measure(name: str, every: int, each: bool, rate: int) -> None:
    ear = Ear(rate, dictation=not name.startswith("outside"))
    right = wrong = total = units = 0
    for number, (clip, expect) in enumerate(SETS[name]()):
        if number % every:
            continue
        heard = ear.hear(clip, expect)
        if name.startswith("outside"):
            good = not heard.text
        elif clip.slots:
            good = ordered(heard.text, clip.slots)
        else:
            good = heard.text == clip.text
        cut = list if is_chinese(expect.language) else str.split
        wrong += errors(cut(clip.text), cut(heard.text))
        units += len(cut(clip.text))
        right += good
        total += 1
        if each:
            said = clip.text or " ".join(clip.slots.values())
            verdict = "right" if good else "WRONG"
            print(f"  {verdict} {clip.path.name} {heard.confidence:.2f} {said} | {heard.text}", flush=True)
    late = sorted(ear.late)
    error = f"  word/character errors {wrong / units:.1%}" if units and not name.startswith("outside") else ""
    print(
        f"{name:10}  {right} of {total} right ({right / max(1, total):.1%}){error}"
        f"  CPU {ear.cpu / ear.seconds:.3f} x real time,"
        f" final after {late[len(late) // 2] * 1000:.0f} ms p50, {late[int(len(late) * 0.95)] * 1000:.0f} ms p95",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sets", nargs="*", help="default: all")
    parser.add_argument("--every", type=int, default=1, help="only each n-th recording")
    parser.add_argument("--rate", type=int, default=8000, help="8000 (a telephone line) or 16000")
    parser.add_argument("--each", action="store_true", help="a line per recording")
    args = parser.parse_args()
    unknown = [name for name in args.sets if name not in SETS]
    if unknown:
        parser.error(f"unknown set {unknown[0]!r}; sets: {', '.join(SETS)}")
    for name in args.sets or SETS:
        measure(name, args.every, args.each, args.rate)


if __name__ == "__main__":
    main()
