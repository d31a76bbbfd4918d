"""A node table becomes a bot that is checked and talks; every row that could not be mapped is told."""

import csv
from pathlib import Path

import pytest

from huashu.core.errors import UsageError
from huashu.flows.check import check
from huashu.flows.loader import load
from huashu.flows.script import End, Go
from huashu.flows.table_import import Imported, import_table
from huashu.flows.table_words import answer_of, keywords, placeholders
from tests.flows.node_table import GENERAL, HEADER, ROWS, write_xlsx

pytestmark = pytest.mark.unit


@pytest.fixture
def imported(tmp_path: Path) -> tuple[Imported, Path]:
    pytest.importorskip("openpyxl")
    found = import_table(write_xlsx(tmp_path / "车险续保.xlsx"), bot="renewal")
    found.files.write(tmp_path / "bot", spelling="zh")
    return found, tmp_path / "bot"


def test_the_sample_has_the_size_of_a_real_table() -> None:
    assert len(ROWS) + len(GENERAL) + 2 >= 40


def test_a_workbook_becomes_a_bot_without_a_finding(imported: tuple[Imported, Path]) -> None:
    assert check(imported[1]).findings == ()
    script = load(imported[1])
    flow = script.flows["车险续保"]
    assert [step.id for step in flow.steps] == ["开场白", "告知到期", "介绍优惠", "确认车辆", "加微信", "挽回", "换车"]
    question = flow.steps[1].question
    assert question is not None
    assert question.answers["肯定"].then == Go("介绍优惠")
    assert question.answers["没兴趣"].then == question.answers["否定"].then == Go("挽回")
    assert question.answers["已续保"].then == End("已续保结束")
    assert question.silence[-1].reaction.then == End("无人应答结束")
    assert {name: (ending.label, ending.result) for name, ending in flow.endings.items() if ending.label} == {
        "改时间": ("C", "callback"), "非本人": ("F", "wrong_person"), "邀约成功": ("A", "success"),
        "已续保结束": ("D", "declined"), "无人应答结束": ("F", "no_input"), "短信报价": ("B", "completed"),
        "礼貌结束": ("D", "declined"),
    }  # fmt: skip
    assert script.variables["客户姓名"].given
    assert flow.steps[0].question is not None
    assert flow.steps[0].question.prompt.barge_in.kind == "off"


def test_keywords_become_examples_and_questions_become_knowledge(imported: tuple[Imported, Path]) -> None:
    script = load(imported[1])
    examples = {(example.intent, example.text) for example in script.nlu.examples}
    assert {("已续保", "上周刚买的"), ("换车了", "卖掉了"), ("太贵了", "比去年贵"), ("肯定", "报个价")} <= examples
    # what a built-in intent knows already is not taught to a second one
    assert ("没兴趣", "不需要") not in examples
    assert "出了事故怎么办" in script.knowledge["常见问题"].items[0].variants
    assert script.flows["车险续保"].endings["不再打扰"].result == "opt_out"


def test_rows_that_cannot_be_mapped_are_told_by_their_row(imported: tuple[Imported, Path]) -> None:
    notes = {(note.sheet, note.row) for note in imported[0].notes}
    assert notes == {("主流程", 31), ("知识库", 10)}
    told = "\n".join(map(str, imported[0].notes))
    assert "主流程:31: 不认识下一节点“99”" in told
    assert "没有节点走到“老客户回访”" in told


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_csv_as_spreadsheets_save_it(encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "流程.csv"
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows([HEADER, *ROWS[:-1]])
    found = import_table(path, bot="renewal")
    found.files.write(tmp_path / "bot", spelling="zh")
    assert found.notes == ()
    assert check(tmp_path / "bot").findings == ()


def test_a_column_for_every_answer(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(
        "节点,话术,肯定,否定,默认\n开场,您好，请问是本人吗？,介绍,告别,介绍\n介绍,有个活动，您想听吗？,告别,告别,\n"
        "告别,好的，再见。,,,\n",
        encoding="utf-8",
    )
    found = import_table(path, bot="wide")
    found.files.write(tmp_path / "bot")
    flow = load(tmp_path / "bot").flows["wide"]
    assert flow.steps[0].question is not None
    assert flow.steps[0].question.answers["否定"].then == Go("告别")
    assert flow.steps[0].question.unclear[-1].reaction.then == Go("介绍")


def test_an_english_table(tmp_path: Path) -> None:
    path = tmp_path / "renewal.csv"
    path.write_text(
        "node,text,intent,keywords,next,label\n"
        "1,Hello {name} may we renew your policy?,yes,go ahead;renew it,2,\n,,no,not this year,3,\n"
        "2,Thank you. Goodbye.,,,hangup,A\n3,All right. Goodbye.,,,hangup,D\n",
        encoding="utf-8",
    )
    found = import_table(path, bot="renewal")
    found.files.write(tmp_path / "bot")
    assert (found.language, check(tmp_path / "bot").errors) == ("en", ())
    assert load(tmp_path / "bot").flows["renewal"].steps[0].question is not None


def test_what_is_no_table_says_why(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("甲,乙\n1,2\n", encoding="utf-8")
    (tmp_path / "b.xlsx").write_bytes(b"no workbook")
    (tmp_path / "c.pdf").write_bytes(b"")
    for name, words in (("a.csv", "话术"), ("b.xlsx", "workbook"), ("c.pdf", "xlsx"), ("d.csv", "no file")):
        with pytest.raises(UsageError, match=words):
            import_table(tmp_path / name, bot="x")


def test_words_of_cells() -> None:
    assert answer_of("客户拒绝", True).intents == ("没兴趣",)
    assert answer_of("默认/其他", True).kind == "default"
    assert answer_of("太贵", True).intents == ("太贵",)
    assert keywords("贵，太贵了;手续费/利息")[0] == ["贵", "太贵了", "手续费", "利息"]
    assert keywords("(能|可以).*发票") == ([], ["(能|可以).*发票"])
    assert placeholders("您好${姓名}，尾号#卡号#，{{金额}}元") == (
        "您好【姓名】，尾号【卡号】，【金额】元",
        ["姓名", "卡号", "金额"],
    )
