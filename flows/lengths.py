"""How long a call can last and how often the bot can speak, over every path, without a limit on the call as a whole.

An upper bound, not an estimate: each step is weighed with everything that can happen in it (silence climbed to the top
after every misunderstanding, every noise, every value asked back), paths are added up along huashu.flows.ways, loops
count as often as `times` or a counter lets them, and what the engine counts over the call (detours, one error, failed
handoffs) comes on top. Where a loop has no count the bound is infinite; huashu.flows.bounds tells which loop.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from huashu.flows.circles import parts
from huashu.flows.counters import raises
from huashu.flows.limits import (
    AFTER_TIMES,
    CALLER_TURN,
    MAX_CORRECTIONS,
    MAX_NOBODY,
)
from huashu.flows.script import (
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
)
from huashu.flows.speech import Pace
from huashu.flows.visits import ENDLESS, NOTHING, Cost, Visits, most, total
from huashu.flows.ways import RUNGS, Spot, Ways

DEEPEST = 16
"""Flows that may wait for each other: the engine's own limit."""
SETTLED = 50
"""Rounds after which lengths of talk are taken as they are: more come only from steps that go round in silence."""
LONGEST_TALK = 3600.0


def linked(reaction: Reaction) -> Iterator[str]:
    """Flows that a reaction leads into."""
    move: Move | None = reaction.then
    while move is not None:
        if isinstance(move, Link | CallFlow):
            yield move.flow
        move = move.failed.then if isinstance(move, HandOff) and move.failed is not None else None


def finishes(reaction: Reaction) -> bool:
    """Whether a reaction ends the call, or calls a person without a way on when nobody comes."""
    move = reaction.then
    return isinstance(move, End) or (isinstance(move, HandOff) and (move.failed is None or finishes(move.failed)))


MAX_FINISHING = 3
"""Reactions that finish, in a call: the end, or a handoff that nobody takes; that is an error, and of errors the second
ends the call."""


class Lengths:
    """The bound on a whole call, and where there is none."""

    def __init__(self, script: Script, ways: Ways, pace: Pace) -> None:
        self._script, self._ways = script, ways
        self._visits = Visits(script, pace)
        self._visits.longest_turn = self._talked(pace)
        self.loops: list[list[Spot]] = []
        """Parts of the graph that can be gone round without count."""
        self.rests: dict[Spot, Cost] = {}
        """From entering a spot to the end of the call, or of the flow when it was called."""
        self._again: dict[Spot, Cost] = {}
        """What it costs to come to a spot once more: it, or all that can be gone round with it between two counted
        steps (how often those are passed is counted over the call)."""
        for part in parts(ways.leaving, self._following):
            self._part(part)

    def call(self) -> Cost:
        """The whole call: the longest path, and on top what is counted over the call."""
        cost = most(self.rests[spot] for spot in self._ways.entries)
        reached = self._reached()
        flows = [self._script.flows[name] for name in dict.fromkeys(spot.flow for spot in reached)]
        cost += total(self._detours(flow) for flow in flows) + self._finishing(flows) + self._holds(reached)
        flow = self._script.flows[self._script.start]
        for pattern in (self._script.patterns.error, self._script.patterns.machine):
            cost += self._visits.reaction(flow, pattern, None) + self._leaving(flow, pattern)
        wait = self._script.patterns.after_beep
        cost += Cost(wait.within if wait is not None else 0.0)
        corrected = most(self._rewound(spot) for spot in self._ways.corrected() if spot in reached)
        cost += (corrected + Cost(CALLER_TURN)).times(MAX_CORRECTIONS)
        asked = most(self._asked(flow) for flow in self._script.flows.values())
        return cost + (asked + Cost(self._script.settings.human_within)).times(MAX_NOBODY)

    # --- detours ----------------------------------------------------------------------------------------------------

    def _detours(self, flow: Flow) -> Cost:
        """All detours of a flow that do not end the call, as often as they are counted."""
        cost, asked = NOTHING, self._asked(flow)
        asks = any(step.question is not None for step in flow.steps)
        for reaction, times in self._anytime(flow):
            # Where nothing is asked only wanting a person or another flow is obeyed.
            if not finishes(reaction) and (asks or isinstance(reaction.then, HandOff | Link)):
                again = NOTHING if isinstance(reaction.then, Go | Link) else asked
                cost += (self._detour(flow, reaction) + self._visits.listening(flow, reaction) + again).times(times)
        return cost

    def _finishing(self, flows: Iterable[Flow]) -> Cost:
        """Those that end the call: one does, after at most MAX_FINISHING in all flows together."""
        found = (
            self._visits.reaction(flow, reaction, None)
            for flow in flows
            for reaction, _ in self._anytime(flow)
            if finishes(reaction)
        )
        return most(found).times(MAX_FINISHING)

    def _anytime(self, flow: Flow) -> Iterator[tuple[Reaction, int]]:
        for item in flow.anytime.values():
            yield item.reaction, item.times
            if item.after is not None:
                yield item.after, AFTER_TIMES

    def _rewound(self, earlier: Spot) -> Cost:
        """What it costs once to go on behind an earlier question instead of the later one that was open.

        A path from the start to the later one costs at most what lies between their `rests`, and the later question
        itself; so does each way from the earlier to a later one. Added up over any number of corrections only this
        difference is left of each.
        """
        flow, found = self._script.flows[earlier.flow], NOTHING
        for at in range(earlier.at + 1, len(flow.steps)):
            if flow.steps[at - 1].do is not None:
                break
            later = Spot(flow.name, at)
            if flow.steps[at].question is not None:
                found = most([found, self.rests[earlier] - self.rests[later] + self._again[later]])
        return found

    def _detour(self, flow: Flow, reaction: Reaction) -> Cost:
        return self._visits.reaction(flow, reaction, None) + self._leaving(flow, reaction)

    def _holds(self, reached: set[Spot]) -> Cost:
        """Waits that callers ask for, as often as a call allows, each at the question where it lasts longest."""
        held, times = NOTHING, 0
        for spot in reached:
            flow, step = self._script.flows[spot.flow], self._ways.step(spot)
            hold = step.question.hold if step is not None and step.question is not None else None
            if hold is None or step is None or step.question is None:
                continue
            times = max(times, hold.times)
            behind = most(self._leaving(flow, rung.reaction) for rung in hold.silence)
            held = most([held, self._visits.hold(flow, step.question) + behind])
        return held.times(times)

    def _asked(self, flow: Flow) -> Cost:
        """The open question of a flow asked once more, at most."""
        questions = [step.question for step in flow.steps if step.question is not None]
        prompts = [self._visits.resumed(question) for question in questions]
        return most(prompts) + most(self._visits.again(flow, question) for question in questions)

    def _leaving(self, flow: Flow, reaction: Reaction) -> Cost:
        """What lies where a detour leads to."""
        found, move = NOTHING, reaction.then
        while True:
            match move:
                case Go(step) if step in flow.index:
                    found = most([found, self.rests[Spot(flow.name, flow.index[step])]])
                case Link(name) | CallFlow(name) if name in self._script.flows:
                    found = most([found, self.rests[Spot(name, 0)]])
                case Continue():
                    found = most([found, *(self.rests[Spot(flow.name, at)] for at in range(1, len(flow.steps) + 1))])
            if not isinstance(move, HandOff) or move.failed is None:
                return found
            move = move.failed.then

    # --- paths ------------------------------------------------------------------------------------------------------

    def _following(self, spot: Spot) -> list[Spot]:
        return [to for way in self._ways.leaving[spot] for to in (way.target, way.called) if to is not None]

    def _reached(self) -> set[Spot]:
        """Spots that a call can come to, detours included."""
        todo, seen = [*self._ways.entries], set()
        patterns = self._script.patterns
        for pattern in (patterns.error, patterns.machine):
            todo += [Spot(name, 0) for name in linked(pattern)]
        flows: set[str] = set()
        while todo:
            spot = todo.pop()
            if spot in seen:
                continue
            seen.add(spot)
            todo += self._following(spot)
            if spot.flow not in flows:
                flows.add(spot.flow)
                for item in self._script.flows[spot.flow].anytime.values():
                    for reaction in filter(None, (item.reaction, item.after)):
                        todo += [Spot(name, 0) for name in linked(reaction)]
        return seen

    def _part(self, part: list[Spot]) -> None:
        """Fill in `rests` of a strongly connected part; everything behind it is known already."""
        inside = set(part)
        weights = {spot: self._weight(spot, inside) for spot in part}
        behind = most(
            self.rests[way.target]
            for spot in part
            for way in self._ways.leaving[spot]
            if way.target is not None and way.target not in inside
        )
        if len(part) == 1 and part[0] not in self._following(part[0]):
            self._again[part[0]] = weights[part[0]]
            self.rests[part[0]] = weights[part[0]] + behind
            return
        counted = {spot: limit for spot in part if (limit := self._limit(spot, part)) is not None}
        between = self._longest([spot for spot in part if spot not in counted], weights)
        nested = any(way.called in inside for spot in part for way in self._ways.leaving[spot])
        deep = DEEPEST if nested else 1
        # From each pass of a counted step to the next one no step comes twice; and once so before the first.
        once = most(between.values()).times(deep)
        cost = once + behind
        for spot, limit in counted.items():
            onward = most(between[to] for to in self._following(spot) if to in between)
            cost += (weights[spot] + onward.times(deep)).times(limit)
        for spot in part:
            self._again[spot], self.rests[spot] = once, cost

    def _weight(self, spot: Spot, inside: set[Spot]) -> Cost:
        ways = [way for way in self._ways.leaving[spot] if way.called is not None and way.called not in inside]
        cost = self._visits.spot(spot) + most(self.rests[way.called] for way in ways if way.called)
        step = self._ways.step(spot)
        if step is not None and step.question is not None:  # flows called by rungs come back to the question
            climbs = self._visits.climbs(step.question)
            cost += total(self.rests[way.called].times(climbs) for way in ways if way.called and way.cause in RUNGS)
        return cost

    def _limit(self, spot: Spot, part: list[Spot]) -> int | None:
        """How often the spot can be passed in a call; None when nothing counts it."""
        step = self._ways.step(spot)
        if step is None:
            return None
        if spot.kind == "":
            return step.times
        if spot.kind == "over":
            return None
        counter = next(
            self._ways.counters[branch.when.text]
            for branch in step.branches
            if branch.when is not None and branch.when.text in self._ways.counters
        )
        for one in part:
            own = self._ways.step(one)
            if one.kind == "" and own is not None and raises(own, counter.variable):
                part = [other for other in part if other != one]
        following = self._within(part)
        round_it = next(found for found in parts(part, following) if spot in found)
        return None if len(round_it) > 1 or spot in following(spot) else counter.rounds

    def _within(self, nodes: Iterable[Spot]) -> Callable[[Spot], list[Spot]]:
        inside = set(nodes)
        return lambda spot: [to for to in self._following(spot) if to in inside]

    def _talked(self, pace: Pace) -> float:
        """Seconds of what the bot says in one turn, at most: what "please repeat" repeats."""
        talk = dict.fromkeys(self._ways.leaving, 0.0)
        for _ in range(SETTLED):
            before = dict(talk)
            for spot in reversed(talk):
                step = self._ways.step(spot) if spot.kind == "" else None
                own = pace.longest(step.say) if step else 0.0
                onward = [
                    talk[way.target] + sum(talk[flow] for flow in (way.called,) if flow)
                    for way in self._ways.leaving[spot]
                    if way.target is not None and way.cause in ("", "known", "over")
                ]
                if step and step.question is not None:
                    onward.append(pace.longest(step.question.prompt))
                talk[spot] = min(own + max(onward, default=0.0), LONGEST_TALK)
            if talk == before:
                break
        said = (sum(map(pace.longest, way.beats)) for ways in self._ways.leaving.values() for way in ways)
        flows = self._script.flows.values()
        lines = [self._visits.choice]
        lines += [pace.longest(item.reaction.say) for flow in flows for item in flow.anytime.values()]
        for question in (step.question for flow in flows for step in flow.steps if step.question is not None):
            lines += [pace.longest(rung.reaction.say) for rung in question.rungs]
            again = max(pace.longest(question.resume), pace.longest(self._script.patterns.cannot_skip))
            lines.append(again + pace.longest(question.prompt))
            lines.append(pace.longest(question.hold.say) if question.hold is not None else 0.0)
        reactions = [reaction for flow in flows for reaction, _ in self._anytime(flow)]
        lines += [self._visits.knowledge(reaction).seconds for reaction in reactions]
        return max(talk.values(), default=0.0) + max((*said, *lines), default=0.0)

    def _longest(self, nodes: list[Spot], weights: Mapping[Spot, Cost]) -> dict[Spot, Cost]:
        """The longest path among `nodes` from each; endless, and noted in `loops`, where they go round."""
        following = self._within(nodes)
        best: dict[Spot, Cost] = {}
        for part in parts(nodes, following):
            if len(part) > 1 or part[0] in following(part[0]):
                self.loops.append(part)
                return dict.fromkeys(nodes, ENDLESS)
            best[part[0]] = weights[part[0]] + most(best[to] for to in following(part[0]))
        return best
