"""Runs of flows: one is entered with values of its own, leaves results to its caller, and gives back what it covered.

A flow's `local` variables belong to one run of it. Everything else is common to the whole call.
"""

from collections.abc import Sequence

from huashu.core.values import Scalar
from huashu.dialogue.ending import rate
from huashu.dialogue.filling import take
from huashu.dialogue.state import Call, Frame
from huashu.flows.script import Assign, CallFlow, Flow, Link
from huashu.values.registry import canonical


def enter(call: Call, target: CallFlow, *, digression: bool) -> None:
    """A called flow. Raises ExpressionError or UsageError, with nothing changed, when its values cannot be computed."""
    given = _given(call, target.give)
    call.stack.append(_begun(call, call.script.flows[target.flow], given, digression=digression, keep=target.keep))
    take(call)


def link(call: Call, target: Link) -> None:
    """Another flow in place of this one, whose run is over: what its caller keeps is kept now. Raises as `enter`."""
    given = _given(call, target.give)
    over = leave(call)
    call.stack.append(_begun(call, call.script.flows[target.flow], given, digression=over.digression))
    take(call)


def enter_over(call: Call, target: CallFlow, *, digression: bool) -> None:
    """A called flow that has nothing to do: it is over, and nothing is kept of it."""
    flow = call.script.flows[target.flow]
    call.stack.append(Frame(flow, at=len(flow.steps), digression=digression))


def link_over(call: Call, target: Link) -> None:
    """Likewise one that is linked to."""
    over = leave(call)
    flow = call.script.flows[target.flow]
    call.stack.append(Frame(flow, at=len(flow.steps), digression=over.digression))


def idle(call: Call, flow: str) -> bool:
    """Whether a flow has nothing to do: the caller has been asked how it was, or is not to be."""
    survey = call.script.satisfaction
    if survey is None or survey.flow != flow:
        return False
    return bool(call.survey) or (survey.human_only and not call.person.served)


def leave(call: Call) -> Frame:
    """The run on top is over: its caller's variables come back, then what the caller keeps of the run is written."""
    frame = call.stack.pop()
    _asked(call, frame)
    kept = [(variable, call.slots.get(own)) for variable, own in frame.keep]
    _restore(call, frame)
    for variable, value in kept:
        call.fill(variable, value)
    return frame


def unwind(call: Call, left: int) -> None:
    """Give up the runs above the lowest `left`: nothing of them is kept."""
    while len(call.stack) > left:
        frame = call.stack.pop()
        _asked(call, frame)
        _restore(call, frame)


def only(call: Call) -> None:
    """Nothing waits for the run on top any more."""
    frame = call.stack[-1]
    frame.keep, frame.digression = (), False
    call.stack[:] = [frame]


def _given(call: Call, give: Sequence[Assign]) -> dict[str, Scalar]:
    """Values for the run's own variables, computed by the caller's."""
    given: dict[str, Scalar] = {}
    for assign in give:
        value = assign.value.evaluate(call.scope)
        kind = call.script.variables[assign.variable].type
        given[assign.variable] = value if value is None else canonical(kind, value)
    return given


def _begun(
    call: Call, flow: Flow, given: dict[str, Scalar], *, digression: bool, keep: tuple[tuple[str, str], ...] = ()
) -> Frame:
    survey = call.script.satisfaction
    if survey is not None and survey.flow == flow.name and not call.survey:
        call.survey = "asked"
    covered = {name: call.slots.get(name) for name in flow.local} if flow.local else None
    for name in flow.local:
        call.slots[name] = given.get(name, call.script.variables[name].default)
    return Frame(flow, digression=digression, covered=covered, keep=keep)


def _asked(call: Call, frame: Frame) -> None:
    """The flow that asks how it was is over."""
    survey = call.script.satisfaction
    if survey is not None and frame.flow.name == survey.flow:
        rate(call)


def _restore(call: Call, frame: Frame) -> None:
    if frame.covered is not None:
        call.slots.update(frame.covered)
