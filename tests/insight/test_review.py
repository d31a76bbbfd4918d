"""From what callers said to a better script: doubts, heaps, suggestions, and their way into the YAML."""

import shutil
from pathlib import Path

import pytest

from huashu.core.errors import UsageError
from huashu.core.events import Entity, FaqHit, IntentScore, Understood
from huashu.flows.loader import load
from huashu.flows.script import Script
from huashu.insight.accepting import accept_examples, accept_wordings
from huashu.insight.clusters import cluster
from huashu.insight.harvest import Asked
from huashu.insight.review import doubts, suggest
from huashu.nlu.embedded import EmbeddedUnderstander, train

pytestmark = pytest.mark.engine

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "redelivery_zh"


@pytest.fixture(scope="module")
def script() -> Script:
    return load(EXAMPLE)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(EXAMPLE, tmp_path / "bot"))


def said(*turns: Understood, call: str = "c") -> list[Asked]:
    return [Asked(call, float(at), meant) for at, meant in enumerate(turns)]


def test_what_was_understood_is_no_doubt(script: Script) -> None:
    turns = said(
        Understood("是我", (IntentScore("肯定", 0.98),)),
        Understood("后天", entities=(Entity("date", "2026-03-04", "后天", 0, 2, "改派日期"),)),
        Understood("几点送到", faq=(FaqHit("快递", "几点送到", 0.9),)),
        Understood("放楼下小卖部行吗"),
        Understood("放楼下小卖部行吗"),
        Understood("可以吧大概", (IntentScore("肯定", 0.6),)),
    )
    assert [(one.text, one.why, one.count) for one in doubts(turns, script)] == [
        ("放楼下小卖部行吗", "unmatched", 2),
        ("可以吧大概", "unsure", 1),
    ]


def test_what_a_caller_put_right_is_a_doubt(script: Script) -> None:
    yes, no = (IntentScore("肯定", 0.99),), (IntentScore("否定", 0.99),)
    turns = said(Understood("我要退掉", yes), Understood("不是，我要退货", no))
    assert [(one.text, one.why) for one in doubts(turns, script)] == [("我要退掉", "corrected")]
    apart = [*said(Understood("我要退掉", yes)), *said(Understood("不是，我要退货", no), call="another")]
    assert doubts(apart, script) == []


@pytest.mark.parametrize(
    ("first", "then", "wrong"),
    [
        ("我要退掉", "不是，我要退货", True),
        ("能用积分抵吗", "哎，我问的是积分能不能抵运费", True),
        ("搞活动吗", "你听错了，我问有没有活动", True),
        ("do you take dogs", "sorry, I asked about dogs", True),
        ("put it off", "no, not what I want", True),
        ("有人在家", "不是", False),
        ("有人在家", "不用了，谢谢", False),
        ("有人在家", "不是，我不需要", False),
        ("someone is home", "no", False),
        ("someone is home", "no thank you", False),
    ],
)
def test_a_no_alone_puts_nothing_right(script: Script, first: str, then: str, wrong: bool) -> None:
    """It answers the next question; who puts right says what is right, or that the bot misheard."""
    sure = (IntentScore("x", 0.99),)
    found = doubts(said(Understood(first, sure), Understood(then, sure)), script)
    assert [(one.text, one.why, one.count) for one in found] == ([(first, "corrected", 1)] if wrong else [])


def test_a_value_put_right_is_told_with_both_and_is_no_example(script: Script) -> None:
    def day(text: str, value: str) -> Understood:
        return Understood(text, entities=(Entity("date", value, text[-2:], len(text) - 2, len(text), "改派日期"),))

    found = doubts(said(day("四号", "2026-03-04"), day("不对，十号", "2026-03-10")), script)
    assert [(one.text, one.slot, one.took, one.meant) for one in found] == [
        ("四号", "改派日期", "2026-03-04", "2026-03-10")
    ]
    (heap,) = suggest(found, script, EmbeddedUnderstander(train(script.nlu)))
    assert (heap.kind, heap.target, heap.count) == ("value", "改派日期", 1)


def test_what_is_an_example_already_is_not_suggested(script: Script) -> None:
    """Built-in examples count, too."""
    weak = [Understood(text, (IntentScore("x", 0.3),)) for text in ("对的", "不用改了")]
    assert suggest(doubts(said(*weak), script), script, EmbeddedUnderstander(train(script.nlu))) == []


def test_line_ends_of_a_file_stay(folder: Path, script: Script) -> None:
    path = folder / "nlu" / "意图.yaml"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    accept_examples(folder, script, "投诉", ["我要投诉"])
    after = path.read_bytes()
    assert "我要投诉" in after.decode()
    assert after.count(b"\n") == after.count(b"\r\n") > 10


def test_heaps_are_by_meaning_and_the_same_again() -> None:
    texts = ["包裹丢了怎么办", "包裹丢了怎么赔", "丢了包裹怎么办啊", "今天天气怎么样", "明天天气好吗", "我要投诉你们"]
    found = cluster(texts)
    assert [set(one.members) for one in found] == [{0, 1, 2}, {3, 4}, {5}]
    assert found == cluster(texts)
    assert cluster([]) == ()


def test_suggestions_know_intents_knowledge_and_what_is_new(script: Script) -> None:
    turns = said(
        *[Understood("照原来那天送就行了")] * 3,
        *[Understood("你们几点给我送到家里")] * 2,
        Understood("你们公司股票涨了没有"),
    )
    understander = EmbeddedUnderstander(train(script.nlu))
    found = {one.doubts[0].text: one for one in suggest(doubts(turns, script), script, understander)}
    assert (found["照原来那天送就行了"].kind, found["照原来那天送就行了"].target) == ("intent", "不用改了")
    assert found["你们几点给我送到家里"].target == "几点送到"
    assert found["你们公司股票涨了没有"].kind == "new"
    assert next(iter(found)) == "照原来那天送就行了", "most said first"


def test_accepted_examples_stand_in_the_file_and_comments_stay(folder: Path, script: Script) -> None:
    before = (folder / "nlu" / "意图.yaml").read_text(encoding="utf-8")
    changed = accept_examples(folder, script, "不用改了", ["就这样吧不折腾了", "就这样吧，不折腾了", "别改了"])
    after = changed.read_text(encoding="utf-8")
    assert [line for line in before.splitlines() if "#" in line and line not in after] == []
    told = [example.text for example in load(folder).nlu.examples if example.intent == "不用改了"]
    assert told.count("就这样吧不折腾了") + told.count("就这样吧，不折腾了") == 1
    again = load(folder)
    assert set(script.nlu.examples) <= set(again.nlu.examples)


def test_a_new_intent_and_a_built_in_one_keep_what_there_was(folder: Path, script: Script) -> None:
    accept_examples(folder, script, "投诉", ["我要投诉"])
    accept_examples(folder, load(folder), "肯定", ["对头"])
    examples = load(folder).nlu.examples
    assert [example.text for example in examples if example.intent == "投诉"] == ["我要投诉"]
    yes = [example.text for example in examples if example.intent == "肯定"]
    assert {"对头", "是的"} <= set(yes), "own examples replace the built-in ones, so these are written too"


def test_accepted_wordings_of_an_item(folder: Path, script: Script) -> None:
    accept_wordings(folder, script, "快递", "几点送到", ["送货上门一般几点", "几点送到"])
    item = load(folder).knowledge["快递"].item("几点送到")
    assert item.variants == ("大概什么时候到", "上午还是下午送", "送货上门一般几点")
    with pytest.raises(UsageError, match="no item"):
        accept_wordings(folder, script, "快递", "几点送到 › 能再晚一点吗", ["更晚"])
