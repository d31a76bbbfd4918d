"""Reading aloud, display, canonical form; and the promise that what is read aloud is what would be heard."""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.values.registry import TYPE_ALIASES, TYPES, Prefix, canonical, display, parse, prefix, read_aloud

pytestmark = pytest.mark.unit

AT = datetime(2026, 2, 25, 10, 0)


@pytest.mark.parametrize(
    ("kind", "value", "language", "unit", "words"),
    [
        ("integer", 2, "zh-CN", "期", "两期"),
        ("integer", 2, "zh-CN", "号", "二号"),
        ("integer", 12, "zh-CN", "期", "十二期"),
        ("integer", 2, "zh-CN", None, "二"),
        ("integer", 20, "zh-CN", None, "二十"),
        ("integer", 200, "zh-CN", None, "两百"),
        ("integer", 2000, "zh-CN", None, "两千"),
        ("integer", 12000, "zh-CN", None, "一万二千"),
        ("integer", 10010, "zh-CN", None, "一万零一十"),
        ("integer", 3, "en-US", "nights", "three nights"),
        ("integer", 1, "en-US", "nights", "one night"),
        ("integer", 12345, "en-US", None, "twelve thousand three hundred forty-five"),
        ("number", Decimal("1.05"), "zh-CN", None, "一点零五"),
        ("percent", Decimal("15"), "zh-CN", None, "百分之十五"),
        ("percent", Decimal("0.9"), "en-US", None, "zero point nine percent"),
        ("money", Decimal("12000.00"), "zh-CN", None, "一万二千元"),
        ("money", Decimal("1234.56"), "zh-CN", None, "一千二百三十四元五角六分"),
        ("money", Decimal("2.05"), "zh-CN", None, "两元零五分"),
        ("money", Decimal("0"), "zh-CN", None, "零元"),
        ("money", Decimal("12.5"), "zh-CN", "USD", "十二点五美元"),
        ("money", Decimal("12000"), "en-US", None, "twelve thousand yuan"),
        ("money", Decimal("12.50"), "en-US", "USD", "twelve dollars and fifty cents"),
        ("money", Decimal("1"), "en-US", "dollars", "one dollar"),
        ("date", "2026-03-08", "zh-CN", None, "二零二六年三月八号"),
        ("date", "2026-03-08", "zh-CN", "月日", "三月八号"),
        ("date", "2026-03-08", "en-US", None, "March eighth, twenty twenty-six"),
        ("time", "15:30", "zh-CN", None, "下午三点半"),
        ("time", "14:05", "zh-CN", None, "下午两点零五分"),
        ("time", "00:00", "zh-CN", None, "凌晨零点"),
        ("time", "15:30", "en-US", None, "three thirty pm"),
        ("time", "12:00", "en-US", None, "noon"),
        ("phone", "13812345678", "zh-CN", None, "幺三八，幺二三四，五六七八"),
        ("phone", "13812345678", "en-US", None, "one three eight, one two three four, five six seven eight"),
        ("digits", "1702", "zh-CN", None, "幺七零二"),
        ("yes_no", True, "zh-CN", None, "是的"),
        ("text", "张伟", "zh-CN", None, "张伟"),
    ],
)
def test_read_aloud(kind: str, value: Scalar, language: str, unit: str | None, words: str) -> None:
    assert read_aloud(kind, value, language=language, unit=unit) == words


@pytest.mark.parametrize(
    ("kind", "value", "language", "shown"),
    [
        ("money", Decimal("12000"), "zh-CN", "12000.00元"),
        ("money", Decimal("12000"), "en-US", "12,000.00 yuan"),
        ("date", "2026-03-08", "zh-CN", "2026年3月8日"),
        ("date", "2026-03-08", "en-US", "March 8, 2026"),
        ("time", "14:30", "zh-CN", "14:30"),
        ("percent", Decimal("15"), "zh-CN", "15%"),
        ("phone", "13812345678", "zh-CN", "13812345678"),
        ("yes_no", False, "zh-CN", "否"),
        ("integer", 6, "zh-CN", "6"),
    ],
)
def test_display(kind: str, value: Scalar, language: str, shown: str) -> None:
    assert display(kind, value, language=language) == shown


def test_nothing_is_nothing() -> None:
    assert read_aloud("money", None, language="zh-CN") == ""
    assert display("money", None, language="zh-CN") == ""
    assert canonical("money", None) is None


@pytest.mark.parametrize(
    ("kind", "given_value", "value"),
    [
        ("money", "12000.00", Decimal("12000.00")),
        ("money", "12,000", Decimal("12000")),
        ("money", 12000, Decimal("12000")),
        ("money", 12.5, Decimal("12.5")),
        ("money", "¥12.50", Decimal("12.5")),
        ("money", "12.5元", Decimal("12.5")),
        ("integer", "6", 6),
        ("integer", Decimal("6"), 6),
        ("number", "1.50", Decimal("1.5")),
        ("percent", "15%", Decimal("15")),
        ("date", "2026-3-8", "2026-03-08"),
        ("date", date(2026, 3, 8), "2026-03-08"),
        ("date", "2026年3月8日", "2026-03-08"),
        ("time", "9:05", "09:05"),
        ("phone", "+86 138-1234-5678", "13812345678"),
        ("phone", 13812345678, "13812345678"),
        ("digits", "6222 0212", "62220212"),
        ("yes_no", "是", True),
        ("yes_no", False, False),
        ("text", "张伟", "张伟"),
        ("金额", "3.5", Decimal("3.5")),
    ],
)
def test_canonical(kind: str, given_value: object, value: Scalar) -> None:
    found = canonical(kind, given_value)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("money", "很多"),
        ("money", True),
        ("money", "1e999999"),
        ("integer", "1.5"),
        ("integer", [6]),
        ("number", "nan"),
        ("date", "2026-02-30"),
        ("date", "明天"),
        ("time", "25:00"),
        ("time", 99),
        ("phone", "77"),
        ("digits", "12ab"),
        ("yes_no", "maybe"),
        ("text", 5),
    ],
)
def test_a_wrong_value_is_refused_with_a_right_one_and_is_not_repeated(kind: str, wrong: object) -> None:
    with pytest.raises(UsageError, match="a right one is") as caught:
        canonical(kind, wrong)
    assert TYPES[kind].example in str(caught.value)
    assert str(wrong) not in str(caught.value)


def test_every_type_has_a_chinese_name_and_a_right_example() -> None:
    assert set(TYPE_ALIASES.values()) == set(TYPES)
    assert TYPE_ALIASES["金额"] == "money"
    for name, kind in TYPES.items():
        value = canonical(name, kind.example.strip('"'))
        assert canonical(name, value) == value


def assert_heard_as_said(kind: str, value: Scalar, language: str, unit: str | None = None) -> None:
    words = read_aloud(kind, value, language=language, unit=unit)
    heard = parse(kind, words, language=language, at=AT, unit=unit)
    assert heard, words
    assert heard[0].value == value, words
    assert prefix(kind, words, language=language, unit=unit) in (Prefix.COMPLETE, Prefix.FULL), words


both = pytest.mark.parametrize("language", ["zh-CN", "en-US"])


@both
@settings(max_examples=300, deadline=None)
@given(value=st.integers(-(10**18), 10**18))
def test_round_trip_of_integers(language: str, value: int) -> None:
    assert_heard_as_said("integer", value, language)


@both
@settings(max_examples=300, deadline=None)
@given(value=st.decimals(-(10**9), 10**12, places=2, allow_nan=False, allow_infinity=False))
def test_round_trip_of_money_and_numbers(language: str, value: Decimal) -> None:
    assert_heard_as_said("money", value, language)
    assert_heard_as_said("money", value, language, "USD")
    assert_heard_as_said("number", value, language)
    assert_heard_as_said("percent", value, language)


@both
@settings(max_examples=200, deadline=None)
@given(value=st.dates(date(1900, 1, 2), date(2099, 12, 31)))
def test_round_trip_of_dates(language: str, value: date) -> None:
    assert_heard_as_said("date", value.isoformat(), language)


@both
def test_round_trip_of_every_day_of_three_years_and_every_minute_of_a_day(language: str) -> None:
    for day in range(0, 3 * 365, 7):
        assert_heard_as_said("date", (date(2025, 1, 1) + timedelta(day)).isoformat(), language)
    for minute in range(0, 24 * 60, 5):
        assert_heard_as_said("time", f"{minute // 60:02d}:{minute % 60:02d}", language)


@both
@settings(max_examples=200, deadline=None)
@given(value=st.from_regex(r"1[3-9][0-9]{9}|0(10|2[0-9])[2-9][0-9]{7}|400[0-9]{7}|\+44[1-9][0-9]{9}", fullmatch=True))
def test_round_trip_of_phones(language: str, value: str) -> None:
    assert_heard_as_said("phone", value, language)


@settings(max_examples=300, deadline=None)
@given(
    kind=st.sampled_from(sorted(TYPES)),
    language=st.sampled_from(["zh-CN", "en-US"]),
    text=st.text(
        st.sampled_from(
            "零一二两三十百千万亿点半年月日号周下个块毛分 ,.-+:/%$¥0129差幺百之嗯吧不是好没的noyesptwhundrdfm"
        ),
        max_size=30,
    )
    | st.text(max_size=30),
)
def test_no_text_breaks_parsing(kind: str, language: str, text: str) -> None:
    for match in parse(kind, text, language=language, at=AT, unit="期"):
        assert text[match.start : match.end] == match.text
        assert 0 < match.confidence <= 1
        assert canonical(kind, match.value) == match.value
        assert read_aloud(kind, match.value, language=language)
    prefix(kind, text, language=language, unit="期")
