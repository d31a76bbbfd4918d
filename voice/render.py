"""Lines to sound at the line's rate: recordings, cached lines, or a voice, clause by clause, in worker threads.

A `Rendering` is filled by one worker and read by the event loop; the first clause is playable while the second is
still being made. Fixed lines are kept by content, in memory and, if a folder is given, on disk.
"""

import hashlib
import logging
import os
import re
from collections import OrderedDict
from collections.abc import Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Protocol

import numpy as np

from huashu.core.actions import Say
from huashu.core.errors import EngineError, HuashuError, UsageError
from huashu.flows.script import Script
from huashu.tts.engine import Utterance, Voice
from huashu.values.pronouncing import Pronouncer
from huashu.voice.ahead import fixed_lines
from huashu.voice.resample import Resampler, resample, to_pcm
from huashu.voice.wav import decode

_log = logging.getLogger(__name__)

LONGEST_LINE = 180.0
"""Seconds of sound of one line; a voice that makes more is stopped."""
_BETWEEN = {"sentence": 0.3, "comma": 0.15}
"""Seconds of quiet between two pieces of a line. A voice that is given one piece at a time ends with its last syllable,
so that sentences ran into each other (0 to 70 ms measured with eSpeak, where its commas take 0.16 to 0.21)."""
_INAUDIBLE = 104
"""16-bit steps: -50 dBFS."""
_LEAD = 0.1
"""Seconds of quiet before a voice's first sound that are left out: the caller waits for them (eSpeak: 0 to 0.04)."""
_EDGE = 16
"""Samples of it that stay."""
_SENTENCE = re.compile(r".*?(?:[。！？!?；;\n]+[”’」』）)\"']*|\.(?=\s)|$)", re.DOTALL)
_COMMAS = "，,、：:"
_FIRST_COMMA = re.compile(rf"^(.{{6,}}?[{_COMMAS}])(.{{4,}})$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Chunk:
    pcm: bytes
    """16-bit mono at the line's rate."""
    upto: int
    """Characters of the spoken text read when this chunk ends."""


class Rendering:
    """The sound of one line, growing. Writers append; nothing is ever taken away."""

    __slots__ = ("characters", "chunks", "done", "failed", "size")

    def __init__(self, characters: int) -> None:
        self.characters = characters
        self.chunks: list[Chunk] = []
        self.size = 0
        """Bytes in `chunks`."""
        self.done = False
        self.failed = False
        """The voice broke off: what is there is all there will be."""

    def add(self, pcm: bytes, upto: int) -> None:
        if pcm:
            self.chunks.append(Chunk(pcm, upto))
            self.size += len(pcm)

    def finish(self, *, failed: bool = False) -> None:
        self.failed = failed
        self.done = True


class LineCache:
    """Sound of fixed lines by content: the most recent in memory, all of them in `folder` if given."""

    def __init__(self, folder: Path | None = None, *, most_bytes: int = 64 << 20) -> None:
        self._folder = folder
        self._most = most_bytes
        self._size = 0
        self._lines: OrderedDict[str, tuple[Chunk, ...]] = OrderedDict()
        self._lock = Lock()

    def get(self, key: str) -> tuple[Chunk, ...] | None:
        with self._lock:
            chunks = self._lines.get(key)
            if chunks is not None:
                self._lines.move_to_end(key)
                return chunks
        if self._folder is None:
            return None
        try:
            pcm = (self._folder / f"{key}.pcm").read_bytes()
        except FileNotFoundError:
            return None
        if len(pcm) % 2:
            return None
        chunks = (Chunk(pcm, -1),)
        self._keep(key, chunks)
        return chunks

    def put(self, key: str, chunks: tuple[Chunk, ...]) -> None:
        self._keep(key, chunks)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            part = self._folder / f"{key}.{os.getpid()}.part"
            part.write_bytes(b"".join(chunk.pcm for chunk in chunks))
            part.replace(self._folder / f"{key}.pcm")

    def _keep(self, key: str, chunks: tuple[Chunk, ...]) -> None:
        with self._lock:
            if key in self._lines:
                return
            self._lines[key] = chunks
            self._size += sum(len(chunk.pcm) for chunk in chunks)
            while self._size > self._most and len(self._lines) > 1:
                _, old = self._lines.popitem(last=False)
                self._size -= sum(len(chunk.pcm) for chunk in old)


class Renders(Protocol):
    """What playback needs of a renderer."""

    def render(self, say: Say) -> Rendering: ...


class Renderer:
    """One per bot and line rate, shared by its calls.

    Args:
        voice: makes the sound of lines without a recording.
        rate: of the line, samples a second.
        folder: the bot's own, where `Say.audio` paths lead; recordings outside it are refused.
        pronounce: language → word → how it is said (huashu.values.pronouncing).
        inline: render in the calling thread (virtual time), else in `workers` threads.
    """

    def __init__(
        self,
        voice: Voice,
        *,
        rate: int,
        folder: Path | None = None,
        cache: LineCache | None = None,
        workers: int = 2,
        pronounce: Mapping[str, Mapping[str, str]] | None = None,
        inline: bool = False,
    ) -> None:
        self._voice = voice
        self._rate = rate
        self._folder = folder.resolve() if folder is not None else None
        self._cache = cache if cache is not None else LineCache()
        self._pronouncers = {tag: Pronouncer(words) for tag, words in (pronounce or {}).items()}
        self._recordings: dict[str, bytes] = {}
        self._pool = None if inline else ThreadPoolExecutor(workers, thread_name_prefix="huashu-tts")
        self._ahead = None if inline else ThreadPoolExecutor(1, thread_name_prefix="huashu-tts-ahead")

    def render(self, say: Say) -> Rendering:
        """Begin to make a line. Never raises for a bad line or recording: the rendering then ends as failed."""
        text = say.spoken or say.text
        rendering = Rendering(len(text))
        cached = self._cache.get(self._key(say)) if say.fixed and say.audio is None else None
        if cached is not None:
            for chunk in cached:
                rendering.add(chunk.pcm, chunk.upto if chunk.upto >= 0 else len(text))
            rendering.finish()
        elif self._pool is None:
            self._fill(say, rendering)
        else:
            self._pool.submit(self._fill, say, rendering)
        return rendering

    def prepare(self, script: Script) -> list[Future[None]]:
        """Render all fixed lines of a script ahead, in a thread of its own that live lines do not wait for.

        Returns what is under way; with `inline` it is done.
        """
        under_way = []
        for number, (line, language) in enumerate(fixed_lines(script)):
            text = "".join(part for part in line.parts if isinstance(part, str))
            say = Say(f"prepare.{number}", text, language=language, audio=line.audio, voice=script.voice)
            if self._ahead is None:
                self._fill(say, Rendering(len(text)))
            else:
                under_way.append(self._ahead.submit(self._fill, say, Rendering(len(text))))
        return under_way

    def close(self) -> None:
        for pool in (self._pool, self._ahead):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)

    def _fill(self, say: Say, rendering: Rendering) -> None:
        try:
            if say.audio is None or not self._play_recording(say.audio, rendering):
                self._speak(say, rendering)
        except HuashuError as error:
            _log.warning("line of step %s has no sound: %s", say.step, error.code)
            rendering.finish(failed=True)
        except Exception as error:  # a plugged-in voice may raise anything; the call must not wait for its sound
            _log.error("line of step %s has no sound: the voice raised %s", say.step, type(error).__name__)
            rendering.finish(failed=True)

    def _speak(self, say: Say, rendering: Rendering) -> None:
        text = say.spoken or say.text
        key = self._key(say)
        if say.fixed and (cached := self._cache.get(key)):
            for chunk in cached:
                rendering.add(chunk.pcm, chunk.upto if chunk.upto >= 0 else len(text))
            rendering.finish()
            return
        most = int(LONGEST_LINE * self._rate) * 2
        pieces = clauses(text, early=not self._voice.capabilities.streaming)
        upto = 0
        lead = round(_LEAD * self._rate)
        for number, piece in enumerate(pieces):
            if number and rendering.chunks:
                wanted = _BETWEEN["comma" if pieces[number - 1].rstrip()[-1:] in _COMMAS else "sentence"]
                missing = round(wanted * self._rate) - _quiet_end(rendering.chunks)
                rendering.add(bytes(2 * max(0, missing)), upto)
            upto += len(piece)
            resampler = Resampler(self._voice.capabilities.rate, self._rate)
            said = self._pronounced(piece, say.language)
            for audio in self._voice.synthesise(Utterance(said, say.language, say.voice, say.rate)):
                pcm = resampler.feed(audio.pcm)
                if not number and lead:
                    pcm, lead = _without_lead(pcm, lead)
                rendering.add(pcm, upto)
                if rendering.size > most:
                    raise EngineError(f"the voice made more than {LONGEST_LINE:g} s for a line", code="line_too_long")
            rendering.add(resampler.feed(b"", last=True), upto)
        rendering.finish()
        if say.fixed:
            self._cache.put(key, tuple(rendering.chunks))

    def _pronounced(self, text: str, language: str) -> str:
        """As the voice is to read it. What counts as heard is still the text."""
        pronouncer = self._pronouncers.get(language)
        return pronouncer.spoken(text) if pronouncer is not None else text

    def _play_recording(self, path: str, rendering: Rendering) -> bool:
        """Whether the recording could be used; if not, the line is spoken instead."""
        pcm = self._recordings.get(path)
        if pcm is None:
            try:
                pcm = self._recordings[path] = self._load(path)
            except (OSError, UsageError) as error:
                _log.warning("recording cannot be played, the line is spoken instead: %s", type(error).__name__)
                return False
        rendering.add(pcm, rendering.characters)
        rendering.finish()
        return True

    def _load(self, path: str) -> bytes:
        if self._folder is None:
            raise UsageError("a line has a recording but the bot has no folder")
        place = (self._folder / path).resolve()
        if not place.is_relative_to(self._folder):
            raise UsageError("a recording lies outside the bot's folder")
        return read_wav(place, self._rate)

    def _key(self, say: Say) -> str:
        content = "\0".join(
            (
                self._voice.capabilities.name,
                say.language,
                say.voice or "",
                f"{self._rate} {say.rate:g}",
                self._pronounced(say.spoken or say.text, say.language),
            )
        )
        return hashlib.sha256(content.encode()).hexdigest()


def clauses(text: str, *, early: bool = True) -> list[str]:
    """Pieces to synthesise one after another: sentences; with `early` the first is cut at a comma, to start soon.

    Joined they are the text again.
    """
    pieces = [piece for piece in _SENTENCE.findall(text) if piece]
    if early and pieces and (cut := _FIRST_COMMA.match(pieces[0])):
        pieces[:1] = [cut[1], cut[2]]
    joined: list[str] = []
    for piece in pieces:
        if joined and not piece.strip(" \n。！？!?；;.”’」』）)\"'"):
            joined[-1] += piece
        else:
            joined.append(piece)
    return joined or [text]


def _without_lead(pcm: bytes, most: int) -> tuple[bytes, int]:
    """Sound without the quiet it begins with, at most so many samples of it; and how many more may still go."""
    samples = np.frombuffer(pcm, "<i2").astype(np.int32)
    loud = np.flatnonzero(np.abs(samples) > _INAUDIBLE)
    if not len(loud):
        gone = min(most, len(samples))
        return pcm[2 * gone :], most - gone
    return pcm[2 * min(most, max(0, int(loud[0]) - _EDGE)) :], 0


def _quiet_end(chunks: list[Chunk]) -> int:
    """Samples of quiet at the end of sound."""
    quiet = 0
    for chunk in reversed(chunks):
        samples = np.frombuffer(chunk.pcm, "<i2").astype(np.int32)
        loud = np.flatnonzero(np.abs(samples) > _INAUDIBLE)
        if len(loud):
            return quiet + len(samples) - 1 - int(loud[-1])
        quiet += len(samples)
    return quiet


def read_wav(path: Path, rate: int) -> bytes:
    """The sound of a WAV file (see huashu.voice.wav) as 16-bit mono at `rate`.

    Raises:
        OSError: it cannot be read.
        UsageError: it is no WAV file of a known coding.
    """
    found = decode(path.read_bytes())
    return to_pcm(resample(found.sound, found.rate, rate) * np.float32(32768.0))
