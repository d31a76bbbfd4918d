"""knowledge/*.yaml → knowledge bases."""

from datetime import date

from huashu.core.values import Scalar
from huashu.flows.names import Names
from huashu.flows.parse import Parsed
from huashu.flows.shapes import At, Fields
from huashu.knowledge.items import FaqItem, KnowledgeBase

FOLLOWS = " › "
"""Between the id of an item and the question of what follows it up."""


def knowledge(parsed: Parsed, names: Names) -> dict[str, KnowledgeBase]:
    return {name: _Base(names).read(name, fields, parsed.language) for name, fields in parsed.knowledge.items()}


class _Base:
    """One base being read."""

    def __init__(self, names: Names) -> None:
        self._names = names
        self._findings = names.findings
        self._items: dict[str, FaqItem] = {}
        self._related: list[At] = []

    def read(self, name: str, fields: Fields, language: str) -> KnowledgeBase:
        for item in fields.get("items") or ():
            if not self._add(item):
                continue
            for follow_up in item.get("follow_ups") or ():
                self._add(follow_up, parent=item.get("question").value)
        questions = [item.question for item in self._items.values() if not item.parent]
        for at in self._related:
            if at.value not in questions:
                self._findings.add("unknown_question", at.place, name=at.value[:30], known=questions)
        return KnowledgeBase(
            name, tuple(self._items.values()), language, fields.plain("threshold", 0.5), fields.plain("compose", False)
        )

    def _add(self, item: Fields, *, parent: str = "") -> bool:
        """A question is its own id: stable when items are moved, readable in a report."""
        if "question" not in item or "answer" not in item:
            return False
        question = item.get("question")
        identity = f"{parent}{FOLLOWS}{question.value}" if parent else question.value
        if identity in self._items:
            self._findings.add("duplicate_question", question.place, name=question.value[:30])
            return False
        self._placeholders(item)
        starts, ends = self._day(item, "from"), self._day(item, "until")
        if starts and ends and ends < starts:
            self._findings.add("never_valid", item.at("until"), name=f"{starts} > {ends}")
        related = item.get("related") or []
        self._related += related
        self._items[identity] = FaqItem(
            id=identity,
            question=question.value,
            variants=tuple(at.value for at in item.get("variants") or ()),
            answer=item.plain("answer", ""),
            voice=item.plain("voice", ""),
            starts=starts,
            ends=ends,
            needs=self._needs(item),
            related=tuple(at.value for at in related),
            parent=parent,
        )
        return True

    def _placeholders(self, item: Fields) -> None:
        for at in (item.get(key) for key in ("answer", "voice") if key in item):
            if "【" in at.value or "{{" in at.value:
                self._findings.add("placeholder_in_answer", at.inside(max(at.value.find("【"), at.value.find("{{"))))

    def _day(self, item: Fields, key: str) -> date | None:
        at: At | None = item.get(key)
        if at is None:
            return None
        value = self._names.typed(at, "date")
        return date.fromisoformat(value) if isinstance(value, str) else None

    def _needs(self, item: Fields) -> tuple[tuple[str, Scalar], ...]:
        pairs = ((name.value, self._names.variable(name), at) for name, at in item.get("needs") or ())
        return tuple((name, self._names.typed(at, known.type)) for name, known, at in pairs if known is not None)
