"""Spreadsheets as people keep them: the cells of every sheet of an xlsx or csv file as texts."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from huashu.core.errors import MissingExtraError, UsageError
from huashu.knowledge.wording import told

MAX_BYTES = 20_000_000
MAX_ROWS = 100_000


def read_sheets(path: Path, language: str = "en") -> dict[str, list[list[str]]]:
    """Rows of cells by name of the sheet (of a csv file: its own name). language: of the errors, as below.

    Raises:
        UsageError: no such file, another kind of file, damaged, too big, or of an unknown encoding.
        MissingExtraError: an xlsx, and openpyxl is not installed.
    """
    check_size(path, language)
    match path.suffix.lower():
        case ".xlsx" | ".xlsm":
            return _workbook(path, language)
        case ".csv" | ".tsv" | ".txt":
            return {path.stem: _csv(path, language)}
        case other:
            kind = other or told(language, "no_suffix")
            raise UsageError(told(language, "no_table", name=path.name, kind=kind))


def check_size(path: Path, language: str = "en") -> None:
    """Raises UsageError when there is no such file, or one of more than MAX_BYTES."""
    if not path.is_file():
        raise UsageError(told(language, "no_file", path=path))
    if path.stat().st_size > MAX_BYTES:
        raise UsageError(told(language, "too_big", path=path, most=MAX_BYTES))


def decoded(path: Path, language: str = "en") -> str:
    """The text of a file as Chinese and other spreadsheets save it. Raises UsageError when it is none."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UsageError(told(language, "no_text", name=path.name))


def columns(row: Iterable[str], names: Mapping[str, str]) -> dict[int, str]:
    """Position → column, by headers without marks (`names`); the first header of a meaning has it. What stands in
    brackets behind a header is a remark."""
    found: dict[int, str] = {}
    for position, header in enumerate(row):
        column = names.get(plain(header)) or names.get(re.sub(r"[（(].*", "", plain(header)))
        if column and column not in found.values():
            found[position] = column
    return found


def plain(header: str) -> str:
    """A header without blanks and marks, in lower case."""
    return re.sub(r"[\s_\-*:：/]+", "", header).lower()


def _workbook(path: Path, language: str) -> dict[str, list[list[str]]]:
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as error:
        raise MissingExtraError(told(language, "needs_openpyxl")) from error
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            return {
                sheet.title: [
                    [_cell(value) for value in row] for row in sheet.iter_rows(max_row=MAX_ROWS, values_only=True)
                ]
                for sheet in book.worksheets
            }
        finally:
            book.close()
    except (InvalidFileException, zipfile.BadZipFile, KeyError, ValueError, OSError) as error:
        raise UsageError(told(language, "no_workbook", name=path.name, problem=error)) from error


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))  # a spreadsheet keeps node 3 as 3.0
    return str(value).strip()


def _csv(path: Path, language: str) -> list[list[str]]:
    text = decoded(path, language)
    first = text.split("\n", 1)[0]
    mark = max(",\t;，", key=first.count)
    return [[cell.strip() for cell in line] for line in csv.reader(io.StringIO(text), delimiter=mark)][:MAX_ROWS]
