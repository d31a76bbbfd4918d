"""No caller's words in any log line: the watch over the whole suite works, and a process of its own keeps quiet."""

import logging
import os
import pathlib
import subprocess
import sys

import pytest

from huashu.core.events import Entity, Heard, Started, Understood
from tests.watching import Watch

pytestmark = pytest.mark.house

ROOT = pathlib.Path(__file__).resolve().parent.parent
WORDS = "我住在江城路八十八号，卡号是六二二二零二"


def test_the_watch_catches_what_a_caller_said() -> None:
    mine = Watch()
    mine.note(Heard(WORDS))
    mine.note(Started("c", caller="13912340000", variables={"客户姓名": "欧阳修"}))
    mine.note(Understood("是我", entities=(Entity("phone", "13812345678", "幺三八", 0, 3, "电话"),)))
    for secret in (WORDS, "13912340000", "欧阳修", "13812345678"):
        record = logging.LogRecord("huashu.x", logging.INFO, "x.py", 7, "turn with %s", (secret,), None)
        mine.emit(record)
        assert mine.leaks() == ["huashu.x:7"], secret
        mine.lines.clear()
    mine.emit(logging.LogRecord("huashu.x", logging.INFO, "x.py", 7, "call 1m80 turn 3", (), None))
    assert mine.leaks() == []


LEAKING = f"""
import logging
import pytest
from huashu.core.events import Heard
from tests.conftest import watch
pytestmark = pytest.mark.house

def test_one_that_passes() -> None:
    watch.note(Heard({WORDS!r}))
    logging.getLogger("huashu.leaking").info("heard %s", {WORDS!r})
"""


@pytest.mark.parametrize("workers", [(), ("-n", "1")], ids=["in one process", "in a worker"])
def test_a_leak_fails_the_run_whose_tests_pass(workers: tuple[str, ...], tmp_path: pathlib.Path) -> None:
    if workers:
        pytest.importorskip("xdist", reason="pytest-xdist is not installed")
    (tmp_path / "test_leaking.py").write_text(LEAKING, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), "-p", "tests.conftest", *workers]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", "test_leaking.py"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert "1 passed" in done.stdout
    assert done.returncode == 1
    assert "stand in log lines of: huashu.leaking:" in done.stderr
    assert WORDS not in done.stderr


def test_a_verbose_process_says_nothing_of_the_caller(tmp_path: pathlib.Path) -> None:
    script = ROOT / "scripts_market" / "card_instalment"
    done = subprocess.run(
        [sys.executable, "-m", "huashu.cli", "--verbose", "chat", str(script), "--set", "客户姓名=欧阳修"],
        input=f"是我\n{WORDS}\n三期\n确认\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONUTF8": "1", "HUASHU_HOME": str(tmp_path)},
        check=True,
    )
    assert "欧阳修" in done.stdout
    for secret in ("欧阳修", WORDS, "江城路", "12000", "确认"):
        assert secret not in done.stderr
