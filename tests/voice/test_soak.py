"""The small twin of bench/proof_soak.py and bench/voice_soak.py: calls leave nothing behind."""

import asyncio
import gc
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from huashu.channels.limits import Limits
from huashu.channels.voice_call import Switchboard
from huashu.core.events import Started
from huashu.store.log import Store
from huashu.voice.line_cache import LineCache
from huashu.voice.render import Renderer
from huashu.voice.vad import CallVad, Silero
from tests.channels import kit
from tests.channels.test_voice_call import MULAW, OPEN, Hears, Tone
from tests.voice.voice_fakes import RATE, BuzzVoice, noise, tone
from tests.voice.voice_line import Line, make_bot

pytestmark = pytest.mark.audio


def open_files() -> set[tuple[str, str]]:
    """By number and what they are, where that can be seen."""
    folder, found = Path("/proc/self/fd"), set()
    for entry in folder.iterdir() if folder.is_dir() else ():
        with suppress(OSError):  # the folder itself, as it was being read
            found.add((entry.name, str(entry.readlink())))
    return found


async def test_calls_one_after_another_leave_nothing_behind(tmp_path: Path) -> None:
    """Recorded, on record, answered, interrupted, left in mid-sentence or lost."""
    bot = make_bot(tmp_path / "bot")
    model = Silero(RATE, capacity=2)
    renderer = Renderer(BuzzVoice(), rate=RATE, cache=LineCache(), inline=True)
    with Store.open(tmp_path / "calls.db") as store:

        async def call(number: int) -> None:
            line = Line(
                bot,
                recording=tmp_path / f"{number % 3}.wav",
                store=store,
                renderer=renderer,
                detector=CallVad(model),
            )
            line.session._started = Started("", medium="voice", wall=1.8e9)  # the host makes up an id
            await line.reach_question()
            await line.say(tone(400, 0.4))
            await line.quiet(1.0)
            if number % 3 == 0:
                line.session.detach()
            elif number % 3 == 1:
                await line.say(noise(0.3) + tone(1000, 0.4))
                await line.session.hangup()
            else:
                await line.session.hangup()
            assert line.session.closed

        def held() -> tuple[int, int, int]:
            gc.collect()
            return len(gc.get_objects()), threading.active_count(), len(asyncio.all_tasks())

        for number in range(6):
            await call(number)
        before, files, blocks = held(), open_files(), sys.getallocatedblocks()
        for number in range(12):
            await call(number)
        after = held()
        assert after[0] <= before[0] + 60, "objects"
        assert after[1:] == before[1:], "threads, tasks"
        assert open_files() <= files, "those of earlier tests may be closed meanwhile, none may come"
        assert sys.getallocatedblocks() <= blocks + 600
    assert len(model._free) == 2


async def test_streams_leave_nothing_behind(tmp_path: Path) -> None:
    """Calls over the edge that are left in every way, a refused one too."""
    board = Switchboard(Hears(), Tone())
    bot = kit.make_bot(tmp_path)
    async with (
        kit.Running(bot, voice=board.call, limits=Limits(calls=2)) as running,
        running.client() as client,
    ):

        async def call(number: int) -> None:
            talk = await client.converse("canteen", OPEN, audio=MULAW)
            for _ in range(10):
                await talk.send_sound(b"\xff" * 160)
            if number % 2:
                talk.abandon()
            else:
                await talk.done()
                await kit.until_over(talk)
            async with asyncio.timeout(kit.WITHIN):
                while running.server.live:
                    await asyncio.sleep(0.001)

        for number in range(4):
            await call(number)
        gc.collect()
        tasks, files = len(asyncio.all_tasks()), len(open_files())
        for number in range(6):
            await call(number)
        await asyncio.sleep(0)
        assert len(asyncio.all_tasks()) <= tasks + 1
        assert len(open_files()) <= files + 1
        assert not board.wheel._members
        assert running.server.full == ""
    board.close()
