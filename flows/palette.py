"""Sizes and colours of a picture of a script, and whether tests reach a part of it."""

from collections.abc import Mapping

from huashu.flows.picture import Exit

Reached = Mapping[str, bool]
"""Part ("step flow.name", "answer flow.step.intent" …) → whether tests reach it."""

BOX = 216.0
SIDE = 330.0
INSET = 18.0
MARGIN = 28.0
TITLE, TEXT, SMALL = 13.0, 12.0, 10.5
MOST_LINES = 3
INK, GREY, LINE = "#1f2933", "#66727f", "#8a97a5"
HIT, MISS = "#1e8e4e", "#d23f31"
KINDS = {
    "say": ("#ffffff", "#9aa8b5"), "ask": ("#eef4fd", "#3f78c9"), "collect": ("#eef4fd", "#3f78c9"),
    "do": ("#fdf6e3", "#c0922e"), "decide": ("#f4f5f7", "#8a97a5"),
    "call": ("#f4f5f7", "#8a97a5"),
}  # fmt: skip
"""Kind of box → fill, edge."""
RESULTS = {
    "success": ("#dff3e4", "#2c8a4b"), "completed": ("#e3f1f4", "#2f7f91"), "callback": ("#e0ecfb", "#2f66b3"),
    "handoff": ("#ece5f8", "#6b4bb0"), "declined": ("#fdeeda", "#bd7416"), "opt_out": ("#fbe0de", "#b8372c"),
    "error": ("#fbe0de", "#b8372c"),
}  # fmt: skip
OTHER = ("#eceff2", "#707c88")
"""No input, no match, machine, wrong person … : nobody was talked to."""
PLAIN = ("#ffffff", "#8a97a5")


GUTTER = 22.0


def state_of(reached: Reached | None, part: str) -> bool | None:
    return reached.get(part) if reached is not None else None


def colours(exit_: Exit | str) -> tuple[str, str]:
    if isinstance(exit_, str) or exit_.kind in ("link", "return"):
        return PLAIN
    return RESULTS.get(exit_.result, OTHER)
