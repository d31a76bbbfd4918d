"""Who gets in, for how long, and what a stranger's page cannot do."""

import asyncio
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from huashu.core.errors import StoreError, UsageError
from huashu.desk.accounts import Accounts
from huashu.desk.audit import Audit
from huashu.desk.sessions import MOST_SESSIONS, Sessions
from huashu.desk.settings import Settings
from huashu.desk.tables import Tables
from huashu.store.log import Store
from tests.desk.kit import PASSWORD, Browser, Page, running

pytestmark = pytest.mark.server


async def test_a_name_and_its_password_open_the_desk(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        assert (await browser.client.get("/desk/api/me")).status_code == 401
        for name, password in (("wang", "wrong-but-long-enough"), ("nobody", PASSWORD), ("wang", ""), ("", "")):
            response = await browser.sign_in(name, password)
            assert (response.status_code, response.json()["code"]) == (401, "refused")
        response = await browser.sign_in("Wang")
        assert response.status_code == 200
        cookie = response.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        me = (await browser.client.get("/desk/api/me")).json()
        assert (me["me"]["id"], me["me"]["role"], me["locked"]) == ("wang", "agent", False)
        assert PASSWORD not in str(me)


async def test_behind_https_the_cookie_goes_no_other_way(tmp_path: Path) -> None:
    settings = Settings(url="https://desk.example.com")
    async with running(tmp_path, settings=settings) as at, Browser.opened(at) as browser:
        response = await browser.client.post(
            "/desk/api/sign-in",
            json={"user": "wang", "password": PASSWORD},
            headers={"host": "desk.example.com", "origin": "https://desk.example.com"},
        )
        cookie = response.headers["set-cookie"]
        assert cookie.startswith("__Host-")
        assert "Secure" in cookie
        assert "strict-transport-security" in response.headers


async def test_signing_out_ends_it_everywhere(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            assert (await browser.post("/desk/api/sign-out")).status_code == 200
            assert await page.closed() == 4401
        assert at.centre.presence["wang"] == "offline"
        assert (await browser.client.get("/desk/api/me")).status_code == 401


async def test_what_changes_something_wants_the_token_and_our_own_page(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        for headers, code in (
            ({"x-csrf-token": ""}, "csrf"),
            ({"x-csrf-token": "x" * 32}, "csrf"),
            ({"x-csrf-token": browser.csrf, "origin": "https://evil.example"}, "origin"),
        ):
            response = await browser.client.post("/desk/api/sign-out", json={}, headers=headers)
            assert (response.status_code, response.json()["code"]) == (403, code)
        evil = {"origin": "https://evil.example"}
        signing = {"user": "wang", "password": PASSWORD}
        response = await browser.client.post("/desk/api/sign-in", json=signing, headers=evil)
        assert (response.status_code, response.json()["code"]) == (403, "origin")
        response = await browser.client.post("/desk/api/sign-in", data=signing)
        assert response.status_code == 400
        async with httpx.AsyncClient(base_url=at.url, trust_env=False) as bare:
            assert (await bare.post("/desk/api/sign-in", json=signing)).status_code == 403


async def test_every_answer_carries_the_headers(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        for path in ("/desk/", "/desk/api/me", "/desk/api/settings", "/desk/assets/none.js", "/other"):
            headers = (await browser.client.get(path)).headers
            policy = headers["content-security-policy"]
            assert "default-src 'none'" in policy
            assert "unsafe" not in policy
            assert "http" not in policy
            assert "frame-ancestors 'none'" in policy
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "no-referrer"
        assert (await browser.client.get("/desk/api/me")).headers["cache-control"] == "no-store"
        assert (await browser.client.get("/desk/assets/..%2findex.html")).status_code == 404


async def test_a_name_that_is_not_ours_is_not_answered(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        response = await browser.client.get("/desk/", headers={"host": "rebound.example"})
        assert response.status_code == 421


async def test_guessing_is_slowed_for_that_name_and_address(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        for _ in range(10):
            assert (await browser.sign_in("wang", "guess-guess-guess")).status_code == 401
        response = await browser.sign_in("wang")
        assert (response.status_code, response.json()["code"]) == (429, "too_many")
        assert 0 < int(response.headers["retry-after"]) <= 601
        assert (await browser.sign_in("chen")).status_code == 200
        at.clock.now += 601
        assert (await browser.sign_in("wang")).status_code == 200
        told = [(act.what, act.user, act.outcome) for act in at.desk.audit.read()]
        assert told.count(("sign-in", "wang", "refused")) == 10
        assert ("sign-in", "wang", "too_many") in told


async def test_guesses_at_the_same_time_count_too(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        tries = await asyncio.gather(*(browser.sign_in("wang", "guess-guess-guess") for _ in range(20)))
        assert sum(response.status_code == 401 for response in tries) == 10


async def test_a_session_is_over_after_its_hours(tmp_path: Path) -> None:
    async with running(tmp_path, settings=Settings(session=3600, idle=0)) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            at.clock.now += 3601
            await at.desk.tick()
            assert await page.closed() == 4401
        assert (await browser.client.get("/desk/api/me")).status_code == 401


@pytest.mark.parametrize("change", [{"disabled": True}, {"role": "designer"}, {"password": "another-long-secret"}])
async def test_a_changed_account_is_out_at_once(change: dict[str, object], tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            at.clock.now += 1
            at.desk.accounts.change("wang", now=at.clock.now, **change)  # type: ignore[arg-type]
            await page.say({"type": "do", "id": "1", "command": "Accept", "offer": "o1"})
            assert await page.closed() == 4401
        assert at.centre.done == []


async def test_an_idle_page_locks_and_shows_nothing_until_unlocked(tmp_path: Path) -> None:
    async with running(tmp_path, settings=Settings(idle=60)) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            await page.until("Offer")
            at.clock.now += 50
            await page.say({"type": "alive"})
            await page.do("Find", "1", conversation="c1", text="x")
            at.clock.now += 50
            await at.desk.tick()
            at.clock.now += 11
            await at.desk.tick()
            await page.told("locked")
            assert (await page.do("Accept", "2", offer="o1"))["code"] == "locked"
            at.centre.state = "closed"
            at.centre.everyone()
            assert (await browser.post("/desk/api/unlock", {"password": "not-the-password"})).status_code == 401
            async with Page.opened(browser) as again:
                assert again.hello["locked"] is True
                assert (await browser.post("/desk/api/unlock", {"password": PASSWORD})).status_code == 200
                await again.told("unlocked")
                await again.until("Queue")
                assert (await again.do("Find", "3", conversation="c1", text="x"))["ok"] is True


async def test_a_page_does_not_lock_during_a_call(tmp_path: Path) -> None:
    async with running(tmp_path, settings=Settings(idle=60)) as at, Browser.opened(at) as browser:
        at.centre.conversation = replace(at.centre.conversation, medium="voice")
        await browser.sign_in("wang")
        async with Page.opened(browser) as page:
            await page.do("Accept", "1", offer="o1")
            at.clock.now += 600
            await at.desk.tick()
            assert (await page.do("Say", "2", conversation="c1", text="x"))["ok"] is True
            await page.do("Close", "3", conversation="c1", disposition="拒绝")
            await at.desk.tick()
            await page.told("locked")


async def test_a_password_is_changed_by_who_knows_the_old_one(tmp_path: Path) -> None:
    async with running(tmp_path) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        at.clock.now += 1
        refused = await browser.post("/desk/api/password", {"old": "wrong-wrong-wrong", "new": "quite-another-one"})
        assert refused.status_code == 401
        short = await browser.post("/desk/api/password", {"old": PASSWORD, "new": "short"})
        assert short.status_code == 400
        assert (
            await browser.post("/desk/api/password", {"old": PASSWORD, "new": "quite-another-one"})
        ).status_code == 200
        assert (await browser.client.get("/desk/api/me")).status_code == 200
        assert (await browser.sign_in("wang")).status_code == 401


async def test_only_an_admin_reads_the_audit_and_that_is_kept_too(tmp_path: Path) -> None:
    async with running(tmp_path, people=(("wang", "agent"), ("zhao", "admin"))) as at, Browser.opened(at) as browser:
        await browser.sign_in("wang")
        assert (await browser.client.get("/desk/api/audit")).status_code == 403
        await browser.sign_in("zhao")
        told = (await browser.client.get("/desk/api/audit?user=wang")).json()
        assert [act["what"] for act in told] == ["sign-in"]
        assert at.desk.audit.read(limit=1)[0].what == "audit"


def test_the_tables_stand_beside_the_record(tmp_path: Path) -> None:
    path = tmp_path / "calls.db"
    tables = Tables.open(path)
    Accounts(tables).add("wang", PASSWORD, now=1.0)
    with Store.open(path) as store:
        assert store.calls() == []
    tables.close()
    again = Tables.open(f"sqlite:///{path}")
    assert [user.id for user in Accounts(again).all()] == ["wang"]
    assert PASSWORD.encode() not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
    with again.begin() as connection:
        connection.exec_driver_sql("UPDATE desk_schema SET version = 99")
    again.close()
    with pytest.raises(StoreError, match="newer"):
        Tables.open(path)


def test_a_cookie_cannot_be_made_from_the_table_and_a_sixth_session_ends_the_first(tmp_path: Path) -> None:
    tables = Tables.open(tmp_path / "desk.db")
    user = Accounts(tables).add("wang", PASSWORD, now=1.0)
    sessions = Sessions(tables, lasts=3600)
    tokens = [sessions.begin(user, now=2.0 + number)[0] for number in range(MOST_SESSIONS + 1)]
    assert sessions.find(tokens[0], now=10.0) is None
    found = sessions.find(tokens[1], now=10.0)
    assert found is not None
    assert sessions.find(found.digest, now=10.0) is None
    tables.close()


def test_accounts_that_cannot_be(tmp_path: Path) -> None:
    tables = Tables.open(tmp_path / "desk.db")
    accounts = Accounts(tables)
    accounts.add("wang", PASSWORD, now=1.0)
    for name, password, role, wrong in (
        ("wang", PASSWORD, "agent", "already"),
        ("WANG", PASSWORD, "agent", "already"),
        ("li", "short", "agent", "characters"),
        ("li li", PASSWORD, "agent", "cannot be"),
        ("li", PASSWORD, "boss", "no role"),
    ):
        with pytest.raises(UsageError, match=wrong):
            accounts.add(name, password, role=role, now=1.0)
    with pytest.raises(UsageError, match="no user"):
        accounts.get("li")
    accounts.remove("wang")
    assert accounts.all() == []
    tables.close()


def test_the_audit_forgets_what_is_old(tmp_path: Path) -> None:
    tables = Tables.open(tmp_path / "desk.db")
    audit = Audit(tables)
    for at in (1.0, 2.0, 3.0):
        audit.note(at, "saw", user="wang", about="c1")
    assert audit.sweep(2.5) == 2
    assert [act.at for act in audit.read(about="c1")] == [3.0]
    tables.close()
