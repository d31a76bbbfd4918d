"""A person's place at the desk: a seat at the centre, what they were told, what they asked, and the page's line, which
may be cut and come again. One person has one place; a page opened elsewhere takes it over.
"""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, Protocol

from huashu.core.errors import UsageError
from huashu.desk import audit as acts
from huashu.desk.audit import Audit, Who
from huashu.desk.centre import SignIn
from huashu.desk.outbox import Outbox
from huashu.desk.recorded import RecordedSeat, Recorder, about_of, refusal
from huashu.desk.sessions import Session
from huashu.desk.wire import answer_data, command_of, dumps
from huashu.handoff.views import Answer, View

MOST_WAITING: Final = 100
"""Commands of one desk that may wait for the centre at a time."""
LONGEST_ID: Final = 64


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
        self._where = where
        self._recorder = Recorder(audit, lambda: Who.of(self.session, self._where), wall)
        self.sent = 0
        """Number of the last message that has gone to the page."""
        self._seat: RecordedSeat | None = None
        self._wire: Wire | None = None
        self._lists = False
        self._sounds: dict[object, Callable[[], Awaitable[None]]] = {}
        self._unkept: asyncio.Future[bool] | None = None
        """The last of what this desk has been told, on its way into the audit: it is shown after that."""
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
        self._seat = RecordedSeat(self._sign_in(session.user, self.tell), self._recorder)
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
    def seat(self) -> RecordedSeat | None:
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
        await asyncio.shield(self._recorder.note(acts.LOCKED))
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
        return dumps(answer_data(name, await self._done(message, name)))

    async def _done(self, message: Mapping[str, Any], name: str) -> Answer:
        try:
            command = command_of(message)
        except UsageError as error:
            return self._refusal("invalid", str(error))
        seat = self._seat
        if seat is None:
            return self._refusal("locked")
        if not seat.knows(name):
            if self._waiting >= MOST_WAITING:
                return self._refusal("limit")
            if not self._open.is_set():
                return self._refusal("locked")
        self._waiting += 1
        try:
            async with self._order[about_of(command)]:  # one after the other, as they were asked
                answer = await seat.do(command, id=name)
        finally:
            self._waiting -= 1
            if not self._waiting:
                self._order.clear()
        if answer.values and not self._open.is_set():
            return self._refusal("locked")  # kept for who comes back, and not shown in front of a locked page
        return answer

    def _refusal(self, code: str, more: str = "") -> Answer:
        return refusal(code, self.session.user.language, more)

    def _note_seen(self, view: View) -> None:
        self._unkept = self._recorder.seen(view) or self._unkept
