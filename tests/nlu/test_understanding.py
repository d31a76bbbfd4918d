"""What a caller says is what the bot understands: intents, context, values, in Chinese and English."""

import importlib.util
import sys
from datetime import datetime
from pathlib import Path
from types import ModuleType

import pytest

from huashu.core.events import Alternative, Heard, Understood
from huashu.core.expect import NOTHING, Choice, Expectation
from huashu.nlu.general import is_greeting

pytestmark = pytest.mark.unit


def _bank() -> ModuleType:
    """The scripts beside this file; pytest's importlib mode puts no test folder on the path."""
    name = "tests_nlu_bank"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, Path(__file__).parent / "bank.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[name] = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]


bank = _bank()
AT: datetime = bank.AT


def zh(text: str, expect: Expectation = NOTHING) -> Understood:
    understood: Understood = bank.zh().understand(Heard(text), expect, at=AT)
    return understood


def en(text: str, expect: Expectation = NOTHING) -> Understood:
    understood: Understood = bank.en().understand(Heard(text), expect, at=AT)
    return understood


def best(understood: Understood, least: float = 0.5) -> str:
    if not understood.intents or understood.intents[0].confidence < least:
        return ""
    return understood.intents[0].name


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("是我", "肯定"),
        ("嗯", "肯定"),
        ("对对对，是我", "肯定"),
        ("应该可以吧", "肯定"),
        ("我就是张伟", "肯定"),
        ("不用了谢谢", "否定"),
        ("没有没有", "否定"),
        ("现在不方便", "在忙"),
        ("我在开车呢，等会再说", "在忙"),
        ("你是真人吗", "是机器人吗"),
        ("别给我打电话了", "别再打"),
        ("你们别烦我行不行", "别再打"),
        ("帮我找个人工来", "转人工"),
        ("喂？你说啥？", "请重复"),
        ("稍等啊我看看", "等一下"),
        ("你打错了吧", "打错了"),
    ],
)
def test_answers_at_an_identity_question(text: str, intent: str) -> None:
    assert best(zh(text, bank.IDENTITY)) == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("这手续费也太高了", "太贵"),
        ("你们手续费是怎么收的呀", "问手续费"),
        ("改到下周五吧", "改期"),
        ("我考虑一下", "没兴趣"),
    ],
)
def test_a_scripts_own_intents(text: str, intent: str) -> None:
    assert best(zh(text)) == intent


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("yeah, that's me", "affirm"),
        ("um, no thanks", "deny"),
        ("could you put me through to a real person", "human"),
        ("please stop calling me", "stop_calling"),
        ("I'm driving at the moment", "busy"),
    ],
)
def test_english_answers(text: str, intent: str) -> None:
    assert best(en(text, bank.CONFIRM_EN)) == intent


@pytest.mark.parametrize(
    ("text", "intent"), [("someone stole my card", "block_card"), ("how much is the fee", "ask_fee")]
)
def test_english_intents(text: str, intent: str) -> None:
    assert best(en(text)) == intent


@pytest.mark.parametrize(
    "text", ["今天天气怎么样", "红烧肉好吃吗", "火星离这儿多远", "老婆快来", "asdf qwer", "，。", "😀", "9527"]
)
@pytest.mark.parametrize("expect", [NOTHING, bank.IDENTITY, bank.MONTHS], ids=["open", "identity", "months"])
def test_what_belongs_to_no_intent_is_not_understood(text: str, expect: Expectation) -> None:
    assert best(zh(text, expect)) == ""


@pytest.mark.parametrize("text", ["how tall is the eiffel tower", "the cat sat on my keyboard", "xyzzy"])
def test_english_out_of_scope(text: str) -> None:
    assert best(en(text)) == ""


def test_an_example_word_for_word_is_sure() -> None:
    for text, intent in (("手续费怎么收", "问手续费"), ("嗯，手续费怎么收？", "问手续费"), ("太贵了！", "太贵")):
        understood = zh(text)
        assert understood.intents[0].name == intent
        assert understood.intents[0].confidence >= 0.95


def test_ranked_and_at_most_five() -> None:
    for text in ("手续费", "可以", "改个时间"):
        scores = [intent.confidence for intent in zh(text).intents]
        assert len(scores) <= 5
        assert scores == sorted(scores, reverse=True)
        assert all(0 <= score <= 1 for score in scores)


def test_the_open_question_decides_between_two_meanings() -> None:
    # "不用了谢谢" is an example of both 否定 and 没兴趣.
    only_no = Expectation("x", intents=("肯定", "否定"))
    offer = Expectation("x", intents=("没兴趣",), anytime=("否定",))
    assert best(zh("不用了谢谢", only_no)) == "否定"
    assert best(zh("不用了谢谢", offer)) == "没兴趣"


def test_an_intent_nothing_here_reacts_to_is_not_an_answer() -> None:
    assert best(zh("手续费怎么收")) == "问手续费"
    assert best(zh("手续费怎么收", Expectation("x", intents=("肯定", "否定")))) == ""


def test_the_same_word_is_read_by_the_open_question() -> None:
    assert best(zh("好", bank.IDENTITY)) == "肯定"
    assert best(zh("好", bank.MONTHS)) == ""
    assert [entity.value for entity in zh("六", bank.MONTHS).entities] == [6]
    assert zh("六", bank.IDENTITY).entities == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("六", 6),
        ("嗯分六期吧", 6),
        ("半年", 6),
        ("12期", 12),
        ("三期，不对，六期", 6),
        ("那就一年的", 12),
        ("二十六期", 26),
    ],
)
def test_a_choice_is_heard_in_any_of_its_ways(text: str, value: int) -> None:
    entity = zh(text, bank.MONTHS).entities[0]
    assert (entity.slot, entity.value) == ("期数", value)
    assert text[entity.start : entity.end] == entity.text


def test_the_words_of_a_value_are_no_evidence_of_an_intent() -> None:
    assert best(zh("我想分二十四期", bank.MONTHS)) == ""
    both = zh("太贵了吧，那就分六期", bank.MONTHS)
    assert (best(both), both.entities[0].value) == ("太贵", 6)


@pytest.mark.parametrize("text", ["干嘛的", "哪位", "你们是哪家公司的"])
def test_a_question_back_is_no_answer(text: str) -> None:
    assert best(zh(text, bank.IDENTITY)) == ""


def test_other_slots_are_filled_on_the_way() -> None:
    found = {entity.slot: entity.value for entity in zh("分六期，下周三开始，去高新区办", bank.MONTHS).entities}
    assert found == {"期数": 6, "日期": "2026-11-25", "分行": "高新支行"}


def test_a_date_in_a_sentence_like_the_annotated_ones_gets_its_slot() -> None:
    entities = zh("能换成12月3号吗").entities
    assert [(entity.slot, entity.value) for entity in entities] == [("日期", "2026-12-03")]


def test_a_text_in_a_sentence_like_the_annotated_ones_gets_its_slot() -> None:
    understood = zh("我要反映没收到卡")
    assert [(entity.slot, entity.value) for entity in understood.entities] == [("事由", "没收到卡")]


@pytest.mark.parametrize(
    ("text", "value"), [("张伟", "张伟"), ("嗯，我叫张小伟。", "张小伟"), ("欧阳娜娜啊", "欧阳娜娜")]
)
def test_an_asked_text_is_the_whole_utterance(text: str, value: str) -> None:
    assert [(entity.slot, entity.value) for entity in zh(text, bank.NAME).entities] == [("姓名", value)]


def test_an_asked_text_is_not_filled_by_another_wish() -> None:
    understood = zh("转人工", bank.NAME)
    assert best(understood) == "转人工"
    assert understood.entities == ()
    assert zh("嗯", Expectation("x", slot="姓名", type="text")).entities == ()


def test_text_choices_and_words_that_only_look_alike() -> None:
    cards = Expectation(
        "x",
        kind="choice",
        slot="card",
        type="text",
        choices=(Choice("gold", ("gold", "the gold one")), Choice("ten", ("ten",))),
    )
    assert [entity.value for entity in en("The Gold one, please", cards).entities] == ["gold"]
    assert en("often golden", cards).entities == ()


@pytest.mark.parametrize(
    "text", ["嗯", "哦", "对对", "好好好", "嗯嗯，好的", "uh-huh", "mm-hmm", "right", "Okay.", "yeah yeah"]
)
def test_a_listeners_token_is_a_backchannel(text: str) -> None:
    assert zh(text).backchannel


@pytest.mark.parametrize(
    "text", ["好的，那就六期", "不", "等一下", "right now I can't", "no", "", "嗯我想问一下手续费"]
)
def test_words_with_meaning_are_none(text: str) -> None:
    assert not zh(text).backchannel


def test_another_reading_is_taken_only_when_the_first_says_nothing() -> None:
    clear = Heard("是我", confidence=0.5, alternatives=(Alternative("别打了", 0.9),))
    assert bank.zh().understand(clear, bank.IDENTITY, at=AT).text == "是我"
    blurred = Heard("有鸡", confidence=0.5, alternatives=(Alternative("油漆", 0.45), Alternative("六期", 0.4)))
    understood = bank.zh().understand(blurred, bank.MONTHS, at=AT)
    assert (understood.text, understood.confidence) == ("六期", 0.4)
    assert understood.entities[0].value == 6


def test_language_and_emptiness() -> None:
    assert zh("转人工").language == "zh"
    assert zh("operator please").language == "en"
    assert zh("6", bank.MONTHS).language == "zh"
    nothing = zh("  ")
    assert (nothing.intents, nothing.entities) == ((), ())


def test_a_flood_of_text_is_bounded() -> None:
    understood = zh("手续费怎么收" * 5000)
    assert len(understood.intents) <= 5


@pytest.mark.parametrize("text", ["你好", "喂，你好", "您好您好", "下午好", "喂您好啊"])
def test_a_greeting_is_no_yes(text: str) -> None:
    assert zh(text, bank.IDENTITY).intents == ()


@pytest.mark.parametrize("text", ["Hello?", "hi there", "good morning"])
def test_an_english_greeting_is_no_yes(text: str) -> None:
    assert en(text, Expectation("bank.x", intents=("affirm", "deny"))).intents == ()


def test_a_greeting_before_an_answer_does_not_hide_it() -> None:
    assert best(zh("你好，是我", bank.IDENTITY)) == "肯定"
    assert best(zh("我听着呢", bank.IDENTITY)) == "肯定"


@pytest.mark.parametrize("text", ["下午好", "喂，你好", "您好您好", "Good morning!", "hi there"])
def test_a_greeting_is_told(text: str) -> None:
    assert is_greeting(text)


@pytest.mark.parametrize("text", ["下午几点上班", "你好，是我", "好", "good", ""])
def test_what_only_begins_like_a_greeting(text: str) -> None:
    assert not is_greeting(text)
