"""A telephone line for tests: a little bot, the real engine and host, and a session at the end of the line."""

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import numpy as np

from huashu.core.actions import Action, Say
from huashu.core.events import (
    Direction,
    EdgeEvent,
    Entity,
    FaqHit,
    Heard,
    IntentScore,
    Started,
    Understood,
)
from huashu.core.expect import Expectation
from huashu.flows.loader import load
from huashu.nlu.engine import Capabilities
from huashu.nlu.text import is_backchannel
from huashu.runtime.bot import Bot
from huashu.values import registry
from huashu.voice.session import VoiceSession
from tests.voice.voice_fakes import (
    QUIET,
    RATE,
    BuzzVoice,
    LoudDetector,
    ToneRecogniser,
    frames,
    silence,
)

WORDS = {400: "是的", 600: "嗯", 800: "我想问一下手续费", 1000: "六期", 1200: "不是", 1400: "13812", 1600: "345678"}
BOT = """
bot: little
title: 小
language: zh-CN
variables:
  期数: {type: integer, unit: 期}
  电话: {type: phone}
defaults:
  silence: [{after: 4s, say: 您还在吗？}, {after: 3s, end: 无应答}]
  unclear: [{say: 请再说一遍？}, {say: 没听清。}, {end: 无应答}]
endings:
  无应答: {say: 再见。, label: F, result: no_input}
  好了: {say: 谢谢您再见。, label: A, result: success}
"""
FLOW = """
flow: 主
steps:
- 开场:
    say: 您好，这里是银行的智能客服，先说一段很长的话。
- 本人:
    ask: 请问您是本人吗？
    answers: {肯定: {go: 选期数}, 否定: {end: 无应答}, 费用: {say: 手续费很低。, then: back}}
- 选期数:
    collect: 期数
    prompt: 想分几期？
    one_of: {values: [3, 6, 12], unit: 期}
    dtmf: {digits: 1, keys: {6: 6}}
- 结束: {end: 好了}
"""
NLU = """
intents:
  费用: [手续费多少, 我想问一下手续费]
"""


class Rules:
    """Understanding by table: what the words mean is not what is tested here."""

    capabilities = Capabilities("rules", ("zh", "en"))

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        intents = {"是的": "肯定", "嗯": "肯定", "不是": "否定", "我想问一下手续费": "费用"}
        name = intents.get(heard.text)
        entities = []
        if expect.type is not None and expect.slot is not None:
            for match in registry.parse(expect.type, heard.text, language=expect.language, at=at, unit=expect.unit)[:1]:
                entities.append(
                    Entity(expect.type, match.value, match.text, match.start, match.end, expect.slot, match.confidence)
                )
        return Understood(
            heard.text,
            (IntentScore(name, 0.95),) if name else (),
            tuple(entities),
            backchannel=is_backchannel(heard.text),
        )


class NoAnswers:
    def search(self, text: str, bases: Iterable[str], *, on: date | None = None) -> tuple[FaqHit, ...]:
        return ()

    candidates = search


def make_bot(folder: Path, *, flow: str = FLOW, bot: str = BOT) -> Bot:
    for name, text in (("bot.yaml", bot), ("flows/主.yaml", flow), ("nlu/a.yaml", NLU)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Bot(load(folder), Rules(), NoAnswers(), folder=folder)


class Line:
    """A telephone line with a session at its end; keeps what happened and when."""

    def __init__(self, bot: Bot, **options: object) -> None:
        direction: Direction = "outbound" if options.pop("outbound", False) else "inbound"
        self.log: list[tuple[float, EdgeEvent | Action]] = []
        self.out = b""
        self.recogniser = ToneRecogniser(WORDS)
        self.session = VoiceSession(
            bot,
            self.recogniser,
            BuzzVoice(),
            started=Started("call-1", direction, "voice", wall=1.8e9),
            observer=lambda now, what: self.log.append((now, what)),
            **{"detector": LoudDetector(), **options},  # type: ignore[arg-type]
        )

    async def say(self, pcm: bytes) -> None:
        for frame in frames(pcm):
            self.out += await self.session.push(frame)

    async def quiet(self, seconds: float) -> None:
        await self.say(silence(seconds))

    async def until(self, kind: type, *, within: float = 30.0, text: str = "") -> float:
        """Silence until the next event or action of a kind (a Say beginning with `text`); the second it came."""
        start = len(self.log)
        for _ in range(round(within * 50)):
            for at, what in self.log[start:]:
                if isinstance(what, kind) and (not text or (isinstance(what, Say) and what.text.startswith(text))):
                    return at
            start = len(self.log)
            self.out += await self.session.push(QUIET)
        raise AssertionError(f"no {kind.__name__} within {within} s; last: {self.log[-3:]}")

    def of(self, kind: type) -> list[tuple[float, EdgeEvent | Action]]:
        return [(at, what) for at, what in self.log if isinstance(what, kind)]

    def loud(self, start: float, end: float) -> bool:
        samples = np.frombuffer(self.out, "<i2")[round(start * RATE) : round(end * RATE)]
        return bool(np.abs(samples).max() > 327)  # -40 dBFS

    async def reach_question(self) -> float:
        """Through the opening to the end of the first question; when it ended."""
        await self.session.start()
        while not self.session.listening:
            self.out += await self.session.push(QUIET)
        return self.session.now()


def kinds(log: Iterable[tuple[float, EdgeEvent | Action]]) -> list[str]:
    return [type(what).__name__ for _, what in log]
