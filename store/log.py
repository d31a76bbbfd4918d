"""The record: the event log of every call, its outcome, and the bytes of the scripts that held it.

Durability: SQLite in WAL mode with synchronous=NORMAL. What `append` has returned from survives kill -9 of the
process (the data is with the operating system); a power cut may lose the last instants but never the file's
consistency (sqlite.org/wal.html, "Performance Considerations"). The file is readable by other processes meanwhile.

Privacy: see `store.sealing`. Erasing (`store.forgetting`) deletes the call's key; with secure_delete on, its bytes are
overwritten too.
"""

import json
import os
import sqlite3
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Literal, Self

from sqlalchemy import Connection, Engine, func, select, tuple_, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.exc import SQLAlchemyError

from huashu.core.errors import StoreError, UsageError
from huashu.core.events import ActionResult
from huashu.store import schema, sealing
from huashu.store.place import open_file, path_of
from huashu.store.records import CallRecord, Closing, Entry, Opening
from huashu.store.writer import Write, Writer

KEY_VARIABLE = "HUASHU_STORE_KEY"
"""Environment variable with the master key that wraps the calls' keys (32 bytes, base64)."""

Commit = Literal["turn", "group"]

AT_ONCE = 500
"""Calls of one query."""
_PRAGMAS = ("wal_autocheckpoint=0", "cache_size=-16000")
"""Checkpoints are huashu.store.checkpoints' to make; 16 MB of pages."""
_KEYS_CACHED = 65536  # 0.2 KB each; a live call's key must not be looked up every turn


class Store:
    """Thread-safe; one per file and process. Use `open`, and `close` (or `with`) when done."""

    def __init__(self, engine: Engine, *, commit: Commit = "turn", window: float = 0.003, key: str | None = None):
        self._engine = engine
        self._master = sealing.master_key(key)
        self._keys: OrderedDict[str, bytes] = OrderedDict()
        self._keys_lock = threading.Lock()
        self._connection: Connection = engine.connect()
        driver = self._connection.connection.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise UsageError("the store needs the sqlite3 driver")
        self._writer = Writer(driver, Path(engine.url.database or ""), window=window if commit == "group" else None)
        with self._writer.transaction():
            schema.prepare(self._connection)

    @classmethod
    def open(
        cls, url: str | Path, *, commit: Commit = "turn", window: float = 0.003, key: str | None = None
    ) -> "Store":
        """Open or create the store.

        url: `sqlite:///calls.db` (relative), `sqlite:////var/lib/huashu/calls.db` (absolute), or just a path.
        commit: "turn": each append is one transaction. "group": appends of all calls within `window` seconds
            (0.0005 to 0.005) share one; each still returns only after its commit.
        key: master key instead of the one in HUASHU_STORE_KEY. Without either, call keys lie in clear in the same
            file: erasing works all the same, but who steals the file can read it.

        Raises:
            UsageError: a URL of an unknown form or database, a window out of range.
            StoreError: the file cannot be opened, is newer than this code (code "newer"), or the key is malformed.
        """
        if commit == "group" and not 0.0005 <= window <= 0.005:
            raise UsageError(f"window must be 0.0005 to 0.005 seconds, not {window}")
        path = path_of(url)
        try:
            engine = open_file(path, pragmas=_PRAGMAS, isolation="AUTOCOMMIT")
            return cls(engine, commit=commit, window=window, key=key or os.environ.get(KEY_VARIABLE))
        except (SQLAlchemyError, sqlite3.Error, OSError) as error:
            raise StoreError(f"cannot open the store {path}: {error}") from error

    @property
    def path(self) -> Path:
        """Of its file."""
        return Path(self._engine.url.database or "")

    # --- the life of a call ---------------------------------------------------------------------------------------

    def begin(self, opening: Opening, entries: Sequence[Entry], *, closing: Closing | None = None) -> int:
        """Record a new call with its first events (and its end); returns the owner's epoch (1). Commits.

        Raises:
            StoreError: the call exists already, or the database refused.
        """
        self._writer.write(self._opening(opening, entries, closing))
        return 1

    async def begin_async(self, opening: Opening, entries: Sequence[Entry], *, closing: Closing | None = None) -> int:
        """`begin` that does not block the event loop while a group is collected."""
        await self._writer.written(self._opening(opening, entries, closing))
        return 1

    def append(self, call: str, entries: Sequence[Entry], *, epoch: int, closing: Closing | None = None) -> None:
        """Record one turn (and how the call ended); returns after the commit.

        Raises:
            StoreError: code "stale" when another worker has claimed the call or it has ended; nothing is written.
        """
        self._writer.write(self._turn(call, entries, epoch, closing))

    async def append_async(
        self, call: str, entries: Sequence[Entry], *, epoch: int, closing: Closing | None = None
    ) -> None:
        """`append` that does not block the event loop while a group is collected."""
        await self._writer.written(self._turn(call, entries, epoch, closing))

    def finish(self, call: str, *, epoch: int) -> None:
        """The last actions of an ended call have been performed: nothing is left to do, it is closed. Commits.

        Until then it counts as open: a worker that resumes it performs its last turn again.
        """
        self._writer.write(Write(call, None, finishes=(call, epoch)))

    async def finish_async(self, call: str, *, epoch: int) -> None:
        """`finish` that does not block the event loop while a group is collected."""
        await self._writer.written(Write(call, None, finishes=(call, epoch)))

    def claim(self, call: str) -> int:
        """Become the one worker of an open call: the new epoch. Appends under older epochs fail from now on.

        Raises:
            StoreError: no such call (code "unknown"), or it is closed (code "closed").
        """
        statement = (
            update(schema.calls)
            .where(schema.calls.c.id == call, schema.calls.c.state == "open")
            .values(epoch=schema.calls.c.epoch + 1)
            .returning(schema.calls.c.epoch)
        )
        with self._writer.transaction():
            epoch = self._connection.execute(statement).scalar_one_or_none()
        if epoch is None:
            record = self.call(call)
            raise StoreError(f"call {call} is {record.state}: only an open call can be claimed", code="closed")
        return int(epoch)

    def read(self, call: str) -> list[Entry]:
        """The events of a call in order; after `erase` with `sealing.ERASED` texts in the private places.

        Raises:
            StoreError: no such call (code "unknown"), a row was altered (code "damaged"), wrong key (code "key").
        """
        log = schema.log
        with self._reading() as connection:
            rows = connection.execute(
                select(log.c.seq, log.c.payload, log.c.sealed).where(log.c.call == call).order_by(log.c.seq)
            ).all()
        if not rows:
            self.call(call)  # raises when there is no such call
        key = self._stored_key(call)  # never the cached one: another process may have erased the call
        return [
            entry
            for seq, payload, sealed in rows
            for entry in sealing.unseal(seq, payload, sealed, key, f"{call}/{seq}")
        ]

    def begun(self, calls: Sequence[str]) -> Iterator[tuple[str, Entry]]:
        """(call, the event it began with), in no order; calls that are not here or have been erased are left out.

        Raises:
            StoreError: a row was altered (code "damaged"), wrong key (code "key").
        """
        log = schema.log
        for start in range(0, len(calls), AT_ONCE):
            some = calls[start : start + AT_ONCE]
            with self._reading() as connection:
                first = select(log.c.call, func.min(log.c.seq)).where(log.c.call.in_(some)).group_by(log.c.call)
                rows = connection.execute(select(log).where(tuple_(log.c.call, log.c.seq).in_(first))).all()
                keys = connection.execute(select(schema.keys).where(schema.keys.c.call.in_(some))).all()
            opened = {row.call: self._opened(row) for row in keys}
            for row in rows:
                if row.call in opened:
                    key = opened[row.call]
                    yield row.call, sealing.unseal(row.seq, row.payload, row.sealed, key, f"{row.call}/{row.seq}")[0]

    def call(self, call: str) -> CallRecord:
        """Raises StoreError (code "unknown") when there is no such call."""
        with self._reading() as connection:
            row = connection.execute(select(schema.calls).where(schema.calls.c.id == call)).one_or_none()
        if row is None:
            raise StoreError(f"no call {call} in this store", code="unknown")
        return _record(row)

    def calls(
        self,
        *,
        bot: str | None = None,
        state: Literal["open", "closed"] | None = None,
        since: float | None = None,
        limit: int = 100,
    ) -> list[CallRecord]:
        """Newest first. `since`: Unix seconds of the start."""
        table = schema.calls
        statement = select(table).order_by(table.c.started.desc(), table.c.id.desc()).limit(limit)
        if bot is not None:
            statement = statement.where(table.c.bot == bot)
        if state is not None:
            statement = statement.where(table.c.state == state)
        if since is not None:
            statement = statement.where(table.c.started >= since)
        with self._reading() as connection:
            return [_record(row) for row in connection.execute(statement)]

    # --- results of actions ---------------------------------------------------------------------------------------

    def put_result(self, call: str, result: ActionResult) -> None:
        """Keep what an action answered until the turn that logs it: after a crash it is not run again. Commits."""
        key = self._key(call)
        if key is None:
            return  # erased while the action ran: nothing about this call is kept
        payload, sealed = sealing.seal([Entry(0, 0.0, result)], key, f"{call}/result/{result.action}")
        statement = insert(schema.results).values(call=call, action=result.action, payload=payload, sealed=sealed)
        with self._writer.transaction():
            self._connection.execute(statement.on_conflict_do_nothing())

    def get_result(self, call: str, action: str) -> ActionResult | None:
        """What `put_result` kept for this action id."""
        table = schema.results
        with self._reading() as connection:
            row = connection.execute(
                select(table.c.payload, table.c.sealed).where(table.c.call == call, table.c.action == action)
            ).one_or_none()
        if row is None:
            return None
        result = sealing.unseal(0, row.payload, row.sealed, self._key(call), f"{call}/result/{action}")[0].event
        if not isinstance(result, ActionResult):
            raise StoreError(f"the kept result of action {action} is not an ActionResult", code="damaged")
        return result

    # --- scripts --------------------------------------------------------------------------------------------------

    def put_script(self, digest: str, content: bytes) -> None:
        """Keep a script version; the same digest again is no change. Commits."""
        with self._writer.transaction():
            self._connection.execute(
                insert(schema.scripts).values(digest=digest, content=content).on_conflict_do_nothing()
            )

    def get_script(self, digest: str) -> bytes | None:
        with self._reading() as connection:
            content = connection.execute(
                select(schema.scripts.c.content).where(schema.scripts.c.digest == digest)
            ).scalar_one_or_none()
        return None if content is None else bytes(content)

    def close(self) -> None:
        """Commit what is pending and close the file. Further calls raise."""
        self._writer.close()
        self._connection.close()
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    # --- inside ---------------------------------------------------------------------------------------------------

    def _opening(self, opening: Opening, entries: Sequence[Entry], closing: Closing | None) -> Write:
        key = sealing.new_key()
        stored = key if self._master is None else sealing.wrap(self._master, key, opening.call)
        self._remember(opening.call, key)
        write = self._turn(opening.call, entries, 1, closing)
        write.opens = (
            (
                opening.call,
                opening.bot,
                opening.digest,
                opening.flow_digest,
                opening.model_digest,
                opening.direction,
                opening.medium,
                opening.started,
                json.dumps(dict(opening.arms), ensure_ascii=False) if opening.arms else "",
            ),
            (opening.call, int(self._master is not None), stored),
        )
        return write

    def _turn(self, call: str, entries: Sequence[Entry], epoch: int, closing: Closing | None) -> Write:
        row = None
        if entries:
            key = self._key(call)
            if key is None:
                raise StoreError(f"call {call} has been erased: it can have no more events", code="erased")
            first = entries[0].seq
            payload, sealed = sealing.seal(entries, key, f"{call}/{first}")
            row = (call, first, entries[-1].now, payload, sealed, call, epoch)
        write = Write(call, row)
        if closing is not None:
            end = closing
            write.closes = (end.ended, end.ending, end.result, end.label, end.turns, call, epoch)
            self.forget_keys([call])
        return write

    # --- for the other modules of this room ------------------------------------------------------------------------

    def writing(self) -> AbstractContextManager[sqlite3.Connection]:
        """A transaction of the writing connection; nobody else of this process writes meanwhile."""
        return self._writer.transaction()

    @property
    def connection(self) -> Connection:
        """To be used inside `writing`."""
        return self._connection

    def reading(self) -> AbstractContextManager[Connection]:
        return self._reading()

    def seal(self, call: str, row: str, text: str) -> bytes | None:
        """A private text under the call's key; None when the call is not in this store or has been erased."""
        key = self._key(call)
        return None if key is None else sealing.seal_text(key, row, text)

    def unseal(self, call: str, row: str, sealed: bytes | None) -> str | None:
        """The text; None when it was not kept or the call has been erased."""
        key = self._stored_key(call) if sealed is not None else None
        return None if sealed is None or key is None else sealing.unseal_text(key, row, sealed)

    def forget_keys(self, calls: Iterable[str]) -> None:
        """Those that are remembered from the file: they may have gone from it."""
        with self._keys_lock:
            for call in calls:
                self._keys.pop(call, None)

    def scrub(self) -> None:
        """Empty the write-ahead log, where overwritten pages would live on."""
        with self._writer.alone():
            self._connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def check_key(self) -> None:
        """For a server, before its first call: a master key forgotten or mistaken must not go unnoticed until an old
        call is needed, with the keys of new ones in clear meanwhile. Raises StoreError (code "key")."""
        keys = schema.keys
        with self._reading() as connection:
            call = connection.execute(select(keys.c.call).where(keys.c.wrapped == 1).limit(1)).scalar_one_or_none()
        if call is not None:
            self._stored_key(call)

    def _key(self, call: str) -> bytes | None:
        with self._keys_lock:
            key = self._keys.get(call)
        if key is None:
            key = self._stored_key(call)
            if key is not None:
                self._remember(call, key)
        return key

    def _stored_key(self, call: str) -> bytes | None:
        with self._reading() as connection:
            row = connection.execute(select(schema.keys).where(schema.keys.c.call == call)).one_or_none()
        return None if row is None else self._opened(row)

    def _opened(self, row: Any) -> bytes:
        """The key in a row of `keys`."""
        if not row.wrapped:
            return bytes(row.key)
        if self._master is None:
            raise StoreError(f"this store is sealed with a master key: set {KEY_VARIABLE}", code="key")
        return sealing.unwrap(self._master, row.key, row.call)

    def _remember(self, call: str, key: bytes) -> None:
        with self._keys_lock:
            self._keys[call] = key
            if len(self._keys) > _KEYS_CACHED:
                self._keys.popitem(last=False)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        try:
            with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(f"the record could not be read: {error}") from error


def _record(row: Any) -> CallRecord:
    fields = dict(row._mapping)
    fields["call"] = fields.pop("id")
    fields["erased"] = bool(fields["erased"])
    fields["arms"] = json.loads(fields["arms"]) if fields["arms"] else {}
    return CallRecord(**fields)


__all__ = ["KEY_VARIABLE", "CallRecord", "Closing", "Commit", "Entry", "Opening", "Store"]
