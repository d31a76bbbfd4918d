"""What is still to be delivered to other systems, in order of when it is due. Delivered rows are gone.

Bodies are masked, not sealed; those that tell of a call go when it is erased or swept (`store.forgetting`).
"""

from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from huashu.store import schema
from huashu.store.log import Store


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

    def put(self, id_: str, target: str, body: str, now: float, call: str = "") -> None:
        values = {"id": id_, "target": target, "body": body, "created": now, "due": now, "tries": 0, "call": call}
        with self._store.writing():
            self._store.connection.execute(insert(schema.outgoing).values(**values))

    def due(self, now: float, most: int) -> list[Waiting]:
        """Those whose time has come, the longest due first."""
        table = schema.outgoing
        wanted = select(table).where(table.c.due <= now).order_by(table.c.due, table.c.n).limit(most)
        with self._store.reading() as connection:
            return [Waiting(**row) for row in connection.execute(wanted).mappings()]

    def next(self) -> float | None:
        """When the next is due."""
        with self._store.reading() as connection:
            return connection.execute(select(func.min(schema.outgoing.c.due))).scalar_one_or_none()

    def count(self) -> int:
        with self._store.reading() as connection:
            return int(connection.execute(select(func.count()).select_from(schema.outgoing)).scalar_one())

    def again(self, n: int, due: float, tries: int) -> None:
        with self._store.writing():
            self._store.connection.execute(
                update(schema.outgoing).where(schema.outgoing.c.n == n).values(due=due, tries=tries)
            )

    def done(self, n: int) -> None:
        """Delivered, or given up."""
        with self._store.writing():
            self._store.connection.execute(delete(schema.outgoing).where(schema.outgoing.c.n == n))
