"""Failed calls as conversation tests: files for the bot's tests/ folder that record what happened, and pass.

Each is replayed before it is kept. A caller who spoke faster than tests do, in a call where a fraction of a second
decided, may not replay; such a call is left out.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from huashu.flows.keys import CHINESE_WORDS
from huashu.lab.keys import ANSWER_KEYS, EXPECT_KEYS, EXTRA_KEYS, INTERRUPT_KEYS, TEST_KEYS, TURN_KEYS, WORDS
from huashu.lab.one_call import CallResult
from huashu.lab.runner import hold
from huashu.lab.source import Mistakes
from huashu.lab.tally import reason
from huashu.lab.telling import Telling
from huashu.lab.transcript import read_file
from huashu.runtime.bot import Bot

MOST = 20
"""Calls kept, of each reason and ending first one."""

_PLAIN: Mapping[str, str] = {english: chinese for chinese, english in WORDS.items()}


def keep(
    bot: Bot, failed: Sequence[CallResult], folder: Path, *, seed: int, titles: Mapping[str, str], most: int = MOST
) -> tuple[list[Path], int]:
    """Write failed calls into a folder (made if it is not there); (files, number that did not replay)."""
    folder.mkdir(parents=True, exist_ok=True)
    language = bot.script.language
    kept: list[Path] = []
    lost = 0
    for call in _varied(failed):
        if len(kept) >= most:
            break
        path = folder / f"simulated-{seed}-{call.number:05d}.yaml"
        path.write_text(as_test(call, language, seed=seed, persona=titles[call.persona]), encoding="utf-8")
        mistakes = Mistakes(language)
        tests = read_file(path, path.name, mistakes)
        if not mistakes.found and len(tests) == 1 and hold(bot, tests[0]).passed:
            kept.append(path)
        else:
            path.unlink()
            lost += 1
    return sorted(kept), lost


def as_test(call: CallResult, language: str, *, seed: int, persona: str) -> str:
    """One call as the text of a test."""
    writer = _Writer(language)
    tell = Telling(language)
    why = "; ".join(reason(code, words, tell) for code, words in call.why)
    head = tell("kept_head", seed=seed, call=call.number, persona=persona, why=why)
    name = tell("kept_name", seed=seed, call=call.number, persona=persona)
    lines = [
        f"# {head}",
        f"{writer.key(TEST_KEYS, 'test')}: {_text(name)}",
        f"{writer.key(TEST_KEYS, 'at')}: {call.at}",
        f"{writer.key(TEST_KEYS, 'seed')}: {call.seed}",
    ]
    if call.arms:
        lines.append(f"{writer.key(TEST_KEYS, 'arms')}: {_flow(call.arms)}")
    lines.append(f"{writer.key(TEST_KEYS, 'turns')}:")
    lines += [line for move in call.moves for line in writer.move(move)]
    lines += writer.move({"expect": dict(call.expect)})
    return "\n".join(lines) + "\n"


def _varied(failed: Iterable[CallResult]) -> list[CallResult]:
    """Calls that failed in different ways first."""
    seen: dict[tuple[Any, ...], int] = {}
    ranked = []
    for call in failed:
        way = (tuple(code for code, _ in call.why), call.ending, call.persona)
        seen[way] = seen.get(way, 0) + 1
        ranked.append((seen[way], call.number, call))
    return [call for _, _, call in sorted(ranked, key=lambda item: item[:2])]


class _Writer:
    """Turns in the spelling of the bot's language."""

    def __init__(self, language: str) -> None:
        self._tell = Telling(language)
        self._chinese = self._tell.chinese

    def key(self, spellings: Mapping[str, str], name: str) -> str:
        return spellings[name] if self._chinese else name

    def move(self, move: Mapping[str, Any]) -> list[str]:
        """The lines of one turn."""
        said = move.get("interrupt", move).get("#")
        note = f"  # {self._tell('really_said', text=said)}" if said else ""
        name, value = next(iter(move.items()))
        lines = [f"- {self.key(TURN_KEYS, name)}:{self._value(name, value)}{note}"]
        for extra in ("confidence", "alternatives"):
            if extra in move:
                lines.append(f"  {self.key(EXTRA_KEYS, extra)}: {_flow(move[extra])}")
        return lines

    def _value(self, name: str, value: Any) -> str:
        match name:
            case "bot" | "caller" | "dtmf":
                return " " + _flow(value)
            case "silence" | "noise" | "beep":
                return f" {value:g}s"
            case "human":
                return " " + (_PLAIN[value] if self._chinese else value)
            case "answered_by":
                return " " + str(value)
            case "hangs_up":
                return ""
            case "interrupt":
                return " {" + ", ".join(self._inner(value)) + "}"
            case "action":
                actions = (f"{_text(one)}: [{', '.join(map(self._answer, told))}]" for one, told in value.items())
                return " {" + ", ".join(actions) + "}"
            case _:
                return " {" + ", ".join(self._expected(key, item) for key, item in value.items()) + "}"

    def _inner(self, value: Mapping[str, Any]) -> list[str]:
        told = []
        for key, item in value.items():
            if key != "#":
                plain = f"{item:g}s" if key in ("after", "noise") else _flow(item)
                told.append(f"{self.key(INTERRUPT_KEYS, key)}: {plain}")
        return told

    def _answer(self, answer: Mapping[str, Any]) -> str:
        told = []
        for key, item in answer.items():
            if key in ANSWER_KEYS:
                name = self.key(ANSWER_KEYS, key)
                told.append(f"{name}: {item:g}s" if key == "after" else f"{name}: {_flow(item)}")
            else:
                told.append(f"{_text(key)}: {_flow(item)}")
        return "{" + ", ".join(told) + "}"

    def _expected(self, key: str, value: Any) -> str:
        if key == "result" and self._chinese:
            value = CHINESE_WORDS.get(value, value)
        return f"{self.key(EXPECT_KEYS, key)}: {_text(str(value))}"


def _flow(value: Any) -> str:
    """A value inside a line of YAML; texts always in quotes."""
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Decimal):
        return _text(str(value))
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(str(key))}: {_flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return json.dumps(value)


def _text(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # a JSON string is one in YAML
