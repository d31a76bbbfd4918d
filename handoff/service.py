"""The asyncio shell of the centre: lines and desks on either side, the machine in the middle, the record beside it.

Everything that decides is in the machine and its siblings; here are the clock, the one timer, and the order: a signal
goes to the machine, what changed goes on record, then the effects are performed and the desks are told.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Literal

from huashu.core.actions import Handoff, Rated
from huashu.core.errors import StoreError, UsageError
from huashu.handoff import effects, metrics, rules, signals, views
from huashu.handoff.board import GATHERED, Board, Tell
from huashu.handoff.casework import Casework
from huashu.handoff.effects import Effect
from huashu.handoff.line import Line
from huashu.handoff.lines import KNOWN_CALLERS, Lines
from huashu.handoff.listening import Listening
from huashu.handoff.live import Live
from huashu.handoff.machine import Case, Centre, Person
from huashu.handoff.plan import Plan, Profile
from huashu.handoff.ranks import Timers
from huashu.handoff.record import Record
from huashu.handoff.satisfaction import rating_text
from huashu.handoff.seat import Seat
from huashu.handoff.views import Reason
from huashu.runtime.alarm import Alarm
from huashu.runtime.faults import where
from huashu.store.cases import RatingRow
from huashu.store.log import Store

logger = logging.getLogger(__name__)

FRESH = 5.0
"""Seconds since it began within which a conversation that joins has no past here."""
AFTERWARDS = 60.0
"""Seconds at least that an agent has to say how a conversation went that the caller ended."""


class HandoffService:
    """One centre, on one event loop; create it there. With a store it goes on where the process before it ended:
    lines and desks count as lost and have the plan's grace to come back.

    store: the one that the conversations are recorded in.
    clock: seconds that never run backwards. wall: Unix seconds, asked once.
    timers=False: somebody else watches `deadline` (against `now`) and calls `wake`.
    """

    def __init__(
        self,
        plan: Plan,
        *,
        store: Store | None = None,
        clock: Callable[[], float] = time.monotonic,
        wall: Callable[[], float] = time.time,
        timers: bool = True,
    ) -> None:
        self._clock = clock
        self._zero = wall() - clock()
        self.centre = Centre(plan)
        self.record = Record(store)
        self.lines = Lines(self.centre, self.tell, self._began)
        self.board = Board(self.centre, self.lines.lives)
        self.casework = Casework(self.centre, self.board, self.record, lambda: self.now)
        self._seats: dict[str, Seat] = {}
        self._timers = Timers()
        self._listening = Listening(self.centre, self.board, self._timers, self.tell, self.casework.promised)
        self._alarm = Alarm(self.wake) if timers else None
        self._closing: dict[str, dict[str, None]] = {}
        """Agent → conversations that are over and of which they have still to say how they went."""
        self._restore()

    def _restore(self) -> None:
        """What was going on when the process before ended."""
        for number, agent in self.record.callers(KNOWN_CALLERS):
            self.lines.remember(number, agent)
        cases, people, tallies = self.record.cases(), self.record.people(), self.record.tallies(self.plan)
        lost = [case for case in cases if case.kind == "callback" and not self._taken_up(case.parent)]
        cases = [case for case in cases if case not in lost]
        self._perform(self.centre.restore(cases, people, tallies, now=self.now))
        day, midnight = self.centre.today
        self.board.opinions.on(day)
        for row in self.record.ratings(midnight):
            self.board.opinions.put(row)
        for case in lost:
            self.casework.file(case.parent, None, case.queue, "callback", "")
            self.record.write([replace(case, state="failed", why="erased", since=self.now)], {}, ())

    def _taken_up(self, call: str) -> bool:
        """A conversation of which somebody is to be called back, from the record: whoever calls needs to know it."""
        if self.live(call) is None:
            line = self.record.past(call)
            if line is None:
                return False
            live = self.lines.lives[call] = Live(line, self.plan.language)
            self._recall(live)
            for at, item in line.history():
                live.transcript.take(at, item)
        return True

    @property
    def plan(self) -> Plan:
        return self.centre.plan

    @property
    def now(self) -> float:
        """Unix seconds, by the clock."""
        return self._zero + self._clock()

    def live(self, call: str) -> Live | None:
        return self.lines.lives.get(call)

    # --- lines ----------------------------------------------------------------------------------------------------

    def join(self, line: Line) -> None:
        """A live conversation, new or with a new line; `leave` when it is over or lost."""
        before = self.live(line.call)
        live = Live(line, self.plan.language)
        number = 0
        if before is not None:
            before.stop()
            live.stages, live.asides = before.stages, before.asides
            live.disposition, live.tracks = before.disposition, before.tracks
            live.served, live.rating = before.served, before.rating
        elif line.call in self.centre.cases or line.now > FRESH:
            number = self._recall(live)
        case = self.centre.cases.get(line.call)
        if case is not None:
            live.queue, live.reason = case.queue, case.reason
        for at, item in line.history():
            live.transcript.take(at, item)
        self.lines.lives[line.call] = live
        live.stop = line.watch(lambda at, item: self._heard(live, at, item))
        owner = line.owner
        if owner == "human" and case is None and (owed := self.record.decided(line.call)) is not None:
            self.lines.perform(owed)  # the process ended before the conversation was told
            if isinstance(owed, effects.HangUp) and line.script.satisfaction is None:
                return
            owner = "bot"
        self.tell(signals.Joined(line.call, line.started.medium, owner, number))
        if before is None and case is not None:  # desks that were back before it have been told nothing of it
            for agent in self.board.holders(case):
                self.show(line.call, agent)

    def leave(self, call: str, *, over: bool = True) -> None:
        """The conversation is over; or only its line is lost, and the caller may come back."""
        live = self.live(call)
        if live is None:
            return
        live.stop()
        case = self.centre.cases.get(call)
        if case is not None and case.state == "bridged" and over and case.agent in self._seats:
            live.closing = case.agent
            self._closing.setdefault(case.agent, {})[call] = None
        self.tell(signals.Ended(call) if over else signals.LineLost(call))
        if case is None:
            self._forget(call)

    def request(self, call: str, handoff: Handoff) -> None:
        """The bot's action, performed: a person is wanted. Never blocks; the answer comes on the line.

        Raises:
            UsageError: the call has not joined.
        """
        live = self.live(call)
        if live is None:
            raise UsageError(f"call {call} has not joined the centre: join comes first")
        reason: Reason = next((known for known in views.REASONS if known == handoff.reason), "requested")
        priority = rules.priority(self.plan, live.known)
        known = self.lines.knows(live)
        live.stages.asked = live.transcript.telling
        self.tell(
            signals.Requested(call, handoff.queue, reason, handoff.id, handoff.within, priority=priority, agent=known)
        )

    # --- desks ----------------------------------------------------------------------------------------------------

    def sign_in(self, agent: Profile, tell: Tell) -> Seat:
        """A place for a person, who is told from now on what they may see. May come again: the newest wins, and what
        they have stays. Number, queues and skills that the profile leaves out are the plan's."""
        planned = self.plan.agents.get(agent.id)
        if planned is not None and not agent.number:
            agent = replace(agent, number=planned.number)
        if planned is not None and not (agent.queues or agent.skills or agent.capacity or agent.areas):
            agent = replace(
                agent, queues=planned.queues, skills=planned.skills, capacity=planned.capacity, areas=planned.areas
            )
        seat = self._seats.get(agent.id)
        if seat is None:
            seat = self._seats[agent.id] = Seat(self, agent)
        seat.profile = agent
        self.board.desks[agent.id] = (agent, tell)
        self.tell(signals.SignedIn(agent))
        self.casework.tickets.arrived(self.casework.staff())
        self.casework.show()
        return seat

    def rate(self, call: str, kind: Literal["nps", "csat"], score: int | None, comment: str = "") -> RatingRow:
        """What the caller answers to the question of how it was (None: nothing). It belongs to the call and to all who
        had it. The script's own question (`satisfaction`) comes here by itself.

        Raises:
            UsageError: a score that the question does not have.
        """
        case = self.centre.cases.get(call)
        agent = (case.agent if case.state == "bridged" else case.last) if case is not None else ""
        live = self.live(call)
        rows = self.record.handoffs(call)
        agent = agent or next((row.agent for row in reversed(rows) if row.agent), "")
        served = live.served if live is not None else dict.fromkeys(row.agent for row in rows if row.answered)
        queue = (live.queue if live is not None else "") or next((row.queue for row in reversed(rows)), "")
        row = self.casework.rate(call, kind, score, comment, queue, agent, tuple(served))
        if live is not None:
            live.rating = rating_text(row)
        return row

    # --- the machine ----------------------------------------------------------------------------------------------

    def tell(self, signal: signals.Signal) -> None:
        """To the machine, and what follows.

        Raises:
            RefusedError: the wish is impossible just now; nothing has changed.
            StoreError: the record could not be written.
        """
        self._perform(self.centre.receive(signal, now=self.now))

    def _perform(self, todo: list[Effect]) -> None:
        self._write(todo)
        for effect in todo:
            try:
                self._do(effect)
            except Exception as error:  # the outermost loop: one desk or line that fails must not cost the others
                logger.error("%s failed with %s", type(effect).__name__, where(error))
        self._arm()

    def _write(self, todo: list[Effect]) -> None:
        """On record before anybody is told."""
        people: dict[str, Person | None] = {}
        for effect in todo:
            if isinstance(effect, effects.Changed | effects.Gone) and effect.kind == "agent":
                people[effect.id] = self.centre.people.get(effect.id)
        touched = self.centre.touched()
        metrics.ended(touched, self.centre.now)
        self.record.write(touched, people, (), self.centre.counted())

    def _do(self, effect: Effect) -> None:
        match effect:
            case effects.Changed(kind=kind, id=id_):
                self._changed(kind, id_)
            case effects.Gone(kind="agent", id=id_):
                self._dismiss(id_)
            case effects.Gone(id=id_, agent=agent):
                self._gone(id_, agent)
            case effects.Ring(call=id_, agent=agent):
                offer = self.board.offer(self.centre.cases[id_]) if id_ in self.centre.cases else None
                if offer is not None:
                    self.board.tell(agent, offer)
            case effects.Unring(offer=offer_id, agent=agent, why=why):
                self.board.tell(agent, views.Withdrawn(offer_id, why))
            case effects.Brief(call=call, agent=agent):
                self.show(call, agent)
            case effects.Connect(call=call, agent=agent, part=part):
                self.lines.connect(call, agent, part)
            case effects.Disconnect(call=call, agent=agent):
                self.lines.disconnect(call, agent)
            case effects.FileTicket(call=call, queue=queue, how=how, agent=agent):
                live = self.live(call)
                title = live.transcript.subject if live is not None else ""
                if how in ("ticket", "callback", "voicemail"):
                    self.casework.file(call, live, queue, how, title, agent=agent)
                self._forget(call)
            case _:
                self.lines.perform(effect)

    def _changed(self, kind: Literal["conversation", "agent", "queue"], id_: str) -> None:
        live = self.live(id_) if kind == "conversation" else None
        if live is not None:
            case = self.centre.cases.get(id_)
            if case is not None:
                live.queue, live.reason = case.queue, case.reason
            self._listening.changed(live, self.now)
        self.board.changed(kind, id_)

    def wake(self) -> None:
        """The deadline may have come."""
        try:
            self._woken(self.now)
        finally:
            self._arm()  # whatever happens, somebody is always woken

    def _woken(self, now: float) -> None:
        self._perform(self.centre.tick(now=now))
        while (name := self._timers.due(now)) is not None:
            what, id_ = name
            live = self.live(id_) if what == "watch" else None
            closing = self.live(id_) if what == "closing" else None
            if live is not None:
                self._listening.due(live, now)
            elif closing is not None:
                self.closed(closing.closing, id_)
            elif what == "flush":
                self.board.flush(now)
            elif what == "midnight":
                self.board.new_day()
        if self.casework.tickets.tick(self.casework.staff(), now):
            self.casework.show()

    def _arm(self) -> None:
        if self.board.pending and self._timers.get(("flush", "")) is None:
            self._timers.set(("flush", ""), self.now + GATHERED)
        if self._timers.get(("midnight", "")) is None:
            self._timers.set(("midnight", ""), self.centre.midnight)
        if self._alarm is not None:
            deadline = self.deadline
            self._alarm.set(None if deadline is None else deadline - self.now)

    @property
    def deadline(self) -> float | None:
        """When to `wake`, in Unix seconds, or None."""
        due = (self.centre.deadline, self._timers.next, self.casework.tickets.deadline)
        return min((at for at in due if at is not None), default=None)

    # --- what goes by ---------------------------------------------------------------------------------------------

    def _heard(self, live: Live, at: float, item: object) -> None:
        self._listening.heard(live, at, item, self.now)  # type: ignore[arg-type]
        if isinstance(item, Rated):
            try:
                self.rate(live.call, item.kind, item.score)
            except StoreError as error:  # a full disk must not cost the caller the conversation
                logger.error("call %s: its rating is not on record (%s)", live.call, error.code)
        if self.board.pending:
            self._arm()

    def _began(self, live: Live, case: Case) -> None:
        """A person has the conversation."""
        metrics.answered(case)
        live.served[case.agent] = None
        self.casework.stage(live, case)
        self.board.changed("conversation", case.id)

    def _recall(self, live: Live) -> int:
        """What was noted before the process ended; how many handoffs there have been."""
        rows = self.record.handoffs(live.call)
        for row in rows:
            if row.answered:
                live.served[row.agent] = None
                live.stages.lines.append(self.casework.had_it(row.agent, row.queue, row.answered))
        notes, filled = self.record.stages(live.call, live.asides)
        live.stages.note = "\n".join(self.casework.noted(agent, text, at) for at, agent, text in notes)
        live.stages.filled = dict(filled)
        return max((row.number for row in rows), default=0)

    def show(self, call: str, agent: str) -> None:
        """The whole of a conversation to one desk: the briefing, then every word, then what was said beside it."""
        live, case = self.live(call), self.centre.cases.get(call)
        if live is not None and case is not None:
            self.board.tell(agent, self.board.conversation(case), *live.transcript.said)
            if agent in self._seats:
                self.board.tell(agent, *self.casework.asides(live, case, self._seats[agent].profile))

    # --- the end --------------------------------------------------------------------------------------------------

    def _gone(self, id_: str, agent: str) -> None:
        """It leaves a desk, or is over. Who had it when it ended may still say how it went."""
        live = self.live(id_)
        if agent:
            if live is None or live.closing != agent:
                self.board.gone("conversation", id_, agent)
            return
        for one in self.board.wall():
            if live is None or live.closing != one:
                self.board.gone("conversation", id_, one)
        if live is not None:
            self.casework.finished(live)
        if live is not None and live.closing:
            self.board.tell(live.closing, self.board.over(live))
            seconds = max(AFTERWARDS, self.plan.queue(live.queue).wrap_up)
            self._timers.set(("closing", id_), self.now + seconds)
        self._forget(id_)

    def closed(self, agent: str, call: str = "") -> None:
        """This agent has nothing to add to conversations that are over (or to this one)."""
        mine = self._closing.get(agent, {})
        for id_ in [call] if call else list(mine):
            live = self.live(id_)
            if id_ not in mine or live is None:
                continue
            del mine[id_]
            live.closing = ""
            self._timers.cancel(("closing", id_))
            self.board.gone("conversation", id_, agent)
            self._forget(id_)
        if not mine:
            self._closing.pop(agent, None)

    def _forget(self, call: str) -> None:
        """When nobody needs it any more."""
        live = self.live(call)
        if live is None or live.closing or call in self.centre.cases or self.centre.called_back(call):
            return
        del self.lines.lives[call]
        self._timers.cancel(("watch", call))

    def _dismiss(self, agent: str) -> None:
        self.closed(agent)
        metrics.agents(self.centre.people.values())
        self.board.gone("agent", agent)
        self.board.desks.pop(agent, None)
        self._seats.pop(agent, None)
