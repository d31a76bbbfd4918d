"""A question-and-answer item and the base it belongs to. Filled by the loader from knowledge/*.yaml."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from huashu.core.values import Scalar


@dataclass(frozen=True, slots=True)
class FaqItem:
    id: str
    question: str
    variants: tuple[str, ...] = ()
    """Other ways to ask the same."""
    answer: str = ""
    """For a text chat."""
    voice: str = ""
    """For the ear: short. Empty: `answer`."""
    starts: date | None = None
    """First day of the answer, by the caller's calendar; None: since ever."""
    ends: date | None = None
    """Last day of the answer; None: for ever."""
    needs: tuple[tuple[str, Scalar], ...] = ()
    """(variable, value) pairs that must hold in the conversation; else the item is as good as not there."""
    related: tuple[str, ...] = ()
    """Questions of the same base that a text chat names beside the answer."""
    parent: str = ""
    """Id of the item that this one follows up: it is an answer only right after that one, or beside its siblings."""

    def valid(self, on: date) -> bool:
        return (self.starts is None or self.starts <= on) and (self.ends is None or on <= self.ends)


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    name: str
    items: tuple[FaqItem, ...]
    language: str = "zh-CN"
    threshold: float = 0.5
    """Hits under this confidence are no answer."""
    compose: bool = False
    """A language model, if the operator has one, may put an answer together from several items."""
    index: Mapping[str, FaqItem] = field(init=False, repr=False, compare=False)
    """By id."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", {item.id: item for item in self.items})

    def item(self, identity: str) -> FaqItem:
        """Raises KeyError when there is no such item."""
        return self.index[identity]
