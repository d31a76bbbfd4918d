"""Banks of sentences are written as running text; this divides them."""

from collections.abc import Mapping


def divided(texts: Mapping[str, str], mark: str | None) -> dict[str, tuple[str, ...]]:
    """By name: the pieces of each text between marks, None meaning blanks."""
    return {name: _pieces(text, mark) for name, text in texts.items()}


def groups(text: str, mark: str | None) -> tuple[tuple[str, ...], ...]:
    """Words that stand for one another, the usual one first."""
    return tuple(tuple(group.split("/")) for group in _pieces(text, mark))


def _pieces(text: str, mark: str | None) -> tuple[str, ...]:
    return tuple(piece for part in text.split(mark) if (piece := " ".join(part.split())))
