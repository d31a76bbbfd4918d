"""Sample backend: a day book in memory. Replace the bodies with calls to your own system; keep names and variables."""

from dataclasses import dataclass
from itertools import count

from huashu import action

TAKEN = frozenset({"16:30"})
"""Times that are always booked out, so that the other path of the script can be tried."""


@dataclass
class Visit:
    service: str
    day: str
    time: str


_visits: dict[str, Visit] = {"2125550143": Visit("check-up", "2026-03-12", "10:00")}
_numbers = count(4021)


@action
def book_appointment(
    service: str, visit_day: str, visit_time: str, name: str, phone: str | None = None
) -> dict[str, str | bool]:
    """Book a visit; `booked` is false when the time is taken."""
    if visit_time in TAKEN:
        return {"booked": False}
    _visits[phone or name] = Visit(service, visit_day, visit_time)
    return {"booked": True, "reference": str(next(_numbers))}


@action
def find_appointment(phone: str) -> dict[str, str | bool]:
    """The visit booked under a phone number."""
    visit = _visits.get(phone)
    if visit is None:
        return {"found": False}
    return {"found": True, "service": visit.service, "visit_day": visit.day, "visit_time": visit.time}


@action
def move_appointment(phone: str, visit_day: str, visit_time: str) -> None:
    visit = _visits[phone]
    visit.day, visit.time = visit_day, visit_time


@action
def cancel_appointment(phone: str) -> None:
    """Cancelling twice is no error."""
    _visits.pop(phone, None)
