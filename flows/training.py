"""nlu/*.yaml → training data."""

import re
from collections.abc import Collection, Iterable
from dataclasses import replace

from huashu.core.language import primary
from huashu.flows.builtins import REQUESTS
from huashu.flows.findings import Place
from huashu.flows.names import Names
from huashu.flows.parse import Parsed
from huashu.flows.shapes import At
from huashu.nlu.builtin import BUILTIN, sentences
from huashu.nlu.data import Example, Span, TrainingData
from huashu.nlu.text import language_of

_ANNOTATION = re.compile(r"\[([^\[\]]+)\]\(([^()]+)\)")
CORE_INTENTS = {
    "zh": ("肯定", "否定", *(chinese for chinese, _ in REQUESTS.values())),
    "en": ("affirm", "deny", *(english for _, english in REQUESTS.values())),
}
"""Understood everywhere, whether a script names them or not: yes and no (every `confirm` and yes_no variable), and what
a caller asks of the conversation itself."""


def built_in(*languages: str) -> dict[str, tuple[str, ...]]:
    """Built-in intents by name, with their sentences in each of the languages; none for a language without."""
    found: dict[str, tuple[str, ...]] = {}
    for language in languages:
        for name, said in BUILTIN.get(primary(language), {}).items():
            found[name] = tuple(dict.fromkeys((*found.get(name, ()), *said)))
    return found


def intents(parsed: Parsed, names: Names) -> tuple[Example, ...]:
    """All examples; fills `names.intents`. What stands under `改日期, 问运费` means both."""
    told: dict[Place, tuple[At, list[str]]] = {}
    for file in parsed.nlu:
        for name, fields in file.get("intents") or ():
            if not fields.get("examples"):
                names.findings.add("intent_empty", name.place, name=name.value)
            for at in fields.get("examples") or ():
                _, meant = told.setdefault(at.place, (at, []))
                if name.value not in meant:
                    meant.append(name.value)
    for _, meant in told.values():
        # Sentences of several intents do not take the place of built-in ones.
        names.intents.update(name for name in meant if len(meant) == 1 or name not in names.regulars)
    return tuple(dict.fromkeys(_example(at, meant, names) for at, meant in told.values()))


def _example(at: At, intents: list[str], names: Names) -> Example:
    """`改到[后天](日期)`: the words without the marks, and where the value stood."""
    text, spans, last = "", [], 0
    for match in _ANNOTATION.finditer(at.value):
        text += at.value[last : match.start()]
        name = At(match[2], at.inside(match.start(2)))
        if names.variable(name) is not None:
            spans.append(Span(len(text), len(text) + len(match[1]), match[2]))
        text += match[1]
        last = match.end()
    text += at.value[last:]
    if "](" in text:
        names.findings.add("annotation", at.inside(at.value.rfind("](")), name=at.value[:30])
    return Example(text, intents[0], tuple(spans), tuple(intents[1:]))


def training(parsed: Parsed, names: Names, examples: tuple[Example, ...]) -> TrainingData:
    """What the models learn from; built-in intents are those that the script uses (after compiling)."""
    language = names.language
    core = CORE_INTENTS.get(primary(language), ())
    used = sorted({*names.used_intents, *core} - names.intents)
    lists: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in parsed.nlu:
        for name, values in file.get("lists") or ():
            if name.value in lists:
                names.findings.add("duplicate_list", name.place, name=name.value)
            lists[name.value] = {value.value: tuple(at.value for at in ways) for value, ways in values}
    outside = tuple(at.value for file in parsed.nlu for at in file.get("out_of_scope") or ())
    own = TrainingData(
        language=language,
        examples=examples,
        lists=lists,
        slots={name: variable.type for name, variable in names.variables.items()},
        out_of_scope=outside,
        regulars=_regulars(language, used, names.intents),
    )
    others = tuple(_translated(own, tag, used, core) for tag in names.languages)
    return replace(own, examples=_untranslated(own, others), others=others)


def _regulars(language: str, used: Collection[str], own: Collection[str]) -> dict[str, tuple[str, ...]]:
    known = built_in(language)
    return {name: sentences(language, name, {*used, *own}) for name in used if name in known}


def _untranslated(own: TrainingData, others: tuple[TrainingData, ...]) -> tuple[Example, ...]:
    """The examples that no other model has; of an intent that has none in the bot's own language, all."""
    theirs = {example for data in others for example in data.examples}
    spoken = {example.intent for example in own.examples if example not in theirs}
    return tuple(example for example in own.examples if example not in theirs or example.intent not in spoken)


def _translated(own: TrainingData, language: str, used: Iterable[str], core: Iterable[str]) -> TrainingData:
    """The sentences of one of the bot's other languages: its own examples in it, and the built-in intents by the names
    that the script calls them."""

    def spoken(text: str) -> bool:
        return language_of(text, own.language) == primary(language)

    examples = tuple(example for example in own.examples if spoken(example.text))
    written = {example.intent for example in examples if not example.also}
    intents = {intent for example in own.examples for intent in example.intents}
    names = sorted({*used, *core, *intents} - written)
    return replace(
        own,
        language=language,
        examples=examples,
        out_of_scope=tuple(text for text in own.out_of_scope if spoken(text)),
        regulars=_regulars(language, names, intents),
    )


def by_intent(examples: Iterable[Example], names: Names) -> dict[str, tuple[str, ...]]:
    """Intent → its sentences, built-in ones included; those of several intents where an intent has no others."""
    found: dict[str, list[str]] = {}
    for example in examples:
        if not example.also:
            found.setdefault(example.intent, []).append(example.text)
    own = {name: tuple(texts) for name, texts in found.items()}
    besides: dict[str, list[str]] = {}
    for example in examples:
        for intent in example.intents:
            besides.setdefault(intent, []).append(example.text)
    return {**{name: tuple(texts) for name, texts in besides.items()}, **names.regulars, **own}
