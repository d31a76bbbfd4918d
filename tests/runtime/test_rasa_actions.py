"""A Rasa webhook told what to answer: what it is asked, what becomes of its answers, what is asked again."""

import shutil
import socket
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from huashu import Bot
from huashu.core.actions import RunAction
from huashu.core.errors import ScriptError, UsageError
from huashu.core.events import ActionResult
from huashu.core.values import Scalar
from huashu.flows.loader import load
from huashu.runtime.rasa_actions import MAX_ANSWER, rasa_actions
from huashu.runtime.rasa_mapping import MAX_EVENTS, Answer, plain
from tests.runtime.rasa_fakes import BOT, Webhook, said, script, slot, webhook

pytestmark = pytest.mark.server

SCRIPT = script()
SILENT: dict[str, Scalar] = {"回复": None, "回复名": None, "后续动作": None}
"""What the conventional variables become when the action says nothing."""
RUN = RunAction("7.1", "action_quote", {"期数": 6, "账单金额": Decimal("12000.10")}, timeout=5.0)
NAMED = {"error": "why", "action_name": "action_quote"}


async def run(server: Webhook, action: RunAction = RUN) -> ActionResult:
    return await rasa_actions(server.url, SCRIPT).run("call1", action)


def answer(*events: Any, responses: Any = ()) -> tuple[int, Any]:
    return 200, {"events": list(events), "responses": list(responses)}


def values(*events: Any, responses: Any = (), language: str = "zh-CN") -> dict[str, object]:
    found = Answer({"events": list(events), "responses": list(responses)}, SCRIPT.variables, language).values()
    return {name: value for name, value in found.items() if value is not None}


def point(folder: Path, address: str) -> None:
    """Have the bot in `folder` name another address."""
    file = folder / "bot.yaml"
    text = file.read_text(encoding="utf-8")
    assert "rasa+http://127.0.0.1:5055/webhook" in text
    file.write_text(text.replace("rasa+http://127.0.0.1:5055/webhook", address), encoding="utf-8")


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A copy of the bot that a test may edit."""
    shutil.copytree(BOT, tmp_path / "bot")
    return tmp_path / "bot"


def talk(folder: Path, server: Webhook) -> Bot:
    point(folder, server.url)
    return Bot.load(folder, trust=True)


# --- asking -----------------------------------------------------------------------------------------------------------


async def test_what_the_server_is_asked() -> None:
    with webhook(answer()) as server:
        assert await run(server) == ActionResult("7.1", values=SILENT)
    (asked,) = server.asked
    assert asked.path == "/webhook"
    assert asked.headers["idempotency-key"] == "call1/7.1"
    body = asked.body
    assert (body["next_action"], body["sender_id"], body["version"]) == ("action_quote", "call1", "3.21.1")
    tracker = body["tracker"]
    assert tracker["sender_id"] == "call1"
    assert tracker["slots"] == {"期数": 6, "账单金额": 12000.1}
    assert tracker["latest_message"]["metadata"] == {"idempotency_key": "call1/7.1"}
    assert tracker["latest_message"]["text"] == ""
    assert [(event["event"], event["name"]) for event in tracker["events"]] == [("slot", "期数"), ("slot", "账单金额")]
    assert body["domain"]["slots"]["期数"]["type"] == "float"
    assert body["domain"]["actions"] == ["action_create", "action_quote"]
    assert "肯定" in body["domain"]["intents"]


async def test_a_path_and_a_query_are_kept() -> None:
    with webhook(answer()) as server:
        server.url += "/bots/hook?token=x"
        await run(server)
    assert server.asked[0].path == "/bots/hook?token=x"


@pytest.mark.parametrize(
    ("value", "sent"),
    [
        (Decimal("2000.00"), 2000.0),
        (Decimal("0.1"), 0.1),
        (Decimal("12345678901234567.89"), "12345678901234567.89"),
        (True, True),
        ("2026-03-02", "2026-03-02"),
        (None, None),
    ],
)
def test_numbers_are_numbers_while_a_float_keeps_them(value: Scalar, sent: object) -> None:
    assert plain(value) == sent
    assert type(plain(value)) is type(sent)


# --- events -----------------------------------------------------------------------------------------------------------


async def test_slots_become_values_of_their_type_and_unknown_ones_nothing() -> None:
    with webhook(
        (200, b'{"events": [{"event": "slot", "name": "\xe6\xaf\x8f\xe6\x9c\x9f\xe9\x87\x91\xe9\xa2\x9d", '
         b'"value": 2000.10}, {"event": "slot", "name": "requested_slot", "value": [1]}, {"event": "pause"}], '
         b'"responses": []}')
    ) as server:  # fmt: skip
        assert await run(server) == ActionResult("7.1", values={**SILENT, "每期金额": Decimal("2000.10")})


def test_the_last_word_on_a_slot_counts() -> None:
    assert values(slot("期数", 3), slot("期数", 6)) == {"期数": 6}
    assert values(slot("期数", 6.0)) == {"期数": 6}


def test_a_reset_spares_what_came_with_the_call() -> None:
    found = Answer(
        {"events": [slot("期数", 3), {"event": "reset_slots"}, slot("单号", "N1")], "responses": [said("好")]},
        SCRIPT.variables,
        "zh",
    )
    cleared = found.values()
    assert cleared["回复"] == "好"
    assert "客户姓名" not in cleared
    assert "账单金额" not in cleared
    assert (cleared["期数"], cleared["核实"], cleared["单号"]) == (None, False, "N1")


def test_a_followup_is_told_to_the_script() -> None:
    assert values({"event": "followup", "name": "action_human"}) == {"后续动作": "action_human"}


# --- responses --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "responses", "reply"),
    [
        ("zh-CN", [said("您好"), said("  每期\n两千元。 "), said("要办吗")], "您好。每期 两千元。要办吗"),
        ("en-US", [said("Hello"), said("Two thousand a month.")], "Hello. Two thousand a month."),
        ("zh-CN", [said("几期？", buttons=[{"title": "三期"}, {"title": "六期"}])], "几期？您可以说：三期、六期。"),
        ("zh-CN", [said(buttons=[{"title": "办理", "payload": "/affirm"}])], "您可以说：办理。"),
        ("en-US", [said("Which", buttons=[{"title": "three"}, {"title": "six"}])], "Which. You can say: three or six."),
        ("zh-CN", [said(""), said(None)], None),
    ],
)
def test_texts_and_buttons_are_one_reply(language: str, responses: Any, reply: str | None) -> None:
    assert values(responses=responses, language=language).get("回复") == reply


def test_a_bot_event_is_said_too_and_a_slot_of_that_name_wins() -> None:
    event = {"event": "bot", "text": "好的", "data": {"buttons": [{"title": "继续"}]}}
    assert values(event) == {"回复": "好的。您可以说：继续。"}
    assert values(event, slot("回复", "另外的话")) == {"回复": "另外的话"}


def test_a_named_response_is_told_by_its_name() -> None:
    assert values(responses=[said(response="utter_over_limit", template="utter_over_limit", limit=5)]) == {
        "回复名": "utter_over_limit"
    }


def test_what_cannot_be_said_is_counted() -> None:
    responses = [said("看图", image="https://bank.example/a.png", custom={"a": 1})]
    found = Answer({"events": [{"event": "pause"}, slot("x", 1)], "responses": responses}, SCRIPT.variables, "zh")
    assert found.ignored == 4
    silent = Answer({"responses": [said("有话说")]}, {}, "zh")
    assert (silent.values(), silent.ignored) == ({}, 1)


# --- what goes wrong --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        ((400, NAMED), "rejected"),
        ((400, b"Bad Request"), "refused"),
        ((404, NAMED), "unknown_action"),
        ((404, b"<html>"), "refused"),
        ((302, b""), "refused"),
        ((401, b""), "refused"),
        ((449, NAMED), "refused"),
        ((500, {"error": "boom", "request_body": {}}), "exception"),
        ((504, b""), "timeout"),
        ((200, b"<html>"), "bad_values"),
        ((200, b"null"), "bad_values"),
        ((200, b"[" * 100_000), "bad_values"),
        ((200, b'{"events": [{"event": "slot", "name": "\xe6\x9c\x9f\xe6\x95\xb0", "value": NaN}]}'), "bad_values"),
        ((200, {"events": {}}), "bad_values"),
        ((200, {"events": [1]}), "bad_values"),
        ((200, {"events": [{}]}), "bad_values"),
        ((200, {"responses": [said(text=5)]}), "bad_values"),  # type: ignore[arg-type]
        ((200, {"events": [slot("期数", "many")]}), "bad_values"),
        ((200, {"events": [slot("单号", {"a": 1})]}), "bad_values"),
        ((200, {"events": [{"event": "pause"}] * (MAX_EVENTS + 1)}), "too_large"),
        ((200, {"responses": [said("话" * 2001)]}), "too_large"),
        ((200, b" " * (MAX_ANSWER + 1)), "too_large"),
        ("drop", "unreachable"),
    ],
)
async def test_answers_that_fail_the_action_at_once(reply: Any, error: str) -> None:
    with webhook(reply) as server:
        assert await run(server) == ActionResult("7.1", ok=False, error=error)
    assert len(server.asked) == 1


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huashu.runtime.rasa_actions.BACKOFF", 0.0)


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("status", [429, 502, 503])
async def test_a_busy_server_is_asked_again_under_the_same_key(status: int) -> None:
    busy = (status, b"")
    with webhook(busy, busy, answer(slot("单号", "N1"))) as server:
        assert (await run(server)).values == {**SILENT, "单号": "N1"}
    assert [asked.headers["idempotency-key"] for asked in server.asked] == ["call1/7.1"] * 3
    with webhook(busy, busy, busy, answer()) as server:
        assert (await run(server)).error == "unreachable"
    assert len(server.asked) == 3


def closed_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("scheme", ["rasa+http", "rasa+grpc"])
async def test_nobody_there(scheme: str, caplog: pytest.LogCaptureFixture) -> None:
    result = await rasa_actions(f"{scheme}://127.0.0.1:{closed_port()}", SCRIPT).run("call1", RUN)
    assert result == ActionResult("7.1", ok=False, error="unreachable")
    assert len([line for line in caplog.messages if "try" in line]) == 2


async def test_the_scripts_patience_is_the_limit() -> None:
    with webhook("wait") as server:
        assert (await run(server, RunAction("7.1", "action_quote", timeout=0.2))).error == "timeout"


async def test_a_request_that_is_too_large_is_not_sent() -> None:
    with webhook() as server:
        assert (await run(server, RunAction("7.1", "action_quote", {"单号": "x" * 300_000}))).error == "too_large"
    assert not server.asked


async def test_logs_hold_nothing_of_answer_or_address(caplog: pytest.LogCaptureFixture) -> None:
    with webhook(
        (500, {"error": "卡号 6222020000001234 不存在", "request_body": {}}), answer(slot("期数", "欧阳修"))
    ) as server:
        await run(server)
        await run(server)
    assert caplog.messages
    for secret in ("6222020000001234", "欧阳修", "12000.1"):
        assert secret not in caplog.text


@pytest.mark.parametrize(
    "address",
    ["rasa+ftp://h", "http://h", "rasa+http://", "rasa+grpc://h:99999", "rasa+grpc://[::1"],
)
def test_addresses_that_are_none(address: str) -> None:
    with pytest.raises(UsageError, match="rasa\\+http://host:5055/webhook"):
        rasa_actions(address, SCRIPT)


@pytest.mark.parametrize(
    "address",
    [
        "rasa+http://10.0.0.7:5055/webhook",
        "rasa+https://rasa.bank.example/webhook?token=x",
        "rasa+grpc://rasa.bank.example",
        "rasa+grpcs://[::1]:5055",
    ],
)
def test_addresses_a_script_may_name(own: Path, address: str) -> None:
    point(own, f'"{address}"')
    assert load(own).actions == address
    rasa_actions(address, SCRIPT)


@pytest.mark.parametrize("address", ["rasa://h:5055", "rasa+ftp://h:5055", "rasa+grpc://h:5055/webhook"])
def test_addresses_it_may_not(own: Path, address: str) -> None:
    point(own, address)
    with pytest.raises(ScriptError, match=r"bot\.yaml:4:10: .*rasa\+http://"):
        load(own)


# --- conversations ----------------------------------------------------------------------------------------------------


async def test_an_action_without_words_leaves_the_scripts_own(own: Path) -> None:
    with webhook(answer(slot("每期金额", "2000.00"))) as server:
        async with talk(own, server).acall(账单金额="12000.00", 客户姓名="欧阳修") as call:
            assert (await call.say("分六期")).text == "要办理吗？"
    assert server.asked[0].body["tracker"]["slots"] == {"期数": 6, "账单金额": 12000.0}


async def test_private_variables_stay_here_and_a_followup_is_a_branch(own: Path) -> None:
    with webhook(answer(responses=[said("可以吗？")]), answer({"event": "followup", "name": "action_human"})) as server:
        async with talk(own, server).acall(账单金额="12000.00", 客户姓名="欧阳修") as call:
            await call.say("分六期")
            reply = await call.say("可以")
    assert reply.handoff is not None
    assert reply.handoff.queue == "人工"
    # action_create names no arguments: everything but the private, the first answer's words too
    assert server.asked[1].body["tracker"]["slots"] == {"期数": 6, "核实": False, "回复": "可以吗？"}
