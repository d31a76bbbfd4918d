"""What understanding with an encoder costs: time of an utterance, memory and size, on weights made here at random.

Usage: python bench/nlu_encoder.py [--rounds N] [--sizes tiny real]

Sizes are of BERT: tiny is 2 layers, 64 wide; real 6 layers, 384 wide, 21,128 word pieces, as small bilingual encoders
are. Random weights cost what trained ones cost and understand nothing. Frozen, int8, one thread; p50 and p95 in
milliseconds of wall time, memory of a process that only serves, before and after the encoder.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from functools import partial
from pathlib import Path

from nlu_latency import ASKED, AT, EXPECT, SAID, TOPICS, report

from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.nlu.data import Example, TrainingData
from huashu.nlu.encoder import EncoderUnderstander

SIZES = {"tiny": (2, 64, 2000), "real": (6, 384, 21128)}
"""Layers, width, word pieces."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--sizes", nargs="*", default=list(SIZES))
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.serve:
        serve(options.serve, options.rounds)
        return
    with tempfile.TemporaryDirectory() as temporary:
        for name in options.sizes:
            folder = made(Path(temporary) / name, *SIZES[name])
            size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 2**20
            print(f"{name}: {size:.1f} MB on disk", flush=True)
            subprocess.run([sys.executable, __file__, "--serve", folder, "--rounds", str(options.rounds)], check=True)


def made(folder: Path, layers: int, width: int, most: int) -> Path:
    """An understanding with an encoder of that size, in the format of transformers, with random weights."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    from huashu.nlu.encoder_export import Settings
    from huashu.nlu.encoder_train import train_encoder

    examples = tuple(Example(form.format(topic), topic) for topic in TOPICS for form in ASKED)
    letters = sorted({letter for text in (*SAID, *(one.text for one in examples)) for letter in text})
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters]
    words += [f"[unused{at}]" for at in range(most - len(words))]
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=most,
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=width // 32,
        intermediate_size=4 * width,
    )
    BertModel(config).save_pretrained(folder / "base")
    BertTokenizerFast(vocab={word: at for at, word in enumerate(words)}).save_pretrained(folder / "base")
    data = TrainingData("zh-CN", examples)
    train_encoder(data, str(folder / "base"), folder / "trained", settings=Settings(epochs=0), tell=print)
    return folder / "trained"


def serve(folder: Path, rounds: int) -> None:
    understander = EncoderUnderstander.load(folder)
    before = memory()
    for name, expect in (("open", Expectation("f.o")), ("question", EXPECT)):
        calls = [partial(understander.understand, Heard(text), expect, at=AT) for text in SAID]
        report(f"  understand, {name}", calls, rounds)
    print(f"  {memory():.0f} MB of memory, {before:.0f} before the first text")


def memory() -> float:
    """Resident megabytes (Linux). The peak that getrusage tells begins with that of the parent."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


if __name__ == "__main__":
    main()
