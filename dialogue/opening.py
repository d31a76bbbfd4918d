"""What a call begins with: the values it came with, and the clock on the caller's wall."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from huashu.core.errors import UsageError
from huashu.core.events import Started
from huashu.core.values import Scalar
from huashu.flows.script import Script
from huashu.values.registry import canonical


def initial_slots(script: Script, started: Started) -> dict[str, Scalar]:
    """Defaults, then the values the call came with.

    Raises:
        UsageError: a value for a variable the script does not have, or not of its type.
    """
    slots: dict[str, Scalar] = {
        name: variable.default for name, variable in script.variables.items() if variable.default is not None
    }
    for name, value in started.variables.items():
        if name not in script.variables:
            known = ", ".join(script.variables) or "none"
            raise UsageError(f"the script {script.name!r} has no variable {name!r}; it has: {known}")
        if value is not None:
            slots[name] = canonical(script.variables[name].type, value)
    return slots


def local_time(started: Started, now: float) -> datetime:
    """The caller's wall clock. Raises UsageError for a time zone or an instant that does not exist."""
    try:
        zone = ZoneInfo(started.zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise UsageError(f"{started.zone!r} is no IANA time zone; for example Asia/Shanghai") from error
    try:
        return (datetime.fromtimestamp(started.wall, UTC) + timedelta(seconds=now)).astimezone(zone)
    except (OverflowError, ValueError, OSError) as error:
        raise UsageError(f"{started.wall + now} seconds since 1970 are no date") from error
