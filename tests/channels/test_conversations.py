"""Text conversations over gRPC, held by the reference client against a server in the same loop."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, cast

import grpc
import pytest

from huashu.channels import conversations_pb2 as pb
from huashu.channels import rpc
from huashu.channels.client import Conversation, Refused, Sound, Transcript
from huashu.channels.conversations import ConversationsService
from huashu.channels.limits import Limits
from huashu.core.actions import Disposition, RunAction
from huashu.core.errors import RemoteError
from huashu.core.events import ActionResult, Dtmf, EdgeEvent, Heard, HungUp, SpeechStarted, Started
from huashu.store.log import Store
from tests.channels.kit import WITHIN, Kitchen, Running, everything, make_bot, said, until_listening, until_over

pytestmark = pytest.mark.server

OPEN = Started("", marks="none", variables={"姓名": "老王"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


async def test_a_whole_conversation(tmp_path: Path, store: Store) -> None:
    kitchen = Kitchen()
    async with Running(make_bot(tmp_path / "bot", kitchen), store=store) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        assert said(await until_listening(talk)) == "您好，老王，这里是食堂。您要几份？"
        await talk.send(Heard("来三份"))
        assert said(await until_listening(talk)) == "单号是K1。还要别的吗？"
        await talk.send(Heard("不用了"))
        end = await until_listening(talk)
        assert said(end) == "再见。"
        [outcome] = [item for item in end if isinstance(item, Disposition)]
        assert (outcome.result, outcome.label, outcome.values["份数"]) == ("success", "A", 3)
    assert kitchen.orders == [3]
    assert store.call(talk.call).result == "success"


async def test_an_action_without_backend_is_the_clients(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path)) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        await talk.send(Heard("两份"))
        async with asyncio.timeout(WITHIN):
            while not isinstance(asked := await talk.receive(), RunAction):
                pass
        assert (asked.name, asked.args) == ("place_order", {"份数": 2})
        await talk.send(ActionResult(asked.id, values={"单号": "B7"}))
        assert "单号是B7" in said(await until_listening(talk))


async def test_the_caller_leaves(tmp_path: Path, store: Store) -> None:
    async with Running(make_bot(tmp_path / "bot"), store=store) as server, server.client() as client:
        polite = await client.converse("canteen", OPEN)
        await polite.send(HungUp())
        assert isinstance((await until_over(polite))[-1], Disposition)
        silent = await client.converse("canteen", OPEN)
        await silent.done()
        assert isinstance((await until_over(silent))[-1], Disposition)
    assert [store.call(talk.call).state for talk in (polite, silent)] == ["closed", "closed"]


async def _sends_all_the_while(talk: Conversation) -> None:
    """As a telephone sends sound, only quicker: until the stream takes no more."""
    with suppress(RemoteError):
        while True:
            await talk.send(SpeechStarted())


async def test_who_still_sends_when_the_conversation_ends_hears_its_end(tmp_path: Path) -> None:
    limits = Limits(events_per_second=1e6, events_burst=10**6)
    async with Running(make_bot(tmp_path), limits=limits) as server, server.client() as client:
        for _ in range(40):
            talk = await client.converse("canteen", OPEN)
            sending = asyncio.create_task(_sends_all_the_while(talk))
            await talk.send(HungUp())
            received = await until_over(talk)
            assert isinstance(received[-1], Disposition)
            await asyncio.wait_for(sending, WITHIN)
            with pytest.raises(RemoteError):
                await talk.send(Heard("喂"))
            assert await talk.receive() is None, "over stays over"


async def test_who_still_sends_when_its_stream_is_refused_is_told_why(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path)) as server, server.client() as client:
        live = await client.converse("canteen", OPEN)
        draining = asyncio.create_task(server.server.drain(WITHIN))
        while server.server.ready:
            await asyncio.sleep(0)
        for _ in range(20):
            talk = Conversation(client.stream())
            sending = asyncio.create_task(_sends_all_the_while(talk))
            with pytest.raises(RemoteError, match="the server is stopping") as refused:
                await talk.begin(pb.Start(bot="canteen"))
            assert refused.value.code == "unavailable"
            sending.cancel()
        await live.send(HungUp())
        await until_over(live)
        await draining


# --- what is wrong is said -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("start", "code", "words"),
    [
        (pb.Start(bot="nobody"), "not_found", "start.bot: no bot 'nobody'; served here: canteen"),
        (pb.Start(bot="canteen", variables={"电话": pb.Scalar()}), "invalid_argument", "no variable '电话'"),
        (pb.Start(bot="canteen", variables={"份数": pb.Scalar(text="许多")}), "invalid_argument", "variables[份数]"),
        (pb.Start(bot="canteen", zone="Mars/Base"), "invalid_argument", "Mars/Base"),
        (pb.Start(bot="canteen", caller="1" * 2001), "invalid_argument", "start.caller: 2001 characters; at most 2000"),
        (pb.Start(bot="canteen", audio=pb.AudioFormat()), "invalid_argument", "start.audio: only with"),
        (pb.Start(resume="0" * 16), "not_found", "no such call"),
        (pb.Start(bot="canteen", language="../../x"), "invalid_argument", "does not speak '../../x'; it has: zh-CN"),
    ],
)  # fmt: skip
async def test_a_bad_start_names_the_field(
    tmp_path: Path, store: Store, start: pb.Start, code: str, words: str
) -> None:
    async with Running(make_bot(tmp_path / "bot"), store=store) as server, server.client() as client:
        with pytest.raises(RemoteError) as refused:
            await client.open(start)
    assert refused.value.code == code
    assert words in str(refused.value)


async def test_the_first_message_must_be_start(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path)) as server, server.client() as client:
        talk = await client.open(pb.Start(bot="canteen"))
        talk.abandon()
        stream = client.stream()
        await stream.write(pb.ClientMessage(event=pb.Event(heard=pb.Heard(text="喂"))))
        [last] = [message.over for message in await everything(stream)]
        assert last.code == "invalid_argument"
        assert (await stream.code()).name == "INVALID_ARGUMENT"
        assert await stream.details() == "the first message must be event.start"


async def test_what_is_refused_inside_a_conversation_does_not_end_it(tmp_path: Path) -> None:
    async with Running(make_bot(tmp_path, Kitchen())) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        wrong: list[tuple[EdgeEvent, str, str]] = [
            (Heard("三" * 2001), "limit", "heard.text: 2001 characters; at most 2000"),
            (Heard("三份", confidence=3.0), "usage", "heard.confidence"),
            (Dtmf("66"), "usage", "dtmf.digit"),
            (Started("again"), "usage", "started already"),
        ]
        for event, code, words in wrong:
            await talk.send(event)
            refused = await talk.receive()
            assert isinstance(refused, Refused)
            assert refused.code == code
            assert words in refused.message
        await talk.send_sound(b"\0" * 320)
        assert isinstance(await talk.receive(), Refused)
        await talk.send(Heard("三份"))
        assert "单号是K1" in said(await until_listening(talk))


# --- resuming --------------------------------------------------------------------------------------------------------


async def test_a_broken_stream_is_resumed_where_it_was(tmp_path: Path, store: Store) -> None:
    kitchen = Kitchen()
    async with Running(make_bot(tmp_path / "bot", kitchen), store=store) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        await talk.send(Heard("三份"))
        await until_listening(talk)
        talk.abandon()
        await client.resume(talk)
        again = await until_listening(talk)
        assert not any(isinstance(item, RunAction) for item in again)
        await talk.send(Heard("不用了"))
        assert said(await until_listening(talk)).endswith("再见。")
    assert kitchen.orders == [3]


async def test_a_turn_that_was_not_recorded_is_sent_again(tmp_path: Path, store: Store) -> None:
    kitchen = Kitchen()
    async with Running(make_bot(tmp_path / "bot", kitchen), store=store) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        talk.abandon()
        talk.turns.append(Heard("四份"))  # written into a connection that was already dead
        await client.resume(talk)
        while "单号" not in said(await until_listening(talk)):
            pass
        await talk.send(Heard("不用了"))
        await until_listening(talk)
    assert kitchen.orders == [4]


async def test_the_second_stream_of_a_call_takes_it_over(tmp_path: Path, store: Store) -> None:
    async with Running(make_bot(tmp_path / "bot", Kitchen()), store=store) as server, server.client() as client:
        first = await client.converse("canteen", OPEN)
        await until_listening(first)
        second = await client.open(pb.Start(resume=first.call))
        with pytest.raises(RemoteError, match="resumed by another stream") as lost:
            await first.receive()
        assert lost.value.code == "aborted"
        await second.send(Heard("三份"))
        async with asyncio.timeout(WITHIN):
            while "单号是K1" not in said(await until_listening(second)):
                pass


async def test_of_many_streams_that_resume_at_once_one_holds_the_call(tmp_path: Path, store: Store) -> None:
    async with Running(make_bot(tmp_path / "bot"), store=store) as server, server.client() as client:
        first = await client.converse("canteen", OPEN)
        await until_listening(first)
        first.abandon()

        async def outcome() -> str:
            try:
                again = await client.open(pb.Start(resume=first.call))
                await until_listening(again)
                await asyncio.wait_for(again.receive(), 0.5)
            except RemoteError as error:
                return error.code
            except TimeoutError:
                return "holds"
            return "over"

        assert sorted(await asyncio.gather(*(outcome() for _ in range(8)))) == ["aborted"] * 7 + ["holds"]


class Broken:
    """The server's end of a stream whose client breaks it off while its handler is already being ended."""

    def __init__(self) -> None:
        self.sent: list[pb.ServerMessage] = []
        self.accepted = asyncio.Event()
        self.kept = asyncio.Event()
        """The reading of the stream takes its time to end."""

    async def write(self, message: pb.ServerMessage) -> None:
        self.sent.append(message)
        self.accepted.set()

    async def requests(self, start: pb.Start) -> AsyncIterator[pb.ClientMessage]:
        yield pb.ClientMessage(event=pb.Event(start=start))
        try:
            await asyncio.Event().wait()
        finally:
            await self.kept.wait()


async def test_a_call_is_let_go_even_when_its_ending_is_cancelled(tmp_path: Path, store: Store) -> None:
    bot = make_bot(tmp_path / "bot")
    service = ConversationsService({"canteen": bot}, store=store, limits=Limits())
    start = pb.Start(bot="canteen", variables={"姓名": pb.Scalar(text="老王")})
    first, second = Broken(), Broken()
    try:
        async with asyncio.timeout(WITHIN):
            handler = asyncio.create_task(service.converse(first.requests(start), cast("Any", first)))
            await first.accepted.wait()
            handler.cancel()
            await asyncio.sleep(0)  # now it waits for its reader
            handler.cancel()
            first.kept.set()
            with pytest.raises(asyncio.CancelledError):
                await handler
            resume = pb.Start(resume=first.sent[0].accepted.call)
            handler = asyncio.create_task(service.converse(second.requests(resume), cast("Any", second)))
            await second.accepted.wait()
            assert second.sent[0].accepted.resumed
    finally:
        first.kept.set()
        second.kept.set()
        handler.cancel()


@pytest.mark.parametrize("opened", [False, True])
async def test_bytes_that_are_no_message(tmp_path: Path, store: Store, opened: bool) -> None:
    running = Running(make_bot(tmp_path / "bot"), store=store)
    async with running as server, grpc.aio.insecure_channel(server.address) as channel, asyncio.timeout(WITHIN):
        stream = channel.stream_stream(rpc.CONVERSE.path, None, rpc.CONVERSE.reply.FromString)()  # type: ignore[call-arg]
        if opened:
            start = pb.Start(bot="canteen", variables={"姓名": pb.Scalar(text="老王")})
            await stream.write(pb.ClientMessage(event=pb.Event(start=start)).SerializeToString())
        await stream.write(b"\xff\xff\xff")
        with pytest.raises(grpc.aio.AioRpcError, match="is no huashu") as refused:
            async for _ in stream:
                pass
        assert refused.value.code() is grpc.StatusCode.INVALID_ARGUMENT


async def test_who_missed_the_end_hears_it_after_all(tmp_path: Path, store: Store) -> None:
    async with Running(make_bot(tmp_path / "bot", Kitchen()), store=store) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        await talk.send(Heard("三份"))
        await until_listening(talk)
        had = talk.received
        await talk.send(Heard("不用了"))
        end = await until_over(talk)
        talk.received = had
        talk.seen.difference_update(item.id for item in end if not isinstance(item, (Sound, Transcript, Refused)))
        await client.resume(talk)
        assert await until_over(talk) == end
        await client.resume(talk)
        assert await until_over(talk) == []
        with pytest.raises(RemoteError, match="over") as refused:
            await client.open(pb.Start(resume=talk.call))
        assert refused.value.code == "failed_precondition"
