"""What stands masked on a desk's screen: enough to recognise, too little to use."""

import pytest

from huashu.handoff.masking import masked, masked_words

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("phone", "13812345678", "138••••5678"),
        ("id_number", "11010519491231002X", "••••••••••••••002X"),
        ("bank_card", "6222020200112233", "••••••••••••2233"),
        ("name", "张三丰", "张••"),
        ("name", "张", "张•"),
        ("address", "北京市海淀区中关村大街1号", "北京市海淀区•••"),
        ("email", "zhang@example.com", "z•••@example.com"),
        ("plate", "京A12345", "京A••••5"),
        ("text", "口令", "••"),
        ("phone", "110", "•••"),
        ("phone", "", ""),
        ("money", None, ""),
    ],
)
def test_values_by_type(kind: str, value: str | None, shown: str) -> None:
    assert masked(kind, value) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("我的卡号是6222 0202 0011 2233，谢谢", "我的卡号是••••33，谢谢"),
        ("幺三八零零幺三八零零零", "••••零零"),
        ("身份证11010519491231002X", "身份证••••2X"),
        ("分12期，每期500块", "分12期，每期500块"),
        ("2026年5月1日", "2026年5月1日"),
        ("", ""),
    ],
)
def test_long_numbers_in_words(text: str, shown: str) -> None:
    assert masked_words(text) == shown
