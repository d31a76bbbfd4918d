"""The shapes of what the bot says: lines, their variants, how they may be interrupted."""

from dataclasses import dataclass

from huashu.flows.document import Leaf, Listing, Node, Table
from huashu.flows.keys import CHINESE, ENGLISH
from huashu.flows.shapes import (
    At,
    Duration,
    Fields,
    Many,
    Number,
    Reading,
    Record,
    Schema,
    Spoken,
    Text,
    Word,
)

BARGE_IN = ("off", "speech", "words", "hotword", "dtmf")


@dataclass(frozen=True, slots=True)
class BargeInShape:
    """off | speech | words>=2 | hotword | dtmf, or a mapping with kind, words, protected, hotwords."""

    def read(self, node: Node, reading: Reading) -> Fields | None:
        if isinstance(node, Leaf):
            raw = node.raw.replace(" ", "").replace("≥", ">=").replace("字数", "words")
            kind, mark, count = raw.partition(">=")
            if mark and kind == "words" and count.isdigit() and 0 < len(count) < 3 and int(count):
                return Fields(node.place, {"kind": At("words", node.place), "words": At(int(count), node.place)})
            if node.value is False:  # off and no are texts in YAML 1.2; false is what other tools make of them
                return Fields(node.place, {"kind": At("off", node.place)})
        fields = _BARGE_IN.read(node, reading)
        if fields is not None and "hotwords" in fields.places and fields.plain("kind", "hotword") != "hotword":
            reading.findings.add("hotwords_kind", fields.at("hotwords"))
        return fields

    def schema(self, spelling: str) -> Schema:
        return {
            "anyOf": [_BARGE_IN.body(spelling), {"type": "string", "pattern": "^(words|字数) *(>=|≥) *[1-9][0-9]?$"}]
        }


_BARGE_IN = Record(
    {
        "kind": Word(BARGE_IN),
        "words": Number(1, 50, whole=True),
        "protected": Duration(60),
        "hotwords": Many(Spoken()),
    },
    ("kind",),
    "kind",
)

RECORDINGS = Many(Text("path"))
"""One recording, or recordings and the variables between them."""
VARIANT = Record({"text": Spoken(), "audio": RECORDINGS}, ("text",), "text", "spoken")
LINE = Record(
    {
        "text": Spoken(),
        "any_of": Many(VARIANT, lone=False),
        "audio": RECORDINGS,
        "when": Text("expression"),
        "barge_in": BargeInShape(),
    },
    (),
    "text",
    "spoken",
)


@dataclass(frozen=True, slots=True)
class Lines:
    """A line, a list of tapered lines, or items with text or any_of, audio, when, barge_in."""

    def read(self, node: Node, reading: Reading) -> list[Fields] | None:
        items = node.items if isinstance(node, Listing) else [node]
        if not items:
            reading.wrong(node, "spoken")
            return None
        lines = [self._line(item, reading) for item in items]
        found = [line for line in lines if line is not None]
        return found or None

    def _line(self, node: Node, reading: Reading) -> Fields | None:
        if isinstance(node, Table) and not self._is_record(node):
            Spoken().read(node, reading)
            return None
        line = LINE.read(node, reading)
        if line is None:
            return None
        if "any_of" in line.places:
            beside = next((key for key in ("text", "audio") if key in line.places), "")
            if beside:
                reading.findings.add("any_of_alone", line.at(beside), name=beside)
            return line if line.get("any_of") else None
        if "text" not in line.places:
            reading.findings.add(
                "missing_key", node.place, name=CHINESE["text"] if reading.spelling == "zh" else "text"
            )
        return line if "text" in line else None

    def _is_record(self, node: Table) -> bool:
        return any(ENGLISH.get(entry.key.raw, entry.key.raw) in LINE.fields for entry in node.entries)

    def schema(self, spelling: str) -> Schema:
        return Many(LINE).schema(spelling)
