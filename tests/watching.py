"""The watch over log lines: what callers say anywhere in the test suite must stand in none of them."""

import dataclasses
import logging
import traceback
from collections.abc import Mapping

from huashu.core.codec import private_fields


class Watch(logging.Handler):
    """Every log line of the suite at the default level, and everything callers said, typed or owned in it."""

    def __init__(self) -> None:
        super().__init__(level=logging.INFO)
        self.lines: dict[str, str] = {}
        self.secrets: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if record.exc_info and record.exc_info[1] is not None:
            line += " " + "".join(traceback.format_exception(record.exc_info[1]))
        self.lines.setdefault(line, f"{record.name}:{record.lineno}")

    def note(self, value: object) -> None:
        """Remember what is private in an event; words too short to be told from a log's own are left out."""
        if isinstance(value, str):
            plain_words = value.isascii() and not any(char.isdigit() for char in value)
            if len(value) >= (12 if plain_words else 6 if value.isascii() else 3):
                self.secrets.add(value)
        elif isinstance(value, Mapping):
            for item in value.values():
                self.note(item)
        elif isinstance(value, tuple):
            for item in value:
                if not isinstance(item, str):
                    self.note(item)
        elif dataclasses.is_dataclass(value) and not isinstance(value, type):
            hidden = private_fields(type(value))
            for field in dataclasses.fields(value):
                item = getattr(value, field.name)
                if field.name in hidden or isinstance(item, tuple):
                    self.note(item)

    def leaks(self) -> list[str]:
        found = []
        for line, where in self.lines.items():
            if any(secret in line for secret in self.secrets):
                found.append(where)
        return sorted(set(found))
