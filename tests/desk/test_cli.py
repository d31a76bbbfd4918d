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
