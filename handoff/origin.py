"""The conversation that a ticket came from, for whoever works on it: masked as conversations are."""

from collections.abc import Mapping
from pathlib import Path

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.handoff import packet, views
from huashu.handoff.asides import Asides
from huashu.handoff.line import Line
from huashu.handoff.live import Live
from huashu.handoff.plan import Profile
from huashu.handoff.record import Record
from huashu.handoff.tickets import Ticket
from huashu.handoff.transcript import Transcript

RECORDING = "recording"
"""In `looks`, after a ticket's number: its sound."""


def origin(ticket: Ticket, live: Live | None, record: Record, who: Profile, language: str) -> views.Origin:
    """live: the conversation, while it is at the centre; else it is read from the record. language: of the centre.

    Raises:
        StoreError: the record cannot be read.
    """
    found = _read(ticket, live, record, language)
    if found is None:
        return views.Origin(ticket.id, ticket.conversation, "text", 0.0, missing=True)
    line, transcript, filled = found
    known = {**line.slots, **filled}
    return views.Origin(
        ticket.id,
        ticket.conversation,
        line.started.medium,
        line.started.wall,
        tuple(transcript.said),
        packet.slots(line.script, known, transcript, filled, language),
        tuple(_links(ticket.id, len(recordings(ticket, live, record)))) if who.watches else (),
    )


def value(ticket: Ticket, live: Live | None, record: Record, slot: str, who: Profile) -> str:
    """The whole of a value that the conversation has; empty: none."""
    found = _read(ticket, live, record, who.language)
    if found is None:
        return ""
    line, _, filled = found
    variable, known = line.script.variables.get(slot), {**line.slots, **filled}.get(slot)
    if variable is None or known is None:
        return ""
    return packet.shown_value(variable, known, "zh-CN" if is_chinese(who.language) else "en")


def recordings(ticket: Ticket, live: Live | None, record: Record) -> list[Path]:
    """Of a conversation that is over, in order; those that are still there."""
    return [path for path in record.recordings(ticket.conversation) if path.is_file()] if live is None else []


def _read(
    ticket: Ticket, live: Live | None, record: Record, language: str
) -> tuple[Line, Transcript, Mapping[str, Scalar]] | None:
    if live is not None:
        return live.line, live.transcript, live.stages.filled
    line = record.past(ticket.conversation)
    if line is None:
        return None
    transcript = Transcript(line.call, language)
    for at, item in line.history():
        transcript.take(at, item)
    return line, transcript, record.stages(line.call, Asides())[1]


def _links(ticket: str, count: int) -> list[str]:
    return [f"/desk/api/tickets/{ticket}/recordings/{n}" for n in range(1, count + 1)]
