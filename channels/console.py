"""A text conversation in a terminal or through a pipe.

In a terminal the script's timers run in real time. From a pipe time stands still while lines are read, so that a file
of answers gives the same conversation whatever the machine does; `/silence` lets time pass in either.
"""

import asyncio
import json
import secrets
import sys
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from huashu.core.actions import Action, Disposition, Handoff, Hangup, Listen, RunAction, Say, Send, Transfer
from huashu.core.codec import to_data
from huashu.core.errors import UsageError
from huashu.core.events import ActionResult, Answered, Dtmf, EdgeEvent, Heard, HungUp, Started
from huashu.core.ids import new_call_id
from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.flows.shapes import duration
from huashu.runtime.bot import Bot
from huashu.runtime.host import Host
from huashu.store.log import Store

Read = Callable[[], Awaitable[str | None]]
"""The next line of the caller without its newline; None: there are no more."""
Write = Callable[[str], None]

GREETING = "({title} · /dtmf 6 · /silence 5s · /quit)"
_TEXTS = {
    "action": ("动作 {name}：这个机器人没有可执行的代码", "action {name}: this bot has no code to run"),
    "handoff": ("转给人工（{name}）", "a person takes over ({name})"),
    "transfer": ("电话转走了", "the call is transferred"),
    "label": ("意向 {name}", "label {name}"),
    "sms": ("短信", "sms"),
    "wechat": ("微信", "wechat"),
    "email": ("邮件", "email"),
    "commands": ("{name}：可以用 /dtmf 6、/silence 5s、/quit", "{name}: there are /dtmf 6, /silence 5s and /quit"),
    "keys": ("/dtmf：按键是 0-9 * # A-D，例如 /dtmf 6", "/dtmf: keys are 0-9 * # A-D, for instance /dtmf 6"),
    "length": ("/silence：多久？例如 /silence 5s", "/silence: how long? For instance /silence 5s"),
    "hour": ("/silence：最多一小时", "/silence: an hour at most"),
}
"""What is told beside the bot's own words: for a Chinese bot, for others."""


async def chat(
    bot: Bot,
    *,
    variables: Mapping[str, Scalar] | None = None,
    arms: Mapping[str, str] | None = None,
    json_mode: bool = False,
    language: str | None = None,
    store: Store | None = None,
    read: Read | None = None,
    write: Write | None = None,
    interactive: bool | None = None,
) -> Disposition | None:
    """Hold a conversation until the bot or the caller ends it; how it ended.

    arms: experiment → arm; of others a seed decides that is drawn anew each time.
    json_mode: one JSON object per bot action (huashu.core.codec) instead of text for people.
    read, write: default to standard input and output; `write` gets whole lines without the newline.
    interactive: timers run in real time; default: whether standard input is a terminal.
    """
    if interactive is None:
        interactive = read is None and sys.stdin.isatty()
    talk = _Talk(bot, json_mode=json_mode, store=store, write=write or _print, interactive=interactive)
    await talk.start(
        Started(
            new_call_id(),
            language=language,
            marks="none",
            variables=dict(variables or {}),
            seed=secrets.randbits(31),
            arms=dict(arms or {}),
        )
    )
    lines = asyncio.create_task(talk.hold(read or standard_input()))
    closed = asyncio.create_task(talk.host.wait_closed())
    try:
        await asyncio.wait([lines, closed], return_when=asyncio.FIRST_COMPLETED)
        if lines.done():
            lines.result()
        return await closed
    finally:
        lines.cancel()
        closed.cancel()


def in_json(action: Action, *, now: float | None = None) -> str:
    """An action as one line of JSON (huashu.core.codec) for programs beside a conversation, `at` its second if given.

    Without the hundreds of sentences that a Listen holds for recognisers: who needs them is a recogniser.
    """
    data: dict[str, Any] = dict(to_data(action))
    if isinstance(action, Listen):
        data["expect"] = {key: value for key, value in data["expect"].items() if key != "phrases"}
    return json.dumps(data if now is None else {"at": round(now, 3), **data}, ensure_ascii=False)


class _Clock:
    """Real time plus what `/silence` has skipped; or, for a pipe, only that."""

    def __init__(self, *, real: bool) -> None:
        self._real = real
        self.skipped = 0.0

    def __call__(self) -> float:
        return self.skipped + (time.monotonic() if self._real else 0.0)


class _Talk:
    """The host's edge."""

    def __init__(self, bot: Bot, *, json_mode: bool, store: Store | None, write: Write, interactive: bool) -> None:
        self._bot = bot
        self._json = json_mode
        self._write = write
        self._interactive = interactive
        self._clock = _Clock(real=interactive)
        self._replies: deque[EdgeEvent] = deque()
        self._answering: asyncio.Task[None] | None = None
        self.host = Host(bot, self, store=store, clock=self._clock, timers=interactive)

    async def start(self, started: Started) -> None:
        if not self._json:
            self._write(GREETING.format(title=self._bot.script.title))
        await self.host.start(replace(started, direction=self._bot.script.direction))
        await self._give(Answered())

    async def hold(self, read: Read) -> None:
        """Lines until there are no more, or the conversation is over."""
        while not self.host.closed:
            line = await read()
            if line is None or line.strip() == "/quit":
                await self._give(HungUp())
                return
            try:
                await self._line(line.strip())
            except UsageError as error:
                self._write(f"-- {error}" if not self._json else json.dumps({"type": "Error", "message": str(error)}))

    def perform(self, action: Action) -> None:
        if self._json:
            self._write(in_json(action))
        elif (line := self._told(action)) is not None:
            self._write(line)
        match action:
            case RunAction(id=identity):  # only a bot without any backend comes here
                self._replies.append(ActionResult(identity, ok=False, error="no_backend"))
            case Handoff() | Transfer():
                self._replies.append(HungUp("human"))
            case Hangup(by=by):
                self._replies.append(HungUp(by))
            case _:
                return
        if self._interactive:  # a timer may have brought this about: nobody else will answer
            self._answering = asyncio.get_running_loop().create_task(self._answer())

    # --- inside ---------------------------------------------------------------------------------------------------

    async def _line(self, line: str) -> None:
        command, _, rest = line.partition(" ")
        match command:
            case "":
                pass
            case "/dtmf":
                keys = rest.replace(" ", "").upper()
                if not keys or set(keys) - set("0123456789*#ABCD"):
                    raise UsageError(self._text("keys"))
                for key in keys:
                    await self._give(Dtmf(key))
            case "/silence":
                await self._silence(self._seconds(rest))
            case _ if command.startswith("/"):
                raise UsageError(self._text("commands", command))
            case _:
                await self._give(Heard(line))

    async def _give(self, event: EdgeEvent) -> None:
        """An event and everything that follows from it, actions of the bot's own code included."""
        await self.host.receive(event)
        while True:
            if not self._interactive:
                await self.host.settle()
            if not self._replies:
                return
            await self._answer()

    async def _answer(self) -> None:
        while self._replies:
            await self.host.receive(self._replies.popleft())

    async def _silence(self, seconds: float) -> None:
        """The caller says nothing for so long, as the script counts it: in a chat every silence lasts longer."""
        until = self.host.now + seconds * self._bot.script.settings.text_patience
        while (due := self.host.deadline) is not None and due <= until and not self.host.closed:
            await self._pass(due - self.host.now)
        if not self.host.closed:
            await self._pass(until - self.host.now)

    async def _pass(self, seconds: float) -> None:
        self._clock.skipped += max(0.0, seconds) + 1e-6
        await self.host.wake()
        await self.host.settle()
        await self._answer()

    def _told(self, action: Action) -> str | None:
        match action:
            case Say(text=text):
                return f"{self._bot.script.title}: {text}"
            case RunAction(name=name):
                return f"-- {self._text('action', name)}"
            case Handoff(queue=queue):
                return f"-- {self._text('handoff', queue)}"
            case Transfer():
                return f"-- {self._text('transfer')}"
            case Send(medium=medium, text=text):
                return f"-- {self._text(medium)}: {text}"
            case Disposition(ending=ending, result=result, label=label):
                shown = self._text("label", label) if label else ""
                return f"-- {' · '.join(part for part in (ending, shown, result) if part)}"
            case _:
                return None

    def _text(self, code: str, name: str = "") -> str:
        chinese = is_chinese(self._bot.script.language)
        return _TEXTS[code][0 if chinese else 1].format(name=name)

    def _seconds(self, text: str) -> float:
        """ "5s", "1.5", "300ms", "2分钟". Raises UsageError."""
        length = duration(text)
        if length is None:
            raise UsageError(self._text("length"))
        if length > 3600.0:
            raise UsageError(self._text("hour"))
        return length


def _print(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def standard_input() -> Read:
    """Lines of standard input. Read in a daemon thread: when the bot ends the conversation nobody waits for a key."""
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str | None] = asyncio.Queue()

    def hand_over() -> None:
        try:
            for line in sys.stdin:
                loop.call_soon_threadsafe(lines.put_nowait, line.rstrip("\r\n"))
            loop.call_soon_threadsafe(lines.put_nowait, None)
        except (RuntimeError, ValueError):
            return  # the loop or standard input is closed: the conversation is over

    threading.Thread(target=hand_over, name="huashu-console", daemon=True).start()
    return lines.get
