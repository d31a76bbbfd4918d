"""The mind of a simulated caller: what to do next, given what the bot has said and expects. Nothing here moves time."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Literal

from huashu.core.expect import Expectation
from huashu.core.language import primary
from huashu.core.values import Scalar
from huashu.flows.script import Back, End, Move, Question, Reaction, Script, Stay
from huashu.lab.paraphrase import Wordings, filled
from huashu.lab.persona import Persona
from huashu.lab.prospects import Prospects
from huashu.lab.spoken import kind_of, spoken
from huashu.lab.wishes import Wishes
from huashu.nlu.builtin import SAME
from huashu.values.registry import display


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
    done: bool = False
    """An action has been run: what was said before is no longer to be changed."""


@dataclass(slots=True)
class Caller:
    script: Script
    persona: Persona
    tongues: Mapping[str, Wordings]
    """By language, the bot's own first."""
    prospects: Prospects
    wishes: Wishes
    rng: Random
    menu: str = ""
    """What they have called for, when the bot offers several things."""
    asked: bool = False
    """That has been said and taken."""
    plan: list[Act] = field(default_factory=list)
    """What they do next, whatever the bot says: who has asked to wait comes back."""
    _heard: str = ""
    """Language of the bot's last question."""

    @property
    def wordings(self) -> Wordings:
        """They speak as they are spoken to."""
        return self.tongues[self._heard or next(iter(self.tongues))]

    def act(self, scene: Scene, weights: Mapping[str, float]) -> Act:
        """One turn, drawn by weight."""
        self._heard = spoken_in(self.tongues, scene.expectation.language)
        if self.plan:
            return self.plan.pop(0)
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
            case "slip" | "together":
                return self._answer(scene, move)
            case "correction":
                return self._correction(scene)
            case "wait":
                return self._wait(scene)
            case "speak_english" | "speak_chinese" if self._speaks(move):
                return self._answer(scene)
            case _:
                return self._intent(self._named(move, scene))

    def _speaks(self, move: str) -> bool:
        """They are spoken to in the language they would ask for, or the bot has no such."""
        wanted = "en" if move == "speak_english" else "zh"
        return self.wordings.language == wanted or all(one.language != wanted for one in self.tongues.values())

    # --- moves ---

    def _answer(self, scene: Scene, manner: str = "") -> Act:
        """`manner`: "slip" says a wrong value first, "together" answers the next question in the same breath."""
        question = self._open(scene.expectation)
        if question is None:
            return self._intent(self._named("affirm", scene))
        if question.slot is not None:
            return self._value(question, question.slot, scene, manner)
        concepts = {SAME.get(name, name): name for name in question.answers}
        own = [name for name in question.answers if name not in SAME and name not in SAME.values() and self._says(name)]
        yes, no = concepts.get("affirm"), concepts.get("deny")
        offers = yes is None or isinstance(question.answers[yes].then, (Stay, Back))
        if (name := self._mending(question, own, scene)) is not None:
            return self._intent(name)
        if own and offers:
            return self._choice(question, own, concepts, scene)
        if no and self._wrong_person(question.answers[no].then, scene):
            return self._who(yes, scene)
        if yes and self._wrong_person(question.answers[yes].then, scene):  # "have I got the wrong number?"
            return self._intent(yes if self.persona.wants == "wrong" else no or self._named("deny", scene))
        agrees = self.rng.random() < self.persona.agrees and not self._hears_wrong(scene)
        if yes and no and self._only_no_helps(question.answers[yes], question.answers[no], scene):
            text = self.wordings.sentence("none", self.rng, self.persona.fillers)
            return Act("say", text, meaning=Meaning("intent", no))
        if agrees:
            also = [name for name in own if question.answers[name].then == question.answers[yes].then] if yes else own
            name = self.rng.choice(also) if also and self.rng.random() < 0.3 else (yes or next(iter(own), "affirm"))
        else:
            name = no or self._named("deny", scene)
        return self._intent(name)

    def _only_no_helps(self, yes: Reaction, no: Reaction, scene: Scene) -> bool:
        """Of both answers only the no leads to what the caller wants: there is no smell of gas, nothing else is due."""
        if self.persona.wants != "service":
            return False
        return not self._leads(yes, scene) and self._leads(no, scene)

    def _who(self, yes: str | None, scene: Scene) -> Act:
        """The bot asks whether it speaks to the right person: no matter of liking."""
        right = self.persona.wants != "wrong"
        text = self.wordings.sentence("identity" if right else "wrong_person", self.rng, self.persona.fillers)
        name = (yes or self._named("affirm", scene)) if right else self._named("wrong_person", scene)
        return Act("say", text, meaning=Meaning("intent", name))

    def _hears_wrong(self, scene: Scene) -> bool:
        """The bot has just said a value that is not the caller's."""
        for name in self.wishes.mismatched(scene.slots):
            variable = self.script.variables[name]
            shown = display(variable.type, scene.slots[name], language=self.wordings.tag, unit=variable.unit)
            if shown.lower() in scene.last.lower():
                return True
        return False

    def _mending(self, question: Question, own: Sequence[str], scene: Scene) -> str | None:
        """The answer that empties a variable which holds a wrong value: "what should I change?" """
        wrong = set(self.wishes.mismatched(scene.slots))
        fitting = [name for name in own if any(one.variable in wrong for one in question.answers[name].set)]
        return self.rng.choice(fitting) if fitting else None

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

    def _value(self, question: Question, slot: str, scene: Scene, manner: str = "") -> Act:
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
        said = self._spoken(question, slot, value, scene)
        if manner == "slip" and (wrong := self._other(question, slot, scene)) is not None:
            first = self._spoken(question, slot, wrong, scene)
            text = self.wordings.sentence("slip", self.rng, 0.0).replace("{w}", first).replace("{v}", said)
            return Act("say", text, meaning=meaning)
        kind = "name" if value in self.wordings.book.names else kind_of(variable.type, question)
        text = self.wordings.around(kind, said, self.rng, self.persona.fillers)
        if manner == "together" and (other := self._next(slot, scene)) is not None:
            name, asked = other
            text += ("，" if self.wordings.chinese else " ") + self._spoken(
                asked, name, self._wish(asked, name, scene), scene
            )
        return Act("say", text, meaning=meaning)

    def _spoken(self, question: Question, slot: str, value: Scalar, scene: Scene) -> str:
        variable, language = self.script.variables[slot], self.wordings.tag
        return spoken(value, question.expect, variable, language=language, now=scene.now, rng=self.rng)

    def _next(self, slot: str, scene: Scene) -> tuple[str, Question] | None:
        """Another question of the flow that the same words may answer, and its slot."""
        fitting = [
            (name, question)
            for name, question in self._questions(scene)
            if name != slot and scene.slots.get(name) is None and question.confirm is None
        ]
        return fitting[0] if fitting else None

    def _questions(self, scene: Scene) -> list[tuple[str, Question]]:
        """The questions of the flow whose values one utterance may give beside the asked one, in order."""
        flow = self.script.flows.get(scene.expectation.step.split(".")[0])
        wanted = {name for name, _ in scene.expectation.slots}
        questions = [step.question for step in flow.steps if step.question is not None] if flow is not None else []
        return [(one.slot, one) for one in questions if one.slot is not None and one.slot in wanted]

    def _correction(self, scene: Scene) -> Act:
        """They have changed their mind about a value they have given, or it was wrong."""
        given = [
            (name, question)
            for name, question in self._questions(scene)
            if scene.slots.get(name) is not None and name in self.wishes.wanted and scene.expectation.slot != name
        ]
        if not given or scene.done:
            return self._answer(scene)
        name, question = self.rng.choice(given)
        value = self._other(question, name, scene)
        if value is None:
            return self._answer(scene)
        self.wishes.wanted[name] = value
        said = self._spoken(question, name, value, scene)
        text = self.wordings.sentence("mended", self.rng, 0.0).replace("{v}", said)
        return Act("say", text, meaning=Meaning("value", name, value))

    def _wait(self, scene: Scene) -> Act:
        """They ask to wait, are away for a while, and come back: with a word, or with the answer."""
        self.plan.append(Act("silence", seconds=self._span(self.persona.silence)))
        if self.rng.random() < 0.6:
            text = self.wordings.sentence("back", self.rng, self.persona.fillers)
            self.plan.append(Act("say", text, meaning=Meaning("noise", "back")))
        return self._intent(self._named("wait", scene))

    def _confirms(self, question: Question, slot: str, value: Scalar, scene: Scene) -> Act:
        """The bot has asked whether it heard the value right."""
        variable = self.script.variables[slot]
        shown = display(variable.type, value, language=self.wordings.tag, unit=variable.unit)
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
            and (flow is None or name not in flow.anytime or self._fits(flow.anytime[name].reaction, scene))
        ]
        return self._intent(self.rng.choice(names)) if names else self._answer(scene)

    def _fits(self, reaction: Reaction, scene: Scene) -> bool:
        """A detour somebody with this wish would take: no alarm is raised by who has come for an appointment."""
        return reaction.knowledge is None and (self.persona.wants != "service" or self._leads(reaction, scene))

    def _leads(self, reaction: Reaction, scene: Scene) -> bool:
        """Whether what the caller wants can still come of the call."""
        flow, _, step = scene.expectation.step.partition(".")
        number = self.script.flows[flow].index[step]
        return not self.prospects.after(flow, number, reaction).isdisjoint(self.persona.reached)

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
            bank = self.wordings.book.mumble if move == "mumble" else self.wordings.book.backchannel
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
        return self.wishes.of(question, slot, self.wordings.book.names, scene.now)

    def _other(self, question: Question, slot: str, scene: Scene) -> Scalar:
        return self.wishes.another(question, slot, self.wordings.book.names, scene.now)

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


def spoken_in(tongues: Collection[str], language: str) -> str:
    """Of languages that callers speak, the one of a question; the first for any other."""
    same = (tag for tag in tongues if primary(tag) == primary(language))
    return language if language in tongues else next(same, next(iter(tongues)))
