"""What is measured: answers, interruptions, noises over the bot, short words as answers, silence."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from clips import bench_clips, bursts, digits, short_clips
from rig import RATE, Call, Sound, Spoken, make_bot

from huashu.runtime.bot import Bot

QUESTIONS = {
    "yes_no": "- ask: {ask: 您是本人吗？, answers: {肯定: {go: over}, 否定: {go: over}}}",
    "choice": "- ask: {collect: choice, prompt: 分几期？, one_of: {values: [3, 6, 10, 12], unit: 期}}",
    "free": "- ask: {collect: story, prompt: 请讲。}",
}
SHORT = {"yes_no": ("是的", "对", "不是"), "choice": ("三期", "六期", "十二期")}
BEGUN = {"yes_no": ("呃", "我不太", "那个"), "choice": ("我想要", "十", "那个就")}
"""What a short answer begins with when it goes on after a pause."""


SAID = (
    ("我上个月在你们那儿办的卡", "到现在还没有收到"),
    ("我昨天打过一次电话", "你们的人说今天会有人联系我"),
    ("这个月的账单我看了一下", "里面有一笔不是我消费的"),
    ("我家的宽带从前天晚上开始", "就一直上不了网"),
    ("您好我是上周下的单", "地址想换成公司的"),
    ("孩子明天要上课", "能不能改到周末上午"),
)
"""What callers say, in the two breaths in which they say it."""


@dataclass(frozen=True, slots=True)
class Turn:
    kind: str
    pause: float
    """Seconds after which it goes on; 0: it does not."""
    early: bool
    delay: float | None
    """From the true end to the bot's first sound; None: the bot said nothing within 4 s."""


async def _turn(
    bot: Bot, kind: str, parts: list[tuple[Sound, Sequence[str]]], pause: float, seed: int, loss: float = 0.0
) -> Turn:
    call = Call(bot, seed=seed, loss=loss)
    await call.start()
    at = await call.listening() + 0.4
    start, spoken = at, []
    for sound, words in parts:
        long = len(sound) / RATE
        ends = tuple((at + long * (number + 1) / len(words), word) for number, word in enumerate(words))
        spoken.append(Spoken(at, sound, ends))
        at += long + pause
    end = spoken[-1].end
    await call.hear(*spoken, until=end + 4.0)
    first = call.first_sound(end)
    await call.session.hangup()
    early = call.first_sound(start, end) is not None
    return Turn(kind, pause if len(parts) > 1 else 0.0, early, None if first is None else first - end)


def answers(data: Path, folder: Path, count: int, loss: float = 0.0) -> list[Turn]:
    """Half short answers, half free speech; 30 % of each go on after 0.3 to 0.9 s."""
    rng = random.Random(4)
    bots = {kind: make_bot(folder / kind, "zh-CN", steps) for kind, steps in QUESTIONS.items()}
    takes = [sound for of in digits(data).values() for takes_of in of for sound in takes_of]
    voices = bench_clips(data, "speech")
    turns = []
    for number in range(count):
        kind = ("yes_no", "free", "choice", "free")[number % 4]
        on = number // 4 % 10 < 3
        pause = rng.uniform(0.3, 0.9) if on else 0.0
        if kind == "free":
            texts = rng.choice(SAID)
            clips = rng.sample(voices, 2)
            parts = list(zip(clips, texts, strict=True)) if on else [(clips[0], texts[0] + texts[1])]
        else:
            short = [rng.choice(BEGUN[kind])] if on else []
            tail = "二期" if short == ["十"] else rng.choice(SHORT[kind])
            parts = [(rng.choice(takes), [text]) for text in [*short, tail]]
        turns.append(asyncio.run(_turn(bots[kind], kind, parts, pause, number, loss)))
    return turns


def second_thoughts(data: Path, folder: Path, count: int = 40) -> list[Turn]:
    """An answer that is whole, a pause of 0.3 to 0.9 s, and more: nothing in the words tells it from the end."""
    rng = random.Random(5)
    bot = make_bot(folder / "yes_no", "zh-CN", QUESTIONS["yes_no"])
    takes = [sound for of in digits(data).values() for takes_of in of for sound in takes_of]
    turns = []
    for number in range(count):
        parts = [(rng.choice(takes), [text]) for text in ("是的", "我是本人")]
        turns.append(asyncio.run(_turn(bot, "yes_no", parts, rng.uniform(0.3, 0.9), number)))
    return turns


STORY = (
    "您好这里是银行的智能客服我先把这次活动的全部内容从头到尾给您"
    "详细地介绍一遍请您耐心听完以后再告诉我您的想法谢谢您的配合"
)
LONG = f"- talk: {{say: {STORY}}}\n- ask: {{collect: story, prompt: 请讲。}}"
"""A line of 9 s, and a question behind it."""


def interruptions(data: Path, folder: Path, loss: float = 0.0) -> list[float | None]:
    """Seconds from a person's onset over the bot until the bot is quiet; None: it spoke on, or went on later."""
    bot = make_bot(folder / "long", "zh-CN", LONG)

    async def one(number: int, sound: Sound) -> float | None:
        call = Call(bot, seed=number, loss=loss)
        await call.start()
        words = ("等等", "不是", "这样")
        long = len(sound) / RATE
        ends = tuple((3.5 + long * (place + 1) / 3, word) for place, word in enumerate(words))
        await call.hear(Spoken(3.5, sound, ends), until=3.5 + long + 0.1)
        quiet = call.quiet_from(3.5)
        back = None if quiet is None else call.first_sound(quiet + 0.005, 3.5 + long)
        await call.hear(until=3.5 + long + 2.0)
        await call.session.hangup()
        cut = call.session.ledger[0].played < 1.0
        return quiet - 3.5 if quiet is not None and back is None and cut else None

    clips = bench_clips(data, "speech")
    chosen = [clip for number, clip in enumerate(clips) if number != 20][:16]
    return [asyncio.run(one(number, clip)) for number, clip in enumerate(chosen)]


@dataclass(frozen=True, slots=True)
class Noise:
    kind: str
    gap: float
    """Seconds of quiet in the bot's line."""
    late: float
    """Seconds from the noise's end until the bot was heard again; under 0: it never stopped, or was back before."""
    lost: bool
    """Not every sample of the line was heard."""

    @property
    def wrong(self) -> bool:
        return self.lost or self.late > 0.6


def noises(data: Path, folder: Path) -> list[Noise]:
    """Short words (with the text of a listener's token), keys and bursts over the bot."""
    bot = make_bot(folder / "long", "zh-CN", LONG)
    whole = asyncio.run(_undisturbed(bot))
    heard = [("word", clip, "嗯") for clip in bench_clips(data, "word")]
    heard += [("keys", clip, "") for clip in bench_clips(data, "keys")]
    heard += [("burst", clip, "") for clip in bursts()]
    return [asyncio.run(_over(bot, kind, clip, text, number, whole)) for number, (kind, clip, text) in enumerate(heard)]


def tokens(data: Path, folder: Path) -> list[Noise]:
    """Sixteen short words over the bot, with the text of a listener's token."""
    bot = make_bot(folder / "tokens", "zh-CN", LONG)
    whole = asyncio.run(_undisturbed(bot))
    clips = enumerate(short_clips(data))
    return [asyncio.run(_over(bot, "word", clip, "嗯", number, whole)) for number, clip in clips]


async def _undisturbed(bot: Bot) -> float:
    """Seconds of the long line from its first sound to its last."""
    call = Call(bot)
    await call.start()
    await call.hear(until=10.5)
    await call.session.hangup()
    return _span(call)


def _span(call: Call) -> float:
    first = call.first_sound(0.0)
    # Words over the bot are waited for up to 0.6 s; the breath before the question behind the line is 0.2 s.
    end = None if first is None else call.quiet_from(first, hole=2.5)
    return 0.0 if first is None or end is None else end - first


async def _over(bot: Bot, kind: str, sound: Sound, text: str, number: int, whole: float) -> Noise:
    call = Call(bot, seed=number)
    await call.start()
    end = 3.5 + len(sound) / RATE
    await call.hear(Spoken(3.5, sound, ((end, text),) if text else ()), until=end + 2.5)
    quiet = call.quiet_from(3.5)
    back = None if quiet is None or quiet > end + 2.0 else call.first_sound(quiet + 0.005)
    await call.hear(until=13.0)
    await call.session.hangup()
    if quiet is None or quiet > end + 2.0:
        return Noise(kind, 0.0, 0.0, _span(call) < whole - 0.01)
    back = end + 2.5 if back is None else back
    gap = back - quiet
    return Noise(kind, gap, back - end, _span(call) - gap < whole - 0.01)


def short_words(data: Path, folder: Path) -> list[float | None]:
    """The same words after a question: seconds to the bot's next line, None where they were not taken as the answer."""
    bot = make_bot(folder / "asked", "zh-CN", QUESTIONS["yes_no"])

    async def one(number: int, sound: Sound) -> float | None:
        call = Call(bot, seed=number)
        await call.start()
        start = await call.listening() + 0.5
        end = start + len(sound) / RATE
        await call.hear(Spoken(start, sound, ((end, "嗯"),)), until=end + 2.5)
        answered = call.session.host.disposition is not None or call.session.closed
        first = call.first_sound(end)
        position = [entry.say.text for entry in call.session.ledger]
        await call.session.hangup()
        taken = answered or "再见。" in position
        return first - end if taken and first is not None else None

    return [asyncio.run(one(number, clip)) for number, clip in enumerate(short_clips(data))]


def silences(folder: Path, loss: float = 0.0) -> list[float]:
    """Seconds by which the silence prompt (3 s) is off, after the end of the question's sound."""
    off = []
    for number in range(10):
        bot = make_bot(folder / f"quiet{number}", "zh-CN", QUESTIONS["yes_no"].replace("您是", "请问" + "您" * number))

        async def one(bot: Bot = bot, number: int = number) -> float:
            call = Call(bot, seed=number, loss=loss)
            await call.start()
            await call.listening()
            await call.hear(until=call.session.now() + 4.0)
            loud = np.flatnonzero(np.abs(call.sound) > 1e-3)
            gap = int(np.argmax(np.diff(loud)))
            await call.session.hangup()
            return float((loud[gap + 1] - loud[gap]) / RATE - 3.0)

        off.append(asyncio.run(one()))
    return off
