"""Tables of the record and their versions. What is in a row is decided here; who writes it, in `store.log`.

Four tables hold one bot platform's calls: `calls` (one row a call, nothing private), `log` (one row a turn),
`keys` (one random key a call: deleting it is erasing) and `results` (what an action answered, until it is in the log).
`scripts` keeps the bytes of every script version that ever opened a call.
"""

from collections.abc import Callable, Mapping

from sqlalchemy import Column, Connection, Float, Integer, LargeBinary, MetaData, String, Table, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from huashu.core.errors import StoreError

VERSION = 2
"""Version of the tables below. Raise it together with an entry in `MIGRATIONS`."""

metadata = MetaData()

version = Table("huashu_schema", metadata, Column("version", Integer, nullable=False))

calls = Table(
    "calls",
    metadata,
    Column("id", String, primary_key=True),
    Column("bot", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("flow_digest", String, nullable=False),
    Column("model_digest", String, nullable=False),
    Column("direction", String, nullable=False),
    Column("medium", String, nullable=False),
    Column("started", Float, nullable=False, index=True),
    Column("ended", Float),
    Column("ending", String),
    Column("result", String),
    Column("label", String),
    Column("turns", Integer),
    Column("state", String, nullable=False),
    Column("epoch", Integer, nullable=False),
    Column("erased", Integer, nullable=False, default=0),
    Column("arms", String, nullable=False, server_default=""),  # JSON: experiment → arm; empty: none
    sqlite_with_rowid=False,
)

log = Table(
    "log",
    metadata,
    Column("call", String, primary_key=True),
    Column("seq", Integer, primary_key=True),  # of the turn's first event
    Column("now", Float, nullable=False),
    Column("payload", String, nullable=False),
    Column("sealed", LargeBinary),
    # one B-tree keyed by (call, seq): a turn touches one leaf, and reading a call is one range scan
    sqlite_with_rowid=False,
)

keys = Table(
    "keys",
    metadata,
    Column("call", String, primary_key=True),
    Column("wrapped", Integer, nullable=False),
    Column("key", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)

results = Table(
    "results",
    metadata,
    Column("call", String, primary_key=True),
    Column("action", String, primary_key=True),
    Column("payload", String, nullable=False),
    Column("sealed", LargeBinary),
    sqlite_with_rowid=False,
)

scripts = Table(
    "scripts",
    metadata,
    Column("digest", String, primary_key=True),
    Column("content", LargeBinary, nullable=False),
)

Migration = Callable[[Connection], None]


def _add_arms(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE calls ADD COLUMN arms VARCHAR NOT NULL DEFAULT ''")


MIGRATIONS: Mapping[int, Migration] = {1: _add_arms}
"""Version n → what turns a file of version n into one of version n + 1."""


def prepare(connection: Connection, *, target: int = VERSION, migrations: Mapping[int, Migration] = MIGRATIONS) -> None:
    """Create the tables in an empty database, or bring an older one up to `target`; to be called in a transaction.

    Raises:
        StoreError: the file was written by a newer Huashu (code "newer"), is some other database ("foreign"), or a
            migration step is missing ("migration").
    """
    names = set(inspect(connection).get_table_names())
    if version.name not in names:
        if names & set(metadata.tables):
            raise StoreError("this database has tables of the same names that Huashu did not make", code="foreign")
        metadata.create_all(connection)
        connection.execute(insert(version).values(version=target))
        return
    found = connection.execute(select(version.c.version)).scalar_one()
    if found > target:
        raise StoreError(
            f"the store has schema version {found}, this Huashu knows versions up to {target}: use a newer Huashu",
            code="newer",
        )
    for step in range(found, target):
        if step not in migrations:
            raise StoreError(f"no migration from schema version {step} to {step + 1}", code="migration")
        try:
            migrations[step](connection)
        except SQLAlchemyError as error:
            raise StoreError(f"migration from schema version {step} failed: {error}", code="migration") from error
    if found != target:
        connection.execute(version.update().values(version=target))
