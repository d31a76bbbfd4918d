"""Sets of tables that carry their own version in the record's file: created, brought up to date, or refused."""

from collections.abc import Callable, Mapping

from sqlalchemy import Connection, MetaData, Table, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from huashu.core.errors import StoreError

Migration = Callable[[Connection], None]


def prepare(
    connection: Connection,
    metadata: MetaData,
    version: Table,
    target: int,
    migrations: Mapping[int, Migration],
    *,
    whose: str = "the store",
) -> None:
    """Create the tables, or bring older ones up to `target`; to be called in a transaction.

    version: the table of `metadata` with the number. migrations: version n → what makes version n + 1 of it.

    Raises:
        StoreError: the tables were written by a newer Huashu (code "newer"), others of their names are there
            ("foreign"), or a migration step is missing or fails ("migration").
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
            f"{whose} has schema version {found}, this Huashu knows versions up to {target}: use a newer Huashu",
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
