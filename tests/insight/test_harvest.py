"""What callers asked is found again in the record, and only of this bot, and not of erased calls."""

from pathlib import Path

import pytest

from huashu.core.events import Answered, Heard, HungUp, Started
from huashu.insight.harvest import questions, turns
from huashu.runtime.bot import Bot, load_bot
from huashu.runtime.turn import Turns
from huashu.store.forgetting import erase
from huashu.store.log import Store

pytestmark = pytest.mark.store

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "redelivery_zh"


@pytest.fixture(scope="module")
def bot() -> Bot:
    return load_bot(EXAMPLE)


def hold(bot: Bot, store: Store, call: str, *said: str) -> None:
    talk = Turns(bot, store)
    variables = {name: known.example for name, known in bot.script.variables.items() if known.given}
    talk.step(Started(call, marks="none", variables=variables), now=0.0)
    talk.step(Answered(), now=0.0)
    for number, text in enumerate(said, 1):
        talk.step(Heard(text), now=float(number))
    talk.step(HungUp(), now=60.0)
    store.finish(call, epoch=1)


def test_questions_are_what_knowledge_answers_or_nothing_does(bot: Bot, tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        hold(bot, store, "one", "是我", "几点送到", "我家的鱼缸漏水了")
        hold(bot, store, "two", "是我", "派件员电话是多少")
        assert sorted(questions(store, bot.script.name)) == ["几点送到", "我家的鱼缸漏水了", "派件员电话是多少"]
        assert questions(store, "another-bot") == []
        erase(store, "two")
        assert "派件员电话是多少" not in [asked.meant.text for asked in turns(store, bot.script.name)]
