"""A recording as a page to look at: both sides as waveforms, who spoke, the events of the log, each turn's figures."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
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
from huashu.core.language import is_chinese
from huashu.insight.page import heading, page, table, tiles
from huashu.voice.listening import Listening, Side
from huashu.voice.listening_picture import SLOW, Mark, rows

Marks = Sequence[tuple[float, Event | Action]]
"""(second of the call, what happened)."""

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
        "上：客户；下：机器人。色块是说话的时段，中间的横线是从客户说完到机器人出声的秒数，红色表示慢，或者客户开口以后机器人还在说。"
        "圆点是事件，鼠标停在上面可看内容。",
        "Above: caller; below: bot. Shaded: who speaks. Between them: seconds from the caller's end to the bot's "
        "sound; red where that is slow, or where the bot spoke on over the caller. Dots are events (hover "
        "to read them).",
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
    "bot said": ("机器人接着说", "what the bot said then"),
    "what": ("事件", "event"),
    "content": ("内容", "content"),
    "Answered": ("接通", "answered"),
    "Heard": ("客户说", "caller"),
    "Say": ("机器人说", "bot"),
    "Dtmf": ("按键", "key"),
    "MachineDetected": ("接听方", "answered by"),
    "ActionResult": ("动作结果", "action"),
    "HungUp": ("挂断", "hung up"),
    "Hangup": ("挂机", "hangs up"),
    "Disposition": ("结局", "ending"),
    "SpeechStarted": ("开口", "voice"),
    "SpeechStopped": ("停口", "voice over"),
    "Stop": ("停播", "stopped"),
    "Handoff": ("转人工", "to a person"),
    "HumanJoined": ("人工接入", "a person joined"),
    "ok": ("成功", "ok"),
    "failed": ("失败", "failed"),
    "no words": ("（没有文字）", "(no words)"),
    "human": ("真人", "a person"), "voicemail": ("语音信箱", "voicemail"), "ivr": ("语音导航", "menu"),
    "announcement": ("提示音", "announcement"), "uncertain": ("不确定", "uncertain"), "fax": ("传真", "fax"),
    "system": ("系统", "system"),
    "events": ("事件", "Events"),
    "caller": ("客户", "caller"),
    "bot": ("机器人", "bot"),
    "s": ("秒", "s"),
}  # fmt: skip


_STYLE: Final = "<style>.sound{min-width:46rem;width:100%}audio{width:100%;margin:.2rem 0 1rem}</style>"
_SIGNS: Final[Mapping[str, tuple[str, str]]] = {
    "Heard": ("caller", "var(--green)"), "Say": ("bot", "var(--blue)"), "Dtmf": ("#", "var(--green)"),
    "MachineDetected": ("?", "var(--soft)"), "ActionResult": ("⚙", "var(--soft)"), "Disposition": ("■", "var(--soft)"),
    "Handoff": ("☎", "var(--red)"), "HumanJoined": ("☎", "var(--green)"), "Stop": ("×", "var(--red)"),
    "HungUp": ("↓", "var(--red)"),
}  # fmt: skip
"""What is marked over the sound; voice that begins and ends is seen in the sound itself."""


def listening_page(
    name: str, heard: Listening, marks: Marks = (), *, language: str = "zh-CN", sound: bytes | None = None
) -> str:
    """One HTML page without scripts; `marks` in any order. sound: a WAV to be put into the page, to listen to."""
    column = 0 if is_chinese(language) else 1

    def word(key: str) -> str:
        return _WORDS[key][column] if key in _WORDS else key

    told = ((at, what, _told(what, word)) for at, what in sorted(marks, key=lambda one: one[0]))
    shown = [(at, what, text) for at, what, text in told if text is not None]
    pictured = [
        Mark(at, word(sign)[0], f"{word(type(what).__name__)} {text}", colour)
        for at, what, text in shown
        for sign, colour in [_SIGNS.get(type(what).__name__, ("", ""))]
        if sign
    ]
    parts = [
        _STYLE,
        tiles(_figures(heard, word)),
        heading(word("sound"), word("sound note")),
        f'<audio controls src="data:audio/wav;base64,{b64encode(sound).decode()}"></audio>' if sound else "",
        *rows(heard, pictured, caller=word("caller"), bot=word("bot")),
        heading(word("each"), word("each note")),
        table([word(key) for key in ("from", "to", "words", "answer", "over", "bot said")], _turn_rows(heard, marks)),
    ]
    if shown:
        lines = [(f"{at:.2f}", word(type(what).__name__), text) for at, what, text in shown]
        parts += [heading(word("events")), table([word(key) for key in ("s", "what", "content")], lines)]
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


def _turn_rows(heard: Listening, marks: Marks) -> list[tuple[str, ...]]:
    said = [(at, what.text) for at, what in marks if isinstance(what, Heard) and what.final and what.text]
    spoken = [(at, what.text) for at, what in marks if isinstance(what, Say)]
    rows: list[tuple[str, ...]] = []
    for number, turn in enumerate(heard.turns):
        later = heard.turns[number + 1].caller.start if number + 1 < len(heard.turns) else float("inf")
        # Words are known after the sound, and before the next turn's have been spoken.
        words = " / ".join(text for at, text in said if turn.caller.start <= at < later + 0.1)
        then = " ".join(text for at, text in spoken if turn.caller.end <= at < later)
        slow = " ⚠" if turn.answer is not None and turn.answer > SLOW else ""
        answer = "" if turn.answer is None else f"{turn.answer:.2f}{slow}"
        over = "" if turn.over is None else f"{turn.over:.2f}"
        rows.append((f"{turn.caller.start:.2f}", f"{turn.caller.end:.2f}", words, answer, over, then))
    return rows


def _told(what: Event | Action, word: Callable[[str], str]) -> str | None:
    """The words of what belongs on the page; None of the rest: marks and partial words would cover the sound."""
    match what:
        case Heard(final=True, text=text):
            return text or word("no words")
        case Say(text=text):
            return text
        case Dtmf(digit=digit):
            return digit
        case MachineDetected(by=by):
            return word(by)
        case ActionResult(ok=ok):
            return word("ok" if ok else "failed")
        case HungUp(by=by) | Hangup(by=by):
            return word(by)
        case Disposition(ending=ending, result=result, label=label):
            return " · ".join(filter(None, (ending, result, label)))
        case Answered() | SpeechStarted() | SpeechStopped() | Stop() | Handoff() | HumanJoined():
            return ""
        case _:
            return None
