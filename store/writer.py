"""The hot path: one connection that writes turns, one transaction a turn or one for many.

Statements here are raw SQL over the driver connection under SQLAlchemy: the same two statements through
SQLAlchemy Core cost more than the commit itself (bench/turns.py prints both). Everything that is not a turn is
written with SQLAlchemy Core in `store.log`, over this same connection and lock.
"""

import asyncio
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from huashu.core.errors import StoreError
from huashu.store.checkpoints import Checkpoints

Row = tuple[Any, ...]

# the fence is inside the insert: a row of a worker whose epoch is no longer the call's is simply not inserted
_APPEND = (
    "INSERT INTO log (call, seq, now, payload, sealed) SELECT ?, ?, ?, ?, ? "
    "WHERE EXISTS (SELECT 1 FROM calls WHERE id = ? AND epoch = ? AND ended IS NULL)"
)
_ENDED = "ended = ?, ending = ?, result = ?, label = ?, turns = ?"
_CLOSE = f"UPDATE calls SET {_ENDED} WHERE id = ? AND epoch = ? AND ended IS NULL"
_FINISH = "UPDATE calls SET state = 'closed' WHERE id = ? AND epoch = ? AND ended IS NOT NULL"
# kept results are in the log by now
_TIDY = "DELETE FROM results WHERE call = ?"
_OPEN = (
    "INSERT INTO calls (id, bot, digest, flow_digest, model_digest, direction, medium, started, arms, state, epoch, "
    "erased) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'open', 1, 0)"
)
_KEY = "INSERT INTO keys (call, wrapped, key) VALUES (?, ?, ?)"


@dataclass(slots=True)
class Write:
    """One turn, ready to write: rows in the column order of the statements above."""

    call: str
    row: Row | None
    opens: tuple[Row, Row] | None = None
    closes: Row | None = None
    finishes: Row | None = None
    waiter: "asyncio.Future[None] | None" = None
    done: threading.Event | None = None
    error: StoreError | None = None


class Writer:
    """Owns the writing connection. Every method may be called from any thread.

    `window` None: each write is its own transaction. Otherwise whoever writes first leads: after `window` seconds
    it commits what has gathered behind it. There is one such group for each event loop and one for all threads. A
    thread of our own would be worse: inserting, it would fight a busy event loop for the interpreter lock row by row.
    """

    def __init__(self, connection: sqlite3.Connection, path: Path, *, window: float | None = None) -> None:
        self._connection = connection
        self._checkpoints = Checkpoints(path, self.alone)
        self._window = window
        self._lock = threading.RLock()
        self._gathering = threading.Lock()
        self._groups: dict[asyncio.AbstractEventLoop | None, list[Write]] = {}
        self._closed = False
        self._inside = False
        """This thread, which has the lock, is in a transaction."""

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection inside BEGIN IMMEDIATE … COMMIT, rolled back when the block raises. Inside another one it is a
        part of it: undone by itself when its own block raises, committed with the whole.

        Raises:
            StoreError: the database refused (locked beyond the busy timeout, disk full, damaged).
        """
        with self._lock:
            whole = not self._inside
            begin, commit = ("BEGIN IMMEDIATE", "COMMIT") if whole else ("SAVEPOINT part", "RELEASE part")
            try:
                self._connection.execute(begin)
                self._inside = True
                try:
                    yield self._connection
                except BaseException:
                    self._undo(whole)
                    raise
                self._connection.execute(commit)
                if whole:
                    self._checkpoints.committed()
            except (sqlite3.Error, SQLAlchemyError) as error:
                self._undo(whole)
                raise StoreError(f"the record could not be written: {error}") from error
            finally:
                self._inside = not whole

    @contextmanager
    def alone(self) -> Iterator[None]:
        """No other thread of this process writes meanwhile; for what cannot run in a transaction."""
        with self._lock:
            yield

    def write(self, write: Write) -> None:
        """Returns when the turn is committed. Raises StoreError (code "stale" for a fenced worker)."""
        if self._window is None:
            self._commit([write])
        else:
            write.done = threading.Event()
            if self._join(None, write):
                write.done.wait(self._window)  # nobody sets it before we do: this is the time to gather
                self._flush(None)
            else:
                write.done.wait()
        if write.error is not None:
            raise write.error

    async def written(self, write: Write) -> None:
        """`write` without blocking the event loop while a group gathers."""
        if self._window is None:
            self._commit([write])
            if write.error is not None:
                raise write.error
            return
        loop = asyncio.get_running_loop()
        write.waiter = loop.create_future()
        if self._join(loop, write):
            loop.call_later(self._window, self._flush, loop)
        await write.waiter

    def close(self) -> None:
        """Commit what has gathered; nothing more is taken. Does not close the connection."""
        self._closed = True
        for loop in list(self._groups):
            self._flush(loop)
        self._checkpoints.close()

    def _join(self, loop: asyncio.AbstractEventLoop | None, write: Write) -> bool:
        """Add to the group; True for the first, who leads."""
        if self._closed:
            raise StoreError("the store is closed")
        with self._gathering:
            group = self._groups.get(loop)
            if group is not None:
                group.append(write)
                return False
            self._groups[loop] = [write]
            return True

    def _flush(self, loop: asyncio.AbstractEventLoop | None) -> None:
        with self._gathering:
            batch = self._groups.pop(loop, None)
        if batch is None:
            return
        self._commit(batch)
        for write in batch:
            if write.done is not None:
                write.done.set()
            if write.waiter is None or write.waiter.done() or write.waiter.get_loop().is_closed():
                continue
            if write.error is None:
                write.waiter.set_result(None)
            else:
                write.waiter.set_exception(write.error)

    def _commit(self, batch: list[Write]) -> None:
        """All in one transaction; if one is refused, each in its own, so that only the refused one fails."""
        try:
            with self.transaction() as connection:
                if len(batch) == 1:
                    _apply(connection, batch[0])
                else:
                    _apply_all(connection, batch)
        except StoreError as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            for write in batch:
                self._commit([write])

    def _undo(self, whole: bool) -> None:
        if not self._connection.in_transaction:  # a full disk has rolled it back already
            return
        if whole:
            self._connection.execute("ROLLBACK")
        else:
            with suppress(sqlite3.OperationalError):  # undone already
                self._connection.execute("ROLLBACK TO part")
                self._connection.execute("RELEASE part")


def _apply(connection: sqlite3.Connection, write: Write) -> None:
    if write.opens is not None:
        call, key = write.opens
        connection.execute(_OPEN, call)
        connection.execute(_KEY, key)
    if write.row is not None and connection.execute(_APPEND, write.row).rowcount != 1:
        raise _stale(write.call)
    if write.closes is not None and connection.execute(_CLOSE, write.closes).rowcount != 1:
        raise _stale(write.call)
    if write.finishes is not None:
        if connection.execute(_FINISH, write.finishes).rowcount != 1:
            raise _stale(write.call)
        connection.execute(_TIDY, (write.call,))


def _apply_all(connection: sqlite3.Connection, batch: list[Write]) -> None:
    """The same for many: by kind of statement, in bulk. Raises StoreError when any of them is stale."""
    opens = [write.opens for write in batch if write.opens is not None]
    closes = [write.closes for write in batch if write.closes is not None]
    finishes = [write.finishes for write in batch if write.finishes is not None]
    rows = [write.row for write in batch if write.row is not None]
    if opens:
        connection.executemany(_OPEN, [call for call, _ in opens])
        connection.executemany(_KEY, [key for _, key in opens])
    before = connection.total_changes
    connection.executemany(_APPEND, rows)
    connection.executemany(_CLOSE, closes)
    connection.executemany(_FINISH, finishes)
    if connection.total_changes - before != len(rows) + len(closes) + len(finishes):
        raise _stale("of this group")
    if finishes:
        connection.executemany(_TIDY, [(write.call,) for write in batch if write.finishes is not None])


def _stale(call: str) -> StoreError:
    return StoreError(f"call {call} has ended, or another worker has taken it over", code="stale")
