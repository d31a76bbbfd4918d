"""The people of the show, each in a browser of their own: an agent with a microphone, and a supervisor."""

import base64
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from tests.desk.browsers import chromium, sign_in, window
from tests.desk.show.sounds import Sentences, at_line, write

if TYPE_CHECKING:
    from playwright.async_api import Page

EARS = (Path(__file__).with_name("ears.js")).read_text("utf-8")
BEFORE, BETWEEN = 1.2, 15.0
"""Seconds of silence before the agent's sentence, and until the microphone says it again."""


@dataclass
class Person:
    """A page that is signed in, and what its loudspeakers play."""

    page: "Page"
    keep: Path

    @classmethod
    @asynccontextmanager
    async def at(cls, url: str, user: str, keep: Path, *flags: str) -> AsyncIterator[Self]:
        permissions = ["microphone"] if flags else []
        async with (
            chromium("--autoplay-policy=no-user-gesture-required", *flags) as browser,
            window(browser, language="en", permissions=permissions) as page,
        ):
            await page.add_init_script(EARS)
            await sign_in(page, url, user)
            yield cls(page, keep)

    async def see(self, selector: str) -> float:
        """When it is there."""
        await self.page.wait_for_selector(selector)
        return time.monotonic()

    async def picture(self, name: str) -> None:
        await self.page.screenshot(path=self.keep / f"{name}.png")

    async def heard(self) -> list[tuple[float, bytes]]:
        """Each stretch of sound that was played: the instant of its first sample by time.monotonic, and the sound at
        the line's rate."""
        shift = time.monotonic() - time.time()
        told = await self.page.evaluate("window.tellHeard()")
        return [
            (ear["began"] / 1000 + shift, at_line(base64.b64decode(ear["data"]), round(ear["rate"])))
            for ear in told
            if ear["began"]
        ]


class Agent(Person):
    @classmethod
    @asynccontextmanager
    async def with_microphone(cls, url: str, keep: Path, says: Sentences) -> AsyncIterator[Self]:
        microphone = keep / "microphone.wav"
        write(microphone, bytes(round(BEFORE * 16000)) + says.agent + bytes(round(BETWEEN * 16000)))
        flags = (
            "--use-fake-ui-for-media-stream",
            "--use-fake-device-for-media-stream",
            f"--use-file-for-fake-audio-capture={microphone}",
        )
        async with cls.at(url, "wang", keep, *flags) as agent:
            yield agent

    async def pause(self, on: bool) -> None:
        await self.page.select_option(".presence select", "break" if on else "available")

    async def offered(self) -> float:
        return await self.see(".offer .primary")

    async def accept(self) -> float:
        """Take what rings, read the briefing; when it was taken."""
        await self.page.click(".offer .primary")
        taken = await self.see(".acknowledge .primary")
        await self.picture("2-briefing")
        await self.page.click(".acknowledge .primary")
        return taken

    async def on_the_line(self) -> float:
        return await self.see(".sound.open")

    async def reads(self, speaker: str, *, beside: int = 0) -> None:
        """Until a line of "caller" or "me" is in the transcript, beside so many that are there."""
        await self.page.locator(f".line.{speaker}:not(.partial)").nth(beside).wait_for()

    async def lines(self, speaker: str) -> int:
        return await self.page.locator(f".line.{speaker}:not(.partial)").count()

    async def give_back(self, step: str) -> float:
        """To the bot, at a step; when the page was told that it is done."""
        await self.page.keyboard.press("Alt+b")
        await self.page.select_option("dialog select", step)
        await self.picture("4-back-to-the-bot")
        await self.page.click("dialog .primary")
        return await self.see(".talk .empty")


class Supervisor(Person):
    async def sees(self, state: str) -> float:
        return await self.see(f".live .state.{state}")

    async def listen(self) -> float:
        """Open the conversation on the wall and listen in."""
        if not await self.page.locator(".supervision").count():
            await self.page.click(".live .link-like")
        await self.page.click(".supervision >> text=Listen")
        return await self.listens()

    async def listens(self) -> float:
        await self.see(".supervision [aria-pressed=true]:has-text('Listen')")
        return await self.see(".sound.open")
