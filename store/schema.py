"""Tables of the record and their versions. What is in a row is decided here; who writes it, in `store.log`.

Four tables hold one bot platform's calls: `calls` (one row a call, nothing private), `log` (one row a turn),
`keys` (one random key a call: deleting it is erasing) and `results` (what an action answered, until it is in the log).
`scripts` keeps the bytes of every script version that ever opened a call. The tables of the centre where people take
over are written by `store.cases`: `handoffs`, `seats`, `tickets`, `notes`, `looks`, `ratings`, `figures`; what is
private in them is sealed by the key of the call it belongs to. `commands` remembers for a day what people at desks were
answered. `outgoing` (`store.outgoing`) holds what is still to be delivered to other systems, masked, and `told` how
much each has been told of a call; `files`
(`store.files`), where sound of a call lies outside of this file.
"""

from collections.abc import Mapping

from sqlalchemy import Column, Connection, Float, Integer, LargeBinary, MetaData, String, Table, inspect

from huashu.store import versions
from huashu.store.versions import Migration

VERSION = 9
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

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", String, primary_key=True),
    Column("call", String, nullable=False, index=True),
    Column("number", Integer, nullable=False),
    Column("state", String, nullable=False),
    Column("queue", String, nullable=False),
    Column("agent", String, nullable=False),
    Column("reason", String, nullable=False),
    Column("requested", Float, nullable=False),
    Column("answered", Float),
    Column("ended", Float, index=True),
    Column("why", String, nullable=False),
    Column("disposition", String, nullable=False, server_default=""),
    Column("data", String, nullable=False),  # JSON: the case of the centre's machine, for a restart
)

seats = Table(
    "seats",
    metadata,
    Column("agent", String, primary_key=True),
    Column("data", String, nullable=False),  # JSON: profile and presence
)

tickets = Table(
    "tickets",
    metadata,
    Column("id", String, primary_key=True),
    Column("call", String, nullable=False, index=True),
    Column("state", String, nullable=False),
    Column("queue", String, nullable=False),
    Column("agent", String, nullable=False),
    Column("created", Float, nullable=False),
    Column("due", Float, nullable=False),
    Column("data", String, nullable=False),  # JSON: what is not private
    Column("sealed", LargeBinary),  # title, caller, fields of the form, notes
)

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call", String, nullable=False, index=True),
    Column("agent", String, nullable=False),
    Column("at", Float, nullable=False),
    Column("kind", String, nullable=False),  # note | values | aside | asides shown
    Column("sealed", LargeBinary),
)

looks = Table(
    "looks",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("call", String, nullable=False, index=True),
    Column("agent", String, nullable=False),
    Column("slot", String, nullable=False),
    Column("at", Float, nullable=False),
)

ratings = Table(
    "ratings",
    metadata,
    Column("call", String, primary_key=True),
    Column("kind", String, primary_key=True),  # nps | csat
    Column("agent", String, nullable=False),
    Column("queue", String, nullable=False),
    Column("score", Integer),  # None: asked, and no answer
    Column("at", Float, nullable=False),
    Column("sealed", LargeBinary),  # the caller's own words
    Column("served", String, nullable=False, server_default="[]"),  # JSON: agents who had the call
)

figures = Table(
    "figures",
    metadata,
    Column("queue", String, primary_key=True),
    Column("data", String, nullable=False),  # JSON: counts since midnight, and rates
)

commands = Table(
    "commands",
    metadata,
    Column("agent", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("at", Float, nullable=False, index=True),
    Column("answer", String, nullable=False),  # JSON, nothing private
    sqlite_with_rowid=False,
)

outgoing = Table(
    "outgoing",
    metadata,
    Column("n", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False),
    Column("target", String, nullable=False),
    Column("body", String, nullable=False),
    Column("created", Float, nullable=False),
    Column("due", Float, nullable=False, index=True),
    Column("tries", Integer, nullable=False, default=0),
    Column("call", String, nullable=False, server_default="", index=True),  # that it tells of; empty: of none
)

told = Table(
    "told",
    metadata,
    Column("call", String, primary_key=True),
    Column("target", String, primary_key=True),
    Column("n", Integer, nullable=False),  # events of the call so far
    sqlite_with_rowid=False,
)

files = Table(
    "files",
    metadata,
    Column("path", String, primary_key=True),
    Column("call", String, nullable=False, index=True),
    Column("kind", String, nullable=False),  # recording | report
    Column("made", Float, nullable=False, index=True),
    Column("doomed", Integer, nullable=False, server_default="0"),  # 1: to be deleted, then this row
)

_CENTRE = (handoffs, tickets, notes, looks, ratings)
OF_A_CALL = (*_CENTRE, outgoing, told)
"""Tables beside the log whose rows go when their call is swept."""


def _add_arms(connection: Connection) -> None:
    connection.exec_driver_sql("ALTER TABLE calls ADD COLUMN arms VARCHAR NOT NULL DEFAULT ''")


def _add_centre(connection: Connection) -> None:
    metadata.create_all(connection, tables=[*_CENTRE, seats])


def _add_outgoing(connection: Connection) -> None:
    metadata.create_all(connection, tables=[outgoing])


def _add_files(connection: Connection) -> None:
    metadata.create_all(connection, tables=[files])
    if "call" in {column["name"] for column in inspect(connection).get_columns(outgoing.name)}:
        return  # the table was made just now, as it is today
    run = connection.exec_driver_sql
    run("ALTER TABLE outgoing ADD COLUMN call VARCHAR NOT NULL DEFAULT ''")
    run("CREATE INDEX ix_outgoing_call ON outgoing (call)")
    of_ticket, of_handoff = "json_extract(body, '$.data.conversation')", "json_extract(body, '$.data.id')"
    run(f"UPDATE outgoing SET call = coalesce({of_ticket}, {of_handoff}, '')")


def _add_figures(connection: Connection) -> None:
    metadata.create_all(connection, tables=[figures])


def _add_commands(connection: Connection) -> None:
    metadata.create_all(connection, tables=[commands])


def _widen_ratings(connection: Connection) -> None:
    if "served" in {column["name"] for column in inspect(connection).get_columns(ratings.name)}:
        return  # the table was made just now, as it is today
    run = connection.exec_driver_sql
    run("ALTER TABLE ratings RENAME TO older")  # SQLite cannot take NOT NULL off a column
    metadata.create_all(connection, tables=[ratings])
    kept, served = (
        "call, kind, agent, queue, score, at, sealed",
        "CASE agent WHEN '' THEN '[]' ELSE json_array(agent) END",
    )
    run(f"INSERT INTO ratings ({kept}, served) SELECT {kept}, {served} FROM older")
    run("DROP TABLE older")


def _add_told(connection: Connection) -> None:
    metadata.create_all(connection, tables=[told])


MIGRATIONS: Mapping[int, Migration] = {
    1: _add_arms, 2: _add_centre, 3: _add_outgoing, 4: _add_files, 5: _add_figures, 6: _add_commands,
    7: _widen_ratings, 8: _add_told,
}  # fmt: skip
"""Version n → what turns a file of version n into one of version n + 1."""


def prepare(connection: Connection, *, target: int = VERSION, migrations: Mapping[int, Migration] = MIGRATIONS) -> None:
    """The record's tables, as of `store.versions.prepare`."""
    versions.prepare(connection, metadata, version, target, migrations)
