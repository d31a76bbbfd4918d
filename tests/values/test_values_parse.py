"""What people say and type, and the value it is."""

import time
from datetime import datetime
from decimal import Decimal

import pytest

from huashu.core.errors import UsageError
from huashu.core.values import Scalar
from huashu.values.registry import TYPES, parse, prefix

pytestmark = pytest.mark.unit

WEDNESDAY = datetime(2026, 2, 25, 10, 0)


def best(kind: str, text: str, language: str = "zh-CN", unit: str | None = None) -> Scalar:
    matches = parse(kind, text, language=language, at=WEDNESDAY, unit=unit)
    return matches[0].value if matches else None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两百五", 250),
        ("三万零五十", 30050),
        ("1.2万", 12000),
        ("一千二", 1200),
        ("一万二", 12000),
        ("十二", 12),
        ("一百一十", 110),
        ("一千零五", 1005),
        ("１２３", 123),
        ("12,000", 12000),
        ("壹佰贰拾叁", 123),
        ("2万5", 25000),
        ("负三", -3),
        ("一二三四", 1234),
    ],
)
def test_chinese_integers(text: str, value: int) -> None:
    assert best("integer", text) == value
    assert type(best("integer", text)) is int


@pytest.mark.parametrize(
    "text", ["七八个", "五六十", "十几个", "三百多", "等一下", "万一呢", "一点五", "周三", "好几百"]
)
def test_what_is_no_exact_integer_is_not_guessed(text: str) -> None:
    assert best("integer", text) is None


def test_the_unit_is_part_of_the_match_and_wins_over_other_numbers() -> None:
    matches = parse("integer", "三月八号开始分六期吧", language="zh-CN", at=WEDNESDAY, unit="期")
    assert (matches[0].value, matches[0].text, matches[0].start, matches[0].end) == (6, "六期", 7, 9)
    assert matches[0].confidence > matches[1].confidence
    assert best("integer", "6期", unit="期") == 6
    assert best("integer", "three nights", "en-US", "nights") == 3
    assert best("integer", "one night", "en-US", "nights") == 1


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("三期，不对，六期", "zh-CN", 6),
        ("三期，哦不，六期", "zh-CN", 6),
        ("three, no wait, six", "en-US", 6),
        ("three, I mean six", "en-US", 6),
    ],
)
def test_a_correction_wins_over_what_it_corrects(text: str, language: str, value: int) -> None:
    assert best("integer", text, language, "期") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("one thousand two hundred", 1200),
        ("twelve hundred", 1200),
        ("a dozen", 12),
        ("half a dozen", 6),
        ("twenty-five", 25),
        ("a hundred and five", 105),
        ("two thousand and nine", 2009),
        ("minus three", -3),
        ("5k", 5000),
        ("12,000", 12000),
        ("one two three", 123),
    ],
)
def test_english_integers(text: str, value: int) -> None:
    assert best("integer", text, "en-US") == value


@pytest.mark.parametrize(
    ("kind", "text", "language", "value"),
    [
        ("percent", "百分之十五", "zh-CN", "15"),
        ("percent", "百分之零点九", "zh-CN", "0.9"),
        ("percent", "15%", "zh-CN", "15"),
        ("percent", "千分之三", "zh-CN", "0.3"),
        ("percent", "百分之百", "zh-CN", "100"),
        ("percent", "一半", "zh-CN", "50"),
        ("percent", "fifteen percent", "en-US", "15"),
        ("percent", "two and a half percent", "en-US", "2.5"),
        ("number", "一点二五", "zh-CN", "1.25"),
        ("number", "三个半", "zh-CN", "3.5"),
        ("number", "three point oh five", "en-US", "3.05"),
    ],
)
def test_fractions(kind: str, text: str, language: str, value: str) -> None:
    assert best(kind, text, language) == Decimal(value)
    assert isinstance(best(kind, text, language), Decimal)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("两千块", "2000"),
        ("三块五", "3.5"),
        ("三块五毛六", "3.56"),
        ("三块零五分", "3.05"),
        ("十二块五毛", "12.5"),
        ("十二块半", "12.5"),
        ("一百二十三元四角五分", "123.45"),
        ("五毛", "0.5"),
        ("三毛五", "0.35"),
        ("12,000.00", "12000"),
        ("¥12,000.00", "12000"),
        ("１２０００元", "12000"),
        ("一万二", "12000"),
        ("1.2万元", "12000"),
        ("大概三万块钱吧", "30000"),
    ],
)
def test_chinese_money(text: str, value: str) -> None:
    assert best("money", text) == Decimal(value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("$12.50", "12.5"),
        ("twelve dollars fifty", "12.5"),
        ("twelve dollars and fifty cents", "12.5"),
        ("fifty cents", "0.5"),
        ("one thousand two hundred dollars", "1200"),
        ("1.5 million dollars", "1500000"),
    ],
)
def test_english_money(text: str, value: str) -> None:
    assert best("money", text, "en-US", "USD") == Decimal(value)


def test_another_currency_than_the_variable_s_is_hardly_believed() -> None:
    assert parse("money", "五百美元", language="zh-CN", at=WEDNESDAY)[0].confidence < 0.5
    assert parse("money", "五百美元", language="zh-CN", at=WEDNESDAY, unit="美元")[0].confidence == 1.0


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("今天", "2026-02-25"),
        ("明天", "2026-02-26"),
        ("后天", "2026-02-27"),
        ("大后天", "2026-02-28"),
        ("昨天", "2026-02-24"),
        ("下周三", "2026-03-04"),
        ("这周五", "2026-02-27"),
        ("这周一", "2026-02-23"),
        ("下下周一", "2026-03-09"),
        ("周日", "2026-03-01"),
        ("周三", "2026-02-25"),
        ("下个月十五号前", "2026-03-15"),
        ("三月八号", "2026-03-08"),
        ("一月八号", "2027-01-08"),
        ("今年一月八号", "2026-01-08"),
        ("2026年3月8日", "2026-03-08"),
        ("二零二六年三月八日", "2026-03-08"),
        ("二六年三月八号", "2026-03-08"),
        ("月底", "2026-02-28"),
        ("下个月底", "2026-03-31"),
        ("十五号", "2026-03-15"),
        ("二十八号", "2026-02-28"),
        ("三天后", "2026-02-28"),
        ("两周以后", "2026-03-11"),
        ("过一个月", "2026-03-25"),
        ("2026-03-08", "2026-03-08"),
        ("2026/3/8", "2026-03-08"),
        ("二月二十九号", "2028-02-29"),
        ("国庆节", "2026-10-01"),
    ],
)
def test_chinese_dates(text: str, value: str) -> None:
    assert best("date", text) == value


@pytest.mark.parametrize(
    "text", ["二月三十号", "农历三月八号", "三天", "十二期", "三个月", "下周", "二号线", "公元前一九九五年二月三日"]
)
def test_what_is_no_date(text: str) -> None:
    assert best("date", text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("tomorrow", "2026-02-26"),
        ("the day after tomorrow", "2026-02-27"),
        ("next Tuesday", "2026-03-03"),
        ("this Friday", "2026-02-27"),
        ("Wednesday", "2026-02-25"),
        ("Monday next week", "2026-03-02"),
        ("March 8th", "2026-03-08"),
        ("March eighth, twenty twenty-six", "2026-03-08"),
        ("the 8th of March 2026", "2026-03-08"),
        ("the 15th", "2026-03-15"),
        ("the fifteenth of next month", "2026-03-15"),
        ("in three days", "2026-02-28"),
        ("two weeks from now", "2026-03-11"),
        ("end of the month", "2026-02-28"),
        ("3/8/2026", "2026-03-08"),
    ],
)
def test_english_dates(text: str, value: str) -> None:
    assert best("date", text, "en-US") == value


def test_the_region_decides_what_comes_first_in_figures() -> None:
    assert best("date", "3/8/2026", "en-GB") == "2026-08-03"
    assert best("date", "3/8/2026", "en-US") == "2026-03-08"


@pytest.mark.parametrize(
    "text", ["I may be late", "july two thousand twelve", "February 30", "two weeks", "second thoughts"]
)
def test_what_is_no_english_date(text: str) -> None:
    assert best("date", text, "en-US") is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("下午三点半", "15:30"),
        ("两点一刻", "14:15"),
        ("差五分八点", "07:55"),
        ("差一刻九点", "08:45"),
        ("晚上八点", "20:00"),
        ("晚上十二点", "00:00"),
        ("凌晨两点", "02:00"),
        ("14:30", "14:30"),
        ("中午十二点", "12:00"),
        ("中午一点", "13:00"),
        ("早上八点四十五", "08:45"),
        ("十点零五分", "10:05"),
        ("二十二点", "22:00"),
        ("明天下午三点", "15:00"),
        ("明天一点", "13:00"),
        ("凌晨一点", "01:00"),
    ],
)
def test_chinese_times(text: str, value: str) -> None:
    assert best("time", text) == value


@pytest.mark.parametrize(
    "text", ["有一点贵", "三点五万", "百分之三点二", "第三点", "能不能快一点", "便宜一点", "早一点"]
)
def test_what_is_no_time(text: str) -> None:
    assert best("time", text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("half past three", "15:30"),
        ("quarter to five", "16:45"),
        ("3 pm", "15:00"),
        ("3pm", "15:00"),
        ("7 a.m.", "07:00"),
        ("noon", "12:00"),
        ("midnight", "00:00"),
        ("twelve oh five am", "00:05"),
        ("three thirty in the afternoon", "15:30"),
        ("ten past nine in the morning", "09:10"),
        ("five o'clock", "17:00"),
        ("14:30", "14:30"),
    ],
)
def test_english_times(text: str, value: str) -> None:
    assert best("time", text, "en-US") == value


def test_an_open_half_of_the_day_gives_both_readings() -> None:
    readings = parse("time", "三点", language="zh-CN", at=WEDNESDAY)
    assert [(reading.value, reading.text) for reading in readings] == [("15:00", "三点"), ("03:00", "三点")]
    assert readings[0].confidence < 0.8
    assert [r.value for r in parse("time", "上午三点", language="zh-CN", at=WEDNESDAY)] == ["03:00"]


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("幺三八，一二三四，五六七八", "zh-CN", "13812345678"),
        ("一三八 嗯 一二三四 五六七八", "zh-CN", "13812345678"),
        ("我的手机号是138-1234-5678", "zh-CN", "13812345678"),
        ("+86 138 1234 5678", "zh-CN", "13812345678"),
        ("幺八五洞幺拐两零柒幺玖", "zh-CN", "18501720719"),
        ("010-88886666", "zh-CN", "01088886666"),
        ("零七五五八八八八六六六六", "zh-CN", "075588886666"),
        ("+44 20 7946 0958", "zh-CN", "+442079460958"),
        ("two one two, five five five, oh one double zero", "en-US", "2125550100"),
        ("one three eight triple one two three four five six", "en-US", "13811123456"),
        ("my number is 138 1234 5678", "en-US", "13812345678"),
        ("eight hundred five five five one two one two", "en-US", "8005551212"),
        ("一三八一二", "zh-CN", None),
    ],
)
def test_phones(text: str, language: str, value: str | None) -> None:
    assert best("phone", text, language) == value


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [
        ("尾号幺七零二", None, "1702"),
        ("一二三四五六", "6位", "123456"),
        ("一二三四五", "6位", None),
        ("幺幺零幺零五 幺九九零零三零七 二三幺 x", None, "11010519900307231X"),
        ("四点", None, "4"),
    ],
)
def test_digits(text: str, unit: str | None, value: str | None) -> None:
    assert best("digits", text, unit=unit) == value


YES = (
    "对 是的 好的 行 可以 没问题 嗯 好 要 需要 同意 方便 没错 当然可以 嗯嗯好的 那行吧 对对对 是我 好啊 确认 OK "
    "那就办吧 我愿意 我是 是本人 还行 也可以"
)
NO = (
    "不是 不用 不要 不行 没有 不用了 不需要 我不需要 不方便 算了 没兴趣 暂时不需要谢谢 嗯，不用了 好的，不用了 "
    "不太方便 真的不用了 不了 没空 不可以 不同意 别了 我在开会不方便 不太想办"
)
NEITHER = (
    "不知道要不要 不好意思 对不起 可以吗 是不是骗子 好像 对方 要是 不知道 我考虑一下 有人吗 多少钱 行业 "
    "你是谁 没听清 你好 有什么优惠"
)


@pytest.mark.parametrize("text", YES.split())
def test_yes(text: str) -> None:
    assert best("yes_no", text) is True


@pytest.mark.parametrize("text", NO.split())
def test_no(text: str) -> None:
    assert best("yes_no", text) is False


@pytest.mark.parametrize("text", NEITHER.split())
def test_neither_yes_nor_no(text: str) -> None:
    assert best("yes_no", text) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", True),
        ("yeah", True),
        ("sure, go ahead", True),
        ("correct", True),
        ("no problem", True),
        ("um yes please", True),
        ("no", False),
        ("nope", False),
        ("no thanks", False),
        ("yeah no thanks", False),
        ("not really", False),
        ("I don't think so", False),
        ("yesterday", None),
        ("nothing", None),
        ("how much", None),
        ("I'm not sure", None),
        ("I don't know", None),
    ],
)
def test_yes_and_no_in_english(text: str, value: bool | None) -> None:
    assert best("yes_no", text, "en-US") is value


def test_free_text_is_the_utterance_without_its_trimmings() -> None:
    assert best("text", "嗯，张伟。") == "张伟"
    assert best("text", "um, John Smith.", "en-US") == "John Smith"
    assert best("text", "  ") is None


def test_spans_point_into_the_original_text() -> None:
    for kind, text in (
        ("money", "我要１２，０００元"),
        ("date", "改到下周三行吗"),
        ("phone", "电话是１３８１２３４５６７８"),
    ):
        for match in parse(kind, text, language="zh-CN", at=WEDNESDAY):
            assert text[match.start : match.end] == match.text


def test_an_unknown_type_or_language_is_refused_with_what_there_is() -> None:
    with pytest.raises(UsageError, match="there are: text, yes_no"):
        parse("colour", "红", language="zh-CN", at=WEDNESDAY)
    with pytest.raises(UsageError, match="not in 'fr'"):
        parse("date", "demain", language="fr", at=WEDNESDAY)
    assert parse("金额", "三块五", language="zh", at=WEDNESDAY)[0].value == Decimal("3.5")


@pytest.mark.parametrize("kind", sorted(TYPES))
@pytest.mark.parametrize("piece", ["1", "一", "1,", "十", "百分之", "嗯", "，", "1 ", "one ", "12:"])
def test_a_flood_of_text_costs_milliseconds(kind: str, piece: str) -> None:
    took = []
    for _ in range(3):  # a round of the garbage collector over the whole suite takes as long as what must not happen
        began = time.process_time()
        for language in ("zh-CN", "en-US"):
            parse(kind, piece * 2000, language=language, at=WEDNESDAY, unit="期")
            prefix(kind, piece * 2000, language=language, unit="期")
        took.append(time.process_time() - began)
        if took[-1] < 1.0:
            return
    pytest.fail(f"{min(took):.2f} s")
