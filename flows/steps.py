"""One step: its parts checked against each other and compiled."""

from dataclasses import dataclass, replace

from huashu.core.values import Scalar
from huashu.flows.names import Names, Where
from huashu.flows.questions import FlowContext, Questions
from huashu.flows.reactions import Reactions
from huashu.flows.script import UNFORESEEN, Branch, Continue, Do, End, Go, Move, MustHear, Prompt, Step
from huashu.flows.settings import barge_in
from huashu.flows.shapes import At, Fields
from huashu.flows.wording import Wording

# Part → the part without which it means nothing.
_NEEDS = {
    "prompt": ("collect",),
    "one_of": ("collect",),
    "valid": ("collect",),
    "confirm": ("collect",),
    "ask_before_filling": ("collect",),
    "answers": ("ask", "collect"),
    "silence": ("ask", "collect"),
    "unclear": ("ask", "collect"),
    "hold": ("ask", "collect"),
    "resume": ("ask", "collect"),
    "skip": ("ask", "collect"),
    "dtmf": ("ask", "collect"),
    "audio": ("say",),
    "must_hear": ("say",),
    "args": ("do",),
    "timeout": ("do",),
    "late": ("do",),
    "failed": ("do", "handoff"),
    "after": ("times",),
}


@dataclass(slots=True)
class StepCompiler:
    names: Names
    wording: Wording
    reactions: Reactions
    questions: Questions

    def build(self, name: At, fields: Fields, flow: Where, context: FlowContext) -> Step:
        where = Where(
            flow=flow.flow,
            step=name.value,
            guarded="needs" in fields.places,
            own=fields.plain("collect", ""),
            barge_in=barge_in(fields, flow.barge_in),
        )
        for part, owners in _NEEDS.items():
            if part in fields.places and not any(owner in fields.places for owner in owners):
                self.names.findings.add("part_alone", fields.at(part), name=part, owner=owners[0])
        do = self._do(fields, where)
        moving = fields
        if do is not None and "failed" in fields:  # it belongs to the action
            moving = replace(fields, values={key: v for key, v in fields.values.items() if key != "failed"})
        return Step(
            id=name.value,
            needs=self._needs(fields),
            set=self.reactions.assigns(fields.get("set")),
            language=self.names.tongue(fields.get("language")),
            send=self.wording.message(fields.get("send"), where),
            say=self._say(fields, where),
            must_hear=self._must_hear(fields, where),
            question=self.questions.build(fields, where, context),
            do=do,
            branches=self._branches(fields.get("if"), where),
            then=self.reactions.move(moving, where, "handoff", Continue()),
            times=fields.plain("times"),
            after=self._after(fields.get("after"), where, context),
        )

    def _after(self, fields: Fields | None, where: Where, context: FlowContext) -> Move:
        """Where to when the step has been entered `times` times; without it, the flow's default ending."""
        default = End(context.ending)
        return default if fields is None else self.reactions.move(fields, where, "after", default)

    def _needs(self, fields: Fields) -> tuple[tuple[str, Scalar], ...]:
        needs = []
        for name, at in fields.get("needs") or ():
            variable = self.names.variable(name)
            if variable is not None:
                needs.append((name.value, self.names.typed(at, variable.type)))
        return tuple(needs)

    def _say(self, fields: Fields, where: Where) -> Prompt | None:
        prompt = self.wording.prompt(fields.get("say"), where, "say")
        audio: list[At] | None = fields.get("audio")
        if prompt is None or not audio:
            return prompt
        if len(prompt.lines) > 1 or prompt.lines[0].others:
            self.names.findings.add("audio_of_many", audio[0].place)
            return prompt
        return replace(prompt, lines=(self.wording.recorded(audio, prompt.lines[0], where),))

    def _must_hear(self, fields: Fields, where: Where) -> MustHear | None:
        given: Fields | None = fields.get("must_hear")
        if given is None:
            return None
        replays = given.plain("replays", 1)
        if replays is False:
            return None
        target: At | None = given.get("else")
        return MustHear(int(replays), Continue() if target is None else self._target(target, where))

    def _target(self, at: At, where: Where) -> Move:
        """The name of a step or, when there is no such step, of an ending."""
        if at.value in self.names.steps.get(where.flow, ()):
            return Go(at.value)
        endings = self.names.endings(where)
        if at.value in endings:
            return End(at.value)
        known = [*self.names.steps.get(where.flow, ()), *endings]
        self.names.findings.add("unknown_target", at.place, name=at.value, known=known)
        return Continue()

    def _do(self, fields: Fields, where: Where) -> Do | None:
        at: At | None = fields.get("do")
        if at is None:
            return None
        self.names.action(at)
        args = {}
        for name, value in fields.get("args") or ():
            variable = self.names.variables.get(name.value)
            expression = self.names.assigned(value, variable)
            if expression is not None:
                args[name.value] = expression
        failed: Fields | None = fields.get("failed")
        late = self.reactions.late(fields.get("late"), where)
        do = Do(at.value, args, late=late)
        timeout = fields.plain("timeout")
        return replace(
            do,
            timeout=do.timeout if timeout is None else timeout,
            failed=self.reactions.reaction(failed, where, "failed") if failed is not None else UNFORESEEN,
        )

    def _branches(self, arms: list[Fields] | None, where: Where) -> tuple[Branch, ...]:
        branches = []
        for number, arm in enumerate(arms or (), 1):
            findings = self.names.findings
            if ("when" in arm.places) == ("else" in arm.places):
                findings.add("arm_shape", arm.place)
                continue
            if "else" in arm.places:
                if number != len(arms or ()):
                    findings.add("else_not_last", arm.at("else"))
                if len(arm.places) > 1:
                    findings.add("else_alone", arm.at("else"))
                inner: Fields | None = arm.get("else")
                if inner is not None:
                    branches.append(self._branch(None, inner, where, number))
                continue
            branches.append(self._branch(arm.get("when"), arm, where, number))
        return tuple(branches)

    def _branch(self, when: At | None, fields: Fields, where: Where, number: int) -> Branch:
        condition = None
        if when is not None:
            condition = self.names.expression(when, offset=when.value.startswith("="))
        then = self.reactions.move(fields, where, f"if.{number}", Continue())
        return Branch(condition, then, self.reactions.assigns(fields.get("set")))
