"""Shapes that only bot.yaml has: experiments with their arms, opening hours."""

from dataclasses import dataclass

from huashu.flows.document import Leaf, Listing, Node
from huashu.flows.shapes import At, Many, Named, Number, Reading, Record, Schema, Text


@dataclass(frozen=True, slots=True)
class Arms:
    """`{A: 50, B: 50}`, or a list of arms with equal shares. Read as (name, share) pairs."""

    def read(self, node: Node, reading: Reading) -> list[tuple[At, At]] | None:
        if isinstance(node, Listing):
            names = [item for item in node.items if isinstance(item, Leaf) and not item.empty]
            if len(names) != len(node.items):
                reading.wrong(node, "arms")
                return None
            return [(At(name.raw, name.place, name.raw), At(1.0, name.place)) for name in names]
        return _SHARES.read(node, reading)

    def schema(self, spelling: str) -> Schema:
        return {"anyOf": [_SHARES.schema(spelling), {"type": "array", "items": {"type": ["string", "number"]}}]}


_SHARES = Named(Number(0, 1_000_000))
EXPERIMENTS = Named(Arms())
TIMES = Many(Text("hours"))
HOURS = Named(Record({"open": TIMES, "except": Named(TIMES)}, ("open",), "open", "hours"))
