"""How an unexpected exception may be logged: its type and place, never its message (it may quote the caller)."""

from pathlib import Path


def where(error: BaseException) -> str:
    """ "KeyError at walk.py:112"."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = (
        f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace is not None else "unknown place"
    )
    return f"{type(error).__name__} at {place}"
