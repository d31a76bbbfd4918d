"""When to ask which of two intents was meant: what a margin and a ceiling cost and catch (huashu.flows.script.Clarify).

Trains stock scripts on seven tenths of their examples, three times, and reads the rest at two random questions where
the right intent works. Told for each pair: utterances asked about, how many of them would have been taken rightly, how
many wrongly and how many not at all, and in how many of these two the right intent is one of the pair.
"""

import dataclasses
import random
import sys
from datetime import UTC, datetime
from pathlib import Path

from huashu.core.events import Heard
from huashu.dialogue.choosing import POSSIBLE
from huashu.flows.check import check
from huashu.flows.script import Script
from huashu.nlu.embedded import EmbeddedUnderstander
from huashu.nlu.train import train

MARKET = Path(__file__).parents[1] / "scripts_market"
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
Row = tuple[float, float, bool, bool]
"""Confidence of the first and of the second, and whether each is right."""


def rows(script: Script, seed: int) -> list[Row]:
    rng = random.Random(seed)
    examples = list(script.nlu.examples)
    rng.shuffle(examples)
    cut = len(examples) * 7 // 10
    out = [(example.text, example.intent) for example in examples[cut:]]
    regulars = {}
    for name, sentences in script.nlu.regulars.items():
        drawn = rng.sample(sentences, len(sentences))
        regulars[name] = tuple(drawn[: len(drawn) * 7 // 10])
        out += [(text, name) for text in drawn[len(drawn) * 7 // 10 :]]
    ears = EmbeddedUnderstander(
        train(dataclasses.replace(script.nlu, examples=tuple(examples[:cut]), regulars=regulars))
    )
    asked = [step.question.expect for flow in script.flows.values() for step in flow.steps if step.question]
    found = []
    for text, intent in out:
        for expect in rng.sample(asked, min(2, len(asked))):
            here = {*expect.intents, *expect.anytime}
            heard = [score for score in ears.understand(Heard(text), expect, at=AT).intents if score.name in here]
            if intent in here:
                sure = [score.confidence for score in heard] + [0.0, 0.0]
                right = [score.name == intent for score in heard] + [False, False]
                found.append((sure[0], sure[1], right[0], right[1]))
    return found


def main(names: list[str]) -> None:
    found: list[Row] = []
    for name in names:
        script = check(MARKET / name).script
        assert script is not None
        for seed in range(3):
            found += rows(script, seed)
    print(f"{len(found)} utterances of {', '.join(names)}")
    for below in (0.7, 0.8, 0.9):
        for margin in (0.1, 0.15, 0.2, 0.3):
            asked = [row for row in found if row[0] < below and row[0] - row[1] <= margin and row[1] >= POSSIBLE]
            right = sum(row[0] >= 0.5 and row[2] for row in asked)
            wrong = sum(row[0] >= 0.5 and not row[2] for row in asked)
            pair = sum((row[2] or row[3]) and not (row[0] >= 0.5 and row[2]) for row in asked)
            told = f"{right} right, {wrong} wrong, {len(asked) - right - wrong} unclear; right one in the pair {pair}"
            print(f"below {below}, margin {margin}: asked {len(asked) / len(found):.1%}: {told}")


if __name__ == "__main__":
    main(sys.argv[1:] or ["card_instalment", "bank_service"])
