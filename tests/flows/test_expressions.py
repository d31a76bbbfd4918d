"""Conditions and computations: truth tables, numbers without floats, bounds, and errors that say where."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huashu.core.values import Scalar
from huashu.flows.expressions import MAX_LENGTH, Expression, ExpressionError, literal, parse_expression

pytestmark = pytest.mark.engine

SCOPE: dict[str, Scalar] = {
    "金额": Decimal("12000.00"),
    "期数": 6,
    "身份": "已核实",
    "城市": None,
    "同意": True,
    "now.hour": 9,
    "now.weekday": 1,
    "now.date": "2026-11-22",
    "now.time": "09:30",
    "arm.开场": "B",
    "open.上班": True,
    "caller.anger": Decimal("0.6"),
}


def value(text: str) -> Scalar:
    return parse_expression(text).evaluate(SCOPE.__getitem__)


@pytest.mark.parametrize("left", [True, False])
@pytest.mark.parametrize("right", [True, False])
def test_truth_tables(left: bool, right: bool) -> None:
    scope: dict[str, Scalar] = {"a": left, "b": right}

    def run(text: str) -> Scalar:
        return parse_expression(text).evaluate(scope.__getitem__)

    assert run("a and b") is run("a 且 b") is (left and right)
    assert run("a or b") is run("a 或 b") is (left or right)
    assert run("not a") is run("非 a") is (not left)
    assert run("a == b") is (left == right)
    assert run("a != b") is (left != right)
    assert run("not a and b") is ((not left) and right)
    assert run("not (a and b)") is not (left and right)
    assert run("a or b and a") is (left or (right and left))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("金额 / 期数", Decimal(2000)),
        ("期数 * 2 + 1", 13),
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3", 9),
        ("10 - 4 - 3", 3),
        ("0.1 + 0.2 == 0.3", True),
        ("7 / 2", Decimal("3.5")),
        ("-期数 + 1", -5),
        ("期数 >= 6 且 期数 <= 12", True),
        ("期数>3且金额>100", True),
        ("身份 == “已核实”", True),
        ("身份 == '已核实' and 同意", True),
        ('身份 != "未核实"', True),
        ("期数 in (3, 6, 12)", True),
        ("期数 in [3, 12]", False),
        ("'核' in 身份", True),
        ("城市 == 空", True),
        ("城市 == none or 真", True),
        ("非 城市", True),
        ("now.hour >= 9 and now.hour < 18", True),
        ("now.weekday == 1", True),
        ('now.time >= "9:00" and now.time < "10:00"', True),
        ('"9:30" <= now.time', True),
        ('now.time == "9：30"', True),
        ('arm.开场 == "B"', True),
        ('实验.开场 in ("A", "C")', False),
        ("营业.上班 且 非 open.上班", False),
        ("now.date < '2026-12-01'", True),
        ("期数 ≥ 6", True),
        ("（期数 ＞ 5）", True),
        ("同意 == 1", False),
        ("'6' == 期数", False),
        ("假", False),
    ],
)
def test_values(text: str, expected: Scalar) -> None:
    assert value(text) == expected
    assert not isinstance(value(text), float)


@pytest.mark.parametrize("text", ["1 / 0", "金额 / (期数 - 6)", "身份 + 1", "城市 > 3", "同意 * 2", "身份 > 3"])
def test_what_cannot_be_computed(text: str) -> None:
    with pytest.raises(ExpressionError):
        value(text)


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", 0),
        ("期数 = 3", 3),
        ("期数 >", 4),
        ("(期数", 3),
        ("期数)", 2),
        ("期数 3", 3),
        ("1 < 2 < 3", 6),
        ("'甲", 0),
        ("a.b", 0),
        ("__import__('os')", 10),
        ("期数; 3", 2),
        ("x if y else z", 2),
        ("[1]", 0),
        ("and 1", 0),
    ],
)
def test_what_is_no_expression_says_where(text: str, offset: int) -> None:
    with pytest.raises(ExpressionError) as error:
        parse_expression(text)
    assert error.value.offset == offset


def test_bounds() -> None:
    for text in (
        "1" * (MAX_LENGTH + 1),
        "(" * 100 + "1" + ")" * 100,
        "非 " * 100 + "真",
        "-" * 100 + "1",
        "1" + "+1" * 200,
    ):
        with pytest.raises(ExpressionError):
            parse_expression(text)
    growing = parse_expression("x * x * x * x")
    with pytest.raises(ExpressionError):
        growing.evaluate(lambda name: 10**20)


def test_names_are_those_asked_for() -> None:
    assert parse_expression("金额 > 3 且 非 (城市 == '甲') 或 now.hour > 3").names == {"金额", "城市", "now.hour"}
    assert literal("已核实").names == frozenset()


def test_what_the_caller_said_last_may_be_asked_in_either_spelling() -> None:
    assert value("caller.anger >= 0.6") is True
    assert value("客户.怒气 > 0.6") is False
    with pytest.raises(ExpressionError, match=r"caller\.joy"):
        parse_expression("caller.joy > 0")


def test_spelling_does_not_matter_for_equality() -> None:
    assert parse_expression("a 且 非 b") == parse_expression("(a) and (not b)")
    assert parse_expression("a == 1") != parse_expression("a == 2")
    assert literal(1) == parse_expression("1")
    assert hash(literal("a")) == hash(literal("a"))
    assert isinstance(literal(1), Expression)


@given(st.text(alphabet="ab12.+-*/()<>=!且或非真空 '\"[],in", max_size=40))
def test_any_text_parses_or_says_where(text: str) -> None:
    try:
        expression = parse_expression(text)
    except ExpressionError as error:
        assert 0 <= error.offset <= len(text)  # noqa: PT017 - not raising is fine too
        return
    try:
        found = expression.evaluate(lambda name: 3)
    except ExpressionError:
        return
    assert found is None or isinstance(found, (str, int, bool, Decimal))
    assert parse_expression(expression.text) == expression
