"""Questions and answers out of the files a team has already."""

import datetime
from pathlib import Path

import docx
import openpyxl
import pytest

from huashu.core.errors import UsageError
from huashu.knowledge.reading import Found, read_faq

pytestmark = pytest.mark.unit

ROWS = [
    ["常见问题 2026", "", "", ""],
    ["标准问题", "相似问（多条用竖线隔开）", "答案", "语音答案"],
    ["手续费怎么收", "手续费多少|要手续费吗", "每期千分之六，按期收取。", "每期千分之六"],
    ["手续费怎么收", "收多少手续费", "", ""],
    ["能提前还吗", "", "", ""],
    ["账单日哪天", "", "每月5号。", ""],
    ["账单日哪天", "", "每月7号。", ""],
]


def sheet(path: Path) -> Path:
    book = openpyxl.Workbook()
    for row in ROWS:
        book.active.append(row)  # type: ignore[union-attr]
    book.save(path)
    return path


def test_a_sheet_with_titles_above_and_a_wording_a_row(tmp_path: Path) -> None:
    found = read_faq(sheet(tmp_path / "faq.xlsx"))
    assert [draft.question for draft in found.drafts] == ["手续费怎么收", "账单日哪天"]
    assert found.drafts[0].variants == ["手续费多少", "要手续费吗", "收多少手续费"]
    assert found.drafts[0].voice == "每期千分之六"


def test_what_is_left_out_is_told_with_its_row(tmp_path: Path) -> None:
    left_out = read_faq(sheet(tmp_path / "faq.xlsx")).left_out
    assert left_out == ("Sheet:5: no answer", "Sheet:7: another answer to a question that Sheet:6 answers")


def test_a_csv_as_chinese_spreadsheets_save_it(tmp_path: Path) -> None:
    path = tmp_path / "faq.csv"
    path.write_bytes("问题,答案,生效日期,失效日期\n有优惠吗,八折,2026/10/1,2026年10月7日\n".encode("gb18030"))
    [draft] = read_faq(path).drafts
    assert (draft.starts, draft.ends) == (datetime.date(2026, 10, 1), datetime.date(2026, 10, 7))


MARKDOWN = """\
# Card help

## How is the fee charged?

Also asked: what does it cost; any fees

Per instalment, **0.6 percent**.
- never up front

## Empty section

### Where is my bill?
In the app.
"""


def questions(found: Found) -> dict[str, str]:
    return {draft.question: draft.answer for draft in found.drafts}


def test_headings_of_markdown_are_questions(tmp_path: Path) -> None:
    (tmp_path / "faq.md").write_text(MARKDOWN, encoding="utf-8")
    found = read_faq(tmp_path / "faq.md")
    fee = "Per instalment, 0.6 percent.\nnever up front"
    assert questions(found) == {"How is the fee charged?": fee, "Where is my bill?": "In the app."}
    assert found.drafts[0].variants == ["what does it cost", "any fees"]
    assert found.left_out == ("faq.md:1: no answer", "faq.md:10: no answer")


def test_a_word_file_with_headings_paragraphs_and_a_table(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_heading("额度怎么提高", 2)
    document.add_paragraph("在手机银行申请。")
    document.add_paragraph("问：卡丢了怎么办\n答：请立即挂失。")
    table = document.add_table(rows=2, cols=2)
    for cell, text in zip(table._cells, ("问题", "答案", "账单日哪天", "每月5号。"), strict=True):
        cell.text = text
    document.save(str(tmp_path / "faq.docx"))
    assert questions(read_faq(tmp_path / "faq.docx")) == {
        "额度怎么提高": "在手机银行申请。", "卡丢了怎么办": "请立即挂失。", "账单日哪天": "每月5号。",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("faq.md", b"just a text\n", "no question with an answer"),
        ("faq.docx", b"PK\x03\x04 broken", "cannot be read as a Word file"),
        ("faq.xlsx", b"no workbook", "cannot be read as a workbook"),
        ("faq.csv", b"a,b\n1,2\n", "needs columns"),
        ("faq.pdf", b"%PDF", r"not \.pdf"),
    ],
)
def test_a_file_that_is_none_says_why(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=message):
        read_faq(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("faq.md", "没有问题的文字\n".encode(), "没有找到一问一答"),
        ("faq.docx", b"PK\x03\x04 broken", "不是完好的 Word 文件"),
        ("faq.xlsx", b"no workbook", "不是完好的表格文件"),
        ("faq.csv", b"\xff\xff\xff", "既不是 UTF-8"),
        ("faq", b"", "没有后缀的文件"),
    ],
)
def test_for_a_chinese_bot_it_says_why_in_chinese(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=message):
        read_faq(tmp_path / name, "zh-CN")
    with pytest.raises(UsageError, match="没有这个文件"):
        read_faq(tmp_path / "none.csv", "zh-CN")


def test_what_is_left_out_is_told_in_the_language_of_the_bot(tmp_path: Path) -> None:
    (tmp_path / "faq.csv").write_text("问题,答案\n运费多少,免费\n几天到,\n运费多少,十元\n", encoding="utf-8")
    assert read_faq(tmp_path / "faq.csv", "zh-CN").left_out == (
        "faq:3：没有答案",
        "faq:4：这个问题在 faq:2 已有答案，这里又是另一个",
    )
    assert read_faq(tmp_path / "faq.csv").left_out[0] == "faq:3: no answer"
