"""The page in a real browser, against a centre with a script."""

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from huashu.desk.settings import Settings
from huashu.handoff import commands
from huashu.handoff.views import Hint, Said
from tests.desk.browsers import PHONE, WIDE, findings, sign_in, window, working
from tests.desk.kit import PASSWORD, WITHIN, Network, running
from tests.desk.scripted import BRIEF, WORDS, Centre

if TYPE_CHECKING:
    from playwright.async_api import Browser

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]


async def until(true: Callable[[], object]) -> None:
    async with asyncio.timeout(WITHIN):
        while not true():
            await asyncio.sleep(0.01)


async def test_a_conversation_by_keyboard_from_offer_to_return(tmp_path: Path, browser: "Browser") -> None:
    centre = Centre()
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".offer")
        assert "手续费太高" in await page.inner_text(".offer")
        await page.keyboard.press("Alt+a")
        await page.wait_for_selector(".acknowledge")
        briefing = await page.inner_text(".briefing")
        for told in ("选期数", "您想分几期？", "已发送短信", "3 期", "王芳"):
            assert told in briefing
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".composer")
        assert "十二期" in await page.inner_text(".line.bot s"), "what was not heard is struck out"

        await page.keyboard.press("Alt+r")
        await page.keyboard.type("您好，我是王芳。")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".line.me:not(.unsent)")
        await page.keyboard.press("Alt+1")
        assert (await page.input_value(".composer textarea")).startswith("六期每期手续费率")
        await page.fill(".composer textarea", "/问")
        await page.wait_for_selector("[role=option]")
        await page.keyboard.press("Enter")
        assert await page.input_value(".composer textarea") == "您好，我是人工坐席。"
        await page.keyboard.press("Enter")
        await until(lambda: any("人工坐席" in item.text for item in centre.said))

        centre.speak(Said("c1", 20, "caller", 99.0, "那", final=False))
        await page.wait_for_selector(".line.partial")
        centre.speak(Said("c1", 20, "caller", 99.0, "那就十二期吧"))
        await page.wait_for_selector("text=那就十二期吧")
        assert await page.locator(".line.partial").count() == 0

        await page.keyboard.press("Alt+n")
        await page.keyboard.type("客户改为十二期")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".noted >> text=客户改为十二期")
        await page.select_option(".field select", "有意向")
        await until(lambda: centre.conversation.form[0].value == "有意向")
        await page.click("[aria-label*=客户姓名]")
        await page.wait_for_selector(".value >> text=张三丰")
        await page.keyboard.press("Alt+h")
        await page.wait_for_selector(".head .state >> text=保持中")

        await page.keyboard.press("Alt+b")
        await page.select_option("dialog select", "分期.确认")
        await page.fill("[name='slot 期数']", "12")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".talk .empty")
        back = centre.done[-1][1]
        assert back == commands.GiveBack("c1", "分期.确认", {"期数": "12"})


async def test_transfer_disposition_and_presence(tmp_path: Path, browser: "Browser") -> None:
    centre = Centre()
    async with running(tmp_path, centre=centre) as at, window(browser, language="en") as page:
        await sign_in(page, at.url, "wang")
        await page.click(".menu summary")
        await page.click("text=English")
        await page.keyboard.press("Escape")
        for end in ("t", "c"):
            centre.state = "offered"
            centre.everyone()
            await page.click(".offer .primary")
            await page.click(".acknowledge .primary")
            await page.wait_for_selector(".composer")
            await page.keyboard.press(f"Alt+{end}")
            if end == "t":
                await page.select_option("dialog select", "queue 投诉")
                await page.fill("dialog textarea", "wants the supervisor")
            else:
                await page.select_option("dialog [name='field 意向']", "再考虑")  # what must be filled is asked for
                await page.click("dialog >> text=客户考虑")
            await page.click("dialog .primary")
            await page.wait_for_selector(".talk .empty")
        done = [command for _, command, _ in centre.done]
        assert commands.Transfer("c1", "投诉", "", "cold", "wants the supervisor") in done
        assert done[-1] == commands.Close("c1", "客户考虑", values={"意向": "再考虑"})
        await page.keyboard.press("Alt+p")
        await until(lambda: centre.presence["wang"] == "break")
        await page.keyboard.press("?")
        assert "Back to the bot" in await page.inner_text("dialog")


async def test_a_cut_line_loses_and_doubles_no_word(tmp_path: Path, browser: "Browser") -> None:
    """On a phone, at 300 ms there and back and 2 % loss."""
    centre = Centre()
    async with (
        running(tmp_path, centre=centre) as at,
        Network(at, delay=0.15, loss=0.02) as network,
        window(browser, size=PHONE) as page,
    ):
        await sign_in(page, network.url, "wang")
        await page.click(".offer .primary")
        await page.click(".acknowledge .primary")
        await page.fill(".composer textarea", "第一句")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".line.me:not(.unsent)")
        for turn in range(3):
            network.cut()
            await page.wait_for_selector(".link")
            for part in range(2):
                await page.fill(".composer textarea", f"断线时说的第{turn}{part}句")
                await page.keyboard.press("Enter")
            assert await page.locator(".line.unsent").count() == 2
            centre.speak(Said("c1", 100 + turn, "caller", 120.0 + turn, f"客户第{turn}句"))
            network.mend()
            await page.wait_for_selector(".link", state="detached")
            await until(lambda turn=turn: sum("断线" in item.text for item in centre.said) == 2 * turn + 2)  # type: ignore[misc]
            await page.wait_for_selector(".line.unsent", state="detached")
        said = [item.text for item in centre.said if item.by == "agent"]
        assert said == ["第一句", *(f"断线时说的第{turn}{part}句" for turn in range(3) for part in range(2))]
        shown = await page.locator(".line .words").all_inner_texts()
        assert sorted(shown, key=shown.index) == shown
        for text in (*said, "客户第0句", "客户第2句"):
            assert sum(text in line for line in shown) == 1


async def test_a_second_window_takes_over_and_the_first_can_take_back(tmp_path: Path, browser: "Browser") -> None:
    async with running(tmp_path) as at, window(browser) as first, window(browser) as second:
        await sign_in(first, at.url, "wang")
        await sign_in(second, at.url, "wang")
        await first.wait_for_selector(".link >> text=另一个页面")
        await first.click(".link button")
        await second.wait_for_selector(".link >> text=另一个页面")
        await first.wait_for_selector(".offer")


async def test_an_idle_page_hides_everything(tmp_path: Path, browser: "Browser") -> None:
    async with running(tmp_path, settings=Settings(idle=60)) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".offer")
        at.clock.now += 100
        await at.desk.tick()
        await page.wait_for_selector("text=页面已锁定")
        assert "138" not in await page.content()
        await page.fill("input[name=password]", PASSWORD)
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".top")
        await page.click(".menu summary")
        await page.click("text=退出登录")
        await page.wait_for_selector("input[name=user]")
        assert "138" not in await page.content()


async def test_a_supervisor_listens_whispers_barges_and_takes_over(tmp_path: Path, browser: "Browser") -> None:
    centre = Centre()
    centre.state, centre.owner = "bridged", "wang"
    centre.presence["wang"] = "available"
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "chen")
        for told in ("最长等待\n2:10", "服务水平", "贷款咨询", "wang", "人工服务"):
            await page.wait_for_function(
                "(told) => document.querySelector('.board')?.innerText.includes(told)", arg=told
            )
        await page.click(".live .link-like")
        for word, mode in (("监听", "listen"), ("密语", "whisper"), ("强插", "barge"), ("接管", "takeover")):
            await page.click(f".supervision >> text={word}")
            if mode == "takeover":
                await page.wait_for_selector("dialog >> text=wang 会退出")
                assert getattr(centre.done[-1][1], "mode", "") == "barge", "an agent is not put out by a slip"
                await page.click("dialog .primary")
            await until(lambda mode=mode: centre.done[-1:] and getattr(centre.done[-1][1], "mode", "") == mode)  # type: ignore[misc]
        await page.wait_for_selector("dialog .primary", state="detached")
        await page.wait_for_selector(".composer")
        await page.fill(".composer textarea", "我是班长")
        await page.keyboard.press("Enter")
        await until(lambda: centre.said[-1].text == "我是班长")
        whole = [act.detail for act in at.desk.audit.read() if act.what == "Supervise"]
        assert whole == ["mode=takeover", "mode=barge", "mode=whisper", "mode=listen"]


async def test_who_listened_listens_again_when_the_server_has_been_started_again(
    tmp_path: Path, browser: "Browser"
) -> None:
    centre = Centre()
    centre.state, centre.owner = "bridged", "wang"
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "chen")
        await page.click(".live .link-like")
        await page.click(".supervision >> text=密语")
        await page.wait_for_selector(".mode")
        for last in (False, True):
            if last:
                centre.refused = commands.Supervise
            done = len(centre.done)
            place = at.desk.places.pop("chen")
            await place.close(1012, "restart")
            await until(lambda done=done: len(centre.done) > done)  # type: ignore[misc]
            assert getattr(centre.done[-1][1], "mode", "") == "listen", "nobody is heard again who has not said so"
            if last:
                await page.wait_for_selector(".notice >> text=旁听已结束")
                await page.wait_for_selector(".supervision [aria-pressed=true]", state="detached")
            else:
                await page.wait_for_selector(".supervision [aria-pressed=true]:has-text('监听')")


async def test_times_are_those_of_the_centre(tmp_path: Path, browser: "Browser") -> None:
    """As in the history that the server writes."""
    centre = Centre()
    centre.state, centre.owner = "bridged", "wang"
    for zone in ("Asia/Shanghai", "America/New_York"):
        async with (
            running(tmp_path / zone[:4], centre=centre, zone=zone) as at,
            window(browser, timezone_id="Europe/Berlin") as page,
        ):
            await sign_in(page, at.url, "wang")
            said = datetime.fromtimestamp(BRIEF.began + WORDS[0].at, ZoneInfo(zone))
            await page.wait_for_selector(f".line .time >> text={said:%H:%M}")


async def test_a_long_conversation_stays_quick(tmp_path: Path, browser: "Browser") -> None:
    """3,000 lines: few are drawn, and a new one shows at once."""
    centre = Centre()
    centre.state, centre.owner = "bridged", "wang"
    centre.said = [Said("c1", n, "caller" if n % 2 else "bot", float(n), f"第{n}句话") for n in range(1, 3001)]
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector("text=第3000句话")
        assert await page.locator(".line").count() <= 120
        work = await working(page)
        for n in range(3001, 3101):
            centre.speak(Said("c1", n, "caller", float(n), f"第{n}句话"))
        await page.wait_for_selector("text=第3100句话")
        took = await work()
        assert took < 1.0, f"{took:.1f} s of work for a hundred lines"
        await page.click(".earlier")
        assert await page.locator(".line").count() > 120


@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_the_page_is_accessible(
    language: str, scheme: str, size: tuple[int, int], tmp_path: Path, browser: "Browser"
) -> None:
    centre = Centre()
    centre.hints = [
        Hint("c1", 90.0, "情绪", "客户情绪激动", "alert"),
        Hint("c1", 91.0, "开场", "还没有自我介绍", "warn"),
    ]
    people = (("wang", "agent"), ("zhao", "admin"))
    async with (
        running(tmp_path, centre=centre, people=people, language=language) as at,
        window(browser, size=size, scheme=scheme, language=language, reduced_motion="reduce") as page,
    ):
        found: dict[str, list[str]] = {}
        await page.goto(f"{at.url}/desk/")
        await page.wait_for_selector("input[name=user]")
        found["door"] = await findings(page)
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".offer")
        found["offer"] = await findings(page)
        await page.click(".offer .primary")
        await page.click(".acknowledge .primary")
        await page.fill(".composer textarea", "/")
        found["conversation"] = await findings(page)
        await page.fill(".composer textarea", "")
        for key, name in (("t", "transfer"), ("b", "to bot"), ("c", "finish")):
            await page.keyboard.press(f"Alt+{key}")
            await page.wait_for_selector("dialog")
            found[name] = await findings(page)
            await page.keyboard.press("Escape")
        if size == PHONE:
            await page.click(".panes button:last-child")
            found["details"] = await findings(page)
        await page.click(".tabs >> nth=0 >> button:last-child")
        await page.click(".tickets .fold")
        found["tickets"] = await findings(page)
        await page.click(".menu summary")
        found["menu"] = await findings(page)
        await page.click(".menu .sheet > button:last-child")
        found["leaving callers"] = await findings(page)
        await page.click("dialog .primary")
        await sign_in(page, at.url, "zhao")
        await page.wait_for_selector(".live")
        found["wall"] = await findings(page)
        await page.click(".menu summary")
        await page.click(".menu .sheet > button:nth-last-child(2)")
        await page.wait_for_selector("dialog td")
        found["audit"] = await findings(page)
        await page.keyboard.press("Escape")
        await page.keyboard.press("?")
        found["help"] = await findings(page)
        await page.keyboard.press("Escape")
        await page.click(".live .link-like")
        await page.click(".supervision button >> nth=0")
        found["watching"] = await findings(page)
        told = [f"{place}: {item}" for place, items in found.items() for item in items]
        assert not told, "\n".join(told)
