"""A whole server: the bots below a folder, gRPC, HTTP, the record, and an end that loses no conversation."""

import asyncio
import logging
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.routing import BaseRoute

from huashu.channels.desk_service import DeskService, Seats
from huashu.channels.grpc_server import GrpcServer
from huashu.channels.http_server import HttpServer, app
from huashu.channels.limits import Limits
from huashu.channels.reloading import Reloader, find_bots
from huashu.channels.security import Address
from huashu.channels.server_settings import DOORS, LOADING, SOUND, Doors, Guard, Loading, Say, Sound
from huashu.core.errors import HuashuError, UsageError
from huashu.handoff.attended import Joins
from huashu.runtime import lasting
from huashu.runtime.bot import Bot, load_bot
from huashu.scripts_market import is_stock
from huashu.store.log import Store
from huashu.voice.languages import stranger

if TYPE_CHECKING:
    from huashu.channels.speech import SpeechDesk
    from huashu.channels.speech_service import SpeechService
    from huashu.channels.voice_call import Switchboard

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Serving:
    """A server that takes conversations."""

    grpc: Address
    http: Address | None
    bots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Company:
    """What runs in the server's process beside the conversations, made by a room above this one."""

    centre: Joins
    """Who takes conversations over."""
    seats: Seats | None = None
    """The same, for people of other systems, who attend over gRPC; None: there is no such service."""
    routes: tuple[BaseRoute, ...] = ()
    """More of the HTTP side: where other systems call back."""


Accompany = Callable[[Store, Mapping[str, Bot]], AbstractAsyncContextManager[Company]]
"""Given the record and the bots, what is there before the first conversation and until after the last."""


async def serve(
    bots: Path | str,
    *,
    doors: Doors = DOORS,
    loading: Loading = LOADING,
    sound: Sound | None = SOUND,
    store: str | Path | Store | None = None,
    limits: Limits | None = None,
    watch: float | None = None,
    accompany: Accompany | None = None,
    own_process: bool = False,
    ready: Callable[[Serving], None] | None = None,
    say: Say | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then let live conversations finish (at most `limits.drain` seconds).

    bots: a bot's folder, or a folder of them (any depth). One that fails its check is refused with its findings.
    doors: where, and who is let in. loading: how bots are loaded. sound: ears and voice; None: text only.
    store: where the record is kept; None: in a temporary file that goes when the server stops.
    watch: seconds between looks at the folders; a changed bot takes new conversations, those in progress keep theirs.
        SIGHUP does the same at once, with or without it.
    accompany: what takes conversations over, such as the agent desk; None: handoffs are the clients' to answer.
    own_process: the process is this server's alone, so that what is loaded may be taken out of the garbage collector's
        rounds (huashu.runtime.lasting): without it a round halts the sound of every call for up to 80 ms.
    ready: called once the server takes conversations. say: lines for the operator; default: standard error.

    Raises:
        UsageError: no bot could be served, an address is in use, or open to others without a guard.
        StoreError: the store cannot be opened, or its calls are sealed with another HUASHU_STORE_KEY (code "key").
    """
    say = say or _say
    limits = limits or Limits()
    guard = doors.guard()
    async with AsyncExitStack() as stack:
        record = _record(store, stack, say)
        loaded = load_bots(Path(bots), loading, say=say)
        switchboard = sound.switchboard(say) if sound is not None else None
        if switchboard is not None:
            stack.callback(switchboard.close)
        reloader = await _prepared(Path(bots), loaded, loading, switchboard, say)
        company = await stack.enter_async_context(accompany(record, loaded)) if accompany is not None else None
        server, web = _servers(loaded, guard, record, limits, switchboard, company, stack)
        async with _running(web), _reloading(reloader, watch), _keeping(reloader, server, own_process):
            stop = _stop_signal()
            serving = Serving(await server.start(), web.where if web else None, tuple(sorted(loaded)))
            say(f"huashu: {len(loaded)} bots on {serving.grpc}" + (f", health on {serving.http}" if web else ""))
            if ready is not None:
                ready(serving)
            await stop.wait()
            say(f"huashu: stopping; {server.live} conversations have {limits.drain:g} s to finish")
            await server.drain()


def _servers(
    bots: dict[str, Bot],
    guard: Guard,
    record: Store,
    limits: Limits,
    switchboard: "Switchboard | None",
    company: Company | None,
    stack: AsyncExitStack,
) -> tuple[GrpcServer, HttpServer | None]:
    """Both edges over the same bots, engines and guard."""
    speech = _speech_desk(bots, switchboard, limits, stack)
    server = GrpcServer(
        bots,
        guard.grpc,
        store=record,
        token=guard.token,
        tls=guard.tls,
        limits=limits,
        voice=switchboard.call if switchboard else None,
        speech=_speech(speech),
        centre=company.centre if company is not None else None,
        desk=DeskService(company.seats, limits) if company is not None and company.seats is not None else None,
    )
    more = company.routes if company is not None else ()
    if guard.http is None:
        if more:
            raise UsageError("other systems call back over HTTP: give it a place (--http HOST:PORT)")
        return server, None
    application = app(lambda: server.ready, token=guard.token, full=lambda: server.full, speech=speech, more=more)
    return server, HttpServer(guard.http, application, token=guard.token, tls=guard.tls)


async def _prepared(
    folder: Path, bots: dict[str, Bot], loading: Loading, switchboard: "Switchboard | None", say: Say
) -> Reloader:
    """What loads the bots anew, once those that are here are ready for their first caller."""

    told: set[str] = set()

    async def prepare(bot: Bot) -> None:
        if switchboard is not None:
            await switchboard.prepare(bot)
            why = stranger(switchboard.recogniser.capabilities, switchboard.voice.capabilities, bot.script.language)
            if why and why not in told:
                told.add(why)
                say(f"huashu: spoken calls will not be heard or answered: {why}")

    for bot in bots.values():
        await prepare(bot)
    return Reloader(folder, bots, partial(_load, loading=loading, say=say), prepare=prepare, say=say)


def load_bots(folder: Path, loading: Loading = LOADING, *, say: Say | None = None) -> dict[str, Bot]:
    """Every bot at or below `folder`, by name; what is wrong with the others is said, and they are left out.

    Raises:
        UsageError: there is no bot, or none that passes its check.
    """
    say = say or _say
    folders = find_bots(folder)
    if not folders:
        raise UsageError(f"{folder}: no bot.yaml here or below")
    bots: dict[str, Bot] = {}
    for found in folders:
        try:
            bot = _load(found, loading=loading, say=say)
        except HuashuError as error:
            say(f"huashu: {found} is not served:\n{error}")
            continue
        if bot.script.name in bots:
            say(f"huashu: {found} is not served: a bot named {bot.script.name!r} is already")
            continue
        bots[bot.script.name] = bot
    if not bots:
        raise UsageError(f"{folder}: none of the {len(folders)} bots below passes its check")
    return bots


def _load(folder: Path, *, loading: Loading, say: Say) -> Bot:
    trust = loading.trust or is_stock(folder)
    bot = load_bot(folder, trust=trust, cache=loading.cache, nlu=loading.nlu, rerank=loading.rerank)
    if bot.script.actions and not trust:
        say(f"huashu: {bot.script.name}: its actions are not run; --trust allows them")
    return bot


def _speech_desk(
    bots: Mapping[str, Bot], switchboard: "Switchboard | None", limits: Limits, stack: AsyncExitStack
) -> "SpeechDesk | None":
    """Ears and voice without a bot: the engines that calls use, and the language that most of the bots speak."""
    if switchboard is None:
        return None
    from huashu.channels.speech import SpeechDesk

    usual = Counter(bot.script.language for bot in bots.values()).most_common(1)
    language = usual[0][0] if usual else ""
    desk = SpeechDesk(switchboard.recogniser, switchboard.voice, limits, language=language)
    stack.callback(desk.close)
    return desk


def _speech(desk: "SpeechDesk | None") -> "SpeechService | None":
    if desk is None:
        return None
    from huashu.channels.speech_service import SpeechService

    return SpeechService(desk)


def _record(store: str | Path | Store | None, stack: AsyncExitStack, say: Say) -> Store:
    if isinstance(store, Store):
        return store
    if store is None:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="huashu-record-"))
        say("huashu: the record goes when the server stops; keep it with --store sqlite:///calls.db")
        store = Path(folder) / "calls.db"
    opened = Store.open(store)
    stack.callback(opened.close)
    opened.check_key()
    return opened


@asynccontextmanager
async def _running(web: HttpServer | None) -> AsyncIterator[None]:
    if web is None:
        yield
        return
    await web.start()
    try:
        yield
    finally:
        await web.stop()


@asynccontextmanager
async def _keeping(reloader: Reloader, server: GrpcServer, own_process: bool) -> AsyncIterator[None]:
    """What is loaded is spared by the garbage collector; so is, while it lasts, what is loaded anew."""
    if not own_process:
        yield
        return
    lasting.keep()
    task = asyncio.create_task(lasting.keep_renewed(reloader.renewed, lambda: server.live))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def _reloading(reloader: Reloader, every: float | None) -> AsyncIterator[None]:
    """New versions while it lasts: at SIGHUP, and every so many seconds if wanted."""
    loop = asyncio.get_running_loop()
    tasks: set[asyncio.Task[Any]] = {loop.create_task(reloader.watch(every))} if every else set()

    def on_signal() -> None:
        task = loop.create_task(reloader.reload())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    with suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):  # Windows; not the main thread
        loop.add_signal_handler(signal.SIGHUP, on_signal)
    try:
        yield
    finally:
        with suppress(NotImplementedError, RuntimeError, ValueError, AttributeError):
            loop.remove_signal_handler(signal.SIGHUP)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _stop_signal() -> asyncio.Event:
    """Set by the first SIGTERM or SIGINT; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        stop.set()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.remove_signal_handler(number)

    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, on_signal)
        except (NotImplementedError, RuntimeError, ValueError):  # Windows; not the main thread
            log.debug("signal %s is left to the embedding program", number)
    return stop


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")
