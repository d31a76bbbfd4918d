"""A person takes a conversation over while its caller is on a real stream: what the centre sees and may do."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from huashu.channels.client import Conversation
from huashu.channels.voice_call import Switchboard
from huashu.core.actions import Action, Disposition, Handoff, HumanSay, Listen, Say
from huashu.core.errors import UsageError
from huashu.core.events import (
    Event,
    HandoffQueued,
    Heard,
    HumanJoined,
    HumanLeft,
    HumanSaid,
    HungUp,
    Started,
    Understood,
)
from huashu.flows.loader import bundle, load
from huashu.handoff.line import Line
from huashu.handoff.track import SoundTrack
from huashu.runtime.bot import Bot
from huashu.store.log import Store
from tests.channels.kit import FILES, WITHIN, NoKnowledge, Running, Words, said, until_listening, until_over, write_bot
from tests.channels.test_voice_call import LINEAR, Hears, Tone, loud, speech
from tests.channels.test_voice_call import Line as Phone

pytestmark = pytest.mark.server

__all__ = ["speech"]  # a fixture

OPEN = Started("", marks="none", variables={"姓名": "老王"})
FLOW = FILES["flows/main.yaml"].replace(
    "- 几份:", "- 人工:\n    ask: 要人工吗？\n    answers: {肯定: {say: 请稍等。, handoff: 前台}, 否定: 几份}\n- 几份:"
)


class Centre:
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.left: list[tuple[str, bool]] = []
        self.asked: asyncio.Queue[tuple[str, Handoff]] = asyncio.Queue()
        self.seen: list[Event | Action] = []

    def join(self, line: Line) -> None:
        self.lines[line.call] = line
        line.watch(lambda now, what: self.seen.append(what))

    def leave(self, call: str, *, over: bool) -> None:
        self.left.append((call, over))

    def request(self, call: str, handoff: Handoff) -> None:
        self.asked.put_nowait((call, handoff))

    async def wanted(self) -> tuple[Line, Handoff]:
        async with asyncio.timeout(WITHIN):
            call, handoff = await self.asked.get()
        return self.lines[call], handoff


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    folder = write_bot(tmp_path / "bot", {**FILES, "flows/main.yaml": FLOW})
    return Bot(load(folder), Words(), NoKnowledge(), None, folder, bundle(folder))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


async def the(kind: type, talk: Conversation) -> object:
    async with asyncio.timeout(WITHIN):
        while not isinstance(item := await talk.receive(), kind):
            assert item is not None
        return item


@pytest.mark.parametrize("recorded", [True, False])
async def test_bot_then_person_then_bot_again(bot: Bot, store: Store, recorded: bool) -> None:
    centre = Centre()
    async with Running(bot, store=store if recorded else None, centre=centre) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        await talk.send(Heard("好的"))
        line, handoff = await centre.wanted()
        assert (handoff.queue, handoff.reason) == ("前台", "script")
        await line.receive(HandoffQueued(2, 60.0, handoff.id))
        waiting = await the(Say, talk), await the(Handoff, talk), await the(Say, talk)
        assert isinstance(waiting[2], Say)
        assert waiting[2].text == "您现在排在第2位，大约还要等1分钟，请您稍等。"
        await line.receive(HumanJoined("a1", handoff.id))
        await line.receive(HumanSaid("您好，我是小李。", "a1"))
        shown = await the(HumanSay, talk)
        assert isinstance(shown, HumanSay)
        assert (shown.text, shown.agent) == ("您好，我是小李。", "a1")
        await talk.send(Heard("我要退餐"))
        async with asyncio.timeout(WITHIN):
            while Heard("我要退餐") not in centre.seen:
                await asyncio.sleep(0.01)
        assert line.owner == "human"
        assert not [what for what in centre.seen if isinstance(what, Understood) and what.text == "我要退餐"]
        await line.receive(HumanLeft("几份", {"份数": None}))
        assert said(await until_listening(talk)) == "好的，我们继续。您要几份？"
        kinds = [type(what).__name__ for _, what in line.history()]
        order = ["Started", "Handoff", "HandoffQueued", "HumanJoined", "HumanSaid", "HumanSay", "HumanLeft"]
        assert [kind for kind in kinds if kind in order] == order
        await talk.send(HungUp())
        await until_over(talk)
    assert centre.left == [(line.call, True)]


async def test_a_lost_line_is_told_and_a_resumed_one_comes_back(bot: Bot, store: Store) -> None:
    centre = Centre()
    async with Running(bot, store=store, centre=centre) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        await talk.send(Heard("好的"))
        line, handoff = await centre.wanted()
        await line.receive(HumanJoined("a1", handoff.id))
        talk.abandon()
        async with asyncio.timeout(WITHIN):
            while not centre.left:
                await asyncio.sleep(0.01)
        assert centre.left == [(talk.call, False)]
        await client.resume(talk)
        async with asyncio.timeout(WITHIN):
            while centre.lines[talk.call] is line:
                await asyncio.sleep(0.01)
        line = centre.lines[talk.call]
        assert line.owner == "human"
        await line.receive(HumanSaid("还在吗？", "a1"))
        assert isinstance(await the(HumanSay, talk), HumanSay)


async def test_a_handoff_that_nobody_has_answered_is_asked_again_after_a_crash(bot: Bot, store: Store) -> None:
    centre = Centre()
    async with Running(bot, store=store, centre=centre) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        await talk.send(Heard("好的"))
        _, first = await centre.wanted()
        talk.abandon()
        async with asyncio.timeout(WITHIN):
            while not centre.left:
                await asyncio.sleep(0.01)
        await client.resume(talk)
        _, second = await centre.wanted()
        assert second == first


async def test_a_person_and_the_caller_hear_each_other_over_the_stream(bot: Bot, speech: bytes) -> None:
    centre, board = Centre(), Switchboard(Hears("您好", "您好"), Tone())
    async with Running(bot, voice=board.call, centre=centre) as server, server.client() as client:
        opened = Started("", medium="voice", variables={"姓名": "老王"})
        phone = Phone(await client.converse("canteen", opened, audio=LINEAR), mulaw=False)
        await phone.until(Listen)
        (line,) = centre.lines.values()
        assert line.rate == 8000
        await line.receive(HumanJoined("a1"))  # a supervisor may step in
        track = SoundTrack("a1", 8000)
        line.bridge(track, hears="all", heard_by="all")
        phone.say(speech)
        before = len(phone.sound)
        spoken = [speech[at : at + 320] for at in range(0, len(speech) // 320 * 320, 320)]
        heard = bytearray()
        for number, frame in enumerate([*spoken, *[bytes(320)] * 60]):
            track.put(number, frame)
            await asyncio.sleep(0.018)
            while track.waiting:
                heard += await track.get() or b""
        line.unbridge(track)
        await line.receive(HumanLeft("几份"))
        await phone.until(Listen)
        assert loud(phone.sound[before:]) > 0.5 * loud(speech)
        assert loud(bytes(heard)) > 0.5 * loud(speech)
        assert track.lost == 0
        assert HumanSaid("您好", "a1") in centre.seen
        phone.close()
        await phone.talk.send(HungUp())
        await phone.rest()
    board.close()


async def test_a_text_conversation_has_no_sound_to_join(bot: Bot) -> None:
    centre = Centre()
    async with Running(bot, centre=centre) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        (line,) = centre.lines.values()
        assert line.rate is None
        with pytest.raises(UsageError, match="no sound"):
            line.bridge(SoundTrack("a", 8000), hears="all", heard_by="all")
        await talk.send(HungUp())
        await until_over(talk)


async def test_an_onlooker_that_fails_costs_the_caller_nothing(bot: Bot) -> None:
    centre = Centre()
    async with Running(bot, centre=centre) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        (line,) = centre.lines.values()

        def fails(now: float, what: Event | Action) -> None:
            raise ZeroDivisionError

        line.watch(fails)
        await talk.send(Heard("不了"))
        assert said(await until_listening(talk)) == "您要几份？"
        await talk.send(HungUp())
        assert isinstance((await until_over(talk))[-1], Disposition)


async def test_without_a_centre_the_client_answers_the_handoff_itself(bot: Bot) -> None:
    async with Running(bot) as server, server.client() as client:
        talk = await client.converse("canteen", OPEN)
        await until_listening(talk)
        await talk.send(Heard("好的"))
        handoff = await the(Handoff, talk)
        assert isinstance(handoff, Handoff)
        await talk.send(HumanJoined("theirs", handoff.id))
        await talk.send(HumanLeft("几份"))
        assert said(await until_listening(talk)) == "好的，我们继续。您要几份？"
        await talk.send(HungUp())
