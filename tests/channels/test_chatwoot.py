"""Chatwoot as the human side, against a server that follows its documents: what goes over, what comes back."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from huashu.channels import conversations_pb2 as pb
from huashu.channels.chatwoot import Chatwoot, Settings, briefing
from huashu.core.actions import HumanSay
from huashu.core.errors import UsageError
from huashu.core.events import Heard, Started
from huashu.flows.loader import bundle, load
from huashu.handoff import commands, views
from huashu.handoff.exporting import Form
from huashu.handoff.line import Track
from huashu.handoff.links import Links
from huashu.handoff.plan import Plan, Profile
from huashu.handoff.service import HandoffService
from huashu.runtime.bot import Bot
from huashu.store.log import Store
from tests.channels.kit import FILES, WITHIN, NoKnowledge, Running, Words, said, until_listening, write_bot
from tests.channels.test_attended import FLOW

pytestmark = pytest.mark.server

SECRET = "s" * 20
SETTINGS = Settings("https://chat.example.com", 7, "inbox-1", "token-1", SECRET, queues=("客服",), disposition="已解决")
WHOLE = views.Conversation(
    "c1", "offered", "bank", "text", "inbound", "zh-CN", "客服", "anger", "客户很生气", "张*", 1.8e9, 1.7e9,
    question="几期？",
    slots=(views.Slot("期数", "期数", "6期", "said", 0.7),), promised=("发短信",), refused=("太贵",),
)  # fmt: skip
OFFER = views.Offer("o1", WHOLE, 1.9e9)


class Seat:
    def __init__(self) -> None:
        self.done: list[tuple[str, commands.Command]] = []
        self.refuses: set[type] = set()
        self.on_accept: list[views.View] = []
        self.tell: Callable[[views.View], None] = lambda view: None

    async def do(self, command: commands.Command, *, id: str = "") -> views.Answer:  # noqa: A002
        self.done.append((id, command))
        if isinstance(command, commands.Accept):
            for view in self.on_accept:
                self.tell(view)
        return views.Answer(type(command) not in self.refuses, text="不行")

    async def export(self, form: Form, *, private: bool = False) -> str:
        raise UsageError("an inbox exports nothing")

    def look(self) -> list[views.View]:
        return []

    def lost(self) -> None:
        self.done.append(("", commands.SetPresence("offline")))

    def track(self, conversation: str, track: Track) -> int:
        raise UsageError("no sound")

    def untrack(self, conversation: str, track: Track) -> None: ...


class Centre:
    def __init__(self) -> None:
        self.seat = Seat()
        self.profile: Profile | None = None

    def sign_in(self, agent: Profile, tell: Callable[[views.View], None]) -> Seat:
        self.profile, self.seat.tell = agent, tell
        return self.seat


class Server:
    """A Chatwoot: what was asked of it, and how it is to fail."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any], str]] = []
        self.failures: list[int] = []
        self.down = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if self.down:
            raise httpx.ConnectError("refused")
        if self.failures:
            return httpx.Response(self.failures.pop(0))
        path = request.url.path
        self.asked.append((path, json.loads(request.content), request.headers.get("api_access_token", "")))
        if path.endswith("/contacts"):
            return httpx.Response(200, json={"source_id": "src-9", "id": 4})
        if path.endswith("/conversations"):
            return httpx.Response(200, json={"id": 42, "inbox_id": 1})
        return httpx.Response(200, json={"id": 1})

    @property
    def notes(self) -> list[str]:
        return [body["content"] for _, body, _ in self.asked if body.get("private")]

    @property
    def incoming(self) -> list[tuple[str, str]]:
        return [(body["content"], body["echo_id"]) for _, body, _ in self.asked if "echo_id" in body]

    @property
    def statuses(self) -> list[str]:
        return [body["status"] for _, body, _ in self.asked if "status" in body]


@asynccontextmanager
async def running(
    server: Server, centre: Any, settings: Settings = SETTINGS, links: Links | None = None
) -> AsyncIterator[tuple[Chatwoot, httpx.AsyncClient]]:
    async def no_pause(seconds: float) -> None:
        await asyncio.sleep(0)

    chatwoot = Chatwoot(settings, centre, links=links, transport=httpx.MockTransport(server), pause=no_pause)
    task = asyncio.create_task(chatwoot.run())
    inward = httpx.ASGITransport(Starlette(routes=[chatwoot.route]))
    try:
        async with httpx.AsyncClient(transport=inward, base_url="http://huashu") as client:
            yield chatwoot, client
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN):
        while not condition():
            await asyncio.sleep(0.005)


def accepted(centre: Centre) -> bool:
    return any(isinstance(command, commands.Acknowledge) for _, command in centre.seat.done)


def caller(n: int, text: str, **parts: Any) -> views.Said:
    return views.Said("c1", n, "caller", float(n), text, **parts)


async def test_a_conversation_goes_over_with_its_briefing_and_its_past_in_one_note() -> None:
    server, centre = Server(), Centre()
    centre.seat.on_accept = [
        views.Said("c1", 0, "bot", 0.0, "您好"),
        caller(1, "我要投诉"),
        views.Said("c2", 5, "bot", 1.0, "别的"),
    ]
    async with running(server, centre):
        assert centre.profile == Profile("chatwoot", "Chatwoot", queues=("客服",), capacity={"text": 50, "voice": 0})
        centre.seat.tell(OFFER)
        await until(lambda: accepted(centre))
        centre.seat.tell(caller(2, "在吗", final=False))
        centre.seat.tell(caller(2, "在吗"))
        centre.seat.tell(caller(2, "在吗", heard=1.0))
        await until(lambda: server.incoming)
    assert [type(command).__name__ for _, command in centre.seat.done] == [
        "SetPresence",
        "Accept",
        "Acknowledge",
        "SetPresence",
    ]
    paths = [path for path, _, _ in server.asked]
    assert paths[:2] == [
        "/public/api/v1/inboxes/inbox-1/contacts",
        "/public/api/v1/inboxes/inbox-1/contacts/src-9/conversations",
    ]
    assert server.notes[0] == "客户很生气\n期数：6期\n机器人问到：几期？\n已答应：发短信\n客户拒绝过：太贵"
    assert server.notes[1] == "🤖 您好\n👤 我要投诉"
    assert server.incoming == [("在吗", "c1/2")]
    assert server.statuses == ["open"]
    assert {token for path, _, token in server.asked if path.startswith("/api/v1/accounts/7/")} == {"token-1"}
    assert {token for path, _, token in server.asked if path.startswith("/public/")} == {""}


async def test_what_the_agent_says_there_is_said_here_once() -> None:
    server, centre = Server(), Centre()
    async with running(server, centre) as (_, client):
        centre.seat.tell(OFFER)
        await until(lambda: accepted(centre))
        said = {
            "event": "message_created",
            "id": 99,
            "content": "您好，我来处理",
            "message_type": "outgoing",
            "conversation": {"id": 42},
        }
        for event in (said, said, {**said, "id": 100, "private": True}, {**said, "id": 101, "message_type": "incoming"},
                      {**said, "id": 102, "conversation": {"id": 43}}, {"event": "contact_created"}):  # fmt: skip
            assert (await client.post(f"/chatwoot/{SECRET}", json=event)).status_code == 200
    spoken = [(id_, command) for id_, command in centre.seat.done if isinstance(command, commands.Say)]
    assert set(spoken) == {("chatwoot/message/99", commands.Say("c1", "您好，我来处理"))}


@pytest.mark.parametrize(
    ("resolved", "command"),
    [("close", commands.Close("c1", "已解决")), ("give_back", commands.GiveBack("c1", "选期数"))],
)
async def test_resolved_there_is_over_or_the_bots_here(resolved: Any, command: commands.Command) -> None:
    server, centre = Server(), Centre()
    settings = Settings(
        "https://chat.example.com", 7, "i", "t", SECRET, resolved=resolved, disposition="已解决", step="选期数"
    )
    async with running(server, centre, settings) as (_, client):
        centre.seat.tell(OFFER)
        await until(lambda: accepted(centre))
        event = {"event": "conversation_status_changed", "id": 42, "status": "resolved"}
        await client.post(f"/chatwoot/{SECRET}", json=event)
        centre.seat.tell(views.Gone("conversation", "c1"))
        await until(lambda: "resolved" in server.statuses)
        await client.post(f"/chatwoot/{SECRET}", json=event)  # our own change comes back
    assert [one for _, one in centre.seat.done if isinstance(one, type(command))] == [command]


async def test_a_caller_who_leaves_is_told_to_the_agent_there() -> None:
    server, centre = Server(), Centre()
    async with running(server, centre):
        centre.seat.tell(OFFER)
        await until(lambda: accepted(centre))
        centre.seat.tell(views.Gone("conversation", "c1"))
        await until(lambda: "resolved" in server.statuses)
    assert "the conversation is over" in server.notes[-1]


async def test_with_the_real_centre_a_chat_goes_to_chatwoot_and_back_to_the_bot(tmp_path: Path) -> None:
    folder = write_bot(tmp_path / "bot", {**FILES, "flows/main.yaml": FLOW})
    bot = Bot(load(folder), Words(), NoKnowledge(), None, folder, bundle(folder))
    server = Server()
    told: list[views.View] = []
    settings = replace(SETTINGS, queues=("前台",), resolved="give_back", step="几份")
    with Store.open(tmp_path / "calls.db") as store:
        centre = HandoffService(Plan(), store=store)
        centre.board.onlooker("test", told.append)
        async with (
            Running(bot, store=store, centre=centre) as running_server,
            running_server.client() as client,
            running(server, centre, settings) as (_, inward),
        ):
            talk = await client.converse("canteen", Started("", marks="none", variables={"姓名": "老王"}))
            await until_listening(talk)
            await talk.send(Heard("好的"))
            await until(
                lambda: server.statuses and any(case.state == "bridged" for case in centre.centre.cases.values())
            )
            assert "👤 好的" in server.notes[1]
            await until(lambda: any(isinstance(view, views.Conversation) and view.agent == "chatwoot" for view in told))
            await talk.send(Heard("我要退餐"))
            await until(lambda: "我要退餐" in [text for text, _ in server.incoming])
            said_there = {"event": "message_created", "id": 5, "content": "马上退", "message_type": "outgoing"}
            await inward.post(f"/chatwoot/{SECRET}", json={**said_there, "conversation": {"id": 42}})
            async with asyncio.timeout(WITHIN):
                while not isinstance(shown := await talk.receive(), HumanSay):
                    assert shown is not None
            assert shown.text == "马上退"
            done = {"event": "conversation_status_changed", "id": 42, "status": "resolved"}
            await inward.post(f"/chatwoot/{SECRET}", json=done)
            assert "您要几份？" in said(await until_listening(talk))
    assert server.statuses == ["open", "resolved"]


# --- what goes wrong --------------------------------------------------------------------------------------------------


async def test_after_a_restart_caller_and_agent_go_on_in_the_same_conversation_there(tmp_path: Path) -> None:
    folder = write_bot(tmp_path / "bot", {**FILES, "flows/main.yaml": FLOW})
    bot = Bot(load(folder), Words(), NoKnowledge(), None, folder, bundle(folder))
    server = Server()
    settings = replace(SETTINGS, queues=("前台",))
    reply = {"event": "message_created", "message_type": "outgoing", "conversation": {"id": 42}}

    def bridged(centre: HandoffService) -> bool:
        return any(case.state == "bridged" for case in centre.centre.cases.values())

    with Store.open(tmp_path / "calls.db") as store:
        centre = HandoffService(Plan(), store=store)
        async with (
            Running(bot, store=store, centre=centre) as before,
            before.client() as client,
            running(server, centre, settings, Links(centre)) as (_, inward),
        ):
            talk = await client.converse("canteen", Started("", marks="none", variables={"姓名": "老王"}))
            await until_listening(talk)
            await talk.send(Heard("好的"))
            await until(lambda: server.statuses and bridged(centre))
            await inward.post(f"/chatwoot/{SECRET}", json={**reply, "id": 5, "content": "您好"})
            await talk.send(Heard("我要退餐"))
            await until(lambda: "我要退餐" in [text for text, _ in server.incoming])
            call = talk.call
        made = len(server.asked)
        centre = HandoffService(Plan(), store=store)
        async with (
            Running(bot, store=store, centre=centre) as after,
            after.client() as client,
            running(server, centre, settings, Links(centre)) as (_, inward),
        ):
            talk = await client.open(pb.Start(bot="canteen", resume=call))
            await until(lambda: len(server.asked) > made)
            await talk.send(Heard("还在吗"))
            await until(lambda: "还在吗" in [text for text, _ in server.incoming])
            await inward.post(f"/chatwoot/{SECRET}", json={**reply, "id": 6, "content": "在的"})
            async with asyncio.timeout(WITHIN):
                while not (isinstance(shown := await talk.receive(), HumanSay) and shown.text == "在的"):
                    assert shown is not None
    assert [path for path, _, _ in server.asked[made:] if path.endswith("/conversations")] == [], "none is made anew"
    texts = [text for text, _ in server.incoming]
    assert texts == ["我要退餐", "我要退餐", "还在吗"], "what nobody had answered yet comes twice, and nothing is lost"


async def test_a_picture_from_there_is_told_not_to_have_arrived() -> None:
    server, centre = Server(), Centre()
    async with running(server, centre) as (_, inward):
        centre.seat.tell(OFFER)
        await until(lambda: accepted(centre))
        picture = {"event": "message_created", "id": 8, "content": None, "message_type": "outgoing"}
        there = {**picture, "attachments": [{"file_type": "image"}], "conversation": {"id": 42}}
        assert (await inward.post(f"/chatwoot/{SECRET}", json=there)).status_code == 200
        await until(lambda: any("没有送到" in note for note in server.notes))


async def test_a_chatwoot_that_cannot_be_reached_declines_and_the_caller_goes_on_waiting_for_others() -> None:
    server, centre = Server(), Centre()
    server.down = True
    async with running(server, centre):
        centre.seat.tell(OFFER)
        await until(lambda: any(isinstance(command, commands.Decline) for _, command in centre.seat.done))
        server.down = False
        centre.seat.tell(OFFER)
        await until(lambda: accepted(centre))


async def test_load_and_limits_are_tried_again_and_a_refusal_is_not() -> None:
    server, centre = Server(), Centre()
    server.failures = [503, 429, 502]
    async with running(server, centre):
        centre.seat.tell(OFFER)
        await until(lambda: accepted(centre))
    server, centre = Server(), Centre()
    server.failures = [401]
    async with running(server, centre):
        centre.seat.tell(OFFER)
        await until(lambda: any(isinstance(command, commands.Decline) for _, command in centre.seat.done))
    assert server.asked == []


async def test_an_offer_that_another_took_meanwhile_is_ended_there() -> None:
    server, centre = Server(), Centre()
    centre.seat.refuses = {commands.Accept}
    async with running(server, centre):
        centre.seat.tell(OFFER)
        await until(lambda: "resolved" in server.statuses)
    assert not accepted(centre)


async def test_what_cannot_be_said_here_is_told_there() -> None:
    server, centre = Server(), Centre()
    centre.seat.refuses = {commands.Say}
    async with running(server, centre) as (_, client):
        centre.seat.tell(OFFER)
        await until(lambda: accepted(centre))
        said = {
            "event": "message_created",
            "id": 9,
            "content": "喂",
            "message_type": "outgoing",
            "conversation": {"id": 42},
        }
        await client.post(f"/chatwoot/{SECRET}", json=said)
    assert "not delivered: 不行" in server.notes[-1]


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [("/chatwoot/wrong", b"{}", 404), (f"/chatwoot/{SECRET}", b"{", 400), (f"/chatwoot/{SECRET}", b"[]", 200)],
)
async def test_who_may_call_and_with_what(path: str, body: bytes, status: int) -> None:
    async with running(Server(), Centre()) as (_, client):
        assert (await client.post(path, content=body)).status_code == status


@pytest.mark.parametrize(
    ("change", "word"), [({"url": "chat"}, "chatwoot.url"), ({"secret": "short"}, "16 characters")]
)
def test_settings_that_cannot_work_are_named(change: dict[str, Any], word: str) -> None:
    settings = Settings(**{"url": "https://c", "account": 1, "inbox": "i", "token": "t", "secret": SECRET, **change})
    with pytest.raises(UsageError, match=word):
        Chatwoot(settings, Centre())


def test_secrets_are_not_shown() -> None:
    assert "token-1" not in repr(SETTINGS)
    assert SECRET not in repr(SETTINGS)


def test_an_english_bots_briefing_is_english() -> None:
    asked = views.Conversation(
        "c1", "offered", "b", "text", "inbound", "en-US", "q", "requested", "Asked for a person", "", 0.0, 0.0,
        question="How many?",
    )  # fmt: skip
    assert briefing(asked) == "Asked for a person\nThe bot was asking: How many?"
