"""Whisper weights of a few megabytes, made here in the real format: they read the same words in any sound."""

import json
from pathlib import Path
from typing import Any

import numpy as np

LANGUAGES = ("en", "zh")
WORDS = ["yes", "no", " six", " three", "是", "的", "六", "期", "，", "对"]
END_OF_TEXT = 50257
"""Its number in the multilingual vocabulary; in the one for English it is 50256."""
WIDTH, HEADS, LAYERS, MELS, CONTEXT = 16, 2, 1, 80, 448


def build(folder: Path, says: list[str]) -> Path:
    """A folder as `ct2-transformers-converter` leaves it, of weights that read these tokens in whatever they hear."""
    from ctranslate2.specs import whisper_spec

    tokens = vocabulary()
    spec = whisper_spec.WhisperSpec(LAYERS, HEADS, LAYERS, HEADS)
    _fill(spec, tokens, says)
    spec.register_vocabulary(tokens)
    spec.config.suppress_ids = []
    spec.config.suppress_ids_begin = []
    spec.config.alignment_heads = [[0, 0]]
    spec.config.lang_ids = [tokens.index(f"<|{language}|>") for language in LANGUAGES]
    spec.validate()
    spec.optimize()
    folder.mkdir(parents=True, exist_ok=True)
    spec.save(str(folder))
    _tokenizer(folder, tokens)
    return folder


def vocabulary() -> list[str]:
    special = [
        "<|endoftext|>", "<|startoftranscript|>", *(f"<|{language}|>" for language in LANGUAGES), "<|translate|>",
        "<|transcribe|>", "<|startoflm|>", "<|startofprev|>", "<|nospeech|>", "<|notimestamps|>",
    ]  # fmt: skip
    times = [f"<|{step * 0.02:.2f}|>" for step in range(1501)]
    fill = [f"w{number}" for number in range(END_OF_TEXT - len(WORDS))]
    return [*WORDS, *fill, *special, *times]


def _tokenizer(folder: Path, tokens: list[str]) -> None:
    from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

    plain = [token for token in tokens if not token.startswith("<|")]
    made = Tokenizer(models.WordLevel({token: at for at, token in enumerate(plain)}, unk_token="w0"))
    made.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    made.decoder = decoders.Fuse()
    made.add_special_tokens([AddedToken(token, special=True) for token in tokens if token.startswith("<|")])
    made.save(str(folder / "tokenizer.json"))
    assert json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["type"] == "WordLevel"


def _fill(spec: Any, tokens: list[str], says: list[str]) -> None:
    """Layers that pass everything on, and a last matrix in which each token of the chain calls for the next."""
    size = len(tokens)
    rng = np.random.default_rng(0)
    embedding = np.zeros((size, WIDTH), np.float32)
    chain = ["<|notimestamps|>", *says, "<|endoftext|>"]
    for at, token in enumerate(chain):
        embedding[tokens.index(token), at] = 1.0
    projection = (0.01 * rng.standard_normal((size, WIDTH))).astype(np.float32)
    for at, token in enumerate(chain[1:]):
        projection[tokens.index(token), at] = 6.0

    def zeros(*shape: int) -> Any:
        return np.zeros(shape, np.float32)

    def linear(layer: Any, rows: int, columns: int) -> None:
        layer.weight, layer.bias = zeros(rows, columns), zeros(rows)

    def norm(layer: Any) -> None:
        layer.gamma, layer.beta = np.ones(WIDTH, np.float32), zeros(WIDTH)

    def attention(layer: Any, *sizes: int) -> None:
        norm(layer.layer_norm)
        for part, rows in zip(layer.linear, sizes, strict=True):
            linear(part, rows, WIDTH)

    def feed(layer: Any) -> None:
        norm(layer.layer_norm)
        linear(layer.linear_0, 4 * WIDTH, WIDTH)
        linear(layer.linear_1, WIDTH, 4 * WIDTH)

    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = zeros(WIDTH, MELS, 3), zeros(WIDTH)
    encoder.conv2.weight, encoder.conv2.bias = zeros(WIDTH, WIDTH, 3), zeros(WIDTH)
    encoder.position_encodings.encodings = zeros(1500, WIDTH)
    norm(encoder.layer_norm)
    for layer in encoder.layer:
        attention(layer.self_attention, 3 * WIDTH, WIDTH)
        feed(layer.ffn)
    decoder.embeddings.weight = embedding
    decoder.position_encodings.encodings = zeros(CONTEXT, WIDTH)
    decoder.scale_embeddings = False
    decoder.projection.weight = projection
    norm(decoder.layer_norm)
    for layer in decoder.layer:
        attention(layer.self_attention, 3 * WIDTH, WIDTH)
        attention(layer.attention, WIDTH, 2 * WIDTH, WIDTH)
        feed(layer.ffn)
