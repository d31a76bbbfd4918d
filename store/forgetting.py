"""Forgetting calls: one of them wholly, or old ones by what is kept how long.

Erasing takes the key of a call away, what the centre keeps of its words, what was still to be told of it to other
systems, and its files. Its structure and its outcome stay, as do who had it and who looked at what. Sweeping takes
calls away with everything.

First everything in the database goes, in one transaction which also marks the files; then the files go, and with each
its entry. Whatever is stopped in between is finished by the next run of either, and either may be repeated.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Select, Table, delete, exists, func, select, update

from huashu.core.errors import UsageError
from huashu.store import schema
from huashu.store.files import Files
from huashu.store.log import Store

DAY = 86_400.0
_IN_WORK = ("open", "assigned", "pending")
"""States of a ticket that somebody has still to do something about."""
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Retention:
    """For how many days each kind is kept after a call has ended, or begun and been abandoned; None: for ever.

    Raises:
        UsageError: not a positive number, or a part that would outlive its whole.
    """

    calls: float | None = None
    """Everything of a call, its row in the list of calls with it."""
    words: float | None = None
    """What callers said and own, in any form: then the call is erased."""
    recordings: float | None = None
    """Sound: recordings, and the pages made from them, counted from when they were begun."""

    def __post_init__(self) -> None:
        for name, days in (("calls", self.calls), ("words", self.words), ("recordings", self.recordings)):
            if days is not None and not days > 0:
                raise UsageError(f"{name} for {days:g} days: a positive number of days")
        for part, whole, days, most in (
            ("words", "calls", self.words, self.calls),
            ("recordings", "words", self.recordings, self.words),
            ("recordings", "calls", self.recordings, self.calls),
        ):
            if days is not None and most is not None and days > most:
                raise UsageError(f"{part} for {days:g} days, but {whole} for {most:g}: they go with their {whole}")


@dataclass(slots=True)
class Forgotten:
    """How much of each kind has gone."""

    swept: int = 0
    """Calls, row and all."""
    erased: int = 0
    """Calls of which the structure stays."""
    turns: int = 0
    """Of erased calls: their words are unreadable now."""
    results: int = 0
    """Answers of actions that had still to be logged."""
    tickets: int = 0
    notes: int = 0
    comments: int = 0
    """Ratings whose words are gone; their scores stay."""
    untold: int = 0
    """Events that were still to be delivered to other systems."""
    files: int = 0
    missing: tuple[Path, ...] = ()
    """Files that were not where they had been written: deleted before, or moved."""
    failed: tuple[tuple[Path, str], ...] = ()
    """Files that could not be deleted, and why: the next run tries again."""
    in_work: int = 0
    """Calls that are old enough but have a ticket in work: kept until it is done."""


def erase(store: Store, call: str, *, folder: Path | None = None) -> Forgotten:
    """Make everything private of a call unreadable for ever; its structure and outcome stay.

    folder: where recordings of before this store had entries of them lie, or were moved to.

    Raises:
        StoreError: no such call (code "unknown"), and no file of one.
    """
    files = Files(store)
    if folder is not None:
        files.adopt(folder)
    if not files.of(call):
        store.call(call)
    gone = Forgotten()
    with store.writing():
        _erase(store, [call], gone)
    _finish(store, [call], gone)
    return gone


def sweep(store: Store, retention: Retention, *, now: float, folder: Path | None = None) -> Forgotten:
    """Forget what has been kept for its time. now: Unix seconds; folder: as of `erase`."""
    if folder is not None:
        Files(store).adopt(folder)
    gone = Forgotten()
    calls, table, file = schema.calls, schema.files, schema.files.c
    with store.writing():
        execute = store.connection.execute
        swept: list[str] = []
        erased: list[str] = []
        if retention.calls is not None:
            before = now - retention.calls * DAY
            swept, waiting = _due(store, _older(before))
            gone.in_work = waiting
            _sweep(store, swept, gone)
            # of calls that never came to be, or were swept before there were entries of files
            ownerless = ~exists().where(calls.c.id == file.call)
            execute(update(table).where(file.made < before, ownerless).values(doomed=1))
        if retention.words is not None:
            erased, waiting = _due(store, _older(now - retention.words * DAY, calls.c.erased == 0))
            gone.in_work = max(gone.in_work, waiting)
            _erase(store, erased, gone)
        if retention.recordings is not None:
            execute(update(table).where(file.made < now - retention.recordings * DAY).values(doomed=1))
    _finish(store, [*swept, *erased], gone)
    return gone


def _older(before: float, *more: ColumnElement[bool]) -> Select[Any]:
    calls = schema.calls.c
    return select(calls.id).where(func.coalesce(calls.ended, calls.started) < before, *more)


def _due(store: Store, wanted: Select[Any]) -> tuple[list[str], int]:
    """(those of which no ticket is in work, how many others)."""
    found = list(store.connection.execute(wanted).scalars())
    table = schema.tickets.c
    working = set(store.connection.execute(select(table.call).where(table.state.in_(_IN_WORK))).scalars())
    due = [call for call in found if call not in working]
    return due, len(found) - len(due)


def _sweep(store: Store, calls: Sequence[str], gone: Forgotten) -> None:
    execute = store.connection.execute
    gone.swept += len(calls)
    for some in _chunks(calls):
        execute(update(schema.files).where(schema.files.c.call.in_(some)).values(doomed=1))
        for child in (schema.log, schema.keys, schema.results, *schema.OF_A_CALL):
            rows = execute(delete(child).where(child.c.call.in_(some))).rowcount
            if child is schema.outgoing:
                gone.untold += rows
        execute(delete(schema.calls).where(schema.calls.c.id.in_(some)))


def _erase(store: Store, calls: Sequence[str], gone: Forgotten) -> None:
    for some in _chunks(calls):
        fresh = _count(store, update(schema.calls), schema.calls.c.id.in_(some), schema.calls.c.erased == 0, erased=1)
        gone.erased += fresh
        log, keys = schema.log.c, schema.keys.c
        readable = select(func.count()).where(log.call.in_(some), log.sealed.is_not(None), log.call == keys.call)
        gone.turns += store.connection.execute(readable).scalar_one()
        store.connection.execute(delete(schema.keys).where(keys.call.in_(some)))
        gone.results += _count(store, delete(schema.results), schema.results.c.call.in_(some))
        gone.untold += _count(store, delete(schema.outgoing), schema.outgoing.c.call.in_(some))
        gone.tickets += _unsealed(store, schema.tickets, some)
        gone.notes += _unsealed(store, schema.notes, some)
        gone.comments += _unsealed(store, schema.ratings, some)
        ticket = schema.tickets.c  # what somebody filled in; in older rows it stands beside the sealed part
        bare = func.json_remove(ticket.data, "$.area")
        store.connection.execute(update(schema.tickets).where(ticket.call.in_(some)).values(data=bare))
        _count(store, update(schema.files), schema.files.c.call.in_(some), doomed=1)


def _finish(store: Store, calls: Sequence[str], gone: Forgotten) -> None:
    """What has gone from the database is gone from its log and from memory, too; then the files."""
    store.forget_keys(calls)
    store.scrub()
    table = schema.files
    erased = select(schema.calls.c.id).where(schema.calls.c.erased == 1)
    with store.writing():
        store.connection.execute(update(table).where(table.c.call.in_(erased)).values(doomed=1))
        paths = list(store.connection.execute(select(table.c.path).where(table.c.doomed == 1)).scalars())
    missing, failed = [], []
    for path in paths:
        try:
            Path(path).unlink()
            gone.files += 1
        except FileNotFoundError:
            missing.append(Path(path))
        except OSError as error:
            failed.append((Path(path), error.strerror or type(error).__name__))
            continue
        with store.writing():
            store.connection.execute(delete(table).where(table.c.path == path))
    gone.missing, gone.failed = tuple(missing), tuple(failed)


def _unsealed(store: Store, table: Table, calls: Sequence[str]) -> int:
    return _count(store, update(table), table.c.call.in_(calls), table.c.sealed.is_not(None), sealed=None)


def _count(store: Store, statement: Any, *where: ColumnElement[bool], **values: Any) -> int:
    """Rows that it touches."""
    statement = statement.where(*where)
    return int(store.connection.execute(statement.values(**values) if values else statement).rowcount)


def _chunks(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _AT_ONCE):
        yield items[start : start + _AT_ONCE]
