"""Embedding: a program holds conversations with a bot, synchronously and on an event loop."""

import asyncio
import pathlib
import runpy
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from huashu import ActionContext, Bot, Reply, action, speak
from huashu.core.errors import ScriptError, UsageError
from huashu.core.events import HandoffFailed, HumanJoined
from huashu.store.log import Store

pytestmark = pytest.mark.cli

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "scripts_market" / "card_instalment"
GIVEN = {"银行": "江城银行", "客户姓名": "王芳", "账单金额": "9600"}


@pytest.fixture(scope="module")
def bot() -> Bot:
    return Bot.load(SCRIPT)


def test_the_example_in_the_manual_runs(capsys: pytest.CaptureFixture[str]) -> None:
    runpy.run_path(str(ROOT / "examples" / "embed.py"), run_name="__main__")
    printed = capsys.readouterr().out
    assert "outcome 办理成功 · A · success · 期数=6" in printed
    assert printed.count("[booking 6 instalments") == 1


def test_a_conversation_on_an_event_loop() -> None:
    keys = []

    @action
    async def create_instalment(账单金额: Decimal, 期数: int, context: ActionContext) -> dict[str, Decimal]:
        keys.append(context.key)
        await asyncio.sleep(0)
        return {"每期金额": 账单金额 / 期数}

    async def talk() -> None:
        loaded = Bot.load(SCRIPT, actions=[create_instalment])
        async with loaded.acall(**GIVEN) as call:
            assert "王芳" in call.opening.text
            for words in ("是我", "可以", "三期"):
                await call.say(words)
            assert call.slots["期数"] == 3
            reply = await call.press("1")
            assert "3200.00" in reply.text
            assert reply.closed
        assert call.outcome is not None
        assert call.outcome.result == "success"

    asyncio.run(talk())
    assert len(keys) == 1


def test_many_conversations_share_one_bot(bot: Bot) -> None:
    async def one(number: int) -> str:
        async with bot.acall(**{**GIVEN, "客户姓名": f"客户{number}"}) as call:
            assert f"客户{number}" in call.opening.text
            await call.say("是我")
            await call.say("别再给我打电话了")
            assert call.outcome is not None
            return call.outcome.result

    async def all_of_them() -> list[str]:
        return await asyncio.gather(*(one(number) for number in range(50)))

    assert set(asyncio.run(all_of_them())) == {"opt_out"}


def test_a_person_takes_over_or_nobody_comes(bot: Bot) -> None:
    with bot.call(**GIVEN) as call:
        reply = call.say("帮我转人工")
        assert reply.handoff is not None
        assert reply.handoff.queue == "信用卡"
        call.send(HumanJoined("agent-7"))
        assert call.say("喂").lines == []
    with bot.call(**GIVEN) as call:
        call.say("帮我转人工")
        assert call.send(HandoffFailed("busy")).closed
    assert call.outcome is not None
    assert call.outcome.result == "callback"


def test_a_record_is_kept_where_asked(tmp_path: pathlib.Path) -> None:
    path = tmp_path / "calls.db"
    kept = Bot.load(SCRIPT, store=f"sqlite:///{path}")
    with kept.call(**GIVEN) as call:
        call.say("打错了")
    with Store.open(f"sqlite:///{path}") as store:
        (record,) = store.calls()
        assert (record.call, record.result) == (call.id, "wrong_person")
        assert len(store.read(call.id)) >= 4


def test_wrong_use_is_told(bot: Bot, tmp_path: pathlib.Path) -> None:
    with pytest.raises(UsageError, match="账单金额"):
        bot.call(账单金額=1)
    with pytest.raises(UsageError):
        bot.call(账单金额="一万二？？")

    def plain() -> None: ...

    with pytest.raises(UsageError, match="@action"):
        Bot.load(SCRIPT, actions=[plain])
    with pytest.raises(ScriptError, match=r"bot\.yaml"):
        Bot.load(tmp_path)


def test_without_the_action_the_caller_is_not_stranded(bot: Bot) -> None:
    with bot.call(**GIVEN) as call:
        for words in ("是我", "可以", "三期"):
            call.say(words)
        reply = call.say("确认")
    assert reply.handoff is not None


def test_what_is_no_word_no_key_and_no_event_is_refused(bot: Bot) -> None:
    with bot.call(**GIVEN) as call:
        wrong: list[tuple[Callable[[Any], Reply], object]] = [
            (call.say, None),
            (call.press, "x"),
            (call.press, 6),
            (call.send, "hello"),
        ]
        for method, value in wrong:
            with pytest.raises(UsageError):
                method(value)
        assert not call.closed
    with pytest.raises(UsageError, match="has been left"):
        call.say("喂")


def test_inside_an_event_loop_the_other_call_is_named(bot: Bot) -> None:
    async def inside() -> None:
        with pytest.raises(UsageError, match="acall"), bot.call(**GIVEN):
            pass

    asyncio.run(inside())


def test_a_missing_given_variable_is_told(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    bot.started({**GIVEN})
    assert not caplog.records
    bot.started({"银行": "江城银行", "账单金额": "9600"})
    assert "客户姓名" in caplog.text
    assert "9600" not in caplog.text


def test_an_action_by_another_name_and_what_is_no_function() -> None:
    @action("create_instalment")
    def book(账单金额: Decimal, 期数: int) -> dict[str, Decimal]:
        return {"每期金额": 账单金额 / 期数}

    with Bot.load(SCRIPT, actions=[book]).call(**GIVEN) as call:
        for words in ("是我", "可以", "三期", "确认"):
            reply = call.say(words)
    assert "3200.00" in reply.text
    with pytest.raises(UsageError, match="list"):
        Bot.load(SCRIPT, actions=book)  # type: ignore[arg-type]
    with pytest.raises(UsageError, match="marks a function"):
        action("x")(3)  # type: ignore[type-var]


def test_a_voice_by_itself_tells_what_the_mouth_does() -> None:
    pytest.importorskip("espeakng_loader", reason="the extra `espeak` is not installed")
    pieces = list(speak("您好，账单。", rate=8000))
    seconds = sum(len(piece.pcm) for piece in pieces) / 16000
    assert 0.8 < seconds < 4
    words = [word for piece in pieces for word in piece.words]
    assert [word.value for word in words if word.value in "账单"] == ["账", "单"]
    assert not any(word.estimated for word in words)
    shapes = [viseme for piece in pieces for viseme in piece.visemes]
    assert len(shapes) >= 6
    assert shapes[-1].at < seconds + 0.01
    with pytest.raises(UsageError, match="rate"):
        speak("您好", rate=100)
    with pytest.raises(UsageError, match="no engine 'siri'"):
        speak("您好", engine="siri")
