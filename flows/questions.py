"""A step's question: prompt, answers, legal values, keypad, ladders, and the Expectation the ears are given."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from huashu.core.expect import Choice, DtmfRule, Elsewhere, Expectation, Kind
from huashu.core.language import primary
from huashu.core.values import Scalar
from huashu.flows import builtins
from huashu.flows.choices import Choices, Legal
from huashu.flows.findings import Findings
from huashu.flows.names import Names, Where
from huashu.flows.reactions import Reactions
from huashu.flows.script import (
    Anytime,
    CallFlow,
    Confirm,
    Hold,
    Line,
    Link,
    Prompt,
    Question,
    Reaction,
    Rung,
    Step,
    Variable,
)
from huashu.flows.shapes import At, Fields
from huashu.flows.wording import Wording
from huashu.nlu.sides import asked_in_the_negative, asks_for_more
from huashu.nlu.text import language_of

AFFIRM = frozenset({"肯定", "affirm"})
DENY = frozenset({"否定", "deny"})
MAX_PHRASES = 300
"""Of a question, for recognisers."""
PHRASES_OF_BUILT_IN = 25
"""Of one built-in intent in it: they have some 80 sentences each, which would crowd out the script's own."""
_KEYED = {
    "integer": 0, "number": 0, "money": 0, "digits": 0, "phone": 11, "percent": 0, "id_number": 18, "bank_card": 0,
}  # fmt: skip
"""Types a caller may key in without a `dtmf` part, and how many keys complete the entry (0: terminator or pause)."""


@dataclass(frozen=True, slots=True)
class FlowContext:
    """What the questions of one flow inherit."""

    silence: tuple[Rung, ...]
    unclear: tuple[Rung, ...]
    anytime: dict[str, Anytime]
    slots: tuple[tuple[str, str], ...]
    hold: Hold | None = None
    resume: Prompt | None = None
    ending: str = "completed"
    """The flow's default."""
    next: Mapping[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    """Flow → (variable, type) of what it asks for and would take unasked."""


@dataclass(slots=True)
class Questions:
    names: Names
    wording: Wording
    reactions: Reactions
    tongues: builtins.Tongues
    choices: Choices
    examples: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Intent → sentences, built-in ones included."""

    @property
    def _findings(self) -> Findings:
        return self.names.findings

    def build(self, step: Fields, where: Where, flow: FlowContext) -> Question | None:
        """The question of a step, or None when it has none."""
        if "ask" not in step.places and "collect" not in step.places:
            return None
        collect: At | None = step.get("collect")
        variable = self.names.variable(collect) if collect is not None else None
        lines, part = (step.get("ask"), "ask") if "ask" in step.places else (step.get("prompt"), "prompt")
        self._shape(step)
        prompt = self.wording.prompt(lines, where, part)
        if prompt is None:
            return None
        answers = self._answers(step, where)
        legal = self.choices.read(step, where, variable)
        own = self.choices.choices(legal, variable, self.names.language)
        valid = step.get("valid")
        keys, dtmf = self._keys(step, (*answers, *flow.anytime), variable, own)
        hold = self.reactions.hold(step, where, flow.hold)
        expect = self._expectation(where, variable, answers, own, legal.unit, dtmf, flow, waits=hold is not None)
        expect = _sided(expect, prompt.lines)
        return Question(
            prompt=prompt,
            expect=expect,
            answers=answers,
            slot=variable.name if variable else None,
            one_of=legal.one_of,
            confirm=self._confirm(step, where, variable),
            check=self.names.expression(valid.get("when")) if valid is not None and "when" in valid else None,
            rejected=self.wording.prompt(valid.get("otherwise"), where, "valid") if valid is not None else None,
            keys=keys,
            ask_before_filling=step.plain("ask_before_filling", False),
            silence=self.reactions.ladder(step.get("silence"), where, "silence") or flow.silence,
            unclear=self.reactions.ladder(step.get("unclear"), where, "unclear") or flow.unclear,
            hold=hold,
            resume=self.reactions.resume(step, where, flow.resume),
            skip=self._skip(step, where),
            others={
                tag: _sided(self._in(tag, expect, legal, variable), prompt.translations.get(tag, prompt.lines))
                for tag in self.names.languages
            },
        )

    def _skip(self, step: Fields, where: Where) -> Reaction | None:
        fields: Fields | None = step.get("skip")
        if fields is None or fields.plain("always") is False:
            return None
        return self.reactions.reaction(fields, where, "skip")

    def _shape(self, step: Fields) -> None:
        if "ask" in step.places and "collect" in step.places:
            self._findings.add("two_questions", step.at("collect"))
        elif "ask" in step.places and "answers" not in step.places:
            self._findings.add("ask_without_answers", step.at("ask"))
        elif "collect" in step.places and "prompt" not in step.places:
            self._findings.add("collect_without_prompt", step.at("collect"))
        if "do" in step.places:
            self._findings.add("question_and_do", step.at("do"))

    def _answers(self, step: Fields, where: Where) -> dict[str, Reaction]:
        answers: dict[str, Reaction] = {}
        for name, fields in step.get("answers") or ():
            if "knowledge" not in fields.places:
                self.names.intent(name)
            if name.value in answers:
                self._findings.add("duplicate_answer", name.place, name=name.value)
            answers[name.value] = self.reactions.reaction(fields, where, f"answers.{name.value}")
        return answers

    def _confirm(self, step: Fields, where: Where, variable: Variable | None) -> Confirm | None:
        fields: Fields | None = step.get("confirm")
        if fields is None or variable is None or fields.plain("always") is False:
            return None
        below = 1.01 if fields.plain("always") else fields.plain("below", 0.8)
        say = self.wording.prompt(fields.get("say"), where, "confirm")
        return Confirm(
            below, say or replace(builtins.confirmation(variable.name, self.tongues), barge_in=where.barge_in)
        )

    def _keys(
        self, step: Fields, answers: tuple[str, ...], variable: Variable | None, choices: tuple[Choice, ...]
    ) -> tuple[dict[str, Scalar], DtmfRule | None]:
        fields: Fields | None = step.get("dtmf")
        if fields is None:
            return {}, self._default_dtmf(variable, choices)
        keys: dict[str, Scalar] = {}
        for name, at in fields.get("keys") or ():
            if not re.fullmatch(r"[0-9*#A-D]{1,32}", name.value):
                self._findings.add("not_a_key", name.place, name=name.value)
            elif isinstance(at.value, str) and at.value in answers:
                keys[name.value] = at.value
            elif variable is None:
                self._findings.add("key_without_answer", at.place, name=at.raw, known=list(answers))
            else:
                value = self.names.typed(at, variable.type)
                if value is not None and choices and value not in [choice.value for choice in choices]:
                    self._findings.add(
                        "value_not_declared", at.place, name=at.raw, known=[str(c.value) for c in choices]
                    )
                keys[name.value] = value
        lengths = {len(key) for key in keys}
        digits = fields.plain("digits", lengths.pop() if len(lengths) == 1 else 0 if lengths or variable else 1)
        return keys, DtmfRule(digits, fields.plain("terminator", "#"), fields.plain("inter_digit", 3.0))

    def _default_dtmf(self, variable: Variable | None, choices: tuple[Choice, ...]) -> DtmfRule | None:
        if variable is None or variable.type not in _KEYED:
            return None
        lengths = {len(str(choice.value)) for choice in choices}
        return DtmfRule(lengths.pop() if len(lengths) == 1 else 0 if lengths else _KEYED[variable.type])

    def _expectation(
        self,
        where: Where,
        variable: Variable | None,
        answers: dict[str, Reaction],
        choices: tuple[Choice, ...],
        unit: str | None,
        dtmf: DtmfRule | None,
        flow: FlowContext,
        *,
        waits: bool,
    ) -> Expectation:
        intents = tuple(name for name, reaction in answers.items() if reaction.knowledge is None)
        anytime = tuple(
            name for name, item in flow.anytime.items() if item.reaction.knowledge is None and name not in answers
        )
        for kind, both in builtins.REQUESTS.items():
            if not {*both} & {*answers, *anytime} and (waits or kind != "wait"):
                anytime = (*anytime, builtins.request(kind, self.names.language))
        reactions = [*answers.values(), *(item.reaction for item in flow.anytime.values())]
        bases = tuple(dict.fromkeys(reaction.knowledge.base for reaction in reactions if reaction.knowledge))
        listens = _kind(variable, intents, choices)
        return Expectation(
            step=where.owner,
            kind=listens,
            slot=variable.name if variable else None,
            type=variable.type if variable else None,
            choices=choices,
            unit=unit,
            intents=intents,
            anytime=anytime,
            slots=_with_next(flow, answers) if variable is None and listens == "free" else flow.slots,
            knowledge=bases,
            phrases=self._phrases(choices, (*intents, *anytime), self.names.language),
            dtmf=dtmf,
            language=self.names.language,
        )

    def _in(self, tag: str, own: Expectation, legal: Legal, variable: Variable | None) -> Expectation:
        """What is expected when the call is in another of the bot's languages."""
        choices = self.choices.choices(legal, variable, tag)
        return replace(
            own,
            language=tag,
            choices=choices,
            unit=self.choices.unit(legal, variable, tag),
            phrases=self._phrases(choices, (*own.intents, *own.anytime), tag),
        )

    def _phrases(self, choices: tuple[Choice, ...], intents: tuple[str, ...], language: str) -> tuple[str, ...]:
        """Sentences for recognisers. Of a bot of several languages only those of this one: their models know no other
        words. So it is with the built-in intents that ask for a language: they have sentences in two."""
        phrases = [way for choice in choices for way in choice.spoken]
        for name in intents:
            sentences = self.examples.get(name, ())
            if self.names.languages or name in builtins.OTHER_SPELLING:
                sentences = tuple(text for text in sentences if language_of(text, language) == primary(language))
            phrases += sentences[: MAX_PHRASES if name in self.names.intents else PHRASES_OF_BUILT_IN]
        return tuple(dict.fromkeys(phrases))[:MAX_PHRASES]


def with_elsewhere(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps of a flow, each of whose questions knows what the others take: for corrections, and for values that
    are said before they are asked for."""
    found: dict[str, dict[str, Elsewhere]] = {}
    for step in steps:
        question = step.question
        if question is None or question.ask_before_filling:
            continue
        for tag, expect in {"": question.expect, **question.others}.items():
            if expect.slot is not None and expect.type is not None:
                one = Elsewhere(expect.slot, expect.type, expect.unit, expect.choices)
                found.setdefault(tag, {}).setdefault(expect.slot, one)
    told = {tag: tuple(by_slot.values()) for tag, by_slot in found.items()}
    return tuple(replace(step, question=_knowing(step.question, told)) if step.question else step for step in steps)


def _knowing(question: Question, told: Mapping[str, tuple[Elsewhere, ...]]) -> Question:
    return replace(
        question,
        expect=replace(question.expect, elsewhere=told.get("", ())),
        others={tag: replace(expect, elsewhere=told.get(tag, ())) for tag, expect in question.others.items()},
    )


def _sided(expect: Expectation, lines: tuple[Line, ...]) -> Expectation:
    """With what the wordings say of a yes and a no, where all of them agree. Not of a value: what a variable means when
    its question is put in the negative, its name says."""
    if expect.slot is not None:
        return expect
    said = ["".join(part if isinstance(part, str) else part.name for part in line.parts) for line in lines]
    denied = {asked_in_the_negative(text) for text in said}
    return replace(
        expect,
        denies=denied.pop() if len(denied) == 1 else "",
        asks_more=bool(said) and all(asks_for_more(text) for text in said),
    )


def _kind(variable: Variable | None, intents: tuple[str, ...], choices: tuple[Choice, ...]) -> Kind:
    if choices:
        return "choice"
    if variable is not None:
        return "yes_no" if variable.type == "yes_no" else "free" if variable.type == "text" else "value"
    names = set(intents)
    # 肯定, 否定, 在忙: still a yes/no question, with another way out of it.
    plain = bool(names) and names <= AFFIRM | DENY
    return "yes_no" if plain or (names & AFFIRM and names & DENY) else "free"


def _with_next(flow: FlowContext, answers: dict[str, Reaction]) -> tuple[tuple[str, str], ...]:
    """At an open question a value may belong to where the answer leads ("订间房，住两晚"): the flow's own variables,
    and those of the flows called or linked to, as long as a type belongs to one of them only."""
    moves = [reaction.then for reaction in answers.values()]
    moves += [item.reaction.then for item in flow.anytime.values()]
    flows = dict.fromkeys(move.flow for move in moves if isinstance(move, CallFlow | Link))
    own = dict(flow.slots)
    others = {slot: kind for name in flows for slot, kind in flow.next.get(name, ()) if slot not in own}
    kinds = [*own.values(), *others.values()]
    return (*flow.slots, *((slot, kind) for slot, kind in others.items() if kinds.count(kind) == 1))
