"""A voice of a few kilobytes in Piper's format: each number is a tone of so many frames."""

import json
from pathlib import Path
from typing import Any

RATE, HOP = 16000, 256
FRAMES = 2
"""Of 256 samples, for each number; twice as many at half the speed."""
SIGNS = "_^$ ,.!?;:ˈˌː"
SOUNDS = "abdefhijklmnoprstuvwxyzæðŋɐɑɔəɚɛɜɡɪɹʃʊʌʒθχɕ"
CONFIG: dict[str, Any] = {
    "audio": {"sample_rate": RATE, "quality": "x_low"},
    "espeak": {"voice": "en-us"},
    "inference": {"noise_scale": 0.667, "length_scale": 1, "noise_w": 0.8},
    "phoneme_type": "espeak",
    "phoneme_id_map": {sign: [number] for number, sign in enumerate(SIGNS + SOUNDS)},
    "num_symbols": len(SIGNS + SOUNDS),
    "num_speakers": 1,
    "speaker_id_map": {},
}


def build(folder: Path, *, durations: bool = True, **fields: Any) -> Path:
    """voice.onnx and voice.onnx.json. durations: the weights tell them. fields: of the
    JSON, instead of CONFIG's; None leaves one out."""
    import onnx
    from onnx import TensorProto, helper

    folder.mkdir(parents=True, exist_ok=True)
    config = {name: value for name, value in {**CONFIG, **fields}.items() if value is not None}
    inputs = [
        helper.make_tensor_value_info("input", TensorProto.INT64, ["N", "T"]),
        helper.make_tensor_value_info("input_lengths", TensorProto.INT64, ["N"]),
        helper.make_tensor_value_info("scales", TensorProto.FLOAT, [3]),
    ]
    if config.get("num_speakers", 1) > 1:
        inputs.append(helper.make_tensor_value_info("sid", TensorProto.INT64, ["N"]))
    count = HOP * FRAMES * 4
    constants = [
        helper.make_tensor("ramp", TensorProto.FLOAT, [1, 1, count], [6.2832 * 90 * at / RATE for at in range(count)]),
        helper.make_tensor("second", TensorProto.INT64, [1], [1]),
        helper.make_tensor("last", TensorProto.INT64, [1], [2]),
        helper.make_tensor("frames", TensorProto.FLOAT, [1], [float(FRAMES)]),
        helper.make_tensor("hop", TensorProto.FLOAT, [1], [float(HOP)]),
        helper.make_tensor("nothing", TensorProto.INT64, [1], [0]),
        helper.make_tensor("flat", TensorProto.INT64, [3], [1, 1, -1]),
    ]
    nodes = [
        helper.make_node("Slice", ["scales", "second", "last"], ["length"]),
        helper.make_node("Mul", ["length", "frames"], ["each"]),
        helper.make_node("Ceil", ["each"], ["whole"]),
        helper.make_node("Mul", ["whole", "hop"], ["samples"]),
        helper.make_node("Cast", ["samples"], ["size"], to=TensorProto.INT64),
        helper.make_node("Slice", ["ramp", "nothing", "size", "last"], ["cut"]),
        helper.make_node("Cast", ["input"], ["pitch"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["pitch", "last"], ["column"]),
        helper.make_node("Mul", ["column", "cut"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["tones"]),
        helper.make_node("Reshape", ["tones", "flat"], ["output"]),
        helper.make_node("Shape", ["input"], ["shape"]),
        helper.make_node("Expand", ["whole", "shape"], ["w_ceil"]),
    ]
    outputs = [helper.make_tensor_value_info("output", TensorProto.FLOAT, [1, 1, "S"])]
    if durations:
        outputs.append(helper.make_tensor_value_info("w_ceil", TensorProto.FLOAT, ["N", "T"]))
    graph = helper.make_graph(nodes, "tiny", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    onnx.save(model, str(folder / "voice.onnx"))
    (folder / "voice.onnx.json").write_text(json.dumps(config), encoding="utf-8")
    return folder
