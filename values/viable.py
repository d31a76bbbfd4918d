"""The prefix test around an automaton: hesitations before the value, particles behind it, other words about it."""

from collections.abc import Callable

from huashu.values.automaton import Automaton
from huashu.values.folding import fold, strip_leading, strip_trailing
from huashu.values.kinds import Prefix


def viable(automaton: Automaton, text: str, chinese: bool, contains_value: Callable[[], bool]) -> Prefix:
    """How an utterance so far relates to a value.

    The value may follow other words ("我想分六"): the longest tail that can still become one decides. With no such
    tail, an utterance that already holds a value and went on ("六期谢谢") is FULL.
    """
    folded = fold(text)
    start = strip_leading(folded, chinese)
    body, closed = strip_trailing(folded[start:], chinese)
    if not body:
        return Prefix.PROPER
    found = automaton.test(body)
    if found is Prefix.NONE:
        found = _tail(automaton, body, chinese)
    if closed and found is Prefix.COMPLETE:
        return Prefix.FULL
    if found is Prefix.NONE and contains_value():
        return Prefix.FULL
    return found


def _tail(automaton: Automaton, body: str, chinese: bool) -> Prefix:
    for offset in range(1, len(body)):
        if not chinese and not (body[offset - 1] == " " and body[offset].isalnum()):
            continue
        if body[offset].isdigit() and body[offset - 1].isdigit():
            continue
        found = automaton.test(body, offset)
        if found is not Prefix.NONE:
            return found
    return Prefix.NONE
