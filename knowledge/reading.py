"""Questions and answers out of what a team has already: csv, Excel, Word, Markdown."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Final, Literal

from huashu.core.errors import MissingExtraError, UsageError
from huashu.knowledge.spreadsheets import check_size, columns, decoded, read_sheets
from huashu.knowledge.wording import told

MAX_QUESTION: Final = 200
"""Characters; what is longer is no question that anybody asks."""
HEADER_WITHIN: Final = 10
"""Rows from the top in which a table's header is looked for: titles and remarks stand above it."""

_HEADERS: Final = {
    "question": "问题 标准问 标准问题 标准问法 主问题 知识标题 知识点 标题 问 question faq title q",
    "variants": "相似问 相似问法 相似问题 扩展问 扩展问法 问法 其他问法 同义问 variants similar alternatives",
    "answer": "答案 标准答案 回答 回复 答复 答 文本答案 内容 answer response reply a",
    "voice": "语音答案 语音 语音回复 播报 电话答案 口语答案 voice spoken",
    "from": "生效 生效时间 生效日期 开始时间 开始日期 from start validfrom",
    "until": "失效 失效时间 失效日期 结束时间 结束日期 截止日期 until end validuntil",
}
_COLUMNS: Final[Mapping[str, str]] = {word: name for name, words in _HEADERS.items() for word in words.split()}
_ASKED: Final = re.compile(r"^(?:Q|问题?|Question)\s*\d*\s*[:：.、]\s*(\S.*)", re.IGNORECASE)
_ANSWERED: Final = re.compile(r"^(?:A|答案?|Answer)\s*\d*\s*[:：.、]\s*(\S.*)", re.IGNORECASE)
_ALSO: Final = re.compile(
    r"^(?:相似问法?|其他问法|问法|也可以这样问|Also asked|Variants)\s*[:：]\s*(\S.*)", re.IGNORECASE
)
_SEVERAL: Final = re.compile(r"\s*[\n|;；]\s*")
_DAY: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")


@dataclass(slots=True)
class Draft:
    """An item as found. `source`: where, for messages."""

    question: str
    answer: str = ""
    variants: list[str] = field(default_factory=list)
    voice: str = ""
    starts: date | None = None
    ends: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    drafts: tuple[Draft, ...]
    left_out: tuple[str, ...]
    """What was not taken, each with where and why."""


class _LeftOut:
    """Where and why something was not taken, in a language."""

    def __init__(self, language: str) -> None:
        self._language = language
        self.told: list[str] = []

    def add(self, code: str, where: str, **values: object) -> None:
        self.told.append(told(self._language, code, where=where, **values))


Block = tuple[Literal["heading", "text"], str, str]
"""(kind, text, where)."""


def read_faq(path: Path, language: str = "en") -> Found:
    """The questions and answers of a file, in its order; the same question twice is one with all its wordings.

    .csv .tsv .xlsx: a table with a header (问题/question and 答案/answer; 相似问/variants, 语音答案/voice, 生效/from,
    失效/until if there are). .md .docx: headings with what stands below them, or paragraphs "Q: …" and "A: …"; tables
    of a Word file are read as tables. language: of the errors and of what is left out.

    Raises:
        UsageError: no such file, another kind, damaged, or nothing in it that is a question with an answer.
        MissingExtraError: .xlsx or .docx, and the extra `office` is not installed.
    """
    left_out = _LeftOut(language)
    check_size(path, language)
    match path.suffix.lower():
        case ".md" | ".markdown":
            found = list(_blocks(_markdown(path, language)))
        case ".docx":
            blocks, tables = _word(path, language)
            found = list(_blocks(blocks))
            for name, rows in tables.items():
                found += _table(name, rows, left_out)
        case ".csv" | ".tsv" | ".xlsx" | ".xlsm":
            found = [
                draft for name, rows in read_sheets(path, language).items() for draft in _table(name, rows, left_out)
            ]
        case other:
            kind = other or told(language, "no_suffix")
            raise UsageError(told(language, "no_kind", name=path.name, kind=kind))
    kept = _complete(_merged(found), left_out)
    if not kept:
        raise UsageError(told(language, "nothing", name=path.name))
    return Found(tuple(kept), tuple(left_out.told))


# --- tables -------------------------------------------------------------------------------------------------------


def _table(name: str, rows: list[list[str]], left_out: "_LeftOut") -> Iterator[Draft]:
    heads = (
        n
        for n, row in enumerate(rows[:HEADER_WITHIN])
        if {"question", "answer"} <= set(columns(row, _COLUMNS).values())
    )
    first = next(heads, None)
    if first is None:
        if any(any(row) for row in rows):
            left_out.add("no_header", name)
        return
    places = columns(rows[first], _COLUMNS)
    for number, cells in enumerate(rows[first + 1 :], first + 2):
        row = {column: cells[n].strip() for n, column in places.items() if n < len(cells)}
        if any(row.values()):
            yield Draft(
                question=row.get("question", ""),
                answer=row.get("answer", ""),
                variants=[text for text in _SEVERAL.split(row.get("variants", "")) if text],
                voice=row.get("voice", ""),
                starts=_day(row.get("from", "")),
                ends=_day(row.get("until", "")),
                source=f"{name}:{number}",
            )


def _day(text: str) -> date | None:
    match = _DAY.search(text)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


# --- texts --------------------------------------------------------------------------------------------------------


def _blocks(blocks: Iterable[Block]) -> Iterator[Draft]:
    """A heading, or "Q: …", and all up to the next."""
    draft: Draft | None = None
    for kind, text, where in blocks:
        asked = _ASKED.match(text)
        if kind == "heading" or asked:
            if draft is not None:
                yield draft
            draft = Draft(asked[1] if asked else text, source=where)
        elif draft is not None and (also := _ALSO.match(text)):
            draft.variants += [item for item in _SEVERAL.split(also[1]) if item]
        elif draft is not None:
            answered = _ANSWERED.match(text)
            draft.answer = "\n".join(filter(None, (draft.answer, answered[1] if answered else text)))
    if draft is not None:
        yield draft


def _markdown(path: Path, language: str) -> Iterator[Block]:
    from markdown_it import MarkdownIt  # only here: 15 ms of import that no call needs

    heading = False
    for token in MarkdownIt("commonmark").enable("table").parse(decoded(path, language)):
        if token.type in ("heading_open", "heading_close"):
            heading = token.type == "heading_open"
        elif token.type in ("inline", "fence", "code_block") and token.map is not None:
            children = token.children or ()
            text = "".join("\n" if child.type in ("softbreak", "hardbreak") else child.content for child in children)
            for line in (text or token.content).splitlines():
                if line.strip():
                    yield ("heading" if heading else "text"), line.strip(), f"{path.name}:{token.map[0] + 1}"


def _word(path: Path, language: str) -> tuple[list[Block], dict[str, list[list[str]]]]:
    try:
        import docx
        from docx.opc.exceptions import PackageNotFoundError
    except ImportError as error:
        raise MissingExtraError(told(language, "needs_docx")) from error
    try:
        document = docx.Document(str(path))
    except (PackageNotFoundError, KeyError, ValueError, OSError) as error:
        raise UsageError(told(language, "no_word", name=path.name, problem=error)) from error
    blocks: list[Block] = []
    for number, paragraph in enumerate(document.paragraphs, 1):
        style = (paragraph.style.name or "").lower() if paragraph.style is not None else ""
        heading = style.startswith(("heading", "标题", "title"))
        for line in paragraph.text.splitlines():
            if line.strip():
                where = told(language, "paragraph", name=path.name, number=number)
                blocks.append(("heading" if heading else "text", line.strip(), where))
    tables = {
        told(language, "table", name=path.name, number=number): [
            [cell.text.strip() for cell in row.cells] for row in table.rows
        ]
        for number, table in enumerate(document.tables, 1)
    }
    return blocks, tables


# --- all together -------------------------------------------------------------------------------------------------


def _merged(drafts: Iterable[Draft]) -> list[Draft]:
    """The same question again, or none, adds wordings to the one there is: tables keep a wording a row."""
    found: dict[str, Draft] = {}
    last: Draft | None = None
    for draft in drafts:
        known = found.get(draft.question) if draft.question else last
        if known is None or known is draft:
            found.setdefault(draft.question, draft)
            last = draft
            continue
        known.variants += draft.variants
        if not known.answer:
            known.answer = draft.answer
        elif draft.answer and draft.answer != known.answer:
            known = found[f"{draft.question}\0{len(found)}"] = draft  # two answers: told as a repeated question
        last = known
    return list(found.values())


def _complete(drafts: list[Draft], left_out: "_LeftOut") -> list[Draft]:
    kept: dict[str, Draft] = {}
    for draft in drafts:
        if not draft.question or len(draft.question) > MAX_QUESTION:
            left_out.add("long_question" if draft.question else "no_question", draft.source, length=len(draft.question))
        elif not draft.answer:
            left_out.add("no_answer", draft.source)
        elif draft.question in kept:
            left_out.add("two_answers", draft.source, other=kept[draft.question].source)
        else:
            draft.variants = [text for text in dict.fromkeys(draft.variants) if text != draft.question]
            kept[draft.question] = draft
    return list(kept.values())
