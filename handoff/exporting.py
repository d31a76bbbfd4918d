"""The tickets of the centre as a file, for supervisors: private values masked, or whole and on record."""

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from huashu.core.errors import UsageError
from huashu.handoff import forms
from huashu.handoff.masking import masked
from huashu.handoff.plan import Profile
from huashu.handoff.record import Record
from huashu.handoff.tickets import Ticket, Tickets

Form = Literal["csv", "json"]
ALL = "*"
"""In `looks`, after a ticket's number: all of its private fields."""
COLUMNS = (
    "id", "kind", "state", "queue", "level", "title", "conversation", "agent", "area", "created", "due", "done", "note",
    "rating", "assigned_by", "reopened",
)  # fmt: skip


def export(tickets: Tickets, record: Record, who: Profile, form: Form, *, private: bool, at: float) -> str:
    """As of `written`. private: that `who` had the private values of a ticket is on record before this returns.
    at: Unix seconds.

    Raises:
        UsageError: they are no supervisor (code "forbidden").
        StoreError: it could not be put on record.
    """
    if not who.watches:
        raise UsageError("only supervisors export tickets", code="forbidden")
    if private:
        with record.together():
            for ticket in tickets.all.values():
                if any(item.private and item.value for item in ticket.form):
                    record.look(ticket.conversation, who.id, f"{ticket.id}/{ALL}", at)
    return written(tickets.all.values(), form, private=private)


def written(tickets: Iterable[Ticket], form: Form, *, private: bool = False) -> str:
    """The columns in `COLUMNS`, then the fields of their forms. Times in Unix seconds. private: with whole private
    values, which are masked otherwise; whoever asks for them puts it on record."""
    rows = [_row(item if private else _masked(item)) for item in tickets]
    if form == "json":
        return json.dumps(rows, ensure_ascii=False, indent=1)
    columns = list(dict.fromkeys([*COLUMNS, *(name for row in rows for name in row)]))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="")
    writer.writeheader()
    writer.writerows({name: _safe(value) for name, value in row.items()} for row in rows)
    return out.getvalue()


def _row(ticket: Ticket) -> dict[str, object]:
    fields = {f"form.{item.name}": item.value for item in ticket.form}
    return {name: getattr(ticket, name) for name in COLUMNS} | fields


def _masked(ticket: Ticket) -> Ticket:
    """Whose area comes from a private field has it masked, too."""
    hidden = {item.value: masked(item.type, item.value) for item in ticket.form if item.private and item.value}
    return replace(ticket, form=forms.shown(ticket.form), area=hidden.get(ticket.area, ticket.area))


def _safe(value: object) -> object:
    """What a spreadsheet would take for a formula is text (OWASP: CSV injection)."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
