"""Loading a bot: trust, the model cache, and going on with the script version a call began with."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from huashu.core.actions import RunAction
from huashu.core.errors import ScriptError, StoreError
from huashu.core.events import FaqHit, Heard
from huashu.core.expect import Expectation
from huashu.flows.loader import bundle, load, load_bundle
from huashu.runtime.bot import Bot, load_bot
from huashu.store.log import Store
from tests.runtime.runtime_fakes import Clock, Edge, Words, host, opened

pytestmark = pytest.mark.store


@pytest.fixture
def own(folder: Path, tmp_path: Path) -> Path:
    """A copy of the bot that a test may edit."""
    shutil.copytree(folder, tmp_path / "bot", ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path / "bot"


def edit(folder: Path, file: str, old: str, new: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new), encoding="utf-8")


async def test_code_runs_only_where_it_is_trusted(own: Path) -> None:
    (own / "actions.py").write_text(
        "from huashu.runtime.actions import action\n"
        "import pathlib\n"
        "pathlib.Path(__file__).with_name('ran').touch()\n"
        "@action\ndef book(人数: int): return {'单号': 'T1'}\n",
        encoding="utf-8",
    )
    run = RunAction("1.1", "book", {"人数": 4})
    careful = load_bot(own, understander=Words())
    assert not (own / "ran").exists()
    assert careful.actions is not None
    assert (await careful.actions.run("call1", run)).error == "not_trusted"
    trusting = load_bot(own, understander=Words(), trust=True)
    assert (own / "ran").exists()
    assert trusting.actions is not None
    assert (await trusting.actions.run("call1", run)).values == {"单号": "T1"}


async def test_a_server_named_by_a_script_is_called_only_where_it_is_trusted(own: Path) -> None:
    (own / "actions.py").unlink()
    edit(own, "bot.yaml", "language: zh-CN", "language: zh-CN\nactions: http://127.0.0.1:9")
    backend = load_bot(own, understander=Words()).actions
    assert backend is not None
    assert (await backend.run("call1", RunAction("1.1", "book"))).error == "not_trusted"


def test_actions_that_do_not_load_are_the_scripts_fault(own: Path) -> None:
    text = (own / "actions.py").read_text(encoding="utf-8")
    (own / "actions.py").write_text(text + "\nraise RuntimeError('no database')\n", encoding="utf-8")
    with pytest.raises(ScriptError, match="no database"):
        load_bot(own, understander=Words(), trust=True)


def test_packing_is_reproducible_and_complete(own: Path, tmp_path: Path) -> None:
    (own / "rec").mkdir()
    (own / "rec" / "opening.wav").write_bytes(b"RIFF")
    first = bundle(own)
    for path in own.rglob("*.yaml"):
        path.touch()
    (own / "tests").mkdir(exist_ok=True)
    (own / "tests" / "more.yaml").write_text("test: nothing of the bot's")
    assert bundle(own) == first
    assert load_bundle(first).digest == load(own).digest
    assert b"RIFF" not in first


async def test_a_kept_script_that_is_damaged_is_told(own: Path, tmp_path: Path) -> None:
    bot = load_bot(own, understander=Words(), trust=True)
    with Store.open(tmp_path / "calls.db") as store:
        store.put_script("older", b"no archive")
        with pytest.raises(StoreError, match="cannot be read") as caught:
            await bot.version(store, "older")
    assert caught.value.code == "damaged"


async def test_a_call_goes_on_with_the_script_it_began_with(own: Path, tmp_path: Path) -> None:
    def loaded() -> Bot:
        return load_bot(own, understander=Words(), trust=True)

    with Store.open(tmp_path / "calls.db") as store:
        clock = Clock()
        old = await opened(loaded(), Edge(), clock, store)
        old.detach()
        edit(own, "flows/main.yaml", "请问几位？", "一共多少人？")
        edited = loaded()
        edge = Edge()
        again = host(edited, edge, clock, store)
        await again.resume("call1")
        await again.receive(Heard("姓名=李雷"))
        assert edge.said == ["请问贵姓？", "请问几位？"]
        fresh = Edge()
        await opened(edited, fresh, clock, store, call="call2")
        other = await opened(edited, fresh, clock, store, call="call3")
        await other.receive(Heard("姓名=李雷"))
        assert fresh.said[-1] == "一共多少人？"


async def test_a_version_nobody_kept_is_named(folder: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        loaded = load_bot(folder, understander=Words())
        with pytest.raises(StoreError, match="script version abc of booking"):
            await loaded.version(store, "abc")


def test_the_model_is_trained_once(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    load_bot(folder, cache=tmp_path / "models")
    kept = list((tmp_path / "models").iterdir())
    assert kept

    def never(*_: object, **__: object) -> None:
        raise AssertionError("trained again")

    monkeypatch.setattr("huashu.nlu.train.train", never)
    load_bot(folder, cache=tmp_path / "models")
    assert list((tmp_path / "models").iterdir()) == kept


def test_a_greeting_asks_nothing_of_the_knowledge_base(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = load_bot(Path(__file__).parents[2] / "examples" / "redelivery_zh")
    base = next(iter(bot.script.knowledge))
    expect = Expectation("x.y", knowledge=(base,))
    monkeypatch.setattr(type(bot.retriever), "search", lambda *_, **__: (FaqHit(base, "问", 0.9),))
    at = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert bot.understand(Heard("下午几点送"), expect, at=at).faq
    assert bot.understand(Heard("下午好"), expect, at=at).faq == ()


def test_a_promise_on_a_condition_asks_nothing_of_it_either(monkeypatch: pytest.MonkeyPatch) -> None:
    bot = load_bot(Path(__file__).parents[2] / "examples" / "redelivery_zh")
    base = next(iter(bot.script.knowledge))
    expect = Expectation("x.y", kind="yes_no", intents=("肯定", "否定"), knowledge=(base,))
    monkeypatch.setattr(type(bot.retriever), "search", lambda *_, **__: (FaqHit(base, "问", 0.9),))
    at = datetime(2026, 11, 20, 10, 0, tzinfo=UTC)
    assert bot.understand(Heard("要是免手续费就办"), expect, at=at).faq == ()
    assert bot.understand(Heard("要是提前还款要手续费吗"), expect, at=at).faq
