"""The desk as a web application: the page, what it reads, who is idle (docs/handoff.md, "The desk's wire")."""

import asyncio
import gzip
import logging
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute

from huashu.core.errors import StoreError, UsageError
from huashu.desk import audit as acts
from huashu.desk.accounts import Accounts
from huashu.desk.audit import Audit
from huashu.desk.centre import SignIn
from huashu.desk.door import Door, address_of, refused
from huashu.desk.guard import Guard, Origins
from huashu.desk.oidc import Provider
from huashu.desk.places import Place
from huashu.desk.sessions import Session, Sessions
from huashu.desk.settings import Settings
from huashu.desk.sockets import Sockets
from huashu.desk.tables import Tables

log = logging.getLogger(__name__)

STATIC: Final = Path(__file__).parent / "static"
LOOK_AFTER: Final = 5.0
"""Seconds between two looks at who is idle or over."""

_KINDS: Final = {
    "html": "text/html",
    "js": "text/javascript",
    "css": "text/css",
    "svg": "image/svg+xml",
}

_EXPORTS: Final = {"csv": "text/csv", "json": "application/json"}
BYTE_ORDER: Final = "\ufeff"
"""Before a CSV file: without it spreadsheets take Chinese for the machine's old code page."""


class Desk:
    """One per server. `tick` is to be called every few seconds; `run` does that until cancelled."""

    def __init__(
        self,
        tables: Tables,
        sign_in: SignIn,
        origins: Origins,
        settings: Settings | None = None,
        *,
        phrases: tuple[tuple[str, str], ...] = (),
        zone: str = "",
        breaks: tuple[str, ...] = (),
        wall: Callable[[], float] = time.time,
        static: Path = STATIC,
    ) -> None:
        """wall: Unix seconds. phrases: canned phrases besides those of the settings. zone: IANA, in which pages
        show times; empty: each in its machine's. breaks: what an agent may say a break is for."""
        self.settings = settings or Settings()
        self.accounts = Accounts(tables)
        self.sessions = Sessions(tables, lasts=self.settings.session)
        self.audit = Audit(tables)
        self.origins = origins
        self.phrases = (*phrases, *self.settings.phrases)
        self.zone = zone
        self.breaks = breaks
        self.wall = wall
        self.places: dict[str, Place] = {}
        self.sign_in = sign_in
        self.provider = Provider(self.settings.oidc, self.wall) if self.settings.oidc else None
        self._files = {
            path.relative_to(static).as_posix(): (data := path.read_bytes(), gzip.compress(data, 9))
            for path in static.rglob("*")
            if path.suffix[1:] in _KINDS
        }
        self.door = Door(self)

    def app(self) -> Starlette:
        """Routes below /desk."""
        sockets = Sockets(self)
        signed_in = self.door.signed_in
        routes = [
            Route("/", _home),
            Route("/desk", _home),
            Route("/desk/", self._page),
            Route("/desk/assets/{name}", self._asset),
            *self.door.routes(),
            Route("/desk/api/me", signed_in(self._me)),
            Route("/desk/api/audit", signed_in(self._audit)),
            Route("/desk/api/tickets", signed_in(self._tickets)),
            Route("/desk/api/tickets/{ticket}/recordings/{number:int}", signed_in(self._recording)),
            WebSocketRoute("/desk/ws", sockets.wire),
            WebSocketRoute("/desk/sound", sockets.sound),
        ]
        return Starlette(routes=routes, middleware=[Middleware(Guard, origins=self.origins)])

    async def run(self) -> None:
        while True:
            await asyncio.sleep(LOOK_AFTER)
            await self.tick()

    async def tick(self) -> None:
        """Lock pages nobody touches, close those whose session is over."""
        now = self.wall()
        going = self.sessions.going(now=now)
        for place in list(self.places.values()):
            session = going.get(place.session.digest)
            if session is None:
                place.sign_out()
                self.places.pop(place.session.user.id, None)
                await place.close(4401, "signed out")
            elif self._idle(place, session, now):
                await place.lock(self.sessions.lock(session))

    def _idle(self, place: Place, session: Session, now: float) -> bool:
        idle = self.settings.idle
        return bool(idle) and not session.locked and now - session.touched > idle and not place.in_call()

    # --- what the page reads --------------------------------------------------------------------------------------

    async def _me(self, request: Request, session: Session) -> Response:
        return JSONResponse({"me": session.user.told, "csrf": session.csrf, "locked": session.locked})

    async def _audit(self, request: Request, session: Session) -> Response:
        if session.user.role != "admin" or session.locked:
            return refused(403, "forbidden")
        about = request.query_params.get("about") or None
        user = request.query_params.get("user") or None
        self.audit.note(self.wall(), acts.READ, session=session, where=address_of(request), about=about or user or "")
        found = self.audit.read(user=user, about=about)
        return JSONResponse([{name: getattr(act, name) for name in act.__slots__} for act in found])

    async def _tickets(self, request: Request, session: Session) -> Response:
        """All of them as a file: what it holds is on record before it is sent."""
        form = request.query_params.get("form", "csv")
        private = request.query_params.get("private", "") == "1"
        place = self.places.get(session.user.id)
        if form not in ("csv", "json"):
            return refused(400, "invalid")
        if session.locked or place is None or place.seat is None:
            return refused(403, "locked")
        try:
            text = await place.seat.export("json" if form == "json" else "csv", private=private)
        except UsageError as error:
            return refused(403, error.code)
        except StoreError:
            return refused(503, "unrecorded")
        headers = {"content-disposition": f'attachment; filename="tickets.{form}"'}
        return Response(BYTE_ORDER + text if form == "csv" else text, media_type=_EXPORTS[form], headers=headers)

    async def _recording(self, request: Request, session: Session) -> Response:
        """The sound of the conversation that a ticket came from: that it was fetched is on record before it is sent."""
        place = self.places.get(session.user.id)
        if session.locked or place is None or place.seat is None:
            return refused(403, "locked")
        try:
            path = await place.seat.recording(request.path_params["ticket"], request.path_params["number"])
        except UsageError as error:
            return refused(404 if error.code == "unknown" else 403, error.code)
        except StoreError:
            return refused(503, "unrecorded")
        return FileResponse(path, media_type="audio/wav", headers={"cache-control": "no-store"})

    async def _page(self, request: Request) -> Response:
        return self._file(request, "index.html", "no-cache")

    async def _asset(self, request: Request) -> Response:
        # the name holds the content's hash: it never changes
        return self._file(request, f"assets/{request.path_params['name']}", "public, max-age=31536000, immutable")

    def _file(self, request: Request, name: str, cache: str) -> Response:
        found = self._files.get(name)
        if found is None:
            return PlainTextResponse("not found\n", 404)
        headers = {"cache-control": cache, "vary": "accept-encoding"}
        kind = _KINDS[name.rpartition(".")[2]]
        if "gzip" not in request.headers.get("accept-encoding", ""):
            return Response(found[0], media_type=kind, headers=headers)
        return Response(found[1], media_type=kind, headers=headers | {"content-encoding": "gzip"})

    async def stop(self) -> None:
        """Tell every page that the server goes away; they come again."""
        self.audit.flush()
        for place in list(self.places.values()):
            with suppress(RuntimeError):
                await place.close(1012, "restarting")


async def _home(request: Request) -> Response:
    return RedirectResponse("/desk/", 308)
