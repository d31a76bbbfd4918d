"""Labelled utterances in the neutral form: JSON Lines of {"text", "intent", "spans": [[start, end, label], …]}.

The intent may be a list: all that the utterance means, the first one first; an empty list is out of scope.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

from huashu.core.errors import UsageError
from huashu.nlu import text as texts
from huashu.nlu.data import Example, Span, TrainingData

OUT_OF_SCOPE: Final = "oos"
"""Intent of rows that belong to none."""
MOST_ROWS: Final = 1_000_000


def read_rows(path: Path) -> list[Example]:
    """The rows of a file, in order.

    Raises:
        UsageError: no such file, or a line that is no such row; the message names file, line and field.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    found = []
    try:
        with path.open(encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    found.append(_row(line, f"{path}:{number}"))
                if number > MOST_ROWS:
                    raise UsageError(f"{path}: more than {MOST_ROWS} rows")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: JSON Lines are UTF-8, this file is not") from error
    if not found:
        raise UsageError(f"{path}: no rows")
    return found


def write_rows(path: Path, rows: Iterable[Example]) -> None:
    lines = (
        {
            "text": row.text,
            "intent": list(row.intents) if row.also else row.intent,
            "spans": [[span.start, span.end, span.slot] for span in row.spans],
        }
        for row in rows
    )
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines), encoding="utf-8")


def training_data(rows: Sequence[Example], *, language: str = "") -> TrainingData:
    """What the understanding learns from. language: BCP-47; empty: the one most rows are in."""
    return TrainingData(
        language=language or main_language(rows),
        examples=tuple(row for row in rows if row.intent != OUT_OF_SCOPE),
        out_of_scope=tuple(row.text for row in rows if row.intent == OUT_OF_SCOPE),
    )


def rows_of(data: TrainingData) -> list[Example]:
    """A bot's own examples, built-in intents and out-of-scope sentences included, once each."""
    own = data.own
    regulars = (Example(text, intent) for intent, told in data.regulars.items() if intent not in own for text in told)
    outside = (Example(text, OUT_OF_SCOPE) for text in data.out_of_scope)
    return list(dict.fromkeys((*data.examples, *regulars, *outside)))


def main_language(rows: Sequence[Example]) -> str:
    counts = Counter(texts.language_of(row.text, "en") for row in rows)
    return "zh-CN" if counts and counts.most_common(1)[0][0] == "zh" else "en-US"


def _row(line: str, where: str) -> Example:
    try:
        data = json.loads(line)
    except ValueError as error:
        raise UsageError(f"{where}: no JSON: {error}") from error
    if not isinstance(data, dict):
        raise UsageError(f'{where}: an object such as {{"text": "…", "intent": "…"}}, not {line[:40]!r}')
    text, intent = data.get("text"), data.get("intent")
    if not isinstance(text, str) or not text.strip():
        raise UsageError(f"{where}: text: the words of the utterance, not {text!r}")
    spans = tuple(_span(span, text, where) for span in data.get("spans") or ())
    match intent:
        case str() if intent:
            return Example(text, intent, spans)
        case [*names] if all(isinstance(name, str) and name for name in names) and len(set(names)) == len(names):
            first, *also = names or [OUT_OF_SCOPE]
            if OUT_OF_SCOPE not in also and (first != OUT_OF_SCOPE or not also):
                return Example(text, first, spans, tuple(also))
    raise UsageError(
        f"{where}: intent: the name of an intent, a list of different ones, or {OUT_OF_SCOPE!r}, not {intent!r}"
    )


def _span(span: Any, text: str, where: str) -> Span:
    match span:
        case [int(start), int(end), str(label)] if 0 <= start < end <= len(text) and label:
            return Span(start, end, label)
    raise UsageError(f"{where}: spans: [start, end, label] inside the text, not {span!r}")
