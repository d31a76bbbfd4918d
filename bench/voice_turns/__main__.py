"""Whose turn is it? Our voice session on recordings of people, in virtual time, beside what the peers did.

Usage: python bench/voice_turns [--turns 200] [--dictations 1000] [--data DIR] [--only answers,...] [--each]

Every run gives the same figures. The peers' are those of Pipecat 1.14 and LiveKit Agents 1.8.9 in the same scenarios,
measured in real time with mock engines without delay on a machine of the same kind.
"""

import argparse
import os
import pathlib
import sys
import tempfile
from collections.abc import Sequence

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from dictations import OPEN, dictate, fixed, fixed_with_delay  # noqa: E402 (beside this file, however it was started)
from scenarios import answers, interruptions, noises, second_thoughts, short_words, silences, tokens  # noqa: E402
from surroundings import (  # noqa: E402
    BEHIND,
    Undisturbed,
    answered,
    echoes,
    first_word,
    music,
    over_the_line,
    softer,
    talkers,
    without_end,
)

LOSS = 0.05
Row = tuple[str, str, str, str, str]
SCENARIOS = ("answers", "dictations", "interruptions", "noises", "short", "silence", "loss", "echo", "behind", "talk")


def ms(values: Sequence[float], share: float) -> str:
    return f"{1000 * float(np.percentile(values, share)):.0f}" if values else "-"


def rows_of_answers(data: pathlib.Path, folder: pathlib.Path, options: argparse.Namespace) -> list[Row]:
    turns = answers(data, folder, options.turns)
    short = [turn.delay for turn in turns if turn.kind != "free" and turn.delay is not None]
    free = [turn.delay for turn in turns if turn.kind == "free" and turn.delay is not None]
    early, on = sum(turn.early for turn in turns), sum(turn.pause > 0 for turn in turns)
    slow = sum(turn.delay is None or turn.delay > 1.2 for turn in turns)
    if options.each:
        for turn in turns:
            if turn.early or turn.delay is None or turn.delay > (0.35 if turn.kind != "free" else 1.2):
                print(turn)
    after = second_thoughts(data, folder)
    spoke = sum(turn.early for turn in after)
    return [
        ("short answer, its end → bot's sound: p50 ms", ms(short, 50), "≤ 200", "278", "348"),
        ("… p95 ms", ms(short, 95), "≤ 350", "", ""),
        ("free speech, its end → bot's sound: p50 ms", ms(free, 50), "", "278", "348"),
        ("… p95 ms", ms(free, 95), "", "", ""),
        (f"bot spoke before the true end, of {len(turns)} ({on} go on)", f"{early}", "0", "", ""),
        (f"… before a second thought after a whole answer, of {len(after)}", f"{spoke}", "", "", ""),
        ("turns with more than 1.2 s of added silence", f"{slow}", "0", "1/3 to 1/2 of all", "1/3 to 1/2 of all"),
    ]


def rows_of_dictations(data: pathlib.Path, folder: pathlib.Path, options: argparse.Namespace) -> list[Row]:
    made = dictate(data, folder, options.dictations)
    delays = [one.delay for one in made if one.delay is not None]
    cut, mean = sum(one.cut for one in made), float(np.mean(delays))
    equal, timeout = fixed_with_delay(made, mean)
    usual, _ = fixed(made, 0.8)
    silent = sum(one.delay is None and not one.cut for one in made)
    if options.each:
        for one in made:
            if one.cut or (one.delay or 9) > 1.2:
                print(one)
    return [
        (f"dictated numbers cut off, of {len(made)}", f"{cut}", f"≤ {min(equal, usual) // 10}", "", ""),
        (f"… by a fixed {timeout * 1000:.0f} ms (equal mean delay)", f"{equal}", "", "", ""),
        ("… by a fixed 800 ms", f"{usual}", "", "", ""),
        ("… ours: mean delay ms, not answered in 4 s", f"{1000 * mean:.0f}, {silent}", "", "", ""),
        *rows_of_open_length(data, folder, options.dictations // 4),
    ]


def rows_of_open_length(data: pathlib.Path, folder: pathlib.Path, count: int) -> list[Row]:
    made = dictate(data, folder, count, (OPEN,))
    mean = float(np.mean([one.delay for one in made if one.delay is not None]))
    equal, timeout = fixed_with_delay(made, mean)
    usual, _ = fixed(made, 0.8)
    return [
        (f"figures of unknown number, 7 to 12, cut off, of {count}", f"{sum(one.cut for one in made)}", "", "", ""),
        (f"… by a fixed {timeout * 1000:.0f} ms (equal mean delay); by 800 ms", f"{equal}; {usual}", "", "", ""),
        ("… ours: mean delay ms", f"{1000 * mean:.0f}", "", "", ""),
    ]


def rows_of_interruptions(data: pathlib.Path, folder: pathlib.Path, _: argparse.Namespace) -> list[Row]:
    stops = interruptions(data, folder)
    times = [stop for stop in stops if stop is not None]
    return [
        (
            "real interruptions that stopped the bot",
            f"{len(times)} of {len(stops)}",
            "16 of 16",
            "16 of 16",
            "16 of 16",
        ),
        ("… onset → under -40 dBFS: p50 ms", ms(times, 50), "≤ 200", "344", "545"),
        ("… p95 ms", ms(times, 95), "≤ 300", "", ""),
    ]


def rows_of_noises(data: pathlib.Path, folder: pathlib.Path, options: argparse.Namespace) -> list[Row]:
    heard = noises(data, folder)
    wrong = sum(noise.wrong for noise in heard)
    gaps = [noise.gap for noise in heard if noise.gap]
    if options.each:
        print(*heard, sep="\n")
    return [
        (f"wrong stops for 8 words, 4 keys, 7 bursts ({len(heard)})", f"{wrong}", "≤ 1", "10", "8-9"),
        (f"… it paused for {len(gaps)} of them: p50 ms", ms(gaps, 50), "", "", ""),
        ("… p95 ms", ms(gaps, 95), "", "", ""),
    ]


def rows_of_short(data: pathlib.Path, folder: pathlib.Path, _: argparse.Namespace) -> list[Row]:
    over = tokens(data, folder)
    wrong = sum(noise.wrong for noise in over)
    taken = short_words(data, folder)
    times = [delay for delay in taken if delay is not None]
    return [
        (f"{len(over)} short words over the bot: wrong stops", f"{wrong}", "", "", ""),
        ("… after a question, taken as answers", f"{len(times)} of {len(taken)}", "8 of 8", "", ""),
        ("… their end → bot's sound: p50 ms", ms(times, 50), "≤ 200", "", ""),
    ]


def rows_of_silence(data: pathlib.Path, folder: pathlib.Path, _: argparse.Namespace) -> list[Row]:
    off = silences(folder)
    return [
        ("silence prompt off its setting, ms", f"{1000 * min(off):+.0f} … {1000 * max(off):+.0f}", "± 20", "", ""),
    ]


def rows_of_loss(data: pathlib.Path, folder: pathlib.Path, options: argparse.Namespace) -> list[Row]:
    turns = answers(data, folder, options.turns // 2, LOSS)
    short = [turn.delay for turn in turns if turn.kind != "free" and turn.delay is not None]
    slow = sum(turn.delay is None or turn.delay > 1.2 for turn in turns)
    stops = interruptions(data, folder, LOSS)
    times = [stop for stop in stops if stop is not None]
    off = silences(folder, LOSS)
    if options.each:
        for turn in turns:
            if turn.early or turn.delay is None or turn.delay > 1.2:
                print(turn)
    many, early = len(turns), sum(turn.early for turn in turns)
    return [
        (f"{LOSS:.0%} of the frames lost in bursts: early, over 1.2 s, of {many}", f"{early}, {slow}", "", "", ""),
        ("… short answer, its end → bot's sound: p50, p95 ms", f"{ms(short, 50)}, {ms(short, 95)}", "", "", ""),
        (f"… interruptions that stopped it, of {len(stops)}; p95 ms", f"{len(times)}, {ms(times, 95)}", "", "", ""),
        ("… silence prompt off its setting, ms", f"{1000 * min(off):+.0f} … {1000 * max(off):+.0f}", "± 20", "", ""),
    ]


def undisturbed(found: Sequence[Undisturbed]) -> str:
    gaps = [line.late for line in found if line.gaps or line.late > 0.02]
    whole = f"{len(found) - len(gaps)} of {len(found)}"
    return f"{whole}, else {max(gaps):.2f} s late" if gaps else whole


def rows_of_echo(data: pathlib.Path, folder: pathlib.Path, options: argparse.Namespace) -> list[Row]:
    alone, stops = echoes(data, folder)
    times = [stop for stop in stops if stop is not None]
    if options.each:
        print(*alone, *stops, sep="\n")
    return [
        ("the bot's own echo, −12 … −30 dB, 50 … 500 ms: its line was undisturbed", undisturbed(alone), "", "", ""),
        (f"… a person over it stopped the bot, of {len(stops)}", f"{len(times)}", "", "", ""),
        ("… onset → quiet: p50, p95 ms", f"{ms(times, 50)}, {ms(times, 95)}", "", "", ""),
    ]


def rows_of_behind(data: pathlib.Path, folder: pathlib.Path, options: argparse.Namespace) -> list[Row]:
    held = over_the_line(data, folder, talkers(data))
    played = [over_the_line(data, folder, [softer(music(14.0), db)])[0] for db in (0, 10, 20)]
    calls = answered(data, folder)
    first = [call[0] for call in calls]
    later = [delay for call in calls for delay in call[1:]]
    taken = [delay for delay in later if delay is not None]
    if options.each:
        print(*held, *played, *calls, sep="\n")
    levels = ", ".join(f"−{db}" for db in BEHIND)
    return [
        (
            f"somebody talks behind the caller ({levels} dB): the bot's line was undisturbed",
            undisturbed(held),
            "",
            "",
            "",
        ),
        ("… first answer → bot's sound: p50 ms", ms([delay for delay in first if delay is not None], 50), "", "", ""),
        (f"… later answers taken, of {len(later)}", f"{len(taken)}", "", "", ""),
        ("… their end → bot's sound: p50, p95 ms", f"{ms(taken, 50)}, {ms(taken, 95)}", "", "", ""),
        (
            "music on hold (as loud as speech, −10, −20 dB): the bot's line was undisturbed",
            undisturbed(played),
            "",
            "",
            "",
        ),
    ]


def rows_of_talk(data: pathlib.Path, folder: pathlib.Path, _: argparse.Namespace) -> list[Row]:
    hellos = first_word(data, folder)
    whole = sum(heard == 1.0 for _, heard in hellos)
    turn = without_end(data, folder)
    return [
        (
            "the caller says hello into the bot's first breath: its line was heard whole",
            f"{whole} of {len(hellos)}",
            "",
            "",
            "",
        ),
        ("… it goes on after the hello, p50 ms", ms([after for after, _ in hellos], 50), "", "", ""),
        ("somebody talks for 45 s: they are answered after, s", "-" if turn is None else f"{turn:.1f}", "", "", ""),
    ]


MEASURES = dict(
    zip(
        SCENARIOS,
        (
            rows_of_answers,
            rows_of_dictations,
            rows_of_interruptions,
            rows_of_noises,
            rows_of_short,
            rows_of_silence,
            rows_of_loss,
            rows_of_echo,
            rows_of_behind,
            rows_of_talk,
        ),
        strict=True,
    )
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--dictations", type=int, default=1000)
    parser.add_argument("--only", default=",".join(SCENARIOS))
    parser.add_argument("--each", action="store_true", help="print what missed, one by one")
    default = os.environ.get("HUASHU_TEST_DATA", HERE.parent.parent.parent / "shared/data")
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(default))
    options = parser.parse_args()
    if not (options.data / "voice_bench").is_dir():
        sys.exit(f"no recordings in {options.data}; give --data")
    print("| | ours | promise | Pipecat | LiveKit |\n|---|---|---|---|---|")
    for name in options.only.split(","):
        with tempfile.TemporaryDirectory() as folder:
            for row in MEASURES[name](options.data, pathlib.Path(folder), options):
                print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    main()
