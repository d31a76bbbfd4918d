"""Sample backend: one account's notes in memory. Replace the bodies with calls to your own system, keep the names."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count

from huashu import action

FARTHEST = timedelta(days=30)
"""A promise further off than this is refused, and the caller asked for an earlier day."""
_numbers = count(7001)
_notes: list[tuple[str, str]] = []


@action
def record_promise(amount: Decimal, pay_by: str, today: str) -> dict[str, bool]:
    """Note a promise to pay; `accepted` is false when the day is too far off. Days are ISO 8601."""
    if date.fromisoformat(pay_by) - date.fromisoformat(today) > FARTHEST:
        return {"accepted": False}
    _notes.append(("promise", f"{amount} {pay_by}"))
    return {"accepted": True}


@action
def make_link(amount: Decimal) -> dict[str, str]:
    """A link to pay the amount, for one day."""
    return {"pay_link": f"https://pay.example.com/{next(_numbers)}"}


@action
def note_payment(paid_on: str | None = None) -> None:
    """The customer says it is paid; somebody has to look for the payment."""
    _notes.append(("paid", paid_on or ""))


@action
def log_dispute(reason: str | None = None) -> None:
    """Mark the account as disputed."""
    _notes.append(("dispute", reason or ""))


@action
def note_hardship() -> None:
    _notes.append(("hardship", ""))


@action
def request_letter() -> None:
    """Order the validation letter."""
    _notes.append(("letter", ""))


@action
def note_attorney(name: str | None = None) -> None:
    """From now on only the attorney is contacted."""
    _notes.append(("attorney", name or ""))
