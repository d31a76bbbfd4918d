"""What a caller hears of the centre, arrow by arrow: a real call and a real centre in virtual time, and an ear that
knows every line by its pitch."""

import asyncio
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.core.actions import Action, Handoff, HumanSay, Say
from huashu.core.audio import Audio
from huashu.core.events import EdgeEvent, HumanJoined, HumanLeft, HumanSaid, Medium, PlaybackEnded, Started
from huashu.handoff import commands
from huashu.handoff.attended import Attended
from huashu.handoff.line import Audience
from huashu.handoff.loading import read_plan
from huashu.handoff.plan import Plan, Profile
from huashu.handoff.seat import Seat
from huashu.handoff.service import HandoffService
from huashu.handoff.views import Offer, View
from huashu.runtime.bot import Bot
from huashu.runtime.replay import run
from huashu.store.log import Store
from huashu.tts import engine as tts
from huashu.voice.centre_words import OPENING_WITHIN
from huashu.voice.session import VoiceSession
from huashu.voice.waiting import WaitingSound
from tests.voice.test_conference import HANDOFF, Desk
from tests.voice.voice_fakes import QUIET, RATE, LoudDetector, ToneRecogniser, frames, tone
from tests.voice.voice_line import BOT, WORDS, make_bot

pytestmark = pytest.mark.audio

ENGLISH = """
flow: 主
steps:
- 开场: {say: Hello.}
- 本人:
    ask: Is it you?
    answers: {affirm: {end: done}, 费用: {say: One moment., handoff: 客服, failed: {say: Nobody., then: back}}}
"""
ENGLISH_BOT = """
bot: little
title: little
language: en-US
defaults:
  silence: [{after: 30s, end: done}]
  unclear: [{say: Again?}, {end: done}]
endings:
  done: {say: Bye., label: A, result: success}
"""
CENTRE = "队列默认: {播报间隔: 20s}\n队列: {客服: , 专家: }\n"
CHIME = "♪"
BEGAN = 1.8e9


class Pitches:
    """A voice that says each text at a pitch of its own, a tenth of a second a character."""

    capabilities = tts.Capabilities("pitches", ("zh", "en"), 16000, streaming=True)

    def __init__(self) -> None:
        self.texts: dict[int, str] = {}

    def synthesise(self, utterance: tts.Utterance) -> Iterator[Audio]:
        hertz = next((key for key, text in self.texts.items() if text == utterance.text), 1000 + 100 * len(self.texts))
        self.texts[hertz] = utterance.text
        yield Audio(tone(hertz, 0.1 * len(utterance.text), rate=16000, level=0.2), 16000)


class World:
    """One call at a centre."""

    def __init__(
        self, folder: Path, plan: Plan, *, english: bool = False, medium: Medium = "voice", store: Store | None = None
    ) -> None:
        bot = make_bot(folder, flow=ENGLISH, bot=ENGLISH_BOT) if english else make_bot(folder, flow=HANDOFF, bot=BOT)
        self.bot: Bot = bot
        self.out = b""
        self.log: list[tuple[float, EdgeEvent | Action]] = []
        self.voice = Pitches()
        self.agents: dict[str, int] = {}
        """Name → the pitch of their voice."""
        self.line = Attended(None, bot.script, store)
        self.session = VoiceSession(
            bot,
            ToneRecogniser(WORDS),
            self.voice,
            started=Started("c", medium=medium, wall=BEGAN, marks="sent" if medium == "voice" else "none"),
            store=store,
            detector=LoudDetector(),
            detectors=LoudDetector,
            waiting=WaitingSound(RATE),
            observer=self._see,
            witness=lambda entry: self.line.saw(entry),
        )
        self.service = HandoffService(
            plan, store=store, clock=self.session.now, wall=lambda: BEGAN + self.session.now(), timers=False
        )
        self.line = Attended(self.service, bot.script, store)
        self.line.over(self.session.host, self.session)

    def _see(self, now: float, what: EdgeEvent | Action) -> None:
        self.log.append((now, what))
        if isinstance(what, Action):
            self.line.did(what)

    def agent(self, name: str, *queues: str, pitch: int = 200, number: str = "") -> "Agent":
        self.agents[name] = pitch
        return Agent(self, Profile(name, name, queues=queues, number=number), pitch)

    async def begin(self) -> None:
        """To the wish for a person, and past what the bot says to it."""
        await self.session.start()
        self.line.join()
        while not self.session.listening:
            await self.quiet(0.02)
        await self.quiet(0.4)
        await self.sound(tone(800, 0.5))
        while not any(isinstance(what, Handoff) for _, what in self.log):
            await self.quiet(0.02)
        await self.quiet(3.0)

    async def sound(self, pcm: bytes) -> None:
        for frame in frames(pcm):
            self.out += await self.session.push(frame)
            self.service.wake()
            while any(live.busy for live in self.service.lines.lives.values()):
                for live in list(self.service.lines.lives.values()):
                    await live.settled()

    async def quiet(self, seconds: float) -> None:
        await self.sound(QUIET * round(seconds * 50))

    @property
    def now(self) -> float:
        return self.session.now()

    def heard(self, since: float, until: float | None = None) -> list[str]:
        """What the caller heard, in order: texts, names of agents, the sound of waiting; together: both at once."""
        samples = np.frombuffer(self.out, "<i2")[round(since * RATE) : round((until or self.now) * RATE)]
        found = [self._name(samples[at : at + 160]) for at in range(0, len(samples) - 159, 160)]
        return [name for name, _ in groupby(name for name in found if name)]

    def _name(self, frame: NDArray[np.int16]) -> str:
        if np.abs(frame.astype(int)).max() < 300:
            return ""
        spectrum = np.abs(np.fft.rfft(frame * np.hanning(len(frame))))
        loud = [bin_ for bin_ in range(1, 80) if spectrum[bin_] > 0.35 * spectrum.max()]
        names = {name for name, pitch in self.agents.items() if pitch // 50 in loud}
        names |= {text for pitch, text in self.voice.texts.items() if pitch // 50 in loud}
        return "+".join(sorted(names)) or CHIME

    def of(self, kind: type) -> list[EdgeEvent | Action]:
        return [what for _, what in self.log if isinstance(what, kind)]


class Agent:
    """A person at a desk, with a voice of one pitch that never pauses."""

    def __init__(self, world: World, profile: Profile, pitch: int) -> None:
        self.world, self.name = world, profile.name
        self.seen: list[View] = []
        self.sound = Desk(profile.name, list(frames(tone(pitch, 60.0, level=0.2))))
        self.seat: Seat = world.service.sign_in(profile, self.seen.append)

    async def do(self, command: commands.Command) -> None:
        answer = await self.seat.do(command)
        assert answer.ok, answer
        await self.world.quiet(0.02)

    async def take(self) -> float:
        """Accept, read, join, with sound; when."""
        offer = [view for view in self.seen if isinstance(view, Offer)][-1]
        await self.do(commands.Accept(offer.id))
        at = self.world.now
        await self.seat.do(commands.Acknowledge("c"))
        await self.world.service.lines.lives["c"].settled()
        await asyncio.sleep(0)
        self.seat.track("c", self.sound)
        return at


def plan(text: str = CENTRE) -> Plan:
    return read_plan(text.encode())


WORDS_OF = {
    False: (
        "正在为您转接，请稍候。",
        "正在为您转接，您前面还有两位，请稍候。",
        "抱歉，同事暂时接不了，我先继续为您服务。",
    ),
    True: (
        "You are being transferred, one moment please.",
        "You are being transferred; two before you.",
        "Sorry, no colleague is free; I will go on for now.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("english", [False, True])
def test_a_caller_who_is_passed_on_hears_so_and_where_they_stand_until_the_next_agent(
    tmp_path: Path, english: bool
) -> None:
    waiting, _, _ = WORDS_OF[english]

    async def call() -> World:
        world = World(tmp_path, plan(), english=english)
        first = world.agent("李", "客服", pitch=200)
        await world.begin()
        begun = await first.take()
        await world.quiet(2.0)
        assert world.heard(begun + 0.1) == ["李"]
        passed = world.now
        await first.do(commands.Transfer("c", queue="专家"))
        await world.quiet(12.0)
        assert world.heard(passed + 0.1) == [CHIME, waiting, CHIME]
        again = world.now
        await world.quiet(20.0)
        assert world.heard(again) == [CHIME, waiting, CHIME]
        second = world.agent("王", "专家", pitch=350)
        await world.quiet(0.1)
        joined = await second.take()
        await world.quiet(2.0)
        assert world.heard(joined + 0.1) == ["王"]
        return world

    world = asyncio.run(call())
    said = [what for what in world.of(Say) if isinstance(what, Say) and (what.spoken or what.text) == waiting]
    assert len(said) == 2
    ends = {what.say: what.played for what in world.of(PlaybackEnded) if isinstance(what, PlaybackEnded)}
    assert [ends[say.id] for say in said] == [1.0, 1.0]
    assert {say.language for say in said} == {"en-US" if english else "zh-CN"}
    assert [line.heard for line in world.session.ledger if line.say.id in {say.id for say in said}] == [waiting] * 2


@pytest.mark.parametrize("english", [False, True])
def test_the_next_agent_breaks_off_what_is_being_said(tmp_path: Path, english: bool) -> None:
    waiting, _, _ = WORDS_OF[english]

    async def call() -> World:
        world = World(tmp_path, plan(), english=english)
        first = world.agent("李", "客服", pitch=200)
        await world.begin()
        await first.take()
        await first.do(commands.Transfer("c", queue="专家"))
        while waiting not in world.heard(world.now - 0.2):
            await world.quiet(0.1)
        second = world.agent("王", "专家", pitch=350)
        await world.quiet(0.02)
        joined = await second.take()
        await world.quiet(30.0)
        assert world.heard(joined + 0.1) == ["王"], "neither under their voice nor at the next interval"
        return world

    world = asyncio.run(call())
    broken = [line for line in world.session.ledger if (line.say.spoken or line.say.text) == waiting]
    assert [0 < line.played < 1 for line in broken] == [True]
    assert world.session.host.owner == "human"


@pytest.mark.parametrize("english", [False, True])
def test_nobody_comes_and_the_caller_hears_why_before_the_bot_goes_on(tmp_path: Path, english: bool) -> None:
    _, _, nobody = WORDS_OF[english]

    async def call() -> None:
        world = World(tmp_path, plan(CENTRE.replace("播报间隔: 20s", "播报间隔: 20s, 最长等待: 8s")), english=english)
        first = world.agent("李", "客服", pitch=200)
        await world.begin()
        await first.take()
        passed = world.now
        await first.do(commands.Transfer("c", queue="专家"))
        await world.quiet(7.5)
        assert world.session.host.owner == "human"
        await world.quiet(12.0)
        heard = "".join(name for name in world.heard(passed + 0.1) if name != CHIME)
        question = "All right, let's go on.Is it you?" if english else "好的，我们继续。请问您是本人吗？"
        assert heard.startswith(WORDS_OF[english][0] + nobody + question)
        assert world.session.host.owner == "bot"

    asyncio.run(call())


def test_the_caller_hears_their_place_as_one_says_it(tmp_path: Path) -> None:
    async def call(english: bool) -> None:
        world = World(tmp_path / str(english), plan(), english=english)
        await world.begin()
        await world.session.receive(HumanJoined("李"))
        place = "正在为您转接，您前面还有2位，请稍候。"
        text = "You are being transferred; 2 before you." if english else place
        await world.quiet(0.1)
        since = world.now
        live = world.service.lines.lives["c"]
        world.service.lines._say(live, "place", 2)
        world.service.lines._say(live, "place", 2)
        await world.quiet(9.0)
        heard = "".join(name for name in world.heard(since) if name != CHIME)
        assert heard == WORDS_OF[english][1], "and once"
        assert [what.text for what in world.of(Say) if isinstance(what, Say)][-1] == text

    for english in (False, True):
        asyncio.run(call(english))


def test_of_places_told_while_one_is_being_said_the_newest_is_said_next(tmp_path: Path) -> None:
    async def call() -> None:
        world = World(tmp_path, plan())
        await world.begin()
        await world.session.receive(HumanJoined("李"))
        since = world.now
        for text in ("四位。", "三位。", "两位。", "两位。"):
            await world.session.receive(HumanSaid(text, centre="waiting"))
        await world.quiet(4.0)
        assert [name for name in world.heard(since) if name != CHIME] == ["四位。", "两位。"]
        for text in ("一位。", "没人接。"):
            await world.session.receive(HumanSaid(text, centre="waiting"))
        since = world.now
        await world.session.receive(HumanLeft("本人"))
        await world.quiet(4.0)
        assert [name for name in world.heard(since) if name != CHIME] == ["没人接。", "请问您是本人吗？"]

    asyncio.run(call())


def test_words_of_people_are_never_spoken(tmp_path: Path) -> None:
    """Also without a name: clients that answer handoffs by themselves tell what their people say."""

    async def call() -> None:
        world = World(tmp_path, plan())
        await world.begin()
        before = len(world.of(Say))
        await world.session.receive(HumanSaid("正在接通。", centre="waiting"))  # the bot has the call
        await world.session.receive(HumanJoined())
        since = world.now
        for words in (HumanSaid("您好，请讲。"), HumanSaid("您好，请讲。", "小王"), HumanSaid("好", spoken="好")):
            await world.session.receive(words)
        await world.quiet(6.0)
        assert [name for name in world.heard(since) if name != CHIME] == []
        assert len(world.of(Say)) == before

    asyncio.run(call())


@pytest.mark.parametrize(("heard_by", "spoken"), [("all", False), ("caller", False), ("people", True)])
def test_nothing_is_spoken_over_a_person_who_is_on_the_line(tmp_path: Path, heard_by: Audience, spoken: bool) -> None:
    """A supervisor who has barged in talks with a caller who waits; one who whispers does not."""

    async def call() -> None:
        world = World(tmp_path, plan())
        await world.begin()
        await world.session.receive(HumanJoined("李"))
        world.agents["班长"] = 200
        person = Desk("班长", list(frames(tone(200, 20.0, level=0.2))))
        world.session.bridge(person, hears="all", heard_by=heard_by)
        since = world.now
        await world.session.receive(HumanSaid("请稍候。", centre="waiting"))
        await world.quiet(2.0)
        heard = [name for name in world.heard(since) if name != CHIME]
        assert heard == (["请稍候。"] if spoken else ["班长"])
        if not spoken:
            assert [line.played for line in world.session.ledger if line.say.text == "请稍候。"] == [0.0]

    asyncio.run(call())


def test_a_supervisor_who_barges_in_breaks_it_off(tmp_path: Path) -> None:
    async def call() -> None:
        world = World(tmp_path, plan())
        await world.begin()
        await world.session.receive(HumanJoined("李"))
        await world.session.receive(HumanSaid("正在为您转接请稍候片刻。", centre="waiting"))
        await world.quiet(0.6)
        world.agents["班长"] = 200
        at = world.now
        world.session.bridge(Desk("班长", list(frames(tone(200, 20.0, level=0.2)))), hears="all", heard_by="all")
        await world.quiet(2.0)
        assert world.heard(at + 0.04) == ["班长"]

    asyncio.run(call())


# --- who answers ------------------------------------------------------------------------------------------------------

OPENINGS = {
    "是": ("工号幺零二四为您服务。", "Agent one zero two four is speaking with you."),
    "您好，工号【工号】，客服【姓名】为您服务": (
        "您好，工号幺零二四，客服王芳为您服务", "Agent one zero two four is speaking with you.",
    ),
    "Hello, 【姓名】 here": ("工号幺零二四为您服务。", "Hello, 王芳 here"),
}  # fmt: skip


@pytest.mark.parametrize("english", [False, True])
@pytest.mark.parametrize("template", OPENINGS)
def test_the_caller_hears_who_answers_before_they_hear_them(tmp_path: Path, template: str, english: bool) -> None:
    told = OPENINGS[template][english]
    text = CENTRE + "坐席:\n  wang: {姓名: 王芳, 工号: 1024}\n"
    text = text.replace("20s}", f"20s, 报工号: {template!r}}}" if template != "是" else "20s, 报工号: 是}")

    async def call() -> None:
        world = World(tmp_path, plan(text), english=english)
        world.agents["王芳"] = 200
        agent = Agent(world, Profile("wang", "王芳", queues=("客服",)), 200)
        await world.begin()
        joined = await agent.take()
        await world.quiet(8.0)
        heard = [name for name in world.heard(joined + 0.1) if name != CHIME]
        assert heard == [told, "王芳"], "first who answers, alone, then they themselves"
        spectrum = np.abs(np.fft.rfft(np.frombuffer(agent.sound.heard[: RATE * 2], "<i2")))
        assert spectrum.max() > 0, "the agent hears it, too"
        said = [what for what in world.of(HumanSaid) if isinstance(what, HumanSaid) and what.centre == "opening"]
        assert len(said) == 1
        passed = world.now
        await agent.do(commands.Transfer("c", queue="专家"))
        await world.quiet(8.0)
        second = world.agent("李", "专家", pitch=350)
        await world.quiet(0.1)
        joined = await second.take()
        await world.quiet(9.0)
        assert world.heard(passed)[-1] == "李"
        assert len([what for what in world.of(HumanSaid) if getattr(what, "centre", "") == "opening"]) == 2

    asyncio.run(call())


@pytest.mark.parametrize(
    ("how", "told"), [("hand_over", [CHIME, "工号八为您服务。", "王"]), ("join", [CHIME, "李+王"])]
)
def test_a_colleague_who_was_consulted_is_announced_unless_the_caller_has_heard_them(
    tmp_path: Path, how: Literal["hand_over", "join"], told: list[str]
) -> None:
    async def call() -> None:
        world = World(tmp_path, plan(CENTRE.replace("20s}", "20s, 报工号: 是}")))
        first = world.agent("李", "客服", pitch=200, number="7")
        second = world.agent("王", "专家", pitch=350, number="8")
        await world.begin()
        await first.take()
        await world.quiet(3.0)
        await first.do(commands.Transfer("c", queue="专家", kind="warm"))
        await second.take()
        since = world.now
        await world.quiet(1.0)
        await first.do(commands.Complete("c", how))
        await world.quiet(3.0)
        openings = [what.text for what in world.of(HumanSaid) if isinstance(what, HumanSaid) and what.centre]
        assert openings == ["工号7为您服务。"] + ["工号8为您服务。"] * (how == "hand_over")
        assert world.heard(since) == told

    asyncio.run(call())


def test_without_the_setting_nobody_is_announced(tmp_path: Path) -> None:
    async def call() -> None:
        world = World(tmp_path, plan())
        agent = world.agent("王", "客服", number="1024")
        await world.begin()
        joined = await agent.take()
        await world.quiet(2.0)
        assert world.heard(joined + 0.1) == ["王"]

    asyncio.run(call())


def test_who_answers_is_held_back_for_a_bounded_time(tmp_path: Path) -> None:
    async def call() -> None:
        world = World(tmp_path, plan())
        await world.begin()
        await world.session.receive(HumanJoined("王"))
        await world.session.receive(HumanSaid("工" * 300, centre="opening"))
        world.agents["王"] = 200
        world.session.bridge(Desk("王", list(frames(tone(200, 60.0, level=0.2)))), hears="all", heard_by="all")
        since = world.now
        await world.quiet(OPENING_WITHIN + 3.0)
        assert "王" not in "".join(world.heard(since, since + OPENING_WITHIN - 0.1))
        assert world.heard(since + OPENING_WITHIN + 0.1) == ["王"]

    asyncio.run(call())


def test_a_caller_who_breaks_in_hears_the_agent_at_once(tmp_path: Path) -> None:
    async def call() -> None:
        world = World(tmp_path, plan())
        await world.begin()
        await world.session.receive(HumanJoined("王"))
        await world.session.receive(HumanSaid("工号一零二四很高兴为您服务请问有什么可以帮您。", centre="opening"))
        world.agents["王"] = 200
        world.session.bridge(Desk("王", list(frames(tone(200, 60.0, level=0.2)))), hears="all", heard_by="all")
        await world.quiet(0.5)
        await world.sound(tone(1000, 0.5))
        await world.quiet(1.5)
        assert world.heard(world.now - 0.5) == ["王"]

    asyncio.run(call())


# --- record and text --------------------------------------------------------------------------------------------------


def test_what_was_spoken_is_on_record_and_a_replay_says_the_same(tmp_path: Path) -> None:
    async def call(store: Store) -> World:
        world = World(tmp_path, plan(CENTRE.replace("20s}", "20s, 报工号: 是}")), store=store)
        first = world.agent("李", "客服", pitch=200, number="7")
        await world.begin()
        await first.take()
        await world.quiet(3.0)
        await first.do(commands.Transfer("c", queue="专家"))
        await world.quiet(6.0)
        await world.session.hangup()
        return world

    with Store.open(tmp_path / "calls.db") as store:
        world = asyncio.run(call(store))
        again = [action for turn in run(store.read("c"), world.bot.script) for action in turn.actions]
    said = [(say.id, say.text, say.spoken) for say in again if isinstance(say, Say)]
    assert said == [(say.id, say.text, say.spoken) for say in world.of(Say) if isinstance(say, Say)]
    assert [text for _, text, _ in said][-2:] == ["工号7为您服务。", "正在为您转接，请稍候。"]


def test_a_chat_reads_who_answers_and_where_it_stands(tmp_path: Path) -> None:
    async def call() -> None:
        world = World(tmp_path, plan(CENTRE.replace("20s}", "20s, 报工号: 是}")), medium="text")
        agent = world.agent("王", "客服", number="1024")
        await world.begin()
        offer = [view for view in agent.seen if isinstance(view, Offer)][-1]
        await agent.do(commands.Accept(offer.id))
        await agent.do(commands.Acknowledge("c"))
        await agent.do(commands.Transfer("c", queue="专家"))
        await world.quiet(3.0)
        shown = [(what.text, what.agent) for what in world.of(HumanSay) if isinstance(what, HumanSay)]
        assert shown == [("工号1024为您服务。", ""), ("正在为您转接，请稍候。", "")]

    asyncio.run(call())


def test_on_a_live_line_a_person_has_joined_only_when_the_conversation_knows(tmp_path: Path) -> None:
    """Whoever told of them asks then who has the call; what came before may still be on its way to the record."""

    async def call() -> None:
        bot = make_bot(tmp_path, flow=HANDOFF, bot=BOT)
        session = VoiceSession(
            bot,
            ToneRecogniser(WORDS),
            Pitches(),
            started=Started("c", medium="voice", wall=BEGAN),
            detector=LoudDetector(),
            realtime=True,
        )
        await session.start()
        async with session.host._lock:  # as while an earlier turn is committed
            joined = asyncio.create_task(session.receive(HumanJoined("李")))
            for _ in range(5):
                await asyncio.sleep(0)
            assert not joined.done()
        await joined
        assert session.host.owner == "human"
        session.detach()

    asyncio.run(call())
