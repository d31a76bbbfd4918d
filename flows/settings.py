"""Settings that a flow, a step or a line may override."""

from huashu.core.actions import BargeIn
from huashu.flows.shapes import Fields


def barge_in(fields: Fields, inherited: BargeIn) -> BargeIn:
    """The `barge_in` of a bot's defaults, a flow, a step or a line, or what it inherits."""
    given: Fields | None = fields.get("barge_in")
    if given is None or "kind" not in given:
        return inherited
    hotwords = tuple(at.value for at in given.get("hotwords") or ())
    return BargeIn(given.plain("kind"), given.plain("words", 1), given.plain("protected", 0.0), hotwords)
