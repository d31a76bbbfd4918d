"""A text as sound, clause by clause, with the times of its words and what the mouth does: for captions and avatars."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from huashu.core.audio import Timing
from huashu.tts.engine import Utterance, Voice
from huashu.tts.ssml import louder, readable
from huashu.tts.timing import Viseme, timed, visemes
from huashu.voice.render import clauses
from huashu.voice.resample import Resampler


@dataclass(frozen=True, slots=True)
class Piece:
    pcm: bytes
    """16-bit mono."""
    words: tuple[Timing, ...] = ()
    """Words that begin here or later, by the seconds of the whole sound; `start` is -1 where the text had marks."""
    visemes: tuple[Viseme, ...] = ()


def spoken(voice: Voice, utterance: Utterance, rate: int, *, timings: bool = True) -> Iterator[Piece]:
    """Sound at `rate` samples a second; each clause is made when the one before has been taken.

    timings: tell them; where the engine has none they are estimated, when a clause has been made.

    Raises:
        UsageError: the utterance is to be SSML and is not.
        EngineError: as the voice does.
    """
    made, shape = 0, -1
    for piece in readable(voice, utterance):
        if not piece.text:
            quiet = round(piece.pause * rate)
            told = (Viseme(made / rate, 0),) if timings and shape != 0 else ()
            shape = 0 if timings else shape
            made += quiet
            yield Piece(bytes(2 * quiet), visemes=told)
            continue
        offset = -1 if utterance.ssml else 0
        for clause in clauses(piece.text, early=not voice.capabilities.streaming):
            resampler = Resampler(voice.capabilities.rate, rate)
            said = Utterance(clause, piece.language, piece.voice, piece.rate)
            taken, begin = 0.0, made / rate
            for audio in timed(voice, said) if timings else voice.synthesise(said):
                at = [replace(item, at=begin + taken + item.at) for item in audio.timings] if timings else []
                words = tuple(_placed(item, offset) for item in at if item.kind == "word")
                shapes = list(visemes(at))
                if shapes and shapes[0].number == shape:
                    del shapes[0]
                shape = shapes[-1].number if shapes else shape
                taken += audio.seconds
                pcm = louder(resampler.feed(audio.pcm), piece.gain)
                made += len(pcm) // 2
                yield Piece(pcm, words, tuple(shapes))
            pcm = louder(resampler.feed(b"", last=True), piece.gain)
            made += len(pcm) // 2
            if pcm:
                yield Piece(pcm)
            offset += len(clause) if offset >= 0 else 0
    if timings and shape > 0:
        yield Piece(b"", visemes=(Viseme(made / rate, 0),))


def _placed(timing: Timing, offset: int) -> Timing:
    return replace(timing, start=timing.start + offset if offset >= 0 else -1)
