"""The desk's door: who signs in, with a password or through their own accounts, and out; the cookie, and what is asked
of a request that changes something.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route
from starlette.websockets import WebSocket

from huashu.core.errors import UsageError
from huashu.desk import audit as acts
from huashu.desk.accounts import User, matches
from huashu.desk.sessions import Session
from huashu.desk.throttle import Failures

if TYPE_CHECKING:
    from huashu.desk.server import Desk

LARGEST_BODY: Final = 16 << 10

Handler = Callable[[Request], Awaitable[Response]]


class Door:
    def __init__(self, desk: "Desk") -> None:
        self._desk = desk
        self._hashing = asyncio.Semaphore(2)  # 64 MiB each
        self._by_name = Failures(10, 600)
        self._by_address = Failures(30, 600)

    def routes(self) -> list[Route]:
        changing = partial(self.signed_in, changing=True)
        routes = [
            Route("/desk/api/settings", self._settings),
            Route("/desk/api/sign-in", self._sign_in, methods=["POST"]),
            Route("/desk/api/sign-out", changing(self._sign_out), methods=["POST"]),
            Route("/desk/api/unlock", changing(self._unlock), methods=["POST"]),
            Route("/desk/api/password", changing(self._password), methods=["POST"]),
        ]
        if self._desk.provider is not None:
            routes += [
                Route("/desk/api/oidc/start", self._oidc_start),
                Route("/desk/api/oidc/callback", self._oidc_callback),
            ]
        return routes

    # --- the cookie -----------------------------------------------------------------------------------------------

    @property
    def cookie(self) -> str:
        return "__Host-huashu_desk" if self._desk.origins.secure else "huashu_desk"

    def session_of(self, cookies: dict[str, str]) -> Session | None:
        token = cookies.get(self.cookie)
        return self._desk.sessions.find(token, now=self._desk.wall()) if token and len(token) < 200 else None

    def signed_in(
        self, handler: Callable[[Request, Session], Awaitable[Response]], *, changing: bool = False
    ) -> Handler:
        async def handle(request: Request) -> Response:
            session = self.session_of(request.cookies)
            if session is None:
                return refused(401, "signed_out")
            if changing:
                if not self._desk.origins.admits(request.headers.get("origin")):
                    return refused(403, "origin")
                if request.headers.get("x-csrf-token") != session.csrf:
                    return refused(403, "csrf")
            return await handler(request, session)

        return handle

    def _begun(self, response: Response, user: User, where: str, how: str) -> Session:
        now = self._desk.wall()
        token, session = self._desk.sessions.begin(user, now=now)
        self._desk.audit.note(now, acts.SIGNED_IN, session=session, where=where, detail=how)
        response.set_cookie(
            self.cookie,
            token,
            path="/",
            secure=self._desk.origins.secure,
            httponly=True,
            samesite="strict",
            max_age=int(self._desk.settings.session),
        )
        return session

    # --- signing in and out ---------------------------------------------------------------------------------------

    async def _settings(self, request: Request) -> Response:
        sso = self._desk.settings.oidc.title if self._desk.settings.oidc else ""
        return JSONResponse({"passwords": self._desk.settings.passwords, "sso": sso})

    async def _sign_in(self, request: Request) -> Response:
        if not self._desk.origins.admits(request.headers.get("origin")):
            return refused(403, "origin")
        data = await json_of(request)
        name, password = (data.get("user"), data.get("password")) if data else (None, None)
        if not self._desk.settings.passwords or not isinstance(name, str) or not isinstance(password, str):
            return refused(400, "invalid")
        wrong = await self._checked(name, password, address_of(request))
        if wrong is not None:
            return wrong
        response = JSONResponse({"ok": True})
        self._begun(response, self._desk.accounts.get(name), address_of(request), "password")
        return response

    async def _checked(self, name: str, password: str, where: str) -> Response | None:
        """None when the password is right; else the refusal."""
        now = self._desk.wall()
        key = name.casefold()[:64]
        wait = max(self._by_name.wait(key, now=now), self._by_address.wait(where, now=now))
        if wait:
            self._desk.audit.note(now, acts.SIGNED_IN, user=key, where=where, outcome="too_many")
            return refused(429, "too_many", retry=wait)
        # counted before it is known, forgiven after: tries that come at the same time count as well
        self._by_name.failed(key, now=now)
        self._by_address.failed(where, now=now)
        hashed = self._desk.accounts.hash_of(name)
        async with self._hashing:
            right = await asyncio.to_thread(matches, hashed, password)
        if not right:
            self._desk.audit.note(now, acts.SIGNED_IN, user=key, where=where, outcome="refused")
            return refused(401, "refused")
        self._by_name.forgive(key)
        self._by_address.forgive(where)
        return None

    async def _sign_out(self, request: Request, session: Session) -> Response:
        self._desk.sessions.end(session)
        self._desk.audit.note(self._desk.wall(), acts.SIGNED_OUT, session=session, where=address_of(request))
        place = self._desk.places.get(session.user.id)
        if place is not None and place.session.digest == session.digest:
            del self._desk.places[session.user.id]
            place.sign_out()
            await place.close(4401, "signed out")
        response = JSONResponse({"ok": True})
        response.delete_cookie(
            self.cookie, path="/", secure=self._desk.origins.secure, httponly=True, samesite="strict"
        )
        return response

    async def _unlock(self, request: Request, session: Session) -> Response:
        data = await json_of(request)
        password = data.get("password") if data else None
        if not isinstance(password, str):
            return refused(400, "invalid")
        wrong = await self._checked(session.user.id, password, address_of(request))
        if wrong is not None:
            return wrong
        now = self._desk.wall()
        session = self._desk.sessions.unlock(session, now=now)
        self._desk.audit.note(now, acts.UNLOCKED, session=session, where=address_of(request))
        place = self._desk.places.get(session.user.id)
        if place is not None and place.session.digest == session.digest:
            await place.unlock(session)
        return JSONResponse({"ok": True})

    async def _password(self, request: Request, session: Session) -> Response:
        data = await json_of(request)
        old, new = (data.get("old"), data.get("new")) if data else (None, None)
        if session.user.outside or session.locked or not isinstance(old, str) or not isinstance(new, str):
            return refused(400, "invalid")
        wrong = await self._checked(session.user.id, old, address_of(request))
        if wrong is not None:
            return wrong
        now = self._desk.wall()
        try:
            async with self._hashing:
                user = self._desk.accounts.change(session.user.id, password=new, now=now)
        except UsageError as error:
            return refused(400, "invalid", text=str(error))
        self._desk.audit.note(now, "password", session=session, where=address_of(request))
        response = JSONResponse({"ok": True})
        self._begun(response, user, address_of(request), "password changed")
        return response

    async def _oidc_start(self, request: Request) -> Response:
        assert self._desk.provider is not None
        try:
            url, browser = await self._desk.provider.start(self._callback(request))
        except UsageError:
            return RedirectResponse("/desk/?sso=failed", 303)
        response = RedirectResponse(url, 303)
        path = "/desk/api/oidc"
        # lax: the provider's redirect back to us is a navigation from another site
        response.set_cookie(
            "huashu_oidc",
            browser,
            path=path,
            secure=self._desk.origins.secure,
            httponly=True,
            samesite="lax",
            max_age=600,
        )
        return response

    async def _oidc_callback(self, request: Request) -> Response:
        assert self._desk.provider is not None
        where = address_of(request)
        browser = request.cookies.get("huashu_oidc", "")
        try:
            person = await self._desk.provider.finish(self._callback(request), dict(request.query_params), browser)
            user = self._desk.accounts.admit(
                person.id,
                subject=person.subject,
                name=person.name,
                role=person.role,
                language=person.language,
                now=self._desk.wall(),
            )
        except UsageError as error:
            self._desk.audit.note(self._desk.wall(), acts.SIGNED_IN, where=where, detail="oidc", outcome=error.code)
            return RedirectResponse(f"/desk/?sso={error.code}", 303)
        response = RedirectResponse("/desk/", 303)
        response.delete_cookie("huashu_oidc", path="/desk/api/oidc")
        self._begun(response, user, where, "oidc")
        return response

    def _callback(self, request: Request) -> str:
        base = (
            self._desk.settings.url or f"{'https' if self._desk.origins.secure else 'http'}://{request.headers['host']}"
        )
        return f"{base}/desk/api/oidc/callback"


def address_of(request: Request | WebSocket) -> str:
    return request.client.host if request.client else ""


async def json_of(request: Request) -> dict[str, Any] | None:
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


def refused(status: int, code: str, *, retry: float = 0.0, text: str = "") -> Response:
    headers = {"retry-after": str(int(retry) + 1)} if retry else {}
    return JSONResponse({"ok": False, "code": code, "text": text}, status, headers=headers)
