"""What else is on a line: the bot's echo, a television, the next desk, music, somebody who does not stop talking."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from clips import bench_clips, digits, sentences, trimmed
from rig import RATE, Call, Sound, Speaker, Spoken, Way, make_bot
from scenarios import LONG, QUESTIONS

from huashu.core.events import Heard, PlaybackEnded, SpeechStarted
from huashu.runtime.bot import Bot

ECHOES = tuple(
    Way(delay, loss, room) for delay in (0.05, 0.12, 0.3, 0.5) for loss in (12, 20, 30) for room in (0.0, 0.2)
)
BEHIND = (15, 20, 25)
"""dB under the caller's voice."""


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """How a line of the bot's came through."""

    gaps: int
    """Holes of more than 0.1 s that the recording does not have."""
    late: float
    """Seconds by which it was over later than when nothing was on the line."""
    turns: int
    """Turns of the caller that were no caller's."""


def speech(data: Path, seconds: float, *, skip: int = 0) -> Sound:
    """Sentences one after the other, without a pause between them."""
    made: list[Sound] = []
    for sound, _ in sentences(data)[skip:]:
        made.append(sound)
        if sum(map(len, made)) >= seconds * RATE:
            break
    return np.concatenate(made)[: round(seconds * RATE)]


def softer(sound: Sound, db: float) -> Sound:
    return np.asarray(sound * 10 ** (-db / 20))


def music(seconds: float) -> Sound:
    """Music on hold, without singing: chords of four notes with five harmonics each, changed twice a second."""
    rng = np.random.default_rng(3)
    scale = 220 * 2 ** (np.array([0, 2, 4, 5, 7, 9, 11, 12, 14, 16]) / 12)
    parts = []
    for _ in range(round(seconds * 2)):
        t = np.arange(RATE // 2) / RATE
        notes = rng.choice(scale, 4, replace=False)
        chord = sum(np.sin(2 * np.pi * note * k * t) / k**1.5 for note in notes for k in range(1, 6))
        parts.append(chord * np.exp(-t * 2.0) * np.minimum(1, t / 0.01))
    made = np.concatenate(parts)
    return np.asarray(made * 0.1 / np.sqrt((made**2).mean()))


async def _line(bot: Bot, voice: Speaker, seed: int, *spoken: Spoken, echo: Way | None = None) -> tuple[Call, int]:
    """A call in which the bot says its long line; it, and the voices that were taken for the caller's."""
    call = Call(bot, seed=seed, voice=voice, echo=echo)
    await call.start()
    await call.hear(*spoken, until=12.5)
    await call.session.hangup()
    return call, sum(isinstance(what, SpeechStarted) for _, what in call.seen)


def _holes(call: Call) -> list[float]:
    loud = np.flatnonzero(np.abs(call.sound) > 1e-4)
    pauses = np.diff(loud[loud < 10.0 * RATE]) / RATE
    return [float(pause) for pause in pauses if pause >= 0.1]


def _end(call: Call) -> float:
    """The second at which the long line was over."""
    first = next((now for now, what in call.seen if isinstance(what, PlaybackEnded)), None)
    return call.session.now() if first is None else first


def echoes(data: Path, folder: Path) -> tuple[list[Undisturbed], list[float | None]]:
    """Nobody speaks but the bot; then, in another call, somebody does over it (seconds until it is quiet)."""
    bot = make_bot(folder / "echo", "zh-CN", LONG)
    voice = Speaker(speech(data, 9.0))
    whole, _ = asyncio.run(_line(bot, voice, 0))
    found: list[Undisturbed] = []
    for number, way in enumerate(ECHOES):
        call, turns = asyncio.run(_line(bot, voice, number, echo=way))
        found.append(Undisturbed(len(_holes(call)) - len(_holes(whole)), _end(call) - _end(whole), turns))
    clips = [clip for number, clip in enumerate(bench_clips(data, "speech")) if number != 20]
    stops = [
        asyncio.run(_over_echo(bot, voice, way, clips[number % len(clips)], number))
        for number, way in enumerate(ECHOES)
    ]
    return found, stops


async def _over_echo(bot: Bot, voice: Speaker, way: Way, clip: Sound, seed: int) -> float | None:
    call = Call(bot, seed=seed, voice=voice, echo=way)
    await call.start()
    ends = tuple(
        (5.0 + len(clip) / RATE * (place + 1) / 3, word) for place, word in enumerate(("等等", "不是", "这样"))
    )
    await call.hear(Spoken(5.0, clip, ends), until=5.0 + len(clip) / RATE + 1.5)
    quiet = call.quiet_from(5.0, hole=0.3)
    await call.session.hangup()
    return quiet - 5.0 if quiet is not None and call.session.ledger[0].played < 1.0 else None


def over_the_line(data: Path, folder: Path, sounds: Sequence[Sound]) -> list[Undisturbed]:
    """The bot's long line with a sound behind it all the time."""
    bot = make_bot(folder / "behind", "zh-CN", LONG)
    voice = Speaker(speech(data, 9.0))
    whole, _ = asyncio.run(_line(bot, voice, 0))
    found = []
    for number, sound in enumerate(sounds):
        call, turns = asyncio.run(_line(bot, voice, number, Spoken(0.5, sound)))
        found.append(Undisturbed(len(_holes(call)) - len(_holes(whole)), _end(call) - _end(whole), turns))
    return found


def talkers(data: Path) -> list[Sound]:
    """A television or a neighbour, for 40 s."""
    return [softer(trimmed(speech(data, 40.0, skip=60 * n)), db) for db in BEHIND for n in range(1, 4)]


def answered(data: Path, folder: Path) -> list[list[float | None]]:
    """Five questions of yes or no with somebody talking behind the caller all the time: seconds from the end of each
    answer to the bot's next line; None: the bot said nothing within 4 s."""
    asks = "\n".join(f"- 问{n}: {{ask: 是吗？, answers: {{肯定: {{go: 问{n + 1}}}}}}}" for n in range(5))
    bot = make_bot(folder / "talkers", "zh-CN", f"{asks}\n- 问5: {{say: 好。}}")
    takes = [sound for of in digits(data).values() for takes_of in of for sound in takes_of]

    async def one(number: int, behind: Sound) -> list[float | None]:
        call = Call(bot, seed=number)
        await call.start()
        back = Spoken(0.0, behind)
        delays: list[float | None] = []
        at = 1.2
        for place in range(5):
            take = takes[(7 * number + place) % len(takes)]
            end = at + len(take) / RATE
            await call.hear(back, Spoken(at, take, ((end, "是的"),)), until=end + 0.02)
            while call.first_sound(end) is None and call.session.now() < end + 4 and not call.session.closed:
                await call.hear(back, until=call.session.now() + 0.1)
            first = call.first_sound(end)
            delays.append(None if first is None else first - end)
            at = call.session.now() + 1.2
            await call.hear(back, until=at)
        await call.session.hangup()
        return delays

    return [asyncio.run(one(number, sound)) for number, sound in enumerate(talkers(data))]


def without_end(data: Path, folder: Path) -> float | None:
    """Somebody who talks for 45 s without a pause: the second of their turn at which they are answered."""
    bot = make_bot(folder / "endless", "zh-CN", QUESTIONS["free"])

    async def one() -> float | None:
        call = Call(bot)
        await call.start()
        start = await call.listening() + 0.3
        sound = speech(data, 45.0)
        words = tuple((start + second, "我") for second in range(1, 45))
        await call.hear(Spoken(start, sound, words), until=start + 36.0)
        await call.session.hangup()
        heard = (now for now, what in call.seen if isinstance(what, Heard) and what.final and what.text)
        first = next(heard, None)
        return None if first is None else first - start

    return asyncio.run(one())


def first_word(data: Path, folder: Path) -> list[tuple[float, float]]:
    """The caller says hello into the bot's first breath: how long the bot waits behind it, and the share of the line
    that was heard."""
    bot = make_bot(folder / "hello", "zh-CN", LONG)
    found = []
    for number, clip in enumerate(bench_clips(data, "word")):

        async def one(number: int = number, clip: Sound = clip) -> tuple[float, float]:
            call = Call(bot, seed=number)
            await call.hear(until=0.0)
            await call.start()
            end = len(clip) / RATE
            await call.hear(Spoken(0.0, clip, ((end, "喂"),)), until=end + 11.5)
            await call.session.hangup()
            begun = call.first_sound(end)
            return (float("inf") if begun is None else begun - end, call.session.ledger[0].played)

        found.append(asyncio.run(one()))
    return found
