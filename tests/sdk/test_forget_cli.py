"""`huashu calls erase` and `sweep` as an operator uses them: what they print, and what is left on the disk."""

import json
import wave
from pathlib import Path

import pytest
from typer.testing import CliRunner

from huashu.cli import app
from huashu.core.events import Heard, Started
from huashu.core.ids import new_call_id
from huashu.desk.audit import Audit
from huashu.desk.tables import Tables
from huashu.store.files import Files
from huashu.store.log import Store
from huashu.store.records import Entry, Opening

pytestmark = pytest.mark.cli

SECRET = "我要退掉那台热水器"


def run(*arguments: object) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def recorded(folder: Path, *, entered: bool = True) -> tuple[Path, str, Path]:
    """(store, call, its recording: a second of silence)."""
    call, url = new_call_id(), folder / "calls.db"
    sound = folder / f"{call}.wav"
    with Store.open(url) as store:
        store.begin(Opening(call, "b"), [Entry(1, 0.0, Started(call)), Entry(2, 1.0, Heard(SECRET))])
        if entered:
            Files(store).put(sound, call, "recording", 0.0)
    with wave.open(str(sound), "wb") as file:
        file.setparams((2, 2, 8000, 0, "NONE", ""))
        file.writeframes(bytes(32000))
    return url, call, sound


def test_erase_tells_what_went_and_what_stays(tmp_path: Path) -> None:
    url, call, sound = recorded(tmp_path)
    page, other = tmp_path / "page.html", tmp_path / "other.html"
    assert run("listen", sound, "--store", url, "--out", page)[0] == 0
    assert run("listen", sound, "--store", tmp_path / "none.db", "--out", other)[0] == 0
    code, told = run("calls", "erase", call, "--store", url)
    assert code == 0
    assert f"{call}: erased" in told
    assert "1 turns" in told
    assert "2 recordings and pages" in told
    assert "kept, without content" in told
    assert (sound.exists(), page.exists(), other.exists()) == (False, False, True)
    code, again = run("calls", "erase", call, "--store", url)
    assert (code, f"{call}: had been erased before" in again) == (0, True)
    assert SECRET not in run("calls", "show", call, "--store", url)[1]


def test_a_file_that_cannot_be_deleted_fails_the_command(tmp_path: Path) -> None:
    url, call, sound = recorded(tmp_path)
    sound.unlink()
    sound.mkdir()
    code, told = run("calls", "erase", call, "--store", url)
    assert code == 1
    assert f"{sound} could not be deleted" in told
    sound.rmdir()
    code, told = run("calls", "erase", call, "--store", url)
    assert code == 0
    assert f"{sound} was not there any more" in told


def test_recordings_of_before_are_found_by_their_name(tmp_path: Path) -> None:
    url, call, sound = recorded(tmp_path, entered=False)
    code, told = run("calls", "erase", call, "--store", url, "--recordings", tmp_path, "--json")
    assert (code, json.loads(told)["files"]) == (0, 1)
    assert not sound.exists()


def test_sweep_forgets_each_kind_by_its_own_age(tmp_path: Path) -> None:
    url, call, sound = recorded(tmp_path)
    tables = Tables.open(url)
    Audit(tables).note(1.0, "take", about=call)
    tables.close()
    code, told = run("calls", "sweep", "--recordings-days", 30, "--store", url)
    assert (code, "0 calls deleted, 0 erased" in told, sound.exists()) == (0, True, False)
    assert SECRET in run("calls", "show", call, "--store", url)[1]
    assert "0 calls deleted, 1 erased" in run("calls", "sweep", "--words-days", 90, "--store", url)[1]
    code, told = run("calls", "sweep", "--days", 365, "--audit-days", 400, "--store", url)
    assert (code, "1 calls deleted" in told, "1 acts" in told) == (0, True, True)
    assert "no calls" in run("calls", "list", "--store", url)[1]


@pytest.mark.parametrize("wrong", [[], ["--days", "0"], ["--audit-days", "-1"], ["--days", "3", "--words-days", "9"]])
def test_what_cannot_be_meant_is_refused(tmp_path: Path, wrong: list[str]) -> None:
    url, call, _ = recorded(tmp_path)
    assert run("calls", "sweep", "--store", url, *wrong)[0] == 1
    assert call in run("calls", "list", "--store", url)[1]
