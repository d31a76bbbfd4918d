"""eSpeak NG (extra `espeak`, GPL): robotic, small, always works.

A clause is made under the library's one lock; calls take turns clause by clause (a clause of 5 s takes about 4 ms).
Chunks come out a clause at a time. The library shakes its voice at random: two readings of one line differ by a few
samples.
"""

import re
from collections.abc import Iterator

from huashu.core.audio import Audio, Timing
from huashu.core.errors import EngineError
from huashu.core.language import primary
from huashu.tts.engine import Capabilities, Utterance
from huashu.tts.espeak_library import Happening, library
from huashu.tts.text_only import clamp_speed
from huashu.tts.timing import written

VOICES = {"zh": "cmn", "en": "en-us"}
"""Default voice by language. `Utterance.voice` may name another ("en-gb-x-rp", "cmn+f2")."""
WORDS_A_MINUTE = {"zh": 160, "en": 165}
"""espeakRATE at speed 1.0. Telephone speech is a little slower than eSpeak's own 175."""
_CLAUSE = re.compile(r"[^。！？；!?;\n]*?(?:[。！？；!?;\n]+|\.(?=\s|$)|$)")
_CHUNK = 4096
"""Samples of one chunk: 0.19 s."""


class EspeakVoice:
    """zh and en at 22,050 samples a second. Any number of threads; one clause is made at a time."""

    def __init__(self, voice: str | None = None) -> None:
        """`voice`: eSpeak's name of the voice for every utterance that names none; default by language.

        Raises:
            MissingExtraError: the package is not installed.
            EngineError: the library does not start, or has no such voice.
        """
        self._voice = voice
        self._library = library()
        if voice is not None:
            self._library.check(voice)
        told = f"{self._library.version} {voice or ''}".strip()
        self._capabilities = Capabilities(
            "espeak", ("zh", "en"), self._library.rate, streaming=True, version=told, timings=True
        )

    @property
    def capabilities(self) -> Capabilities:
        return self._capabilities

    def synthesise(self, utterance: Utterance) -> Iterator[Audio]:
        """Raises EngineError: a language without a voice, an unknown voice, or the library failed."""
        language = primary(utterance.language)
        if language not in VOICES:
            raise EngineError(f"espeak reads {', '.join(VOICES)}, not {utterance.language!r}", code="language")
        voice = utterance.voice or self._voice or VOICES[language]
        speed = round(WORDS_A_MINUTE[language] * clamp_speed(utterance.rate))
        return self._chunks(utterance.text, voice, speed)

    def _chunks(self, text: str, voice: str, speed: int) -> Iterator[Audio]:
        rate = self._library.rate
        for found in _CLAUSE.finditer(text):
            if not re.search(r"\w", found[0]):
                continue
            pcm, happenings = self._library.speak(found[0], voice, speed)
            timings = tuple(_timings(found[0], found.start(), happenings, rate))
            for start in range(0, len(pcm), _CHUNK * 2):
                yield Audio(pcm[start : start + _CHUNK * 2], rate, () if start else timings)


def _timings(clause: str, offset: int, happenings: list[Happening], rate: int) -> Iterator[Timing]:
    """offset: of the clause in the text. eSpeak tells of several words in a number that is written as one, and of one
    where two characters belong together ("您好", "先生"): then it is that word."""
    parts = list(written(clause))
    begins = {at: start for start, word in parts for at in range(start, start + len(word))}
    heads = {begins[one.character] for one in happenings if one.sound is None and one.character in begins}
    words: dict[int, str] = {}
    last = -1
    for start, part in parts:
        if start not in heads and last >= 0 and start == last + len(words[last]):
            words[last] += part
        else:
            words[start] = part
            last = start
    told: set[int] = set()
    for happening in happenings:
        if happening.sound is not None:
            yield Timing(happening.sample / rate, "phone", happening.sound)
            continue
        start = begins.get(happening.character, -1)
        if start >= 0 and start not in told:
            told.add(start)
            yield Timing(happening.sample / rate, "word", words[start], offset + start)
