"""A bot edited while it is served: new conversations get the new version, running ones keep theirs."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from huashu.channels.client import Client
from huashu.channels.grpc_server import GrpcServer
from huashu.channels.reloading import Reloader
from huashu.channels.security import Address
from huashu.core.events import Heard, Started
from huashu.flows.loader import bundle, load
from huashu.runtime.bot import Bot
from tests.channels.kit import FILES, NoKnowledge, Words, said, until_listening, write_bot
from tests.channels.process import ServerProcess

pytestmark = pytest.mark.server

OPEN = Started("", marks="none", variables={"姓名": "老王"})


def bot_of(folder: Path) -> Bot:
    return Bot(load(folder), Words(), NoKnowledge(), None, folder, bundle(folder))


class Canteen:
    """A server whose bots are reloaded from a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.bots = {"canteen": bot_of(write_bot(folder / "canteen"))}
        self.told: list[str] = []
        self.prepared: list[str] = []
        self.reloader = Reloader(folder, self.bots, bot_of, prepare=self._prepare, say=self.told.append)
        self.server = GrpcServer(self.bots, Address("127.0.0.1", 0))
        self.address = ""

    async def _prepare(self, bot: Bot) -> None:
        self.prepared.append(bot.script.name)

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / "canteen" / file
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")

    async def greeting(self) -> str:
        async with Client(self.address) as client:
            return said(await until_listening(await client.converse("canteen", OPEN)))


@pytest.fixture
async def canteen(tmp_path: Path) -> AsyncIterator[Canteen]:
    made = Canteen(tmp_path)
    made.address = str(await made.server.start())
    yield made
    await made.server.drain(0.0)


async def test_running_conversations_keep_the_version_they_began_with(canteen: Canteen) -> None:
    async with Client(canteen.address) as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        canteen.edit("flows/main.yaml", "您好，", "早上好，")
        canteen.edit("flows/main.yaml", "请说要几份", "到底几份")
        assert await canteen.reloader.reload() == 1
        assert canteen.prepared == ["canteen"]
        assert (await canteen.greeting()).startswith("早上好，")
        await talk.send(Heard("嗯……"))
        assert "到底几份" not in said(await until_listening(talk))


async def test_a_broken_edit_is_told_once_and_the_old_version_goes_on(canteen: Canteen) -> None:
    canteen.edit("flows/main.yaml", "end: 完成", "end: 完城")
    assert await canteen.reloader.reload() == 0
    assert "flows/main.yaml:" in canteen.told[0]
    assert "goes on" in canteen.told[0]
    assert await canteen.reloader.reload() == 0
    assert len(canteen.told) == 1
    assert (await canteen.greeting()).startswith("您好，")
    canteen.edit("flows/main.yaml", "end: 完城", "end: 完成")
    canteen.edit("flows/main.yaml", "您好，", "早上好，")
    assert await canteen.reloader.reload() == 1


async def test_bots_may_come_and_go(canteen: Canteen) -> None:
    files = {**FILES, "bot.yaml": FILES["bot.yaml"].replace("bot: canteen", "bot: second")}
    write_bot(canteen.folder / "second", files)
    assert await canteen.reloader.reload() == 1
    assert sorted(canteen.bots) == ["canteen", "second"]
    write_bot(canteen.folder / "third", files)
    assert await canteen.reloader.reload() == 0
    assert "already" in canteen.told[-1]
    (canteen.folder / "second" / "bot.yaml").unlink()
    await canteen.reloader.reload()
    assert "second" in canteen.bots, "whoever talks to it may still come back"


async def test_the_watch_waits_until_an_edit_has_settled(canteen: Canteen) -> None:
    looks = 0

    async def sleep(_: float) -> None:
        nonlocal looks
        looks += 1
        if looks == 2:
            canteen.edit("flows/main.yaml", "您好，", "早上好，")
        if looks == 3:
            canteen.edit("flows/main.yaml", "早上好，", "晚上好啊，")
            assert canteen.told == [], "not while the files still change"
        if looks == 6:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await canteen.reloader.watch(1.0, sleep=sleep)
    assert len(canteen.told) == 1
    assert (await canteen.greeting()).startswith("晚上好啊，")


async def test_sighup_reloads_a_server_of_its_own(tmp_path: Path) -> None:
    folder = write_bot(tmp_path / "bots" / "canteen")
    async with ServerProcess(tmp_path / "bots", cache=tmp_path / "cache") as server:
        address = await server.start()
        flow = folder / "flows" / "main.yaml"
        flow.write_text(flow.read_text("utf-8").replace("您好，", "早上好，"), "utf-8")
        assert "takes new conversations" in await server.reload()
        async with Client(address) as client:
            assert said(await until_listening(await client.converse("canteen", OPEN))).startswith("早上好，")
        server.terminate()
        assert await server.ended() == 0
