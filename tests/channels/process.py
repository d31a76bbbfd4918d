"""A server in a process of its own, to be stopped, killed and started again."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Self

MAIN = """
import asyncio, sys
from pathlib import Path
from huashu.channels.limits import Limits
from huashu.channels.serve import serve
from huashu.channels.server_settings import Doors, Hearing, Loading, Sound
bots, grpc, http, store, cache, asr, drain = sys.argv[1:]
asyncio.run(
    serve(
        bots, doors=Doors(grpc, http or None), loading=Loading(trust=True, cache=Path(cache)),
        sound=Sound(Hearing(asr)) if asr else None, store=store or None, limits=Limits(drain=float(drain), late=3600.0),
    )
)
"""
START_WITHIN = 120.0
"""Seconds, the first start with training on a busy machine included."""


class ServerProcess:
    """`async with` it: when the block is left, whatever happened, no process and no pipe of it is left behind."""

    def __init__(
        self, bots: Path, *, store: Path | None = None, cache: Path, asr: str = "", drain: float = 60.0
    ) -> None:
        self._arguments = (str(bots), str(store or ""), str(cache), asr, str(drain))
        self._environment = {
            **os.environ,
            "CANTEEN_ORDERS": str(cache / "orders.db"),
        }
        self._process: asyncio.subprocess.Process | None = None
        self.orders = cache / "orders.db"
        self.grpc = "127.0.0.1:0"
        self.http = "127.0.0.1:0"
        self.said: list[str] = []
        cache.mkdir(parents=True, exist_ok=True)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process is not None:
            await self.kill()

    async def start(self) -> str:
        """The address; the same one again after a kill."""
        bots, store, cache, asr, drain = self._arguments
        self.said.clear()
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", MAIN, bots, self.grpc, self.http, store, cache, asr, drain),
            env=self._environment,
            stderr=asyncio.subprocess.PIPE,
        )
        assert self._process.stderr is not None
        async with asyncio.timeout(START_WITHIN):
            while line := (await self._process.stderr.readline()).decode():
                self.said.append(line.rstrip())
                if " bots on " in line:
                    address, _, health = line.partition(" bots on ")[2].partition(", health on ")
                    self.grpc, self.http = address.strip(), health.strip()
                    return self.grpc
        raise AssertionError("the server did not start:\n" + "\n".join(self.said))

    async def kill(self) -> None:
        """Only if it still runs. Its pipe is read to the end, else its transport would outlive the event loop."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.kill()
        await self.ended()

    def terminate(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)

    async def reload(self) -> str:
        """What the server says when it has loaded its bots anew."""
        assert self._process is not None
        assert self._process.stderr is not None
        self._process.send_signal(signal.SIGHUP)
        async with asyncio.timeout(START_WITHIN):
            return (await self._process.stderr.readline()).decode()

    async def ended(self) -> int:
        """Exit status."""
        assert self._process is not None
        assert self._process.stderr is not None
        rest = (await self._process.stderr.read()).decode()
        self.said.extend(rest.splitlines())
        return await self._process.wait()

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid
