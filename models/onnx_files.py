"""A look into ONNX weights before an engine gets them: some engines end the process over a file they did not expect."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from huashu.core.errors import EngineError


def metadata(path: Path, wanted: Sequence[str], *, numbers: Sequence[str] = ()) -> dict[str, str]:
    """The metadata of a model.

    wanted: fields that must be there. numbers: those of them that must be whole numbers.

    Raises:
        EngineError: no such file, no ONNX model, or a field is missing or no number (code "bad_model").
    """
    import onnxruntime  # type: ignore[import-untyped]  # only here: weights are opened seldom

    if not path.is_file():
        raise EngineError(f"{path} is missing", code="bad_model")
    options = onnxruntime.SessionOptions()
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    options.log_severity_level = 4
    try:
        session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own exceptions share no base
        raise EngineError(f"{path} is no ONNX model: {str(error)[:120]}", code="bad_model") from error
    fields: dict[str, str] = dict(session.get_modelmeta().custom_metadata_map)
    missing = [name for name in wanted if name not in fields]
    if missing:
        raise EngineError(f"{path}: its metadata lacks {', '.join(missing)}", code="bad_model")
    for name in numbers:
        if not fields[name].isdigit():
            raise EngineError(f"{path}: metadata {name} is a whole number, not {fields[name][:20]!r}", code="bad_model")
    return fields


def check_tokens(path: Path) -> None:
    """Raises EngineError when a tokens.txt is missing, or has a line that is not a symbol and its number."""
    if not path.is_file():
        raise EngineError(f"{path} is missing", code="bad_model")
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
        if line.strip() and not line.rsplit(maxsplit=1)[-1].isdigit():
            raise EngineError(f"{path}:{number}: a symbol and its number, not {line[:40]!r}", code="bad_model")
