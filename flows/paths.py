"""Slips that show only along a path: a variable used before anything fills it, `needs` that nothing can meet, the
disclosure skipped, a private value before the identity is proven. Read off huashu.flows.facts.
"""

from collections.abc import Iterator
from decimal import Decimal

from huashu.core.values import Scalar
from huashu.flows.expressions import Expression, ExpressionError, is_variable
from huashu.flows.facts import HEARD, Fact, Facts, State, steps_of
from huashu.flows.findings import Findings, Place
from huashu.flows.lint import place_of
from huashu.flows.parse import Parsed
from huashu.flows.script import (
    Assign,
    End,
    HandOff,
    Line,
    Move,
    Prompt,
    Question,
    Reaction,
    Reference,
    Script,
    Step,
)
from huashu.flows.shapes import Fields
from huashu.flows.ways import Filled, Spot, Ways

_SAMPLES: dict[str, Scalar] = {
    "yes_no": True, "text": "a", "date": "2030-01-01", "time": "10:00",
    "datetime": "2030-01-01T10:00", "period": "2030-01-01/2030-01-07", "duration": "PT30M", "quantity": "1 kg",
    "phone": "13800138000", "digits": "1", "spelled": "A1", "id_number": "11010519491231002X",
    "bank_card": "6222021234567890128", "plate": "京A12345", "name": "a", "address": "a", "email": "a@b.com",
}  # fmt: skip
_AROUND: dict[str, Scalar] = {"now.date": "2030-01-01", "now.time": "10:00"}


class Paths:
    """The rules, over one script without errors."""

    def __init__(self, script: Script, parsed: Parsed, ways: Ways, findings: Findings) -> None:
        self._script, self._parsed, self._ways, self._findings = script, parsed, ways, findings
        self.facts = Facts(script, ways)

    def check(self) -> None:
        discloses = any(step.must_hear is not None for _, step in steps_of(self._script))
        for spot, step in steps_of(self._script):
            if spot in self.facts.entering:
                self._unmet(spot, step)
                self._unset(spot, step)
                if discloses:
                    self._undisclosed(spot, step)

    def proven(self, spot: Spot) -> bool:
        """Whether some `needs` of the script is known to hold at the step, on every path."""
        state = self.facts.inside(spot) if spot in self.facts.entering else frozenset()
        return any(fact.kind == "proven" for fact in state)

    def spot(self, flow: str, step: str) -> Spot | None:
        """The spot of a step by name."""
        found = self._script.flows.get(flow)
        return Spot(flow, found.index[step]) if found is not None and step in found.index else None

    def _fields(self, spot: Spot) -> Fields:
        fields: Fields = self._parsed.flows[spot.flow].get("steps")[spot.at][1]
        return fields

    def _place(self, spot: Spot) -> Place:
        place: Place = self._parsed.flows[spot.flow].get("steps")[spot.at][0].place
        return place

    # --- needs and disclosure ---------------------------------------------------------------------------------------

    def _unmet(self, spot: Spot, step: Step) -> None:
        for variable, value in step.needs:
            if Fact("equal", variable, value) not in self.facts.entering[spot]:
                self._findings.add("needs_unmet", self._fields(spot).at("needs"), name=variable, step=step.id)

    def _undisclosed(self, spot: Spot, step: Step) -> None:
        if HEARD in self.facts.inside(spot):
            return
        private = next((name for name in _spoken(step) if self._script.variables[name].private), "")
        flow = self._script.flows[spot.flow]
        if private:
            self._findings.add("disclosure_skipped", self._place(spot), name=step.id, what=f"【{private}】")
        ending = next((name for name in _endings(step) if name in flow.endings), "")
        if ending and any(flow.endings[name].result == "success" for name in _endings(step) if name in flow.endings):
            self._findings.add("disclosure_skipped", self._place(spot), name=step.id, what=ending)

    # --- variables --------------------------------------------------------------------------------------------------

    def _unset(self, spot: Spot, step: Step) -> None:
        found: dict[str, None] = {}
        inside, entering = self.facts.inside(spot), self.facts.entering[spot]
        for assign in step.set:
            found |= dict.fromkeys(self._missing(assign.value, entering))
        found |= dict.fromkeys(self._unsaid(step.say, inside))
        if step.question is not None:
            found |= dict.fromkeys(self._question(spot, step.question))
        for rung in step.do.late if step.do is not None else ():
            found |= dict.fromkeys(self._unsaid(rung.reaction.say, inside))
        for way in self._ways.leaving[spot]:
            if way.cause != "error":
                asked = inside if step.question is None else self.facts.open(spot, step.question)
                state = inside if way.cause in ("known", "unheard") else asked
                state = self.facts.begun(way, state)
                for effect in way.effects:
                    if not isinstance(effect, Filled):
                        expression = effect.value if isinstance(effect, Assign) else effect.condition
                        found |= dict.fromkeys(self._missing(expression, state))
                    state = self.facts.effect(state, effect)
                for prompt in way.beats:
                    found |= dict.fromkeys(self._unsaid(prompt, state))
                for assign in way.passes.give if way.passes is not None else ():
                    found |= dict.fromkeys(self._missing(assign.value, state))
        for name in found:
            fields = self._fields(spot)
            self._findings.add("unset_variable", place_of(fields, name), name=name, step=step.id)

    def _question(self, spot: Spot, question: Question) -> Iterator[str]:
        state = self.facts.open(spot, question)
        yield from self._unsaid(question.prompt, self.facts.inside(spot))
        staying = [rung.reaction for rung in question.rungs]
        for reaction in (*staying, *question.replies):
            yield from self._unsaid(reaction.say, self._after(reaction, state))
        yield from self._unsaid(question.hold.say if question.hold is not None else None, state)
        yield from self._unsaid(question.resume, state)
        yield from self._unsaid(question.one_of.otherwise if question.one_of else None, state)
        own = state | {Fact("filled", question.slot or "")}
        yield from self._unsaid(question.rejected, own)
        yield from self._unsaid(question.confirm.say if question.confirm else None, own)
        if question.check is not None:
            yield from self._missing(question.check, own)

    def _after(self, reaction: Reaction, state: State) -> State:
        return state | {Fact("filled", assign.variable) for assign in reaction.set if assign.value.text != "none"}

    def _unsaid(self, prompt: Prompt | None, state: State) -> Iterator[str]:
        for line in prompt.lines if prompt is not None else ():
            for part in (part for variant in line.variants for part in variant.parts):
                if isinstance(part, Reference) and Fact("filled", part.name) not in state:
                    yield from () if _guarded(line, part.name) else (part.name,)

    def _missing(self, expression: Expression, state: State) -> Iterator[str]:
        """Variables without a value for which the expression cannot be computed."""
        for name in sorted(filter(is_variable, expression.names)):
            if Fact("filled", name) in state:
                continue
            if not self._computes(expression, name):
                yield name

    def _computes(self, expression: Expression, name: str) -> bool:
        try:
            expression.evaluate(lambda asked: None if asked == name else self._sample(asked))
        except ExpressionError:
            return False
        return True

    def _sample(self, name: str) -> Scalar:
        if not is_variable(name):
            return _AROUND.get(name, "a" if name.startswith("arm.") else 1)
        variable = self._script.variables[name]
        return variable.values[0] if variable.values else _SAMPLES.get(variable.type, Decimal(1))


def _guarded(line: Line, name: str) -> bool:
    """A wording that is chosen only when the variable has a value."""
    if line.when is None or name not in line.when.names:
        return False
    try:
        return not line.when.evaluate(lambda asked: None)
    except ExpressionError:
        return False


def _spoken(step: Step) -> Iterator[str]:
    """Variables that a step speaks of its own accord."""
    for prompt in (step.say, step.question.prompt if step.question is not None else None):
        for line in prompt.lines if prompt is not None else ():
            parts = (part for variant in line.variants for part in variant.parts)
            yield from (part.name for part in parts if isinstance(part, Reference))


def _endings(step: Step) -> Iterator[str]:
    moves = [branch.then for branch in step.branches] + [step.then]
    reactions = list(step.question.replies) if step.question is not None else []
    if step.do is not None:
        reactions.append(step.do.failed)
    for move in (*moves, *(reaction.then for reaction in reactions)):
        yield from _ends(move)


def _ends(move: Move) -> Iterator[str]:
    if isinstance(move, End):
        yield move.ending
    elif isinstance(move, HandOff) and move.failed is not None:
        yield from _ends(move.failed.then)
