"""`huashu train --encoder` and `--nlu encoder:…`: one small bot from its folder to a conversation."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from huashu.cli import app
from huashu.core.errors import EngineError, HuashuError, UsageError
from huashu.core.events import Heard
from huashu.core.expect import Expectation
from huashu.flows.loader import bundle, load
from huashu.insight.rows import write_rows
from huashu.nlu.data import Example
from huashu.runtime.bot import load_bot
from huashu.store.log import Store
from tests.nlu import bank
from tests.nlu.encoders import make_bert, wanting
from tests.sdk.test_cli import huashu

pytestmark = pytest.mark.cli

BOT = """\
bot: desk
language: en-US
start: main
"""
FLOW = """\
flow: main
steps:
- menu:
    ask: How can I help?
    answers:
      lost_card: {end: blocked}
      balance: {end: told}
    silence: [{after: 5s, end: quiet}]
    unclear: [{say: Sorry?}, {end: quiet}]
endings:
  blocked: {say: Your card is blocked., result: success}
  told: {say: Your balance is fine., result: success}
  quiet: {say: Goodbye., result: no_input}
"""
NLU = """\
intents:
  lost_card: {examples: [i lost my card, my card was stolen, block my card, someone took my card, my card is gone]}
  balance: {examples: [what is my balance, how much money do i have, tell me my balance, balance please]}
"""
TEST = """\
test: a lost card
turns:
- bot: How can I help?
- caller: i lost my card
- bot: Your card is blocked.
- expect: {ending: blocked}
"""
EXPECT = Expectation("main.menu", intents=("lost_card", "balance"), language="en-US")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bots") / "desk"
    for name, text in {"bot.yaml": BOT, "flows/main.yaml": FLOW, "nlu/intents.yaml": NLU}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def place(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where an encoder has been trained for the bot."""
    if wanting():
        pytest.skip(wanting())
    base = make_bert(tmp_path_factory.mktemp("encoders") / "tiny", NLU.split(), width=16, layers=1)
    out = base.parent / "trained"
    result = CliRunner().invoke(app, ["train", str(folder), "--encoder", str(base), "--frozen", "--out", str(out)])
    assert result.exit_code == 0, result.output
    assert "held out" in result.output
    assert f"--nlu encoder:{out}" in result.output
    return out


def test_a_bot_understands_with_it(folder: Path, place: Path, tmp_path: Path) -> None:
    bot = load_bot(folder, nlu=f"encoder:{place}", cache=tmp_path)
    assert bot.understander.capabilities.name == "encoder"
    assert bot.pool is not None  # beside an event loop it has threads of its own
    meant = bot.understand(Heard("someone stole my card"), EXPECT, at=bank.AT)
    assert meant.intents[0].name == "lost_card"


def test_the_environment_names_it(folder: Path, place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUASHU_NLU", f"encoder:{place}")
    assert load_bot(folder, cache=tmp_path).understander.capabilities.name == "encoder"
    assert load_bot(folder, cache=tmp_path, nlu="embedded").understander.capabilities.name == "embedded"


def test_a_conversation_and_its_tests(folder: Path, place: Path, tmp_path: Path) -> None:
    chosen = ("--nlu", f"encoder:{place}")
    told = huashu("chat", folder, *chosen, feed="please block my card\n")
    assert "Your card is blocked." in told.stdout, told.stderr
    shutil.copytree(folder, tmp_path / "desk")
    (tmp_path / "desk" / "tests").mkdir()
    (tmp_path / "desk" / "tests" / "card.yaml").write_text(TEST, encoding="utf-8")
    assert huashu("test", tmp_path / "desk", *chosen).returncode == 0
    refused = huashu("chat", folder, "--nlu", "encoder:other", feed="hello\n")
    assert refused.returncode == 1
    assert "--encoder other" in refused.stderr


def invoked(*arguments: object) -> Result:
    """In this process: torch takes longer to load than all of these commands to run."""
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_the_trainers_commands_judge_it(folder: Path, place: Path, tmp_path: Path) -> None:
    encoder = ("--nlu", f"encoder:{place.parent / 'tiny'}")
    told = invoked("nlu", "cv", folder, "--folds", "2", *encoder, "--json")
    data = json.loads(told.stdout)
    assert data["rows"] > 50, "built-in intents are judged as well"
    assert "held out" not in told.stdout
    rows = tmp_path / "rows.jsonl"
    write_rows(rows, [Example("my card is lost", "lost_card"), Example("how much money is there", "balance")])
    trained = ("--nlu", f"encoder:{place}")
    same = json.loads(invoked("nlu", "compare", folder, folder, "--test", rows, *trained, "--json").stdout)
    assert same["before"] | {"median_ms": 0} == same["after"] | {"median_ms": 0}
    evaluated = invoked("nlu", "eval", rows, rows, *encoder, "--json")
    assert json.loads(evaluated.stdout)["rows"] == 2, evaluated.stderr
    refused = invoked("nlu", "eval", rows, rows, *trained)
    assert isinstance(refused.exception, HuashuError)
    assert "not been trained with these examples" in str(refused.exception)


def test_an_engine_nobody_knows_is_refused_with_the_known_ones(folder: Path) -> None:
    assert "embedded" in huashu("nlu", "cv", folder, "--nlu", "nobody").stderr


def test_other_examples_want_another_training(folder: Path, place: Path, tmp_path: Path) -> None:
    load_bot(folder, nlu=f"encoder:{place}", cache=tmp_path / "cache")
    changed = tmp_path / "changed"
    shutil.copytree(folder, changed)
    nlu = changed / "nlu" / "intents.yaml"
    nlu.write_text(NLU.replace("balance please", "say my balance"), encoding="utf-8")
    with pytest.raises(EngineError, match="huashu train"):
        load_bot(changed, nlu=f"encoder:{place}", cache=tmp_path / "cache")


async def test_a_call_of_an_older_version_is_understood_all_the_same(
    folder: Path, place: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bot = load_bot(folder, nlu=f"encoder:{place}", cache=tmp_path / "cache")
    shutil.copytree(folder, tmp_path / "older")
    nlu = tmp_path / "older" / "nlu" / "intents.yaml"
    nlu.write_text(NLU.replace("balance please", "say my balance"), encoding="utf-8")
    flow = tmp_path / "older" / "flows" / "main.yaml"
    flow.write_text(FLOW.replace("How can I help?", "What can I do for you?"), encoding="utf-8")
    older = load(tmp_path / "older")
    store = Store.open(tmp_path / "calls.db")
    store.put_script(older.digest, bundle(tmp_path / "older"))
    found = await bot.version(store, older.digest)
    store.close()
    assert found.understander.capabilities.name == "embedded"
    assert found.understand(Heard("say my balance"), EXPECT, at=bank.AT).intents[0].name == "balance"
    assert "embedded engine: not_trained" in caplog.text


def test_who_asks_for_nothing_gets_the_embedded_one(folder: Path, tmp_path: Path) -> None:
    bot = load_bot(folder, cache=tmp_path)
    assert bot.understander.capabilities.name == "embedded"
    assert bot.pool is None


@pytest.mark.parametrize("option", [["--frozen"], ["--out", "somewhere"]])
def test_options_of_the_encoder_want_one(folder: Path, option: list[str]) -> None:
    result = CliRunner().invoke(app, ["train", str(folder), *option])
    assert isinstance(result.exception, UsageError)
