"""`huashu fmt` of conversation tests: the layout of every other file, and one spelling of the keys."""

from collections import Counter
from pathlib import Path

from huashu.core.errors import ScriptError
from huashu.flows.formatting import Formatted, layout
from huashu.lab.source import Mistakes, bot_language, documents_of
from huashu.lab.transcript import KEYS, SUFFIXES, Reader


def format_tests(folder: Path, spelling: str | None = None) -> list[Formatted]:
    """What every file of tests/ becomes; nothing is written. A file that is no UTF-8 is left to `huashu test`.

    spelling: "zh" or "en"; None keeps each file's own, and mends a file that mixes both by its majority.

    Raises:
        ScriptError: a file is no YAML; the message holds every finding.
    """
    mistakes = Mistakes(bot_language(folder))
    found = []
    for path in sorted(path for path in (folder / "tests").glob("*") if path.suffix in SUFFIXES and path.is_file()):
        try:
            text = path.read_bytes().decode()
        except UnicodeDecodeError:
            continue
        file = path.relative_to(folder).as_posix()
        found.append(Formatted(file, text, layout(respell_test(text, file, spelling, mistakes))))
    if mistakes.found:
        raise ScriptError("\n".join(map(str, mistakes.found)))
    return found


def respell_test(text: str, file: str, spelling: str | None, mistakes: Mistakes) -> str:
    """The text of a file of tests with its keys in "zh" or "en", None: in the spelling of most of them.

    What is no key of the language stays: names of variables, actions and sentences.
    """
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    reader = Reader(file, Mistakes(mistakes.language))  # what a test means is no matter of its layout
    for node in documents_of(plain, file, mistakes, KEYS):
        reader.test(node)
    lines = plain.split("\n")
    places = [(row - 1, column - 1, english, chinese) for row, column, english, chinese in set(reader.keys)]
    written = Counter(
        "en" if lines[row].startswith((english, f'"{english}', f"'{english}"), column) else "zh"
        for row, column, english, chinese in places
        if english != chinese
    )
    wanted = spelling or (written.most_common(1)[0][0] if len(written) > 1 else None)
    if wanted is None:
        return text
    # From the end of each line, so that the columns in front of a change stay true.
    for row, column, english, chinese in sorted(places, reverse=True):
        new, old = (chinese, english) if wanted == "zh" else (english, chinese)
        start = column + lines[row].startswith(("'", '"'), column)
        if lines[row].startswith(old, start):
            lines[row] = lines[row][:start] + new + lines[row][start + len(old) :]
    return "\n".join(lines)
