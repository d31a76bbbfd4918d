"""Small things of the page that cost whoever works with it all day."""

from pathlib import Path

import pytest

from huashu.handoff import commands
from tests.desk.browsers import chromium, sign_in, window
from tests.desk.kit import running
from tests.desk.test_page import until
from tests.desk.test_page_day import Several

pytestmark = pytest.mark.server


async def test_who_chooses_a_conversation_in_the_list_writes_at_once_and_sees_all_that_is_written(
    tmp_path: Path,
) -> None:
    async with running(tmp_path, centre=Several(1)) as at, chromium() as browser, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.click(".item >> text=138••••8000")
        await page.click(".item >> text=139••••0000")
        await page.keyboard.type("您好，" * 40)
        assert len(await page.input_value(".composer textarea")) == 120
        hidden = "(box => box.scrollHeight - box.clientHeight)(document.querySelector('.composer textarea'))"
        assert await page.evaluate(hidden) <= 0
        await page.set_viewport_size({"width": 900, "height": 700})
        await page.click(".panes button:nth-child(2)")
        await page.wait_for_function(f"{hidden} <= 0")


async def test_another_language_is_on_the_whole_page_at_once(tmp_path: Path) -> None:
    async with running(tmp_path, centre=Several(0)) as at, chromium() as browser, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".line .by >> text=客户")
        await page.click(".menu summary")
        await page.click(".menu >> text=English")
        await page.wait_for_selector(".line .by >> text=Caller")
        assert await page.locator(".line .by >> text=客户").count() == 0


async def test_a_field_that_is_left_by_key_is_saved_as_one_that_is_left_by_mouse(tmp_path: Path) -> None:
    centre = Several(1)
    async with running(tmp_path, centre=centre) as at, chromium() as browser, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.click(".item >> text=138••••8000")
        await page.fill(".field input >> nth=0", "明天上午")
        await page.focus(".field input >> nth=0")
        await page.keyboard.press("Alt+ArrowDown")
        await until(lambda: commands.Fill("c1", {"回访时间": "明天上午"}) in [command for _, command, _ in centre.done])
        await page.click(".item >> text=138••••8000")
        await page.wait_for_function("document.querySelector('.field input').value === '明天上午'")
        assert sum(isinstance(command, commands.Fill) for _, command, _ in centre.done) == 1
