"""centre.yaml: what it says, and what is said of what is wrong in it."""

import re
from pathlib import Path

import pytest

from huashu.core.errors import ScriptError
from huashu.handoff.keys import CHINESE, ENGLISH
from huashu.handoff.loading import load_plan, read_plan
from huashu.handoff.plan import Demand, Fallback, Profile, Rule
from huashu.handoff.sheet import CENTRE, QUEUE
from huashu.handoff.views import Field
from huashu.handoff.wording import break_reasons

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parents[2]
ZH = """
名称: 客服中心
时区: Asia/Shanghai
队列默认: {振铃: 15s, 没人接: 工单}
队列:
  信用卡:
    技能: {信用卡: 2}
    升级到: 信用卡专家
    时段: {营业: [周一至周五 9:00-18:00], 例外: {2026-10-01 至 2026-10-07: 休息}}
    分配: 技能最好
    最多排队: 50
    最长等待: 2m
    没人接: [{队列名: 普通客服}, 回电, 工单]
    下班: 留言
    表单:
      诉求: {类型: 文本, 必填: 是}
      产品: {选项: [分期, 取现]}
      金额: 金额
    归属字段: 产品
    小结: [已解决, 未解决]
    常用语: {开场: 您好，很高兴为您服务。}
  信用卡专家: {级别: 3, 技能: [信用卡]}
  普通客服:
坐席:
  zhang: {姓名: 张三, 队列: [信用卡, 普通客服], 技能: {信用卡: 3}, 容量: {文字: 5}, 归属: [分期]}
提示规则:
  禁语: {词: [保证, 肯定能], 内容: 不能承诺结果, 轻重: 紧急}
  手续费: {缺: [手续费], 时限: 90s, 队列: [信用卡]}
  安抚: {怒气: 0.7}
  冷场: {冷场: 20s}
主动转接:
  骂人: {怒气: 0.9, 队列名: 信用卡}
  金卡: {变量: 等级, 取值: [金卡, 白金], 优先: 5}
混接: 否
漏接: 2
"""


def test_what_it_says() -> None:
    plan = read_plan(ZH.encode())
    queue = plan.queue("信用卡")
    assert (queue.skills, queue.escalate, queue.strategy, queue.capacity) == (
        (("信用卡", 2),), "信用卡专家", "best_skill", 50,
    )  # fmt: skip
    assert (queue.wait, queue.ring) == (120.0, 15.0)
    assert queue.fallback == (Fallback("queue", "普通客服"), Fallback("callback"), Fallback("ticket"))
    assert queue.closed == (Fallback("voicemail"),)
    assert queue.form == (
        Field("诉求", "诉求", "text", True),
        Field("产品", "产品", "choice", False, ("分期", "取现")),
        Field("金额", "金额", "money"),
    )
    assert queue.hours is not None
    assert plan.queue("信用卡专家").level == 3
    assert plan.queue("普通客服").fallback == (Fallback("ticket"),)
    assert plan.queue("没写过的").ring == 15.0
    assert plan.agents["zhang"] == Profile(
        "zhang",
        "张三",
        queues=("信用卡", "普通客服"),
        skills={"信用卡": 3},
        capacity={"voice": 1, "text": 5},
        areas=("分期",),
    )
    assert plan.rules[0] == Rule("禁语", "words", ("保证", "肯定能"), say="不能承诺结果", level="alert")
    assert (plan.rules[1].within, plan.rules[1].queues) == (90.0, ("信用卡",))
    assert (plan.rules[2].above, plan.rules[3].within) == (0.7, 20.0)
    assert plan.demands[0] == Demand("骂人", "anger", "信用卡", 0.9)
    assert plan.demands[1].values == ("金卡", "白金")
    assert (plan.mixed, plan.missed) == (False, 2)


@pytest.mark.parametrize(
    ("text", "breaks"),
    [
        ("队列: {a: }", ("小休", "用餐", "培训", "会议")),
        ("语言: en\n队列: {a: }", ("Break", "Lunch", "Training", "Meeting")),
        ("小休原因: [午餐, 晨会]\n队列: {a: }", ("午餐", "晨会")),
    ],
)
def test_what_a_break_is_for_is_the_centre_s_to_say(text: str, breaks: tuple[str, ...]) -> None:
    plan = read_plan(text.encode())
    assert break_reasons(plan.breaks, plan.language) == breaks


def test_english_spelling() -> None:
    plan = read_plan(
        b"zone: Europe/London\nqueues:\n  cards: {wait: 90s, fallback: [callback], hours: Mon-Fri 9:00-17:00}\n"
    )
    assert plan.queue("cards").fallback == (Fallback("callback"),)
    assert plan.zone == "Europe/London"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("队列:\n  信用卡: {最长等侯: 2m}\n", "centre.yaml:2:9: 不认识“最长等侯” (是不是“最长等待”？)"),
        ("队列:\n  信用卡: {振铃: 很久}\n", "振铃：这里应是时长"),
        ("队列:\n  信用卡:\n    升级到: 专家\n  信用卡专家:\n", "3:10: 升级到：不能是“专家” (是不是“信用卡专家”？)"),
        ("队列:\n  信用卡: {没人接: [{队列名: 别处}]}\n", "队列名：不能是“别处”"),
        ("队列:\n  信用卡: {时段: 周一到周八 9:00-18:00}\n", "看不懂时段"),
        ("队列:\n  信用卡: {分配: 最快}\n", "(可用：空闲最久, 技能最好)"),
        ("队列:\n  信用卡: {表单: {产品: {类型: 单选}}}\n", "缺少“选项”"),
        ("队列:\n  信用卡: {归属字段: 产品}\n", "归属字段：不能是“产品”"),
        ("队列:\n  信用卡: {表单: {手机: 手机号}}\n", "可用：文本, 是否, 整数"),
        ("名称: 中心\n", "缺少“队列”"),
        ("队列:\n  信用卡:\n  信用卡:\n", "“信用卡”在第 2 行已经写过"),
        ("队列:\n  信用卡:\n提示规则:\n  禁语: {内容: 别说}\n", "缺少“词 | 缺 | 怒气 | 冷场 | 最长保持”"),
        ("队列:\n  信用卡:\n主动转接:\n  骂人: {怒气: 0.9}\n", "缺少“队列名”"),
        ("队列:\n  信用卡:\n主动转接:\n  骂人: {怒气: 9, 队列名: 信用卡}\n", "9 不在 0 到 1 之间"),
        ("队列:\n  信用卡:\n时区: 北京\n", "时区：不能是“北京”"),
        ("队列：\n  信用卡:\n", "后面是中文冒号"),
        ("队列:\n  信用卡:\nagents: {}\n", "一个文件只用一种写法"),
        ("queues:\n  cards: {wait: long}\n", "centre.yaml:2:17: wait: this should be a duration"),
        ("queues:\n  cards: {escalate: cards}\n", "'cards' is not possible here"),
        ("- 队列\n", "最外层应是"),
        ("语言: 中文\n队列:\n  信用卡:\n", "语言：这里应是语言标记，例如 zh-CN、en-US，现在是“中文”"),
        ("队列:\n  信用卡: {振铃: 0s}\n", "振铃：0s 不在 1s 到 300s 之间"),
        ("队列:\n  信用卡: {最长等待: 3天}\n", "最长等待：3天 不在 1s 到 86400s 之间"),
        ("队列:\n  甲: {没人接: [{队列名: 甲}]}\n  乙:\n", "队列名：不能是“甲” (可用：乙)"),
        ("队列:\n  甲: {升级到: 乙}\n  乙: {升级到: 甲}\n  丙:\n", "2:12: 升级到：不能是“乙” (可用：丙)"),
        ("队列:\n  甲:\n主动转接:\n  骂人: {怒气: 0.9, 词: [x], 队列名: 甲}\n", "这里只能写其中一样：怒气, 词"),
    ],
)
def test_what_is_wrong_is_told_with_its_place_and_what_would_be_right(text: str, told: str) -> None:
    with pytest.raises(ScriptError) as error:
        read_plan(text.encode())
    assert told in str(error.value), str(error.value)


def test_days_and_what_an_agent_leaves_out() -> None:
    plan = read_plan("队列:\n  甲: {工单时限: 3天}\n容量: {文字: 5}\n坐席:\n  z: {容量: {电话: 0}}\n  y:\n".encode())
    assert plan.queue("甲").due == 3 * 86_400.0
    assert plan.capacity == {"voice": 1, "text": 5}
    assert plan.agents["z"].capacity == {"voice": 0, "text": 5}
    assert plan.agents["y"].capacity == {}, "the centre's"


def test_every_mistake_is_told_at_once() -> None:
    with pytest.raises(ScriptError) as error:
        read_plan("队列:\n  信用卡: {振铃: 很久, 最长等待: 一会儿}\n漏接: 很多\n".encode())
    assert len(str(error.value).splitlines()) == 3


def test_files_and_folders(tmp_path: Path) -> None:
    (tmp_path / "centre.yaml").write_text(ZH, encoding="utf-8")
    assert load_plan(tmp_path) == load_plan(tmp_path / "centre.yaml")
    with pytest.raises(ScriptError, match="cannot be read"):
        load_plan(tmp_path / "other.yaml")


def test_every_key_has_both_spellings_and_is_in_the_manual() -> None:
    used = set(CENTRE.fields) | set(QUEUE)
    assert used <= set(CHINESE)
    assert len(ENGLISH) == len(CHINESE)
    manual = (ROOT / "docs" / "handoff.md").read_text(encoding="utf-8")
    lacking = [key for key, chinese in CHINESE.items() if not re.search(rf"`{key}`\s+`{re.escape(chinese)}`", manual)]
    assert not lacking, f"docs/handoff.md does not explain {', '.join(lacking)}"


def test_the_examples_of_the_manual_are_read() -> None:
    manual = (ROOT / "docs" / "handoff.md").read_text(encoding="utf-8")
    examples = re.findall(r"```yaml\n# centre\.yaml\n(.*?)```", manual, re.DOTALL)
    assert examples
    for example in examples:
        assert read_plan(example.encode()).queues
