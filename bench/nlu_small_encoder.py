"""What a small encoder of our own adds to few examples, each set held out of its training.

Usage: python bench/nlu_small_encoder.py DATA ROWS [--wordnet FOLDER] [--shots 5 10] [--draws 42] [--steps N]

DATA is the folder of the shared sets, ROWS what its rows.py writes. Few examples: `random.Random(DRAW).shuffle` over a
set's training rows, then the first SHOTS of each intent. The encoder (huashu.models.small_encoder) learns from every
permissive source but the set it is judged on and those of its origin, and from no sentence that stands in it; SMP2019
and CAIS, whose licences are not stated, are never learnt from. "words": the embedded default; "encoder": a linear head
on the frozen int8 encoder; "both": their scores mixed, the share chosen on sentences held out of the few. Accuracy in
per cent on the visible test rows in scope, through the public API with nothing expected; processor seconds.
"""

import argparse
import json
import random
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from huashu.core.events import Heard
from huashu.core.expect import NOTHING
from huashu.flows.loader import load
from huashu.models.small_encoder.data import Source, grouped, sources
from huashu.models.small_encoder.export import SmallEncoder, write
from huashu.models.small_encoder.train import Settings
from huashu.models.small_encoder.train import train as train_small
from huashu.nlu.data import Example, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander, Model, train
from huashu.nlu.encoder import EncoderModel, Head
from huashu.nlu.encoder_run import Encoded
from huashu.nlu.encoder_train import SHARES, intent_head
from huashu.nlu.fitting import fit
from huashu.nlu.model import NOWHERE
from huashu.nlu.rehearsal import FOLDS, sharpness, split, trial
from huashu.nlu.train import rows_of

SETS = {
    "banking77": "en-US", "hwu64": "en-US", "clinc150": "en-US",
    "smp2019_intent": "zh-CN", "smp2019_domain": "zh-CN", "cais": "zh-CN",
}  # fmt: skip
LEARNT = ("banking77", "hwu64", "clinc150")
"""The sets that the encoder learns from unless they are held out."""
SCRIPTS = Path(__file__).resolve().parents[1] / "scripts_market"
AT = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--wordnet", type=Path)
    parser.add_argument("--sets", nargs="*", default=list(SETS))
    parser.add_argument("--shots", nargs="*", type=int, default=[5, 10])
    parser.add_argument("--draws", nargs="*", type=int, default=[42])
    parser.add_argument("--steps", type=int, default=Settings().steps)
    parser.add_argument("--width", type=int, default=Settings().width)
    parser.add_argument("--part", default="test", help="train: judged on further training rows, for choosing settings")
    options = parser.parse_args()
    lifts = []
    with tempfile.TemporaryDirectory() as folder:
        made: dict[str, Small] = {}
        for name in options.sets:
            held = name if name in LEARNT else ""
            if held not in made:
                made[held] = small(options, held, Path(folder) / f"{held or 'all'}.onnx")
            for shots in options.shots:
                each = np.array([measure(options, name, shots, draw, made[held]) for draw in options.draws])
                lifts.append(each[:, 2] - each[:, 0])
                words, encoder, both = each.mean(axis=0)
                print(
                    f"{name}, {shots} an intent: words {words:.1f}, encoder {encoder:.1f}, both {both:.1f}, lift"
                    f" {both - words:+.1f} ({', '.join(f'{lift:+.1f}' for lift in lifts[-1])} by draw)",
                    flush=True,
                )
    by_draw = np.mean(lifts, axis=0)
    print(
        f"mean lift {by_draw.mean():+.2f} points ({', '.join(f'{lift:+.2f}' for lift in by_draw)} by draw);"
        f" {time.process_time():.0f} CPU s in all"
    )


class Small:
    """A frozen encoder as huashu.nlu.encoder wants one; it reads each text once, and knows no pieces."""

    def __init__(self, path: Path) -> None:
        self.encoder = SmallEncoder(path)
        self.known: dict[str, Encoded] = {}

    def encode(self, text: str) -> Encoded:
        if text not in self.known:
            self.known[text] = Encoded(self.encoder.vector(text), np.zeros((0, 0), np.float32), blank=False)
        return self.known[text]

    __call__ = encode


def small(options: argparse.Namespace, held: str, path: Path) -> Small:
    """Trained without `held`, and without the sentences of every set that is judged with it."""
    judged = [held] if held else [name for name in SETS if name not in LEARNT]
    apart = [row["text"] for name in judged for part in ("train", "test") for row in read(options.rows / name, part)]
    began = time.process_time()
    found = sources(options.data, options.rows, wordnet=options.wordnet, without=held, apart=apart)
    found += own(apart)
    write(train_small(found, Settings(options.steps, options.width), tell=lambda line: None), path)
    encoder = SmallEncoder(path)
    asked = apart[:500]
    clock = time.perf_counter()
    for text in asked:
        encoder.vector(text)
    took = 1e3 * (time.perf_counter() - clock) / len(asked)
    told = ", ".join(f"{source.name} {sum(map(len, source.groups))}" for source in found)
    print(f"without {held or 'none'}: {told}", flush=True)
    print(
        f"  {time.process_time() - began:.0f} CPU s, {path.stat().st_size / 1e6:.1f} MB, {took:.3f} ms a text",
        flush=True,
    )
    return Small(path)


def own(apart: list[str]) -> list[Source]:
    """The examples of the stock scripts, by language and intent."""
    rows: dict[str, set[tuple[str, str]]] = {}
    for folder in sorted(path for path in SCRIPTS.iterdir() if (path / "bot.yaml").exists()):
        script = load(folder)
        for data in (script.nlu, *script.nlu.others):
            told = rows.setdefault(data.language[:2], set())
            told |= {(one.text, one.intent) for one in data.examples}
            told |= {(text, intent) for intent, texts in data.regulars.items() for text in texts}
    return [grouped(f"scripts_{language}", "Apache-2.0", sorted(told), apart=apart) for language, told in rows.items()]


def measure(
    options: argparse.Namespace, name: str, shots: int, draw: int, encoder: Small
) -> tuple[float, float, float]:
    """Accuracy of the words, of the encoder, and of both."""
    rows = read(options.rows / name, "train")
    random.Random(draw).shuffle(rows)
    few, rest, seen = [], [], dict[str, int]()
    for row in rows:
        seen[row["intent"]] = at = seen.get(row["intent"], 0) + 1
        if at <= shots:
            few.append(row)
        elif max(options.shots) < at <= max(options.shots) + 20:
            rest.append(row)
    asked = rest if options.part == "train" else read(options.rows / name, "test")
    data = TrainingData(SETS[name], tuple(Example(row["text"], row["intent"]) for row in few))
    words = train(data)
    head = intent_head(encoder, rows_of(data), words.labels)  # type: ignore[arg-type]
    share = best_share(data, encoder)
    models = [words, mixed(words, encoder, head, 1.0), mixed(words, encoder, head, share)]
    first, second, third = (accuracy(EmbeddedUnderstander(model), asked) for model in models)
    return first, second, third


def best_share(data: TrainingData, encoder: Small) -> float:
    """The encoder's share in the scores under which the right answers held out are likeliest."""
    rows, seed = rows_of(data), 0
    asked = []
    for fold in range(FOLDS):
        kept, held = split(rows, fold, seed)
        fitted = fit(rows.take(kept), seed=seed)
        head = intent_head(encoder, rows.take(kept), fitted.labels)  # type: ignore[arg-type]
        inside = [at for at in held if rows.labels[at] in fitted.labels and rows.labels[at] != NOWHERE]
        asked += [
            (fitted, rows.texts[at], rows.labels[at], head.scores(encoder(rows.texts[at]).sentence)) for at in inside
        ]
    shares = (*SHARES, 0.0)
    losses = [
        sharpness([trial(fitted, text, label, other=other, share=share) for fitted, text, label, other in asked])[0]
        for share in shares
    ]
    return shares[int(np.argmin(losses))]


def mixed(words: Model, encoder: Small, head: Head, share: float) -> EncoderModel:
    nothing = Head(np.zeros((0, 0), np.float32), np.zeros(0, np.float32))
    return EncoderModel(words, encoder, head, (), nothing, False, share, words.calibration)  # type: ignore[arg-type]


def accuracy(understander: EmbeddedUnderstander, rows: list[dict[str, Any]]) -> float:
    right = []
    for row in rows:
        intents = understander.understand(Heard(row["text"]), NOTHING, at=AT).intents
        right.append(bool(intents) and intents[0].name == row["intent"])
    return 100 * float(np.mean(right))


def read(folder: Path, part: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in (folder / f"{part}.jsonl").read_text(encoding="utf-8").splitlines()]
    return [row for row in rows if row["intent"] != "oos"]


if __name__ == "__main__":
    main()
