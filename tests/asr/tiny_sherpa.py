"""Weights of a few kilobytes in the formats of sherpa-onnx: they read the same words in any sound."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

TOKENS = ["<blk>", "</s>", "<unk>", "六", "期", "是", "的", "<|zh|>", "<|HAPPY|>", "<|Laughter|>", "<|woitn|>"]
LFR = 560
"""Numbers of a frame of SenseVoice and Paraformer: 7 frames of 80 mels."""
WIDTH = 8
LONGEST = 2000
"""Frames that the tiny SenseVoice has an answer for."""


def sense_voice(folder: Path, says: Sequence[str]) -> Path:
    """Four tokens of language, feeling, event and style come first, as in the real model."""
    said = [7, 8, 9, 10, *(TOKENS.index(token) for token in says)]
    fields = {
        "model_type": "sense_voice_ctc", "vocab_size": str(len(TOKENS)), "lfr_window_size": "7",
        "lfr_window_shift": "6", "normalize_samples": "0", "lang_auto": "0", "lang_zh": "3", "lang_en": "4",
        "lang_ja": "11", "lang_ko": "12", "lang_yue": "7", "with_itn": "14", "without_itn": "15", **_means(),
    }  # fmt: skip
    from onnx import TensorProto, helper

    logits = np.full((1, LONGEST, len(TOKENS)), -9.0, np.float32)
    logits[0, np.arange(LONGEST), [*said, *[0] * (LONGEST - len(said))]] = 9.0
    others = ("x_length", "language", "text_norm")
    inputs = [
        helper.make_tensor_value_info("x", TensorProto.FLOAT, [1, "T", LFR]),
        *(helper.make_tensor_value_info(name, TensorProto.INT32, [1]) for name in others),
    ]
    nodes = [
        helper.make_node("ReduceSum", ["x"], ["sum"], keepdims=0),
        *(helper.make_node("Cast", [name], [f"{name}_f"], to=TensorProto.FLOAT) for name in others),
        helper.make_node("Sum", ["sum", *(f"{name}_f" for name in others)], ["all"]),
        helper.make_node("Shape", ["x"], ["shape"]),
        helper.make_node("Gather", ["shape", "first"], ["frames"]),
        helper.make_node("Add", ["frames", "four"], ["end"]),
        helper.make_node("Slice", ["fixed", "zero", "end", "first"], ["part"]),
    ]
    held = {"first": np.array([1]), "four": np.array([4]), "zero": np.array([0])}
    return _one(folder, inputs, nodes, logits, fields, held=held, fixed="part")


def paraformer(folder: Path, says: Sequence[str]) -> Path:
    from onnx import TensorProto, helper

    said = [TOKENS.index(token) for token in says]
    logits = np.full((1, len(said), len(TOKENS)), -9.0, np.float32)
    logits[0, np.arange(len(said)), said] = 9.0
    inputs = [
        helper.make_tensor_value_info("speech", TensorProto.FLOAT, [1, "T", LFR]),
        helper.make_tensor_value_info("speech_lengths", TensorProto.INT32, [1]),
    ]
    sums = [
        helper.make_node("ReduceSum", ["speech"], ["sum"], keepdims=0),
        helper.make_node("Cast", ["speech_lengths"], ["lengths_f"], to=TensorProto.FLOAT),
        helper.make_node("Sum", ["sum", "lengths_f"], ["all"]),
    ]
    fields = {"vocab_size": str(len(TOKENS)), "lfr_window_size": "7", "lfr_window_shift": "6", **_means()}
    return _one(folder, inputs, sums, logits, fields, count=len(said))


def transducer(folder: Path, says: Sequence[str]) -> Path:
    """A streaming one with an LSTM encoder: what is said next depends on what has been said alone."""
    from onnx import TensorProto, helper, numpy_helper

    folder.mkdir(parents=True, exist_ok=True)
    size = len(TOKENS)
    follows = np.full((size, size), -9.0, np.float32)
    chain = [0, *(TOKENS.index(token) for token in says)]
    for token, after in zip(chain, [*chain[1:], 0], strict=True):
        follows[token, after] = 9.0
    for token in range(size):
        if token not in chain:
            follows[token, 0] = 9.0

    def info(name: str, kind: int, *shape: Any) -> Any:
        return helper.make_tensor_value_info(name, kind, list(shape))

    real, whole = TensorProto.FLOAT, TensorProto.INT64
    _save(
        folder / "encoder.onnx",
        [
            helper.make_node("Slice", ["x", "zero", "end", "axis", "four"], ["few"]),
            helper.make_node("ReduceMean", ["few"], ["mean"], axes=[2], keepdims=1),
            helper.make_node("Mul", ["mean", "none"], ["encoder_out"]),
            helper.make_node("Identity", ["h"], ["next_h"]),
            helper.make_node("Identity", ["c"], ["next_c"]),
        ],
        [info("x", real, "N", "T", 80), info("h", real, 1, "N", WIDTH), info("c", real, 1, "N", WIDTH)],
        [
            info("encoder_out", real, "N", "U", size),
            info("next_h", real, 1, "N", WIDTH),
            info("next_c", real, 1, "N", WIDTH),
        ],
        [
            numpy_helper.from_array(np.array([0]), "zero"),
            numpy_helper.from_array(np.array([8]), "end"),
            numpy_helper.from_array(np.array([1]), "axis"),
            numpy_helper.from_array(np.array([4]), "four"),
            numpy_helper.from_array(np.zeros((1, 1, size), np.float32), "none"),
        ],
        {
            "model_type": "lstm", "num_encoder_layers": "1", "T": "9", "decode_chunk_len": "4",
            "rnn_hidden_size": str(WIDTH), "d_model": str(WIDTH),
        },
    )  # fmt: skip
    _save(
        folder / "decoder.onnx",
        [
            helper.make_node("Gather", ["y", "last"], ["token"], axis=1),
            helper.make_node("Gather", ["eye", "token"], ["decoder_out"], axis=0),
        ],
        [info("y", whole, "N", 2)],
        [info("decoder_out", real, "N", size)],
        [
            numpy_helper.from_array(np.array(1), "last"),
            numpy_helper.from_array(np.eye(size, dtype=np.float32), "eye"),
        ],
        {"vocab_size": str(size), "context_size": "2"},
    )
    _save(
        folder / "joiner.onnx",
        [
            helper.make_node("Add", ["encoder_out", "decoder_out"], ["both"]),
            helper.make_node("MatMul", ["both", "follows"], ["logit"]),
        ],
        [info("encoder_out", real, "N", size), info("decoder_out", real, "N", size)],
        [info("logit", real, "N", size)],
        [numpy_helper.from_array(follows, "follows")],
        {"joiner_dim": str(size)},
    )
    _tokens(folder)
    return folder


def _means() -> dict[str, str]:
    return {"neg_mean": ",".join(["0"] * LFR), "inv_stddev": ",".join(["1"] * LFR)}


def _one(
    folder: Path, inputs: Sequence[Any], sums: Sequence[Any], logits: Any, fields: Mapping[str, str],
    *, count: int | None = None, held: Mapping[str, Any] | None = None, fixed: str = "fixed",
) -> Path:  # fmt: skip
    """Fixed logits, to which nothing is added of the inputs (an input that nothing reads would be dropped)."""
    from onnx import TensorProto, helper, numpy_helper

    folder.mkdir(parents=True, exist_ok=True)
    nodes = [
        *sums,
        helper.make_node("Mul", ["all", "none"], ["nothing"]),
        helper.make_node("Add", [fixed, "nothing"], ["logits"]),
    ]
    outputs = [helper.make_tensor_value_info("logits", TensorProto.FLOAT, [1, "U", len(TOKENS)])]
    known = {"fixed": logits, "none": np.zeros(1, np.float32), **(held or {})}
    arrays = [numpy_helper.from_array(array, name) for name, array in known.items()]
    if count is not None:
        nodes.append(helper.make_node("Identity", ["count"], ["token_num"]))
        outputs.append(helper.make_tensor_value_info("token_num", TensorProto.INT32, [1]))
        arrays.append(numpy_helper.from_array(np.array([count], np.int32), "count"))
    _save(folder / "model.onnx", nodes, inputs, outputs, arrays, fields)
    _tokens(folder)
    return folder


def _save(
    path: Path, nodes: Sequence[Any], inputs: Sequence[Any], outputs: Sequence[Any], held: Sequence[Any],
    fields: Mapping[str, str],
) -> None:  # fmt: skip
    import onnx
    from onnx import helper

    graph = helper.make_graph(nodes, "tiny", inputs, outputs, held)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    for key, value in fields.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.save(model, str(path))


def _tokens(folder: Path) -> None:
    (folder / "tokens.txt").write_text("".join(f"{token} {at}\n" for at, token in enumerate(TOKENS)), "utf-8")
