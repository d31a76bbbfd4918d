"""Draws the pictures of docs/desk.md anew: the page in a real browser, in front of a centre with invented callers.

python tools/desk_pictures.py           # needs Chromium and the Python package playwright
python tools/desk_pictures.py FOLDER    # everything in both sizes, appearances and languages, to look it over
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from huashu.handoff import views  # noqa: E402
from tests.desk import scripted  # noqa: E402
from tests.desk.browsers import PHONE, chromium, sign_in, window  # noqa: E402
from tests.desk.kit import Clock, Running, running  # noqa: E402

if TYPE_CHECKING:
    from playwright.async_api import Page

OUT = ROOT / "docs" / "img"
LARGEST = 150_000
WIDE = (1280, 740)


class Shifted(Clock):
    """The scripted centre's time, running."""

    def __call__(self) -> float:
        return time.time() - START


START = time.time() - scripted.NOW
CALLERS: tuple[tuple[str, views.State, str, str, str, str, float], ...] = (
    ("c2", "bot", "139••••2233", "快递改约", "", "快递", 0.1),
    ("c3", "bot", "186••••9017", "快递改约", "", "快递", 0.2),
    ("c4", "queued", "137••••4410", "信用卡分期", "", "信用卡", 0.75),
    ("c5", "bridged", "150••••7781", "贷款咨询", "li", "贷款", 0.35),
)


COLLEAGUES: tuple[tuple[str, str, views.Presence], ...] = (
    ("li", "李娜", "available"),
    ("zhou", "周涛", "break"),
    ("sun", "孙倩", "wrap_up"),
    ("wu", "吴磊", "available"),
)
TICKETS = (
    views.Ticket(
        "T000012", "assigned", "信用卡", "新卡没收到，要求补寄", "c7", "wang", scripted.NOW + 5400, 1,
        (
            views.Field("姓名", "客户姓名", "name", value="张•", private=True),
            views.Field("回电", "回电号码", "phone", True, value="139••••9000", private=True),
            views.Field("产品", "产品", "choice", True, ("分期", "取现", "挂失"), "挂失"),
            views.Field("期数", "期数", "integer"),
        ),
        "14:32 李娜：卡已寄出七天，客户没有收到，答应今天回电。", "138••••8000", "csat 4",
    ),
    views.Ticket("T000013", "open", "贷款", "提前还款算错了", "c8", "", scripted.NOW - 600, 2, caller="186••••9017"),
    views.Ticket("T000009", "solved", "信用卡", "手续费减免", "c6", "li", scripted.NOW + 9000, caller="137••••4410"),
)  # fmt: skip


class Busy(scripted.Centre):
    """More to see on the wall."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.seat = Seat


class Seat(scripted.ScriptedSeat):
    def look(self) -> list[views.View]:
        shown: list[views.View] = [view for view in super().look() if not isinstance(view, views.Ticket)]
        shown += TICKETS
        if not self.watches:
            return shown
        for number, (name, state, caller, bot, agent, queue, anger) in enumerate(CALLERS):
            began = scripted.NOW - 40.0 * number - 65
            one = replace(scripted.BRIEF, id=name, state=state, caller=caller, bot=bot, agent=agent, queue=queue)
            shown.append(replace(one, since=began + 20, began=began, mood=((1.0, anger),), medium="voice"))
        for number, (name, title, presence) in enumerate(COLLEAGUES):
            load: dict[views.Medium, int] = {"voice": int(name == "li"), "text": 0}
            held = ("c5",) if name == "li" else ()
            since = scripted.NOW - 100 * number - 30
            shown.append(views.Agent(name, title, presence, since, {"信用卡": 5}, load, {"voice": 1, "text": 3}, held))
        return shown


async def conversation(page: "Page", at: Running) -> None:
    await page.click(".offer .primary")
    await page.click(".acknowledge .primary")
    await page.wait_for_selector(".composer")
    centre = at.centre
    centre.hints = [views.Hint("c1", 97.0, "情绪", "客户情绪激动，请先安抚，再解释手续费。", "warn")]
    centre.speak(views.Said("c1", 7, "agent", 92.0, "张先生您好，我是王芳，手续费我来给您算一下。", agent="wang"))
    centre.speak(views.Said("c1", 8, "caller", 97.0, "好，那你快一点，六期一共", False))
    centre.everyone()
    await page.wait_for_selector(".line.partial")


async def offered(page: "Page", at: Running) -> None:
    await page.wait_for_selector(".offer")


async def reading(page: "Page", at: Running) -> None:
    await page.click(".offer .primary")
    await page.wait_for_selector(".acknowledge")


async def returned(page: "Page", at: Running) -> None:
    await conversation(page, at)
    await page.keyboard.press("Alt+b")
    await page.select_option("dialog select", "分期.确认")


async def wall(page: "Page", at: Running) -> None:
    at.centre.state, at.centre.owner = "bridged", "wang"
    at.centre.presence["wang"] = "available"
    at.centre.everyone()
    for seat in at.centre.seats.values():
        for view in seat.look():
            seat.tell(view)
    await page.click(".live .link-like >> text=138••••8000")
    await page.click(".supervision button >> nth=0")
    await page.wait_for_selector(".supervision .mode")
    await page.evaluate("document.querySelector('.board').scrollTop = 0")


async def worked_on(page: "Page", at: Running) -> None:
    await page.keyboard.press("Alt+g")
    if await page.locator(".tickets").count() == 0:  # a supervisor's wall comes before
        await page.keyboard.press("Alt+g")
    await page.click(".tickets .fold >> text=新卡没收到")
    await page.wait_for_selector(".tickets .private")


async def finishing(page: "Page", at: Running) -> None:
    await conversation(page, at)
    await page.fill(".composer textarea", "六期一共是 4351 元，您看可以吗？")
    await page.keyboard.press("Alt+c")
    await page.check("dialog input[value=send]")


async def beside(page: "Page", at: Running) -> None:
    await conversation(page, at)
    at.centre.conversation = replace(at.centre.conversation, asked="li", asking="bridged")
    at.centre.everyone()
    seat = at.centre.seats["wang"]
    seat.tell(views.Aside("c1", 0, "wang", 94.0, "客户嫌手续费高，能免首期吗？"))
    seat.tell(views.Aside("c1", 1, "li", 101.0, "老客户可以，您直接答应他。"))
    await page.wait_for_selector(".aside >> nth=1")


Act = Callable[["Page", Running], Awaitable[None]]
PICTURES: tuple[tuple[str, str, Act, tuple[int, int], str, str], ...] = (
    ("desk-offer", "wang", offered, WIDE, "light", "zh-CN"),
    ("desk-conversation", "wang", conversation, WIDE, "light", "zh-CN"),
    ("desk-conversation-en", "wang", conversation, WIDE, "dark", "en"),
    ("desk-back-to-bot", "wang", returned, WIDE, "light", "zh-CN"),
    ("desk-phone", "wang", reading, PHONE, "light", "zh-CN"),
    ("desk-wall", "chen", wall, WIDE, "light", "zh-CN"),
    ("desk-tickets", "wang", worked_on, WIDE, "light", "zh-CN"),
)


def every() -> tuple[tuple[str, str, Act, tuple[int, int], str, str], ...]:
    """Each thing to see in both sizes, appearances and languages, to be looked over."""
    acts = {"offer": offered, "briefing": reading, "conversation": conversation, "back": returned, "finish": finishing,
            "beside": beside, "tickets": worked_on, "wall": wall}  # fmt: skip
    return tuple(
        (f"{name}-{'phone' if size is PHONE else 'wide'}-{scheme}-{language[:2]}",
         "chen" if act is wall else "wang", act, size, scheme, language)
        for name, act in acts.items()
        for size, scheme, language in (
            (WIDE, "light", "zh-CN"), (WIDE, "dark", "en"), (PHONE, "light", "en"), (PHONE, "dark", "zh-CN"))
    )  # fmt: skip


async def draw(pictures: tuple[tuple[str, str, Act, tuple[int, int], str, str], ...], out: Path) -> None:
    out.mkdir(exist_ok=True)
    async with chromium() as browser:
        for name, user, act, size, scheme, language in pictures:
            with tempfile.TemporaryDirectory() as folder:
                clock = Shifted()
                centre = Busy(clock=clock)
                people = (("wang", "agent"), ("chen", "supervisor"))
                async with (
                    running(Path(folder), centre=centre, clock=clock, people=people, language=language) as at,
                    window(browser, size=size, scheme=scheme, language=language, reduced_motion="reduce") as page,
                ):
                    await sign_in(page, at.url, user)
                    await act(page, at)
                    await page.wait_for_timeout(400)
                    path = out / f"{name}.png"
                    await page.screenshot(path=path)
            size_of = path.stat().st_size
            print(f"{path}  {size_of / 1000:.0f} KB")
            assert out != OUT or size_of <= LARGEST, f"{path} is too large for the manual"


if __name__ == "__main__":
    asyncio.run(draw(every(), Path(sys.argv[1])) if len(sys.argv) > 1 else draw(PICTURES, OUT))
