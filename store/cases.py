"""The record of the centre: handoffs, who sat where, tickets, notes, who looked at which private value, ratings.

Rows in, rows out; what they mean is huashu.handoff's. Private texts are sealed by the key of their call: of a call that
is not in this store, or was erased, they are not kept.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from huashu.store import schema
from huashu.store.log import Store


@dataclass(frozen=True, slots=True)
class HandoffRow:
    """One stage of a handoff: from the wish for a person, or a transfer, to its end."""

    id: str
    call: str
    number: int
    state: str
    queue: str
    agent: str
    reason: str
    requested: float
    """Unix seconds, as all times here."""
    answered: float | None
    ended: float | None
    why: str
    data: str
    disposition: str = ""


@dataclass(frozen=True, slots=True)
class TicketRow:
    id: str
    call: str
    state: str
    queue: str
    agent: str
    created: float
    due: float
    data: Mapping[str, Any]
    private: Mapping[str, Any] | None
    """None: erased."""


@dataclass(frozen=True, slots=True)
class NoteRow:
    call: str
    agent: str
    at: float
    text: str | None
    kind: str = "note"


@dataclass(frozen=True, slots=True)
class LookRow:
    call: str
    agent: str
    slot: str
    at: float


@dataclass(frozen=True, slots=True)
class RatingRow:
    call: str
    kind: str
    agent: str
    queue: str
    score: int | None
    """None: asked, and no answer."""
    at: float
    comment: str | None = None
    served: tuple[str, ...] = ()
    """All agents who had the call, in order; `agent` had it last."""


NONE: Mapping[str, str] = MappingProxyType({})


_KEEP = "INSERT OR IGNORE INTO commands (agent, id, at, answer) VALUES (?, ?, ?, ?)"
"""Plain SQL, as each turn's: with every command of every desk."""


class CaseBook:
    """Over a store that the conversations are recorded in. Each `write` is one transaction."""

    def __init__(self, store: Store) -> None:
        self._store = store

    # --- writing --------------------------------------------------------------------------------------------------

    def write(
        self, handoffs: Iterable[HandoffRow], seats: Mapping[str, str | None], tickets: Iterable[TicketRow] = (),
        figures: Mapping[str, str] = NONE,
    ) -> None:  # fmt: skip
        """What has changed, together. seats: agent → data, None: signed out; figures: queue → data."""
        with self._store.writing():
            connection = self._store.connection
            for row in handoffs:
                values = asdict(row)
                if not row.disposition:
                    del values["disposition"]
                connection.execute(_upsert(schema.handoffs, values, "id"))
                earlier = schema.handoffs.c
                connection.execute(
                    update(schema.handoffs)
                    .where(earlier.call == row.call, earlier.number < row.number, earlier.ended.is_(None))
                    .values(ended=row.requested, why="passed_on")
                )
            for agent, data in seats.items():
                if data is None:
                    connection.execute(delete(schema.seats).where(schema.seats.c.agent == agent))
                else:
                    connection.execute(_upsert(schema.seats, {"agent": agent, "data": data}, "agent"))
            for ticket in tickets:
                values = asdict(ticket)
                private = values.pop("private")
                values["data"] = json.dumps(values["data"], ensure_ascii=False)
                values["sealed"] = self._sealed(ticket.call, f"{ticket.call}/ticket/{ticket.id}", private)
                connection.execute(_upsert(schema.tickets, values, "id"))
            for queue, data in figures.items():
                connection.execute(_upsert(schema.figures, {"queue": queue, "data": data}, "queue"))

    def note(self, row: NoteRow) -> None:
        sealed = self._sealed(row.call, f"{row.call}/note", row.text)
        with self._store.writing():
            self._store.connection.execute(
                insert(schema.notes).values(call=row.call, agent=row.agent, at=row.at, kind=row.kind, sealed=sealed)
            )

    def look(self, row: LookRow) -> None:
        """Somebody was shown a private value."""
        with self._store.writing():
            self._store.connection.execute(insert(schema.looks).values(**asdict(row)))

    def rate(self, row: RatingRow) -> None:
        """The newest of a kind counts."""
        values = asdict(row)
        comment = values.pop("comment")
        values["served"] = json.dumps(row.served, ensure_ascii=False)
        values["sealed"] = self._sealed(row.call, f"{row.call}/rating/{row.kind}", comment) if comment else None
        with self._store.writing():
            self._store.connection.execute(_upsert(schema.ratings, values, "call", "kind"))

    def dispose(self, call: str, disposition: str) -> None:
        """How the newest handoff of a call went, by its agent."""
        table = schema.handoffs
        newest = select(table.c.id).where(table.c.call == call).order_by(table.c.number.desc()).limit(1)
        with self._store.writing():
            self._store.connection.execute(
                update(table).where(table.c.id == newest.scalar_subquery()).values(disposition=disposition)
            )

    def keep(self, agent: str, id_: str, at: float, answer: str) -> None:
        """What somebody was answered to a command; the first answer stands."""
        with self._store.writing() as connection:
            connection.execute(_KEEP, (agent, id_, at, answer))

    def forget_answers(self, before: float) -> None:
        with self._store.writing():
            self._store.connection.execute(delete(schema.commands).where(schema.commands.c.at < before))

    # --- reading --------------------------------------------------------------------------------------------------

    def open(self) -> list[HandoffRow]:
        """Those that had not ended, oldest first."""
        table = schema.handoffs
        with self._store.reading() as connection:
            rows = connection.execute(select(table).where(table.c.ended.is_(None)).order_by(table.c.requested))
            return [HandoffRow(**row._mapping) for row in rows]

    def handoffs(self, call: str) -> list[HandoffRow]:
        table = schema.handoffs
        with self._store.reading() as connection:
            rows = connection.execute(select(table).where(table.c.call == call).order_by(table.c.number))
            return [HandoffRow(**row._mapping) for row in rows]

    def between(self, since: float, until: float) -> list[HandoffRow]:
        """Stages that began in this time, oldest first."""
        table = schema.handoffs
        wanted = select(table).where(table.c.requested >= since, table.c.requested < until)
        with self._store.reading() as connection:
            rows = connection.execute(wanted.order_by(table.c.requested, table.c.number))
            return [HandoffRow(**row._mapping) for row in rows]

    def callers(self, most: int) -> list[tuple[str, str]]:
        """(call, agent) of the calls that a person had last, the latest first; erased ones are left out."""
        table, keys = schema.handoffs, schema.keys
        newest = select(table.c.call, table.c.agent, table.c.answered).where(
            table.c.answered.is_not(None), table.c.agent != "", table.c.call.in_(select(keys.c.call))
        )
        with self._store.reading() as connection:
            rows = connection.execute(newest.order_by(table.c.answered.desc(), table.c.number.desc()).limit(most)).all()
        found: dict[str, str] = {}
        for row in rows:
            found.setdefault(row.call, row.agent)
        return list(found.items())

    def figures(self) -> dict[str, str]:
        with self._store.reading() as connection:
            return {row.queue: row.data for row in connection.execute(select(schema.figures))}

    def answers(self, agent: str, *, since: float, most: int) -> dict[str, str]:
        """By id, the newest `most` that were given since then."""
        table = schema.commands
        statement = select(table.c.id, table.c.answer).where(table.c.agent == agent, table.c.at >= since)
        with self._store.reading() as connection:
            rows = connection.execute(statement.order_by(table.c.at.desc()).limit(most))
            return {row.id: row.answer for row in rows}

    def seats(self) -> dict[str, str]:
        with self._store.reading() as connection:
            return {row.agent: row.data for row in connection.execute(select(schema.seats))}

    def tickets(self) -> list[TicketRow]:
        table = schema.tickets
        with self._store.reading() as connection:
            rows = connection.execute(select(table).order_by(table.c.id)).all()
        found = []
        for row in rows:
            values = dict(row._mapping)
            text = self._store.unseal(row.call, f"{row.call}/ticket/{row.id}", values.pop("sealed"))
            values["data"] = json.loads(values["data"])
            found.append(TicketRow(**values, private=None if text is None else json.loads(text)))
        return found

    def forgotten(self) -> tuple[set[str], set[str]]:
        """Ids of tickets: (those on record, those of them whose call has been erased)."""
        table, calls = schema.tickets, schema.calls
        erased = select(table.c.id).join(calls, calls.c.id == table.c.call).where(calls.c.erased == 1)
        with self._store.reading() as connection:
            here = set(connection.execute(select(table.c.id)).scalars())
            return here, set(connection.execute(erased).scalars())

    def notes(self, call: str) -> list[NoteRow]:
        table = schema.notes
        with self._store.reading() as connection:
            rows = connection.execute(select(table).where(table.c.call == call).order_by(table.c.id)).all()
        texts = [self._store.unseal(call, f"{call}/note", row.sealed) for row in rows]
        return [
            NoteRow(row.call, row.agent, row.at, None if text is None else json.loads(text), row.kind)
            for row, text in zip(rows, texts, strict=True)
        ]

    def looks(self, call: str | None = None) -> list[LookRow]:
        """Who looked at what; of one call or of all."""
        table = schema.looks
        statement = select(table.c.call, table.c.agent, table.c.slot, table.c.at).order_by(table.c.id)
        with self._store.reading() as connection:
            rows = connection.execute(statement if call is None else statement.where(table.c.call == call))
            return [LookRow(*row) for row in rows]

    def ratings(self, since: float = 0.0) -> list[RatingRow]:
        """Oldest first. since: Unix seconds."""
        table = schema.ratings
        with self._store.reading() as connection:
            rows = connection.execute(select(table).where(table.c.at >= since).order_by(table.c.at)).all()
        found = []
        for row in rows:
            values = dict(row._mapping)
            text = self._store.unseal(row.call, f"{row.call}/rating/{row.kind}", values.pop("sealed"))
            values["served"] = tuple(json.loads(values["served"]))
            found.append(RatingRow(**values, comment=None if text is None else json.loads(text)))
        return found

    def _sealed(self, call: str, row: str, private: Any) -> bytes | None:
        if private is None:
            return None
        return self._store.seal(call, row, json.dumps(private, ensure_ascii=False))


def _upsert(table: Table, values: Mapping[str, Any], *key: str) -> Any:
    statement = insert(table).values(**values)
    return statement.on_conflict_do_update(
        index_elements=list(key), set_={name: value for name, value in values.items() if name not in key}
    )
