"""What is still to be delivered to other systems, in order of when it is due. Delivered rows are gone.

What tells of one call goes to a receiver one after the other: a row is due when the one before it is gone. Bodies are
masked, not sealed; those that tell of a call go when it is erased or swept (`store.forgetting`).
"""

from collections.abc import Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Table, and_, delete, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from huashu.store import schema
from huashu.store.log import Store

BEHIND: Final = 1e15
"""`due` of a row that another of its call, to the same receiver, is before."""


@dataclass(frozen=True, slots=True)
class Waiting:
    n: int
    id: str
    """The same at every try: the other side may tell by it that it has had this before."""
    target: str
    body: str
    created: float
    """Unix seconds, as all times here."""
    due: float
    tries: int
    call: str
    """That it tells of; empty: of none."""


class Outgoing:
    def __init__(self, store: Store) -> None:
        self._store = store

    def together(self) -> AbstractContextManager[Any]:
        """What is written inside is committed at its end."""
        return self._store.writing()

    def number(self, target: str, call: str) -> int:
        """The next of what this receiver is told of this call: 1, 2 …; gone when the call is swept."""
        table = schema.told
        counted = upsert(table).values(target=target, call=call, n=1)
        with self._store.writing():
            self._store.connection.execute(
                counted.on_conflict_do_update(index_elements=["target", "call"], set_={"n": table.c.n + 1})
            )
            return int(self._store.connection.execute(select(table.c.n).where(_of(table, target, call))).scalar_one())

    def put(self, id_: str, target: str, body: str, now: float, call: str = "") -> None:
        """Due at once, or when what this receiver is told of the call before it is gone."""
        with self._store.writing():
            due = BEHIND if call and self._first(target, call) is not None else now
            values = {"id": id_, "target": target, "body": body, "created": now, "due": due, "tries": 0, "call": call}
            self._store.connection.execute(insert(schema.outgoing).values(**values))

    def due(self, now: float, most: int, target: str | None = None) -> list[Waiting]:
        """Those whose time has come, the longest due first; of this receiver, or all."""
        table = schema.outgoing
        wanted = select(table).where(table.c.due <= now).order_by(table.c.due, table.c.n).limit(most)
        with self._store.reading() as connection:
            chosen = wanted if target is None else wanted.where(table.c.target == target)
            return [Waiting(**row) for row in connection.execute(chosen).mappings()]

    def next(self, target: str | None = None, *, but: Collection[int] = ()) -> float | None:
        """When the next is due; of this receiver, or of all. but: rows that are under way."""
        table = schema.outgoing
        wanted = select(func.min(table.c.due)).where(table.c.due < BEHIND, table.c.n.not_in(but))
        with self._store.reading() as connection:
            chosen = wanted if target is None else wanted.where(table.c.target == target)
            return connection.execute(chosen).scalar_one_or_none()

    def count(self) -> int:
        with self._store.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(schema.outgoing)).scalar_one())

    def again(self, n: int, due: float, tries: int) -> None:
        with self._store.writing():
            self._store.connection.execute(
                update(schema.outgoing).where(schema.outgoing.c.n == n).values(due=due, tries=tries)
            )

    def done(self, n: int) -> None:
        """Delivered, or given up: the next of its call to the same receiver is due."""
        table = schema.outgoing
        with self._store.writing():
            execute = self._store.connection.execute
            row = execute(select(table.c.target, table.c.call).where(table.c.n == n)).one_or_none()
            execute(delete(table).where(table.c.n == n))
            after = self._first(row.target, row.call) if row is not None and row.call else None
            if after is not None:
                waits = (table.c.n == after, table.c.due >= BEHIND)
                execute(update(table).where(*waits).values(due=table.c.created))

    def keep_only(self, targets: Collection[str]) -> int:
        """What is for receivers that are none any more goes; how many."""
        with self._store.writing():
            gone = delete(schema.outgoing).where(schema.outgoing.c.target.not_in(targets))
            return self._store.connection.execute(gone).rowcount

    def _first(self, target: str, call: str) -> int | None:
        table = schema.outgoing
        first = select(func.min(table.c.n)).where(_of(table, target, call))
        return self._store.connection.execute(first).scalar_one_or_none()


def _of(table: Table, target: str, call: str) -> ColumnElement[bool]:
    return and_(table.c.target == target, table.c.call == call)
