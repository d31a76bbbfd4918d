"""A simulated call that a caller model drives: recogniser errors, a slow bank, people who come or not, and the record.

Everything is done with the same verbs as in a conversation test, so a call can be written down as one.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from huashu.core.actions import Action, Handoff, Listen, RunAction
from huashu.core.events import (
    ActionResult,
    Dtmf,
    Heard,
    HumanJoined,
    PlaybackEnded,
    PlaybackStarted,
    SpeechStarted,
    Understood,
)
from huashu.lab.caller import Meaning, spoken_in
from huashu.lab.loudspeaker import seconds_of
from huashu.lab.mishearing import Recogniser
from huashu.lab.persona import Persona
from huashu.lab.script import Answer
from huashu.lab.simulation import Simulation
from huashu.lab.wishes import alike
from huashu.nlu.builtin import SAME
from huashu.runtime.bot import Bot
from huashu.store.log import Entry

NOTICED = 1.0
"""Seconds without a sound from which a wait counts as dead air."""

_KIN = frozenset({"deny", "not_interested", "goodbye"})
"""Built-in intents that come to the same in a caller's mouth. A wrong person may also just say no."""
_OF_THE_TALK = frozenset({"repeat", "slower", "wait", "skip", "speak_english", "speak_chinese"})
"""Built-in intents that ask something of the conversation itself, and need no answer of the script's."""


@dataclass(frozen=True, slots=True)
class World:
    """How the systems and people behind the bot behave."""

    delay: float = 0.6
    """Median seconds of an action; the spread is log-normal."""
    spread: float = 0.8
    """Sigma of its logarithm: 0.8 puts one action in ten over 2.8 times the median."""
    failing: float = 0.03
    """Share of actions that fail."""
    hanging: float = 0.01
    """Share of actions that never answer."""
    joined: float = 0.8
    """Share of handoffs a person takes; of the rest half are refused at once, half ring out."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """An utterance and what became of it."""

    step: str
    meant: str
    taken: str
    """Empty: not understood."""
    said: str
    heard: str


@dataclass(slots=True)
class Notes:
    """What a call has shown."""

    reached: dict[str, int] = field(default_factory=dict)
    waits: list[tuple[float, str]] = field(default_factory=list)
    right: int = 0
    unclear: list[Sighting] = field(default_factory=list)
    wrong: list[Sighting] = field(default_factory=list)
    done: int = 0
    """Actions that succeeded."""


class VirtualCall(Simulation):
    def __init__(
        self,
        bot: Bot,
        persona: Persona,
        recognisers: Mapping[str, Recogniser],
        world: World,
        rng: Random,
        *,
        at: datetime,
        rate: float,
        backend: Callable[[RunAction], ActionResult],
        seed: int = 0,
        log: bool = False,
    ) -> None:
        """recognisers: by language, the bot's own first.
        rate: share of characters they get wrong.
        log: keep the lines, not only their digest."""
        self.notes = Notes()
        self.calling = ""
        """Id of the Handoff by which a person has been called who has not come yet."""
        self.answers: dict[str, list[Answer]] = {}
        """What each action answered, in order."""
        self.lines: list[str] = []
        self.digest = hashlib.sha256()
        self._keeps_log = log
        self._persona = persona
        self._recognisers = recognisers
        self._world = world
        self._rng = rng
        self._rate = rate * persona.errors
        self._meaning: Meaning | None = None
        self._said = ""
        self._owed: float | None = None
        """Since when the bot owes the caller a word, and the step at which it does."""
        self._waiting_at = ""
        super().__init__(bot, at=at, backend=backend, seed=seed)

    @property
    def speaking(self) -> float:
        """Seconds of words the bot still has to say."""
        return self._speaker.remaining(self.now)

    @property
    def speaks_since(self) -> float | None:
        return self._spoke_at

    # --- the caller -------------------------------------------------------------------------------------------------

    def utter(self, text: str, meaning: Meaning | None) -> Heard:
        """The caller says something; what the recogniser makes of it."""
        recogniser = self._recognisers[spoken_in(self._recognisers, self.turns.expectation.language)]
        heard = recogniser.hear(text, self._rng, rate=self._rate, confidence=self._persona.confidence)
        self._meaning, self._said = meaning, text
        self._note("caller", heard.text)
        partials = recogniser.partials(heard.text, self._rng)
        self._voiced(seconds_of(heard.text) / self._persona.rate, heard, partials)
        self._meaning = None
        return heard

    # --- the world --------------------------------------------------------------------------------------------------

    def _perform(self, action: Action) -> None:
        if isinstance(action, Handoff):
            self.calling = action.id
        elif isinstance(action, Listen):
            self.calling = ""
        super()._perform(action)

    def _run(self, action: RunAction) -> None:
        world, rng = self._world, self._rng
        luck = rng.random()
        after = round(min(action.timeout - 0.1, rng.lognormvariate(0, world.spread) * world.delay), 1)
        if luck < world.hanging:
            answer = Answer(False, {}, "timeout", action.timeout + 1)
        elif luck < world.hanging + world.failing:
            answer = Answer(False, {}, "unavailable", max(0.1, after))
        else:
            result = self.actions.asked(action)
            answer = Answer(result.ok, result.values, result.error, max(0.1, after))
            self.notes.done += result.ok
        self.answers.setdefault(action.name, []).append(answer)
        self.actions.mock({action.name: [answer]})
        super()._run(action)

    # --- the record -------------------------------------------------------------------------------------------------

    def _observe(self, entry: Any) -> None:
        assert isinstance(entry, Entry)
        line = f"{entry.seq} {entry.now:.3f} {entry.event!r}\n"
        self.digest.update(line.encode())
        if self._keeps_log:
            self.lines.append(line)
        reached = self.turns.engine.reached
        for name in reached:
            self.notes.reached[name] = self.notes.reached.get(name, 0) + 1
        event = entry.event
        match event:
            case Understood():
                self._owed, self._waiting_at = entry.now, self.turns.position
                self._judge(event.faq[0].item if event.faq else "", event.text, reached)
            case Dtmf():
                self._owed, self._waiting_at = entry.now, self.turns.position
            case PlaybackEnded():
                self._owed = entry.now if self.actions.due is not None else None
                self._waiting_at = self.turns.position
            case PlaybackStarted():
                if self._owed is not None and entry.now - self._owed >= NOTICED and not self.calling:
                    self.notes.waits.append((round(entry.now - self._owed, 1), self._waiting_at))
                self._owed = None
            case SpeechStarted() | HumanJoined():
                self._owed = None
            case _:
                pass

    def _judge(self, item: str, heard: str, reached: list[str]) -> None:
        """Whether the engine took an utterance as it was meant."""
        meant = self._meaning
        if meant is None or meant.name == "backchannel":
            return
        taken = next((one for one in reached if one.startswith(("answer:", "anytime:", "value:"))), "")
        unclear = any(one.startswith("unclear:") for one in reached)
        if not taken and not unclear:
            self.notes.right += meant.kind == "noise" or SAME.get(meant.name, meant.name) in _OF_THE_TALK
            return
        step = (taken or next(one for one in reached if one.startswith("unclear:"))).split(":", 1)[1]
        step = step.rsplit(".", 1)[0] if not taken.startswith("value:") else step
        if meant.kind == "noise":
            right = unclear and meant.name != "back"
        elif not taken:
            right = False
        else:
            right = self._fits(meant, taken, item)
        if right:
            self.notes.right += 1
            return
        shown = taken.split(":", 1)[1] if taken else ""
        label = f"={meant.value}" if meant.kind == "value" else ""
        if taken and meant.kind == "value" and taken.startswith("value:"):
            heard = f"{heard} → {self.turns.slots.get(meant.name)}"
        sighting = Sighting(step, f"{meant.kind}:{meant.name}{label}", shown, self._said, heard)
        (self.notes.wrong if taken else self.notes.unclear).append(sighting)

    def _fits(self, meant: Meaning, taken: str, item: str) -> bool:
        kind, _, where = taken.partition(":")
        if meant.kind == "value":
            found = self.turns.slots.get(meant.name)
            variable = self.turns.bot.script.variables[meant.name]
            return kind == "value" and alike(variable.type, found, meant.value)
        if meant.kind == "question":
            return kind == "anytime" and item == meant.name
        name = where.removesuffix(".after").rsplit(".", 1)[-1]
        one, other = SAME.get(meant.name, meant.name), SAME.get(name, name)
        same = one == other or (one in _KIN and other in _KIN) or (one, other) == ("wrong_person", "deny")
        return kind != "value" and same
