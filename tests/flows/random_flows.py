"""Random bots as files, from any source of choices: most of them are accepted, some can go round for ever."""

import json
import random
from typing import Any

BOT: dict[str, Any] = {
    "bot": "random",
    "language": "zh-CN",
    "actions": "http://127.0.0.1:9",
    "variables": {
        "期数": {"type": "integer", "unit": "期"},
        "轮": {"type": "integer", "default": 0},
        "身份": {"type": "text", "values": ["甲", "乙"]},
    },
}
WORDS = ("您好。", "请问您现在方便说话吗？", "好的，我给您登记一下，请您稍等片刻。", "嗯。")


class Maker:
    """The same `choices` make the same bot."""

    def __init__(self, choices: random.Random) -> None:
        self._random = choices
        self._own: dict[str, list[str]] = {}

    def files(self) -> dict[str, str]:
        flows = self._random.choice([["主"], ["主", "旁"]])
        self._own = {flow: self._random.choice([["期数"], ["期数", "轮"]]) for flow in flows if self._some(0.3)}
        bot = {**BOT, "defaults": self._defaults(), "start": "主"}
        if self._random.random() < 0.4:
            bot["patterns"] = {"error": {"say": WORDS[0], "handoff": "客服", "failed": {"end": "好了"}}}
        titles = {"titles": {"肯定": "愿意办", "否定": "不想办", "在忙": "现在没空"}}
        files = {"nlu/a.yaml": json.dumps(titles, ensure_ascii=False)} if self._some(0.5) else {}
        files |= {"bot.yaml": json.dumps({**bot, "endings": {"好了": {"say": "再见。"}}}, ensure_ascii=False)}
        for flow in flows:
            names = [f"{flow}{n}" for n in range(self._random.randint(2, 5))]
            others = [other for other in flows if other != flow]
            steps = [{name: self._step(name, names, others)} for name in names]
            made: dict[str, Any] = {"flow": flow, "steps": steps, "anytime": self._anytime(names, others)}
            if flow in self._own:
                made["local"] = self._own[flow]
            files[f"flows/{flow}.yaml"] = json.dumps(made, ensure_ascii=False)
        return files

    def _some(self, share: float) -> bool:
        return self._random.random() < share

    def _word(self) -> Any:
        return self._random.choice(WORDS)

    def _defaults(self) -> dict[str, Any]:
        return {
            "silence": self._silence(),
            "unclear": self._unclear(),
            "human_within": self._random.choice([10, 60]),
        }

    def _leave(self, names: list[str], others: list[str]) -> dict[str, Any]:
        ways: list[dict[str, Any]] = [{"end": "好了"}, {"go": self._random.choice(names)}]
        ways.append({"handoff": "客服", **({"failed": {"end": "好了"}} if self._some(0.6) else {})})
        ways.append({"handoff": "客服", "failed": self._random.choice([{"then": "back"}, {"say": "没人。"}])})
        ways.extend({"link": self._into(other)} for other in others if self._some(0.4))
        return self._random.choice(ways)

    def _into(self, flow: str, *, kept: bool = False) -> str | dict[str, Any]:
        """A flow, by its name or with values for its own variables."""
        if flow not in self._own or self._some(0.3):
            return flow
        made: dict[str, Any] = {"flow": flow}
        if self._some(0.6):
            made["with"] = {"期数": self._random.choice([3, "=轮", "=期数"])}
        if kept and self._some(0.6):
            made["keep"] = {self._random.choice(["期数", "轮"]): "期数"}
        return made

    def _any(self, names: list[str], others: list[str]) -> dict[str, Any]:
        ways = [
            {},
            {},
            {},
            {"say": self._word()},
            {"say": self._word()},
            {"say": self._word(), "then": "stay"},
            {"then": "back"},
        ]
        ways += [{"say": self._word(), **self._leave(names, others)}, self._leave(names, others)]
        if others and self._some(0.3):
            ways.append({"call": self._into(others[0], kept=True)})
        return self._random.choice(ways)

    def _silence(self) -> list[dict[str, Any]]:
        rungs: list[dict[str, Any]] = [
            {"after": self._random.choice([2, 5, 8]), **self._random.choice([{"say": self._word()}, {"then": "back"}])}
            for _ in range(self._random.randint(0, 2))
        ]
        last: list[dict[str, Any]] = [{"end": "好了"}, {"handoff": "客服", "failed": {"end": "好了"}}, {"then": "next"}]
        return [*rungs, {"after": self._random.choice([3, 6]), **self._random.choice(last)}]

    def _unclear(self) -> list[dict[str, Any]]:
        rungs: list[dict[str, Any]] = [
            self._random.choice([{"say": self._word()}, {"say": self._word(), "then": "back"}])
            for _ in range(self._random.randint(0, 2))
        ]
        return [*rungs, self._random.choice([{"end": "好了"}, {"handoff": "客服"}, {"then": "next"}])]

    def _step(self, name: str, names: list[str], others: list[str]) -> dict[str, Any]:
        step: dict[str, Any] = {}
        if self._some(0.4):
            step["say"] = self._word()
            if self._some(0.3):
                step["must_hear"] = {"replays": self._random.randint(0, 2)}
        if self._some(0.35):
            step["times"] = self._random.randint(1, 3)
            if self._some(0.5):
                step["after"] = self._random.choice([{"end": "好了"}, {"go": names[-1]}])
        kind = self._random.choice(["ask", "ask", "collect", "do", "plain"])
        if kind == "ask":
            step["ask"] = [self._word() for _ in range(self._random.randint(1, 2))]
            step["answers"] = {"肯定": self._any(names, others), "否定": self._any(names, others)}
        elif kind == "collect":
            step |= {"collect": "期数", "prompt": self._word(), "one_of": [3, 6]}
            if self._some(0.5):
                step["confirm"] = True
            if self._some(0.3):
                step["ask_before_filling"] = True
            if self._some(0.4):
                step["dtmf"] = {"digits": self._random.choice([0, 1, 2]), "inter_digit": 4}
        elif kind == "do":
            step |= {"do": "act", "timeout": self._random.choice([1, 6, 10]), "failed": self._any(names, others)}
            if self._some(0.5):
                step["late"] = [{"after": self._random.choice([1, 4]), "say": self._word()} for _ in range(2)]
        if kind in ("ask", "collect") and self._some(0.5):
            step["silence"] = self._silence()
            if self._some(0.4):
                step["hold"] = self._random.choice([False, {"times": 1}, {"silence": self._silence(), "times": 2}])
            if self._some(0.3):
                step["skip"] = self._random.choice([True, self._any(names, others)])
            if self._some(0.2):
                step["resume"] = self._random.choice([False, "好的，我们接着说。"])
        if self._some(0.2):
            step["set"] = {"轮": "=轮 + 1"}
        if self._some(0.25):
            step["if"] = [{"when": "轮 >= 2", **self._leave(names, others)}]
        elif self._some(0.3) and name == names[-1]:
            step |= self._leave(names, others)
        return step

    def _anytime(self, names: list[str], others: list[str]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        if self._some(0.6):
            found["在忙"] = {**self._any(names, others), "times": self._random.randint(1, 3)}
            if self._some(0.5):
                found["在忙"]["after"] = self._any(names, others)
        if self._some(0.4):
            found["等一下"] = {"say": self._word(), "then": "stay", "times": 2}
        return found
