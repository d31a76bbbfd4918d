"""The spellings of centre.yaml: every key and fixed word in English and Chinese (docs/handoff.md explains them)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_KEYS = """
title 名称 | language 语言 | zone 时区 | queues 队列 | defaults 队列默认 | agents 坐席 | capacity 容量 | mixed 混接
missed 漏接 | again 再派间隔 | briefing 看资料 | bridge 接通 | agent_grace 坐席掉线 | line_grace 客户掉线
hold 最长保持 | consult 最长咨询 | priority_step 一分抵 | tries 最多改派 | dispositions 小结 | phrases 常用语
breaks 小休原因 | tell_listening 监听提示 | rules 提示规则 | demands 主动转接 | levels 级别名
skills 技能 | level 级别 | escalate 升级到 | priority 优先 | hours 时段 | open 营业 | except 例外 | strategy 分配
most 最多排队 | wait 最长等待 | ring 振铃 | sticky 等原坐席 | wrap_up 话后处理 | announce 播报间隔 | target 接起目标
fallback 没人接 | closed 下班 | due 工单时限 | callback 回电时限 | form 表单 | area 归属字段 | queue 队列名
type 类型 | required 必填 | choices 选项 | name 姓名 | role 角色 | areas 归属 | voice 电话 | text 文字
opening 报工号 | number 工号
words 词 | missing 缺 | anger 怒气 | silence 冷场 | by 谁说 | within 时限 | say 内容 | alarm 轻重
no_match 没听懂 | variable 变量 | values 取值
"""
_WORDS = """
longest_idle 空闲最久 | best_skill 技能最好 | callback 回电 | voicemail 留言 | ticket 工单 | bot 机器人
agent 坐席 | caller 客户 | any 谁都行 | info 一般 | warn 注意 | alert 紧急 | supervisor 班长 | designer 设计师
admin 管理员 | choice 单选 | text 文本
"""


def _pairs(table: str) -> Mapping[str, str]:
    cells = [cell.split() for line in table.strip().splitlines() for cell in line.split("|")]
    return MappingProxyType({cell[0]: cell[1] for cell in cells})


CHINESE: Final = _pairs(_KEYS)
"""English key → Chinese key."""
ENGLISH: Final[Mapping[str, str]] = MappingProxyType({zh: en for en, zh in CHINESE.items()})
CHINESE_WORDS: Final = _pairs(_WORDS)
ENGLISH_WORDS: Final[Mapping[str, str]] = MappingProxyType({zh: en for en, zh in CHINESE_WORDS.items()})
