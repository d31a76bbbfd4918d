"""Personas: who calls. Read from YAML with positions; personas/ holds the stock ones. Nothing here talks.

A file holds one persona, or several separated by `---`. Every key has an English and a Chinese spelling.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, cast, get_args

from huashu.core.errors import ScriptError, UsageError
from huashu.core.events import AnsweredBy, Direction
from huashu.flows.findings import nearest
from huashu.flows.keys import CHINESE_WORDS
from huashu.flows.shapes import duration
from huashu.lab.source import Mistakes, Node, documents
from huashu.lab.telling import Telling
from huashu.nlu.builtin import SAME

Wants = Literal["service", "refusal", "person", "opt_out", "wrong", "nothing"]
Span = tuple[float, float]

STOCK: Final = Path(__file__).parent / "personas"

KEYS: Final = {
    "persona": "画像", "title": "名称", "share": "占比", "wants": "想要", "reached": "达成", "agrees": "同意",
    "turn": "每轮", "barge_in": "打断", "silence": "沉默", "noise": "噪音", "reaction": "反应", "rate": "语速",
    "confidence": "置信度", "errors": "错字", "fillers": "口头语", "patience": "耐心", "machine": "接听",
    "goal": "目标", "says": "说法", "direction": "方向",
}  # fmt: skip
BARGE_KEYS: Final = {"chance": "概率", "after": "之后", "with": "用"}
CONFIDENCE_KEYS: Final = {"mean": "均值", "spread": "离散"}
WANTS: Final = {
    "service": "办事", "refusal": "拒绝", "person": "人工", "opt_out": "别再打", "wrong": "打错", "nothing": "无",
}  # fmt: skip
MOVES: Final = {
    "answer": "回答", "objection": "异议", "question": "提问", "chat": "闲聊", "silence": "沉默", "noise": "噪音",
    "backchannel": "附和", "mumble": "含糊", "keys": "按键", "hang_up": "挂断",
    "slip": "口误", "correction": "改口", "together": "一起说",
    "slower": "说慢点", "skip": "跳过", "speak_english": "说英语", "speak_chinese": "说中文",
} | {english: chinese for chinese, english in SAME.items()}  # fmt: skip
"""What a caller may do in a turn: these, or say one of the built-in intents whether the script knows it or not."""
REACHED: Final[Mapping[Wants, tuple[str, ...]]] = {
    "service": ("success", "completed"),
    "refusal": ("declined", "opt_out", "callback", "completed"),
    "person": ("handoff", "callback"),
    "opt_out": ("opt_out",),
    "wrong": ("wrong_person",),
    "nothing": ("no_input", "machine", "completed", "callback"),
}
"""Results with which each wish is fulfilled."""


@dataclass(frozen=True, slots=True)
class Persona:
    name: str
    title: Mapping[str, str] = field(default_factory=dict)
    """By language, zh and en."""
    share: float = 1.0
    """Weight in the mix of callers."""
    wants: Wants = "service"
    reached: tuple[str, ...] = REACHED["service"]
    agrees: float = 0.95
    """Chance of a yes to a yes-no question that is not about a value."""
    turn: Mapping[str, float] = field(default_factory=lambda: {"answer": 1.0})
    """Weights of what is done in a turn, by move."""
    barge_in: float = 0.0
    """Chance of speaking over a line."""
    barge_after: Span = (0.3, 2.5)
    """Seconds into the bot's words."""
    barge_with: Mapping[str, float] = field(default_factory=lambda: {"answer": 1.0})
    silence: Span = (3.0, 8.0)
    noise: Span = (0.2, 0.9)
    reaction: Span = (0.4, 1.0)
    """Seconds from the end of the bot's words to the caller's."""
    rate: float = 1.0
    """Speech rate, times the usual one of huashu.lab.loudspeaker."""
    confidence: Span = (0.9, 0.06)
    """Mean and spread of the recogniser's confidence in words it got right."""
    errors: float = 1.0
    """Times the recogniser's error rate."""
    fillers: float = 0.25
    """Chance of each kind of filler in a sentence."""
    patience: int = 25
    """Turns after which the caller hangs up."""
    direction: Direction | None = None
    """Only bots that call (outbound) or are called (inbound) meet them; None: both."""
    machine: AnsweredBy | None = None
    """What answers instead of a person."""
    goal: Mapping[str, str] = field(default_factory=dict)
    """Values wanted, by variable; what is not here is picked by the seed."""
    says: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    """Own wording, by language and move."""

    def named(self, language: str) -> str:
        return self.title.get(language[:2], self.name)


def load_personas(*files: Path) -> tuple[Persona, ...]:
    """The personas of these files (a folder: of all its *.yaml); without any, the stock ones.

    Raises:
        ScriptError: every mistake in every file, one `file:line:column: message` a line.
        UsageError: a file is missing, or there is no persona in it.
    """
    language = "en"
    mistakes = Mistakes(language)
    mistakes.tell = Telling(language)
    found: list[Persona] = []
    for path in files or (STOCK,):
        paths = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
        if not paths or not paths[0].is_file():
            raise UsageError(mistakes.tell("no_persona" if path.is_dir() else "no_persona_file", name=path))
        before = len(found) + len(mistakes.found)
        for one in paths:
            file = one.name if path.is_dir() else path.as_posix()
            for node in documents(one, file, mistakes):
                persona = _Reader(file, mistakes).persona(node)
                if persona is not None and any(persona.name == other.name for other in found):
                    mistakes.add(file, node.line, node.column, "persona_twice", name=persona.name)
                elif persona is not None:
                    found.append(persona)
        if len(found) + len(mistakes.found) == before:
            raise UsageError(mistakes.tell("no_persona", name=path))
    if mistakes.found:
        raise ScriptError("\n".join(map(str, mistakes.found)))
    return tuple(found)


class _Reader:
    """One document. Mistakes are told in Chinese when the keys are Chinese."""

    def __init__(self, file: str, mistakes: Mistakes) -> None:
        self._file = file
        self._mistakes = mistakes

    def _error(self, node: Node, code: str, *, at_key: bool = False, **words: object) -> None:
        line, column = node.key if at_key and node.key[0] else (node.line, node.column)
        self._mistakes.add(self._file, line, column, code, **words)

    def persona(self, node: Node) -> Persona | None:
        before = len(self._mistakes.found)
        if isinstance(node.value, dict) and any(key in KEYS.values() for key in node.value):
            self._mistakes.tell = Telling("zh")
        keys = self._keys(node, KEYS, "a persona")
        name = str(keys["persona"].value) if "persona" in keys else ""
        if isinstance(node.value, dict) and (not name or keys["persona"].raw == ""):
            self._error(node, "persona_name")
        fields: dict[str, object] = {}
        for key, item in keys.items():
            if key != "persona":
                fields.update(self._part(key, item))
        wants = cast(Wants, fields.get("wants", "service"))
        fields.setdefault("reached", REACHED.get(wants, ()))
        if len(self._mistakes.found) > before:
            return None
        return Persona(name, **fields)  # type: ignore[arg-type]  # each part has the type of its field

    def _part(self, key: str, node: Node) -> dict[str, object]:
        match key:
            case "title":
                return {
                    "title": {
                        name: item.raw for name, item in self._keys(node, {"zh": "中文", "en": "英文"}, key).items()
                    }
                }
            case "wants":
                return {"wants": self._word(node, WANTS)}
            case "reached":
                return {"reached": tuple(self._results(node))}
            case "direction":
                return {"direction": self._word(node, {"inbound": "呼入", "outbound": "呼出"})}
            case "machine":
                return {"machine": self._word(node, {name: name for name in get_args(AnsweredBy)})}
            case "turn":
                return {"turn": self._weights(node, key)}
            case "barge_in":
                return self._barge_in(node)
            case "silence" | "noise" | "reaction":
                return {key: self._span(node, key)}
            case "confidence":
                keys = self._keys(node, CONFIDENCE_KEYS, key)
                mean = self._number(keys["mean"], "mean", 0, 1) if "mean" in keys else 0.9
                return {key: (mean, self._number(keys["spread"], "spread", 0, 0.5) if "spread" in keys else 0.06)}
            case "patience":
                return {"patience": int(self._number(node, key, 1, 500))}
            case "goal":
                return {"goal": {str(name): item.raw for name, item in self._pairs(node, key)}}
            case "says":
                return {"says": self._says(node)}
            case _:
                high = {"agrees": 1, "fillers": 1, "rate": 4, "errors": 10}.get(key, 1000)
                return {key: self._number(node, key, 0.25 if key == "rate" else 0, high)}

    def _barge_in(self, node: Node) -> dict[str, object]:
        keys = self._keys(node, BARGE_KEYS, "barge_in")
        found: dict[str, object] = {}
        if "chance" in keys:
            found["barge_in"] = self._number(keys["chance"], "chance", 0, 1)
        if "after" in keys:
            found["barge_after"] = self._span(keys["after"], "after")
        if "with" in keys:
            found["barge_with"] = self._weights(keys["with"], "with")
        return found

    def _says(self, node: Node) -> dict[str, dict[str, tuple[str, ...]]]:
        said: dict[str, dict[str, tuple[str, ...]]] = {}
        for language, moves in self._keys(node, {"zh": "中文", "en": "英文"}, "says").items():
            said[language] = {}
            for move, item in self._keys(moves, MOVES, "says").items():
                lines = list(item.items()) if isinstance(item.value, list) else [item]
                if not lines or any(isinstance(line.value, (dict, list)) or not line.raw.strip() for line in lines):
                    self._error(item, "texts_wanted")
                said[language][move] = tuple(line.raw for line in lines)
        return said

    # --- plain parts ---

    def _keys(self, node: Node, spellings: Mapping[str, str], where: str) -> dict[str, Node]:
        """The entries by English key."""
        english = {chinese: plain for plain, chinese in spellings.items()}
        found: dict[str, Node] = {}
        for key, item in self._pairs(node, where):
            plain = key if key in spellings else english.get(key)
            if plain is None:
                self._unknown(item, key, spellings, where)
            else:
                found[plain] = item
        return found

    def _unknown(self, node: Node, key: str, spellings: Mapping[str, str], where: str) -> None:
        tell = self._mistakes.tell
        names = list(spellings.values()) if tell.chinese else list(spellings)
        like = nearest(key, names)
        near = tell("near", name=like) if like else ""
        shown = self._where(where)
        self._error(node, "persona_key", at_key=True, where=shown, name=key, near=near, names=", ".join(names))

    def _where(self, where: str) -> str:
        return (
            (KEYS | BARGE_KEYS).get(where, self._mistakes.tell("a persona")) if self._mistakes.tell.chinese else where
        )

    def _pairs(self, node: Node, where: str) -> list[tuple[str, Node]]:
        if not isinstance(node.value, dict):
            self._error(node, "persona_mapping", where=self._where(where))
            return []
        return list(node.pairs())

    def _number(self, node: Node, name: str, low: float, high: float) -> float:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
            self._error(node, "number_range", name=self._spelt(name), low=low, high=high)
            return low
        return float(value)

    def _spelt(self, name: str) -> str:
        every = KEYS | BARGE_KEYS | CONFIDENCE_KEYS | MOVES
        return every.get(name, name) if self._mistakes.tell.chinese else name

    def _span(self, node: Node, name: str) -> Span:
        items = list(node.items()) if isinstance(node.value, list) else []
        found = [duration(item.raw) for item in items]
        if len(found) != 2 or found[0] is None or found[1] is None or found[0] > found[1]:
            self._error(node, "span", name=self._spelt(name))
            return (0.0, 0.0)
        return (found[0], found[1])

    def _weights(self, node: Node, where: str) -> dict[str, float]:
        keys = self._keys(node, MOVES, where)
        weights = {name: self._number(item, name, 0, 1000) for name, item in keys.items()}
        if keys and not any(weights.values()):
            self._error(node, "weights", where=self._spelt(where))
        return weights or {"answer": 1.0}

    def _word(self, node: Node, spellings: Mapping[str, str]) -> str | None:
        word = {chinese: plain for plain, chinese in spellings.items()}.get(node.raw, node.raw)
        if word not in spellings:
            tell = self._mistakes.tell
            names = list(spellings.values()) if tell.chinese else list(spellings)
            like = nearest(node.raw, names)
            near = tell("near", name=like) if like else ""
            self._error(node, "not_one_of", name=node.raw, near=near, names=", ".join(names))
            return None
        return word

    def _results(self, node: Node) -> list[str]:
        known = {
            name: CHINESE_WORDS[name]
            for name in (
                "success", "declined", "no_input", "no_match", "opt_out", "callback", "handoff", "wrong_person",
                "machine", "not_answered", "too_long", "error", "completed",
            )
        }  # fmt: skip
        known["hung_up"] = "挂断"
        items = list(node.items()) if isinstance(node.value, list) else [node]
        return [word for item in items if (word := self._word(item, known)) is not None]


__all__ = ["MOVES", "Persona", "Wants", "load_personas"]
