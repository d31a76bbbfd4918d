"""Notes, values, dispositions, tickets and ratings: what outlives the conversation, kept and shown."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal

from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.handoff import forms, tickets, views
from huashu.handoff.advice import queues_of
from huashu.handoff.board import Board
from huashu.handoff.exporting import Form, export
from huashu.handoff.live import Live
from huashu.handoff.machine import Case, Centre
from huashu.handoff.masking import masked
from huashu.handoff.packet import is_private
from huashu.handoff.plan import Profile
from huashu.handoff.record import Record
from huashu.handoff.satisfaction import checked_score, rating_text
from huashu.handoff.tickets import Ticket, Tickets
from huashu.handoff.views import Aside
from huashu.handoff.wording import STAGES, WrongError, words
from huashu.store.cases import RatingRow
from huashu.values.registry import canonical

LONGEST = 4000
"""Characters of a note."""
NOTHING: Mapping[str, Scalar] = MappingProxyType({})


class Casework:
    def __init__(self, centre: Centre, board: Board, record: Record, clock: Callable[[], float]) -> None:
        """clock: Unix seconds."""
        self._centre = centre
        self._board = board
        self._record = record
        self._clock = clock
        self.tickets = Tickets(centre.plan)
        for ticket in record.tickets():
            self.tickets.put(ticket)
        self.tickets.changed.clear()

    def staff(self) -> list[Profile]:
        """Those signed in and at their desks."""
        return [person.profile for person in self._centre.people.values() if not person.lost]

    # --- a conversation -------------------------------------------------------------------------------------------

    def stage(self, live: Live, case: Case) -> None:
        """An agent has it: a line in its history."""
        live.stages.lines.append(self.had_it(case.agent, case.queue, self._centre.now))

    def had_it(self, agent: str, queue: str, at: float) -> str:
        """The line of a history."""
        settings = self._centre.plan.queue(queue)
        title, levels = settings.title or queue, self._centre.plan.levels
        if settings.level > 1 and settings.level <= len(levels):
            title = f"{title}·{levels[settings.level - 1]}"
        return self._line("agent", agent, at, queue=title)

    def noted(self, agent: str, text: str, at: float) -> str:
        """The line of a note."""
        return self._line("note", agent, at, note=text)

    def _line(self, code: str, agent: str, at: float, **values: str) -> str:
        time = self._centre.local(at).strftime("%H:%M")
        profile = self._profile(agent)
        name = (profile.name if profile is not None else "") or agent
        return words(STAGES, code, self._centre.plan.language, at=time, agent=name, **values)

    def note(self, live: Live, profile: Profile, text: str) -> None:
        """What an agent has noted; the next one reads it."""
        if not text.strip():
            return
        if len(text) > LONGEST:
            raise WrongError("long", most=LONGEST)
        line = self.noted(profile.id, text, self._centre.now)
        live.stages.note = f"{live.stages.note}\n{line}".strip()
        self._record.note(live.call, profile.id, text, self._clock())

    def checked(self, live: Live, values: Mapping[str, Scalar]) -> dict[str, Scalar]:
        """Variables of the script and fields of the form, as their types want them. The mask of a private value, sent
        back, is left out.

        Raises:
            UsageError: no such field, or not a value of its type (code "invalid").
        """
        fields = {item.name: item for item in self.form(live)}
        variables = live.line.script.variables
        found: dict[str, Scalar] = {}
        for name, value in values.items():
            field, variable = fields.get(name), variables.get(name)
            if field is not None and field.private and forms.echoed(field.type, field.value, value):
                continue
            known = live.known.get(name)
            if variable is not None and is_private(variable) and forms.echoed(variable.type, known, value):
                continue
            if name in fields and fields[name].type == "choice":
                tickets.checked(fields[name], value)
            if name in variables:
                try:
                    found[name] = canonical(variables[name].type, value)
                except UsageError:
                    raise tickets.wrong_value(name, variables[name].type) from None
            elif name in fields:
                found[name] = tickets.checked(fields[name], value)
            else:
                raise WrongError("field", field=name)
        return found

    def fill(self, live: Live, agent: str, values: Mapping[str, Scalar]) -> None:
        """Values that have been checked."""
        live.stages.filled.update(values)
        self._record.values(live.call, agent, values, self._clock())

    def lacking(self, live: Live, values: Mapping[str, Scalar]) -> list[str]:
        """Titles of required fields of the form that are empty, with these values."""
        return [item.title or item.name for item in self.form(live, values) if item.required and not item.value]

    def form(self, live: Live, values: Mapping[str, Scalar] = NOTHING) -> tuple[views.Field, ...]:
        """Of a conversation, with these values besides; whole."""
        queue = self._centre.plan.queue(live.queue)
        return forms.form(live.line.script, queue, live.reason, live.line.step, {**live.known, **values})[1]

    def dispositions(self, live: Live) -> tuple[str, ...]:
        return self._centre.plan.queue(live.queue).dispositions or self._centre.plan.dispositions

    def disposed(self, live: Live, disposition: str) -> None:
        live.disposition = disposition
        self._record.disposition(live.call, disposition)

    def looked(self, call: str, agent: str, slot: str, ticket: str = "") -> None:
        """A private value was shown; of a ticket: on record as ticket/field."""
        self._record.look(call, agent, f"{ticket}/{slot}" if ticket else slot, self._clock())

    # --- beside it ------------------------------------------------------------------------------------------------

    def aside(self, live: Live, case: Case, profile: Profile, text: str, command: str = "") -> None:
        """Words to the others who attend: on record, then at their desks. command: the id they came by."""
        shown = self._board.holders(case)
        entry = live.asides.made(
            live.call, profile.id, text, command=command, at=live.line.now, leg=case.consult, shown=shown
        )
        self._record.aside(live.call, entry, self._clock())
        live.asides.keep(entry)
        for agent in shown:
            self._board.tell(agent, entry.view)

    def asides(self, live: Live, case: Case | None, profile: Profile) -> list[Aside]:
        """What was said beside a conversation at this person's desk and that they may see; who sees what is kept."""
        leg = self._centre.cases.get(case.consult) if case is not None else None
        asked = leg.id if leg is not None and leg.agent == profile.id else ""
        seen, fresh = live.asides.shown(profile.id, watches=profile.watches, leg=asked)
        if fresh:
            self._record.asides_shown(live.call, profile.id, fresh, self._clock())
        return seen

    # --- tickets --------------------------------------------------------------------------------------------------

    def file(
        self, call: str, live: Live | None, queue: str, kind: tickets.Kind, title: str, *, agent: str = "",
        due: float = 0.0, values: Mapping[str, Scalar] | None = None,
    ) -> Ticket:  # fmt: skip
        """A new one, with what is known of the conversation in its form.

        Raises:
            UsageError: a value that its field does not take (code "invalid").
        """
        settings = self._centre.plan.queue(queue)
        now = self._clock()
        blank = (
            forms.form(live.line.script, settings, live.reason, live.line.step, live.known)
            if live is not None
            else forms.form(None, settings, "", "", {})
        )[1]
        form = tickets.filled(blank, values or {})
        area = next((item.value for item in form if item.name in settings.area), "")
        ticket = Ticket(
            id="",
            kind=kind,
            queue=queue,
            title=title,
            conversation=call,
            created=now,
            due=due or self._centre.plan.fresh_due(queue, kind, now),
            agent=agent,
            level=settings.level,
            area=area,
            caller=masked("phone", live.number) if live is not None else "",
            form=form,
            note=live.stages.note if live is not None else "",
            rating=live.rating if live is not None else "",
        )
        filed = self.tickets.file(ticket, self.staff())
        self.show()
        return filed

    def promised(self, live: Live) -> None:
        """The bot has promised a call back: somebody has to know of it. A bot that calls out, and of which nobody had
        been wanted, means to call again by itself."""
        case = self._centre.cases.get(live.call)
        wanted = live.line.started.direction == "inbound" or (case is not None and case.number > 0)
        if not wanted or self._centre.called_back(live.call) or self.tickets.of(live.call):
            return
        queue = live.queue or next(iter([*queues_of(live.line.script), *self._centre.plan.queues]), "")
        self.file(live.call, live, queue, "callback", live.transcript.subject)

    def finished(self, live: Live) -> None:
        """The conversation is over: what it has told since its tickets were filed goes into them. Fields that are
        filled in stay; of a voicemail the message is noted."""
        began = live.line.started.wall
        for ticket in self.tickets.of(live.call):
            settings = self._centre.plan.queue(ticket.queue)
            fresh = {item.name: item.value for item in
                     forms.form(live.line.script, settings, live.reason, live.line.step, live.known)[1]}  # fmt: skip
            form = tuple(replace(item, value=item.value or fresh.get(item.name, "")) for item in ticket.form)
            message = live.transcript.message(ticket.created - began) if ticket.kind == "voicemail" and began else ""
            told = words(STAGES, "message", self._centre.plan.language, words=message[:LONGEST]) if message else ""
            area = ticket.area or next((item.value for item in form if item.name in settings.area), "")
            changed = replace(ticket, form=form, area=area, note=f"{ticket.note}\n{told}".strip())
            if changed == ticket:
                continue
            if changed.state == "open":
                self.tickets.assign(changed, self.staff())
            else:
                self.tickets.put(changed)
        self.show()

    def work(
        self, profile: Profile, id_: str, do: tickets.Do, note: str, values: Mapping[str, Scalar], agent: str = ""
    ) -> Ticket:
        """agent: by id, who is to have it. Raises UsageError; then nothing has changed."""
        now = self._clock()
        if len(note) > LONGEST:
            raise WrongError("long", most=LONGEST)
        worked = self.tickets.work(
            id_, do, profile, self.staff(), note=note, values=values, to=self._profile(agent), now=now
        )
        self.show()
        return worked

    def _profile(self, agent: str) -> Profile | None:
        """Of somebody who is signed in, or whom the plan names."""
        person = self._centre.people.get(agent)
        return person.profile if person is not None else self._centre.plan.agents.get(agent)

    def export(self, profile: Profile, form: Form, *, private: bool) -> str:
        """All tickets (`huashu.handoff.exporting`). Raises UsageError, StoreError."""
        return export(self.tickets, self._record, profile, form, private=private, at=self._clock())

    def show(self) -> None:
        """What has changed, on record and at the desks."""
        changed, self.tickets.changed = self.tickets.changed, {}
        found = [self.tickets.all[id_] for id_ in changed]
        self._record.write((), {}, found)
        now = self._clock()
        for ticket in found:
            for agent, (profile, _) in self._board.desks.items():
                if self.tickets.sees(profile, ticket, now):
                    self._board.tell(agent, ticket.view())
                else:
                    self._board.gone("ticket", ticket.id, agent)

    def forget(self) -> None:
        """Calls are erased and swept by other processes: what memory holds of their tickets goes, too, at the desks
        as well. To be called now and then.

        Raises:
            StoreError: the record cannot be read.
        """
        found = self._record.forgotten()
        if found is None:
            return
        here, erased = found
        for ticket in list(self.tickets.all.values()):
            if ticket.id in erased:
                self.tickets.blank(ticket)
            elif ticket.id not in here and not ticket.in_work:
                self.tickets.drop(ticket)
                self._board.gone("ticket", ticket.id)
        self.show()

    # --- ratings --------------------------------------------------------------------------------------------------

    def rate(
        self, call: str, kind: Literal["nps", "csat"], score: int | None, comment: str, queue: str, agent: str,
        served: tuple[str, ...],
    ) -> RatingRow:  # fmt: skip
        """What the caller thinks of it; belongs to the call and to the agents who had it."""
        score = checked_score(kind, score)
        row = RatingRow(call, kind, agent, queue, score, self._clock(), comment or None, served)
        self._record.rate(row)
        self._board.rated(row)
        if self.tickets.rated(call, rating_text(row)):
            self.show()
        return row
