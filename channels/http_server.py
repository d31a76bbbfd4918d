"""The HTTP side of a server: /healthz (alive), /readyz (takes calls), /metrics (Prometheus), /v1/audio (speech)."""

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import uvicorn
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from huashu.channels.security import Address, Gate, Tls, check_bind
from huashu.core.errors import UsageError

if TYPE_CHECKING:  # servers of text alone load no sound
    from huashu.channels.speech import SpeechDesk

log = logging.getLogger(__name__)

LARGEST_MESSAGE = 64 << 10
"""Bytes of one message of a WebSocket."""


def app(
    ready: Callable[[], bool],
    *,
    token: str | None = None,
    registry: CollectorRegistry = REGISTRY,
    full: Callable[[], str] = str,
    speech: "SpeechDesk | None" = None,
    more: Sequence[BaseRoute] = (),
) -> Starlette:
    """The web application. /metrics and /v1 want the token when there is one; health answers everybody with one word.

    full: why new calls would be refused, "" when they would not: a balancer then sends them elsewhere.
    speech: what /v1/audio serves; None: there is no /v1. more: routes that guard themselves.
    """
    gate = Gate(token)

    def healthz(request: Request) -> Response:
        return PlainTextResponse("ok\n")

    def readyz(request: Request) -> Response:
        if not ready():
            return PlainTextResponse("draining\n", status_code=503)
        why = full()
        return PlainTextResponse(f"full: {why}\n", status_code=503) if why else PlainTextResponse("ready\n")

    def metrics(request: Request) -> Response:
        if not gate.admits(request.headers.get("authorization")):
            return PlainTextResponse(
                "a bearer token is needed\n", status_code=401, headers={"www-authenticate": "Bearer"}
            )
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    routes: list[BaseRoute] = [Route("/healthz", healthz), Route("/readyz", readyz), Route("/metrics", metrics)]
    if speech is not None:
        from huashu.channels.openai_http import routes as speech_routes

        routes += speech_routes(speech, gate)
    return Starlette(routes=[*routes, *more])


class _Uvicorn(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals stay with whoever started us: SIGTERM begins the drain of the whole server."""
        yield


class HttpServer:
    """`app` under uvicorn, inside the running event loop."""

    def __init__(
        self,
        where: Address,
        application: Starlette,
        *,
        token: str | None = None,
        tls: Tls | None = None,
        guarded: bool = False,
        connections: int = 200,
        proxies: tuple[str, ...] = (),
    ) -> None:
        """guarded: the application asks everybody who they are, by itself. connections: at a time; more get a 503.
        proxies: addresses and networks, besides this machine, that are believed for whom they ask.

        Raises UsageError when `where` is open to others and nothing guards it.
        """
        if not guarded:
            check_bind(where, token=token, tls=tls)
        self._where = where
        self.where = where
        """Where it listens, once started."""
        config = uvicorn.Config(
            application,
            log_config=None,
            access_log=False,
            lifespan="off",
            ssl_certfile=str(tls.certificate) if tls else None,
            ssl_keyfile=str(tls.key) if tls else None,
            ssl_ca_certs=str(tls.ca) if tls and tls.ca else None,
            ssl_cert_reqs=ssl.CERT_REQUIRED if tls and tls.ca else ssl.CERT_NONE,
            limit_concurrency=connections,
            forwarded_allow_ips=["127.0.0.1", "::1", *proxies],
            timeout_keep_alive=30,
            ws_max_size=LARGEST_MESSAGE,
            ws_per_message_deflate=False,  # 64 KB of tables a connection, and messages of a few hundred bytes
        )
        self._server = _Uvicorn(config)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> Address:
        """Listens; the address with the port that was taken (when 0 was asked). Raises UsageError when it is in use."""
        family = socket.AF_INET6 if ":" in self._where.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((self._where.host, self._where.port))
            listener.listen()
        except OSError as error:
            listener.close()
            raise UsageError(f"cannot listen on {self._where}: {error.strerror}") from None
        self.where = Address(self._where.host, listener.getsockname()[1])
        self._task = asyncio.create_task(self._server.serve([listener]))
        log.info("HTTP on %s", self.where)
        return self.where

    async def stop(self) -> None:
        self._server.should_exit = True
        if self._task is not None:
            await self._task
