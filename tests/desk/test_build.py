"""What is shipped of the page was built from the sources that are here."""

import hashlib
import json
import re
from pathlib import Path

import pytest

from huashu.desk import audit as acts
from huashu.desk.wire import COMMANDS

pytestmark = pytest.mark.house

DESK = Path(__file__).resolve().parent.parent.parent / "desk"
ASIDE = {"node_modules", ".npmrc"}


def digests(folder: Path, aside: set[str]) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.relative_to(folder).parts[0] not in aside
    }


def test_the_built_page_is_that_of_the_sources() -> None:
    told = json.loads((DESK / "static" / "manifest.json").read_text("utf-8"))
    assert told["sources"] == digests(DESK / "web", ASIDE), "run `npm run build` in desk/web and commit desk/static"
    assert told["built"] == digests(DESK / "static", {"manifest.json"}), "desk/static is not as it was built"


def test_the_page_names_no_other_host_and_is_small() -> None:
    size = 0
    for path in (DESK / "static").rglob("*"):
        if path.suffix in (".html", ".css", ".js"):
            text = path.read_text("utf-8")
            size += len(text.encode())
            for other in ("fonts.googleapis", "cdn.", "unpkg", "jsdelivr"):
                assert other not in text, f"{path} speaks of {other}"
    assert size < 400_000


def test_no_folder_of_the_machine_is_in_the_lock_file() -> None:
    lock = (DESK / "web" / "package-lock.json").read_text("utf-8")
    assert '"resolved"' not in lock
    assert "file:" not in lock


def test_every_command_and_act_has_words_in_the_page_s_audit() -> None:
    words = (DESK / "web" / "src" / "words.ts").read_text("utf-8")
    for name in (
        *COMMANDS,
        acts.SIGNED_IN,
        acts.SIGNED_OUT,
        acts.SAW,
        acts.LOCKED,
        acts.UNLOCKED,
        acts.READ,
        acts.EXPORTED,
    ):
        assert re.search(rf"^  '?act_{name}'?: \['", words, re.MULTILINE), name
