"""A recording as a page to look at: both sides as waveforms, who spoke, the events of the log, each turn's figures."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Final

import numpy as np

from huashu.core.actions import Action, Disposition, Handoff, Hangup, Say, Stop
from huashu.core.events import (
    ActionResult,
    Answered,
    Dtmf,
    Event,
    Heard,
    HumanJoined,
    HungUp,
    MachineDetected,
    SpeechStarted,
    SpeechStopped,
)
from huashu.insight.page import heading, page, table, tiles
from huashu.voice.listening import Listening, Side, Stretch

Marks = Sequence[tuple[float, Event | Action]]
"""(second of the call, what happened)."""

_ROW = 30.0
"""Seconds of a line of the waveform: a word can be told from a pause."""
_SLOW = 1.2
"""Seconds to an answer that a caller notices."""
_LEFT, _WIDE, _TALL = 50.0, 880.0, 34.0
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "title": ("录音报告", "A call, listened to"),
    "length": ("时长", "length"),
    "turns": ("客户发言次数", "caller's turns"),
    "p50": ("响应时间中位数", "to the answer, median"),
    "max": ("最慢的一次响应", "slowest answer"),
    "both": ("两边同时说话", "both at once"),
    "silence": ("最长静默", "longest silence"),
    "levels": ("客户 / 机器人音量", "level, caller / bot"),
    "clipped": ("削波采样", "clipped samples"),
    "sound": ("声音", "Sound"),
    "sound note": (
        "上：客户；下：机器人。色块是说话的时段，竖线是事件，鼠标停在上面可看内容。",
        "Above: caller; below: bot. Bars show who speaks, lines are events (hover to read them).",
    ),
    "each": ("逐轮明细", "Turn by turn"),
    "each note": (
        "响应：客户话音结束到机器人出声。打断后又说：客户开口以后，机器人还说了多久。",
        "Answer: from the end of the caller's sound to the bot's. Over the bot: how long it spoke on after the caller "
        "began.",
    ),
    "from": ("开始", "from"),
    "to": ("结束", "to"),
    "words": ("识别文本", "words"),
    "answer": ("响应", "answer"),
    "over": ("打断后又说", "over the bot"),
    "note": ("备注", "note"),
    "slow": ("慢", "slow"),
    "events": ("事件", "Events"),
    "caller": ("客户", "caller"),
    "bot": ("机器人", "bot"),
    "s": ("秒", "s"),
}  # fmt: skip


def listening_page(name: str, heard: Listening, marks: Marks = (), *, language: str = "zh-CN") -> str:
    """One HTML page without scripts; `marks` in any order."""
    column = 0 if language.lower().startswith("zh") else 1

    def word(key: str) -> str:
        return _WORDS[key][column]

    shown = sorted((one for one in marks if _told(one[1])), key=lambda one: one[0])
    rows = [_row(heard, shown, start, word("caller"), word("bot")) for start in np.arange(0.0, heard.seconds, _ROW)]
    parts = [
        tiles(_figures(heard, word)),
        heading(word("sound"), word("sound note")),
        *rows,
        heading(word("each"), word("each note")),
        table(
            [word(key) for key in ("from", "to", "words", "answer", "over", "note")],
            _turn_rows(heard, shown, word("slow")),
        ),
    ]
    if shown:
        parts += [
            heading(word("events")),
            table((word("s"), "", ""), [(f"{at:.2f}", *(_told(what) or ())) for at, what in shown]),
        ]
    return page(f"{word('title')} · {name}", parts, language=language)


def _figures(heard: Listening, word: Callable[[str], str]) -> list[tuple[str, str]]:
    answers, unit = heard.answers, word("s")

    def level(side: Side) -> str:
        return "–" if side.level is None else f"{side.level:.0f}"

    return [
        (f"{heard.seconds:.1f} {unit}", word("length")),
        (str(len(heard.turns)), word("turns")),
        (f"{np.median(answers):.2f} {unit}" if answers else "–", word("p50")),
        (f"{max(answers):.2f} {unit}" if answers else "–", word("max")),
        (f"{heard.both:.1f} {unit}", word("both")),
        (f"{heard.longest_silence:.1f} {unit}", word("silence")),
        (f"{level(heard.caller)} / {level(heard.bot)} dBFS", word("levels")),
        (str(heard.caller.clipped + heard.bot.clipped), word("clipped")),
    ]


def _turn_rows(heard: Listening, marks: Marks, slow: str) -> list[tuple[str, ...]]:
    said = [(at, what.text) for at, what in marks if isinstance(what, Heard)]
    rows: list[tuple[str, ...]] = []
    for number, turn in enumerate(heard.turns):
        later = heard.turns[number + 1].caller.start if number + 1 < len(heard.turns) else float("inf")
        # Words are known after the sound, and before the next turn's have been spoken.
        words = " / ".join(text for at, text in said if turn.caller.start <= at < later + 0.1)
        answer = "" if turn.answer is None else f"{turn.answer:.2f}"
        over = "" if turn.over is None else f"{turn.over:.2f}"
        note = slow if turn.answer is not None and turn.answer > _SLOW else ""
        rows.append((f"{turn.caller.start:.2f}", f"{turn.caller.end:.2f}", words, answer, over, note))
    return rows


def _row(heard: Listening, marks: Marks, start: float, caller: str, bot: str) -> str:
    """One line of the waveform."""
    middle = {"caller": 14 + _TALL, "bot": 14 + 3 * _TALL + 10}
    tall = 14 + 4 * _TALL + 30
    shapes = []
    for name, label, side, colour in (
        ("caller", caller, heard.caller, "var(--green)"),
        ("bot", bot, heard.bot, "var(--blue)"),
    ):
        y = middle[name]
        shapes.append(f'<text x="0" y="{y + 4:.0f}">{escape(label)}</text>')
        shapes += [_bar(stretch, start, y, colour) for stretch in side.stretches]
        shapes.append(f'<path d="{_wave(side, heard.step, start, y)}" fill="{colour}"/>')
    bottom = 14 + 4 * _TALL + 10
    for second in np.arange(start, min(start + _ROW, heard.seconds) + 1e-9, 5.0):
        x = _x(float(second), start)
        shapes.append(f'<path d="M{x:.1f} 14V{bottom:.0f}" stroke="var(--line)"/>')
        shapes.append(f'<text x="{x:.1f}" y="{bottom + 14:.0f}" text-anchor="middle">{second:.0f}</text>')
    for at, what in marks:
        if start <= at < start + _ROW:
            kind, text = _told(what) or ("", "")
            x = _x(at, start)
            shapes.append(
                f'<path d="M{x:.1f} 8V{bottom:.0f}" stroke="var(--red)" stroke-width="1.2" stroke-opacity=".55">'
                f"<title>{at:.2f} {escape(kind)} {escape(text)}</title></path>"
            )
    return f'<svg viewBox="0 0 {_LEFT + _WIDE + 10:.0f} {tall:.0f}" role="img">{"".join(shapes)}</svg>'


def _x(second: float, start: float) -> float:
    return _LEFT + (second - start) / _ROW * _WIDE


def _bar(stretch: Stretch, start: float, middle: float, colour: str) -> str:
    first, last = max(stretch.start, start), min(stretch.end, start + _ROW)
    if last <= first:
        return ""
    x, width = _x(first, start), (last - first) / _ROW * _WIDE
    return (
        f'<rect x="{x:.1f}" y="{middle - _TALL:.0f}" width="{width:.1f}" height="{2 * _TALL:.0f}" rx="3" '
        f'fill="{colour}" fill-opacity=".14"/>'
    )


def _wave(side: Side, step: float, start: float, middle: float) -> str:
    """The envelope, mirrored, at a point to 0.05 s; loudness by its square root, or soft speech is a line."""
    first = round(start / step)
    peaks = np.array(side.peaks[first : first + round(_ROW / step)])
    each = 5
    peaks = np.pad(peaks, (0, -len(peaks) % each)).reshape(-1, each).max(axis=1) ** 0.5 * (_TALL - 3)
    across = [_x(start + (number + 0.5) * each * step, start) for number in range(len(peaks))]
    upper = [f"{x:.1f} {middle - peak:.1f}" for x, peak in zip(across, peaks + 0.4, strict=True)]
    lower = [f"{x:.1f} {middle + peak:.1f}" for x, peak in zip(across, peaks + 0.4, strict=True)]
    return "M" + "L".join([*upper, *reversed(lower)]) + "Z" if upper else ""


def _told(what: Event | Action) -> tuple[str, str] | None:
    """(kind, words) of what belongs on the page; None of the rest: marks and partial words would cover the sound."""
    match what:
        case Heard(final=True, text=text) if text:
            return "Heard", text
        case Say(text=text):
            return "Say", text
        case Dtmf(digit=digit):
            return "Dtmf", digit
        case MachineDetected(by=by):
            return "MachineDetected", by
        case ActionResult(ok=ok):
            return "ActionResult", "ok" if ok else "failed"
        case HungUp(by=by) | Hangup(by=by):
            return type(what).__name__, by
        case Disposition(ending=ending, result=result, label=label):
            return "Disposition", " ".join(filter(None, (ending, result, label)))
        case Answered() | SpeechStarted() | SpeechStopped() | Stop() | Handoff() | HumanJoined():
            return type(what).__name__, ""
        case _:
            return None
