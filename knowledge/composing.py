"""Answers put together by a language model from items of a base, and the check that the items really say so.

The model is never believed: each sentence has to name the items it rests on, and these have to hold its content words
and all of its figures, and deny where it denies. What fails is not said; the item itself is, or nothing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from huashu.core.language import is_chinese
from huashu.knowledge import content
from huashu.nlu import text as texts

MOST_PASSAGES: Final = 3
MOST_CHARACTERS: Final = 240
"""Of a composed answer: about a minute of speech; a longer one is refused."""
SUPPORTED: Final = 0.7
"""Share of a sentence's content, by weight, that the items it cites must hold."""

_CITED: Final = re.compile(r"\s*\[(\d+)\]")
_SENTENCE: Final = re.compile(r".+?(?:[。！？!?\n]|\.(?=\s|\[|$)|$)(?:\s*\[\d+\])*", re.DOTALL)
_FIGURE: Final = re.compile(r"\d+(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Passage:
    """What may be said. `number`, from 1, is how it is cited."""

    number: int
    item: str
    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Composed:
    text: str
    """Without the marks."""
    cited: tuple[str, ...]
    """Ids of the items it rests on, in the order cited; at least one."""


class Composer(Protocol):
    def compose(self, question: str, passages: Sequence[Passage], *, language: str) -> str:
        """One or two sentences, each followed by the numbers of its passages in brackets ("每期0.6%。[1]"); empty when
        the passages do not answer. Blocking.

        Raises:
            EngineError: the model cannot be reached or answers nonsense.
        """


def instructions(language: str) -> str:
    """What any composer is told to do."""
    if is_chinese(language):
        return (
            "你是客服。只根据给出的资料回答客户的问题，用一到两句口语化的短句，不要列表，不要客套。"
            "每句话后面用方括号写出依据的资料编号，例如：每期收千分之六。[1] "
            "资料里没有答案时，只回答：无"
        )
    return (
        "You work in customer service. Answer the caller from the given passages only, in one or two short spoken "
        "sentences, no lists, no courtesies. After each sentence write the number of the passage it rests on in "
        "brackets, for example: The fee is 0.6 percent. [1] If the passages do not answer, reply only: NONE"
    )


def material(question: str, passages: Sequence[Passage]) -> str:
    """The passages and the question, as any composer sends them."""
    rows = "\n".join(f"[{passage.number}] {passage.question}\n{passage.answer}" for passage in passages)
    return f"{rows}\n\n{question}"


def verified(text: str, passages: Sequence[Passage]) -> Composed | None:
    """What a composer wrote, if the passages it cites support every sentence of it; else None."""
    text = text.strip()
    if not text or texts.bare(text) in ("无", "none") or len(text) > MOST_CHARACTERS:
        return None
    by_number = {passage.number: passage for passage in passages}
    cited: list[str] = []
    plain = []
    for match in _SENTENCE.finditer(text):
        numbers = [int(number) for number in _CITED.findall(match[0])]
        sentence = _CITED.sub("", match[0]).strip()
        if not texts.bare(sentence):
            continue
        if not numbers or not by_number.keys() >= set(numbers):
            return None
        if not _supported(sentence, [by_number[number] for number in numbers]):
            return None
        cited += [by_number[number].item for number in numbers]
        plain.append(sentence)
    joint = "" if texts.language_of(text, "zh") == "zh" else " "
    return Composed(joint.join(plain), tuple(dict.fromkeys(cited))) if cited else None


def _supported(sentence: str, passages: Sequence[Passage]) -> bool:
    ground = " ".join(f"{passage.question} {passage.answer}" for passage in passages)
    if not set(_FIGURE.findall(sentence)) <= set(_FIGURE.findall(ground)):
        return False
    if content.negated(sentence) and not any(content.negated(passage.answer) for passage in passages):
        return False
    said = {name: weight for name, weight in content.features(sentence).items() if not content.is_pair(name)}
    known = content.features(ground)
    total = sum(said.values())
    return total > 0 and sum(weight for name, weight in said.items() if name in known) >= SUPPORTED * total
