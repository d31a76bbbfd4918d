"""Random bots with everything a script may say and ask: languages, experiments, clarifying, more knowledge,
several variables that can be put right; and callers who make use of it. What random_flows.py leaves out.
"""

import json
import random
from typing import Any

from huashu.core.events import (
    Beep,
    Entity,
    FaqHit,
    Heard,
    IntentScore,
    MachineDetected,
    SpeechStarted,
    SpeechStopped,
    Understood,
)
from huashu.flows.limits import CALLER_TURN
from huashu.flows.script import Script
from tests.flows.adversary import MOODS as PLAIN_MOODS
from tests.flows.adversary import Adversary
from tests.flows.random_flows import Maker

MOODS = (*PLAIN_MOODS, "correcting", "foreign", "asking", "hasty")
LONG = (
    "先跟您说一下办理的步骤，第一步核对您的姓名和手机号。第二步选一个您方便的时间，"
    "我们会安排同事上门。第三步由同事当面确认，整个过程不收任何费用，您随时可以取消。"
)
LONGER = "这件事要分几种情况来说，每一种都不太一样。" * 15
"""An answer that is read in pieces."""
ENGLISH = (
    "Hello there.",
    "Could you tell me, please, whether this is a good moment to talk for a minute or two?",
    "Sure.",
)
QUESTIONS = ("手续费怎么收", "账单日是哪天", "能不能提前还")


class Richer(Maker):
    """The same `choices` make the same bot."""

    def __init__(self, choices: random.Random) -> None:
        super().__init__(choices)
        self._tongues = self._some(0.5)
        self._arms = self._some(0.4)

    def files(self) -> dict[str, str]:
        files = super().files()
        bot = json.loads(files["bot.yaml"])
        bot["variables"] = {
            **bot["variables"],
            "份数": {"type": "integer", "default": 1} if self._some(0.3) else "integer",
        }
        bot["defaults"] |= {
            "switch_language": self._random.choice(["ask", "auto", "off"]),
            "clarify": self._random.choice([False, {"margin": 0.3, "below": 0.9}]),
            "breath": self._random.choice([0, 10, 45]),
            "long_answer": self._random.choice([0, 30, 120]),
            "hold": self._random.choice([False, {"silence": self._silence(), "times": self._random.randint(1, 3)}]),
            "barge_in": self._random.choice(["off", "speech", "words>=2"]),
        }
        if self._some(0.3):
            wait = {"within": self._random.choice([3, 20, 90]), "quiet": self._random.choice([1, 3])}
            seconds = {name: f"{value}s" for name, value in wait.items()}
            message = {"after_beep": seconds, "say": "请您方便的时候给我们回个电话。"}
            bot["patterns"] = {**bot.get("patterns", {}), "machine": message}
        if self._tongues:
            bot["languages"] = ["en-US"]
            files["lines/en-US.yaml"] = json.dumps(self._lines(files), ensure_ascii=False)
        if self._arms:
            bot["experiments"] = {"试": {"A": 1, "B": 1}}
        files["knowledge/b.yaml"] = json.dumps(self._knowledge(), ensure_ascii=False)
        if "collect" in files.get("flows/旁.yaml", "") and self._some(0.4):
            rated: dict[str, Any] = {"flow": "旁", "collect": "期数", "kind": "nps", "human_only": self._some(0.5)}
            bot["satisfaction"] = rated
        files["bot.yaml"] = json.dumps(bot, ensure_ascii=False)
        return files

    def _lines(self, files: dict[str, str]) -> dict[str, Any]:
        """A translation of each question, and of some other lines."""
        found: dict[str, Any] = {}
        for name, text in files.items():
            for step in json.loads(text).get("steps", ()) if name.startswith("flows/") else ():
                for step_name, parts in step.items():
                    made = {part: self._random.choice(ENGLISH) for part in ("say", "ask", "prompt") if part in parts}
                    if made:
                        found[f"{json.loads(text)['flow']}.{step_name}"] = made
        return found

    def _knowledge(self) -> dict[str, Any]:
        items: list[dict[str, Any]] = [
            {"question": q, "answer": self._random.choice((LONG, LONGER, "不收。"))} for q in QUESTIONS
        ]
        items[0]["follow_ups"] = [{"question": "那分十二期呢", "answer": LONG}]
        items[1]["voice"] = "五号。"
        return {"base": "常见", "items": items}

    def _any(self, names: list[str], others: list[str]) -> dict[str, Any]:
        made = super()._any(names, others)
        if self._tongues and self._some(0.1):
            made = {**made, "language": self._random.choice(["zh-CN", "en-US"])}
        return made

    def _step(self, name: str, names: list[str], others: list[str]) -> dict[str, Any]:
        step = super()._step(name, names, others)
        if "collect" in step and self._some(0.5):
            step["collect"] = "份数"
        if "collect" in step and self._some(0.2):
            step["valid"] = {"when": f"{step['collect']} > 2", "otherwise": self._word()}
        if "say" in step and self._arms and self._some(0.3):
            step["say"] = [{"text": "这是第二组。", "when": 'arm.试 == "B"'}, {"text": "您好。"}]
        if self._arms and "if" not in step and self._some(0.15):
            step["if"] = [{"when": 'arm.试 == "B"', **self._leave(names, others)}]
        if self._tongues and self._some(0.1):
            step["language"] = self._random.choice(["zh-CN", "en-US"])
        return step

    def _anytime(self, names: list[str], others: list[str]) -> dict[str, Any]:
        found = super()._anytime(names, others)
        if self._some(0.5):
            then = self._random.choice([{"then": "back"}, {"then": "stay"}, {"then": "next"}])
            found["知识"] = {"knowledge": "常见", **then, "times": self._random.randint(1, 3)}
        if self._some(0.3):
            found["转人工"] = {"handoff": "客服", "failed": self._random.choice([{"then": "back"}, {"end": "好了"}])}
        return found


class Wilder(Adversary):
    """Puts values right, asks, changes the language, speaks before the question is out."""

    def __init__(self, script: Script, seed: int, mood: str) -> None:
        self._items = [(base.name, item.id) for base in script.knowledge.values() for item in base.items]
        self._slots = [step.question.slot for flow in script.flows.values() for step in flow.steps if step.question]
        super().__init__(script, seed, mood)

    def _step(self) -> None:
        """Where a message may be left, a machine may answer at any time, speak, beep, or do nothing at all."""
        if self._playing or self._script.patterns.after_beep is None or self._random.random() > 0.05:
            super()._step()
            return
        match self._random.choice(("answers", "speaks", "beeps")):
            case "answers":
                self._wait()
                self._send(MachineDetected(self._random.choice(("voicemail", "voicemail", "ivr"))))
            case "speaks":
                self._voice(self._random.choice([0.3, CALLER_TURN]))
                self._send(Heard(""))
            case _:
                self._send(Beep())

    def _meaning(self, mood: str) -> Understood:
        choose = self._random.choice
        if mood == "correcting":
            slot = choose([slot for slot in self._slots if slot] or ["期数"])
            entity = Entity("integer", choose([3, 6]), "三", 0, 1, slot, choose([0.3, 1.0]))
            return Understood("不三", choose([(), (IntentScore("否定", 0.9),)]), (entity,))
        if mood == "asking" and self._items:
            base, item = choose(self._items)
            return Understood("怎么收", (), (), (FaqHit(base, item, 0.95),))
        if mood == "foreign":
            asked = choose(["说英语", "说中文", "speak_english", "", ""])
            scores = (IntentScore(asked, 0.9),) if asked else ()
            return Understood(choose(["Could you speak English please", "您说中文吧"]), scores)
        return super()._meaning("answering" if mood in ("asking", "hasty") else mood)

    def _interrupt(self) -> None:
        """A hasty caller begins before the question is out, and answers what was asked before."""
        if self._mood != "hasty" or self._random.random() < 0.5:
            super()._interrupt()
            return
        self._send(SpeechStarted())
        self._send(SpeechStopped())
        meaning = self._meaning("answering")
        self._send(Heard(meaning.text))
        if not self._over and not self._engine.closed:
            self._send(meaning)
            self._held = self._engine.holding
