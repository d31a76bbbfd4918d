"""Actions on a server: `POST {base}/actions/{name}`, answered with values for the script's variables.

Request: header `Idempotency-Key`, JSON `{"call": …, "key": …, "args": {…}}`; decimals travel as text ("12000.00").
Answer: 200 with JSON `{"ok": true, "values": {…}}` or `{"ok": false, "error": "code"}`. Anything the network or the
server's load did wrong (no connection, 429, 5xx) is tried again under the same key while the script still waits.
"""

import asyncio
import json
import logging
import random
import ssl
import time
from collections.abc import Mapping
from decimal import Decimal
from urllib.parse import quote

import httpx

from huashu.core.actions import RunAction
from huashu.core.errors import UsageError
from huashu.core.events import ActionResult
from huashu.flows.script import Variable
from huashu.runtime.actions import checked
from huashu.runtime.loops import PerLoop

logger = logging.getLogger(__name__)

MAX_TRIES = 3
MAX_ANSWER = 65536
"""Bytes of an answer; a script's variables fit many times over."""
MAX_ARGUMENTS = 65536
"""Bytes of a request."""
BACKOFF = 0.1
"""Seconds before the second try, doubled for the third, each with up to half as much again at random."""


class HttpActions:
    """transport: for tests; anything httpx accepts."""

    def __init__(
        self, base: str, variables: Mapping[str, Variable], *, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        if not base.startswith(("http://", "https://")):
            raise UsageError(f"an action server is http:// or https://, not {base!r}")
        self._base = base.rstrip("/")
        self._variables = variables
        self._transport = transport
        self._clients = PerLoop(self._client)

    async def run(self, call: str, action: RunAction) -> ActionResult:
        """See `Actions.run`."""
        key = f"{call}/{action.id}"
        args = {name: str(value) if isinstance(value, Decimal) else value for name, value in action.args.items()}
        body = json.dumps({"call": call, "key": key, "args": args}, ensure_ascii=False).encode()
        if len(body) > MAX_ARGUMENTS:
            return ActionResult(action.id, ok=False, error="too_large")
        deadline = time.monotonic() + action.timeout
        try:
            async with asyncio.timeout(action.timeout):
                return await self._tries(call, action, key, body, deadline)
        except TimeoutError:
            return ActionResult(action.id, ok=False, error="timeout")

    async def _tries(self, call: str, action: RunAction, key: str, body: bytes, deadline: float) -> ActionResult:
        result = ActionResult(action.id, ok=False, error="unreachable")
        for attempt in range(MAX_TRIES):
            if attempt:
                pause = BACKOFF * 2 ** (attempt - 1) * random.uniform(1.0, 1.5)
                if time.monotonic() + pause >= deadline:
                    return result
                await asyncio.sleep(pause)
            try:
                status, answer = await self._post(action.name, key, body)
            except httpx.TimeoutException:
                continue
            except httpx.HTTPError as error:
                logger.warning("call %s action %s: try %d: %s", call, action.id, attempt + 1, type(error).__name__)
                continue
            if status == 200:
                return self._answered(call, action, answer)
            logger.warning("call %s action %s: try %d: HTTP %d", call, action.id, attempt + 1, status)
            if status != 429 and status < 500:
                return ActionResult(action.id, ok=False, error="refused")
        return result

    async def _post(self, name: str, key: str, body: bytes) -> tuple[int, bytes | None]:
        """(status, body or None when it is too large)."""
        url = f"{self._base}/actions/{quote(name, safe='')}"
        headers = {"Idempotency-Key": quote(key, safe="/"), "Content-Type": "application/json"}
        async with self._clients.get().stream("POST", url, content=body, headers=headers) as response:
            chunks = bytearray()
            async for chunk in response.aiter_bytes():
                chunks += chunk
                if len(chunks) > MAX_ANSWER:
                    return response.status_code, None
            return response.status_code, bytes(chunks)

    def _answered(self, call: str, action: RunAction, answer: bytes | None) -> ActionResult:
        if answer is None:
            return ActionResult(action.id, ok=False, error="too_large")
        try:
            # numbers with a fraction are money as often as not: never through float
            data = json.loads(answer, parse_float=Decimal)
        except (ValueError, RecursionError):  # the latter: nested without end
            data = None
        if not isinstance(data, dict) or not isinstance(data.get("ok"), bool):
            logger.error("call %s action %s: the answer is no JSON object with 'ok'", call, action.id)
            return ActionResult(action.id, ok=False, error="bad_values")
        if not data["ok"]:
            error = data.get("error")
            return ActionResult(action.id, ok=False, error=error if isinstance(error, str) and error else "failed")
        return checked(action.id, data.get("values"), self._variables, call=call)

    def _client(self) -> httpx.AsyncClient:
        # no redirects: a server must not send callers' data somewhere else; no proxies from the environment
        return httpx.AsyncClient(
            transport=self._transport,
            follow_redirects=False,
            trust_env=False,
            timeout=httpx.Timeout(30.0),
            verify=ssl.create_default_context(),  # the system's authorities (or SSL_CERT_FILE): a bank has its own
        )
