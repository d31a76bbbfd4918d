"""Time of one utterance through the embedded understanding and the retriever, on a bank script of ordinary size.

Usage: python bench/nlu_latency.py [--rounds N]

Prints p50 and p95 in milliseconds of wall time, one thread. Promise: understanding ≤ 0.5 ms p50.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial

from huashu.core.events import Heard
from huashu.core.expect import Choice, Expectation
from huashu.knowledge.items import FaqItem, KnowledgeBase
from huashu.knowledge.retrieval import Retriever
from huashu.nlu.builtin import BUILTIN, SAME
from huashu.nlu.data import Example, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander, train

AT = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8)))
TOPICS = ("手续费", "账单", "额度", "积分", "年费", "利息", "还款日", "分期", "贷款", "理财")
ASKED = ("{}怎么算", "{}是多少", "我想问一下{}", "你们的{}太高了", "{}什么时候出", "帮我查{}")
SAID = (
    "嗯分六期吧",
    "是我，你说",
    "你们这个手续费到底怎么算的",
    "现在不方便，晚点再打",
    "转人工",
    "今天天气不错",
    "下周三下午三点吧",
    "我想把还款日改到下个月五号",
    "不用了谢谢",
    "你是机器人吗",
    "我手机号是一三八零零一三八零零零",
    "那个……我再考虑一下",
)
EXPECT = Expectation(
    "f.q",
    slot="期数",
    type="integer",
    unit="期",
    intents=("肯定", "否定"),
    anytime=("转人工", "在忙", "别再打", "没兴趣"),
    choices=(Choice(3, ("3期", "三期")), Choice(6, ("6期", "六期")), Choice(12, ("12期", "十二期"))),
    slots=(("日期", "date"), ("时间", "time"), ("电话", "phone"), ("金额", "money")),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=200)
    rounds = parser.parse_args().rounds
    examples = tuple(Example(form.format(topic), topic) for topic in TOPICS for form in ASKED)
    began = time.process_time()
    model = train(TrainingData("zh-CN", examples, regulars={name: BUILTIN["zh"][name] for name in SAME}))
    print(f"trained in {time.process_time() - began:.1f} CPU s: {len(model.labels)} intents")
    understander = EmbeddedUnderstander(model)
    for name, expect in (("open", Expectation("f.o")), ("question", EXPECT)):
        calls = [partial(understander.understand, Heard(text), expect, at=AT) for text in SAID]
        report(f"understand, {name}", calls, rounds)
    items = tuple(FaqItem(f"{n}", f"{a}和{b}的{form.format(a)}第{n % 7}种") for n, (a, b, form) in enumerate(
        (a, b, form) for a in TOPICS for b in TOPICS for form in (*ASKED, *ASKED[:4])))  # fmt: skip
    retriever = Retriever({"b": KnowledgeBase("b", items)})
    report(f"search {len(items)} items", [partial(retriever.search, text, ("b",)) for text in SAID], rounds)


def report(name: str, calls: Sequence[Callable[[], object]], rounds: int) -> None:
    times = []
    for _ in range(rounds):
        for call in calls:
            began = time.perf_counter()
            call()
            times.append(1e3 * (time.perf_counter() - began))
    times.sort()
    print(f"{name}: p50 {times[len(times) // 2]:.3f} ms, p95 {times[int(len(times) * 0.95)]:.3f} ms, n={len(times)}")


if __name__ == "__main__":
    main()
