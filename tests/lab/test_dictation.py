"""A whole intake form by voice and keypad: what callers dictate reaches the slots, checked and in canonical form."""

from pathlib import Path

import pytest

from huashu.lab.runner import run_tests

pytestmark = pytest.mark.engine

BOT = """\
bot: intake
language: zh-CN
variables:
  姓名: name
  证件: id_number
  卡号: bank_card
  车牌号: plate
  住址: address
  时间段: period
  邮箱号: email
defaults:
  silence: [{after: 5s, say: 您好？}, {after: 5s, end: no_input}]
  unclear: [{say: 请再说一遍。}, {end: no_match}]
"""
FLOW = """\
flow: 登记
steps:
- 名: {collect: 姓名, prompt: 请问您贵姓？}
- 证: {collect: 证件, prompt: 请报身份证号。}
- 卡: {collect: 卡号, prompt: 请报卡号。}
- 车: {collect: 车牌号, prompt: 车牌号是多少？}
- 住: {collect: 住址, prompt: 您的地址是？}
- 时: {collect: 时间段, prompt: 什么时间方便？}
- 箱: {collect: 邮箱号, prompt: 邮箱是？}
- 完: {say: 好的【姓名】，【车牌号】，【住址】，【时间段】，【邮箱号】。}
"""
CALL = """\
test: 登记
turns:
- bot: 贵姓
- caller: 免贵姓王
- bot: 身份证
- caller: 幺幺零幺零五幺九四九幺二三幺零零二
- bot: 再说一遍
- dtmf: "11010519491231002*"
- bot: 卡号
- dtmf: "6222021234567890128#"
- bot: 车牌
- caller: 经a一二三四五
- bot: 地址
- caller: 我住在杭州西湖区文三路十号
- bot: 什么时间
- caller: 下周三下午吧
- bot: 邮箱
- caller: 张三艾特一六三点com
- bot: 好的王
- expect:
    slots:
      姓名: 王
      证件: 11010519491231002X
      卡号: "6222021234567890128"
      车牌号: 京A12345
      住址: 浙江省杭州市西湖区文三路10号
      邮箱号: zhangsan@163.com
"""


def test_an_intake_form_is_dictated(tmp_path: Path) -> None:
    for name, text in (("bot.yaml", BOT), ("flows/a.yaml", FLOW), ("tests/a.yaml", CALL)):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    report = run_tests(tmp_path)
    assert report.ok, "\n".join(report.lines())
