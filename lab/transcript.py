"""tests/*.yaml: conversations a bot must hold, read into values with their positions. Nothing here runs a bot.

A file holds one test, or several separated by `---`. Every key has an English and a Chinese spelling; a file uses one.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final, cast, get_args

from huashu.core.errors import ScriptError
from huashu.core.events import Alternative, AnsweredBy, Cause, Medium
from huashu.core.values import Scalar
from huashu.flows.findings import Finding, nearest
from huashu.flows.keys import ENGLISH_WORDS
from huashu.flows.shapes import duration
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
from huashu.lab.source import Mistakes, Node, bot_language, documents

# --- spellings ----------------------------------------------------------------------------------------------------

TEST_KEYS: Final = {"test": "测试", "set": "设", "medium": "媒介", "at": "时间", "language": "语言", "turns": "对话"}
TURN_KEYS: Final = {
    "bot": "机器人", "caller": "客户", "silence": "沉默", "interrupt": "打断", "dtmf": "按键", "noise": "噪音",
    "action": "动作", "expect": "期望", "answered_by": "接听", "not_answered": "未接", "hangs_up": "挂断",
    "human": "人工",
}  # fmt: skip
EXTRA_KEYS: Final = {"confidence": "置信度", "alternatives": "其他听法", "repeat": "重复"}
INTERRUPT_KEYS: Final = {
    "after": "之后", "caller": "客户", "noise": "噪音", "dtmf": "按键", "confidence": "置信度",
    "alternatives": "其他听法",
}  # fmt: skip
ANSWER_KEYS: Final = {"ok": "成功", "after": "之后", "error": "错误"}
EXPECT_KEYS: Final = {
    "step": "步骤", "slots": "变量", "ending": "结局", "label": "意向", "result": "结果", "handoff": "转人工",
    "sent": "已发送", "called": "已执行", "opt_out": "拒绝来电", "callback": "要求回电", "closed": "已结束",
}  # fmt: skip
WORDS: Final = {
    "语音": "voice", "文字": "text", "加入": "joins", "交还": "leaves", "结束": "ends", "无人": "fails",
    "真人": "human", "语音信箱": "voicemail", "语音导航": "ivr", "提示音": "announcement", "不确定": "uncertain",
    "无人接听": "no_answer", "占线": "busy", "拒接": "rejected", "无法接通": "unreachable", "空号": "invalid_number",
    "关机": "powered_off", "停机": "suspended", "失败": "failed",
}  # fmt: skip
"""Chinese spellings of values."""

SUFFIXES: Final = (".yaml", ".yml")

_KEYS: Final = frozenset(
    word
    for spellings in (TEST_KEYS, TURN_KEYS, EXTRA_KEYS, INTERRUPT_KEYS, ANSWER_KEYS, EXPECT_KEYS)
    for pair in spellings.items()
    for word in pair
)

MAX_TIMES = 1000
"""Of `repeat`."""

# --- reading ------------------------------------------------------------------------------------------------------


def load_tests(folder: Path) -> tuple[Transcript, ...]:
    """All tests of a bot's folder, files by name.

    Raises:
        ScriptError: every mistake in every file, one `file:line:column: message` a line.
    """
    tests, findings = read_tests(folder)
    if findings:
        raise ScriptError("\n".join(map(str, findings)))
    return tests


def read_tests(folder: Path) -> tuple[tuple[Transcript, ...], tuple[Finding, ...]]:
    """The tests of a bot's folder that can be read, and every mistake in the language of the bot."""
    mistakes = Mistakes(bot_language(folder))
    tests: list[Transcript] = []
    for path in sorted(path for path in (folder / "tests").glob("*") if path.suffix in SUFFIXES):
        file = path.relative_to(folder).as_posix()
        tests += read_file(path, file, mistakes)
    return tuple(tests), tuple(sorted(mistakes.found, key=lambda found: (found.file, found.line, found.column)))


def read_file(path: Path, file: str, mistakes: Mistakes) -> list[Transcript]:
    """The tests of one file that can be read."""
    reader = _Reader(file, mistakes)
    nodes = documents(path, file, mistakes, _KEYS)
    return [test for node in nodes if (test := reader.test(node)) is not None]


class _Reader:
    def __init__(self, file: str, mistakes: Mistakes) -> None:
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

    def test(self, node: Node) -> Transcript | None:
        found = len(self._mistakes.found)
        keys = self._mapping(node, TEST_KEYS, "a test")
        if not isinstance(node.value, dict):
            return None
        name = self._text(keys["test"]) if "test" in keys else ""
        if "test" not in keys:
            self.error(node, "no_name")
        turns: list[TestTurn] = []
        if "turns" not in keys:
            self.error(node, "no_turns")
        elif not isinstance(keys["turns"].value, list) or not keys["turns"].value:
            self.error(keys["turns"], "turns_shape")
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
        return test if len(self._mistakes.found) == found else None

    # --- one turn ---

    def _turn(self, node: Node) -> TestTurn | None:
        keys = self._mapping(node, TURN_KEYS | EXTRA_KEYS, "a turn")
        kinds = [key for key in keys if key in TURN_KEYS]
        if len(kinds) != 1:
            if isinstance(node.value, dict) and (kinds or len(keys) == len(node.value)):  # else told already
                self.error(node, "one_turn", names=self.names(TURN_KEYS))
            return None
        kind = kinds[0]
        if kind != "caller":
            for extra in ("confidence", "alternatives"):
                if extra in keys:
                    self.error(keys[extra], "confidence_owner", name=self.names({extra: EXTRA_KEYS[extra]}))
        value = keys[kind]
        readers: dict[str, Callable[[Node], What | None]] = {
            "bot": lambda node: BotSays(self._texts(node)),
            "caller": lambda node: CallerSays(self._text(node), self._confidence(keys), self._alternatives(keys)),
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
            self.error(keys["repeat"], "repeat_range", most=MAX_TIMES)
            return None
        return None if what is None else TestTurn(node.line, what, times)

    def _interrupt(self, node: Node) -> Interrupt | None:
        keys = self._mapping(node, INTERRUPT_KEYS, "interrupt")
        what: CallerSays | Keys | Noise
        if "caller" in keys:
            what = CallerSays(self._text(keys["caller"]), self._confidence(keys), self._alternatives(keys))
        elif "noise" in keys:
            what = Noise(self._seconds(keys["noise"]))
        elif "dtmf" in keys:
            what = Keys(self._digits(keys["dtmf"]))
        else:
            self.error(node, "interrupt_shape")
            return None
        return Interrupt(self._seconds(keys["after"]) if "after" in keys else 0.5, what)

    def _mock(self, node: Node) -> Mock | None:
        if not isinstance(node.value, dict):
            self.error(node, "action_shape")
            return None
        return Mock(
            {
                str(name): tuple(self._answer(item) for item in (one.items() if isinstance(one.value, list) else [one]))
                for name, one in node.pairs()
            }
        )

    def _answer(self, node: Node) -> Answer:
        if not isinstance(node.value, dict):
            self.error(node, "answer_shape")
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
            elif key == "result":
                word = self._text(item)
                asked[key] = ENGLISH_WORDS.get(word, word)
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
