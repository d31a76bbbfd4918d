"""eSpeak NG through its C library (package `espeakng-loader`, GPL: the extra `espeak`): robotic, small, always works.

The library keeps one voice, one speed and one callback for the whole process, so a clause is made under one lock; calls
take turns clause by clause (a clause of 5 s takes about 4 ms). Chunks come out a clause at a time.
The library shakes its voice at random: two readings of one line differ by a few samples.
"""

import ctypes
import re
import threading
from collections.abc import Iterator
from typing import Any

from huashu.core.audio import Audio
from huashu.core.errors import EngineError, MissingExtraError, UsageError
from huashu.tts.engine import Capabilities, Utterance
from huashu.tts.text_only import clamp_speed

VOICES = {"zh": "cmn", "en": "en-us"}
"""Default voice by language. `Utterance.voice` may name another ("en-gb-x-rp", "cmn+f2")."""
WORDS_A_MINUTE = {"zh": 160, "en": 165}
"""espeakRATE at speed 1.0. Telephone speech is a little slower than eSpeak's own 175."""
_SLOWEST, _FASTEST = 80, 450
_CLAUSE = re.compile(r"[^。！？；!?;\n]*?(?:[。！？；!?;\n]+|\.(?=\s|$)|$)")
# From speak_lib.h of eSpeak NG 1.52
_SYNCHRONOUS, _DO_NOT_EXIT, _RATE, _VOLUME, _CHARACTERS, _UTF8 = 2, 0x8000, 1, 2, 1, 1
_LOUDNESS = 75
"""Percent. At eSpeak's own 100 a line has -19 dBFS and peaks of full scale, which resampling to the line clips; at this
it has -21 to -24, zh and en alike, and peaks of -1.4 at most."""
_CHUNK = 4096
"""Samples of one chunk: 0.19 s."""
_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class EspeakVoice:
    """zh and en at 22,050 samples a second. Any number of threads; one clause is made at a time."""

    def __init__(self, voice: str | None = None) -> None:
        """`voice`: eSpeak's name of the voice for every utterance that names none; default by language.

        Raises:
            MissingExtraError: the package is not installed.
            EngineError: the library does not start, or has no such voice.
        """
        self._voice = voice
        self._library = _library()
        if voice is not None:
            with self._library.lock:
                self._library.choose(voice)
        self._capabilities = Capabilities("espeak", ("zh", "en"), self._library.rate, streaming=True)

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        """Raises EngineError: a language without a voice, an unknown voice, or the library failed."""
        language = utterance.language.split("-")[0].lower()
        if language not in VOICES:
            raise EngineError(f"espeak reads {', '.join(VOICES)}, not {utterance.language!r}", code="language")
        voice = utterance.voice or self._voice or VOICES[language]
        speed = round(WORDS_A_MINUTE[language] * clamp_speed(utterance.rate))
        return self._chunks(utterance.text, voice, speed)

    def _chunks(self, text: str, voice: str, speed: int) -> Iterator[Audio]:
        for clause in _CLAUSE.findall(text):
            if not re.search(r"\w", clause):
                continue
            pcm = self._library.speak(clause, voice, speed)
            for start in range(0, len(pcm), _CHUNK * 2):
                yield Audio(pcm[start : start + _CHUNK * 2], self._library.rate)


class _Library:
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
        self.lock = threading.Lock()
        self.rate = int(self._c.espeak_Initialize(_SYNCHRONOUS, 0, data.encode(), _DO_NOT_EXIT))
        if self.rate <= 0:
            raise EngineError(f"eSpeak NG does not start with the data in {data}")
        self._pieces: list[bytes] = []
        self._callback = _CALLBACK(self._take)  # kept: the library holds only its address
        self._c.espeak_SetSynthCallback(self._callback)
        self._chosen = ""

    def choose(self, voice: str) -> None:
        """Put a voice in force; the lock is held."""
        if voice == self._chosen:
            return
        if self._c.espeak_SetVoiceByName(voice.encode()) != 0:
            self._chosen = ""
            raise EngineError(f"espeak has no voice {voice!r}; try {', '.join(VOICES.values())}", code="unknown_voice")
        self._chosen = voice

    def speak(self, text: str, voice: str, speed: int) -> bytes:
        """Samples of one clause."""
        if "\0" in text:
            raise UsageError("text to be read has no NUL characters")
        raw = text.encode()
        with self.lock:
            self.choose(voice)
            self._c.espeak_SetParameter(_VOLUME, _LOUDNESS, 0)
            self._c.espeak_SetParameter(_RATE, min(_FASTEST, max(_SLOWEST, speed)), 0)
            self._pieces.clear()
            status = self._c.espeak_Synth(raw, ctypes.c_size_t(len(raw) + 1), 0, _CHARACTERS, 0, _UTF8, None, None)
            if status == 0:
                status = self._c.espeak_Synchronize()
            pcm = b"".join(self._pieces)
            self._pieces.clear()
        if status != 0:
            raise EngineError(f"espeak failed with status {status}")
        return pcm

    def _take(self, samples: Any, count: int, _events: Any) -> int:
        if samples and count > 0:
            self._pieces.append(ctypes.string_at(samples, count * 2))
        return 0


_shared: _Library | None = None
_loading = threading.Lock()


def _library() -> _Library:
    """The one library of this process."""
    global _shared
    with _loading:
        if _shared is None:
            _shared = _Library()
        return _shared
