"""Every way a conversation can take from step to step, and what takes it there: the graph that the bounds are read off.

Follows the engine (huashu.dialogue.walk): an answered question goes on with the rest of its step, a called flow comes
back to the step after, a step entered more often than its `times` does nothing but its `after`. Detours (`anytime`, the
ladder of a hold) are no ways: the engine counts each over the whole call, so that they are added up instead
(huashu.flows.lengths).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple

from huashu.flows.counters import Counter
from huashu.flows.expressions import Expression, literal
from huashu.flows.script import (
    Assign,
    Back,
    CallFlow,
    Continue,
    End,
    Flow,
    Go,
    HandOff,
    Link,
    Move,
    Prompt,
    Question,
    Reaction,
    Script,
    Stay,
    Step,
)


class Spot(NamedTuple):
    """A place in the script: about to enter a step; behind the last step; at the `after` of a step entered too often
    ("over"); behind an arm that counts rounds ("more")."""

    flow: str
    at: int
    kind: Literal["", "over", "more"] = ""


Cause = Literal[
    "",
    "answer",
    "value",
    "known",
    "silence",
    "unclear",
    "unheard",
    "done",
    "failed",
    "over",
    "error",
    "anytime",
    "hold",
    "skip",
]
RUNGS = ("silence", "unclear")
DETOURS = ("anytime", "hold")
"""Counted over the call."""


@dataclass(frozen=True, slots=True)
class Filled:
    """A question has filled its variable, or found it filled."""

    variable: str


@dataclass(frozen=True, slots=True)
class Held:
    """A condition was found to hold, or not to."""

    condition: Expression
    truth: bool


@dataclass(frozen=True, slots=True)
class Way:
    """From one spot to the next. `target` None: the call ends."""

    source: Spot
    target: Spot | None
    cause: Cause
    name: str = ""
    """Of the answer; the number of the rung."""
    called: Spot | None = None
    """Start of a flow that is run first."""
    beats: tuple[Prompt | None, ...] = ()
    """Between the cause and the target: words said, and (None) people called in vain."""
    step: str = ""
    """Name of the step it leaves."""
    effects: tuple["Assign | Filled | Held", ...] = ()
    """What is known to be so behind it, in order."""
    passes: CallFlow | Link | None = None
    """The move into another flow, with what it is given and what is kept of it."""
    caller: bool = False
    """Taken only by a caller who is understood: who keeps talking sense may go round."""


class Ways:
    """The graph of one script."""

    def __init__(self, script: Script, assigned: frozenset[str], counters: dict[str, Counter]) -> None:
        self._script = script
        self._assigned = assigned
        self.counters = counters
        self.start = Spot(script.start, 0)
        self._once = script.satisfaction.flow if script.satisfaction is not None else ""
        """A flow that is over at once when it is entered again."""
        self.entries = (self.start, *((Spot(self._once, 0),) if self._once else ()))
        """Where a conversation begins, and where it goes on when a person closes it."""
        self.leaving: dict[Spot, list[Way]] = {}
        self.detours: dict[Spot, list[Way]] = {}
        """Where a detour leads out of an open question."""
        for flow in script.flows.values():
            for at, step in enumerate(flow.steps):
                spot = Spot(flow.name, at)
                self._put(self._step(flow, spot, step))
                if step.times is not None:
                    over = Spot(flow.name, at, "over")
                    self._put(self._move(flow, over, step.after, Way(over, None, "over"), own=True))
                self.leaving.setdefault(spot, [])
                if step.question is not None:
                    self._put(self._detours(flow, spot))
            self.leaving.setdefault(Spot(flow.name, len(flow.steps)), [])

    def step(self, spot: Spot) -> Step | None:
        """None behind the last step."""
        steps = self._script.flows[spot.flow].steps
        return steps[spot.at] if spot.at < len(steps) else None

    def corrected(self) -> Iterator[Spot]:
        """Questions that a later one may be left for because the caller puts their value right: not over an action."""
        for flow in self._script.flows.values():
            asked = False
            for at in range(len(flow.steps) - 1, -1, -1):
                step = flow.steps[at]
                question = step.question
                if question is not None and question.slot is not None and asked and not question.ask_before_filling:
                    yield Spot(flow.name, at)
                asked = step.do is None and (asked or question is not None)

    def onward(self, spot: Spot) -> Iterator[Way]:
        """The ways from a spot and, where a question is asked, the detours that lead elsewhere."""
        yield from self.leaving[spot]
        step = self.step(spot)
        if step is not None and step.question is not None and not spot.kind:
            yield from self.detours.get(spot, ())

    def _detours(self, flow: Flow, spot: Spot) -> Iterator[Way]:
        for name, item in flow.anytime.items():
            for reaction in filter(None, (item.reaction, item.after)):
                yield from self._react(flow, spot, reaction, _by(Way(spot, None, ""), "anytime", name, caller=True))
        question = flow.steps[spot.at].question
        for number, rung in enumerate(question.hold.silence if question and question.hold else (), 1):
            held = _by(Way(spot, None, ""), "hold", str(number), caller=True)
            yield from self._react(flow, spot, rung.reaction, held)

    def _put(self, ways: Iterator[Way]) -> None:
        for bare in ways:
            step = self.step(bare.source)
            way = replace(bare, step=step.id if step is not None else "")
            graph = self.detours if way.cause in DETOURS else self.leaving
            found = graph.setdefault(way.source, [])
            if way not in found:
                found.append(way)
            if way.target is not None and way.target.kind == "":
                step = self.step(way.target)
                if step is not None and step.times is not None:
                    found.append(_towards(way, way.target._replace(kind="over")))

    # --- one step ---------------------------------------------------------------------------------------------------

    def _step(self, flow: Flow, spot: Spot, step: Step) -> Iterator[Way]:
        way = Way(spot, None, "")
        if step.must_hear is not None and not isinstance(step.must_hear.otherwise, Continue):
            yield from self._move(flow, spot, step.must_hear.otherwise, _by(way, "unheard"), own=False)
        if step.needs:
            yield self._error(flow, _by(way, "error"))
        question = step.question
        if question is not None:
            for name, reaction in question.answers.items():
                yield from self._react(flow, spot, reaction, _by(way, "answer", name, caller=True))
            for number, rung in enumerate(question.silence, 1):
                yield from self._react(flow, spot, rung.reaction, _by(way, "silence", str(number)))
            for number, rung in enumerate(question.unclear, 1):
                yield from self._react(flow, spot, rung.reaction, _by(way, "unclear", str(number)))
            if question.skip is not None:
                yield from self._skipped(flow, spot, question, question.skip)
            if question.slot is not None:
                filled = replace(_by(way, "value", question.slot, caller=True), effects=(Filled(question.slot),))
                yield from self._rest(flow, spot, step, filled)
                if not question.ask_before_filling:
                    known = _by(way, "known", question.slot, caller=question.slot in self._assigned)
                    yield from self._rest(flow, spot, step, replace(known, effects=filled.effects))
        elif step.do is not None:
            yield from self._rest(flow, spot, step, _by(way, "done", step.do.action))
            failed = _reacting(_by(way, "failed", step.do.action), step.do.failed)
            yield from self._move(flow, spot, step.do.failed.then, failed, own=False)
        else:
            yield from self._rest(flow, spot, step, way)

    def _skipped(self, flow: Flow, spot: Spot, question: Question, reaction: Reaction) -> Iterator[Way]:
        """The question is passed over: its slot is empty behind it."""
        emptied = (Assign(question.slot, literal(None)),) if question.slot is not None else ()
        way = replace(_by(Way(spot, None, ""), "skip", question.slot or "", caller=True), effects=emptied)
        if isinstance(reaction.then, Back | Stay):  # there is nothing to come back to
            reaction = replace(reaction, then=Continue())
        yield from self._react(flow, spot, reaction, way)

    def _rest(self, flow: Flow, spot: Spot, step: Step, way: Way) -> Iterator[Way]:
        """The end of a step: its arms, then its own move. Behind an arm that counts rounds everything is "more"."""
        for branch in step.branches:
            held = () if branch.when is None else (Held(branch.when, True),)
            taken = replace(way, effects=(*way.effects, *held, *branch.set))
            yield from self._move(flow, spot, branch.then, taken, own=True)
            if branch.when is None:
                return
            way = replace(way, effects=(*way.effects, Held(branch.when, False)))
            if branch.when.text in self.counters and spot.kind == "":
                more = spot._replace(kind="more")
                yield _towards(way, more)
                spot, way = more, Way(more, None, "")
        yield from self._move(flow, spot, step.then, way, own=True)

    def _react(self, flow: Flow, spot: Spot, reaction: Reaction, way: Way) -> Iterator[Way]:
        if isinstance(reaction.then, Back | Stay):
            return  # the question stays open: counted where it stands
        yield from self._move(flow, spot, reaction.then, _reacting(way, reaction), own=False)

    def _move(self, flow: Flow, spot: Spot, move: Move, way: Way, *, own: bool) -> Iterator[Way]:
        """`own`: the step's own move, behind which comes the next step; else the rest of the step."""
        following = Spot(flow.name, spot.at + 1)
        match move:
            case Go(step) if step in flow.index:
                yield _towards(way, Spot(flow.name, flow.index[step]))
            case Link(name) if name in self._script.flows:
                yield _towards(replace(way, passes=move), Spot(name, 0))
                if name == self._once:
                    yield _towards(replace(way, passes=move), Spot(name, len(self._script.flows[name].steps)))
            case CallFlow(name) if name in self._script.flows:
                # From a rung or a detour it is a digression: back to the question, where it is counted.
                back = way.cause in (*RUNGS, *DETOURS) and not own
                yield _towards(replace(way, passes=move), None if back else following, Spot(name, 0))
                if name == self._once and not back:
                    yield _towards(way, following)
            case End(name):
                ending = flow.endings.get(name)
                yield _towards(_saying(way, ending.say if ending else None), None)
            case HandOff(failed=failed):
                yield from self._nobody(flow, spot, failed, way, own=own)
            case _ if own:
                yield _towards(way, following)
            case _:
                yield from self._rest(flow, spot, flow.steps[spot.at], way)

    def _nobody(self, flow: Flow, spot: Spot, failed: Reaction | None, way: Way, *, own: bool) -> Iterator[Way]:
        """Nobody took the handoff. Asking again is counted by the engine; without `failed` it is an error."""
        called = replace(way, beats=(*way.beats, None))
        question = flow.steps[spot.at].question
        if failed is None:
            yield self._error(flow, called)
        elif way.cause == "failed" and isinstance(failed.then, Back | Stay | Continue):
            yield self._error(flow, _reacting(called, failed))  # nothing behind it may be taken as done
        elif isinstance(failed.then, Back | Stay) and question is not None:
            back = _reacting(called, failed)
            yield _saying(back, question.prompt)
            yield self._error(flow, called)  # asked again too often because nobody came
            if question.slot is not None and not question.ask_before_filling:  # answered meanwhile: on with the step
                yield from self._move(flow, spot, Continue(), back, own=own)
        else:
            yield from self._move(flow, spot, failed.then, _reacting(called, failed), own=own)

    def error(self, spot: Spot) -> Way:
        """The way of the error pattern, taken while a spot's flow is on top."""
        way = self._error(self._script.flows[spot.flow], Way(spot, None, "error"))
        move = self._script.patterns.error.then
        return _towards(way, Spot(move.flow, 0)) if isinstance(move, Link | CallFlow) else way

    def _error(self, flow: Flow, way: Way) -> Way:
        """By way of the error pattern. It runs once in a call, so that where it leads to is added up apart."""
        reaction: Reaction | None = self._script.patterns.error
        while reaction is not None:
            way, move = _saying(way, reaction.say), reaction.then
            if not isinstance(move, HandOff):
                ending = flow.endings.get(move.ending if isinstance(move, End) else "error")
                return way if isinstance(move, Link | CallFlow) else _saying(way, ending.say if ending else None)
            way, reaction = replace(way, beats=(*way.beats, None)), move.failed
        return way


def _by(way: Way, cause: Cause, name: str = "", *, caller: bool = False) -> Way:
    return Way(way.source, None, cause, name, caller=caller)


def _reacting(way: Way, reaction: Reaction) -> Way:
    return _saying(replace(way, effects=(*way.effects, *reaction.set)), reaction.say)


def _saying(way: Way, prompt: Prompt | None) -> Way:
    return way if prompt is None else replace(way, beats=(*way.beats, prompt))


def _towards(way: Way, target: Spot | None, called: Spot | None = None) -> Way:
    return replace(way, target=target, called=called or way.called)
