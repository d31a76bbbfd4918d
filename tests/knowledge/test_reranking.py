"""The first hits of a search in the order of an encoder, where that has helped on wordings held out."""

from pathlib import Path

import numpy as np
import pytest

from huashu.core.errors import EngineError
from huashu.knowledge.items import FaqItem, KnowledgeBase
from huashu.knowledge.reranking import MOST, Reranker, open_reranking, reranker
from huashu.knowledge.retrieval import Retriever
from huashu.nlu.encoder_run import Encoder
from huashu.runtime.bot import load_bot
from tests.nlu.encoders import make_bert, wanting

pytestmark = pytest.mark.unit

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "redelivery_zh"
THINGS = ("fee", "card", "loan", "bill", "limit", "points", "address", "phone", "code", "rate")
SAME = {thing: f"z{at}" for at, thing in enumerate(THINGS)}
"""Another word for each, which no n-gram tells."""


def base(others: bool = True) -> KnowledgeBase:
    """Every item is asked for by its thing, and in the variant held out by another word beside a stranger's thing."""
    items = []
    for at, thing in enumerate(THINGS):
        stranger = THINGS[(at + 1) % len(THINGS)]
        variants = (f"where is the {thing}", f"the {stranger} and its {SAME[thing]} {thing}") if others else ()
        items.append(FaqItem(thing, f"what is the {thing}", variants))
    return KnowledgeBase("b", tuple(items), "en-US")


def knowing(text: str) -> np.ndarray:
    """An encoder that knows the other words, and heeds them more."""
    words = text.split()
    values = [3.0 * (SAME[thing] in words) + 1.0 * (thing in words) for thing in THINGS]
    return np.array([*values, 0.1], np.float32)


def ignorant(text: str) -> np.ndarray:
    return np.array([float(len(text) % 7), float(len(text) % 3), 1.0], np.float32)


def test_an_encoder_that_helps_puts_the_right_item_first() -> None:
    known = base()
    helps = reranker(known, knowing)
    assert helps.weight > 0
    plain = KnowledgeBase("b", tuple(FaqItem(one.id, one.question, one.variants[:1]) for one in known.items), "en-US")
    asked = "the card and its z0 fee"
    assert Retriever({"b": plain}).candidates(asked, ("b",))[0].item == "card"
    better = Retriever({"b": plain}, {"b": reranker(known, knowing)})
    assert better.candidates(asked, ("b",))[0].item == "fee"


def test_one_that_helps_nobody_is_not_asked() -> None:
    useless = reranker(base(), ignorant)
    if useless.weight:
        pytest.fail("nothing is gained by the length of a text")

    def never(_: str) -> np.ndarray:
        raise AssertionError("asked")

    quiet = type(useless)(never, useless.vectors, 0.0)
    assert Retriever({"b": base()}, {"b": quiet}).candidates("tell me about my loan", ("b",))[0].item == "loan"


def test_without_wordings_nothing_is_found_out() -> None:
    assert reranker(base(others=False), knowing).weight == 0.0


def test_the_work_is_bounded() -> None:
    known = reranker(base(), knowing)
    scores = {thing: float(at) for at, thing in enumerate(THINGS)}
    changed = known("about the z0", scores)
    assert len(changed) == min(MOST, len(THINGS))
    assert known("x", {"fee": 1.0}) == {}


def test_word_for_word_is_not_reordered() -> None:
    found = Retriever({"b": base()}, {"b": reranker(base(), knowing)}).search("what is the loan", ("b",))
    assert (found[0].item, found[0].confidence) == ("loan", 0.98)


def test_an_encoder_in_the_real_format(tmp_path: Path) -> None:
    if wanting():
        pytest.skip(wanting())
    from huashu.nlu.encoder_export import export, load_base

    known = base()
    sentences = [text for item in known.items for text in (item.question, *item.variants)]
    (tmp_path / "trained" / "encoder-1-x").mkdir(parents=True)
    export(
        load_base(str(make_bert(tmp_path / "tiny", sentences, width=16, layers=1))),
        tmp_path / "trained" / "encoder-1-x",
    )
    assert set(open_reranking(tmp_path / "trained", {"b": known})) <= {"b"}, "random weights may help nobody"
    encoder = Encoder(tmp_path / "trained" / "encoder-1-x")
    asked = reranker(known, lambda text: encoder.encode(text).sentence)
    forced = Reranker(asked.encode, asked.vectors, 4.0)
    found = Retriever({"b": known}, {"b": forced}).candidates("what is the loans", ("b",))
    assert found[0].item == "loan"
    assert forced("what is the loan", {"loan": 0.0, "fee": 0.0})["loan"] > 0, "its own question is likest"


def test_a_folder_without_an_encoder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match=r"model\.onnx"):
        open_reranking(tmp_path, {"b": base()})


@pytest.mark.parametrize("given", ["option", "environment"])
def test_the_operator_names_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    """As the understanding's: where a bot is loaded, or for all in the environment."""
    monkeypatch.setenv("HUASHU_RERANK", str(tmp_path / "all"))
    place = tmp_path / "one" if given == "option" else None
    with pytest.raises(EngineError, match="one: no encoder" if given == "option" else "all: no encoder"):
        load_bot(EXAMPLE, rerank=place)
