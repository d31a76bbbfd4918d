"""A whole call without a telephone: the caller's side comes from WAV files. What `huashu call` runs."""

import asyncio
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from huashu.asr.engine import Recogniser
from huashu.core.actions import Action, Disposition, EdgeAction, Say
from huashu.core.audio import FRAME_SECONDS, frame_bytes
from huashu.core.errors import EngineError, UsageError
from huashu.core.events import Direction, Dtmf, EdgeEvent, Heard, Started
from huashu.core.values import Values
from huashu.runtime.bot import Bot
from huashu.store.log import Store
from huashu.tts.engine import Voice
from huashu.voice.ahead import expectations
from huashu.voice.answer import Verdict
from huashu.voice.health import Health
from huashu.voice.languages import stranger
from huashu.voice.playback import Spoken
from huashu.voice.render import read_wav
from huashu.voice.session import VoiceSession
from huashu.voice.vad import Detector
from huashu.voice.watch import listened_for

REACTION = 0.3
"""Seconds a caller from a folder waits after the bot has finished."""
UNANSWERED = 3.0
"""Seconds after which that caller speaks although the bot has not."""
PATIENCE = 60.0
"""Seconds of silence after the last recording before the caller hangs up."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the transcript."""

    at: float
    """Second of the call at which it was begun (bot) or understood as words (caller)."""
    who: Literal["bot", "caller"]
    text: str
    """The bot's as far as it was heard; the caller's as recognised, a key as "[5]"."""


@dataclass(frozen=True, slots=True)
class CallReport:
    call: str
    seconds: float
    transcript: tuple[Line, ...]
    events: tuple[tuple[float, EdgeEvent | Action], ...]
    """Everything the session reported and was asked to do, with the second."""
    spoken: tuple[Spoken, ...]
    """What was played of each line."""
    disposition: Disposition | None
    recording: Path | None
    answer: Verdict | None = None
    """Who answered, where that was looked for (outbound) and found."""
    line: Health | None = None
    """How the caller's sound arrived."""


async def run_call(
    bot: Bot,
    source: Path,
    *,
    recogniser: Recogniser,
    voice: Voice,
    direction: Direction | None = None,
    record: Path | None = None,
    realtime: bool = False,
    rate: int = 8000,
    keys: bool = False,
    variables: Values | None = None,
    arms: Mapping[str, str] | None = None,
    store: Store | None = None,
    started: Started | None = None,
    detector: Detector | None = None,
    on_event: Callable[[float, EdgeEvent | Action], None] | None = None,
    on_action: Callable[[float, Action], None] | None = None,
) -> CallReport:
    """Hold a call and say how it went.

    source: a WAV, played from the moment the call is answered; or a folder of WAVs, in order of name, each played
        when the bot has finished speaking. After the last one the caller is silent until the bot ends the call, or
        hangs up after `PATIENCE` seconds.
    record: a stereo WAV to write.
    realtime: at the speed of life; else as fast as the machine can, with the same result every time.
    keys: keys may come as tones in the caller's sound.
    arms: experiment → arm; of others the first.
    started: second 0, when more than direction, variables and arms matter.
    on_event, on_action: told of everything (events and actions), or of the actions alone, as it happens.

    Raises:
        UsageError: no sound at `source`, or impossible values in `started` or `variables`.
        EngineError: recogniser or voice does not know the bot's language (code "language").
    """
    if started is None:
        started = Started(
            "", direction or bot.script.direction, "voice", variables=dict(variables or {}), arms=dict(arms or {})
        )
    if why := stranger(recogniser.capabilities, voice.capabilities, started.language or bot.script.language):
        raise EngineError(why, code="language")
    caller = Caller(source, rate=rate)
    log = _Log(on_event, on_action)
    session = VoiceSession(
        bot,
        recogniser,
        voice,
        rate=rate,
        recording=record,
        store=store,
        started=started,
        realtime=realtime,
        detector=detector,
        observer=log.observe,
        keys=keys,
    )
    if realtime:  # with a caller on the line nothing waits for a grammar to be built
        expected = expectations(bot.script)
        if started.direction == "outbound":
            expected += listened_for(recogniser.capabilities, started.language or bot.script.language)
        await asyncio.to_thread(recogniser.warm, expected)
    await session.start()
    await _hold(session, caller, realtime=realtime)
    return _report(session, log.events, record)


class _Log:
    """All that happens in a call, told on as it happens."""

    def __init__(
        self,
        on_event: Callable[[float, EdgeEvent | Action], None] | None,
        on_action: Callable[[float, Action], None] | None,
    ) -> None:
        self.events: list[tuple[float, EdgeEvent | Action]] = []
        self._on_event = on_event
        self._on_action = on_action

    def observe(self, now: float, what: EdgeEvent | Action) -> None:
        self.events.append((now, what))
        if self._on_event is not None:
            self._on_event(now, what)
        if self._on_action is not None and isinstance(what, EdgeAction):
            self._on_action(now, what)


def _report(session: VoiceSession, events: list[tuple[float, EdgeEvent | Action]], record: Path | None) -> CallReport:
    return CallReport(
        session.host.call,
        session.now(),
        tuple(_transcript(events, session.ledger)),
        tuple(events),
        tuple(session.ledger),
        session.host.disposition,
        record,
        session.watch.verdict,
        session.watch.health,
    )


async def _hold(session: VoiceSession, caller: "Caller", *, realtime: bool) -> None:
    loop = asyncio.get_running_loop()
    began = loop.time()
    while not session.closed:
        if caller.gone:
            await session.hangup()
            return
        await session.push(caller.frame(listening=session.listening, lines=len(session.ledger)))
        if realtime:
            await asyncio.sleep(max(0.0, began + session.now() - loop.time()))


class Caller:
    """Gives the caller's frames one after another.

    Raises:
        UsageError: there is no sound to play.
    """

    def __init__(self, source: Path, *, rate: int) -> None:
        self._in_turn = source.is_dir()
        paths = sorted(source.glob("*.wav")) if self._in_turn else [source]
        if not paths:
            raise UsageError(f"no .wav file in {source}")
        self._size = frame_bytes(rate)
        self._silence = bytes(self._size)
        self._waiting = deque(_sound(path, rate) for path in paths)
        self._playing = b"" if self._in_turn else self._waiting.popleft()
        self._offset = 0
        self._listened = 0
        self._quiet = 0
        self._lines = 0

    @property
    def gone(self) -> bool:
        """All was said, and the bot has let `PATIENCE` pass since."""
        return not self._waiting and not self._playing and self._quiet * FRAME_SECONDS >= PATIENCE

    def frame(self, *, listening: bool, lines: int) -> bytes:
        """The next 20 ms. `listening`: the bot has finished; `lines`: how many it has spoken so far."""
        if not self._playing:
            self._listened = self._listened + 1 if listening else 0
            self._quiet = self._quiet + 1
            answered = lines > self._lines or self._listened * FRAME_SECONDS >= UNANSWERED
            if not self._waiting or not answered or self._listened * FRAME_SECONDS < REACTION:
                return self._silence
            self._playing, self._offset = self._waiting.popleft(), 0
        piece = self._playing[self._offset : self._offset + self._size]
        self._offset += self._size
        if self._offset >= len(self._playing):
            self._playing = b""
            self._listened = self._quiet = 0
            self._lines = lines
        return piece + self._silence[len(piece) :]


def _sound(path: Path, rate: int) -> bytes:
    try:
        return read_wav(path, rate)
    except (OSError, UsageError) as error:
        raise UsageError(f"{path} cannot be played: {error}") from error


def _transcript(events: Iterable[tuple[float, EdgeEvent | Action]], spoken: Iterable[Spoken]) -> Iterable[Line]:
    heard = {entry.say.id: entry.heard for entry in spoken}
    for at, what in events:
        match what:
            case Say(id=say):
                if heard.get(say):
                    yield Line(at, "bot", heard[say])
            case Heard(final=True, text=text) if text:
                yield Line(at, "caller", text)
            case Dtmf(digit=digit):
                yield Line(at, "caller", f"[{digit}]")
            case _:
                pass
