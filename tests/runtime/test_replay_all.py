"""All recorded calls through a changed script: which go otherwise, from which turn, and what is only reworded."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from huashu.core.events import Heard
from huashu.flows.loader import bundle, load_bundle
from huashu.flows.script import End, Script
from huashu.runtime.replay import replay_all
from huashu.store.log import Store
from tests.runtime.runtime_fakes import Clock, Edge, bot, opened

pytestmark = pytest.mark.store


@pytest.fixture
async def held(folder: Path, tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "calls.db")
    loaded = bot(folder)
    call = await opened(loaded, Edge(), Clock(), store)
    await call.receive(Heard("姓名=李雷"))
    await call.receive(Heard("人数=4"))
    await call.settle()
    store.put_script(loaded.script.digest, bundle(folder))
    return store


def edited(folder: Path, tmp_path: Path, edit: Callable[[str], str]) -> Script:
    """The bot with its flow's text edited."""
    import shutil

    from huashu.flows.loader import load

    copy = Path(shutil.copytree(folder, tmp_path / "other"))
    for path in (copy / "flows").glob("*.yaml"):
        path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")
    return load(copy)


def test_the_same_script_changes_no_call(held: Store, folder: Path) -> None:
    outcomes = list(replay_all(held, bot(folder).script, load_bundle))
    assert [(outcome.changed, outcome.reworded, outcome.problem) for outcome in outcomes] == [(False, False, "")]


def test_new_wording_is_no_change_of_outcome(held: Store, folder: Path, tmp_path: Path) -> None:
    other = edited(folder, tmp_path, lambda text: text.replace("请问几位", "一共几位"))
    (outcome,) = replay_all(held, other, load_bundle)
    assert (outcome.changed, outcome.reworded) == (False, True)
    assert outcome.replay is not None
    assert outcome.replay.parting is None
    assert outcome.replay.replayed_ending == "订好"


def test_a_call_that_goes_otherwise_is_told_with_its_first_turn(held: Store, folder: Path) -> None:
    script = bot(folder).script
    flow = script.flows["订位"]
    first = dataclasses.replace(flow.steps[0], then=End("completed"))
    shorter = dataclasses.replace(flow, steps=(first, *flow.steps[1:]))
    other = dataclasses.replace(script, flows={**script.flows, "订位": shorter})
    (outcome,) = replay_all(held, other, load_bundle)
    assert outcome.changed
    assert outcome.replay is not None
    assert outcome.replay.parting is not None
    entry = next(turn.entry for turn in outcome.replay.turns if turn.entry.seq == outcome.replay.parting.seq)
    assert entry.seq == 4  # Started, Answered, Heard, then what was understood


def test_a_call_whose_script_is_not_kept_is_told_and_the_others_go_on(
    held: Store, folder: Path, tmp_path: Path
) -> None:
    def gone(content: bytes) -> Script:
        from huashu.core.errors import ScriptError

        raise ScriptError("an old language")

    (outcome,) = replay_all(held, bot(folder).script, gone)
    assert (outcome.replay, outcome.problem) == (None, "an old language")
    other_bot = dataclasses.replace(bot(folder).script, name="another")
    assert list(replay_all(held, other_bot, load_bundle)) == []
