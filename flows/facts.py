"""What is certain at each step, whatever path led there: which variables have a value, which `needs` hold, whether the
disclosure was heard out. A forward analysis over huashu.flows.ways: facts of all ways into a step are intersected.

An action that succeeds may have set anything: behind it every variable counts as filled and every `needs` as met, but
no identity as proven: that takes a step's own `needs` or a condition.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from huashu.core.values import Scalar
from huashu.flows.expressions import Expression, ExpressionError, is_variable, literal, parse_expression
from huashu.flows.script import Assign, Back, CallFlow, Link, Question, Reaction, Script, Stay, Step
from huashu.flows.ways import Filled, Held, Spot, Way, Ways

Kind = Literal["filled", "equal", "proven", "heard"]


@dataclass(frozen=True, slots=True)
class Fact:
    """filled: the variable has a value; equal: it has this one; proven: it was found to have it; heard: a must-hear
    line was played to its end."""

    kind: Kind
    variable: str = ""
    value: Scalar = None


HEARD = Fact("heard")
State = frozenset[Fact]


class Facts:
    """Facts on entering each spot, and at each question; a spot that nothing leads to is left out."""

    def __init__(self, script: Script, ways: Ways) -> None:
        self._script, self._ways = script, ways
        self._pairs = {pair for flow in script.flows.values() for step in flow.steps for pair in step.needs}
        self._all = frozenset(
            [Fact("filled", name) for name in script.variables] + [Fact("equal", *pair) for pair in self._pairs]
        )
        self._own: dict[str, set[Assign]] = {}
        self._targets: dict[str, set[str]] = {}
        """Flow → what it sets, and where it leads to."""
        for spot, found in ways.leaving.items():
            step, own = ways.step(spot), self._own.setdefault(spot.flow, set())
            own.update(step.set if step is not None else ())
            own.update(effect for way in found for effect in way.effects if isinstance(effect, Assign))
            own.update(kept for way in found for kept in _keeps(way.passes))
            to = {target.flow for way in found for target in (way.target, way.called) if target is not None}
            self._targets.setdefault(spot.flow, set()).update(to)
        self._cleared = {name: self._clears(name) for name in script.flows}
        self._links: dict[str, set[str]] = {}
        for spot, found in ways.leaving.items():
            targets = {way.target.flow for way in found if way.called is None and way.target is not None}
            self._links.setdefault(spot.flow, set()).update(targets - {spot.flow})
        self.entering: dict[Spot, State] = {}
        self._solve()

    def inside(self, spot: Spot) -> State:
        """Behind `needs` and `set` of the step, when its words are said."""
        step = self._ways.step(spot)
        state = self.entering[spot]
        if step is None or spot.kind:
            return state
        for variable, value in step.needs:
            state |= {Fact("filled", variable), Fact("equal", variable, value), Fact("proven", variable, value)}
        for assign in step.set:
            state = self._assigned(state, assign)
        if step.must_hear is not None:  # its `else` leads elsewhere, or the designer goes on knowingly
            state |= {HEARD}
        return state

    def behind(self, way: Way, state: State) -> State:
        """At the end of a way, but for a flow called on it. `state`: inside its step."""
        state = self.begun(way, state)
        for effect in way.effects:
            state = self.effect(state, effect)
        return state

    def begun(self, way: Way, state: State) -> State:
        """What the cause of a way makes known."""
        onward = Spot(way.source.flow, way.source.at + 1)
        if way.cause == "unheard" and way.target != onward:  # to the next step is knowingly on
            state -= {HEARD}
        if way.cause == "done":
            state |= self._all
        return state

    def open(self, spot: Spot, question: Question) -> State:
        """While the question is open: detours and answers that stay may have cleared something."""
        flow = self._script.flows[spot.flow]
        reactions = [*question.replies, *(rung.reaction for rung in question.rungs)]
        for item in flow.anytime.values():
            reactions += [item.reaction, item.after] if item.after is not None else [item.reaction]
        return self._less(self.inside(spot), self._staying(reactions))

    # --- one effect -------------------------------------------------------------------------------------------------

    def effect(self, state: State, effect: Assign | Filled | Held) -> State:
        match effect:
            case Filled(variable):
                kept = frozenset(fact for fact in state if fact.variable != variable)
                return kept | {Fact("filled", variable)}
            case Held(condition, truth):
                return state | self._known(condition, truth=truth)
            case _:
                return self._assigned(state, effect)

    def _assigned(self, state: State, assign: Assign) -> State:
        names, text = assign.value.names, assign.value.text
        kept = frozenset(fact for fact in state if fact.variable != assign.variable)
        copied = text in names and is_variable(text) and Fact("filled", text) not in state
        if text == "none" or copied:
            return kept
        found = {Fact("filled", assign.variable)}
        for variable, value in self._pairs:
            if variable == assign.variable and text == literal(value).text:
                found |= {Fact("equal", variable, value), Fact("proven", variable, value)}
        return kept | found

    def _known(self, condition: Expression, *, truth: bool) -> State:
        """What a condition on one variable tells."""
        if len(condition.names) != 1:
            return frozenset()
        (name,) = condition.names
        found: set[Fact] = set()
        if name in self._script.variables and _empty(condition) is not truth:
            found.add(Fact("filled", name))
        for variable, value in self._pairs:
            if truth and variable == name and condition.text == f"({name} == {literal(value).text})":
                found |= {Fact("equal", name, value), Fact("proven", name, value)}
        return frozenset(found)

    # --- what is cleared --------------------------------------------------------------------------------------------

    def _staying(self, reactions: Iterable[Reaction]) -> set[Assign]:
        found: set[Assign] = set()
        for reaction in reactions:
            if isinstance(reaction.then, Back | Stay | CallFlow):
                found.update(reaction.set)
            if isinstance(reaction.then, CallFlow):
                found |= self._cleared.get(reaction.then.flow, set()) | set(_keeps(reaction.then))
        return found

    def _clears(self, name: str) -> set[Assign]:
        """What a flow, or one it leads to, may `set` for good: not what is a run's own."""
        todo, seen, found = [name], {name}, set()
        while todo:
            flow = todo.pop()
            own = self._script.flows[flow].local
            found |= {assign for assign in self._own.get(flow, set()) if assign.variable not in own}
            for target in self._targets.get(flow, set()) - seen:
                seen.add(target)
                todo.append(target)
        return found

    def _less(self, state: State, assigns: set[Assign]) -> State:
        """A variable that may have been set has another value; one that may have been emptied has none."""
        changed = {assign.variable for assign in assigns}
        emptied = {assign.variable for assign in assigns if assign.value.text in ("none", *assign.value.names)}
        return frozenset(fact for fact in state if fact.variable not in (emptied if fact.kind == "filled" else changed))

    # --- the fixed point --------------------------------------------------------------------------------------------

    def _solve(self) -> None:
        given = (
            variable for variable in self._script.variables.values() if variable.given or variable.default is not None
        )
        begin: set[Fact] = set()
        for variable in given:
            begin.add(Fact("filled", variable.name))
            begin |= {
                Fact("equal", *pair)
                for pair in self._pairs
                if pair[0] == variable.name and (variable.given or pair[1] == variable.default)
            }
        todo = [*self._ways.entries]
        self.entering |= dict.fromkeys(todo, frozenset(begin))
        waiting: dict[str, set[Spot]] = {}
        while todo:
            spot = todo.pop()
            step = self._ways.step(spot)
            if step is None:
                todo += waiting.get(spot.flow, ())
                continue
            inside = self.inside(spot)
            asked = self.open(spot, step.question) if step.question is not None and not spot.kind else inside
            for way in self._ways.onward(spot):
                if way.cause == "error":
                    continue
                behind = self.behind(way, inside if way.cause in ("known", "unheard") else asked)
                todo += self._arrive(way, behind, waiting)

    def _arrive(self, way: Way, state: State, waiting: dict[str, set[Spot]]) -> list[Spot]:
        changed = []
        if way.called is not None:
            changed += self._meet(way.called, self._entered(way.called.flow, way.passes, state))
            callee = way.called.flow
            for flow in self._linked(callee):
                waiting.setdefault(flow, set()).add(way.source)
            ends = [Spot(flow, len(self._script.flows[flow].steps)) for flow in self._linked(callee)]
            known = [self.entering[end] for end in ends if end in self.entering]
            if not known:
                return changed
            state = self._returned(way, state, frozenset.intersection(*known))
        elif way.target is not None and isinstance(way.passes, Link):
            own = self._script.flows[way.source.flow].local  # what they were before this run comes back
            left = frozenset(fact for fact in state if fact.variable not in own)
            return changed + self._meet(way.target, self._entered(way.target.flow, way.passes, left, given=state))
        if way.target is not None:
            changed += self._meet(way.target, state)
        return changed

    # --- runs of flows ----------------------------------------------------------------------------------------------

    def _entered(self, flow: str, move: CallFlow | Link | None, state: State, *, given: State | None = None) -> State:
        """On entry of a flow: its own variables have their default or what they are given. `given`: where that is
        computed, if it is not `state`."""
        own = self._script.flows[flow].local
        entered = frozenset(fact for fact in state if fact.variable not in own)
        for name in own:
            default = self._script.variables[name].default
            if default is not None:
                entered |= {Fact("filled", name)}
                entered |= {Fact("equal", *pair) for pair in self._pairs if pair == (name, default)}
        for assign in move.give if move is not None else ():
            told = self._assigned(state if given is None else given, assign)
            entered = frozenset(fact for fact in entered if fact.variable != assign.variable)
            entered |= {fact for fact in told if fact.variable == assign.variable}
        return entered

    def _returned(self, way: Way, before: State, ending: State) -> State:
        """Behind a called flow. `before`: when it was called; `ending`: at its end, and at those it may link to."""
        assert way.called is not None
        linked = self._linked(way.called.flow)
        own = {name for flow in linked for name in self._script.flows[flow].local}
        state = self._less(before, self._cleared[way.called.flow])
        state |= {fact for fact in ending if fact.variable not in own}
        keep = way.passes.keep if isinstance(way.passes, CallFlow) else ()
        for variable, result in keep:
            state = frozenset(fact for fact in state if fact.variable != variable)
            if Fact("filled", result) in ending and len(linked) == 1:
                state |= {Fact("filled", variable)}
        return state

    def _meet(self, spot: Spot, state: State) -> list[Spot]:
        before = self.entering.get(spot)
        after = state if before is None else before & state
        if after == before:
            return []
        self.entering[spot] = after
        return [spot]

    def _linked(self, flow: str) -> set[str]:
        """Flows at whose end a call of `flow` may come back."""
        todo, seen = [flow], {flow}
        while todo:
            for other in self._links.get(todo.pop(), ()):
                if other not in seen:
                    seen.add(other)
                    todo.append(other)
        return seen


def _keeps(move: CallFlow | Link | None) -> Iterator[Assign]:
    """What is kept of a called flow, as a `set` in the caller."""
    for variable, own in move.keep if isinstance(move, CallFlow) else ():
        yield Assign(variable, parse_expression(own))


def _empty(condition: Expression) -> bool | None:
    """Whether a condition holds while its variable has no value; None: it cannot be computed then."""
    try:
        return bool(condition.evaluate(lambda name: None))
    except ExpressionError:
        return None


def steps_of(script: Script) -> Iterable[tuple[Spot, Step]]:
    for flow in script.flows.values():
        for at, step in enumerate(flow.steps):
            yield Spot(flow.name, at), step
