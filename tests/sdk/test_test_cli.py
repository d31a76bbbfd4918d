"""`huashu test` as a designer and as a CI system use it."""

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.lab.folders import write_bot
from tests.sdk.test_cli import huashu

pytestmark = pytest.mark.cli

TESTS = (
    "test: one\nturns:\n- bot: 您好  # 开场\n- caller: 不是\n- expect: {ending: 成了}\n"
    "---\ntest: two\nturns: [bot: 您好]\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "bot").mkdir()
    return write_bot(tmp_path / "bot", TESTS)


def test_update_shows_the_difference_and_writes_it(folder: Path) -> None:
    asked = huashu("test", folder, "--update")
    assert (asked.returncode, "--yes" in asked.stderr) == (1, True)
    assert (folder / "tests" / "a.yaml").read_text(encoding="utf-8") == TESTS
    done = huashu("test", folder, "--update", "--yes")
    assert done.returncode == 0, done.stderr
    assert "-- expect: {ending: 成了}" in done.stderr
    assert "+- expect: {ending: 不要}" in done.stderr
    assert (folder / "tests" / "a.yaml").read_text(encoding="utf-8") == TESTS.replace("成了", "不要")
    assert done.stdout.splitlines()[-1] == "small：2 个通过，0 个失败"


def test_reports_for_ci_and_a_gate_on_coverage(folder: Path, tmp_path: Path) -> None:
    done = huashu("test", folder, "--junit", tmp_path / "j.xml", "--coverage", tmp_path / "c.info", "-k", "two")
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == 2  # what a part of the tests does not reach is no news
    assert [case.get("name") for case in ET.parse(tmp_path / "j.xml").iter("testcase")] == ["two"]
    assert "SF:" in (tmp_path / "c.info").read_text(encoding="utf-8")
    gate = huashu("test", folder, "-k", "two", "--coverage", tmp_path / "c.json", "--fail-under", "90")
    assert gate.returncode == 1
    assert "--fail-under 90" in gate.stderr
    assert json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))["bot"] == "small"
    assert huashu("test", folder, "--fail-under", "101").returncode == 1
    assert "make it first" in huashu("test", folder, "--junit", tmp_path / "no" / "j.xml").stderr
    assert "--watch" in huashu("test", folder, "--watch", "--json").stderr
    assert "no bot's folder" in huashu("test", folder / "nothing", "--watch").stderr


def test_fmt_respells_the_tests_too(folder: Path) -> None:
    copy = Path(shutil.copytree(folder, folder.parent / "copy"))
    assert huashu("fmt", folder, "--keys", "zh").returncode == 0
    assert (
        (folder / "tests" / "a.yaml")
        .read_text(encoding="utf-8")
        .startswith("测试: one\n对话:\n- 机器人: 您好  # 开场\n")
    )
    assert huashu("fmt", folder, "--keys", "en").returncode == 0
    assert (folder / "tests" / "a.yaml").read_text(encoding="utf-8") == (copy / "tests" / "a.yaml").read_text(
        encoding="utf-8"
    )
