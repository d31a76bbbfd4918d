"""The conversation a ticket came from: shown masked to whoever works on it, on record, also after a restart."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from huashu.core.errors import UsageError
from huashu.core.events import HungUp
from huashu.handoff import commands
from huashu.handoff.views import Origin
from huashu.store.files import Files
from huashu.store.forgetting import erase
from huashu.store.log import Store
from tests.handoff.hall import Desk, Hall
from tests.handoff.test_forms import PLAN, with_the_expert

pytestmark = pytest.mark.server

CARD = "4111111111111111"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(tmp_path / "calls.db") as opened:
        yield opened


async def filed(hall: Hall, *, over: bool = True) -> tuple[Desk, str]:
    """A desk, and its ticket of a conversation; over: it has ended and the centre holds nothing of it."""
    caller, desk = await with_the_expert(hall)
    await caller.says("我另一个号码是13700137000")
    await desk.do(commands.Say("c", "好的，我给您登记"))
    assert (await desk.do(commands.Fill("c", {"卡号": CARD}))).ok
    answer = await desk.do(commands.FileTicket("c", "专家", "要降手续费", values={"诉求": "手续费"}))
    if over:
        await caller.host.receive(HungUp("caller"))
        caller.line.leave()
        await desk.do(commands.WrapUpDone())
        assert hall.service.live("c") is None
    return desk, str(answer.values["ticket"])


async def read(desk: Desk, id_: str) -> Origin:
    assert (await desk.do(commands.ReadTicket(id_))).ok
    return desk.all(Origin)[-1]


@pytest.mark.parametrize("over", [False, True])
async def test_whoever_works_on_a_ticket_reads_the_conversation_it_came_from_masked(store: Store, over: bool) -> None:
    hall = Hall(PLAN, store)
    desk, id_ = await filed(hall, over=over)
    shown = await read(desk, id_)
    assert (shown.id, shown.conversation, shown.medium, shown.missing) == (id_, "c", "text", False)
    words = [(item.by, item.text) for item in shown.said]
    assert ("caller", "我另一个号码是••••00") in words
    assert words[-1] == ("agent", "好的，我给您登记")
    assert {item.name: item.masked for item in shown.slots}["卡号"] == "••••••••••••1111"
    assert CARD not in repr(shown)
    assert "张三" not in {item.masked for item in shown.slots}


async def test_a_value_of_it_is_shown_whole_on_record_and_nobody_else_reads_it(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk, id_ = await filed(hall)
    other, boss = hall.desk("2", "专家"), hall.desk("s", role="supervisor")
    assert (await other.do(commands.ReadTicket(id_))).code == "forbidden"
    assert not other.all(Origin)
    assert (await other.do(commands.Unmask("", "卡号", ticket=id_))).code == "forbidden"
    for one in (desk, boss):
        answer = await one.do(commands.Unmask("", "卡号", ticket=id_))
        assert str(answer.values["卡号"]).replace(" ", "") == CARD
    assert hall.service.record.book is not None
    assert [(look.agent, look.slot) for look in hall.service.record.book.looks("c")] == [
        ("1", f"{id_}/卡号"), ("s", f"{id_}/卡号"),
    ]  # fmt: skip
    await boss.do(commands.WorkTicket(id_, "close"))
    assert (await desk.do(commands.ReadTicket(id_))).code == "forbidden", "it is done"
    assert (await read(boss, id_)).said


async def test_it_is_read_from_the_record_after_a_restart_and_is_gone_when_it_was_erased(store: Store) -> None:
    hall = Hall(PLAN, store)
    desk, id_ = await filed(hall)
    before = await read(desk, id_)
    again = Hall(PLAN, store, at=9.0).desk("s", role="supervisor")
    assert await read(again, id_) == before
    erase(store, "c")
    gone = await read(Hall(PLAN, store, at=9.0).desk("s", role="supervisor"), id_)
    assert (gone.said, gone.slots, gone.missing) == ((), (), True)


async def test_its_recording_is_for_supervisors_and_on_record(store: Store, tmp_path: Path) -> None:
    hall = Hall(PLAN, store)
    desk, id_ = await filed(hall)
    boss = hall.desk("s", role="supervisor")
    assert (await read(boss, id_)).recordings == ()
    sound, lost = tmp_path / "c.wav", tmp_path / "c.2.wav"
    sound.write_bytes(b"RIFF")
    for path in (sound, lost):
        Files(store).put(path, "c", "recording", 1.0)
    assert (await read(boss, id_)).recordings == (f"/desk/api/tickets/{id_}/recordings/1",), "one has been deleted"
    assert (await read(desk, id_)).recordings == ()
    assert boss.seat.recording(id_, 1) == sound.resolve()
    for seat, number, code in ((desk.seat, 1, "forbidden"), (boss.seat, 2, "unknown"), (boss.seat, 0, "unknown")):
        with pytest.raises(UsageError) as refused:
            seat.recording(id_, number)
        assert refused.value.code == code
    assert hall.service.record.book is not None
    assert [(look.agent, look.slot) for look in hall.service.record.book.looks("c")] == [("s", f"{id_}/recording")]
