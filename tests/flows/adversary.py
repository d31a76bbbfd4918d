"""A caller, a bank and a switchboard that do the worst they can, around the bare engine in virtual time.

Everything is chosen by one seed. What is measured is what huashu.flows.bounds promises: the longest stretch in which
nobody speaks, the length of the call, how often the bot speaks. Lines are played at the reading rate of the bounds.
"""

import random
from dataclasses import dataclass, replace

from huashu.core.actions import Action, Handoff, Hangup, RunAction, Say, Stop
from huashu.core.events import (
    ActionResult,
    Answered,
    Dtmf,
    EngineFailed,
    Entity,
    Event,
    FaqHit,
    HandoffQueued,
    Heard,
    IntentScore,
    PlaybackEnded,
    SpeechStarted,
    SpeechStopped,
    Started,
    Understood,
)
from huashu.core.values import Scalar
from huashu.dialogue.engine import Conversation
from huashu.flows.limits import CALLER_TURN
from huashu.flows.script import Script
from huashu.flows.speech import seconds_of

MOODS = ("silent", "mumbling", "noisy", "repeating", "waiting", "skipping", "answering", "mixed", "keys", "deaf")
MOST_EVENTS = 100_000


def uncapped(script: Script) -> Script:
    """Without a limit on the call as a whole."""
    return replace(script, settings=replace(script.settings, max_seconds=1e9, max_turns=10**9))


@dataclass(slots=True)
class Measured:
    dead_air: float = 0.0
    hold: float = 0.0
    """Longest stretch without a word while the caller is being waited for."""
    call: float = 0.0
    turns: int = 0
    closed: bool = False


class Adversary:
    """One call. `mood`: what the caller mostly does."""

    def __init__(self, script: Script, seed: int, mood: str) -> None:
        self._script = uncapped(script)
        self._random = random.Random(seed)
        self._mood = mood
        self._centre = random.Random(seed)
        """Tells a caller who waits for a person where they stand, at any instant."""
        self._waits = False
        self._engine = Conversation(self._script)
        self._now = 0.0
        self._playing: list[tuple[str, float]] = []
        self._began = 0.0
        self._quiet_since: float | None = 0.0
        self._held = False
        """The caller was being waited for in this stretch."""
        self._result: tuple[float, str] | None = None
        self._over = False
        self.measured = Measured()
        given = {v.name: v.example for v in script.variables.values() if v.given and v.example is not None}
        self._send(Started("call", script.direction, "voice", marks="sent", variables=given, wall=1_700_000_000.0))
        self._send(Answered())

    def run(self) -> Measured:
        for _ in range(MOST_EVENTS):
            if self._engine.closed or self._over:
                break
            self._step()
        self.measured.closed = self._engine.closed or self._over
        self.measured.call = self._now
        return self.measured

    # --- time -------------------------------------------------------------------------------------------------------

    def _step(self) -> None:
        if self._mood == "deaf" and self._random.random() < 0.1:  # the recogniser is lost, at any instant, for good
            self._send(EngineFailed())
            self._held = self._held and not self._playing  # what is quiet behind the error's words is its own
            return
        if self._waits and self._centre.random() < 0.5:
            self._send(HandoffQueued(self._centre.randint(1, 9), 90.0))
        if self._playing:
            if self._random.random() < 0.05:
                self._interrupt()
                return
            self._next()
        elif self._engine.expectation.step and self._willing():
            self._caller()
        else:
            self._next()

    def _next(self) -> None:
        """The next thing that happens without the caller."""
        due: list[tuple[float, int]] = []
        if self._playing:
            due.append((self._began + self._playing[0][1], 0))
        if self._result is not None:
            due.append((self._result[0], 1))
        if self._engine.deadline is not None:
            due.append((self._engine.deadline, 2))
        assert due, "the call waits for nothing"
        at, kind = min(due)
        self._now = max(self._now, at)
        if kind == 0:
            say, _ = self._playing.pop(0)
            self._began = self._now
            if not self._playing:
                self._quiet_since = self._now
            self._send(PlaybackEnded(say))
        elif kind == 1:
            assert self._result is not None
            identity, self._result = self._result[1], None
            self._send(ActionResult(identity, self._random.random() < 0.7, self._values()))
        else:
            self._act(self._engine.tick(now=self._now))

    def _values(self) -> dict[str, Scalar]:
        """An action gives back whatever the conditions of the script speak of, or nothing."""
        return {}

    # --- the caller -------------------------------------------------------------------------------------------------

    def _willing(self) -> bool:
        return self._mood != "silent" and self._random.random() < (0.5 if self._mood == "mixed" else 0.9)

    def _wait(self) -> None:
        """As long as possible before the bot would do something, or not at all."""
        deadline = self._engine.deadline
        if deadline is not None and deadline > self._now and self._random.random() < 0.7:
            self._now = max(self._now, deadline - 0.001)

    def _caller(self) -> None:
        self._wait()
        mood = self._random.choice(MOODS[1:]) if self._mood == "mixed" else self._mood
        expect = self._engine.expectation
        if mood == "keys" and expect.dtmf is not None:
            self._stretch()
            self._quiet_since = self._now
            self._send(Dtmf(self._random.choice("0123456789#*")))
            return
        self._voice(self._random.choice([0.3, CALLER_TURN]))
        if mood == "noisy":
            self._send(Heard(""))
            return
        self._say(self._meaning(mood))

    def _interrupt(self) -> None:
        """Over the bot: the line goes on, for the caller says nothing that takes the turn."""
        self._send(Heard("嗯"))
        self._send(Understood("嗯", backchannel=True))

    def _voice(self, seconds: float) -> None:
        self._stretch()
        self._send(SpeechStarted())
        self._now += seconds
        self._quiet_since = self._now
        self._send(SpeechStopped())

    def _say(self, meaning: Understood) -> None:
        self._send(Heard(meaning.text))
        self._send(meaning)
        self._held = self._engine.holding  # a turn has been taken: what is quiet from here on is told by what it led to

    def _meaning(self, mood: str) -> Understood:
        expect = self._engine.expectation
        if expect.knowledge and mood != "repeating" and self._random.random() < 0.3:
            base = self._script.knowledge[expect.knowledge[0]]
            return Understood("问", faq=(FaqHit(base.name, self._random.choice(base.items).id, 0.9),))
        names = [*expect.intents, *expect.anytime]
        if mood == "mumbling" or (mood in ("answering", "keys", "noisy") and not names and not expect.slot):
            return Understood("呜里哇啦")
        if mood in ("waiting", "skipping"):
            asked = self._random.choice(["等一下", "等一下", "请重复", "说慢点"]) if mood == "waiting" else "跳过"
            return Understood("好了") if self._engine.holding else Understood(asked, (IntentScore(asked, 0.9),))
        if mood == "repeating":
            return Understood("再说一遍", (IntentScore(self._script.patterns.repeat, 0.9),))
        if expect.slot is not None and self._random.random() < 0.5:
            value = self._random.choice(
                [choice.value for choice in expect.choices] or [_SAMPLES.get(expect.type or "")]
            )
            sure = self._random.choice([0.3, 1.0])
            return Understood("值", (), (Entity(expect.type or "text", value, "值", 0, 1, expect.slot, sure),))
        if len(names) > 1 and self._random.random() < 0.2:
            first, second = self._random.sample(names, 2)
            return Understood("说", (IntentScore(first, 0.6), IntentScore(second, 0.55)))
        also = tuple(IntentScore(name, 0.9) for name in self._random.sample(names, min(len(names), 2)))
        also = also if self._random.random() < 0.25 else ()
        return Understood("说", (IntentScore(self._random.choice(names), 0.95),) if names else (), also=also)

    # --- what is measured -------------------------------------------------------------------------------------------

    def _stretch(self) -> None:
        """Somebody speaks: the stretch of silence is over."""
        if self._quiet_since is not None:
            stretch = self._now - self._quiet_since
            if self._held:
                self.measured.hold = max(self.measured.hold, stretch)
            else:
                self.measured.dead_air = max(self.measured.dead_air, stretch)
            self._held = False
            self._quiet_since = None

    def _send(self, event: Event) -> None:
        self._act(self._engine.receive(event, now=self._now))

    def _act(self, actions: list[Action]) -> None:
        try:
            self._do(actions)
        finally:
            typing = self._engine._call is not None and bool(self._engine._call.digits)
            self._held = self._held or (self._engine.holding and not typing)  # behind a key it is the caller's turn

    def _do(self, actions: list[Action]) -> None:
        if any(isinstance(action, Say) for action in actions) and self._engine.reached != ["pattern:queued"]:
            self.measured.turns += 1  # places in a queue are not counted
        for action in actions:
            match action:
                case Say():
                    self._stretch()
                    if not self._playing:
                        self._began = self._now
                    self._playing.append((action.id, seconds_of(action.spoken or action.text) / action.rate))
                case Stop(id=identity):
                    left = [entry for entry in self._playing if entry[0] != identity]
                    stopped = len(left) < len(self._playing)
                    self._playing = left
                    if stopped and not left:
                        self._quiet_since = self._now
                    if stopped:
                        self._send(PlaybackEnded(identity, 0.5))
                case RunAction():
                    share = self._random.choice([0.0, 0.5, 0.999, 2.0])
                    self._result = (self._now + action.timeout * share, action.id) if share < 1 else None
                case Hangup():
                    self._stretch()
                    self._now += sum(seconds for _, seconds in self._playing)
                    self._over = True
                case Handoff():
                    self._waits = True
                case _:
                    pass


_SAMPLES: dict[str, Scalar] = {"integer": 6, "text": "甲", "yes_no": True, "digits": "1234", "date": "2030-01-01"}
