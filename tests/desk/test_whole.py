"""The whole way with nothing scripted: a caller on gRPC, the bot, the centre, and a person in a real browser."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from huashu.channels.client import Client, Conversation
from huashu.channels.conversations import VoiceFactory
from huashu.core.actions import HumanSay, Say
from huashu.core.events import Heard, HungUp
from huashu.desk.serving import seats
from huashu.flows.loader import bundle, load
from huashu.handoff.plan import Plan, Queue
from huashu.handoff.service import HandoffService
from huashu.handoff.views import Field
from huashu.runtime.bot import Bot
from huashu.store.log import Store
from tests.channels.kit import FILES, NoKnowledge, Words, said, until_listening, until_over, write_bot
from tests.channels.kit import Running as Server
from tests.channels.test_attended import FLOW, OPEN, the
from tests.desk.browsers import PHONE, sign_in, window
from tests.desk.kit import Browser, Clock, Page, Running, running

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]

PLAN = Plan(
    queues={
        "前台": Queue("前台", "前台", wrap_up=0, form=(Field("桌号", "桌号", "text", required=True),)),
        "后厨": Queue("后厨", "后厨", wrap_up=0),
    },
    dispositions=("已解决", "未解决"),
    phrases={"问候": "您好，这里是前台。"},
)


class Now(Clock):
    """The desk and the centre go by the same clock: the real one."""

    def __call__(self) -> float:
        return time.time()


@dataclass
class Hall:
    desk: Running
    centre: HandoffService
    client: Client

    async def caller(self) -> Conversation:
        """One who has asked for a person."""
        talk = await self.client.converse("canteen", OPEN)
        await until_listening(talk)
        await talk.send(Heard("好的"))
        return talk


@asynccontextmanager
async def hall(folder: Path, *people: tuple[str, str], voice: VoiceFactory | None = None) -> AsyncIterator[Hall]:
    path = write_bot(folder / "bot", {**FILES, "flows/main.yaml": FLOW})
    bot = Bot(load(path), Words(), NoKnowledge(), None, path, bundle(path))
    with Store.open(folder / "desk.db") as store:
        centre = HandoffService(PLAN, store=store)
        async with (
            Server(bot, store=store, centre=centre, voice=voice) as server,
            running(folder, clock=Now(time.time()), people=people, sign_in=seats(centre)) as desk,
            server.client() as client,
        ):
            yield Hall(desk, centre, client)


async def test_a_caller_is_taken_over_in_the_page_and_given_back(tmp_path: Path, browser: "Chromium") -> None:
    async with (
        hall(tmp_path, ("wang", "agent")) as at,
        window(browser) as page,
    ):
        await sign_in(page, at.desk.url, "wang")
        talk = await at.caller()
        await page.click(".offer .primary")
        await page.click(".acknowledge .primary")
        await page.wait_for_selector(".line.caller >> text=好的")
        await page.fill(".composer textarea", "您好，我是小王。")
        await page.keyboard.press("Enter")
        heard = await the(HumanSay, talk)
        assert isinstance(heard, HumanSay)
        assert (heard.text, heard.agent) == ("您好，我是小王。", "wang")
        await page.wait_for_selector(".line.me:not(.unsent) >> text=我是小王")
        await talk.send(Heard("我要三份"))
        await page.wait_for_selector(".line.caller >> text=我要三份")
        await page.keyboard.press("Alt+b")
        await page.select_option("dialog select", "订餐.几份")
        await page.click("dialog .primary")
        await page.wait_for_selector(".talk .empty")
        assert said(await until_listening(talk)).endswith("您要几份？")
        await talk.send(HungUp())
        await until_over(talk)


async def test_who_hangs_up_first_leaves_a_disposition_to_be_given(tmp_path: Path, browser: "Chromium") -> None:
    async with hall(tmp_path, ("wang", "agent")) as at, window(browser, size=PHONE) as page:
        await sign_in(page, at.desk.url, "wang")
        talk = await at.caller()
        await page.click(".offer .primary")
        await page.click(".acknowledge .primary")
        await page.wait_for_selector(".composer")
        await talk.send(HungUp())
        await until_over(talk)
        await page.click(".acknowledge .primary")
        await page.click("dialog >> text=已解决")
        await page.fill("dialog >> label:has-text('桌号') >> input", " ")
        await page.click("dialog .primary")
        await page.wait_for_selector("dialog .error >> text=桌号")
        await page.fill("dialog >> label:has-text('桌号') >> input", "7")
        await page.click("dialog .primary")
        await page.wait_for_selector(".acknowledge", state="detached")


async def test_a_supervisor_sees_the_call_listens_and_takes_it_over(tmp_path: Path, browser: "Chromium") -> None:
    people = (("wang", "agent"), ("chen", "supervisor"))
    async with hall(tmp_path, *people) as at, window(browser) as page:
        async with Browser.opened(at.desk) as agent:
            await agent.sign_in("wang")
            async with Page.opened(agent) as desk:
                await sign_in(page, at.desk.url, "chen")
                await page.select_option(".presence select", "break")
                talk = await at.caller()
                offer = await desk.until("Offer")
                call = offer["conversation"]["id"]
                assert (await desk.do("Accept", "1", offer=offer["id"]))["ok"]
                assert (await desk.do("Acknowledge", "2", conversation=call))["ok"]
                await desk.until("Conversation", state="bridged")
                await page.click(".live .link-like")
                await page.wait_for_selector("text=监听后可看到对话")
                await page.click(".supervision >> text=监听")
                await page.wait_for_selector(".line.caller >> text=好的")
                await desk.do("Say", "3", conversation=call, text="请讲")
                await page.wait_for_selector(".line.agent >> text=请讲")
                await page.click(".supervision >> text=接管")
                await page.click("dialog .primary")
                await page.wait_for_selector(".composer")
                await page.fill(".composer textarea", "我是班长")
                await page.keyboard.press("Enter")
                texts = [await the(HumanSay, talk), await the(HumanSay, talk)]
                assert [item.text for item in texts if isinstance(item, HumanSay)] == ["请讲", "我是班长"]
                await desk.until("Gone", id=call)
        await talk.send(HungUp())
        await until_over(talk)


async def test_a_transfer_asks_the_colleague_first(tmp_path: Path, browser: "Chromium") -> None:
    people = (("wang", "agent"), ("li", "agent"))
    async with hall(tmp_path, *people) as at, window(browser) as page:
        await sign_in(page, at.desk.url, "wang")
        talk = await at.caller()
        await page.click(".offer .primary")
        await page.click(".acknowledge .primary")
        await page.wait_for_selector(".composer")
        async with Browser.opened(at.desk) as other, window(browser) as colleague:
            del other
            await sign_in(colleague, at.desk.url, "li")
            await page.keyboard.press("Alt+t")
            await page.wait_for_selector("dialog option[value='agent li']", state="attached")
            await page.select_option("dialog select", "agent li")
            await page.click("dialog >> text=先咨询再转")
            await page.fill("dialog textarea", "客人要退餐")
            await page.click("dialog .primary")
            await colleague.click(".offer .primary")
            await colleague.wait_for_selector(".line.caller >> text=好的")
            await colleague.click(".acknowledge .primary")
            await page.click(".consult .primary")
            await page.wait_for_selector(".talk .empty")
            await colleague.fill(".composer textarea", "您好，我来处理。")
            await colleague.keyboard.press("Enter")
            heard = await the(HumanSay, talk)
            assert isinstance(heard, HumanSay)
            assert (heard.text, heard.agent) == ("您好，我来处理。", "li")
        await talk.send(HungUp())
        assert not [item for item in await until_over(talk) if isinstance(item, Say)]


async def test_a_desk_that_is_lost_comes_back_to_its_caller(tmp_path: Path) -> None:
    async with hall(tmp_path, ("wang", "agent")) as at, Browser.opened(at.desk) as agent:
        await agent.sign_in("wang")
        async with Page.opened(agent) as desk:
            talk = await at.caller()
            offer = await desk.until("Offer")
            call = offer["conversation"]["id"]
            await desk.do("Accept", "1", offer=offer["id"])
            await desk.do("Acknowledge", "2", conversation=call)
            await desk.until("Conversation", state="bridged")
            last, session = desk.views[-1]["seq"], desk.hello["session"]
        await talk.send(Heard("喂，还在吗"))
        async with Page.opened(agent, f"?session={session}&after={last}") as desk:
            assert desk.hello["whole"] is False
            await desk.until("Said", text="喂，还在吗")
            assert (await desk.do("Say", "3", conversation=call, text="在的"))["ok"]
        heard = await the(HumanSay, talk)
        assert isinstance(heard, HumanSay)
        assert heard.text == "在的"
        await talk.send(HungUp())
        await until_over(talk)
