"""A question-and-answer item and the base it belongs to. Filled by the loader from knowledge/*.yaml."""

from dataclasses import dataclass


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


@dataclass(frozen=True, slots=True)
class KnowledgeBase:
    name: str
    items: tuple[FaqItem, ...]
    language: str = "zh-CN"
    threshold: float = 0.5
    """Hits under this confidence are no answer."""

    def item(self, identity: str) -> FaqItem:
        """Raises KeyError when there is no such item."""
        for item in self.items:
            if item.id == identity:
                return item
        raise KeyError(identity)
