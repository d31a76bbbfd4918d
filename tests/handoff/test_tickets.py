"""Tickets: whose they are, what may be done with them, when they are late, what is found and exported."""

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Literal

import pytest

from huashu.core.errors import UsageError
from huashu.flows.hours import parse_hours
from huashu.handoff.exporting import written
from huashu.handoff.plan import Plan, Profile, Queue
from huashu.handoff.satisfaction import by_agent, checked_score, satisfaction
from huashu.handoff.tickets import MOST, STILL_SHOWN, STILL_SHOWN_FOR, Do, Ticket, Tickets, filled
from huashu.handoff.views import Field
from huashu.store.cases import RatingRow

pytestmark = pytest.mark.unit

PLAN = Plan(
    queues={
        "q": Queue("q", skills=(("card", 1),), escalate="expert", due=3600.0),
        "expert": Queue("expert", level=3, skills=(("card", 5),), due=7200.0),
    }
)
A = Profile("a", "甲", skills={"card": 2}, areas=("分期",))
B = Profile("b", "乙", skills={"card": 6})
C = Profile("c", "丙", skills={"loan": 6})
BOSS = Profile("s", "班长", role="supervisor")
FORM = (Field("诉求", "诉求", "text", required=True), Field("金额", "金额", "money"))


def ticket(**fields: object) -> Ticket:
    made = Ticket("", "ticket", "q", "手续费太高", "call1", created=0.0, due=3600.0, form=FORM)
    return replace(made, **fields)  # type: ignore[arg-type]


def test_it_goes_to_who_looks_after_its_area_then_to_who_has_fewest() -> None:
    tickets = Tickets(PLAN)
    assert tickets.file(ticket(area="分期"), [A, B, C]).agent == "a"
    assert tickets.file(ticket(), [A, B, C]).agent == "b"
    assert tickets.file(ticket(), [A, B, C]).agent == "b", "as many as the other, and better at it"
    assert tickets.file(ticket(), [A, B, C]).agent == "a"
    assert tickets.file(ticket(queue="expert"), [A, C]).state == "open", "nobody is good enough"


def test_what_is_nobodys_finds_who_signs_in_but_not_too_much_of_it() -> None:
    tickets = Tickets(PLAN)
    for _ in range(MOST + 3):
        tickets.file(ticket(), [])
    tickets.arrived([A])
    assert tickets.load("a") == MOST
    assert [item.agent for item in tickets.visible(A, 0.0)].count("") == 3


def test_the_time_for_a_ticket_runs_while_its_queue_is_open() -> None:
    hours = parse_hours(["周一至周五 9:00-18:00"])
    plan = Plan(queues={"q": Queue("q", escalate="up", due=86_400.0), "up": Queue("up", hours=hours, due=86_400.0)})

    def at(text: str) -> float:
        return datetime.fromisoformat(f"{text}+08:00").timestamp()

    def due(filed: str) -> float:
        return plan.due(plan.queue("up"), at(filed), 86_400.0)

    assert due("2026-03-03 15:00") == at("2026-03-04 15:00")
    assert due("2026-03-03 20:00") == at("2026-03-05 09:00"), "from the opening on"
    assert due("2026-03-06 15:00") == at("2026-03-09 09:00"), "it does not run out at the weekend"
    tickets = Tickets(plan)
    tickets.file(ticket(due=at("2026-03-06 15:00")), [])
    tickets.tick([], at("2026-03-06 15:00"))
    assert tickets.get("T000001").due == at("2026-03-09 09:00"), "a level up likewise"


def test_numbers_go_on_after_a_restart() -> None:
    tickets = Tickets(PLAN)
    tickets.put(ticket(id="T000041"))
    assert tickets.file(ticket(), []).id == "T000042"


@pytest.mark.parametrize(
    ("do", "by", "code"),
    [("solve", B, "forbidden"), ("take", C, "forbidden"), ("take", B, "taken"), ("solve", A, "missing")],
)
def test_what_may_not_be_done(do: Do, by: Profile, code: str) -> None:
    tickets = Tickets(PLAN)
    filed = tickets.file(ticket(area="分期"), [A, B])
    with pytest.raises(UsageError) as refused:
        tickets.work(filed.id, do, by, [A, B], now=10.0)
    assert refused.value.code == code
    assert tickets.get(filed.id) == filed


def test_the_life_of_one() -> None:
    tickets = Tickets(PLAN)
    filed = tickets.file(ticket(area="分期"), [A, B])
    tickets.work(filed.id, "pend", A, [A, B], note="等客户回复", now=10.0)
    tickets.work(filed.id, "escalate", A, [A, B], now=20.0)
    now_b = tickets.get(filed.id)
    assert (now_b.queue, now_b.level, now_b.agent, now_b.due) == ("expert", 2, "b", 7220.0)
    done = tickets.work(filed.id, "solve", B, [A, B], note="已减免", values={"诉求": "降费", "金额": "12.5"}, now=30.0)
    assert (done.state, done.done, done.note) == ("solved", 30.0, "甲：等客户回复\n乙：已减免")
    assert [item.value for item in done.form] == ["降费", "12.5"]
    tickets.work(filed.id, "close", BOSS, [A, B], now=40.0)
    with pytest.raises(UsageError, match="is closed"):
        tickets.work(filed.id, "take", A, [A, B], now=50.0)
    assert tickets.load("a") == tickets.load("b") == 0


def test_a_closed_one_is_opened_again_with_a_reason_and_a_new_time() -> None:
    tickets = Tickets(PLAN)
    filed = tickets.file(ticket(area="分期", form=()), [A, B])
    tickets.work(filed.id, "solve", A, [A, B], note="已减免", now=10.0)
    tickets.work(filed.id, "close", BOSS, [A, B], now=20.0)
    for by, note, code in ((A, " ", "missing"), (B, "客户又来电", "forbidden")):
        with pytest.raises(UsageError) as refused:
            tickets.work(filed.id, "reopen", by, [A, B], note=note, now=30.0)
        assert refused.value.code == code
    again = tickets.work(filed.id, "reopen", BOSS, [A, B], note="客户说还是没到账", now=5000.0)
    assert (again.state, again.agent, again.due, again.done, again.reopened) == ("assigned", "a", 8600.0, 0.0, 1)
    assert again.note.endswith("班长：重新打开：客户说还是没到账")
    assert tickets.load("a") == 1
    assert not tickets.search("手续费太高"), "a case that goes on is no example of one that was solved"
    assert tickets.deadline == 8600.0
    with pytest.raises(UsageError, match="is assigned"):
        tickets.work(filed.id, "reopen", A, [A, B], note="又来", now=5001.0)


def test_one_whose_agent_is_away_goes_to_another_when_it_is_opened_again() -> None:
    tickets = Tickets(PLAN)
    filed = tickets.file(ticket(area="分期", kind="callback", form=()), [A, B])
    tickets.work(filed.id, "close", A, [A, B], now=20.0)
    again = tickets.work(filed.id, "reopen", BOSS, [B], note="客户又来电", now=100.0)
    assert (again.agent, again.due) == ("b", 100.0 + PLAN.queue("q").callback), "who is to be called back, by that rule"
    tickets.work(filed.id, "close", B, [B], now=200.0)
    assert tickets.work(filed.id, "reopen", B, [], note="还没完", now=300.0).agent == "b", "their own"


def test_one_is_given_to_somebody_by_name_who_works_for_its_queue() -> None:
    tickets = Tickets(PLAN)
    filed = tickets.file(ticket(area="分期"), [A, B])
    for by, to, code in ((B, B, "forbidden"), (A, C, "invalid"), (A, None, "invalid")):
        with pytest.raises(UsageError) as refused:
            tickets.work(filed.id, "assign", by, [A, B, C], to=to, now=10.0)
        assert refused.value.code == code
        assert tickets.get(filed.id) == filed
    given = tickets.work(filed.id, "assign", A, [A, B], to=B, note="请今天回电", now=10.0)
    assert (given.state, given.agent, given.assigned_by) == ("assigned", "b", "a")
    assert given.note == "甲：交给乙：请今天回电"
    assert (tickets.load("a"), tickets.load("b")) == (0, 1)
    back = tickets.work(filed.id, "assign", BOSS, [A, B], to=A, now=20.0)
    assert (back.agent, back.assigned_by) == ("a", "s")
    assert tickets.work(filed.id, "release", A, [A, B], now=30.0).assigned_by == ""


def test_what_is_done_stands_a_while_at_who_had_it_and_at_supervisors() -> None:
    tickets = Tickets(PLAN)
    filed = tickets.file(ticket(area="分期"), [A, B])
    tickets.work(filed.id, "close", A, [A, B], now=20.0)
    assert [len(tickets.visible(who, 30.0)) for who in (A, B, BOSS)] == [1, 0, 1]
    assert not tickets.visible(BOSS, 20.0 + STILL_SHOWN_FOR)
    for n in range(STILL_SHOWN):
        later = tickets.file(ticket(area="分期"), [A])
        tickets.work(later.id, "close", A, [A], now=30.0 + n)
    assert filed.id not in {item.id for item in tickets.visible(BOSS, 300.0)}


def test_overdue_ones_go_a_level_up_and_then_are_marked() -> None:
    tickets = Tickets(PLAN)
    filed = tickets.file(ticket(), [A])
    assert tickets.deadline == 3600.0
    assert not tickets.tick([A, B], 3599.0)
    tickets.tick([A, B], 3600.0)
    assert (tickets.get(filed.id).queue, tickets.get(filed.id).agent) == ("expert", "b")
    tickets.tick([A, B], 3600.0 + 7200.0)
    assert tickets.get(filed.id).overdue
    assert tickets.deadline is None


def test_solved_cases_are_found() -> None:
    tickets = Tickets(PLAN)
    for title, note in (("分期手续费太高", "减免一期"), ("卡片丢了要挂失", "已挂失补卡"), ("账单没收到", "补寄账单")):
        filed = tickets.file(ticket(title=title, form=()), [A])
        tickets.work(filed.id, "solve", A, [A], note=note, now=1.0)
    assert [item.title for item in tickets.search("客户的卡丢了，想挂失")][:1] == ["卡片丢了要挂失"]


def test_export() -> None:
    tickets = Tickets(PLAN)
    tickets.file(ticket(title="=cmd|' /C calc'!A0", form=filled(FORM, {"诉求": "降费"})), [A])
    tickets.work("T000001", "assign", BOSS, [A, B], to=B, now=1.0)
    tickets.work("T000001", "close", B, [A, B], now=2.0)
    tickets.work("T000001", "reopen", B, [A, B], note="又来", now=3.0)
    (row,) = csv.DictReader(io.StringIO(written(tickets.all.values(), "csv")))
    assert row["title"].startswith("'="), "no formula for the spreadsheet that opens it"
    assert (row["agent"], row["assigned_by"], row["reopened"], row["form.诉求"]) == ("b", "s", "1", "降费")
    assert json.loads(written(tickets.all.values(), "json"))[0]["form.诉求"] == "降费"


OWN = (Field("姓名", "姓名", "name", value="张三丰", private=True), Field("城市", "城市", "text", value="杭州"))


def test_the_library_of_cases_says_what_helped_and_not_whom() -> None:
    tickets = Tickets(PLAN)
    for note in ("张三丰的卡已挂失，回电13800138000确认", "已补卡"):
        filed = tickets.file(ticket(title="张三丰要挂失", form=OWN), [A])
        tickets.work(filed.id, "solve", A, [A], note=note, now=1.0)
    assert tickets.found("挂失") == {
        "张••要挂失": "甲：张••的卡已挂失，回电••••00确认", "张••要挂失 · T000002": "甲：已补卡",
    }  # fmt: skip
    assert tickets.get("T000001").note == "甲：张三丰的卡已挂失，回电13800138000确认"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_an_export_holds_private_values_only_when_they_are_asked_for(form: Literal["csv", "json"]) -> None:
    tickets = Tickets(PLAN)
    tickets.file(ticket(form=OWN, area="张三丰"), [A])
    bare = written(tickets.all.values(), form)
    assert ("张三丰" in bare, "张••" in bare, "杭州" in bare) == (False, True, True)
    assert "张••" not in written(tickets.all.values(), form, private=True)
    assert written(tickets.all.values(), form, private=True).count("张三丰") == 2


@pytest.mark.parametrize("values", [{"没有": "x"}, {"金额": "很多"}])
def test_forms_take_what_their_fields_take(values: Mapping[str, str]) -> None:
    with pytest.raises(UsageError) as refused:
        filled(FORM, values)
    assert refused.value.code == "invalid"


def rating(kind: Literal["nps", "csat"], score: int, agent: str = "a") -> RatingRow:
    return RatingRow("call", kind, agent, "q", checked_score(kind, score), 0.0)


def test_satisfaction() -> None:
    rows = [rating("nps", score) for score in (10, 9, 8, 3)] + [rating("csat", score, "b") for score in (5, 4, 1)]
    assert satisfaction(rows).nps == 25.0
    assert by_agent(rows)["b"].csat == round(2 / 3, 4)
    assert by_agent(rows)["b"].nps is None
    with pytest.raises(UsageError):
        checked_score("csat", 6)
