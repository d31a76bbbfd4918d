"""tests/*.yaml: conversations a bot must hold, read into values with their positions. Nothing here runs a bot.

A file holds one test, or several separated by `---`. Every key has an English and a Chinese spelling; a file uses one.
"""

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast, get_args

from huashu.core.errors import ScriptError
from huashu.core.events import AnsweredBy, Cause, Medium
from huashu.core.values import Scalar
from huashu.lab.script import (
    Answer,
    AnsweredByWhom,
    BotSays,
    CallerSays,
    Expected,
    HangsUp,
    Interrupt,
    Keys,
    Mock,
    NobodyAnswered,
    Noise,
    Person,
    Silence,
    TestTurn,
    Transcript,
    What,
)
from huashu.lab.source import Node, documents

# --- spellings ----------------------------------------------------------------------------------------------------

TEST_KEYS: Final = {"test": "测试", "set": "设", "medium": "媒介", "at": "时间", "language": "语言", "turns": "对话"}
TURN_KEYS: Final = {
    "bot": "机器人", "caller": "客户", "silence": "沉默", "interrupt": "打断", "dtmf": "按键", "noise": "噪音",
    "action": "动作", "expect": "期望", "answered_by": "接听", "not_answered": "未接", "hangs_up": "挂断",
    "human": "人工",
}  # fmt: skip
EXTRA_KEYS: Final = {"confidence": "置信度", "repeat": "重复"}
INTERRUPT_KEYS: Final = {"after": "之后", "caller": "客户", "noise": "噪音", "dtmf": "按键", "confidence": "置信度"}
ANSWER_KEYS: Final = {"ok": "成功", "after": "之后", "error": "错误"}
EXPECT_KEYS: Final = {
    "step": "步骤", "slots": "变量", "ending": "结局", "label": "意向", "result": "结果", "handoff": "转人工",
    "sent": "已发送", "called": "已执行", "opt_out": "拒绝来电", "callback": "要求回电", "closed": "已结束",
}  # fmt: skip
WORDS: Final = {
    "语音": "voice", "文字": "text", "加入": "joins", "交还": "leaves", "结束": "ends", "无人": "fails",
}  # fmt: skip
"""Chinese spellings of values."""

MAX_TIMES = 1000
"""Of `repeat`."""
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s|m|毫秒|秒|分)?")
_UNITS = {"ms": 0.001, "毫秒": 0.001, "s": 1.0, "秒": 1.0, "m": 60.0, "分": 60.0, None: 1.0}

# --- reading ------------------------------------------------------------------------------------------------------


def load_tests(folder: Path) -> tuple[Transcript, ...]:
    """All tests of a bot's folder, files by name.

    Raises:
        ScriptError: every mistake in every file, one `file:line:column: message` a line.
    """
    findings: list[str] = []
    tests: list[Transcript] = []
    for path in sorted((folder / "tests").glob("*.yaml")):
        file = path.relative_to(folder).as_posix()
        reader = _Reader(file, findings)
        for node in documents(path, file, findings):
            test = reader.test(node)
            if test is not None:
                tests.append(test)
    if findings:
        raise ScriptError("\n".join(findings))
    return tuple(tests)


class _Reader:
    def __init__(self, file: str, findings: list[str]) -> None:
        self._file = file
        self._findings = findings
        self._spelling: str = ""
        """"en" or "zh": how the first key that differs was written."""

    def error(self, node: Node, message: str) -> None:
        self._findings.append(f"{self._file}:{node.line}:{node.column}: {message}")

    def test(self, node: Node) -> Transcript | None:
        found = len(self._findings)
        keys = self._mapping(node, TEST_KEYS, "a test")
        name = self._text(keys["test"]) if "test" in keys else ""
        if "test" not in keys:
            self.error(node, "a test needs a name: `test: what happens`")
        turns: list[TestTurn] = []
        if "turns" not in keys:
            self.error(node, "a test needs `turns:`")
        elif not isinstance(keys["turns"].value, list) or not keys["turns"].value:
            self.error(keys["turns"], "`turns` is a list of turns: `- caller: …`, `- bot: …`")
        else:
            for item in keys["turns"].items():
                turn = self._turn(item)
                if turn is not None:
                    turns.append(turn)
        medium = self._word(keys["medium"], get_args(Medium)) if "medium" in keys else "voice"
        test = Transcript(
            name=name,
            file=self._file,
            line=node.line,
            turns=tuple(turns),
            set=self._scalars(keys["set"]) if "set" in keys else {},
            medium=cast(Medium, medium),
            at=self._moment(keys["at"]) if "at" in keys else None,
            language=self._text(keys["language"]) if "language" in keys else None,
        )
        return test if len(self._findings) == found else None

    # --- one turn ---

    def _turn(self, node: Node) -> TestTurn | None:
        keys = self._mapping(node, TURN_KEYS | EXTRA_KEYS, "a turn")
        kinds = [key for key in keys if key in TURN_KEYS]
        if len(kinds) != 1:
            if isinstance(node.value, dict):
                self.error(node, "a turn has exactly one of: " + ", ".join(TURN_KEYS))
            return None
        kind = kinds[0]
        if "confidence" in keys and kind != "caller":
            self.error(keys["confidence"], "`confidence` belongs to `caller`")
        value = keys[kind]
        readers: dict[str, Callable[[Node], What | None]] = {
            "bot": lambda node: BotSays(self._texts(node)),
            "caller": lambda node: CallerSays(self._text(node), self._confidence(keys)),
            "silence": lambda node: Silence(self._seconds(node)),
            "noise": lambda node: Noise(self._seconds(node)),
            "dtmf": lambda node: Keys(self._digits(node)),
            "interrupt": self._interrupt,
            "action": self._mock,
            "expect": self._expected,
            "answered_by": lambda node: AnsweredByWhom(cast(AnsweredBy, self._word(node, get_args(AnsweredBy)))),
            "not_answered": lambda node: NobodyAnswered(cast(Cause, self._word(node, get_args(Cause)))),
            "hangs_up": lambda node: HangsUp(),
            "human": lambda node: Person(cast(Any, self._word(node, ("joins", "leaves", "ends", "fails")))),
        }
        what = readers[kind](value)
        times = keys["repeat"].value if "repeat" in keys else 1
        if isinstance(times, bool) or not isinstance(times, int) or not 1 <= times <= MAX_TIMES:
            self.error(keys["repeat"], f"`repeat` is a whole number from 1 to {MAX_TIMES}")
            return None
        return None if what is None else TestTurn(node.line, what, times)

    def _interrupt(self, node: Node) -> Interrupt | None:
        keys = self._mapping(node, INTERRUPT_KEYS, "interrupt")
        what: CallerSays | Keys | Noise
        if "caller" in keys:
            what = CallerSays(self._text(keys["caller"]), self._confidence(keys))
        elif "noise" in keys:
            what = Noise(self._seconds(keys["noise"]))
        elif "dtmf" in keys:
            what = Keys(self._digits(keys["dtmf"]))
        else:
            self.error(node, "`interrupt` needs `caller`, `noise` or `dtmf`, and `after`")
            return None
        return Interrupt(self._seconds(keys["after"]) if "after" in keys else 0.5, what)

    def _mock(self, node: Node) -> Mock | None:
        if not isinstance(node.value, dict):
            self.error(node, "`action` is a mapping of action names to what they answer")
            return None
        return Mock(
            {
                str(name): tuple(self._answer(item) for item in (one.items() if isinstance(one.value, list) else [one]))
                for name, one in node.pairs()
            }
        )

    def _answer(self, node: Node) -> Answer:
        if not isinstance(node.value, dict):
            self.error(node, "an answer is a mapping: `{ok: true, variable: value}`")
            return Answer()
        known: dict[str, Node] = {}
        values: dict[str, Scalar] = {}
        for key, item in node.pairs():
            plain = self._key(str(key), ANSWER_KEYS)
            if plain is None:
                values[str(key)] = self._scalar(item)
            else:
                known[plain] = item
        ok = self._flag(known["ok"]) if "ok" in known else "error" not in known
        error = self._text(known["error"]) if "error" in known else ("" if ok else "failed")
        after = self._seconds(known["after"]) if "after" in known else Answer().after
        return Answer(ok, values, error, after)

    def _expected(self, node: Node) -> Expected:
        keys = self._mapping(node, EXPECT_KEYS, "expect")
        asked: dict[str, Any] = {}
        for key, item in keys.items():
            if key == "slots":
                asked[key] = self._scalars(item)
            elif key in ("opt_out", "callback", "closed"):
                asked[key] = self._flag(item)
            else:
                asked[key] = self._text(item)
        return Expected(**asked)

    # --- keys and scalars ---

    def _key(self, key: str, spellings: Mapping[str, str]) -> str | None:
        """The English name of a key, or None when it is none of these."""
        if key in spellings:
            return key
        return next((plain for plain, chinese in spellings.items() if chinese == key), None)

    def _mapping(self, node: Node, spellings: Mapping[str, str], where: str) -> dict[str, Node]:
        if not isinstance(node.value, dict):
            self.error(node, f"{where} is a mapping with keys such as: {', '.join(list(spellings)[:4])}")
            return {}
        keys: dict[str, Node] = {}
        for key, item in node.pairs():
            plain = self._key(str(key), spellings)
            if plain is None:
                known = ", ".join(spellings.values() if self._spelling == "zh" else spellings)
                self.error(item, f"{where} has no key {key!r}; it has: {known}")
                continue
            spelling = "en" if key == plain else "zh"
            if self._spelling and spelling != self._spelling:
                other = plain if self._spelling == "en" else spellings[plain]
                self.error(item, f"this file mixes Chinese and English keys; write {other!r} for {key!r}")
            self._spelling = self._spelling or spelling
            keys[plain] = item
        return keys

    def _text(self, node: Node) -> str:
        """Text; a plain number is taken as it is written."""
        if isinstance(node.value, (dict, list)) or node.value is None:
            self.error(node, "text is wanted here; put it in quotes")
            return ""
        return node.raw

    def _texts(self, node: Node) -> tuple[str, ...]:
        if isinstance(node.value, list):
            return tuple(self._text(item) for item in node.items())
        return (self._text(node),)

    def _digits(self, node: Node) -> str:
        text = self._text(node)
        if text and not re.fullmatch(r"[0-9*#A-D]+", text):
            self.error(node, f"keys are 0-9, *, #, A-D; not {text!r}")
        return text

    def _seconds(self, node: Node) -> float:
        value = node.value
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0:
            return float(value)
        match = _DURATION.fullmatch(value.strip()) if isinstance(value, str) else None
        if match is None:
            self.error(node, f"{value!r} is no duration; write 4s, 1.5s, 300ms or 2m")
            return 0.0
        return float(match[1]) * _UNITS[match[2]]

    def _confidence(self, keys: Mapping[str, Node]) -> float:
        if "confidence" not in keys:
            return 1.0
        value = keys["confidence"].value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
            self.error(keys["confidence"], "confidence is a number from 0 to 1")
            return 1.0
        return float(value)

    def _flag(self, node: Node) -> bool:
        if not isinstance(node.value, bool):
            self.error(node, "this is true or false")
        return bool(node.value)

    def _word(self, node: Node, allowed: tuple[str, ...]) -> str:
        word = WORDS.get(str(node.value), str(node.value))
        if word not in allowed:
            self.error(node, f"{node.value!r} is none of: {', '.join(allowed)}")
        return word

    def _moment(self, node: Node) -> datetime | None:
        try:
            return datetime.fromisoformat(str(node.value)).replace(tzinfo=None)
        except ValueError:
            self.error(node, "`at` is a local date and time: 2026-03-02T10:30")
            return None

    def _scalar(self, node: Node) -> Scalar:
        if isinstance(node.value, (dict, list)):
            self.error(node, "one plain value is wanted here")
            return None
        return Decimal(node.raw) if isinstance(node.value, float) else cast(Scalar, node.value)

    def _scalars(self, node: Node) -> dict[str, Scalar]:
        if not isinstance(node.value, dict):
            self.error(node, "this is a mapping of variables to values")
            return {}
        return {str(key): self._scalar(item) for key, item in node.pairs()}
