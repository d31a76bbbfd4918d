"""What simulated callers are made of: personas with positions, sentences nobody taught, values in many ways, errors."""

from datetime import datetime
from pathlib import Path
from random import Random

import pytest

from huashu.core.errors import ScriptError
from huashu.core.expect import NOTHING
from huashu.flows.loader import load
from huashu.flows.script import Variable
from huashu.lab.mishearing import Recogniser, difference
from huashu.lab.paraphrase import Wordings, filled
from huashu.lab.persona import load_personas
from huashu.lab.spoken import spoken
from huashu.values.registry import parse

pytestmark = pytest.mark.unit

STOCK = Path(__file__).parents[2] / "scripts_market"
NOW = datetime(2026, 3, 2, 10, 0)


# --- personas -------------------------------------------------------------------------------------------------------


def test_the_stock_personas_have_both_languages_and_shares() -> None:
    people = load_personas()
    assert len(people) >= 11
    for persona in people:
        assert set(persona.title) == {"zh", "en"}
        assert persona.share > 0
        assert set(persona.says.get("zh", {})) == set(persona.says.get("en", {}))


def test_a_persona_in_chinese_is_one_in_english(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        "persona: x\nwants: refusal\nturn: {answer: 2, hang_up: 1}\nbarge_in: {chance: 0.5, after: [300ms, 1s]}\n"
        "silence: [2s, 4s]\nconfidence: {mean: 0.8, spread: 0.1}\n"
        "---\n画像: y\n想要: 拒绝\n每轮: {回答: 2, 挂断: 1}\n打断: {概率: 0.5, 之后: [300ms, 1s]}\n"
        "沉默: [2s, 4s]\n置信度: {均值: 0.8, 离散: 0.1}\n",
        encoding="utf-8",
    )
    x, y = load_personas(tmp_path / "a.yaml")
    assert (x.wants, x.turn, x.barge_in, x.barge_after, x.silence, x.confidence, x.reached) == (
        y.wants, y.turn, y.barge_in, y.barge_after, y.silence, y.confidence, y.reached,
    )  # fmt: skip
    assert x.turn == {"answer": 2.0, "hang_up": 1.0}
    assert "declined" in x.reached


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("persona: a\nturns: {answer: 1}\n", "a.yaml:2:1: a persona has no key 'turns' (did you mean 'turn'?)"),
        ("persona: a\nturn: {anser: 1}\n", "a.yaml:2:8: turn has no key 'anser' (did you mean 'answer'?)"),
        ("persona: a\nturn: {answer: 0}\n", "a.yaml:2:7: the weights of 'turn' cannot all be 0"),
        ("persona: a\nagrees: 1.5\n", "a.yaml:2:9: agrees is a number from 0 to 1"),
        ("persona: a\nsilence: [5s, 2s]\n", "a.yaml:2:10: silence is two durations, the shorter one first"),
        ("persona: a\nwants: servce\n", "a.yaml:2:8: 'servce' is none of (did you mean 'service'?)"),
        ("persona: a\nreached: [won]\n", "a.yaml:2:11: 'won' is none of"),
        ("turn: {answer: 1}\n", "a.yaml:1:1: a persona needs a name"),
        ("persona: a\nsays: {zh: {busy: []}}\n", "a.yaml:2:19: a sentence or a list of sentences is wanted here"),
        ("- a\n", "a.yaml:1:1: a persona is a mapping"),
        ("persona: a\n---\npersona: a\n", "there is a persona 'a' already"),
        ("画像: 甲\n每论: {回答: 1}\n", "a.yaml:2:1: 客户画像里不认识“每论”，是不是“每轮”？"),
    ],
)
def test_mistakes_in_personas_name_the_place(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "a.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ScriptError) as raised:
        load_personas(tmp_path / "a.yaml")
    assert told in str(raised.value)


def test_all_mistakes_are_told_at_once(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text("persona: a\nagrees: 2\nrate: fast\n", encoding="utf-8")
    with pytest.raises(ScriptError) as raised:
        load_personas(tmp_path / "a.yaml")
    assert len(str(raised.value).splitlines()) == 2


# --- sentences ------------------------------------------------------------------------------------------------------


def test_choices_in_templates_are_decided() -> None:
    rng = Random(1)
    assert {filled("(a|b) (c (d|e)|)", rng) for _ in range(60)} == {"a c d", "a c e", "a", "b c d", "b c e", "b"}


@pytest.mark.parametrize("name", ["card_instalment", "appointment_en", "bank_service"])
def test_callers_say_what_the_bot_was_not_taught(name: str) -> None:
    script = load(STOCK / name)
    wordings, rng = Wordings(script, script.language), Random(f"{name}")
    intents = {example.intent for example in script.nlu.examples} | set(script.nlu.regulars)
    said = [wordings.intent(intent, rng) for intent in sorted(intents) for _ in range(20)]
    assert sum(map(wordings.taught, said)) <= len(said) * 0.01
    assert len(set(said)) > len(said) * 0.7
    assert all(text.strip() and "(" not in text and "|" not in text for text in said)


def test_a_persona_may_have_its_own_words() -> None:
    wordings = Wordings(load(STOCK / "card_instalment"), "zh-CN")
    said = {wordings.intent("在忙", Random(n), ("我在修水管",), 0.0) for n in range(5)}
    assert said == {"我在修水管"}


# --- values ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "value", "unit", "language", "expected"),
    [
        ("digits", "6612", None, "zh-CN", {"六六幺二", "六六一二"}),
        ("integer", 2, "期", "zh-CN", {"两期"}),
        ("date", "2026-03-03", None, "zh-CN", {"明天"}),
        ("date", "2026-03-11", None, "zh-CN", {"下周三"}),
        ("time", "14:30", None, "zh-CN", {"下午两点半"}),
        ("phone", "2125550143", None, "en-US", {"two one two double five five zero one four three"}),
        ("date", "2026-03-03", None, "en-US", {"tomorrow"}),
        ("time", "10:30", None, "en-US", {"half past ten in the morning"}),
    ],
)
def test_values_are_said_in_many_ways_and_all_of_them_mean_it(
    kind: str, value: str | int, unit: str | None, language: str, expected: set[str]
) -> None:
    variable, rng = Variable("x", kind, unit=unit), Random(7)
    ways = {spoken(value, NOTHING, variable, language=language, now=NOW, rng=rng) for _ in range(80)}
    assert expected <= ways
    for way in ways:
        matches = parse(kind, way, language=language, at=NOW, unit=unit)
        assert value in [match.value for match in matches], way


# --- the recogniser -------------------------------------------------------------------------------------------------


def test_the_error_rate_is_what_was_asked_for() -> None:
    recogniser, rng = Recogniser("zh-CN", ["我想把这个月的账单分成六期"]), Random(1)
    said = "我想把这个月的账单分成六期可以吗"
    heard = [recogniser.hear(said, rng, rate=0.1, confidence=(0.9, 0.05)) for _ in range(400)]
    assert 0.07 < sum(difference(said, one.text) for one in heard) / 400 < 0.12
    assert recogniser.hear(said, rng, rate=0, confidence=(0.9, 0.05)).text == said


def test_chinese_errors_sound_alike() -> None:
    from pypinyin import lazy_pinyin

    recogniser, rng = Recogniser("zh-CN", []), Random(2)
    heard = {recogniser.hear("蓝", rng, rate=1, confidence=(0.9, 0)).text for _ in range(300)} - {"", "蓝"}
    sounds = {lazy_pinyin(one[0])[0] for one in heard}
    assert "lan" in sounds
    assert sounds <= {"lan", "nan", "lang", "ran"}
    assert {"nan", "lang"} <= sounds


def test_the_bots_own_words_are_heard_more_often() -> None:
    plain, own = (Recogniser("zh-CN", words) for words in ([], ["企"]))
    counts = []
    for recogniser in (plain, own):
        rng = Random(3)
        counts.append(sum("企" in recogniser.hear("期", rng, rate=1, confidence=(1, 0)).text for _ in range(800)))
    assert counts[1] > 1.5 * counts[0]


def test_confidence_falls_with_errors_and_the_right_words_may_come_second() -> None:
    recogniser, rng = Recogniser("zh-CN", []), Random(4)
    said = "我想查一下信用卡账单"
    heard = [recogniser.hear(said, rng, rate=0.1, confidence=(0.9, 0.05)) for _ in range(300)]
    right = [one.confidence for one in heard if one.text == said]
    wrong = [one for one in heard if one.text != said]
    assert sum(right) / len(right) > sum(one.confidence for one in wrong) / len(wrong) + 0.08
    assert any(said in [other.text for other in one.alternatives] for one in wrong)
    assert all(one.confidence >= max((o.confidence for o in one.alternatives), default=0) for one in heard)
    assert all(one.text not in [other.text for other in one.alternatives] for one in heard)


def test_english_words_are_taken_for_their_like() -> None:
    recogniser, rng = Recogniser("en-US", ["book an appointment on tuesday"]), Random(5)
    heard = " ".join(recogniser.hear("fifteen on tuesday", rng, rate=0.2, confidence=(0.9, 0)).text for _ in range(200))
    assert "fifty" in heard
    assert "thursday" in heard


def test_partial_words_grow_into_the_final_ones() -> None:
    recogniser, rng = Recogniser("zh-CN", []), Random(6)
    for _ in range(50):
        parts = recogniser.partials("我想分六期可以吗", rng)
        assert parts
        assert [share for share, _ in parts] == sorted(share for share, _ in parts)
        assert all("我想分六期可以吗".startswith(text) and 0 < share < 1 for share, text in parts)
