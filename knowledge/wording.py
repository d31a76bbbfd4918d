"""What is said of files that questions and answers are read from, in the language of the bot they are for."""

from collections.abc import Mapping
from typing import Final

from huashu.core.language import is_chinese

_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "no_file": ("没有这个文件：{path}", "there is no file {path}"),
    "too_big": (
        "{path} 超过 {most} 字节；这类文件一般只有几十万字节",
        "{path} has more than {most} bytes; such files have a few hundred thousand",
    ),
    "no_text": ("{name} 既不是 UTF-8 也不是 GB18030 文本", "{name} is neither UTF-8 nor GB18030 text"),
    "no_table": ("{name}：表格要用 .xlsx 或 .csv，不能是 {kind}", "{name}: a table is .xlsx or .csv, not {kind}"),
    "no_kind": (
        "{name}：能读 .csv、.xlsx、.docx 和 .md，不能读 {kind}",
        "{name}: .csv, .xlsx, .docx or .md is read, not {kind}",
    ),
    "no_suffix": ("没有后缀的文件", "a file without a suffix"),
    "no_workbook": ("{name} 打不开，不是完好的表格文件：{problem}", "{name} cannot be read as a workbook: {problem}"),
    "no_word": ("{name} 打不开，不是完好的 Word 文件：{problem}", "{name} cannot be read as a Word file: {problem}"),
    "needs_openpyxl": (
        "读 xlsx 表格要装 openpyxl：pip install 'huashu[office]'，或者另存为 .csv",
        "xlsx tables need openpyxl: pip install 'huashu[office]', or save as .csv",
    ),
    "needs_docx": (
        "读 Word 文件要装 python-docx：pip install 'huashu[office]'",
        "Word files need python-docx: pip install 'huashu[office]'",
    ),
    "nothing": (
        "{name}：没有找到一问一答；表格要有“问题”和“答案”两列，文档要有标题，或者以“问：”“答：”开头的段落",
        "{name}: no question with an answer; a table needs columns 问题 and 答案 (question, answer), "
        "a text headings or paragraphs that begin with Q: and A: (问：, 答：)",
    ),
    "no_header": (
        "{where}：没有带“问题”和“答案”的表头",
        "{where}: no header with 问题 (question) and 答案 (answer)",
    ),
    "paragraph": ("{name} 第 {number} 段", "{name}, paragraph {number}"),
    "table": ("{name} 第 {number} 个表格", "{name}, table {number}"),
    "long_question": ("{where}：问题有 {length} 个字，太长", "{where}: a question of {length} characters"),
    "no_question": ("{where}：没有问题", "{where}: no question"),
    "no_answer": ("{where}：没有答案", "{where}: no answer"),
    "two_answers": (
        "{where}：这个问题在 {other} 已有答案，这里又是另一个",
        "{where}: another answer to a question that {other} answers",
    ),
}
"""Chinese, English."""


def told(language: str, code: str, **values: object) -> str:
    """language: BCP-47."""
    return _WORDS[code][0 if is_chinese(language) else 1].format(**values)
