"""The hot path: one connection that writes turns, one transaction a turn or one for many.

Statements here are raw SQL over the driver connection under SQLAlchemy: the same two statements through
SQLAlchemy Core cost more than the commit itself (bench/turns.py prints both). Everything that is not a turn is
written with SQLAlchemy Core in `store.log`, over this same connection and lock.
"""

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import SQLAlchemyError

from huashu.core.errors import StoreError

Row = tuple[Any, ...]

# the fence is inside the insert: a row of a worker whose epoch is no longer the call's is simply not inserted
_APPEND = (
    "INSERT INTO log (call, seq, now, payload, sealed) SELECT ?, ?, ?, ?, ? "
    "WHERE EXISTS (SELECT 1 FROM calls WHERE id = ? AND epoch = ? AND state = 'open')"
)
_CLOSE = (
    "UPDATE calls SET state = 'closed', ended = ?, ending = ?, result = ?, label = ?, turns = ? "
    "WHERE id = ? AND epoch = ? AND state = 'open'"
)
_OPEN = (
    "INSERT INTO calls (id, bot, digest, flow_digest, model_digest, direction, medium, started, state, epoch, erased) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'open', 1, 0)"
)
# kept results are in the log by now
_TIDY = "DELETE FROM results WHERE call = ?"
_KEY = "INSERT INTO keys (call, wrapped, key) VALUES (?, ?, ?)"


@dataclass(slots=True)
class Write:
    """One turn, ready to write: rows in the column order of the statements above."""

    call: str
    rows: list[Row]
    opens: tuple[Row, Row] | None = None
    closes: Row | None = None
    waiter: "asyncio.Future[None] | None" = None
    done: threading.Event | None = None
    error: StoreError | None = None


class Writer:
    """Owns the writing connection. Every method may be called from any thread.

    `window` None: each `write` is its own transaction. Otherwise a thread collects writes for `window` seconds and
    commits them together; `write` returns, and `written` resumes, after that commit.
    """

    def __init__(self, connection: sqlite3.Connection, *, window: float | None = None) -> None:
        self._connection = connection
        self._window = window
        self._lock = threading.RLock()
        self._queue: deque[Write] = deque()
        self._wanted = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        if window is not None:
            self._thread = threading.Thread(target=self._collect, name="huashu-store", daemon=True)
            self._thread.start()

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The connection inside BEGIN IMMEDIATE … COMMIT, rolled back when the block raises.

        Raises:
            StoreError: the database refused (locked beyond the busy timeout, disk full, damaged).
        """
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                try:
                    yield self._connection
                except BaseException:
                    if self._connection.in_transaction:  # a full disk has rolled it back already
                        self._connection.execute("ROLLBACK")
                    raise
                self._connection.execute("COMMIT")
            except (sqlite3.Error, SQLAlchemyError) as error:
                raise StoreError(f"the record could not be written: {error}") from error

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
            self._enqueue(write)
            write.done.wait()
        if write.error is not None:
            raise write.error

    async def written(self, write: Write) -> None:
        """`write` without blocking the event loop while a group is collected."""
        if self._window is None:
            self._commit([write])
            if write.error is not None:
                raise write.error
            return
        write.waiter = asyncio.get_running_loop().create_future()
        self._enqueue(write)
        await write.waiter

    def close(self) -> None:
        """Commit what is queued and stop the collecting thread. Does not close the connection."""
        self._stopping = True
        self._wanted.set()
        if self._thread is not None:
            self._thread.join()

    def _enqueue(self, write: Write) -> None:
        if self._stopping:
            raise StoreError("the store is closed")
        self._queue.append(write)
        self._wanted.set()

    def _collect(self) -> None:
        pause = threading.Event()
        while not (self._stopping and not self._queue):
            self._wanted.wait()
            if not self._stopping:
                pause.wait(self._window)
            self._wanted.clear()
            batch = []
            while self._queue:
                batch.append(self._queue.popleft())
            if batch:
                self._commit(batch)
                self._wake(batch)

    def _commit(self, batch: list[Write]) -> None:
        """All in one transaction; if one is refused, each in its own, so that only the refused one fails."""
        try:
            with self.transaction() as connection:
                for write in batch:
                    _apply(connection, write)
        except StoreError as error:
            if len(batch) == 1:
                batch[0].error = error
                return
            for write in batch:
                self._commit([write])

    def _wake(self, batch: list[Write]) -> None:
        loops: dict[asyncio.AbstractEventLoop, list[Write]] = {}
        for write in batch:
            if write.done is not None:
                write.done.set()
            if write.waiter is not None:
                loops.setdefault(write.waiter.get_loop(), []).append(write)
        for loop, writes in loops.items():
            try:
                loop.call_soon_threadsafe(_resolve, writes)
            except RuntimeError:  # the loop was closed while its last turns were being written: nobody waits
                continue


def _apply(connection: sqlite3.Connection, write: Write) -> None:
    if write.opens is not None:
        call, key = write.opens
        connection.execute(_OPEN, call)
        connection.execute(_KEY, key)
    before = connection.total_changes
    connection.executemany(_APPEND, write.rows)
    if connection.total_changes - before != len(write.rows):
        raise StoreError(f"call {write.call} is closed, or another worker has taken it over", code="stale")
    if write.closes is not None:
        connection.execute(_CLOSE, write.closes)
        connection.execute(_TIDY, (write.call,))


def _resolve(writes: list[Write]) -> None:
    for write in writes:
        waiter = write.waiter
        if waiter is None or waiter.done():
            continue
        if write.error is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(write.error)
