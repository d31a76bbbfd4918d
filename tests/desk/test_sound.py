"""A person's sound over the desk's second WebSocket."""

import asyncio
import json
import struct
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from huashu.desk.sessions import Session
from tests.desk.kit import WITHIN, Browser, Page, Running, running
from tests.desk.scripted import Centre

pytestmark = pytest.mark.server

FRAME = 320
"""Bytes: 20 ms at 8 kHz."""


def frame(value: int) -> bytes:
    return struct.pack("<h", value) * (FRAME // 2)


def page_session(at: Running) -> Session:
    return at.desk.places["wang"].session


async def test_frames_go_both_ways_in_order(tmp_path: Path) -> None:
    centre = Centre(voice=True)
    async with running(tmp_path, centre=centre) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            await page.do("Accept", "1", offer="o1")
            async with browser.connect("/desk/sound?conversation=c1") as sound:
                assert json.loads(await sound.recv()) == {"rate": 8000}
                (track,) = centre.tracks
                assert track.name == "wang"
                for number in (1, 3, 2, 2, 4):
                    await sound.send(struct.pack("<I", number) + frame(number))
                await sound.send(b"\x05\x00\x00\x00short")
                heard: list[int] = []
                async with asyncio.timeout(WITHIN):
                    while len(heard) < 4:
                        await asyncio.sleep(0)
                        taken = track.take()
                        if taken:
                            heard.append(struct.unpack_from("<h", taken)[0])
                assert heard == [1, 2, 3, 4]
                track.give(frame(77))
                track.give(frame(78))
                for number, value in ((1, 77), (2, 78)):
                    data = await asyncio.wait_for(sound.recv(), WITHIN)
                    assert data == struct.pack("<I", number) + frame(value)
            async with asyncio.timeout(WITHIN):
                while centre.tracks:
                    await asyncio.sleep(0)


async def test_sound_is_only_for_who_is_on_the_conversation(tmp_path: Path) -> None:
    async with running(tmp_path, centre=Centre(voice=True)) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with browser.connect("/desk/sound?conversation=c1") as sound:
            with pytest.raises(ConnectionClosed):
                await sound.recv()
        async with Page.opened(browser), browser.connect("/desk/sound?conversation=other") as sound:
            with pytest.raises(ConnectionClosed):
                await sound.recv()
        async with Page.opened(browser) as page:
            await page.do("Accept", "1", offer="o1")
            at.desk.sessions.lock(page_session(at))
            async with browser.connect("/desk/sound?conversation=c1") as sound:
                with pytest.raises(ConnectionClosed):
                    await sound.recv()


async def test_sound_ends_with_the_page_it_belongs_to(tmp_path: Path) -> None:
    centre = Centre(voice=True)
    async with running(tmp_path, centre=centre) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            await page.do("Accept", "1", offer="o1")
            async with browser.connect("/desk/sound?conversation=c1") as sound:
                await sound.recv()
                async with Page.opened(browser):
                    with pytest.raises(ConnectionClosed):
                        await sound.recv()
        async with Page.opened(browser), browser.connect("/desk/sound?conversation=c1") as sound:
            await sound.recv()
            await browser.post("/desk/api/sign-out")
            with pytest.raises(ConnectionClosed):
                await sound.recv()
        async with asyncio.timeout(WITHIN):
            while centre.tracks:
                await asyncio.sleep(0)
