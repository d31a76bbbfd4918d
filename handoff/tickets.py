"""Tickets, light: a case that goes on without the caller on the line. Whose it is, until when, what was done; the
cases solved before, to be searched. Time is an argument; the record is the service's.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.handoff import forms, views
from huashu.handoff.masking import masked, masked_words
from huashu.handoff.plan import Plan, Profile
from huashu.handoff.ranks import Timers
from huashu.handoff.routing import qualified
from huashu.handoff.wording import MOVES, WrongError, words
from huashu.knowledge.items import FaqItem, KnowledgeBase
from huashu.knowledge.retrieval import Retriever
from huashu.values.registry import TYPES, canonical

Kind = Literal["ticket", "callback", "voicemail"]
Do = Literal["take", "release", "pend", "escalate", "solve", "close", "assign", "reopen"]
State = Literal["open", "assigned", "pending", "solved", "closed"]
MOST = 20
"""Tickets in work that are given to one agent by themselves."""
STILL_SHOWN, STILL_SHOWN_FOR = 200, 7 * 86_400.0
"""Tickets that are done and still stand on a desk, the latest, and for how many seconds: whoever had one, and
supervisors, may open it again."""
_AFTER: Mapping[Do, tuple[State, ...]] = {
    "take": ("open", "assigned", "pending"),
    "release": ("assigned", "pending"),
    "pend": ("assigned",),
    "escalate": ("open", "assigned", "pending"),
    "solve": ("assigned", "pending"),
    "close": ("open", "assigned", "pending", "solved"),
    "assign": ("open", "assigned", "pending"),
    "reopen": ("solved", "closed"),
}
"""What may be done in which states."""


@dataclass(frozen=True, slots=True)
class Ticket:
    id: str
    kind: Kind
    queue: str
    title: str
    conversation: str
    created: float
    """Unix seconds, as all times here."""
    due: float
    state: State = "open"
    agent: str = ""
    level: int = 1
    area: str = ""
    """Product or place: goes to who looks after it."""
    caller: str = ""
    """Masked."""
    form: tuple[views.Field, ...] = ()
    note: str = ""
    """What was noted so far, oldest first."""
    rating: str = ""
    """As in views.Ticket."""
    done: float = 0.0
    overdue: bool = False
    reopened: int = 0
    """How often it was opened again after it had been solved or closed."""
    assigned_by: str = ""
    """Who has given it to its agent by name; empty: nobody, it found them by itself or they took it."""

    @property
    def in_work(self) -> bool:
        return self.state in ("open", "assigned", "pending")

    def view(self) -> views.Ticket:
        """As desks see it: private fields masked."""
        return views.Ticket(
            self.id, self.state, self.queue, self.title, self.conversation, self.agent, self.due, self.level,
            forms.shown(self.form), self.note, self.caller, self.rating, self.reopened, self.assigned_by, self.done,
        )  # fmt: skip


@dataclass(slots=True)
class Tickets:
    """All that are in work, and those that were solved."""

    plan: Plan
    all: dict[str, Ticket] = field(default_factory=dict)
    changed: dict[str, None] = field(default_factory=dict)
    """Ids of those to be recorded and shown anew; whoever does it clears it."""
    _library: Retriever | None = None
    _loads: Counter[str] = field(default_factory=Counter)
    """Agent → tickets in work."""
    _due: Timers = field(default_factory=Timers)

    def put(self, ticket: Ticket) -> Ticket:
        before = self.all.get(ticket.id)
        if before is not None and before.in_work:
            self._loads[before.agent] -= 1
        if ticket.in_work:
            self._loads[ticket.agent] += 1
        self._due.cancel((ticket.id,))
        if ticket.in_work and not ticket.overdue:
            self._due.set((ticket.id,), ticket.due)
        self.all[ticket.id] = ticket
        self.changed[ticket.id] = None
        if not ticket.in_work or (before is not None and not before.in_work):
            self._library = None
        return ticket

    def get(self, id_: str) -> Ticket:
        ticket = self.all.get(id_)
        if ticket is None:
            raise UsageError(f"no ticket {id_!r}", code="unknown")
        return ticket

    def file(self, ticket: Ticket, people: Iterable[Profile]) -> Ticket:
        """A new one, with a number of its own; given to somebody if there is anybody for it."""
        number = max((int(id_[1:]) for id_ in self.all), default=0) + 1
        ticket = replace(ticket, id=f"T{number:06d}")
        if ticket.agent:
            return self.put(replace(ticket, state="assigned"))
        return self.assign(ticket, people)

    def blank(self, ticket: Ticket) -> None:
        """Its call has been erased: it keeps its place and loses its words."""
        bare = replace(ticket, title="", caller="", note="", form=(), area="")
        if bare != ticket:
            self.put(bare)
            self._library = None

    def drop(self, ticket: Ticket) -> None:
        """One that is done, of a call that has been swept."""
        del self.all[ticket.id]
        self.changed.pop(ticket.id, None)
        self._library = None

    def rated(self, call: str, rating: str) -> bool:
        """The caller has been asked how it was: on the tickets of the call, if there are any."""
        found = [ticket for ticket in self.all.values() if ticket.conversation == call]
        for ticket in found:
            self.put(replace(ticket, rating=rating))
        return bool(found)

    def of(self, call: str) -> list[Ticket]:
        """Those of a conversation that are in work."""
        return [item for item in self.all.values() if item.conversation == call and item.in_work]

    # --- whose it is ----------------------------------------------------------------------------------------------

    def assign(self, ticket: Ticket, people: Iterable[Profile]) -> Ticket:
        """To one who works for its queue: who looks after its area before others, then who has fewest, then who is
        best at what the queue needs."""
        queue = self.plan.queue(ticket.queue)
        best: tuple[tuple[bool, int, int, str], Profile] | None = None
        for profile in people:
            if not qualified(profile, ticket.queue, queue.skills):
                continue
            load = self.load(profile.id)
            if load >= MOST:
                continue
            skill = -sum(profile.skills.get(name, 0) for name, _ in queue.skills)
            key = (ticket.area not in profile.areas, load, skill, profile.id)
            if best is None or key < best[0]:
                best = key, profile
        if best is None:
            return self.put(replace(ticket, state="open", agent="", assigned_by=""))
        return self.put(replace(ticket, state="assigned", agent=best[1].id, assigned_by=""))

    def load(self, agent: str) -> int:
        return self._loads[agent]

    def arrived(self, people: Iterable[Profile]) -> None:
        """Somebody has signed in: what waits for anybody may find them."""
        known = list(people)
        for ticket in [item for item in self.all.values() if item.state == "open"]:
            self.assign(ticket, known)

    # --- work -----------------------------------------------------------------------------------------------------

    def work(
        self, id_: str, do: Do, profile: Profile, people: Iterable[Profile], *, note: str = "",
        values: Mapping[str, Scalar] | None = None, to: Profile | None = None, now: float,
    ) -> Ticket:  # fmt: skip
        """to: who is to have it ("assign"); None: nobody who is known.

        Raises:
            UsageError: codes unknown, forbidden, taken, state, invalid, missing; then nothing has changed.
        """
        ticket, note = self.get(id_), note.strip()
        self._allow(ticket, do, profile)
        if do == "reopen" and not note:
            raise WrongError("reason")
        if do == "assign":
            if to is None or not self._serves(to, ticket.queue):
                raise WrongError("assignee", queue=self.plan.queue(ticket.queue).title or ticket.queue)
            ticket = replace(ticket, state="assigned", agent=to.id, assigned_by=profile.id)
        if values:
            ticket = replace(ticket, form=filled(ticket.form, values))
        if do in ("assign", "reopen"):
            name = (to.name or to.id) if to is not None else ""
            told = words(MOVES, do if note else f"{do}_bare", self.plan.language, agent=name, note=note)
        else:
            told = note
        if told:
            ticket = replace(ticket, note=f"{ticket.note}\n{profile.name or profile.id}：{told}".strip())
        return self._done(ticket, do, profile, people, now)

    def _allow(self, ticket: Ticket, do: Do, profile: Profile) -> None:
        if ticket.state not in _AFTER[do]:
            raise UsageError(f"ticket {ticket.id} is {ticket.state}: it cannot be done: {do}", code="state")
        if do == "take":
            if not self._serves(profile, ticket.queue):
                raise UsageError(
                    f"ticket {ticket.id} is of queue {ticket.queue!r}, for which you do not work", code="forbidden"
                )
            if ticket.agent not in ("", profile.id) and not profile.watches:
                raise UsageError(f"ticket {ticket.id} has been taken by somebody else", code="taken")
        elif ticket.agent != profile.id and not profile.watches:
            raise UsageError(f"ticket {ticket.id} is not yours", code="forbidden")

    def _done(self, ticket: Ticket, do: Do, profile: Profile, people: Iterable[Profile], now: float) -> Ticket:
        match do:
            case "assign":
                return self.put(ticket)
            case "reopen":
                return self._reopen(ticket, profile, people, now)
            case "take":
                by = ticket.assigned_by if ticket.agent == profile.id else ""
                return self.put(replace(ticket, state="assigned", agent=profile.id, assigned_by=by))
            case "release":
                return self.put(replace(ticket, state="open", agent="", assigned_by=""))
            case "pend":
                return self.put(replace(ticket, state="pending"))
            case "escalate":
                return self.escalate(ticket, people, now)
            case "solve":
                lacking = [item.title or item.name for item in ticket.form if item.required and not item.value]
                if lacking:
                    raise WrongError("missing", fields="、".join(lacking))
                return self.put(replace(ticket, state="solved", done=now))
            case "close":
                return self.put(replace(ticket, state="closed", done=ticket.done or now))

    def escalate(self, ticket: Ticket, people: Iterable[Profile], now: float) -> Ticket:
        """A level up, to the queue that the plan names for it, with a new time to be done in."""
        above = self.plan.queue(ticket.queue).escalate
        if not above:
            raise WrongError("top", queue=ticket.queue)
        queue = self.plan.queue(above)
        due = self.plan.due(queue, now, queue.due)
        return self.assign(
            replace(ticket, queue=above, level=ticket.level + 1, due=due, agent="", overdue=False), people
        )

    def _reopen(self, ticket: Ticket, profile: Profile, people: Iterable[Profile], now: float) -> Ticket:
        """With a new time to be done in, by the rule of a new one; back to who had it, if they are there."""
        due = self.plan.fresh_due(ticket.queue, ticket.kind, now)
        again = replace(ticket, due=due, done=0.0, overdue=False, reopened=ticket.reopened + 1)
        known = list(people)
        had = [item for item in (profile, *known) if item.id == ticket.agent and self._serves(item, ticket.queue)]
        return self.put(replace(again, state="assigned")) if had else self.assign(again, known)

    # --- time -----------------------------------------------------------------------------------------------------

    @property
    def deadline(self) -> float | None:
        """When the next one will be overdue, in Unix seconds."""
        return self._due.next

    def tick(self, people: Iterable[Profile], now: float) -> list[Ticket]:
        """Those that have become overdue: a level up if there is one."""
        known = list(people)
        late = []
        while (name := self._due.due(now)) is not None:
            late.append(self.all[name[0]])
        for ticket in late:
            if self.plan.queue(ticket.queue).escalate:
                self.escalate(ticket, known, now)
            else:
                self.put(replace(ticket, overdue=True))
        return late

    # --- looking --------------------------------------------------------------------------------------------------

    def visible(self, profile: Profile, now: float) -> list[Ticket]:
        """Their own, those of their queues that are anybody's; all for supervisors. In work, and done of late."""
        seen = [item for item in self.all.values() if self.sees(profile, item, now)]
        done = sorted((item.done for item in seen if not item.in_work), reverse=True)[:STILL_SHOWN]
        return [item for item in seen if item.in_work or item.done >= done[-1]]

    def sees(self, profile: Profile, ticket: Ticket, now: float) -> bool:
        if not ticket.in_work:
            return now - ticket.done < STILL_SHOWN_FOR and (profile.watches or ticket.agent == profile.id)
        return (
            profile.watches or ticket.agent == profile.id or (not ticket.agent and self._serves(profile, ticket.queue))
        )

    def _serves(self, profile: Profile, queue: str) -> bool:
        return serves(self.plan, profile, queue)

    def whole(self, id_: str, profile: Profile) -> Ticket:
        """With its private values, for whose it is while it is in work, and for supervisors.

        Raises:
            UsageError: neither (code "forbidden"), or no such ticket ("unknown").
        """
        ticket = self.get(id_)
        if not profile.watches and not (ticket.in_work and ticket.agent == profile.id):
            raise UsageError(f"ticket {id_} is not yours", code="forbidden")
        return ticket

    def search(self, text: str, *, most: int = 5) -> list[Ticket]:
        """Solved cases like this one, likest first; whole."""
        if self._library is None:
            solved = [item for item in self.all.values() if item.state in ("solved", "closed") and item.note]
            items = tuple(FaqItem(item.id, item.title, answer=item.note) for item in solved)
            self._library = Retriever({"cases": KnowledgeBase("cases", items, self.plan.language)})
        return [self.all[hit.item] for hit in self._library.candidates(text, ("cases",))[:most]]

    def found(self, text: str) -> dict[str, str]:
        """Titles and notes of solved cases like this one, for whoever asks: without what would say whose they were."""
        shown: dict[str, str] = {}
        for item in self.search(text):
            title = _anonymous(item.title, item.form)
            shown[f"{title} · {item.id}" if title in shown else title] = _anonymous(item.note, item.form)
        return shown


def serves(plan: Plan, profile: Profile, queue: str) -> bool:
    """Whether they may be given tickets of the queue: they work for it, or see to everything."""
    return profile.watches or qualified(profile, queue, plan.queue(queue).skills)


def _anonymous(text: str, form: tuple[views.Field, ...]) -> str:
    """Without the private values of the case's form, and without long numbers."""
    hidden = [item for item in form if item.private and len(item.value) > 1]
    for item in sorted(hidden, key=lambda item: -len(item.value)):
        text = text.replace(item.value, masked(item.type, item.value))
    return masked_words(text)


def filled(form: tuple[views.Field, ...], values: Mapping[str, Scalar]) -> tuple[views.Field, ...]:
    """The form with these values. The mask of a private value, sent back, changes nothing.

    Raises:
        UsageError: no such field, or not a value of its type (code "invalid").
    """
    known = {item.name: item for item in form}
    for name in values:
        if name not in known:
            raise WrongError("field", field=name)
    return tuple(
        replace(item, value=checked(item, values[item.name]))
        if item.name in values and not (item.private and forms.echoed(item.type, item.value, values[item.name]))
        else item
        for item in form
    )


def wrong_value(name: str, kind: str) -> WrongError:
    """That it is none of this type, and one that is, as people type it."""
    return WrongError("value", field=name, example=TYPES[kind].example.strip('"'))


def checked(item: views.Field, value: Scalar) -> str:
    """The text of a value that the field takes."""
    if value is None or value == "":
        return ""
    if item.type == "choice":
        if str(value) not in item.choices:
            raise WrongError("choice", field=item.title or item.name, choices="、".join(item.choices))
        return str(value)
    if item.type not in TYPES:
        return str(value)
    try:
        return str(canonical(item.type, value))
    except UsageError:
        raise wrong_value(item.title or item.name, item.type) from None
