"""What may become of a call after an answer: which results the script can still come to.

A caller who wants something says the yes or the no that leads there: whether gas escapes is no matter of liking.
"""

from collections.abc import Iterator

from huashu.flows.script import (
    Back,
    CallFlow,
    Continue,
    End,
    Flow,
    Go,
    HandOff,
    Link,
    Move,
    Reaction,
    Script,
    Stay,
    Step,
)

Place = tuple[str, int]
"""Flow and number of a step; behind the last one, its default ending."""


class Prospects:
    """Of one script. A handoff counts as its result, whoever comes; conditions may turn out either way."""

    def __init__(self, script: Script) -> None:
        self._script = script
        self._seen: dict[Place, frozenset[str]] = {}
        for flow in script.flows.values():
            for number in range(len(flow.steps) + 1):
                self._seen[flow.name, number] = frozenset()
        changed = True
        while changed:  # to the least fixed point: results only grow, and there are few
            changed = False
            for place in self._seen:
                results = frozenset(self._from(place))
                changed = changed or results != self._seen[place]
                self._seen[place] = results

    def after(self, flow: str, step: int, reaction: Reaction) -> frozenset[str]:
        """The results that can follow when a question of this step is answered so."""
        return frozenset(self._move(self._script.flows[flow], step, reaction.then, own=False))

    def _from(self, place: Place) -> Iterator[str]:
        flow = self._script.flows[place[0]]
        if place[1] == len(flow.steps):
            yield from self._end(flow, flow.ending)
            return
        step = flow.steps[place[1]]
        if step.question is not None:
            for reaction in step.question.replies:
                yield from self._move(flow, place[1], reaction.then, own=False)
        if step.question is None or step.question.slot is not None:
            yield from self._rest(flow, place[1], step)

    def _rest(self, flow: Flow, number: int, step: Step) -> Iterator[str]:
        for branch in step.branches:
            yield from self._move(flow, number, branch.then, own=True)
            if branch.when is None:
                return
        yield from self._move(flow, number, step.then, own=True)

    def _move(self, flow: Flow, number: int, move: Move, *, own: bool) -> Iterator[str]:
        match move:
            case Go(step):
                yield from self._seen[flow.name, flow.index[step]]
            case Link(name):
                yield from self._seen[name, 0]
            case CallFlow(name):
                yield from self._seen[name, 0]
                yield from self._seen[flow.name, number + 1]
            case End(name):
                yield from self._end(flow, name)
            case HandOff():
                yield "handoff"
            case Back() | Stay():
                yield from self._seen[flow.name, number]
            case Continue():
                yield from self._seen[flow.name, number + 1] if own else self._rest(flow, number, flow.steps[number])

    def _end(self, flow: Flow, name: str) -> Iterator[str]:
        ending = flow.endings.get(name)
        if ending is not None:
            yield ending.result
