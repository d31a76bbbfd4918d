"""What the tones of a telephone network mean: ringing, engaged, no such number, a fax, the beep of a voicemail.

Plans are data (ITU-T E.180 supplement 2 lists the tones of the world, E.180 itself the special information tone; T.30
the fax tones): frequencies and cadence. A plan is recognised by as much of its cadence as nothing else has. Pure:
`Progress` is fed the frames of a line and answers with names.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from huashu.core.audio import FRAME_SECONDS
from huashu.voice.tones import Tone, ToneRuns

Signal = Literal["ringback", "busy", "congestion", "unobtainable", "special_information", "fax", "beep"]


@dataclass(frozen=True, slots=True)
class Plan:
    signal: Signal
    tones: tuple[tuple[float, ...], ...]
    """Hertz of the tone, one or two; as many as the cadence has when they change."""
    cadence: tuple[tuple[float, float], ...]
    """Seconds on and off."""
    rounds: float = 2.0
    """Of the cadence that must have been heard; the last pause is not waited for."""


_MAINLAND, _EUROPE, _AMERICA, _BRITAIN = ((450.0,),), ((425.0,),), ((460.0,),), ((425.0,),)
"""440 and 480 Hz (America) and 400 and 450 Hz (Britain) lie too close to be told apart: one tone between them."""
_ENGAGED_US = ((480.0, 620.0),)

PLANS = (
    Plan("ringback", _MAINLAND, ((1.0, 4.0),), 1),
    Plan("busy", _MAINLAND, ((0.35, 0.35),)),
    Plan("congestion", _MAINLAND, ((0.7, 0.7),)),
    Plan("unobtainable", _MAINLAND, ((0.1, 0.1), (0.1, 0.1), (0.1, 0.1), (0.4, 0.4)), 1),
    Plan("ringback", _AMERICA, ((2.0, 4.0),), 1),
    Plan("busy", _ENGAGED_US, ((0.5, 0.5),)),
    Plan("congestion", _ENGAGED_US, ((0.25, 0.25),)),
    Plan("ringback", _EUROPE, ((1.0, 4.0),), 1),
    Plan("busy", _EUROPE, ((0.5, 0.5),)),
    Plan("congestion", _EUROPE, ((0.25, 0.25),)),
    Plan("ringback", _BRITAIN, ((0.4, 0.2), (0.4, 2.0)), 1),
    Plan("busy", ((400.0,),), ((0.375, 0.375),)),
    Plan("special_information", ((950.0,), (1400.0,), (1800.0,)), ((0.33, 0.0), (0.33, 0.0), (0.33, 1.0)), 1),
    Plan("fax", ((1100.0,),), ((0.5, 3.0),), 2),
)
_CED = 2100.0
"""The answering tone of a fax or modem: 2.6 to 4 s (T.30, V.25); nothing else sounds so for a second."""
_CED_SECONDS = 1.0
_OFF_FREQUENCY = 20.0
_OFF_SPECIAL = 45.0
"""Hertz a plan's tone may be off. The special information tone is made with 913.8 or 985.2 Hz and the like as well, by
what it is to say (Telcordia SR-2275)."""
_OFF_TIME = (0.06, 0.12)
"""Seconds, and share, by which a part of a cadence may be off; of the special information tone, whose parts are 0.276
or 0.38 s long in America, the seconds are more."""
_OFF_TIME_SPECIAL = 0.09
BEEP_FROM, BEEP_TO = 0.1, 2.5
"""Seconds of a voicemail's beep; cut short by a network it may be 120 ms, recorded by hand it is up to 2 s."""
BEEP_BAND = (380.0, 2600.0)
BEEP_AFTER = 0.16
"""Seconds of quiet or other sound behind a tone before it counts as a beep, not as a part of a cadence."""
_GOES_ON = 6.0
"""Seconds after a network's signal in which its tone alone is more of it."""


class Progress:
    """Call progress on one line.

    Args:
        rate: of the line, 8000 or 16000.
    """

    def __init__(self, rate: int = 8000) -> None:
        self._runs = ToneRuns(rate)
        self._tones: list[Tone] = []
        self._frames = 0
        self._beep: Tone | None = None
        """A tone that will have been a beep if nothing of the kind follows."""
        self._wait = BEEP_AFTER
        self._network: Tone | None = None
        """The last tone of the latest plan that was recognised."""
        self._told = False
        """The answering tone that sounds now has been told."""

    @property
    def tone(self) -> bool:
        """A tone sounds now, whatever it means."""
        return self._runs.running is not None

    def feed(self, frame: NDArray[np.int16]) -> Signal | None:
        """The next 20 ms; what has just been recognised."""
        self._frames += 1
        ended = self._runs.feed(frame)
        running = self._runs.running
        if running is None:
            self._told = False
        elif not self._told and running.seconds >= _CED_SECONDS and _near(running, (_CED,), _OFF_FREQUENCY):
            self._told, self._beep = True, None
            return "fax"
        if ended is not None and ended.seconds >= 3 * FRAME_SECONDS:
            return self._ended(ended)
        return self._beeped()

    def _ended(self, tone: Tone) -> Signal | None:
        single = len(tone.frequencies) == 1 and BEEP_BAND[0] <= tone.frequencies[0] <= BEEP_BAND[1]
        alone = not self._tones or tone.began - self._tones[-1].ended > BEEP_AFTER
        self._tones = [*self._tones, tone][-8:]
        for plan in PLANS:
            if _matches(plan, self._tones):
                self._beep = None
                self._tones.clear()
                self._network = tone
                return plan.signal
        known = self._network
        if known is not None and tone.began - known.ended < _GOES_ON and _near(tone, known.frequencies, _OFF_FREQUENCY):
            single = False
        self._beep = tone if single and alone and BEEP_FROM <= tone.seconds <= BEEP_TO else None
        self._wait = _wait(tone)
        return None

    def _beeped(self) -> Signal | None:
        beep = self._beep
        if beep is None or self._frames * FRAME_SECONDS - beep.ended < self._wait:
            return None
        self._beep = None
        return None if self.tone else "beep"


def _wait(tone: Tone) -> float:
    """Seconds behind a tone until it is certain that it is not the first of a network's cadence."""
    pauses = [
        plan.cadence[0][1]
        for plan in PLANS
        if _near(tone, plan.tones[0], _OFF_FREQUENCY) and _fits(tone.seconds, plan.cadence[0][0])
    ]
    return max((BEEP_AFTER, *((1 + _OFF_TIME[1]) * pause + _OFF_TIME[0] for pause in pauses)))


def _matches(plan: Plan, tones: list[Tone]) -> bool:
    parts = plan.cadence
    needed = round(plan.rounds * len(parts))
    if len(tones) < needed:
        return False
    special = plan.signal == "special_information"
    off, late = (_OFF_SPECIAL, _OFF_TIME_SPECIAL) if special else (_OFF_FREQUENCY, _OFF_TIME[0])
    latest = tones[-needed:]
    for number, tone in enumerate(latest):
        on, pause = parts[number % len(parts)]
        if not _near(tone, plan.tones[number % len(plan.tones)], off) or not _fits(tone.seconds, on, late):
            return False
        if number + 1 < needed and not _fits(latest[number + 1].began - tone.ended, pause, late):
            return False
    return True


def _near(tone: Tone, frequencies: tuple[float, ...], off: float) -> bool:
    return len(tone.frequencies) == len(frequencies) and all(
        abs(a - b) <= off for a, b in zip(tone.frequencies, frequencies, strict=True)
    )


def _fits(seconds: float, wanted: float, off: float = _OFF_TIME[0]) -> bool:
    return abs(seconds - wanted) <= max(off, _OFF_TIME[1] * wanted)
