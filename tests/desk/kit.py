"""A desk on loopback with a scripted centre, and a page without a screen."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx
import pytest
from argon2 import PasswordHasher
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from huashu.channels.http_server import HttpServer
from huashu.channels.security import Address
from huashu.desk.accounts import Accounts
from huashu.desk.centre import SignIn
from huashu.desk.guard import Origins
from huashu.desk.server import Desk
from huashu.desk.settings import Settings
from huashu.desk.tables import Tables
from tests.desk.scripted import NOW, Centre

PASSWORD = "a-long-enough-secret"
WITHIN = 20.0
GREETING = (("问候", "您好，我是人工坐席。"),)


@dataclass
class Clock:
    now: float = NOW

    def __call__(self) -> float:
        return self.now


@dataclass
class Running:
    desk: Desk
    centre: Centre
    where: Address
    clock: Clock
    tables: Tables

    @property
    def url(self) -> str:
        return f"http://{self.where}"


@asynccontextmanager
async def running(
    folder: Path,
    *,
    centre: Centre | None = None,
    settings: Settings | None = None,
    people: tuple[tuple[str, str], ...] = (("wang", "agent"), ("chen", "supervisor")),
    clock: Clock | None = None,
    language: str = "zh-CN",
    sign_in: SignIn | None = None,
    zone: str = "",
    breaks: tuple[str, ...] = (),
) -> AsyncIterator[Running]:
    """A desk that serves `people` (name, role), all with PASSWORD.

    sign_in: of a real centre, instead of the scripted one.
    """
    clock = clock or Clock()
    tables = Tables.open(folder / "desk.db")
    centre = centre or Centre()
    origins = Origins((settings or Settings()).url, (), tls=False)
    desk = Desk(
        tables,
        sign_in or centre.sign_in,
        origins,
        settings,
        phrases=(("问候", "您好，我是人工坐席。"),),
        zone=zone,
        breaks=breaks,
        wall=clock,
    )
    accounts = Accounts(tables, PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    desk.accounts = accounts
    for name, role in people:
        accounts.add(name, PASSWORD, name=name.title(), role=role, language=language, now=clock.now - 1)
    server = HttpServer(Address("127.0.0.1", 0), desk.app(), connections=2000)
    where = await server.start()
    origins.add(str(where))
    try:
        yield Running(desk, centre, where, clock, tables)
    finally:
        await desk.stop()
        await server.stop()
        tables.close()


@dataclass
class Browser:
    """What a browser keeps of a desk: the cookie and the token."""

    at: Running
    client: httpx.AsyncClient
    csrf: str = ""

    @classmethod
    @asynccontextmanager
    async def opened(cls, at: Running) -> AsyncIterator[Self]:
        headers = {"origin": at.url}
        async with httpx.AsyncClient(base_url=at.url, headers=headers, trust_env=False, timeout=WITHIN) as client:
            yield cls(at, client)

    async def sign_in(self, user: str, password: str = PASSWORD) -> httpx.Response:
        response = await self.client.post("/desk/api/sign-in", json={"user": user, "password": password})
        if response.status_code == 200:
            self.csrf = (await self.client.get("/desk/api/me")).json()["csrf"]
        return response

    async def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        return await self.client.post(path, json=data or {}, headers={"x-csrf-token": self.csrf, **headers})

    @property
    def cookie(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.client.cookies.items())

    def connect(self, path: str, **headers: str) -> Any:
        given = {"cookie": self.cookie, **headers}
        return connect(
            f"ws://{self.at.where}{path}",
            additional_headers=given,
            origin=self.at.url,  # type: ignore[arg-type]
            proxy=None,
            close_timeout=1,
        )


@dataclass
class Page:
    """The page's end of the wire."""

    socket: ClientConnection
    hello: dict[str, Any] = field(default_factory=dict)
    views: list[dict[str, Any]] = field(default_factory=list)
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    other: list[dict[str, Any]] = field(default_factory=list)
    passed: int = 0

    @classmethod
    @asynccontextmanager
    async def opened(cls, browser: Browser, query: str = "") -> AsyncIterator[Self]:
        async with browser.connect(f"/desk/ws{query}") as socket:
            page = cls(socket)
            page.hello = await page._next()
            yield page

    async def _next(self) -> dict[str, Any]:
        text = await asyncio.wait_for(self.socket.recv(), WITHIN)
        data: dict[str, Any] = json.loads(text)
        return data

    async def until(self, view: str, **wanted: Any) -> dict[str, Any]:
        """The next view like that; those before it are passed over."""
        while True:
            while self.passed < len(self.views):
                found = self.views[self.passed]
                self.passed += 1
                if found["view"] == view and all(found.get(name) == value for name, value in wanted.items()):
                    return found
            await self._read()

    async def upto(self, seq: int) -> None:
        """Read until message number `seq`."""
        while not self.views or self.views[-1]["seq"] < seq:
            await self._read()

    async def say(self, data: dict[str, Any]) -> None:
        await self.socket.send(json.dumps(data))

    async def do(self, command: str, name: str, **fields: Any) -> dict[str, Any]:
        await self.say({"type": "do", "id": name, "command": command, **fields})
        return await self.answer(name)

    async def answer(self, name: str) -> dict[str, Any]:
        while name not in self.answers:
            await self._read()
        return self.answers.pop(name)

    async def told(self, kind: str) -> dict[str, Any]:
        while True:
            for data in self.other:
                if data["type"] == kind:
                    self.other.remove(data)
                    return data
            await self._read()

    async def closed(self) -> int:
        """Read until the desk closes the line; with which code."""
        with pytest.raises(ConnectionClosed) as end:
            await self._forever()
        assert end.value.rcvd is not None
        return end.value.rcvd.code

    async def _forever(self) -> None:
        while True:
            await self._read()

    async def _read(self) -> None:
        data = await self._next()
        if "view" in data:
            self.views.append(data)
        elif data["type"] == "answer":
            self.answers[data["to"]] = data
        else:
            self.other.append(data)


class Network:
    """A bad line between a browser and the desk: slow, with stalls as lost packets make them, and to be cut."""

    def __init__(self, to: Running, *, delay: float = 0.0, loss: float = 0.0) -> None:
        """delay: seconds one way. loss: of packets, 0 to 1; TCP sends again after a stall of 0.3 s."""
        self._to = to
        self._delay = delay
        self._loss = loss
        self._random = random.Random(7)
        self._tasks: set[asyncio.Task[None]] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None
        self.down = False
        self.url = ""

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._taken, "127.0.0.1", 0)
        where = f"127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        self._to.desk.origins.add(where)
        self.url = f"http://{where}"
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._server is not None
        self._server.close()
        self.cut()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def cut(self) -> None:
        """Every connection ends at once, and none comes up until `mend`."""
        self.down = True
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        self.down = False

    async def _taken(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self.down:
            writer.transport.abort()
            return
        theirs, ours = await asyncio.open_connection(self._to.where.host, self._to.where.port)
        self._writers |= {writer, ours}
        for source, sink in ((reader, ours), (theirs, writer)):
            task = asyncio.create_task(self._carry(source, sink))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        queue: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        loop = asyncio.get_running_loop()

        async def deliver() -> None:
            while True:
                at, data = await queue.get()
                await asyncio.sleep(at - loop.time())
                sink.write(data)
                if not data:
                    sink.close()
                    return

        delivering = asyncio.create_task(deliver())
        due = 0.0
        try:
            while True:
                data = await source.read(1400)
                stall = 0.3 if self._random.random() < self._loss else 0.0
                due = max(due, loop.time() + self._delay + stall)
                queue.put_nowait((due, data))
                if not data:
                    await delivering
                    return
        except OSError:
            pass
        finally:
            delivering.cancel()
            self._writers.discard(sink)
