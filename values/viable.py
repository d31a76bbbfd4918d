"""The prefix test around an automaton: hesitations before the value, particles behind it, other words about it."""

from collections.abc import Callable

from huashu.values.automaton import Automaton
from huashu.values.folding import fold, is_carrier, strip_leading, strip_trailing
from huashu.values.kinds import Prefix


def viable(automaton: Automaton, text: str, chinese: bool, contains_value: Callable[[], bool]) -> Prefix:
    """How an utterance so far relates to a value.

    The value may follow other words ("我想分六"): the longest tail that can still become one decides. With no such
    tail, an utterance that already holds a value and went on ("六期谢谢") is FULL.
    """
    folded = fold(text)
    start = strip_leading(folded, chinese)
    body, closed = strip_trailing(folded[start:], chinese)
    if not body or is_carrier(body, chinese):
        return Prefix.PROPER
    found = automaton.test(body)
    if found is Prefix.NONE:
        found, length = _tail(automaton, body, chinese)
        if found is Prefix.PROPER and length == 1 and contains_value():
            return Prefix.FULL  # the 前 of "十五号前" begins no second date
    if found is Prefix.COMPLETE and not chinese and body[-1].isalpha() and automaton.test(body + " ") is Prefix.NONE:
        found = Prefix.FULL  # only the word itself could grow ("six", "sixteen"), and recognisers give whole words
    if closed and found is Prefix.COMPLETE:
        return Prefix.FULL
    if found is Prefix.NONE and contains_value():
        return Prefix.FULL
    return found


def _tail(automaton: Automaton, body: str, chinese: bool) -> tuple[Prefix, int]:
    for offset in range(1, len(body)):
        if not chinese and not (body[offset - 1] == " " and body[offset].isalnum()):
            continue
        if body[offset].isdecimal() and body[offset - 1].isdecimal():
            continue
        found = automaton.test(body, offset)
        if found is not Prefix.NONE:
            return found, len(body) - offset
    return Prefix.NONE, 0
