"""Two short bank scripts, as a designer would write them, for the tests of this folder."""

import re
from datetime import datetime, timedelta, timezone
from functools import cache

from huashu.core.expect import Choice, Expectation
from huashu.nlu.builtin import BUILTIN
from huashu.nlu.data import Example, Span, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander
from huashu.nlu.train import train

AT = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8)))  # a Friday


def example(text: str, intent: str) -> Example:
    """`改到[后天](日期)` → an Example with its span."""
    plain, spans, at = "", [], 0
    for match in re.finditer(r"\[(.*?)\]\((.*?)\)", text):
        plain += text[at : match.start()]
        spans.append(Span(len(plain), len(plain) + len(match[1]), match[2]))
        plain += match[1]
        at = match.end()
    return Example(plain + text[at:], intent, tuple(spans))


def examples(table: dict[str, str]) -> tuple[Example, ...]:
    return tuple(example(text, intent) for intent, texts in table.items() for text in texts.split("|"))


ZH = TrainingData(
    language="zh-CN",
    examples=examples(
        {
            "太贵": "太贵了|手续费有点高|利息太高了吧|能便宜点吗|怎么这么贵|手续费能打折吗",
            "改期": "改到[后天](日期)|能换成[下周三](日期)吗|换个时间|改到[明天](日期)行不行|改[下个月五号](日期)吧",
            "问手续费": "手续费怎么收|手续费是多少|要收多少手续费|利息怎么算|一期收多少钱",
            "查账单": "我这期账单多少|这个月要还多少|账单是多少钱|我还欠多少",
            "反映问题": "我要反映[卡被吞了](事由)|我要说[扣款不对](事由)|我要反映[没收到账单](事由)",
        }
    ),
    lists={"分行": {"城南支行": ("南城", "城南的"), "高新支行": ("高新区", "高新的")}},
    slots={"日期": "date", "期数": "integer", "分行": "text", "姓名": "text", "事由": "text"},
    out_of_scope=("今天天气怎么样", "给我讲个笑话"),
    regulars={name: BUILTIN["zh"][name] for name in BUILTIN["zh"] if not name.isascii()},
)

EN = TrainingData(
    language="en-US",
    examples=examples(
        {
            "too_expensive": "too expensive|the fee is too high|can you make it cheaper|any discount",
            "reschedule": "move it to [tomorrow](day)|can we do [next friday](day)|change it to [monday](day)",
            "ask_fee": "what is the fee|how much do you charge|what does it cost|is there an interest",
            "block_card": "i lost my card|block my card|my card was stolen|someone took my card",
        }
    ),
    slots={"day": "date", "months": "integer"},
    regulars={name: BUILTIN["en"][name] for name in BUILTIN["en"] if name.isascii()},
)

IDENTITY = Expectation(
    "办理.核实身份",
    kind="yes_no",
    intents=("肯定", "否定", "在忙"),
    anytime=("转人工", "别再打", "太贵", "打错了", "请重复", "等一下", "是机器人吗"),
)
MONTHS = Expectation(
    "办理.选期数",
    kind="choice",
    slot="期数",
    type="integer",
    unit="期",
    choices=(Choice(3, ("3期", "三期")), Choice(6, ("6期", "六期", "半年")), Choice(12, ("12期", "十二期", "一年"))),
    anytime=("转人工", "别再打", "太贵", "问手续费", "等一下"),
    slots=(("日期", "date"), ("分行", "text"), ("期数", "integer")),
)
NAME = Expectation("办理.姓名", slot="姓名", type="text", anytime=("转人工", "别再打"))
CONFIRM_EN = Expectation(
    "offer.confirm",
    kind="yes_no",
    intents=("affirm", "deny"),
    anytime=("human", "stop_calling", "busy"),
    language="en-US",
)


@cache
def zh() -> EmbeddedUnderstander:
    return EmbeddedUnderstander(train(ZH))


@cache
def en() -> EmbeddedUnderstander:
    return EmbeddedUnderstander(train(EN))
