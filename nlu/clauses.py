"""Several things said in one utterance: where it parts, and what the parts mean together. Pure functions.

A clause ends at a mark or before a connective, since recognisers seldom set marks. What callers say in two breaths is
mostly an answer and a question ("可以，不过手续费怎么收"), an answer twice, or an answer and its correction.
"""

import re
from collections.abc import Sequence
from typing import Final

from huashu.core.events import IntentScore
from huashu.core.expect import Expectation
from huashu.nlu.polarity import NO, YES, conditional
from huashu.nlu.text import FILLERS, normal, tokens

MOST: Final = 4
"""Clauses read of an utterance; what stands behind belongs to the last: a bound on the work of one Heard."""
LEAST_WORDS: Final = 4
"""Tokens of an utterance that may have clauses."""
SURE: Final = 0.7
"""From this confidence on a clause means something of its own."""
LEAST_SHARE: Final = 0.3
"""Share of a value in the clause that chooses it: "那我就选六期吧", not "要是六期能便宜点我就要六期"."""
_END: Final = re.compile(
    r"[，。！？；…、\n]+|[,.!?;](?=\s|$)"
    r"|(?=但是|不过|可是|只是|然后|还有(?!什么|没有|吗)|另外|顺便|对了|而且)"
    r"|\s+(?=(?:but|however|also|by the way|and (?:what|how|when|where|why|can|could|do|is|i|please|also))\b)",
    re.IGNORECASE,
)
_CHOSEN: Final = re.compile(r"^(?:吧|就行|就可以|就好|好了|\s+please\b)(?!像|吗|么)", re.IGNORECASE)
"""Behind a value, that it is chosen; recognisers set no mark there ("六期吧手续费多少")."""
_CHOOSES: Final = re.compile(
    r"^(?:那|我|就|给我|帮我|还是|好的?|行|嗯+)*(?:就|选|要|办|改到|定)(?!是)"
    r"|^(?:\w+ )?(?:i will (?:take|have|go|do)|i would like|make it|let us|i want|we want|give me)\b"
)
"""Before a value, likewise."""


def clauses(text: str) -> tuple[str, ...]:
    """The clauses of an utterance, those of fillers only left out; empty when there is only one."""
    if len(tokens(normal(text))) < LEAST_WORDS:
        return ()
    parts = [part.strip() for part in _END.split(text)]
    parts = [part for part in parts if any(token not in FILLERS for token in tokens(normal(part)))]
    if len(parts) > MOST:
        parts = [*parts[: MOST - 1], " ".join(parts[MOST - 1 :])]
    return tuple(parts) if len(parts) > 1 else ()


def beside_value(text: str, start: int, end: int) -> tuple[str, ...]:
    """The clauses beside that in which the value `text[start:end]` is chosen: "六期吧，手续费多少" → ("手续费多少",).

    Empty when the value is only spoken of: "分六期太贵了吧", "六期的话，手续费多少".
    """
    chosen = _CHOSEN.match(text[end:])
    if chosen:
        text = f"{text[: end + chosen.end()]}，{text[end + chosen.end() :]}"
    parts, value = clauses(text), text[start:end]
    at = next((at for at, part in enumerate(parts) if value in part), None)
    if at is None or conditional(parts[at]) or not (chosen or _CHOOSES.search(normal(parts[at]))):
        return ()
    if LEAST_SHARE * len(tokens(normal(parts[at]))) > len(tokens(normal(value))):
        return ()
    return (*parts[:at], *parts[at + 1 :])


def together(
    whole: tuple[IntentScore, ...], said: Sequence[tuple[IntentScore, bool]], expect: Expectation
) -> tuple[tuple[IntentScore, ...], tuple[IntentScore, ...]]:
    """The ranking of the utterance, and what else is said in it, in the order said.

    Args:
        whole: the ranking of the utterance as one.
        said: the best intent of each clause, and whether the clause is an example of it, word for word.
    """
    sure = _one_polarity([(score, told) for score, told in said if score.confidence >= SURE])
    if not sure:
        return whole, ()
    names = [score.name for score in sure]
    first = whole[0] if whole and whole[0].confidence >= SURE else None
    if first is not None and (first.name in names or not _contradicted(first.name, names)):
        main = first
    else:
        answers = [score for score in sure if score.name in expect.intents]
        main = answers[-1] if answers else sure[0]
    rest = tuple(score for score in whole if score.name != main.name and not opposite(score.name, main.name))
    # Well below: two clauses are two meanings, no doubt between them.
    low = tuple(IntentScore(score.name, min(score.confidence, round(main.confidence / 2, 4))) for score in rest)
    also = [score for score in sure if score.name != main.name and not opposite(score.name, main.name)]
    return (main, *low), tuple({score.name: score for score in also}.values())


def _one_polarity(sure: list[tuple[IntentScore, bool]]) -> list[IntentScore]:
    """Of a yes and a no in one utterance the one in words that mean nothing else ("可以，不用等我"), else the later."""
    polar = [(told, at) for at, (score, told) in enumerate(sure) if score.name in (*YES, *NO)]
    if len({sure[at][0].name in YES for _, at in polar}) < 2:
        return [score for score, _ in sure]
    kept = sure[max(polar)[1]][0].name
    return [score for score, _ in sure if not opposite(score.name, kept)]


def opposite(one: str, other: str) -> bool:
    """Whether one is a yes and the other a no."""
    return (one in YES and other in NO) or (one in NO and other in YES)


def _contradicted(name: str, names: list[str]) -> bool:
    return any(opposite(name, other) for other in names)
