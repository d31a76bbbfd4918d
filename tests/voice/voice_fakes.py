"""Engines for tests of the voice room: words are tones, so that what is heard follows from the sound alone."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from huashu.asr import engine as asr
from huashu.core.audio import Audio
from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.tts import engine as tts
from huashu.voice.vad import level_of

RATE = 8000
FRAME = RATE // 50
QUIET = bytes(2 * FRAME)


def tone(frequency: float, seconds: float, *, rate: int = RATE, level: float = 0.3) -> bytes:
    """A sine as 16-bit mono PCM; `level` is its amplitude of full scale 1."""
    t = np.arange(round(seconds * rate)) / rate
    return (level * 32767 * np.sin(2 * np.pi * frequency * t)).astype("<i2").tobytes()


def noise(seconds: float, *, level: float = 0.1, seed: int = 0) -> bytes:
    """White noise: a voice to the detector here, but no words."""
    samples = np.random.default_rng(seed).normal(0.0, level * 32767, round(seconds * RATE))
    return np.clip(samples, -32768, 32767).astype("<i2").tobytes()


def silence(seconds: float) -> bytes:
    return bytes(2 * round(seconds * RATE))


class LoudDetector:
    """Voice is whatever is louder than -35 dB, with no delay."""

    def feed(self, frame: NDArray[np.int16]) -> bool:
        return level_of(frame) > -35.0

    def close(self) -> None:
        pass


class ToneRecogniser:
    """Reads a tone of 0.1 s or more as the text its frequency stands for; anything else is no words."""

    def __init__(self, words: Mapping[int, str], *, streaming: bool = True) -> None:
        self.words = dict(words)
        self.expected: list[Expectation] = []
        self.capabilities = asr.Capabilities("tones", ("zh", "en"), RATE, streaming)

    def stream(self, expect: Expectation, language: str) -> "ToneStream":
        self.expected.append(expect)
        return ToneStream(self.words, partials=self.capabilities.streaming)

    def warm(self, expectations: Sequence[Expectation]) -> None:
        pass


class ToneStream:
    def __init__(self, words: Mapping[int, str], *, partials: bool) -> None:
        self._words = words
        self._partials = partials
        self._rest = b""
        self._run: tuple[int, int] = (0, 0)
        self._texts: list[str] = []
        self._shown = ""

    def accept(self, pcm: bytes) -> Heard | None:
        self._rest += pcm
        while len(self._rest) >= 2 * FRAME:
            self._frame(np.frombuffer(self._rest[: 2 * FRAME], "<i2"))
            self._rest = self._rest[2 * FRAME :]
        text = "".join(self._texts)
        if text == self._shown or not self._partials:
            return None
        self._shown = text
        return Heard(text, final=False)

    def finish(self) -> Heard:
        return Heard("".join(self._texts))

    def _frame(self, samples: NDArray[np.int16]) -> None:
        spectrum = np.abs(np.fft.rfft(samples.astype(np.float64))) ** 2
        peak = int(np.argmax(spectrum))
        frequency = peak * 50
        pure = spectrum[max(0, peak - 1) : peak + 2].sum() > 0.9 * spectrum.sum()
        if level_of(samples) < -35 or not pure or frequency not in self._words:
            self._run = (0, 0)
            return
        count = self._run[1] + 1 if self._run[0] == frequency else 1
        self._run = (frequency, count)
        if count == 5:
            self._texts.append(self._words[frequency])


class BuzzVoice:
    """0.1 s of a hum for each character, in pieces of 0.1 s, at a rate of its own."""

    def __init__(self, *, rate: int = 16000, fails: bool = False) -> None:
        self.capabilities = tts.Capabilities("buzz", ("zh", "en"), rate, streaming=True)
        self.fails = fails
        self.asked: list[str] = []

    def synthesise(self, utterance: tts.Utterance) -> Iterator[Audio]:
        from huashu.core.errors import EngineError

        self.asked.append(utterance.text)
        if self.fails:
            raise EngineError("no voice today")
        rate = self.capabilities.rate
        sound = tone(150, 0.1 * len(utterance.text), rate=rate, level=0.2)
        for start in range(0, len(sound), rate // 5):
            yield Audio(sound[start : start + rate // 5], rate)


def frames(pcm: bytes) -> list[bytes]:
    """20 ms pieces, the last one filled up with silence."""
    size = 2 * FRAME
    pcm += bytes(-len(pcm) % size)
    return [pcm[start : start + size] for start in range(0, len(pcm), size)]
