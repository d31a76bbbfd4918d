"""What `huashu check` says of the bounds of a script: for people, and for programs."""

import math
from pathlib import Path
from typing import Any

from huashu.core.errors import UsageError
from huashu.core.language import is_chinese
from huashu.flows.bounds import Bounds, behaviours, seconds
from huashu.flows.script import Script

_LINES = {
    "dead_air": ("最长没人说话 {0}：{1}", "longest dead air {0}: {1}"),
    "hold": ("客户让等一下以后最长没人说话 {0}", "longest silence after the caller asked to wait {0}"),
    "call": ("最长通话 {0}（不算“最长时间”）", "longest call {0} (without max_length)"),
    "turns": ("机器人最多开口 {0} 次（不算“最多轮数”）", "the bot speaks at most {0} times (without max_turns)"),
}
_KINDS = {
    "silence": ("沉默", "silence"),
    "action": ("动作", "action"),
    "handoff": ("转人工", "handoff"),
    "keys": ("按键", "keys"),
    "quiet": ("无话可说", "no words"),
    "beep": ("等提示音", "a beep"),
}


def lines(bounds: Bounds, script: Script) -> list[str]:
    """Dead air and how to get there, the wait a caller may ask for, length of the call, times the bot speaks."""
    side = 0 if is_chinese(script.language) else 1
    arrow = " → "
    turns = ("没有上限", "without bound")[side] if math.isinf(bounds.turns) else f"{bounds.turns:.0f}"
    kinds = ("，", ", ")[side].join(
        f"{_KINDS[pause.kind][side]} {seconds(pause.seconds, script.language)}"
        for pause in bounds.pauses
        if pause.seconds
    )
    dead_air = seconds(bounds.dead_air, script.language) + (f"（{kinds}）" if side == 0 else f" ({kinds})")
    return [
        _LINES["dead_air"][side].format(dead_air, arrow.join(bounds.behaviour(script.language))),
        *([_LINES["hold"][side].format(seconds(bounds.hold, script.language))] if bounds.hold else []),
        _LINES["call"][side].format(seconds(bounds.call, script.language)),
        _LINES["turns"][side].format(turns),
    ]


def data(bounds: Bounds, script: Script) -> dict[str, Any]:
    """For --json. Seconds and counts; null where there is no bound."""
    return {
        "dead_air": _number(bounds.dead_air),
        "dead_air_by_kind": {pause.kind: _number(pause.seconds) for pause in bounds.pauses},
        "dead_air_step": f"{bounds.worst.spot.flow}.{bounds.worst.step}",
        "dead_air_way": bounds.behaviour(script.language),
        "hold": _number(bounds.hold),
        "call": _number(bounds.call),
        "call_way": behaviours(bounds.longest, script.language),
        "bot_turns": _number(bounds.turns),
    }


def write_witness(folder: Path, file: Path) -> None:
    """Find a conversation that reaches the longest silence and write it as a test; "-" prints it.

    Raises:
        UsageError: no way to it could be walked in words.
    """
    from huashu.lab.witness import find
    from huashu.runtime.bot import load_bot

    bot = load_bot(folder)
    found = find(bot)
    if found is None:
        raise UsageError(
            "no conversation was found that reaches the longest silence: the way to it needs more than words"
        )
    text = found.yaml(bot.script.language)
    if str(file) == "-":
        print(text, end="")
    else:
        file.write_text(text, encoding="utf-8")


def write_longest(folder: Path, file: Path) -> None:
    """Find the longest conversation a caller can drag out and write it as a test; "-" prints it.

    Raises:
        UsageError: a call of this bot has no bound.
    """
    from huashu.lab.exhausting import find_longest
    from huashu.runtime.bot import load_bot

    bot = load_bot(folder)
    found = find_longest(bot)
    if found is None:
        raise UsageError("a call of this bot has no bound, so there is no longest one: see unbounded_loop")
    text = found.yaml(bot.script.language)
    if str(file) == "-":
        print(text, end="")
    else:
        file.write_text(text, encoding="utf-8")


def _number(value: float) -> float | None:
    return None if math.isinf(value) else round(value, 2)
