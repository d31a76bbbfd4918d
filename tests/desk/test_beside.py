"""Words between colleagues beside a conversation: two people in real browsers, a caller who learns nothing of them."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from huashu.core.actions import HumanSay
from huashu.core.events import HungUp
from tests.channels.kit import until_over
from tests.channels.test_attended import the
from tests.desk.browsers import PHONE, findings, sign_in, window
from tests.desk.kit import Network
from tests.desk.test_whole import hall

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]

BESIDE = "他要退餐，能退吗"


async def test_an_agent_and_a_colleague_talk_beside_a_chat(tmp_path: Path, browser: "Browser") -> None:
    people = (("wang", "agent"), ("li", "agent"))
    async with (
        hall(tmp_path, *people) as at,
        window(browser) as page,
        window(browser, size=PHONE, scheme="dark", language="en") as colleague,
    ):
        await sign_in(page, at.desk.url, "wang")
        talk = await at.caller()
        await page.click(".offer .primary")
        await page.click(".acknowledge .primary")
        await page.wait_for_selector(".composer")
        assert await page.locator(".beside").count() == 0, "nobody is there to talk to"
        await sign_in(colleague, at.desk.url, "li")
        await colleague.click(".menu summary")
        await colleague.click("text=English")
        await colleague.keyboard.press("Escape")
        await page.keyboard.press("Alt+t")
        await page.wait_for_selector("dialog option[value='agent li']", state="attached")
        await page.select_option("dialog select", "agent li")
        await page.click("dialog >> text=先咨询再转")
        await page.click("dialog .primary")
        await page.wait_for_selector(".beside")
        await page.keyboard.press("Alt+w")
        await page.keyboard.type(BESIDE)
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".aside.me:not(.unsent)")
        await colleague.click(".offer .primary")
        await colleague.wait_for_selector(f".aside >> text={BESIDE}")
        assert await colleague.locator(".beside textarea").count() == 0, "the briefing comes first"
        await colleague.click(".acknowledge .primary")
        await colleague.fill(".beside textarea", "可以退")
        await colleague.keyboard.press("Enter")
        await page.wait_for_selector(".aside:not(.me) >> text=可以退")
        assert "The caller cannot see" in await colleague.inner_text(".beside")
        told = [f"{name}: {item}" for name, one in (("agent", page), ("colleague", colleague))
                for item in await findings(one)]  # fmt: skip
        assert not told, "\n".join(told)
        for one in (page, colleague):
            assert not any("退" in line for line in await one.locator(".line .words").all_inner_texts())
        await page.reload()
        await page.wait_for_selector(f".aside.me >> text={BESIDE}")
        await page.fill(".composer textarea", "可以为您退餐。")
        await page.keyboard.press("Enter")
        heard = await the(HumanSay, talk)
        assert isinstance(heard, HumanSay)
        assert heard.text == "可以为您退餐。", "the first that the caller hears of it"
        shown = await page.locator(".consult button").all_inner_texts()
        assert [text.split() for text in shown] == [
            ["转给对方", "Alt", "O"],
            ["三方通话", "Alt", "L"],
            ["取消咨询", "Alt", "U"],
        ]
        await page.keyboard.press("Alt+o")
        await colleague.wait_for_selector(".composer")
        await talk.send(HungUp())
        assert not any(BESIDE in repr(item) for item in await until_over(talk))
        acts = [act for act in at.desk.desk.audit.read() if act.what == "SayAside"]
        assert [(act.user, act.outcome) for act in acts] == [("li", "ok"), ("wang", "ok")]
        assert BESIDE not in repr(acts)


async def test_a_supervisor_coaches_in_a_chat(tmp_path: Path, browser: "Browser") -> None:
    people = (("wang", "agent"), ("chen", "supervisor"))
    async with (
        hall(tmp_path, *people) as at,
        Network(at.desk) as network,
        window(browser) as page,
        window(browser) as boss,
    ):
        await sign_in(boss, network.url, "chen")
        await boss.select_option(".presence select", "break")
        await sign_in(page, at.desk.url, "wang")
        talk = await at.caller()
        await page.click(".offer .primary")
        await page.click(".acknowledge .primary")
        await page.wait_for_selector(".composer")
        await boss.click(".live .link-like")
        await boss.click(".supervision >> text=监听")
        await boss.wait_for_selector(".supervision .mode")
        assert await boss.locator(".beside textarea").count() == 0, "who listens says nothing"
        await page.wait_for_selector(".listening >> text=Chen 正在旁听")
        assert await page.locator(".consult, .beside").count() == 0, "nobody to hand over to, or to talk to"
        network.cut()
        await boss.wait_for_selector(".link")
        await page.wait_for_selector(".listening", state="detached")
        network.mend()
        await page.wait_for_selector(".listening")
        await boss.wait_for_selector(".supervision [aria-pressed=true]:has-text('监听')")
        await boss.click(".supervision >> text=密语")
        await boss.fill(".beside textarea", "先道歉")
        await boss.keyboard.press("Enter")
        await page.wait_for_selector(".aside >> text=先道歉")
        await page.wait_for_selector(".consult >> text=Chen 也在线")
        assert await page.locator(".consult button, .listening").count() == 0, "a supervisor takes nobody over that way"
        await page.keyboard.press("Alt+w")
        await page.keyboard.type("好的")
        await page.keyboard.press("Enter")
        await boss.wait_for_selector(".aside:not(.me) >> text=好的")
        assert not await findings(boss)
        await talk.send(HungUp())
        await until_over(talk)
