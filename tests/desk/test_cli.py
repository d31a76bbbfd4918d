"""`huashu desk` and `huashu serve --desk` as an operator uses them."""

import json
import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from huashu.core.events import Started
from huashu.handoff.record import Record
from huashu.handoff.tickets import Ticket
from huashu.handoff.views import Field
from huashu.store.cases import CaseBook
from huashu.store.log import Store
from huashu.store.records import Entry, Opening
from tests.channels.kit import write_bot

pytestmark = pytest.mark.cli

PASSWORD = "a-long-enough-secret"
ROOT = Path(__file__).resolve().parent.parent.parent


def huashu(*arguments: str, feed: str = "", cwd: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "huashu.cli", *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200"}
    return subprocess.run(
        command, input=feed, capture_output=True, text=True, cwd=cwd, env=environment, check=False, encoding="utf-8"
    )


def test_people_are_added_changed_and_removed_and_passwords_stay_off_the_command_line(tmp_path: Path) -> None:
    added = huashu("desk", "user", "add", "wang", "--name", "王芳", feed=f"{PASSWORD}\n", cwd=tmp_path)
    assert (added.returncode, added.stdout) == (0, "wang: agent\n")
    again = huashu("desk", "user", "add", "wang", feed=f"{PASSWORD}\n", cwd=tmp_path)
    assert (again.returncode, "already" in again.stderr, "Traceback" in again.stderr) == (1, True, False)
    short = huashu("desk", "user", "add", "li", feed="short\n", cwd=tmp_path)
    assert (short.returncode, "characters" in short.stderr) == (1, True)
    assert "--password" in huashu("desk", "user", "change", "--help", cwd=tmp_path).stdout
    changed = huashu("desk", "user", "change", "wang", "--role", "supervisor", "--off", cwd=tmp_path)
    assert changed.stdout == "wang: supervisor (off)\n"
    listed = json.loads(huashu("desk", "user", "list", "--json", cwd=tmp_path).stdout)
    assert listed == [{"id": "wang", "name": "王芳", "role": "supervisor", "language": "zh-CN", "disabled": True}]
    assert huashu("desk", "user", "remove", "wang", cwd=tmp_path).returncode == 0
    assert huashu("desk", "user", "list", cwd=tmp_path).stdout == ""


def test_tickets_are_exported_by_a_supervisor_masked_unless_asked_otherwise_and_on_record(tmp_path: Path) -> None:
    field = Field("回电", "回电", "phone", value="13900139000", private=True)
    with Store.open(tmp_path / "calls.db") as store:
        store.begin(Opening("c", "bot"), [Entry(0, 0.0, Started("c"))])
        Record(store).write((), {}, [Ticket("T000001", "ticket", "q", "新卡", "c", 0.0, 9.0, form=(field,))])
    for name, role in (("wang", "agent"), ("chen", "supervisor")):
        huashu("desk", "user", "add", name, "--role", role, feed=f"{PASSWORD}\n", cwd=tmp_path)
    refused = huashu("desk", "tickets", "--as", "wang", "--private", cwd=tmp_path)
    assert (refused.returncode, "only supervisors" in refused.stderr, refused.stdout) == (1, True, "")
    assert "139••••9000" in huashu("desk", "tickets", "--as", "chen", cwd=tmp_path).stdout
    assert huashu("desk", "tickets", "--as", "chen", "--private", "--out", "t.csv", cwd=tmp_path).returncode == 0
    assert "13900139000" in (tmp_path / "t.csv").read_text("utf-8-sig")
    assert (tmp_path / "t.csv").stat().st_mode & 0o77 == 0, "for nobody else"
    lines = huashu("desk", "audit", "--json", cwd=tmp_path).stdout.splitlines()
    acts = [json.loads(line) for line in lines]
    assert [(act["user"], act["what"], act["detail"], act["outcome"]) for act in acts] == [
        ("chen", "export", "csv private", "ok"), ("chen", "export", "csv", "ok"),
        ("wang", "export", "csv private", "forbidden"),
    ]  # fmt: skip
    with Store.open(tmp_path / "calls.db") as store:
        assert [(look.agent, look.slot) for look in CaseBook(store).looks("c")] == [("chen", "T000001/*")]


def test_a_server_with_a_desk(tmp_path: Path) -> None:
    write_bot(tmp_path / "bot")
    huashu("desk", "user", "add", "zhao", "--role", "admin", feed=f"{PASSWORD}\n", cwd=tmp_path)
    (tmp_path / "desk.yaml").write_text("idle_minutes: 5\n", "utf-8")
    (tmp_path / "centre.yaml").write_text("queues: {前台: {title: 前台}}\n", "utf-8")
    command = ["serve", "--bots", "bot", "--grpc", "127.0.0.1:0", "--store", "calls.db", "--desk", "127.0.0.1:0"]
    command += ["--desk-settings", "desk.yaml", "--centre", "centre.yaml"]
    server = subprocess.Popen(
        [sys.executable, "-m", "huashu.cli", *command], stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    try:
        assert server.stderr is not None
        found = None
        while found is None:
            line = server.stderr.readline()
            assert line, "the server has ended"
            found = re.search(r"the desk on (http://[\d.:]+)/desk/", line)
        with httpx.Client(base_url=found[1], headers={"origin": found[1]}, trust_env=False, timeout=20) as client:
            assert '<div id="root">' in client.get("/desk/").text
            answer = client.post("/desk/api/sign-in", json={"user": "zhao", "password": PASSWORD})
            assert answer.status_code == 200
            assert client.get("/desk/api/me").json()["me"]["role"] == "admin"
    finally:
        server.send_signal(signal.SIGTERM)
        assert server.wait(30) == 0
    told = huashu("desk", "audit", "--json", cwd=tmp_path).stdout
    assert [json.loads(line)["what"] for line in told.splitlines()] == ["sign-in"]
    assert PASSWORD not in told


@pytest.mark.parametrize(
    ("options", "wrong"),
    [
        (["--desk", "127.0.0.1:0"], "--desk needs --store"),
        (["--desk", "0.0.0.0:8443", "--store", "calls.db"], "give it TLS"),
        (["--desk-settings", "desk.yaml"], "no use without --desk"),
        (["--desk", "127.0.0.1:0", "--store", "calls.db", "--desk-settings", "none.yaml"], "none.yaml"),
        (["--centre", "none.yaml"], "none.yaml"),
    ],
)
def test_options_that_do_not_go_together_are_told(options: list[str], wrong: str, tmp_path: Path) -> None:
    write_bot(tmp_path / "bot")
    told = huashu("serve", "--bots", "bot", "--grpc", "127.0.0.1:0", *options, cwd=tmp_path)
    assert told.returncode == 1
    assert wrong in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("command", [["desk", "audit"], ["desk", "user", "list"], ["calls", "list"]])
def test_reading_makes_no_store(command: list[str], tmp_path: Path) -> None:
    for store in ("none/calls.db", f"sqlite:///{tmp_path}/none/calls.db"):
        told = huashu(*command, "--store", store, cwd=tmp_path)
        assert (told.returncode, "there is no store" in told.stderr) == (1, True)
        assert not (tmp_path / "none").exists()
