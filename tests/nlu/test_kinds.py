"""Kinds of things: named by words, by how they sound, and joined in the classifier."""

import re
from collections import Counter

import numpy as np
import pytest

from huashu.nlu import features, kinds_en, kinds_zh, sounds
from huashu.nlu.data import Example, TrainingData
from huashu.nlu.embedded import train
from huashu.nlu.kinds import by_sound, kinds
from huashu.nlu.stems import stem
from huashu.nlu.text import bare, tokens

pytestmark = pytest.mark.unit


def named(text: str) -> list[str]:
    heard = sounds.table()
    return list(kinds([stem(word) for word in tokens(bare(text))], heard, by_sound(heard)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("帮我看看兰州的天气", ["看", "城市", "天气"]),
        ("拦州的火车票", ["城市", "火车"]),
        ("三期", ["number"]),
        ("12", ["number"]),
        ("flights to Lisbon on Mondays", ["city", "weekday"]),
        ("", []),
    ],
)
def test_kinds_of_an_utterance(text: str, wanted: list[str]) -> None:
    assert [kind for kind in named(text) if kind in wanted] == wanted


@pytest.mark.parametrize("lines", [kinds_en.KINDS, kinds_zh.KINDS])
def test_a_word_has_one_kind(lines: str) -> None:
    words = [stem(word) for line in lines.replace("\n ", " ").splitlines() for word in line.partition(":")[2].split()]
    assert [word for word, count in Counter(words).items() if count > 1] == []
    assert all(re.fullmatch(r"\S+: \S.*", line) for line in lines.replace("\n ", " ").splitlines())


def test_words_of_two_kinds_that_sound_alike_have_none() -> None:
    heard = {letter: "x" for word in ("北京", "感冒") for letter in word}
    assert by_sound(heard)["x x"] == ""


def test_a_city_no_example_has_is_known_as_one() -> None:
    trips = ("我要去北京", "我想去上海", "去广州的", "到深圳去")
    ills = ("我感冒了", "我发烧了", "有点咳嗽", "最近头疼")
    data = TrainingData(
        "zh-CN", tuple(Example(text, "出行") for text in trips) + tuple(Example(text, "看病") for text in ills)
    )
    model = train(data)
    for text, intent in (("西安", "出行"), ("成都", "出行"), ("腹泻", "看病"), ("便秘", "看病")):
        scores = dict(zip(model.labels, model.read(text).scores.tolist(), strict=True))
        other = "看病" if intent == "出行" else "出行"
        assert scores[intent] > scores[other] + 0.1, (text, scores)


@pytest.mark.parametrize(
    "rows", [["", "开户要什么材料", "怎么开户", "卡丢了"], ["", "my card is lost", "a lost card", "is it"]]
)
def test_vectors_of_the_rows_are_those_of_the_vectoriser(rows: list[str]) -> None:
    vectoriser, vectors = features.learn_rows(rows)
    for row, vector in zip(rows, vectors, strict=True):
        again = vectoriser.vector(row)
        assert np.array_equal(vector.index, again.index)
        assert np.array_equal(vector.weight, again.weight)
        assert vector.known == again.known
