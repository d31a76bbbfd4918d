"""The C library of eSpeak NG (package `espeakng-loader`, GPL: the extra `espeak`), opened once for this process.

It keeps one voice, one speed and one callback for all, so that whoever uses it takes turns under one lock. Types and
constants are those of speak_lib.h of eSpeak NG 1.52.
"""

import ctypes
import threading
from dataclasses import dataclass
from typing import Any

from huashu.core.errors import EngineError, MissingExtraError, UsageError

_SYNCHRONOUS, _RATE, _VOLUME, _CHARACTERS, _UTF8, _IPA_TEXT = 2, 1, 2, 1, 1, 2
_PHONEME_EVENTS, _IPA, _DO_NOT_EXIT = 1, 2, 0x8000
_ENDS, _WORD, _PHONEME = 0, 1, 7
"""Kinds of event: the end of a list of them, a word begins, a sound begins."""
_LOUDNESS = 75
"""Percent. At eSpeak's own 100 a line has -19 dBFS and peaks of full scale, which resampling to the line clips; at this
it has -21 to -24, zh and en alike, and peaks of -1.4 at most."""
_SLOWEST, _FASTEST = 80, 450


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", _Id),
    ]


class _Voice(ctypes.Structure):
    _fields_ = [
        ("name", ctypes.c_char_p),
        ("languages", ctypes.c_void_p),
        ("identifier", ctypes.c_char_p),
        ("gender", ctypes.c_ubyte),
        ("age", ctypes.c_ubyte),
        ("variant", ctypes.c_ubyte),
        ("xx1", ctypes.c_ubyte),
        ("score", ctypes.c_int),
        ("spare", ctypes.c_void_p),
    ]


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


@dataclass(frozen=True, slots=True)
class Happening:
    """In the sound of a text: a word begins (`sound` is None), or a speech sound (IPA; "" for a pause)."""

    sample: int
    character: int
    """Of the text, from 0."""
    sound: str | None


@dataclass(frozen=True, slots=True)
class Listed:
    """A voice that the library has."""

    name: str
    language: str
    sex: str
    """male, female, or "" where the library does not say."""


class Library:
    """See `library`; every method takes the lock."""

    def __init__(self) -> None:
        try:
            import espeakng_loader  # type: ignore[import-untyped]
        except ImportError as error:
            raise MissingExtraError(
                "the voice espeak is not installed: pip install 'huashu[espeak]' (GPL-3.0)"
            ) from error
        try:
            self._c: Any = ctypes.CDLL(espeakng_loader.get_library_path())
            data = str(espeakng_loader.get_data_path())
        except (OSError, RuntimeError) as error:
            raise EngineError(f"the eSpeak NG library cannot be loaded: {error}") from error
        options = _PHONEME_EVENTS | _IPA | _DO_NOT_EXIT
        self.rate = int(self._c.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), options))
        if self.rate <= 0:
            raise EngineError(f"eSpeak NG does not start with the data in {data}")
        self._c.espeak_Info.restype = ctypes.c_char_p
        self._c.espeak_TextToPhonemes.restype = ctypes.c_char_p
        self._c.espeak_ListVoices.restype = ctypes.POINTER(ctypes.POINTER(_Voice))
        self.version = str(self._c.espeak_Info(None).decode().split()[0])
        self._lock = threading.Lock()
        self._pieces: list[bytes] = []
        self._happenings: list[Happening] = []
        self._callback = _CALLBACK(self._take)  # kept: the library holds only its address
        self._c.espeak_SetSynthCallback(self._callback)
        self._chosen = ""

    def check(self, voice: str) -> None:
        """Raises EngineError (code unknown_voice) when there is no such voice."""
        with self._lock:
            self._choose(voice)

    def speak(self, text: str, voice: str, speed: int) -> tuple[bytes, list[Happening]]:
        """Samples of a text, and what begins where in them. speed: words a minute, 80 to 450."""
        raw = _raw(text)
        with self._lock:
            self._choose(voice)
            self._c.espeak_SetParameter(_VOLUME, _LOUDNESS, 0)
            self._c.espeak_SetParameter(_RATE, min(_FASTEST, max(_SLOWEST, speed)), 0)
            self._pieces.clear()
            self._happenings.clear()
            status = self._c.espeak_Synth(raw, ctypes.c_size_t(len(raw) + 1), 0, _CHARACTERS, 0, _UTF8, None, None)
            if status == 0:
                status = self._c.espeak_Synchronize()
            pcm, happenings = b"".join(self._pieces), self._happenings.copy()
            self._pieces.clear()
        if status != 0:
            raise EngineError(f"espeak failed with status {status}")
        return pcm, happenings

    def phonemes(self, text: str, voice: str) -> str:
        """A text in IPA, words apart by blanks."""
        raw = ctypes.c_char_p(_raw(text))
        found = []
        with self._lock:
            self._choose(voice)
            while raw.value:
                found.append(self._c.espeak_TextToPhonemes(ctypes.byref(raw), _UTF8, _IPA_TEXT).decode("utf-8"))
        return " ".join(part.strip() for part in found if part.strip())

    def voices(self) -> list[Listed]:
        """All of them, as the library lists them."""
        with self._lock:
            listed = self._c.espeak_ListVoices(None)
            found, at = [], 0
            while listed[at]:
                voice = listed[at].contents
                language = ctypes.string_at(voice.languages + 1).decode("utf-8")  # behind a byte of priority
                sex = {1: "male", 2: "female"}.get(voice.gender, "")
                found.append(Listed((voice.name or b"").decode("utf-8"), language, sex))
                at += 1
        return found

    def _choose(self, voice: str) -> None:
        if voice == self._chosen:
            return
        if self._c.espeak_SetVoiceByName(voice.encode()) != 0:
            self._chosen = ""
            raise EngineError(f"espeak has no voice {voice!r}; try cmn or en-us", code="unknown_voice")
        self._chosen = voice

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            self._pieces.append(ctypes.string_at(samples, count * 2))
        at = 0
        while (event := events[at]).type != _ENDS:
            if event.type in (_WORD, _PHONEME):
                sound = event.id.string.decode("utf-8", "ignore") if event.type == _PHONEME else None
                self._happenings.append(Happening(event.sample, event.text_position - 1, sound))
            at += 1
        return 0


def _raw(text: str) -> bytes:
    if "\0" in text:
        raise UsageError("text to be read has no NUL characters")
    return text.encode()


_shared: Library | None = None
_loading = threading.Lock()


def library() -> Library:
    """The one library of this process.

    Raises:
        MissingExtraError: the package is not installed.
        EngineError: the library does not start.
    """
    global _shared
    with _loading:
        if _shared is None:
            _shared = Library()
        return _shared
