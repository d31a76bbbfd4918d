"""Checks on the compiled graph: what is never reached, what goes round for ever.

Follows what the engine does: an answered question goes on with the rest of its step (`if`, then the move), a called
flow comes back to the step after, a `collect` whose variable is filled is passed over without a word.
"""

import graphlib
from collections.abc import Iterable, Iterator

from huashu.flows.findings import Findings, Place
from huashu.flows.parse import Parsed
from huashu.flows.passing import own_values
from huashu.flows.script import (
    Assign,
    CallFlow,
    Continue,
    Do,
    Flow,
    Go,
    HandOff,
    Link,
    Move,
    Question,
    Reaction,
    Script,
    Step,
)

Node = tuple[str, int]
"""(flow, position of the step)."""
MAX_LOOPS = 20
"""Circles told in one run."""


def check_graph(script: Script, parsed: Parsed, findings: Findings) -> None:
    """Unreachable steps, idle flows, silent loops, call recursion."""
    if not findings.is_broken("bot.yaml", "flows/"):
        _idle_flows(script, parsed, findings)
    for flow in script.flows.values():
        for position in _unreached(flow):
            place = _place(parsed, flow.name, position)
            findings.add("unreachable_step", place, name=flow.steps[position].id)
    recursive = _recursion(script, parsed, findings)
    _silent_loops(script, parsed, recursive, findings)


def _place(parsed: Parsed, flow: str, position: int) -> Place:
    place: Place = parsed.flows[flow].get("steps")[position][0].place
    return place


# --- moves ------------------------------------------------------------------------------------------------------------


def moves_of(reaction: Reaction) -> Iterator[Move]:
    """The move of a reaction, and those for when its handoff fails."""
    yield reaction.then
    if isinstance(reaction.then, HandOff) and reaction.then.failed is not None:
        yield from moves_of(reaction.then.failed)


def _question_moves(question: Question) -> Iterator[Move]:
    for reaction in question.replies:
        yield from moves_of(reaction)
    for rung in question.rungs:
        yield from moves_of(rung.reaction)


def _own_moves(step: Step) -> Iterator[Move]:
    """All moves written in a step but those that end it."""
    if step.times is not None:
        yield step.after
    if step.must_hear is not None:
        yield step.must_hear.otherwise
    if step.question is not None:
        yield from _question_moves(step.question)
    if step.do is not None:
        yield from moves_of(step.do.failed)


def _last_moves(step: Step) -> Iterator[Move]:
    """The moves at the end of a step: its arms, and its own move unless an `else` takes that."""
    for branch in step.branches:
        yield branch.then
        if branch.when is None:
            return
    yield step.then
    if isinstance(step.then, HandOff) and step.then.failed is not None:
        yield from moves_of(step.then.failed)


def _anytime_moves(flow: Flow) -> Iterator[Move]:
    for item in flow.anytime.values():
        yield from moves_of(item.reaction)
        if item.after is not None:
            yield from moves_of(item.after)


def all_moves(script: Script) -> Iterator[Move]:
    """Every move of a script, in order of its place."""
    patterns = script.patterns
    for reaction in (patterns.error, patterns.too_long, patterns.machine, patterns.not_answered):
        yield from moves_of(reaction)
    for flow in script.flows.values():
        for step in flow.steps:
            yield from _own_moves(step)
            yield from _last_moves(step)
        yield from _anytime_moves(flow)


# --- reaching ---------------------------------------------------------------------------------------------------------


def _unreached(flow: Flow) -> list[int]:
    general = list(_anytime_moves(flow))
    open_ended = any(isinstance(move, Continue) for move in general)
    todo = [0] + [flow.index[move.step] for move in general if isinstance(move, Go) and move.step in flow.index]
    seen: set[int] = set()
    while todo:
        position = todo.pop()
        if position in seen or position >= len(flow.steps):
            continue
        seen.add(position)
        todo += _following(flow, position, open_ended)
    # Of two steps with one name only the first can be named; that has its own finding.
    return [n for n, step in enumerate(flow.steps) if n not in seen and flow.index[step.id] == n]


def _following(flow: Flow, position: int, open_ended: bool) -> list[int]:
    step = flow.steps[position]
    own = list(_own_moves(step))
    found = own
    if _finishes(step, own, open_ended):
        found = [*own, *_last_moves(step)]
    targets = []
    for move in found:
        if isinstance(move, Go) and move.step in flow.index:
            targets.append(flow.index[move.step])
        elif isinstance(move, CallFlow):
            targets.append(position + 1)
    if any(isinstance(move, Continue) for move in _last_moves(step)) and len(found) > len(own):
        targets.append(position + 1)
    return targets


def _finishes(step: Step, own: list[Move], open_ended: bool) -> bool:
    """Whether the end of the step is reached: an `ask` whose answers all lead elsewhere does not."""
    question = step.question
    if question is None or question.slot is not None:
        return True
    return open_ended or any(isinstance(move, Continue) for move in own)


def _flow_moves(flow: Flow) -> Iterator[Move]:
    for step in flow.steps:
        yield from _own_moves(step)
        yield from _last_moves(step)


def _idle_flows(script: Script, parsed: Parsed, findings: Findings) -> None:
    patterns = script.patterns
    general = (patterns.error, patterns.too_long, patterns.machine, patterns.not_answered)
    todo = [script.start, *_named(move for reaction in general for move in moves_of(reaction))]
    if script.satisfaction is not None:
        todo.append(script.satisfaction.flow)
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen or name not in script.flows:
            continue
        seen.add(name)
        flow = script.flows[name]
        todo += [*_named(_flow_moves(flow)), *_named(_anytime_moves(flow))]
    for name, fields in parsed.flows.items():
        if name not in seen:
            findings.add("flow_unused", fields.get("flow").place, name=name)


def _named(moves: Iterable[Move]) -> list[str]:
    return [move.flow for move in moves if isinstance(move, (Link, CallFlow))]


# --- circles ----------------------------------------------------------------------------------------------------------


def _silent_loops(script: Script, parsed: Parsed, recursive: set[str], findings: Findings) -> None:
    """Circles of steps in which nobody else ever has a turn; those by way of a `recursive` flow are told already."""
    assigned = _assigned(script)
    once = {script.satisfaction.flow} if script.satisfaction is not None else set[str]()
    passable = set(once)
    while True:
        edges = {
            (flow.name, n): _silent_edges(flow, n, assigned, passable)
            for flow in script.flows.values()
            for n in range(len(flow.steps))
        }
        found = once | {flow.name for flow in script.flows.values() if _runs_through(flow, edges)}
        if found == passable:
            break
        passable = found
    for _ in range(MAX_LOOPS):
        circle = _circle(edges)
        if circle is None:
            return
        for node in circle:
            edges.pop(node, None)
        if any(flow in recursive for flow, _ in circle):
            continue
        first = min(circle, key=lambda node: (list(script.flows).index(node[0]), node[1]))
        names = [script.flows[flow].steps[n].id for flow, n in circle]
        findings.add("silent_loop", _place(parsed, *first), name=" → ".join([*names, names[0]]))


def _circle(edges: dict[Node, set[Node]]) -> list[Node] | None:
    try:
        graphlib.TopologicalSorter(edges).prepare()
    except graphlib.CycleError as error:
        backwards: list[Node] = error.args[1]
        return backwards[:0:-1]  # it lists the first node twice, and each before what leads to it
    return None


def _silent_edges(flow: Flow, position: int, assigned: set[str], passable: set[str]) -> set[Node]:
    step = flow.steps[position]
    edges: set[Node] = set()
    if step.times is not None:
        moves = [step.after]  # the rest of the step is counted
    elif not _silent(step, assigned):
        return set()
    else:
        moves = list(_last_moves(step))
        if step.must_hear is not None:
            moves.append(step.must_hear.otherwise)
    for move in moves:
        following = position + 1 < len(flow.steps)
        if isinstance(move, Go) and move.step in flow.index:
            edges.add((flow.name, flow.index[move.step]))
        elif isinstance(move, (Link, CallFlow)):
            edges.add((move.flow, 0))
            if isinstance(move, CallFlow) and move.flow in passable and following:
                edges.add((flow.name, position + 1))
        elif not isinstance(move, HandOff) and following and isinstance(move, Continue):
            edges.add((flow.name, position + 1))
    return edges


def _silent(step: Step, assigned: set[str]) -> bool:
    """Whether the step can be walked without waiting for anybody."""
    question = step.question
    if question is None:
        return step.do is None
    # Filled once, it is passed over for ever, unless something sets or clears the variable.
    return question.slot is not None and not question.ask_before_filling and question.slot not in assigned


def _runs_through(flow: Flow, edges: dict[Node, set[Node]]) -> bool:
    """Whether the flow can run from its first step past its last without a wait."""
    last = len(flow.steps) - 1
    todo, seen = [(flow.name, 0)], set()
    while todo:
        node = todo.pop()
        if node in seen or node not in edges:
            continue
        seen.add(node)
        step = flow.steps[node[1]] if node[0] == flow.name else None
        if step is not None and node[1] == last and _can_run_out(step):
            return True
        todo += [target for target in edges[node] if target[0] == flow.name]
    return False


def _can_run_out(step: Step) -> bool:
    if step.question is not None or step.do is not None:
        return False
    return any(isinstance(move, (Continue, CallFlow)) for move in _last_moves(step))


def _assigned(script: Script) -> set[str]:
    """Variables that some `set` of the script, or a run of a flow, fills or clears."""
    found = set(own_values(script))

    def note(assigns: tuple[Assign, ...]) -> None:
        found.update(assign.variable for assign in assigns)

    def reactions(step: Step) -> Iterator[Reaction]:
        question, do = step.question, step.do
        if question is not None:
            yield from question.replies
            yield from (rung.reaction for rung in question.rungs)
        if isinstance(do, Do):
            yield do.failed

    for flow in script.flows.values():
        for item in flow.anytime.values():
            note(item.reaction.set)
            note(item.after.set if item.after else ())
        for step in flow.steps:
            note(step.set)
            for branch in step.branches:
                note(branch.set)
            for reaction in reactions(step):
                note(reaction.set)
    return found


def _recursion(script: Script, parsed: Parsed, findings: Findings) -> set[str]:
    """Flows that call one another in a circle, told and returned: the stack of flows grows with every round."""
    moves = {name: list(_flow_moves(flow)) for name, flow in script.flows.items()}
    calls = {name: _named(move for move in found if isinstance(move, CallFlow)) for name, found in moves.items()}
    recursive = _circles("call_recursion", script, parsed, calls, set(), findings)
    # Round by way of a link the stack grows too, but only when the caller takes that way again and again.
    following = {name: _named(found) for name, found in moves.items()}
    _circles("call_link_loop", script, parsed, following, set(recursive), findings)
    return recursive


def _circles(
    code: str, script: Script, parsed: Parsed, following: dict[str, list[str]], told: set[str], findings: Findings
) -> set[str]:
    for name, flow in script.flows.items():
        for position, step in enumerate(flow.steps):
            for move in (*_own_moves(step), *_last_moves(step)):
                if not isinstance(move, CallFlow) or name in told:
                    continue
                path = _path(move.flow, name, following)
                if path is not None:
                    told.update(path)
                    findings.add(code, _place(parsed, name, position), name=" → ".join([name, *path]))
    return told


def _path(start: str, goal: str, following: dict[str, list[str]]) -> list[str] | None:
    """A way from one flow to another, both ends included."""
    paths, seen = [[start]], {start}
    while paths:
        path = paths.pop(0)
        if path[-1] == goal:
            return path
        for name in following.get(path[-1], ()):
            if name not in seen:
                seen.add(name)
                paths.append([*path, name])
    return None
