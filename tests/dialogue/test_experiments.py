"""Arms of experiments: who is in which, what conditions see of it, what the record keeps. Hours and the time of day."""

from collections import Counter
from dataclasses import replace

import pytest

from huashu.core.actions import Disposition
from huashu.core.errors import UsageError
from huashu.core.events import Answered, Started
from huashu.dialogue.engine import Conversation
from huashu.flows.script import Script
from tests.dialogue.talk import HEAD, Talk, said, script

pytestmark = pytest.mark.engine

BOT = HEAD + "experiments: {开场: {A: 50, B: 50}, 语气: [热情, 平和, 简短]}\n"
FLOW = """
flow: 主
steps:
- 开场:
    say:
    - {text: 您好。, when: arm.开场 == "A"}
    - {text: 早上好。, when: 实验.开场 == "B"}
- 语气: {if: [{when: 'arm.语气 in ("热情", "平和")', go: 问}, {else: {end: completed}}]}
- 问: {ask: 行吗？, answers: {肯定: {}}}
"""


def begun(compiled: Script, seed: int, **arms: str) -> Conversation:
    engine = Conversation(compiled)
    engine.receive(Started("c", seed=seed, marks="none", arms=arms), now=0.0)
    return engine


def arms_of(compiled: Script, seeds: range) -> list[tuple[str, str]]:
    return [(arms["开场"], arms["语气"]) for seed in seeds for arms in (begun(compiled, seed).arms,)]


def test_arms_are_spread_by_their_shares_and_independent_of_each_other() -> None:
    found = arms_of(script(FLOW, bot=BOT), range(1, 6001))
    assert all(2850 < count < 3150 for count in Counter(one for one, _ in found).values())  # 3000, sigma 39
    assert all(1850 < count < 2150 for count in Counter(two for _, two in found).values())  # 2000, sigma 37
    assert len(Counter(found)) == 6
    assert all(890 < count < 1110 for count in Counter(found).values()), Counter(found)  # 1000 each, sigma 29


def test_new_shares_move_only_the_calls_between_the_marks() -> None:
    even, most = script(FLOW, bot=BOT), script(FLOW, bot=BOT.replace("A: 50, B: 50", "A: 90, B: 10"))
    pairs = list(zip(arms_of(even, range(1, 2001)), arms_of(most, range(1, 2001)), strict=True))
    assert 720 < sum(before[0] == "B" and after[0] == "A" for before, after in pairs) < 880  # 800
    assert not any(before[0] == "A" and after[0] == "B" for before, after in pairs)
    assert all(before[1] == after[1] for before, after in pairs)


def test_a_share_of_nothing_is_never_drawn_and_no_seed_means_the_first_arm_with_one() -> None:
    compiled = script(FLOW, bot=BOT.replace("A: 50, B: 50", "A: 0, B: 50"))
    assert {one for one, _ in arms_of(compiled, range(500))} == {"B"}
    assert begun(script(FLOW, bot=BOT), 0).arms == {"开场": "A", "语气": "热情"}


def test_the_arm_decides_wording_and_way_and_stands_in_the_outcome() -> None:
    compiled = script(FLOW, bot=BOT)
    calm = begun(compiled, 1, 开场="B", 语气="平和").receive(Answered(), now=0.0)
    assert said(calm) == ["早上好。", "行吗？"]
    short = begun(compiled, 1, 开场="A", 语气="简短").receive(Answered(), now=0.0)
    assert said(short) == ["您好。"]
    [outcome] = [action for action in short if isinstance(action, Disposition)]
    assert outcome.arms == {"开场": "A", "语气": "简短"}


@pytest.mark.parametrize("arms", [{"开头": "A"}, {"开场": "C"}])
def test_an_arm_that_is_not_there_is_refused(arms: dict[str, str]) -> None:
    with pytest.raises(UsageError, match="has no"):
        begun(script(FLOW, bot=BOT), 1, **arms)


HOURS = """
flow: 主
steps:
- 看: {if: [{when: open.上班, go: 在}, {when: 'now.time < "9:00"', go: 早}, {else: 晚}]}
- 在: {ask: 在吗？, answers: {肯定: {}}}
- 早: {ask: 太早。, answers: {肯定: {}}}
- 晚: {ask: 太晚。, answers: {肯定: {}}}
"""


@pytest.mark.parametrize(
    ("zone", "told"),
    [("Asia/Shanghai", "早"), ("Asia/Tokyo", "在"), ("America/New_York", "晚")],
)
def test_hours_and_the_time_of_day_are_the_callers(zone: str, told: str) -> None:
    """2023-11-15 08:30 in Shanghai."""
    compiled = script(HOURS, bot=HEAD + "hours: {上班: 工作日 9:00-18:00}\n")
    talk = Talk(compiled, answer=False)
    talk.engine = Conversation(compiled)
    started = Started("c", marks="none", wall=1_700_008_200.0)
    talk.engine.receive(replace(started, zone=zone), now=0.0)
    talk.engine.receive(Answered(), now=0.0)
    assert talk.engine.step == f"主.{told}"
