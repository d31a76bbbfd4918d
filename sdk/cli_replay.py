"""`huashu calls replay --all`: all recorded calls of a bot through a changed script: which go otherwise."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from huashu.core.actions import Action, Disposition, Listen, Say
from huashu.core.events import Dtmf, Event, Heard, Understood
from huashu.core.language import is_chinese
from huashu.flows.loader import load, load_bundle
from huashu.runtime.replay import Difference, Outcome, replay_all
from huashu.store.log import Store

_WORDS = {
    "parts": ("{call}  第{seq}个事件（{now:.1f}秒，{event}）起走法不同",
              "{call}  parts at event {seq} ({now:.1f} s, {event})"),
    "before": ("    录得: {0}", "    recorded: {0}"),
    "after": ("    新版: {0}", "    new:      {0}"),
    "unknown": ("    之后: 未知（录得的结局: {0}）", "    then:     unknown (recorded ending: {0})"),
    "ends": ("{call}  结局: {0} → {1}", "{call}  ending: {0} → {1}"),
    "problem": ("{call}  无法回放: {0}", "{call}  cannot be replayed: {0}"),
    "sum": (
        "{all}通: {same}通不变, {reworded}通只是换了说法, {changed}通走法不同, {failed}通无法回放",
        "{all} calls: {same} the same, {reworded} reworded only, {changed} go otherwise, {failed} cannot be replayed",
    ),
    "none": ("什么也不做", "nothing"), "caller": ("客户说话", "caller speaks"), "key": ("按键", "key"),
    "listens": ("听: {0}", "listens: {0}"), "ending": ("结局: {0}", "ending: {0}"),
}  # fmt: skip


def replay_store(store: Store, folder: Path, *, as_json: bool) -> int:
    """Prints it; the exit status: 1 when a call goes otherwise or cannot be replayed."""
    script = load(folder)
    outcomes = list(replay_all(store, script, load_bundle))
    if as_json:
        print(json.dumps({"calls": [_data(outcome) for outcome in outcomes]}, ensure_ascii=False, indent=2))
    else:
        print("\n".join(_lines(outcomes, 0 if is_chinese(script.language) else 1)))
    return 1 if any(outcome.changed or outcome.problem for outcome in outcomes) else 0


def _lines(outcomes: list[Outcome], side: int) -> list[str]:
    words = {name: pair[side] for name, pair in _WORDS.items()}
    out = []
    for outcome in outcomes:
        if outcome.replay is None:
            out.append(words["problem"].format(outcome.problem, call=outcome.call))
        elif outcome.replay.parting is not None:
            out += _parting(outcome, outcome.replay.parting, words)
        elif outcome.changed:
            replay = outcome.replay
            out.append(words["ends"].format(replay.ending, replay.replayed_ending or "?", call=outcome.call))
    counts = {
        "all": len(outcomes),
        "changed": sum(outcome.changed for outcome in outcomes),
        "reworded": sum(outcome.reworded for outcome in outcomes),
        "failed": sum(bool(outcome.problem) for outcome in outcomes),
    }
    counts["same"] = counts["all"] - counts["changed"] - counts["reworded"] - counts["failed"]
    return [*out, words["sum"].format(**counts)]


def _parting(outcome: Outcome, parting: Difference, words: dict[str, str]) -> list[str]:
    assert outcome.replay is not None
    entry = next(turn.entry for turn in outcome.replay.turns if turn.entry.seq == parting.seq)
    return [
        words["parts"].format(call=outcome.call, seq=parting.seq, now=entry.now, event=_event(entry.event, words)),
        words["before"].format(_told(parting.before, words)),
        words["after"].format(_told(parting.after, words)),
        words["unknown"].format(outcome.replay.ending or "-"),
    ]


def _event(event: Event, words: dict[str, str]) -> str:
    match event:
        case Heard(text=text) | Understood(text=text) if text:
            return f"{words['caller']}: {text}"
        case Dtmf(digit=digit):
            return f"{words['key']} {digit}"
        case _:
            return type(event).__name__


def _told(actions: Iterable[Action], words: dict[str, str]) -> str:
    told = []
    for action in actions:
        match action:
            case Say(text=text):
                told.append(text)
            case Listen(expect=expect):
                told.append(words["listens"].format(expect.step))
            case Disposition(ending=ending):
                told.append(words["ending"].format(ending))
            case _:
                told.append(type(action).__name__)
    return " · ".join(told) or words["none"]


def _data(outcome: Outcome) -> dict[str, Any]:
    replay = outcome.replay
    parting = replay.parting if replay else None
    return {
        "call": outcome.call,
        "outcome": "problem" if outcome.problem else "changed" if outcome.changed else
                   "reworded" if outcome.reworded else "same",
        "problem": outcome.problem,
        "parts_at": parting.seq if parting else None,
        "recorded_ending": replay.ending if replay else None,
        # behind a parting the log tells nothing about the new script
        "new_ending": replay.replayed_ending if replay and parting is None else None,
        "erased": bool(replay and replay.erased),
    }  # fmt: skip
