"""The house keeps its order: who may import whom, what the wheel holds, what the engine may not touch."""

import ast
import pathlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile

import pytest

pytestmark = pytest.mark.house

ROOT = pathlib.Path(__file__).resolve().parent.parent
ORDER = [
    {"sdk"},
    {"desk"},
    {"channels"},
    {"voice"},
    {"handoff"},
    {"scripts_market", "insight"},
    {"lab"},
    {"runtime"},
    {"dialogue"},
    {"flows"},
    {"knowledge"},
    {"nlu", "asr", "tts"},
    {"values"},
    {"store", "models"},
    {"core"},
]
LEVEL = {room: level for level, rooms in enumerate(ORDER) for room in rooms}
IMPURE = {
    "asyncio", "concurrent", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "select",
    "signal", "socket", "sqlite3", "ssl", "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid",
}  # fmt: skip


PURE = {
    "commands", "course", "effects", "figures", "line", "machine", "parting", "plan", "ranks", "routing", "rules",
    "signals", "staff", "state", "together", "transcript", "views",
}  # fmt: skip
"""Modules of handoff that are a value machine as dialogue is."""


def python_files(room: str) -> list[pathlib.Path]:
    """The room's modules; a script's own actions.py below scripts_market/ is data, not part of the house."""
    return sorted(path for path in (ROOT / room).rglob("*.py") if (path.parent / "__init__.py").exists())


def imported(path: pathlib.Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            names.add(node.module or "")
            if node.module == "huashu":
                names.update(f"huashu.{alias.name}" for alias in node.names)
    return names


def packages() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return dict(project["tool"]["setuptools"]["package-dir"])


@pytest.mark.parametrize("room", sorted(LEVEL))
def test_a_room_imports_only_rooms_below_it(room: str) -> None:
    for path in python_files(room):
        for name in imported(path):
            parts = name.split(".")
            if parts[0] != "huashu":
                continue
            assert room == "sdk" or len(parts) > 1, f"{path}: a room imports from `huashu` itself"
            other = parts[1] if len(parts) > 1 and parts[1] in LEVEL else "sdk"
            if other != room:
                assert LEVEL[other] > LEVEL[room], f"{path}: {room} may not import {other}"


def test_core_needs_nothing_but_the_standard_library() -> None:
    for path in python_files("core"):
        for name in imported(path):
            top = name.split(".")[0]
            assert top == "huashu" or top in sys.stdlib_module_names, f"{path} imports {name}"


def test_the_engine_and_the_centre_are_pure() -> None:
    centre = [path for path in python_files("handoff") if path.stem in PURE]
    assert len(centre) == len(PURE)
    for path in [*python_files("dialogue"), *centre]:
        for name in imported(path):
            assert name.split(".")[0] not in IMPURE, f"{path} imports {name}"
        text = path.read_text(encoding="utf-8")
        assert ".now(" not in text.replace("call.now(", ""), f"{path} reads a clock"
        assert "open(" not in text.replace("_open(", ""), f"{path} opens a file"


def test_every_room_is_packaged() -> None:
    folders = {
        path.parent.relative_to(ROOT).as_posix() for room in LEVEL for path in (ROOT / room).rglob("__init__.py")
    }
    assert folders == set(packages().values())


def test_importing_huashu_is_light() -> None:
    code = "import sys, huashu; print(sorted({name.split('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    for heavy in ("torch", "sklearn", "numpy", "onnxruntime", "grpc", "pydantic", "ruamel", "pypinyin"):
        assert f"'{heavy}'" not in loaded, f"import huashu loads {heavy}"


def test_the_wheel_holds_every_module_and_data_file(tmp_path: pathlib.Path) -> None:
    """All but the sources of the desk's page: what is built from them is in desk/static."""
    shutil.rmtree(ROOT / "build" / "lib", ignore_errors=True)  # what an earlier build left would be packed again
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(ROOT)],
        check=True,
        capture_output=True,
        cwd=tmp_path,
    )
    (wheel,) = tmp_path.glob("*.whl")
    inside = {name for name in zipfile.ZipFile(wheel).namelist() if not name.startswith("huashu-")}
    wanted = set()
    for package, folder in packages().items():
        for path in (ROOT / folder).rglob("*"):
            if path.is_file() and "__pycache__" not in path.parts and (ROOT / "desk" / "web") not in path.parents:
                wanted.add(f"{package.replace('.', '/')}/{path.relative_to(ROOT / folder).as_posix()}")
    assert inside == wanted


def test_every_environment_variable_is_in_the_manual() -> None:
    told = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
    table = told[told.index("### Environment") : told.index("## Who answers")]
    named = {
        name
        for room in LEVEL
        for path in python_files(room)
        for name in re.findall(r"\bHUASHU_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8"))
    }
    assert {"HUASHU_NLU", "HUASHU_RERANK"} <= named
    assert named == set(re.findall(r"`(HUASHU_[A-Z_]+)`", table))


def test_a_language_is_asked_about_in_one_place() -> None:
    """By huashu.core.language: a comparison by hand forgets Mandarin and Cantonese by their own tags."""
    for room in sorted(LEVEL):
        for path in python_files(room):
            by_hand = re.search(r"startswith\(.zh|split\(.-.\)\[0\]\.lower", path.read_text(encoding="utf-8"))
            assert by_hand is None or path == ROOT / "core" / "language.py", f"{path}: {by_hand and by_hand[0]}"
