"""A person's place at the desk: a seat at the centre, what they were told, what they asked, and the page's line, which
may be cut and come again. One person has one place; a page opened elsewhere takes it over.
"""

import asyncio
import secrets
from collections import OrderedDict, defaultdict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import fields
from typing import Any, Final, Protocol

from huashu.core.errors import UsageError
from huashu.desk import audit as acts
from huashu.desk.audit import Audit
from huashu.desk.centre import Seat, SignIn
from huashu.desk.outbox import Outbox
from huashu.desk.roles import may
from huashu.desk.sessions import Session
from huashu.desk.wire import answer_data, command_of, dumps
from huashu.handoff import commands, views
from huashu.handoff.commands import Command
from huashu.handoff.views import Answer, View

MOST_WAITING: Final = 100
"""Commands of one desk that may wait for the centre at a time."""
ANSWERS_KEPT: Final = 1000
LONGEST_ID: Final = 64

_WORDS: Mapping[str, tuple[str, str]] = {
    "forbidden": ("您的角色不能这样做", "Your role may not do this"),
    "locked": ("页面已锁定，请先解锁", "The page is locked: unlock it first"),
    "limit": ("操作太多，请稍候再试", "Too much at a time: wait a moment"),
    "invalid": ("指令不正确", "The command is malformed"),
    "unrecorded": ("审计记录写入失败，不能显示", "The audit cannot be written: nothing private is shown"),
}


class Wire(Protocol):
    """The page's line as a place sees it."""

    async def send(self, text: str) -> None: ...

    async def close(self, code: int, reason: str) -> None: ...


class Place:
    def __init__(self, session: Session, sign_in: SignIn, audit: Audit, wall: Callable[[], float], where: str) -> None:
        self.id = secrets.token_urlsafe(12)
        """Names what has been told here: a page that comes back with it goes on where it was."""
        self.session = session
        self.outbox = Outbox()
        self._sign_in = sign_in
        self._audit = audit
        self._wall = wall
        self._where = where
        self.sent = 0
        """Number of the last message that has gone to the page."""
        self._seat: Seat | None = None
        self._wire: Wire | None = None
        self._lists = False
        self._sounds: dict[object, Callable[[], Awaitable[None]]] = {}
        self._seen: set[str] = set()
        self._unkept: asyncio.Future[bool] | None = None
        """The last of what this desk has been told, on its way into the audit: it is shown after that."""
        self._answers: OrderedDict[str, asyncio.Task[Answer]] = OrderedDict()
        self._waiting = 0
        self._order: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._open = asyncio.Event()
        if not session.locked:
            self._open.set()

    # --- the page comes and goes ----------------------------------------------------------------------------------

    async def attach(
        self, wire: Wire, session: Session, *, known: str, after: int, where: str, lists: bool = False
    ) -> tuple[bool, int]:
        """A page is here. Returns whether it is told everything anew, and after which message to go on. lists: it takes
        several messages at a time."""
        self._lists = lists
        old, self._wire = self._wire, wire
        self._where = where
        self.session = session
        self._open.set() if not session.locked else self._open.clear()
        if old is not None:
            await old.close(4409, "opened elsewhere")
            await self._hush()
        self._seat = self._sign_in(session.user, self.tell)
        if known == self.id and self.outbox.keeps(after):
            for view in self.outbox.agree(self._seat.look()):
                self._note_seen(view)
            self.sent = after
            return False, after
        self.sent = before = self.outbox.seq
        look = self._seat.look()
        self.outbox.restart(look)
        for view in look:
            self._note_seen(view)
        return True, before

    def detach(self, wire: Wire) -> None:
        """The page's line is gone; its conversations are kept for the centre's grace."""
        if self._wire is wire:
            self._wire = None
            if self._seat is not None:
                self._seat.lost()

    @property
    def seat(self) -> Seat | None:
        return self._seat

    def sign_out(self) -> None:
        if self._seat is not None:
            self._seat.sign_out()
            self._seat = None

    async def close(self, code: int, reason: str) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            await wire.close(code, reason)
        await self._hush()

    def sounds(self, sound: object, close: Callable[[], Awaitable[None]]) -> None:
        """This person's sound is on a call; `close` ends it with the page it belongs to."""
        self._sounds[sound] = close

    def silent(self, sound: object) -> None:
        self._sounds.pop(sound, None)

    async def _hush(self) -> None:
        for close in list(self._sounds.values()):
            await close()

    # --- what it is told ------------------------------------------------------------------------------------------

    def tell(self, view: View) -> None:
        if self.outbox.put(view):
            self._note_seen(view)

    async def send(self, wire: Wire, after: int) -> None:
        """Send what is told, from behind number `after`, until the line is gone. Nothing while the page is locked."""
        while self._wire is wire:
            await self.outbox.news(after)
            await self._open.wait()
            if self._unkept is not None:
                await asyncio.shield(self._unkept)
            if not self.outbox.keeps(after):
                await wire.close(4412, "too far behind")  # it comes again and is told everything anew
                return
            told = self.outbox.after(after)
            if self._lists and len(told) > 1:
                told = [(told[-1][0], f"[{','.join(text for _, text in told)}]")]
            for number, text in told:
                await wire.send(text)
                self.sent = after = number

    async def say(self, data: Mapping[str, Any]) -> None:
        """A message without a number, if somebody is there."""
        if self._wire is not None:
            await self._wire.send(dumps(data))

    def in_call(self) -> bool:
        """Whether this person is talking or listening to a caller: hands may be still for long."""
        return bool(self._sounds) or any(
            data["view"] == "Conversation"
            and data.get("agent") == self.session.user.id
            and data["medium"] == "voice"
            and data["state"] in ("accepted", "bridged")
            for data in self.outbox.latest()
        )

    async def lock(self, session: Session) -> None:
        self.session = session
        self._open.clear()
        await asyncio.shield(self._note(acts.LOCKED))
        await self.say({"type": "locked"})

    async def unlock(self, session: Session) -> None:
        self.session = session
        self._open.set()
        await self.say({"type": "unlocked"})

    # --- what it asks ---------------------------------------------------------------------------------------------

    async def do(self, message: Mapping[str, Any]) -> str:
        """The answer to a "do" message, ready to be sent. One that comes again gets the answer of the first."""
        name = message.get("id")
        if not isinstance(name, str) or not 0 < len(name) <= LONGEST_ID:
            return dumps(answer_data("", self._refusal("invalid", "id")))
        task = self._answers.get(name)
        if task is None:
            if self._waiting >= MOST_WAITING:
                return dumps(answer_data(name, self._refusal("limit")))
            if not self._open.is_set():
                return dumps(answer_data(name, self._refusal("locked")))
            self._waiting += 1
            task = asyncio.create_task(self._done(dict(message), name))
            task.add_done_callback(self._finished)
            self._answers[name] = task
            while len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)
        answer = await asyncio.shield(task)
        if answer.values and not self._open.is_set():
            answer = self._refusal("locked")  # kept for who comes back, and not shown in front of a locked page
        return dumps(answer_data(name, answer))

    def _finished(self, task: asyncio.Task[Answer]) -> None:
        self._waiting -= 1
        if not self._waiting:
            self._order.clear()

    async def _done(self, message: dict[str, Any], name: str) -> Answer:
        try:
            command = command_of(message)
        except UsageError as error:
            return self._refusal("invalid", str(error))
        about = about_of(command)
        if not may(self.session.user.role, command):
            answer = self._refusal("forbidden")
        elif self._seat is None:
            answer = self._refusal("locked")
        else:
            async with self._order[about]:
                answer = await self._seat.do(command, id=name)
        outcome = "ok" if answer.ok else answer.code or "error"
        kept = await asyncio.shield(self._note(type(command).__name__, about, detail_of(command), outcome))
        if not kept and answer.values:
            answer = self._refusal("unrecorded")
        return answer

    def _refusal(self, code: str, more: str = "") -> Answer:
        zh, en = _WORDS[code]
        text = en if self.session.user.language.startswith("en") else zh
        return Answer(False, code, f"{text}: {more}" if more else text)

    def _note_seen(self, view: View) -> None:
        name = view.id if isinstance(view, (views.Conversation, views.Ticket)) else ""
        name = name or (view.conversation.id if isinstance(view, views.Offer) else "")
        if name and name not in self._seen:
            self._seen.add(name)
            self._unkept = self._note(acts.SAW, name)

    def _note(self, what: str, about: str = "", detail: str = "", outcome: str = "ok") -> "asyncio.Future[bool]":
        """Whether it could be kept. Callers are not to lose their person because a disk is full."""
        now, session, where = self._wall(), self.session, self._where
        return self._audit.later(now, what, session=session, where=where, about=about, detail=detail, outcome=outcome)


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
        case commands.Fill(values=values):
            return ", ".join(values)
        case _:
            kept = ("presence", "queue", "agent", "kind", "how", "step", "disposition", "mode", "where", "do", "on")
            present = {item.name for item in fields(command)}
            return ", ".join(f"{name}={getattr(command, name)}" for name in kept if name in present)
