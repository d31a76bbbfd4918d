"""Runs of flows: one is entered with values of its own, leaves results to its caller, and gives back what it covered.

A flow's `local` variables belong to one run of it. Everything else is common to the whole call.
"""

from collections.abc import Sequence

from huashu.core.values import Scalar
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


def leave(call: Call) -> Frame:
    """The run on top is over: its caller's variables come back, then what the caller keeps of the run is written."""
    frame = call.stack.pop()
    kept = [(variable, call.slots.get(own)) for variable, own in frame.keep]
    _restore(call, frame)
    for variable, value in kept:
        call.fill(variable, value)
    return frame


def unwind(call: Call, left: int) -> None:
    """Give up the runs above the lowest `left`: nothing of them is kept."""
    while len(call.stack) > left:
        _restore(call, call.stack.pop())


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
    covered = {name: call.slots.get(name) for name in flow.local} if flow.local else None
    for name in flow.local:
        call.slots[name] = given.get(name, call.script.variables[name].default)
    return Frame(flow, digression=digression, covered=covered, keep=keep)


def _restore(call: Call, frame: Frame) -> None:
    if frame.covered is not None:
        call.slots.update(frame.covered)
