"""What every answer of the desk carries and every request must be: headers, hosts, origins, sizes (an ASGI layer)."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "connect-src 'self'",
        "media-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
"""The page runs its own files and nothing else: no inline script or style, no other host, in nobody's frame."""

HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}


class Origins:
    """The hosts this desk is reached by, and the origins its pages have."""

    def __init__(self, url: str, hosts: Iterable[str], *, tls: bool) -> None:
        """url: from outside, "" for none. hosts: "127.0.0.1:8443" … that it listens on."""
        self._scheme = "https" if tls else "http"
        self.hosts: set[str] = set()
        self._origins: set[str] = set()
        for host in hosts:
            self.add(host)
        if url:
            parts = urlsplit(url)
            self.hosts.add(parts.netloc)
            self._origins.add(f"{parts.scheme}://{parts.netloc}")
        self.secure = tls or url.startswith("https:")
        """Whether people reach it by https: then cookies go no other way."""

    def add(self, host: str) -> None:
        """Another "host:port" that it listens on."""
        self.hosts.add(host)
        self._origins.add(f"{self._scheme}://{host}")

    def admits(self, origin: str | None) -> bool:
        """Whether a request that changes something, or opens a socket, comes from the desk's own page."""
        return origin in self._origins


class Guard:
    """Refuses hosts that are not ours (a stranger's name that resolves to this machine), and adds the headers."""

    def __init__(self, app: ASGIApp, origins: Origins) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("cache-control", "no-store")
                if self._origins.secure:
                    headers.setdefault("strict-transport-security", "max-age=31536000")
            await send(message)

        if Headers(scope=scope).get("host", "") not in self._origins.hosts:
            if scope["type"] == "http":
                await PlainTextResponse("not a name of this desk\n", 421)(scope, receive, sending)
            else:
                await send({"type": "websocket.close", "code": 1008})
            return
        await self._app(scope, receive, sending)
