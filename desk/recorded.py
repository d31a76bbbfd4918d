"""A person's seat as the desk gives it out: what their role forbids is refused, what they do and see is in the audit.

The same for the page and for people of other systems. A command that comes again under its id is done, and stands in
the audit, once; after a restart its first answer is given again, and that it was asked stands there again.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import fields
from pathlib import Path
from typing import Final

from huashu.core.errors import HuashuError, StoreError
from huashu.core.language import is_chinese
from huashu.desk import audit as acts
from huashu.desk.audit import Audit, Who
from huashu.desk.centre import Seat
from huashu.desk.roles import may
from huashu.handoff import commands, views
from huashu.handoff.commands import Command
from huashu.handoff.exporting import Form
from huashu.handoff.line import Track
from huashu.handoff.plan import Profile
from huashu.handoff.service import HandoffService
from huashu.handoff.views import Answer, View

ELSEWHERE: Final = "grpc"
"""In the audit, in place of an address: a person of another system."""

_WORDS: Mapping[str, tuple[str, str]] = {
    "forbidden": ("您的角色不能这样做", "Your role may not do this"),
    "locked": ("页面已锁定，请先解锁", "The page is locked: unlock it first"),
    "limit": ("操作太多，请稍候再试", "Too much at a time: wait a moment"),
    "invalid": ("指令不正确", "The command is malformed"),
    "unrecorded": ("审计记录写入失败，不能显示", "The audit cannot be written: nothing private is shown"),
}


def refusal(code: str, language: str, more: str = "") -> Answer:
    """One of the desk's own, in a person's language."""
    zh, en = _WORDS[code]
    text = zh if is_chinese(language) else en
    return Answer(False, code, f"{text}: {more}" if more else text)


class Recorder:
    """What one person does and sees, on its way into the audit."""

    def __init__(self, audit: Audit, who: Callable[[], Who], wall: Callable[[], float]) -> None:
        """who: as they are now. wall: Unix seconds."""
        self._audit = audit
        self._who = who
        self._wall = wall
        self._seen: set[str] = set()

    @property
    def who(self) -> Who:
        return self._who()

    def note(self, what: str, about: str = "", detail: str = "", outcome: str = "ok") -> "asyncio.Future[bool]":
        """Whether it could be kept; shield it. Callers are not to lose their person because a disk is full."""
        return self._audit.later(self._wall(), what, self._who(), about=about, detail=detail, outcome=outcome)

    @asynccontextmanager
    async def kept(self, what: str, about: str, detail: str, *, lost: str) -> AsyncIterator[None]:
        """Around an act that gives something out: however it ends, it is noted; what cannot be on record is not given
        out. Raises StoreError, saying that (`lost`)."""
        outcome = "ok"
        try:
            yield
        except HuashuError as error:
            outcome = error.code
            raise
        finally:
            noted = self.note(what, about, detail, outcome)
        if not await asyncio.shield(noted):
            raise StoreError(f"the audit cannot be written: {lost}")

    def seen(self, view: View) -> "asyncio.Future[bool] | None":
        """That they are told of a conversation or ticket, the first time."""
        name = view.id if isinstance(view, (views.Conversation, views.Ticket)) else ""
        name = name or (view.conversation if isinstance(view, views.Origin) else "")
        name = name or (view.conversation.id if isinstance(view, views.Offer) else "")
        if not name or name in self._seen:
            return None
        self._seen.add(name)
        return self.note(acts.SAW, name)


class RecordedSeat:
    def __init__(self, seat: Seat, recorder: Recorder) -> None:
        self._seat = seat
        self._recorder = recorder

    def knows(self, id_: str) -> bool:
        """Whether a command under this id has come before."""
        return self._seat.once.knows(id_)

    async def do(self, command: Command, *, id: str = "") -> Answer:  # noqa: A002  as the contract names it
        """What became of it, once it is on record that it was asked."""
        return await self._seat.once.do(id, lambda: self._first(command, id))

    async def _first(self, command: Command, id_: str) -> Answer:
        who = self._recorder.who
        if not may(who.role, command):
            answer = refusal("forbidden", who.language)
        else:
            answer = await self._seat.perform(command, id_)
        outcome = "ok" if answer.ok else answer.code or "error"
        noted = self._recorder.note(type(command).__name__, about_of(command), detail_of(command), outcome)
        kept = await asyncio.shield(noted)
        return answer if kept or not answer.values else refusal("unrecorded", who.language)

    async def export(self, form: Form, *, private: bool = False) -> str:
        """All tickets of the centre, when that is on record.

        Raises:
            UsageError: they are no supervisor (code "forbidden").
            StoreError: it could not be put on record.
        """
        detail = f"{form} private" if private else form
        async with self._recorder.kept(acts.EXPORTED, "tickets", detail, lost="nothing is exported"):
            return await self._seat.export(form, private=private)

    async def recording(self, ticket: str, number: int) -> Path:
        """The sound of the conversation that a ticket came from, when that is on record.

        Raises:
            UsageError: they may not hear it ("forbidden"), or there is none ("unknown").
            StoreError: it could not be put on record.
        """
        async with self._recorder.kept(acts.HEARD, ticket, str(number), lost="nothing is heard"):
            return self._seat.recording(ticket, number)

    def look(self) -> list[View]:
        return self._seat.look()

    def sign_out(self) -> None:
        self._seat.sign_out()

    def lost(self) -> None:
        self._seat.lost()

    def track(self, conversation: str, track: Track) -> int:
        return self._seat.track(conversation, track)

    def untrack(self, conversation: str, track: Track) -> None:
        self._seat.untrack(conversation, track)


class RecordedSeats:
    """The centre as people of other systems attend it (`huashu.channels.desk_service.Seats`)."""

    def __init__(self, centre: HandoffService, audit: Audit, wall: Callable[[], float] = time.time) -> None:
        self._centre = centre
        self._audit = audit
        self._wall = wall

    def sign_in(self, agent: Profile, tell: Callable[[View], None]) -> RecordedSeat:
        who = Who(agent.id, agent.role, agent.language, where=ELSEWHERE)
        recorder = Recorder(self._audit, lambda: who, self._wall)
        recorder.note(acts.SIGNED_IN)

        def told(view: View) -> None:
            recorder.seen(view)
            tell(view)

        return RecordedSeat(self._centre.sign_in(agent, told), recorder)


def about_of(command: Command) -> str:
    """The conversation, offer or ticket that a command is about."""
    for name in ("ticket", "conversation", "offer"):
        about = getattr(command, name, None)
        if about and isinstance(about, str):
            return about
    return ""


def detail_of(command: Command) -> str:
    """What the audit keeps of a command besides its name: whither, how, which fields; nothing anybody said."""
    match command:
        case commands.Unmask(slot=slot):
            return slot
        case commands.WorkTicket(do=do, agent=agent):
            return f"do={do}, agent={agent}" if agent else f"do={do}"
        case commands.Fill(values=values):
            return ", ".join(values)
        case _:
            kept = ("presence", "queue", "agent", "kind", "how", "step", "disposition", "mode", "where", "do", "on")
            present = {item.name for item in fields(command)}
            return ", ".join(f"{name}={getattr(command, name)}" for name in kept if name in present)
