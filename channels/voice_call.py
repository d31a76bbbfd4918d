"""A call whose sound travels over the stream: the client's audio in, the bot's audio out, one voice session between.

The caller's audio is the clock: 20 ms in, 20 ms out. See huashu.channels.pacing for clients that are late or early.
"""

import asyncio
import logging
import math
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryFile
from weakref import WeakValueDictionary

import grpc

from huashu.asr.engine import Recogniser
from huashu.channels import conversations_pb2 as pb
from huashu.channels import metrics, wire
from huashu.channels.limits import Limits
from huashu.channels.pacing import Due, FramePacer
from huashu.channels.reorder import Reorder
from huashu.channels.stream import Ending, Outbox, supervise
from huashu.channels.text_call import Call, answered_from_the_start
from huashu.channels.wheel import Wheel
from huashu.core.actions import Action
from huashu.core.audio import FRAME_SECONDS, RATES, frame_bytes
from huashu.core.errors import LimitError, UsageError
from huashu.core.events import (
    Answered,
    Dtmf,
    EdgeEvent,
    Heard,
    HungUp,
    PlaybackEnded,
    PlaybackMark,
    PlaybackStarted,
    SpeechStarted,
    SpeechStopped,
    Started,
)
from huashu.handoff.attended import Attended, Joins
from huashu.runtime.bot import Bot
from huashu.store.files import Files
from huashu.store.log import Entry, Store
from huashu.tts.engine import Voice
from huashu.voice.ahead import expectations
from huashu.voice.comfort import ComfortNoise
from huashu.voice.g711 import Encoding, encode
from huashu.voice.line_cache import LineCache
from huashu.voice.metrics import RECORDINGS_BROKEN
from huashu.voice.render import Renderer
from huashu.voice.session import Observer, VoiceSession
from huashu.voice.vad import Batcher, CallVad, shared_model
from huashu.voice.waiting import WaitingSound
from huashu.voice.watch import listened_for

log = logging.getLogger(__name__)

_ENCODINGS: dict[int, tuple[Encoding, int, bytes]] = {
    pb.ENCODING_UNSPECIFIED: ("pcm", 2, b"\0\0"),
    pb.ENCODING_LINEAR16: ("pcm", 2, b"\0\0"),
    pb.ENCODING_MULAW: ("ulaw", 1, b"\xff"),
    pb.ENCODING_ALAW: ("alaw", 1, b"\xd5"),
}
"""What the session calls it, bytes a sample, and a sample of silence (ITU-T G.711, tables 1a and 2a)."""

_EVENTS_BYTES = 64
"""Of one packet of telephone events: sixteen keys, and nobody presses two in its 50 ms."""
_SAMPLED = 10
"""Every so many messages of a call one is timed: a histogram costs 2 µs."""
_SERVER_HEARS = (Heard, SpeechStarted, SpeechStopped, PlaybackStarted, PlaybackMark, PlaybackEnded)


class Switchboard:
    """What voice calls share: engines, and one renderer and one detector batch for each bot and rate."""

    def __init__(
        self,
        recogniser: Recogniser,
        voice: Voice,
        *,
        comfort: float | None = None,
        lines: Path | None = None,
        waiting: Path | None = None,
        recordings: Path | None = None,
    ) -> None:
        """
        comfort: level of the noise on the line while the bot is silent, dB of full scale; None: silence.
        waiting: a WAV for callers who wait for a person; None: two soft notes.
        recordings: folder for both sides of every call: `CALL.wav`, of a resumed call `CALL.2.wav` …; None: not kept.
        lines: folder in which the sound of fixed lines is kept from run to run; None: in memory only.
        """
        self.comfort = comfort
        if comfort is not None:
            ComfortNoise(8000, comfort)  # a level out of range is told before the first call
        WaitingSound(8000, waiting)  # likewise a file that cannot be read
        if recordings is not None:
            _writable(recordings)  # and a folder that cannot be written to
        self._waiting = waiting
        self._recordings = recordings
        self.recogniser = recogniser
        self.voice = voice
        self._lines = LineCache(lines)
        self.wheel = Wheel()
        """The timer of every call."""
        self._renderers: WeakValueDictionary[tuple[str, int], Renderer] = WeakValueDictionary()
        """By version of a bot and rate, for as long as a call or `_latest` has it."""
        self._latest: dict[tuple[str, int], Renderer] = {}
        """By name of a bot: of its present version."""
        self._batchers: dict[int, Batcher] = {}

    async def prepare(self, bot: Bot, rate: int = 8000) -> None:
        """Before the first caller: load the detector, warm the recogniser for what the bot asks (and, of a bot that
        calls, for what machines answer with), and begin to make the sound of its fixed lines in the background."""
        self._batcher(rate)
        expected = expectations(bot.script)
        if bot.script.direction == "outbound":
            for language in dict.fromkeys((bot.script.language, *bot.script.languages)):
                expected += listened_for(self.recogniser.capabilities, language)
        await asyncio.to_thread(self.recogniser.warm, expected)
        self._latest[bot.script.name, rate] = self._renderer(bot, rate)
        self._renderer(bot, rate).prepare(bot.script)

    def call(
        self,
        bot: Bot,
        outbox: Outbox,
        audio: pb.AudioFormat,
        limits: Limits,
        store: Store | None,
        centre: Joins | None = None,
    ) -> Call:
        """The edge of a new call. Raises UsageError for an impossible format."""
        return VoiceCall(self, bot, outbox, audio, limits, store, centre)

    def session(
        self,
        bot: Bot,
        started: Started,
        encoding: Encoding,
        rate: int,
        store: Store | None,
        detector: CallVad,
        observer: Observer,
        witness: Callable[[Entry], None],
        *,
        tones: bool,
    ) -> VoiceSession:
        return VoiceSession(
            bot,
            self.recogniser,
            self.voice,
            rate=rate,
            encoding=encoding,
            recording=self._recording(started.call, store),
            store=store,
            started=started,
            realtime=True,
            renderer=self._renderer(bot, rate),
            detector=detector,
            observer=observer,
            waiting=WaitingSound(rate, self._waiting),
            detectors=lambda: self.detector(rate),
            witness=witness,
            keys=tones,
        )

    def detector(self, rate: int) -> CallVad:
        return CallVad(shared_model(rate), batcher=self._batcher(rate))

    def close(self) -> None:
        for renderer in list(self._renderers.values()):
            renderer.close()

    def _recording(self, call: str, store: Store | None) -> Path | None:
        if self._recordings is None:
            return None
        path, part = self._recordings / f"{call}.wav", 1
        while path.exists():
            part += 1
            path = self._recordings / f"{call}.{part}.wav"
        try:
            path.touch()
        except OSError as error:  # a call that is not recorded is better than a caller who hears nothing
            RECORDINGS_BROKEN.inc()
            log.error("call %s is not recorded: %s", call, error.strerror)
            return None
        if store is not None:
            Files(store).put(path, call, "recording", time.time())
        return path

    def _renderer(self, bot: Bot, rate: int) -> Renderer:
        renderer = self._renderers.get((bot.script.digest, rate))
        if renderer is None:
            renderer = Renderer(
                self.voice, rate=rate, folder=bot.folder, pronounce=bot.script.pronounce, cache=self._lines
            )
            self._renderers[bot.script.digest, rate] = renderer
            self._latest.setdefault((bot.script.name, rate), renderer)
        return renderer

    def _batcher(self, rate: int) -> Batcher:
        if rate not in self._batchers:
            self._batchers[rate] = Batcher(shared_model(rate))
        return self._batchers[rate]


def _writable(folder: Path) -> None:
    """Raises UsageError when no file can be made there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"recordings cannot be written to {folder}: {error.strerror}") from None


class VoiceCall:
    """One call. Sound that arrives goes through the session at once, in the task that read it; what does not wait for
    the client (late frames, early ones) is driven by the wheel that all calls share."""

    def __init__(
        self,
        switchboard: Switchboard,
        bot: Bot,
        outbox: Outbox,
        audio: pb.AudioFormat,
        limits: Limits,
        store: Store | None,
        centre: Joins | None,
    ) -> None:
        rate = audio.rate or 8000
        if audio.encoding not in _ENCODINGS:
            raise UsageError("start.audio.encoding: expected LINEAR16, MULAW or ALAW")
        self._encoding, width, silence = _ENCODINGS[audio.encoding]
        if rate not in RATES or (self._encoding != "pcm" and rate != 8000):
            raise UsageError(f"start.audio.rate: {rate}; expected 8000, or with LINEAR16 also 16000")
        self._rate = rate
        self._size = frame_bytes(rate) * width // 2
        self._silence = silence * (self._size // width)
        self._width = width
        self._sparse = audio.sparse
        self._tones = audio.tones
        self._reorder = Reorder(rate, silence)
        self._switchboard = switchboard
        self._bot = bot
        self._outbox = outbox
        self._limits = limits
        self._store = store
        self._detector = switchboard.detector(rate)
        self._comfort = ComfortNoise(rate, switchboard.comfort) if switchboard.comfort is not None else None
        self._session: VoiceSession | None = None
        self._line = Attended(centre, bot.script, store)
        self._waiting = bytearray()
        self._due = asyncio.Event()
        self._wake = 0.0
        """Instant of the event loop at which a frame is due though no message has come."""
        self._busy = False
        """A frame is on its way through the session."""
        self._handled = 0
        self._taken = asyncio.Event()
        self._pacer = FramePacer()
        self._flowing = False
        self._driver: asyncio.Task[None] | None = None

    # --- the life of the call -------------------------------------------------------------------------------------

    async def start(self, started: Started) -> None:
        session = self._open(started)
        self._flowing = answered_from_the_start(started)
        await session.start(answered=False)
        self._line.join()
        if self._flowing:
            await session.receive(Answered())
        self._flow(session)

    async def resume(self, call: str, *, after: str | None) -> None:
        session = self._open(Started(call, medium="voice"))
        await session.host.resume(call, after=after)
        self._line.join()
        self._flowing = True
        self._flow(session)

    async def wait_closed(self) -> None:
        """Also ends, with its StoreError, when the call was lost to another worker or its record failed."""
        session = self._running
        over = asyncio.create_task(session.wait_closed())
        lost = asyncio.create_task(session.host.wait_closed())
        try:
            await asyncio.wait([over, lost], return_when=asyncio.FIRST_COMPLETED)
            if lost.done():
                lost.result()
            await over
        finally:
            over.cancel()
            lost.cancel()

    def release(self) -> None:
        self._switchboard.wheel.leave(self)
        if self._driver is not None:
            self._driver.cancel()
        if self._session is not None:
            self._line.leave()
            self._session.detach()
        else:
            self._detector.close()

    # --- what the client sends ------------------------------------------------------------------------------------

    async def receive(self, event: EdgeEvent) -> None:
        session = self._running
        match event:
            case HungUp(by="caller"):
                await session.hangup()
            case Dtmf(digit=digit):
                await session.dtmf(digit)
            case Answered():  # of no effect on the dialogue when it comes twice
                self._flowing = True
                await session.receive(event)
            case _ if isinstance(event, _SERVER_HEARS):
                raise UsageError(f"{type(event).__name__}: the server hears and speaks in this call; send audio")
            case _:
                await session.receive(event)

    async def sound(self, data: bytes, at: int | None = None) -> None:
        """Returns when the sound has its place in the queue: a client that runs far ahead is not read meanwhile. `at`:
        place of its first sample, where pieces may come out of order."""
        most = round(self._limits.audio_seconds * self._rate) * self._width
        if len(data) > most:
            raise LimitError(
                f"audio.data: {len(data)} bytes; at most {most}, {self._limits.audio_seconds:g} s of sound"
            )
        if at is not None:
            data = self._reorder.put(at, data)
        room = round(self._limits.audio_ahead * self._rate) * self._width
        while len(self._waiting) + len(data) > room:
            self._taken.clear()
            await self._taken.wait()
        self._waiting += data
        if self._busy:
            return
        self._handled += 1
        if self._handled % _SAMPLED:
            await self._advance(self._running)
        else:
            with metrics.FRAME_SECONDS.time():
                await self._advance(self._running)

    async def telephone_event(self, payload: bytes, timestamp: int) -> bool:
        if not 4 <= len(payload) <= _EVENTS_BYTES:
            wanted = f"an event of RFC 4733 has 4, and a packet at most {_EVENTS_BYTES}"
            raise UsageError(f"telephone_event.payload: {len(payload)} bytes; {wanted}")
        return await self._running.telephone_event(payload, timestamp)

    # --- what the session tells -----------------------------------------------------------------------------------

    def observe(self, now: float, what: EdgeEvent | Action) -> None:
        """Everything the bot wants goes to the client as well: lines for a transcript, handoffs to be carried out."""
        match what:
            case Heard(text=text, final=final, confidence=confidence):
                transcript = pb.Transcript(text=text, final=final, confidence=confidence)
                self._outbox.put(pb.ServerMessage(transcript=transcript))
            case _ if isinstance(what, Action):
                self._outbox.put(pb.ServerMessage(action=wire.action_message(what)))
                self._line.did(what)
            case _:
                pass

    # --- inside ---------------------------------------------------------------------------------------------------

    @property
    def _running(self) -> VoiceSession:
        if self._session is None:
            raise UsageError("the call has not been started")
        return self._session

    def _open(self, started: Started) -> VoiceSession:
        self._session = self._switchboard.session(
            self._bot,
            started,
            self._encoding,
            self._rate,
            self._store,
            self._detector,
            self.observe,
            self._line.saw,
            tones=self._tones,
        )
        self._line.over(self._session.host, self._session)
        return self._session

    def _flow(self, session: VoiceSession) -> None:
        """From here on time passes on the line."""
        self._driver = supervise(asyncio.create_task(self._drive(session)), self._outbox, "sound")
        self._switchboard.wheel.join(self)

    def look(self, now: float) -> None:
        """The wheel's: sound is overdue, or what came early is now in time."""
        if now >= self._wake and not self._busy:
            self._due.set()

    async def _drive(self, session: VoiceSession) -> None:
        """What does not wait for the client's next message: silence in place of late frames, sound that came early."""
        while not session.closed:
            await self._due.wait()
            self._due.clear()
            if not self._busy:
                await self._advance(session)

    async def _advance(self, session: VoiceSession) -> None:
        """Every frame that is due, through the session and out."""
        self._busy = True
        loop = asyncio.get_running_loop()
        try:
            while not session.closed:
                now = loop.time()
                due = self._pacer.next(now, waiting=len(self._waiting) >= self._size)
                if due is Due.TAKE:
                    frame = bytes(self._waiting[: self._size])
                    del self._waiting[: self._size]
                    self._taken.set()
                elif due is Due.SILENCE:
                    frame = self._silence
                    metrics.SOUND_MISSING.inc()
                    if self._flowing and self._pacer.missing * FRAME_SECONDS > self._limits.line_lost:
                        details = f"no sound for {self._limits.line_lost:g} s; resume the call"
                        self._outbox.end(Ending(grpc.StatusCode.DEADLINE_EXCEEDED, details))
                        self._wake = math.inf
                        return
                else:
                    self._wake = now + due
                    return
                self._send(await session.push(frame, missing=due is Due.SILENCE), now)
        finally:
            self._busy = False
        self._due.set()

    def _send(self, answer: bytes, now: float) -> None:
        silent = answer == self._silence
        if self._sparse:
            if not silent and self._flowing:
                samples = self._size // self._width
                self._outbox.put_sound(answer, (self._pacer.pushed - 1) * samples, samples)
            return
        if self._flowing and self._pacer.sends(now, silent=silent):
            if silent and self._comfort is not None:
                answer = encode(self._comfort.frame(), self._encoding)
            self._outbox.put_sound(answer)
