"""The mind of a simulated caller: what to do next, given what the bot has said and expects. Nothing here moves time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Literal

from huashu.core.errors import UsageError
from huashu.core.expect import Expectation
from huashu.core.values import Scalar
from huashu.flows.script import Back, End, Move, Question, Script, Stay
from huashu.lab.paraphrase import Wordings, filled
from huashu.lab.persona import Persona
from huashu.lab.spoken import kind_of, picked, spoken
from huashu.nlu.builtin import SAME
from huashu.values.registry import canonical, display

Known = Mapping[str, Sequence[Scalar]]
"""By variable: values that the bot's own tests use, so that its back end knows them."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the caller wants to be understood as."""

    kind: Literal["intent", "value", "question", "noise"]
    """"noise": words that mean nothing to the script."""
    name: str = ""
    """Intent, variable, item of a knowledge base, or the move."""
    value: Scalar = None


@dataclass(frozen=True, slots=True)
class Act:
    kind: Literal["say", "keys", "silence", "noise", "hang_up"]
    text: str = ""
    """Words, or keys."""
    seconds: float = 0.0
    meaning: Meaning | None = None


@dataclass(frozen=True, slots=True)
class Scene:
    """What a caller can know of the call."""

    expectation: Expectation
    slots: Mapping[str, Scalar]
    last: str
    """The bot's last line."""
    now: datetime


@dataclass(slots=True)
class Caller:
    script: Script
    persona: Persona
    wordings: Wordings
    known: Known
    rng: Random
    wanted: dict[str, Scalar] = field(default_factory=dict)
    """Values this caller has made up their mind about."""
    menu: str = ""
    """What they have called for, when the bot offers several things."""
    asked: bool = False
    """That has been said and taken."""

    def act(self, scene: Scene, weights: Mapping[str, float]) -> Act:
        """One turn, drawn by weight."""
        move = self.rng.choices(list(weights), list(weights.values()))[0]
        match move:
            case "silence":
                return Act("silence", seconds=self._span(self.persona.silence))
            case "noise":
                return Act("noise", seconds=self._span(self.persona.noise))
            case "hang_up":
                return Act("hang_up")
            case "keys":
                return self._keys(scene)
            case "answer":
                return self._answer(scene)
            case "objection":
                return self._objection(scene)
            case "question":
                return self._question(scene)
            case "chat" | "mumble" | "backchannel":
                return self._aside(move)
            case _:
                return self._intent(self._named(move, scene))

    def mismatched(self, slots: Mapping[str, Scalar]) -> list[str]:
        """Variables that hold another value than the caller's."""
        return [name for name, value in self.wanted.items() if not _same(slots.get(name), value)]

    # --- moves ---

    def _answer(self, scene: Scene) -> Act:
        question = self._open(scene.expectation)
        if question is None:
            return self._intent(self._named("affirm", scene))
        if question.slot is not None:
            return self._value(question, question.slot, scene)
        concepts = {SAME.get(name, name): name for name in question.answers}
        own = [name for name in question.answers if name not in SAME and name not in SAME.values() and self._says(name)]
        yes, no = concepts.get("affirm"), concepts.get("deny")
        offers = yes is None or isinstance(question.answers[yes].then, (Stay, Back))
        if own and offers:
            return self._choice(question, own, concepts, scene)
        if no and self._wrong_person(question.answers[no].then, scene):
            return self._who(yes, scene)
        agrees = self.rng.random() < self.persona.agrees and not self._hears_wrong(scene)
        if agrees:
            also = [name for name in own if question.answers[name].then == question.answers[yes].then] if yes else own
            name = self.rng.choice(also) if also and self.rng.random() < 0.3 else (yes or next(iter(own), "affirm"))
        else:
            name = no or self._named("deny", scene)
        return self._intent(name)

    def _who(self, yes: str | None, scene: Scene) -> Act:
        """The bot asks whether it speaks to the right person: no matter of liking."""
        right = self.persona.wants != "wrong"
        text = self.wordings.sentence("identity" if right else "wrong_person", self.rng, self.persona.fillers)
        name = (yes or self._named("affirm", scene)) if right else self._named("wrong_person", scene)
        return Act("say", text, meaning=Meaning("intent", name))

    def _hears_wrong(self, scene: Scene) -> bool:
        """The bot has just said a value that is not the caller's."""
        for name in self.mismatched(scene.slots):
            variable = self.script.variables[name]
            shown = display(variable.type, scene.slots[name], language=self.script.language, unit=variable.unit)
            if shown.lower() in scene.last.lower():
                return True
        return False

    def _choice(self, question: Question, own: Sequence[str], concepts: Mapping[str, str], scene: Scene) -> Act:
        """The bot offers several things."""
        if not self.menu:
            self.menu = self.rng.choice(own)
        if self.menu in own and not self.asked:
            return self._intent(self.menu)
        leaving = [concepts[name] for name in ("deny", "goodbye", "thanks") if name in concepts]
        if leaving and self.rng.random() < 0.8:
            return self._intent(self.rng.choice(leaving))
        return self._intent(self.rng.choice(own))

    def _value(self, question: Question, slot: str, scene: Scene) -> Act:
        variable = self.script.variables[slot]
        value = self._wish(question, slot, scene)
        if scene.expectation.kind == "yes_no" and question.expect is not scene.expectation:
            return self._confirms(question, slot, value, scene)
        if self.persona.wants != "service" and self.rng.random() > self.persona.agrees:
            return self._intent(self._named("deny", scene))
        meaning = Meaning("value", slot, value)
        if variable.type == "yes_no":
            text = self.wordings.intent("affirm" if value else "deny", self.rng, (), self.persona.fillers)
            return Act("say", text, meaning=meaning)
        said = spoken(
            value,
            question.expect,
            variable,
            language=self.script.language,
            now=scene.now,
            rng=self.rng,
        )
        kind = kind_of(variable.type, question)
        return Act("say", self.wordings.around(kind, said, self.rng, self.persona.fillers), meaning=meaning)

    def _confirms(self, question: Question, slot: str, value: Scalar, scene: Scene) -> Act:
        """The bot has asked whether it heard the value right."""
        variable = self.script.variables[slot]
        shown = display(variable.type, value, language=self.script.language, unit=variable.unit)
        right = shown.lower() in scene.last.lower()
        said = self.wordings.sentence("confirm" if right else "correct", self.rng, self.persona.fillers)
        meaning = Meaning("value", slot, value) if right else Meaning("intent", self._named("deny", scene))
        return Act("say", said, meaning=meaning)

    def _keys(self, scene: Scene) -> Act:
        question = self._open(scene.expectation)
        if question is None or scene.expectation.dtmf is None:
            return self._answer(scene)
        if question.slot is not None:
            value = self._wish(question, question.slot, scene)
            meaning = Meaning("value", question.slot, value)
            key = next((key for key, kept in question.keys.items() if kept == value), None)
            digits = key or ("".join(filter(str.isdigit, str(value))) if not question.keys else "")
        else:
            meant = self._answer(scene).meaning
            meaning = meant or Meaning("noise", "keys")
            digits = next((key for key, kept in question.keys.items() if kept == meaning.name), "")
        if not digits:
            return self._answer(scene)
        rule = scene.expectation.dtmf
        return Act("keys", digits if rule.digits else digits + rule.terminator, meaning=meaning)

    def _objection(self, scene: Scene) -> Act:
        flow = self.script.flows.get(scene.expectation.step.split(".")[0])
        names = [
            name
            for name in scene.expectation.anytime
            if name not in SAME
            and name not in SAME.values()
            and self._says(name)
            and not (flow and name in flow.anytime and flow.anytime[name].reaction.knowledge)
        ]
        return self._intent(self.rng.choice(names)) if names else self._answer(scene)

    def _question(self, scene: Scene) -> Act:
        if not scene.expectation.knowledge:
            return self._objection(scene)
        item, text = self.wordings.question(
            self.rng.choice(scene.expectation.knowledge), self.rng, self.persona.fillers
        )
        return Act("say", text, meaning=Meaning("question", item))

    def _aside(self, move: str) -> Act:
        own = self._own(move)
        if move == "chat":
            text = self.wordings.chat(self.rng, own, self.persona.fillers)
        else:
            bank = self.wordings.bank.MUMBLE if move == "mumble" else self.wordings.bank.BACKCHANNEL
            text = filled(self.rng.choice(own or bank), self.rng)
        return Act("say", text, meaning=Meaning("noise", move))

    def _intent(self, name: str) -> Act:
        own = self._own(SAME.get(name, name))
        if own and self.rng.random() < 0.5:
            own = ()
        text = self.wordings.intent(name, self.rng, own, self.persona.fillers)
        return Act("say", text, meaning=Meaning("intent", name))

    # --- what they know ---

    def _wrong_person(self, move: Move, scene: Scene) -> bool:
        """Whether a move says that somebody else has answered."""
        flow = self.script.flows.get(scene.expectation.step.split(".")[0])
        return isinstance(move, End) and flow is not None and flow.endings[move.ending].result == "wrong_person"

    def _open(self, expectation: Expectation) -> Question | None:
        flow, _, step = expectation.step.partition(".")
        known = self.script.flows.get(flow)
        if known is None or step not in known.index:
            return None
        return known.steps[known.index[step]].question

    def _wish(self, question: Question, slot: str, scene: Scene) -> Scalar:
        if slot not in self.wanted:
            variable = self.script.variables[slot]
            if slot in self.persona.goal:
                try:
                    value = canonical(variable.type, self.persona.goal[slot])
                except UsageError as error:
                    raise UsageError(f"persona {self.persona.name}: goal {slot}: {error}") from error
            else:
                names = self.wordings.bank.NAMES
                value = picked(variable, question, self.known.get(slot, ()), names, scene.now, self.rng)
            self.wanted[slot] = canonical(variable.type, value)
        return self.wanted[slot]

    def _named(self, concept: str, scene: Scene) -> str:
        """A built-in intent as this script spells it."""
        chinese = next((zh for zh, en in SAME.items() if en == concept), concept)
        for name in (*scene.expectation.intents, *scene.expectation.anytime):
            if SAME.get(name, name) == concept:
                return name
        return chinese if self.wordings.chinese else concept

    def _says(self, name: str) -> bool:
        return self.wordings.known(name)

    def _own(self, move: str) -> tuple[str, ...]:
        return tuple(self.persona.says.get(self.wordings.language, {}).get(move, ()))

    def _span(self, span: tuple[float, float]) -> float:
        return round(self.rng.uniform(*span), 1)


def _same(found: Scalar, wanted: Scalar) -> bool:
    """A value not given yet is no mistake; a name is the same in capitals."""
    if isinstance(found, str) and isinstance(wanted, str):
        return found.casefold() == wanted.casefold()
    return found is None or found == wanted
