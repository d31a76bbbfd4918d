"""Keys and plain values of a test file, read with their positions: what every part of a test is made of."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any, cast

from huashu.core.events import Alternative
from huashu.core.values import Scalar
from huashu.flows.findings import nearest
from huashu.flows.keys import ENGLISH_WORDS
from huashu.flows.shapes import duration
from huashu.lab.keys import WORDS
from huashu.lab.source import Mistakes, Node


class Reading:
    """Of one file."""

    def __init__(self, file: str, mistakes: Mistakes) -> None:
        self.keys: list[tuple[int, int, str, str]] = []
        """Of every key that was read: line, column, its English and its Chinese spelling."""
        self._file = file
        self._mistakes = mistakes
        self._spelling: str = ""
        """"en" or "zh": how the first key that differs was written."""

    def error(self, node: Node, code: str, **words: Any) -> None:
        self._mistakes.add(self._file, node.line, node.column, code, **words)

    def key_error(self, node: Node, code: str, **words: Any) -> None:
        """A mistake in the key that `node` is the value of."""
        line, column = node.key
        self._mistakes.add(self._file, line, column, code, **words)

    def names(self, spellings: Mapping[str, str]) -> str:
        """Keys as this file spells them."""
        chinese = self._spelling == "zh" or (not self._spelling and self._mistakes.tell.chinese)
        return ", ".join(spellings.values() if chinese else spellings)

    # --- keys and scalars ---

    def _key(self, key: str, spellings: Mapping[str, str]) -> str | None:
        """The English name of a key, or None when it is none of these."""
        if key in spellings:
            return key
        return next((plain for plain, chinese in spellings.items() if chinese == key), None)

    def _mapping(self, node: Node, spellings: Mapping[str, str], where: str) -> dict[str, Node]:
        if not isinstance(node.value, dict):
            at = node.raw.find("：")
            if at >= 0:
                self.error(replace(node, column=node.column + at), "colon")
                return {}
            self.error(node, "mapping", where=self._mistakes.tell(where), names=self.names(spellings))
            return {}
        keys: dict[str, Node] = {}
        for key, item in node.pairs():
            plain = self._key(str(key), spellings)
            if plain is None:
                tell = self._mistakes.tell
                like = nearest(str(key), spellings.values() if self._spelling == "zh" else spellings)
                near = tell("near", name=like) if like else ""
                names = self.names(spellings)
                self.key_error(item, "unknown_key", where=tell(where), name=key, near=near, names=names)
                continue
            spelling = "en" if key == plain else "zh"
            if self._spelling and spelling != self._spelling:
                other = plain if self._spelling == "en" else spellings[plain]
                self.key_error(item, "mixed", name=key, right=other)
            self._spelling = self._spelling or spelling
            keys[plain] = item
            self.keys.append((*item.key, plain, spellings[plain]))
        return keys

    def _text(self, node: Node) -> str:
        """Text; a plain number is taken as it is written."""
        if isinstance(node.value, (dict, list)) or node.value is None:
            self.error(node, "text_wanted")
            return ""
        return node.raw

    def _texts(self, node: Node) -> tuple[str, ...]:
        if isinstance(node.value, list):
            return tuple(self._text(item) for item in node.items())
        return (self._text(node),)

    def _digits(self, node: Node) -> str:
        text = self._text(node)
        if text and not re.fullmatch(r"[0-9*#A-D]+", text):
            self.error(node, "not_keys", name=text)
        return text

    def _seconds(self, node: Node) -> float:
        seconds = duration(node.raw)
        if seconds is None:
            self.error(node, "not_duration", name=node.raw)
        return seconds or 0.0

    def _confidence(self, keys: Mapping[str, Node]) -> float:
        if "confidence" not in keys:
            return 1.0
        value = keys["confidence"].value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            self.error(keys["confidence"], "confidence_range")
            return 1.0
        return float(value)

    def _alternatives(self, keys: Mapping[str, Node]) -> tuple[Alternative, ...]:
        """`{words: confidence}`, best first."""
        node = keys.get("alternatives")
        if node is None:
            return ()
        if not isinstance(node.value, dict):
            self.error(node, "alternatives_shape")
            return ()
        return tuple(Alternative(text, self._confidence({"confidence": item})) for text, item in node.pairs())

    def _partial(self, keys: Mapping[str, Node]) -> tuple[str, ...]:
        return self._texts(keys["partial"]) if "partial" in keys else ()

    def _gap(self, keys: Mapping[str, Node]) -> tuple[float, ...]:
        node = keys.get("gap")
        if node is None:
            return ()
        items = node.items() if isinstance(node.value, list) else [node]
        return tuple(self._seconds(item) for item in items)

    def _within(self, keys: Mapping[str, Node]) -> tuple[float, float] | None:
        """`1s`: at most; `[3s, 5s]`: at least and at most."""
        node = keys.get("within")
        if node is None:
            return None
        if not isinstance(node.value, list):
            return 0.0, self._seconds(node)
        times = [self._seconds(item) for item in node.items()]
        if len(times) != 2 or times[0] > times[1]:
            self.error(node, "within_shape")
            return None
        return times[0], times[1]

    def _flag(self, node: Node) -> bool:
        word = ENGLISH_WORDS.get(node.raw, node.raw.lower())
        if word not in ("true", "false", "yes", "no"):
            self.error(node, "flag")
        return word in ("true", "yes")

    def _word(self, node: Node, allowed: tuple[str, ...]) -> str:
        word = WORDS.get(node.raw, node.raw)
        if word not in allowed:
            chinese = [chinese for chinese, english in WORDS.items() if english in allowed]
            self.error(node, "none_of", name=node.raw, names=", ".join((*allowed, *chinese)))
        return word

    def _moment(self, node: Node) -> datetime | None:
        try:
            return datetime.fromisoformat(str(node.value)).replace(tzinfo=None)
        except ValueError:
            self.error(node, "moment")
            return None

    def _scalar(self, node: Node) -> Scalar:
        if isinstance(node.value, (dict, list)):
            self.error(node, "plain_value")
            return None
        return Decimal(node.raw) if isinstance(node.value, float) else cast(Scalar, node.value)

    def _scalars(self, node: Node) -> dict[str, Scalar]:
        if not isinstance(node.value, dict):
            self.error(node, "variables")
            return {}
        return {str(key): self._scalar(item) for key, item in node.pairs()}
