"""What happens at the centre, told to other systems: signed, at least once, in spite of restarts.

Each event is a POST of JSON by the rules of Standard Webhooks (standardwebhooks.com, version 1): `webhook-id` is the
same at every try, so that the receiver can tell what it has had; `webhook-timestamp` and `webhook-signature` (HMAC-
SHA256 over id, time and body) prove where it comes from. Anything but 2xx is tried again, at last a day later; 410
means that nobody wants them any more. Bodies hold what a desk shows masked: no number, no value, no note in full.

The events of one call go to a receiver one after the other, each with its number; those of other calls, and other
receivers, do not wait for it.
"""

import asyncio
import base64
import binascii
import hashlib
import hmac
import json
import logging
import random
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from types import MappingProxyType
from typing import Any, Final, Protocol

import httpx

from huashu.core.codec import to_data
from huashu.core.errors import StoreError, UsageError
from huashu.core.ids import new_call_id
from huashu.handoff import views
from huashu.store.outgoing import Outgoing, Waiting

log = logging.getLogger(__name__)

PAUSES: Final = (5.0, 300.0, 1800.0, 7200.0, 18_000.0, 36_000.0, 50_400.0, 72_000.0, 86_400.0)
"""Seconds before the second try, the third …: the schedule that Standard Webhooks recommends. Then it is given up."""
WITHIN: Final = 15.0
"""Seconds a receiver may take to answer (Standard Webhooks: 15 to 30)."""
LONGEST_PAUSE: Final = 3600.0
"""Seconds between two looks at the clock."""
LASTS: Final = sum(PAUSES)
"""Seconds after which an event is tried no more, also when it had to wait for the ones of its call before it."""
AT_ONCE: Final = 20
"""Deliveries at a time to a receiver."""
MOST: Final = 100_000
"""Undelivered events; when a receiver has been away that long, the oldest would be of no use, and new ones are lost."""
SECRET_PREFIX: Final = "whsec_"
LEAST_SECRET: Final = 24
"""Bytes (Standard Webhooks: 24 to 64)."""
NOT_TOLD: Final = frozenset({"note", "history", "suggestions", "form", "steps", "question", "dispositions", "slots"})
"""Fields of a conversation that stay here: an agent's help, or a caller's business."""
_Standing = tuple[str, str, str, int, int]
"""Of a ticket: state, agent, queue, level, how often it was opened again."""


@dataclass(frozen=True, slots=True)
class Target:
    """One receiver."""

    url: str
    secret: str = field(repr=False)
    """whsec_ and base64 of 24 to 64 bytes."""
    kinds: tuple[str, ...] = ()
    """Such as handoff.bridged or ticket; a kind begins with it. Empty: all."""

    def key(self) -> bytes:
        """Raises UsageError for a secret or an address of another form."""
        if not self.url.startswith(("https://", "http://127.0.0.1", "http://localhost", "http://[::1]")):
            raise UsageError(f"webhook {self.url[:80]!r}: expected https://… (http only on this machine)")
        try:
            key = base64.b64decode(self.secret.removeprefix(SECRET_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not self.secret.startswith(SECRET_PREFIX) or len(key) < LEAST_SECRET:
            raise UsageError(
                f"webhook {self.url[:80]!r}: its secret is {SECRET_PREFIX} and base64 of at least {LEAST_SECRET} bytes"
            )
        return key


class Board(Protocol):
    """Of the centre (huashu.handoff.board)."""

    def onlooker(self, name: str, tell: Callable[[views.View], None]) -> None: ...


class Webhooks:
    """`run` it beside the server. transport: for tests. wall: Unix seconds. chance: 0 to 1, spreads the tries."""

    def __init__(
        self,
        targets: tuple[Target, ...],
        outgoing: Outgoing,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        wall: Callable[[], float] = time.time,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._keys = {target.url: target.key() for target in targets}
        self._targets = targets
        self._outgoing = outgoing
        self._transport = transport
        self._wall = wall
        self._chance = chance
        self._gone: set[str] = set()
        self._states: dict[str, tuple[str, str]] = {}
        self._tickets: dict[str, _Standing] = {}
        self._changed = {target.url: asyncio.Event() for target in targets}
        self.lost = 0
        """Events there was no room for, or that were given up."""

    def watch(
        self,
        board: Board,
        states: Mapping[str, tuple[str, str]] = MappingProxyType({}),
        tickets: Iterable[views.Ticket] = (),
    ) -> None:
        """states: conversation → (state, agent), of those that the process before has told: not again, and their end
        is told. tickets: likewise."""
        self._states.update(states)
        self._tickets.update((ticket.id, _standing(ticket)) for ticket in tickets)
        board.onlooker("webhooks", self._shown)

    # --- what is told -------------------------------------------------------------------------------------------------

    def _shown(self, view: views.View) -> None:
        """States are what is told; one that lasts less than a tenth of a second may be passed over."""
        match view:
            case views.Conversation(id=id_, state=state, agent=agent):
                before = self._states.get(id_)
                if before == (state, agent) or (before is None and state == "bot"):
                    return
                self._states[id_] = state, agent
                data = {name: value for name, value in to_data(view).items() if name not in NOT_TOLD}
                self.send(f"handoff.{state}", data, call=id_)
            case views.Gone(kind="conversation", id=id_) if id_ in self._states:
                before = self._states.pop(id_)
                if before[0] not in ("closed", "failed", "returned"):
                    self.send("handoff.closed", {"id": id_, "agent": before[1]}, call=id_)
            case views.Rating(conversation=call, kind=kind):
                self.send(f"rating.{kind}", to_data(view), call=call)
            case views.Ticket():
                self._ticket(view)
            case views.Gone(kind="ticket", id=id_):
                self._tickets.pop(id_, None)
            case _:
                pass

    def _ticket(self, view: views.Ticket) -> None:
        """What it has become, or that somebody else has it: not each note."""
        before, stands = self._tickets.get(view.id), _standing(view)
        if before == stands:
            return
        self._tickets[view.id] = stands
        again = before is not None and view.reopened > before[-1]
        data = {name: value for name, value in to_data(view).items() if name not in ("note", "form")}
        self.send("ticket.reopened" if again else f"ticket.{view.state}", data, call=view.conversation)

    def send(self, kind: str, data: dict[str, Any], *, call: str = "") -> None:
        """To every target that wants this kind; on record before this returns. call: that it tells of."""
        now = self._wall()
        id_ = f"msg_{new_call_id()}"
        wanted = [target for target in self._targets if not target.kinds or kind.startswith(target.kinds)]
        waiting: int | None = None
        for target in wanted:
            try:
                waiting = self._outgoing.count() if waiting is None else waiting + 1
                if waiting >= MOST:
                    raise StoreError(f"{MOST} events wait to be delivered", code="full")
                with self._outgoing.together():
                    numbered = {"sequence": self._outgoing.number(target.url, call)} if call else {}
                    told = {"type": kind, "timestamp": _iso(now), **numbered, "data": data}
                    body = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
                    self._outgoing.put(id_, target.url, body, now, call)
            except StoreError as error:
                self.lost += 1
                log.error("webhook: an event of kind %s could not be kept (%s)", kind, error.code)
            self._changed[target.url].set()

    # --- delivery ---------------------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled."""
        async with httpx.AsyncClient(transport=self._transport, timeout=WITHIN, follow_redirects=False) as client:
            while True:
                try:
                    await self._serve_all(client, ever=True)
                except* StoreError as broken:
                    log.error("webhook: the record cannot be read or written (%d at once)", len(broken.exceptions))
                await asyncio.sleep(PAUSES[0])

    async def deliver(self, client: httpx.AsyncClient) -> None:
        """Everything that is due now."""
        await self._serve_all(client, ever=False)

    async def _serve_all(self, client: httpx.AsyncClient, *, ever: bool) -> None:
        async with asyncio.TaskGroup() as group:
            self._outgoing.keep_only(self._keys)
            for url in self._keys:
                group.create_task(self._serve(client, url, ever=ever))

    async def _serve(self, client: httpx.AsyncClient, url: str, *, ever: bool) -> None:
        """What is due at one receiver, `AT_ONCE` at a time; ever: also what comes later."""
        flying: dict[int, asyncio.Task[None]] = {}
        changed = self._changed[url]

        def landed(n: int, _: asyncio.Task[None]) -> None:
            del flying[n]
            changed.set()

        async with asyncio.TaskGroup() as group:
            while True:
                changed.clear()
                found = self._outgoing.due(self._wall(), AT_ONCE + len(flying), url) if len(flying) < AT_ONCE else []
                for item in [item for item in found if item.n not in flying][: AT_ONCE - len(flying)]:
                    task = flying[item.n] = group.create_task(self._deliver(client, item))
                    task.add_done_callback(partial(landed, item.n))
                if not (flying or ever):
                    return
                await self._news(url, flying)

    async def _news(self, url: str, flying: Collection[int]) -> None:
        """Until something has arrived, has come to be told, or is due."""
        due = None if len(flying) >= AT_ONCE else self._outgoing.next(url, but=flying)
        pause = LONGEST_PAUSE if due is None else max(0.05, due - self._wall())
        try:
            async with asyncio.timeout(min(pause, LONGEST_PAUSE)):
                await self._changed[url].wait()
        except TimeoutError:
            pass

    async def _deliver(self, client: httpx.AsyncClient, item: Waiting) -> None:
        key = self._keys[item.target]
        if item.target in self._gone:
            self._outgoing.done(item.n)
            return
        stamp = str(round(self._wall()))
        headers = {
            "content-type": "application/json",
            "webhook-id": item.id,
            "webhook-timestamp": stamp,
            "webhook-signature": signature(key, item.id, stamp, item.body),
        }
        try:
            answer = await client.post(item.target, content=item.body.encode(), headers=headers)
            status, after = answer.status_code, answer.headers.get("retry-after", "")
        except httpx.HTTPError as error:
            status, after = 0, ""
            log.info("webhook: event %s, try %d: %s", item.id, item.tries + 1, type(error).__name__)
        if 200 <= status < 300:
            self._outgoing.done(item.n)
        elif status == 410:
            self._gone.add(item.target)
            self._outgoing.done(item.n)
            log.warning("webhook: the receiver of event %s wants no more (410)", item.id)
        elif item.tries >= len(PAUSES) or self._wall() - item.created >= LASTS:
            self.lost += 1
            self._outgoing.done(item.n)
            log.error("webhook: event %s was given up after %d tries (status %d)", item.id, item.tries + 1, status)
        else:
            pause = PAUSES[item.tries] * (1.0 + 0.2 * self._chance())
            if after.isdecimal():
                pause = max(pause, min(float(after), PAUSES[-1]))
            self._outgoing.again(item.n, self._wall() + pause, item.tries + 1)


def _standing(ticket: views.Ticket) -> _Standing:
    return ticket.state, ticket.agent, ticket.queue, ticket.level, ticket.reopened


def signature(key: bytes, id_: str, stamp: str, body: str) -> str:
    """`webhook-signature`: v1, and base64 of HMAC-SHA256 over "id.timestamp.body"."""
    signed = hmac.new(key, f"{id_}.{stamp}.{body}".encode(), hashlib.sha256).digest()
    return f"v1,{base64.b64encode(signed).decode()}"


def _iso(at: float) -> str:
    """With milliseconds."""
    return datetime.fromtimestamp(at, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
