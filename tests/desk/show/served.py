"""`huashu serve --desk` as a process of its own, to be killed and started again over the same data."""

import asyncio
import re
import sys
import time
from pathlib import Path

from argon2 import PasswordHasher

from huashu.desk.accounts import Accounts
from huashu.desk.tables import Tables
from tests.desk.kit import PASSWORD

HERE = Path(__file__).resolve().parent
START_WITHIN = 60.0
PEOPLE = (("wang", "Wang Fang", "agent"), ("chen", "Chen Li", "supervisor"))


class Served:
    """Args: folder: gets the record, the recordings and everything else that outlives the process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "calls.db"
        self.recordings = folder / "recordings"
        self.grpc = self.desk = "127.0.0.1:0"
        self.said: list[str] = []
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        return f"http://{self.desk}"

    def people(self) -> None:
        """Who may sign in, as `huashu desk user add` does it, but for the slow hash."""
        tables = Tables.open(self.store)
        accounts = Accounts(tables, PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
        for user, name, role in PEOPLE:
            accounts.add(user, PASSWORD, name=name, role=role, language="en", now=time.time())
        tables.close()

    async def start(self) -> None:
        """At the same addresses again after a kill."""
        options = {
            "--bots": HERE / "bot",
            "--grpc": self.grpc,
            "--store": self.store,
            "--desk": self.desk,
            "--centre": HERE / "centre.yaml",
            "--recordings": self.recordings,
            "--asr-at-once": 1,  # a second process loads its model while they talk, and each time anew
        }
        words = [str(word) for option in options.items() for word in option]
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "huashu.cli", "serve", *words),
            stderr=asyncio.subprocess.PIPE,
            cwd=self.folder,
        )
        self.said.clear()
        found: dict[str, str] = {}
        async with asyncio.timeout(START_WITHIN):
            while "grpc" not in found or "desk" not in found:
                line = await self._line()
                if place := re.search(r"the desk on http://([\d.:]+)/desk/", line):
                    found["desk"] = place[1]
                if place := re.search(r"bots on ([\d.:]+)", line):
                    found["grpc"] = place[1]
        self.grpc, self.desk = found["grpc"], found["desk"]
        self._reading = asyncio.create_task(self._read_on())

    async def _line(self) -> str:
        assert self._process is not None
        assert self._process.stderr is not None
        line = (await self._process.stderr.readline()).decode().rstrip()
        self.said.append(line)
        if not line and self._process.stderr.at_eof():
            raise AssertionError("the server has ended:\n" + "\n".join(self.said))
        return line

    async def _read_on(self) -> None:
        """What it says later must not fill the pipe."""
        try:
            while True:
                await self._line()
        except AssertionError:
            return

    async def kill(self) -> None:
        """SIGKILL: nothing is put away."""
        assert self._process is not None
        self._process.kill()
        await self._gone()

    async def stop(self) -> int:
        """SIGTERM, as an operator stops it; its exit status."""
        assert self._process is not None
        if self._process.returncode is None:
            self._process.terminate()
        return await self._gone()

    async def _gone(self) -> int:
        assert self._process is not None
        status = await self._process.wait()
        if self._reading is not None:
            await self._reading
            self._reading = None
        return status
