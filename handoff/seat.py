"""One agent's place: what they ask of the centre, each command done once and answered."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from huashu.core.errors import HuashuError, StoreError, UsageError
from huashu.core.events import HumanSaid
from huashu.core.language import is_chinese
from huashu.handoff import commands, origin, packet, signals, views
from huashu.handoff.exporting import Form
from huashu.handoff.line import Track
from huashu.handoff.live import Live
from huashu.handoff.once import KEPT_FOR, Once
from huashu.handoff.plan import Profile
from huashu.handoff.state import Case, RefusedError
from huashu.handoff.views import Answer
from huashu.handoff.wording import REFUSALS, WrongError, words
from huashu.values.registry import display

if TYPE_CHECKING:
    from huashu.handoff.service import HandoffService

logger = logging.getLogger(__name__)

READS = (commands.Find, commands.Unmask, commands.ReadTicket)
"""Asked again they are done again: who looks twice at a private value has looked twice."""
NOTHING_ELSE = (commands.Note, commands.Fill, commands.SayAside, commands.FileTicket, commands.WorkTicket)
"""Commands that do nothing but write: what could not be written was not done."""
LONGEST_REASON = 40
"""Characters of why somebody is on a break; what is longer is cut."""
LONGEST = 4000
"""Characters of what is said or noted at once."""


class Seat:
    """Made by `HandoffService.sign_in`."""

    def __init__(self, service: "HandoffService", profile: Profile) -> None:
        self._service = service
        self.profile = profile
        self.once = Once(service.record, profile.id, now=service.now)

    @property
    def agent(self) -> str:
        return self.profile.id

    # --- the session ----------------------------------------------------------------------------------------------

    def look(self) -> list[views.View]:
        """All that this person may see now: what a desk that (re)connects needs."""
        service = self._service
        shown = [*service.board.look(self.profile), *self._asides()]
        return [*shown, *(ticket.view() for ticket in service.casework.tickets.visible(self.profile, service.now))]

    def _asides(self) -> Iterator[views.View]:
        """What was said beside the conversations at this desk."""
        for live in list(self._service.lines.lives.values()):
            if live.asides:
                case = self._service.centre.cases.get(live.call)
                holders = self._service.board.holders(case) if case is not None else ()
                if self.agent in (live.closing, *holders):
                    yield from self._service.casework.asides(live, case, self.profile)

    def sign_out(self) -> None:
        """Nothing is theirs any more: callers they had are next in their queues."""
        self._service.tell(signals.SignedOut(self.agent))

    def lost(self) -> None:
        """The desk is gone; conversations are kept for the plan's grace."""
        self._service.tell(signals.AgentLost(self.agent))

    def track(self, conversation: str, track: Track) -> int:
        """Put this person's sound on the line, as what they are there; the line's rate, samples a second.

        Raises:
            UsageError: they are not on this conversation, or it has no sound.
        """
        case, live = self._mine(conversation)
        rate = live.line.rate
        part = self._service.lines.part(case, self.agent)
        if rate is None:
            raise UsageError(f"conversation {conversation} is text: it has no sound", code="state")
        if part is None:
            raise RefusedError(f"you are not on conversation {conversation}", code="forbidden")
        live.tracks[self.agent] = track
        self._service.lines.connect(conversation, self.agent, part)
        return rate

    def untrack(self, conversation: str, track: Track) -> None:
        """Take it off; of no effect when another has taken its place."""
        live = self._service.live(conversation)
        if live is not None and live.tracks.get(self.agent) is track:
            del live.tracks[self.agent]
            live.line.unbridge(track)

    # --- commands -------------------------------------------------------------------------------------------------

    async def do(self, command: commands.Command, *, id: str = "") -> Answer:  # noqa: A002  as the contract names it
        """What became of it. A command under an id that came before is not done again: it gets the first answer."""
        return await self.once.do(id, lambda: self.perform(command, id))

    async def perform(self, command: commands.Command, id_: str) -> Answer:
        """The same, for who asks `once` by themselves: within a process the id has not come before."""
        if id_ in self.once.earlier:
            return self.once.earlier[id_]
        if isinstance(command, commands.Say):
            return await self._say(command, id_)
        return self._at_once(command, id_)

    def _at_once(self, command: commands.Command, id_: str) -> Answer:
        """All that it writes and its answer, committed together: whoever asks again after a crash is answered the same,
        and nothing is half done. Desks are told meanwhile, but nothing leaves the process before the commit: nobody
        else's turn comes before."""
        if isinstance(command, READS):
            return self._tried(command, id_)
        answer: Answer | None = None
        try:
            with self._service.record.together():
                answer = self._tried(command, id_)
                if id_:
                    self._service.record.keep(self.agent, id_, answer, self._service.now, lasts=KEPT_FOR)
        except StoreError as error:
            logger.error("a command of the desk is not on record (%s)", error.code)
            if isinstance(command, NOTHING_ELSE):
                return self._refused(error)
            if answer is None:  # callers are not to lose their person because a disk is full
                return self._tried(command, id_)
        return answer

    def _tried(self, command: commands.Command, id_: str) -> Answer:
        try:
            return self._do(command, id_)
        except HuashuError as error:
            return self._refused(error)

    def _refused(self, error: HuashuError) -> Answer:
        text = str(error)
        if is_chinese(self.profile.language):
            text = error.chinese if isinstance(error, WrongError) else words(REFUSALS, error.code, "zh")
        return Answer(False, error.code, text)

    def _do(self, command: commands.Command, id_: str) -> Answer:
        match command:
            case commands.SayAside(conversation=call, text=text):
                return self._aside(call, text, id_)
            case commands.Unmask(slot=slot, ticket=ticket) if ticket:
                return self._unmask_of_ticket(ticket, slot)
            case commands.ReadTicket(ticket=ticket):
                return self._read(ticket)
            case commands.Note() | commands.Fill() | commands.Unmask() | commands.Find():
                return self._on_conversation(command)
            case commands.GiveBack() | commands.Close():
                return self._give_up(command)
            case commands.FileTicket() | commands.WorkTicket():
                return self._ticket(command)
            case _:
                return self._wish(command)

    def _wish(self, command: commands.Command) -> Answer:
        """Those that the machine alone decides."""
        tell, me = self._service.tell, self.agent
        match command:
            case commands.SetPresence(presence=presence, reason=reason):
                tell(signals.BePresent(me, presence, reason.strip()[:LONGEST_REASON]))
            case commands.Accept(offer=offer):
                tell(signals.Accept(me, offer))
            case commands.Decline(offer=offer):
                tell(signals.Decline(me, offer))
            case commands.Acknowledge(conversation=call):
                tell(signals.Acknowledge(me, call))
            case commands.Hold(conversation=call, on=on):
                tell(signals.Hold(me, call, on))
            case commands.Transfer(conversation=call, queue=queue, agent=to, kind=kind, note=note):
                tell(signals.Transfer(me, call, queue, to) if kind == "cold" else signals.Consult(me, call, queue, to))
                self._noted(call, note)
            case commands.Complete(conversation=call, how=how):
                tell(signals.Complete(me, call, how))
            case commands.WrapUpDone():
                tell(signals.WrapUpDone(me))
                self._service.closed(me)
            case commands.Supervise(conversation=call, mode=mode):
                tell(signals.Supervise(me, call, mode))
                if mode is not None:
                    self._service.show(call, me)
            case commands.Pull(conversation=call, queue=queue, agent=to):
                tell(signals.Pull(me, call, queue, to))
            case _:
                raise UsageError(f"{type(command).__name__} is no command of a desk", code="invalid")
        return Answer()

    # --- conversations --------------------------------------------------------------------------------------------

    def _mine(self, call: str) -> tuple[Case, Live]:
        """A conversation at this desk."""
        case, live = self._service.centre.cases.get(call), self._service.live(call)
        if case is None or live is None:
            raise RefusedError(f"no conversation {call!r} at the centre", code="unknown")
        if self.agent not in self._service.board.holders(case):
            raise RefusedError(f"conversation {call!r} is not at your desk", code="forbidden")
        return case, live

    def _open_or_over(self, call: str) -> Live:
        """A conversation at this desk, or one that is over and that this agent had."""
        live = self._service.live(call)
        if live is not None and live.closing == self.agent:
            return live
        return self._mine(call)[1]

    async def _say(self, command: commands.Say, id_: str) -> Answer:
        """Words to the caller. Their event carries the id: the conversation's own record tells what was said."""
        call, text = command.conversation, command.text
        if id_ and self._has_said(call, id_):
            return Answer()
        try:
            case, live = self._mine(call)
            if self._service.lines.part(case, self.agent) not in ("owner", "hold", "conference", "barge"):
                raise RefusedError(f"conversation {call!r} is not yours to speak in", code="forbidden")
            if not text.strip() or len(text) > LONGEST:
                raise WrongError("long", most=LONGEST)
            await live.post(HumanSaid(text, self.agent, id_))
        except HuashuError as error:
            return self._refused(error)
        return Answer()

    def _has_said(self, call: str, id_: str) -> bool:
        """Before a crash, or in an earlier sitting; the line need not be back yet."""
        live = self._service.live(call)
        if live is None:
            return self._service.record.said(call, self.agent, id_)
        return (self.agent, id_) in live.transcript.commands

    def _on_conversation(self, command: commands.Note | commands.Fill | commands.Unmask | commands.Find) -> Answer:
        call = command.conversation
        match command:
            case commands.Note(text=text):
                self._open_or_over(call)
                self._noted(call, text)
                return Answer()
            case commands.Fill(values=values):
                live, casework = self._open_or_over(call), self._service.casework
                casework.fill(live, self.agent, casework.checked(live, values))
                self._service.board.changed("conversation", call)
                return Answer()
            case commands.Unmask(slot=slot):
                return self._unmask(call, slot)
            case commands.Find(text=text, where=where):
                return self._find(call, text, where)
            case _:
                assert_never(command)

    def _aside(self, call: str, text: str, id_: str) -> Answer:
        case, live = self._mine(call)
        part = self._service.lines.part(case, self.agent)
        if part is None or part == "listen":
            raise RefusedError(f"you only look on at conversation {call!r}", code="forbidden")
        if not text.strip() or len(text) > LONGEST:
            raise WrongError("long", most=LONGEST)
        self._service.casework.aside(live, case, self.profile, text.strip(), id_)
        return Answer()

    def _noted(self, call: str, text: str) -> None:
        live = self._service.live(call)
        if live is None:
            raise RefusedError(f"no conversation {call!r} at the centre", code="unknown")
        self._service.casework.note(live, self.profile, text)
        self._service.board.changed("conversation", call)

    def _unmask(self, call: str, slot: str) -> Answer:
        """The whole value; who looked at it, and when, is kept."""
        live = self._open_or_over(call)
        variable = live.line.script.variables.get(slot)
        value = live.known.get(slot)
        if variable is not None and value is not None:
            language = "zh-CN" if is_chinese(self.profile.language) else "en"
            text = display(variable.type, value, language=language, unit=variable.unit)
        else:
            text = next((item.value for item in self._service.casework.form(live) if item.name == slot), "")
        if not text:
            raise UsageError(f"nothing is known of {slot!r}", code="unknown")
        self._service.casework.looked(call, self.agent, slot)
        return Answer(values={slot: text})

    def _find(self, call: str, text: str, where: str) -> Answer:
        if where == "cases":
            if call:
                self._open_or_over(call)
            return Answer(values=self._service.casework.tickets.found(text))
        live = self._open_or_over(call)
        return Answer(values={item.source: item.text for item in packet.find(live.line.script, text, most=5)})

    def _give_up(self, command: commands.GiveBack | commands.Close) -> Answer:
        """Back to the bot, or over. What is filled in wrong keeps it where it is."""
        call, service = command.conversation, self._service
        live = self._open_or_over(call)
        case = service.centre.cases.get(call)
        casework, over = service.casework, live.closing == self.agent
        if not over and (case is None or case.agent != self.agent or case.state != "bridged"):
            raise RefusedError(f"conversation {call!r} is not yours", code="forbidden")
        if isinstance(command, commands.GiveBack):
            if over:
                raise RefusedError(f"conversation {call!r} is over", code="state")
            script = live.line.script
            if command.step and not any(command.step in (item.id, f"{flow.name}.{item.id}")
                                        for flow in script.flows.values() for item in flow.steps):  # fmt: skip
                raise WrongError("step", step=command.step)
            values = casework.checked(live, command.values)
            casework.fill(live, self.agent, values)
            service.tell(signals.GiveBack(self.agent, call, command.step))
            return Answer()
        allowed = casework.dispositions(live)
        if allowed and command.disposition not in allowed:
            raise WrongError("disposition", choices="、".join(allowed))
        values = casework.checked(live, command.values)
        lacking = casework.lacking(live, values)
        if lacking:
            raise WrongError("missing", fields="、".join(lacking))
        casework.fill(live, self.agent, values)
        self._noted(call, command.note)
        casework.disposed(live, command.disposition)
        if over:
            service.closed(self.agent, call)
        else:
            service.tell(signals.Close(self.agent, call))
        return Answer()

    # --- tickets --------------------------------------------------------------------------------------------------

    async def export(self, form: Form, *, private: bool = False) -> str:
        """All tickets of the centre, for supervisors; private: with whole private values, on record.

        Raises:
            UsageError: they are none (code "forbidden").
            StoreError: it could not be put on record.
        """
        return self._service.casework.export(self.profile, form, private=private)

    def _read(self, id_: str) -> Answer:
        service = self._service
        ticket = service.casework.tickets.whole(id_, self.profile)
        live = service.live(ticket.conversation)
        told = origin.origin(ticket, live, service.record, self.profile, service.plan.language)
        service.board.tell(self.agent, told)
        return Answer()

    def recording(self, id_: str, number: int) -> Path:
        """The sound of the conversation that a ticket came from, the first or a later part (1, 2 …), for supervisors;
        that they were given it is on record before this returns.

        Raises:
            UsageError: they are none ("forbidden"), or there is none ("unknown").
            StoreError: it could not be put on record.
        """
        if not self.profile.watches:
            raise UsageError("only supervisors listen to recordings", code="forbidden")
        ticket = self._service.casework.tickets.whole(id_, self.profile)
        found = origin.recordings(ticket, self._service.live(ticket.conversation), self._service.record)
        if not 1 <= number <= len(found):
            raise UsageError(f"ticket {id_} has no recording {number}", code="unknown")
        self._service.casework.looked(ticket.conversation, self.agent, origin.RECORDING, id_)
        return found[number - 1]

    def _unmask_of_ticket(self, id_: str, slot: str) -> Answer:
        """A private field, or value of the conversation; as "caller" the number of whoever called, to call back."""
        ticket = self._service.casework.tickets.whole(id_, self.profile)
        value = next((item.value for item in ticket.form if item.name == slot), "")
        if not value and slot == "caller":
            live = self._service.live(ticket.conversation)
            value = live.number if live is not None else self._service.record.number(ticket.conversation)
        if not value:
            live = self._service.live(ticket.conversation)
            value = origin.value(ticket, live, self._service.record, slot, self.profile)
        if not value:
            raise UsageError(f"nothing is known of {slot!r}", code="unknown")
        self._service.casework.looked(ticket.conversation, self.agent, slot, id_)
        return Answer(values={slot: value})

    def _ticket(self, command: commands.FileTicket | commands.WorkTicket) -> Answer:
        casework = self._service.casework
        if isinstance(command, commands.FileTicket):
            live = self._open_or_over(command.conversation)
            filed = casework.file(
                live.call, live, command.queue, "ticket", command.title, due=command.due, values=command.values
            )
            return Answer(values={"ticket": filed.id})
        worked = casework.work(self.profile, command.ticket, command.do, command.note, command.values, command.agent)
        return Answer(values={"ticket": worked.id})
