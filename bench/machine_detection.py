"""Who answers an outbound call: machines found, people hung up on, people left uncertain.

    python bench/machine_detection.py [--choose | --again | --oracle] [--only machine|person] [--keep FILE] [--data DIR]

Every row is a whole call in virtual time: µ-law at 8 kHz, the bot greets at once, pocketsphinx listens for what
machines say and writes down what it can (it gets every third word wrong), the line stays open 26 s, so that what is
told too late counts as well.

Machines: the prompts of a telephone exchange, one professional voice (speech_en/asterisk_prompts): those marked as what
is heard when nobody answers, the same put together as an exchange plays them, and every other prompt of 2.5 to 8 s.
People: read sentences, orders in free speech, and single words, none of which is a greeting; all that makes them people
is how they speak and wait, and that no machine says such words. `--choose` runs the other half of the speakers, and
announcements written here in the voices of espeak, which pocketsphinx understands badly. `--oracle` asks what the words
alone would convict of, if each recording were heard as it was spoken: what is missing there is not the ears' fault.
`--again` runs what says the same twice: the marked lines as carriers play them, over and over, and people who say a
word again (other recordings of it). `--keep` writes each call's outcome to a file as it comes and takes what is there
already from it, so that a long run can be broken off; delete the file when the code has changed.
"""

import argparse
import asyncio
import csv
import hashlib
import json
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import numpy as np

from huashu.asr.grammar import spoken_text
from huashu.asr.sphinx import SphinxRecogniser
from huashu.core.events import FaqHit, Heard, MachineDetected, Started, Understood
from huashu.core.expect import Expectation
from huashu.flows.loader import load
from huashu.nlu.engine import Capabilities
from huashu.runtime.bot import Bot
from huashu.tts.engine import Utterance
from huashu.tts.registry import open_voice
from huashu.voice import g711, likeness
from huashu.voice.answer import USUAL
from huashu.voice.cues import evidence
from huashu.voice.render import read_wav
from huashu.voice.resample import Resampler
from huashu.voice.session import VoiceSession

RATE, FRAME = 8000, 320
LISTENED, LEAD = 26.0, 0.6
"""Seconds the line stays open after the answer, and before the far side says anything."""
BOT = {
    "bot.yaml": """
bot: outbound
title: Reminder
language: en-US
direction: outbound
defaults:
  silence: [{after: 5s, say: Are you there?}, {after: 30s, end: nobody}]
  unclear: [{say: Sorry?}, {say: Sorry?}, {say: Sorry?}, {say: Sorry?}, {say: Sorry?}, {say: Sorry?}, {end: nobody}]
endings: {nobody: {say: Goodbye., result: no_input}}
""",
    "flows/main.yaml": """
flow: main
steps:
- ask:
    ask: Hello, this is Anna from the city library about the book you ordered. Can you talk now?
    answers: {affirm: {end: nobody}}
""",
}
PLAYED = (  # as an exchange puts them together; "beep" is one
    ("im-sorry", "cannot-complete-as-dialed"),
    ("cannot-complete-as-dialed", "check-number-dial-again"),
    ("im-sorry", "cannot-complete-as-dialed", "please-try-call-later"),
    ("privacy-unident", "vm-goodbye"),
    ("im-sorry", "vm-mailboxfull", "vm-goodbye"),
    ("vm-extension", "vm-isunavail", "beep"),
    ("vm-extension", "vm-isunavail", "vm-leavemsg"),
    ("pbx-invalid", "vm-goodbye"),
    ("im-sorry", "privacy-incorrect", "please-try-again"),
)
MADE = (  # --choose
    "Hi, you have reached Peter Miller. I can't come to the phone right now. Please leave a message after the beep.",
    "The person you are calling is not available. Please record your message after the tone.",
    "The number you have dialed is not in service. Please check the number and dial again.",
    "Your call has been forwarded to an automated voice messaging system.",
    "Thank you for calling the county clinic. For appointments, press one. For all other questions, press two.",
    "The subscriber you have dialed is switched off. Please try again later.",
    "The mailbox is full and cannot accept any messages at this time. Goodbye.",
    "All of our agents are busy. Your call is important to us. Please stay on the line.",
    "Welcome to Northern Energy. Please enter your account number followed by the pound key.",
    "Hello, this is Anna. Sorry I missed your call. Leave your name and number and I will get back to you.",
)
VOICES = ("en-US", "en-GB")
HEARD_WELL = 0.9
"""Confidence of a topic in what is about it: the median of lines made by flite."""


@dataclass(frozen=True, slots=True)
class Far:
    """The far end of one call."""

    kind: str
    machine: bool
    parts: tuple[str, ...]
    """Paths of what it says, "beep", "pause", or a text for espeak in the voice named before it."""


def measured(data: Path) -> Iterator[Far]:
    folder = data / "speech_en" / "asterisk_prompts"
    with (folder / "transcripts.tsv").open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="\t"))
    paths = {row["file"].removesuffix(".wav"): str(folder / "wav" / row["file"]) for row in rows}
    for parts in PLAYED:
        yield Far("machine: as played by an exchange", True, tuple(paths.get(part, part) for part in parts))
    for row in rows:
        path = str(folder / "wav" / row["file"])
        if row["kind"] == "machine_greeting":
            yield Far("machine: marked lines alone", True, (path,))
        elif row["kind"] == "prompt" and 2.5 <= float(row["seconds"]) <= 8:
            yield Far("machine: any prompt of 2.5 to 8 s", True, (path,))
    yield from people(data, half=0)


def chosen_on(data: Path) -> Iterator[Far]:
    for voice in VOICES:
        for text in MADE:
            yield Far("machine: made", True, (f"{voice}:{text}",))
    yield from people(data, half=1)
    with (data / "speech_misc" / "transcripts.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["lang"] == "en" and row["file"].endswith(".wav"):
                yield Far(
                    "person: a clip of some speech project", False, (str(data / "speech_misc/clips" / row["file"]),)
                )


def repeated(data: Path) -> Iterator[Far]:
    """What says the same again: lines as carriers play them, and people who were not understood."""
    folder = data / "speech_en" / "asterisk_prompts"
    with (folder / "transcripts.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            if row["kind"] == "machine_greeting":
                path = str(folder / "wav" / row["file"])
                yield Far("machine: marked lines, played again", True, (path, "pause", path))
    folder = data / "speech_en" / "fsdd_digits"
    takes: dict[tuple[str, str], list[str]] = {}
    with (folder / "transcripts.tsv").open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            takes.setdefault((row["speaker"], row["text"]), []).append(str(folder / "wav" / row["file"]))
    for paths in takes.values():
        if len(paths) > 2:
            yield Far("person: the same word again", False, (paths[0], "pause", paths[1], "pause", paths[2]))


def people(data: Path, *, half: int) -> Iterator[Far]:
    """Half of the speakers, by a checksum of their name; at most four recordings of each."""
    for name, kind in (
        ("speechocean762", "person: a read sentence"),
        ("coffee_commands", "person: an order"),
        ("fsdd_digits", "person: a single word"),
    ):
        folder = data / "speech_en" / name
        each: Counter[str] = Counter()
        with (folder / "transcripts.tsv").open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                speaker = row.get("speaker") or row["file"]  # of the orders no speaker is known: each is another
                each[speaker] += 1
                if hashlib.sha1(f"half {speaker}".encode()).digest()[0] % 2 == half and each[speaker] <= 4:
                    yield Far(kind, False, (str(folder / "wav" / row["file"]),))


class Deaf:
    """Understanding and knowledge: whatever is said, the call goes on."""

    capabilities = Capabilities("none", ("en",))

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        return Understood(heard.text)

    def search(self, text: str, bases: Iterable[str], *, on: date | None = None) -> tuple[FaqHit, ...]:
        return ()

    candidates = search


@cache
def engines() -> tuple[Bot, SphinxRecogniser]:
    folder = Path(tempfile.mkdtemp())
    for name, text in BOT.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return Bot(load(folder), Deaf(), Deaf(), folder=folder), SphinxRecogniser(rate=RATE)


def sound(part: str) -> bytes:
    if part == "beep":
        t = np.arange(int(0.5 * RATE)) / RATE
        return (6000 * np.sin(2 * np.pi * 1000 * t)).astype("<i2").tobytes() + bytes(RATE)
    if part == "pause":
        return bytes(3 * RATE)
    if part.endswith(".wav"):
        return read_wav(Path(part), RATE)
    language, _, text = part.partition(":")
    made = list(open_voice("espeak").synthesise(Utterance(text, language)))
    return Resampler(made[0].rate, RATE).feed(b"".join(audio.pcm for audio in made))


@dataclass(frozen=True, slots=True)
class Outcome:
    by: str
    """Who answered, as told last."""
    at: float
    """Seconds after the far side began to speak."""
    why: str
    odds: float
    """The highest log odds of a machine (huashu.voice.likeness) in the whole call."""


async def hold(far: Far) -> Outcome:
    bot, recogniser = engines()
    told: list[tuple[float, MachineDetected]] = []

    def observe(now: float, what: object) -> None:
        if isinstance(what, MachineDetected):
            told.append((now, what))

    started = Started("call", "outbound", "voice", wall=1.8e9)
    session = VoiceSession(
        bot, recogniser, open_voice("espeak"), rate=RATE, encoding="ulaw", started=started, observer=observe
    )
    await session.start()
    said = bytes(round(LEAD * RATE) * 2) + bytes(round(0.15 * RATE) * 2).join(sound(part) for part in far.parts)
    said += bytes(round(LISTENED * RATE) * 2)
    noise = np.random.default_rng(1).normal(0.0, 32768 * 10 ** (-55 / 20), len(said) // 2)
    pcm = np.clip(np.frombuffer(said, "<i2") + noise, -32768, 32767).astype("<i2").tobytes()
    odds = -np.inf
    for at in range(0, round(LISTENED * 50) * FRAME, FRAME):
        if session.closed or (told and told[-1][1].by not in ("human", "uncertain")):
            break
        await session.push(g711.ulaw_encode(pcm[at : at + FRAME]))
        odds = max(odds, session.watch.odds)
    verdict = session.watch.verdict
    if not session.closed:
        await session.hangup()
    if not told:
        return Outcome("nothing told", LISTENED, "", odds)
    return Outcome(told[-1][1].by, told[-1][0] - LEAD, verdict.why if verdict is not None else "", odds)


def one(far: Far) -> Outcome:
    return asyncio.run(hold(far))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--choose", action="store_true")
    parser.add_argument("--oracle", action="store_true")
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--only", choices=("machine", "person"))
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--every", type=int, default=1, help="only every n-th of the long kinds")
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--keep", type=Path, help="outcomes so far, a JSON line each")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("HUASHU_TEST_DATA", "../shared/data")))
    options = parser.parse_args()
    if options.oracle:
        oracle(options.data)
        return
    kinds = chosen_on if options.choose else repeated if options.again else measured
    calls = [far for far in thinned(kinds(options.data), options.every) if far.kind.startswith(options.only or "")]
    table: dict[str, list[Outcome]] = {}
    with ProcessPoolExecutor(options.workers) as pool:
        for far, held in held_or_kept(calls, pool, options.keep):
            table.setdefault(far.kind, []).append(held)
            if options.verbose:
                names = [Path(part).name for part in far.parts]
                print(far.kind, held.by, f"{held.at:.1f}", held.why, f"{held.odds:.2f}", names, flush=True)
    print(f"{'':40}{'calls':>6}{'machine':>9}{'human':>7}{'uncertain':>11}   seconds to tell p50, p95")
    for machine in ("machine", "person"):
        rows = {kind: found for kind, found in table.items() if kind.startswith(machine)}
        for kind, found in (*rows.items(), (f"{machine}s together", [each for row in rows.values() for each in row])):
            if found:
                line(kind, found)
    highest = sorted((held.odds for kind, found in table.items() if kind.startswith("person") for held in found))
    print("people's highest log odds:", *(f"{odds:.2f}" for odds in highest[-1:-9:-1]), f"(limit {USUAL.odds})")


def held_or_kept(calls: list[Far], pool: ProcessPoolExecutor, keep: Path | None) -> Iterator[tuple[Far, Outcome]]:
    """Every call with its outcome: first those that the file `keep` has already, then the others, kept as they end."""
    known: dict[str, Outcome] = {}
    if keep is not None and keep.exists():
        for row in map(json.loads, keep.read_text(encoding="utf-8").splitlines()):
            call = row.pop("call")
            known[call] = Outcome(**row)
    names = {far: "+".join(Path(part).name for part in far.parts) for far in calls}
    yield from ((far, known[names[far]]) for far in calls if names[far] in known)
    rest = [far for far in calls if names[far] not in known]
    for far, outcome in zip(rest, pool.map(one, rest, chunksize=1), strict=True):
        if keep is not None:
            with keep.open("a", encoding="utf-8") as file:
                file.write(json.dumps({"call": names[far], **asdict(outcome)}) + "\n")
        yield far, outcome


def oracle(data: Path) -> None:
    """Transcripts instead of sound: how many of each kind the words alone convict, at once."""
    said: dict[str, str] = {}
    for name in ("asterisk_prompts", "speechocean762", "fsdd_digits"):
        with (data / "speech_en" / name / "transcripts.tsv").open(encoding="utf-8") as lines:
            for row in csv.DictReader(lines, delimiter="\t"):
                said[str(data / "speech_en" / name / "wav" / row["file"])] = spoken_text(row["text"], "en")
    count: dict[str, Counter[bool]] = {}
    for far in measured(data):
        if all(part in said or part == "beep" for part in far.parts):
            text = " ".join(said.get(part, "") for part in far.parts).strip()
            odds = likeness.log_odds(text, HEARD_WELL, text) / USUAL.odds
            convicted = max(evidence(text).balance, odds - evidence(text).person) >= USUAL.certain
            count.setdefault(far.kind, Counter())[convicted] += 1
    for kind, found in count.items():
        print(f"{kind:40}{found.total():6}{100 * found[True] / found.total():8.1f}%")


def thinned(calls: Iterable[Far], every: int) -> list[Far]:
    """Every n-th of the kinds that take long; the others whole."""
    kept: list[Far] = []
    seen: Counter[str] = Counter()
    for far in calls:
        seen[far.kind] += 1
        short = far.kind.endswith(("an exchange", "lines alone", "single word"))
        if short or seen[far.kind] % every == 0:
            kept.append(far)
    return kept


def line(kind: str, found: list[Outcome]) -> None:
    count = Counter(
        {"human": "human", "uncertain": "uncertain", "nothing told": "uncertain"}.get(held.by, "machine")
        for held in found
    )
    took = [held.at for held in found]
    shares = "".join(
        f"{100 * count[name] / len(found):{width}.1f}%"
        for name, width in (("machine", 8), ("human", 6), ("uncertain", 10))
    )
    print(f"{kind:40}{len(found):6}{shares}   {np.percentile(took, 50):.1f}, {np.percentile(took, 95):.1f}")


if __name__ == "__main__":
    main()
