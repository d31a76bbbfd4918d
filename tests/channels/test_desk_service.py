"""People of another system attend over gRPC: a real stream, a centre that keeps what it is asked."""

import asyncio
import dataclasses
import typing
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import grpc
import pytest

from huashu.channels import desk_pb2 as pb
from huashu.channels import rpc, wire
from huashu.channels.desk_service import DeskService
from huashu.channels.grpc_server import GrpcServer
from huashu.channels.limits import Limits
from huashu.channels.security import Address
from huashu.core.errors import UsageError
from huashu.handoff import commands, views
from huashu.handoff.exporting import Form
from huashu.handoff.line import Track
from huashu.handoff.plan import Profile
from tests.channels.kit import WITHIN

pytestmark = pytest.mark.server


class Seat:
    """Does whatever it is asked, once, and keeps it."""

    def __init__(self) -> None:
        self.done: list[tuple[str, commands.Command]] = []
        self.gone = 0
        self.role = "agent"
        self.tracks: list[Track] = []

    async def do(self, command: commands.Command, *, id: str = "") -> views.Answer:  # noqa: A002
        self.done.append((id, command))
        return views.Answer(values={"来自": "座席"})

    async def export(self, form: Form, *, private: bool = False) -> str:
        if self.role == "agent":
            raise UsageError("only supervisors export tickets", code="forbidden")
        return f"{form} {private} " + "工单" * 100_000

    def look(self) -> list[views.View]:
        return [views.Queue("客服", "客服", 3, 12.0, None, 5, 1, 0.8, True, 2)]

    def lost(self) -> None:
        self.gone += 1

    def track(self, conversation: str, track: Track) -> int:
        if conversation != "c1":
            raise UsageError("that conversation is text: it has no sound", code="state")
        self.tracks.append(track)
        return 16000

    def untrack(self, conversation: str, track: Track) -> None:
        self.tracks.remove(track)


class Centre:
    def __init__(self) -> None:
        self.seat = Seat()
        self.profiles: list[Profile] = []
        self.tells: list[Callable[[views.View], None]] = []

    def sign_in(self, agent: Profile, tell: Callable[[views.View], None]) -> Seat:
        self.profiles.append(agent)
        self.tells.append(tell)
        self.seat.role = agent.role
        return self.seat


@asynccontextmanager
async def stream(centre: Centre) -> AsyncIterator[Callable[[], Any]]:
    """Opens streams on a server of this centre."""
    server = GrpcServer({}, Address("127.0.0.1", 0), desk=DeskService(centre, Limits(), wall=lambda: 1.8e9))
    where = await server.start()
    async with grpc.aio.insecure_channel(str(where)) as channel:
        method = rpc.ATTEND
        coded = method.request.SerializeToString, method.reply.FromString
        yield partial(channel.stream_stream(method.path, *coded), None)
    await server.drain(0.0)


async def reply(call: Any) -> pb.DeskReply:
    async with asyncio.timeout(WITHIN):
        message = await call.read()
    assert isinstance(message, pb.DeskReply)
    return message


async def signed_in(call: Any, **who: Any) -> None:
    await call.write(pb.DeskRequest(sign_in=pb.SignIn(**{"agent": "a7", "name": "小王", **who})))
    assert (await reply(call)).signed_in == pb.SignedIn(agent="a7", now=1.8e9)
    assert (await reply(call)).view.queue.waiting == 3


async def test_a_person_attends() -> None:
    centre = Centre()
    async with stream(centre) as open_stream:
        call = open_stream()
        await signed_in(call, role="supervisor", skills={"信用卡": 3}, capacity={"text": 4}, queues=["客服"])
        (profile,) = centre.profiles
        assert profile == Profile("a7", "小王", "supervisor", "zh-CN", ("客服",), {"信用卡": 3}, {"text": 4})
        said = views.Said("c1", 4, "caller", 12.5, "你好", heard=1.0)
        centre.tells[0](said)
        assert wire.taken((await reply(call)).view, "view", views.View) == said
        await call.write(pb.DeskRequest(do=pb.Do(id="x1", say=pb.Say(conversation="c1", text="您好"))))
        answered = (await reply(call)).answered
        assert answered.to == "x1"
        assert wire._build(views.Answer, answered.answer) == views.Answer(values={"来自": "座席"})
        await call.done_writing()
        async with asyncio.timeout(WITHIN):
            assert await call.code() is grpc.StatusCode.OK
    assert centre.seat.done == [("x1", commands.Say("c1", "您好"))]
    assert centre.seat.gone == 1


@pytest.mark.parametrize(
    ("first", "words"),
    [
        (pb.DeskRequest(do=pb.Do()), "the first message must be sign_in"),
        (pb.DeskRequest(sign_in=pb.SignIn()), "sign_in.agent"),
        (pb.DeskRequest(sign_in=pb.SignIn(agent="a", role="admin")), "'admin'; expected agent or supervisor"),
        (pb.DeskRequest(sign_in=pb.SignIn(agent="a", capacity={"fax": 1})), "'fax'; expected voice or text"),
        (pb.DeskRequest(sign_in=pb.SignIn(agent="a", skills={"卡": 10})), "levels from 1 to 9"),
    ],
)
async def test_who_signs_in_wrongly_is_told(first: pb.DeskRequest, words: str) -> None:
    async with stream(Centre()) as open_stream:
        call = open_stream()
        await call.write(first)
        async with asyncio.timeout(WITHIN):
            assert await call.code() is grpc.StatusCode.INVALID_ARGUMENT
            assert words in await call.details()


async def test_a_command_that_cannot_be_is_answered_and_the_stream_goes_on() -> None:
    centre = Centre()
    async with stream(centre) as open_stream:
        call = open_stream()
        await signed_in(call)
        await call.write(pb.DeskRequest(do=pb.Do(id="1", set_presence=pb.SetPresence(presence="lunch"))))
        await call.write(pb.DeskRequest(do=pb.Do(id="2")))
        await call.write(pb.DeskRequest(do=pb.Do(id="3", supervise=pb.Supervise(conversation="c1"))))
        answers = [(await reply(call)).answered for _ in range(3)]
        assert [answer.answer.ok for answer in answers] == [False, False, True]
        assert "expected one of available, wrap_up, break, offline" in answers[0].answer.text
        assert [answer.to for answer in answers] == ["1", "2", "3"]
        call.cancel()
    assert centre.seat.done == [("3", commands.Supervise("c1", None))]


async def test_who_connects_anew_takes_the_place_of_the_stream_before() -> None:
    centre = Centre()
    async with stream(centre) as open_stream:
        first, second = open_stream(), open_stream()
        await signed_in(first)
        await signed_in(second)
        async with asyncio.timeout(WITHIN):
            assert await first.code() is grpc.StatusCode.ABORTED
        assert centre.seat.gone == 0
        second.cancel()
        async with asyncio.timeout(WITHIN):
            while not centre.seat.gone:
                await asyncio.sleep(0.01)


async def test_sound_goes_both_ways_and_a_text_conversation_has_none() -> None:
    centre = Centre()
    async with stream(centre) as open_stream:
        call = open_stream()
        await signed_in(call)
        for number in range(4):
            frame = bytes([number]) * 640
            await call.write(pb.DeskRequest(voice=pb.Voice(conversation="c1", number=number, data=frame)))
        async with asyncio.timeout(WITHIN):
            while not centre.seat.tracks:
                await asyncio.sleep(0.01)
        (track,) = centre.seat.tracks
        assert track.name == "a7"
        async with asyncio.timeout(WITHIN):
            while (heard := track.take()) is None:
                await asyncio.sleep(0.01)
        assert heard == bytes(640)
        track.give(b"\1" * 640)
        voice = (await reply(call)).voice
        assert (voice.conversation, voice.rate, voice.data) == ("c1", 16000, b"\1" * 640)
        await call.write(pb.DeskRequest(voice=pb.Voice(conversation="t1", data=bytes(320))))
        answer = (await reply(call)).answered.answer
        assert (answer.code, answer.text) == ("state", "voice: that conversation is text: it has no sound")
        call.cancel()
        async with asyncio.timeout(WITHIN):
            while centre.seat.tracks:
                await asyncio.sleep(0.01)


# --- the wire holds all that there is ---------------------------------------------------------------------------------


@pytest.mark.parametrize("union", [commands.Command, views.View])
def test_every_command_and_view_has_a_message_with_all_its_fields(union: Any) -> None:
    carrier, oneof = (pb.Do, "command") if union is commands.Command else (pb.View, "view")
    members = {
        field.message_type.name for field in carrier.DESCRIPTOR.oneofs_by_name[oneof].fields if field.message_type
    }
    assert members == {cls.__name__ for cls in typing.get_args(union)}
    for cls in typing.get_args(union):
        message = pb.DESCRIPTOR.message_types_by_name[cls.__name__]
        assert {field.name for field in message.fields} == {field.name for field in dataclasses.fields(cls)}


def test_a_whole_conversation_survives_the_wire() -> None:
    whole = views.Conversation(
        "c1", "bridged", "bank", "voice", "inbound", "zh-CN", "信用卡", "anger", "客户很生气",
        "138••••8000", 1.8e9, 1.7e9, agent="a7", step="选期数", steps=(("主.选期数", "选期数"), ("主.完", "完")),
        question="几期？", slots=(views.Slot("期数", "期数", "6期", "said", 0.7),
        views.Slot("手机", "手机", "1**", "given", private=True)),
        promised=("发短信",), refused=("太贵",), mood=((1.5, 0.0), (9.0, 0.7)),
        suggestions=(views.Suggestion("三期免息。", "怎么收费"),),
        form=(views.Field("原因", "原因", "choice", True, ("费用", "服务")),), dispositions=("已解决",), note="急",
        history=("一线",), on_hold=True, with_=("b2",), listening=("s",), joined=("b2",),
    )  # fmt: skip
    offer = views.Offer("o1", whole, 1.8e9)
    assert wire.taken(wire.carried(offer, pb.View()), "view", views.View) == offer


async def exported(call: Any, **wanted: Any) -> tuple[str, views.Answer]:
    """What came of it: the file, and the answer."""
    await call.write(pb.DeskRequest(export_tickets=pb.ExportTickets(id="e1", **wanted)))
    data = b""
    while (message := await reply(call)).WhichOneof("message") == "export_tickets_chunk":
        assert message.export_tickets_chunk.to == "e1"
        data += message.export_tickets_chunk.data
    assert message.answered.to == "e1"
    return data.decode(), wire._build(views.Answer, message.answered.answer)


async def test_a_supervisor_exports_tickets_in_pieces() -> None:
    async with stream(Centre()) as open_stream:
        call = open_stream()
        await signed_in(call, role="supervisor")
        assert await exported(call) == ("csv False " + "工单" * 100_000, views.Answer())
        text, _ = await exported(call, form="json", private=True)
        assert text.startswith("json True ")
        assert (await exported(call, form="xml"))[1].code == "invalid"
        call.cancel()


async def test_who_is_no_supervisor_exports_nothing() -> None:
    async with stream(Centre()) as open_stream:
        call = open_stream()
        await signed_in(call)
        text, answer = await exported(call)
        assert (text, answer.ok, answer.code) == ("", False, "forbidden")
        call.cancel()
