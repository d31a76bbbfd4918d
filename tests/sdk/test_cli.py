"""The command line as people and programs use it: in a process of its own, with a pipe."""

import json
import os
import pathlib
import subprocess
import sys

import pytest

pytestmark = pytest.mark.cli

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "scripts_market" / "card_instalment"


def huashu(*arguments: object, feed: str = "", cwd: pathlib.Path = ROOT) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "huashu.cli", *map(str, arguments)]
    environment = {**os.environ, "PYTHONUTF8": "1", "COLUMNS": "200"}
    return subprocess.run(
        command, input=feed, capture_output=True, text=True, cwd=cwd, env=environment, check=False, encoding="utf-8"
    )


def test_version_and_help() -> None:
    assert huashu("--version").stdout.startswith("huashu 0.")
    help_text = huashu("--help").stdout
    for command in ("new", "check", "test", "train", "chat", "call", "serve", "models", "calls"):
        assert command in help_text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_new_bot_checks_tests_and_talks(language: str, tmp_path: pathlib.Path) -> None:
    folder = tmp_path / "my-bot"
    assert huashu("new", folder, "--language", language).returncode == 0
    checked = huashu("check", folder, "--json")
    told = json.loads(checked.stdout)
    assert (told["ok"], told["findings"]) == (True, [])
    assert checked.returncode == 0
    tested = huashu("test", folder, "--json")
    assert tested.returncode == 0, tested.stdout
    report = json.loads(tested.stdout)
    assert report["passed"] >= 7
    assert {part["kind"] for part in report["coverage"]["missed"]} == {"pattern"}
    words = "今天不方便\n后天\n" if language == "zh" else "not today\ntomorrow\n"
    said = huashu("chat", folder, "--json", feed=words)
    actions = [json.loads(line) for line in said.stdout.splitlines()]
    assert actions[0]["type"] == "Say"
    ending = next(item for item in actions if item["type"] == "Disposition")
    assert (ending["label"], ending["result"]) == ("A", "success")
    again = huashu("new", folder)
    assert again.returncode == 1
    assert "not empty" in again.stderr


def test_check_tells_everything_at_once_and_fails(tmp_path: pathlib.Path) -> None:
    huashu("new", tmp_path / "b")
    flow = tmp_path / "b" / "flows" / "改派.yaml"
    text = flow.read_text(encoding="utf-8").replace("去: 改到哪天", "去: 改到那天").replace("收集:", "收级:")
    flow.write_text(text, encoding="utf-8")
    done = huashu("check", tmp_path / "b")
    assert done.returncode == 1
    assert "flows/改派.yaml:" in done.stdout
    assert "改到哪天" in done.stdout
    assert "收集" in done.stdout
    assert "Traceback" not in done.stdout + done.stderr


def test_chat_takes_variables_and_refuses_wrong_ones() -> None:
    said = huashu("chat", SCRIPT, "--set", "客户姓名=李雷", "--json", feed="打错了\n")
    assert "李雷" in said.stdout
    wrong = huashu("chat", SCRIPT, "--set", "姓名=李雷")
    assert wrong.returncode == 1
    assert "客户姓名" in wrong.stderr
    bad = huashu("chat", SCRIPT, "--set", "账单金额=很多")
    assert bad.returncode == 1
    assert "Traceback" not in bad.stderr


def test_chat_puts_the_call_in_an_arm() -> None:
    told = huashu("chat", SCRIPT, "--arm", "介绍=先讲好处", feed="是我\n")
    assert "最多可以分12期" in told.stdout, told.stderr
    wrong = huashu("chat", SCRIPT, "--arm", "介绍=随便", feed="是我\n")
    assert wrong.returncode != 0
    assert "has no arm '随便'" in wrong.stderr
    assert "Traceback" not in wrong.stderr


def test_train_says_what_it_learned() -> None:
    done = huashu("train", SCRIPT)
    assert done.returncode == 0
    assert "card-instalment" in done.stdout


def test_errors_are_one_line_not_a_traceback(tmp_path: pathlib.Path) -> None:
    for arguments in (
        ("chat", tmp_path / "nothing"),
        ("call", SCRIPT, "--audio", tmp_path / "nothing.wav"),
        ("calls", "list", "--store", tmp_path / "none.db"),
        ("models", "path", "no-such-model"),
    ):
        done = huashu(*arguments)
        assert done.returncode == 1, arguments
        assert done.stderr.splitlines()[-1].startswith("huashu: "), done.stderr
        assert "Traceback" not in done.stderr


def test_check_tells_mistakes_in_tests_as_warnings_in_the_language_of_the_bot(tmp_path: pathlib.Path) -> None:
    huashu("new", tmp_path / "b")
    (tmp_path / "b" / "tests" / "x.yaml").write_text("测试: 甲\n对话:\n- 客服: 喂\n", encoding="utf-8")
    done = huashu("check", tmp_path / "b")
    assert done.returncode == 0, done.stdout
    assert "tests/x.yaml:3:3: 警告：" in done.stdout
    assert done.stdout.splitlines()[-1].endswith("：0 个错误，1 个警告")
    tested = huashu("test", tmp_path / "b")
    assert tested.returncode == 1
    assert tested.stderr.startswith("tests/x.yaml:3:3: ")
    assert "Traceback" not in tested.stderr


def test_a_script_with_mistakes_is_not_talked_to(tmp_path: pathlib.Path) -> None:
    huashu("new", tmp_path / "b")
    (tmp_path / "b" / "bot.yaml").write_text("bot: b\nlanguge: zh-CN\n", encoding="utf-8")
    done = huashu("chat", tmp_path / "b")
    assert done.returncode == 1
    assert done.stderr.startswith("bot.yaml:2:1: ")
    assert done.stderr.splitlines()[-1].startswith("huashu: ")
