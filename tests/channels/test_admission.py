"""Calls are let in while they can be served, refused with a reason when not, and never cut by a server that stops."""

import asyncio
import sys
from pathlib import Path

import grpc
import pytest
from starlette.testclient import TestClient

from huashu.channels.admission import Admission
from huashu.channels.client import Client, Conversation, Received, Sound
from huashu.channels.http_server import app
from huashu.channels.limits import Limits
from huashu.channels.voice_call import Switchboard
from huashu.core.actions import Disposition, Listen, Say
from huashu.core.errors import RemoteError
from huashu.core.events import Dtmf, Started
from tests.channels.kit import WITHIN, Kitchen, Running, make_bot, write_bot
from tests.channels.process import ServerProcess
from tests.channels.test_grpc_server import NOT_SERVING, health
from tests.channels.test_voice_call import MULAW, OPEN, Hears, Tone

pytestmark = pytest.mark.server


def test_a_late_server_takes_no_new_call_and_takes_them_again_when_it_has_caught_up() -> None:
    door = Admission(Limits(late=0.1))
    for _ in range(50):
        door.look(0.01)
    assert door.call_refusal(resuming=False) is None
    door.look(3.0)
    door.look(3.0)
    assert door.call_refusal(resuming=False) is None, "two stalls are no load"
    for _ in range(3):
        door.look(0.25)
    refused = door.call_refusal(resuming=False)
    assert refused is not None
    assert refused.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert "250 ms late (at most 100)" in refused.details
    assert "250 ms late" in door.full
    assert door.call_refusal(resuming=True) is None, "who was in already is served"
    assert door.stream_refusal() is None, "text needs no clock"
    for _ in range(50):
        door.look(0.0)
    assert door.full == ""


def test_places_come_back() -> None:
    door = Admission(Limits(conversations=2, calls=1))
    with door.stream(), door.call():
        assert "all 1 spoken calls" in door.full
        assert door.call_refusal(resuming=True) is not None, "a bound is a bound"
        with door.stream():
            refused = door.stream_refusal()
            assert refused is not None
            assert refused.retry == Limits().retry_after
    assert door.full == ""


async def test_one_call_too_many_is_refused_and_text_is_not(tmp_path: Path) -> None:
    board = Switchboard(Hears(), Tone())
    limits = Limits(calls=1, retry_after=7.0)
    async with Running(make_bot(tmp_path), voice=board.call, limits=limits) as running, running.client() as client:
        first = await client.converse("canteen", OPEN, audio=MULAW)
        assert running.server.full
        with pytest.raises(RemoteError, match="all 1 spoken calls are taken; try again in 7 s") as refused:
            await client.converse("canteen", OPEN, audio=MULAW)
        assert (refused.value.code, refused.value.retryable) == ("resource_exhausted", True)
        await client.converse("canteen", OPEN)
        first.abandon()
        async with asyncio.timeout(WITHIN):
            while running.server.full:
                await asyncio.sleep(0)
        await client.converse("canteen", OPEN, audio=MULAW)
    board.close()


OPEN_DOOR = Started("", medium="voice")
KEYPAD = {
    "bot.yaml": "bot: door\ntitle: Door\nlanguage: en-US\n",
    "flows/main.yaml": """
flow: main
silence: [{after: 90s, end: gone}]
steps:
- open: {ask: Press one., answers: {affirm: {end: gone}}, dtmf: {keys: {"1": affirm}}}
endings:
  gone: {say: Goodbye., result: success}
""",
}


async def _until(talk: Conversation, kind: type) -> list[Received]:
    """Sends silence, as a telephone does, until something of a kind comes or the call is over."""
    received: list[Received] = []

    async def mouth() -> None:
        while True:
            await talk.send_sound(b"\xff" * 160)
            await asyncio.sleep(0.02)

    speaking = asyncio.create_task(mouth())
    try:
        async with asyncio.timeout(WITHIN):
            while (item := await talk.receive()) is not None:
                received.append(item)
                if isinstance(item, kind):
                    break
    finally:
        speaking.cancel()
    return received


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM")
async def test_sigterm_cuts_no_call_that_speaks(tmp_path: Path) -> None:
    """A real process: a new call is turned away, the live one goes on to its last word, then the process ends."""
    write_bot(tmp_path / "bots" / "door", KEYPAD)
    async with ServerProcess(tmp_path / "bots", cache=tmp_path / "cache", asr="pocketsphinx") as process:
        async with Client(await process.start()) as client:
            talk = await client.converse("door", OPEN_DOOR, audio=MULAW)
            await _until(talk, Listen)
            process.terminate()
            async with grpc.aio.insecure_channel(process.grpc) as channel:
                while await health(channel) != NOT_SERVING:
                    await asyncio.sleep(0.01)
            with pytest.raises(RemoteError, match="stopping") as refused:
                await client.converse("door", OPEN_DOOR, audio=MULAW)
            assert refused.value.code == "unavailable"
            await talk.send(Dtmf("1"))
            rest = await _until(talk, type(None))
        assert [item.text for item in rest if isinstance(item, Say)] == ["Goodbye."]
        assert [item.result for item in rest if isinstance(item, Disposition)] == ["success"]
        assert any(isinstance(item, Sound) for item in rest)
        assert await asyncio.wait_for(process.ended(), WITHIN) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGTERM")
async def test_the_drain_is_bounded(tmp_path: Path) -> None:
    write_bot(tmp_path / "bots" / "door", KEYPAD)
    async with ServerProcess(tmp_path / "bots", cache=tmp_path / "cache", asr="pocketsphinx", drain=0.2) as process:
        async with Client(await process.start()) as client:
            talk = await client.converse("door", OPEN_DOOR, audio=MULAW)
            await _until(talk, Listen)
            process.terminate()
            with pytest.raises(RemoteError, match="resume the call on another"):
                await _until(talk, type(None))
        assert await asyncio.wait_for(process.ended(), WITHIN) == 0


async def test_a_full_server_is_not_ready(tmp_path: Path) -> None:
    board = Switchboard(Hears(), Tone())
    bot = make_bot(tmp_path, Kitchen())
    async with (
        Running(bot, voice=board.call, limits=Limits(calls=1)) as running,
        running.client() as client,
    ):
        web = TestClient(app(lambda: running.server.ready, full=lambda: running.server.full))
        assert web.get("/readyz").text == "ready\n"
        await client.converse("canteen", OPEN, audio=MULAW)
        answer = web.get("/readyz")
        assert (answer.status_code, answer.text) == (503, "full: all 1 spoken calls are taken\n")
        assert web.get("/healthz").status_code == 200
    board.close()
