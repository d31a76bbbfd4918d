"""The page's line: what it is told, what it asks, and that a cut loses and doubles nothing."""

import asyncio
import json
from contextlib import suppress
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from huashu.core.errors import StoreError
from huashu.desk.outbox import MOST_KEPT, Outbox
from huashu.handoff.views import Said
from tests.desk.kit import Browser, Page, running
from tests.desk.scripted import PRIVATE, Centre

pytestmark = pytest.mark.server


async def test_an_agent_takes_a_conversation_and_gives_it_back(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            assert page.hello["whole"] is True
            assert page.hello["me"]["role"] == "agent"
            offer = await page.until("Offer")
            assert offer["conversation"]["caller"] == "138••••8000"
            assert (await page.do("Accept", "1", offer="o1"))["ok"] is True
            await page.until("Conversation", state="accepted")
            await page.do("Acknowledge", "2", conversation="c1")
            await page.until("Conversation", state="bridged")
            await page.do("Say", "3", conversation="c1", text="您好")
            said = await page.until("Said", by="agent")
            assert (said["text"], said["agent"]) == ("您好", "wang")
            await page.do("GiveBack", "4", conversation="c1", step="分期.确认", values={"期数": 6})
            await page.until("Gone", id="c1")
            assert [type(command).__name__ for _, command, _ in at.centre.done] == [
                "Accept",
                "Acknowledge",
                "Say",
                "GiveBack",
            ]


async def test_a_cut_line_goes_on_where_it_was_and_a_command_is_done_once(tmp_path: Path) -> None:
    centre = Centre()
    async with running(tmp_path, centre=centre) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            await page.until("Offer")
            await page.do("Accept", "1", offer="o1")
            await page.until("Said", n=6)
            last, session = page.views[-1]["seq"], page.hello["session"]
            await page.say({"type": "do", "id": "lost", "command": "Say", "conversation": "c1", "text": "在的"})
            await page.answer("lost")
            await page.say({"type": "seen", "seq": last})
        while not centre.lost:
            await asyncio.sleep(0)
        centre.speak(Said("c1", 8, "caller", 95.0, "还在吗"))
        async with Page.opened(browser, f"?session={session}&after={last}") as page:
            assert page.hello["whole"] is False
            again = await page.do("Say", "lost", conversation="c1", text="在的")
            assert again["ok"] is True
            await page.until("Said", n=8)
            assert [view["n"] for view in page.views if view["view"] == "Said"] == [7, 8]
            assert sum(command == "Say" for command in (type(item[1]).__name__ for item in centre.done)) == 1


async def test_what_changed_unheard_is_told_at_reconnect(tmp_path: Path) -> None:
    """Even where the centre tells a lost desk nothing."""
    centre = Centre()
    async with running(tmp_path, centre=centre) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            await page.until("Offer")
            await page.upto(page.hello["seq"] + 6)
            last, session = page.views[-1]["seq"], page.hello["session"]
        while not centre.lost:
            await asyncio.sleep(0)
        centre.state = "closed"
        async with Page.opened(browser, f"?session={session}&after={last}") as page:
            assert page.hello["whole"] is False
            await page.until("Withdrawn", id="o1")


async def test_a_page_that_is_not_known_any_more_is_told_everything(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser, "?session=another&after=7") as page:
            assert page.hello["whole"] is True
            await page.until("Offer")


async def test_the_newest_page_wins(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as old, Page.opened(browser) as new:
            assert await old.closed() == 4409
            await new.until("Offer")
            assert (await new.do("Accept", "1", offer="o1"))["ok"] is True
            assert not at.centre.lost


@pytest.mark.parametrize(
    ("message", "code"),
    [
        ({"command": "Explode"}, "invalid"),
        ({"command": "Say", "conversation": "c1"}, "invalid"),
        ({"command": "Say", "conversation": "c1", "text": 7}, "invalid"),
        ({"command": "Say", "conversation": "c1", "text": "x" * 4001}, "invalid"),
        ({"command": "Say", "conversation": "c1", "text": "x", "more": 1}, "invalid"),
        ({"command": "SetPresence", "presence": "asleep"}, "invalid"),
        ({"command": "Fill", "conversation": "c1", "values": {"a": [1]}}, "invalid"),
        ({"command": "Supervise", "conversation": "c1", "mode": "listen"}, "forbidden"),
        ({"command": "Pull", "conversation": "c1"}, "forbidden"),
    ],
)
async def test_a_command_that_cannot_be_is_refused_and_does_nothing(
    message: dict[str, object], code: str, tmp_path: Path
) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            await page.say({"type": "do", "id": "1", **message})
            answer = await page.answer("1")
            assert (answer["ok"], answer["code"]) == (False, code)
            assert at.centre.done == []


@pytest.mark.parametrize(("role", "ok"), [("supervisor", True), ("admin", True), ("designer", False), ("agent", False)])
async def test_roles_bound_what_may_be_asked(role: str, ok: bool, tmp_path: Path) -> None:
    async with running(tmp_path, people=(("li", role),)) as at, Browser.opened(at) as browser:
        await browser.sign_in("li")
        async with Page.opened(browser) as page:
            answer = await page.do("Supervise", "1", conversation="c1", mode="listen")
            assert answer["ok"] is ok
            answer = await page.do("Find", "2", conversation="c1", text="手续费")
            assert answer["ok"] is (role != "designer")


async def test_who_saw_and_did_what_is_kept_without_what_was_said(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            await page.until("Offer")
            await page.do("Accept", "1", offer="o1")
            answer = await page.do("Unmask", "2", conversation="c1", slot="姓名")
            assert answer["values"] == {"姓名": PRIVATE["姓名"]}
            await page.do("Say", "3", conversation="c1", text="张三丰先生您好")
            await page.do("Fill", "4", conversation="c1", values={"意向": "有意向"})
        kept = at.desk.audit.read()
        told = [(act.user, act.what, act.about, act.detail) for act in reversed(kept)]
        assert ("wang", "saw", "c1", "") in told
        assert ("wang", "Unmask", "c1", "姓名") in told
        assert ("wang", "Fill", "c1", "意向") in told
        assert not any("张三丰" in str(act) or "有意向" in str(act) for act in kept)


async def test_without_a_record_nothing_private_is_shown_and_the_caller_is_served(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            await page.do("Accept", "1", offer="o1")
            monkeypatch.setattr(at.desk.audit, "_write", full)
            answer = await page.do("Unmask", "2", conversation="c1", slot="姓名")
            assert (answer["ok"], answer["code"], "values" in answer) == (False, "unrecorded", False)
            assert (await page.do("Say", "3", conversation="c1", text="您好"))["ok"] is True
            await page.until("Said", by="agent")


async def test_malformed_and_oversized_messages_end_the_line(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        for text, code in (("[1]", 1008), ("{", 1008), (json.dumps({"type": "x" * 70_000}), 1009)):
            async with Page.opened(browser) as page:
                await page.socket.send(text)
                assert await page.closed() == code


async def test_a_flood_of_messages_ends_the_line(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            with suppress(ConnectionClosed):
                for number in range(400):
                    await page.say({"type": "seen", "seq": number})
            assert await page.closed() == 1008


async def test_only_our_own_page_opens_the_line(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        for origin in ("http://evil.example", None):
            with pytest.raises(InvalidStatus) as refused:
                await connect(
                    f"ws://{at.where}/desk/ws",
                    additional_headers={"cookie": browser.cookie},
                    origin=origin,  # type: ignore[arg-type]
                    proxy=None,
                )
            assert refused.value.response.status_code == 403
        browser.client.cookies.clear()
        async with browser.connect("/desk/ws") as socket:
            assert await Page(socket).closed() == 4401


def test_the_outbox_is_bounded_and_says_so() -> None:
    box = Outbox()
    for number in range(MOST_KEPT + 10):
        box.put(Said("c1", number, "caller", 0.0, "嗯"))
    assert not box.keeps(5)
    assert box.keeps(10)
    assert [seq for seq, _ in box.after(10)][:2] == [11, 12]
    box.seen(MOST_KEPT)
    assert [seq for seq, _ in box.after(MOST_KEPT)] == list(range(MOST_KEPT + 1, MOST_KEPT + 11))
    assert not box.keeps(MOST_KEPT + 11)


def test_the_same_view_is_told_once() -> None:
    box = Outbox()
    said = Said("c1", 1, "caller", 0.0, "喂", final=False)
    assert box.put(said)
    assert not box.put(said)
    assert box.put(Said("c1", 1, "caller", 0.0, "喂你好"))
    assert box.seq == 2


async def test_a_page_that_takes_lists_is_told_several_things_at_once(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with browser.connect("/desk/ws?lists=1") as socket:
            assert json.loads(await socket.recv())["type"] == "hello"
            first = json.loads(await socket.recv())
            assert [item["view"] for item in first].count("Queue") == 3
            assert [item["seq"] for item in first] == list(range(1, len(first) + 1))
            one = Said("c1", 40, "caller", 99.0, "一句")
            for seat in at.centre.seats.values():
                seat.tell(one)
            told = json.loads(await socket.recv())
            assert (told["text"], told["seq"]) == ("一句", len(first) + 1), "one by itself is no list"
