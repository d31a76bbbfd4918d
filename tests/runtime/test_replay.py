"""A recorded call once more, through the script it was held with or through another."""

import dataclasses
from pathlib import Path

import pytest

from huashu.core.actions import RunAction, Say
from huashu.core.errors import StoreError
from huashu.core.events import Heard
from huashu.flows.script import Script
from huashu.runtime.replay import replay
from huashu.store.forgetting import erase
from huashu.store.log import Store
from tests.runtime.runtime_fakes import Clock, Edge, bot, opened

pytestmark = pytest.mark.store


@pytest.fixture
def script(folder: Path) -> Script:
    return bot(folder).script


@pytest.fixture
async def held(folder: Path, tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "calls.db")
    call = await opened(bot(folder), Edge(), Clock(), store)
    await call.receive(Heard("姓名=李雷"))
    await call.receive(Heard("人数=4"))
    await call.settle()
    return store


async def test_the_same_script_does_the_same(held: Store, script: Script) -> None:
    again = replay(held, "call1", script)
    assert again.same
    assert (again.ending, again.replayed_ending) == ("订好", "订好")
    actions = [action for turn in again.turns for action in turn.actions]
    assert [action.text for action in actions if isinstance(action, Say)] == [
        "请问贵姓？",
        "请问几位？",
        "订好了，单号B4。",
    ]
    assert any(isinstance(action, RunAction) for action in actions)


async def test_the_first_difference_to_another_script_is_found(held: Store, script: Script) -> None:
    flow = script.flows["订位"]
    steps = list(flow.steps)
    question = steps[1].question
    assert question is not None
    line = dataclasses.replace(question.prompt.lines[0], parts=("一共多少人？",))
    prompt = dataclasses.replace(question.prompt, lines=(line,))
    steps[1] = dataclasses.replace(steps[1], question=dataclasses.replace(question, prompt=prompt))
    other = dataclasses.replace(script, flows={"订位": dataclasses.replace(flow, steps=tuple(steps))})
    compared = replay(held, "call1", script, other=other)
    assert not compared.same
    assert compared.difference is not None
    assert compared.difference.seq == 4
    before, after = compared.difference.before[0], compared.difference.after[0]
    assert isinstance(before, Say)
    assert isinstance(after, Say)
    assert (before.text, after.text) == ("请问几位？", "一共多少人？")


async def test_an_erased_call_keeps_its_shape(held: Store, script: Script) -> None:
    erase(held, "call1")
    again = replay(held, "call1", script)
    assert again.erased
    assert [type(turn.entry.event).__name__ for turn in again.turns][:4] == [
        "Started",
        "Answered",
        "Heard",
        "Understood",
    ]


async def test_a_call_that_is_not_there(held: Store, script: Script) -> None:
    with pytest.raises(StoreError, match="no call"):
        replay(held, "call9", script)
