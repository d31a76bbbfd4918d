"""Several intents in one utterance, learnt from examples that have several."""

import dataclasses
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from huashu.core.events import Heard, Understood
from huashu.core.expect import NOTHING, Expectation
from huashu.nlu.data import Example
from huashu.nlu.embedded import EmbeddedUnderstander
from huashu.nlu.model import Model
from huashu.nlu.train import train
from tests.nlu import bank

pytestmark = pytest.mark.unit

TOGETHER = (
    Example("是我手续费怎么收", "肯定", (), ("问手续费",)),
    Example("对啊每期收多少", "肯定", (), ("问手续费",)),
    Example("好的那利息是多少", "肯定", (), ("问手续费",)),
    Example("改到下个月吧这手续费也太贵", "改期", (), ("太贵",)),
)
OFFER = Expectation("x.y", kind="yes_no", intents=("肯定", "否定"), anytime=("问手续费", "太贵", "转人工", "查账单"))


@cache
def model() -> Model:
    return train(dataclasses.replace(bank.ZH, examples=(*bank.ZH.examples, *TOGETHER)))


def heard(text: str, expect: Expectation = OFFER) -> Understood:
    return EmbeddedUnderstander(model()).understand(Heard(text), expect, at=bank.AT)


def meanings(text: str, expect: Expectation = OFFER) -> set[str]:
    found = heard(text, expect)
    both = (*found.intents[:1], *found.also)
    return {score.name for score in both if score.confidence >= 0.5}


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("是我手续费怎么收", {"肯定", "问手续费"}),  # an example
        ("是的手续费是怎么收的", {"肯定", "问手续费"}),  # other words
        ("可以手续费是多少", {"肯定", "问手续费"}),
        ("是的就是太贵了点", {"肯定", "太贵"}),  # another pair
        ("手续费怎么收", {"问手续费"}),
        ("利息怎么算的", {"问手续费"}),  # asking is no consent
        ("好的可以", {"肯定"}),
        ("不用了", {"否定"}),
        ("帮我转人工", {"转人工"}),
        ("我这期账单多少", {"查账单"}),
    ],
)
def test_what_is_said_in_one_breath(text: str, meant: set[str]) -> None:
    assert meanings(text) == meant


def test_only_what_something_here_reacts_to() -> None:
    only = Expectation("x.y", kind="yes_no", intents=("肯定", "否定"), anytime=("转人工",))
    assert meanings("是的手续费是怎么收的", only) == {"肯定"}


def test_a_yes_is_no_no() -> None:
    for text in ("是我手续费怎么收", "对啊每期收多少", "不用手续费怎么收"):
        assert not {"肯定", "否定"} <= meanings(text)


def test_built_in_sentences_stay_beside_examples_of_several() -> None:
    assert meanings("得嘞") == {"肯定"}


def test_a_bot_without_such_examples_hears_as_before() -> None:
    plain = bank.zh().model.read("是我手续费怎么收")
    assert plain.together() == {}


def test_it_is_saved_and_mapped_back(tmp_path: Path) -> None:
    model().save(tmp_path)
    again = Model.load(tmp_path)
    for text in ("是的手续费是怎么收的", "是我手续费怎么收", "好的可以"):
        assert again.read(text).together() == model().read(text).together()
    assert np.array_equal(again.several.weights, model().several.weights)


def test_what_is_always_said_together_is_told_apart() -> None:
    """No example has the colour without the size, or the size without the colour."""
    sizes, colours = ("small", "large", "medium", "tiny"), ("red", "blue", "green", "black")
    pairs = [Example(f"{size} {colour}", size, (), (colour,)) for size in sizes for colour in colours]
    learnt = train(dataclasses.replace(bank.EN, examples=tuple(pairs[1:]), regulars={}, lists={}, slots={}))
    understander = EmbeddedUnderstander(learnt)
    for text, meant in (("small red", {"small", "red"}), ("a large one", {"large"}), ("blue please", {"blue"})):
        found = understander.understand(Heard(text), NOTHING, at=bank.AT)
        both = (*found.intents[:1], *found.also)
        assert {score.name for score in both if score.confidence >= 0.5} == meant, text
