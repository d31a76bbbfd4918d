"""What is passed between flows: a flow's own variables (`local`), values for them (`with`), results kept (`keep`)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from huashu.flows.findings import Place
from huashu.flows.names import Names
from huashu.flows.script import Assign, CallFlow, Flow, HandOff, Link, Move, Reaction, Script, Step
from huashu.flows.shapes import At, Fields

Pairs = list[tuple[At, At]]


@dataclass(slots=True)
class Passing:
    names: Names
    kept: list[tuple[str, str, tuple[str, ...], Place]] = field(default_factory=list)
    """(called flow, its variable, what it is given, where it is written) of every `keep`."""

    def local(self, flow: str, listed: Iterable[At] | None) -> tuple[str, ...]:
        """The flow's own variables: declared like all others; one that comes with the call cannot be a flow's own."""
        found = []
        for at in listed or ():
            variable = self.names.variable(at)
            if variable is not None and variable.given:
                self.names.findings.add("local_given", at.place, name=at.value)
            elif variable is not None:
                found.append(variable.name)
        return self.names.locals.setdefault(flow, tuple(dict.fromkeys(found)))

    def link(self, fields: Fields, default: Move) -> Move:
        flow: At | None = fields.get("flow")
        if flow is None or not self.names.flow(flow):
            return default
        return Link(flow.value, self._given(flow.value, fields.get("with")))

    def call(self, fields: Fields, default: Move) -> Move:
        flow: At | None = fields.get("flow")
        if flow is None or not self.names.flow(flow):
            return default
        give = self._given(flow.value, fields.get("with"))
        return CallFlow(flow.value, give, tuple(self._kept(flow.value, fields.get("keep"), give)))

    def _given(self, flow: str, pairs: Pairs | None) -> tuple[Assign, ...]:
        found = []
        for name, value in pairs or ():
            known = self.names.locals.get(flow, ())
            if name.value not in known:
                self.names.findings.add("with_not_local", name.place, name=name.value, flow=flow, known=list(known))
                continue
            variable = self.names.variables[name.value]
            expression = self.names.assigned(value, variable)
            if expression is None:
                continue
            if not variable.private:
                self._leaks(expression.names, name)
            found.append(Assign(variable.name, expression))
        return tuple(found)

    def _kept(self, flow: str, pairs: Pairs | None, give: tuple[Assign, ...]) -> Iterator[tuple[str, str]]:
        for name, result in pairs or ():
            variable, own = self.names.variable(name), self.names.variable(result)
            if variable is None or own is None:
                continue
            if variable.type != own.type:
                self.names.findings.add("keep_type", result.place, name=own.name, other=variable.name)
                continue
            if not variable.private:
                self._leaks([own.name], name)
            self.kept.append((flow, own.name, tuple(assign.variable for assign in give), result.place))
            yield variable.name, own.name

    def _leaks(self, sources: Iterable[str], into: At) -> None:
        """A private value in a variable that is not private would be shown, logged and sent like any other."""
        variables = self.names.variables
        private = next((name for name in sorted(sources) if name in variables and variables[name].private), None)
        if private is not None:
            self.names.findings.add("private_passed", into.place, name=private, other=into.value)

    def unset(self, script: Script) -> None:
        """Tells what is kept of a flow that never sets it."""
        for flow, variable, given, place in self.kept:
            if (
                variable not in given
                and not _sets(script, flow, variable)
                and script.variables[variable].default is None
            ):
                self.names.findings.add("keep_unset", place, name=variable, flow=flow)


def moves(flow: Flow) -> Iterator[Move]:
    """Every move written in a flow, those of failed handoffs included."""
    for step in flow.steps:
        yield from (step.then, step.after, *(branch.then for branch in step.branches))
        if step.must_hear is not None:
            yield step.must_hear.otherwise
        for reaction in reactions_of(step):
            yield from _chain(reaction)
    for entry in flow.anytime.values():
        yield from _chain(entry.reaction)
        yield from _chain(entry.after)


def reactions_of(step: Step) -> Iterator[Reaction]:
    """Every reaction written in a step."""
    question = step.question
    if question is not None:
        yield from question.replies
        yield from (rung.reaction for rung in question.rungs)
    if step.do is not None:
        yield step.do.failed


def _chain(reaction: Reaction | None) -> Iterator[Move]:
    while reaction is not None:
        yield reaction.then
        reaction = reaction.then.failed if isinstance(reaction.then, HandOff) else None


def passed(script: Script) -> Iterator[tuple[str, CallFlow | Link]]:
    """(flow, move) of every way into another flow, the patterns' included (their flow is "")."""
    for flow in script.flows.values():
        yield from ((flow.name, move) for move in (*moves(flow), *_last(flow)) if isinstance(move, CallFlow | Link))
    patterns = script.patterns
    for pattern in (patterns.error, patterns.too_long, patterns.machine, patterns.not_answered):
        yield from (("", move) for move in _chain(pattern) if isinstance(move, CallFlow | Link))


def _last(flow: Flow) -> Iterator[Move]:
    """Behind a step's own failed handoff."""
    for step in flow.steps:
        if isinstance(step.then, HandOff) and step.then.failed is not None:
            yield from _chain(step.then.failed)


def own_values(script: Script) -> frozenset[str]:
    """Variables whose value may change without a `set`: a flow's own, and those that keep a result."""
    found = {name for flow in script.flows.values() for name in flow.local}
    for _, move in passed(script):
        if isinstance(move, CallFlow):
            found.update(variable for variable, _ in move.keep)
    return frozenset(found)


def _sets(script: Script, name: str, variable: str) -> bool:
    """Whether a flow, or one that it leads to, can give the variable a value. An action may give any."""
    todo, seen = [name], {name}
    while todo:
        flow = script.flows[todo.pop()]
        for step in flow.steps:
            question = step.question
            if step.do is not None or (question is not None and question.slot == variable):
                return True
            assigns = [*step.set, *(assign for branch in step.branches for assign in branch.set)]
            assigns += [assign for reaction in reactions_of(step) for assign in reaction.set]
            if any(assign.variable == variable for assign in assigns):
                return True
        for entry in flow.anytime.values():
            reactions = [entry.reaction, *((entry.after,) if entry.after is not None else ())]
            if any(assign.variable == variable for reaction in reactions for assign in reaction.set):
                return True
        for move in (*moves(flow), *_last(flow)):
            if isinstance(move, CallFlow) and any(own == variable for own, _ in move.keep):
                return True
            if isinstance(move, CallFlow | Link) and move.flow in script.flows and move.flow not in seen:
                seen.add(move.flow)
                todo.append(move.flow)
    return False
