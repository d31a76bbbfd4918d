"""Whatever a folder holds, checking it ends with findings, never with a traceback, and within bounds."""

import json
import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from huashu.core.errors import ScriptError
from huashu.flows.check import Report, check, check_sources
from huashu.flows.document import MAX_BYTES
from huashu.flows.findings import Findings
from huashu.flows.folder import KINDS, Sources
from huashu.flows.keys import CHINESE
from huashu.flows.loader import load, load_bundle
from tests.flows.folders import GOOD, STEPS, check_files, write

pytestmark = pytest.mark.engine

CARD = Path(__file__).parent / "bots" / "card"
FILES = {
    path.relative_to(CARD).as_posix(): path.read_bytes()
    for path in sorted(CARD.rglob("*"))
    if path.is_file() and (path.parent.name in KINDS or path.parent == CARD)
}


def codes(report: Report) -> set[str]:
    return {item.code for item in report.errors}


def bomb() -> str:
    rows = ["a0: &a0 [喂, 喂, 喂, 喂, 喂, 喂, 喂, 喂, 喂, 喂]"]
    rows += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    return "\n".join(rows)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty_file"),
        (b"\xff\xfe\x00", "not_utf8"),
        ("flow: 主".encode()[:-1], "not_utf8"),
        (b"- 1\n- 2\n", "file_shape"),
        (b"just text", "file_shape"),
        (b"null", "file_shape"),
        (b"\x00", "control_character"),
        (bomb().encode(), "too_many"),
        (b"flow: " + b"[" * 100 + b"]" * 100, "too_deep"),
        (b"flow: " + b"[" * 50_000, "too_deep"),
        (b"flow: &a [*a]", "too_deep"),
        (b"x" * (MAX_BYTES + 10), "too_big"),
        (b"? [a, b]\n: 1\n", "key_not_text"),
        (b'flow: "\\U00110000"', "syntax"),
        (b"%YAML 9.9.9\n---\na: 1\n", "text_sign"),
    ],
)
def test_hostile_files(tmp_path: Path, content: bytes, code: str) -> None:
    report = check_files(tmp_path, {"flows/a.yaml": content})
    assert code in codes(report), report.findings
    assert report.script is None


@pytest.mark.parametrize(
    "scalar", ["3", "[]", "{}", "null", "[1, [2]]", "{a: {b: 1}}", "'x'", "1e400", "-.5", "~", "0x10"]
)
@pytest.mark.parametrize(
    "key",
    ["needs", "set", "send", "say", "must_hear", "ask", "collect", "prompt", "answers", "one_of", "confirm", "valid",
     "silence", "barge_in", "dtmf", "do", "args", "timeout", "late", "failed", "if", "call", "go", "end", "handoff"],
)  # fmt: skip
def test_wrong_types_everywhere(tmp_path: Path, key: str, scalar: str) -> None:
    report = check_files(tmp_path, {"flows/a.yaml": f"{STEPS}- 开场: {{{key}: {scalar}}}\n"})
    assert report.script is not None or report.errors


def test_no_folder_and_empty_folder(tmp_path: Path) -> None:
    assert codes(check(tmp_path / "nowhere")) == {"no_folder"}
    assert codes(check(tmp_path)) == {"no_bot"}
    assert codes(check(write(tmp_path, {"bot.yaml": GOOD["bot.yaml"]}))) == {"no_flow"}
    with pytest.raises(ScriptError, match=r"^flows/a.yaml:1:1: "):
        load(write(tmp_path, {**GOOD, "flows/a.yaml": "# 空\n"}))


def test_links_out_of_the_folder_are_not_read(tmp_path: Path) -> None:
    outside = write(tmp_path / "other", {"secret.yaml": GOOD["flows/a.yaml"]})
    folder = write(tmp_path / "bot", {"bot.yaml": GOOD["bot.yaml"]})
    (folder / "flows").mkdir()
    (folder / "flows" / "a.yaml").symlink_to(outside / "secret.yaml")
    assert "outside" in codes(check(folder))


def test_a_directory_named_like_a_file(tmp_path: Path) -> None:
    folder = write(tmp_path, GOOD)
    (folder / "flows" / "b.yaml").mkdir()
    assert codes(check(folder)) == {"unreadable"}


def test_bytes_that_are_no_archive() -> None:
    with pytest.raises(ScriptError):
        load_bundle(b"PK\x03\x04 no")
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("../bot.yaml", "bot: a")
    with pytest.raises(ScriptError):
        load_bundle(buffer.getvalue())


SNIPPETS = [
    "{",
    "}",
    "[",
    "]",
    ": ",
    " #",
    "*a",
    "&a",
    "\t",
    "\n",
    "- ",
    "【",
    "】",
    "{{",
    "0571",
    "!x",
    "|",
    ">",
    "'",
    '"',
]
SNIPPETS += [
    "",
    "null",
    "3",
    "[]",
    "{}",
    "a: b",
    "steps",
    "go",
    "=1/",
    "\x00",
    "\ufeff",
    "?",
    "%",
    "@",
    ",",
    "肯定",
    "...",
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(FILES)),
    st.lists(
        st.tuples(st.floats(0, 1), st.integers(0, 30), st.one_of(st.sampled_from(SNIPPETS), st.text(max_size=5))),
        min_size=1,
        max_size=4,
    ),
)
def test_mutated_bots_never_raise(name: str, edits: list[tuple[float, int, str]]) -> None:
    text = FILES[name].decode()
    for share, cut, snippet in edits:
        at = int(share * len(text))
        text = text[:at] + snippet + text[at + cut :]
    report = check_sources(Sources({**FILES, name: text.encode("utf-8", "surrogatepass")}), Findings())
    assert (report.script is None) == bool(report.errors)
    for item in report.findings:
        assert item.line >= 1
        assert item.column >= 1
        assert item.message


JUNK: list[object] = [
    None,
    True,
    0,
    -1,
    10**40,
    1.5,
    "",
    "=",
    "=1/0",
    "=账单金额",
    "【",
    "肯定",
    "开场",
    "5s",
    "words>=2",
    "a.b",
    "张 伟",
]
JUNK += [
    [],
    {},
    [None],
    [[]],
    [{}],
    {"": None},
    {"say": {"say": "好"}},
    {"go": []},
    {"after": "5s"},
    {"肯定": None},
    [1, [2]],
]


def replaced(data: object, pick: int, junk: object, key: str | None) -> object:
    """A copy of plain data with its `pick`-th node replaced by junk, or that node's key renamed."""
    count = 0

    def visit(node: object) -> object:
        nonlocal count
        count += 1
        if count == pick and key is None:
            return junk
        if isinstance(node, dict):
            renamed = {}
            for name, item in node.items():
                here = key is not None and count + 1 == pick
                renamed[key if here and key is not None else name] = visit(item)
            return renamed
        return [visit(item) for item in node] if isinstance(node, list) else node

    return visit(data)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(sorted(name for name in FILES if name.endswith(".yaml"))),
    st.lists(
        st.tuples(
            st.integers(1, 220), st.sampled_from(JUNK), st.none() | st.sampled_from([*CHINESE, *CHINESE.values()])
        ),
        min_size=1,
        max_size=4,
    ),
)
def test_bots_with_parts_replaced_never_raise(name: str, edits: list[tuple[int, object, str | None]]) -> None:
    data = YAML(typ="safe", pure=True).load(FILES[name])
    for pick, junk, key in edits:
        data = replaced(data, pick, junk, key)
    text = json.dumps(data, ensure_ascii=False, default=str)
    report = check_sources(Sources({**FILES, name: text.encode()}), Findings())
    assert (report.script is None) == bool(report.errors)
    assert all(item.message and item.line == 1 for item in report.findings if item.file == name)
