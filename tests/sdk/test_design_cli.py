"""The designer's commands as a designer uses them: fmt, graph, diff, schema, import, new, calls replay --all."""

import json
import os
import pty
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.flows.node_table import write_xlsx
from tests.flows.rasa_bot import write as write_rasa
from tests.sdk.test_cli import ROOT, SCRIPT, huashu

pytestmark = pytest.mark.cli


@pytest.fixture
def card(tmp_path: Path) -> Path:
    return Path(shutil.copytree(SCRIPT, tmp_path / "card"))


def test_fmt_checks_then_writes_then_is_content(card: Path) -> None:
    checked = huashu("fmt", card, "--keys", "zh", "--check")
    assert checked.returncode == 1
    assert "flows/账单分期.yaml" in checked.stdout
    assert (card / "bot.yaml").read_text(encoding="utf-8").startswith("bot:")
    assert huashu("fmt", card, "--keys", "zh").returncode == 0
    assert (card / "bot.yaml").read_text(encoding="utf-8").startswith("机器人:")
    assert huashu("fmt", card, "--keys", "zh", "--check").returncode == 0
    assert huashu("check", card).returncode == 0


def test_graph_writes_a_picture_and_a_diagram(tmp_path: Path) -> None:
    drawn = huashu("graph", SCRIPT, "--svg", tmp_path / "a.svg", "--mermaid", tmp_path / "a.mmd", "--coverage")
    assert drawn.returncode == 0, drawn.stderr
    assert "测试覆盖" in "".join(ET.parse(tmp_path / "a.svg").getroot().itertext())
    assert (tmp_path / "a.mmd").read_text(encoding="utf-8").startswith("flowchart TD")
    assert huashu("graph", SCRIPT, "--mermaid", "-").stdout.startswith("flowchart TD")
    missing = huashu("graph", SCRIPT, "--svg", tmp_path / "no" / "a.svg")
    assert (missing.returncode, "make it first" in missing.stderr) == (1, True)


def test_diff_tells_in_words_and_by_its_exit_status(card: Path) -> None:
    assert huashu("diff", SCRIPT, card).returncode == 0
    bot = card / "bot.yaml"
    bot.write_text(bot.read_text(encoding="utf-8").replace("label: B", "label: C"), encoding="utf-8")
    told = huashu("diff", SCRIPT, card)
    assert told.returncode == 1
    assert "再考虑 · 意向" in told.stdout
    data = json.loads(huashu("diff", SCRIPT, card, "--json").stdout)
    assert [(change["kind"], change["old"], change["new"]) for change in data["changes"]] == [("ending", "B", "C")]
    assert "neither" in huashu("diff", SCRIPT, card / "nothing").stderr


def test_the_schema_is_one_an_editor_reads(tmp_path: Path) -> None:
    done = huashu("schema", "--out", tmp_path / "huashu.schema.json")
    assert "yaml-language-server: $schema=" in done.stderr
    schema = json.loads((tmp_path / "huashu.schema.json").read_text(encoding="utf-8"))
    assert schema["$schema"].endswith("2020-12/schema")
    assert json.loads(huashu("schema").stdout) == schema


def test_a_table_becomes_a_bot_that_talks(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    made = huashu("import", "table", write_xlsx(tmp_path / "续保.xlsx"), tmp_path / "bot")
    assert made.returncode == 0, made.stderr
    assert "主流程:31:" in made.stdout
    feed = "是我\n可以\n不需要\n发来看看\n就是这个号\n"
    said = huashu("chat", tmp_path / "bot", "--json", feed=feed)
    actions = [json.loads(line) for line in said.stdout.splitlines()]
    ending = next(action for action in actions if action["type"] == "Disposition")
    assert (ending["ending"], ending["label"], ending["result"]) == ("邀约成功", "A", "success")
    again = huashu("import", "table", tmp_path / "续保.xlsx", tmp_path / "bot")
    assert (again.returncode, "not empty" in again.stderr) == (1, True)


def test_a_rasa_project_becomes_a_bot_that_talks(tmp_path: Path) -> None:
    made = huashu("import", "rasa", write_rasa(tmp_path / "rasa"), tmp_path / "bot")
    assert made.returncode == 0, made.stderr
    assert "data/stories.yml:" in made.stdout
    said = huashu("chat", tmp_path / "bot", "--json", feed="I feel awful\nno\n")
    actions = [json.loads(line) for line in said.stdout.splitlines()]
    texts = [action["text"] for action in actions if action["type"] == "Say"]
    assert texts[:1] == ["Hello from the Harbour Hotel, how are you today?"]
    assert "Would some sunshine help?" in texts
    assert next(action for action in actions if action["type"] == "Disposition")["ending"] == "goodbye"


@pytest.mark.parametrize("purpose", ["快递改派", "账单分期", "银行客服", "redelivery", "appointments"])
def test_a_new_bot_carries_the_names_it_is_given(purpose: str, tmp_path: Path) -> None:
    made = huashu("new", tmp_path / "mine", "--purpose", purpose, "--organisation", "东湖", "--queue", "专席")
    assert made.returncode == 0, made.stderr
    checked = huashu("check", tmp_path / "mine", "--json")
    assert json.loads(checked.stdout)["findings"] == []
    texts = "".join(path.read_text(encoding="utf-8") for path in (tmp_path / "mine").rglob("*.yaml"))
    assert "东湖" in texts
    assert "专席" in texts


def test_new_refuses_names_that_would_break_the_files(tmp_path: Path) -> None:
    for option, value in (("--organisation", "A: B"), ("--queue", "a, b"), ("--direction", "up"), ("--purpose", "x")):
        made = huashu("new", tmp_path / "mine", option, value)
        assert (made.returncode, option in made.stderr) == (1, True)
        assert not (tmp_path / "mine").exists()


def test_new_asks_in_a_terminal(tmp_path: Path) -> None:
    try:
        master, slave = pty.openpty()
    except OSError as error:
        pytest.skip(f"no pseudo-terminal on this machine: {error}")
    command = [sys.executable, "-m", "huashu.cli", "new", str(tmp_path / "mine")]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    with subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, cwd=ROOT, env=environment) as process:
        os.close(slave)
        os.write(master, "zh\n2\n3\n东湖银行\n专席\n".encode())
        shown = b""
        while True:
            try:
                piece = os.read(master, 4096)
            except OSError:  # the other side has gone
                break
            if not piece:
                break
            shown += piece
        os.close(master)
    assert process.returncode == 0, shown.decode()
    assert "转人工转到哪个队列" in shown.decode()
    card = (tmp_path / "mine" / "bot.yaml").read_text(encoding="utf-8")
    assert "方向: inbound" in card
    assert "转人工: 专席" in card


def test_replay_of_all_calls_tells_which_go_otherwise(card: Path, tmp_path: Path) -> None:
    store = tmp_path / "calls.db"
    talk = (
        "import sys; from huashu import Bot\n"
        f"bot = Bot.load({str(SCRIPT)!r}, trust=True, store='sqlite:///' + sys.argv[1])\n"
        "for words in (['是我', '不用了', '不用'], ['打错了']):\n"
        "    with bot.call(客户姓名='张伟', 银行='江城银行', 账单金额='12000') as call:\n"
        "        for word in words: call.say(word)\n"
    )
    held = subprocess.run(
        [sys.executable, "-c", talk, str(store)], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert held.returncode == 0, held.stderr
    same = huashu("calls", "replay", "--all", "--script", card, "--store", store)
    assert (same.returncode, "2通不变" in same.stdout) == (0, True)
    flow = card / "flows" / "账单分期.yaml"
    flow.write_text(
        flow.read_text(encoding="utf-8").replace("否定: {go: 挽留}", "否定: {end: 礼貌结束}", 1), encoding="utf-8"
    )
    told = huashu("calls", "replay", "--all", "--script", card, "--store", store)
    assert told.returncode == 1
    assert "客户说话: 不用了" in told.stdout
    assert "未知" in told.stdout
    data = json.loads(huashu("calls", "replay", "--all", "--script", card, "--store", store, "--json").stdout)
    assert sorted(call["outcome"] for call in data["calls"]) == ["changed", "same"]
    assert huashu("calls", "replay", "--all", "--store", store).returncode == 1
