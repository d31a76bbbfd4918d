"""Placeholders in spoken text."""

import pytest

from huashu.flows.script import Reference
from huashu.flows.templates import TemplateError, parse_template

pytestmark = pytest.mark.engine


def test_pieces_in_order() -> None:
    name = Reference("姓名")
    assert parse_template("您好") == ("您好",)
    assert parse_template("【姓名】您好，{{ 姓名 }}！") == (name, "您好，", name, "！")
    assert parse_template("【姓名】【姓名】") == (name, name)
    assert parse_template("单个 { 和 } 就是自己") == ("单个 { 和 } 就是自己",)


@pytest.mark.parametrize(
    ("text", "offset", "reason"),
    [
        ("您好【姓名", 2, "close"),
        ("您好{{姓名}", 2, "close"),
        ("您好】", 2, "open"),
        ("您好}}", 2, "open"),
        ("您好【】", 2, "name"),
        ("您好【1期】", 2, "name"),
        ("【姓名.上】", 0, "name"),
        ("长" * 2001, 2000, "length"),
    ],
)
def test_slips_say_where(text: str, offset: int, reason: str) -> None:
    with pytest.raises(TemplateError) as error:
        parse_template(text)
    assert (error.value.offset, error.value.reason) == (offset, reason)
