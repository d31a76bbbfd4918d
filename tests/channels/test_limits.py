"""Every bound of the edge holds, says so, and loses nothing."""

import asyncio
import dataclasses
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import grpc
import pytest

from huashu.channels import conversations_pb2 as pb
from huashu.channels.client import Conversation, Refused
from huashu.channels.limits import Limits, Pace, check_event
from huashu.channels.stream import OVER, Ending, Outbox, supervise
from huashu.core.errors import LimitError, RemoteError, UsageError
from huashu.core.events import ActionResult, Alternative, Dtmf, EdgeEvent, Heard, HumanLeft, PlaybackMark, Started
from huashu.store.log import Store
from tests.channels.kit import WITHIN, Kitchen, Running, everything, make_bot, said, until_listening

pytestmark = pytest.mark.server

OPEN = Started("", marks="none", variables={"姓名": "老王"})


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


@pytest.mark.parametrize(
    ("event", "field"),
    [
        (Heard("x" * 2001), "heard.text"),
        (Heard("x", alternatives=(Alternative("y", 0.5),) * 11), "heard.alternatives"),
        (Heard("x", alternatives=(Alternative("y" * 2001, 0.5),)), "heard.alternatives.text"),
        (Heard("x", confidence=-0.1), "heard.confidence"),
        (Heard("x", confidence=float("nan")), "heard.confidence"),
        (Dtmf(""), "dtmf.digit"),
        (Dtmf("E"), "dtmf.digit"),
        (PlaybackMark("1.0", 1.5), "playback.played"),
        (Started("", variables={f"v{n}": n for n in range(101)}), "start.variables"),
        (Started("", variables={"v": "x" * 2001}), r"start.variables\[v\]"),
        (Started("", callee="1" * 2001), "start.callee"),
        (ActionResult("1.0", values={"v" * 2001: 1}), "action_result.values key"),
        (ActionResult("1.0", error="x" * 2001), "action_result.error"),
        (HumanLeft(values={"v": "x" * 2001}), r"human_left.values\[v\]"),
    ],
)
def test_an_event_out_of_bounds_names_its_field(event: EdgeEvent, field: str) -> None:
    with pytest.raises(UsageError, match=field):
        check_event(event, Limits())


def test_events_within_bounds_pass() -> None:
    for event in (Heard("x" * 2000), Dtmf("#"), ActionResult("1.0", values={"金额": Decimal("1.5"), "名": None})):
        check_event(event, Limits())


def test_pace_slows_a_flood_and_lets_bursts_through() -> None:
    pace = Pace(10.0, 5)
    assert [pace.wait(0.0) for _ in range(5)] == [0.0] * 5
    assert [round(pace.wait(0.0), 3) for _ in range(3)] == [0.1, 0.2, 0.3]
    assert pace.wait(100.0) == 0.0  # rested: the whole burst again, not more
    assert [pace.wait(100.0) for _ in range(4)] == [0.0] * 4
    assert pace.wait(100.0) > 0


async def test_a_client_that_does_not_read_is_let_go() -> None:
    outbox = Outbox(3)
    for _ in range(5):
        outbox.put(pb.ServerMessage())
    assert outbox.ending == Ending(grpc.StatusCode.RESOURCE_EXHAUSTED, "3 messages wait to be read; resume the call")
    written: list[pb.ServerMessage] = []

    async def write(message: pb.ServerMessage) -> None:
        written.append(message)

    assert await outbox.write_to(write) is outbox.ending


async def test_an_ok_ending_comes_after_every_message() -> None:
    outbox = Outbox(10)
    for n in range(4):
        outbox.put(pb.ServerMessage(error=pb.Error(code=str(n))))
    outbox.end(OVER)
    outbox.end(Ending(grpc.StatusCode.ABORTED))
    outbox.put(pb.ServerMessage())
    written: list[str] = []

    async def write(message: pb.ServerMessage) -> None:
        written.append(message.error.code)

    assert await outbox.write_to(write) is OVER
    assert written == ["0", "1", "2", "3"]


async def test_a_fault_in_a_conversation_ends_its_stream() -> None:
    outbox = Outbox(3)

    async def faulty() -> None:
        raise KeyError("张伟")

    async def fine() -> None:
        return None

    await supervise(asyncio.create_task(fine()), outbox, "reader")
    assert outbox.ending is None
    await asyncio.gather(supervise(asyncio.create_task(faulty()), outbox, "sound"), return_exceptions=True)
    await asyncio.sleep(0)
    assert outbox.ending is not None
    assert outbox.ending.code is grpc.StatusCode.INTERNAL
    assert "sound" in outbox.ending.details


async def test_too_many_conversations_are_told_when_to_come_back(tmp_path: Path) -> None:
    limits = Limits(conversations=1, retry_after=7.0)
    async with Running(make_bot(tmp_path), limits=limits) as server, server.client() as client:
        first = await client.converse("canteen", OPEN)
        stream = client.stream()
        [last] = [message.over for message in await everything(stream)]
        assert (last.code, last.retry_after) == ("resource_exhausted", 7.0)
        assert "try again in 7 s" in last.message
        assert (await stream.code()) is grpc.StatusCode.RESOURCE_EXHAUSTED
        assert "try again in 7 s" in await stream.details()
        trailers = dict(list(await stream.trailing_metadata()))
        assert trailers["grpc-retry-pushback-ms"] == "7000"
        first.abandon()
        async with asyncio.timeout(WITHIN):
            while server.server.live:
                await asyncio.sleep(0)
        await until_listening(await client.converse("canteen", OPEN))


async def test_no_start_in_time(tmp_path: Path) -> None:
    limits = Limits(start_within=0.01)
    async with Running(make_bot(tmp_path), limits=limits) as server, server.client() as client:
        stream = client.stream()
        [last] = [message.over for message in await everything(stream)]
        assert (last.code, last.message) == ("deadline_exceeded", "no start within 0.01 s")
        assert (await stream.code()) is grpc.StatusCode.DEADLINE_EXCEEDED
        assert await stream.details() == "no start within 0.01 s"


async def test_an_idle_stream_ends_and_its_conversation_does_not(tmp_path: Path, store: Store) -> None:
    bot = make_bot(tmp_path / "bot", Kitchen())
    limits = Limits(idle=0.05)
    async with Running(bot, store=store, limits=limits) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        with pytest.raises(RemoteError, match="resume the call") as ended:
            await _read_on(talk)
        assert ended.value.code == "deadline_exceeded"
        await client.resume(talk)
        await talk.send(Heard("三份"))
        while "单号是K1" not in said(await until_listening(talk)):
            pass


async def test_a_large_message_is_refused_and_the_conversation_goes_on(tmp_path: Path) -> None:
    limits = Limits(stream_message_bytes=1000)
    async with Running(make_bot(tmp_path, Kitchen()), limits=limits) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        await talk.send_sound(b"\0" * 2000)
        refused = await talk.receive()
        assert isinstance(refused, Refused)
        assert refused.code == LimitError.code
        await talk.send(Heard("三份"))
        assert "单号是K1" in said(await until_listening(talk))


async def test_a_message_beyond_the_servers_size_ends_the_stream(tmp_path: Path, store: Store) -> None:
    limits = Limits(message_bytes=10_000)
    bot = make_bot(tmp_path / "bot", Kitchen())
    async with Running(bot, store=store, limits=limits) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        await talk.send_sound(b"\0" * 20_000)
        with pytest.raises(RemoteError) as ended:
            await _read_on(talk)
        assert ended.value.code == "resource_exhausted"
        await client.resume(talk)
        await talk.send(Heard("三份"))
        while "单号是K1" not in said(await until_listening(talk)):
            pass


async def test_a_flood_of_events_is_slowed_and_nothing_is_dropped(tmp_path: Path, store: Store) -> None:
    limits = dataclasses.replace(Limits(), events_per_second=2000.0, events_burst=1)
    bot = make_bot(tmp_path / "bot", Kitchen())
    async with Running(bot, store=store, limits=limits) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        for n in range(60):
            await talk.send(Heard(f"嗯{n}", final=False))
        await talk.send(Heard("三份"))
        await until_listening(talk)
        heard = [entry.event.text for entry in store.read(talk.call) if isinstance(entry.event, Heard)]
    assert heard == [f"嗯{n}" for n in range(60)] + ["三份"]


async def _read_on(talk: Conversation) -> None:
    async with asyncio.timeout(WITHIN):
        while await talk.receive() is not None:
            pass


async def test_frames_that_wait_travel_together_and_in_order() -> None:
    outbox = Outbox(100)
    for n in range(12):
        outbox.put_sound(bytes([n]))
    outbox.put(pb.ServerMessage(error=pb.Error(code="between")))
    outbox.put_sound(b"z")
    outbox.end(OVER)
    written: list[bytes | str] = []

    async def write(message: pb.ServerMessage) -> None:
        written.append(message.error.code or message.audio.data)

    assert await outbox.write_to(write) is OVER
    assert written == [bytes(range(10)), bytes([10, 11]), "between", b"z"]


async def test_pieces_of_sparse_sound_that_do_not_meet_stay_apart() -> None:
    outbox = Outbox(100)
    for at in (0, 160, 480):
        outbox.put_sound(bytes(160), at, 160)
    outbox.put(pb.ServerMessage(action=pb.Action()))
    outbox.end(OVER)
    written: list[pb.ServerMessage] = []

    async def write(message: pb.ServerMessage) -> None:
        written.append(message)

    await outbox.write_to(write)
    assert [(one.audio.at, len(one.audio.data)) for one in written[:2]] == [(0, 320), (480, 160)]


async def test_sound_nobody_reads_is_bounded_by_its_frames() -> None:
    outbox = Outbox(3)
    for _ in range(4):
        outbox.put_sound(b"x")
    assert outbox.ending is not None
    assert outbox.ending.code is grpc.StatusCode.RESOURCE_EXHAUSTED
