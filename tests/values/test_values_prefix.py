"""The endpointer's question: may the caller still be in the middle of a value?"""

import pytest

from huashu.values.registry import Prefix, prefix

pytestmark = pytest.mark.unit

NONE, PROPER, COMPLETE, FULL = Prefix.NONE, Prefix.PROPER, Prefix.COMPLETE, Prefix.FULL


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("phone", "", PROPER),
        ("phone", "嗯", PROPER),
        ("phone", "一三八", PROPER),
        ("phone", "嗯 一三八，一二三四", PROPER),
        ("phone", "我的手机号是一三八", PROPER),
        ("phone", "13812345678", FULL),
        ("phone", "幺三八，一二三四，五六七八", FULL),
        ("phone", "一三八一二三四五六七八九", NONE),
        ("phone", "0755888866", PROPER),
        ("phone", "07558888666", COMPLETE),
        ("phone", "075588886666", FULL),
        ("phone", "你好", NONE),
        ("integer", "三", COMPLETE),
        ("integer", "三百", COMPLETE),
        ("integer", "三百二十", COMPLETE),
        ("integer", "三百零", PROPER),
        ("integer", "嗯那个三百", COMPLETE),
        ("integer", "三百吧", FULL),
        ("integer", "我想想", PROPER),
        ("integer", "什么", NONE),
        ("money", "三百", COMPLETE),
        ("money", "三块五", COMPLETE),
        ("money", "一百二十三元四角五分", FULL),
        ("percent", "百分之", PROPER),
        ("percent", "百分之十五", COMPLETE),
        ("date", "下个月", PROPER),
        ("date", "下个月十五", COMPLETE),
        ("date", "下个月十五号", FULL),
        ("date", "下个月十五号前", FULL),
        ("date", "明天", FULL),
        ("date", "三月", PROPER),
        ("date", "改到下周", PROPER),
        ("date", "改到下周三", FULL),
        ("time", "下午", PROPER),
        ("time", "下午三点", COMPLETE),
        ("time", "下午三点半", FULL),
        ("time", "差五分", PROPER),
        ("yes_no", "对", FULL),
        ("yes_no", "好的", FULL),
        ("yes_no", "可", PROPER),
        ("yes_no", "没", COMPLETE),
        ("yes_no", "不用了谢谢", FULL),
        ("yes_no", "多少钱", NONE),
        ("digits", "一二三", COMPLETE),
        ("text", "张伟", COMPLETE),
    ],
)
def test_chinese(kind: str, text: str, expected: Prefix) -> None:
    assert prefix(kind, text, language="zh-CN") is expected


@pytest.mark.parametrize(
    ("kind", "text", "expected"),
    [
        ("phone", "two one two", PROPER),
        ("phone", "my number is two one two", PROPER),
        ("phone", "two one two five five five oh one double", PROPER),
        ("phone", "two one two five five five oh one double zero", FULL),
        ("integer", "three hundred", COMPLETE),
        ("integer", "three hundred and", PROPER),
        ("integer", "um, it's three", COMPLETE),
        ("integer", "hello", NONE),
        ("date", "next", PROPER),
        ("date", "next Tuesday", FULL),
        ("date", "it's the", PROPER),
        ("date", "March", PROPER),
        ("date", "March eighth", COMPLETE),
        ("date", "March eighth twenty twenty-six", FULL),
        ("time", "half past", PROPER),
        ("time", "half past three", COMPLETE),
        ("time", "half past three pm", FULL),
        ("money", "twelve dollars", COMPLETE),
        ("money", "twelve dollars and", PROPER),
        ("money", "twelve dollars and fifty cents", FULL),
        ("yes_no", "yes", FULL),
        ("yes_no", "nope", FULL),
        ("yes_no", "maybe later", NONE),
    ],
)
def test_english(kind: str, text: str, expected: Prefix) -> None:
    assert prefix(kind, text, language="en-US") is expected


def test_the_counter_word_closes_a_number() -> None:
    assert prefix("integer", "我想分六", language="zh-CN", unit="期") is COMPLETE
    assert prefix("integer", "我想分六期", language="zh-CN", unit="期") is FULL
    assert prefix("integer", "嗯六期谢谢", language="zh-CN", unit="期") is FULL
    assert prefix("integer", "我想分期", language="zh-CN", unit="期") is NONE
    assert prefix("integer", "three nights", language="en-US", unit="nights") is FULL


def test_a_stated_length_closes_digits() -> None:
    assert prefix("digits", "一二三", language="zh-CN", unit="6位") is PROPER
    assert prefix("digits", "一二三四五六", language="zh-CN", unit="6位") is FULL
    assert prefix("digits", "one two three", language="en-US", unit="6 digits") is PROPER


@pytest.mark.parametrize("number", ["13812345678", "01088886666", "+442079460958"])
def test_every_beginning_of_a_phone_number_waits_and_the_whole_one_does_not(number: str) -> None:
    for length in range(1, len(number)):
        assert prefix("phone", number[:length], language="zh-CN") in (PROPER, COMPLETE)
    assert prefix("phone", number, language="zh-CN") in (COMPLETE, FULL)
