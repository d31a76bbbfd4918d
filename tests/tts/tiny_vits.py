"""A voice of a few kilobytes in the format of sherpa-onnx's VITS models: each symbol is a tone of 50 ms."""

from pathlib import Path

SYMBOLS = ["_", "n", "i", "h", "ao", "z", "ai", "j", "ian", ",", ".", "hello", "there"]
LEXICON = {"你": "n i", "好": "h ao", "再": "z ai", "见": "j ian", "hello": "hello", "there": "there"}
SCALES = ("noise_scale", "length_scale", "noise_scale_w")
RATE = 16000
SAMPLES = RATE // 20
"""Of a symbol."""


def build(folder: Path, *, metadata: dict[str, str] | None = None, speakers: int = 1) -> Path:
    """model.onnx, tokens.txt, lexicon.txt. metadata: instead of what a Chinese voice has."""
    import onnx
    from onnx import TensorProto, helper

    folder.mkdir(parents=True, exist_ok=True)
    inputs = [
        helper.make_tensor_value_info("x", TensorProto.INT64, ["N", "T"]),
        helper.make_tensor_value_info("x_length", TensorProto.INT64, ["N"]),
        *(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in SCALES),
        helper.make_tensor_value_info("sid", TensorProto.INT64, [1]),
    ]  # fmt: skip
    ramp = [6.2832 * 100 * at / RATE for at in range(SAMPLES)]
    constants = [
        helper.make_tensor("ramp", TensorProto.FLOAT, [1, 1, SAMPLES], ramp),
        helper.make_tensor("third", TensorProto.INT64, [1], [2]),
        helper.make_tensor("flat", TensorProto.INT64, [3], [1, 1, -1]),
        helper.make_tensor("loud", TensorProto.FLOAT, [1], [0.3]),
        helper.make_tensor("nothing", TensorProto.FLOAT, [1], [0.0]),
    ]
    nodes = [
        helper.make_node("Cast", ["x"], ["pitch"], to=TensorProto.FLOAT),
        helper.make_node("Unsqueeze", ["pitch", "third"], ["column"]),
        helper.make_node("Mul", ["column", "ramp"], ["phase"]),
        helper.make_node("Sin", ["phase"], ["tone"]),
        helper.make_node("Mul", ["tone", "loud"], ["quiet"]),
        helper.make_node("Cast", ["sid"], ["speaker"], to=TensorProto.FLOAT),
        helper.make_node("Cast", ["x_length"], ["length"], to=TensorProto.FLOAT),
        helper.make_node("Sum", ["noise_scale", "length_scale", "noise_scale_w", "speaker", "length"], ["rest"]),
        helper.make_node("Mul", ["rest", "nothing"], ["zero"]),
        helper.make_node("Add", ["quiet", "zero"], ["all"]),
        helper.make_node("Reshape", ["all", "flat"], ["y"]),
    ]
    output = [helper.make_tensor_value_info("y", TensorProto.FLOAT, [1, 1, "S"])]
    graph = helper.make_graph(nodes, "tiny", inputs, output, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    told = {
        "model_type": "vits", "comment": "tiny", "language": "Chinese", "add_blank": "0", "punctuation": ", .",
        "n_speakers": str(speakers), "sample_rate": str(RATE), "version": "1",
    } if metadata is None else metadata  # fmt: skip
    for key, value in told.items():
        entry = model.metadata_props.add()
        entry.key, entry.value = key, value
    onnx.save(model, str(folder / "model.onnx"))
    (folder / "tokens.txt").write_text("".join(f"{symbol} {at}\n" for at, symbol in enumerate(SYMBOLS)), "utf-8")
    (folder / "lexicon.txt").write_text("".join(f"{word} {sounds}\n" for word, sounds in LEXICON.items()), "utf-8")
    return folder
