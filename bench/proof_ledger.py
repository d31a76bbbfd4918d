"""Interrupt the coffee bot at every 20 ms of its first turn, and hold the ledger against the recorded sound.

The real chain: a person's voice, Silero, PocketSphinx, the dialogue, eSpeak, and the stereo recording on disk. How much
of a line was played is found in the right channel alone, by following the line's own sound through it (the first and
last 5 ms around a break fade and are not compared); that must be the ledger's figure within one frame.

Usage: python bench/proof_ledger.py [--step 1] [--data DIR]
"""

import argparse
import asyncio
import os
import pathlib
import sys
import tempfile
import wave
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from huashu.asr.engine import Recogniser
from huashu.asr.registry import open_recogniser
from huashu.core.actions import Say
from huashu.core.events import Started
from huashu.dialogue.audible import REACTION
from huashu.runtime.bot import Bot, load_bot
from huashu.tts.registry import open_voice
from huashu.voice.playback import Spoken
from huashu.voice.render import Renderer, read_wav
from huashu.voice.session import VoiceSession

ROOT = pathlib.Path(__file__).resolve().parent.parent
RATE = 8000
FRAME = RATE // 50
FADE = RATE // 200
NOTHING = 4
"""Steps of a sample of which nothing is left when it is played more softly."""
EARLIEST = round(REACTION * 50) + 1
"""Who is heard sooner does not interrupt the line: it pauses and goes on with the word, which is not followed here."""
Sound = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class Found:
    """What the recording holds of a line, in seconds: exact but for silence inside the line, which no ear can place."""

    least: float
    most: float
    upto: int
    """Frame of the recording behind it."""


def follow(line: Sound, recorded: Sound, frame: int) -> Found:
    """Follow a line's sound through the recording from a frame on."""
    place = heard = 0
    behind = frame
    for number in range(frame, len(recorded) // FRAME):
        if place >= len(line):
            break
        piece = recorded[number * FRAME : (number + 1) * FRAME][FADE:]
        expected = line[place : place + FRAME]
        expected = np.pad(expected, (0, FRAME - len(expected)))[FADE:]
        if _same(piece, expected):
            if np.abs(expected).max() > NOTHING:
                behind = number + 1
                heard = place + FRAME
            place += FRAME
        elif piece.any():
            break  # another line
    return Found(min(heard, len(line)) / RATE, min(place, len(line)) / RATE, behind)


def _same(piece: Sound, expected: Sound) -> bool:
    """The same sound, perhaps spoken more softly while somebody may be about to speak (huashu.voice.fader)."""
    if np.array_equal(piece, expected):
        return True
    one, other = piece.astype(np.float64), expected.astype(np.float64)
    powers = float(one @ one), float(other @ other)
    if np.abs(other).max() <= NOTHING:
        return bool(np.abs(one).max() <= NOTHING)
    if np.abs(other).max() < 600:
        return bool(one.any() and np.abs(one).max() <= np.abs(other).max())  # next to nothing is left of it
    softer = 0.04 * powers[1] <= powers[0] <= powers[1]
    return softer and float(one @ other) >= 0.85 * np.sqrt(powers[0] * powers[1])


async def call(
    bot: Bot, recogniser: Recogniser, renderer: Renderer, caller: bytes, onset: int, path: pathlib.Path
) -> list[Spoken]:
    """A call in which the caller speaks from frame `onset` on; the ledger."""
    session = VoiceSession(
        bot,
        recogniser,
        open_voice("espeak"),
        renderer=renderer,
        recording=path,
        started=Started("proof", medium="voice", wall=1.8e9),
    )
    await session.start()
    sound = bytes(2 * FRAME * onset) + caller
    for start in range(0, len(sound) - 2 * FRAME + 1, 2 * FRAME):
        await session.push(sound[start : start + 2 * FRAME])
    await session.hangup()
    return session.ledger


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--step", type=int, default=1, help="frames of 20 ms between two instants")
    default = os.environ.get("HUASHU_TEST_DATA", ROOT.parent / "shared/data")
    parser.add_argument("--data", type=pathlib.Path, default=pathlib.Path(default))
    options = parser.parse_args()
    wav = options.data / "speech_en" / "asterisk_prompts" / "wav" / "one-moment-please.wav"
    if not wav.is_file():
        sys.exit(f"no recording {wav}; give --data")
    caller = read_wav(wav, RATE) + bytes(2 * RATE)
    bot = load_bot(ROOT / "tests" / "bots" / "coffee_en")
    recogniser = open_recogniser("pocketsphinx", rate=RATE)
    renderer = Renderer(open_voice("espeak"), rate=RATE, inline=True)
    renderer.prepare(bot.script)  # eSpeak reads a line a little differently each time; from here on it is kept
    lines = {text: _sound(renderer, text) for text in ("Welcome to the coffee bar.", "What can I get you?")}
    frames = sum(len(line) for line in lines.values()) // FRAME + 10
    off: list[float] = []
    silenced: list[float] = []
    stopped = resumed = 0
    with tempfile.TemporaryDirectory() as name:
        path = pathlib.Path(name) / "call.wav"
        for onset in range(EARLIEST, frames, options.step):
            ledger = asyncio.run(call(bot, recogniser, renderer, caller, onset, path))
            with wave.open(str(path)) as file:
                bots = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)[:, 1]
            frame = int(np.flatnonzero(bots)[0]) // FRAME
            for entry in ledger[:2]:
                found = follow(lines[entry.say.text], bots, frame)
                frame = found.upto
                over = max(0.0, entry.seconds - found.most, found.least - entry.seconds)
                off.append(over)
                share = entry.seconds / (len(lines[entry.say.text]) / RATE)
                assert abs(share - entry.played) < 1e-6, "the ledger's two figures disagree"
                stopped += entry.played < 1.0
                if over > 0.02:
                    print(f"caller at {onset * 0.02:.2f} s: {entry.say.step} ledger {entry.seconds:.3f}", found)
            resumed += all(entry.played == 1.0 for entry in ledger[:2])
            silenced += _silenced(bots, onset)
    calls = len(range(EARLIEST, frames, options.step))
    print(f"{calls} calls, {len(off)} lines, {stopped} of them stopped before their end")
    print(f"ledger − recorded sound: max {max(off) * 1e3:.1f} ms, over one frame: {sum(value > 0.02 for value in off)}")
    p50, p95 = np.percentile(silenced, [50, 95])
    print(f"caller's file begins → bot under −40 dBFS: p50 {p50:.3f} p95 {p95:.3f} max {max(silenced):.3f} s")
    print(f"calls in which every line was heard whole: {resumed}")
    sys.exit(any(value > 0.02 for value in off))


def _sound(renderer: Renderer, text: str) -> Sound:
    rendering = renderer.render(Say("proof", text, language="en-US"))
    return np.frombuffer(b"".join(chunk.pcm for chunk in rendering.chunks), "<i2")


def _silenced(bots: Sound, onset: int) -> list[float]:
    """Seconds the bot is heard on for after the caller's first sound, if it was speaking just then."""
    loud = np.flatnonzero(np.abs(bots.astype(np.int32)) > 327)
    start = onset * FRAME
    if not np.any((loud > start - RATE // 20) & (loud <= start)):
        return []
    after = loud[(loud > start) & (loud < start + RATE)]
    if not len(after):
        return [0.0]
    breaks = np.flatnonzero(np.diff(after) > RATE // 3)
    return [float((after[breaks[0]] if len(breaks) else after[-1]) - start) / RATE]


if __name__ == "__main__":
    main()
