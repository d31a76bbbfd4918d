"""Commands about the agent desk: its people and its audit; and what `serve` needs to have one."""

import csv
import json
import sys
import time
import unicodedata
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from huashu.core.errors import MissingExtraError, UsageError

if TYPE_CHECKING:
    from huashu.channels.serve import Accompany
    from huashu.desk.tables import Tables

app = typer.Typer(help="The agent desk: its people, and who saw and did what.", no_args_is_help=True)
user = typer.Typer(help="People who may sign in at the desk.", no_args_is_help=True)
app.add_typer(user, name="user")

StoreUrl = Annotated[str, typer.Option("--store", metavar="URL", help="The record: sqlite:///calls.db or a path.")]
Name = Annotated[str, typer.Argument(help="What they sign in with.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
DEFAULT_STORE = "calls.db"


class Role(StrEnum):
    agent = "agent"
    supervisor = "supervisor"
    designer = "designer"
    admin = "admin"


class By(StrEnum):
    queue = "queue"
    agent = "agent"
    day = "day"
    hour = "hour"
    reason = "reason"


class Form(StrEnum):
    csv = "csv"
    json = "json"


HERE = "this machine"
"""Where an export by this command comes from, in the audit."""


@user.command("add")
def add(
    name: Name,
    role: Annotated[Role, typer.Option(help="What they may do.")] = Role.agent,
    shown: Annotated[str, typer.Option("--name", help="As colleagues see them.")] = "",
    language: Annotated[str, typer.Option(help="Of their page: zh-CN or en.")] = "zh-CN",
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Let somebody in. The password is asked for, or read from the first line of standard input."""
    with opened(store, new=True) as tables:
        from huashu.desk.accounts import Accounts

        found = Accounts(tables).add(name, _password(), name=shown, role=role.value, language=language, now=time.time())
    print(f"{found.id}: {found.role}")


@user.command("list")
def list_users(store: StoreUrl = DEFAULT_STORE, as_json: AsJson = False) -> None:
    """Who may sign in."""
    with opened(store) as tables:
        from huashu.desk.accounts import Accounts

        found = Accounts(tables).all()
    if as_json:
        data = [
            {"id": item.id, "name": item.name, "role": item.role, "language": item.language, "disabled": item.disabled}
            for item in found
        ]
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for item in found:
        print(f"{item.id:<20} {item.role:<11} {item.name}" + (" (off)" if item.disabled else ""))


@user.command("change")
def change(
    name: Name,
    role: Annotated[Role | None, typer.Option(help="A new role.")] = None,
    shown: Annotated[str | None, typer.Option("--name", help="A new name for colleagues.")] = None,
    password: Annotated[bool, typer.Option("--password", help="Ask for a new password.")] = False,
    off: Annotated[bool | None, typer.Option("--off/--on", help="Switch off, or on again.")] = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """A new role, name or password; who is signed in feels it at once."""
    with opened(store) as tables:
        from huashu.desk.accounts import Accounts

        found = Accounts(tables).change(
            name,
            password=_password() if password else None,
            role=role.value if role else None,
            name=shown,
            disabled=off,
            now=time.time(),
        )
    print(f"{found.id}: {found.role}" + (" (off)" if found.disabled else ""))


@user.command("remove")
def remove(name: Name, store: StoreUrl = DEFAULT_STORE) -> None:
    """Take somebody off the list. What they did stays in the audit."""
    with opened(store) as tables:
        from huashu.desk.accounts import Accounts

        Accounts(tables).remove(name)


@app.command("check")
def check(
    centre: Annotated[Path, typer.Argument(help="centre.yaml, or the folder it lies in.", show_default=False)],
    bots: Annotated[Path | None, typer.Option(help="A bot's folder, or a folder of them.")] = None,
) -> None:
    """Check centre.yaml: every mistake with its place, who can serve which queue, and what does not fit the bots.

    Exit status 1 when there is a mistake."""
    from huashu.channels.reloading import find_bots
    from huashu.core.errors import ScriptError
    from huashu.flows.loader import load
    from huashu.handoff.advice import advice, summary
    from huashu.handoff.loading import load_plan

    try:
        plan = load_plan(centre)
    except ScriptError as error:
        print(error)
        raise typer.Exit(1) from None
    for line in (
        *summary(plan, time.time()),
        *advice(plan, [load(folder) for folder in find_bots(bots)] if bots else ()),
    ):
        print(line)


@app.command("report")
def report(
    by: Annotated[By, typer.Option(help="What a line is.")] = By.queue,
    since: Annotated[str, typer.Option("--from", metavar="DATE", help="2026-11-01; default: today.")] = "",
    until: Annotated[str, typer.Option("--to", metavar="DATE", help="The last day; default: today.")] = "",
    centre: Annotated[Path | None, typer.Option(help="centre.yaml: time zone, targets, language.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="For spreadsheets.")] = False,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """How the centre has been doing: requests, waits, service level, talks, satisfaction. It names no caller."""
    from huashu.cli_records import open_store
    from huashu.handoff.loading import load_plan
    from huashu.handoff.plan import Plan
    from huashu.handoff.report import report as reported
    from huashu.handoff.report import table
    from huashu.store.cases import CaseBook

    plan = load_plan(centre) if centre is not None else Plan()
    begin, end = _day(since, plan.zone, 0), _day(until, plan.zone, 1)
    if begin >= end:
        raise UsageError(f"--from {since or 'today'} is after --to {until or 'today'}")
    with open_store(store) as record:
        book = CaseBook(record)
        ratings = [row for row in book.ratings(begin) if row.at < end]
        rows = book.between(begin, end)
    lines = reported(rows, ratings, by=by.value, zone=plan.zone, target=lambda queue: plan.queue(queue).target)
    cells = table(lines, plan.language)
    if as_csv:
        csv.writer(sys.stdout).writerows(cells)
        return
    widths = [max(_width(row[n]) for row in cells) for n in range(len(cells[0]))]
    for row in cells:
        first, *others = (
            " " * (width - _width(cell)) + cell if n else cell + " " * (width - _width(cell))
            for n, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        print("  ".join([first, *others]).rstrip())


def _day(text: str, zone: str, later: int) -> float:
    """The instant at which a day begins (or so many days later), in Unix seconds; of today when none is named."""
    try:
        day = date.fromisoformat(text) if text else datetime.now(ZoneInfo(zone)).date()
    except ValueError:
        raise UsageError(f"{text!r} is no date; write 2026-11-01") from None
    return datetime.combine(day + timedelta(days=later), datetime.min.time(), ZoneInfo(zone)).timestamp()


def _width(text: str) -> int:
    """Columns in a terminal: Chinese characters take two."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


@app.command("audit")
def audit(
    who: Annotated[str | None, typer.Option("--user", help="Only of this person.")] = None,
    about: Annotated[str | None, typer.Option(help="Only about this conversation, offer or ticket.")] = None,
    days: Annotated[float, typer.Option(min=0.0, help="So far back.")] = 7.0,
    limit: Annotated[int, typer.Option(min=1, help="At most so many.")] = 200,
    forget: Annotated[float | None, typer.Option(metavar="DAYS", help="Delete what is older, and stop.")] = None,
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Who saw and did what at the desk, newest first. It holds no word of any caller."""
    with opened(store) as tables:
        from huashu.desk.audit import Audit

        kept = Audit(tables)
        if forget is not None:
            print(f"{kept.sweep(time.time() - forget * 86400)} forgotten")
            return
        found = kept.read(since=time.time() - days * 86400, user=who, about=about, limit=limit)
    for act in found:
        if as_json:
            print(json.dumps({name: getattr(act, name) for name in act.__slots__}, ensure_ascii=False))
        else:
            at = datetime.fromtimestamp(act.at).astimezone().strftime("%Y-%m-%d %H:%M:%S")
            print(f"{at}  {act.user:<16} {act.what:<12} {act.about:<24} {act.detail}  {act.outcome}".rstrip())


@app.command("tickets")
def tickets(
    who: Annotated[str, typer.Option("--as", help="A supervisor or admin of the desk: for the audit.")],
    form: Annotated[Form, typer.Option("--form", help="How it is written.")] = Form.csv,
    private: Annotated[bool, typer.Option("--private", help="With whole private values; goes on record.")] = False,
    out: Annotated[Path | None, typer.Option("--out", dir_okay=False, help="A file; without it: printed.")] = None,
    store: StoreUrl = DEFAULT_STORE,
) -> None:
    """Export all tickets. Private values are masked unless they are asked for; who exported what is in the audit."""
    from huashu.cli_records import open_store

    with open_store(store) as record, opened(store) as tables:
        from huashu.desk.accounts import Accounts
        from huashu.desk.audit import EXPORTED, Audit
        from huashu.handoff.exporting import export
        from huashu.handoff.plan import Plan, Profile
        from huashu.handoff.record import Record
        from huashu.handoff.tickets import Tickets

        user, now = Accounts(tables).get(who), time.time()
        role = "agent" if user.disabled else user.role  # who is switched off may nothing
        kept, found = Record(record), Tickets(Plan())
        for ticket in kept.tickets():
            found.put(ticket)
        detail = f"{form.value} private" if private else form.value
        audit = Audit(tables)
        try:
            profile = Profile(user.id, user.name, role, user.language)
            text = export(found, kept, profile, form.value, private=private, at=now)
        except UsageError as error:
            audit.note(now, EXPORTED, user=user.id, where=HERE, about="tickets", detail=detail, outcome=error.code)
            raise
        audit.note(now, EXPORTED, user=user.id, where=HERE, about="tickets", detail=detail)
    if out is None:
        print(text.rstrip("\r\n"))
        return
    from huashu.store.place import make_private

    try:
        make_private(out)
        # with the mark that tells spreadsheets that this is UTF-8
        out.write_text(text, encoding="utf-8-sig" if form is Form.csv else "utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{out}: cannot be written ({error.strerror})") from None


def accompany(
    where: str | None,
    *,
    settings: Path | None,
    plan: Path | None,
    connect: Path | None,
    store: str | None,
    certificate: Path | None,
    key: Path | None,
    say: Callable[[str], None],
) -> "Accompany | None":
    """What `huashu serve` takes along: a centre, with a desk when there is a place for one; None: neither is wanted.

    Raises UsageError for options that do not go together, or files that do not hold.
    """
    if where is None and plan is None and connect is None:
        if settings is not None:
            raise UsageError("--desk-settings is of no use without --desk HOST:PORT")
        return None
    _needs_extra()
    from huashu.channels.security import Tls, address
    from huashu.desk.connections import Connections, read_connections
    from huashu.desk.serving import DeskPlace, company
    from huashu.desk.settings import Settings, read_settings
    from huashu.handoff.loading import load_plan
    from huashu.handoff.plan import Plan

    place = None
    if where is not None:
        if store is None:
            raise UsageError("--desk needs --store sqlite:///calls.db: its people and its audit are kept there")
        tls = Tls(certificate, key) if certificate is not None and key is not None else None
        place = DeskPlace(address(where), store, read_settings(settings) if settings else Settings(), tls)
    connections = read_connections(connect) if connect is not None else Connections()
    return company(load_plan(plan) if plan is not None else Plan(), place, connections=connections, say=say)


@contextmanager
def opened(store: str, *, new: bool = False) -> Iterator["Tables"]:
    """new: it may be made; else UsageError when it is not there."""
    _needs_extra()
    from huashu.cli_records import there_is
    from huashu.desk.tables import Tables

    if not new and not there_is(store):
        raise UsageError(f"there is no store at {store}; `huashu desk user add` makes one, and so does `huashu serve`")

    tables = Tables.open(store)
    try:
        yield tables
    finally:
        tables.close()


def _needs_extra() -> None:
    try:
        import argon2  # noqa: F401
        import authlib  # noqa: F401
        import websockets  # noqa: F401
    except ImportError as error:
        raise MissingExtraError(f"the desk needs the package {error.name}: pip install 'huashu[desk]'") from None


def _password() -> str:
    """Never from the command line: other users of the machine read that."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    import getpass

    password = getpass.getpass("password: ")
    if getpass.getpass("again: ") != password:
        raise UsageError("the two are not the same")
    return password
