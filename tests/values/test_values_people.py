"""Names, addresses, e-mail addresses: the value without the sentence around it."""

from datetime import datetime

import pytest

from huashu.core.values import Scalar
from huashu.values.registry import Prefix, canonical, parse, prefix, read_aloud

pytestmark = pytest.mark.unit

AT = datetime(2026, 2, 25, 10, 0)
NONE, PROPER, COMPLETE, FULL = Prefix.NONE, Prefix.PROPER, Prefix.COMPLETE, Prefix.FULL


def best(kind: str, text: str, language: str = "zh-CN", unit: str | None = None) -> Scalar:
    matches = parse(kind, text, language=language, at=AT, unit=unit)
    return matches[0].value if matches else None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("我叫张伟", "张伟"),
        ("张伟", "张伟"),
        ("张 伟", "张伟"),
        ("嗯，张伟吧", "张伟"),
        ("我叫张伟想查一下账单", "张伟"),
        ("我是欧阳娜娜", "欧阳娜娜"),
        ("名字是司马懿的", "司马懿"),
        ("联系人李建国", "李建国"),
        ("免贵姓王", "王"),
        ("我姓李", "李"),
        ("张先生", "张先生"),
        ("我是王经理", "王经理"),
        ("小张", "小张"),
        ("张伟先生", "张伟"),
        ("阿布都·热合曼", "阿布都·热合曼"),
        ("张伟，立早章", "章伟"),
        ("我叫章伟，弓长张，伟大的伟", "张伟"),
        ("是的", None),
        ("明白", None),
        ("我是他儿子", None),
        ("我是本人", None),
        ("我不知道", None),
        ("今天天气怎么样", None),
    ],
)
def test_chinese_names(text: str, value: str | None) -> None:
    assert best("name", text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("my name is John Smith", "John Smith"),
        ("it's Smith, John", "John Smith"),
        ("john smith", "John Smith"),
        ("J O H N", "John"),
        ("my name is john smith s m i t h", "John Smith"),
        ("Mr. Smith", "Mr Smith"),
        ("this is Anna O'Brien calling about my card", "Anna O'Brien"),
        ("first name John last name Smith", "John Smith"),
        ("last name Miller", "Miller"),
        ("it's mary-jane watson", "Mary-Jane Watson"),
        ("i'm not sure", None),
        ("i'm calling about a loan", None),
        ("hello", None),
        ("yes", None),
    ],
)
def test_english_names(text: str, value: str | None) -> None:
    assert best("name", text, "en-US") == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("浙江省杭州市西湖区文三路10号", "浙江省杭州市西湖区文三路10号"),
        ("杭州西湖区文三路十号", "浙江省杭州市西湖区文三路10号"),
        ("杭州西湖文三路", "浙江省杭州市西湖区文三路"),
        ("我住在北京市朝阳区建国路八十八号院三号楼二单元五零一", "北京市朝阳区建国路88号院3号楼2单元501"),
        ("寄到广东省深圳市南山区科技园南路十五号谢谢", "广东省深圳市南山区科技园南路15号"),
        ("西安雁塔区小寨东路一号 三幢 幺二零二室", "陕西省西安市雁塔区小寨东路1号3幢1202室"),
        ("新疆乌鲁木齐天山区", "新疆维吾尔自治区乌鲁木齐市天山区"),
        ("恩施州", "湖北省恩施土家族苗族自治州"),
        ("吉林市", "吉林省吉林市"),
        ("仙桃市", "湖北省仙桃市"),
        ("鼓楼区中山路一百零一号", "鼓楼区中山路101号"),
        ("地址是文三路十号", "文三路10号"),
        ("我想查一下账单", None),
        ("今天天气怎么样", None),
    ],
)
def test_chinese_addresses(text: str, value: str | None) -> None:
    assert best("address", text) == value


def test_an_address_goes_no_further_than_it_was_asked_for() -> None:
    assert best("address", "我在杭州西湖区文三路十号", unit="市") == "浙江省杭州市"
    assert best("address", "我在杭州西湖区文三路十号", unit="区") == "浙江省杭州市西湖区"
    assert prefix("address", "杭州", language="zh-CN", unit="市") is FULL


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("123 Main Street, Springfield, Illinois 62704", "123 Main Street, Springfield, Illinois 62704"),
        (
            "one twenty three main street apartment four springfield illinois six two seven oh four",
            "123 Main Street, Apartment 4, Springfield, Illinois 62704",
        ),
        ("I live at 10 Downing Street, London", "10 Downing Street, London"),
        ("2788 San Tomas Expy, Santa Clara, CA 95051", "2788 San Tomas Expressway, Santa Clara, California 95051"),
        ("how do I get to the street", None),
    ],
)
def test_english_addresses(text: str, value: str | None) -> None:
    assert best("address", text, "en-US") == value


@pytest.mark.parametrize(
    ("text", "language", "value"),
    [
        ("zhangsan at 163 点 com", "zh-CN", "zhangsan@163.com"),
        ("张三 at 163 点 com", "zh-CN", "zhangsan@163.com"),
        ("我的邮箱是z h a n g 艾特 q q 点 com", "zh-CN", "zhang@qq.com"),
        ("张伟八八八艾特幺六三点康姆", "zh-CN", "zhangwei888@163.com"),
        ("李娜下划线八八 at gmail 点 com 谢谢", "zh-CN", "lina_88@gmail.com"),
        ("q q 邮箱 一二三四五六七", "zh-CN", "1234567@qq.com"),
        ("zhang at qq dot com", "en-US", "zhang@qq.com"),
        ("my email is john dot smith at gmail dot com", "en-US", "john.smith@gmail.com"),
        ("j o h n underscore one two at yahoo dot co dot uk", "en-US", "john_12@yahoo.co.uk"),
        ("it's john smith all one word at hotmail dot com", "en-US", "johnsmith@hotmail.com"),
        ("send it to Anna.Lee@Example.com please", "en-US", "anna.lee@example.com"),
        ("I'll be there at ten", "en-US", None),
        ("我没有邮箱", "zh-CN", None),
    ],
)
def test_emails(text: str, language: str, value: str | None) -> None:
    assert best("email", text, language) == value


@pytest.mark.parametrize(
    ("kind", "text", "language", "expected"),
    [
        ("name", "我叫", "zh-CN", PROPER),
        ("name", "my name is", "en-US", PROPER),
        ("name", "张伟", "zh-CN", COMPLETE),
        ("address", "浙江省杭州市", "zh-CN", PROPER),
        ("address", "杭州西湖区文三路", "zh-CN", PROPER),
        ("address", "杭州西湖区文三路十号", "zh-CN", COMPLETE),
        ("address", "123 Main", "en-US", PROPER),
        ("email", "我的邮箱是", "zh-CN", PROPER),
        ("email", "z h a n g 艾特", "zh-CN", PROPER),
        ("email", "zhang at qq dot com", "en-US", FULL),
    ],
)
def test_what_is_still_being_said(kind: str, text: str, language: str, expected: Prefix) -> None:
    assert prefix(kind, text, language=language) is expected


def test_canonical_forms_and_reading() -> None:
    assert canonical("address", "杭州西湖区文三路十号") == "浙江省杭州市西湖区文三路10号"
    assert canonical("email", "Zhang@QQ.com") == "zhang@qq.com"
    assert read_aloud("email", "li_88@qq.com", language="zh-CN") == "l i 下划线 八 八 艾特 q q 点 com"
    assert read_aloud("address", "浙江省杭州市西湖区文三路10号", language="zh-CN") == "浙江省杭州市西湖区文三路十号"


@pytest.mark.parametrize(
    "text",
    ["call me later", "give me five", "that is too expensive", "speak up please", "it's broken", "this is ridiculous",
     "i'm moving to new york", "second thoughts", "hold on a second"],
)  # fmt: skip
def test_what_people_say_instead_of_their_name(text: str) -> None:
    assert best("name", text, "en-US") is None


def test_a_name_that_is_also_a_word() -> None:
    assert best("name", "my name is Will Smith", "en-US") == "Will Smith"
