"""The desk's two WebSockets: what a page is told and asks, and the sound of a conversation."""

import asyncio
import json
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from huashu.core.errors import UsageError
from huashu.desk.places import Place
from huashu.desk.sessions import Session
from huashu.desk.sound import Sound
from huashu.desk.throttle import Bucket
from huashu.desk.wire import dumps

if TYPE_CHECKING:
    from huashu.desk.server import Desk

log = logging.getLogger(__name__)

LARGEST_MESSAGE: Final = 64 << 10
TOUCHED_EVERY: Final = 15.0
"""Seconds: how exactly it is kept when a page was touched last."""
_SECOND = 20.0
"""Messages a page may send in a second, in the long run."""
_BURST = 200.0
"""And at once: after a reconnect everything unanswered comes again."""


class Sockets:
    def __init__(self, desk: "Desk") -> None:
        self._desk = desk

    async def wire(self, websocket: WebSocket) -> None:
        """GET /desk/ws"""
        session = await self._admitted(websocket)
        if session is None:
            return
        place = self._place(session, websocket)
        line = _Line(websocket)
        query = websocket.query_params
        after = query.get("after", "")
        whole, begin = await place.attach(
            line,
            session,
            known=query.get("session", ""),
            after=int(after) if after.isdecimal() and len(after) < 12 else 0,
            lists=query.get("lists") == "1",
            where=_address(websocket),
        )
        sending: asyncio.Task[None] | None = None
        try:
            await line.send(dumps(self._hello(place, whole, begin)))
            sending = asyncio.create_task(place.send(line, begin))
            await self._listen(websocket, place, line)
        except (WebSocketDisconnect, _GoneError):
            pass
        finally:
            if sending is not None:
                sending.cancel()
                with suppress(asyncio.CancelledError, _GoneError):
                    await sending
            place.detach(line)

    async def sound(self, websocket: WebSocket) -> None:
        """GET /desk/sound?conversation=…"""
        session = await self._admitted(websocket)
        if session is None:
            return
        conversation = websocket.query_params.get("conversation", "")
        place = self._desk.places.get(session.user.id)
        seat = place.seat if place is not None else None
        if seat is None or session.locked:
            await websocket.close(4404, "no desk")
            return
        sound = Sound(session.user.id)
        try:
            rate = seat.track(conversation, sound)
        except UsageError as error:
            await websocket.close(4404, str(error)[:100])
            return
        assert place is not None
        place.sounds(sound, partial(_Line(websocket).close, 4409, "the page is another"))
        try:
            await websocket.send_text(dumps({"rate": rate}))
            await sound.run(websocket, rate)
        except (WebSocketDisconnect, RuntimeError, KeyError):  # KeyError: a text where sound belongs
            pass
        finally:
            place.silent(sound)
            seat.untrack(conversation, sound)

    async def _admitted(self, websocket: WebSocket) -> Session | None:
        """Accepts the socket of a page of ours that is signed in; others are refused before anything is said."""
        desk = self._desk
        if not desk.origins.admits(websocket.headers.get("origin")):
            await websocket.close(1008)
            return None
        session = desk.door.session_of(websocket.cookies)
        await websocket.accept()
        if session is None:
            await websocket.close(4401, "signed out")
        return session

    def _place(self, session: Session, websocket: WebSocket) -> Place:
        desk = self._desk
        place = desk.places.get(session.user.id)
        if place is None:
            place = Place(session, desk.sign_in, desk.audit, desk.wall, _address(websocket))
            desk.places[session.user.id] = place
        return place

    def _hello(self, place: Place, whole: bool, seq: int) -> dict[str, Any]:
        desk, session = self._desk, place.session
        return {
            "type": "hello",
            "me": session.user.told,
            "session": place.id,
            "now": desk.wall(),
            "seq": seq,
            "whole": whole,
            "locked": session.locked,
            "settings": {
                "idle": desk.settings.idle,
                "expires": session.expires,
                "zone": desk.zone,
                "breaks": list(desk.breaks),
                "phrases": [{"name": name, "text": text} for name, text in desk.phrases],
            },
        }

    async def _listen(self, websocket: WebSocket, place: Place, line: "_Line") -> None:
        desk = self._desk
        bucket = Bucket(_SECOND, _BURST, now=desk.wall())
        doing: set[asyncio.Task[None]] = set()
        try:
            while True:
                message = await self._next(websocket)
                if message is None or not bucket.take(now=desk.wall()):
                    await line.close(1008, "malformed" if message is None else "too many messages")
                    return
                session = desk.sessions.of(place.session.digest, now=desk.wall())
                if session is None:
                    await line.close(4401, "signed out")
                    return
                match message.get("type"):
                    case "do":
                        task = asyncio.create_task(_answer(place.do, message, line))
                        doing.add(task)
                        task.add_done_callback(doing.discard)
                    case "seen" if isinstance(message.get("seq"), int):
                        place.outbox.seen(min(message["seq"], place.sent))
                    case "alive" | "ping" as kind:
                        fresh = desk.wall() - session.touched < TOUCHED_EVERY
                        if kind == "alive" and not session.locked and not fresh:
                            place.session = desk.sessions.touch(session, now=desk.wall())
                        await line.send(dumps({"type": "now", "now": desk.wall()}))
                    case _:  # a newer page may say more
                        pass
        finally:
            for task in doing:
                task.cancel()

    async def _next(self, websocket: WebSocket) -> dict[str, Any] | None:
        try:
            text = await websocket.receive_text()
        except RuntimeError as error:  # we have closed it ourselves: the server stops
            raise _GoneError from error
        try:
            data = json.loads(text) if len(text) <= LARGEST_MESSAGE else None
        except (ValueError, RecursionError):
            return None
        return data if isinstance(data, dict) else None


class _GoneError(Exception):
    """The page's line is cut."""


class _Line:
    """A WebSocket whose end is one kind of error."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def send(self, text: str) -> None:
        try:
            await self._websocket.send_text(text)
        except (WebSocketDisconnect, RuntimeError, OSError) as error:
            raise _GoneError from error

    async def close(self, code: int, reason: str) -> None:
        if self._websocket.application_state is WebSocketState.CONNECTED:
            with suppress(WebSocketDisconnect, RuntimeError, OSError):
                await self._websocket.close(code, reason)


async def _answer(do: Callable[..., Any], message: dict[str, Any], line: _Line) -> None:
    with suppress(_GoneError):  # it asks again when it is back
        await line.send(await do(message))


def _address(websocket: WebSocket) -> str:
    return websocket.client.host if websocket.client else ""
