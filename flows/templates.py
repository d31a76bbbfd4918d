"""Placeholders in spoken text, 【name】 anywhere and {{name}} inside quotes: text in, pieces and references out."""

import re

from huashu.core.errors import HuashuError
from huashu.flows.script import Reference

_OPEN = re.compile(r"【|\{\{")
_CLOSE = {"【": "】", "{{": "}}"}
_NAME = re.compile(r"[^\W\d]\w*")
MAX_LENGTH = 2000
"""Characters of one line: four minutes of speech, far over anything a caller would sit through."""


class TemplateError(HuashuError):
    """A placeholder is wrong. `offset`: 0-based character in the text; `reason`: open, close, name, length."""

    code = "template"

    def __init__(self, message: str, offset: int, reason: str, detail: str = "") -> None:
        super().__init__(message)
        self.offset = offset
        self.reason = reason
        self.detail = detail


def parse_template(text: str) -> tuple[str | Reference, ...]:
    """The pieces of a line, in order, neighbouring literals joined and none empty.

    Raises:
        TemplateError: a bracket is not closed or not opened, a name is empty or no name, the text is too long.
    """
    if len(text) > MAX_LENGTH:
        raise TemplateError(f"a line may have {MAX_LENGTH} characters", MAX_LENGTH, "length", str(len(text)))
    parts: list[str | Reference] = []
    at = 0
    while True:
        match = _OPEN.search(text, at)
        plain = text[at : match.start() if match else len(text)]
        stray = next((plain.find(close) for close in _CLOSE.values() if close in plain), -1)
        if stray >= 0:
            raise TemplateError("this bracket closes nothing", at + stray, "open", plain[stray])
        if plain:
            parts.append(plain)
        if match is None:
            return tuple(parts)
        close = _CLOSE[match[0]]
        end = text.find(close, match.end())
        if end < 0:
            raise TemplateError(f"{match[0]} is not closed with {close}", match.start(), "close", close)
        name = text[match.end() : end].strip()
        if not _NAME.fullmatch(name):
            raise TemplateError(f"{name!r} is no name of a variable", match.start(), "name", name)
        parts.append(Reference(name))
        at = end + len(close)
