"""Callers who change their mind, correct themselves, answer two things at once, are away, talk another language."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from huashu.flows.loader import load
from huashu.lab.caller import spoken_in
from huashu.lab.campaign import simulate
from huashu.lab.keeping import keep
from huashu.lab.prospects import Prospects
from huashu.lab.tally import Tally
from huashu.lab.virtual_call import World
from huashu.lab.wishes import alike
from huashu.runtime.bot import Bot, load_bot
from tests.flows.folders import write

pytestmark = pytest.mark.cli

FILES = {
    "bot.yaml": """\
bot: desk
language: zh-CN
languages: [en-US]
variables:
  期数: {type: integer, unit: 期}
  日期: {type: date}
  故障: {type: text}
endings:
  成了: {say: 再见。, result: success}
  报警: {say: 请离开。, result: handoff}
""",
    "flows/a.yaml": """\
flow: 办
steps:
- 安全: {ask: 有没有漏气？, answers: {肯定: {end: 报警}, 否定: {}}}
- 期数: {collect: 期数, prompt: 分几期？, one_of: {values: [3, 6, 12], otherwise: 没有。}}
- 日期: {collect: 日期, prompt: 哪一天？}
- 核对: {ask: "【期数】，【日期】，对吗？", answers: {肯定: {end: 成了}, 否定: {go: 重来}}}
- 重来: {set: {期数: =none, 日期: =none}, times: 3, go: 期数}
anytime:
  等一下: {say: 好的。, then: stay}
  着火了: {end: 报警}
""",
    "nlu/a.yaml": "intents: {着火了: [着火了, 冒烟了]}\n",
    "lines/en-US.yaml": """\
办.安全: {ask: Do you smell gas?}
办.期数: {prompt: How many instalments?, otherwise: No.}
办.日期: {prompt: Which day?}
办.核对: {ask: "【期数】, 【日期】, right?"}
办: {anytime.等一下: All right.}
bot: {endings.成了: Goodbye., endings.报警: Please leave.}
""",
}
CALM = "agrees: 1\nerrors: 0\nfillers: 0\nconfidence: {mean: 0.95, spread: 0}\nreaction: [400ms, 500ms]\n"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Bot:
    return load_bot(write(tmp_path_factory.mktemp("desk"), FILES), cache=tmp_path_factory.mktemp("cache"))


@pytest.fixture
def calls(desk: Bot, tmp_path: Path) -> Callable[[str], tuple[Tally, str]]:
    """Forty calls of one persona without a misheard word, and what was heard."""

    def hold(turn: str) -> tuple[Tally, str]:
        (tmp_path / "p.yaml").write_text(f"persona: p\n{CALM}{turn}\n", encoding="utf-8")
        tally = simulate(
            desk.folder or Path(),
            callers=40,
            seed=2,
            personas=[tmp_path / "p.yaml"],
            rate=0,
            world=World(joined=0),
            bot=desk,
            log=tmp_path / "log",
        )
        return tally, (tmp_path / "log").read_text(encoding="utf-8")

    return hold


def heard(log: str) -> list[str]:
    return re.findall(r"Heard\(text='([^']*)', final=True", log)


def test_who_wants_the_service_raises_no_alarm(desk: Bot, calls: Callable[[str], tuple[Tally, str]]) -> None:
    prospects, question = Prospects(desk.script), desk.script.flows["办"].steps[0].question
    assert question is not None
    yes, no = (prospects.after("办", 0, question.answers[name]) for name in ("肯定", "否定"))
    assert yes == frozenset({"handoff"})
    assert "success" in no
    tally, log = calls("turn: {answer: 8, objection: 2}")
    assert tally.reached >= 32
    assert not any("着火" in text for text in heard(log))


def test_a_slip_of_the_tongue_is_put_right_in_the_same_breath(calls: Callable[[str], tuple[Tally, str]]) -> None:
    tally, log = calls("turn: {slip: 1}")
    slips = [text for text in heard(log) if re.search("不对|不是|错了|，不|哎不", text)]
    assert len(slips) > 20
    assert tally.calls == 40


def test_who_changes_their_mind_is_judged_by_the_last_word(calls: Callable[[str], tuple[Tally, str]]) -> None:
    tally, log = calls("turn: {answer: 3, correction: 2}")
    assert any(re.search("改成|换成|说错了|讲错了|还是", text) for text in heard(log))
    for call in tally.failed:
        assert call.why


def test_two_questions_are_answered_at_once(calls: Callable[[str], tuple[Tally, str]]) -> None:
    tally, log = calls("turn: {together: 1}")
    asked = log.count("Understood(")
    assert tally.reached >= 30
    assert any("，" in text for text in heard(log))
    assert asked < tally.calls * 4.5  # fewer words of the caller than questions


def test_who_asks_to_wait_is_away_and_comes_back(calls: Callable[[str], tuple[Tally, str]]) -> None:
    _, log = calls("turn: {answer: 2, wait: 1}\nsilence: [2s, 3s]")
    back = [text for text in heard(log) if re.search("好了|行了|到哪|在了|等了", text)]
    assert back


def test_who_asks_for_another_language_goes_on_in_it(calls: Callable[[str], tuple[Tally, str]]) -> None:
    tally, log = calls("turn: {answer: 2, speak_english: 2}")
    english = [text for text in heard(log) if re.search("[a-z]{3}", text)]
    assert len(english) > 20
    assert tally.reached > 10


def test_such_calls_are_kept_as_tests_that_pass(
    desk: Bot, calls: Callable[[str], tuple[Tally, str]], tmp_path: Path
) -> None:
    tally, _ = calls(
        "wants: refusal\nturn: {slip: 1, correction: 1, together: 1, wait: 1, skip: 1, slower: 1, speak_english: 1}"
    )
    kept, lost = keep(desk, tally.failed, tmp_path / "kept", seed=2, titles=tally.titles)
    assert kept
    assert lost <= len(kept) // 4


def test_free_text_may_be_misheard_but_nothing_may_stand_around_it() -> None:
    assert alike("text", "解方路二十号", "解放路二十号")
    assert alike("address", "解放路20号3动502", "解放路20号3栋502")
    assert not alike("text", "我的名字是李雷", "李雷")
    assert not alike("text", "my name is John Smith", "John Smith")
    assert alike("text", "JOHN SMITH", "John Smith")
    assert not alike("digits", "6613", "6612")
    assert alike("integer", 3, 3)


def test_callers_speak_as_they_are_spoken_to() -> None:
    assert spoken_in(["zh-CN", "en-US"], "en-GB") == "en-US"
    assert spoken_in(["zh-CN", "en-US"], "zh-CN") == "zh-CN"
    assert spoken_in(["zh-CN"], "fr-FR") == "zh-CN"


@pytest.mark.parametrize("name", ["card_instalment", "bank_service", "appointment_en", "survey_nps_en"])
def test_prospects_of_the_stock_scripts_hold_every_result_of_their_first_step(name: str) -> None:
    script = load(Path(__file__).parents[2] / "scripts_market" / name)
    prospects = Prospects(script)
    first = script.flows[script.start]
    found = prospects._seen[first.name, 0]
    assert {"success", "completed"} & found
    assert found <= {ending.result for flow in script.flows.values() for ending in flow.endings.values()} | {"handoff"}
