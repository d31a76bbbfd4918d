"""What machines' words weigh: makes voice/likeness_weights.py.

    python bench/machine_likeness.py --flite /usr/bin/flite --out voice/likeness_weights.py [--keep FILE] [--data DIR]

Machines: the lines below, of which none stands in voice/openings_en.py, spoken by two voices of flite (a free program;
pocketsphinx understands espeak too badly to learn from it). People: the half of the speakers that is for choosing
(bench/machine_detection.py), the single clips of speech_misc, and answers of people spoken by the same voices of flite,
so that it is not the voice that is learnt. All as on a call: 8 kHz, noise, µ-law, the same reading of a topic. No
recording of the exchange whose prompts are measured, and no measured person, has part in it. The limit
(huashu.voice.answer.AnswerLimits.odds) is one and a half times the highest that one of these people reaches; the
highest itself is the limit for what does not answer (`odds_unanswered`).

7 minutes of processor time. `--keep` writes readings to a file as they come and takes what is there already from it, so
that they can be made in pieces; delete it when lines, samples or recogniser have changed.
"""

import argparse
import csv
import hashlib
import json
import math
import os
import random
import re
import subprocess
import tempfile
import textwrap
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from gzip import open as gzipped
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

from huashu.asr.sphinx import SphinxRecogniser
from huashu.asr.topic import weighted
from huashu.voice import g711, likeness
from huashu.voice.render import read_wav

RATE = 8000
VOICES = ("slt", "rms")
TOGETHER = 34
"""Sounds that one recogniser reads."""
LINES = """
the mobile customer cannot be reached at this moment
sorry nobody is available to take your call
we could not put you through please call later
has been disconnected
is away from the phone
did not answer
the extension you dialed is not in use
no such number please look it up and dial again
the subscriber has blocked all incoming calls
this telephone has been turned off by its owner
service for this line was suspended
network congestion please redial in a moment
you must first dial a one before this number
hi it's dave i'm not around leave me a message
we're closed please speak after the beep
our family can't get to the phone leave your number
start speaking when you hear the tone
there is no room for further messages in this mailbox
this voicemail has not been initialized goodbye
you have four unheard messages
end of messages
message erased
next message sent yesterday
to hear it once more press five
to keep it in the archive press nine
for help at any time press the star button
mark it private by pressing two
your new greeting has been stored
key in your secret code and press hash
wrong code
that code was not recognized
we did not get any input
sorry i did not understand your selection
pick one entry from this list
for opening times and directions press four
to report a fault press two
if you are an existing customer press one now
say billing repairs or something else
transferring you to the operator
please stand by while your party is located
all our lines are engaged
you are number three in the queue
an advisor will be with you shortly
calls are taped to improve our service
joining the meeting as a participant
the chairperson has not joined yet
everyone is now muted
the last caller has hung up
you are the first one in the meeting
this is a reminder of your appointment
""".strip().splitlines()
ANSWERS = """
hello this is peter speaking
miller and sons how can i help you
hello who is this please
good morning county clinic mary speaking
hi anna yes i can talk now
sorry what did you say
i'm sorry i can't talk right now can you call back later
he is not available right now can i take a message
yes speaking
yes this is the owner what is it about
um i think i already picked up that book last week
no thank you i'm not interested please don't call this number again
oh hi yes i ordered a book on gardening two weeks ago
good afternoon northern energy this is robert how may i help you
i was about to leave the house what do you want
john is on the phone can he call you back
you have reached the wrong number my friend
can you hold on for a moment please there is someone at the door
susan brown accounts department
yeah go ahead i have a few minutes
well it depends how long will it take
thanks for calling back i tried to reach you yesterday
the library yes i know you sent me a message
just a second i'm going to turn off the radio
hello hello i can hardly hear you the line is bad
she is at work she will be home at six
my husband is busy can you try again tomorrow
please leave it at the front desk i will pick it up
""".strip().splitlines()

FILE = '''"""The numbers of huashu.voice.likeness, made by `python bench/machine_likeness.py`: data.

The counts of words are of CLINC150 (S. Larson et al., 2019, CC BY 3.0) and HWU64 (X. Liu et al., 2019, CC BY 4.0).
"""

EVERYDAY = """
{table}
"""
"""Words of huashu.voice.openings_en, and how often each is among a million that people say to assistants."""

WEIGHTS = {{{weights}}}
'''


def spoken(flite: str, folder: Path, voice: str, text: str) -> Path:
    path = folder / f"{voice}-{hashlib.sha1(text.encode()).hexdigest()[:12]}.wav"
    subprocess.run([flite, "-voice", voice, "-t", text, "-o", str(path)], check=True)
    return path


def people(data: Path) -> Iterator[Path]:
    for name in ("speechocean762", "coffee_commands", "fsdd_digits"):
        folder = data / "speech_en" / name
        each: Counter[str] = Counter()
        for row in rows(folder / "transcripts.tsv"):
            speaker = row.get("speaker") or row["file"]
            each[speaker] += 1
            if hashlib.sha1(f"half {speaker}".encode()).digest()[0] % 2 == 1 and each[speaker] <= 4:
                yield folder / "wav" / row["file"]
    for row in rows(data / "speech_misc" / "transcripts.tsv"):
        if row["lang"] == "en" and row["file"].endswith(".wav"):
            yield data / "speech_misc" / "clips" / row["file"]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


def read(paths: list[Path]) -> list[tuple[str, float, str]]:
    """Text, confidence and dictation of each. pocketsphinx carries a little over from one sound to the next: a list is
    read in order by a recogniser of its own, so that the table is the same with any number of workers."""
    topic = likeness.topic("en")
    assert topic is not None
    recogniser = SphinxRecogniser(rate=RATE)
    readings = []
    for path in paths:
        pcm = bytes(RATE) + read_wav(path, RATE) + bytes(RATE)
        noise = np.random.default_rng(1).normal(0.0, 32768 * 10 ** (-55 / 20), len(pcm) // 2)
        noisy = np.clip(np.frombuffer(pcm, "<i2") + noise, -32768, 32767).astype("<i2").tobytes()
        stream = recogniser.stream(topic, "en")
        stream.accept(g711.ulaw_decode(g711.ulaw_encode(noisy)))
        heard = stream.finish()
        readings.append((heard.text, heard.confidence, heard.alternatives[0].text if heard.alternatives else ""))
    return readings


def read_or_kept(lists: list[list[Path]], workers: int, keep: Path | None) -> list[tuple[str, float, str]]:
    """The readings of every list, in order; a list that the file `keep` has is not read again."""
    known: dict[str, list[tuple[str, float, str]]] = {}
    if keep is not None and keep.exists():
        known = dict(map(json.loads, keep.read_text(encoding="utf-8").splitlines()))
    names = ["+".join(path.name for path in paths) for paths in lists]
    rest = [number for number, name in enumerate(names) if name not in known]
    with ProcessPoolExecutor(workers) as pool:
        for number, readings in zip(rest, pool.map(read, [lists[number] for number in rest]), strict=True):
            known[names[number]] = readings
            if keep is not None:
                with keep.open("a", encoding="utf-8") as file:
                    file.write(json.dumps((names[number], readings)) + "\n")
    return [tuple(reading) for name in names for reading in known[name]]


def gathered(flite: str, folder: Path, data: Path) -> list[tuple[bool, Path]]:
    """Whether it is a machine, and the sound; shuffled."""
    sounds = [(True, spoken(flite, folder, voice, line)) for line in LINES for voice in VOICES]
    sounds += [(False, spoken(flite, folder, voice, line)) for line in ANSWERS for voice in VOICES]
    sounds += [(False, path) for path in people(data)]
    random.Random(0).shuffle(sounds)
    return sounds


def everyday(data: Path) -> str:
    """How often the words of the samples are said to assistants, in millionths: CLINC150 and HWU64, training parts."""
    said: Counter[str] = Counter()
    with gzipped(data / "nlu_en" / "clinc150" / "data_full_visible.json.gz", "rt", encoding="utf-8") as file:
        whole = json.load(file)
    texts = [text for part in ("train", "oos_train") for text, _ in whole[part]]
    with gzipped(data / "nlu_en" / "hwu64" / "kfold1_train.csv.gz", "rt", encoding="utf-8") as file:
        texts += [row["answer_from_anno"] for row in csv.DictReader(file, delimiter=";")]
    for text in texts:
        said.update(re.findall(r"[a-z']+", text.lower()))
    every = sum(said.values())
    machines, people = likeness.samples()
    words = sorted({word for sentence, _ in weighted((*machines, *people)) for word in sentence})
    table = ", ".join(f"{word} {round(1e6 * (said[word] + 0.5) / every)}" for word in words)
    return textwrap.fill(table, 118, break_long_words=False, break_on_hyphens=False)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--flite", required=True)
    parser.add_argument("--every", type=int, default=1, help="only every n-th sound")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--keep", type=Path, help="readings so far, a JSON line for each list")
    parser.add_argument("--out", type=Path, help="the table to write; without it only the figures are printed")
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("HUASHU_TEST_DATA", "../shared/data")))
    options = parser.parse_args()
    table = likeness.EVERYDAY = everyday(options.data)
    samples = {" ".join(words) for words, _ in weighted(likeness.samples()[0])}
    assert not samples & set(LINES), samples & set(LINES)
    with tempfile.TemporaryDirectory() as folder:
        sounds = gathered(options.flite, Path(folder), options.data)[:: options.every]
        lists = [[path for _, path in sounds[at : at + TOGETHER]] for at in range(0, len(sounds), TOGETHER)]
        readings = read_or_kept(lists, options.workers, options.keep)
    found = np.array([likeness.measures(*reading) for reading in readings])
    machine = np.array([kind for kind, _ in sounds])
    fitted = LogisticRegression(class_weight="balanced").fit(found, machine)
    odds = fitted.decision_function(found)
    names = ("always", "words", "confidence", "cues")
    numbers = (float(fitted.intercept_[0]), *(float(weight) for weight in fitted.coef_[0]))
    weights = ", ".join(f'"{name}": {round(number, 3)}' for name, number in zip(names, numbers, strict=True))
    print(f"{sum(machine)} lines of machines, {sum(~machine)} answers of people: WEIGHTS = {{{weights}}}")
    print("people's highest:", np.round(np.sort(odds[~machine])[::-1][:8], 2), f"limit {1.5 * max(odds[~machine]):.2f}")
    for limit in (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0):
        print(
            f"over {limit}: machines {np.mean(odds[machine] > limit):.1%}, people {np.mean(odds[~machine] > limit):.1%}"
        )
    for number in np.argsort(-np.where(machine, -math.inf, odds))[:8]:
        print(f"  {odds[number]:.2f}", sounds[number][1].name, np.round(found[number], 2))
    if options.out is not None:
        options.out.write_text(FILE.format(table=table, weights=weights), encoding="utf-8")


if __name__ == "__main__":
    main()
