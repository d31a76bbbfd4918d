"""The caller's keys: single presses become an entry, an entry becomes an intent or a value."""

from huashu.core.events import Entity, IntentScore, Understood
from huashu.core.values import Scalar
from huashu.dialogue.answers import understood
from huashu.dialogue.asking import drop_keys
from huashu.dialogue.state import Call

KEYS = "0123456789*#ABCD"
LONGEST = 32
"""Keys of an entry without a length of its own: over a bank card's 19, and nobody types for ever."""


def key(call: Call, digit: str) -> None:
    """One key. An entry is complete by its length, its terminator, or a pause."""
    question = call.question
    if question is None or question.expect.dtmf is None or len(digit) != 1 or digit not in KEYS:
        return
    call.interrupt()
    rule = question.expect.dtmf
    if not call.digits:
        call.clock.hold("digits", call.now)
    if digit == rule.terminator:
        typed(call)
        return
    call.digits += digit
    if len(call.digits) >= (rule.digits or LONGEST):
        typed(call)
    else:
        call.clock.set("digits", call.now + rule.inter_digit)


def typed(call: Call) -> None:
    """The entry is over: a menu choice, a value, or neither."""
    entry = call.digits
    drop_keys(call)
    question = call.question
    if question is None:
        return
    rule = question.expect.dtmf
    complete = bool(entry) and rule is not None and (entry in question.keys or len(entry) >= rule.digits)
    meant: Scalar = question.keys.get(entry)
    if isinstance(meant, str) and (meant in question.answers or meant in call.frame.flow.anytime):
        understood(call, Understood(text=entry, intents=(IntentScore(meant, 1.0),)))
        return
    entities: tuple[Entity, ...] = ()
    if complete and question.slot is not None and (entry in question.keys or not question.keys):
        value = meant if entry in question.keys else entry
        kind = call.script.variables[question.slot].type
        entities = (Entity(kind, value, entry, 0, len(entry), question.slot),)
    understood(call, Understood(text=entry, entities=entities))
