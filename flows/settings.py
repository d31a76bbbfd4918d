"""Settings that a flow or a step may override."""

from huashu.core.actions import BargeIn
from huashu.flows.shapes import Fields


def barge_in(fields: Fields, inherited: BargeIn) -> BargeIn:
    """The `barge_in` of a bot's defaults, a flow or a step, or what it inherits."""
    given: Fields | None = fields.get("barge_in")
    if given is None or "kind" not in given:
        return inherited
    return BargeIn(given.plain("kind"), given.plain("words", 1), given.plain("protected", 0.0))
