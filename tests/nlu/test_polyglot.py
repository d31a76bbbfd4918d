"""A bot of several languages understands each by a model of its own."""

from datetime import UTC, datetime

import pytest

from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.nlu.builtin import BUILTIN
from huashu.nlu.data import Example, TrainingData
from huashu.nlu.embedded import EmbeddedUnderstander
from huashu.nlu.polyglot import Polyglot
from huashu.nlu.train import train

pytestmark = pytest.mark.unit

NAMES = ("肯定", "否定", "转人工")
AT = datetime(2026, 3, 2, 10, tzinfo=UTC)
EXPECT = Expectation("主.问", intents=("肯定", "否定", "查余额"), anytime=("转人工", "说英语"))


def data(language: str, examples: tuple[str, ...]) -> TrainingData:
    return TrainingData(
        f"{language}-XX",
        tuple(Example(text, "查余额") for text in examples),
        regulars={name: BUILTIN[language][name] for name in NAMES},
    )


@pytest.fixture(scope="module")
def bot() -> Polyglot:
    own = train(data("zh", ("查余额", "我卡里还有多少钱", "余额是多少")))
    english = train(data("en", ("check my balance", "how much money do I have", "what is my balance")))
    return Polyglot(EmbeddedUnderstander(own), {"en": EmbeddedUnderstander(english)})


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("余额还有多少", "查余额"),
        ("tell me my balance please", "查余额"),
        ("no I don't", "否定"),
        ("是的", "肯定"),
        ("let me talk to a human", "转人工"),
        ("能说英语吗", "说英语"),
        ("Sorry, could you speak English?", "说英语"),
    ],
)
def test_an_utterance_is_understood_in_the_language_it_is_in(bot: Polyglot, text: str, intent: str) -> None:
    meant = bot.understand(Heard(text), EXPECT, at=AT)
    assert meant.intents[0].name == intent
    assert meant.intents[0].confidence >= 0.5


def test_what_belongs_to_neither_means_nothing(bot: Polyglot) -> None:
    for text in ("今天天气怎么样", "what's the weather like today"):
        meant = bot.understand(Heard(text), EXPECT, at=AT)
        assert not meant.intents or meant.intents[0].confidence < 0.5
