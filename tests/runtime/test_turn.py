"""The synchronous heart: what becomes a turn, what is recorded when, and what happens when something breaks."""

import shutil
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from huashu.core.actions import Action, Disposition, Handoff, Hangup, Listen, RunAction, Say
from huashu.core.errors import LimitError, StoreError, UsageError
from huashu.core.events import (
    ActionResult,
    Answered,
    Event,
    HandoffFailed,
    Heard,
    HumanJoined,
    HungUp,
    PlaybackEnded,
    PlaybackMark,
    PlaybackStarted,
    Started,
    Ticked,
    Understood,
)
from huashu.dialogue.engine import Conversation
from huashu.runtime.turn import MAX_UTTERANCE, Turns
from huashu.store.log import Entry, Store
from tests.runtime.runtime_fakes import STARTED, Words, bot

pytestmark = pytest.mark.unit


def opened(turns: Turns) -> Turns:
    turns.step(STARTED, now=0.0)
    turns.step(Answered(), now=0.0)
    return turns


def says(actions: tuple[Action, ...]) -> list[str]:
    return [action.text for action in actions if isinstance(action, Say)]


def test_a_turn_is_heard_understood_answered_and_recorded(folder: Path, tmp_path: Path) -> None:
    words = Words()
    with Store.open(tmp_path / "calls.db") as store:
        turns = opened(Turns(bot(folder, words=words), store))
        turn = turns.step(Heard("姓名=李雷"), now=4.0)
        assert says(turn.actions) == ["请问几位？"]
        assert isinstance(turn.actions[-1], Listen)
        assert turn.deadline == 9.0
        assert not turn.closed
        events = [(entry.seq, entry.now, type(entry.event)) for entry in store.read("call1")]
        assert events == [(1, 0.0, Started), (2, 0.0, Answered), (3, 4.0, Heard), (4, 4.0, Understood)]
        assert turn.actions[0].id == "4.1"  # an action's id is the number of its event in the log
    local = datetime.fromtimestamp(STARTED.wall + 4.0, ZoneInfo("Asia/Shanghai"))
    assert words.asked == [("姓名=李雷", "姓名", local)]


def test_partial_words_and_marks_wait_for_their_turn(folder: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        turns = Turns(bot(folder), store)
        turns.step(Started("call1", medium="voice", wall=STARTED.wall), now=0.0)
        said = turns.step(Answered(), now=0.0).actions[0]
        for event in (PlaybackStarted(said.id), PlaybackMark(said.id, 0.5), Heard("姓名", final=False)):
            assert turns.step(event, now=1.0).actions == ()
        assert len(store.read("call1")) == 2
        turns.step(PlaybackEnded(said.id), now=2.0)
        kinds = [type(entry.event) for entry in store.read("call1")]
        assert kinds[2:] == [PlaybackStarted, PlaybackMark, Heard, PlaybackEnded]


@pytest.mark.parametrize("text", ["", "  "])
def test_voice_without_words_is_not_given_to_understanding(folder: Path, text: str) -> None:
    words = Words()
    turns = opened(Turns(bot(folder, words=words)))
    turns.step(Heard(text), now=1.0)
    turns.step(Heard("姓名", final=False), now=1.0)
    assert words.asked == []


def test_a_failing_understander_is_not_understanding(folder: Path) -> None:
    words = Words()
    words.fault = RuntimeError("out of memory")
    turns = opened(Turns(bot(folder, words=words)))
    assert says(turns.step(Heard("喂"), now=1.0).actions) == ["我没听清。"]


def test_an_endless_utterance_is_refused_and_nothing_changes(folder: Path) -> None:
    turns = opened(Turns(bot(folder)))
    with pytest.raises(LimitError, match="2001 characters"):
        turns.step(Heard("啊" * (MAX_UTTERANCE + 1)), now=1.0)
    assert says(turns.step(Heard("姓名=李雷"), now=2.0).actions) == ["请问几位？"]


def test_impossible_events_are_refused_and_not_recorded(folder: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        turns = Turns(bot(folder), store)
        with pytest.raises(UsageError):
            turns.step(Answered(), now=0.0)
        with pytest.raises(UsageError):
            turns.step(Started("call1", variables={"没有": 1}), now=0.0)
        opened(turns)
        with pytest.raises(UsageError):
            turns.step(STARTED, now=1.0)
        assert [entry.seq for entry in store.read("call1")] == [1, 2]


def test_the_end_is_recorded_with_its_outcome(folder: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        turns = opened(Turns(bot(folder), store))
        turns.step(Heard("姓名=李雷"), now=3.0)
        (run,) = turns.step(Heard("人数=4"), now=6.0).actions
        assert isinstance(run, RunAction)
        last = turns.step(ActionResult(run.id, values={"单号": "B4"}), now=7.0)
        assert says(last.actions) == ["订好了，单号B4。"]
        assert last.closed
        assert last.deadline is None or last.closed
        record = store.call("call1")
        assert (record.ending, record.result, record.label, record.turns) == ("订好", "success", "A", 2)
        assert record.ended == STARTED.wall + 7.0
        assert turns.disposition is not None
        assert turns.disposition.values["人数"] == 4
        assert turns.step(HungUp(), now=9.0).actions == ()
        assert isinstance(store.read("call1")[-1].event, ActionResult)


def test_what_cannot_be_recorded_is_not_performed(folder: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        turns = opened(Turns(bot(folder), store))
        store.claim("call1")
        with pytest.raises(StoreError) as stale:
            turns.step(Heard("姓名=李雷"), now=3.0)
        assert stale.value.code == "stale"


def test_restoring_gives_the_same_state_and_the_same_actions(folder: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        seen: list[Action] = []
        first = Turns(bot(folder), store)
        events: list[Event] = [STARTED, Answered(), Heard("姓名=李雷"), Heard("什么")]
        for now, event in enumerate(events):
            seen += first.step(event, now=float(now)).actions
        words = Words()
        second = Turns(bot(folder, words=words), store)
        history = second.restore(store.read("call1"), epoch=store.claim("call1"))
        assert [action for _, actions in history for action in actions] == seen
        assert words.asked == []  # what was understood is in the log
        assert (second.slots, second.position, second.deadline, second.now) == (
            first.slots,
            first.position,
            first.deadline,
            3.0,
        )
        turn = second.step(Heard("人数=2"), now=5.0)
        assert turn.actions[0].id == "8.1"
        assert [entry.seq for entry in store.read("call1")] == list(range(1, 9))


def test_what_the_script_cannot_say_is_told_to_the_operator(
    folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """A roster without the customer's name: the caller hears the error pattern, the log says which variable it was."""
    shutil.copytree(folder, tmp_path / "bot")
    settings = tmp_path / "bot" / "bot.yaml"
    given = "variables:\n  称呼: {type: text, given: true, example: 张先生}\n"
    settings.write_text(settings.read_text("utf-8").replace("variables:\n", given, 1), "utf-8")
    flow = tmp_path / "bot" / "flows" / "main.yaml"
    flow.write_text(flow.read_text("utf-8").replace("请问贵姓？", "【称呼】，请问贵姓？"), "utf-8")
    turns = opened(Turns(bot(tmp_path / "bot")))
    assert caplog.messages == ["call call1: the script's error pattern has it, from 订位.姓名: 【称呼】 has no value"]
    turns.step(HandoffFailed(), now=3.0)
    assert len(caplog.messages) == 1


def test_an_observer_sees_every_accepted_event(folder: Path) -> None:
    seen: list[Entry] = []
    turns = opened(Turns(bot(folder), observe=seen.append))
    turns.step(Heard("姓", final=False), now=1.0)
    turns.step(Heard("姓名=李雷"), now=2.0)
    assert [(entry.seq, type(entry.event)) for entry in seen] == [
        (1, Started),
        (2, Answered),
        (3, Heard),
        (4, Heard),
        (5, Understood),
    ]


# --- when the engine itself breaks ------------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine with a bug: it cannot take the word 坏."""
    receive = Conversation.receive

    def failing(self: Conversation, event: Event, *, now: float) -> list[Action]:
        if (isinstance(event, Understood) and event.text == "坏") or isinstance(event, PlaybackMark):
            raise KeyError("张伟")
        return receive(self, event, now=now)

    monkeypatch.setattr(Conversation, "receive", failing)


@pytest.mark.usefixtures("broken")
def test_a_broken_engine_ends_by_the_error_pattern(folder: Path, caplog: Any) -> None:
    turns = opened(Turns(bot(folder)))
    turn = turns.step(Heard("坏"), now=1.0)
    assert says(turn.actions) == ["系统开了小差，给您转人工。"]
    assert isinstance(turn.actions[-1], Handoff)
    assert turn.actions[-1].queue == "前台"
    assert turn.deadline == 61.0
    assert turns.step(Heard("喂"), now=2.0).actions == ()
    assert "KeyError at test_turn.py" in caplog.text
    assert "张伟" not in caplog.text


@pytest.mark.usefixtures("broken")
@pytest.mark.parametrize(
    ("event", "result"), [(HandoffFailed(), "error"), (Ticked(), "error"), (HungUp(), "error")], ids=str
)
def test_after_a_fault_there_is_always_an_end(folder: Path, event: Event, result: str) -> None:
    turns = opened(Turns(bot(folder)))
    turns.step(Heard("坏"), now=1.0)
    turn = turns.step(event, now=61.0)
    assert turn.closed
    assert turns.disposition is not None
    assert turns.disposition.result == result
    assert isinstance(turn.actions[-1], Hangup | Disposition)


@pytest.mark.usefixtures("broken")
def test_a_person_may_take_over_after_a_fault(folder: Path) -> None:
    turns = opened(Turns(bot(folder)))
    turns.step(Heard("坏"), now=1.0)
    assert turns.step(HumanJoined("小王"), now=5.0).deadline is None
    turn = turns.step(HungUp("human"), now=90.0)
    assert turn.closed
    assert turns.disposition is not None
    assert turns.disposition.result == "handoff"


@pytest.mark.usefixtures("broken")
def test_a_fault_while_a_person_owns_the_call_says_nothing(folder: Path) -> None:
    turns = opened(Turns(bot(folder)))
    turns.step(HumanJoined("小王"), now=1.0)
    assert turns.step(PlaybackMark("2.1", 0.5), now=2.0).actions == ()
    assert not turns.closed
    turns.step(HungUp("human"), now=90.0)
    assert turns.disposition is not None
    assert turns.disposition.result == "handoff"


@pytest.mark.usefixtures("broken")
def test_a_fault_behind_the_last_words_adds_no_second_outcome(folder: Path) -> None:
    turns = Turns(bot(folder))
    turns.step(Started("call1", medium="voice", marks="sent"), now=0.0)
    turns.step(Answered(), now=0.0)
    for _ in range(50):
        if turns.disposition is None and turns.deadline is not None:
            turns.step(Ticked(), now=turns.deadline)
    first = turns.disposition
    assert first is not None
    assert not turns.closed
    assert turns.step(PlaybackMark("2.1", 0.5), now=turns.now).actions == ()
    assert turns.closed
    assert turns.disposition is first


@pytest.mark.usefixtures("broken")
def test_a_fault_is_salvaged_alike_in_a_replay(folder: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        turns = opened(Turns(bot(folder), store))
        last = turns.step(Heard("坏"), now=1.0)
        again = Turns(bot(folder), store)
        history = again.restore(store.read("call1"), epoch=store.claim("call1"))
        assert history[-1][1] == last.actions
        assert again.deadline == turns.deadline
