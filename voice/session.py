"""One call in full duplex: a frame of the caller in, a frame of the bot out, and everything between.

The number of frames pushed is the clock, so the same session runs on a live line (`realtime=True`: recogniser and
voice in threads, the dialogue beside the audio) and many times faster than life (everything inline: two runs are
equal to the sample). The deciding is elsewhere: huashu.voice.turns (whose turn), huashu.dialogue (what to say, when
silence has lasted). This shell carries sound and events between them.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import assert_never

import numpy as np

from huashu.asr.engine import Recogniser
from huashu.core.actions import Action, Hangup, Listen, Say, Stop
from huashu.core.events import (
    Answered,
    Dtmf,
    EdgeEvent,
    EngineFailed,
    Heard,
    HumanJoined,
    HumanLeft,
    HumanSaid,
    HungUp,
    MachineDetected,
    NotAnswered,
    Party,
    SpeechStarted,
    SpeechStopped,
    Started,
)
from huashu.core.expect import NOTHING
from huashu.handoff.line import Audience, Track
from huashu.runtime.bot import Bot
from huashu.runtime.host import Host
from huashu.store.log import Entry, Store
from huashu.tts.engine import Voice
from huashu.voice import g711
from huashu.voice.centre_words import CentreWords
from huashu.voice.conference import Conference, Scribe
from huashu.voice.ears import Ears, recognition_threads
from huashu.voice.endpoint import USUAL, Patience
from huashu.voice.errands import Errands
from huashu.voice.keys import LineKeys
from huashu.voice.languages import tell_unknown
from huashu.voice.line_format import LineFormat
from huashu.voice.lost_turns import LostTurns
from huashu.voice.near_end import NearEnd
from huashu.voice.next_move import NextMove
from huashu.voice.parting import Parting
from huashu.voice.playback import Playback, Spoken
from huashu.voice.presence import Presence
from huashu.voice.recording import Recording
from huashu.voice.render import Renderer, Renders
from huashu.voice.turns import Decision, OnAir, TurnTaker
from huashu.voice.vad import CallVad, Detector, shared_model
from huashu.voice.waiting import WaitingSound
from huashu.voice.watch import Watch
from huashu.voice.watchdog import Watchdog
from huashu.voice.wav import ai_label

Observer = Callable[[float, EdgeEvent | Action], None]
"""Sees every event the session reports and every action it is given, with the second of the call."""

_FRAMES_A_SECOND = 50
_LEANING = 10
"""Frames for which the bot speaks softly behind the last sign of a voice: the detector takes up to 0.2 s to be sure."""


class VoiceSession:
    """Args:
    recogniser, voice: engines, shared by calls.
    rate: of the line, 8000 or 16000 samples a second.
    encoding: of the bytes pushed and returned; G.711 at 8000 only.
    recording: a stereo WAV to write, caller left, bot right.
    store: the record of the conversation.
    started: second 0 of the call. Give it `medium="voice"`.
    realtime: engines in threads; False: inline, results the same every time.
    renderer: maker of the bot's sound, shared by calls; default: one of this call's own over `voice`.
    detector: voice activity; default: Silero (give it a Batcher when many calls share a process).
    observer: sees events and actions.
    detect: whether to find out who answers, a person or a machine; default: on outbound calls.
    keys: whether keys may come as tones in the sound; else the edge tells of them (`dtmf`, `telephone_event`).
    detectors: makes the voice activity of each further person on the call.
    waiting: what a caller hears who waits for a person or is on hold; default: silence.
    witness: sees every event the conversation has accepted, understanding included.

    Raises:
        UsageError: an impossible rate or encoding.
    """

    def __init__(
        self,
        bot: Bot,
        recogniser: Recogniser,
        voice: Voice,
        *,
        rate: int = 8000,
        encoding: g711.Encoding = "pcm",
        recording: Path | None = None,
        store: Store | None = None,
        started: Started,
        realtime: bool = False,
        renderer: Renders | None = None,
        detector: Detector | None = None,
        patience: Patience = USUAL,
        observer: Observer | None = None,
        detect: bool | None = None,
        keys: bool = False,
        detectors: Callable[[], Detector] | None = None,
        waiting: WaitingSound | None = None,
        witness: Callable[[Entry], None] | None = None,
    ) -> None:
        self._format = LineFormat(rate, encoding)
        language = started.language or bot.script.language
        for engine in (recogniser.capabilities, voice.capabilities):
            tell_unknown(engine, language, bot.script.languages, started.call)
        self._started = started
        self._realtime = realtime
        self._observer = observer
        self._frames = 0
        self._own_renderer: Renderer | None = None
        if renderer is None:
            renderer = self._own_renderer = Renderer(
                voice, rate=rate, folder=bot.folder, pronounce=bot.script.pronounce, inline=not realtime
            )
        self._playback = Playback(renderer, rate=rate)
        self._turns = TurnTaker(patience)
        self._presence = Presence()
        self._expect = replace(NOTHING, language=bot.script.tongue(language))
        pool = recognition_threads() if realtime else None
        self._ears = Ears(
            recogniser,
            rate=rate,
            partial=self._heard_partial,
            final=self._heard_final,
            pool=pool,
            read=self._turn_read,
        )
        self._lost = LostTurns()
        self._recogniser = recogniser
        self._another_detector = detectors or (lambda: CallVad(shared_model(rate)))
        self._near = NearEnd(detector if detector is not None else self._another_detector(), rate=rate)
        looks = started.direction == "outbound" if detect is None else detect
        self.watch = Watch(recogniser, rate=rate, detect=looks, pool=pool)
        """What the detectors have found: who answered, how the line is."""
        self._keys = LineKeys(rate, tones=keys)
        self._recording: Recording | None = None
        if recording is not None:
            self._recording = Recording(recording, rate=rate, comment=ai_label(started.call or recording.stem))
        self._host = Host(bot, self, store=store, clock=self.now, timers=False, observe=witness)
        self._company = Conference(rate, scribe=self._scribe, waiting=waiting)
        self._next = NextMove()
        self._centre = CentreWords()
        self._errands = Errands(self._host, see=self._see, release=self._go_on, realtime=realtime)
        self._watchdog = Watchdog()
        self._parting = Parting()
        self._leaning = 0
        """Frames for which the bot goes on more softly."""
        self._closed = asyncio.Event()

    # --- what the edge sees ---------------------------------------------------------------------------------------

    def now(self) -> float:
        """Seconds since Started, by frames."""
        return self._frames / _FRAMES_A_SECOND

    @property
    def closed(self) -> bool:
        return self._closed.is_set()

    async def wait_closed(self) -> None:
        await self._closed.wait()

    @property
    def rate(self) -> int:
        """Samples a second of the line."""
        return self._format.rate

    @property
    def host(self) -> Host:
        """For inspection and for what does not come from the line: ActionResult, HumanJoined and the like."""
        return self._host

    @property
    def ledger(self) -> list[Spoken]:
        """What was played of each line, in order."""
        return self._playback.ledger

    @property
    def listening(self) -> bool:
        """The bot has said everything, nobody speaks, and no words are waited for."""
        busy = self._errands.busy or self._parting.wanted is not None
        return self._playback.idle and self._turns.settled and not busy

    async def start(self, *, answered: bool = True) -> None:
        """Begin. `answered`: media flows; an outbound bot speaks only then."""
        self._see(self._started)
        await self._host.start(self._started)
        if answered:
            await self.receive(Answered())

    async def receive(self, event: EdgeEvent) -> None:
        """An event the edge knows of: Ringing, MachineDetected, HumanJoined, ActionResult …"""
        self._next.told(event)
        self._centre.told(event, self.now())
        if isinstance(event, Answered):
            self.watch.answered(self.now())
        elif isinstance(event, (MachineDetected, NotAnswered, HumanJoined)):
            self.watch.known(event.by if isinstance(event, MachineDetected) else None, self.now())
        self._errands.tell(event)
        await self._errands.settle()
        if isinstance(event, HumanJoined | HumanSaid | HumanLeft):
            await self._errands.handled()  # whoever tells of a person goes by what has become of it

    async def push(self, frame: bytes, *, missing: bool = False) -> bytes:
        """20 ms of the caller in, 20 ms of the bot out, in the line's encoding. missing: the frame is silence in place
        of sound that has not come in time.

        Raises:
            UsageError: the frame has not the length of 20 ms.
        """
        pcm = self._format.decode(frame)
        if self.closed:
            return self._format.encode(self._format.silence)
        self._frames += 1
        self._report()  # of the frame before: it was there first
        samples = np.frombuffer(pcm, "<i2")
        near = self._near
        voice = near.feed(samples)
        self._ears.feed(pcm if not near.echo else self._format.silence, voice=voice)
        sound = self._presence.feed(near.level, voice=voice) and not near.echo
        if voice or self._turns.open:
            line, self._leaning = self._on_air, 0
            self._decide(self._turns.advance(now=self.now(), voice=voice, line=line, sound=sound, sure=near.sure))
        else:
            self._lean_back(suspect=near.suspect)
        for key in self._keys.sound(samples, missing=missing):
            await self.dtmf(key)
        self.watch.add(samples, self._host.call)
        if self.watch.looking:
            settled, own = self._turns.settled, near.echo_possible
            told = self.watch.feed(samples, self._host.call, now=self.now(), voice=voice, settled=settled, own=own)
            for found in told:
                self._errands.tell(found)
        self._report()
        self._watch_clock()
        await self._errands.settle()
        out = self._exchange(pcm)
        if self._realtime:
            self._report()  # dealt with before the next frame: what was just handed out is on its way
        near.played(out)
        if self._recording is not None:
            self._recording.add(pcm, out)
        wanted, idle = self._parting.wanted, self._playback.idle
        if self._parting.over(self.now(), idle=idle, settled=self._turns.settled) and wanted is not None:
            await self._end(wanted.by)
        elif wanted is None and self._host.closed and idle:
            await self._end("system")
        return self._format.encode(out)

    async def dtmf(self, digit: str) -> None:
        """A key, 0-9 * # A-D. It stops a line that may be stopped, at once; in its protected start it is not heard."""
        line = self._playback.on_air
        if line is not None and line.position < line.barge_in.protected:
            return
        if line is not None and line.barge_in.kind != "off":
            self._playback.cut()
            self._report()
        self._errands.tell(Dtmf(digit))
        self._errands.answered()
        await self._errands.settle()

    async def telephone_event(self, payload: bytes, timestamp: int) -> bool:
        """An RTP packet of type telephone-event (RFC 4733), as it came: late, twice, out of order. timestamp: of its
        header. Its key is heard once, also where it comes as a tone as well. Whether it was this packet that told."""
        keys = self._keys.packet(payload, timestamp)
        for key in keys:
            await self.dtmf(key)
        return bool(keys)

    async def hangup(self) -> None:
        """The caller is gone."""
        if not self.closed:
            self._playback.stop()
            self._report()
            await self._end("caller")

    def bridge(self, track: Track, *, hears: Audience, heard_by: Audience) -> None:
        """Put a person's sound on the call; see huashu.handoff.line."""
        self._company.bridge(track, hears=hears, heard_by=heard_by)

    def unbridge(self, track: Track) -> None:
        self._company.unbridge(track)

    def detach(self) -> None:
        """The line is lost, the caller perhaps not: the conversation stands still and may be resumed elsewhere."""
        if not self.closed:
            self._host.detach()
            self._release()

    # --- what the dialogue wants (Edge) ---------------------------------------------------------------------------

    def perform(self, action: Action) -> None:
        self._see(action)
        self._next.performed(action)
        self._centre.performed(action)
        match action:
            case Say():
                self._playback.add(action)
            case Stop(id=say):
                self._playback.stop(say)
                self._report()
            case Listen():
                self._expect = action.expect
                self._turns.listen(action.expect)
            case Hangup():
                self._parting.want(action, self.now())
                self._playback.resume()
            case _:
                pass  # RunAction is the host's; handoffs, messages and dispositions are the observer's too

    # --- inside ---------------------------------------------------------------------------------------------------

    def _exchange(self, pcm: bytes) -> bytes:
        """What the caller is to hear. What the bot's voice says in a person's stretch is the centre's, and for a caller
        whom nobody talks to: it stops when somebody does; but who answers is said first."""
        human, company = self._host.owner == "human", self._company
        opening = self._centre.opening(self.now(), idle=self._playback.idle)
        if human and company.attending and not opening and not self._playback.idle:
            self._playback.stop()
            self._report()
        awaited = self._next.awaited or human
        return company.exchange(pcm, self._playback.frame(), awaited=awaited, hold_back=human and opening)

    @property
    def _on_air(self) -> OnAir | None:
        """The line that a voice may stop: nothing stops the last words."""
        return self._playback.on_air if self._parting.wanted is None else None

    def _decide(self, decisions: list[Decision]) -> None:
        for decision in decisions:
            match decision:
                case Decision.OPEN:
                    self._presence.begin()
                    self._errands.tell(SpeechStarted())
                    self._ears.open(self._expect)
                    self.watch.open(self._expect.language)
                case Decision.CLOSE:
                    self._errands.tell(SpeechStopped())
                    self._ears.close()
                    self.watch.close()
                case Decision.DUCK:
                    self._playback.duck()
                case Decision.PAUSE:
                    self._playback.pause()
                case Decision.RESUME:
                    self._playback.resume()
                case Decision.CUT:
                    self._playback.cut()
                    self._report()
                case Decision.DROP:
                    pass  # in _heard_final
                case _:
                    assert_never(decision)

    def _lean_back(self, *, suspect: bool) -> None:
        """Nobody speaks. What may yet be a voice is spoken over more softly; soon after, as before."""
        line = self._on_air if suspect else None
        if line is not None and not line.paused and self._turns.gives_way(line):
            self._leaning = _LEANING
            self._playback.duck()
        elif self._leaning:
            self._leaning -= 1
            if not self._leaning:
                self._playback.restore()

    def _heard_partial(self, heard: Heard) -> None:
        self.watch.hear(heard)
        if heard.text:
            self._near.words()
        self._decide(self._turns.hear(heard.text, self._on_air))
        self._errands.tell(heard)

    def _heard_final(self, heard: Heard) -> None:
        self.watch.hear(heard)
        self._near.turn(words=bool(heard.text))
        decisions = self._turns.settle(heard.text, self._on_air)
        self._decide(decisions)
        self._errands.tell(heard if Decision.DROP not in decisions else Heard("", confidence=heard.confidence))
        self._errands.answered()

    def _turn_read(self, failure: str) -> None:
        """A turn's final words come now; `failure`: why there are none, "" when the recogniser has read it."""
        if self._lost.read(failure, self._host.call):
            self._errands.tell(EngineFailed("recogniser", failure))

    def _report(self) -> None:
        for report in self._playback.reports():
            self._errands.tell(report)

    def _watch_clock(self) -> None:
        deadline = self._host.deadline
        if deadline is not None and self._host.now >= deadline:
            self._errands.wake()
        held = self._playback.holding and not self._turns.open
        nothing = deadline is None and self.listening and self._host.owner == "bot" and not self._next.elsewhere
        if self._watchdog.look(self._host.call, owing=self._playback.owing, held=held, nothing=nothing):
            self._turns.forget()
            self._playback.resume()

    def _go_on(self) -> None:
        """The turn has been answered."""
        if self._turns.settled:
            self._playback.resume()

    async def _end(self, by: Party) -> None:
        self._errands.tell(HungUp(by))
        await self._errands.finish()
        self._release()

    def _release(self) -> None:
        self._company.close()
        self._ears.abandon()
        self.watch.stop()
        self._near.close()
        if self._recording is not None:
            self._recording.close()
        if self._own_renderer is not None:
            self._own_renderer.close()
        self._closed.set()

    def _scribe(self, name: str) -> Scribe:
        """Writes down what a person says on the call, as words of the one who has it."""

        def said(text: str) -> None:
            self._errands.tell(HumanSaid(text, name))

        pool = recognition_threads() if self._realtime else None
        detector = self._another_detector()
        return Scribe(self._recogniser, detector, self._expect, rate=self._format.rate, said=said, pool=pool)

    def _see(self, what: EdgeEvent | Action) -> None:
        if self._observer is not None:
            self._observer(self.now(), what)
