"""Expectation to word network."""

import pytest

from huashu.asr.grammar import Arc, Network, Words, network, spoken_text
from huashu.core.expect import Choice, Expectation

pytestmark = pytest.mark.unit

KNOWN = set("yes no please can i have a small large latte tea six months zero one two".split())  # noqa: SIM905


def split(text: str) -> Words | None:
    words = tuple(spoken_text(text, "en").split())
    return words if set(words) <= KNOWN else None


def accepts(net: Network, said: str) -> bool:
    """Whether the words lead from state 0 to state 1."""

    def closed(states: set[int]) -> set[int]:
        more = {to for source, to, _, word in net.arcs if source in states and not word}
        return states if more <= states else closed(states | more)

    states = closed({0})
    for spoken in said.split():
        states = closed({to for source, to, _, word in net.arcs if source in states and word == spoken})
    return 1 in states


def build(**fields: object) -> Network:
    net = network(Expectation(step="a.b", language="en", **fields), "en", split)  # type: ignore[arg-type]
    assert net is not None
    return net


def test_a_closed_question_takes_exactly_its_phrases() -> None:
    net = build(kind="choice", phrases=("a small latte", "a large tea"), choices=(Choice(6, ("6 months",)),))
    assert accepts(net, "a small latte")
    assert accepts(net, "six months")
    assert not accepts(net, "a small tea")
    assert not accepts(net, "a small")
    assert not accepts(net, "")


def test_an_open_question_takes_mixtures_of_its_phrases() -> None:
    net = build(kind="free", phrases=("can I have a small latte", "a large tea", "a small tea please"))
    assert accepts(net, "can i have a small tea please")
    assert accepts(net, "a large tea")
    assert not accepts(net, "latte a small")
    assert not accepts(net, "can i have a small")


def test_phrases_with_unknown_words_are_counted_and_left_out() -> None:
    net = build(kind="choice", phrases=("a small latte", "a small frappuccino"))
    assert net.skipped == 1
    assert not accepts(net, "a small frappuccino")


def test_marks_case_and_repeats_do_not_matter() -> None:
    net = build(kind="choice", phrases=("A small latte!", "a  small latte"))
    assert accepts(net, "a small latte")
    assert net.key == build(kind="choice", phrases=("a small latte",)).key


def test_yes_or_no_needs_no_phrases() -> None:
    net = build(kind="yes_no")
    assert accepts(net, "yes")
    assert accepts(net, "no")


def test_a_typed_value_is_a_loop_beside_the_phrases() -> None:
    net = build(kind="value", type="digits", phrases=("i have no tea",))
    assert accepts(net, "one two zero zero one")
    assert accepts(net, "i have no tea")
    assert not accepts(net, "i have one")


def test_other_slots_of_the_flow_are_listened_for_too() -> None:
    assert accepts(build(kind="yes_no", slots=(("count", "integer"),)), "two")


def characters(text: str) -> Words | None:
    return tuple(spoken_text(text, "zh"))


def chinese(**fields: object) -> Network:
    net = network(Expectation(step="a.b", language="zh-CN", **fields), "zh", characters)  # type: ignore[arg-type]
    assert net is not None
    return net


def likeliest(net: Network, said: str) -> float:
    """The best product of probabilities of a way through the network that says this; 0.0: there is none."""
    best = {0: 1.0}
    for spoken in [*said, ""]:
        after: dict[int, float] = {}
        for source, target, chance, word in net.arcs:
            if source in best and word == spoken:
                after[target] = max(after.get(target, 0.0), best[source] * chance)
        best = after
    return best.get(1, 0.0)


@pytest.mark.parametrize(
    ("kind", "unit", "values", "others"),
    [
        ("date", None, ["后天", "下周三", "三月八号", "大后天", "月底"], ["号后天", "一七周", "八年半", "天"]),
        ("time", None, ["下午三点半", "八点一刻"], ["三半点", "上午下午"]),
        ("datetime", None, ["明天下午三点", "三点", "半小时以后"], ["三点明", "点明天三"]),
        ("money", None, ["一千二百块", "三块五", "两万"], ["百千元", "元三块元"]),
        ("integer", "期", ["六期", "十二", "二十四期"], ["期六", "百百期"]),
        ("duration", None, ["半小时", "两个半月"], ["小时半个", "年年"]),
    ],
)
def test_a_chinese_value_is_said_as_values_are(
    kind: str, unit: str | None, values: list[str], others: list[str]
) -> None:
    net = chinese(kind="value", type=kind, unit=unit)
    assert min(likeliest(net, said) for said in values) > 1e-20
    assert max(likeliest(net, said) for said in others) < 1e-20


def test_the_beginning_of_a_value_is_heard_where_nothing_follows() -> None:
    assert (
        0.0
        < likeliest(chinese(kind="value", type="date"), "三")
        < likeliest(chinese(kind="value", type="date"), "三号")
    )


def test_what_another_question_asks_for_is_less_likely_than_what_this_one_does() -> None:
    aside, asked = chinese(kind="yes_no", slots=(("day", "date"),)), chinese(kind="value", type="date")
    assert 0.0 < likeliest(aside, "明天") < likeliest(asked, "明天")
    assert likeliest(aside, "好") == 1.0


def test_a_unit_belongs_to_the_value_that_is_asked_for() -> None:
    net = chinese(kind="value", type="integer", unit="期", slots=(("others", "money"),))
    assert likeliest(net, "六期") > 0.0


def test_nothing_to_list_is_no_network() -> None:
    assert network(Expectation(step="a.b", language="en"), "en", split) is None
    assert network(Expectation(step="a.b", kind="choice", phrases=("frappuccino",), language="en"), "en", split) is None


def test_arcs_are_well_formed() -> None:
    arcs: tuple[Arc, ...] = build(kind="value", type="money", phrases=("a small latte", "a large tea")).arcs
    assert all(0.0 < chance <= 1.0 for _, _, chance, _ in arcs)
    assert {source for source, *_ in arcs if source == 1} == set()


@pytest.mark.parametrize(
    ("text", "language", "said"),
    [
        ("分6期，好的。", "zh", "分六期好的"),
        ("I’d like 12!", "en", "i'd like twelve"),
        ("……", "zh", ""),
        ("上海 人家", "zh", "上海人家"),
    ],
)
def test_spoken_text(text: str, language: str, said: str) -> None:
    assert spoken_text(text, language) == said
