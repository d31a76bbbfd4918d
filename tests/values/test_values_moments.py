"""Stretches and lengths of time, moments, lunar days, quantities, as said on a Wednesday morning."""

from datetime import date, datetime, timedelta

import pytest

from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.values import lunar
from huashu.values.registry import Prefix, canonical, display, parse, prefix, read_aloud

pytestmark = pytest.mark.unit

AT = datetime(2026, 2, 25, 10, 0)
NONE, PROPER, COMPLETE, FULL = Prefix.NONE, Prefix.PROPER, Prefix.COMPLETE, Prefix.FULL


def best(kind: str, text: str, language: str = "zh-CN", at: datetime = AT) -> Scalar:
    matches = parse(kind, text, language=language, at=at)
    return matches[0].value if matches else None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("明天下午三点", "2026-02-26T15:00"),
        ("今晚八点", "2026-02-25T20:00"),
        ("明早八点半", "2026-02-26T08:30"),
        ("今天两点半", "2026-02-25T14:30"),
        ("今天晚上十二点", "2026-02-26T00:00"),
        ("三月八号的下午两点", "2026-03-08T14:00"),
        ("下午三点，明天", "2026-02-26T15:00"),
        ("半小时后", "2026-02-25T10:30"),
        ("过两个小时", "2026-02-25T12:00"),
        ("下午三点", "2026-02-25T15:00"),
        ("早上九点", "2026-02-26T09:00"),
        ("明天", None),
        ("半个小时", None),
    ],
)
def test_chinese_moments(text: str, value: str | None) -> None:
    assert best("datetime", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("tomorrow at 3 pm", "2026-02-26T15:00"),
        ("3pm tomorrow", "2026-02-26T15:00"),
        ("next Tuesday at half past two in the afternoon", "2026-03-03T14:30"),
        ("March 8th, at noon", "2026-03-08T12:00"),
        ("in two hours", "2026-02-25T12:00"),
        ("half an hour from now", "2026-02-25T10:30"),
    ],
)
def test_english_moments(text: str, value: str) -> None:
    assert best("datetime", text, "en-US") == value


def test_an_open_hour_is_the_one_still_to_come() -> None:
    assert best("datetime", "今天两点半", at=datetime(2026, 2, 25, 1, 0)) == "2026-02-25T14:30"
    assert best("datetime", "今天九点", at=datetime(2026, 2, 25, 10, 0)) == "2026-02-25T21:00"
    assert best("datetime", "今天九点", at=datetime(2026, 2, 25, 8, 0)) == "2026-02-25T09:00"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("上周", "2026-02-16/2026-02-22"),
        ("下周", "2026-03-02/2026-03-08"),
        ("这个月", "2026-02-01/2026-02-28"),
        ("上个月", "2026-01-01/2026-01-31"),
        ("周末", "2026-02-28/2026-03-01"),
        ("三月上旬", "2026-03-01/2026-03-10"),
        ("二月下旬", "2026-02-21/2026-02-28"),
        ("今年下半年", "2026-07-01/2026-12-31"),
        ("第二季度", "2026-04-01/2026-06-30"),
        ("去年", "2025-01-01/2025-12-31"),
        ("二零二六年三月", "2026-03-01/2026-03-31"),
        ("三天内", "2026-02-25/2026-02-28"),
        ("未来一周", "2026-02-25/2026-03-04"),
        ("最近三个月", "2025-11-25/2026-02-25"),
        ("两个小时之内", "2026-02-25T10:00/2026-02-25T12:00"),
        ("下个月十五号前", "2026-02-25/2026-03-15"),
        ("这个月底之前", "2026-02-25/2026-02-28"),
        ("三月八号以后", "2026-03-08/.."),
        ("下午三点以后", "2026-02-25T15:00/.."),
        ("周一到周五", "2026-03-02/2026-03-06"),
        ("下周一到周三", "2026-03-02/2026-03-04"),
        ("三月一号到五号", "2026-03-01/2026-03-05"),
        ("从明天到后天", "2026-02-26/2026-02-27"),
        ("明天", "2026-02-26/2026-02-26"),
        ("明天下午", "2026-02-26T12:00/2026-02-26T18:00"),
        ("明天下午两点到四点", "2026-02-26T14:00/2026-02-26T16:00"),
        ("下午两点到四点", "2026-02-25T14:00/2026-02-25T16:00"),
        ("明天上午到下午", "2026-02-26T08:00/2026-02-26T18:00"),
        ("我想约下周三下午行吗", "2026-03-04T12:00/2026-03-04T18:00"),
        ("三天", None),
        ("你好", None),
    ],
)
def test_chinese_periods(text: str, value: str | None) -> None:
    assert best("period", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("next week", "2026-03-02/2026-03-08"),
        ("this weekend", "2026-02-28/2026-03-01"),
        ("last month", "2026-01-01/2026-01-31"),
        ("within three days", "2026-02-25/2026-02-28"),
        ("in the past two weeks", "2026-02-11/2026-02-25"),
        ("from Monday to Friday", "2026-03-02/2026-03-06"),
        ("Monday through Wednesday", "2026-03-02/2026-03-04"),
        ("before the 15th", "2026-02-25/2026-03-15"),
        ("by Friday", "2026-02-25/2026-02-27"),
        ("after March 8th", "2026-03-08/.."),
        ("tomorrow morning", "2026-02-26T08:00/2026-02-26T12:00"),
        ("tomorrow from two to four pm", "2026-02-26T14:00/2026-02-26T16:00"),
        ("between two and four tomorrow", "2026-02-26T14:00/2026-02-26T16:00"),
        ("this afternoon", "2026-02-25T12:00/2026-02-25T18:00"),
        ("in March", "2026-03-01/2026-03-31"),
    ],
)
def test_english_periods(text: str, value: str) -> None:
    assert best("period", text, "en-US") == value


@pytest.mark.parametrize(
    ("kind", "text", "language", "expected"),
    [
        ("period", "从明天", "zh-CN", PROPER),
        ("period", "明天到", "zh-CN", PROPER),
        ("period", "从明天到后天", "zh-CN", FULL),
        ("period", "下个月十五号前", "zh-CN", FULL),
        ("period", "下周", "zh-CN", COMPLETE),
        ("period", "from Monday to", "en-US", PROPER),
        ("datetime", "明天", "zh-CN", PROPER),
        ("datetime", "明天下午", "zh-CN", PROPER),
        ("datetime", "明天下午三点半", "zh-CN", FULL),
        ("datetime", "tomorrow at", "en-US", PROPER),
        ("duration", "一个", "zh-CN", PROPER),
        ("duration", "三天吧", "zh-CN", FULL),
        ("quantity", "三", "zh-CN", PROPER),
        ("quantity", "三斤", "zh-CN", COMPLETE),
        ("quantity", "三斤半", "zh-CN", FULL),
    ],
)
def test_a_stretch_is_waited_for_until_its_end(kind: str, text: str, language: str, expected: Prefix) -> None:
    assert prefix(kind, text, language=language) is expected


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("半个小时", "zh-CN", "PT30M"),
        ("一个半小时", "zh-CN", "PT1H30M"),
        ("九十分钟", "zh-CN", "PT1H30M"),
        ("一小时二十分钟", "zh-CN", "PT1H20M"),
        ("三天", "zh-CN", "P3D"),
        ("两周", "zh-CN", "P14D"),
        ("半个月", "zh-CN", "P15D"),
        ("一年半", "zh-CN", "P1Y6M"),
        ("十八个月", "zh-CN", "P1Y6M"),
        ("一刻钟", "zh-CN", "PT15M"),
        ("二零二六年", "zh-CN", None),
        ("第三天", "zh-CN", None),
        ("half an hour", "en-US", "PT30M"),
        ("an hour and a half", "en-US", "PT1H30M"),
        ("two hours and twenty minutes", "en-US", "PT2H20M"),
        ("a couple of weeks", "en-US", "P14D"),
        ("a fortnight", "en-US", "P14D"),
    ],
)
def test_durations(text: str, language: str, value: str | None) -> None:
    assert best("duration", text, language) == value


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("三斤半", "zh-CN", "3.5 斤"),
        ("三斤二两", "zh-CN", "3.2 斤"),
        ("五两", "zh-CN", "5 两"),
        ("两公里", "zh-CN", "2 km"),
        ("两千米", "zh-CN", "2 km"),
        ("一千五百米", "zh-CN", "1500 m"),
        ("一米七五", "zh-CN", "1.75 m"),
        ("2.5千克", "zh-CN", "2.5 kg"),
        ("一百二十平", "zh-CN", "120 m²"),
        ("三箱苹果", "zh-CN", "3 箱"),
        ("5 kg", "en-US", "5 kg"),
        ("two and a half kilos", "en-US", "2.5 kg"),
        ("a pound and a half", "en-US", "1.5 lb"),
        ("three boxes", "en-US", "3 box"),
        ("第三箱", "zh-CN", None),
    ],
)
def test_quantities(text: str, language: str, value: str | None) -> None:
    assert best("quantity", text, language) == value


def test_quantities_are_said_in_the_words_of_the_language() -> None:
    assert read_aloud("quantity", "2 km", language="zh-CN") == "两公里"
    assert read_aloud("quantity", "2 km", language="en-US") == "two kilometers"
    assert display("quantity", "3.5 斤", language="zh-CN") == "3.5斤"
    assert canonical("quantity", "5公斤") == "5 kg"
    assert canonical("时段", "2026-03") == "2026-03-01/2026-03-31"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("春节", "2027-02-06"),
        ("中秋节", "2026-09-25"),
        ("端午节", "2026-06-19"),
        ("2027年除夕", "2027-02-05"),
        ("清明", "2026-04-05"),
        ("冬至", "2026-12-22"),
        ("元宵节", "2026-03-03"),
        ("农历八月十五", "2026-09-25"),
        ("正月初八", "2027-02-13"),
        ("大年初一", "2027-02-06"),
        ("明年五一", "2027-05-01"),
    ],
)
def test_lunar_days_and_feasts(text: str, value: str) -> None:
    assert best("date", text) == value


def test_the_lunar_table_has_years_of_right_length_and_no_gap() -> None:
    for year in range(lunar.FIRST, lunar.LAST):
        first, following = lunar.solar(year, 1, 1), lunar.solar(year + 1, 1, 1)
        assert first
        assert following
        assert (following - first).days in (353, 354, 355, 383, 384, 385)
        assert lunar.solar(year, 13, 0) == following - timedelta(1)
        assert date(year, 1, 20) < first < date(year, 2, 22)
        winter = lunar.feast("冬至", year)
        assert winter
        assert winter.month == 12
    assert lunar.solar(2025, 6, 1, leap=True) == date(2025, 7, 25)
    assert lunar.solar(2026, 6, 1, leap=True) is None


@pytest.mark.parametrize(
    ("kind", "wrong"),
    [
        ("period", "2026-03-05/2026-03-01"),
        ("period", "下周"),
        ("datetime", "2026-03-05"),
        ("duration", "P"),
        ("duration", "3 days"),
        ("quantity", "kg"),
        ("quantity", "5 xyzzy"),
    ],
)
def test_what_is_no_canonical_value(kind: str, wrong: str) -> None:
    with pytest.raises(UsageError):
        canonical(kind, wrong)
