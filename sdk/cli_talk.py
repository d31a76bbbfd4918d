"""Commands that hold conversations: chat and call."""

import asyncio
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from huashu.cli_script import Nlu, Rerank
from huashu.core.errors import UsageError
from huashu.core.values import Scalar

if TYPE_CHECKING:
    from huashu.core.actions import Action
    from huashu.core.events import Event
    from huashu.flows.script import Script
    from huashu.insight.telling import Telling
    from huashu.tts.engine import Voice
    from huashu.voice.call import CallReport

BotFolder = Annotated[Path, typer.Argument(help="The bot's folder.", show_default=False)]
Sets = Annotated[list[str] | None, typer.Option("--set", metavar="NAME=VALUE", help="A variable's value.")]
Arms = Annotated[list[str] | None, typer.Option("--arm", metavar="EXPERIMENT=ARM", help="Put the call in an arm.")]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object per bot action.")]
VoiceModel = Annotated[str | None, typer.Option(help="Weights of the voice: a folder, or an id of `huashu models`.")]
Trust = Annotated[bool, typer.Option(help="Run the folder's own actions.py.")]


class Direction(StrEnum):
    inbound = "inbound"
    outbound = "outbound"


def chat(
    folder: BotFolder,
    sets: Sets = None,
    arms: Arms = None,
    as_json: AsJson = False,
    trust: Trust = True,
    nlu: Nlu = None,
    rerank: Rerank = None,
) -> None:
    """Talk to a bot in the terminal, or from a pipe: one line a turn."""
    from huashu.channels.console import chat as converse
    from huashu.runtime.bot import load_bot

    bot = load_bot(folder, trust=trust, nlu=nlu, rerank=rerank)
    asyncio.run(converse(bot, variables=given(bot.script, sets or []), arms=in_arms(arms or []), json_mode=as_json))


def call(
    folder: BotFolder,
    audio: Annotated[Path, typer.Option(help="A WAV, or a folder of utterances, one played each time it listens.")],
    record: Annotated[Path | None, typer.Option(help="Keep both sides here: caller left, bot right.")] = None,
    direction: Annotated[Direction | None, typer.Option(help="Default: the bot's own.")] = None,
    realtime: Annotated[bool, typer.Option(help="At the speed of speech instead of at once.")] = False,
    sets: Sets = None,
    arms: Arms = None,
    as_json: AsJson = False,
    trust: Trust = True,
    nlu: Nlu = None,
    rerank: Rerank = None,
    asr: Annotated[str, typer.Option(help="Recogniser.")] = "pocketsphinx",
    asr_model: Annotated[str | None, typer.Option(help="Its weights: a folder, or an id of `huashu models`.")] = None,
    voice: Annotated[str | None, typer.Option(help="Voice engine; default: espeak if installed.")] = None,
    voice_model: VoiceModel = None,
    rate: Annotated[int, typer.Option(help="Samples a second on the line: 8000 or 16000.")] = 8000,
    tones: Annotated[bool, typer.Option("--tones", help="Listen for keys that are pressed in the sound.")] = False,
) -> None:
    """Hold a spoken call with a bot: the caller's side comes from recordings."""
    from huashu.asr.registry import open_recogniser
    from huashu.insight.telling import Telling
    from huashu.models.cache import resolve
    from huashu.runtime.bot import load_bot
    from huashu.voice.call import run_call

    bot = load_bot(folder, trust=trust, nlu=nlu, rerank=rerank)
    tell = Telling(bot.script.language, _WORDS)
    options: dict[str, Any] = {"model": resolve(asr_model)} if asr_model else {}
    report = asyncio.run(
        run_call(
            bot,
            audio,
            recogniser=open_recogniser(asr, **options),
            voice=open_mouth(voice, voice_model),
            direction=direction.value if direction else bot.script.direction,
            record=record,
            realtime=realtime,
            rate=rate,
            keys=tones,
            variables=given(bot.script, sets or []),
            arms=in_arms(arms or []),
            on_event=None if as_json else narrator(bot.script.language),
            on_action=print_json if as_json else None,
        )
    )
    if as_json:
        print_report(report)
    else:
        outcome = report.disposition
        ended = f"{outcome.ending} · {outcome.result} {outcome.label}".rstrip() if outcome else tell("no_outcome")
        print(tell("over", ended, report.seconds))
        if record is not None:
            print(tell("both_sides", record))


# --- shared -----------------------------------------------------------------------------------------------------------


def given(script: "Script", sets: list[str]) -> dict[str, Scalar]:
    """Values of `--set name=value`, and the script's examples for what a roster would have given.

    Raises UsageError naming the option that is malformed, or the variable that does not exist.
    """
    from huashu.values.registry import canonical

    values: dict[str, Scalar] = {
        name: variable.example
        for name, variable in script.variables.items()
        if variable.given and variable.example is not None
    }
    for item in sets:
        name, equals, value = item.partition("=")
        if not equals:
            raise UsageError(f"--set {item}: write --set NAME=VALUE")
        if name not in script.variables:
            raise UsageError(f"--set {item}: no variable {name!r}; there is: {', '.join(script.variables) or 'none'}")
        try:
            values[name] = canonical(script.variables[name].type, value)
        except UsageError as error:
            raise UsageError(f"--set {name}=…: {error}") from None
    return values


def in_arms(chosen: list[str]) -> dict[str, str]:
    """`--arm experiment=arm`. Whether there are such is the engine's to say. Raises UsageError for a malformed one."""
    found = {}
    for item in chosen:
        name, equals, arm = item.partition("=")
        if not equals:
            raise UsageError(f"--arm {item}: write --arm EXPERIMENT=ARM")
        found[name] = arm
    return found


def open_mouth(name: str | None, model: str | None = None) -> "Voice":
    """The voice asked for; by default espeak, or silence with a clear word where it is not installed."""
    from huashu.models.cache import resolve
    from huashu.tts.registry import open_voice, open_voice_or_silent

    if name is not None:
        return open_voice(name, **({"model": resolve(model)} if model else {}))
    voice, why = open_voice_or_silent("espeak")
    if why:
        print(f"huashu: {why}", file=sys.stderr)
    return voice


_WORDS: Final = {
    "bot": ("机器人  {0}", "bot     {0}"),
    "caller": ("客户    {0}  ({1:.2f})", "caller  {0}  ({1:.2f})"),
    "no_words": ("客户    （没听出话）", "caller  (no words)"),
    "key": ("客户    [按键 {0}]", "caller  [key {0}]"),
    "cut": ("        （播到 {0:.0%} 被打断）", "        (interrupted after {0:.0%})"),
    "cut_of": ("        （“{1}”播到 {0:.0%} 被打断）", "        (“{1}” interrupted after {0:.0%})"),
    "unsaid": ("        （“{0}”没有播出）", "        (“{0}” was not said)"),
    "action": ("        （执行 {0}）", "        (action {0})"),
    "handoff": ("        （转人工：{0}）", "        (handoff to {0})"),
    "sms": ("        （已发短信）", "        (sms sent)"),
    "wechat": ("        （已发微信）", "        (wechat sent)"),
    "email": ("        （已发邮件）", "        (email sent)"),
    "ending": ("        （结束：{0}）", "        (ending {0})"),
    "over": ("-- {0} · 通话 {1:.1f} 秒", "-- {0} · {1:.1f} s of call"),
    "no_outcome": ("没有结果", "no outcome"),
    "both_sides": ("-- 双方录音：{0}", "-- both sides: {0}"),
}
"""In the bot's language: Chinese, English."""


_SHOWN: Final = 12
"""Characters by which a line is named."""


def narrator(language: str) -> Callable[[float, "Event | Action"], None]:
    """Prints a call as it goes, in the language of its bot."""
    from huashu.insight.telling import Telling

    return partial(narrate, Telling(language, _WORDS), {})


def narrate(tell: "Telling", said: dict[str, str], now: float, event: "Event | Action") -> None:
    """One readable line for what matters in a call. said: lines of the bot by id, kept here from one event to the next:
    one that was cut is named where it is not the last that stands above."""
    from huashu.core.actions import Disposition, Handoff, RunAction, Say, Send
    from huashu.core.events import Dtmf, Heard, PlaybackEnded

    match event:
        case Say(id=say, text=text):
            said.pop(say, None)
            said[say] = text
            line = tell("bot", text)
        case Heard(final=True, text=text, confidence=confidence):
            line = tell("caller", text, confidence) if text else tell("no_words")
        case Dtmf(digit=digit):
            line = tell("key", digit)
        case PlaybackEnded(say=say, played=played) if played < 1.0:
            last = not said or say == next(reversed(said))
            text = said.get(say, "")
            shown = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
            line = tell("cut", played) if last else tell("cut_of", played, shown) if played else tell("unsaid", shown)
        case RunAction(name=name):
            line = tell("action", name)
        case Handoff(queue=queue):
            line = tell("handoff", queue)
        case Send(medium=medium):
            line = tell(medium)
        case Disposition(ending=ending):
            line = tell("ending", ending)
        case _:
            return
    print(f"{now:7.2f}  {line}")


def print_report(report: "CallReport") -> None:
    """The last line of `huashu call --json`: who answered and how the line was, no content."""
    told = {
        "type": "CallReport",
        "call": report.call,
        "seconds": round(report.seconds, 2),
        "answer": None if report.answer is None else asdict(report.answer),
        "line": None if report.line is None else asdict(report.line),
    }
    print(json.dumps(told, ensure_ascii=False), flush=True)


def print_json(now: float, action: "Action") -> None:
    from huashu.channels.console import in_json

    print(in_json(action, now=now), flush=True)
