"""The centre and its desk beside a server's conversations: what `huashu.channels.serve` calls company."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from starlette.routing import Route

from huashu.channels.chatwoot import Chatwoot
from huashu.channels.http_server import HttpServer
from huashu.channels.security import Address, Tls, is_loopback
from huashu.channels.serve import Accompany, Company
from huashu.channels.webhooks import Webhooks
from huashu.core.errors import StoreError, UsageError
from huashu.desk.accounts import Accounts, User
from huashu.desk.audit import Audit
from huashu.desk.connections import Connections
from huashu.desk.guard import Origins
from huashu.desk.recorded import RecordedSeats
from huashu.desk.server import Desk
from huashu.desk.settings import Settings
from huashu.desk.tables import Tables
from huashu.handoff.advice import advice
from huashu.handoff.links import Links
from huashu.handoff.plan import Plan, Profile
from huashu.handoff.seat import Seat
from huashu.handoff.service import HandoffService
from huashu.handoff.views import View
from huashu.handoff.wording import break_reasons
from huashu.runtime.bot import Bot
from huashu.runtime.faults import where as where_of
from huashu.store.log import Store
from huashu.store.outgoing import Outgoing
from huashu.store.sole import alone

log = logging.getLogger(__name__)

MOST_CONNECTIONS: Final = 2000
"""Two sockets a person, and the page's own requests."""
FORGETS_EVERY: Final = 60.0
"""Seconds after which what `huashu calls erase` took from the record is gone from the centre's memory, too."""


@dataclass(frozen=True, slots=True)
class DeskPlace:
    """Where the desk is served."""

    where: Address
    store: str | Path
    """The record's URL: people and the audit are in the same file."""
    settings: Settings = field(default_factory=Settings)
    tls: Tls | None = None

    def __post_init__(self) -> None:
        """Raises UsageError when passwords would go over a network in clear."""
        outside = self.settings.url.startswith("https:")
        if not (is_loopback(self.where.host) or self.tls is not None or outside):
            raise UsageError(
                f"the desk on {self.where} can be reached from other machines: give it TLS (--tls-cert, --tls-key), or "
                "set url: https://… in its settings when a proxy before it has TLS, or listen on 127.0.0.1"
            )


def company(
    plan: Plan,
    place: DeskPlace | None,
    *,
    connections: Connections | None = None,
    say: Callable[[str], None],
    ready: Callable[[Address], None] | None = None,
) -> Accompany:
    """For `huashu.channels.serve.serve`: a centre by `plan`, and its desk at `place` (None: gRPC desks alone).

    connections: other systems that are told, or attend.
    say: lines for the operator. ready: called with where the desk listens.
    """

    @asynccontextmanager
    async def accompany(record: Store, bots: Mapping[str, Bot]) -> AsyncIterator[Company]:
        for line in advice(plan, [bot.script for bot in bots.values()]):
            say(f"huashu: {line}")
        async with AsyncExitStack() as stack:
            stack.enter_context(alone(record.path, "centre"))  # two would each take the other's callers for lost
            centre = HandoffService(plan, store=record)
            await stack.enter_async_context(_beside(_forgetting(centre)))
            elsewhere = stack.enter_context(_attended(centre, record))
            if place is not None:
                where = await stack.enter_async_context(_served(centre, plan, place, say))
                say(f"huashu: the desk on {place.settings.url or _url(where, place.tls)}/desk/")
                if ready is not None:
                    ready(where)
            routes = await _connected(stack, centre, record, connections or Connections())
            yield Company(centre, elsewhere, routes)

    return accompany


async def _connected(
    stack: AsyncExitStack, centre: HandoffService, record: Store, connections: Connections
) -> tuple[Route, ...]:
    """Other systems, for as long as the centre is there; where they call back."""
    if connections.webhooks:
        webhooks = Webhooks(connections.webhooks, Outgoing(record))
        known = {case.id: (case.state, case.agent) for case in centre.centre.cases.values() if case.kind == "caller"}
        webhooks.watch(centre.board, known, [item.view() for item in centre.casework.tickets.all.values()])
        await stack.enter_async_context(_beside(webhooks.run()))
    if connections.chatwoot is None:
        return ()
    chatwoot = Chatwoot(connections.chatwoot, centre, links=Links(centre))
    await stack.enter_async_context(_beside(chatwoot.run()))
    return (chatwoot.route,)


@contextmanager
def _attended(centre: HandoffService, record: Store) -> Iterator[RecordedSeats]:
    """The centre for people of other systems; what they do is in the audit, as of those at the desk's own page."""
    tables = Tables.open(record.path)
    audit = Audit(tables)
    try:
        yield RecordedSeats(centre, audit)
    finally:
        audit.flush()
        tables.close()


async def _forgetting(centre: HandoffService) -> None:
    """What another process has erased goes from this one's memory."""
    while True:
        await asyncio.sleep(FORGETS_EVERY)
        try:
            centre.casework.forget()
        except StoreError as error:
            log.warning("the centre could not look for what has been erased (%s)", error.code)


@asynccontextmanager
async def _beside(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    task = asyncio.create_task(work)
    task.add_done_callback(_told)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def _told(task: "asyncio.Task[None]") -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("a connection to another system has failed with %s", where_of(error))


@asynccontextmanager
async def _served(
    centre: HandoffService, plan: Plan, place: DeskPlace, say: Callable[[str], None]
) -> AsyncIterator[Address]:
    tables = Tables.open(place.store)
    try:
        if not place.settings.oidc and not Accounts(tables).all():
            say("huashu: nobody can sign in at the desk yet: huashu desk user add NAME --store …")
        origins = Origins(place.settings.url, (), tls=place.tls is not None)
        phrases, breaks = tuple(plan.phrases.items()), break_reasons(plan.breaks, plan.language)
        desk = Desk(tables, seats(centre), origins, place.settings, phrases=phrases, zone=plan.zone, breaks=breaks)
        server = HttpServer(
            place.where,
            desk.app(),
            tls=place.tls,
            guarded=True,
            connections=MOST_CONNECTIONS,
            proxies=place.settings.proxies,
        )
        where = await server.start()
        for host in names(where):
            origins.add(host)
        looking = asyncio.create_task(desk.run())
        try:
            yield where
        finally:
            looking.cancel()
            with suppress(asyncio.CancelledError):
                await looking
            await desk.stop()
            await server.stop()
    finally:
        tables.close()


def seats(centre: HandoffService) -> Callable[[User, Callable[[View], None]], Seat]:
    """A person of the desk as one of the centre. Queues and skills are the plan's."""

    def sign_in(user: User, tell: Callable[[View], None]) -> Seat:
        return centre.sign_in(Profile(user.id, user.name, user.role, user.language), tell)

    return sign_in


def names(where: Address) -> list[str]:
    """What a browser may call a server that listens there; from outside it has the name in the settings' url."""
    hosts = ["localhost", "127.0.0.1", "[::1]"] if is_loopback(where.host) else [where.host]
    return [str(where), *(f"{host}:{where.port}" for host in hosts)]


def _url(where: Address, tls: Tls | None) -> str:
    return f"{'https' if tls else 'http'}://{where}"
