"""Sentences nobody has taught the bot: templates filled by chance, and a script's own examples worded anew.

Everything random comes from the `random.Random` handed in, so a seed gives the same sentences everywhere.
"""

import re
from collections.abc import Iterator, Sequence
from random import Random

from huashu.core.language import is_chinese, primary
from huashu.flows.script import Script
from huashu.lab.phrasebook import phrasebook
from huashu.nlu.builtin import SAME
from huashu.nlu.text import language_of, normal

TRIES = 6
"""Draws for a sentence that is not among the examples, before any will do."""

_ARTICLE = re.compile(r"\ban? (?=([a-z]))")
_CHOICE = re.compile(r"\(([^()]*)\)")


def filled(template: str, rng: Random) -> str:
    """A template with its `(a|b|)` decided, innermost first."""
    while found := _CHOICE.search(template):
        template = template[: found.start()] + rng.choice(found[1].split("|")) + template[found.end() :]
    return " ".join(template.split())


def taught(script: Script, language: str) -> Iterator[tuple[str, str]]:
    """(intent, sentence) of what the bot is taught in one of its languages."""
    data = script.nlu
    regular = ((intent, text) for intent, texts in data.regulars.items() for text in texts)
    for intent, text in (*((example.intent, example.text) for example in data.examples if not example.also), *regular):
        if language_of(text, language) == primary(language):
            yield intent, text


class Wordings:
    """How one bot's callers say what they mean in one of its languages."""

    def __init__(self, script: Script, language: str) -> None:
        self.tag = language
        """BCP-47."""
        self.chinese = is_chinese(language)
        self.language = "zh" if self.chinese else "en"
        self.book = phrasebook(self.language)
        self._examples: dict[str, list[str]] = {}
        for intent, sentence in taught(script, language):
            self._examples.setdefault(intent, []).append(sentence)
        self._taught = {normal(text) for texts in self._examples.values() for text in texts}
        self._taught |= {
            normal(text) for base in script.knowledge.values() for i in base.items for text in (i.question, *i.variants)
        }
        self._out = script.nlu.out_of_scope
        self._questions = {
            base.name: tuple((item.id, (item.question, *item.variants)) for item in base.items)
            for base in script.knowledge.values()
        }

    def taught(self, text: str) -> bool:
        """Whether the bot has this very sentence among its examples."""
        return normal(text) in self._taught

    def known(self, intent: str) -> bool:
        """Whether there is anything to say for it."""
        return intent in self._examples or SAME.get(intent, intent) in self.book.intents

    def intent(self, name: str, rng: Random, own: Sequence[str] = (), fillers: float = 0.25) -> str:
        """A sentence that means an intent and is not among the bot's examples. `own`: a persona's wording."""
        templates: Sequence[str] = own or self.book.intents.get(SAME.get(name, name), ())
        examples = self._examples.get(name, ())
        text = name
        for _ in range(TRIES):
            if templates and (own or not examples or rng.random() < 0.7):
                text = self.with_fillers(filled(rng.choice(templates), rng), rng, fillers)
            elif examples:
                text = self.mutated(rng.choice(examples), rng, fillers)
            if not self.taught(text):
                break
        return text

    def sentence(self, name: str, rng: Random, fillers: float = 0.25) -> str:
        """One of our own sentences."""
        return self.with_fillers(filled(rng.choice(self.book.intents[name]), rng), rng, fillers)

    def question(self, base: str, rng: Random, fillers: float = 0.25) -> tuple[str, str]:
        """(item, a question for it in other words)."""
        item, wordings = rng.choice(self._questions[base])
        text = rng.choice(wordings)
        for _ in range(TRIES):
            around = rng.choice(self.book.faq).replace("{q}", self._reworded(rng.choice(wordings).rstrip("?？"), rng))
            text = self.with_fillers(around, rng, fillers)
            if not self.taught(text):
                break
        return item, text

    def chat(self, rng: Random, own: Sequence[str] = (), fillers: float = 0.25) -> str:
        """Something that has nothing to do with the script."""
        if own:
            return filled(rng.choice(own), rng)
        if self._out and rng.random() < 0.4:
            return self.mutated(rng.choice(self._out), rng, fillers)
        return self.with_fillers(filled(rng.choice(self.book.chat), rng), rng, fillers)

    def around(self, kind: str, value: str, rng: Random, fillers: float = 0.25) -> str:
        """A sentence that gives a value."""
        templates = self.book.values.get(kind, self.book.values["number"])
        return self.with_fillers(filled(rng.choice(templates), rng).replace("{v}", value), rng, fillers)

    def mutated(self, example: str, rng: Random, fillers: float = 0.25) -> str:
        """An example in other words: synonyms, another order, something repeated, fillers; never the example itself."""
        text = self._reworded(example, rng)
        if rng.random() < 0.15:
            text = self._turned(text, rng)
        if rng.random() < 0.1:
            text = self._repeated(text, rng)
        text = self.with_fillers(text, rng, fillers)
        if normal(text) == normal(example):
            end = rng.choice(self.book.end)
            text = text + end if self.chinese else f"{text} {end}"
        return text

    def with_fillers(self, text: str, rng: Random, chance: float) -> str:
        """Hesitations before, within and behind."""
        gap = "" if self.chinese else " "
        if rng.random() < chance:
            text = rng.choice(self.book.front) + gap + text
        if rng.random() < chance / 3:
            pieces = self._pieces(text)
            if len(pieces) > 3:
                at = rng.randrange(1, len(pieces))
                text = gap.join([*pieces[:at], rng.choice(self.book.middle), *pieces[at:]])
        if rng.random() < chance / 2:
            text = text + gap + rng.choice(self.book.end)
        return text

    # --- inside ---

    def _pieces(self, text: str) -> list[str]:
        return list(text) if self.chinese else text.split()

    def _reworded(self, text: str, rng: Random) -> str:
        """Up to two words exchanged for synonyms."""
        lowered = text if self.chinese else text.lower()
        if len(self._pieces(text)) < 2:
            return lowered  # one word alone means what it says
        fitting = [group for group in self.book.synonyms if _holds(lowered, group[0], self.chinese)]
        for group in rng.sample(fitting, min(len(fitting), rng.choice((1, 1, 2)))):
            other = rng.choice(group[1:])
            if self.chinese:
                lowered = lowered.replace(group[0], other, 1)
            else:
                lowered = re.sub(rf"\b{re.escape(group[0])}\b", other, lowered, count=1)
        return lowered if self.chinese else _ARTICLE.sub(_article, lowered)

    def _turned(self, text: str, rng: Random) -> str:
        """The end said first, as people do who think while they speak."""
        if self.chinese:
            lead = next((lead for lead in self.book.leads if text.startswith(lead) and len(text) >= len(lead) + 3), "")
            return text[len(lead) :] + lead
        pieces = text.split()
        if len(pieces) < 6:
            return text
        at = rng.randrange(2, len(pieces) - 2)
        return " ".join([*pieces[at:], *pieces[:at]])

    def _repeated(self, text: str, rng: Random) -> str:
        """A false start: the first piece or two twice."""
        pieces = self._pieces(text)
        count = min(len(pieces), rng.choice((1, 2)))
        return ("" if self.chinese else " ").join([*pieces[:count], *pieces])


def _article(found: re.Match[str]) -> str:
    """The right article after a noun has been exchanged."""
    return "an " if found[1] in "aeiou" else "a "


def _holds(text: str, word: str, chinese: bool) -> bool:
    return word in text if chinese else re.search(rf"\b{re.escape(word)}\b", text) is not None
