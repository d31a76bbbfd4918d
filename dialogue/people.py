"""When the conversation is not the bot's alone: a person joins, leaves or does not come, nobody or a machine answers,
time is up."""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil

from huashu.core.errors import UsageError
from huashu.core.events import AnsweredBy, Cause
from huashu.core.values import Scalar
from huashu.dialogue import runs
from huashu.dialogue.asking import close_question, drop_words, reask
from huashu.dialogue.ending import end
from huashu.dialogue.state import Call
from huashu.dialogue.walk import abandon, acted, await_late, conclude, disclose, fail, react, run
from huashu.flows.limits import MAX_NOBODY
from huashu.flows.script import AfterBeep, Back, Continue, End, HandOff, Link, Stay

MAX_ANNOUNCED = 20
"""Times that a caller hears where they stand in one queue."""
OVERTIME = 120.0
"""Seconds for what the `too_long` pattern leads to (a person, a last question); then the call ends."""


def joined(call: Call) -> None:
    """A person owns the call. A running action goes on; what it answers is kept for when the bot is back."""
    call.interrupt()
    close_question(call)
    call.clock.cancel("human", "length", "late", "greeting", "quiet")
    drop_words(call)
    call.person.served = True
    call.person.words = call.person.telling = None
    call.phase = "human"


def told(call: Call, text: str, spoken: str) -> None:
    """The centre has something to say to a caller whom no person hears: at once, or when what is being said has ended.
    Of words told meanwhile the newest count; those that are being said are not said twice."""
    person = call.person
    if not text.strip():
        return
    being_said = person.telling if call.mouth.outstanding else None
    person.words = None if being_said == (text, spoken) else (text, spoken)
    tell(call)


def tell(call: Call) -> None:
    """What the centre has to say, if that has not been said and nothing is being said."""
    if call.phase == "human" and not call.mouth.outstanding:
        _relay(call)


def _relay(call: Call) -> None:
    person = call.person
    if person.words is not None:
        person.telling, person.words = person.words, None
        call.relay(*person.telling)


def returned(call: Call, step: str | None, values: Mapping[str, Scalar]) -> None:
    """A person gives the conversation back: to a named step of this flow, or of one that waits for it, if it exists;
    else where it was; the end, if they were called because an action had failed. What the centre had still to say
    (nobody is free) is said before, in place of what it was saying (a queue that the caller has left)."""
    if call.person.words is not None:
        call.interrupt()
        _relay(call)
    call.phase = "talking"
    call.person.handoff, call.person.id = None, ""
    call.overtime = False
    call.turns = 0
    call.clock.set("length", call.now + call.script.settings.max_seconds)
    named = _named(call, step or "")
    survey = call.script.satisfaction
    closed = survey is not None and (step or "").partition(".")[0] == survey.flow
    if named is not None:
        runs.unwind(call, named[0])  # what was called from there is given up
    for name, value in values.items():
        own = survey is not None and name == survey.slot  # what callers think of it is not the agent's to say
        if name in call.script.variables and not own:
            try:
                call.fill(name, value)
            except UsageError:
                continue  # an agent's slip must not cost the caller the conversation; the slot keeps its value
    frame = call.frame
    frame.silence = 0
    call.person.back = not closed
    if closed and survey is not None:
        _closed(call, survey.flow, named)
    elif named is not None:
        abandon(call)
        frame.at, frame.part = named[1], "start"
    elif frame.part == "failed":
        end(
            call, "handoff"
        )  # the person dealt with it; what the script says next would claim that the action succeeded
    elif _taken_up(call):
        call.person.back = False  # what was interrupted is said or waited for; nothing is begun anew
    elif frame.part == "done":
        reask(call)
    run(call)


def _closed(call: Call, survey: str, named: tuple[int, int] | None) -> None:
    """The person has closed the conversation: nothing that waited is gone back to; the caller is asked how it was.
    named: where in the stack (unwound so far) that is going on already."""
    call.person.settled = True
    abandon(call)
    if named is not None:
        frame = call.frame
        runs.only(call)
        frame.at, frame.part = named[1], "start"
        return
    runs.unwind(call, 1)
    if runs.idle(call, survey):
        end(call, "handoff")
    else:
        runs.link(call, Link(survey))


def _named(call: Call, step: str) -> tuple[int, int] | None:
    """ "step" of the flow on top, or "flow.step" of the topmost run of that flow: how many flows are left then, and the
    step's number."""
    for depth in range(len(call.stack), 0, -1):
        flow = call.stack[depth - 1].flow
        name = step.removeprefix(f"{flow.name}.")
        if name in flow.index and (name != step or depth == len(call.stack)):
            return depth, flow.index[name]
    return None


def queued(call: Call, position: int, wait: float) -> None:
    """The caller waits for a person, and hears where they stand: at once, or when what is being said has ended. Of
    places told meanwhile the newest counts; the one that is being told is not told twice."""
    person, place = call.person, (max(0, position), ceil(max(0.0, wait) / 60))
    telling = person.announced in call.mouth.outstanding and place == person.place
    person.place = place
    person.untold = person.untold or not telling
    announce(call)


def announce(call: Call) -> None:
    """Where the caller stands, if they have not been told and nothing is being said."""
    person, prompt = call.person, call.script.patterns.queued
    if not person.untold or call.phase != "calling_human" or call.mouth.outstanding:
        return
    person.untold = False
    if prompt is not None and call.bump(f"queued:{person.id}") <= MAX_ANNOUNCED:
        call.reached.append("pattern:queued")
        person.announced = call.say(prompt, "queued")


def nobody_came(call: Call, cause: str) -> None:
    """The handoff failed: what the script says of that, else its error pattern."""
    person, target = call.person, call.person.handoff
    person.handoff, person.id = None, ""
    person.nobody = cause
    if person.announced in call.mouth.outstanding:
        call.interrupt()  # where they stood in a queue that they no longer stand in
    call.clock.cancel("human")
    call.phase = "talking"
    failed = target.failed if target is not None else None
    if failed is None or (isinstance(failed.then, (Back, Stay)) and call.bump("nobody") > MAX_NOBODY):
        fail(call)
    elif isinstance(failed.then, (Back, Stay, Continue)):
        react(call, replace(failed, then=Continue()), "nobody")
        if not _taken_up(call) and not isinstance(failed.then, Continue):
            reask(call)
    else:
        if not isinstance(failed.then, HandOff):
            abandon(call)
        react(call, failed, "nobody")
    run(call)


def _taken_up(call: Call) -> bool:
    """Go on with what a person's coming interrupted: an action, which may have answered meanwhile, or a disclosure."""
    running = call.running
    if running is not None:
        call.phase = "acting"
        await_late(call, running.do)
        if running.result is not None:
            acted(call, *running.result)
        return True
    line = call.frame.step.say if call.disclosure else None
    if line is not None:
        disclose(call, line)
    return line is not None


def answered_by(call: Call, by: AnsweredBy, cause: Cause | None) -> None:
    """Who has picked up. Of a machine the first verdict counts."""
    if call.phase in ("greeting", "closing"):
        return
    call.answered_by = by, cause
    if by in ("human", "uncertain"):
        return
    if call.phase == "ringing":
        unreached(call)
    elif call.phase != "human":
        call.clock.cancel("human")
        if by == "voicemail" and call.script.patterns.after_beep is not None:
            _await_beep(call, call.script.patterns.after_beep)
        else:
            _machine(call, message=False)


def _machine(call: Call, *, message: bool) -> None:
    """The pattern. A message is for voicemails: nothing else hears it."""
    pattern = call.script.patterns.machine
    if call.script.patterns.after_beep is not None and not message:
        pattern = replace(pattern, say=None)
    call.phase = "talking"
    conclude(call, pattern, "machine")
    run(call)


def _await_beep(call: Call, wait: AfterBeep) -> None:
    """Nothing more is said into the greeting, which may be over already."""
    if call.mouth.outstanding:
        call.silent_since = call.now
    call.interrupt()
    close_question(call)
    abandon(call)
    drop_words(call)
    call.phase = "greeting"
    call.clock.set("greeting", call.now + wait.within)
    if "speech" not in call.clock.held:
        call.clock.set("quiet", max(call.now, call.silent_since + wait.quiet))


def leave_message(call: Call) -> None:
    """The greeting is over, or has been waited for long enough."""
    call.clock.cancel("greeting", "quiet")
    _machine(call, message=True)


def unreached(call: Call) -> None:
    """Nobody has picked up: there is nobody to talk to, whatever else the pattern says."""
    pattern = call.script.patterns.not_answered
    then = pattern.then if isinstance(pattern.then, End) else End("not_answered")
    conclude(call, replace(pattern, then=then), "not_answered")
    call.phase = "closed"


def too_long(call: Call) -> None:
    """The call has reached its greatest length. The pattern once, or the person who is being called; then the end."""
    if call.overtime:
        end(call, "too_long")
        return
    call.overtime = True
    if call.phase == "calling_human":
        call.clock.set("length", call.now + OVERTIME + call.script.settings.human_within)
        return
    call.clock.set("length", call.now + OVERTIME)
    call.phase = "talking"
    conclude(call, call.script.patterns.too_long, "too_long")
    run(call)
