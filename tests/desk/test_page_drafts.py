"""What is written and not sent: kept, asked about before it would be lost, and nobody else's."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from huashu.handoff import commands
from huashu.handoff.views import Answer, Aside
from tests.desk.browsers import findings, sign_in, window
from tests.desk.kit import running
from tests.desk.test_page_day import Desk, Several

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]

WORDS = "我帮您查一下"


async def stored(page: "Page") -> str:
    return str(await page.evaluate("JSON.stringify({...sessionStorage, ...localStorage})"))


async def test_what_is_written_outlives_a_look_elsewhere_and_a_reload_and_goes_when_it_is_sent(
    tmp_path: Path, browser: "Browser"
) -> None:
    async with running(tmp_path, centre=Several(1)) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.click(".item >> text=138••••8000")
        await page.fill(".composer textarea", WORDS)
        await page.fill(".more textarea", "客户着急")
        await page.click(".item >> text=139••••0000")
        assert await page.input_value(".composer textarea") == ""
        await page.fill(".composer textarea", "另一位的")
        await page.reload()
        await page.wait_for_selector(".item[aria-current=true] >> text=139••••0000")
        assert await page.input_value(".composer textarea") == "另一位的"
        await page.click(".item >> text=138••••8000")
        assert await page.input_value(".composer textarea") == WORDS
        assert await page.input_value(".more textarea") == "客户着急"
        await page.press(".composer textarea", "Enter")
        await page.wait_for_selector(f".line.me:not(.unsent) >> text={WORDS}")
        assert WORDS not in await stored(page)


async def test_what_is_written_is_nowhere_once_the_page_is_locked_or_left(tmp_path: Path, browser: "Browser") -> None:
    async with running(tmp_path, centre=Several(0)) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.fill(".composer textarea", WORDS)
        assert WORDS in await stored(page)
        place = at.desk.places["wang"]
        await place.lock(at.desk.sessions.lock(place.session))
        await page.wait_for_selector("h1 >> text=页面已锁定")
        assert WORDS not in await stored(page)
        await page.fill("input[name=password]", "a-long-enough-secret")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".composer")
        assert await page.input_value(".composer textarea") == WORDS, "who unlocks goes on writing"
        await page.click(".menu summary")
        await page.click("text=退出登录")
        await page.click("dialog .primary")
        await page.wait_for_selector("input[name=user]")
        assert WORDS not in await stored(page)
        at.centre.owner = "chen"
        await sign_in(page, at.url, "chen")
        await page.click(".tabs >> text=坐席台")
        await page.click(".item")
        assert await page.input_value(".composer textarea") == "", "nor is it the next one's"


async def test_a_session_that_ended_meanwhile_leaves_nothing_behind(tmp_path: Path, browser: "Browser") -> None:
    async with running(tmp_path, centre=Several(0)) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.fill(".composer textarea", WORDS)
        await page.goto("about:blank")
        at.desk.sessions.end(at.desk.places["wang"].session)
        await page.goto(f"{at.url}/desk/")
        await page.wait_for_selector("input[name=user]")
        assert WORDS not in await stored(page)


async def test_finishing_asks_what_becomes_of_words_that_were_not_sent(tmp_path: Path, browser: "Browser") -> None:
    centre = Several(0)
    centre.conversation = replace(centre.conversation, form=())
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.fill(".composer textarea", WORDS)
        await page.keyboard.press("Alt+c")
        await page.wait_for_selector(f"dialog blockquote >> text={WORDS}")
        assert not await findings(page)
        await page.keyboard.press("Enter")
        assert await page.inner_text("dialog .error") == "请填写：有一句话还没发给客户"
        await page.keyboard.press("Space")  # the keyboard stands on the first choice
        await page.click("dialog >> text=客户考虑")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("dialog", state="detached")
        assert await page.locator(".notice").count() == 0, "it was submitted"
        said, closed = (command for _, command, _ in centre.done)
        assert said == commands.Say("c1", WORDS)
        assert closed == commands.Close("c1", "客户考虑")


async def test_words_that_could_not_be_sent_keep_the_conversation(tmp_path: Path, browser: "Browser") -> None:
    centre = Several(0)
    centre.conversation = replace(centre.conversation, form=())
    centre.refused = commands.Say
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.fill(".composer textarea", WORDS)
        await page.keyboard.press("Alt+b")
        await page.check("dialog input[value=send]")
        await page.click("dialog .primary")
        await page.wait_for_selector("dialog .error >> text=不行")
        await page.check("dialog input[value=discard]")
        await page.click("dialog .primary")
        await page.wait_for_selector("dialog", state="detached")
        assert [type(command).__name__ for _, command, _ in centre.done] == ["Say", "GiveBack"]


async def test_a_colleague_is_asked_without_a_question_about_words_not_sent(tmp_path: Path, browser: "Browser") -> None:
    async with running(tmp_path, centre=Several(0)) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.fill(".composer textarea", WORDS)
        await page.keyboard.press("Alt+t")
        await page.wait_for_selector("dialog blockquote")
        await page.click("dialog >> text=先咨询再转")
        await page.wait_for_selector("dialog blockquote", state="detached")
        await page.keyboard.press("Escape")
        assert await page.input_value(".composer textarea") == WORDS
        await page.fill(".composer textarea", "/问")
        await page.keyboard.press("Alt+c")
        await page.wait_for_selector("dialog")
        assert await page.locator("dialog blockquote").count() == 0, "what looks for a phrase is no word to anybody"


async def test_who_is_too_late_sees_what_was_not_sent_and_a_note_begun_goes_along(
    tmp_path: Path, browser: "Browser"
) -> None:
    centre = Several(0)
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.fill(".composer textarea", WORDS)
        await page.fill(".more textarea", "答应回电")
        centre.seats["wang"].tell(replace(centre.conversation, state="closed", agent="wang", form=()))
        await page.click(".acknowledge .primary")
        await page.wait_for_selector(f"dialog blockquote >> text={WORDS}")
        assert await page.locator("dialog input[name=unsent]").count() == 0
        assert await page.input_value("dialog textarea") == "答应回电"


class Beside(Desk):
    """Tells what is said beside it before it answers."""

    async def perform(self, command: commands.Command, id_: str) -> Answer:
        if isinstance(command, commands.SayAside):
            self.tell(Aside("c1", 0, self.user.id, 9.0, command.text, id_))
            await self.centre.answering.wait()
        return await super().perform(command, id_)


async def test_an_aside_whose_answer_is_late_stands_there_once(tmp_path: Path, browser: "Browser") -> None:
    centre = Several(0)
    centre.seat = Beside
    centre.conversation = replace(centre.conversation, asked="li", asking="bridged")
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.fill(".beside textarea", "能退吗")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".aside.me:not(.unsent) >> text=能退吗")
        assert await page.locator(".aside").count() == 1
        centre.answering.set()


async def test_a_note_begun_on_a_ticket_waits_there(tmp_path: Path, browser: "Browser") -> None:
    async with running(tmp_path, centre=Several(0)) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.click(".tabs >> text=工单")
        await page.click(".tickets .fold")
        await page.fill(".tickets textarea", "已核对")
        await page.click(".tabs >> text=坐席台")
        await page.click(".tabs >> text=工单")
        await page.reload()
        await page.click(".tickets .fold")
        assert await page.input_value(".tickets textarea") == "已核对"
        await page.click(".tickets .row >> text=领取")
        await page.wait_for_selector(".notice >> text=已领取")
        assert "已核对" not in await stored(page)
