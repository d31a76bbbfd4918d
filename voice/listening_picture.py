"""The waveform of a call's recording, a line of it for every so many seconds: who spoke, how long each answer took."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

import numpy as np

from huashu.voice.listening import Listening, Side, Stretch

_ROW, _SHORTEST = 30.0, 10.0
"""Seconds of a line at most, and at least: a word can be told from a pause."""
SLOW = 1.2
"""Seconds to an answer that a caller notices."""
_LEFT, _WIDE, _TALL = 56.0, 880.0, 34.0
_TOP, _GAP = 22.0, 26.0
"""Above the caller's wave, for marks; between the waves, for the time to the answer."""
_BETWEEN = _TOP + 2 * _TALL + _GAP / 2
_BOTTOM = _TOP + 4 * _TALL + _GAP


@dataclass(frozen=True, slots=True)
class Mark:
    """Something that happened, to be shown over the sound."""

    at: float
    sign: str
    """One letter or sign."""
    text: str
    """Shown when the pointer rests on it."""
    colour: str


def rows(heard: Listening, marks: Sequence[Mark], *, caller: str, bot: str) -> list[str]:
    """SVG, one for each line of the waveform. caller, bot: what the two sides are called."""
    long = min(_ROW, max(_SHORTEST, heard.seconds))
    return [
        f'<div class="wide"><svg class="sound" viewBox="0 0 {_LEFT + _WIDE + 12:.0f} {_BOTTOM + 22:.0f}" role="img">'
        f"{''.join(_Row(heard, start, long).shapes(marks, caller, bot))}</svg></div>"
        for start in np.arange(0.0, heard.seconds - 1e-9, long).tolist()
    ]


@dataclass(frozen=True, slots=True)
class _Row:
    heard: Listening
    start: float
    long: float
    """Seconds."""

    def shapes(self, marks: Sequence[Mark], caller: str, bot: str) -> Iterator[str]:
        yield from self._scale()
        for label, side, middle, colour in (
            (caller, self.heard.caller, _TOP + _TALL, "var(--green)"),
            (bot, self.heard.bot, _TOP + 3 * _TALL + _GAP, "var(--blue)"),
        ):
            yield f'<text x="0" y="{middle + 4:.0f}" style="fill:{colour};font-weight:600">{escape(label)}</text>'
            for stretch in side.stretches:
                yield self._bar(stretch, middle, colour)
            yield f'<path d="{self._wave(side, middle)}" fill="{colour}"/>'
        yield from self._answers()
        free = 0.0
        for mark in marks:
            if self._within(mark.at):
                dot = max(self._x(mark.at), free)
                free = dot + 15.0
                yield self._mark(mark, dot)

    def _x(self, second: float) -> float:
        return _LEFT + (second - self.start) / self.long * _WIDE

    def _within(self, second: float) -> bool:
        return self.start <= second < self.start + self.long

    def _scale(self) -> Iterator[str]:
        step = 5.0 if self.long > 15 else 1.0
        last = min(self.start + self.long, self.heard.seconds)
        for second in np.arange(np.ceil(self.start / step) * step, last + 1e-9, step).tolist():
            x = self._x(second)
            yield f'<path d="M{x:.1f} {_TOP:.0f}V{_BOTTOM:.0f}" stroke="var(--line)"/>'
            clock = f"{int(second) // 60}:{int(second) % 60:02}"
            yield f'<text x="{x:.1f}" y="{_BOTTOM + 15:.0f}" text-anchor="middle">{clock}</text>'

    def _bar(self, stretch: Stretch, middle: float, colour: str) -> str:
        first, last = max(stretch.start, self.start), min(stretch.end, self.start + self.long)
        if last <= first:
            return ""
        x, width = self._x(first), (last - first) / self.long * _WIDE
        return (
            f'<rect x="{x:.1f}" y="{middle - _TALL:.0f}" width="{width:.1f}" height="{2 * _TALL:.0f}" rx="3" '
            f'fill="{colour}" fill-opacity=".14"><title>{stretch.start:.2f} – {stretch.end:.2f}</title></rect>'
        )

    def _answers(self) -> Iterator[str]:
        """From the caller's end to the bot's sound, with its seconds; red when a caller notices it. And how long the
        bot went on under the caller."""
        for turn in self.heard.turns:
            if turn.answer is not None and self._within(turn.caller.end):
                yield self._span(turn.caller.end, turn.answer, "var(--red)" if turn.answer > SLOW else "var(--soft)")
            if turn.over is not None and self._within(turn.caller.start):
                yield self._span(turn.caller.start, turn.over, "var(--red)")

    def _span(self, begin: float, seconds: float, colour: str) -> str:
        first, last = self._x(begin), self._x(min(begin + seconds, self.start + self.long))
        path = (
            f"M{first:.1f} {_BETWEEN - 5:.0f}v10M{first:.1f} {_BETWEEN:.0f}H{last:.1f}M{last:.1f} {_BETWEEN - 5:.0f}v10"
        )
        return (
            f'<path d="{path}" stroke="{colour}" stroke-width="1.5" fill="none"/>'
            f'<text x="{last + 4:.1f}" y="{_BETWEEN + 4:.0f}" style="fill:{colour}">{seconds:.2f}</text>'
        )

    def _mark(self, mark: Mark, dot: float) -> str:
        """dot: where there is room for it, beside those of the same instant."""
        x = self._x(mark.at)
        return (
            f'<g><path d="M{x:.1f} {_TOP - 6:.0f}V{_BOTTOM:.0f}" stroke="{mark.colour}" stroke-opacity=".45" '
            f'stroke-dasharray="2 3"/><circle cx="{dot:.1f}" cy="{_TOP - 12:.0f}" r="7" fill="{mark.colour}"/>'
            f'<text x="{dot:.1f}" y="{_TOP - 8.5:.1f}" text-anchor="middle" style="fill:var(--paper);font-size:9px">'
            f"{escape(mark.sign)}</text><title>{mark.at:.2f} {escape(mark.text)}</title></g>"
        )

    def _wave(self, side: Side, middle: float) -> str:
        """The envelope, mirrored, some 600 points a line; loudness by its square root, or soft speech is a line."""
        step = self.heard.step
        first = round(self.start / step)
        peaks = np.array(side.peaks[first : first + round(self.long / step)])
        each = max(1, round(self.long / step / 600))
        peaks = np.pad(peaks, (0, -len(peaks) % each)).reshape(-1, each).max(axis=1) ** 0.5 * (_TALL - 3)
        across = [self._x(self.start + (number + 0.5) * each * step) for number in range(len(peaks))]
        upper = [f"{x:.1f} {middle - peak:.1f}" for x, peak in zip(across, peaks + 0.4, strict=True)]
        lower = [f"{x:.1f} {middle + peak:.1f}" for x, peak in zip(across, peaks + 0.4, strict=True)]
        return "M" + "L".join([*upper, *reversed(lower)]) + "Z" if upper else ""
