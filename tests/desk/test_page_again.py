"""The page is loaded anew in the midst of things: sound and listening go on, or it says what is wanted."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from huashu.handoff import commands, views
from huashu.handoff.views import Answer
from tests.desk import scripted
from tests.desk.browsers import MOST, PHONE, chromium, findings, sign_in, window
from tests.desk.kit import Running, running
from tests.desk.scripted import Centre, ScriptedSeat
from tests.desk.test_page import until

if TYPE_CHECKING:
    from playwright.async_api import Page

pytestmark = pytest.mark.server

MICROPHONE = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
HELD_BACK = """
const Real = AudioContext
let touched = false
const held = []
for (const kind of ['keydown', 'pointerdown']) {
  addEventListener(kind, () => {
    touched = true
    for (const go of held.splice(0)) go()
  }, { capture: true })
}
window.AudioContext = class extends Real {
  constructor(...options) {
    super(...options)
    super.suspend()
  }
  resume() {
    if (touched) return super.resume()
    return new Promise((done) => held.push(() => super.resume().then(done)))
  }
}
"""
"""A browser that lets nothing sound before a key is pressed. Chromium's own rule cannot be used: it lets a page sound
that has a microphone, and takes what a test looks at for a touch."""


class Call(Centre):
    """c1 is a call; its agent is `owner`."""

    def __init__(self, owner: str = "wang") -> None:
        super().__init__(rings=False, voice=True)
        self.state, self.owner = "bridged", owner
        self.listens: set[str] = set()
        self.seat = Seat

    def whole(self) -> views.Conversation:
        return replace(super().whole(), listening=tuple(self.listens))


class Seat(ScriptedSeat):
    centre: Call

    def _done(self, command: commands.Command, id_: str) -> Answer:
        match command:
            case commands.Supervise(mode="listen"):
                self.centre.listens.add(self.user.id)
                self.centre.everyone()
                return Answer()
            case commands.Supervise(mode=None):
                self.centre.listens.discard(self.user.id)
                self.centre.everyone()
                return Answer()
        return super()._done(command, id_)

    def lost(self) -> None:
        super().lost()
        self.centre.listens.discard(self.user.id)


async def untouched(page: "Page") -> "Page":
    """As after a reload, for the same person: nobody has pressed anything. What a browser lets a page keep of that over
    a reload is its own affair, and not always the same."""
    other = await page.context.new_page()
    other.set_default_timeout(MOST)
    return other


async def spoken(at: Running) -> None:
    """Sound comes from the page."""
    (sound,) = at.centre.tracks
    await until(lambda: sound.take() is not None)


async def test_a_call_goes_on_with_sound_after_a_reload(tmp_path: Path) -> None:
    async with (
        running(tmp_path, centre=Call()) as at,
        chromium(*MICROPHONE, "--autoplay-policy=no-user-gesture-required") as browser,
        window(browser, permissions=["microphone"]) as page,
    ):
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".sound.open")
        await spoken(at)
        await page.reload()
        await page.wait_for_selector(".sound.open")
        await until(lambda: len(at.centre.tracks) == 1)
        await spoken(at)
        assert await page.locator(".link").count() == 0, "nothing is to be pressed"


@pytest.mark.parametrize(("language", "words"), [("zh-CN", "按任意键或点一下页面"), ("en", "press any key or click")])
async def test_where_the_browser_keeps_sound_off_the_page_says_so_until_a_key_is_pressed(
    language: str, words: str, tmp_path: Path
) -> None:
    async with (
        running(tmp_path, centre=Call(), language=language) as at,
        chromium(*MICROPHONE) as browser,
        window(browser, permissions=["microphone"], size=PHONE) as page,
    ):
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".sound.open")
        page = await untouched(page)
        await page.add_init_script(HELD_BACK)
        await page.goto(f"{at.url}/desk/")
        await page.wait_for_selector(f".link >> text={words}")
        assert words in await page.inner_text(".sound")
        assert not await findings(page)
        await until(lambda: len(at.centre.tracks) == 1)
        await page.wait_for_timeout(1500)
        (sound,) = at.centre.tracks
        assert sound.take() is None, "and the page before it keeps still"
        await page.keyboard.press("x")
        await page.wait_for_selector(".link", state="detached")
        await spoken(at)


async def test_a_ring_that_may_not_sound_is_told_and_rings_once_it_may(tmp_path: Path) -> None:
    async with (
        running(tmp_path, centre=Centre()) as at,
        chromium() as browser,
        window(browser) as page,
    ):
        await sign_in(page, at.url, "wang")
        await page.wait_for_selector(".offer")
        page = await untouched(page)
        await page.add_init_script(HELD_BACK)
        await page.add_init_script(
            """window.tones = 0
            const start = OscillatorNode.prototype.start
            OscillatorNode.prototype.start = function (...when) { window.tones++; return start.apply(this, when) }"""
        )
        await page.goto(f"{at.url}/desk/")
        await page.wait_for_selector(".link >> text=按任意键")
        await page.wait_for_timeout(2600)
        assert await page.evaluate("tones") == 0
        await page.mouse.click(700, 400)
        await page.wait_for_selector(".link", state="detached")
        await page.wait_for_function("tones >= 2")
        assert await page.evaluate("tones") <= 4, "not all at once that could not be heard"


async def test_sound_goes_on_while_one_looks_at_tickets_or_another_conversation(tmp_path: Path) -> None:
    class Mixed(Call):
        pass

    class Chat(Seat):
        def look(self) -> list[views.View]:
            return [
                *super().look(),
                replace(scripted.BRIEF, id="d0", state="bridged", agent="wang", caller="139••••0000"),
            ]

    centre = Mixed()
    centre.seat = Chat
    async with (
        running(tmp_path, centre=centre) as at,
        chromium(*MICROPHONE, "--autoplay-policy=no-user-gesture-required") as browser,
        window(browser, permissions=["microphone"]) as page,
    ):
        await sign_in(page, at.url, "wang")
        await page.click(".item >> text=138••••8000")
        await page.wait_for_selector(".sound.open")
        (sound,) = centre.tracks
        assert not await page.is_visible(".call-bar"), "the call itself is in view"
        await page.click(".item >> text=139••••0000")
        await page.wait_for_selector(".composer")
        await page.keyboard.press("Alt+g")
        await page.wait_for_selector(".tickets")
        await page.wait_for_timeout(300)
        assert centre.tracks == [sound]
        await spoken(at)
        assert "138••••8000" in await page.inner_text(".call-bar")
        assert not await findings(page)
        await page.keyboard.press("Alt+m")
        await page.wait_for_selector(".call-bar >> text=麦克风已静音")
        await page.click(".call-bar >> text=回到通话")
        await page.wait_for_selector(".sound >> text=麦克风已静音")
        assert not await page.is_visible(".call-bar")
        await page.set_viewport_size({"width": PHONE[0], "height": PHONE[1]})
        await page.click(".panes button:nth-child(3)")
        await page.click(".call-bar >> text=取消静音")
        await page.click(".call-bar >> text=回到通话")
        await page.wait_for_selector(".sound >> text=通话中")
        assert not await page.is_visible(".call-bar")
        centre.state = "closed"
        centre.everyone()
        await until(lambda: not centre.tracks)


async def test_a_supervisor_listens_again_after_a_reload(tmp_path: Path) -> None:
    centre = Call()
    async with (
        running(tmp_path, centre=centre) as at,
        chromium("--autoplay-policy=no-user-gesture-required") as browser,
        window(browser) as page,
    ):
        await sign_in(page, at.url, "chen")
        await page.click(".live .link-like")
        await page.click(".supervision >> text=监听")
        await page.wait_for_selector(".sound.open")
        await page.reload()
        await page.wait_for_selector(".supervision [aria-pressed=true]:has-text('监听')")
        await page.wait_for_selector(".sound.open")
        assert await page.locator(".wall.split").count() == 1, "where they were"
        assert await page.inner_text(".sound") == "正在收听通话", "and nothing of speaking"
        await until(lambda: len(centre.tracks) == 1 and centre.listens == {"chen"})
        asked = [command for _, command, _ in centre.done if isinstance(command, commands.Supervise)]
        assert asked[0] == commands.Supervise("c1", "listen")
        assert set(asked) == {commands.Supervise("c1", "listen")}
        await page.click(".supervision >> text=退出")
        await until(lambda: centre.listens == set())
        await page.reload()
        await page.wait_for_selector(".supervision")
        await page.wait_for_timeout(300)
        assert centre.listens == set(), "who has left does not listen again"


async def test_nobody_listens_by_themselves_after_signing_out_or_much_later(tmp_path: Path) -> None:
    centre = Call()

    async def listening(page: "Page") -> None:
        await page.click(".live .link-like")
        await page.click(".supervision >> text=监听")
        await page.wait_for_selector(".supervision .mode")

    async with running(tmp_path, centre=centre) as at, chromium() as browser, window(browser) as page:
        await sign_in(page, at.url, "chen")
        await listening(page)
        await page.goto("about:blank")
        await page.add_init_script("const now = Date.now; Date.now = () => now() + 120_000")
        await until(lambda: centre.listens == set())
        await page.goto(f"{at.url}/desk/")
        await page.wait_for_selector(".live")
        await page.wait_for_timeout(300)
        assert centre.listens == set()
        await listening(page)
        await page.click(".menu summary")
        await page.click("text=退出登录")
        await page.wait_for_selector("input[name=user]")
        centre.listens.clear()
        await sign_in(page, at.url, "chen")
        await page.wait_for_selector(".live")
        await page.wait_for_timeout(300)
        assert centre.listens == set()


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_everything_of_a_supervisor_s_page_is_in_reach_on_a_phone(language: str, tmp_path: Path) -> None:
    async with (
        running(tmp_path, centre=Call(), language=language) as at,
        chromium() as browser,
        window(browser, size=PHONE) as page,
    ):
        await sign_in(page, at.url, "chen")
        await page.wait_for_selector(".live")
        for control in await page.locator(".top :is(button, select, summary)").all():
            if await control.is_visible():
                box = await control.bounding_box()
                assert box is not None
                assert 0 <= box["x"] <= box["x"] + box["width"] <= PHONE[0], await control.inner_text()
