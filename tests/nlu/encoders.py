"""Tiny encoders in the real format of transformers, made here with random weights: nothing is downloaded."""

from collections.abc import Iterable
from pathlib import Path

from huashu.nlu.tagger import pieces

SPECIAL = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


def wanting() -> str:
    """Why no encoder can be trained here; empty: it can."""
    try:
        import onnx  # noqa: F401
        import onnxscript  # noqa: F401
        import torch  # noqa: F401
        import transformers  # noqa: F401
    except ImportError as error:
        return f"{error.name} is not installed: pip install 'huashu[encoder-train]'"
    return ""


def vocabulary(texts: Iterable[str]) -> list[str]:
    """A WordPiece vocabulary: the pieces of the texts, and every letter, so that nothing ASCII is unknown."""
    words = {text[start:end].lower() for text in texts for start, end in pieces(text)}
    letters = "abcdefghijklmnopqrstuvwxyz0123456789"
    return [*SPECIAL, *dict.fromkeys([*letters, *(f"##{letter}" for letter in letters), *sorted(words)])]


def make_bert(
    folder: Path, texts: Iterable[str], *, width: int = 48, layers: int = 2, heads: int = 2, seed: int = 0
) -> Path:
    """A BERT with random weights and a vocabulary for the texts, as `save_pretrained` writes it."""
    import torch
    from transformers import BertConfig, BertModel, BertTokenizerFast

    torch.set_num_threads(1)  # matrices this small wait for other threads longer than they are multiplied
    folder.mkdir(parents=True, exist_ok=True)
    words = vocabulary(texts)
    numbers = {word: at for at, word in enumerate(words)}
    BertTokenizerFast(vocab=numbers, do_lower_case=True).save_pretrained(folder)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=width,
        num_hidden_layers=layers,
        num_attention_heads=heads,
        intermediate_size=4 * width,
        max_position_embeddings=128,
    )
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        BertModel(config).save_pretrained(folder)
    return folder
