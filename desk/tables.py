"""The desk's own tables in the record's file: who may sign in, who is signed in, and who saw and did what.

They stand beside the record's tables and carry their own version. Nothing of what callers say is in any of them: the
audit holds names of people, commands and conversations, never content.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
)
from sqlalchemy.exc import SQLAlchemyError

from huashu.core.errors import StoreError
from huashu.store import versions
from huashu.store.place import open_file, path_of

VERSION = 1
_PRAGMAS = ("wal_autocheckpoint=10000",)
"""Beside a store in the same file its own checkpoints come sooner, and not in the midst of an answer."""

metadata = MetaData()

version = Table("desk_schema", metadata, Column("version", Integer, nullable=False))

users = Table(
    "desk_users",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("language", String, nullable=False),
    Column("password", String, nullable=False),  # argon2 hash; empty: signs in elsewhere (OIDC)
    Column("subject", String, nullable=False),  # "issuer subject" of an OIDC identity; empty: none
    Column("disabled", Integer, nullable=False, default=0),
    Column("created", Float, nullable=False),
    Column("changed", Float, nullable=False),  # of password, role or state: sessions begun before are over
)

sessions = Table(
    "desk_sessions",
    metadata,
    Column("digest", String, primary_key=True),  # SHA-256 of the cookie: who reads this table cannot sign in with it
    Column("user", String, nullable=False, index=True),
    Column("csrf", String, nullable=False),
    Column("created", Float, nullable=False),
    Column("touched", Float, nullable=False),
    Column("expires", Float, nullable=False),
    Column("locked", Integer, nullable=False, default=0),
)

audit = Table(
    "desk_audit",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("at", Float, nullable=False, index=True),
    Column("user", String, nullable=False),
    Column("role", String, nullable=False),
    Column("session", String, nullable=False),
    Column("where", String, nullable=False),
    Column("what", String, nullable=False),
    Column("about", String, nullable=False),
    Column("detail", String, nullable=False),
    Column("outcome", String, nullable=False),
)


class Tables:
    """The open file. Used from one thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._raw = engine.raw_connection()

    @classmethod
    def open(cls, url: str | Path) -> Self:
        """url: as of `huashu.store.log.Store.open`; the same file serves both.

        Raises:
            StoreError: it cannot be opened, or a newer Huashu made these tables (code "newer").
        """
        path = path_of(url)
        try:
            engine = open_file(path, pragmas=_PRAGMAS)
            with engine.begin() as connection:
                versions.prepare(connection, metadata, version, VERSION, {}, whose="the desk")
        except (SQLAlchemyError, OSError) as error:
            raise StoreError(f"cannot open the desk's tables in {path}: {error}") from error
        return cls(engine)

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """A transaction. Raises StoreError when the database refuses."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            raise StoreError(f"the desk's tables: {error}") from error

    def row(self, statement: str, values: tuple[str, ...]) -> tuple[Any, ...] | None:
        """One row by plain SQL, as it is committed: for what is asked with every message. Raises StoreError."""
        try:
            found: tuple[Any, ...] | None = self._raw.cursor().execute(statement, values).fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"the desk's tables: {error}") from error
        return found

    def close(self) -> None:
        self._raw.close()
        self._engine.dispose()
