"""Shared by all tests: where evaluation data lies, every file's category, and the watch over log lines."""

import logging
import os
import pathlib
import sys
from typing import Any

import pytest

from huashu.core.actions import Action
from huashu.core.events import ActionResult, Dtmf, Event, Heard, HumanLeft, Started, Understood
from huashu.dialogue.engine import Conversation
from tests.watching import Watch

ROOT = pathlib.Path(__file__).resolve().parent.parent
CATEGORIES = {"unit", "engine", "audio", "store", "server", "cli", "house"}
PRIVATE_EVENTS = (Started, Heard, Dtmf, Understood, ActionResult, HumanLeft)


watch = Watch()
leaks_of_workers: set[str] = set()
"""What the watches of pytest-xdist's workers have found, each in its own process."""


def pytest_configure(config: pytest.Config) -> None:
    """Log as `huashu --verbose` does, and overhear every event that any engine of the suite receives."""
    logging.getLogger().addHandler(watch)
    logging.getLogger("huashu").setLevel(logging.INFO)
    receive = Conversation.receive

    def overheard(self: Conversation, event: Event, *, now: float) -> list[Action]:
        if isinstance(event, PRIVATE_EVENTS):
            watch.note(event)
        return receive(self, event, now=now)

    Conversation.receive = overheard  # type: ignore[method-assign]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if not CATEGORIES & {mark.name for mark in item.iter_markers()}:
            raise pytest.UsageError(f"{item.nodeid} has no category; give its file `pytestmark = pytest.mark.<one>`")


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """A worker has ended: its watch has told what it found. One that died has failed the run already."""
    leaks_of_workers.update(getattr(node, "workeroutput", {}).get("leaks", ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    leaks = sorted(leaks_of_workers.union(watch.leaks()))
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["leaks"] = leaks
    elif leaks:
        session.exitstatus = 1
        sys.stderr.write("\nA caller's words, digits or values stand in log lines of: " + ", ".join(leaks) + "\n")


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
