"""Who sees what: views made of what the machine holds, told to the desks they concern.

Who has a conversation is told of it at once. What many look at (queues, colleagues, the wall of a supervisor) is
gathered for `GATHERED` seconds and told once.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from huashu.handoff import metrics, packet, views
from huashu.handoff.live import Live
from huashu.handoff.machine import Case, Centre, Person
from huashu.handoff.plan import Profile
from huashu.handoff.satisfaction import Opinions
from huashu.handoff.tickets import serves
from huashu.handoff.views import View
from huashu.store.cases import RatingRow

GATHERED = 0.1
"""Seconds. A page is redrawn hardly more often."""
COLLEAGUES = 1.0
"""Seconds between two looks at colleagues: 200 agents who see each change of 200 would be told 40,000 things."""

Tell = Callable[[View], None]


class Board:
    def __init__(self, centre: Centre, lives: dict[str, Live]) -> None:
        self._centre = centre
        self._lives = lives
        self.desks: dict[str, tuple[Profile, Tell]] = {}
        """By agent: those who are told."""
        self._pending: dict[tuple[str, str], None] = {}
        self._colleagues: dict[str, None] = {}
        """Agents who are to be shown to the others."""
        self.opinions = Opinions()
        self._shown = 0.0
        """When colleagues were shown last."""

    @property
    def pending(self) -> bool:
        return bool(self._pending or self._colleagues)

    # --- telling --------------------------------------------------------------------------------------------------

    def tell(self, agent: str, *shown: View) -> None:
        """Of no effect for one whose desk is not there."""
        found = self.desks.get(agent)
        if found is not None:
            for view in shown:
                found[1](self._for(found[0], view))

    def _for(self, profile: Profile, view: View) -> View:
        """What this person may know of it: that a supervisor listens is told to agents where the centre says so."""
        if self._centre.plan.tell_listening or profile.watches:
            return view
        if isinstance(view, views.Conversation) and view.listening:
            return replace(view, listening=())
        if isinstance(view, views.Offer) and view.conversation.listening:
            return replace(view, conversation=replace(view.conversation, listening=()))
        return view

    def onlooker(self, name: str, tell: Tell) -> None:
        """One who is shown what a supervisor is, and has no place at the centre: another system."""
        self.desks[f"·{name}"] = (Profile(name, role="supervisor"), tell)

    def wall(self) -> Iterator[str]:
        """Those who may see everything."""
        return iter([agent for agent, (profile, _) in self.desks.items() if profile.watches])

    def holders(self, case: Case) -> list[str]:
        """Those at whose desks the conversation is: its agent, a colleague who is asked, who listens."""
        found = [case.agent] if case.state in ("accepted", "bridged") else []
        leg = self._centre.cases.get(case.consult)
        if leg is not None and leg.state in ("accepted", "bridged"):
            found.append(leg.agent)
        live = self._lives.get(case.id)
        if live is not None and live.closing and live.closing not in found:
            found.append(live.closing)
        return [*found, *case.parties]

    def changed(self, kind: str, id_: str) -> None:
        """It is to be shown anew."""
        if kind == "conversation":
            case = self._main(id_)
            id_ = case.id if case is not None else id_
            if case is not None and id_ in self._lives:
                holders = self.holders(case)
                if holders:
                    view = self.conversation(case)
                    for agent in holders:
                        self.tell(agent, view)
        elif kind == "agent" and id_ in self._centre.people:
            self.tell(id_, self.agent(self._centre.people[id_]))
        self._pending[(kind, id_)] = None

    def new_day(self) -> None:
        """Figures since midnight begin anew: those of yesterday are not to stand there until something happens."""
        for queue in self._centre.named():
            self.changed("queue", queue)
        for agent in self._centre.people:
            self.changed("agent", agent)

    def later(self, call: str) -> None:
        """A conversation: for everybody with the next flush."""
        self._pending[("conversation+", call)] = None

    def flush(self, now: float) -> None:
        """What has gathered. now: seconds of any clock."""
        pending, self._pending = self._pending, {}
        watching = list(self.wall())
        if any(kind == "agent" for kind, _ in pending):
            metrics.agents(self._centre.people.values())
        for kind, id_ in pending:
            match kind:
                case "conversation" | "conversation+":
                    self._flush_conversation(id_, watching, holders=kind.endswith("+"))
                case "agent" if id_ in self._centre.people:
                    view = self.agent(self._centre.people[id_])
                    for agent in watching:
                        self.tell(agent, view)
                    self._colleagues[id_] = None
                case "queue":
                    metrics.queue(id_, *self._centre.waiting(id_))
                    queue = self.queue(id_)
                    for agent, (profile, _) in self.desks.items():
                        if sees(profile, id_):
                            self.tell(agent, queue)
        if self._colleagues and now - self._shown >= COLLEAGUES:
            self._shown = now
            colleagues, self._colleagues = self._colleagues, {}
            shown = [self.agent(self._centre.people[id_]) for id_ in colleagues if id_ in self._centre.people]
            for agent, (profile, _) in self.desks.items():
                if not profile.watches:
                    self.tell(agent, *shown)

    def _flush_conversation(self, id_: str, watching: list[str], *, holders: bool) -> None:
        case = self._centre.cases.get(id_)
        if case is None or id_ not in self._lives:
            return
        has = self.holders(case)
        if holders and has:
            view = self.conversation(case)
            for agent in has:
                self.tell(agent, view)
        wall = [agent for agent in watching if agent not in has]
        if wall:
            view = self.conversation(case, suggest=False)
            for agent in wall:
                self.tell(agent, view)

    def said(self, case: Case, entries: Iterable[views.Said]) -> None:
        """New words: to those at whose desks the conversation is."""
        for agent in self.holders(case):
            self.tell(agent, *entries)

    def over(self, live: Live) -> views.Conversation:
        """One that is over, as its agent sees it, who may still say how it went."""
        case = Case(
            live.call,
            live.line.started.medium,
            state="closed",
            number=1,
            queue=live.queue,
            reason=live.reason,
            since=self._centre.now,
        )
        view = packet.brief(live.line, live.transcript, case, self._centre.plan, live.stages, suggest=False)
        return replace(view, agent=live.closing)

    def gone(self, kind: str, id_: str, agent: str = "") -> None:
        """Nothing to see any more: at one desk, or at all."""
        view = views.Gone(kind, id_)  # type: ignore[arg-type]
        for one in [agent] if agent else list(self.desks):
            self.tell(one, view)

    # --- what is shown --------------------------------------------------------------------------------------------

    def conversation(self, case: Case, *, suggest: bool = True) -> views.Conversation:
        live = self._lives[case.id if case.id in self._lives else case.parent]
        shown = packet.brief(
            live.line, live.transcript, case, self._centre.plan, live.stages, suggest=suggest, quote=suggest
        )
        leg = self._centre.cases.get(case.consult)
        return shown if leg is None else replace(shown, asked=leg.agent, asking=leg.state)

    def _main(self, id_: str) -> Case | None:
        """The caller's own case, for a leg of it."""
        case = self._centre.cases.get(id_)
        return self._centre.cases.get(case.parent, case) if case is not None and case.parent else case

    def agent(self, person: Person) -> views.Agent:
        plan = self._centre.plan
        profile = person.profile
        media: tuple[views.Medium, ...] = ("voice", "text")
        capacity = profile.capacity or plan.capacity
        return views.Agent(
            profile.id,
            profile.name or profile.id,
            "offline" if person.lost else person.presence,
            person.since,
            dict(profile.skills),
            {medium: person.load(medium) for medium in media},
            {medium: capacity.get(medium, 0) for medium in media},
            tuple(dict.fromkeys(self._centre.cases[id_].parent or id_ for id_ in person.work)),
            self._opinions.of_agent(profile.id),
            person.away,
            tuple(name for name in self._centre.named() if serves(plan, profile, name)),
        )

    def queue(self, name: str) -> views.Queue:
        centre = self._centre
        waiting, since = centre.waiting(name)
        tally = centre.tally(name)
        return views.Queue(
            name,
            centre.plan.queue(name).title or name,
            waiting,
            max(0.0, centre.now - since),
            centre.expected(name),
            tally.answered,
            tally.lost,
            round(tally.level, 4),
            centre.is_open(name),
            centre.available(name),
            self._opinions.of_queue(name),
        )

    @property
    def _opinions(self) -> Opinions:
        """Today's."""
        self.opinions.on(self._centre.today[0])
        return self.opinions

    def rated(self, row: RatingRow) -> None:
        """A caller has been asked how it was."""
        self._opinions.put(row)
        kind: Any = row.kind
        shown = views.Rating(row.call, kind, row.score, row.at, row.queue, row.agent, row.served)
        for agent in self.wall():
            self.tell(agent, shown)
        if row.queue:
            self.changed("queue", row.queue)
        for agent in row.served:
            self.changed("agent", agent)

    def offer(self, case: Case) -> views.Offer | None:
        """What rings. None: its line never came back after a restart."""
        if (case.parent or case.id) not in self._lives:
            return None
        main = self._centre.cases.get(case.parent) or case  # who is to be called back may have left long ago
        ring = self._centre.plan.queue(case.queue).ring
        return views.Offer(case.offer, self.conversation(main), case.rung + ring)

    def look(self, profile: Profile) -> list[View]:
        """All that this person may see now, but for tickets."""
        centre = self._centre
        shown: list[View] = [self.agent(person) for person in centre.people.values()]
        shown += [self.queue(name) for name in centre.named() if sees(profile, name)]
        person = centre.people.get(profile.id)
        for case in list(centre.cases.values()):
            if case.id not in self._lives:
                continue
            if profile.id in self.holders(case):
                shown.append(self.conversation(case))
                shown += self._lives[case.id].transcript.said
            elif profile.watches:
                shown.append(self.conversation(case, suggest=False))
        for live in self._lives.values():
            if live.closing == profile.id and live.call not in centre.cases:
                shown += [self.over(live), *live.transcript.said]
        if person is not None and person.ringing:
            offer = self.offer(centre.cases[person.ringing])
            if offer is not None:
                shown.append(offer)
        return [self._for(profile, view) for view in shown]


def sees(profile: Profile, queue: str) -> bool:
    """Queues are shown to those who work for them and to supervisors."""
    return profile.watches or not profile.queues or queue in profile.queues
