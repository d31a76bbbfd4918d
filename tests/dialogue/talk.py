"""A hand to drive the engine with in tests: a script as YAML text, events by short names, the clock in plain sight."""

import pathlib
import tempfile
from typing import Any

from huashu.core.actions import Action, Listen, Say
from huashu.core.events import (
    Answered,
    Entity,
    Event,
    FaqHit,
    Heard,
    IntentScore,
    PlaybackEnded,
    Started,
    Understood,
)
from huashu.core.values import Scalar
from huashu.dialogue.engine import Conversation
from huashu.flows.loader import load
from huashu.flows.script import Script

HEAD = """
bot: test-bot
title: 测试
language: zh-CN
actions: http://127.0.0.1:9
variables:
  期数: {type: integer, unit: 期}
  金额: {type: money, given: true, example: 1200}
  日期: {type: date}
  身份: {type: text}
  结果: {type: text}
"""


def script(flow: str, *, bot: str = HEAD, **files: str) -> Script:
    """Compile a bot made of one flow; `files`: further files by name, "/" written "__", without .yaml."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        texts = {"bot": bot, "flows__main": flow, **files}
        for key, text in texts.items():
            path = folder / (key.replace("__", "/") + ".yaml")
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return load(folder)


class Talk:
    """One conversation. `voice=True`: each Say has to be `heard()` before silence runs."""

    def __init__(self, compiled: Script, *, voice: bool = False, answer: bool = True, **variables: Scalar) -> None:
        self.engine = Conversation(compiled)
        self.now = 0.0
        self.log: list[tuple[float, Event]] = []
        self.actions: list[Action] = []
        medium: Any = "voice" if voice else "text"
        marks: Any = "sent" if voice else "none"
        self.do(Started("c", medium=medium, marks=marks, wall=1_700_000_000.0, variables=variables))
        if answer:
            self.do(Answered())

    def do(self, event: Event, *, after: float = 0.0) -> list[Action]:
        self.now += after
        self.log.append((self.now, event))
        self.actions = self.engine.receive(event, now=self.now)
        return self.actions

    def intent(
        self, name: str, confidence: float = 0.95, *, text: str = "说了一句话", after: float = 0.0
    ) -> list[Action]:
        return self.means(Understood(text, (IntentScore(name, confidence),)), after=after)

    def value(self, slot: str, value: Scalar, *, text: str = "值", whole: str | None = None, confidence: float = 1.0,
              intents: tuple[IntentScore, ...] = ()) -> list[Action]:  # fmt: skip
        kind = self.engine._script.variables[slot].type
        entity = Entity(kind, value, text, 0, len(text), slot, confidence)
        return self.means(Understood(whole or text, intents, (entity,)))

    def faq(self, base: str, item: str, confidence: float = 0.9) -> list[Action]:
        return self.means(Understood("问一下", faq=(FaqHit(base, item, confidence),)))

    def mumble(self) -> list[Action]:
        return self.means(Understood("呜里哇啦"))

    def means(self, understood: Understood, *, after: float = 0.0) -> list[Action]:
        first = self.do(Heard(understood.text), after=after)
        return first + self.do(understood)

    def heard(self, share: float = 1.0, *, after: float = 2.0) -> list[Action]:
        """Everything being said is over, so many seconds later, with so much of it played."""
        self.now += after
        done: list[Action] = []
        for identity in list(self.engine._call.mouth.outstanding):  # type: ignore[union-attr]
            done += self.do(PlaybackEnded(identity, share))
        return done

    def silence(self, seconds: float) -> list[tuple[float, list[Action]]]:
        """Nothing happens for so long, but the clock: (instant, actions) of every tick that did something."""
        end = self.now + seconds
        ticks = []
        while self.engine.deadline is not None and self.engine.deadline <= end and not self.engine.closed:
            self.now = max(self.now, self.engine.deadline)
            actions = self.engine.tick(now=self.now)
            if actions:
                ticks.append((self.now, actions))
                self.actions = actions
        self.now = end
        return ticks


def said(actions: list[Action]) -> list[str]:
    return [action.text for action in actions if isinstance(action, Say)]


def kinds(actions: list[Action]) -> list[str]:
    return [type(action).__name__ for action in actions]


def listening(actions: list[Action]) -> bool:
    return bool(actions) and isinstance(actions[-1], Listen)
