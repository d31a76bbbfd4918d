"""The rig: one VoiceSession in virtual time, a caller made of recordings, and engines that have words only when due.

What a scenario measures it takes from the sound the session returns, 20 ms for 20 ms; no event and no log is believed.
The caller's line carries noise at -65 dBFS. The recogniser is ideal but for its delay: a word is there `WORDS_AFTER`
seconds after its sound has ended and bears no label; one that is not there when the turn is closed is lost.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from huashu.asr import engine as asr
from huashu.core.audio import Audio
from huashu.core.events import Entity, FaqHit, Heard, IntentScore, Started, Understood
from huashu.core.expect import Expectation
from huashu.core.language import is_chinese
from huashu.flows.loader import load
from huashu.nlu import engine as nlu
from huashu.nlu.text import is_backchannel
from huashu.runtime.bot import Bot
from huashu.tts import engine as tts
from huashu.values import registry
from huashu.voice.endpoint import USUAL, Patience
from huashu.voice.session import VoiceSession
from huashu.voice.vad import CallVad, shared_model

RATE = 8000
FRAME = RATE // 50
WORDS_AFTER = 0.15
AUDIBLE = 10 ** (-40 / 20)
Sound = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Spoken:
    """Sound from `start` (second of the call) with its words, each with the second at which its sound ends."""

    start: float
    sound: Sound
    words: tuple[tuple[float, str], ...] = ()

    @property
    def end(self) -> float:
        return self.start + len(self.sound) / RATE


class Recogniser:
    """Ideal words, late by `WORDS_AFTER`. It hears by the clock of the call it is in."""

    capabilities = asr.Capabilities("ideal", ("zh", "en"), RATE, streaming=True)

    def __init__(self) -> None:
        self.now = 0.0
        self.words: list[tuple[float, str]] = []

    def stream(self, expect: Expectation, language: str) -> "_Stream":
        return _Stream(self, "" if is_chinese(language) else " ")

    def warm(self, expectations: Sequence[Expectation]) -> None:
        pass


class _Stream:
    def __init__(self, ideal: Recogniser, between: str) -> None:
        self._ideal = ideal
        self._between = between
        self._since = ideal.now - 0.4  # what the session kept from before the turn
        self._shown = ""

    def accept(self, pcm: bytes) -> Heard | None:
        text = self._text()
        if text == self._shown:
            return None
        self._shown = text
        return Heard(text, final=False)

    def finish(self) -> Heard:
        text = self._text()
        self._ideal.words = [word for word in self._ideal.words if word[0] > self._ideal.now - WORDS_AFTER]
        return Heard(text)

    def _text(self) -> str:
        due = (word for end, word in self._ideal.words if self._since < end <= self._ideal.now - WORDS_AFTER + 1e-9)
        return self._between.join(due)


class Hum:
    """A voice without delay: 0.15 s of a hum a character."""

    capabilities = tts.Capabilities("hum", ("zh", "en"), RATE, streaming=True)

    def synthesise(self, utterance: tts.Utterance) -> Iterator[Audio]:
        t = np.arange(round(0.15 * len(utterance.text) * RATE)) / RATE
        yield Audio((6000 * np.sin(2 * np.pi * (150 + 20 * np.sin(t)) * t)).astype("<i2").tobytes(), RATE)


class Speaker:
    """A voice without delay that plays a recording of somebody, whatever the words; short lines are hummed."""

    capabilities = tts.Capabilities("speaker", ("zh", "en"), RATE, streaming=True)

    def __init__(self, sound: Sound) -> None:
        self._pcm = (np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes()

    def synthesise(self, utterance: tts.Utterance) -> Iterator[Audio]:
        if len(utterance.text) < 40:
            yield from Hum().synthesise(utterance)
        else:
            yield Audio(self._pcm, RATE)


@dataclass(frozen=True, slots=True)
class Way:
    """How the bot's own sound comes back."""

    delay: float
    loss: float
    """dB."""
    room: float = 0.0
    """Seconds in which a room lets it die away by 60 dB; as much of it comes from the walls as straight."""

    @property
    def filter(self) -> Sound:
        taps = np.zeros(max(1, round(self.room * RATE)))
        if self.room:
            shape = 10 ** (-3 * np.arange(len(taps)) / len(taps))
            taps = np.random.default_rng(7).normal(size=len(taps)) * shape
            taps /= np.sqrt((taps**2).sum())
        taps[0] += 1.0
        return np.asarray(taps * 10 ** (-self.loss / 20) / np.sqrt((taps**2).sum()))


class Understands:
    """Meaning by table and by the types of values: understanding is not what is measured."""

    capabilities = nlu.Capabilities("table", ("zh", "en"))
    _YES, _NO = {"是的", "对", "嗯", "yes", "uh-huh"}, {"不是", "no"}

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        affirm, deny = ("肯定", "否定") if is_chinese(expect.language) else ("affirm", "deny")
        said = heard.text.strip()
        name = affirm if said in self._YES else deny if said in self._NO else None
        entities = ()
        if expect.type is not None and expect.slot is not None:
            found = registry.parse(expect.type, said, language=expect.language, at=at, unit=expect.unit)[:1]
            entities = tuple(
                Entity(expect.type, match.value, match.text, match.start, match.end, expect.slot, match.confidence)
                for match in found
            )
        intents = (IntentScore(name, 0.95),) if name is not None else ()
        return Understood(heard.text, intents, entities, backchannel=is_backchannel(said))


class NoKnowledge:
    def search(self, text: str, bases: object, *, on: date | None = None) -> tuple[FaqHit, ...]:
        return ()

    candidates = search


def make_bot(folder: Path, language: str, steps: str, variables: str = "") -> Bot:
    """A bot of one flow."""
    zh = language == "zh-CN"
    still, again, bye = (
        ("您还在吗？", "请再说一遍？", "再见。") if zh else ("Still there?", "Say that again.", "Goodbye.")
    )
    bot = f"""
bot: rig
title: rig
language: {language}
variables: {{choice: {{type: integer, unit: {"期" if zh else "months"}}}, story: {{type: text}}{variables}}}
defaults:
  silence: [{{after: 3s, say: {still}}}, {{after: 20s, end: bye}}]
  unclear: [{{say: {again}}}, {{say: {again}}}, {{end: bye}}]
endings:
  bye: {{say: {bye}, label: F, result: no_input}}
"""
    flow = f"flow: main\nsteps:\n{steps}\n- over: {{end: bye}}\n"
    for name, text in (("bot.yaml", bot), ("flows/main.yaml", flow)):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return Bot(load(folder), Understands(), NoKnowledge(), folder=folder)


class _Noted:
    """The shared detector, and what it said of every frame."""

    def __init__(self) -> None:
        self._inner = CallVad(shared_model(RATE))
        self.voice: list[bool] = []

    def feed(self, frame: NDArray[np.int16]) -> bool:
        self.voice.append(self._inner.feed(frame))
        return self.voice[-1]

    def close(self) -> None:
        self._inner.close()


@dataclass(slots=True)
class Call:
    """One call: push sound in, keep what came out."""

    bot: Bot
    patience: Patience = USUAL
    seed: int = 1
    loss: float = 0.0
    """Share of the caller's frames that never arrive: the edge pushes silence in their place, as it does when they are
    late (huashu.channels.pacing)."""
    voice: tts.Voice = field(default_factory=Hum)
    seen: list[tuple[float, object]] = field(default_factory=list)
    """Events and actions, with their second."""
    echo: Way | None = None
    out: list[bytes] = field(default_factory=list)
    words: Recogniser = field(default_factory=Recogniser)
    session: VoiceSession = field(init=False)
    voiced: _Noted = field(default_factory=_Noted)
    _noise: np.random.Generator = field(init=False)
    _bad: bool = False

    def __post_init__(self) -> None:
        self._noise = np.random.default_rng(self.seed)
        self.session = VoiceSession(
            self.bot,
            self.words,
            self.voice,
            started=Started("rig", medium="voice", wall=1.8e9),
            patience=self.patience,
            detector=self.voiced,
            observer=lambda now, what: self.seen.append((now, what)),
        )

    async def start(self) -> None:
        await self.session.start()

    async def hear(self, *spoken: Spoken, until: float) -> None:
        """The caller's line up to that second."""
        self.words.words = sorted([*self.words.words, *(word for part in spoken for word in part.words)])
        while self.session.now() < until - 1e-9 and not self.session.closed:
            first = round(self.session.now() * RATE)
            frame = self._noise.normal(0.0, 10 ** (-65 / 20), FRAME)
            for part in spoken:
                begin = round(part.start * RATE) - first
                low, high = max(0, begin), min(FRAME, begin + len(part.sound))
                if low < high:
                    frame[low:high] += part.sound[low - begin : high - begin]
            if self.echo is not None:
                frame += self._echoed(first)
            self.words.now = (first + FRAME) / RATE
            pcm = (np.clip(frame, -1, 1) * 32767).astype("<i2").tobytes()
            self.out.append(await self.session.push(bytes(len(pcm)) if self._lost() else pcm))

    def _echoed(self, first: int) -> Sound:
        assert self.echo is not None
        taps = self.echo.filter
        start = first - round(self.echo.delay * RATE)
        begin = start - len(taps) + 1
        out = np.zeros(FRAME + len(taps) - 1)
        frames = b"".join(self.out[max(0, begin) // FRAME : max(0, start + FRAME) // FRAME + 1])
        sound = np.frombuffer(frames, "<i2") / 32768.0
        offset = max(0, begin) // FRAME * FRAME - begin
        low, high = max(0, offset), min(len(out), offset + len(sound))
        if low < high:
            out[low:high] = sound[low - offset : high - offset]
        return np.asarray(np.convolve(out, taps, "valid"))

    def _lost(self) -> bool:
        """Losses come in bursts of three frames on average (E. N. Gilbert, Bell System Technical Journal 39, 1960)."""
        if not self.loss:
            return False
        leave = 1 / 3
        change = leave if self._bad else leave * self.loss / (1 - self.loss)
        if self._noise.random() < change:
            self._bad = not self._bad
        return self._bad

    async def listening(self) -> float:
        """Quiet until the bot has asked; the second."""
        while not self.session.listening:
            await self.hear(until=self.session.now() + 0.02)
        return self.session.now()

    @property
    def sound(self) -> Sound:
        """What the bot was heard to say."""
        return np.frombuffer(b"".join(self.out), "<i2") / 32768.0

    def first_sound(self, after: float, before: float = float("inf")) -> float | None:
        """The second at which the bot is heard (over -40 dBFS) next, to the sample."""
        first = round(after * RATE)
        last = None if before == float("inf") else round(before * RATE)
        loud = np.flatnonzero(np.abs(self.sound[first:last]) > AUDIBLE)
        return (first + int(loud[0])) / RATE if len(loud) else None

    def quiet_from(self, after: float, hole: float = 0.1) -> float | None:
        """The second at which the bot's sound breaks off for `hole` seconds or more, at or after that second."""
        first = round(after * RATE)
        loud = np.flatnonzero(np.abs(self.sound[first:]) > AUDIBLE)
        if not len(loud):
            return after
        gaps = np.flatnonzero(np.diff(loud) >= hole * RATE)
        last = int(loud[gaps[0]]) if len(gaps) else int(loud[-1])
        return None if (len(self.sound) - first - last) / RATE < hole else (first + last + 1) / RATE
