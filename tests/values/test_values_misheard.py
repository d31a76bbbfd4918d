"""Values in what recognisers write: no punctuation, spaces between figures, 幺 and 一, dialect, homophones."""

from datetime import datetime
from decimal import Decimal

import pytest

from huashu.core.values import Scalar
from huashu.values.registry import parse

pytestmark = pytest.mark.unit

AT = datetime(2026, 2, 25, 10, 0)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("phone", "1 3 8 1 2 3 4 5 6 7 8", "13812345678"),
        ("phone", "一 三 八 一 二 三 四 五 六 七 八", "13812345678"),
        ("phone", "我手机号码是幺三八 一二三四 五六七八这个", "13812345678"),
        ("phone", "我的电话一三八幺二三四五六七八你记一下", "13812345678"),
        ("id_number", "幺 幺 零 幺 零 五 幺 九 四 九 幺 二 三 幺 零 零 二 x", "11010519491231002X"),
        ("bank_card", "卡号六二二二零二一二三四五六七八九零一二八", "6222021234567890128"),
        ("time", "明天下午二点半", "14:30"),
        ("time", "明天下午两点半吧", "14:30"),
        ("date", "改到下个星期三可以吗", "2026-03-04"),
        ("date", "廿八号", "2026-02-28"),
        ("date", "三月廿三", "2026-03-23"),
        ("integer", "廿三", 23),
        ("integer", "二百五", 250),
        ("integer", "三千六", 3600),
        ("integer", "一百零五", 105),
        ("integer", "一百五", 150),
        ("integer", "分俩期", 2),
        ("money", "大概三千六左右", Decimal(3600)),
        ("money", "两万五", Decimal(25000)),
        ("percent", "三成", Decimal(30)),
        ("percent", "一成半", Decimal(15)),
        ("percent", "三成五", Decimal(35)),
        ("percent", "百分之十五吧", Decimal(15)),
        ("percent", "不成", None),
        ("duration", "仨月", "P3M"),
        ("duration", "俩小时", "PT2H"),
        ("quantity", "俩箱", "2 箱"),
        ("number", "三分之一", None),
        ("number", "五分之一", Decimal("0.2")),
        ("plate", "苏e一二三四五", "苏E12345"),
        ("plate", "晚a八八八八八", "皖A88888"),
    ],
)
def test_chinese(kind: str, text: str, value: Scalar) -> None:
    matches = parse(kind, text, language="zh-CN", at=AT, unit="期" if kind == "integer" else None)
    assert (matches[0].value if matches else None) == value


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("phone", "two one two triple five o one o o", "2125550100"),
        ("phone", "it is 2 1 2 5 5 5 0 1 0 0 thank you", "2125550100"),
        ("time", "seventeen oh four", "17:04"),
        ("time", "fifteen hundred hours", "15:00"),
        ("money", "twelve fifty dollars", Decimal("12.5")),
        ("date", "march eighth twenty twenty six", "2026-03-08"),
        ("spelled", "a as in apple b as in boy one two", "AB12"),
        ("email", "john smith at g mail dot com", "johnsmith@gmail.com"),
        ("name", "yeah my name is john smith", "John Smith"),
        ("bank_card", "4111 1111 1111 1111", "4111111111111111"),
    ],
)
def test_english(kind: str, text: str, value: Scalar) -> None:
    matches = parse(kind, text, language="en-US", at=AT)
    assert (matches[0].value if matches else None) == value
