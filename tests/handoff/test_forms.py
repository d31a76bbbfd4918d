"""Forms that the script brings along: shown, filled in, checked and kept as those of centre.yaml are."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from huashu.core.errors import UsageError
from huashu.core.events import HungUp
from huashu.handoff import commands
from huashu.handoff.exporting import written
from huashu.handoff.plan import Plan, Queue
from huashu.handoff.views import Field, Ticket
from huashu.store.log import Store
from tests.handoff.hall import Caller, Desk, Hall

pytestmark = pytest.mark.server

PLAN = Plan(
    queues={
        "信用卡": Queue("信用卡", form=(Field("产品", "产品", "text"), Field("姓名", "姓名", "name"))),
        "专家": Queue("专家", form=(Field("产品", "产品", "text"),)),
    }
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


async def with_the_expert(hall: Hall) -> tuple[Caller, Desk]:
    """The queue of the script's form."""
    caller = await hall.call("c", "姓名=张三", "!肯定", "期数=6", given={"等级": "白金"})
    desk = hall.desk("1")
    await hall.desk("s", role="supervisor").do(commands.Pull("c", queue="专家"))
    await desk.take()
    return caller, desk


async def test_the_form_of_the_script_goes_before_that_of_the_queue(store: Store) -> None:
    hall = Hall(PLAN, store)
    _, desk = await with_the_expert(hall)
    shown = desk.conversation("c")
    assert shown.form_title == "专家受理单"
    assert [(item.name, item.type, item.value) for item in shown.form] == [
        ("诉求", "text", ""),
        ("期数", "choice", "6"),
        ("姓名", "name", "张•"),
        ("回电", "phone", "139••••9000"),
        ("级别", "text", "白金"),
        ("意向", "choice", ""),
    ]
    assert [item.private for item in shown.form] == [False, False, True, True, False, False]


async def test_without_a_form_that_fits_it_is_the_queues(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk = hall.desk("1")
    await hall.call("c", "姓名=张三", "!转人工")
    await desk.take()
    shown = desk.conversation("c")
    assert shown.form_title == ""
    assert [(item.name, item.value) for item in shown.form] == [("产品", ""), ("姓名", "张•")], "and masked as well"


async def test_a_private_value_of_the_form_is_shown_on_record_only(store: Store) -> None:
    hall = Hall(PLAN, store)
    _, desk = await with_the_expert(hall)
    answer = await desk.do(commands.Unmask("c", "回电"))
    assert answer.values == {"回电": "13900139000"}
    assert hall.service.record.book is not None
    assert [look.slot for look in hall.service.record.book.looks("c")] == ["回电"]


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"意向": "中"}, "invalid"), ({"回电": "打我"}, "invalid"), ({"产品": "分期"}, "invalid"),
        ({"期数": 5}, "invalid"), ({"意向": "高", "回电": "13700137000", "期数": 12}, ""),
    ],
)  # fmt: skip
async def test_what_is_filled_in_is_checked_by_its_type(store: Store, values: dict[str, str], code: str) -> None:
    hall = Hall(PLAN, store)
    _, desk = await with_the_expert(hall)
    assert (await desk.do(commands.Fill("c", values))).code == code


async def test_what_is_required_keeps_the_conversation_open(store: Store) -> None:
    hall = Hall(PLAN, store)
    caller, desk = await with_the_expert(hall)
    refused = await desk.do(commands.Close("c", ""))
    assert (refused.code, refused.text) == ("missing", "请先填写：诉求")
    assert caller.host.owner == "human"
    assert (await desk.do(commands.Close("c", "", values={"诉求": "要降手续费"}))).ok


async def test_what_is_filled_in_for_a_variable_goes_back_to_the_bot(store: Store) -> None:
    hall = Hall(PLAN, store)
    caller, desk = await with_the_expert(hall)
    await desk.do(commands.Fill("c", {"期数": 12, "意向": "高"}))
    assert {item.name: item.value for item in desk.conversation("c").form}["期数"] == "12"
    await desk.do(commands.GiveBack("c"))
    assert caller.host.slots["期数"] == 12


async def filed(hall: Hall) -> tuple[Desk, str]:
    """The desk that has the call, which is the ticket's as well, and the ticket."""
    _, desk = await with_the_expert(hall)
    answer = await desk.do(commands.FileTicket("c", "专家", "要降手续费", values={"诉求": "手续费", "意向": "高"}))
    return desk, str(answer.values["ticket"])


def shown(desk: Desk) -> dict[str, str]:
    return {item.name: item.value for item in desk.all(Ticket)[-1].form}


def kept(hall: Hall, id_: str) -> dict[str, str]:
    return {item.name: item.value for item in hall.service.casework.tickets.get(id_).form}


async def test_a_ticket_keeps_the_fields_of_the_script_whole_and_shows_them_masked(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk, id_ = await filed(hall)
    rest = {"诉求": "手续费", "期数": "6", "级别": "白金", "意向": "高"}
    assert shown(desk) == rest | {"姓名": "张•", "回电": "139••••9000"}
    assert kept(hall, id_) == rest | {"姓名": "张三", "回电": "13900139000"}
    look = [view for view in desk.seat.look() if isinstance(view, Ticket)]
    assert look == desk.all(Ticket)[-1:], "a desk that comes back is shown no more"
    assert '"form.意向": "高"' in written(hall.service.casework.tickets.all.values(), "json")


async def test_whose_a_ticket_is_and_supervisors_see_its_private_values_on_record(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk, id_ = await filed(hall)
    other, boss = hall.desk("2"), hall.desk("s", role="supervisor")
    wanted = commands.Unmask("", "回电", ticket=id_)
    assert (await other.do(wanted)).code == "forbidden"
    assert (await other.do(commands.Unmask("c", "回电", ticket=id_))).code == "forbidden"
    assert (await desk.do(commands.Unmask("", "没有", ticket=id_))).code == "unknown"
    assert (await desk.do(commands.Unmask("", "回电", ticket="T9"))).code == "unknown"
    assert (await desk.do(wanted)).values == (await boss.do(wanted)).values == {"回电": "13900139000"}
    number = commands.Unmask("", "caller", ticket=id_)
    assert (await desk.do(number)).values == {"caller": "13800138000"}
    again = Hall(PLAN, store).desk("s", role="supervisor")
    assert (await again.do(number)).values == {"caller": "13800138000"}, "from the record, after a restart"
    await desk.do(commands.WorkTicket(id_, "solve"))
    assert (await desk.do(wanted)).code == "forbidden", "it is done: nothing of it is needed any more"
    assert hall.service.record.book is not None
    assert [(look.agent, look.slot) for look in hall.service.record.book.looks("c")] == [
        ("1", f"{id_}/回电"), ("s", f"{id_}/回电"), ("1", f"{id_}/caller"), ("s", f"{id_}/caller"),
    ]  # fmt: skip


async def test_only_supervisors_export_and_who_had_private_values_is_on_record(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk, id_ = await filed(hall)
    boss = hall.desk("s", role="supervisor")
    with pytest.raises(UsageError) as refused:
        await desk.seat.export("csv", private=True)
    assert refused.value.code == "forbidden"
    assert "13900139000" not in await boss.seat.export("csv")
    book = hall.service.record.book
    assert book is not None
    assert book.looks() == [], "what is masked has not been looked at"
    assert "13900139000" in await boss.seat.export("json", private=True)
    assert [(look.call, look.agent, look.slot) for look in book.looks()] == [("c", "s", f"{id_}/*")]


async def test_a_mask_that_is_sent_back_does_not_take_the_place_of_the_value(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk, id_ = await filed(hall)
    assert (await desk.do(commands.WorkTicket(id_, "take", values=shown(desk)))).ok
    assert (kept(hall, id_)["姓名"], kept(hall, id_)["回电"]) == ("张三", "13900139000")
    await desk.do(commands.WorkTicket(id_, "take", values={"姓名": "李四", "回电": "13700137000"}))
    assert (kept(hall, id_)["姓名"], shown(desk)["回电"]) == ("李四", "137••••7000")
    as_shown = {item.name: item.value for item in desk.conversation("c").form if item.value}
    assert (await desk.do(commands.Fill("c", as_shown))).ok, "nor in a conversation"
    assert (await desk.do(commands.Unmask("c", "姓名"))).values == {"姓名": "张三"}


async def test_a_ticket_of_before_shows_no_more_than_one_of_today(store: Store) -> None:
    hall = Hall(PLAN, store)
    _, id_ = await filed(hall)
    tickets = hall.service.casework.tickets
    old = tickets.get(id_)
    hall.service.record.write((), {}, [replace(old, form=tuple(replace(item, private=False) for item in old.form))])
    again = Hall(PLAN, store).desk("s", role="supervisor")
    (found,) = (view for view in again.seat.look() if isinstance(view, Ticket))
    assert {item.name: item.value for item in found.form}["回电"] == "139••••9000"


async def test_who_had_it_when_it_ended_fills_in_the_same_form(store: Store) -> None:
    hall = Hall(PLAN, store)
    caller, desk = await with_the_expert(hall)
    await caller.host.receive(HungUp())
    caller.line.leave()
    await hall.settle()
    assert desk.conversation("c").form_title == "专家受理单"
    assert (await desk.do(commands.Close("c", ""))).code == "missing"
    assert (await desk.do(commands.Close("c", "", values={"诉求": "挂断了"}))).ok
