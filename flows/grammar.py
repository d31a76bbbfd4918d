"""The shapes of the flow language, file kind by file kind: what docs/flow-language.md says, as data."""

from dataclasses import dataclass
from typing import Any

from huashu.core.values import Scalar
from huashu.flows.bot_shapes import EXPERIMENTS, HOURS
from huashu.flows.document import Leaf, Listing, Node, Table
from huashu.flows.line_shapes import RECORDINGS, BargeInShape, Lines
from huashu.flows.shapes import (
    FLAGS,
    At,
    Duration,
    Fields,
    Flag,
    Many,
    Named,
    Number,
    Reading,
    Record,
    Schema,
    Shape,
    Spoken,
    Text,
    Value,
    Word,
)

TYPES = (
    "text", "yes_no", "integer", "number", "percent", "money", "date", "time", "datetime", "period", "duration",
    "quantity", "phone", "digits", "spelled", "id_number", "bank_card", "plate", "name", "address", "email",
)  # fmt: skip
PRIVATE_TYPES = frozenset({"id_number", "bank_card"})
"""Types whose variables are private unless the script says otherwise."""
WRITTEN_TYPES = frozenset({"phone", "digits", "spelled", "id_number", "bank_card"})
"""Types of figures that are text: YAML would make an integer of them."""
RESULTS = (
    "success", "declined", "no_input", "no_match", "opt_out", "callback", "handoff", "wrong_person", "machine",
    "not_answered", "too_long", "error", "completed",
)  # fmt: skip
MOVES = ("go", "link", "call", "end", "handoff", "then")

NAME = Text("name")
SEND = Record({"sms": Spoken(), "wechat": Spoken(), "email": Spoken()})
SET = Named(Value())


class _Later:
    """A shape defined below the one that contains it."""

    def __init__(self, name: str) -> None:
        self._name = name

    def read(self, node: Node, reading: Reading) -> Any:
        shape: Shape = globals()[self._name]
        return shape.read(node, reading)

    def schema(self, spelling: str) -> Schema:
        shape: Shape = globals()[self._name]
        return shape.schema(spelling)


TAG = Text("language", "[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")
LINK = Record({"flow": NAME, "with": SET}, ("flow",), "flow")
CALL = Record({"flow": NAME, "with": SET, "keep": Named(NAME)}, ("flow",), "flow")
_REACTION: dict[str, Shape] = {
    "set": SET,
    "language": TAG,
    "send": SEND,
    "say": Lines(),
    "knowledge": NAME,
    "go": NAME,
    "link": LINK,
    "call": CALL,
    "end": NAME,
    "handoff": NAME,
    "failed": _Later("REACTION"),
    "then": Word(("back", "stay", "next")),
}
REACTION = Record(_REACTION, short="go", blank=True, name="reaction")
ANYTIME_REACTION = Record(
    {**_REACTION, "times": Number(1, 100, whole=True), "after": REACTION}, short="go", blank=True, name="anytime"
)
RUNG = Record({**_REACTION, "after": Duration(600)}, want="rung", name="rung")
LADDER = Many(RUNG)
ENDING = Record(
    {"say": Lines(), "label": Text("text"), "result": Text("name"), "send": SEND}, blank=True, name="ending"
)
ANYTIME = Named(ANYTIME_REACTION, shared=True)
ENDINGS = Named(ENDING)


@dataclass(frozen=True, slots=True)
class Shortened:
    """A record that may also be written as one scalar of a certain type; `keys` are tried in order."""

    record: Record
    keys: tuple[tuple[type, str], ...]

    def read(self, node: Node, reading: Reading) -> Fields | None:
        if isinstance(node, Leaf) and not node.empty:
            value: Scalar = node.value
            if node.plain and node.raw in FLAGS:
                value = FLAGS[node.raw]
            for kind, key in self.keys:
                if type(value) is kind:
                    shape: Shape = Flag() if kind is bool else self.record.fields[key]
                    read = shape.read(node, reading)
                    return None if read is None else Fields(node.place, {key: read}, {key: node.place})
        return self.record.read(node, reading)

    def schema(self, spelling: str) -> Schema:
        flags = [Flag().schema(spelling)] if any(kind is bool for kind, _ in self.keys) else []
        shorts = [self.record.fields[key].schema(spelling) for kind, key in self.keys if kind is not bool]
        return {"anyOf": [self.record.body(spelling), *shorts, *flags]}


@dataclass(frozen=True, slots=True)
class Unless:
    """A shape, or `false` (or nothing at all) to switch off what would be inherited."""

    shape: Shape

    def read(self, node: Node, reading: Reading) -> Any:
        if isinstance(node, Leaf):
            value = FLAGS.get(node.raw, node.value) if node.plain else node.value
            if value is None or value is False:
                return At(False, node.place)
        return self.shape.read(node, reading)

    def schema(self, spelling: str) -> Schema:
        return {"anyOf": [self.shape.schema(spelling), {"enum": [False, "no", "否", None]}]}


HOLD = Shortened(
    Record({"say": Lines(), "silence": LADDER, "times": Number(0, 20, whole=True)}), ((bool, "always"), (str, "say"))
)
SETTINGS: dict[str, Shape] = {
    "silence": LADDER,
    "unclear": LADDER,
    "barge_in": BargeInShape(),
    "hold": HOLD,
    "resume": Unless(Lines()),
}
DEFAULTS = Record(
    {
        **SETTINGS,
        "confidence": Number(0, 1),
        "max_length": Duration(86_400),
        "max_turns": Number(1, 10_000, whole=True),
        "words_within": Duration(60),
        "text_patience": Number(1, 1000),
        "human_within": Duration(3600),
        "clarify": Shortened(Record({"margin": Number(0, 1), "below": Number(0, 1)}), ((bool, "always"),)),
        "breath": Number(0, 2000, whole=True),
        "long_answer": Number(0, 2000, whole=True),
        "switch_language": Word(("ask", "auto", "off")),
    },
    name="defaults",
)
VARIABLE = Record(
    {
        "type": Word(TYPES, "unknown_type"),
        "given": Flag(),
        "private": Flag(),
        "default": Value(),
        "example": Value(),
        "unit": Text("text"),
        "values": Many(Value(), lone=False),
    },
    short="type",
    keep=True,
    name="variable",
)
HANDOFF_REASONS = (
    "requested", "anger", "no_match", "script", "high_value", "rule", "supervisor", "transfer", "error",
)  # fmt: skip
"""Why a person is wanted: the bot's own (huashu.core.actions.Handoff) and the centre's."""
FORM_FIELD = Record(
    {
        "title": Text("text"),
        "type": Word(TYPES, "unknown_type"),
        "required": Flag(),
        "values": Many(Value(), lone=False),
        "default": Value(),
        "private": Flag(),
    },
    short="type",
    blank=True,
    keep=True,
    name="form_field",
)
FORM = Record(
    {
        "title": Text("text"),
        "handoff": Many(NAME),
        "steps": Many(Text("text")),
        "reasons": Many(Word(HANDOFF_REASONS)),
        "fields": Named(FORM_FIELD),
    },
    ("fields",),
    name="form",
)
SATISFACTION = Record(
    {"flow": NAME, "collect": NAME, "kind": Word(("csat", "nps")), "human_only": Flag()},
    ("flow", "collect", "kind"),
    name="satisfaction",
)
AFTER_BEEP = Shortened(Record({"within": Duration(300), "quiet": Duration(60)}), ((bool, "always"), (str, "within")))
MACHINE = Record({**_REACTION, "after_beep": AFTER_BEEP}, short="go", blank=True, name="machine")
WORDED = ("cannot_skip", "clarify", "go_on", "queued")
"""Patterns that are words only: what follows them is the engine's."""
PATTERNS = Record(
    {
        **dict.fromkeys(("error", "too_long", "not_answered"), REACTION),
        "machine": MACHINE,
        **dict.fromkeys(WORDED, Record({"say": Lines()}, ("say",), "say")),
    },
    name="patterns",
)
BOT = Record(
    {
        "bot": Text("slug", "[a-z0-9][a-z0-9-]{0,62}"),
        "title": Text("text"),
        "language": TAG,
        "languages": Many(TAG),
        "voice": Text("text"),
        "pronounce": Named(Spoken()),
        "start": NAME,
        "direction": Word(("inbound", "outbound")),
        "variables": Named(VARIABLE),
        "defaults": DEFAULTS,
        "patterns": PATTERNS,
        "anytime": ANYTIME,
        "endings": ENDINGS,
        "experiments": EXPERIMENTS,
        "hours": HOURS,
        "forms": Named(FORM),
        "satisfaction": SATISFACTION,
        "actions": Text("url", r"(rasa\+)?https?://[^\s]+|rasa\+grpcs?://[^\s/]+/?|actions\.py"),
    },
    ("bot",),
    name="bot",
)

ONE_OF = Record(
    {
        "values": Many(Value(), lone=False),
        "unit": Text("text"),
        "otherwise": Lines(),
        "spoken": Named(Many(Spoken())),
    },
    ("values",),
    "values",
    name="one_of",
)

CONFIRM = Shortened(Record({"below": Number(0, 1.01), "say": Lines()}), ((bool, "always"), (str, "say")))
VALID = Record({"when": Text("expression"), "otherwise": Lines()}, ("when",), "when")
DTMF = Record(
    {
        "digits": Number(0, 64, whole=True),
        "terminator": Text("key", r"[0-9*#A-D]?"),
        "inter_digit": Duration(60),
        "keys": Named(Value()),
    },
    short="digits",
)
MUST_HEAR = Shortened(
    Record({"replays": Number(0, 5, whole=True), "else": NAME}), ((bool, "replays"), (int, "replays"))
)
ELSE = Record({key: _REACTION[key] for key in ("set", "go", "link", "call", "end", "handoff", "failed")}, short="go")
AFTER = Record({key: _REACTION[key] for key in ("go", "link", "call", "end", "handoff", "failed")}, short="go")
ARM = Record(
    {
        "when": Text("expression"),
        "else": ELSE,
        **{key: _REACTION[key] for key in ("set", "go", "link", "call", "end", "handoff", "failed")},
    },
    want="arm",
)
STEP = Record(
    {
        "needs": SET,
        "set": SET,
        "language": TAG,
        "send": SEND,
        "say": Lines(),
        "audio": RECORDINGS,
        "must_hear": MUST_HEAR,
        "ask": Lines(),
        "collect": NAME,
        "prompt": Lines(),
        "answers": Named(REACTION, shared=True),
        "one_of": ONE_OF,
        "confirm": CONFIRM,
        "valid": VALID,
        "ask_before_filling": Flag(),
        **SETTINGS,
        "skip": Shortened(REACTION, ((bool, "always"), (str, "go"))),
        "dtmf": DTMF,
        "do": NAME,
        "args": Named(Value()),
        "timeout": Duration(600),
        "late": LADDER,
        "failed": REACTION,
        "if": Many(ARM),
        "times": Number(1, 100, whole=True),
        "after": AFTER,
        **{key: _REACTION[key] for key in ("call", "go", "link", "end", "handoff")},
    },
    blank=True,
    want="step",
    name="step",
)


@dataclass(frozen=True, slots=True)
class Steps:
    """`- name: {parts}`, each item one pair."""

    def read(self, node: Node, reading: Reading) -> list[tuple[At, Fields]] | None:
        if not isinstance(node, Listing):
            reading.wrong(node, "steps")
            return None
        if not node.items:
            reading.findings.add("no_steps", node.place)
        steps: list[tuple[At, Fields]] = []
        for item in node.items:
            if not isinstance(item, Table) or len(item.entries) != 1:
                code = "step_shape" if isinstance(item, Table) and item.entries else "step_name"
                reading.findings.add(code, item.place)
                continue
            entry = item.entries[0]
            parts = STEP.read(entry.value, reading)
            steps.append((At(entry.key.raw, entry.key.place), parts or Fields(entry.value.place)))
        return steps

    def schema(self, spelling: str) -> Schema:
        one = {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 1,
            "additionalProperties": STEP.schema(spelling),
        }
        return {"type": "array", "items": one}


FLOW = Record(
    {
        "flow": NAME,
        "local": Many(NAME),
        **SETTINGS,
        "ending": NAME,
        "steps": Steps(),
        "anytime": ANYTIME,
        "endings": ENDINGS,
    },
    ("flow", "steps"),
    name="flow",
)
INTENT = Record({"examples": Many(Spoken())}, ("examples",), "examples")
NLU = Record(
    {
        "intents": Named(INTENT, shared=True),
        "lists": Named(Named(Many(Spoken()))),
        "out_of_scope": Many(Spoken()),
        "titles": Named(Spoken()),
    },
    name="nlu",
)
_ANSWERED: dict[str, Shape] = {
    "question": Spoken(),
    "variants": Many(Spoken()),
    "answer": Spoken(),
    "voice": Spoken(),
    "from": Text("date"),
    "until": Text("date"),
    "needs": SET,
    "related": Many(Spoken()),
}
FOLLOW_UP = Record(_ANSWERED, ("question", "answer"), name="follow_up")
ITEM = Record({**_ANSWERED, "follow_ups": Many(FOLLOW_UP, lone=False)}, ("question", "answer"), name="item")
KNOWLEDGE = Record(
    {"base": NAME, "threshold": Number(0, 1), "compose": Flag(), "items": Many(ITEM, lone=False)},
    ("base", "items"),
    name="knowledge",
)
LINES_FILE = Named(Named(Lines()))
FILES: dict[str, Shape] = {"bot": BOT, "flow": FLOW, "nlu": NLU, "knowledge": KNOWLEDGE, "lines": LINES_FILE}
RECORDS = (
    REACTION,
    ANYTIME_REACTION,
    MACHINE,
    RUNG,
    ENDING,
    DEFAULTS,
    VARIABLE,
    PATTERNS,
    FORM_FIELD,
    FORM,
    SATISFACTION,
    BOT,
    ONE_OF,
    STEP,
    FLOW,
    NLU,
    FOLLOW_UP,
    ITEM,
    KNOWLEDGE,
)
