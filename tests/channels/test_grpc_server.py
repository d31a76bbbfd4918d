"""Health, reflection, the Bots service, and how a server ends."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import grpc
import pytest
from google.protobuf.descriptor_pb2 import FileDescriptorProto
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc

from huashu.channels.client import Client
from huashu.channels.limits import Limits
from huashu.channels.serve import serve
from huashu.channels.server_settings import Doors
from huashu.core.errors import RemoteError, StoreError
from huashu.core.events import Heard, Started
from huashu.store.log import Store
from tests.channels.kit import FILES, WITHIN, Kitchen, Running, make_bot, said, until_listening, until_over, write_bot
from tests.channels.process import ServerProcess

pytestmark = pytest.mark.server

OPEN = Started("", marks="none", variables={"姓名": "老王"})
SERVING = health_pb2.HealthCheckResponse.SERVING
NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


async def health(channel: "grpc.aio.Channel", service: str = "") -> int:
    reply = await health_pb2_grpc.HealthStub(channel).Check(health_pb2.HealthCheckRequest(service=service))
    status: int = reply.status
    return status


async def test_health_answers_without_a_token(tmp_path: Path) -> None:
    running = Running(make_bot(tmp_path), token="correct-horse-battery")
    async with running as server, grpc.aio.insecure_channel(server.address) as channel:
        assert await health(channel) == SERVING
        assert await health(channel, "huashu.v1.Conversations") == SERVING


async def test_reflection_describes_the_services(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path)) as server, grpc.aio.insecure_channel(server.address) as channel:
        ask = reflection_pb2_grpc.ServerReflectionStub(channel).ServerReflectionInfo
        requests = [
            reflection_pb2.ServerReflectionRequest(list_services=""),
            reflection_pb2.ServerReflectionRequest(file_containing_symbol="huashu.v1.Conversations"),
        ]
        replies = [reply async for reply in ask(iter(requests))]
    names = {service.name for service in replies[0].list_services_response.service}
    assert {"huashu.v1.Conversations", "huashu.v1.Bots", "grpc.health.v1.Health"} <= names
    file = FileDescriptorProto.FromString(replies[1].file_descriptor_response.file_descriptor_proto[0])
    assert [method.name for method in file.service[0].method] == ["Converse"]


# --- bots -------------------------------------------------------------------------------------------------------------


async def test_bots_are_listed_and_described(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path)) as server, server.client() as client:
        assert [bot.title for bot in await client.bots()] == ["食堂"]
        bot = await client.describe("canteen")
        assert (bot.language, list(bot.flows)) == ("zh-CN", ["订餐"])
        assert [(item.name, item.type, item.given) for item in bot.variables if item.given] == [("姓名", "text", True)]
        with pytest.raises(RemoteError, match="no bot 'nobody'; served here: canteen") as refused:
            await client.describe("nobody")
        assert refused.value.code == "not_found"


async def test_a_bundle_is_checked(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path)) as server, server.client() as client:
        good = {name: content.encode() for name, content in FILES.items()}
        assert (await client.check(good)).ok
        bad = {
            **good,
            "flows/main.yaml": good["flows/main.yaml"].replace("几份再来, 否定".encode(), "几分, 否定".encode()),
        }
        reply = await client.check(bad)
        assert not reply.ok
        [finding] = [item for item in reply.findings if item.severity == "error"]
        assert (finding.file, finding.line) == ("flows/main.yaml", 12)
        assert "几份" in finding.hint
        assert not (await client.check({})).ok


@pytest.mark.parametrize("path", ["../x.yaml", "/etc/x.yaml", "a/../../x", "", "a\\b", "C:/x", "./x", "a/b/c/d/e/f"])
async def test_paths_stay_inside_the_folder(tmp_path: Path, path: str) -> None:
    async with Running(make_bot(tmp_path)) as server, server.client() as client:
        with pytest.raises(RemoteError, match="no path inside") as refused:
            await client.check({path: b""})
        assert refused.value.code == "invalid_argument"


async def test_too_many_files(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path), limits=Limits(bundle_files=2)) as server, server.client() as client:
        with pytest.raises(RemoteError, match="files: 3; at most 2"):
            await client.check(dict.fromkeys("abc", b""))


@pytest.mark.parametrize("key", [None, "bm90IHRoZSByaWdodCBrZXksIG5vdCBhdCBhbGwuLi4="])
async def test_a_store_of_another_key_is_not_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    path = tmp_path / "calls.db"
    with Store.open(path, key="MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=") as store:
        async with Running(make_bot(tmp_path / "bot"), store=store) as server, server.client() as client:
            await client.converse("canteen", OPEN)
    if key is None:
        monkeypatch.delenv("HUASHU_STORE_KEY", raising=False)
    else:
        monkeypatch.setenv("HUASHU_STORE_KEY", key)
    with pytest.raises(StoreError, match="HUASHU_STORE_KEY"):
        async with asyncio.timeout(30):  # it must refuse, not serve
            await serve(tmp_path / "bot", doors=Doors("127.0.0.1:0"), store=path)


# --- the end ----------------------------------------------------------------------------------------------------------


async def test_a_draining_server_finishes_what_it_has_and_takes_nothing_new(tmp_path: Path, store: Store) -> None:
    running = Running(make_bot(tmp_path / "bot", Kitchen()), store=store)
    async with (
        running as server,
        server.client() as client,
        grpc.aio.insecure_channel(server.address) as channel,
    ):
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        drain = asyncio.create_task(server.server.drain(WITHIN))
        while await health(channel) != NOT_SERVING:
            pass
        assert not server.server.ready
        with pytest.raises(RemoteError, match="stopping") as refused:
            await client.converse("canteen", OPEN)
        assert (refused.value.code, refused.value.retryable) == ("unavailable", True)
        await talk.send(Heard("三份"))
        await until_listening(talk)
        await talk.send(Heard("不用了"))
        assert said(await until_over(talk)) == "再见。"
        await asyncio.wait_for(drain, WITHIN)


async def test_what_the_drain_cuts_goes_on_elsewhere(tmp_path: Path, store: Store) -> None:
    bot = make_bot(tmp_path / "bot", Kitchen())
    async with Running(bot, store=store) as first, first.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        await asyncio.gather(first.server.drain(0.0), _broken(talk))
    async with Running(bot, store=store) as second, second.client() as other:
        await other.resume(talk)
        await talk.send(Heard("三份"))
        while "单号是K1" not in said(await until_listening(talk)):
            pass


async def _broken(talk: object) -> None:
    with pytest.raises(RemoteError, match="resume the call on another"):
        await talk.receive()  # type: ignore[attr-defined]


async def test_sigterm_drains_the_process_and_a_bad_bot_is_left_out(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots" / "canteen")
    write_bot(tmp_path / "bots" / "broken", {"bot.yaml": "bot: broken\nflavour: none\n"})
    async with ServerProcess(tmp_path / "bots", cache=tmp_path / "cache", asr="pocketsphinx") as process:
        async with Client(await process.start()) as client:
            talk = await client.converse("canteen", OPEN)
            await until_listening(talk)
            process.terminate()
            async with grpc.aio.insecure_channel(process.grpc) as channel:
                while await health(channel) != NOT_SERVING:
                    pass
            await talk.send(Heard("三份"))
            await until_listening(talk)
            await talk.send(Heard("不用了"))
            assert said(await until_over(talk)) == "再见。"
        assert await asyncio.wait_for(process.ended(), WITHIN) == 0
        told = "\n".join(process.said)
        assert "broken is not served" in told
        assert "flavour" in told
        assert "1 bots on" in told
        assert (
            told.count("spoken calls will not be heard or answered: the bot speaks zh-CN, the recogniser pocketsphin")
            == 1
        )
