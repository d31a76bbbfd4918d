"""The centre's state on record: what goes to `store.cases` and what is made of it after a restart."""

import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

from huashu.core.errors import ScriptError, StoreError, UsageError
from huashu.core.events import HumanSaid, Started
from huashu.core.values import Scalar
from huashu.handoff import views
from huashu.handoff.asides import Asides, Entry
from huashu.handoff.effects import HangUp, Return
from huashu.handoff.figures import NO_FIGURES, Tally
from huashu.handoff.live import other_party
from huashu.handoff.masking import MASKED
from huashu.handoff.past import Past
from huashu.handoff.plan import Plan, Profile
from huashu.handoff.state import Case, Person
from huashu.handoff.tickets import Ticket
from huashu.handoff.views import Answer
from huashu.store.cases import CaseBook, HandoffRow, LookRow, NoteRow, RatingRow, TicketRow
from huashu.store.files import Files
from huashu.store.log import Store

logger = logging.getLogger(__name__)

_OVER = ("closed", "returned", "failed")
_PRIVATE = ("title", "caller", "note", "form", "area")
"""Of a ticket."""


class Record:
    """None as store: nothing outlives the process."""

    def __init__(self, store: Store | None) -> None:
        self._store = store
        self.book = CaseBook(store) if store is not None else None
        self._forget_at = 0.0
        """When answers are next looked through for old ones."""

    @contextmanager
    def together(self) -> Iterator[None]:
        """What is written inside is committed at its end: all of it, or none when the process dies.

        Raises:
            StoreError: it could not be begun or committed; a part that cannot be written raises by itself.
        """
        if self._store is None:
            yield
        else:
            with self._store.writing():
                yield

    def keep(self, agent: str, id_: str, answer: Answer, at: float, *, lasts: float) -> None:
        """What a command was answered, for `lasts` seconds."""
        if self.book is None:
            return
        data = {"ok": answer.ok, "code": answer.code, "text": answer.text, "values": dict(answer.values)}
        self.book.keep(agent, id_, at, json.dumps(data, ensure_ascii=False))
        if at >= self._forget_at:
            self._forget_at = at + lasts / 100
            self.book.forget_answers(at - lasts)

    def answers(self, agent: str, *, since: float, most: int) -> dict[str, Answer]:
        """By id, what this person's commands were answered since then."""
        if self.book is None:
            return {}
        kept = self.book.answers(agent, since=since, most=most)
        return {id_: Answer(**json.loads(data)) for id_, data in kept.items()}

    def said(self, call: str, agent: str, command: str) -> bool:
        """Whether this command's words are among the events of the call."""
        if self._store is None:
            return False
        try:
            entries = self._store.read(call)
        except StoreError:
            return False
        return any(
            isinstance(entry.event, HumanSaid) and (entry.event.agent, entry.event.command) == (agent, command)
            for entry in entries
        )

    def write(
        self, cases: Iterable[Case], people: Mapping[str, Person | None], tickets: Iterable[Ticket],
        tallies: Mapping[str, Tally] = NO_FIGURES,
    ) -> None:  # fmt: skip
        """What has changed: one transaction, or none when nothing has."""
        if self.book is None:
            return
        # with the bot there is no handoff: what the last one came to stands
        rows = [case_row(case) for case in cases if case.number and case.kind != "consult" and case.state != "bot"]
        seats = {agent: None if person is None else _seat(person) for agent, person in people.items()}
        filed = [_ticket_row(ticket) for ticket in tickets]
        figures = {queue: json.dumps(tally.kept()) for queue, tally in tallies.items()}
        if not (rows or seats or filed or figures):
            return
        try:
            self.book.write(rows, seats, filed, figures)
        except StoreError as error:  # callers are not to lose their person because a disk is full
            logger.error("the record of the centre failed (%s): %d rows are not on record", error.code, len(rows))

    def note(self, call: str, agent: str, text: str, at: float) -> None:
        if self.book is not None:
            self.book.note(NoteRow(call, agent, at, text))

    def values(self, call: str, agent: str, values: Mapping[str, Scalar], at: float) -> None:
        """What an agent has filled in."""
        if self.book is not None and values:
            text = json.dumps({name: _plain(value) for name, value in values.items()}, ensure_ascii=False)
            self.book.note(NoteRow(call, agent, at, text, "values"))

    def aside(self, call: str, entry: Entry, at: float) -> None:
        """What was said beside the conversation, and to whom."""
        if self.book is not None:
            self.book.note(NoteRow(call, entry.view.agent, at, entry.data, "aside"))

    def asides_shown(self, call: str, agent: str, numbers: list[int], at: float) -> None:
        """Somebody who came later was shown these."""
        if self.book is not None:
            self.book.note(NoteRow(call, agent, at, json.dumps(numbers), "asides shown"))

    def link(self, call: str, system: str, text: str, at: float) -> None:
        """What another system calls the conversation."""
        if self.book is not None:
            self.book.note(NoteRow(call, system, at, text, "link"))

    def linked(self, call: str, system: str) -> str | None:
        """The newest; None: it has none, or the call has been erased."""
        rows = self.book.notes(call) if self.book is not None else []
        return next((row.text for row in reversed(rows) if (row.kind, row.agent) == ("link", system)), None)

    def look(self, call: str, agent: str, slot: str, at: float) -> None:
        if self.book is not None:
            self.book.look(LookRow(call, agent, slot, at))

    def disposition(self, call: str, disposition: str) -> None:
        if self.book is not None and disposition:
            self.book.dispose(call, disposition)

    def rate(self, row: RatingRow) -> None:
        if self.book is not None:
            self.book.rate(row)

    # --- after a restart --------------------------------------------------------------------------------------------

    def cases(self) -> list[Case]:
        return [_case(row.data) for row in self.book.open()] if self.book is not None else []

    def tallies(self, plan: Plan) -> dict[str, Tally]:
        """The figures of each queue, counts of an earlier day included: midnight is the machine's."""
        kept = self.book.figures() if self.book is not None else {}
        return {queue: Tally.of(json.loads(data), plan.queue(queue).target) for queue, data in kept.items()}

    def ratings(self, since: float) -> list[RatingRow]:
        return self.book.ratings(since) if self.book is not None else []

    def callers(self, most: int) -> list[tuple[str, str]]:
        """(number, agent they had last), the latest last; of calls that have been erased there is none."""
        if self.book is None or self._store is None:
            return []
        agents = self.book.callers(most)
        try:
            began = dict(self._store.begun([call for call, _ in agents]))
        except StoreError as error:
            logger.warning("which agents callers know is not known any more (%s)", error.code)
            return []
        found = []
        for call, agent in reversed(agents):
            entry = began.get(call)
            if entry is not None and isinstance(entry.event, Started):
                found.append((other_party(entry.event), agent))
        return found

    def number(self, call: str) -> str:
        """Of the other party of a call; empty: it has been erased, or had none.

        Raises:
            StoreError: it cannot be read.
        """
        found = self._store.begun([call]) if self._store is not None else []
        return next((other_party(entry.event) for _, entry in found if isinstance(entry.event, Started)), "")

    def decided(self, call: str) -> HangUp | Return | None:
        """What a person has done with the call, if that was the last: it is theirs no more."""
        last = max(self.handoffs(call), key=lambda row: row.number, default=None)
        if last is None:
            return None
        if (last.state, last.why) == ("closed", "agent_closed"):
            return HangUp(call, last.agent)
        if last.state == "returned":
            return Return(call, last.agent, _case(last.data).step, last.why)
        return None

    def past(self, call: str) -> Past | None:
        """The conversation as it stands on record; None: it cannot be read any more."""
        if self._store is None:
            return None
        try:
            return Past(self._store, call)
        except (StoreError, ScriptError, UsageError) as error:
            logger.warning("call %s cannot be read from the record (%s)", call, error.code)
            return None

    def recordings(self, call: str) -> list[Path]:
        """Where its sound lies."""
        kept = Files(self._store).of(call) if self._store is not None else []
        return [item.path for item in kept if item.kind == "recording"]

    def people(self) -> list[Person]:
        return [_person(data) for data in self.book.seats().values()] if self.book is not None else []

    def tickets(self) -> list[Ticket]:
        return [_ticket(row) for row in self.book.tickets()] if self.book is not None else []

    def forgotten(self) -> tuple[set[str], set[str]] | None:
        """Ids of tickets: (on record, of erased calls); None: there is no record."""
        return self.book.forgotten() if self.book is not None else None

    def stages(self, call: str, asides: Asides) -> tuple[list[tuple[float, str, str]], dict[str, Scalar]]:
        """(when, agent, note) of a call, and what agents have filled in that the bot may not know yet. What was said
        beside it goes to `asides`."""
        notes: list[tuple[float, str, str]] = []
        filled: dict[str, Scalar] = {}
        for row in self.book.notes(call) if self.book is not None else ():
            if row.text is None:
                continue
            match row.kind:
                case "values":
                    filled.update(json.loads(row.text))
                case "aside":
                    asides.recall(call, row.agent, row.text)
                case "asides shown":
                    asides.recall_shown(row.agent, json.loads(row.text))
                case "link":
                    pass
                case _:
                    notes.append((row.at, row.agent, row.text))
        return notes, filled

    def handoffs(self, call: str) -> list[HandoffRow]:
        return self.book.handoffs(call) if self.book is not None else []


def case_row(case: Case) -> HandoffRow:
    over = case.state in _OVER
    return HandoffRow(
        f"{case.id}#{case.number}",
        case.parent or case.id,
        case.number,
        case.state,
        case.queue,
        case.last if over else case.agent,
        case.reason,
        case.queued,
        case.answered or None,
        case.since if over else None,
        case.why,
        json.dumps(asdict(case), ensure_ascii=False),
    )


def _case(data: str) -> Case:
    values = json.loads(data)
    known = {item.name for item in fields(Case)}
    values = {name: value for name, value in values.items() if name in known}  # of another version
    values["needs"] = tuple((skill, level) for skill, level in values.get("needs", ()))
    values["visited"] = tuple(values.get("visited", ()))
    return Case(**values)


def _seat(person: Person) -> str:
    profile = asdict(person.profile)
    kept = {"profile": profile, "presence": person.presence, "away": person.away, "since": person.since}
    return json.dumps(kept, ensure_ascii=False)


def _person(data: str) -> Person:
    values = json.loads(data)
    profile: dict[str, Any] = values["profile"]
    known = {item.name for item in fields(Profile)}
    made = Profile(**{name: value for name, value in profile.items() if name in known})
    made = replace(made, queues=tuple(made.queues), areas=tuple(made.areas))
    return Person(made, values["presence"], values.get("away", ""), values["since"], values["since"])


def _ticket_row(ticket: Ticket) -> TicketRow:
    data = asdict(ticket)
    private = {name: data.pop(name) for name in _PRIVATE}
    return TicketRow(
        ticket.id, ticket.conversation, ticket.state, ticket.queue, ticket.agent, ticket.created, ticket.due, data,
        private,
    )  # fmt: skip


def _ticket(row: TicketRow) -> Ticket:
    """One whose call has been erased keeps its place and loses its words."""
    known = {item.name for item in fields(Ticket)}
    private: dict[str, Any] = {"title": "", "caller": "", "note": "", "form": []}
    private.update(row.private or {})
    form = tuple(_field(item) for item in private.pop("form", ()))
    values = {name: value for name, value in {**row.data, **private}.items() if name in known}
    return Ticket(**values, form=form)


def _field(data: Mapping[str, Any]) -> views.Field:
    """Tickets were kept once without saying which of their fields are private: the type tells of most."""
    item = views.Field(**{**data, "choices": tuple(data.get("choices", ()))})
    return replace(item, private=item.private or item.type in MASKED)


def _plain(value: Scalar) -> Any:
    return value if isinstance(value, (str, int, bool)) or value is None else str(value)
