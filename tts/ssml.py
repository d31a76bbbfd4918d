"""SSML for every voice: a text with marks becomes pieces of plain text and pauses, each said by the engine as it is.

A subset of the W3C's Speech Synthesis Markup Language 1.1 (2010): speak, p, s, break, prosody (rate, volume), say-as
(by our types of values), phoneme (alphabet "pinyin"), sub, lang, voice. Of a mark that is not known, what is inside is
read. No document types and no entities but XML's own five: nothing is fetched and nothing grows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final
from xml.parsers import expat

import numpy as np

from huashu.core.audio import Audio
from huashu.core.errors import EngineError, UsageError
from huashu.core.language import primary
from huashu.tts.engine import Utterance, Voice
from huashu.values.pronouncing import is_pinyin, respelt
from huashu.values.registry import canonical, read_aloud

LONGEST_BREAK, ALL_BREAKS, DEEPEST = 10.0, 60.0, 20
"""Seconds of one break and of all in a text; marks within one another."""
_BREAKS: Final = {"none": 0.0, "x-weak": 0.1, "weak": 0.2, "medium": 0.4, "strong": 0.7, "x-strong": 1.2}
_RATES: Final = {"x-slow": 0.5, "slow": 0.75, "medium": 1.0, "default": 1.0, "fast": 1.3, "x-fast": 1.7}
_VOLUMES: Final = {
    "silent": -120.0, "x-soft": -12.0, "soft": -6.0, "medium": 0.0, "default": 0.0, "loud": 4.0, "x-loud": 6.0,
}  # fmt: skip
"""dB. Louder than +6 would only be clipped."""
_TYPES: Final = {"cardinal": "number", "telephone": "phone", "characters": "spelled", "spell-out": "spelled",
                 "currency": "money", "fraction": "number"}  # fmt: skip
"""Names that are usual for `interpret-as` → ours."""
_AFTER: Final = {"p": 0.5, "s": 0.3}
"""Seconds of pause behind a paragraph and a sentence."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is said in one manner; without text a pause."""

    text: str = ""
    pause: float = 0.0
    """Seconds."""
    language: str = ""
    voice: str | None = None
    rate: float = 1.0
    gain: float = 0.0
    """dB."""


def speak(voice: Voice, utterance: Utterance) -> Iterator[Audio]:
    """An utterance by a voice, its marks obeyed when it has any.

    Raises:
        UsageError: the text is no SSML; the message says where.
        EngineError: as the voice does; a language it does not read is told before its first sound.
    """
    for piece in readable(voice, utterance):
        if not piece.text:
            rate = voice.capabilities.rate
            yield Audio(bytes(2 * round(piece.pause * rate)), rate)
            continue
        for audio in voice.synthesise(Utterance(piece.text, piece.language, piece.voice, piece.rate)):
            yield Audio(louder(audio.pcm, piece.gain), audio.rate)


def readable(voice: Voice, utterance: Utterance) -> list[Piece]:
    """The pieces of an utterance whose marks name no language that the voice does not read. Raises as `speak` does."""
    found = pieces(utterance)
    known = voice.capabilities.languages
    for piece in found if utterance.ssml else ():
        if piece.text and primary(piece.language) not in known:
            message = f"ssml: {voice.capabilities.name} reads {', '.join(known)}, not {piece.language[:20]!r}"
            raise EngineError(message, code="language")
    return found


def pieces(utterance: Utterance) -> list[Piece]:
    """What is said one after another. Raises UsageError when the utterance is to be SSML and is not."""
    whole = Piece("", 0.0, utterance.language, utterance.voice, utterance.rate)
    if not utterance.ssml:
        return [replace(whole, text=utterance.text)]
    reader = _Reader(whole)
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.StartDoctypeDeclHandler = _no_doctype
    try:
        parser.Parse(utterance.text.strip(), True)
    except expat.ExpatError as error:
        message = expat.ErrorString(error.code)
        raise UsageError(f"ssml: line {error.lineno}, column {error.offset + 1}: {message}") from None
    if sum(piece.pause for piece in reader.found) > ALL_BREAKS:
        raise UsageError(f"ssml: breaks of more than {ALL_BREAKS:g} s altogether")
    return reader.found


def louder(pcm: bytes, gain: float) -> bytes:
    """16-bit sound with a gain in dB, clipped at full scale."""
    if not gain:
        return pcm
    sound = np.frombuffer(pcm, "<i2").astype(np.float32) * np.float32(10.0 ** (gain / 20.0))
    changed: bytes = np.clip(np.rint(sound), -32768, 32767).astype("<i2").tobytes()
    return changed


@dataclass(slots=True)
class _Mark:
    name: str
    manner: Piece
    said: str | None = None
    """Takes the place of all that is inside."""
    kind: str = ""
    """Type of value that the inside is."""
    inside: str = ""


@dataclass(slots=True)
class _Reader:
    whole: Piece
    found: list[Piece] = field(default_factory=list)
    _open: list[_Mark] = field(default_factory=list)

    def start(self, name: str, given: dict[str, str]) -> None:
        name = name.rpartition(":")[2].lower()
        if not self._open and name != "speak":
            raise UsageError(f"ssml: the outermost mark is <speak>, not <{name[:20]}>")
        if len(self._open) >= DEEPEST:
            raise UsageError(f"ssml: more than {DEEPEST} marks within one another")
        mark = _Mark(name, self._open[-1].manner if self._open else self.whole)
        match name:
            case "speak" | "lang" | "p" | "s":
                mark.manner = _in_language(mark.manner, given.get("xml:lang", ""))
            case "voice":
                mark.manner = replace(mark.manner, voice=given.get("name") or mark.manner.voice)
            case "prosody":
                mark.manner = _prosody(mark.manner, given)
            case "break":
                self.found.append(Piece(pause=_pause(given)))
            case "sub":
                mark.said = given.get("alias")
            case "phoneme":
                ph = given.get("ph", "")
                mark.said = _sounding(ph) if given.get("alphabet", "").lower().endswith("pinyin") else None
            case "say-as":
                mark.kind = given.get("interpret-as", "").lower()
            case _:
                pass
        self._open.append(mark)

    def text(self, text: str) -> None:
        for mark in reversed(self._open):
            if mark.said is not None or mark.kind:
                mark.inside += text
                return
        self._say(re.sub(r"\s+", " ", text))

    def end(self, name: str) -> None:
        mark = self._open.pop()
        if any(outer.said is not None or outer.kind for outer in self._open):
            self.text(mark.said if mark.said is not None else mark.inside)
        elif mark.said is not None:
            self._say(mark.said, mark.manner)
        elif mark.kind:
            self._say(_as(mark.kind, mark.inside.strip(), mark.manner.language), mark.manner)
        if mark.name in _AFTER and self.found and self.found[-1].text:
            self.found.append(Piece(pause=_AFTER[mark.name]))

    def _say(self, text: str, manner: Piece | None = None) -> None:
        manner = manner or self._open[-1].manner
        if self.found and self.found[-1].text and replace(self.found[-1], text="") == manner:
            text = self.found.pop().text + text
        if text.strip():
            self.found.append(replace(manner, text=text))


def _no_doctype(*_: object) -> None:
    raise UsageError("ssml: a document type is not read; leave <!DOCTYPE …> out")


def _in_language(manner: Piece, tag: str) -> Piece:
    """A voice's name belongs to the language it was given for."""
    if not tag or primary(tag) == primary(manner.language):
        return manner
    return replace(manner, language=tag, voice=None)


def _prosody(manner: Piece, given: dict[str, str]) -> Piece:
    rate, volume = given.get("rate", "").strip(), given.get("volume", "").strip()
    if rate:
        factor = _RATES.get(rate)
        if factor is None:
            found = re.fullmatch(r"([+-]?)(\d+(?:\.\d+)?)(%?)", rate)
            if found is None:
                raise UsageError(f"ssml: prosody rate={rate[:20]!r}; expected {', '.join(_RATES)}, 80% or 0.8")
            number = float(found[2]) / (100.0 if found[3] else 1.0)
            factor = 1.0 + number * (1 if found[1] == "+" else -1) if found[1] else number
        manner = replace(manner, rate=min(2.0, max(0.5, manner.rate * factor)))
    if volume:
        gain = _VOLUMES.get(volume)
        if gain is None:
            found = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)dB", volume)
            if found is None:
                raise UsageError(f"ssml: prosody volume={volume[:20]!r}; expected {', '.join(_VOLUMES)} or -6dB")
            gain = float(found[1])
        manner = replace(manner, gain=min(6.0, max(-120.0, manner.gain + gain)))
    return manner


def _pause(given: dict[str, str]) -> float:
    time = given.get("time", "").strip()
    if not time:
        strength = given.get("strength", "medium")
        if strength not in _BREAKS:
            raise UsageError(f"ssml: break strength={strength[:20]!r}; expected {', '.join(_BREAKS)}")
        return _BREAKS[strength]
    found = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", time)
    if found is None:
        raise UsageError(f"ssml: break time={time[:20]!r}; expected such as 500ms or 1.5s")
    return min(LONGEST_BREAK, float(found[1]) / (1000.0 if found[2] == "ms" else 1.0))


def _sounding(reading: str) -> str | None:
    """None, and with it the word itself, for a sound that no character has."""
    try:
        return respelt(reading) if is_pinyin(reading) else None
    except UsageError:
        return None


def _as(kind: str, text: str, language: str) -> str:
    """A value read aloud; the text itself when it is none of that type."""
    kind = _TYPES.get(kind, kind)
    try:
        return read_aloud(kind, canonical(kind, text), language=language)
    except UsageError:
        return text
