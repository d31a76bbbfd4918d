"""A language model's answer is said only as far as the items it cites say so."""

import pytest

from huashu.knowledge.composing import MOST_CHARACTERS, Passage, verified

pytestmark = pytest.mark.unit

ZH = (
    Passage(1, "手续费怎么收", "手续费怎么收", "手续费按期收取，分6期每期0.8%，分12期每期0.7%。"),
    Passage(2, "能提前还吗", "能提前还款吗", "可以提前还款，剩余手续费不退。"),
)
EN = (Passage(1, "hours", "what are your opening hours", "We are open from 9 to 17 on weekdays."),)


def test_sentences_that_the_items_hold_are_said_without_their_marks() -> None:
    found = verified("分12期的话，每期手续费0.7%。[1] 可以提前还款，手续费不退。[2]", ZH)
    assert found is not None
    assert found.text == "分12期的话，每期手续费0.7%。可以提前还款，手续费不退。"
    assert found.cited == ("手续费怎么收", "能提前还吗")
    english = verified("We are open from 9 to 17. [1]", EN)
    assert english is not None
    assert english.text == "We are open from 9 to 17."


def test_a_semicolon_ends_no_sentence() -> None:
    found = verified("分6期每期0.8%；分12期每期0.7%。[1]", ZH)
    assert found is not None
    assert found.cited == ("手续费怎么收",)
    assert verified("分6期每期0.8%；分12期每期0.5%。[1]", ZH) is None


@pytest.mark.parametrize(
    "text",
    [
        "每期手续费0.6%。[1]",  # a figure nobody gave
        "分6期每期0.8%。",  # no source
        "分6期每期0.8%。[1]提前还款有优惠。",  # one sentence without a source
        "分6期每期0.8%。[3]",  # a source that is not there
        "手续费按期收取，另外赠送两张电影票和一次机场贵宾厅服务。[1]",  # more than the source says
        "手续费不按期收取。[1]",  # the contrary of it
        "无",
        "",
        "[1]",
        "手续费按期收取。[1]" * (MOST_CHARACTERS // 11 + 1),
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    assert verified(text, ZH) is None
