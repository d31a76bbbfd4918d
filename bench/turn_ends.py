"""Do words tell that free speech is over? What would end it sooner than a breath lasts, and how often wrongly.

    python bench/turn_ends.py [--rows ROWS] [--data ../shared/data]

1. A certain intent: of sentences whose intent is certain at their end, how many were as certain before it, two
   characters or words and more. Trained on the rows that are not asked (ROWS: what `python ../shared/data/rows.py ROWS`
   writes).
2. How a clause ends: of the clauses of people's messages (CrossWOZ, typed) and utterances of people on the telephone
   (Switchboard) that end so, how many are followed by somebody else. By huashu.voice.trailing, and questions apart.
"""

import argparse
import json
import os
import random
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from huashu.core.events import Heard
from huashu.core.expect import NOTHING
from huashu.nlu.data import Example, Span, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander, train
from huashu.voice.trailing import Trailing, trailing

AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
CERTAIN = 0.9
ASKED, LEARNT = 300, 3000
SETS = {"smp2019_intent": "zh-CN", "banking77": "en-US", "snips": "en-US"}
ZH_QUESTION = re.compile(
    r"(?:什么|多少|多久|多长|怎么|如何|哪|谁|为啥|几(?:点|号|个|天|分|岁|折|月)|[能行好对是要]不[能行好对是要]|有没有|可不可以).{0,4}$"
)
ZH_TOLD = re.compile(r"不知道|不清楚|不管|没|随便|忘了|都|也|前几|好几|这几|那几|过几")
"""A question word, and no question."""
EN_QUESTION = re.compile(
    r"^(?:(?:so|and|but|well|now|uh|um|oh|okay|then|yeah) )*(?:what(?:'s)?|how|where(?:'s)?|when|who(?:'s)?|which|why|"
    r"do|does|did|can|could|will|would|is|are|was|were|has) (?:\S+ ){2,}\S+$"
)
LISTENER = {"b", "bk", "bh", "x", "b^m"}
"""Switchboard's acts of who listens, and …"""
BROKEN = {"%", "+"}
"""… of what was broken off."""


def certain_before(rows: list[dict[str, object]], language: str) -> tuple[int, int, int]:
    """Sentences that are certain at their end; of these, before it; of these, with a slot that is yet to come."""
    random.Random(1).shuffle(rows)
    asked, learnt = rows[:ASKED], rows[ASKED : ASKED + LEARNT]
    examples = (Example(row["text"], row["intent"], tuple(Span(*span) for span in row["spans"])) for row in learnt)  # type: ignore
    understander = EmbeddedUnderstander(train(TrainingData(language, tuple(examples))))

    def sure(text: str) -> bool:
        found = understander.understand(Heard(text), NOTHING, at=AT).intents
        return bool(found) and found[0].confidence >= CERTAIN

    whole = before = slots = 0
    for row in asked:
        text, spans = str(row["text"]), row["spans"]
        places = range(2, len(text) - 1) if language == "zh-CN" else [m.start() for m in re.finditer(" ", text)][:-1]
        if not sure(text):
            continue
        whole += 1
        first = next((k for k in places if trailing(text[:k]) is not Trailing.UNFINISHED and sure(text[:k])), None)
        if first is not None:
            before += 1
            slots += any(span[1] > first for span in spans)  # type: ignore[attr-defined]
    return whole, before, slots


def crosswoz(path: Path) -> Iterator[tuple[str, bool]]:
    """Clauses of those who ask, and whether each is the last of its message."""
    with zipfile.ZipFile(path) as file:
        dialogues = json.loads(file.read(file.namelist()[0]))
    for dialogue in dialogues.values():
        for message in dialogue["messages"]:
            if message["role"] == "usr":
                clauses = [clause for clause in re.split("[，。？！,?!；;、 ]+", message["content"]) if clause]
                yield from ((clause, number == len(clauses)) for number, clause in enumerate(clauses, 1))


def switchboard(folder: Path) -> Iterator[tuple[str, bool]]:
    """Utterances, and whether somebody else speaks next, listeners' tokens left out."""
    for path in sorted(folder.glob("*.txt")):
        rows = [line.split("|") for line in path.read_text(encoding="utf-8").splitlines()]
        said = [row for row in rows if len(row) == 3 and row[2] not in LISTENER]
        for (speaker, text, act), (then, _, _) in pairwise(said):
            if act not in BROKEN:
                words = re.sub(r"[^\w' ]", " ", text.lower()).split()
                yield " ".join(word for word in words if word not in ("uh", "um")), then != speaker


def kind(clause: str) -> str:
    how = trailing(clause)
    asks = EN_QUESTION.search(clause) or (ZH_QUESTION.search(clause) and not ZH_TOLD.search(clause))
    return "question by its words" if how is Trailing.OPEN and asks else how.value


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=Path)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("HUASHU_TEST_DATA", "../shared/data")))
    options = parser.parse_args()
    for name, language in SETS.items() if options.rows is not None else ():
        lines = (options.rows / name / "train.jsonl").read_text(encoding="utf-8").splitlines()
        whole, before, slots = certain_before([json.loads(line) for line in lines], language)
        print(f"{name}: certain at the end {whole}, before it {before} ({before / whole:.0%}), a slot to come {slots}")
    sources = {
        "typed, clauses": crosswoz(options.data / "dialog_zh/crosswoz/val.json.zip"),
        "telephone": switchboard(options.data / "dialog_en/swda/val"),
    }
    for name, said in sources.items():
        count = Counter((kind(clause), last) for clause, last in said)
        for how in sorted({how for how, _ in count}):
            ends, goes_on = count[how, True], count[how, False]
            print(f"{name}, {how}: {ends} of {ends + goes_on} are the end ({ends / (ends + goes_on):.0%})")


if __name__ == "__main__":
    main()
