"""A script as a flat table of what a caller can meet: what two versions are compared by.

Every fact has an owner (a step, an ending, an intent …), a part of it, and its content in words of the bot's language.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, assert_never

from huashu.core.actions import BargeIn
from huashu.core.values import Scalar
from huashu.flows.captions import Words
from huashu.flows.forms import Form
from huashu.flows.picture import condition
from huashu.flows.script import (
    Anytime,
    Assign,
    Back,
    CallFlow,
    Confirm,
    Continue,
    Do,
    End,
    Flow,
    Go,
    HandOff,
    Hold,
    Line,
    Link,
    Message,
    Move,
    Prompt,
    Question,
    Reaction,
    Reference,
    Rung,
    Script,
    Stay,
    Step,
)

KINDS = (
    "bot", "flow", "ending", "step", "answer", "anytime", "pattern", "move", "action", "value", "wording", "ladder",
    "variable", "knowledge", "intent", "setting",
)  # fmt: skip
"""Of facts, the weightiest for a caller first: the order in which changes are told."""


class Key(NamedTuple):
    kind: str
    owner: str
    part: str


Content = str | tuple[str, ...]
"""Words; a tuple where order does not matter and pieces may be added or removed."""


class Facts:
    """Collects the facts of one script."""

    def __init__(self, script: Script, words: Words) -> None:
        self._words = words
        self.table: dict[Key, Content] = {}
        self._bot(script)
        for flow in script.flows.values():
            self._add("flow", flow.name, "", flow.name)
            self._add("move", flow.name, "ending", flow.ending)
            self._add("variable", flow.name, "local", flow.local)
            for step in flow.steps:
                self._step(flow, step)
            for name, entry in flow.anytime.items():
                if not entry.built_in:
                    self._anytime(flow.name, name, entry)
        self._endings(script)
        self._knowledge_and_intents(script)

    def _add(self, kind: str, owner: str, part: str, content: Content | None) -> None:
        if content:
            self.table[Key(kind, owner, part)] = content

    # --- the bot ----------------------------------------------------------------------------------------------------

    def _bot(self, script: Script) -> None:
        for name in ("name", "title", "language", "start", "direction", "voice", "actions"):
            self._add("bot", script.title, name, getattr(script, name) or "")
        self._add("bot", script.title, "languages", tuple(script.languages))
        for name in (
            "max_seconds",
            "max_turns",
            "confidence",
            "words_within",
            "text_patience",
            "human_within",
            "breath",
        ):
            self._add("setting", script.title, name, f"{getattr(script.settings, name):g}")
        self._add("setting", script.title, "switch_language", script.settings.switch_language)
        for name in ("not_answered", "machine", "too_long", "error"):
            self._add("pattern", name, "", self.reaction(getattr(script.patterns, name)))
        for name, shares in script.experiments.items():
            self._add("bot", script.title, f"experiments {name}", ", ".join(f"{a} {s:g}" for a, s in shares.items()))
        for name, hours in script.hours.items():
            self._add("bot", script.title, f"hours {name}", hours.text)
        if (survey := script.satisfaction) is not None:
            asks = f"{survey.flow} {survey.slot} {survey.kind}{' human_only' if survey.human_only else ''}"
            self._add("bot", script.title, "satisfaction", asks)
        for form in script.forms:
            self._form(form)
        for tag, words in script.pronounce.items():
            for word, reading in words.items():
                self._add("bot", script.title, f"pronounce {word} ({tag})", reading)
        for name, variable in script.variables.items():
            told = [variable.type]
            told += [word for word in ("private", "given") if getattr(variable, word)]
            if variable.unit:
                told.append(variable.unit)
            if variable.values:
                told.append(self._values(variable.values))
            if variable.default is not None:
                told.append(f"= {variable.default}")
            self._add("variable", name, "", " ".join(told))

    def _form(self, form: Form) -> None:
        wanted = [
            f"{key}: {', '.join(given)}"
            for key, given in (("handoff", form.queues), ("steps", form.steps), ("reasons", form.reasons))
            if given
        ]
        self._add("bot", form.name, "form", "; ".join([form.title, *wanted]))
        for item in form.fields:
            told = [item.title, item.type]
            told += [word for word in ("required", "private") if getattr(item, word)]
            if item.choices:
                told.append(self._values(item.choices))
            if item.default is not None:
                told.append(f"= {item.default.text}")
            self._add("bot", form.name, f"form {item.name}", " ".join(told))

    def _endings(self, script: Script) -> None:
        for flow in script.flows.values():
            for ending in flow.endings.values():
                self._add("ending", ending.name, "", ending.name)
                self._add("ending", ending.name, "label", ending.label)
                self._add("ending", ending.name, "result", self._words.result(ending.result))
                self._add("wording", ending.name, "say", self.prompt(ending.say))
                self._add("action", ending.name, "send", self.message(ending.send))

    def _knowledge_and_intents(self, script: Script) -> None:
        for base in script.knowledge.values():
            self._add("setting", base.name, "threshold", f"{base.threshold:g}")
            for item in base.items:
                owner = f"{base.name}: {item.question}"
                self._add("knowledge", owner, "", item.question)
                self._add("knowledge", owner, "answer", item.answer)
                self._add("knowledge", owner, "voice", item.voice)
                self._add("knowledge", owner, "variants", item.variants)
        examples: dict[str, list[str]] = {}
        for example in script.nlu.examples:
            examples.setdefault(", ".join(example.intents), []).append(example.text)
        for name, texts in examples.items():
            self._add("intent", name, "", name)
            self._add("intent", name, "examples", tuple(texts))
        self._add("intent", "out_of_scope", "examples", script.nlu.out_of_scope)
        for name, values in script.nlu.lists.items():
            self._add("intent", name, "list", tuple(f"{v}: {', '.join(ways)}" for v, ways in values.items()))

    # --- steps ------------------------------------------------------------------------------------------------------

    def _step(self, flow: Flow, step: Step) -> None:
        owner = f"{flow.name}.{step.id}"
        self._add("step", owner, "", step.id)
        self._add("wording", owner, "say", self.prompt(step.say))
        self._add("value", owner, "needs", "、".join(f"{name} = {value}" for name, value in step.needs))
        self._add("move", owner, "set", self.assigns(step.set))
        self._add("move", owner, "language", step.language)
        self._add("action", owner, "send", self.message(step.send))
        if step.must_hear is not None:
            told = self._words("twice", step.must_hear.replays)
            self._add("ladder", owner, "must_hear", f"{told} → {self.move(step.must_hear.otherwise)}")
        if step.question is not None:
            self._question(owner, step.question)
        if step.do is not None:
            self._do(owner, step.do)
        for number, branch in enumerate(step.branches, 1):
            when = condition(branch.when, self._words) if branch.when else self._words("else")
            told = self.assigns(branch.set)
            self._add(
                "move", owner, f"if.{number}", " ".join(filter(None, (when, told, f"→ {self.move(branch.then)}")))
            )
        self._add("move", owner, "then", self.move(step.then))
        if step.times is not None:
            self._add("move", owner, "times", f"{self._words('times', step.times)} → {self.move(step.after)}")

    def _question(self, owner: str, question: Question) -> None:
        part = "prompt" if question.slot else "ask"
        self._add("wording", owner, part, self.prompt(question.prompt))
        self._add("setting", owner, "barge_in", _barge_in(question.prompt.barge_in))
        self._add("value", owner, "collect", question.slot or "")
        for intent, reaction in question.answers.items():
            self._add("answer", owner, intent, self.reaction(reaction))
        if question.one_of is not None:
            self._add("value", owner, "one_of", tuple(map(str, question.one_of.values)))
            self._add("wording", owner, "otherwise", self.prompt(question.one_of.otherwise))
        for tag, expect in (("", question.expect), *((f" [{tag}]", other) for tag, other in question.others.items())):
            for choice in expect.choices:
                self._add("value", owner, f"spoken {choice.value}{tag}", choice.spoken)
        self._confirm(owner, question.confirm)
        if question.check is not None:
            self._add("value", owner, "valid", condition(question.check, self._words))
        self._add("wording", owner, "valid", self.prompt(question.rejected))
        self._add("answer", owner, "dtmf", tuple(f"{key} = {value}" for key, value in question.keys.items()))
        self._add("value", owner, "ask_before_filling", "true" if question.ask_before_filling else "")
        self._add("ladder", owner, "silence", self.ladder(question.silence, timed=True))
        self._add("ladder", owner, "unclear", self.ladder(question.unclear, timed=False))
        self._hold(owner, question.hold)
        self._add("wording", owner, "resume", self.prompt(question.resume))
        self._add("answer", owner, "skip", self.reaction(question.skip) if question.skip is not None else "")

    def _hold(self, owner: str, hold: Hold | None) -> None:
        self._add("setting", owner, "hold", f"{hold.times} ×" if hold is not None else "")
        if hold is not None:
            self._add("wording", owner, "hold", self.prompt(hold.say))
            self._add("ladder", owner, "hold", self.ladder(hold.silence, timed=True))

    def _confirm(self, owner: str, confirm: Confirm | None) -> None:
        if confirm is not None:
            self._add("value", owner, "confirm", f"< {confirm.below:g}")
            self._add("wording", owner, "confirm", self.prompt(confirm.say))

    def _do(self, owner: str, do: Do) -> None:
        self._add("action", owner, "do", do.action)
        self._add("action", owner, "args", tuple(f"{k} = {condition(v, self._words)}" for k, v in do.args.items()))
        self._add("action", owner, "timeout", f"{do.timeout:g} s")
        self._add("action", owner, "failed", self.reaction(do.failed))
        self._add("ladder", owner, "late", self.ladder(do.late, timed=True))

    def _anytime(self, flow: str, name: str, entry: Anytime) -> None:
        told = self.reaction(entry.reaction)
        if entry.after is not None:
            told += f"; {self._words('times', entry.times)}: {self.reaction(entry.after)}"
        self._add("anytime", flow, name, told)

    # --- pieces in words --------------------------------------------------------------------------------------------

    def prompt(self, prompt: Prompt | None) -> str:
        """All wordings in order, those of other languages behind."""
        if prompt is None:
            return ""
        others = [f"[{tag}] {self._lines(lines)}" for tag, lines in sorted(prompt.translations.items())]
        return " ".join([self._lines(prompt.lines), *others])

    def _lines(self, lines: tuple[Line, ...]) -> str:
        return " | ".join(self.line(line) for line in lines)

    def line(self, line: Line) -> str:
        """Variants with "/" between them, in front of them the condition of all, behind them their barge-in."""
        when = f"({condition(line.when, self._words)}) " if line.when else ""
        texts = []
        for one in line.variants:
            text = "".join(f"【{part.name}】" if isinstance(part, Reference) else part for part in one.parts)
            recorded = one.audio or " + ".join(path or "…" for path in one.spliced)
            texts.append(f"{text}{f' [{recorded}]' if recorded else ''}")
        return f"{when}{' / '.join(texts)}{f' [{_barge_in(line.barge_in)}]' if line.barge_in else ''}"

    def message(self, message: Message | None) -> str:
        return "" if message is None else f"{message.medium}: {self.line(message.text)}"

    def _passed(self, move: CallFlow | Link) -> str:
        """ " (问题 = 态度; 态度分 ← 分数)"."""
        told = [self.assigns(move.give)] if move.give else []
        if isinstance(move, CallFlow) and move.keep:
            told.append("、".join(f"{variable} ← {own}" for variable, own in move.keep))
        return f" ({'; '.join(told)})" if told else ""

    def assigns(self, assigns: tuple[Assign, ...]) -> str:
        return "、".join(f"{item.variable} = {condition(item.value, self._words)}" for item in assigns)

    def _values(self, values: tuple[Scalar, ...]) -> str:
        return "/".join(map(str, values))

    def ladder(self, rungs: tuple[Rung, ...], *, timed: bool) -> str:
        return "; ".join(
            (self._words("seconds", f"{rung.after:g}") + " " if timed else "") + self.reaction(rung.reaction)
            for rung in rungs
        )

    def reaction(self, reaction: Reaction) -> str:
        pieces = [self.assigns(reaction.set), reaction.language or "", self.message(reaction.send)]
        if reaction.say is not None:
            pieces.append(f"“{self.prompt(reaction.say)}”")
        if reaction.knowledge is not None:
            pieces.append(self._words("knowledge", reaction.knowledge.base))
        return " ".join(filter(None, (*pieces, f"→ {self.move(reaction.then)}")))

    def move(self, move: Move) -> str:
        match move:
            case Go(step=step):
                return self._words("go", step)
            case Link(flow=flow):
                return self._words("link", flow) + self._passed(move)
            case CallFlow(flow=flow):
                return self._words("runs", flow) + self._passed(move)
            case End(ending=name):
                return self._words("end", name)
            case HandOff(queue=queue, failed=failed):
                told = self._words("handoff", queue)
                return f"{told} ({self._words('failed')}: {self.reaction(failed)})" if failed else told
            case Back():
                return self._words("again")
            case Stay():
                return self._words("wait")
            case Continue():
                return self._words("next")
            case _:
                assert_never(move)


def _barge_in(rule: BargeIn) -> str:
    return " ".join((f"{rule.kind} {rule.words} {rule.protected:g} s", *rule.hotwords))


def steps(script: Script) -> Iterator[tuple[str, list[str]]]:
    """Flows with the names of their steps in order."""
    for flow in script.flows.values():
        yield flow.name, [step.id for step in flow.steps]


def facts(script: Script, words: Words) -> Mapping[Key, Content]:
    return Facts(script, words).table
