"""What in a sentence is content: features with their weight in the language at large, question types, negation.

A base of twenty questions cannot know that 这个 and 可以 say nothing, or that 手续费 does: the bands here are that
prior, written by hand. Particles, pronouns and question words count next to nothing, everyday verbs and adverbs a
little, all else is content. Words for one thing (Chinese below, English in huashu.nlu.concepts) share a feature.
"""

import math
import re
from collections import Counter
from itertools import pairwise
from types import MappingProxyType
from typing import Final

from huashu.nlu import text as texts
from huashu.nlu.concepts import CONCEPTS
from huashu.nlu.stems import stem

MOST_TOKENS: Final = 120
"""Longer utterances are read to here."""
EMPTY: Final = 0.15
LIGHT: Final = 0.45
MEANING: Final = 0.8
"""Weights in the language at large; content is 1. MEANING: of a concept."""

_ZH_EMPTY: Final = (
    "怎么样什哪里吗呢的了是我你您们他她它有会能可以要个这那为啥如何请问想一下在给把和就也都让吧啊呀哦嘛嗯呃哈"
    "咱着过得地之与及或而且所但还很太咋谁某些几"
)
_ZH_LIGHT: Final = (
    "多少不没去被到上中里来看说做用办好行出成后前对时候天现从再又才只已经应该需必于点吃知道觉起进帮弄自己人家"
    "大小方法情事东西新老第每次最更因此果然等打无非总直"
)
_EN_EMPTY: Final = """
what when where how why who which is are be am do i you my your the a an to of in on for it can could would will please
this that there and or me we have has not with at by from if about so just then was were did shall may might they them
their our us he she his her its as but into any some hi hello hey ok okay
"""
_EN_LIGHT: Final = """
want need like know get go make let tell see say think use help way thing much many long time now still again able also
all here out up possible one
"""

_GROUPS: Final = """\
丢 丢失 丢了 不见了 找不到 遗失 掉了 弄丢 被偷 挂失
提额 提高 提升 增加 调高 涨额 升额 增长 上调
不能 无法 没法 不可以 不了 不让 没办法 不给 不行 用不了 没有办法
逾期 过期 晚还 没按时 超期 晚几天 迟还 忘记还 拖欠
取消 关闭 注销 关掉 停用 关了 销户 不想用 撤销 退出 解除 解约
开通 开启 激活 打开 启用 申请 办理 开户 签约
查询 查看 查 看 查到 显示 看到 了解
修改 更改 变更 更换 换 改 换成 调整 设置
付款 支付 付钱 付 买 购买 消费 购物
利息 利率 年化 息
手续费 费用 收费 价格 多少钱 服务费 费率 扣费 年费
提前 早还 提早 先还
还款 还钱 还清 还上 结清 还了 还完 归还
借钱 借款 贷款 借 贷
额度 限额 上限
账单 帐单 账 帐 对账单 明细 流水
到账 到帐 收到 入账 收款
转账 转帐 汇款 转钱 转到 转入 转出 打款
提现 套现 取现 取钱 取款 取出来
退款 退钱 退货 退回 退还
失败 不成功 没成功 出错 不通过 没通过 被拒 拒绝
银行卡 储蓄卡 借记卡
手机号 电话号码 手机号码 号码
密码 口令
最低 最少
最高 最多 最大
时间 多久 什么时候 几号 日期 何时 哪天
延期 推迟 晚点 延后 延长 宽限
冻结 锁 封 限制 被锁
征信 信用 信誉
评估 评测 审核 评分
条件 要求 资格
为什么 为啥 怎么回事 为何 什么原因 咋回事 原因
怎么 如何 咋 怎样 方法 步骤 流程 操作
商家 店 商户 卖家
"""
_MEANS: Final = {word: line.split()[0] for line in reversed(_GROUPS.splitlines()) for word in line.split()}
_WORDS: Final = re.compile("|".join(sorted(_MEANS, key=len, reverse=True)))


def _bands() -> dict[str, float]:
    found = dict.fromkeys(_ZH_LIGHT, LIGHT) | {stem(word): LIGHT for word in _EN_LIGHT.split()}
    return found | dict.fromkeys(_ZH_EMPTY, EMPTY) | {stem(word): EMPTY for word in _EN_EMPTY.split()}


BANDS: Final = MappingProxyType(_bands())
"""Chinese character or English stem → weight; whatever is missing is content."""

_ZH_CAUSE: Final = "[会不没还老总就又都]"
_TYPES: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # why, how much, when, where, how, whether: one bit each
        rf"为什么|为啥|为何|[怎咋]么?(?:{_ZH_CAUSE}|回事)|[什啥]么?(?:原因|情况)|\b(?:why|how come)\b",
        r"多少|几(?:个点|块|元|毛|倍|成)|多大|多高|\bhow (?:much|many|high)\b",
        r"[什啥]么?时[候间]|何时|几[天号点日时]|多久|哪天|多长时间|几个(?:小时|工作日|月)"
        r"|\b(?:when|how (?:long|soon)|what time)\b",
        r"哪里|哪儿|[在去从]哪|哪个(?:地方|网点)|什么地方|\bwhere\b",
        rf"(?:怎么|咋)(?!{_ZH_CAUSE}|回事|样)|如何|怎样|什么(?:方法|办法)"
        r"|\bhow (?:do|can|to|would|should|could|am|did)\b",
        r"吗|么$|是否|能不能|可不可以|[可能]否|会不会|要不要|有没有|是不是|行不行|好不好"
        r"|^(?:can|could|do|does|is|are|will|would|did|has|have|am|may|should)\b",
    )
)
_TAGS: Final = re.compile(r"(.)不\1|可不可以|有没有|不好意思|不用谢|不见|找不到")
_NEGATION: Final = re.compile(r"[不没未无别]|\b(?:not|no|never|unable|fail(?:ed|s)?|declined?|without)\b")


def features(text: str) -> dict[str, float]:
    """Feature → weight: tokens (an English one as its stem), concepts ("=手续费") and pairs of tokens ("手_续").

    A pair with an empty word in it is mostly the accident of two words meeting, and weighs little.
    """
    bare = texts.bare(text)
    found = [stem(token) for token in texts.tokens(bare)[:MOST_TOKENS]]
    counts = Counter(found)
    weights = {token: BANDS.get(token, 1.0) * (1 + math.log(count)) for token, count in counts.items()}
    for word in _WORDS.findall(bare):
        weights["=" + _MEANS[word]] = MEANING * max(BANDS.get(char, 1.0) for char in _MEANS[word])
    for token in counts:
        if token in CONCEPTS:
            weights["=" + CONCEPTS[token]] = MEANING * BANDS.get(token, 1.0)
    for (one, two), count in Counter(pairwise(found)).items():
        low, high = sorted((BANDS.get(one, 1.0), BANDS.get(two, 1.0)))
        pair = math.sqrt(low * high) if low >= LIGHT else 0.6 * low
        weights[f"{one}_{two}"] = pair * (1 + math.log(count))
    return weights


def is_pair(feature: str) -> bool:
    return "_" in feature


def kinds(text: str) -> int:
    """What a text asks for, as bits (why, how much, when, where, how, whether); 0: nothing, or not known."""
    normal = texts.normal(text)
    return sum(1 << at for at, pattern in enumerate(_TYPES) if pattern.search(normal))


def negated(text: str) -> bool:
    """Whether something is said not to be so; 能不能 and 有没有 deny nothing, nor does 不见了."""
    return bool(_NEGATION.search(_TAGS.sub("", texts.normal(text))))
