"""A day's work in the page: what is said is in view, what waits is counted, slips are asked about, nothing jumps."""

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from huashu.desk.settings import Settings
from huashu.handoff import commands, views
from huashu.handoff.views import Answer, Said
from tests.desk import scripted
from tests.desk.browsers import PHONE, findings, painted, sign_in, window
from tests.desk.kit import Network, running
from tests.desk.scripted import NOW, Centre, ScriptedSeat
from tests.desk.test_page import until

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

pytestmark = [pytest.mark.server, pytest.mark.asyncio(loop_scope="module")]

LOW = (1366, 650)
"""What a browser leaves of a cheap PC's 1366 × 768."""


class Several(Centre):
    """`others` chats besides c1, all at one desk; c1 is bridged."""

    def __init__(self, others: int = 2) -> None:
        super().__init__(rings=False)
        self.state, self.owner = "bridged", "wang"
        self.others = {
            f"d{n}": replace(scripted.BRIEF, id=f"d{n}", state="bridged", agent="wang", caller=f"139••••{n:04}")
            for n in range(others)
        }
        self.refuses: str = ""
        self.answering = asyncio.Event()
        self.seat = Desk


class Desk(ScriptedSeat):
    centre: Several

    def look(self) -> list[views.View]:
        return [*super().look(), *self.centre.others.values()]

    def _done(self, command: commands.Command, id_: str) -> Answer:
        if self.centre.refuses:
            return Answer(False, "state", self.centre.refuses)
        return super()._done(command, id_)


class Late(Desk):
    """Answers when it is let."""

    async def perform(self, command: commands.Command, id_: str) -> Answer:
        answer = await super().perform(command, id_)
        if isinstance(command, commands.Say):
            await self.centre.answering.wait()
        return answer


async def test_words_whose_answer_is_late_stand_there_once(tmp_path: Path, browser: "Browser") -> None:
    centre = Several(0)
    centre.seat = Late
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.fill(".composer textarea", "我来帮您看")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".line.me:not(.unsent) >> text=我来帮您看")
        assert await page.locator(".line >> text=我来帮您看").count() == 1
        centre.answering.set()
        await page.fill(".composer textarea", "还有一句")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".line.me:not(.unsent) >> text=还有一句")
        assert await page.locator(".line.me").count() == 2


async def distance(page: "Page") -> float:
    """Pixels between the end of the transcript and what is in view, once it is drawn."""
    await painted(page)
    left = await page.evaluate(
        "(box => box.scrollHeight - box.scrollTop - box.clientHeight)(document.querySelector('.lines'))"
    )
    return float(left)


async def test_the_newest_words_stay_in_view_whatever_comes(tmp_path: Path, browser: "Browser") -> None:
    centre = Several(0)
    async with (
        running(tmp_path, centre=centre) as at,
        Network(at) as network,
        window(browser, size=LOW) as page,
    ):
        await sign_in(page, network.url, "wang")
        await page.wait_for_selector(".line")
        for n in range(7, 40):
            centre.speak(Said("c1", n, "caller", 90.0 + n, "这也太高了吧，" * (n % 9 + 1), final=n % 2 == 0))
        await page.wait_for_selector(".line.partial")
        await page.wait_for_function("document.querySelectorAll('.line').length >= 39")
        assert await distance(page) < 2
        centre.hints = [views.Hint("c1", 130.0, "情绪", "客户情绪激动，先安抚", "alert")]
        centre.everyone()
        await page.wait_for_selector(".hint")
        assert await distance(page) < 2
        network.cut()
        await page.wait_for_selector(".link")
        await page.fill(".composer textarea", "断线时说的话\n有两行")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".line.unsent")
        assert await distance(page) < 2
        await page.evaluate("document.querySelector('.lines').scrollTop = 0")
        await page.wait_for_selector(".newest")


async def test_words_nobody_has_read_are_counted_until_looked_at(tmp_path: Path, browser: "Browser") -> None:
    centre = Several()
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.click(".item >> text=138••••8000")
        seat = centre.seats["wang"]
        for n, text in enumerate(("人呢", "还在吗"), 1):
            seat.tell(Said("d1", n, "caller", 100.0 + n, text))
        seat.tell(Said("d1", 3, "caller", 103.0, "怎么不", final=False))
        await page.wait_for_selector(".badge.new >> text=2")
        await page.wait_for_function("document.title === '(2) 话术坐席台'")
        assert await page.locator(".item .badge.new").count() == 1, "what is in view has been read"
        await page.click(".item >> text=139••••0001")
        await page.wait_for_selector(".item .badge.new", state="detached")
        await page.wait_for_function("document.title === '话术坐席台'")
        seat.tell(Said("d1", 4, "agent", 104.0, "在的", agent="wang"))
        at.clock.now = NOW + 60
        await page.wait_for_selector(".line.me")


async def test_a_reply_that_was_refused_can_be_mended_or_dropped(tmp_path: Path, browser: "Browser") -> None:
    centre = Several(0)
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".composer")
        centre.refuses = "现在不能这样做"
        await page.keyboard.press("Alt+r")
        for text in ("第一句", "第二句"):
            await page.keyboard.type(text)
            await page.keyboard.press("Enter")
        await page.wait_for_selector(".line.failed >> nth=1")
        centre.refuses = ""
        await page.click(".line.failed >> nth=0 >> text=改写重发")
        assert await page.input_value(".composer textarea") == "第一句"
        await page.click(".line.failed >> text=不发了")
        await page.wait_for_selector(".line.failed", state="detached")
        await page.keyboard.press("Alt+r")
        await page.keyboard.press("Enter")
        await until(lambda: [item.text for item in centre.said if item.by == "agent"] == ["第一句"])


async def test_a_suggestion_does_not_take_the_place_of_what_is_written(tmp_path: Path, browser: "Browser") -> None:
    async with running(tmp_path) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.keyboard.press("Alt+a")
        await page.wait_for_selector(".acknowledge")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".composer textarea:focus")  # from the briefing straight to writing
        await page.keyboard.type("您好，")
        await page.keyboard.press("Alt+2")
        assert await page.input_value(".composer textarea") == "您好，\n提前还清的话，剩余手续费不再收取。"


async def test_what_rings_moves_nothing_and_is_seen_everywhere(tmp_path: Path, browser: "Browser") -> None:
    centre = Several()
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".item >> nth=2")
        before = await page.locator(".item >> nth=2").bounding_box()
        offer = views.Offer("o1", replace(scripted.BRIEF, id="new"), at.clock.now + 20)
        centre.seats["wang"].tell(offer)
        await page.wait_for_selector(".offer")
        assert await page.locator(".item >> nth=2").bounding_box() == before
        await page.click(".tabs >> text=工单")
        await page.wait_for_selector(".offer-bar .primary")
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        await page.click(".tabs >> text=坐席台")
        await page.click(".panes button:nth-child(2)")
        await page.wait_for_selector(".offer-bar .primary")
        await page.click(".panes button:nth-child(1)")
        await page.wait_for_selector(".offer .primary")
        assert not await page.is_visible(".offer-bar")


async def test_leaving_callers_is_asked_about(tmp_path: Path, browser: "Browser") -> None:
    centre = Several()
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".item >> nth=2")
        await page.click(".menu summary")
        await page.click("text=退出登录")
        await page.wait_for_selector("dialog >> text=3 个会话")
        await page.keyboard.press("Escape")
        assert "wang" in centre.seats
        await page.click(".menu summary")
        await page.click("text=退出登录")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("input[name=user]")
        await until(lambda: "wang" not in centre.seats)


async def test_a_dialog_ends_with_its_conversation(tmp_path: Path, browser: "Browser") -> None:
    centre = Several(0)
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".composer")
        await page.keyboard.press("Alt+t")
        await page.wait_for_selector("dialog")
        centre.state = "closed"
        centre.everyone()
        await page.wait_for_selector("dialog", state="detached")
        await page.wait_for_selector(".notice >> text=会话已结束")


async def test_what_a_dialog_lacks_is_said_in_the_page_s_own_words(tmp_path: Path, browser: "Browser") -> None:
    centre = Several(0)
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".composer")
        await page.keyboard.press("Alt+c")
        await page.click("dialog .primary")
        assert await page.inner_text("dialog .error") == "请填写：办理意向"
        await page.select_option("dialog select", "再考虑")
        await page.click("dialog .primary")
        assert await page.inner_text("dialog .error") == "请填写：小结"
        assert not [command for _, command, _ in centre.done if isinstance(command, commands.Close)]
        await page.click("dialog >> text=客户考虑")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("dialog", state="detached")
        assert centre.done[-1][1] == commands.Close("c1", "客户考虑", values={"意向": "再考虑"})


async def test_a_wrong_field_is_told_once_and_asked_once(tmp_path: Path, browser: "Browser") -> None:
    centre = Several(0)
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".field input")
        centre.refuses = "“备用电话”填得不对，例如 13800138000"
        await page.fill(".field input >> nth=1", "很多")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".field small.error >> text=例如")
        await page.keyboard.press("Tab")
        assert await page.locator(".notice").count() == 0
        assert sum(isinstance(command, commands.Fill) for _, command, _ in centre.done) == 1


async def test_a_ticket_s_note_is_added_once_and_its_fields_wait_for_whoever_takes_it(
    tmp_path: Path, browser: "Browser"
) -> None:
    class Office(Several):
        ticket = views.Ticket(
            "t9", "open", "信用卡", "新卡没收到", "c0", "", NOW + 60, form=(views.Field("金额", "金额", "money"),),
            note="李娜：昨天来过电话", caller="139••••1111",
        )  # fmt: skip

    centre = Office(0)
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        centre.seats["wang"].tell(Office.ticket)
        await page.keyboard.press("Alt+g")
        await page.click(".tickets .fold >> text=新卡没收到")
        await page.wait_for_selector(".noted >> text=昨天来过电话")
        assert await page.is_disabled(".tickets .field input"), "to save a field is to take the ticket"
        await page.click(".tickets .row >> text=领取")
        await page.wait_for_selector(".notice >> text=已领取")
        assert centre.done[-1][1] == commands.WorkTicket("t9", "take")
        centre.seats["wang"].tell(replace(Office.ticket, state="assigned", agent="wang"))
        await page.fill(".tickets .field input", "120")
        await page.keyboard.press("Enter")
        await until(lambda: getattr(centre.done[-1][1], "values", None) == {"金额": "120"})
        await page.fill(".tickets textarea", "已退款")
        await page.click(".tickets .row >> text=解决")
        await page.wait_for_selector(".notice >> text=已解决")
        assert centre.done[-1][1] == commands.WorkTicket("t9", "solve", "已退款")
        assert await page.input_value(".tickets textarea") == ""


async def test_a_ticket_is_given_to_a_colleague_and_opened_again_from_the_keyboard(
    tmp_path: Path, browser: "Browser"
) -> None:
    centre = Several(0)
    ticket = views.Ticket("t9", "assigned", "信用卡", "新卡没收到", "c0", "wang", NOW + 60)
    people = {"li": ("李娜", ("信用卡",)), "sun": ("孙强", ("挂失",))}
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        seat = centre.seats["wang"]
        for id_, (name, queues) in people.items():
            seat.tell(views.Agent(id_, name, "available", NOW, {}, {}, {}, queues=queues))
        seat.tell(ticket)
        seat.tell(replace(ticket, id="t8", title="别人的", agent="li"))
        await page.keyboard.press("Alt+g")
        await page.wait_for_selector(".tickets .fold >> text=新卡没收到")
        for _ in range(9):
            await page.keyboard.press("Alt+ArrowDown")
            if "新卡没收到" in await page.inner_text(":focus"):
                break
        await page.keyboard.press("Enter")
        await page.focus(".tickets .row >> text=指派")
        await page.keyboard.press("Enter")
        await page.wait_for_selector("dialog select")
        assert await page.locator("dialog option").all_inner_texts() == ["请选择", "李娜 · 空闲"], "of that queue only"
        assert await findings(page) == []
        await page.select_option("dialog select", "li")
        await page.fill("dialog textarea", "请今天回电")
        await page.click("dialog .primary")
        await page.wait_for_selector(".notice >> text=已指派")
        assert centre.done[-1][1] == commands.WorkTicket("t9", "assign", "请今天回电", agent="li")
        seat.tell(replace(ticket, state="closed", done=NOW - 60))
        await page.click(".tickets .row >> text=重新打开")
        await page.wait_for_selector("dialog textarea")
        assert await findings(page) == []
        await page.keyboard.type("客户又来电")
        await page.click("dialog .primary")
        await page.wait_for_selector(".notice >> text=已重新打开")
        assert centre.done[-1][1] == commands.WorkTicket("t9", "reopen", "客户又来电")
        await page.click(".tickets .fold >> text=新卡没收到")
        await page.click(".tickets .fold >> text=别人的")
        await page.wait_for_selector(".tickets .body")
        assert "指派" not in await page.inner_text(".tickets .body"), "it is not theirs to give"


async def test_why_one_is_on_a_break_is_picked_from_a_list_and_stands_on_the_wall(
    tmp_path: Path, browser: "Browser"
) -> None:
    centre = Several(0)
    async with running(tmp_path, centre=centre, breaks=("小休", "用餐")) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        seat = centre.seats["wang"]
        await page.wait_for_selector(".presence.available select")
        options = page.locator(".presence option")
        assert await options.all_inner_texts() == ["空闲", "话后处理", "小休", "用餐", "离线"]
        await page.select_option(".presence select", label="用餐")
        await until(lambda: commands.SetPresence("break", "用餐") in [done[1] for done in centre.done])
        here = views.Agent("wang", "王芳", "break", NOW, {}, {}, {}, away="用餐")
        seat.tell(here)
        await page.wait_for_selector(".presence.break")
        assert await page.locator(".presence select option:checked").inner_text() == "用餐"
        seat.tell(replace(here, away="missed"))
        await page.wait_for_selector(".presence option:checked >> text=漏接", state="attached")
        seat.tell(replace(here, presence="available", away=""))
        await page.wait_for_selector(".presence.available")
        await page.keyboard.press("Alt+p")
        await until(lambda: centre.done[-1][1:2] == (commands.SetPresence("break", "小休"),))
        async with window(browser) as wall:
            await sign_in(wall, at.url, "chen")
            await wall.wait_for_selector(".staff")
            centre.seats["chen"].tell(here)
            await wall.wait_for_selector(".people .presence-word >> text=用餐")
            assert await findings(wall) == []


async def _ticket_opened(page: "Page", url: str, centre: Several, ticket: views.Ticket) -> None:
    """wang's own ticket, beside one of li's."""
    await sign_in(page, url, "wang")
    seat = centre.seats["wang"]
    seat.tell(ticket)
    seat.tell(replace(ticket, id="t8", title="别人的", agent="li"))
    await page.keyboard.press("Alt+g")
    await page.click(".tickets .fold >> text=新卡没收到")


async def test_the_conversation_a_ticket_came_from_is_read_where_the_ticket_is_worked_on(
    tmp_path: Path, browser: "Browser"
) -> None:
    class Reader(Desk):
        def _done(self, command: commands.Command, id_: str) -> Answer:
            if isinstance(command, commands.ReadTicket):
                lines = (("bot", "请问您的卡号是多少"), ("caller", "••••11"), ("agent", "给您补一张"))
                said = tuple(Said("c0", n, by, 3.0 * n, text) for n, (by, text) in enumerate(lines))  # type: ignore[arg-type]
                slots = (views.Slot("姓名", "客户姓名", "张••", "given", private=True),)
                link = f"/desk/api/tickets/{command.ticket}/recordings/1"
                self.tell(views.Origin(command.ticket, "c0", "voice", NOW - 900, said, slots, (link,)))
                return Answer()
            return super()._done(command, id_)

    centre = Several(0)
    centre.seat = Reader
    ticket = views.Ticket("t9", "assigned", "信用卡", "新卡没收到", "c0", "wang", NOW + 60)
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await _ticket_opened(page, at.url, centre, ticket)
        assert not centre.done, "it is not fetched before somebody asks for it"
        await page.focus(".origin button")
        await page.keyboard.press("Enter")
        await page.wait_for_selector(".origin .line >> text=给您补一张")
        assert centre.done[-1][1] == commands.ReadTicket("t9")
        assert await page.locator(".origin .line").count() == 3
        assert await page.get_attribute(".origin audio", "src") == "/desk/api/tickets/t9/recordings/1"
        assert await findings(page) == []
        await page.click(".origin .slots .icon")
        await page.wait_for_selector(".origin .slots >> text=张三丰")
        assert [done[1] for done in centre.done[-1:]] == [commands.Unmask("c0", "姓名", ticket="t9")]
        await page.click(".tickets .fold >> text=别人的")
        await page.wait_for_selector(".tickets .body >> nth=1")
        assert await page.locator(".origin").count() == 1, "what is others' is not offered"


async def test_a_ticket_s_private_values_are_masked_until_its_eye_is_pressed(
    tmp_path: Path, browser: "Browser"
) -> None:
    form = (views.Field("姓名", "姓名", "name", value="张••", private=True),)
    ticket = views.Ticket(
        "t9", "assigned", "信用卡", "新卡没收到", "c0", "wang", NOW + 60, form=form, caller="139••••1111"
    )
    centre = Several(0)
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await _ticket_opened(page, at.url, centre, ticket)
        box = page.locator(".tickets .field input")
        assert (await box.get_attribute("placeholder"), await box.input_value()) == ("张••", "")
        await page.focus(".tickets .field input")
        await page.keyboard.press("Tab")
        await page.click(".tickets .private .icon")
        await page.wait_for_selector(".tickets .field input[placeholder=张三丰]")
        assert centre.done[-1][1] == commands.Unmask("c0", "姓名", "t9"), "and leaving the field wrote nothing"
        kept = [(act.about, act.detail) for act in at.desk.audit.read() if act.what == "Unmask"]
        assert kept == [("t9", "姓名")]
        await page.click(".tickets .private .icon")
        await page.wait_for_selector(".tickets .field input[placeholder=张••]")
        await page.fill(".tickets .field input", "李四")
        await page.keyboard.press("Enter")
        await until(lambda: centre.done[-1][1] == commands.WorkTicket("t9", "take", values={"姓名": "李四"}))
        await page.click(".tickets .slots .icon")
        await page.wait_for_selector(".tickets .slots >> text=13900001111")
        await page.click(".tickets .fold >> text=新卡没收到")
        await page.click(".tickets .fold >> text=别人的")
        await page.wait_for_selector(".tickets .private")
        assert not await page.is_visible(".tickets .body .icon")


async def test_a_supervisor_exports_tickets_with_private_values_only_when_that_is_ticked(
    tmp_path: Path, browser: "Browser"
) -> None:
    async with running(tmp_path) as at, window(browser, accept_downloads=True) as page:
        await sign_in(page, at.url, "chen")
        await page.keyboard.press("Alt+g")
        for tick, form, held in ((False, "csv", "\ufeffcsv 张••"), (True, "json", "json 张三丰")):
            await page.click(".tickets h2 >> text=导出")
            await page.select_option("dialog select", form)
            if tick:
                await page.check("dialog input[name=private]")
            async with page.expect_download() as coming:
                await page.click("dialog .primary")
            download = await coming.value
            assert download.suggested_filename == f"tickets.{form}"
            assert Path(await download.path()).read_text("utf-8") == held
            await page.wait_for_selector("dialog", state="detached")
        told = [act.detail for act in at.desk.audit.read() if act.what == "export"]
        assert told == ["json private", "csv"]


async def test_words_behind_another_window_are_notified_without_a_word_of_them(
    tmp_path: Path, browser: "Browser"
) -> None:
    centre = Several(1)
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await page.add_init_script(
            """localStorage.setItem('desk.desktop', 'on'); window.notes = []
            window.Notification = class {
              static permission = 'granted'
              constructor(text, options) { window.notes.push([text, options.tag]) }
              close() {}
            }
            window.away = (on) => Object.defineProperty(document, 'hidden', { value: on, configurable: true })"""
        )
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".item >> nth=1")
        seat = centre.seats["wang"]
        seat.tell(Said("c1", 20, "caller", 120.0, "我的卡号是六二二二"))
        await page.wait_for_selector("text=我的卡号是六二二二")
        assert await page.evaluate("notes") == [], "it is in front"
        await page.evaluate("away(true)")
        for n in range(3):
            seat.tell(Said("c1", 21 + n, "caller", 121.0 + n, f"在吗{n}"))
        seat.tell(Said("c1", 30, "bot", 130.0, "机器人的话"))
        await page.wait_for_selector("text=机器人的话")
        await painted(page)
        assert await page.evaluate("notes") == [["客户发来新消息", "words"]], "one for what comes at once"


async def test_who_is_away_is_told_that_nothing_will_ring(tmp_path: Path, browser: "Browser") -> None:
    centre = Centre(rings=False)
    centre.presence["wang"] = "break"
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".empty >> text=您现在是“小休”")
        await page.click(".empty .primary")
        await page.wait_for_selector(".empty >> text=暂无会话")
        assert centre.presence["wang"] == "available"


async def test_the_end_of_a_session_is_told_before_it_comes(tmp_path: Path, browser: "Browser") -> None:
    async with (
        running(tmp_path, settings=Settings(session=600)) as at,
        window(browser) as page,
    ):
        await sign_in(page, at.url, "wang")
        assert "10 分钟" in await page.inner_text(".link")


async def test_no_slip_of_enter_sends_a_caller_anywhere_and_an_offer_is_declined_by_key(
    tmp_path: Path, browser: "Browser"
) -> None:
    centre = Several(0)
    async with running(tmp_path, centre=centre) as at, window(browser) as page:
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".composer")
        await page.keyboard.press("Alt+t")
        await page.click("dialog .primary")
        assert await page.inner_text("dialog .error") == "请填写：转给"
        await page.keyboard.press("Escape")
        assert not [command for _, command, _ in centre.done if isinstance(command, commands.Transfer)]
        centre.seats["wang"].tell(views.Offer("o7", replace(scripted.BRIEF, id="new"), at.clock.now + 20))
        await page.wait_for_selector(".offer")
        await page.keyboard.press("Alt+j")
        await until(lambda: centre.done[-1][1] == commands.Decline("o7"))
