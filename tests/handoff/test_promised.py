"""What the bot promises is kept by somebody: a call back, and what callers leave as a message."""

import pytest

from huashu.core.events import HungUp
from huashu.handoff.plan import Fallback, Plan, Queue
from huashu.handoff.tickets import Ticket
from huashu.handoff.views import Field
from tests.handoff.hall import Hall

pytestmark = pytest.mark.unit


def plan(**settings: object) -> Plan:
    return Plan(queues={"信用卡": Queue("信用卡", wait=20.0, **settings)})  # type: ignore[arg-type]


def tickets(hall: Hall) -> list[Ticket]:
    return list(hall.service.casework.tickets.all.values())


async def test_a_call_back_that_the_bot_promises_is_somebodys_work() -> None:
    hall = Hall(plan(callback=600.0))
    await hall.call("c", "手续费太高了", "!在忙")
    (ticket,) = tickets(hall)
    assert (ticket.kind, ticket.queue, ticket.title) == ("callback", "信用卡", "手续费太高了")
    assert ticket.due == pytest.approx(hall.service.now + 600.0)
    assert ticket.caller == "138••••8000"


async def test_a_call_back_that_waits_already_is_promised_once() -> None:
    hall = Hall(plan(fallback=(Fallback("callback"),)))
    caller = await hall.call("c", "!转人工")
    await hall.wait(30.0)
    await caller.says("!在忙")
    assert hall.service.centre.called_back("c")
    assert tickets(hall) == []


async def test_a_ticket_is_promised_once() -> None:
    hall = Hall(plan(fallback=(Fallback("ticket"),)))
    caller = await hall.call("c", "!转人工")
    await hall.wait(30.0)
    await caller.says("!在忙")
    assert [ticket.kind for ticket in tickets(hall)] == ["ticket"]


async def test_a_message_is_in_its_ticket() -> None:
    form = (Field("期数", "期数", "number"), Field("姓名", "姓名", "name"), Field("诉求", "诉求", "text"))
    hall = Hall(plan(form=form, fallback=(Fallback("voicemail"),)))
    caller = await hall.call("c", "姓名=张三", "账单算错了，帮我查一下", "!转人工")
    await hall.wait(30.0)
    (ticket,) = tickets(hall)
    assert ticket.title == "账单算错了，帮我查一下", "and not 转人工"
    await caller.says("!肯定", "期数=6", "请打13900139000给我")
    await caller.host.receive(HungUp())
    hall.service.leave("c")
    (ticket,) = tickets(hall)
    assert {item.name: item.value for item in ticket.form} == {"期数": "6", "姓名": "张三", "诉求": ""}
    assert ticket.note == "客户留言：!肯定\n期数=6\n请打••••00给我"


async def test_a_message_whose_line_is_lost_is_in_its_ticket() -> None:
    hall = Hall(plan(fallback=(Fallback("voicemail"),)))
    caller = await hall.call("c", "!转人工")
    await hall.wait(30.0)
    await caller.says("我叫王芳，明天再打给我")
    hall.service.leave("c", over=False)
    await hall.wait(120.0)
    assert [ticket.note for ticket in tickets(hall)] == ["客户留言：我叫王芳，明天再打给我"]
