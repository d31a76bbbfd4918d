"""What a call sounds like, measured from its recording alone: a stereo WAV, the caller left, the bot right.

Times of answers, interruptions and silence prompts, overlaps, levels, clipping, gaps and cut beginnings or ends. No
event list, ledger or log is believed: everything here comes from the samples.

Usage: python bench/listen.py CALL.wav … [--silence 6,5,5]
       python bench/listen.py --hold people|silent|coughs|over [--calls 12] [--realtime] [--keep DIR]
"""

import argparse
import asyncio
import itertools
import json
import os
import pathlib
import shutil
import sys
import tempfile
import wave
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

ROOT = pathlib.Path(__file__).resolve().parent.parent
COFFEE = ROOT / "tests" / "bots" / "coffee_en"
Sound = NDArray[np.float64]

STEP = 0.005
"""Seconds of a measuring frame: every time below is exact to this."""
AUDIBLE = -40.0
"""dBFS at which the bot counts as still speaking."""
PAUSE = 0.35
"""Seconds of quiet that part two stretches of speech."""
BURST = 10.0
"""dB that sound stands over its line's -50 dBFS floor within one step where a start or end was cut."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Speech from `start` to `end`, in seconds."""

    start: float
    end: float


@dataclass(slots=True)
class Figures:
    """Seconds (or dB) of every occurrence in one or more calls."""

    first_sound: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    stops: list[float] = field(default_factory=list)
    prompts: list[float] = field(default_factory=list)
    overlaps: list[float] = field(default_factory=list)
    levels: list[float] = field(default_factory=list)
    gaps: list[float] = field(default_factory=list)
    clipped: int = 0
    hard_starts: int = 0
    hard_ends: int = 0
    clicks: int = 0
    tail: list[float] = field(default_factory=list)


def read(path: pathlib.Path) -> tuple[Sound, Sound, int]:
    """(caller, bot, rate) with samples from -1 to 1."""
    with wave.open(str(path)) as file:
        if file.getnchannels() != 2 or file.getsampwidth() != 2:
            sys.exit(f"{path} is not a stereo recording of 16 bits")
        rate = file.getframerate()
        both = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2) / 32768.0
    return both[:, 0], both[:, 1], rate


def levels(sound: Sound, rate: int) -> Sound:
    """dBFS (root mean square) of each step."""
    size = round(rate * STEP)
    frames = sound[: len(sound) // size * size].reshape(-1, size)
    return np.asarray(10 * np.log10(np.maximum((frames**2).mean(axis=1), 1e-12)))


def stretches(level: Sound, over: float, *, pause: float = PAUSE, least: float = 0.06) -> list[Stretch]:
    """Where the level is over `over` dB, joined over pauses; stretches shorter than `least` are clicks and left out."""
    loud = np.flatnonzero(level > over)
    if not len(loud):
        return []
    breaks = np.flatnonzero(np.diff(loud) > pause / STEP)
    starts = [loud[0], *loud[breaks + 1]]
    ends = [*loud[breaks], loud[-1]]
    found = (Stretch(start * STEP, (end + 1) * STEP) for start, end in zip(starts, ends, strict=True))
    return [stretch for stretch in found if stretch.end - stretch.start >= least]


def speech_of(sound: Sound, rate: int) -> list[Stretch]:
    """A caller's speech: within 30 dB of its loudest, so that room noise does not count."""
    level = levels(sound, rate)
    return stretches(level, max(-55.0, float(level.max(initial=-120.0)) - 30.0), pause=0.6)


def measure(path: pathlib.Path, silence: Sequence[float], into: Figures) -> list[str]:
    """Add one call's figures; a line for each finding worth a look."""
    caller, bot, rate = read(path)
    level = levels(bot, rate)
    spoken, said = stretches(level, -50.0), speech_of(caller, rate)
    notes: list[str] = []
    if spoken:
        into.first_sound.append(spoken[0].start)
        into.tail.append(len(bot) / rate - spoken[-1].end)
    for turn in said:
        talking = next((line for line in spoken if line.start < turn.start < line.end), None)
        after = next((line for line in spoken if line.start >= turn.end), None)
        if talking is not None:
            into.stops.append(talking.end - turn.start)
            into.overlaps.append(min(talking.end, turn.end) - turn.start)
        later = next((other.start for other in said if other.start > turn.end), float("inf"))
        if after is not None and after.start < later:
            into.answers.append(after.start - turn.end)
            if after.start - turn.end > 1.5:
                notes.append(f"{path.name}: {after.start - turn.end:.2f} s to answer at {turn.end:.2f}")
    for before, line in itertools.pairwise(spoken):
        quiet = line.start - before.end
        if silence and not any(turn.start < line.start and turn.end > before.end for turn in said) and quiet > 2.0:
            into.prompts.append(min((quiet - setting for setting in silence), key=abs))
    for line in spoken:
        _line(bot, level, rate, line, into)
    into.clipped += int((np.abs(bot) >= 32767 / 32768).sum())
    return notes


def _line(bot: Sound, level: Sound, rate: int, line: Stretch, into: Figures) -> None:
    first, last = round(line.start / STEP), round(line.end / STEP)
    inside = level[first:last]
    into.levels.append(float(10 * np.log10((10 ** (inside[inside > AUDIBLE - 10] / 10)).mean())))
    into.gaps += [part[1] for part in _gaps(inside) if part[1] > 0.2]
    # A natural start rises over tens of milliseconds; one that was cut stands at full level against digital silence.
    edges = ((first, first - 2, into), (last - 1, last + 1, into))
    for number, (inner, outer, _) in enumerate(edges):
        if 0 <= outer < len(level) and level[outer] < -90 and level[inner] > -50 + 3 * BURST:
            if number == 0:
                into.hard_starts += 1
            else:
                into.hard_ends += 1
    into.clicks += clicks(bot[round(line.start * rate) - 80 : round(line.end * rate) + 80])


def _gaps(level: Sound) -> Iterator[tuple[float, float]]:
    """(where, how long) the sound is off inside a line."""
    quiet = np.flatnonzero(level <= -50.0)
    if len(quiet):
        for part in np.split(quiet, np.flatnonzero(np.diff(quiet) > 1) + 1):
            yield float(part[0] * STEP), len(part) * STEP


def clicks(sound: Sound) -> int:
    """Steps of more than 5 % of full scale to or from exact digital silence of 5 ms."""
    found = 0
    zero = sound == 0.0
    run = 40
    edges = np.flatnonzero(np.diff(zero.astype(np.int8)))
    for edge in edges:
        if zero[edge]:  # silence, then sound
            found += bool(edge + 1 >= run and zero[edge + 1 - run : edge + 1].all() and abs(sound[edge + 1]) > 0.05)
        else:
            found += bool(zero[edge + 1 : edge + 1 + run].all() and edge + run < len(zero) and abs(sound[edge]) > 0.05)
    return found


def show(figures: Figures, calls: int) -> None:
    print(f"{calls} calls")
    rows = {
        "first bot sound, s of call": figures.first_sound,
        "caller's end → bot, s": figures.answers,
        "caller's onset over the bot → quiet, s": figures.stops,
        "overlap, s": figures.overlaps,
        "silence prompt − setting, s": figures.prompts,
        "level of a bot line, dBFS": figures.levels,
        "gap inside a bot line, s": figures.gaps,
        "quiet after the last bot sound, s": figures.tail,
    }
    for name, values in rows.items():
        if values:
            p50, p95 = np.percentile(values, [50, 95])
            print(f"  {name:40} n {len(values):4}  min {min(values):7.3f}  p50 {p50:7.3f}  p95 {p95:7.3f}", end="")
            print(f"  max {max(values):7.3f}")
    print(f"  samples at full scale {figures.clipped}, hard starts {figures.hard_starts}, hard ends", end=" ")
    print(f"{figures.hard_ends}, clicks {figures.clicks}")


# --- calls to listen to -----------------------------------------------------------------------------------------------


def write_wav(path: pathlib.Path, sound: Sound, rate: int = 8000) -> None:
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())


def coughs(seconds: float, at: Sequence[float], rate: int = 8000) -> Sound:
    """Noise bursts of 0.25 s with a sharp start and a falling end, on a quiet line."""
    rng = np.random.default_rng(7)
    sound = rng.normal(0.0, 0.0003, round(seconds * rate))
    for start in at:
        n = round(0.25 * rate)
        shape = np.exp(-np.arange(n) / (0.08 * rate))
        sound[round(start * rate) : round(start * rate) + n] += rng.normal(0.0, 0.25, n) * shape
    return np.asarray(sound)


def human_callers(data: pathlib.Path, folder: pathlib.Path, calls: int) -> Iterator[pathlib.Path]:
    """Folders of one caller's utterances each: an order by a person, then "no" if nothing special is in it, then
    "tomorrow" and "no"."""
    speech = data / "speech_en"
    if not speech.is_dir():
        sys.exit(f"no recordings in {speech}; give --data")
    prompts = speech / "asterisk_prompts" / "wav"
    rows = (speech / "coffee_commands" / "transcripts.tsv").read_text(encoding="utf-8").splitlines()[1:]
    orders = [(file, json.loads(label)["slots"]) for file, label, *_ in (row.split("\t") for row in rows)]
    whole = [(file, slots) for file, slots in orders if {"coffeeDrink", "size"} <= slots.keys()]
    for number, (file, slots) in enumerate(whole[:calls]):
        place = folder / f"caller{number:02}"
        place.mkdir()
        says = [speech / "coffee_commands" / "wav" / file, *([prompts / "vm-no.wav"] if len(slots) == 2 else [])]
        says += [prompts / "digits" / "tomorrow.wav", prompts / "vm-no.wav"]
        for turn, path in enumerate(says):
            shutil.copy(path, place / f"{turn}.wav")
        yield place


def over_callers(data: pathlib.Path, folder: pathlib.Path, calls: int) -> Iterator[pathlib.Path]:
    """One WAV each: an order by a person begun at another instant of the bot's first lines."""
    from huashu.voice.render import read_wav

    order = sorted((data / "speech_en" / "coffee_commands" / "wav").glob("*.wav"))[0]
    sound = np.frombuffer(read_wav(order, 8000), "<i2") / 32768.0
    for number in range(calls):
        path = folder / f"over{number:02}.wav"
        write_wav(path, np.concatenate([np.zeros(round((0.3 + number * 0.13) * 8000)), sound]))
        yield path


def hold(kind: str, options: argparse.Namespace, folder: pathlib.Path) -> list[pathlib.Path]:
    """Recordings of calls held with the coffee bot."""
    from huashu.asr.registry import open_recogniser
    from huashu.runtime.bot import load_bot
    from huashu.tts.registry import open_voice
    from huashu.voice.call import run_call

    callers: list[pathlib.Path]
    if kind == "people":
        callers = list(human_callers(options.data, folder, options.calls))
    elif kind == "over":
        callers = list(over_callers(options.data, folder, options.calls))
    else:
        at = [8.0, 16.0, 22.0] if kind == "coughs" else []
        write_wav(folder / f"{kind}.in.wav", coughs(60.0, at))
        callers = [folder / f"{kind}.in.wav"]
    bot, recogniser, voice = load_bot(COFFEE), open_recogniser("pocketsphinx", rate=8000), open_voice("espeak")
    made = []
    for number, caller in enumerate(callers):
        path = (options.keep or folder) / f"{kind}{number:02}.wav"
        path.parent.mkdir(parents=True, exist_ok=True)
        asyncio.run(run_call(bot, caller, recogniser=recogniser, voice=voice, record=path, realtime=options.realtime))
        made.append(path)
    return made


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("recordings", nargs="*", type=pathlib.Path)
    parser.add_argument("--silence", default="6,5,5", help="the bot's silence settings, seconds")
    parser.add_argument("--hold", choices=["people", "silent", "coughs", "over"])
    parser.add_argument("--calls", type=int, default=12)
    parser.add_argument("--realtime", action="store_true")
    parser.add_argument("--keep", type=pathlib.Path)
    default = os.environ.get("HUASHU_TEST_DATA", ROOT.parent / "shared/data")
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(default))
    options = parser.parse_args()
    silence = [float(part) for part in options.silence.split(",") if part]
    with tempfile.TemporaryDirectory() as name:
        paths = list(options.recordings)
        if options.hold:
            paths += hold(options.hold, options, pathlib.Path(name))
        figures = Figures()
        for path in paths:
            for note in measure(path, silence, figures):
                print(note)
        show(figures, len(paths))


if __name__ == "__main__":
    main()
