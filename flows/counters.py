"""Variables that count rounds: `set: {n: "=n + 1"}` on the way round, `if: [{when: n >= 3, …}]` to get out.

Such a pair bounds a loop as `times` does, so the checker knows it by its form: a whole number with a default that every
`set` in the script raises by a fixed step, compared with a fixed number. An action must not give such a variable back.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from huashu.flows.passing import own_values
from huashu.flows.script import Assign, Reaction, Script, Step

_STEP = re.compile(r"\((\w+) \+ (\d+)\)")
_GUARD = re.compile(r"\((\w+) (>=|>) (\d+)\)")


@dataclass(frozen=True, slots=True)
class Counter:
    """A condition that holds when a variable has been raised often enough."""

    variable: str
    rounds: int
    """How often the condition can be found not to hold, while the variable is raised in between."""


def assigns(script: Script) -> Iterator[Assign]:
    """Every `set` of a script, wherever it stands."""
    patterns = script.patterns
    for pattern in (patterns.error, patterns.too_long, patterns.machine, patterns.not_answered):
        yield from _of(pattern)
    for flow in script.flows.values():
        for item in flow.anytime.values():
            yield from _of(item.reaction)
            yield from _of(item.after)
        for step in flow.steps:
            yield from step.set
            for branch in step.branches:
                yield from branch.set
            for reaction in reactions(step):
                yield from _of(reaction)


def reactions(step: Step) -> Iterator[Reaction]:
    """Reactions written in a step."""
    if step.question is not None:
        yield from step.question.replies
        yield from (rung.reaction for rung in step.question.rungs)
    if step.do is not None:
        yield step.do.failed


def _of(reaction: Reaction | None) -> Iterator[Assign]:
    while reaction is not None:
        yield from reaction.set
        reaction = getattr(reaction.then, "failed", None)


def counters(script: Script, found: Iterable[Assign]) -> dict[str, Counter]:
    """By the text of the condition."""
    steps: dict[str, int] = {}
    other: set[str] = {step.question.slot or "" for step in _steps(script) if step.question is not None}
    other |= own_values(script)  # set back on every run of their flow
    for assign in found:
        match = _STEP.fullmatch(assign.value.text)
        if match and match[1] == assign.variable and int(match[2]) > 0:
            steps[assign.variable] = min(int(match[2]), steps.get(assign.variable, 10**9))
        else:
            other.add(assign.variable)
    conditions = {branch.when.text for step in _steps(script) for branch in step.branches if branch.when is not None}
    result = {}
    for text in conditions:
        match = _GUARD.fullmatch(text)
        if match is None or match[1] in other or match[1] not in steps:
            continue
        variable = script.variables[match[1]]
        if variable.given or variable.type != "integer" or not isinstance(variable.default, int):
            continue
        most = int(match[3]) + (match[2] == ">")
        result[text] = Counter(match[1], max(0, -(-(most - variable.default) // steps[match[1]])) + 1)
    return result


def _steps(script: Script) -> Iterator[Step]:
    for flow in script.flows.values():
        yield from flow.steps


def raises(step: Step, variable: str) -> bool:
    """Whether entering the step raises the variable."""
    return any(assign.variable == variable for assign in step.set)
