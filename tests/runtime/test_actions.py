"""What a script's `do:` calls: functions and servers, and every way they can go wrong."""

import asyncio
import json
import time
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import httpx
import pytest

from huashu.core.actions import RunAction
from huashu.core.errors import UsageError
from huashu.core.events import ActionResult
from huashu.core.values import Scalar
from huashu.flows.script import Variable
from huashu.runtime.actions import ActionContext, ActionFailed, PythonActions, RefusedActions, action, find_actions
from huashu.runtime.http_actions import MAX_ANSWER, HttpActions

pytestmark = pytest.mark.unit

VARIABLES = {
    "期数": Variable("期数", "integer"),
    "每期金额": Variable("每期金额", "money"),
    "单号": Variable("单号", "text"),
}
RUN = RunAction("7.1", "create", {"期数": 6, "金额": Decimal("12000.00")}, timeout=5.0)


async def called(function: Callable[..., Any], run: RunAction = RUN) -> ActionResult:
    return await PythonActions({"create": function}, VARIABLES).run("call1", run)


# --- functions --------------------------------------------------------------------------------------------------------


async def test_parameters_by_name_and_values_back() -> None:
    def create(期数: int, 金额: Decimal) -> dict[str, Scalar]:
        return {"每期金额": 金额 / 期数, "单号": None}

    assert await called(create) == ActionResult("7.1", values={"每期金额": Decimal("2000.00"), "单号": None})


async def test_an_async_function_with_defaults_rest_and_context() -> None:
    seen: dict[str, Any] = {}

    async def create(期数: int, context: ActionContext, 渠道: str = "电话", **rest: Scalar) -> None:
        seen.update(期数=期数, context=context, 渠道=渠道, rest=rest)

    before = time.monotonic()
    assert await called(create) == ActionResult("7.1")
    assert (seen["期数"], seen["渠道"], seen["rest"]) == (6, "电话", {"金额": Decimal("12000.00")})
    assert (seen["context"].call, seen["context"].key) == ("call1", "call1/7.1")
    assert before + 5.0 <= seen["context"].deadline <= time.monotonic() + 5.0


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ([1], "bad_values"),
        ({"没有": 1}, "bad_values"),
        ({7: 1}, "bad_values"),
        ({"期数": "many"}, "bad_values"),
    ],
)
async def test_values_the_script_cannot_take(answer: Any, error: str) -> None:
    assert await called(lambda: answer) == ActionResult("7.1", ok=False, error=error)


async def test_a_missing_argument() -> None:
    assert (await called(lambda 利率: None)).error == "bad_arguments"


async def test_exceptions_become_codes() -> None:
    def refuse() -> None:
        raise ActionFailed("额度不足", code="over_limit")

    def crash() -> None:
        raise ZeroDivisionError

    assert (await called(refuse)).error == "over_limit"
    assert (await called(crash)).error == "exception"


async def test_too_slow() -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    result = await called(hang, RunAction("7.1", "create", timeout=0.01))
    assert result == ActionResult("7.1", ok=False, error="timeout")


async def test_unknown_and_refused() -> None:
    assert (await PythonActions({}, VARIABLES).run("call1", RUN)).error == "unknown_action"
    assert (await RefusedActions("not trusted", "not_trusted").run("call1", RUN)).error == "not_trusted"


def test_marked_functions_are_found_by_name() -> None:
    @action
    def one() -> None: ...

    @action(name="二")
    def two() -> None: ...

    def unmarked() -> None: ...

    assert find_actions({"one": one, "again": one, "two": two, "x": unmarked, "y": 3}) == {"one": one, "二": two}
    with pytest.raises(UsageError, match="'one'"):
        find_actions({"one": one, "other": action(name="one")(lambda: None)})
    with pytest.raises(UsageError, match="cannot be given by name"):
        PythonActions({"bad": lambda *numbers: None}, VARIABLES)


# --- servers ----------------------------------------------------------------------------------------------------------


class Server:
    """Answers from a list, remembers what it was asked."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        if isinstance(answer, int):
            return httpx.Response(answer)
        return httpx.Response(200, content=answer if isinstance(answer, bytes) else json.dumps(answer).encode())

    async def run(self, run: RunAction = RUN) -> ActionResult:
        backend = HttpActions("http://bank.example/api/", VARIABLES, transport=httpx.MockTransport(self))
        return await backend.run("call1", run)


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("huashu.runtime.http_actions.BACKOFF", 0.0)


async def test_a_request_and_its_answer() -> None:
    server = Server(b'{"ok": true, "values": {"\xe6\xaf\x8f\xe6\x9c\x9f\xe9\x87\x91\xe9\xa2\x9d": 2000.10}}')
    assert await server.run() == ActionResult("7.1", values={"每期金额": Decimal("2000.10")})
    (request,) = server.requests
    assert (request.method, str(request.url)) == ("POST", "http://bank.example/api/actions/create")
    assert request.headers["idempotency-key"] == "call1/7.1"
    assert json.loads(request.content) == {
        "call": "call1",
        "key": "call1/7.1",
        "args": {"期数": 6, "金额": "12000.00"},
    }


async def test_a_chinese_name_is_one_path_segment() -> None:
    server = Server({"ok": True})
    assert (await server.run(RunAction("7.1", "办理/../x"))).ok
    assert server.requests[0].url.raw_path == b"/api/actions/%E5%8A%9E%E7%90%86%2F..%2Fx"


@pytest.mark.usefixtures("at_once")
@pytest.mark.parametrize("trouble", [503, 429, httpx.ConnectError("no"), httpx.ReadTimeout("no")])
async def test_trouble_on_the_way_is_tried_again_under_the_same_key(trouble: Any) -> None:
    server = Server(trouble, trouble, {"ok": True, "values": {"单号": "A1"}})
    assert await server.run() == ActionResult("7.1", values={"单号": "A1"})
    assert {request.headers["idempotency-key"] for request in server.requests} == {"call1/7.1"}
    assert (await Server(trouble, trouble, trouble).run()).error == "unreachable"


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (404, "refused"),
        (302, "refused"),
        ({"ok": False, "error": "over_limit"}, "over_limit"),
        ({"ok": False}, "failed"),
        ({"values": {}}, "bad_values"),
        ({"ok": True, "values": {"没有": 1}}, "bad_values"),
        (b"<html>", "bad_values"),
        (b"x" * (MAX_ANSWER + 1), "too_large"),
    ],
)
async def test_answers_that_fail_the_action_at_once(answer: Any, error: str) -> None:
    server = Server(answer)
    assert await server.run() == ActionResult("7.1", ok=False, error=error)
    assert len(server.requests) == 1


async def test_a_request_that_is_too_large_is_not_sent() -> None:
    server = Server()
    assert (await server.run(RunAction("7.1", "create", {"单号": "x" * 70_000}))).error == "too_large"


async def test_the_scripts_patience_is_the_limit() -> None:
    async def hang(request: httpx.Request) -> httpx.Response:
        await asyncio.Event().wait()
        raise AssertionError

    backend = HttpActions("http://bank.example", VARIABLES, transport=httpx.MockTransport(hang))
    assert (await backend.run("call1", RunAction("7.1", "create", timeout=0.01))).error == "timeout"


def test_only_http_is_a_server() -> None:
    with pytest.raises(UsageError, match="http"):
        HttpActions("file:///etc", VARIABLES)
