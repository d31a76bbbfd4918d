"""The spellings of the flow language: every key and fixed word in English and Chinese. The single source of both."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

_KEYS = """
bot 机器人 | title 名称 | language 语言 | languages 其他语言 | voice 声音 | start 开始 | direction 方向
variables 变量 | type 类型 | given 已知 | private 隐私 | default 默认 | example 示例 | defaults 默认设置
silence 沉默 | unclear 没听懂 | barge_in 打断 | confidence 置信度 | max_length 最长时间 | max_turns 最多轮数
words_within 出字时限 | text_patience 文字耐心 | human_within 人工时限 | switch_language 换语言 | patterns 兜底
error 出错 | too_long 太久 | machine 非真人 | not_answered 未接 | actions 动作 | flow 流程 | ending 默认结局
steps 步骤 | anytime 随时 | endings 结局 | needs 需要 | set 设 | send 发送 | say 说 | audio 录音 | must_hear 必须听完
replays 重播 | ask 问 | collect 收集 | prompt 提示 | answers 回答 | one_of 可选 | values 取值 | unit 单位
otherwise 不在其中 | spoken 说法 | confirm 确认 | below 低于 | valid 校验 | when 当 | ask_before_filling 必问
dtmf 按键 | digits 位数 | terminator 结束键 | inter_digit 键间隔 | keys 键 | do 执行 | args 参数 | timeout 超时
late 等待中 | failed 失败 | if 如果 | else 否则 | call 调用 | go 去 | link 转到 | end 结束 | handoff 转人工
then 然后 | times 次数 | after 之后 | knowledge 知识 | label 意向 | result 结果 | text 文字 | kind 方式
words 字数 | protected 保护 | sms 短信 | wechat 微信 | email 邮件 | intents 意图 | examples 例句 | lists 词表
out_of_scope 范围外 | base 知识库 | threshold 门槛 | items 条目 | question 问题 | variants 问法 | answer 答案
from 生效 | until 失效 | related 相关 | follow_ups 追问 | compose 归纳
any_of 任选 | hotwords 热词 | breath 一口气
hold 等候 | resume 接着说 | skip 可跳过 | cannot_skip 不能跳过 | local 局部 | with 带入 | keep 带回
long_answer 长回答 | go_on 接着听 | queued 排队 | experiments 实验 | hours 时段 | open 营业 | except 例外
clarify 澄清 | margin 差距 | titles 叫法 | pronounce 读音
after_beep 提示音后 | within 最多等 | quiet 安静
satisfaction 满意度调查 | human_only 仅人工
forms 表单 | fields 字段 | required 必填 | reasons 原因
"""

_WORDS = """
true 是 | false 否 | inbound 呼入 | outbound 呼出 | off 不可 | speech 出声 | words 字数 | hotword 热词
dtmf 按键 | back 返回 | stay 等待 | next 继续 | text 文本 | yes_no 是否 | integer 整数 | number 数字
percent 百分比 | money 金额 | date 日期 | time 时间 | datetime 日期时间 | period 时段 | duration 时长 | quantity 数量
phone 电话 | digits 数码 | spelled 字母数字 | id_number 证件号 | bank_card 银行卡 | plate 车牌 | name 姓名
address 地址 | email 邮箱 | success 成功 | declined 拒绝
no_input 无应答 | no_match 没听懂 | opt_out 别再打 | callback 回电 | handoff 转人工 | wrong_person 非本人
machine 非真人 | not_answered 未接通 | too_long 超时 | error 出错 | completed 已完成
ask 询问 | auto 自动 | closed 休息
requested 客户要求 | anger 情绪激动 | script 话术转接 | high_value 重要客户 | rule 转接规则 | supervisor 班长调入
transfer 同事转来 | nps 推荐度 | csat 满意度
"""


def _pairs(table: str) -> Mapping[str, str]:
    cells = [cell.split() for line in table.strip().splitlines() for cell in line.split("|")]
    return MappingProxyType({cell[0]: cell[1] for cell in cells})


CHINESE: Final[Mapping[str, str]] = _pairs(_KEYS)
"""English key → Chinese key."""
ENGLISH: Final[Mapping[str, str]] = MappingProxyType({zh: en for en, zh in CHINESE.items()})
"""Chinese key → English key."""
CHINESE_WORDS: Final[Mapping[str, str]] = _pairs(_WORDS)
"""English fixed value (a type, a direction, a move, a result) → its Chinese spelling. Either may stand in any file."""
ENGLISH_WORDS: Final[Mapping[str, str]] = MappingProxyType({zh: en for en, zh in CHINESE_WORDS.items()})

ANSWERED_BY: Final[Mapping[str, str]] = MappingProxyType(
    {
        "human": "真人",
        "voicemail": "语音信箱",
        "ivr": "语音导航",
        "announcement": "提示音",
        "fax": "传真",
        "uncertain": "不确定",
    }
)
"""Who answers a call, English word → Chinese word."""
CAUSES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "no_answer": "无人接听",
        "busy": "占线",
        "rejected": "拒接",
        "unreachable": "无法接通",
        "invalid_number": "空号",
        "powered_off": "关机",
        "suspended": "停机",
        "failed": "失败",
    }
)
"""What an announcement says, likewise."""

BUILT_IN_ENDINGS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "completed": "已完成",
        "no_input": "无应答",
        "no_match": "没听懂",
        "error": "出错",
        "too_long": "超时",
        "machine": "非真人",
        "not_answered": "未接通",
        "handoff": "转人工",
    }
)
"""Endings every bot has: English name → Chinese name. Defining one redefines both."""
