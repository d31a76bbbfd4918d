"""What a script teaches the understanding: intents with examples, entities, synonyms. Filled by the loader."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Span:
    """An annotated piece of an example: `[后天](日期)` in the YAML. Half-open character offsets."""

    start: int
    end: int
    slot: str


@dataclass(frozen=True, slots=True)
class Example:
    text: str
    intent: str
    spans: tuple[Span, ...] = ()
    also: tuple[str, ...] = ()
    """What the sentence means besides: it belongs to these intents as much as to the first."""

    @property
    def intents(self) -> tuple[str, ...]:
        return (self.intent, *self.also)


@dataclass(frozen=True, slots=True)
class TrainingData:
    language: str
    examples: tuple[Example, ...] = ()
    lists: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Entity name → canonical value → synonyms: closed vocabularies (products, branches)."""
    slots: Mapping[str, str] = field(default_factory=dict)
    """Variable name → value type."""
    out_of_scope: tuple[str, ...] = ()
    """Sentences that belong to no intent."""
    regulars: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Built-in intents the script uses (肯定, 否定, …) come with examples of their own, unless the script has some."""
    others: tuple["TrainingData", ...] = ()
    """What teaches the bot's other languages: a model each (huashu.nlu.polyglot)."""

    @property
    def own(self) -> frozenset[str]:
        """Intents with examples of the script's own, which stand in the place of built-in ones. A sentence that means
        several things is nobody's own: it teaches that they are said together, not how each is said."""
        return frozenset(example.intent for example in self.examples if not example.also)
