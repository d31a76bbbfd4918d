"""The bounded-silence proof: how long nobody may speak, how long a call may last, how often the bot may speak.

Read off the compiled script, over every path, without counting `max_length` and `max_turns`. A script that can go round
for ever is refused when the caller need do nothing for it (`endless_loop`), and warned about when it goes round as
long as the caller keeps giving answers (`unbounded_loop`). What is assumed of callers and edges: docs/checks.md.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from huashu.core.language import is_chinese
from huashu.flows.circles import circle
from huashu.flows.counters import assigns, counters
from huashu.flows.lengths import Lengths
from huashu.flows.passing import own_values
from huashu.flows.pauses import Pause, Pauses
from huashu.flows.script import Script
from huashu.flows.speech import Pace
from huashu.flows.ways import Spot, Way, Ways

MAX_TOLD = 20
"""Loops told in one run."""


_KINDS = ("silence", "action", "handoff", "quiet", "keys", "beep")
"""Of stretches equally long the plainest is told."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Upper bounds on a voice call; infinite where nothing bounds it."""

    dead_air: float
    """Seconds of the longest stretch in which nobody speaks, but for a caller who has asked to wait."""
    hold: float
    """Seconds of the longest stretch of such a wait without a word."""
    call: float
    """Seconds of the longest call."""
    turns: float
    """Most times the bot speaks."""
    worst: Pause
    """The longest stretch."""
    pauses: tuple[Pause, ...]
    """The longest stretch of each kind, longest first."""
    way: tuple[Way, ...]
    """From the start of the call to `worst`, by the fewest steps."""
    longest: tuple[Way, ...]
    """The longest path: each loop once."""

    def behaviour(self, language: str) -> list[str]:
        """What the caller (and everybody else) does on the way to the longest stretch."""
        last = [self.worst.way] if self.worst.way is not None else []
        told = behaviours((*self.way, *last), language)
        return [*told, *_standing(self.worst, language)]


@dataclass(frozen=True, slots=True)
class Loop:
    """A circle of steps that nothing counts."""

    spots: tuple[Spot, ...]
    at: Spot
    """The step whose `times` would bound it."""
    idle: bool
    """Goes round without a caller who is understood."""


@dataclass(frozen=True, slots=True)
class Proof:
    bounds: Bounds
    loops: tuple[Loop, ...]
    ways: Ways


def prove(script: Script) -> Proof:
    """The bounds of a script and the loops without one. The script is without errors."""
    found = list(assigns(script))
    ways = Ways(script, frozenset(assign.variable for assign in found) | own_values(script), counters(script, found))
    pace = Pace.of(script)
    lengths = Lengths(script, ways, pace)
    every = list(Pauses(script, ways, pace).all())
    pauses = sorted((pause for pause in every if pause.kind != "hold"), key=longest_first)
    kinds: dict[str, Pause] = {}
    for pause in pauses:
        kinds.setdefault(pause.kind, pause)
    call = lengths.call()
    worst = pauses[0]
    bounds = Bounds(
        dead_air=worst.seconds,
        hold=max((pause.seconds for pause in every if pause.kind == "hold"), default=0.0),
        call=call.seconds,
        turns=call.turns,
        worst=worst,
        pauses=tuple(kinds.values()),
        way=tuple(shortest(ways, worst.spot)),
        longest=tuple(_longest(ways, lengths)),
    )
    return Proof(bounds, tuple(islice(_loops(ways, lengths.loops), MAX_TOLD)), ways)


def longest_first(pause: Pause) -> tuple[float, int]:
    """The order in which stretches are told."""
    return -round(pause.seconds, 6), _KINDS.index(pause.kind)


# --- loops ------------------------------------------------------------------------------------------------------------


def _loops(ways: Ways, found: list[list[Spot]]) -> Iterator[Loop]:
    """Circles until every one has a step named that would bound it; those that need no caller first."""
    for part in found:
        left = sorted(part)
        for idle in (True, False):
            following = _following(ways, left, idle=idle)
            while (names := circle(left, following)) and (len(left) > 0):
                at = max(names, key=lambda spot: (*_natural(ways, spot), _entered(ways, part, spot)))
                yield Loop(tuple(names), at, idle)
                left = [spot for spot in left if spot[:2] != at[:2]]
                following = _following(ways, left, idle=idle)


def _natural(ways: Ways, spot: Spot) -> tuple[bool, bool]:
    """A designer counts how often a question is come to, rather than a step on the way to it."""
    step = ways.step(spot)
    return spot.kind == "", step is not None and step.question is not None


def _following(ways: Ways, nodes: list[Spot], *, idle: bool) -> Callable[[Spot], list[Spot]]:
    inside = set(nodes)

    def following(spot: Spot) -> list[Spot]:
        taken = (way for way in ways.leaving[spot] if not (idle and way.caller))
        return [to for way in taken for to in (way.target, way.called) if to in inside]

    return following


def _entered(ways: Ways, part: list[Spot], spot: Spot) -> int:
    return sum(way.target == spot for other in part for way in ways.leaving[other])


# --- paths ------------------------------------------------------------------------------------------------------------


def shortest(ways: Ways, goal: Spot) -> list[Way]:
    """The ways from the start of the call to a spot, as few as can be; detours lead there when nothing else does."""
    back: dict[Spot, Way] = {}
    todo = [*ways.entries]
    seen = {*ways.entries}
    while todo and goal not in seen:
        later = []
        for spot in todo:
            for way in ways.onward(spot):
                for target in (way.called, way.target):
                    if target is not None and target not in seen:
                        seen.add(target)
                        back[target] = way
                        later.append(target)
        todo = later
    path: list[Way] = []
    while goal in back:
        path.append(back[goal])
        goal = back[goal].source
    return path[::-1]


def _longest(ways: Ways, lengths: Lengths) -> Iterator[Way]:
    """Along the costliest way from each spot, until a spot comes again."""
    spot: Spot | None = ways.start
    seen: set[Spot] = set()
    while spot is not None and spot not in seen:
        seen.add(spot)
        onward = [way for way in ways.leaving[spot] if way.cause != "error"]
        if not onward:
            return
        way = max(onward, key=lambda way: lengths.rests[way.target].seconds if way.target is not None else -1.0)
        yield way
        spot = way.target


_WORDS = {
    "answer": ("说“{0}”", "says {0!r}"),
    "value": ("给出“{0}”", "gives {0!r}"),
    "known": ("“{0}”已有值", "{0!r} is known"),
    "silence": ("沉默到第 {0} 级", "silent up to rung {0}"),
    "unclear": ("没听懂 {0} 次", "not understood {0} times"),
    "unheard": ("总是打断", "keeps interrupting"),
    "done": ("动作“{0}”完成", "action {0!r} is done"),
    "failed": ("动作“{0}”失败或超时", "action {0!r} fails or takes too long"),
    "over": ("进入次数用完", "entered too often"),
    "error": ("出错", "an error"),
    "anytime": ("说“{0}”", "says {0!r}"),
    "hold": ("要求等一下，等到第 {0} 级", "asks to wait, up to rung {0}"),
    "skip": ("要求跳过", "skips it"),
}
_LAST = {
    "silence": ("第 {0} 级之前一直沉默", "silent before rung {0}"),
    "keys": ("按键后停住", "stops in the middle of an entry"),
    "action": ("动作一直不返回", "the action does not answer"),
    "handoff": ("没人接", "nobody takes the call"),
    "quiet": ("等待", "waits"),
    "beep": ("语音信箱没有提示音", "a voicemail without a beep"),
}


def behaviours(path: tuple[Way, ...], language: str) -> list[str]:
    """What happens on a path, as short phrases with the step they happen at."""
    side = 0 if is_chinese(language) else 1
    join = ("：", ": ")[side]
    told = []
    for way in path:
        if way.cause:
            step = f"{way.source.flow}.{way.step}" if way.step else way.source.flow
            told.append(f"{step}{join}{_WORDS[way.cause][side].format(way.name)}")
    return told


def _standing(pause: Pause, language: str) -> list[str]:
    return [_LAST[pause.kind][0 if is_chinese(language) else 1].format(pause.rung)]


def seconds(value: float, language: str) -> str:
    """A duration for people: "8 s", "3 min 20 s", "2 h 5 min"."""
    chinese = is_chinese(language)
    if math.isinf(value):
        return "没有上限" if chinese else "no bound"
    names = (" 小时", " 分", " 秒") if chinese else (" h", " min", " s")
    hours, rest = divmod(round(value), 3600)
    minutes, left = divmod(rest, 60)
    if hours:
        return f"{hours}{names[0]} {minutes}{names[1]}"
    return f"{minutes}{names[1]} {left}{names[2]}" if minutes else f"{value:.1f}{names[2]}"
