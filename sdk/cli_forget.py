"""`huashu calls erase` and `sweep`: what is kept of calls, and how long."""

import json
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huashu.cli_records import DEFAULT_STORE, AsJson, CallId, StoreUrl, open_store
from huashu.core.errors import UsageError

if TYPE_CHECKING:
    from huashu.store.forgetting import Forgotten

Folder = Annotated[
    Path | None,
    typer.Option(
        "--recordings",
        metavar="FOLDER",
        file_okay=False,
        exists=True,
        help="Recordings of before the store knew theirs, or that were moved: by the call in their name.",
    ),
]
_GONE = (
    ("turns", "turns with what the caller said, typed and owns"),
    ("results", "answers of actions"),
    ("tickets", "tickets: title, caller, form and notes"),
    ("notes", "notes of agents, and what they filled in"),
    ("comments", "comments to ratings"),
    ("untold", "events that other systems had still to be sent"),
    ("files", "recordings and pages made from them"),
)


def erase_call(
    call: CallId, store: StoreUrl = DEFAULT_STORE, recordings: Folder = None, as_json: AsJson = False
) -> None:
    """Make everything the caller said and owned unreadable, for good, with its recordings. The call's structure stays.

    May be repeated. Exit status 1 when a file could not be deleted: once more, and it is tried again.
    """
    from huashu.store.cases import CaseBook
    from huashu.store.files import Files
    from huashu.store.forgetting import erase

    with open_store(store) as opened:
        gone = erase(opened, call, folder=recordings)
        book = CaseBook(opened)
        persons, looks = len(book.handoffs(call)), len(book.looks(call))
        left = len(Files(opened).of(call))
    if as_json:
        print(_data(gone))
    else:
        print(f"{call}: erased" if gone.erased else f"{call}: had been erased before")
        _print(gone)
        print("kept, without content:")
        print("  the course of the call and its outcome, for figures and replay")
        print(f"  who had it and when ({persons} handoffs), who was shown a private value ({looks} times), scores")
        print("  the desk's audit, if there is a desk: who did what")
        print("not reached: what other systems have been sent, exports, backups")
    raise typer.Exit(1 if left else 0)


def sweep_calls(
    days: Annotated[float | None, typer.Option(help="Delete calls that ended longer ago, with everything.")] = None,
    words_days: Annotated[float | None, typer.Option(help="Erase calls that ended longer ago: figures stay.")] = None,
    recordings_days: Annotated[float | None, typer.Option(help="Delete recordings that began longer ago.")] = None,
    audit_days: Annotated[float | None, typer.Option(help="Delete acts in the desk's audit from longer ago.")] = None,
    store: StoreUrl = DEFAULT_STORE,
    recordings: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Retention: forget what has been kept for its time, by kind. Calls with a ticket in work wait for it.

    May be repeated, and finishes what was stopped half-way. Exit status 1 when a file could not be deleted.
    """
    from huashu.store.forgetting import Retention, sweep

    if days is words_days is recordings_days is audit_days is None:
        raise UsageError("how long what is kept: --days, --words-days, --recordings-days, --audit-days")
    if audit_days is not None and audit_days <= 0:
        raise UsageError(f"--audit-days {audit_days:g}: a positive number of days")
    now = time.time()
    with open_store(store) as opened:
        gone = sweep(opened, Retention(days, words_days, recordings_days), now=now, folder=recordings)
    acts = _forget_acts(store, now - audit_days * 86_400) if audit_days is not None else 0
    if as_json:
        print(_data(gone, acts=acts))
    else:
        print(f"{gone.swept} calls deleted, {gone.erased} erased")
        _print(gone)
        if acts:
            print(f"  {acts} acts in the desk's audit")
        if gone.in_work:
            print(f"kept: {gone.in_work} calls that have a ticket in work")
    raise typer.Exit(1 if gone.failed else 0)


def _forget_acts(store: str, before: float) -> int:
    from huashu.cli_desk import opened as opened_desk

    with opened_desk(store) as tables:
        from huashu.desk.audit import Audit

        return Audit(tables).sweep(before)


def _print(gone: "Forgotten") -> None:
    for name, what in _GONE:
        if count := getattr(gone, name):
            print(f"  {count} {what}")
    for path in gone.missing:
        print(f"  {path} was not there any more: deleted before, or moved; then name its place with --recordings")
    for path, why in gone.failed:
        print(f"  {path} could not be deleted ({why}): the next run tries again")


def _data(gone: "Forgotten", **more: int) -> str:
    return json.dumps({**asdict(gone), **more}, ensure_ascii=False, default=str)
