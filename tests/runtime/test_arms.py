"""Arms of experiments and variants in the record: written down with the call, kept at a replay."""

import dataclasses
from pathlib import Path

import pytest

from huashu.core.actions import Action, Disposition, Say
from huashu.core.events import Answered, Heard, Started
from huashu.flows.loader import bundle, load, load_bundle
from huashu.flows.script import Script
from huashu.runtime.bot import Bot
from huashu.runtime.replay import replay, replay_all
from huashu.runtime.turn import Turns
from huashu.store.log import Store
from tests.runtime.runtime_fakes import Words

pytestmark = pytest.mark.store

BOT = "bot: tried\nlanguage: zh-CN\nexperiments: {问法: {A: 50, B: 50}}\n"
FLOW = """
flow: 主
steps:
- 开场: {say: {any_of: [您好。, 早上好。, 你好。]}}
- 问:
    ask: [{text: 好吗？, when: arm.问法 == "A"}, {text: 行吗？, when: arm.问法 == "B"}]
    answers: {肯定: {end: 好了}}
endings: {好了: {say: 再见。, result: success}}
"""


def made(folder: Path, bot: str = BOT, flow: str = FLOW) -> Script:
    (folder / "flows").mkdir(parents=True)
    (folder / "bot.yaml").write_text(bot, encoding="utf-8")
    (folder / "flows" / "a.yaml").write_text(flow, encoding="utf-8")
    return load(folder)


def call(script: Script, store: Store, name: str, seed: int) -> list[str]:
    """One call to its end; what was said."""
    words = Words()
    turns = Turns(Bot(script, words, words), store)
    actions: list[Action] = []
    for event in (Started(name, seed=seed, marks="none", wall=1.7e9), Answered(), Heard("!肯定")):
        actions += turns.step(event, now=0.0).actions
    assert isinstance(turns.disposition, Disposition)
    assert turns.disposition.arms == turns.engine.arms
    return [action.text for action in actions if isinstance(action, Say)]


def test_the_arm_of_every_call_is_in_the_record_from_its_start(tmp_path: Path) -> None:
    script = made(tmp_path / "bot")
    with Store.open(tmp_path / "calls.db") as store:
        said = {f"c{seed}": call(script, store, f"c{seed}", seed) for seed in range(1, 41)}
        for record in store.calls():
            assert said[record.call][1] == {"A": "好吗？", "B": "行吗？"}[record.arms["问法"]]
        assert 8 < sum(record.arms["问法"] == "A" for record in store.calls()) < 32


def test_a_replay_says_the_same_variants(tmp_path: Path) -> None:
    script = made(tmp_path / "bot")
    with Store.open(tmp_path / "calls.db") as store:
        said = [call(script, store, f"c{seed}", seed) for seed in range(1, 21)]
        assert len({words[0] for words in said}) == 3
        for number, words in enumerate(said, 1):
            found = replay(store, f"c{number}", script)
            assert [a.text for turn in found.turns for a in turn.actions if isinstance(a, Say)] == words
            assert found.same


def test_other_shares_leave_recorded_calls_in_their_arms(tmp_path: Path) -> None:
    script = made(tmp_path / "bot")
    other = made(tmp_path / "other", BOT.replace("A: 50, B: 50", "A: 0, B: 100"))
    with Store.open(tmp_path / "calls.db") as store:
        for seed in range(1, 21):
            call(script, store, f"c{seed}", seed)
        store.put_script(script.digest, bundle(tmp_path / "bot"))
        outcomes = list(replay_all(store, other, load_bundle))
    assert len(outcomes) == 20
    assert not any(outcome.changed or outcome.reworded for outcome in outcomes)


def test_an_arm_that_is_no_more_is_drawn_anew(tmp_path: Path) -> None:
    script = made(tmp_path / "bot")
    other = dataclasses.replace(script, experiments={"问法": {"B": 1.0}})
    with Store.open(tmp_path / "calls.db") as store:
        call(script, store, "c", seed=0)  # A, the first
        found = replay(store, "c", script, other=other)
    assert found.difference is not None
    assert "行吗？" in [action.text for action in found.difference.after if isinstance(action, Say)]
