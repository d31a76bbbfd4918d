"""The desk as a web application: the page, sign-in, and the two WebSockets (docs/handoff.md, "The desk's wire")."""

import asyncio
import gzip
import json
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any, Final

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

from huashu.core.errors import StoreError, UsageError
from huashu.desk import audit as acts
from huashu.desk.accounts import Accounts, User, matches
from huashu.desk.audit import Audit
from huashu.desk.centre import SignIn
from huashu.desk.guard import Guard, Origins
from huashu.desk.oidc import Provider
from huashu.desk.places import Place
from huashu.desk.sessions import Session, Sessions
from huashu.desk.settings import Settings
from huashu.desk.sockets import Sockets
from huashu.desk.tables import Tables
from huashu.desk.throttle import Failures

log = logging.getLogger(__name__)

STATIC: Final = Path(__file__).parent / "static"
LARGEST_BODY: Final = 16 << 10
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

Handler = Callable[[Request], Awaitable[Response]]


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
        wall: Callable[[], float] = time.time,
        static: Path = STATIC,
    ) -> None:
        """wall: Unix seconds. phrases: canned phrases besides those of the settings. zone: IANA, in which pages
        show times; empty: each in its machine's."""
        self.settings = settings or Settings()
        self.accounts = Accounts(tables)
        self.sessions = Sessions(tables, lasts=self.settings.session)
        self.audit = Audit(tables)
        self.origins = origins
        self.phrases = (*phrases, *self.settings.phrases)
        self.zone = zone
        self.wall = wall
        self.places: dict[str, Place] = {}
        self.sign_in = sign_in
        self.provider = Provider(self.settings.oidc, self.wall) if self.settings.oidc else None
        self._files = {
            path.relative_to(static).as_posix(): (data := path.read_bytes(), gzip.compress(data, 9))
            for path in static.rglob("*")
            if path.suffix[1:] in _KINDS
        }
        self._hashing = asyncio.Semaphore(2)  # 64 MiB each
        self._by_name = Failures(10, 600)
        self._by_address = Failures(30, 600)

    def app(self) -> Starlette:
        """Routes below /desk."""
        sockets = Sockets(self)
        changing = partial(self._signed_in, changing=True)
        routes = [
            Route("/", _home),
            Route("/desk", _home),
            Route("/desk/", self._page),
            Route("/desk/assets/{name}", self._asset),
            Route("/desk/api/settings", self._settings),
            Route("/desk/api/sign-in", self._sign_in, methods=["POST"]),
            Route("/desk/api/sign-out", changing(self._sign_out), methods=["POST"]),
            Route("/desk/api/unlock", changing(self._unlock), methods=["POST"]),
            Route("/desk/api/password", changing(self._password), methods=["POST"]),
            Route("/desk/api/me", self._signed_in(self._me)),
            Route("/desk/api/audit", self._signed_in(self._audit)),
            Route("/desk/api/tickets", self._signed_in(self._tickets)),
            WebSocketRoute("/desk/ws", sockets.wire),
            WebSocketRoute("/desk/sound", sockets.sound),
        ]
        if self.provider is not None:
            routes += [
                Route("/desk/api/oidc/start", self._oidc_start),
                Route("/desk/api/oidc/callback", self._oidc_callback),
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

    # --- the cookie -----------------------------------------------------------------------------------------------

    @property
    def cookie(self) -> str:
        return "__Host-huashu_desk" if self.origins.secure else "huashu_desk"

    def session_of(self, cookies: dict[str, str]) -> Session | None:
        token = cookies.get(self.cookie)
        return self.sessions.find(token, now=self.wall()) if token and len(token) < 200 else None

    def _signed_in(
        self, handler: Callable[[Request, Session], Awaitable[Response]], *, changing: bool = False
    ) -> Handler:
        async def handle(request: Request) -> Response:
            session = self.session_of(request.cookies)
            if session is None:
                return _refused(401, "signed_out")
            if changing:
                if not self.origins.admits(request.headers.get("origin")):
                    return _refused(403, "origin")
                if request.headers.get("x-csrf-token") != session.csrf:
                    return _refused(403, "csrf")
            return await handler(request, session)

        return handle

    def _begun(self, response: Response, user: User, where: str, how: str) -> Session:
        now = self.wall()
        token, session = self.sessions.begin(user, now=now)
        self.audit.note(now, acts.SIGNED_IN, session=session, where=where, detail=how)
        response.set_cookie(
            self.cookie,
            token,
            path="/",
            secure=self.origins.secure,
            httponly=True,
            samesite="strict",
            max_age=int(self.settings.session),
        )
        return session

    # --- signing in and out ---------------------------------------------------------------------------------------

    async def _settings(self, request: Request) -> Response:
        sso = self.settings.oidc.title if self.settings.oidc else ""
        return JSONResponse({"passwords": self.settings.passwords, "sso": sso})

    async def _sign_in(self, request: Request) -> Response:
        if not self.origins.admits(request.headers.get("origin")):
            return _refused(403, "origin")
        data = await _json(request)
        name, password = (data.get("user"), data.get("password")) if data else (None, None)
        if not self.settings.passwords or not isinstance(name, str) or not isinstance(password, str):
            return _refused(400, "invalid")
        refused = await self._checked(name, password, address_of(request))
        if refused is not None:
            return refused
        response = JSONResponse({"ok": True})
        self._begun(response, self.accounts.get(name), address_of(request), "password")
        return response

    async def _checked(self, name: str, password: str, where: str) -> Response | None:
        """None when the password is right; else the refusal."""
        now = self.wall()
        key = name.casefold()[:64]
        wait = max(self._by_name.wait(key, now=now), self._by_address.wait(where, now=now))
        if wait:
            self.audit.note(now, acts.SIGNED_IN, user=key, where=where, outcome="too_many")
            return _refused(429, "too_many", retry=wait)
        # counted before it is known, forgiven after: tries that come at the same time count as well
        self._by_name.failed(key, now=now)
        self._by_address.failed(where, now=now)
        hashed = self.accounts.hash_of(name)
        async with self._hashing:
            right = await asyncio.to_thread(matches, hashed, password)
        if not right:
            self.audit.note(now, acts.SIGNED_IN, user=key, where=where, outcome="refused")
            return _refused(401, "refused")
        self._by_name.forgive(key)
        self._by_address.forgive(where)
        return None

    async def _sign_out(self, request: Request, session: Session) -> Response:
        self.sessions.end(session)
        self.audit.note(self.wall(), acts.SIGNED_OUT, session=session, where=address_of(request))
        place = self.places.get(session.user.id)
        if place is not None and place.session.digest == session.digest:
            del self.places[session.user.id]
            place.sign_out()
            await place.close(4401, "signed out")
        response = JSONResponse({"ok": True})
        response.delete_cookie(self.cookie, path="/", secure=self.origins.secure, httponly=True, samesite="strict")
        return response

    async def _unlock(self, request: Request, session: Session) -> Response:
        data = await _json(request)
        password = data.get("password") if data else None
        if not isinstance(password, str):
            return _refused(400, "invalid")
        refused = await self._checked(session.user.id, password, address_of(request))
        if refused is not None:
            return refused
        now = self.wall()
        session = self.sessions.unlock(session, now=now)
        self.audit.note(now, acts.UNLOCKED, session=session, where=address_of(request))
        place = self.places.get(session.user.id)
        if place is not None and place.session.digest == session.digest:
            await place.unlock(session)
        return JSONResponse({"ok": True})

    async def _password(self, request: Request, session: Session) -> Response:
        data = await _json(request)
        old, new = (data.get("old"), data.get("new")) if data else (None, None)
        if session.user.outside or session.locked or not isinstance(old, str) or not isinstance(new, str):
            return _refused(400, "invalid")
        refused = await self._checked(session.user.id, old, address_of(request))
        if refused is not None:
            return refused
        now = self.wall()
        try:
            async with self._hashing:
                user = self.accounts.change(session.user.id, password=new, now=now)
        except UsageError as error:
            return _refused(400, "invalid", text=str(error))
        self.audit.note(now, "password", session=session, where=address_of(request))
        response = JSONResponse({"ok": True})
        self._begun(response, user, address_of(request), "password changed")
        return response

    async def _oidc_start(self, request: Request) -> Response:
        assert self.provider is not None
        try:
            url, browser = await self.provider.start(self._callback(request))
        except UsageError:
            return RedirectResponse("/desk/?sso=failed", 303)
        response = RedirectResponse(url, 303)
        path = "/desk/api/oidc"
        # lax: the provider's redirect back to us is a navigation from another site
        response.set_cookie(
            "huashu_oidc", browser, path=path, secure=self.origins.secure, httponly=True, samesite="lax", max_age=600
        )
        return response

    async def _oidc_callback(self, request: Request) -> Response:
        assert self.provider is not None
        where = address_of(request)
        browser = request.cookies.get("huashu_oidc", "")
        try:
            person = await self.provider.finish(self._callback(request), dict(request.query_params), browser)
            user = self.accounts.admit(
                person.id,
                subject=person.subject,
                name=person.name,
                role=person.role,
                language=person.language,
                now=self.wall(),
            )
        except UsageError as error:
            self.audit.note(self.wall(), acts.SIGNED_IN, where=where, detail="oidc", outcome=error.code)
            return RedirectResponse(f"/desk/?sso={error.code}", 303)
        response = RedirectResponse("/desk/", 303)
        response.delete_cookie("huashu_oidc", path="/desk/api/oidc")
        self._begun(response, user, where, "oidc")
        return response

    def _callback(self, request: Request) -> str:
        base = self.settings.url or f"{'https' if self.origins.secure else 'http'}://{request.headers['host']}"
        return f"{base}/desk/api/oidc/callback"

    # --- what the page reads --------------------------------------------------------------------------------------

    async def _me(self, request: Request, session: Session) -> Response:
        return JSONResponse({"me": session.user.told, "csrf": session.csrf, "locked": session.locked})

    async def _audit(self, request: Request, session: Session) -> Response:
        if session.user.role != "admin" or session.locked:
            return _refused(403, "forbidden")
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
            return _refused(400, "invalid")
        if session.locked or place is None or place.seat is None:
            return _refused(403, "locked")
        outcome, text = "ok", ""
        try:
            text = place.seat.export("json" if form == "json" else "csv", private=private)
        except UsageError as error:
            outcome = error.code
        except StoreError:
            return _refused(503, "unrecorded")
        now, where, detail = self.wall(), address_of(request), f"{form} private" if private else form
        if not await self.audit.later(
            now, acts.EXPORTED, session=session, where=where, about="tickets", detail=detail, outcome=outcome
        ):
            return _refused(503, "unrecorded")
        if outcome != "ok":
            return _refused(403, outcome)
        headers = {"content-disposition": f'attachment; filename="tickets.{form}"'}
        return Response(BYTE_ORDER + text if form == "csv" else text, media_type=_EXPORTS[form], headers=headers)

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


def address_of(request: Request | WebSocket) -> str:
    return request.client.host if request.client else ""


async def _home(request: Request) -> Response:
    return RedirectResponse("/desk/", 308)


async def _json(request: Request) -> dict[str, Any] | None:
    """The body, if it is a JSON object of sensible size that says it is one."""
    if request.headers.get("content-type", "").split(";")[0].strip() != "application/json":
        return None
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            return None
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return data if isinstance(data, dict) else None


def _refused(status: int, code: str, *, retry: float = 0.0, text: str = "") -> Response:
    headers = {"retry-after": str(int(retry) + 1)} if retry else {}
    return JSONResponse({"ok": False, "code": code, "text": text}, status, headers=headers)
