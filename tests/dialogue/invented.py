"""Small random bots that the checker accepts: flows nobody would write, which must work all the same."""

from random import Random

from huashu.core.errors import ScriptError
from huashu.flows.script import Script
from tests.dialogue.talk import HEAD, script

NAMES = ("一", "二", "三", "四", "五")
SLOTS = ("期数", "日期", "金额", "身份")
INTENTS = ("肯定", "否定", "在忙", "没兴趣", "谢谢")
ENDINGS = "endings: {好: {say: 再见。, result: success}, 坏: {result: declined}, 拒: {say: 好的。, result: opt_out}}\n"


class Inventor:
    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.flows = ("主", "旁", "边")[: rng.choice((1, 2, 3))]
        self.steps: tuple[str, ...] = NAMES
        self.own = {flow: rng.sample(("期数", "日期", "身份"), rng.choice((0, 0, 1, 2))) for flow in self.flows}

    def script(self) -> Script | None:
        """A compiled bot, or None where what came out is no legal one."""
        files = {f"flows__{number}": self.flow(name) for number, name in enumerate(self.flows)}
        first = files.pop("flows__0")
        files["nlu__titles"] = "titles: {肯定: 愿意办, 否定: 不想办, 在忙: 现在没空, 没兴趣: 没有兴趣, 谢谢: 谢谢}\n"
        bot = HEAD + "start: 主\n" + self.settings() + ENDINGS
        try:
            return script(first, bot=bot, **files)
        except ScriptError:
            return None

    def settings(self) -> str:
        rng, patterns = self.rng, []
        for name in ("error", "too_long", "machine", "not_answered"):
            if rng.random() < 0.4:
                link = f"link: {rng.choice(self.flows)}"
                wait = "after_beep: 9s, " if name == "machine" and rng.random() < 0.5 else ""
                patterns.append(
                    f"{name}: {{{wait}say: 说{name}。, {rng.choice(('end: 坏', self.handoff(general=True), link))}}}"
                )
        length, turns = rng.choice((20, 60, 600)), rng.choice((3, 20, 100))
        text = f"defaults: {{max_length: {length}s, max_turns: {turns}}}\n"
        return text + (f"patterns: {{{', '.join(patterns)}}}\n" if patterns else "")

    def flow(self, name: str) -> str:
        rng = self.rng
        self.steps = NAMES[: rng.randint(2, 5)]
        steps = "".join(f"- {step}: {{{', '.join(self.step())}}}\n" for step in self.steps)
        anytime = ", ".join(
            f"{intent}: {{{self.reaction()}, times: {rng.randint(1, 3)}}}"
            for intent in rng.sample(("转人工", "别再打", "太贵", "等一下"), rng.randint(0, 3))
            if intent != "太贵"
        )
        own = f"local: [{', '.join(self.own[name])}]\n" if self.own[name] else ""
        return f"flow: {name}\n{own}steps:\n{steps}" + (f"anytime: {{{anytime}}}\n" if anytime else "") + ENDINGS

    def step(self) -> list[str]:
        rng = self.rng
        parts = []
        if rng.random() < 0.4:
            line = rng.choice(("say: 您好。", "say: [第一句。, 第二句。]", "say: 有【期数】。"))
            parts.append(line)
            if "【" not in line and rng.random() < 0.4:
                parts.append("must_hear: {replays: 1, else: 坏}" if rng.random() < 0.5 else "barge_in: off")
        if rng.random() < 0.2:
            parts.append("set: {%s}" % rng.choice(("身份: 已核实", '期数: "=空"', '期数: "=期数 + 1"')))  # noqa: UP031
        if rng.random() < 0.1:
            parts.append("needs: {身份: 已核实}")
        kind = rng.choice(("ask", "collect", "collect", "do", "none", "if"))
        if kind == "ask":
            answers = ", ".join(f"{i}: {{{self.reaction()}}}" for i in rng.sample(INTENTS, rng.randint(1, 3)))
            parts += ["ask: [问一？, 问二？]", f"answers: {{{answers}}}", *self.ladders()]
        elif kind == "collect":
            parts += self.collect()
        elif kind == "do":
            parts += ["do: act", f"timeout: {rng.choice((2, 8))}s", f"failed: {{{self.reaction()}}}"]
            parts += ["late: [{after: 1s, say: 请稍等。}, {after: 2s, say: 还在办。}]"] if rng.random() < 0.6 else []
        elif kind == "if":
            parts.append(f'if: [{{when: 期数 > 3, {self.move()}}}, {{when: 身份 == "已核实", {self.move()}}}]')
        if rng.random() < 0.35:
            parts.append(self.move())
        if rng.random() < 0.6:
            parts.append(f"times: {rng.randint(1, 4)}")
        return parts or ["say: 好。"]

    def collect(self) -> list[str]:
        rng, slot = self.rng, self.rng.choice(SLOTS)
        parts = [f"collect: {slot}", f"prompt: [要{slot}？, 再说一次{slot}。]", *self.ladders()]
        if slot == "期数" and rng.random() < 0.6:
            parts.append("one_of: {values: [3, 6, 12], unit: 期, otherwise: 没有这个。}")
        if rng.random() < 0.5:
            parts.append(f"confirm: {rng.choice(('true', f'{{below: 0.8, say: 是【{slot}】吗？}}'))}")
        if slot == "日期" and rng.random() < 0.5:
            parts.append("valid: {when: 日期 >= now.date, otherwise: 过去了。}")
        if rng.random() < 0.2:
            parts.append("ask_before_filling: true")
        if rng.random() < 0.3:
            parts.append("dtmf: {digits: %d}" % rng.choice((0, 1, 2)))  # noqa: UP031
        if rng.random() < 0.4:
            parts.append(f"answers: {{没兴趣: {{{self.reaction()}}}}}")
        return parts

    def ladders(self) -> list[str]:
        rng = self.rng
        parts = []
        for name, after in (("silence", "after: 3s, "), ("unclear", "")):
            if rng.random() < 0.6:
                first = rng.choice(
                    ("say: 在吗？", "say: 喂？, then: back", f"call: {self.into(rng.choice(self.flows))}")
                )
                rungs = [f"{{{after}{first}}}"]
                leave = rng.choice(("end: 坏", self.handoff(), "then: next"))
                parts.append(f"{name}: [{', '.join(rungs * rng.randint(0, 2) + [f'{{{after}{leave}}}'])}]")
        if rng.random() < 0.4:
            back = rng.choice(("say: 还在。", "then: back", f"call: {self.into(rng.choice(self.flows))}"))
            leave = rng.choice(("end: 坏", self.handoff(), "then: next"))
            ladder = f"[{{after: 9s, {back}}}, {{after: 9s, {leave}}}]"
            parts.append(rng.choice(("hold: false", "hold: {times: 1}", f"hold: {{say: 我等您。, silence: {ladder}}}")))
        if rng.random() < 0.3:
            parts.append(rng.choice(("skip: true", f"skip: {{{self.reaction()}}}")))
        if rng.random() < 0.3:
            parts.append(rng.choice(("resume: false", "resume: [刚才说到这里。, 接着说。]")))
        return parts

    def reaction(self) -> str:
        rng = self.rng
        move = rng.choice((self.move(), self.move(), "then: back", "then: stay", "then: next"))
        return move if rng.random() < 0.5 else f"say: 知道了。, {move}"

    def move(self) -> str:
        rng = self.rng
        go, flow = f"go: {rng.choice(self.steps)}", rng.choice(self.flows)
        return rng.choice((go, go, "end: 好", "end: 拒", self.handoff(), f"call: {self.into(flow)}", f"link: {flow}"))

    def into(self, flow: str) -> str:
        """A flow to call: by name, or with values for its own variables and something kept."""
        rng, own = self.rng, self.own[flow]
        if not own or rng.random() < 0.3:
            return flow
        given = {"期数": ("6", "=期数"), "日期": ('"2026-03-03"',), "身份": ("甲", "=结果")}
        parts = [f"with: {{{name}: {rng.choice(given[name])}}}" for name in own[:1] if rng.random() < 0.6]
        parts += [f"keep: {{{name}: {name}}}" for name in own[-1:] if rng.random() < 0.6]
        return f"{{{', '.join([f'flow: {flow}', *parts])}}}"

    def handoff(self, *, general: bool = False) -> str:
        rng = self.rng
        ways = ["{end: 坏}", "{say: 人工忙。, then: back}", "{say: 人工忙。, then: next}", "{then: stay}"]
        ways += [] if general else [f"{{go: {rng.choice(self.steps)}}}"]
        return f"handoff: 客服, failed: {rng.choice(ways)}" if rng.random() < 0.8 else "handoff: 客服"


def invented(rng: Random, *, tries: int = 200) -> Script:
    """The first legal bot out of at most `tries`."""
    for _ in range(tries):
        compiled = Inventor(rng).script()
        if compiled is not None:
            return compiled
    raise AssertionError(f"{tries} random bots in a row were refused")
