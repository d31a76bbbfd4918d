"""The asyncio shell: order, commit before perform, the timer, actions, losing an edge, a worker or the record."""

import asyncio
import dataclasses
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from huashu.core.actions import Action, Disposition, Listen, RunAction
from huashu.core.errors import LimitError, StoreError, UsageError
from huashu.core.events import (
    ActionResult,
    Answered,
    Heard,
    HungUp,
    PlaybackEnded,
    Resumed,
    Started,
    Ticked,
    Understood,
)
from huashu.core.expect import Expectation
from huashu.core.values import Scalar
from huashu.runtime.actions import ActionContext
from huashu.runtime.host import MAX_WAITING, Host
from huashu.store.forgetting import erase
from huashu.store.log import Store
from tests.runtime.runtime_fakes import STARTED, Clock, Edge, Words, bot, host, opened

pytestmark = pytest.mark.unit


@pytest.fixture
def store(tmp_path: Path) -> Any:
    with Store.open(tmp_path / "calls.db") as opened_store:
        yield opened_store


async def test_a_whole_conversation(folder: Path, store: Store) -> None:
    edge = Edge()
    held = await opened(bot(folder), edge, Clock(), store)
    assert edge.said == ["请问贵姓？"]
    assert (held.step, held.owner, held.expectation.slot) == ("订位.姓名", "bot", "姓名")
    await held.receive(Heard("姓名=李雷"))
    await held.receive(Heard("人数=4"))
    await held.settle()
    assert edge.said == ["请问贵姓？", "请问几位？", "订好了，单号B4。"]
    assert edge.kinds()[-3:] == ["Say", "Disposition", "Hangup"]
    assert "RunAction" not in edge.kinds()
    end = await held.wait_closed()
    assert end is not None
    assert (end.ending, end.label) == ("订好", "A")
    assert held.closed
    assert held.slots["人数"] == 4
    assert store.call("call1").state == "closed"


async def test_a_call_without_id_or_wall_gets_them(folder: Path) -> None:
    clock = Clock()
    held = host(bot(folder), Edge(), clock)
    await held.start(Started(""))
    assert len(held.call) == 16
    assert held.started is not None
    assert held.started.wall == clock.wall()


async def test_an_action_is_performed_only_after_its_turn_is_on_record(folder: Path, store: Store) -> None:
    class Reader(Edge):
        def perform(self, action: Action) -> None:
            super().perform(action)
            assert action.id.partition(".")[0] == str(store.read("call1")[-1].seq)

    edge = Reader()
    held = await opened(bot(folder), edge, Clock(), store)
    await held.receive(Heard("姓名=李雷"))
    assert len(edge.actions) == 4


async def test_events_are_handled_in_the_order_they_came(folder: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "group.db", commit="group") as store:
        edge = Edge()
        held = await opened(bot(folder), edge, Clock(), store)
        await asyncio.gather(held.receive(Heard("姓名=李雷")), held.receive(Heard("人数=4")))
        await held.settle()
        assert edge.said == ["请问贵姓？", "请问几位？", "订好了，单号B4。"]
        assert [entry.seq for entry in store.read("call1")] == list(range(1, 8))


async def test_too_many_waiting_events_are_refused(folder: Path) -> None:
    held = await opened(bot(folder), Edge(), Clock())
    async with held._lock:
        waiting = [asyncio.create_task(held.receive(Heard(f"{n}", final=False))) for n in range(MAX_WAITING)]
        await asyncio.sleep(0)
        with pytest.raises(LimitError, match="256 events"):
            await held.receive(Heard("one more"))
    await asyncio.gather(*waiting)
    await held.receive(Heard("姓名=李雷"))
    assert held.expectation.slot == "人数"


async def test_an_impossible_event_is_the_edges_fault_and_the_call_goes_on(folder: Path) -> None:
    edge = Edge()
    held = await opened(bot(folder), edge, Clock())
    with pytest.raises(UsageError):
        await held.start(STARTED)
    with pytest.raises(LimitError):
        await held.receive(Heard("长" * 3000))
    await held.receive(Heard("姓名=李雷"))
    assert edge.said[-1] == "请问几位？"


# --- time -------------------------------------------------------------------------------------------------------------


async def test_a_shell_with_a_clock_of_its_own_wakes_the_host(folder: Path, store: Store) -> None:
    clock, edge = Clock(), Edge()
    held = await opened(bot(folder), edge, clock, store)
    assert held.deadline == 5.0
    clock.at += 4.9
    await held.wake()
    assert edge.said == ["请问贵姓？"]
    clock.at += 0.1
    await held.wake()
    assert edge.said == ["请问贵姓？", "您还在吗？"]
    clock.at += 5.0
    await held.wake()
    assert held.closed
    assert held.deadline is None
    ticks = [entry.now for entry in store.read("call1") if isinstance(entry.event, Ticked)]
    assert ticks == pytest.approx([5.0, 10.0])


async def test_the_host_keeps_its_own_timer(folder: Path) -> None:
    """The loop's clock runs ahead by hand, so that no real time passes."""
    loop = asyncio.get_running_loop()
    real, ahead = loop.time, [0.0]
    loop.time = lambda: real() + ahead[0]  # type: ignore[method-assign]
    edge = Edge()
    held = Host(bot(folder), edge, clock=loop.time)
    await held.start(STARTED)
    await held.receive(Answered())
    ahead[0] += 3.0
    await held.receive(Heard("姓名=李雷"))  # the deadline moves from 5 to 8
    ahead[0] += 3.0
    for _ in range(5):
        await asyncio.sleep(0)
    assert edge.said == ["请问贵姓？", "请问几位？"]
    ahead[0] += 3.0
    for _ in range(5):
        await asyncio.sleep(0)
    assert edge.said[-1] == "您还在吗？"
    ahead[0] += 6.0
    end = await asyncio.wait_for(held.wait_closed(), 1000.0)
    assert end is not None
    assert end.result == "no_input"


async def test_now_never_runs_backwards(folder: Path, store: Store) -> None:
    clock = Clock()
    held = await opened(bot(folder), Edge(), clock, store)
    clock.at += 3.0
    await held.receive(Heard("喂"))
    clock.at -= 2.0
    await held.receive(Heard("姓名=李雷"))
    times = [entry.now for entry in store.read("call1")]
    assert times == sorted(times)


# --- understanding and actions ----------------------------------------------------------------------------------------


async def test_understanding_in_a_pool_leaves_the_loop_free(folder: Path) -> None:
    gate = threading.Event()

    class Slow(Words):
        def understand(self, heard: Heard, expect: Expectation, *, at: Any) -> Understood:
            gate.wait(10)
            return super().understand(heard, expect, at=at)

    edge = Edge()
    with ThreadPoolExecutor(1) as pool:
        held = await opened(dataclasses.replace(bot(folder, words=Slow()), pool=pool), edge, Clock())
        first = asyncio.create_task(held.receive(Heard("姓名=李雷")))
        second = asyncio.create_task(held.receive(Heard("人数=4")))
        await asyncio.sleep(0)  # the loop runs on while the pool thinks
        assert edge.said == ["请问贵姓？"]
        gate.set()
        await asyncio.gather(first, second)
    assert edge.said[1] == "请问几位？"


async def test_without_a_backend_the_edge_runs_the_action(folder: Path) -> None:
    edge = Edge()
    held = await opened(dataclasses.replace(bot(folder), actions=None), edge, Clock())
    await held.receive(Heard("姓名=李雷"))
    await held.receive(Heard("人数=4"))
    run = edge.actions[-1]
    assert isinstance(run, RunAction)
    await held.receive(ActionResult(run.id, values={"单号": "E1"}))
    assert edge.said[-1] == "订好了，单号E1。"


async def test_a_failed_action_takes_the_failed_path(folder: Path) -> None:
    def book(人数: int) -> None:
        raise ConnectionError("no route")

    edge = Edge()
    held = await opened(bot(folder, {"book": book}), edge, Clock())
    await held.receive(Heard("姓名=李雷"))
    await held.receive(Heard("人数=4"))
    assert held.busy
    await held.settle()
    assert not held.busy
    assert edge.said[-1] == "抱歉，没有订上。"


# --- losing the edge --------------------------------------------------------------------------------------------------


async def test_a_broken_edge_leaves_a_call_that_can_be_resumed(folder: Path, store: Store) -> None:
    edge, clock = Edge(), Clock()
    held = await opened(bot(folder), edge, clock, store)
    edge.fault = BrokenPipeError()
    await held.receive(Heard("姓名=李雷"))
    edge.fault = None
    await held.receive(Heard("人数=4"))  # nobody is there to hear of it
    assert edge.said == ["请问贵姓？"]
    fresh = Edge()
    again = host(bot(folder), fresh, clock, store)
    await again.resume("call1")
    assert fresh.said == ["请问几位？"]


@pytest.mark.parametrize("recorded", [True, False])
async def test_detached_and_attached_again(folder: Path, store: Store, recorded: bool) -> None:
    edge, clock = Edge(), Clock()
    held = await opened(bot(folder), edge, clock, store if recorded else None)
    await held.receive(Heard("姓名=李雷"))
    clock.at += 2.0
    held.detach()
    assert held.deadline is None
    clock.at += 30.0
    await held.wake()
    await held.receive(Heard("人数=4"))  # from the edge that is gone: ignored
    fresh = Edge()
    await held.attach(fresh)
    assert fresh.said == ["请问几位？"]
    assert fresh.ids == edge.ids[-2:]
    assert held.deadline == 37.0  # silence stood still
    with pytest.raises(UsageError, match="not detached"):
        await held.attach(fresh)
    await held.receive(Heard("人数=4"))
    await held.settle()
    assert fresh.said[-1] == "订好了，单号B4。"


async def test_a_caller_who_hangs_up_ends_it(folder: Path, store: Store) -> None:
    edge = Edge()
    held = await opened(bot(folder), edge, Clock(), store)
    waiting = asyncio.create_task(held.wait_closed())
    await asyncio.sleep(0)
    await held.receive(HungUp())
    end = await waiting
    assert end is not None
    assert end.ending == "hung_up"
    assert store.call("call1").ending == "hung_up"
    await held.receive(Heard("喂"))
    assert edge.kinds()[-1] == "Disposition"


# --- losing the worker ------------------------------------------------------------------------------------------------


async def test_another_worker_goes_on(folder: Path, store: Store) -> None:
    clock, edge = Clock(), Edge()
    first = await opened(bot(folder), edge, clock, store)
    clock.at += 3.0
    await first.receive(Heard("姓名=李雷"))
    first.detach()  # killed
    clock.at += 60.0
    fresh = Edge()
    second = host(bot(folder), fresh, Clock(7.0), store)
    second._wall = clock.wall
    await second.resume("call1")
    assert fresh.said == ["请问几位？"]
    assert fresh.ids == edge.ids[-2:]
    assert second.slots["姓名"] == "李雷"
    assert second.now == pytest.approx(63.0)
    assert second.deadline == pytest.approx(68.0)
    resumed = store.read("call1")[-1].event
    assert isinstance(resumed, Resumed)
    assert resumed.downtime == pytest.approx(60.0)
    await second.receive(Heard("人数=4"))
    await second.settle()
    assert fresh.said[-1] == "订好了，单号B4。"


async def test_the_old_worker_stops_when_it_has_lost_the_call(folder: Path, store: Store) -> None:
    clock, edge = Clock(), Edge()
    old = await opened(bot(folder), edge, clock, store)
    new = host(bot(folder), Edge(), clock, store)
    await new.resume("call1")
    waiting = asyncio.create_task(old.wait_closed())
    await asyncio.sleep(0)
    await old.receive(Heard("姓名=李雷"))
    assert edge.said == ["请问贵姓？"]
    with pytest.raises(StoreError) as stale:
        await waiting
    assert stale.value.code == "stale"
    assert old.closed
    assert old.deadline is None


async def test_a_cut_prompt_is_spoken_again_and_a_heard_one_is_not(folder: Path, store: Store) -> None:
    clock, edge = Clock(), Edge()
    held = await opened(bot(folder), edge, clock, store, medium="voice", marks="sent")
    first = edge.actions[0]
    cut = Edge()
    await host(bot(folder), cut, clock, store).resume("call1")
    assert cut.ids[0] == first.id
    second = host(bot(folder), Edge(), clock, store)
    await second.resume("call1")
    await second.receive(PlaybackEnded(first.id))
    heard = Edge()
    await host(bot(folder), heard, clock, store).resume("call1")
    assert heard.said == []
    assert isinstance(heard.actions[-1], Listen)
    held.detach()


async def test_an_edge_that_knows_what_it_got_receives_exactly_the_rest(folder: Path, store: Store) -> None:
    clock, edge = Clock(), Edge()
    held = await opened(bot(folder), edge, clock, store)
    await held.receive(Heard("姓名=李雷"))
    await held.receive(Heard("什么"))
    held.detach()
    for number, identity in enumerate(edge.ids):
        fresh = Edge()
        await host(bot(folder), fresh, clock, store).resume("call1", after=identity)
        rest = [action for action in edge.actions[number + 1 :] if not isinstance(action, Listen)]
        listen = [action for action in edge.actions if isinstance(action, Listen)][-1]
        assert [action for action in fresh.actions if not isinstance(action, Listen)] == rest
        assert [action for action in fresh.actions if isinstance(action, Listen)] == [listen]


async def test_an_action_in_flight_is_run_again_under_its_key(folder: Path, store: Store) -> None:
    keys: list[str] = []
    never = asyncio.Event()

    async def book(人数: int, context: ActionContext) -> dict[str, Scalar]:
        keys.append(context.key)
        if len(keys) == 1:
            await never.wait()
        return {"单号": "B9"}

    clock, edge = Clock(), Edge()
    first = await opened(bot(folder, {"book": book}), edge, clock, store)
    await first.receive(Heard("姓名=李雷"))
    await first.receive(Heard("人数=4"))
    await asyncio.sleep(0)
    first.detach()  # killed, the action under way
    fresh = Edge()
    second = host(bot(folder, {"book": book}), fresh, clock, store)
    await second.resume("call1")
    await second.settle()
    assert keys == ["call1/6.1", "call1/6.1"]
    assert fresh.said == ["订好了，单号B9。"]


async def test_a_kept_result_is_not_run_again(folder: Path, store: Store) -> None:
    runs: list[int] = []

    def book(人数: int) -> dict[str, Scalar]:
        runs.append(人数)
        return {"单号": f"B{len(runs)}"}

    clock = Clock()
    first = await opened(bot(folder, {"book": book}), Edge(), clock, store)
    await first.receive(Heard("姓名=李雷"))
    await first.receive(Heard("人数=4"))
    first.detach()  # killed between the action's answer and its turn
    await first.settle()
    assert runs == [4]
    fresh = Edge()
    second = host(bot(folder, {"book": book}), fresh, clock, store)
    await second.resume("call1")
    await second.settle()
    assert runs == [4]
    assert fresh.said == ["订好了，单号B1。"]


async def test_a_call_that_ended_unperformed_is_performed_on_resume(folder: Path, store: Store) -> None:
    class Dies(Edge):
        def perform(self, action: Action) -> None:
            if isinstance(action, Disposition):
                raise BrokenPipeError
            super().perform(action)

    clock, edge = Clock(), Dies()
    held = await opened(bot(folder), edge, clock, store)
    await held.receive(Heard("姓名=李雷"))
    await held.receive(Heard("人数=4"))
    await held.settle()
    assert store.call("call1").ending == "订好"
    assert store.call("call1").state == "open"
    fresh = Edge()
    again = host(bot(folder), fresh, clock, store)
    await again.resume("call1")
    assert fresh.kinds() == ["Say", "Disposition", "Hangup"]
    assert again.closed
    assert (await again.wait_closed()) is not None
    with pytest.raises(StoreError, match="only an open call"):
        await host(bot(folder), Edge(), clock, store).resume("call1")


async def test_what_cannot_be_resumed_is_named(folder: Path, store: Store) -> None:
    with pytest.raises(StoreError, match="without a store"):
        await host(bot(folder), Edge(), Clock()).resume("call1")
    with pytest.raises(StoreError, match="no call"):
        await host(bot(folder), Edge(), Clock(), store).resume("call1")
    held = await opened(bot(folder), Edge(), Clock(), store)
    with pytest.raises(UsageError, match="one conversation"):
        await held.resume("call1")
    erase(store, "call1")
    with pytest.raises(StoreError, match="erased"):
        await host(bot(folder), Edge(), Clock(), store).resume("call1")


# --- losing the record ------------------------------------------------------------------------------------------------


async def test_when_nothing_can_be_written_the_caller_hears_the_error_pattern(
    folder: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: object, **__: object) -> None:
        raise StoreError("the record could not be written: database or disk is full")

    edge = Edge()
    held = await opened(bot(folder), edge, Clock(), store)
    monkeypatch.setattr(store, "append_async", full)
    await held.receive(Heard("姓名=李雷"))
    assert edge.said == ["请问贵姓？", "系统开了小差，给您转人工。"]
    assert edge.kinds()[-1] == "Handoff"
    with pytest.raises(StoreError, match="disk is full"):
        await held.wait_closed()


async def test_nothing_a_caller_says_is_logged(folder: Path, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    def book(人数: int) -> None:
        raise ValueError("六期吧就这个")

    caplog.set_level(logging.DEBUG)
    words = Words()
    held = await opened(bot(folder, {"book": book}, words), Edge(), Clock(), store)
    await held.receive(Heard("姓名=张伟"))
    words.fault = ValueError("张伟")
    await held.receive(Heard("13812345678"))
    words.fault = None
    await held.receive(Heard("人数=4"))
    await held.settle()
    assert "ValueError at test_host.py" in caplog.text
    for secret in ("张伟", "13812345678", "六期吧"):
        assert secret not in caplog.text
