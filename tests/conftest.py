"""Shared by all tests: where evaluation data lies, every file's category, and the watch over log lines."""

import logging
import os
import pathlib
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATEGORIES = {"unit", "engine", "audio", "store", "server", "cli", "house"}
PERSONAL = ("13812345678", "138 1234 5678", "六期吧就这个", "张伟", "6222021234567890")
"""What the test suite's callers say and own. None of it may stand in any log line."""
_leaks: list[str] = []


class LeakWatch(logging.Handler):
    """Keeps the name of every logger that wrote a caller's words."""

    def emit(self, record: logging.LogRecord) -> None:
        line = record.getMessage()
        if record.name != "asyncio" and any(secret in line for secret in PERSONAL):
            _leaks.append(f"{record.name}:{record.lineno}")


def pytest_configure(config: pytest.Config) -> None:
    logging.getLogger().addHandler(LeakWatch(level=logging.DEBUG))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not CATEGORIES & {mark.name for mark in item.iter_markers()}:
            raise pytest.UsageError(f"{item.nodeid} has no category; give its file `pytestmark = pytest.mark.<one>`")


def pytest_sessionfinish(session: pytest.Session) -> None:
    if _leaks:
        session.exitstatus = 1
        sys.stderr.write("\nA caller's words or numbers were logged by: " + ", ".join(sorted(set(_leaks))) + "\n")


def _folder(variable: str, default: str) -> pathlib.Path:
    folder = pathlib.Path(os.environ.get(variable, ROOT.parent / "shared" / default)).resolve()
    if not folder.is_dir():
        pytest.skip(f"{variable} is not set and {default} evaluation folder is not beside the repository")
    return folder


@pytest.fixture(scope="session")
def data() -> pathlib.Path:
    """Folder of human recordings and labelled text; its tests are skipped where it is missing."""
    return _folder("HUASHU_TEST_DATA", "data")


@pytest.fixture(scope="session")
def weights() -> pathlib.Path:
    """Folder of real model weights; its tests are skipped where it is missing."""
    return _folder("HUASHU_TEST_MODELS", "models")
