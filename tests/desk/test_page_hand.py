"""Small things of the page that cost whoever works with it all day."""

from pathlib import Path

import pytest

from tests.desk.browsers import chromium, sign_in, window
from tests.desk.kit import running
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
