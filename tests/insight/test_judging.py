"""How good an understanding is said to be: on rows it has not seen, with figures that can be checked by hand."""

from pathlib import Path

import pytest

from huashu.core.errors import UsageError
from huashu.insight.judging import Judged, cross_validate
from huashu.insight.rows import read_rows, rows_of, training_data, write_rows
from huashu.insight.scoring import bar_for, chance, score, thresholds
from huashu.insight.suspects import suspects
from huashu.nlu.data import Example, Span, TrainingData

pytestmark = pytest.mark.unit

FEE = ("手续费怎么收", "手续费是多少", "要收手续费吗", "手续费贵不贵", "每期手续费多少", "手续费怎么算")
LOST = ("卡丢了", "我的卡丢了", "卡找不到了", "信用卡丢失了", "卡不见了", "卡被偷了")
ROWS = [*(Example(text, "费用") for text in FEE), *(Example(text, "挂失") for text in LOST)]


def judged(
    text: str, intent: str, best: str, sure: float, spans: tuple[Span, ...] = (), found: tuple[Span, ...] = ()
) -> Judged:
    return Judged(Example(text, intent, spans), ((best, sure),) if best else (), found, 0.001)


def test_figures_by_hand() -> None:
    day = Span(0, 2, "day")
    rows = [
        judged("a", "x", "x", 0.9, (day,), (day,)),
        judged("b", "x", "x", 0.4),
        judged("c", "x", "y", 0.8, (day,)),
        judged("d", "y", "y", 0.7, (), (day,)),
        judged("e", "oos", "x", 0.3),
        judged("f", "oos", "y", 0.6),
    ]
    scores = score(rows)
    assert (scores.rows, scores.outside) == (4, 2)
    assert (scores.accuracy, scores.accepted, scores.refused) == (0.75, 0.5, 0.5)
    assert scores.slot_f1 == pytest.approx(2 * 1 / (2 + 2))
    assert scores.frame == 0.5
    assert scores.confusions == (("x", "y", 1),)
    by_name = {one.intent: one for one in scores.intents}
    assert [by_name["x"].precision, by_name["y"].precision, by_name["y"].recall] == [1.0, 0.5, 1.0]
    assert by_name["x"].recall == pytest.approx(2 / 3)
    assert scores.intents[0].f1 <= scores.intents[1].f1, "the worst first"


def test_several_intents_are_counted_one_by_one() -> None:
    both = Example("a", "x", (), ("y",))
    rows = [
        Judged(both, (("x", 0.9),), (), 0.001, (("y", 0.8), ("z", 0.3))),  # both, and z not believed
        Judged(both, (("y", 0.9),), (), 0.001),  # one of two
        judged("c", "z", "x", 0.7),
        judged("d", "oos", "x", 0.6),
    ]
    scores = score(rows)
    assert scores.several_f1 == pytest.approx(2 * 3 / (5 + 5))
    assert scores.accuracy == pytest.approx(2 / 3), "one of the two is right"
    by_name = {one.intent: one for one in scores.intents}
    assert (by_name["x"].rows, by_name["x"].recall, by_name["y"].recall) == (2, 0.5, 1.0)
    assert score([judged("c", "z", "x", 0.7)]).several_f1 is None


def test_rows_of_several_intents(tmp_path: Path) -> None:
    rows = [Example("a", "x", (), ("y", "z")), Example("b", "x"), Example("c", "oos")]
    write_rows(tmp_path / "rows.jsonl", rows)
    assert read_rows(tmp_path / "rows.jsonl") == rows
    (tmp_path / "none.jsonl").write_text('{"text": "a", "intent": []}', encoding="utf-8")
    assert read_rows(tmp_path / "none.jsonl") == [Example("a", "oos")]
    for wrong in ('["x", "x"]', '["x", ""]', '["oos", "x"]', '["x", "oos"]', "7"):
        (tmp_path / "wrong.jsonl").write_text(f'{{"text": "a", "intent": {wrong}}}', encoding="utf-8")
        with pytest.raises(UsageError, match=r"wrong.jsonl:1: intent"):
            read_rows(tmp_path / "wrong.jsonl")


def test_thresholds_trade_wrong_answers_for_unclear_ones() -> None:
    rows = [judged("a", "x", "x", 0.9), judged("b", "x", "y", 0.4), judged("c", "oos", "x", 0.6)]
    found = {one.bar: one for one in thresholds(rows)}
    assert (found[0.0].right, found[0.0].wrong, found[0.0].refused) == (0.5, 0.5, 0.0)
    assert (found[0.5].right, found[0.5].wrong, found[0.5].refused) == (0.5, 0.0, 0.0)
    assert (found[1.0].right, found[1.0].wrong, found[1.0].refused) == (0.0, 0.0, 1.0)


def test_the_bar_refuses_the_share_that_was_asked_for() -> None:
    outside = [judged(str(at), "oos", "x", at / 10) for at in range(10)]
    for share in (0.1, 0.5, 1.0):
        bar = bar_for(outside, share)
        assert sum(one.sure < bar for one in outside) == round(10 * share)


def test_chance_is_mcnemars_exact_test() -> None:
    assert chance([True] * 5, [True] * 5) == 1.0
    assert chance([False] * 6, [True] * 6) == pytest.approx(2 / 64)
    assert chance([True, False], [False, True]) == 1.0


def test_cross_validation_judges_every_row_unseen_and_the_same_again() -> None:
    data = training_data(ROWS)
    seen: list[set[str]] = []

    class Parrot:
        """Knows what it has been told and nothing else."""

        def __init__(self, told: TrainingData) -> None:
            self.told = {example.text: example.intent for example in told.examples}
            seen.append(set(self.told))

        def understand(self, heard: object, expect: object, *, at: object) -> object:
            from huashu.core.events import IntentScore, Understood

            text = heard.text  # type: ignore[attr-defined]
            return Understood(text, (IntentScore(self.told[text], 1.0),) if text in self.told else ())

    judged_rows = cross_validate(data, ROWS, folds=3, learn=Parrot)  # type: ignore[arg-type]
    assert [one.row for one in judged_rows] == ROWS
    assert not any(one.ranked for one in judged_rows), "a row was judged by what had seen it"
    assert all(len([text for text in FEE if text in part]) == 4 for part in seen), "folds are even within an intent"
    real = cross_validate(data, ROWS, folds=3)
    assert [one.ranked for one in real] == [one.ranked for one in cross_validate(data, ROWS, folds=3)]
    assert sum(one.right for one in real) >= 10


def test_an_example_under_the_wrong_intent_is_suspect_first() -> None:
    planted = [*ROWS, Example("手续费一共多少", "挂失"), Example("卡丢了", "费用")]
    found = suspects(cross_validate(training_data(planted), planted))
    assert found[0].same_words
    assert {(one.row.text, one.other) for one in found} >= {("手续费一共多少", "费用"), ("卡丢了", "挂失")}
    assert not {one.row.text for one in found} & set(FEE)


def test_rows_are_read_as_they_were_written(tmp_path: Path) -> None:
    rows = [Example("改到后天", "改期", (Span(2, 4, "日期"),)), Example("天气", "oos")]
    write_rows(tmp_path / "a.jsonl", rows)
    assert read_rows(tmp_path / "a.jsonl") == rows
    data = training_data(rows)
    assert (data.language, data.out_of_scope, rows_of(data)) == ("zh-CN", ("天气",), rows)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", r"a\.jsonl:2: no JSON"),
        ("[1]", r"a\.jsonl:2: an object"),
        ('{"text": "", "intent": "x"}', r"2: text"),
        ('{"text": "a"}', r"2: intent"),
        ('{"text": "ab", "intent": "x", "spans": [[0, 3, "d"]]}', r"2: spans: \[start, end, label\] inside the text"),
    ],
)
def test_a_row_that_is_none_is_told_by_line_and_field(tmp_path: Path, line: str, message: str) -> None:
    (tmp_path / "a.jsonl").write_text('{"text": "a", "intent": "x"}\n' + line + "\n", encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_rows(tmp_path / "a.jsonl")
