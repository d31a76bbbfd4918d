"""What an attacker tries at the desk: others' conversations, words that would be scripts, old sessions, odd bytes."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed

from huashu.core.errors import StoreError
from huashu.core.events import Heard, HungUp
from huashu.desk.sockets import LARGEST_MESSAGE
from huashu.handoff import views
from huashu.handoff.views import Hint, Said
from tests.channels.kit import until_over
from tests.desk import scripted
from tests.desk.browsers import chromium, sign_in, window
from tests.desk.kit import PASSWORD, Browser, Page, running
from tests.desk.scripted import Centre
from tests.desk.test_whole import hall

pytestmark = pytest.mark.server

EVIL = "<img src=x onerror=window.owned=1><script>window.owned=1</script>\"'`{{7*7}}${7*7}javascript:alert(1)"


async def test_an_agent_reaches_no_conversation_that_is_not_theirs(tmp_path: Path) -> None:
    """Every command on a colleague's conversation, its sound, and every view told meanwhile."""
    async with hall(tmp_path, ("wang", "agent"), ("mallory", "agent")) as at, Browser.opened(at.desk) as one:
        await one.sign_in("wang")
        async with Page.opened(one) as wang, Browser.opened(at.desk) as other:
            talk = await at.caller()
            offer = await wang.until("Offer")
            call = offer["conversation"]["id"]
            await wang.do("Accept", "1", offer=offer["id"])
            await wang.do("Acknowledge", "2", conversation=call)
            await wang.until("Conversation", state="bridged")
            await other.sign_in("mallory")
            async with Page.opened(other) as mallory:
                tries: dict[str, dict[str, Any]] = {
                    "Say": {"text": "我是坐席"}, "Note": {"text": "x"}, "Fill": {"values": {"桌号": "7"}},
                    "Hold": {}, "Transfer": {"queue": "后厨"}, "Complete": {}, "GiveBack": {},
                    "Close": {"disposition": "已解决"}, "Unmask": {"slot": "份数"}, "Find": {"text": "好的"},
                    "Acknowledge": {}, "Supervise": {"mode": "listen"}, "Pull": {"agent": "mallory"},
                    "FileTicket": {"queue": "前台", "title": "x"},
                }  # fmt: skip
                for name, fields in tries.items():
                    answer = await mallory.do(name, f"m{name}", conversation=call, **fields)
                    assert answer["ok"] is False, name
                    assert answer["code"] in ("forbidden", "unknown"), (name, answer["code"])
                    assert not answer.get("values"), name
                for name in ("Accept", "Decline"):
                    assert (await mallory.do(name, f"o{name}", offer=offer["id"]))["ok"] is False
                async with other.connect(f"/desk/sound?conversation={call}") as socket:
                    assert await Page(socket).closed() == 4404
                await talk.send(Heard("我的秘密是四二"))
                await wang.until("Said", text="我的秘密是四二")
                await mallory.do("SetPresence", "p", presence="break")
                told = json.dumps(mallory.views, ensure_ascii=False)
                assert call not in [view["id"] for view in mallory.views if view["view"] == "Conversation"]
                assert "秘密" not in told
                assert "好的" not in told
            assert (await wang.do("Say", "9", conversation=call, text="还在"))["ok"], "nothing was taken from its agent"
            await talk.send(HungUp())
            await until_over(talk)


async def test_words_of_callers_names_phrases_and_knowledge_are_words(tmp_path: Path) -> None:
    """Nothing that anybody wrote becomes a tag, a script or a request: the page's policy fails the test if it tries."""

    centre = Centre()
    centre.conversation = replace(
        scripted.BRIEF, caller=EVIL, wanted=EVIL, bot=EVIL, queue=EVIL, step=EVIL, question=EVIL, promised=(EVIL,),
        refused=(EVIL,), history=(EVIL,), note=EVIL, steps=((EVIL, EVIL),), dispositions=(EVIL,),
        slots=(views.Slot(EVIL, EVIL, EVIL, "said", 0.5, True),),
        form=(views.Field(EVIL, EVIL, "choice", True, (EVIL,)),),
        suggestions=(views.Suggestion(EVIL, EVIL), views.Suggestion(EVIL, EVIL, "canned")), with_=(EVIL,),
    )  # fmt: skip
    centre.said = [Said("c1", n, by, float(n), EVIL, heard=0.5) for n, by in enumerate(("bot", "caller", "system"))]  # type: ignore[arg-type]
    centre.hints = [Hint("c1", 1.0, EVIL, EVIL, "alert")]
    async with running(tmp_path, centre=centre) as at, chromium() as browser, window(browser) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        await sign_in(page, at.url, "wang")
        await page.click(".offer .primary")
        await page.click(".acknowledge .primary")
        await page.wait_for_selector(".composer")
        await page.keyboard.press("Alt+r")
        await page.keyboard.type(EVIL)
        await page.keyboard.press("Enter")
        await page.keyboard.press("Alt+k")
        await page.keyboard.type(EVIL[:150])
        await page.keyboard.press("Enter")
        for key in ("t", "b", "c"):
            await page.keyboard.press(f"Alt+{key}")
            await page.wait_for_selector("dialog")
            await page.keyboard.press("Escape")
        await page.wait_for_selector(".line.me:not(.unsent)")
        assert await page.evaluate("window.owned") is None
        assert await page.locator("img, iframe, object, embed").count() == 0
        assert await page.locator("#root script").count() == 0
        assert "onerror=window.owned" in await page.inner_text(".briefing")
        assert all(url.startswith((f"{at.url}/desk/", "data:")) for url in asked), asked
        with pytest.raises(Exception, match="TrustedHTML"):  # not even our own script may make a tag of words
            await page.evaluate("document.body.innerHTML = '<b>x</b>'")


async def test_a_session_given_before_signing_in_is_worth_nothing(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        planted = "a" * 43
        browser.client.cookies.set("huashu_desk", planted)
        await browser.sign_in("wang")
        mine = browser.client.cookies.get("huashu_desk", domain="127.0.0.1")
        assert mine
        assert mine != planted
        async with httpx.AsyncClient(base_url=at.url, cookies={"huashu_desk": planted}, trust_env=False) as thief:
            assert (await thief.get("/desk/api/me")).status_code == 401


@pytest.mark.parametrize("change", [{"password": "another-long-secret"}, {"role": "designer"}, {"disabled": True}])
async def test_old_cookies_and_tokens_end_with_a_change_of_the_account(
    change: dict[str, object], tmp_path: Path
) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser, Browser.opened(at) as elsewhere:
        await browser.sign_in("wang")
        await elsewhere.sign_in("wang")
        at.clock.now += 1
        at.desk.accounts.change("wang", now=at.clock.now, **change)  # type: ignore[arg-type]
        for old in (browser, elsewhere):
            assert (await old.client.get("/desk/api/me")).status_code == 401
            assert (await old.post("/desk/api/password", {"old": PASSWORD, "new": "x" * 20})).status_code == 401
            async with old.connect("/desk/ws") as socket:
                assert await Page(socket).closed() == 4401
            async with old.connect("/desk/sound?conversation=c1") as socket:
                assert await Page(socket).closed() == 4401


async def test_paths_methods_and_bodies_that_are_none_of_ours(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        for path in (
            "/desk/assets/../index.html", "/desk/assets/..%2f..%2fserver.py", "/desk/assets/%2e%2e/%2e%2e/server.py",
            "/desk/assets/....//manifest.json", "/desk/assets/..%5cserver.py", "/desk/assets/%00", "/desk/assets/",
            "/desk/manifest.json", "/desk/static/index.html", "/etc/passwd", "//etc/passwd", "/desk/assets//etc/passwd",
        ):  # fmt: skip
            reader, writer = await asyncio.open_connection(at.where.host, at.where.port)
            writer.write(f"GET {path} HTTP/1.1\r\nhost: {at.where}\r\nconnection: close\r\n\r\n".encode())
            head, _, body = (await asyncio.wait_for(reader.read(), 5)).partition(b"\r\n\r\n")
            writer.close()
            status = int(head.split()[1])
            assert status in (400, 404), (path, status)
            assert len(body) < 200, path
        assert (await browser.client.get("/desk/api/sign-out")).status_code == 405
        assert (await browser.client.post("/desk/")).status_code == 405
        await browser.sign_in("wang")
        large = {"password": "x" * (17 << 10)}
        assert (await browser.post("/desk/api/unlock", large)).status_code in (400, 413)
        assert (await browser.client.get("/desk/api/me")).status_code == 200


async def test_messages_too_large_or_too_deep_end_the_line_alone(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        for text in ("x" * (LARGEST_MESSAGE + 1), "[" * 30_000, '{"type":' * 9_000, "null", "NaN", '"do"', ""):
            async with browser.connect("/desk/ws") as socket:
                try:
                    await socket.send(text)
                    code = await Page(socket).closed()
                except ConnectionClosed as closed:
                    code = closed.rcvd.code if closed.rcvd else 0
                assert code in (1008, 1009), text[:20]
        assert (await browser.client.get("/desk/api/me")).status_code == 200
        async with Page.opened(browser) as page:
            assert (await page.do("Find", "1", conversation="c1", text="x"))["ok"] is True


async def test_private_values_are_shown_only_where_it_is_written_down(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            await page.do("Accept", "1", offer="o1")
            await page.upto(page.hello["seq"] + 6)
            assert "张三丰" not in json.dumps(page.views, ensure_ascii=False)
            answer = await page.do("Unmask", "2", conversation="c1", slot="姓名")
            assert answer["values"] == {"姓名": "张三丰"}
            await page.do("Unmask", "2", conversation="c1", slot="账单金额")  # the same id is the same command
        seen = [(act.user, act.about, act.detail) for act in at.desk.audit.read() if act.what == "Unmask"]
        assert seen == [("wang", "c1", "姓名")]


async def test_a_recording_is_fetched_by_supervisors_alone_and_on_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    centre = Centre()
    centre.recordings = [tmp_path / "c0.wav"]
    centre.recordings[0].write_bytes(b"RIFF of a call")
    async with running(tmp_path, centre=centre) as at, Browser.opened(at) as one, Browser.opened(at) as two:
        url = "/desk/api/tickets/t1/recordings/1"
        assert (await one.client.get(url)).status_code == 401
        await one.sign_in("wang")
        await two.sign_in("chen")
        async with Page.opened(one), Page.opened(two):
            assert (await one.client.get(url)).status_code == 403
            assert (await two.client.get(url[:-1] + "2")).status_code == 404
            assert (await two.client.get(url[:-1] + "..%2f..%2fcalls.db")).status_code == 404
            heard = await two.client.get(url)
            assert (heard.content, heard.headers["cache-control"]) == (b"RIFF of a call", "no-store")
            part = await two.client.get(url, headers={"range": "bytes=0-3"})
            assert (part.status_code, part.content) == (206, b"RIFF")
            monkeypatch.setattr(at.desk.audit, "_write", full)
            assert (await two.client.get(url)).status_code == 503
            monkeypatch.undo()
        kept = [(act.user, act.about, act.outcome) for act in at.desk.audit.read() if act.what == "recording"]
        assert kept[::-1][:3] == [("wang", "t1", "forbidden"), ("chen", "t1", "unknown"), ("chen", "t1", "ok")]


async def test_tickets_are_exported_by_supervisors_alone_and_on_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise StoreError("the disk is full")

    async with running(tmp_path) as at, Browser.opened(at) as one, Browser.opened(at) as two:
        url = "/desk/api/tickets"
        assert (await one.client.get(url)).status_code == 401
        await one.sign_in("wang")
        await two.sign_in("chen")
        assert (await two.client.get(url)).status_code == 403, "nobody is at that desk"
        async with Page.opened(one), Page.opened(two):
            refused = await one.client.get(f"{url}?private=1")
            assert (refused.status_code, "张三丰" in refused.text) == (403, False)
            assert (await two.client.get(f"{url}?form=xml")).status_code == 400
            masked = await two.client.get(f"{url}?form=csv")
            assert (masked.text, masked.headers["cache-control"]) == ("\ufeffcsv 张••", "no-store")
            assert (await two.client.get(f"{url}?form=json&private=1")).text == "json 张三丰"
            monkeypatch.setattr(at.desk.audit, "_write", full)
            lost = await two.client.get(f"{url}?form=json&private=1")
            assert (lost.status_code, lost.json()["code"]) == (503, "unrecorded")
            monkeypatch.undo()
            place = at.desk.places["chen"]
            await place.lock(at.desk.sessions.lock(place.session))
            assert (await two.client.get(url)).status_code == 403
        kept = [(act.user, act.detail, act.outcome) for act in at.desk.audit.read() if act.what == "export"]
        assert kept == [("chen", "json private", "ok"), ("chen", "csv", "ok"), ("wang", "csv private", "forbidden")]


async def test_a_locked_or_foreign_page_gets_no_answer_kept_from_before(tmp_path: Path) -> None:
    """An answer is kept for who comes back; not for another person, nor in front of a locked page."""
    async with running(tmp_path) as at, Browser.opened(at) as one, Browser.opened(at) as two:
        await one.sign_in("wang")
        await two.sign_in("chen")
        async with Page.opened(one) as page, Page.opened(two) as other:
            await page.do("Accept", "1", offer="o1")
            assert (await page.do("Unmask", "secret", conversation="c1", slot="姓名"))["values"] == {"姓名": "张三丰"}
            answer = await other.do("Find", "secret", conversation="c1", text="x")
            assert "张三丰" not in json.dumps(answer, ensure_ascii=False)
            place = at.desk.places["wang"]
            await place.lock(at.desk.sessions.lock(place.session))
            answer = await page.do("Unmask", "secret", conversation="c1", slot="姓名")
            assert answer.get("values") is None
            assert answer["code"] == "locked"
            assert (await page.do("Accept", "1", offer="o1"))["ok"] is True, "what has been done is still told"
