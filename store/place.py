"""Where the record lies: from what the operator wrote to a file that only this user reads."""

import os
from contextlib import suppress
from pathlib import Path

from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError

from huashu.core.errors import UsageError


def make_private(path: Path) -> None:
    """Make a new file readable for this user alone: it holds what callers said, and may hold the keys to it.

    SQLite gives the -wal and -shm files beside it the same mode. That of a file already there is the operator's.

    Raises OSError when it cannot be made.
    """
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))


def path_of(url: str | Path) -> Path:
    if isinstance(url, Path) or "://" not in url:
        return Path(url)
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise UsageError(f"{url!r} is no store URL; write sqlite:///path") from None
    if parsed.get_backend_name() != "sqlite":
        raise UsageError(f"stores of kind {parsed.get_backend_name()!r} are not supported; write sqlite:///path")
    if not parsed.database or parsed.database == ":memory:":
        raise UsageError("the store needs a file: sqlite:///path")
    return Path(parsed.database)
