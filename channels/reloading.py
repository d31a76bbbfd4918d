"""New versions of the bots being served, without a restart: calls in progress keep the version they began with."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

from huashu.core.errors import HuashuError
from huashu.flows.loader import bundle
from huashu.runtime.bot import Bot

log = logging.getLogger(__name__)

Say = Callable[[str], None]
Load = Callable[[Path], Bot]
Prepare = Callable[[Bot], Awaitable[None]]

BOT_FILE = "bot.yaml"
SETTLED = 2
"""Looks at a folder that must be the same before it is loaded: an editor or a copy may be half through its files."""


def find_bots(folder: Path) -> list[Path]:
    """Folders of bots at or below `folder`."""
    files = [folder / BOT_FILE] if (folder / BOT_FILE).is_file() else sorted(folder.rglob(BOT_FILE))
    return [file.parent for file in files]


class Reloader:
    """Keeps a server's bots as their folders are."""

    def __init__(self, folder: Path, bots: dict[str, Bot], load: Load, *, prepare: Prepare, say: Say) -> None:
        """
        bots: being served, by name; changed in place. A bot whose folder has gone is still served.
        load: makes a bot of a folder; raises HuashuError when it may not be served.
        prepare: called with a new version before it takes calls.
        """
        self._folder = folder
        self._bots = bots
        self._load = load
        self._prepare = prepare
        self._say = say
        self.renewed = asyncio.Event()
        """Set when a version has been loaded; for whoever waits for it to clear."""
        self._lock = asyncio.Lock()
        self._refused: dict[Path, bytes] = {}
        """What was wrong already, so that it is told once."""

    async def reload(self) -> int:
        """Load what has changed; how many bots are new or newer. One that fails its check keeps its old version."""
        async with self._lock:
            changed = 0
            for folder in await asyncio.to_thread(find_bots, self._folder):
                changed += await self._renew(folder)
            return changed

    async def watch(self, every: float, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        """Look at the folders so often (seconds), for ever, and reload when they have changed and settled."""
        served = seen = await asyncio.to_thread(self._signature)
        same = 0
        while True:
            await sleep(every)
            now = await asyncio.to_thread(self._signature)
            same = same + 1 if now == seen else 1
            seen = now
            if now != served and same >= SETTLED:
                served = now
                await self.reload()

    def _signature(self) -> frozenset[tuple[str, int, int]]:
        """Files with time and size; a file that goes while it is looked at is not there."""
        found = set()
        for folder in find_bots(self._folder):
            for path in folder.rglob("*"):
                if path.suffix in (".yaml", ".yml", ".py"):
                    try:
                        stat = path.stat()
                    except OSError:
                        continue
                    found.add((str(path), stat.st_mtime_ns, stat.st_size))
        return frozenset(found)

    async def _renew(self, folder: Path) -> int:
        old = next((bot for bot in self._bots.values() if bot.folder == folder), None)
        try:
            content = await asyncio.to_thread(bundle, folder)
            if self._refused.get(folder) == content or (old is not None and old.content == content):
                return 0
            self._refused[folder] = content
            bot = await asyncio.to_thread(self._load, folder)
        except (HuashuError, OSError) as error:
            kept = f"; version {old.script.digest[:8]} goes on" if old is not None else ""
            self._say(f"huashu: {folder} is not served as it is now{kept}:\n{error}")
            return 0
        name = bot.script.name
        if name in self._bots and self._bots[name].folder != folder:
            self._say(f"huashu: {folder} is not served: a bot named {name!r} is already")
            return 0
        await self._prepare(bot)
        self._refused.pop(folder, None)
        self._bots[name] = bot
        self.renewed.set()
        self._say(f"huashu: {name}: version {bot.script.digest[:8]} takes new conversations")
        return 1
