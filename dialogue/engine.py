"""One conversation as a value machine: `receive(event, now)` gives actions, `deadline` says when to wake it.

This file is the automaton itself: what each event means in each phase. What the bot then does lives in `walk` (steps
and moves), `asking` and `ending` (questions; the last words), `hearing` (voices and their words), `answers` and
`keypad` (what they are answered) and `people` (whom else the call belongs to).
"""

from collections.abc import Mapping
from typing import assert_never

from huashu.core.actions import Action, HumanSay, Listen, Say
from huashu.core.errors import UsageError
from huashu.core.events import (
    ActionResult,
    Answered,
    Beep,
    Dtmf,
    EngineFailed,
    Event,
    HandoffFailed,
    HandoffQueued,
    Heard,
    HumanJoined,
    HumanLeft,
    HumanSaid,
    HungUp,
    MachineDetected,
    NotAnswered,
    PlaybackEnded,
    PlaybackMark,
    PlaybackStarted,
    Resumed,
    Ringing,
    SpeechStarted,
    SpeechStopped,
    Started,
    Ticked,
    Understood,
)
from huashu.core.expect import NOTHING, Expectation
from huashu.core.values import Values
from huashu.dialogue import answers, hearing, keypad, people, walk
from huashu.dialogue.ending import dispose, end
from huashu.dialogue.mouth import Spoken
from huashu.dialogue.opening import local_time
from huashu.dialogue.state import Call
from huashu.flows.expressions import ExpressionError
from huashu.flows.script import Script

NEVER = float("inf")
RING_WITHIN = 120.0
"""Seconds an outbound call may ring before it counts as not answered (dials are usually limited to 60)."""


class Conversation:
    """One call or chat. Events must come in order; `now` is seconds since Started and never decreases.

    The first event is Started at now=0. After `closed` every event is ignored.
    """

    __slots__ = ("_call", "_script")

    def __init__(self, script: Script) -> None:
        self._script = script
        self._call: Call | None = None

    # --- what the shell sees ------------------------------------------------------------------------------------------

    @property
    def deadline(self) -> float | None:
        """The instant, in seconds since Started, at which `tick` is due; None when nothing is awaited."""
        return self._call.clock.deadline if self._call and self._call.phase != "closed" else None

    @property
    def closed(self) -> bool:
        return self._call is not None and self._call.phase == "closed"

    @property
    def expectation(self) -> Expectation:
        return self._call.expectation if self._call else NOTHING

    @property
    def owner(self) -> str:
        """ "human" while a person owns the call (the bot is then silent), else "bot"."""
        return "human" if self._call and self._call.phase == "human" else "bot"

    @property
    def step(self) -> str:
        """ "flow.step" the conversation stands at."""
        return self._call.step if self._call else ""

    @property
    def holding(self) -> bool:
        """The caller has asked to wait and is being waited for."""
        return self._call is not None and self._call.holding is not None

    @property
    def slots(self) -> Values:
        return self._call.slots if self._call else {}

    @property
    def arms(self) -> Mapping[str, str]:
        """Experiment → the arm of this call."""
        return self._call.arms if self._call else {}

    @property
    def reached(self) -> list[str]:
        """What of the script the last event ran: "step:", "answer:", "value:", "anytime:", "silence:", "unclear:",
        "hold:", "skip:", "late:", "failed:", "branch:", "pattern:", "ending:", "arm:", each followed by where."""
        return self._call.reached if self._call else []

    @property
    def trouble(self) -> str:
        """Why the script had no way on at the last event, and where ("flow.step: 【x】 has no value"); "": it had."""
        return self._call.trouble if self._call else ""

    @property
    def ledger(self) -> list[Spoken]:
        """What was said and how much of it was played, oldest first."""
        return self._call.mouth.ledger if self._call else []

    # --- events in, actions out ---------------------------------------------------------------------------------------

    def tick(self, *, now: float) -> list[Action]:
        """The deadline has come."""
        return self.receive(Ticked(), now=now)

    def receive(self, event: Event, *, now: float) -> list[Action]:
        """What to do about an event.

        Raises:
            UsageError: the first event is not Started, Started comes twice or holds an unknown variable or zone,
                or `now` runs backwards or is no number. The state is then unchanged.
        """
        call = self._call
        if call is None:
            return self._start(event, now)
        if isinstance(event, Started):
            raise UsageError("the conversation has been started already")
        if not call.now <= now < NEVER:
            raise UsageError(f"now={now} lies before the last event at {call.now}, or is no instant")
        if call.phase == "closed":
            return []
        call.begin(now)
        _unfailingly(call, event)
        return _finish(call)

    def _start(self, event: Event, now: float) -> list[Action]:
        if not isinstance(event, Started):
            raise UsageError(f"a conversation begins with Started, not {type(event).__name__}")
        if not 0.0 <= now < NEVER:
            raise UsageError(f"now={now} is no instant of a conversation that begins")
        local_time(event, now)
        self._call = Call(self._script, event)
        self._call.begin(now)
        self._call.reached += [f"arm:{name}.{arm}" for name, arm in self._call.arms.items()]
        self._call.clock.set("ring", now + RING_WITHIN)
        return []


def _unfailingly(call: Call, event: Event) -> None:
    """Dispatch. What the script cannot compute goes to its error pattern; if that fails as well, to the end."""
    try:
        _dispatch(call, event)
    except (ExpressionError, UsageError) as error:
        why = str(error) if isinstance(error, ExpressionError) else "a value that is none of its type"
        call.trouble = f"{call.step}: {why}"
        try:
            walk.fail(call)
            walk.run(call)
        except (ExpressionError, UsageError):
            end(call, "error")


def _dispatch(call: Call, event: Event) -> None:
    match event:  # what comes most often stands first: each case is a test
        case Understood() | Heard() | SpeechStarted() | SpeechStopped() | Dtmf():
            if call.phase in ("talking", "acting", "hearing", "calling_human"):
                hearing.caller(call, event)
            elif call.phase == "human":
                hearing.overheard(call, event)
            elif call.phase == "greeting":
                hearing.greeted(call, event)
            elif call.phase == "closing" and isinstance(event, Understood):
                answers.parting(call, event)
        case Started() | Ringing():
            pass
        case Answered():
            _answered(call)
        case NotAnswered():
            if call.phase == "ringing":
                people.unreached(call)
        case MachineDetected(by=by, cause=cause):
            people.answered_by(call, by, cause)
        case Beep():
            if call.phase == "greeting":
                people.leave_message(call)
        case HungUp(by=by):
            _hung_up(call, by)
        case Ticked():
            _ticked(call)
        case Resumed(downtime=downtime):
            call.clock.shift(max(0.0, downtime))
            call.watch()
        case PlaybackStarted(say=say):
            call.sounds(say)
            call.watch()
        case PlaybackMark(say=say, played=played):
            call.mouth.played(say, played)
            call.watch()
        case PlaybackEnded(say=say, played=played):
            _played(call, say, played)
        case ActionResult(action=action, ok=ok, values=values):
            if call.running is not None and action == call.running.id and call.running.result is None:
                walk.acted(call, ok, values)
        case HumanJoined(handoff=handoff):
            if call.phase not in ("closing", "ringing") and handoff in ("", call.person.id):
                people.joined(call)
        case HumanLeft(step=step, values=values):
            if call.phase == "human":
                people.returned(call, step, values)
        case HandoffQueued(position=position, wait=wait, handoff=handoff):
            if call.phase == "calling_human" and handoff in ("", call.person.id):
                people.queued(call, position, wait)
        case HumanSaid(text=text, agent=agent, centre=centre, spoken=spoken):
            if call.phase == "human" and call.started.medium == "text":
                call.emit(HumanSay(call.next_id(), text, agent))
            elif call.phase == "human" and centre:
                people.told(call, text, spoken)
        case HandoffFailed(cause=cause, handoff=handoff):
            if call.phase == "calling_human" and handoff in ("", call.person.id):
                people.nobody_came(call, cause)
        case EngineFailed():
            if call.phase in ("talking", "acting", "hearing"):  # a person who is called, or there, needs no engine
                walk.fail(call)
                walk.run(call)
        case _:
            assert_never(event)


def _finish(call: Call) -> list[Action]:
    """Close the turn: after words, an open question is followed by Listen and by its silence clock."""
    if call.question is not None and (call.changed or not call.clock.awaiting):
        if call.changed:
            call.listen()
        answers.await_silence(call)
    if call.changed:
        call.mouth.remember(call.out)
        if any(isinstance(action, Say) for action in call.out):
            call.audible.said()
        call.watch()
        _mark_reply(call)
    return call.out


def _mark_reply(call: Call) -> None:
    """The last line before a Listen says so, for voices that raise their pitch and edges that show a cursor."""
    if len(call.out) > 1 and isinstance(call.out[-1], Listen):
        say = call.out[-2]
        if isinstance(say, Say):
            # not dataclasses.replace: it re-reads the field list on every turn
            call.out[-2] = Say(
                say.id,
                say.text,
                say.spoken,
                say.language,
                say.audio,
                say.voice,
                say.barge_in,
                say.step,
                say.fixed,
                True,
                say.rate,
                say.parts,
            )


# --- the life of a call -----------------------------------------------------------------------------------------------


def _answered(call: Call) -> None:
    if call.phase != "ringing":
        return
    call.phase = "talking"
    call.clock.cancel("ring")
    call.clock.set("length", call.now + call.script.settings.max_seconds)
    walk.start(call, call.script.start)


def _hung_up(call: Call, by: str) -> None:
    if call.phase == "ringing":
        dispose(call, "not_answered", "not_answered")
    elif call.phase == "human" or (call.phase == "calling_human" and by == "human"):
        dispose(call, "handoff", "handoff")
    elif call.phase == "greeting":
        dispose(call, "machine", "machine")
    elif call.phase != "closing":
        dispose(call, "hung_up", "hung_up")
    call.question = None
    call.phase = "closed"


def _ticked(call: Call) -> None:
    """Ring whatever is due, in order of time."""
    for _ in range(16):
        name = call.clock.due(call.now)
        match name:
            case None:
                return
            case "silence":
                answers.silent(call)
            case "words" | "speech":
                hearing.no_end(call)
            case "meaning":
                hearing.understood(call, Understood(text=""))
            case "late":
                answers.late(call)
            case "action":
                walk.acted(call, False, {})
            case "human":
                people.nobody_came(call, "no_answer")
            case "digits":
                keypad.typed(call)
            case "ring":
                people.unreached(call)
            case "greeting" | "quiet":
                people.leave_message(call)
            case "length":
                people.too_long(call)
            case "playback":
                _unreported(call)
            case "closing":
                call.phase = "closed"


def _played(call: Call, say: str, share: float) -> None:
    entry = call.mouth.ended(say, share)
    if entry is None:
        return
    if say == call.disclosure:
        if call.phase == "hearing":
            walk.heard_out(call, entry.played)
        elif entry.played >= 1.0:
            call.disclosure = ""
    if not call.mouth.outstanding:
        call.silent_since = call.now
        call.clock.cancel("playback")
        call.clock.release_all("speaking", call.now)
        people.announce(call)
        people.tell(call)


def _unreported(call: Call) -> None:
    """The edge owes the ends of what is being said: they are over, as far as they are known to have been heard."""
    if {"speech", "words"} & call.clock.held:
        call.watch()  # a line may be held back while the caller's voice goes on
        return
    for say, (entry, _) in list(call.mouth.outstanding.items()):
        _played(call, say, entry.played)
