"""Node tables of outbound teams (xlsx, csv): which column is which, whatever its header is called, and its rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from huashu.core.errors import UsageError
from huashu.knowledge.spreadsheets import columns, plain, read_sheets

HEADER_WITHIN = 10
"""Rows from the top in which the header is looked for: titles and remarks stand above it."""

_HEADERS = {
    "node": "节点 节点编号 节点id 节点号 编号 序号 步骤 步骤编号 话术编号 话术id id node nodeid no step",
    "name": "节点名称 名称 节点名 步骤名称 主题 场景 环节 流程节点 name title",
    "say": "话术 话术内容 机器人话术 ai话术 标准话术 播报内容 播报话术 录音文案 文案 内容 回复 回复话术 应答话术 "
    "话术文本 答案 回答话术 text script prompt bot say answer response",
    "kind": "类型 节点类型 话术类型 分类 type kind category",
    "intent": "客户意图 意图 用户意图 客户回答 客户反应 客户回复 分支 分支条件 条件 回答类型 意图名称 intent branch "
    "customer reply",
    "keywords": "关键词 关键字 触发词 客户说法 用户说法 相似问法 相似问 例句 语料 问法 客户话术 意图关键词 keywords "
    "keyword examples utterances variants",
    "next": "下一节点 下一步 下个节点 跳转 跳转节点 跳转至 转至 去向 后续节点 后续动作 下一话术 动作 操作 next goto "
    "target action",
    "barge_in": "打断 是否打断 可打断 允许打断 是否可打断 能否打断 bargein interruptible",
    "silence": "静默 静音 静默话术 静音话术 无应答话术 沉默 沉默话术 无声话术 静默处理 无应答处理 silence noinput",
    "unclear": "未识别 未识别话术 无法识别 没听懂 没听清 兜底 兜底话术 未匹配 听不懂话术 unclear nomatch fallback",
    "label": "意向 意向等级 客户等级 意向标签 等级 标签 分级 label grade",
    "question": "问题 标准问题 标准问 知识点 问题名称 question faq",
    "remark": "备注 说明 注释 录音 录音文件 录音编号 版本 修改人 remark notes comment audio",
}
_COLUMNS: Mapping[str, str] = {word: column for column, words in _HEADERS.items() for word in words.split()}
BRANCHES = {
    "肯定", "否定", "拒绝", "中性", "默认", "其他", "其它", "任意", "无应答", "未识别", "在忙", "忙", "没兴趣", "同意",
    "不同意", "yes", "no", "default", "other",
}  # fmt: skip
"""Headers of the other layout: one column for every answer, the next node in its cells."""


@dataclass(frozen=True, slots=True)
class Row:
    sheet: str
    number: int
    """As the spreadsheet shows it, from 1."""
    cells: Mapping[str, str]
    """By column name of ours; empty cells left out."""
    branches: Mapping[str, str]
    """By answer, of the layout with a column for each."""

    def get(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True, slots=True)
class Sheet:
    name: str
    rows: tuple[Row, ...]
    unknown: tuple[str, ...]
    """Headers that mean nothing to us; their columns are not read."""


def read_table(path: Path) -> list[Sheet]:
    """The sheets that have a header row with at least the column of what is said.

    Raises:
        UsageError: no such file, another kind of file, too big, or no sheet with such a header.
        MissingExtraError: an xlsx, and openpyxl is not installed.
    """
    raw = read_sheets(path)
    sheets = [sheet for name, lines in raw.items() if (sheet := _sheet(name, lines)) is not None]
    if not sheets:
        raise UsageError(
            f"{path.name}: no header row with 话术 (say) and 节点 (node) or 问题 (question) "
            f"in the first {HEADER_WITHIN} rows"
        )
    return sheets


def _sheet(name: str, lines: list[list[str]]) -> Sheet | None:
    heads = (n for n, line in enumerate(lines[:HEADER_WITHIN]) if _is_header(set(columns(line, _COLUMNS).values())))
    index = next(heads, None)
    if index is None:
        return None
    line = lines[index]
    places = columns(line, _COLUMNS)
    answers = {n: header for n, header in enumerate(line) if n not in places and plain(header) in BRANCHES}
    rows = []
    for number, cells in enumerate(lines[index + 1 :], index + 2):
        found = {column: cells[n] for n, column in places.items() if n < len(cells) and cells[n]}
        branches = {header: cells[n] for n, header in answers.items() if n < len(cells) and cells[n]}
        if found or branches:
            rows.append(Row(name, number, found, branches))
    unknown = [header for n, header in enumerate(line) if header and n not in places and n not in answers]
    return Sheet(name, tuple(rows), tuple(unknown))


def _is_header(columns: set[str]) -> bool:
    return "say" in columns and bool({"node", "name", "question", "keywords"} & columns)
