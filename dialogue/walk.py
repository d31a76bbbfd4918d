"""Walking a script: entering steps, running actions, making moves. Each function leaves the Call waiting for something.

The walk stops where somebody else is next: a question is open, an action runs, a must-hear line plays, a person is
called, the call closes. What the script cannot compute at run time (a variable without a value, a value of the wrong
type) surfaces as ExpressionError or UsageError; the engine catches both in one place and turns them into `fail`.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import assert_never

from huashu.core.actions import Handoff, RunAction
from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.dialogue import knowing, runs
from huashu.dialogue.asking import ask, close_question, open_question, reask
from huashu.dialogue.ending import end
from huashu.dialogue.state import MAX_STACK, Call, Frame, Running
from huashu.flows.script import (
    UNFORESEEN,
    Assign,
    Back,
    Branch,
    CallFlow,
    Continue,
    Do,
    End,
    Go,
    HandOff,
    Link,
    Move,
    Prompt,
    Reaction,
    Stay,
)
from huashu.nlu.builtin import SAME
from huashu.values.registry import canonical

MAX_STEPS = 1000
"""Steps walked without waiting for anybody; more is a loop, and goes to the error pattern."""


def start(call: Call, flow: str) -> None:
    runs.enter(call, CallFlow(flow), digression=False)
    run(call)


def run(call: Call) -> None:
    """Walk until something has to be waited for."""
    for _ in range(MAX_STEPS):
        if call.phase != "talking" or call.question is not None:
            return
        if _advance(call):
            return
    fail(call)
    run(call)  # where the error pattern leads; a second failure ends the call


def _advance(call: Call) -> bool:
    """Run the next part of the current step; True when it waits."""
    frame = call.frame
    if frame.at >= len(frame.flow.steps):
        return _flow_over(call)
    step = frame.step
    match frame.part:
        case "start":
            return _enter(call, frame)
        case "said":
            frame.part = "done"
            if step.question is not None:
                return open_question(call, step.question)
            if step.do is not None:
                _act(call, step.do)
                return True
        case "done":
            branch = _taken(call, step.branches)
            if branch is not None:
                _assign(call, branch.set)
            _leave(call, branch.then if branch is not None else step.then)
        case "returned":
            _leave(call, Continue())
        case "failed":
            fail(call)
        case _:
            assert_never(frame.part)
    return False


def _enter(call: Call, frame: Frame) -> bool:
    step = frame.step
    if step.times is not None and call.bump(f"{call.step}:entered") > step.times:
        _leave(call, step.after)
        return False
    call.reached.append(f"step:{call.step}")
    if any(call.slots.get(name) != value for name, value in step.needs):
        fail(call)
        return False
    _assign(call, step.set)
    call.speak(step.language)
    if step.send is not None:
        call.send(step.send)
    frame.part = "said"
    frame.replays = 0
    if step.say is not None and step.must_hear is None:
        call.say(step.say, "say")
    elif step.say is not None:
        disclose(call, step.say)
    return call.phase == "hearing"


def disclose(call: Call, line: Prompt) -> None:
    """Say what must be heard. Where nobody reports playback it counts as heard at once."""
    identity = call.say(line, "say", whole=True)
    if identity in call.mouth.outstanding:
        call.phase = "hearing"
        call.disclosure = identity


def heard_out(call: Call, played: float) -> None:
    """The must-hear line is over: go on, say it again, or give up."""
    step = call.frame.step
    call.phase = "talking"
    call.disclosure = ""
    if step.must_hear is None or step.say is None or played >= 1.0:
        run(call)
        return
    call.frame.replays += 1
    if call.frame.replays <= step.must_hear.replays:
        disclose(call, step.say)
        return
    move(call, step.must_hear.otherwise)
    run(call)


def _flow_over(call: Call) -> bool:
    frame = call.stack[-1]
    if len(call.stack) == 1:
        end(call, frame.flow.ending)
        return True
    runs.leave(call)
    caller = call.frame
    if frame.digression and caller.step.question is not None:
        return reask(call, announced=True)
    caller.part = "returned"
    return False


def _taken(call: Call, branches: tuple[Branch, ...]) -> Branch | None:
    for number, branch in enumerate(branches, 1):
        if branch.when is None or branch.when.evaluate(call.scope):
            call.reached.append(f"branch:{call.step}.{number}")
            return branch
    return None


def _assign(call: Call, assigns: tuple[Assign, ...]) -> None:
    for assign in assigns:
        call.fill(assign.variable, assign.value.evaluate(call.scope))


# --- actions of the bank --------------------------------------------------------------------------------------------


def _act(call: Call, do: Do) -> None:
    call.phase = "acting"
    call.running = Running(do, call.next_id())
    call.emit(RunAction(call.running.id, do.action, _arguments(call, do), do.timeout))
    call.clock.set("action", call.now + do.timeout)
    call.counts["late"] = 0
    await_late(call, do)


def await_late(call: Call, do: Do) -> None:
    """The next line for a caller who waits for the action, if the script has one more."""
    rung = call.counts["late"]
    if rung < len(do.late):
        call.clock.set("late", call.now + do.late[rung].after)


def _arguments(call: Call, do: Do) -> dict[str, Scalar]:
    if do.args:
        return {name: value.evaluate(call.scope) for name, value in do.args.items()}
    return {
        name: value
        for name, value in call.slots.items()
        if value is not None and not call.script.variables[name].private
    }


def abandon(call: Call) -> None:
    """What an action will answer, whether a disclosure was heard or a greeting is over, no longer matters."""
    call.running = None
    call.disclosure = ""
    call.clock.cancel("action", "late", "greeting", "quiet")


def acted(call: Call, ok: bool, values: Mapping[str, Scalar]) -> None:
    """The running action is over, by result or by timeout. While a person has the call, that is only noted."""
    running = call.running
    if running is None:
        return
    if call.phase != "acting":
        call.clock.cancel("action")
        running.result = (ok, values)
        return
    abandon(call)
    call.phase = "talking"
    try:
        if ok:
            known = call.script.variables
            call.slots |= {
                name: None if value is None else canonical(known[name].type, value)
                for name, value in values.items()
                if name in known
            }
    except UsageError:
        ok = False
    failed = running.do.failed
    if not ok and failed is UNFORESEEN:
        fail(call)
    elif not ok:
        call.reached.append(f"failed:{call.step}")
        if isinstance(failed.then, HandOff):
            call.frame.part = "failed"
        react(call, failed, "failed")
    run(call)


# --- moves ----------------------------------------------------------------------------------------------------------


def react(call: Call, reaction: Reaction, key: str, *, digression: bool = False) -> None:
    """Set, send, say, move. `key` names the reaction within its step, for tapering."""
    _assign(call, reaction.set)
    call.speak(reaction.language)
    if reaction.send is not None:
        call.send(reaction.send)
    if reaction.knowledge is not None:
        knowing.tell(call, reaction.knowledge)
    if reaction.say is not None:
        call.say(reaction.say, key)
    move(call, reaction.then, key, digression=digression)


def conclude(call: Call, reaction: Reaction, name: str) -> None:
    """React to something after which the conversation cannot just go on: nothing that waited is gone back to, and when
    the reaction does not leave, this is the end."""
    close_question(call)
    abandon(call)
    if isinstance(reaction.then, (Link, CallFlow)):
        runs.unwind(call, 1)
        reaction = replace(reaction, then=Link(reaction.then.flow, reaction.then.give))
    call.reached.append(f"pattern:{name}")
    react(call, reaction, name)
    if isinstance(reaction.then, (Continue, Back, Stay)):
        end(call, name)


def _leave(call: Call, target: Move) -> None:
    """The step itself is over: its own move, or the next step."""
    if isinstance(target, (Continue, Back, Stay)):
        call.frame.at += 1
        call.frame.part = "start"
    else:
        if isinstance(target, HandOff):
            call.frame.part = "returned"  # when nobody comes, or the person is done, the step is not run again
        move(call, target)


def move(call: Call, target: Move, key: str = "", *, digression: bool = False) -> None:
    """Make a reaction's move. Continue: on with what is left of the current step. `key`: of the reaction.

    Without an open question Back and Stay have nothing to return to and mean Continue.
    """
    question = call.question
    match target:
        case Back() if question is not None:
            ask(call, question)
        case Stay() if question is not None:
            pass
        case Back() | Stay() | Continue():
            close_question(call)
        case Go(step):
            close_question(call)
            call.frame.at = call.frame.flow.index[step]
            call.frame.part = "start"
        case Link():
            close_question(call)
            (runs.link_over if runs.idle(call, target.flow) else runs.link)(call, target)
        case CallFlow():
            close_question(call)
            if len(call.stack) >= MAX_STACK:
                fail(call)
            else:
                enter = runs.enter_over if runs.idle(call, target.flow) else runs.enter
                enter(call, target, digression=digression and question is not None)
        case End(ending):
            end(call, ending)
        case HandOff():
            hand_off(call, target, _why(key))
        case _:
            assert_never(target)


def _why(key: str) -> str:
    """What makes the bot call a person, by the key of the reaction: see `Handoff.reason`."""
    kind, _, name = key.partition(":")
    if kind == "anytime" and name in ("转人工", SAME["转人工"]):
        return "requested"
    return {"unclear": "no_match", "failed": "error", "error": "error"}.get(kind, "script")


def hand_off(call: Call, target: HandOff, reason: str) -> None:
    close_question(call)
    call.clock.cancel("late")
    call.phase = "calling_human"
    within = call.script.settings.human_within
    call.clock.set("human", call.now + within)
    person = call.person
    person.handoff, person.id = target, call.next_id()
    person.place, person.untold = (0, 0), False
    call.emit(Handoff(person.id, target.queue, reason, within))


def fail(call: Call) -> None:
    """The script has no way on. The error pattern once; if that fails too, the end: it cannot fail again."""
    call.failures += 1
    abandon(call)
    call.clock.cancel("human")
    if call.phase != "ringing":
        call.phase = "talking"
    if call.failures == 1:
        conclude(call, call.script.patterns.error, "error")
    else:
        end(call, "error")
