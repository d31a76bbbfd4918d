"""A whole server: the bots below a folder, gRPC, HTTP, the record, and an end that loses no conversation."""

import asyncio
import logging
import signal
import sys
import tempfile
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
from huashu.channels.security import Address, Tls, address, check_bind, find_token
from huashu.core.errors import EngineError, HuashuError, UsageError
from huashu.handoff.attended import Joins
from huashu.runtime.bot import Bot, load_bot
from huashu.scripts_market import is_stock
from huashu.store.log import Store

if TYPE_CHECKING:
    from huashu.asr.engine import Recogniser
    from huashu.channels.speech import SpeechDesk
    from huashu.channels.speech_service import SpeechService
    from huashu.channels.voice_call import Switchboard

log = logging.getLogger(__name__)

Say = Callable[[str], None]
"""Takes one line for the operator."""


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


@dataclass(frozen=True, slots=True)
class Hearing:
    """Which recognisers a server has, by name."""

    first: str
    model: str | None = None
    second: str | None = None
    second_model: str | None = None
    at_once: int | None = None

    def open(self) -> "Recogniser":
        """Raises UsageError, EngineError as huashu.asr.registry.open_recogniser."""
        # only here: text-only servers need neither the sound engines nor their import time
        from huashu.asr.fallback import Bounded, Fallback
        from huashu.asr.registry import open_recogniser
        from huashu.models.cache import resolve

        options: dict[str, Any] = {"model": resolve(self.model)} if self.model else {}
        recogniser = open_recogniser(self.first, **options)
        if self.at_once is not None:
            recogniser = Bounded(recogniser, most=self.at_once)
        if self.second is None:
            return recogniser
        options = {"model": resolve(self.second_model)} if self.second_model else {}
        second = open_recogniser(self.second, rate=recogniser.capabilities.rate, **options)
        return Fallback(recogniser, second)


async def serve(
    bots: Path | str,
    *,
    grpc: str = "127.0.0.1:50051",
    http: str | None = None,
    store: str | Path | Store | None = None,
    token: str | None = None,
    token_file: Path | None = None,
    tls_cert: Path | None = None,
    tls_key: Path | None = None,
    tls_client_ca: Path | None = None,
    trust: bool = False,
    nlu: str | None = None,
    asr: str | None = "pocketsphinx",
    asr_model: str | None = None,
    asr_fallback: str | None = None,
    asr_fallback_model: str | None = None,
    asr_at_once: int | None = None,
    voice: str | None = None,
    voice_model: str | None = None,
    comfort_noise: float | None = None,
    waiting: Path | None = None,
    recordings: Path | None = None,
    cache: Path | None = None,
    limits: Limits | None = None,
    watch: float | None = None,
    accompany: Accompany | None = None,
    ready: Callable[[Serving], None] | None = None,
    say: Say | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT, then let live conversations finish (at most `limits.drain` seconds).

    bots: a bot's folder, or a folder of them (any depth). One that fails its check is refused with its findings.
    store: where the record is kept; None: in a temporary file that goes when the server stops.
    token, token_file: what clients must send; default: HUASHU_TOKEN, or the file named by HUASHU_TOKEN_FILE.
    tls_*: PEM files; with a client authority clients need a certificate of it.
    trust: run the folders' actions.py and call their servers.
    nlu: who understands, for every bot, as in huashu.runtime.bot.load_bot.
    asr, asr_model, voice, voice_model: engines for calls whose sound comes here; asr None: text only.
    asr_fallback, asr_fallback_model: a second recogniser, for utterances that the first fails on or has no place for.
    asr_at_once: readings of the first recogniser at a time; None: as many as there are callers.
    recordings: folder for both sides of every spoken call, a stereo WAV by its id; None: none are kept.
    comfort_noise: level of the noise on the line while the bot is silent, -80 to -40 dB; None: silence.
    waiting: a WAV for callers who wait for a person or are on hold; None: two soft notes.
    watch: seconds between looks at the folders; a changed bot takes new conversations, those in progress keep theirs.
        SIGHUP does the same at once, with or without it.
    accompany: what takes conversations over, such as the agent desk; None: handoffs are the clients' to answer.
    ready: called once the server takes conversations. say: lines for the operator; default: standard error.

    Raises:
        UsageError: no bot could be served, an address is in use, or open to others without a guard.
        StoreError: the store cannot be opened, or its calls are sealed with another HUASHU_STORE_KEY (code "key").
    """
    say = say or _say
    limits = limits or Limits()
    secret = find_token(_from_file(token_file) if token_file else token)
    tls = _tls(tls_cert, tls_key, tls_client_ca)
    where, where_http = address(grpc), address(http) if http else None
    for bind in filter(None, (where, where_http)):
        check_bind(bind, token=secret, tls=tls)
    async with AsyncExitStack() as stack:
        record = _record(store, stack, say)
        loaded = load_bots(Path(bots), trust=trust, cache=cache, nlu=nlu, say=say)
        hearing = Hearing(asr, asr_model, asr_fallback, asr_fallback_model, asr_at_once) if asr else None
        switchboard = (
            _switchboard(hearing, voice, voice_model, comfort_noise, waiting, recordings, say) if hearing else None
        )

        async def prepare(bot: Bot) -> None:
            if switchboard is not None:
                await switchboard.prepare(bot)

        for bot in loaded.values():
            await prepare(bot)
        load = partial(_load, trust=trust, cache=cache, nlu=nlu, say=say)
        reloader = Reloader(Path(bots), loaded, load, prepare=prepare, say=say)
        desk = _desk(switchboard, limits, stack)
        company = await stack.enter_async_context(accompany(record, loaded)) if accompany is not None else None
        server = GrpcServer(
            loaded,
            where,
            store=record,
            token=secret,
            tls=tls,
            limits=limits,
            voice=switchboard.call if switchboard else None,
            speech=_speech(desk),
            centre=company.centre if company is not None else None,
            desk=DeskService(company.seats, limits) if company is not None and company.seats is not None else None,
        )
        more = company.routes if company is not None else ()
        if more and where_http is None:
            raise UsageError("other systems call back over HTTP: give it a place (--http HOST:PORT)")
        application = app(lambda: server.ready, token=secret, full=lambda: server.full, speech=desk, more=more)
        web = HttpServer(where_http, application, token=secret, tls=tls) if where_http else None
        async with _running(web), _reloading(reloader, watch):
            stop = _stop_signal()
            serving = Serving(await server.start(), web.where if web else None, tuple(sorted(loaded)))
            say(f"huashu: {len(loaded)} bots on {serving.grpc}" + (f", health on {serving.http}" if web else ""))
            if ready is not None:
                ready(serving)
            await stop.wait()
            say(f"huashu: stopping; {server.live} conversations have {limits.drain:g} s to finish")
            await server.drain()
        if switchboard is not None:
            switchboard.close()


def load_bots(
    folder: Path, *, trust: bool = False, cache: Path | None = None, nlu: str | None = None, say: Say | None = None
) -> dict[str, Bot]:
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
            bot = _load(found, trust=trust, cache=cache, nlu=nlu, say=say)
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


def _load(folder: Path, *, trust: bool, cache: Path | None, nlu: str | None, say: Say) -> Bot:
    bot = load_bot(folder, trust=trust or is_stock(folder), cache=cache, nlu=nlu)
    if bot.script.actions and not trust and not is_stock(folder):
        say(f"huashu: {bot.script.name}: its actions are not run; --trust allows them")
    return bot


def _switchboard(
    hearing: "Hearing",
    voice: str | None,
    voice_model: str | None,
    comfort: float | None,
    waiting: Path | None,
    recordings: Path | None,
    say: Say,
) -> "Switchboard | None":
    """Ears and voice for calls; None, with a word to the operator, when the recogniser cannot be had."""
    # only here: text-only servers need neither the sound engines nor their import time
    from huashu.channels.voice_call import Switchboard
    from huashu.models.cache import resolve
    from huashu.tts.registry import SILENT, open_voice_or_silent
    from huashu.voice.line_cache import default_folder

    try:
        recogniser = hearing.open()
    except EngineError as error:
        say(f"huashu: no audio calls: recogniser {hearing.first!r} is not available ({error})")
        return None
    spoken: dict[str, Any] = {"model": resolve(voice_model)} if voice_model else {}
    speaker, why = open_voice_or_silent(voice or "espeak", **spoken)
    if why:
        say(f"huashu: {why}")
    lines = None if speaker.capabilities.name == SILENT else default_folder()
    return Switchboard(recogniser, speaker, comfort=comfort, waiting=waiting, lines=lines, recordings=recordings)


def _desk(switchboard: "Switchboard | None", limits: Limits, stack: AsyncExitStack) -> "SpeechDesk | None":
    """Ears and voice without a bot: the engines that calls use."""
    if switchboard is None:
        return None
    from huashu.channels.speech import SpeechDesk

    desk = SpeechDesk(switchboard.recogniser, switchboard.voice, limits)
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


def _tls(certificate: Path | None, key: Path | None, ca: Path | None) -> Tls | None:
    if certificate is None and key is None and ca is None:
        return None
    if certificate is None or key is None:
        raise UsageError("TLS needs both a certificate and its key")
    return Tls(certificate, key, ca)


def _from_file(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise UsageError(f"token file {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"token file {path}: not text") from None


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
