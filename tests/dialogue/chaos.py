"""Anything may happen: random events against any script, and what must hold whatever happens.

`Chaos` drives one conversation from a `random.Random` (a seeded one in bench/proof_engine.py, hypothesis's shrinking
one in the tests) and raises AssertionError where the engine breaks a promise.
"""

import math
from collections import Counter
from decimal import Decimal
from random import Random
from typing import Any

from huashu.core.actions import Action, Disposition, Handoff, Hangup, Listen, OptOut, RunAction, Say, Stop
from huashu.core.errors import UsageError
from huashu.core.events import (
    ActionResult,
    Answered,
    Beep,
    Dtmf,
    EngineFailed,
    Entity,
    Event,
    FaqHit,
    HandoffFailed,
    HandoffQueued,
    Heard,
    HumanJoined,
    HumanLeft,
    HungUp,
    IntentScore,
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
from huashu.core.expect import NOTHING
from huashu.core.values import Scalar
from huashu.dialogue.ending import HANGUP_WITHIN
from huashu.dialogue.engine import RING_WITHIN, Conversation
from huashu.dialogue.people import OVERTIME
from huashu.flows.builtins import KINDS
from huashu.flows.script import Script

PLAIN: dict[str, tuple[Scalar, ...]] = {
    "text": ("张伟", "x"),
    "name": ("张伟", "John Smith"),
    "address": ("解放路20号3栋502",),
    "yes_no": (True, False),
    "integer": (1, 3, 6, 12),
    "number": (Decimal("1.5"), Decimal(3)),
    "percent": (Decimal("0.8"),),
    "money": (Decimal("12000.00"), Decimal("0.01")),
    "date": ("2026-03-02", "2030-01-01", "2001-01-01"),
    "time": ("10:00", "23:59"),
    "phone": ("13900001111",),
    "digits": ("1234", "123456"),
}
ODD: tuple[Scalar, ...] = (
    None, "", "胡说", -1, 10**30, True, Decimal("NaN"), Decimal("Infinity"), Decimal("1e400"), "12:99", "x" * 300,
)  # fmt: skip


class Chaos:
    def __init__(self, script: Script, rng: Random) -> None:
        self.script = script
        self.rng = rng
        self.engine = Conversation(script)
        self.now = 0.0
        self.log: list[tuple[float, Event, list[Action]]] = []
        self.counts: Counter[str] = Counter()
        self.ids: set[str] = set()
        self.playing: list[str] = []
        """Says whose end this edge has not reported."""
        self.stopped: set[str] = set()
        self.actions: list[str] = []
        """Ids of RunActions, newest last."""
        self.answered = False
        self.over = False
        """Hung up by the bot."""
        self.expect: Any = NOTHING
        self.places = set(script.flows) | {f"{flow.name}.{s.id}" for flow in script.flows.values() for s in flow.steps}
        self.intents = sorted(
            {name for flow in script.flows.values() for name in flow.anytime}
            | {n for flow in script.flows.values() for s in flow.steps if s.question for n in s.question.answers}
            | {*KINDS, "肯定", "否定", "没有这个"}
        )
        self.marks = rng.random() < 0.7
        self.reports = rng.random() < 0.8
        """An edge that promises playback marks may still send none."""

    # --- running --------------------------------------------------------------------------------------------------

    def start(self) -> None:
        given = {v.name: v.example for v in self.script.variables.values() if v.given and v.example is not None}
        rng = self.rng
        medium: Any = "voice" if self.marks else "text"
        marks: Any = "sent" if self.marks else "none"
        self.give(Started("c", medium=medium, marks=marks, wall=1_770_000_000.0, seed=rng.randrange(9),
                          variables=given))  # fmt: skip
        if self.rng.random() < 0.95:
            self.give(Answered())

    def step(self) -> None:
        """One random event after a random time, or the tick that comes first."""
        rng = self.rng
        self.now += rng.choice((0.0, 0.0, 0.1, 0.5, 1.0, 2.0, 3.5, 5.0, 9.0, 40.0))
        deadline = self.engine.deadline
        if deadline is not None and deadline <= self.now and rng.random() < 0.9:
            self.now = deadline if rng.random() < 0.7 and deadline >= self.log[-1][0] else self.now
            self.give(Ticked())
        elif rng.random() < 0.02:
            self.misuse()
        else:
            self.give(self.event())

    def give(self, event: Event) -> None:
        before = self.engine.owner
        actions = self.engine.receive(event, now=self.now)
        self.log.append((self.now, event, list(actions)))
        self.counts[type(event).__name__] += 1
        self.answered = self.answered or isinstance(event, Answered)
        if isinstance(event, PlaybackEnded) and event.say in self.playing:
            self.playing.remove(event.say)
        self.check(event, actions, before)

    def misuse(self) -> None:
        """What the shell must never do is told, and changes nothing."""
        state = self.state()
        for event, now in (
            (Started("d"), self.now), (Heard("x"), self.log[-1][0] - 1.0), (Ticked(), math.nan), (HungUp(), math.inf),
        ):  # fmt: skip
            try:
                self.engine.receive(event, now=now)
            except UsageError:
                self.counts["misuse told"] += 1
            else:
                raise AssertionError(f"{event} at {now} was accepted at {self.now}")
        assert self.state() == state

    def finish(self) -> float:
        """From here on only the clock: seconds until the conversation closed by itself."""
        began = self.now
        settings = self.script.settings
        if self.engine.owner == "human":
            self.give(HumanLeft())
        bound = settings.max_seconds + RING_WITHIN + OVERTIME + settings.human_within + HANGUP_WITHIN + 1.0
        for _ in range(5000):
            if self.engine.closed:
                assert self.now - began <= bound, f"{self.now - began} s by the clock alone; the bound is {bound}"
                return self.now - began
            deadline = self.engine.deadline
            assert deadline is not None
            self.now = max(self.now, deadline)
            self.give(Ticked())
        raise AssertionError("5000 ticks did not end it")

    # --- what must hold -------------------------------------------------------------------------------------------

    def check(self, event: Event, actions: list[Action], before: str) -> None:
        engine = self.engine
        for action in actions:
            self.counts[type(action).__name__] += 1
            assert not self.over or isinstance(action, OptOut), f"{action} after the bot hung up"
            if isinstance(action, Stop):
                assert action.id in self.playing, "a Stop of what is not playing"
                assert action.id not in self.stopped, "a second Stop"
                self.stopped.add(action.id)
                continue
            assert action.id not in self.ids, f"id {action.id} twice"
            self.ids.add(action.id)
            match action:
                case Say():
                    assert self.answered, "said before anybody answered"
                    assert engine.owner == "bot", "said while a person owns the call"
                    assert action.step in self.places, action.step
                    assert action.text
                    if self.marks:
                        self.playing.append(action.id)
                case RunAction():
                    self.actions.append(action.id)
                case Hangup():
                    assert action is actions[-1]
                    self.over = True
                case Listen():
                    assert action is actions[-1], "Listen is not the last action"
                    self.expect = action.expect
                case Disposition():
                    assert self.counts["Disposition"] == 1
                case OptOut():
                    assert self.counts["OptOut"] == 1
                case Handoff():
                    assert engine.owner == "bot"
                case _:
                    pass
        if before == "human" and engine.owner == "human":
            assert not actions, "the bot acted while a person owned the call"
        if engine.closed:
            assert engine.deadline is None
            assert self.counts["Disposition"] == 1, "closed without an outcome"
            return
        if self.over:
            assert engine.deadline is not None
            return
        if engine.owner == "bot":
            assert engine.deadline is not None, "nobody would ever wake it"
            assert math.isfinite(engine.deadline)
        self.check_silence()
        if engine.expectation.step:
            assert engine.expectation == self.expect, "another expectation than the last Listen's"
            if any(isinstance(action, Say) for action in actions):
                assert isinstance(actions[-1], Listen), "asked without a Listen"
        else:
            assert not any(isinstance(action, Listen) for action in actions), "Listen without a question"

    def check_silence(self) -> None:
        """An open question counts silence, and whatever holds that has an alarm that will let go of it."""
        call = self.engine._call
        assert call is not None
        alarms = set(call.clock._alarms)
        if call.question is not None:
            assert call.clock.awaiting, "an open question waits for no silence"
            assert call.clock.held or "silence" in alarms, "nothing holds silence, and it does not run"
        released = {
            "speech": {"speech"},
            "words": {"speech", "words"},
            "meaning": {"meaning"},
            "digits": {"digits"},
            "speaking": {"playback"},
        }
        for reason, ends in released.items():
            assert reason not in call.clock.held or ends & alarms, f"{reason!r} holds silence for ever"
        assert bool(call.digits) == ("digits" in call.clock.held)
        assert not call.digits or call.question is not None, "keys typed for no question"
        assert bool(call.mouth.outstanding) == ("speaking" in call.clock.held)
        assert call.confirming is None or call.question is not None
        assert (call.phase == "acting") <= (call.running is not None and "action" in alarms)

    def state(self) -> object:
        call = self.engine._call
        assert call is not None
        frames = [(f.flow.name, f.at, f.part, f.silence, f.unclear, f.replays, f.noises) for f in call.stack]
        alarms = (dict(call.clock._alarms), dict(call.clock._holds), call.clock._left)
        return (
            call.phase, dict(call.slots), frames, alarms, dict(call.counts), call.turns, call.digits,
            call.running.id if call.running is not None else "", list(call.mouth.outstanding), call.now, call._event,
        )  # fmt: skip

    # --- what happens ---------------------------------------------------------------------------------------------

    def event(self) -> Event:
        rng = self.rng
        kind = rng.choices(
            ("words", "played", "result", "voice", "noise", "key", "odd", "people", "life"),
            (30, 25 if self.reports else 1, 8, 6, 6, 8, 6, 5, 1),
        )[0]
        match kind:
            case "words":
                self.give(Heard("听到的话", confidence=rng.choice((1.0, 0.4))))
                return self.meaning() if rng.random() < 0.95 else SpeechStarted()
            case "played":
                say = (
                    rng.choice(self.playing) if self.playing and rng.random() < 0.5 else next(iter(self.playing), "0.0")
                )
                share = rng.choice((1.0, 1.0, 1.0, 0.5, 0.0))
                return PlaybackEnded(say, share) if rng.random() < 0.8 else PlaybackMark(say, share)
            case "result":
                return self.result()
            case "voice":
                return rng.choice((SpeechStarted(), SpeechStopped(), Heard("半句", final=False)))
            case "noise":
                return rng.choice((Heard(""), Heard("  "), SpeechStopped()))
            case "key":
                return Dtmf(rng.choice("0123456789*#12345612"))
            case "odd":
                return self.odd()
            case "people":
                place = HandoffQueued(rng.choice((0, 1, 7)), rng.choice((0.0, 90.0)))
                return rng.choice((HumanJoined("a"), HandoffFailed("603"), self.left(), self.left(), place, place))
            case _:
                downtime = rng.choice((0.0, 3.0, 500.0))
                self.now += downtime
                machine = MachineDetected(rng.choice(("voicemail", "ivr")))
                return rng.choice((HungUp(), machine, Resumed(downtime), EngineFailed("voice")))

    def odd(self) -> Event:
        rng = self.rng
        return rng.choice(
            (
                Beep(), Ringing(), Answered(), NotAnswered("busy"), MachineDetected("uncertain", 0.1),
                PlaybackStarted("1.1"),
                PlaybackEnded("999.9"), PlaybackEnded("2.1", math.nan), PlaybackMark("2.1", -3.0), Dtmf(""), Dtmf("99"),
                Resumed(-5.0), Understood(""), Ticked(), ActionResult(""), self.meaning(), Heard("?", final=False),
            )
        )  # fmt: skip

    def value(self, kind: str) -> Scalar:
        return self.rng.choice(PLAIN[kind] if self.rng.random() < 0.85 else ODD)

    def values(self) -> dict[str, Scalar]:
        known = list(self.script.variables.values())
        some = self.rng.sample(known, min(len(known), self.rng.choice((0, 1, 2, 5))))
        return {v.name: self.value(v.type) for v in some} | ({"没有": 1} if self.rng.random() < 0.1 else {})

    def result(self) -> ActionResult:
        newest = self.actions[-1] if self.actions else "1.1"
        identity = newest if self.rng.random() < 0.8 else self.rng.choice([*self.actions, "7.7"])
        return ActionResult(identity, self.rng.random() < 0.7, self.values())

    def left(self) -> HumanLeft:
        return HumanLeft(self.rng.choice([None, "没有", *sorted(self.places)]), self.values())

    def meaning(self) -> Understood:
        rng, expect = self.rng, self.engine.expectation
        likely = (*expect.intents, *expect.anytime) or tuple(self.intents)
        names = [rng.choice(likely if rng.random() < 0.8 else self.intents) for _ in range(rng.choice((0, 1, 1, 1, 2)))]
        intents = tuple(IntentScore(name, rng.choice((0.95, 0.7, 0.3))) for name in names)
        slots = [expect.slot] if expect.slot and rng.random() < 0.5 else []
        slots += [slot for slot, _ in expect.slots if rng.random() < 0.15]
        entities = [self.entity(slot) for slot in slots if slot in self.script.variables]
        if rng.random() < 0.1:
            entities.append(Entity("yes_no", rng.random() < 0.5, "嗯", 0, 1))
        bases = [base for base in self.script.knowledge.values() if base.items and rng.random() < 0.1]
        return Understood(
            "听到的话",
            intents,
            tuple(entities),
            tuple(FaqHit(base.name, rng.choice(base.items).id, rng.choice((0.9, 0.6))) for base in bases),
            backchannel=rng.random() < 0.1,
            confidence=rng.choice((1.0, 0.4)),
            also=tuple(IntentScore(rng.choice(likely), 0.9) for _ in range(rng.choice((0, 0, 0, 1, 2)))),
        )

    def entity(self, slot: str) -> Entity:
        rng, kind = self.rng, self.script.variables[slot].type
        choices = [choice.value for choice in self.engine.expectation.choices]
        value = rng.choice(choices) if choices and rng.random() < 0.7 else self.value(kind)
        return Entity(kind, value, "听到", 0, 2, slot, rng.choice((1.0, 0.9, 0.5)))


def replay(conversations: list[Chaos]) -> None:
    """The same logs through fresh engines, one event of each in turn: the same actions, whatever runs beside them."""
    fresh = [Conversation(chaos.script) for chaos in conversations]
    for number in range(max(len(chaos.log) for chaos in conversations)):
        for engine, chaos in zip(fresh, conversations, strict=True):
            if number < len(chaos.log):
                now, event, actions = chaos.log[number]
                assert engine.receive(event, now=now) == actions, f"replay differs at event {number + 1}: {event}"


def drive(script: Script, rng: Random, *, events: int) -> Chaos:
    """One conversation: random events, then the clock alone until it is closed."""
    chaos = Chaos(script, rng)
    chaos.start()
    for _ in range(events):
        if chaos.engine.closed:
            break
        chaos.step()
    chaos.counts["seconds alone"] = math.ceil(chaos.finish())
    return chaos
