"""Where sound of a call lies outside the record's file: recordings, and pages that were made from them.

A file is entered before it is made, so that none is without an entry whatever crashes.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import select
from sqlalchemy.dialects.sqlite import insert

from huashu.store import schema
from huashu.store.log import Store

Kind = Literal["recording", "report"]
_NAMED = re.compile(r"(?P<call>[0-9a-z]{16})(\.\d+)?\.(?P<ending>wav|html)")
"""`CALL.wav`, of a resumed call `CALL.2.wav`; pages beside them. Calls are named by huashu.core.ids."""


@dataclass(frozen=True, slots=True)
class Kept:
    path: Path
    call: str
    kind: Kind
    made: float
    """Unix seconds."""


class Files:
    def __init__(self, store: Store) -> None:
        self._store = store

    def put(self, path: Path, call: str, kind: Kind, made: float) -> None:
        """It is going to be written; one that was at that place belongs to its new call."""
        values = {"path": str(path.resolve()), "call": call, "kind": kind, "made": made, "doomed": 0}
        statement = insert(schema.files).values(**values)
        with self._store.writing():
            self._store.connection.execute(statement.on_conflict_do_update(index_elements=["path"], set_=values))

    def of(self, call: str) -> list[Kept]:
        table = schema.files
        columns = (table.c.path, table.c.call, table.c.kind, table.c.made)
        with self._store.reading() as connection:
            rows = connection.execute(select(*columns).where(table.c.call == call).order_by(table.c.path))
            return [Kept(Path(row.path), row.call, row.kind, row.made) for row in rows]

    def call_of(self, path: Path) -> str | None:
        """The call that the file is of; None: it is not entered."""
        table = schema.files
        with self._store.reading() as connection:
            where = table.c.path == str(path.resolve())
            return connection.execute(select(table.c.call).where(where)).scalar_one_or_none()

    def adopt(self, folder: Path) -> int:
        """Enter what lies in a folder under the name of a call and is not entered yet: files of before there were
        entries, or that were moved there. How many."""
        found = [
            {"path": str(kept.path), "call": kept.call, "kind": kept.kind, "made": kept.made} for kept in _in(folder)
        ]
        with self._store.writing():
            execute = self._store.connection.execute
            return sum(execute(insert(schema.files).values(**row).on_conflict_do_nothing()).rowcount for row in found)


def _in(folder: Path) -> Iterator[Kept]:
    for path in sorted(folder.resolve().iterdir()):
        match = _NAMED.fullmatch(path.name)
        if match is not None and path.is_file():
            kind: Kind = "recording" if match["ending"] == "wav" else "report"
            yield Kept(path, match["call"], kind, path.stat().st_mtime)
