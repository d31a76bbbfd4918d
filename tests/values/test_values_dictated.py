"""Numbers and codes said character by character: identity numbers, cards, plates, codes, as recognisers write them."""

from datetime import datetime

import pytest

from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.values.cards import check_character, luhn
from huashu.values.registry import Prefix, canonical, display, parse, prefix, read_aloud

pytestmark = pytest.mark.unit

AT = datetime(2026, 2, 25, 10, 0)
NONE, PROPER, COMPLETE, FULL = Prefix.NONE, Prefix.PROPER, Prefix.COMPLETE, Prefix.FULL
IDENTITY = "11010519491231002X"  # the example of GB 11643-1999
CARD = "6222021234567890128"


def best(kind: str, text: str, language: str = "zh-CN", unit: str | None = None) -> Scalar:
    matches = parse(kind, text, language=language, at=AT, unit=unit)
    return matches[0].value if matches else None


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("幺幺零幺零五 幺九四九幺二三幺 零零二叉", "zh-CN", IDENTITY),
        ("我的身份证号是110105 19491231 002x", "zh-CN", IDENTITY),
        ("一一零一零五，一九四九，嗯，一二三一，零零二艾克斯", "zh-CN", IDENTITY),
        ("11010519491231002Ｘ", "zh-CN", IDENTITY),
        ("one one zero one zero five nineteen forty nine twelve thirty one zero zero two x", "en-US", IDENTITY),
        ("一一零一零五四九一二三一零零二", "zh-CN", "110105491231002"),
        ("110105194912310021", "zh-CN", None),  # wrong check character
        ("990105194912310020", "zh-CN", None),  # no such province
        ("110105204912310020", "zh-CN", None),  # not born yet
        ("110105 20030307 1", "zh-CN", None),  # fifteen characters of a longer one
    ],
)
def test_identity_numbers(text: str, language: str, value: str | None) -> None:
    assert best("id_number", text, language) == value


def test_a_stray_figure_beside_an_identity_number_does_no_harm() -> None:
    assert best("id_number", "一，" + IDENTITY) == IDENTITY


@pytest.mark.parametrize("kind", ["id_number", "bank_card"])
def test_every_beginning_of_a_number_with_a_check_waits_and_the_whole_one_closes(kind: str) -> None:
    number = IDENTITY if kind == "id_number" else CARD
    for length in range(1, len(number)):
        said = number[:length]
        assert prefix(kind, said, language="zh-CN") in (PROPER, COMPLETE), length
    assert prefix(kind, number, language="zh-CN") is FULL
    assert prefix(kind, "我的卡号是", language="zh-CN") is PROPER
    assert prefix(kind, number[:6], language="en-US") is PROPER


def test_a_number_whose_check_fails_is_not_waited_for() -> None:
    assert prefix("id_number", IDENTITY[:-1] + "1", language="zh-CN") is NONE
    assert prefix("id_number", "770105", language="zh-CN") is NONE
    assert prefix("bank_card", CARD[:-1] + "9", language="zh-CN") is NONE


def test_bank_cards_read_in_fours() -> None:
    assert best("bank_card", "六二二二 零二一二 三四五六 七八九零 一二八") == CARD
    assert best("bank_card", "6222 0212 3456 7890 129") is None
    assert best("bank_card", "4111 1111 1111 1111", "en-US") == "4111111111111111"
    assert display("bank_card", CARD, language="zh-CN") == "6222 0212 3456 7890 128"
    assert read_aloud("bank_card", "4111111111111111", language="zh-CN").startswith("四幺幺幺，幺幺幺幺")


def test_identity_numbers_are_read_by_place_year_day_and_rest() -> None:
    assert read_aloud("id_number", IDENTITY, language="zh-CN") == "幺幺零幺零五，幺九四九，幺二三幺，零零二X"


def test_the_star_key_is_an_x() -> None:
    assert canonical("id_number", "11010519491231002*") == IDENTITY


@pytest.mark.parametrize(("kind", "wrong"), [("id_number", "110105194912310021"), ("bank_card", "6222021234567890129")])
def test_a_wrong_check_is_refused_and_not_repeated(kind: str, wrong: str) -> None:
    with pytest.raises(UsageError) as caught:
        canonical(kind, wrong)
    assert wrong not in str(caught.value)


def test_the_check_rules_of_the_standards() -> None:
    assert check_character(IDENTITY[:17]) == "X"
    assert luhn("79927398713")  # the example of ISO/IEC 7812-1, annex B
    assert not luhn("79927398710")


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("京A12345", "zh-CN", "京A12345"),
        ("我的车牌是京 a 幺二三四五", "zh-CN", "京A12345"),
        ("沪 A D 一二三四五", "zh-CN", "沪AD12345"),
        ("浙A达不溜拐洞洞洞", "zh-CN", "浙AW7000"),
        ("粤B·五五五五五D", "zh-CN", "粤B55555D"),
        ("粤Z一二三四港", "zh-CN", "粤Z1234港"),
        ("京A一二三四警", "zh-CN", "京A1234警"),
        ("经a一二三四五", "zh-CN", "京A12345"),  # the province misheard
        ("护b三个八六六", "zh-CN", "沪B88866"),
        ("京A123", "zh-CN", None),
        ("我是北京的", "zh-CN", None),
        ("Beijing A one two three four five", "en-US", "京A12345"),
        ("a b c one two three four", "en-US", "ABC1234"),
    ],
)
def test_plates(text: str, language: str, value: str | None) -> None:
    assert best("plate", text, language) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("京", PROPER),
        ("京A", PROPER),
        ("京A一二三", PROPER),
        ("京A12345", COMPLETE),
        ("京AD12345", FULL),
        ("你好", NONE),
    ],
)
def test_a_plate_may_be_of_new_energy_until_it_cannot(text: str, expected: Prefix) -> None:
    assert prefix("plate", text, language="zh-CN") is expected


@pytest.mark.parametrize(
    ("text", "language", "unit", "value"),
    [
        ("A as in apple, B for Bob, one two three", "en-US", None, "AB123"),
        ("N for Nancy, double seven, zed", "en-US", None, "N77Z"),
        ("alpha bravo niner", "en-US", None, "AB"),
        ("double u three", "en-US", None, "W3"),
        ("my order is AB1234", "en-US", None, "AB1234"),
        ("twenty three b", "en-US", None, "23B"),
        ("A，苹果的A，北京的B，三个八", "zh-CN", None, "AB888"),
        ("订单号是字母 s f 数字一二三", "zh-CN", None, "SF123"),
        ("a b 一二三四", "zh-CN", "6位", "AB1234"),
        ("a b 一二三", "zh-CN", "6位", None),
    ],
)
def test_spelt_codes(text: str, language: str, unit: str | None, value: str | None) -> None:
    assert best("spelled", text, language, unit) == value


def test_a_stated_length_closes_a_code() -> None:
    assert prefix("spelled", "a b 一二", language="zh-CN", unit="6位") is PROPER
    assert prefix("spelled", "a b 一二三四", language="zh-CN", unit="6位") is FULL
    assert prefix("spelled", "a b", language="en-US") is COMPLETE


@pytest.mark.parametrize(
    ("kind", "text", "language", "value"),
    [
        ("phone", "一三八三个一二三四五六", "zh-CN", "13811123456"),
        ("phone", "一三八，四个一，二三四五", "zh-CN", "13811112345"),
        ("phone", "two one two five five five twenty three forty five", "en-US", "2125552345"),
        ("digits", "后四位是两个六两个八", "zh-CN", "6688"),
        ("digits", "我要三个六期的", "zh-CN", "3"),
    ],
)
def test_repeated_figures(kind: str, text: str, language: str, value: str | None) -> None:
    assert best(kind, text, language) == value
