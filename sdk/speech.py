"""A voice by itself, for programs that need sound or drive an avatar: `from huashu import speak`.

for piece in speak("您好，请问是张先生吗？"):
    play(piece.pcm)
    for viseme in piece.visemes:
        face.schedule(viseme.at, viseme.name)
"""

from collections.abc import Iterator
from typing import Any

from huashu.core.errors import UsageError
from huashu.models.cache import resolve
from huashu.tts.engine import Utterance
from huashu.tts.registry import open_voice
from huashu.voice.spoken import Piece, spoken


def speak(
    text: str,
    *,
    engine: str = "espeak",
    voice: str | None = None,
    language: str = "zh-CN",
    rate: int = 16000,
    speed: float = 1.0,
    ssml: bool = False,
    **options: Any,
) -> Iterator[Piece]:
    """Sound of a text as it is made, with the times of its words and the shapes of the mouth.

    Args:
        engine: espeak, piper, sherpa, coqui; `options` are its own (`model=`: a folder of weights, or an id of
            `huashu models`).
        voice: the engine's name of a voice.
        rate: samples a second of the sound, 8000 to 48000.
        speed: 0.5 to 2.
        ssml: the text has marks.

    Raises:
        UsageError: an unknown engine or option, a rate or speed out of range, or the text is no SSML.
        EngineError: the engine cannot be loaded, or does not know the language or the voice.
    """
    if not 8000 <= rate <= 48000:
        raise UsageError(f"rate: {rate}; expected 8000 to 48000")
    if not 0.5 <= speed <= 2.0:
        raise UsageError(f"speed: {speed:g}; expected 0.5 to 2")
    if "model" in options:
        options["model"] = resolve(options["model"])
    return spoken(open_voice(engine, **options), Utterance(text, language, voice, speed, ssml), rate)
