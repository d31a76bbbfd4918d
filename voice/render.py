"""Lines to sound at the line's rate: recordings, cached lines, or a voice, clause by clause, in worker threads.

A `Rendering` is filled by one worker and read by the event loop; the first clause is playable while the second is
still being made. Fixed lines are kept by content (huashu.voice.line_cache).
"""

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import numpy as np

from huashu.core.actions import Say
from huashu.core.audio import Audio
from huashu.core.errors import EngineError, HuashuError, UsageError
from huashu.flows.script import Script
from huashu.tts.engine import Utterance, Voice
from huashu.values.pronouncing import Pronouncer
from huashu.voice.ahead import fixed_lines, spliced_lines
from huashu.voice.line_cache import Chunk, LineCache
from huashu.voice.put_together import PutTogether
from huashu.voice.reading import Reading, quiet_end
from huashu.voice.resample import resample, to_pcm
from huashu.voice.wav import decode

_log = logging.getLogger(__name__)

LONGEST_LINE = 180.0
"""Seconds of sound of one line; a voice that makes more is stopped."""
_BETWEEN = {"sentence": 0.3, "comma": 0.15}
"""Seconds of quiet between two pieces of a line. A voice that is given one piece at a time ends with its last syllable,
so that sentences ran into each other (0 to 70 ms measured with eSpeak, where its commas take 0.16 to 0.21)."""
_SENTENCE = re.compile(r".*?(?:[。！？!?；;\n]+[”’」』）)\"']*|\.(?=\s)|$)", re.DOTALL)
_COMMAS = "，,、：:"
_FIRST_COMMA = re.compile(rf"^(.{{6,}}?[{_COMMAS}])(.{{4,}})$", re.DOTALL)


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
        self._unknown: set[str] = set()
        """Names of voices that the engine does not have."""
        self._parts = PutTogether(self._load, self._words, rate)
        self._pool = None if inline else ThreadPoolExecutor(workers, thread_name_prefix="huashu-tts")
        self._ahead = None if inline else ThreadPoolExecutor(1, thread_name_prefix="huashu-tts-ahead")

    def render(self, say: Say) -> Rendering:
        """Begin to make a line. Never raises for a bad line or recording: the rendering then ends as failed."""
        text = say.spoken or say.text
        rendering = Rendering(len(text))
        cached = self._cache.at_hand(self._key(say)) if say.fixed and say.audio is None else None
        if cached is not None:
            for chunk in cached:
                rendering.add(chunk.pcm, chunk.upto)
            rendering.finish()
        elif self._pool is None:
            self._fill(say, rendering)
        else:
            self._pool.submit(self._fill, say, rendering)
        return rendering

    def prepare(self, script: Script) -> list[Future[None]]:
        """Render all fixed lines of a script ahead and read the recordings of the others, in a thread of its own that
        live lines do not wait for.

        Returns what is under way; with `inline` it is done.
        """
        under_way = []
        for number, (line, language) in enumerate(fixed_lines(script)):
            text = "".join(part for part in line.parts if isinstance(part, str))
            voice = script.voice if language == script.language else None
            say = Say(f"prepare.{number}", text, language=language, audio=line.audio, voice=voice)
            if self._ahead is None:
                self._fill(say, Rendering(len(text)))
            else:
                under_way.append(self._ahead.submit(self._fill, say, Rendering(len(text))))
        for line in spliced_lines(script):
            if self._ahead is None:
                self._parts.warm(line.spliced)
            else:
                under_way.append(self._ahead.submit(self._parts.warm, line.spliced))
        return under_way

    def close(self) -> None:
        for pool in (self._pool, self._ahead):
            if pool is not None:
                pool.shutdown(wait=False, cancel_futures=True)

    def _fill(self, say: Say, rendering: Rendering) -> None:
        try:
            if say.parts and self._put_together(say, rendering):
                return
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
                rendering.add(chunk.pcm, chunk.upto)
            rendering.finish()
            return
        pieces = clauses(text, early=not self._voice.capabilities.streaming)
        upto = 0
        for number, piece in enumerate(pieces):
            if number and rendering.chunks:
                wanted = _BETWEEN["comma" if pieces[number - 1].rstrip()[-1:] in _COMMAS else "sentence"]
                missing = round(wanted * self._rate) - quiet_end(rendering.chunks)
                rendering.add(bytes(2 * max(0, missing)), upto)
            for chunk in self._read(piece, say, upto, lead=not number):
                self._add(rendering, chunk)
            upto += len(piece)
        rendering.finish()
        if say.fixed:
            self._cache.put(key, tuple(rendering.chunks))

    def _read(self, piece: str, say: Say, begin: int, *, lead: bool) -> Iterator[Chunk]:
        """Sound of a piece of a line; what counts as heard is its text, not what the voice is given for it."""
        pronouncer = self._pronouncers.get(say.language)
        spoken, place = pronouncer.aligned(piece) if pronouncer is not None else (piece, _same)
        reading = Reading(
            self._voice.capabilities.rate, self._rate, begin=begin, end=begin + len(piece), place=place, lead=lead
        )
        seconds = 0.0
        for audio in self._synthesised(Utterance(spoken, say.language, say.voice, say.rate)):
            seconds += audio.seconds
            if seconds > LONGEST_LINE:
                raise EngineError(f"the voice made more than {LONGEST_LINE:g} s for a line", code="line_too_long")
            yield from reading.feed(audio)
        yield from reading.finish()

    def _add(self, rendering: Rendering, chunk: Chunk) -> None:
        rendering.add(chunk.pcm, chunk.upto)
        if rendering.size > 2 * LONGEST_LINE * self._rate:
            raise EngineError(f"a line has more than {LONGEST_LINE:g} s of sound", code="line_too_long")

    def _synthesised(self, utterance: Utterance) -> Iterator[Audio]:
        """By the voice that the script names, or by the engine's own where the engine has none of that name: scripts
        are written without knowing what will speak them."""
        name, engine = utterance.voice, self._voice.capabilities.name
        if name is None or name == engine or name in self._unknown:
            yield from self._voice.synthesise(replace(utterance, voice=None))
            return
        begun = False
        try:
            for audio in self._voice.synthesise(utterance):
                begun = True
                yield audio
        except (UsageError, EngineError) as error:
            if begun or not (isinstance(error, UsageError) or error.code == "unknown_voice"):
                raise
            _log.warning("the script's voice is none of %s's, which uses its own", engine)
            self._unknown.add(name)
            yield from self._voice.synthesise(replace(utterance, voice=None))

    def _put_together(self, say: Say, rendering: Rendering) -> bool:
        """Whether all recordings of a line could be used; if not, the line is spoken instead."""

        def read(text: str, begin: int) -> Iterator[Chunk]:
            return self._read(text, say, begin, lead=True)

        try:
            for chunk in self._parts.chunks(say.parts, read):
                self._add(rendering, chunk)
        except (OSError, UsageError) as error:
            if rendering.chunks:
                raise
            _log.warning("recordings cannot be played, the line is spoken instead: %s", type(error).__name__)
            return False
        rendering.finish()
        return True

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
        return read_wav(self._inside(path), self._rate)

    def _words(self, folder: str) -> list[Path]:
        """Recorded words."""
        return sorted(self._inside(folder).glob("*.wav"))

    def _inside(self, path: str) -> Path:
        if self._folder is None:
            raise UsageError("a line has a recording but the bot has no folder")
        place = (self._folder / path).resolve()
        if not place.is_relative_to(self._folder):
            raise UsageError("a recording lies outside the bot's folder")
        return place

    def _key(self, say: Say) -> str:
        """Of everything that the sound of a line depends on."""
        engine, text = self._voice.capabilities, say.spoken or say.text
        pronouncer = self._pronouncers.get(say.language)
        spoken = pronouncer.spoken(text) if pronouncer is not None else text
        content = (
            f"{engine.name} {engine.version}",
            say.language,
            say.voice or "",
            f"{self._rate} {say.rate:g}",
            text,
            spoken,
        )
        return hashlib.sha256("\0".join(content).encode()).hexdigest()


def _same(character: int) -> int:
    return character


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


def read_wav(path: Path, rate: int) -> bytes:
    """The sound of a WAV file (see huashu.voice.wav) as 16-bit mono at `rate`.

    Raises:
        OSError: it cannot be read.
        UsageError: it is no WAV file of a known coding.
    """
    found = decode(path.read_bytes())
    return to_pcm(resample(found.sound, found.rate, rate) * np.float32(32768.0))
