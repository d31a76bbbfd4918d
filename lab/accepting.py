"""`huashu test --update`: what tests expect, rewritten to what really happens.

A test is held until it fails, the expectation that failed is rewritten where it stands, and it is held anew, until it
passes. Only the expectations themselves are written (what the bot says, when, and what must hold): what callers do,
comments, order, layout and the spelling of keys stay as they are, byte for byte.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from pathlib import Path

from huashu.core.values import Scalar
from huashu.flows.keys import CHINESE_WORDS
from huashu.flows.writing import scalar
from huashu.lab.holding import Holding, bare
from huashu.lab.script import BotSays, Expected, Interrupt, Mock, Spot, TestTurn, Transcript
from huashu.lab.source import Mistakes
from huashu.lab.transcript import read_text
from huashu.runtime.bot import Bot

MOST = 400
"""Expectations of one test that are rewritten before it is given up."""
TENTH = Decimal("0.1")

Hold = Callable[[Transcript], Holding]
"""Makes a test ready to be held."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A file of tests."""

    file: str
    """Path inside the bot's folder."""
    before: str
    after: str
    left: tuple[tuple[str, str], ...] = ()
    """Name and failure of tests that go otherwise in a way no expectation tells (a caller who cannot speak any more, a
    variable that does not exist …); what could be rewritten in them is."""


@dataclass(frozen=True, slots=True)
class _Edit:
    spot: Spot
    text: str

    def applied(self, text: str) -> str:
        start, end = self.spot
        end = start + len(text[start:end].rstrip())  # a text of several lines holds the end of its last line
        return text[:start] + self.text + text[end:]


def accept(bot: Bot, folder: Path, tests: Sequence[Transcript], hold: Hold) -> list[Accepted]:
    """What the files of these tests become; nothing is written."""
    found = []
    for file in dict.fromkeys(test.file for test in tests):
        text = _read(folder / file)
        names = [(test.name, test.line) for test in tests if test.file == file]
        every = read_text(text, file, Mistakes(bot.script.language))
        numbers = [number for number, test in enumerate(every) if (test.name, test.line) in names]
        after, left = text, list[tuple[str, str]]()
        for number in numbers:
            after, failure = _rewritten(after, file, number, bot.script.language, hold)
            if failure:
                left.append((every[number].name, failure))
        found.append(Accepted(file, text, after, tuple(left)))
    return found


def write(folder: Path, accepted: Sequence[Accepted]) -> None:
    """Write the files that change, with the line ends and the byte-order mark they have."""
    for item in accepted:
        if item.after != item.before:
            path = folder / item.file
            old = path.read_bytes()
            text = item.after.replace("\n", "\r\n") if b"\r\n" in old else item.after
            path.write_bytes((b"\xef\xbb\xbf" if old.startswith(b"\xef\xbb\xbf") else b"") + text.encode())


def _read(path: Path) -> str:
    return path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def _rewritten(text: str, file: str, number: int, language: str, hold: Hold) -> tuple[str, str]:
    """The text with the test of this number passing, as far as rewriting can do it; the failure that is left."""
    failure = ""
    for _ in range(MOST):
        test = read_text(text, file, Mistakes(language))[number]
        holding = hold(test)
        failure = holding.result().failure
        edits = _edits(text, test, holding) if failure else []
        if not edits:
            break
        for edit in sorted(edits, key=lambda one: one.spot, reverse=True):
            text = edit.applied(text)
    return text, failure


def _edits(text: str, test: Transcript, holding: Holding) -> list[_Edit]:
    """What makes the expectation hold that has failed; nothing when none has, or it cannot be rewritten."""
    turn = holding.at
    if turn is None:
        return []
    match turn.what:
        case BotSays() if holding.missed is not None:
            number, took = holding.missed
            if took is not None:
                return _on_time(turn, turn.what, took)
            return _lines(text, turn, turn.what, number, _heard(test, turn, turn.what, number, holding))
        case Expected() if holding.gaps and all(gap.key in turn.spots for gap in holding.gaps):
            return [_Edit(turn.spots[gap.key], _scalar(_spelt(text, turn, gap.key, gap.found))) for gap in holding.gaps]
    return []


def _heard(test: Transcript, turn: TestTurn, says: BotSays, number: int, holding: Holding) -> list[str]:
    """The lines that stand where a text was expected: up to those that the next expectations are met by."""
    behind, follows = _behind(test, turn)
    told = holding.unmatched()
    if isinstance(follows, Interrupt):  # what is said only after the interruption has no place here
        told = [one for one in told if one[0] == told[0][0]]
    lines = [line for _, line in told]
    expected = [one for one in (*says.texts[number + 1 :], *behind) if one]
    for one in expected:
        met = next((index for index, line in enumerate(lines) if one in line), None)
        if met is not None:
            return [line for line in (*lines[:met], bare(lines[met].partition(one)[0])) if line]
    return lines[:1] if expected else lines


def _behind(test: Transcript, turn: TestTurn) -> tuple[list[str], object]:
    """The texts expected behind a turn before anybody else does something, and what is done then."""
    at = next(number for number, one in enumerate(test.turns) if one is turn)
    texts: list[str] = []
    for one in test.turns[at + 1 :]:
        match one.what:
            case BotSays():
                texts += one.what.texts
            case Expected() | Mock():
                pass
            case other:
                return texts, other
    return texts, None


def _lines(text: str, turn: TestTurn, says: BotSays, number: int, lines: list[str]) -> list[_Edit]:
    item, whole = turn.spots.get(f"bot.{number}"), turn.spots.get("bot")
    if item is not None and len(lines) == 1:
        return [_Edit(item, _scalar(lines[0], text[item[0]]))]
    if whole is None:
        return []
    kept = [*says.texts[:number], *lines, *says.texts[number + 1 :]] or [""]
    written = [_scalar(one) for one in kept]
    if text[whole[0]] == "-" and item is not None:  # one line each, as it was
        indent = whole[0] - (text.rfind("\n", 0, whole[0]) + 1)
        return [_Edit(whole, ("\n" + " " * indent).join(f"- {one}" for one in written))]
    if len(kept) == 1:
        return [_Edit(whole, _scalar(kept[0], text[whole[0]]))]
    return [_Edit(whole, "[" + ", ".join(written) + "]")]


def _on_time(turn: TestTurn, says: BotSays, took: float) -> list[_Edit]:
    if "within" not in turn.spots or says.within is None:
        return []
    exact = Decimal(str(round(took, 3)))
    latest = f"{exact.quantize(TENTH, ROUND_CEILING)}s"
    if says.within[0]:
        latest = f"[{exact.quantize(TENTH, ROUND_FLOOR)}s, {latest}]"
    return [_Edit(turn.spots["within"], latest)]


def _spelt(text: str, turn: TestTurn, key: str, found: Scalar) -> Scalar:
    """A result in Chinese where it was written in Chinese."""
    start, end = turn.spots[key]
    if key == "result" and isinstance(found, str) and not text[start:end].isascii():
        return CHINESE_WORDS.get(found, found)
    return found


def _scalar(value: Scalar, quote: str = "") -> str:
    """A value as it stands in YAML; a text in quotes where what it replaces began with `quote`."""
    if value is None:
        return "null"
    if isinstance(value, Decimal):
        value = str(value)
    if quote in ("'", '"') and isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)  # a JSON string is one in YAML
    return scalar(value)
