"""How a conversation ends: the last words, the outcome, what the caller thought of it. Each is written down once."""

from huashu.core.actions import CallbackRequested, Disposition, Hangup, OptOut, Rated
from huashu.core.errors import UsageError
from huashu.dialogue.asking import close_question
from huashu.dialogue.state import Call
from huashu.flows.expressions import ExpressionError
from huashu.flows.script import SCORES, Ending

HANGUP_WITHIN = 30.0
"""Seconds that last words may take to play."""
BUILTIN_ENDING = Ending("completed")


def end(call: Call, name: str) -> None:
    """Say the last words, write down the outcome, hang up when they have been played. Once."""
    if call.phase in ("closing", "closed"):
        return
    call.reached.append(f"ending:{name}")
    close_question(call)
    call.clock.clear()
    ending = call.frame.flow.endings.get(name, BUILTIN_ENDING) if call.stack else _bot_ending(call, name)
    if ending.result == "opt_out":
        opt_out(call)
    if ending.result == "callback":
        call.emit(CallbackRequested(call.next_id()))
    if call.phase != "ringing":
        try:
            if ending.send is not None:
                call.send(ending.send)
            if ending.say is not None:
                call.say(ending.say, f"ending:{name}")
        except (ExpressionError, UsageError):
            pass  # the goodbye could not be rendered; the outcome still counts
    dispose(call, ending.name, ending.result, ending.label)
    call.emit(Hangup(call.next_id(), HANGUP_WITHIN))
    call.changed = False
    call.phase = "closing" if call.mouth.outstanding or call.started.marks == "sent" else "closed"
    call.clock.set("closing", call.now + HANGUP_WITHIN)


def opt_out(call: Call) -> None:
    """The caller refuses further calls. Recorded once."""
    if call.bump("opt_out") == 1:
        call.emit(OptOut(call.next_id()))


def _bot_ending(call: Call, name: str) -> Ending:
    """An ending reached before any flow was entered (not answered, a machine)."""
    return call.script.flows[call.script.start].endings.get(name, BUILTIN_ENDING)


def dispose(call: Call, ending: str, result: str, label: str = "") -> None:
    """Write down how it ended, once."""
    if not call.disposed:
        call.disposed = True
        rate(call)
        if call.person.settled:
            ending, result, label = "handoff", "handoff", ""
        values = {name: value for name, value in call.slots.items() if value is not None}
        call.emit(Disposition(call.next_id(), ending, result, label, values, call.arms))


def rate(call: Call) -> None:
    """The caller has been asked how it was: what they answered, or that they did not. Once."""
    survey = call.script.satisfaction
    if survey is None or call.survey != "asked":
        return
    call.survey = "rated"
    score, (low, high) = call.slots.get(survey.slot), SCORES[survey.kind]
    if not (isinstance(score, int) and low <= score <= high):
        score = None  # or an action has filled in something else
    call.emit(Rated(call.next_id(), survey.kind, score))
