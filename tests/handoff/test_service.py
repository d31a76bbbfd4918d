"""The centre at work: real conversations, desks, the record; virtual time."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from huashu.core.events import Heard, HungUp
from huashu.handoff import commands
from huashu.handoff.plan import Demand, Fallback, How, Plan, Queue, Rule
from huashu.handoff.satisfaction import by_agent
from huashu.handoff.transcript import Transcript
from huashu.handoff.views import Agent, Conversation, Field, Offer, Ticket, Withdrawn
from huashu.handoff.views import Queue as QueueView
from huashu.store.forgetting import DAY, Retention, erase, sweep
from huashu.store.log import Store
from tests.handoff.hall import BEGAN, Caller, Hall

pytestmark = pytest.mark.unit


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


def plan(**settings: object) -> Plan:
    return Plan(queues={"信用卡": Queue("信用卡", **settings)})  # type: ignore[arg-type]


async def test_a_person_takes_over_and_gives_back(store: Store) -> None:
    hall = Hall(plan(wrap_up=0.0), store)
    desk = hall.desk("1")
    caller = await hall.call("c", "姓名=张三", "!否定", "!转人工")
    assert desk.offer.conversation.reason == "requested"
    assert await desk.take() == "c"
    assert caller.host.owner == "human"
    await caller.says("我想问一下手续费")
    assert (await desk.do(commands.Say("c", "您好，我是坐席。"))).ok
    assert caller.heard[-1] == "您好，我是坐席。"
    assert desk.words("c")[-2:] == [("caller", "我想问一下手续费"), ("agent", "您好，我是坐席。")]
    shown = desk.conversation("c")
    assert (shown.state, shown.agent) == ("bridged", "1")
    assert (await desk.do(commands.GiveBack("c", "分期.卡号", {"期数": 6}))).ok
    assert caller.host.owner == "bot"
    assert caller.host.slots["期数"] == 6
    assert caller.heard[-1] == "请问卡号是多少？"
    assert "c" in desk.gone()


async def test_the_briefing_leaves_nothing_to_be_asked_again() -> None:
    hall = Hall(plan())
    desk = hall.desk("1")
    await hall.call("c", "姓名=张三", "!否定", "!转人工", given={"等级": "金卡"})
    packet = desk.offer.conversation
    assert packet.question == "请问卡号是多少？"
    assert packet.refused == ("您需要办理账单分期吗？",)
    assert packet.caller == "138••••8000"
    slots = {slot.name: slot for slot in packet.slots}
    assert (slots["姓名"].masked, slots["姓名"].source, slots["姓名"].confidence) == ("张•", "said", 0.8)
    assert (slots["等级"].masked, slots["等级"].source, slots["等级"].private) == ("金卡", "given", False)
    assert ("分期.卡号", "卡号") in packet.steps
    assert packet.step == "卡号"
    await desk.do(commands.Accept(desk.offer.id))
    assert [text for _, text in desk.words("c")][:2] == ["请问您贵姓？", "姓名=张三"], "every word, before the caller"


async def test_the_briefing_quotes_what_the_caller_said_before_and_the_wall_does_not() -> None:
    hall = Hall(plan())
    desk, boss = hall.desk("1"), hall.desk("s", role="supervisor")
    caller = await hall.call(
        "c", "姓名=张三", "手续费太高了，打13800138000给我", "嗯", "!转人工", given={"等级": "金卡"}
    )
    told = "客户要求转人工：“手续费太高了，打••••00给我”"
    assert desk.offer.conversation.wanted == told
    assert "问过几次" not in [slot.name for slot in desk.offer.conversation.slots], "a counter that has not moved"
    await desk.take()
    await caller.says("还要等多久啊，我很急")
    assert desk.conversation("c").wanted == told, "what is said later is on the transcript"
    hall.service.board.flush(0.0)
    assert boss.conversation("c").wanted == "客户要求转人工"
    await caller.host.receive(HungUp())
    caller.line.leave()
    over = desk.conversation("c")
    assert (over.state, over.reason, over.wanted) == ("closed", "requested", told)


def test_what_tells_most_is_quoted() -> None:
    transcript = Transcript("c")
    for at, text in enumerate(("手续费太高了，打13800138000给我", "嗯", "好")):
        transcript.take(float(at), Heard(text))
    assert transcript.telling == "手续费太高了，打••••00给我"
    transcript.take(9.0, Heard("行"))
    assert transcript.telling == "行", "what was said long before answers another question"
    transcript.take(10.0, Heard("我" * 200))
    assert len(transcript.telling) == 80


async def test_private_values_are_shown_on_record(store: Store) -> None:
    hall = Hall(plan(), store)
    desk = hall.desk("1")
    other = hall.desk("2", "别的")
    await hall.call("c", "姓名=张三", "!转人工")
    await desk.take()
    answer = await desk.do(commands.Unmask("c", "姓名"))
    assert answer.values == {"姓名": "张三"}
    assert not (await other.do(commands.Unmask("c", "姓名"))).ok
    assert hall.service.record.book is not None
    assert [(look.agent, look.slot) for look in hall.service.record.book.looks("c")] == [("1", "姓名")]


async def test_a_command_that_comes_twice_is_done_once() -> None:
    hall = Hall(plan())
    desk = hall.desk("1")
    caller = await hall.call("c", "!转人工")
    await desk.take()
    first = await desk.do(commands.Say("c", "您好"), id_="x1")
    again = hall.desk("1")
    assert await again.do(commands.Say("c", "您好"), id_="x1") == first
    assert caller.heard.count("您好") == 1


async def test_refusals_are_answers() -> None:
    hall = Hall(plan(dispositions=("已解决", "未解决")))
    desk = hall.desk("1")
    await hall.call("c", "!转人工")
    other = hall.desk("2")
    assert (await other.do(commands.Accept(desk.offer.id))).code == "taken"
    assert (await desk.do(commands.Say("c", "x"))).code == "forbidden"
    await desk.take()
    answer = await desk.do(commands.Close("c", "没这个"))
    assert (answer.code, answer.text) == ("invalid", "小结请从这里选：已解决、未解决")
    assert (await desk.do(commands.GiveBack("c", "没有的步骤"))).code == "invalid"
    assert (await desk.do(commands.GiveBack("c", "", {"期数": "很多"}))).code == "invalid"
    assert desk.conversation("c").state == "bridged"
    assert (await desk.do(commands.Close("c", "已解决"))).ok


async def test_forms_are_filled_and_required() -> None:
    form = (Field("诉求", "诉求", "text", required=True), Field("期数", "期数", "integer"))
    hall = Hall(plan(form=form))
    desk = hall.desk("1")
    await hall.call("c", "姓名=张三", "!肯定", "期数=6", "!转人工")
    await desk.take()
    assert [(item.name, item.value) for item in desk.conversation("c").form] == [("诉求", ""), ("期数", "6")]
    assert (await desk.do(commands.Close("c", ""))).code == "missing"
    assert (await desk.do(commands.Fill("c", {"期数": "六十个"}))).text == "“期数”填得不对，例如 6"
    assert (await desk.do(commands.Fill("c", {"诉求": "降低手续费"}))).ok
    assert desk.conversation("c").form[0].value == "降低手续费"
    assert (await desk.do(commands.Close("c", ""))).ok


async def test_the_caller_hears_where_they_stand_and_the_script_goes_on_when_nobody_comes() -> None:
    hall = Hall(plan(wait=60.0, announce=20.0))
    await hall.call("b", "!转人工")
    caller = await hall.call("c", "!转人工")
    await hall.wait(2.0)
    assert caller.heard[-1] == "您排在第2位。"
    await hall.wait(60.0)
    assert "坐席都在忙。" in caller.heard
    assert caller.host.owner == "bot"


async def test_words_go_by_on_the_desk_while_they_are_said() -> None:
    hall = Hall(plan())
    desk, boss = hall.desk("1"), hall.desk("s", role="supervisor")
    caller = await hall.call("c", "!转人工")
    await desk.take()
    await hall.wait(0.2)
    assert boss.conversation("c").state == "bridged"
    assert not boss.words("c"), "the wall shows that there is a conversation, not what is said"
    await boss.do(commands.Supervise("c", "listen"))
    await caller.says("我的卡号是6222020200112233")
    assert boss.words("c")[-1] == ("caller", "我的卡号是••••33")
    assert desk.words("c")[-1] == ("caller", "我的卡号是••••33")
    assert (desk.conversation("c").with_, desk.conversation("c").listening) == ((), ("s",))
    await boss.do(commands.Supervise("c", "barge"))
    assert (desk.conversation("c").with_, desk.conversation("c").listening) == (("s",), ())
    assert desk.conversation("c").joined == (), "a supervisor is nobody to hand over to"


async def test_where_the_centre_does_not_tell_it_no_agent_learns_that_somebody_listens() -> None:
    hall = Hall(replace(plan(), tell_listening=False))
    desk, boss, other = hall.desk("1"), hall.desk("s", role="supervisor"), hall.desk("t", role="supervisor")
    caller = await hall.call("c")
    await boss.do(commands.Supervise("c", "listen"))
    await caller.says("!转人工")
    await desk.take()
    await caller.says("喂")
    await hall.wait(2.0)
    assert boss.conversation("c").listening == other.conversation("c").listening == ("s",)
    told = [*desk.all(Conversation), *(offer.conversation for offer in desk.all(Offer))]
    told += [view for view in desk.seat.look() if isinstance(view, Conversation)]
    assert len(told) > 3
    assert all(view.listening == view.with_ == () for view in told)
    await boss.do(commands.Supervise("c", "whisper"))
    assert desk.conversation("c").with_ == ("s",), "who is heard is told"


async def test_what_is_known_may_be_suggested() -> None:
    hall = Hall(plan(phrases={"结束语": "感谢您的来电，再见。"}))
    desk = hall.desk("1")
    caller = await hall.call("c", "!转人工")
    await desk.take()
    await caller.says("分期的手续费怎么收？")
    await hall.wait(0.2)
    suggested = desk.conversation("c").suggestions
    assert [item.source for item in suggested] == ["分期手续费怎么收", "结束语"]
    answer = await desk.do(commands.Find("c", "提前还款"))
    assert list(answer.values) == ["可以提前还款吗"]


# --- rules ----------------------------------------------------------------------------------------------------------


async def test_hints_by_rules() -> None:
    rules = (
        Rule("禁语", "words", ("保证", "肯定能"), say="不能承诺结果"),
        Rule("风险提示", "missing", ("手续费",), within=60.0, say="还没有说明手续费"),
        Rule("怒气", "anger", above=0.7, say="先安抚客户", level="alert"),
        Rule("冷场", "silence", within=30.0),
    )
    hall = Hall(Plan(queues={"信用卡": Queue("信用卡")}, rules=rules))
    desk, boss = hall.desk("1"), hall.desk("s", role="supervisor")
    caller = await hall.call("c", "!转人工")
    await desk.take()
    await desk.do(commands.Say("c", "这个我保证给您办好"))
    assert desk.hints() == ["禁语"]
    await caller.says("你们都是骗子")
    await hall.wait(31.0)
    assert desk.hints() == ["禁语", "怒气", "冷场"]
    assert boss.hints() == ["怒气"], "alerts alone go to the supervisors"
    await hall.wait(30.0)
    assert desk.hints().count("风险提示") == 1
    await desk.do(commands.Say("c", "手续费是每期百分之零点六"))
    await hall.wait(300.0)
    assert desk.hints().count("风险提示") == 1


async def test_an_angry_caller_is_taken_from_the_bot() -> None:
    demands = (Demand("怒气", "anger", "信用卡", above=0.8),)
    hall = Hall(Plan(queues={"信用卡": Queue("信用卡")}, demands=demands))
    desk = hall.desk("1")
    caller = await hall.call("c", "^什么破机器人")
    assert desk.offer.conversation.reason == "anger"
    assert caller.host.owner == "bot", "the bot goes on until somebody is there"
    await desk.take()
    assert caller.host.owner == "human"


async def test_customers_of_value_come_first() -> None:
    demands = (Demand("金卡", "variable", "", variable="等级", values=("金卡",), priority=5),)
    hall = Hall(Plan(queues={"信用卡": Queue("信用卡")}, demands=demands))
    await hall.call("b", "!转人工")
    await hall.wait(5.0)
    await hall.call("c", "!转人工", given={"等级": "金卡"})
    desk = hall.desk("1")
    assert desk.offer.conversation.id == "c"


async def test_who_was_taken_from_the_bot_for_what_they_are_may_be_given_back() -> None:
    demands = (Demand("金卡", "variable", "信用卡", variable="等级", values=("金卡",)),)
    hall = Hall(Plan(queues={"信用卡": Queue("信用卡", wrap_up=0.0)}, demands=demands))
    desk = hall.desk("1")
    caller = await hall.call("c", "姓名=张三", given={"等级": "金卡"})
    assert desk.offer.conversation.reason == "high_value"
    await desk.take()
    await desk.do(commands.GiveBack("c"))
    await caller.says("!肯定")
    assert hall.service.centre.cases["c"].state == "returned"


async def test_a_desk_that_is_back_before_the_caller_is_told_every_word_when_the_caller_is(store: Store) -> None:
    hall = Hall(plan(), store)
    desk = hall.desk("1")
    caller = await hall.call("c", "姓名=张三", "!转人工")
    await desk.take()
    await desk.do(commands.Say("c", "您好，我是坐席。"))
    await caller.says("手续费太高了")
    words = desk.words("c")
    again = Hall(plan(), store, at=hall.at + 5.0)
    back = again.desk("1")
    back.seat.look()
    assert back.words("c") == []
    await Caller(again, "c").resume()
    assert back.words("c") == words
    assert (await back.do(commands.Say("c", "我帮您看一下。"))).ok
    assert back.words("c")[-1] == ("agent", "我帮您看一下。")


async def test_operations_see_what_waits_and_how_it_ends() -> None:
    def value(name: str, **labels: str) -> float:
        return REGISTRY.get_sample_value(f"huashu_centre_{name}", labels) or 0.0

    hall = Hall(
        Plan(queues={"计数": Queue("计数", wait=40.0)}, demands=(Demand("全部", "words", "计数", words=("人",)),))
    )
    await hall.call("a", "找人")
    await hall.wait(1.0)
    assert value("waiting", queue="计数") == 1
    assert value("waiting_since_seconds", queue="计数") == pytest.approx(BEGAN, abs=1.0)
    await hall.call("b", "找人")
    await hall.wait(9.0)
    desk = hall.desk("1")
    assert await desk.take() == "a"
    await hall.wait(60.0)
    assert value("waiting", queue="计数") == 0
    assert value("waiting_since_seconds", queue="计数") == 0
    assert value("wait_seconds_sum", queue="计数") == pytest.approx(10.0)
    assert value("agents", presence="available") == 1
    await desk.do(commands.GiveBack("a"))
    assert value("handoffs_ended_total", queue="计数", why="given_back") == 1
    desk.seat.sign_out()
    assert value("agents", presence="available") == 0


@pytest.mark.parametrize(
    ("how", "told"),
    [
        ("bot", "抱歉，同事暂时接不了，我先继续为您服务。"),
        ("callback", "抱歉，同事暂时接不了，稍后会给您回电。"),
        ("ticket", "抱歉，同事暂时接不了，您的问题已经登记，会有同事联系您。"),
    ],
)
async def test_who_is_passed_on_to_nobody_is_told_before_the_bot_goes_on(how: How, told: str) -> None:
    expert = Queue("专家", skills=(("专家", 1),), wait=20.0, fallback=(Fallback(how),))
    hall = Hall(Plan(queues={"信用卡": Queue("信用卡", wrap_up=0.0), "专家": expert}))
    desk = hall.desk("1", "信用卡")
    caller = await hall.call("c", "姓名=张三", "!转人工")
    await desk.take()
    await desk.do(commands.Transfer("c", "专家"))
    await hall.wait(21.0)
    assert caller.host.owner == "bot"
    assert caller.heard[-4:] == ["正在为您转接，请稍候。", told, "好的，我们继续。", "您需要办理账单分期吗？"]


async def test_at_midnight_the_wall_begins_anew() -> None:
    hall = Hall(plan(wrap_up=0.0))
    desk, boss = hall.desk("1"), hall.desk("s", role="supervisor")
    await hall.call("c", "!转人工")
    await desk.take()
    await desk.do(commands.GiveBack("c"))

    def answered() -> int:
        return [view for view in boss.all(QueueView) if view.name == "信用卡"][-1].answered

    await hall.wait(1.0)
    assert answered() == 1
    await hall.wait((24 - 15) * 3600.0)  # it was a quarter past two
    assert answered() == 1
    await hall.wait(3600.0)
    assert answered() == 0, "though nothing has happened"


async def test_supervisors_see_why_somebody_is_on_a_break(store: Store) -> None:
    hall = Hall(plan(wait=60.0, ring=10.0), store)
    desk, boss = hall.desk("1"), hall.desk("s", role="supervisor")

    async def shown() -> tuple[str, str]:
        await hall.wait(1.5)
        found = [view for view in boss.all(Agent) if view.id == "1"][-1]
        return found.presence, found.away

    await desk.do(commands.SetPresence("break", "午餐"))
    assert await shown() == ("break", "午餐")
    again = Hall(plan(), store, at=hall.at)
    assert again.service.centre.people["1"].away == "午餐", "over a restart, too"
    await desk.do(commands.SetPresence("available", "不算"))
    assert await shown() == ("available", "")
    for number in range(3):
        await hall.call(f"c{number}", "!转人工")
        await hall.wait(61.0)
    assert await shown() == ("break", "missed")


# --- what goes wrong ------------------------------------------------------------------------------------------------


async def test_callers_who_hang_up_and_agents_who_say_how_it_went() -> None:
    hall = Hall(plan(wrap_up=30.0, dispositions=("已解决",)))
    desk = hall.desk("1")
    caller = await hall.call("c", "!转人工")
    await desk.take()
    await caller.host.receive(HungUp())
    caller.line.leave()
    assert desk.conversation("c").state == "closed"
    assert "c" not in desk.gone()
    desk.seat.lost()
    desk = hall.desk("1")
    assert [view.state for view in desk.seat.look() if isinstance(view, Conversation)] == ["closed"]
    assert (await desk.do(commands.Close("c", "已解决", note="说清楚了"))).ok
    assert "c" in desk.gone()
    assert hall.service.live("c") is None


async def test_an_offer_is_withdrawn_when_the_caller_leaves() -> None:
    hall = Hall(plan())
    desk = hall.desk("1")
    caller = await hall.call("c", "!转人工")
    await caller.host.receive(HungUp())
    caller.line.leave()
    assert [view.why for view in desk.all(Withdrawn)] == ["caller_left"]


async def test_a_desk_that_crashes_and_comes_back_sees_all_it_had() -> None:
    hall = Hall(plan())
    desk = hall.desk("1")
    caller = await hall.call("c", "!转人工")
    await desk.take()
    desk.seat.lost()
    await caller.says("喂？")
    await hall.wait(10.0)
    again = hall.desk("1")
    shown = again.seat.look()
    assert [view.state for view in shown if isinstance(view, Conversation)] == ["bridged"]
    assert (await again.do(commands.Say("c", "我在"))).ok


async def test_a_bot_that_went_on_and_the_desk_agree_on_who_has_the_caller() -> None:
    hall = Hall(plan(wait=600.0, ring=600.0))
    desk = hall.desk("1")
    caller = await hall.call("c", "!转人工")
    await hall.wait(95.0)  # the bot waits for 90 s, and the desk has been ringing all the time
    assert caller.host.owner == "bot"
    await desk.take()
    assert (caller.host.owner == "human") == (hall.service.centre.cases["c"].state == "bridged")


# --- restart --------------------------------------------------------------------------------------------------------


async def test_the_server_dies_during_a_bridged_conversation(tmp_path: Path) -> None:
    path = tmp_path / "calls.db"
    hall = Hall(plan(wait=300.0), Store.open(path))
    desk = hall.desk("1")
    await hall.call("c", "姓名=张三", "!转人工")
    await hall.call("d", "!转人工")
    await desk.take()
    await desk.do(commands.Note("c", "要降低手续费"))
    await desk.do(commands.Fill("c", {"期数": 12}))
    assert hall.store is not None
    hall.store.close()  # kill -9: nothing is said to anybody

    hall = Hall(plan(wait=300.0), Store.open(path), at=hall.at + 8.0)
    desk = hall.desk("1")
    caller = await _again(hall, "c")
    other = await _again(hall, "d")
    assert caller.host.owner == "human"
    shown = desk.conversation("c")
    assert (shown.state, shown.agent) == ("bridged", "1")
    assert "要降低手续费" in shown.note
    assert {slot.name: slot.masked for slot in shown.slots}["期数"] == "12期"
    assert (await desk.do(commands.Say("c", "刚才断了一下"))).ok
    assert caller.heard[-1] == "刚才断了一下"
    assert (await desk.do(commands.GiveBack("c"))).ok
    assert caller.host.slots["期数"] == 12
    assert other.host.owner == "bot"
    assert hall.service.centre.cases["d"].state in ("queued", "offered")
    assert hall.store is not None
    hall.store.close()


async def _again(hall: Hall, call: str) -> Caller:
    return await Caller(hall, call).resume()


# --- tickets --------------------------------------------------------------------------------------------------------


async def test_a_caller_for_whom_nobody_came_becomes_a_ticket(store: Store) -> None:
    form = (Field("诉求", "诉求", "text", required=True), Field("期数", "期数", "integer"))
    hall = Hall(plan(wait=30.0, fallback=(Fallback("ticket"),), form=form, due=3600.0), store)
    await hall.call("c", "姓名=张三", "!肯定", "期数=6", "我要投诉", "!转人工")
    await hall.wait(31.0)
    desk = hall.desk("1")
    (ticket,) = desk.all(Ticket)
    assert (ticket.state, ticket.agent, ticket.queue, ticket.caller) == ("assigned", "1", "信用卡", "138••••8000")
    assert [(item.name, item.value) for item in ticket.form] == [("诉求", ""), ("期数", "6")]
    assert (await desk.do(commands.WorkTicket(ticket.id, "solve"))).code == "missing"
    done = commands.WorkTicket(ticket.id, "solve", "已回电说明", {"诉求": "手续费"})
    assert (await desk.do(done)).ok
    await hall.call("d", "!转人工")
    await desk.take()
    found = await desk.do(commands.Find("d", ticket.title, "cases"))
    assert list(found.values.values()) == ["坐席1：已回电说明"]


async def test_what_another_process_erases_or_sweeps_goes_from_the_desks_too(store: Store, tmp_path: Path) -> None:
    hall = Hall(plan(wait=30.0, fallback=(Fallback("ticket"),), due=3600.0), store)
    await hall.call("c", "姓名=张三", "!肯定", "期数=6", "我要投诉", "!转人工")
    await hall.wait(31.0)
    desk = hall.desk("1")
    (ticket,) = desk.all(Ticket)
    assert ticket.title
    assert ticket.caller
    with Store.open(tmp_path / "calls.db") as other:
        erase(other, "c")
    hall.service.casework.forget()
    bare = desk.all(Ticket)[-1]
    assert (bare.id, bare.state, bare.title, bare.caller, bare.note) == (ticket.id, "assigned", "", "", "")
    told = len(desk.seen)
    hall.service.casework.forget()
    assert len(desk.seen) == told, "once"
    assert (await desk.do(commands.WorkTicket(ticket.id, "solve", "已处理"))).ok
    with Store.open(tmp_path / "calls.db") as other:
        assert sweep(other, Retention(calls=1.0), now=BEGAN + 9 * DAY).swept == 1
    hall.service.casework.forget()
    assert hall.service.casework.tickets.all == {}


async def test_a_caller_who_is_to_be_called_back_may_hang_up_and_keeps_the_place(store: Store) -> None:
    hall = Hall(plan(wait=30.0, fallback=(Fallback("callback"),), callback=600.0), store)
    caller = await hall.call("c", "姓名=张三", "!转人工")
    await hall.wait(31.0)
    assert "坐席都在忙。" in caller.heard
    await caller.host.receive(HungUp())
    caller.line.leave()
    desk = hall.desk("1")
    assert desk.offer.conversation.id == "c"
    assert desk.offer.conversation.slots[0].masked == "张•"
    await desk.do(commands.Accept(desk.offer.id))
    (ticket,) = [view for view in desk.all(Ticket) if view.agent == "1"]
    assert (ticket.state, ticket.conversation) == ("assigned", "c")
    assert hall.service.casework.tickets.get(ticket.id).kind == "callback"
    assert hall.service.live("c") is None, "and nothing of it is left"


# --- the wall -------------------------------------------------------------------------------------------------------


async def test_the_wall_shows_queues_and_people() -> None:
    hall = Hall(plan())
    boss = hall.desk("s", role="supervisor")
    await hall.call("b", "!转人工")
    await hall.call("c", "!转人工")
    await hall.wait(5.0)
    queue = boss.all(QueueView)[-1]
    assert (queue.name, queue.waiting, queue.agents) == ("信用卡", 2, 0)
    desk = hall.desk("1")
    await hall.wait(0.2)
    assert [view.id for view in boss.all(Agent)][-1] == "1"
    assert len(desk.all(Offer)) == 1
    await boss.do(commands.Pull("b", agent="1"))
    assert {view.id for view in boss.seat.look() if isinstance(view, Conversation)} == {"b", "c"}


async def test_satisfaction_belongs_to_the_call_and_the_agent(store: Store) -> None:
    hall = Hall(plan(), store)
    desk = hall.desk("1")
    await hall.call("c", "!转人工")
    await desk.take()
    await desk.do(commands.Close("c", ""))
    hall.service.rate("c", "nps", 10, "很好")
    hall.service.rate("c", "csat", 5)
    assert hall.service.record.book is not None
    found = by_agent(hall.service.record.book.ratings())
    assert (found["1"].nps, found["1"].csat) == (100.0, 1.0)
