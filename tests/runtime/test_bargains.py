"""What is promised on a condition names what the knowledge base has answers about, and asks nothing of it."""

import dataclasses
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.knowledge.items import FaqItem, KnowledgeBase
from huashu.knowledge.retrieval import Retriever
from huashu.runtime.bot import load_bot

pytestmark = pytest.mark.unit

AT = datetime(2026, 11, 20, 10, 0, tzinfo=timezone(timedelta(hours=8)))
BASE = KnowledgeBase(
    "b", (FaqItem("费", "分期手续费怎么收", ("免手续费吗", "要是提前还款就收手续费吗")), FaqItem("卡", "卡丢了"))
)


@pytest.mark.parametrize(
    ("text", "asks"), [("要是免手续费就办", False), ("免手续费吗", True), ("要是提前还款要手续费吗", True)]
)
def test_a_bargain_is_no_item_of_knowledge(text: str, asks: bool) -> None:
    folder = Path(__file__).parents[2] / "examples" / "redelivery_zh"
    bot = dataclasses.replace(load_bot(folder), retriever=Retriever({"b": BASE}))
    expect = Expectation("x.y", kind="yes_no", intents=("肯定", "否定"), knowledge=("b",))
    assert bool(bot.understand(Heard(text), expect, at=AT).faq) is asks
