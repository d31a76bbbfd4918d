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


def make_other(folder: Path, kind: str, texts: Iterable[str]) -> Path:
    """An "electra" (embeddings narrower than the layers) or a "roberta" (byte-level pairs, positions from 2)."""
    import torch
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 64}
    make_bert(folder, texts := list(texts), width=16, layers=1)
    with torch.random.fork_rng():
        torch.manual_seed(0)
        if kind == "electra":
            config = transformers.ElectraConfig(vocab_size=400, embedding_size=16, **sizes)
            transformers.ElectraModel(config).save_pretrained(folder)
            return folder
        config = transformers.RobertaConfig(vocab_size=400, max_position_embeddings=130, **sizes)
        transformers.RobertaModel(config).save_pretrained(folder)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    made = Tokenizer(models.BPE(unk_token="<unk>"))
    made.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    made.train_from_iterator(texts, trainers.BpeTrainer(vocab_size=300, special_tokens=special, show_progress=False))
    made.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0))
    names = dict(zip(("cls_token", "pad_token", "sep_token", "unk_token"), special, strict=True))
    transformers.PreTrainedTokenizerFast(tokenizer_object=made, **names).save_pretrained(folder)
    return folder
