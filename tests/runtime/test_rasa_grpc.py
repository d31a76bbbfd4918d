"""The gRPC service of a Rasa action server told what to answer."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import grpc
import pytest
from google.protobuf import json_format

from huashu.core.actions import RunAction
from huashu.core.events import ActionResult
from huashu.runtime.rasa_actions import MAX_ANSWER, RasaActions, rasa_actions
from huashu.runtime.rasa_grpc import METHOD, REQUEST, RESPONSE
from tests.runtime.rasa_fakes import said, script, slot

pytestmark = pytest.mark.server

SCRIPT = script()
RUN = RunAction("7.1", "action_quote", {"期数": 6, "账单金额": Decimal("12000.10")}, timeout=5.0)
NAMED = '{"action_name": "action_quote", "message": "why"}'
UNKNOWN = '{"action_name": "action_quote", "message": "why", "resource_type": "ACTION"}'

Respond = Callable[[bytes, Any], Awaitable[bytes]]


@asynccontextmanager
async def service(respond: Respond, port: int = 0) -> AsyncIterator[tuple[RasaActions, int]]:
    """(a backend of the service, its port)."""
    server = grpc.aio.server()
    name, _, method = METHOD.strip("/").partition("/")
    handlers = {method: grpc.unary_unary_rpc_method_handler(respond)}
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler(name, handlers),))
    port = server.add_insecure_port(f"127.0.0.1:{port}")
    await server.start()
    try:
        yield rasa_actions(f"rasa+grpc://127.0.0.1:{port}", SCRIPT), port
    finally:
        await server.stop(None)


def encoded(answer: dict[str, Any]) -> bytes:
    return json_format.ParseDict(answer, RESPONSE()).SerializeToString()


async def test_a_request_and_its_answer() -> None:
    seen: dict[str, Any] = {}

    async def respond(request: bytes, context: Any) -> bytes:
        seen.update(json_format.MessageToDict(REQUEST.FromString(request), preserving_proto_field_name=True))
        seen["key"] = dict(context.invocation_metadata())["idempotency-key"]
        return encoded({"events": [slot("每期金额", 2000.1), slot("期数", 6)], "responses": [said("好的")]})

    async with service(respond) as (backend, _):
        result = await backend.run("call1", RUN)
    assert result.values == {
        "每期金额": Decimal("2000.1"), "期数": 6, "回复": "好的", "回复名": None, "后续动作": None
    }  # fmt: skip
    assert (seen["next_action"], seen["sender_id"], seen["key"]) == ("action_quote", "call1", "call1/7.1")
    assert seen["tracker"]["slots"] == {"期数": 6.0, "账单金额": 12000.1}
    assert seen["tracker"]["latest_message"]["metadata"] == {"idempotency_key": "call1/7.1"}
    assert {"string_value": "action_create"} in seen["domain"]["actions"]


@pytest.mark.parametrize(
    ("status", "details", "error"),
    [
        (grpc.StatusCode.INTERNAL, NAMED, "rejected"),
        (grpc.StatusCode.INTERNAL, "out of order", "refused"),
        (grpc.StatusCode.NOT_FOUND, UNKNOWN, "unknown_action"),
        (grpc.StatusCode.NOT_FOUND, NAMED, "refused"),
        (grpc.StatusCode.UNAVAILABLE, "too busy", "unreachable"),
        (grpc.StatusCode.DEADLINE_EXCEEDED, "", "timeout"),
        (grpc.StatusCode.PERMISSION_DENIED, "", "refused"),
    ],
)
async def test_statuses_that_fail_the_action_at_once(status: grpc.StatusCode, details: str, error: str) -> None:
    asked: list[bytes] = []

    async def respond(request: bytes, context: Any) -> bytes:
        asked.append(request)
        await context.abort(status, details)
        raise AssertionError

    async with service(respond) as (backend, _):
        assert await backend.run("call1", RUN) == ActionResult("7.1", ok=False, error=error)
    assert len(asked) == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (b"\xff\xff", "bad_values"),
        (encoded({"events": [{"event": "slot", "name": "期数", "value": "many"}]}), "bad_values"),
        (encoded({"responses": [said("话" * MAX_ANSWER)]}), "too_large"),
    ],
    ids=["no_message", "wrong_type", "too_large"],  # protobuf orders maps anew in every process
)
async def test_answers_that_are_none(answer: bytes, error: str) -> None:
    asked: list[bytes] = []

    async def respond(request: bytes, context: Any) -> bytes:
        asked.append(request)
        return answer

    async with service(respond) as (backend, _):
        assert await backend.run("call1", RUN) == ActionResult("7.1", ok=False, error=error)
    assert len(asked) == 1


async def test_an_exception_in_the_server() -> None:
    async def respond(request: bytes, context: Any) -> bytes:
        raise ValueError("boom")

    async with service(respond) as (backend, _):
        assert (await backend.run("call1", RUN)).error == "exception"


async def test_the_scripts_patience_is_the_limit() -> None:
    async def respond(request: bytes, context: Any) -> bytes:
        await asyncio.Event().wait()
        raise AssertionError

    async with service(respond) as (backend, _):
        assert (await backend.run("call1", RunAction("7.1", "action_quote", timeout=0.2))).error == "timeout"


async def test_what_is_not_sent() -> None:
    async def respond(request: bytes, context: Any) -> bytes:
        raise AssertionError

    async with service(respond) as (backend, _):
        assert (await backend.run("c", RunAction("7.1", "a", {"单号": "x" * 300_000}))).error == "too_large"
        assert (await backend.run("c", RunAction("7.1", "a", {"单号": "\ud800"}))).error == "bad_arguments"


async def test_a_server_that_was_away_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huashu.runtime.rasa_actions.BACKOFF", 0.0)

    async def respond(request: bytes, context: Any) -> bytes:
        return encoded({"events": [slot("单号", "N1")]})

    async with service(respond) as (backend, port):
        assert (await backend.run("call1", RUN)).ok
    assert (await backend.run("call1", RUN)).error == "unreachable"
    async with service(respond, port):
        assert (await backend.run("call1", RUN)).ok
