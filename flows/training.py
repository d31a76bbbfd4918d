"""nlu/*.yaml → training data."""

import re
from collections.abc import Iterable

from huashu.flows.builtins import REQUESTS
from huashu.flows.names import Names
from huashu.flows.parse import Parsed
from huashu.flows.shapes import At
from huashu.nlu.builtin import BUILTIN
from huashu.nlu.data import Example, Span, TrainingData

_ANNOTATION = re.compile(r"\[([^\[\]]+)\]\(([^()]+)\)")
CORE_INTENTS = {
    "zh": ("肯定", "否定", *(chinese for chinese, _ in REQUESTS.values())),
    "en": ("affirm", "deny", *(english for _, english in REQUESTS.values())),
}
"""Understood everywhere, whether a script names them or not: yes and no (every `confirm` and yes_no variable), and what
a caller asks of the conversation itself."""


def built_in(language: str) -> dict[str, tuple[str, ...]]:
    """Built-in intents of a language, by name; none for a language without."""
    return dict(BUILTIN.get(language.split("-")[0].lower(), {}))


def intents(parsed: Parsed, names: Names) -> tuple[Example, ...]:
    """All examples; fills `names.intents`."""
    found: list[Example] = []
    for file in parsed.nlu:
        for name, fields in file.get("intents") or ():
            if not fields.get("examples"):
                names.findings.add("intent_empty", name.place, name=name.value)
            names.intents.add(name.value)
            found += [_example(at, name.value, names) for at in fields.get("examples") or ()]
    return tuple(dict.fromkeys(found))


def _example(at: At, intent: str, names: Names) -> Example:
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
    return Example(text, intent, tuple(spans))


def training(parsed: Parsed, names: Names, examples: tuple[Example, ...]) -> TrainingData:
    """What the model learns from; built-in intents are those that the script uses (after compiling)."""
    language = names.language
    core = CORE_INTENTS.get(language.split("-")[0].lower(), ())
    used = {*names.used_intents, *core} - names.intents
    lists: dict[str, dict[str, tuple[str, ...]]] = {}
    for file in parsed.nlu:
        for name, values in file.get("lists") or ():
            if name.value in lists:
                names.findings.add("duplicate_list", name.place, name=name.value)
            lists[name.value] = {value.value: tuple(at.value for at in ways) for value, ways in values}
    outside = tuple(at.value for file in parsed.nlu for at in file.get("out_of_scope") or ())
    return TrainingData(
        language=language,
        examples=examples,
        lists=lists,
        slots={name: variable.type for name, variable in names.variables.items()},
        out_of_scope=outside,
        regulars={name: names.regulars[name] for name in sorted(used) if name in names.regulars},
    )


def by_intent(examples: Iterable[Example], names: Names) -> dict[str, tuple[str, ...]]:
    """Intent → its sentences, built-in ones included."""
    found: dict[str, list[str]] = {}
    for example in examples:
        found.setdefault(example.intent, []).append(example.text)
    own = {name: tuple(texts) for name, texts in found.items()}
    return {**names.regulars, **own}
