"""Opening ONNX weights: one way for every engine that runs them, and a look into those that another library will run,
since some end the process over a file they did not expect.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from huashu.core.errors import EngineError


def open_session(path: Path, *, threads: int = 1, arena: bool = True, optimised: bool = True) -> Any:
    """An `onnxruntime.InferenceSession` on the processor.

    threads: those of one run; 0 leaves the number to onnxruntime. arena: whether memory of one run is kept for the
    next. optimised: whether the graph is made ready to run; not worth it for a look.

    Raises:
        EngineError: no such file, or nothing that onnxruntime can run (code "bad_model").
    """
    import onnxruntime  # type: ignore[import-untyped]  # only here: heavy, and weights are opened seldom
    from onnxruntime.capi import onnxruntime_pybind11_state as native  # type: ignore[import-untyped]

    if not path.is_file():
        raise EngineError(f"{path} is missing", code="bad_model")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = arena
    options.log_severity_level = 4  # what is wrong is told by the exception
    if not optimised:
        options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
    # onnxruntime's exceptions are a dozen classes, one for each status code, without a base of their own.
    failures = tuple(kind for kind in vars(native).values() if isinstance(kind, type) and issubclass(kind, Exception))
    try:
        return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    except failures as error:
        raise EngineError(f"{path} is no ONNX model: {str(error)[:120]}", code="bad_model") from error


def metadata(path: Path, wanted: Sequence[str], *, numbers: Sequence[str] = ()) -> dict[str, str]:
    """The metadata of a model.

    wanted: fields that must be there. numbers: those of them that must be whole numbers.

    Raises:
        EngineError: no such file, no ONNX model, or a field is missing or no number (code "bad_model").
    """
    session = open_session(path, optimised=False)
    fields: dict[str, str] = dict(session.get_modelmeta().custom_metadata_map)
    missing = [name for name in wanted if name not in fields]
    if missing:
        raise EngineError(f"{path}: its metadata lacks {', '.join(missing)}", code="bad_model")
    for name in numbers:
        if not fields[name].isdigit():
            raise EngineError(f"{path}: metadata {name} is a whole number, not {fields[name][:20]!r}", code="bad_model")
    return fields


_MOST_MISSING = 0.9
"""Share of a model's symbols that its tokens.txt has at least: some leave out special ones."""


def check_tokens(path: Path, *, vocabulary: int = 0) -> None:
    """Raises EngineError when a tokens.txt is missing, has a line that is not a symbol and its number, or has far fewer
    of them than the model has (`vocabulary`, its vocab_size): then it is another model's, which is known too late, when
    a symbol is looked up that is not there."""
    if not path.is_file():
        raise EngineError(f"{path} is missing", code="bad_model")
    lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.rsplit(maxsplit=1)[-1].isdigit():
            raise EngineError(f"{path}:{number}: a symbol and its number, not {line[:40]!r}", code="bad_model")
    count = sum(1 for line in lines if line.strip())
    if count < _MOST_MISSING * vocabulary:
        raise EngineError(f"{path} has {count} symbols, the model's vocab_size is {vocabulary}", code="bad_model")
