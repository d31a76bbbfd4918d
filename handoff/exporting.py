"""The tickets of the centre as a file, for supervisors: private values masked, or whole and on record."""

from typing import Literal

from huashu.core.errors import UsageError
from huashu.handoff.plan import Profile
from huashu.handoff.record import Record
from huashu.handoff.tickets import Tickets

Form = Literal["csv", "json"]
ALL = "*"
"""In `looks`, after a ticket's number: all of its private fields."""


def export(tickets: Tickets, record: Record, who: Profile, form: Form, *, private: bool, at: float) -> str:
    """As of `Tickets.export`. private: that `who` had the private values of a ticket is on record before this returns.
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
    return tickets.export(form, private=private)
