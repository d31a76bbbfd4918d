"""Numbers dictated by people's recorded digits, with breaths of up to 2.5 s between the groups.

The timeouts ours is compared with see the same sound through the same detector: they close a turn when it has been
silent for so long, whatever was said.
"""

import asyncio
import random
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from clips import digits, lognormal
from rig import FRAME, RATE, Call, Sound, Spoken, make_bot

from huashu.runtime.bot import Bot

KINDS = {
    "phone": ("phone", "", (3, 4, 4)),
    "phone_en": ("phone", "", (3, 3, 4)),
    "code": ("digits", ", unit: 6位", (3, 3)),
    "id_number": ("id_number", "", (6, 4, 4, 4)),
    "bank_card": ("bank_card", "", (4, 4, 4, 4)),
}
OPEN = "open"
"""Figures of which neither the script nor anybody else knows how many there will be: 7 to 12, in groups of 3 or 4."""
_WORDS = {
    "zh-CN": "零一二三四五六七八九",
    "en": ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
}


@dataclass(frozen=True, slots=True)
class Dictation:
    kind: str
    cut: bool
    """The bot spoke before the last digit had been said."""
    delay: float | None
    """From the true end to the bot's first sound."""
    holes: float
    """Longest silence within the number, as the detector sees it, s."""
    tail: float
    """From the true end to the detector's last voice (negative: before it), s."""


def dictate(data: Path, folder: Path, count: int, kinds: tuple[str, ...] = tuple(KINDS)) -> list[Dictation]:
    bots = {kind: _bot(folder / kind, kind) for kind in kinds}
    rng = random.Random(20)
    made = []
    for number in range(count):
        kind = kinds[number % len(kinds)]
        made.append(asyncio.run(_one(bots[kind], kind, rng, data, number)))
    return made


def _bot(folder: Path, kind: str) -> Bot:
    type_, unit, _ = KINDS.get(kind, ("digits", "", ()))
    language = "en" if kind.endswith("_en") else "zh-CN"
    ask = "Your number?" if language == "en" else "请说号码。"
    steps = f"- ask: {{collect: number, prompt: {ask}}}"
    return make_bot(folder, language, steps, f", number: {{type: {type_}{unit}}}")


def _number(kind: str, rng: random.Random) -> str:
    """A legal one."""

    def some(count: int) -> str:
        return "".join(rng.choice("0123456789") for _ in range(count))

    match kind:
        case "phone":
            return "1" + rng.choice("3589") + rng.choice("56789") + some(8)
        case "phone_en":
            return rng.choice(("415", "212", "503")) + rng.choice("23456789") + some(6)
        case "code":
            return some(6)
        case "open":
            return some(rng.randint(7, 12))
        case "id_number":
            front = rng.choice(("110101", "310101", "440106")) + f"{rng.randint(1950, 2004)}{rng.randint(1, 12):02}"
            front += f"{rng.randint(1, 28):02}{some(3)}"
            weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
            check = "10X98765432"[sum(int(d) * w for d, w in zip(front, weights, strict=True)) % 11]
            return front + check if check != "X" else _number(kind, rng)
        case _:
            front = "4" + some(14)
            total = sum(sum(divmod(int(d) * (2 - i % 2), 10)) for i, d in enumerate(front))
            return front + str(-total % 10)


def _breaks(kind: str, length: int, rng: random.Random) -> set[int]:
    """Before which digits a breath is taken."""
    if kind != OPEN:
        return set(np.cumsum(KINDS[kind][2])[:-1].tolist())
    found, at = set(), 0
    while (at := at + rng.choice((3, 4))) < length - 1:
        found.add(at)
    return found


async def _one(bot: Bot, kind: str, rng: random.Random, data: Path, seed: int) -> Dictation:
    takes = digits(data)
    speaker = takes[rng.choice(sorted(takes))]
    words = _WORDS["en" if kind.endswith("_en") else "zh-CN"]
    call = Call(bot, seed=seed)
    await call.start()
    start = at = await call.listening() + 0.3
    spoken: list[Spoken] = []
    said = _number(kind, rng)
    breaks = _breaks(kind, len(said), rng)
    for place, digit in enumerate(said):
        if place in breaks:
            at += lognormal(rng, 0.75, 0.65, 2.5)
        elif place:
            at += rng.uniform(0.02, 0.15)
        sound: Sound = rng.choice(speaker[int(digit)])
        spoken.append(Spoken(at, sound, ((at + len(sound) / RATE, words[int(digit)]),)))
        at += len(sound) / RATE
    await call.hear(*spoken, until=at + 0.3)
    while call.first_sound(at) is None and call.session.now() < at + 4.0 and not call.session.closed:
        await call.hear(*(), until=call.session.now() + 0.1)
    await call.session.hangup()
    first = call.first_sound(at)
    cut = call.first_sound(start, at) is not None
    holes, tail = _seen(call.voiced.voice, start, at)
    return Dictation(kind, cut, None if cut or first is None else first - at, holes, tail)


def _seen(voice: list[bool], start: float, end: float) -> tuple[float, float]:
    on = np.flatnonzero(np.array(voice[round(start * 50) : round(end * 50) + 25]))
    if not len(on):
        return 0.0, 0.0
    last = (round(start * 50) + int(on[-1]) + 1) * FRAME / RATE
    return float(np.diff(on).max(initial=1)) * 0.02, last - end


def fixed(made: Iterable[Dictation], timeout: float) -> tuple[int, float]:
    """Numbers cut off by a timeout, and its mean delay after the others."""
    made = list(made)
    delays = [timeout + one.tail for one in made if one.holes < timeout]
    return sum(one.holes >= timeout for one in made), float(np.mean(delays)) if delays else 0.0


def fixed_with_delay(made: Iterable[Dictation], delay: float) -> tuple[int, float]:
    """The timeout whose mean delay is `delay`, and the numbers it cuts off."""
    made = list(made)
    timeout = min((step / 100 for step in range(2, 300)), key=lambda t: abs(fixed(made, t)[1] - delay))
    return fixed(made, timeout)[0], timeout
