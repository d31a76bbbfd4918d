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
