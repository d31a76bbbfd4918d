"""`do:` answered by a real rasa-sdk server, over HTTP and gRPC, alone and within whole conversations."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from huashu import Bot
from huashu.core.actions import RunAction
from huashu.core.events import ActionResult
from huashu.core.values import Scalar
from huashu.runtime.rasa_actions import rasa_actions
from tests.runtime import rasa_live
from tests.runtime.rasa_fakes import BOT, script

pytestmark = pytest.mark.server

SCRIPT = script()
ARGS: dict[str, Scalar] = {"期数": 6, "账单金额": Decimal("12000.00")}


@dataclass
class Live:
    address: str
    folder: Path

    async def run(self, name: str, **args: Scalar) -> ActionResult:
        return await self.within(10.0, name, **args)

    async def within(self, timeout: float, name: str, **args: Scalar) -> ActionResult:
        action = RunAction("7.1", name, args or ARGS, timeout=timeout)
        return await rasa_actions(self.address, SCRIPT).run("call1", action)

    async def told(self, name: str, **args: Scalar) -> dict[str, Scalar]:
        """The values of an action that went well, those without a value left out."""
        result = await self.run(name, **args)
        assert result.ok, result.error
        return {name: value for name, value in result.values.items() if value is not None}


@pytest.fixture(scope="module", params=["http", "grpc"])
def live(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    folder = tmp_path_factory.mktemp(request.param)
    with rasa_live.server(folder, over=request.param) as address:
        yield Live(address, folder)


# --- single actions ---------------------------------------------------------------------------------------------------


async def test_what_an_action_sees(live: Live) -> None:
    told = await live.told("action_tell", 期数=6, 每期金额=Decimal("2000.50"), 单号=None)
    seen = json.loads(str(told["单号"]))
    assert seen["sender"] == "call1"
    assert seen["slots"] == {"期数": 6, "每期金额": 2000.5, "单号": None}
    assert seen["last"] == seen["slots"]
    assert (seen["text"], seen["intent"]) == ("", None)
    assert seen["domain"] == sorted(SCRIPT.variables)


async def test_slots_texts_and_buttons(live: Live) -> None:
    assert await live.told("action_quote") == {
        "每期金额": Decimal("2000.00"),
        "回复": "分6期，每期2000.00元。要办理吗？您可以说：办理、不用了。",
    }


async def test_the_key_reaches_the_action(live: Live) -> None:
    assert await live.told("action_create") == {"单号": "7.1"}


async def test_a_named_response_and_a_followup(live: Live) -> None:
    assert await live.told("action_escalate") == {"回复名": "utter_over_limit", "后续动作": "action_human"}


async def test_a_reset(live: Live) -> None:
    result = await live.run("action_reset")
    assert result.values == {
        "期数": None, "每期金额": None, "单号": "N1", "核实": False,
        "回复": "都清空了", "回复名": None, "后续动作": None,
    }  # fmt: skip


async def test_rasas_own_slot_validation(live: Live) -> None:
    assert await live.told("action_validate_slot_mappings", 期数=12) == {"期数": 12}
    assert (await live.run("action_validate_slot_mappings", 期数=36)).values["期数"] is None
    assert await live.told("action_validate_slot_mappings", 期数=36) == {"回复": "最多二十四期。"}


@pytest.mark.parametrize(
    ("name", "error"),
    [("action_nobody_wrote", "unknown_action"), ("action_odd", "bad_values"), ("action_chatter", "too_large")],
)
async def test_what_fails(live: Live, name: str, error: str) -> None:
    assert await live.run(name) == ActionResult("7.1", ok=False, error=error)


async def test_a_rejection(live: Live) -> None:
    assert (await live.run("action_create", 期数=36)).error == "rejected"


async def test_an_action_that_raised_is_not_run_again(live: Live, caplog: pytest.LogCaptureFixture) -> None:
    assert (await live.run("action_crash")).error == "exception"
    assert (live.folder / "runs").read_text(encoding="utf-8") == "x"
    assert "6222020000001234" not in caplog.text


async def test_an_action_that_takes_too_long(live: Live) -> None:
    assert (await live.within(0.3, "action_hang")).error == "timeout"
    assert (await live.run("action_create")).ok


# --- trouble on the way -----------------------------------------------------------------------------------------------


@dataclass
class Gate:
    """Stands before a server, as a load balancer does: says 503 so many times, then lets requests through."""

    target: str
    busy: int
    heads: list[bytes] = field(default_factory=list)
    address: str = ""

    async def pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        if len(self.heads) <= self.busy:
            writer.write(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        else:
            where = urlsplit(self.target)
            inner, outer = await asyncio.open_connection(where.hostname, where.port)
            length = next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            outer.write(head + await reader.readexactly(int(length.split(b":")[1])))
            answer = await inner.readuntil(b"\r\n\r\n")
            size = next(line for line in answer.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            writer.write(answer + await inner.readexactly(int(size.split(b":")[1])))
            outer.close()
        await writer.drain()
        writer.close()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Gate"]:
        async with await asyncio.start_server(self.pass_on, "127.0.0.1", 0) as server:
            self.address = f"rasa+http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            yield self


@pytest.mark.parametrize("live", ["http"], indirect=True)
async def test_a_busy_gateway_is_asked_again(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huashu.runtime.rasa_actions.BACKOFF", 0.0)
    async with Gate(live.address, busy=2).open() as gate:
        assert await Live(gate.address, live.folder).told("action_create") == {"单号": "7.1"}
    assert len(gate.heads) == 3
    assert all(b"idempotency-key: call1/7.1\r\n" in head.lower() for head in gate.heads)


# --- conversations ----------------------------------------------------------------------------------------------------


@pytest.fixture
def folder(live: Live, tmp_path: Path) -> Path:
    """The test's bot, its `actions:` pointing at the live server."""
    shutil.copytree(BOT, tmp_path / "bot")
    file = tmp_path / "bot" / "bot.yaml"
    text = file.read_text(encoding="utf-8")
    assert "rasa+http://127.0.0.1:5055/webhook" in text
    file.write_text(text.replace("rasa+http://127.0.0.1:5055/webhook", live.address), encoding="utf-8")
    return tmp_path / "bot"


async def test_a_conversation_from_quote_to_number(folder: Path) -> None:
    bot = Bot.load(folder, trust=True)
    async with bot.acall(账单金额="9000.00") as call:
        assert call.opening.text == "您想分几期？"
        assert (await call.say("分三期吧")).text == "分3期，每期3000.00元。要办理吗？您可以说：办理、不用了。"
        assert call.slots["每期金额"] == Decimal("3000.00")
        ending = await call.say("好的，可以")
        assert ending.text.startswith("办好了，单号")
        assert call.outcome is not None
        assert call.outcome.result == "success"
        assert str(call.slots["单号"]) in ending.text


async def test_a_rejected_action_takes_the_failed_branch(folder: Path) -> None:
    async with Bot.load(folder, trust=True).acall(账单金额="9000.00") as call:
        await call.say("分三十六期")
        assert (await call.say("好的")).text == "抱歉，现在办不了。"


def test_conversations_each_on_an_event_loop_of_its_own(folder: Path) -> None:
    bot = Bot.load(folder, trust=True)
    for number in range(3):
        with bot.call(账单金额="9000.00") as call:
            assert call.say("分三期").text.startswith("分3期"), number


async def test_a_script_nobody_trusts_calls_no_server(folder: Path) -> None:
    async with Bot.load(folder).acall(账单金额="9000.00") as call:
        assert (await call.say("分三期")).text == "抱歉，现在办不了。"
