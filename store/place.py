"""Where the record lies: from what the operator wrote to an open file that only this user reads."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from sqlite3 import Connection as Driver

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.engine.interfaces import IsolationLevel
from sqlalchemy.exc import ArgumentError

from huashu.core.errors import UsageError

_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", "secure_delete=ON")
"""What every connection is told. secure_delete: deleted keys are overwritten with zeros."""


def open_file(path: Path, *, pragmas: Iterable[str] = (), isolation: IsolationLevel | None = None) -> Engine:
    """The database at `path`, made for this user alone where it is not there yet; to be used from any thread. Who finds
    it locked waits for up to 10 s.

    pragmas: what connections are told besides. isolation: of transactions; default: the driver's own.

    Raises:
        OSError: the file cannot be made.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    make_private(path)
    options = {"timeout": 10.0, "check_same_thread": False, "cached_statements": 64}
    engine = create_engine(f"sqlite:///{path}", connect_args=options, isolation_level=isolation)
    told = [f"PRAGMA {pragma}" for pragma in (*_PRAGMAS, *pragmas)]

    def configure(connection: Driver, _: object) -> None:
        for pragma in told:
            connection.execute(pragma)

    event.listen(engine, "connect", configure)
    return engine


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
