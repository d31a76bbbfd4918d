"""Actions on a Rasa action server (the package rasa-sdk), over its HTTP webhook or its gRPC service.

`actions: rasa+http://host:5055/webhook` (or rasa+https, rasa+grpc, rasa+grpcs) in bot.yaml. Such a server was written
for Rasa, which asks once and knows no idempotency key. So it is asked again, under the same key, only where the action
has most likely not begun: no connection, 429, 502, 503; an action that raised is not run a second time.
"""

import asyncio
import json
import logging
import random
import ssl
import time
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Protocol
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from huashu.core.actions import RunAction
from huashu.core.errors import RemoteError, UsageError
from huashu.core.events import ActionResult
from huashu.flows.script import Script
from huashu.runtime.actions import checked
from huashu.runtime.loops import PerLoop
from huashu.runtime.rasa_mapping import Answer, domain, malformed, request

logger = logging.getLogger(__name__)

MAX_TRIES = 3
MAX_REQUEST = 262_144
"""Bytes of a request, the domain with it."""
MAX_ANSWER = 262_144
"""Bytes of an answer."""
BACKOFF = 0.1
"""Seconds before the second try, doubled for the third, each with up to half as much again at random."""
CONNECT_WITHIN = 5.0
"""Seconds for a connection; a try that got one may use up the action's timeout."""


class Transport(Protocol):
    """One way to a server."""

    async def ask(self, request: Mapping[str, Any], key: str) -> object:
        """The decoded answer of an action that ran. request: see `rasa_mapping.request`.

        Raises RemoteError: `code` becomes ActionResult.error; `retryable` where another try can do no harm.
        """
        ...


class RasaActions:
    """A Rasa action server as a backend for `do:`."""

    def __init__(self, transport: Transport, script: Script) -> None:
        self._transport = transport
        self._variables = script.variables
        self._language = script.language
        self._domain = domain(script)

    async def run(self, call: str, action: RunAction) -> ActionResult:
        """See `Actions.run`. Error codes beside those of runtime/actions.py: "rejected" (ActionExecutionRejection)."""
        key = f"{call}/{action.id}"
        asked = request(call, action, key, self._domain, wall=time.time())
        try:
            async with asyncio.timeout(action.timeout):
                data = await self._tries(call, action, key, asked)
            answer = Answer(data, self._variables, self._language)
            values = answer.values()
        except TimeoutError:
            return ActionResult(action.id, ok=False, error="timeout")
        except RemoteError as error:
            logger.warning("call %s action %s failed: %s", call, action.id, error)
            return ActionResult(action.id, ok=False, error=error.code)
        if answer.ignored:
            logger.warning("call %s action %s: %d parts of the answer ignored", call, action.id, answer.ignored)
        return checked(action.id, values, self._variables, call=call)

    async def _tries(self, call: str, action: RunAction, key: str, asked: Mapping[str, Any]) -> object:
        deadline = time.monotonic() + action.timeout
        attempt = 1
        while True:
            try:
                return await self._transport.ask(asked, key)
            except RemoteError as error:
                pause = BACKOFF * 2 ** (attempt - 1) * random.uniform(1.0, 1.5)
                if not error.retryable or attempt == MAX_TRIES or time.monotonic() + pause >= deadline:
                    raise
                logger.warning("call %s action %s: try %d: %s", call, action.id, attempt, error)
            attempt += 1
            await asyncio.sleep(pause)


class RasaHttp:
    """POST to a webhook."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._clients = PerLoop(_client)

    async def ask(self, request: Mapping[str, Any], key: str) -> object:
        """See `Transport.ask`."""
        body = json.dumps(request, separators=(",", ":")).encode()
        if len(body) > MAX_REQUEST:
            raise too_large(len(body), MAX_REQUEST)
        try:
            status, answer = await self._post(body, key)
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise RemoteError(type(error).__name__, code="unreachable") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            # the request may have arrived: the action may have run
            raise RemoteError(type(error).__name__, code="unreachable", retryable=False) from error
        if status == 200:
            if answer is None:
                raise too_large(MAX_ANSWER + 1, MAX_ANSWER)
            return decoded(answer)
        raise _refusal(status, answer)

    async def _post(self, body: bytes, key: str) -> tuple[int, bytes | None]:
        """(status, body or None when it is too large)."""
        headers = {"Idempotency-Key": quote(key, safe="/"), "Content-Type": "application/json"}
        headers["Accept-Encoding"] = "identity"  # or a few bytes could unpack to many
        async with self._clients.get().stream("POST", self._url, content=body, headers=headers) as response:
            chunks = bytearray()
            async for chunk in response.aiter_raw():
                chunks += chunk
                if len(chunks) > MAX_ANSWER:
                    return response.status_code, None
            return response.status_code, bytes(chunks)


def _client() -> httpx.AsyncClient:
    # no redirects: a server must not send callers' data somewhere else; no proxies from the environment
    return httpx.AsyncClient(
        follow_redirects=False,
        trust_env=False,
        timeout=httpx.Timeout(None, connect=CONNECT_WITHIN),
        verify=ssl.create_default_context(),  # the system's authorities (or SSL_CERT_FILE): a bank has its own
    )


def rasa_actions(address: str, script: Script) -> RasaActions:
    """The backend for an address of bot.yaml; nothing is connected yet.

    Raises UsageError: not rasa+http(s)://host[:port][/path] or rasa+grpc(s)://host[:port].
    """
    wrong = f"a Rasa action server is rasa+http://host:5055/webhook or rasa+grpc://host:5055, not {address}"
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError as error:  # a port that is none, half an IPv6 address
        raise UsageError(f"{wrong}: {error}") from None
    scheme = parts.scheme.removeprefix("rasa+")
    if parts.scheme == scheme or scheme not in ("http", "https", "grpc", "grpcs") or not parts.hostname:
        raise UsageError(wrong)
    if scheme.startswith("http"):
        url = urlunsplit((scheme, parts.netloc, parts.path.rstrip("/") or "/webhook", parts.query, ""))
        return RasaActions(RasaHttp(url), script)
    from huashu.runtime.rasa_grpc import RasaGrpc  # grpc: only bots with such a server pay its import

    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return RasaActions(RasaGrpc(f"{host}:{port or 5055}", tls=scheme == "grpcs"), script)


def decoded(answer: bytes) -> object:
    """JSON, its fractions as Decimal. Raises RemoteError ("bad_values")."""

    def refuse(constant: str) -> None:
        raise ValueError(constant)

    try:
        # numbers with a fraction are money as often as not: never through float; RecursionError: nested without end
        return json.loads(answer, parse_float=Decimal, parse_constant=refuse)
    except (ValueError, RecursionError):
        raise malformed("the answer is no JSON") from None


def too_large(size: int, most: int) -> RemoteError:
    return RemoteError(f"{size} bytes or more, not at most {most}", code="too_large", retryable=False)


def _refusal(status: int, answer: bytes | None) -> RemoteError:
    """What a status other than 200 means. The body is looked at, never kept: a 500 of rasa-sdk quotes the request."""
    try:
        data = decoded(answer or b"")
    except RemoteError:
        data = None
    named = isinstance(data, Mapping) and "action_name" in data
    if status in (429, 502, 503):
        return RemoteError(f"HTTP {status}", code="unreachable")
    codes = {500: "exception", 504: "timeout"}
    if named:
        codes |= {400: "rejected", 404: "unknown_action"}
    return RemoteError(f"HTTP {status}", code=codes.get(status, "refused"), retryable=False)
