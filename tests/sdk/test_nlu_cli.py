"""`huashu nlu` as a trainer uses it, from rows and from the record of calls to a better script."""

import json
import shutil
from pathlib import Path

import pytest

from huashu.insight.rows import write_rows
from huashu.nlu.data import Example
from huashu.runtime.bot import load_bot
from huashu.store.log import Store
from tests.insight.test_harvest import hold
from tests.insight.test_judging import ROWS
from tests.sdk.test_cli import ROOT, huashu

pytestmark = pytest.mark.cli

STRANGE = [Example(text, "oos") for text in ("今天天气怎么样", "给我讲个笑话", "北京到上海多远", "你吃饭了吗")]


QUICKLY = ("--folds", "2")
"""Where the figures are not what is tested; `suggest --accept` keeps to the five."""


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples" / "redelivery_zh", tmp_path / "bot"))


def test_eval_trains_on_rows_and_tests_on_others(tmp_path: Path) -> None:
    write_rows(tmp_path / "train.jsonl", [*ROWS, *STRANGE[:2]])
    write_rows(tmp_path / "test.jsonl", [Example("手续费要多少", "费用"), Example("我卡丢了", "挂失"), *STRANGE[2:]])
    told = huashu("nlu", "eval", tmp_path / "train.jsonl", tmp_path / "test.jsonl")
    assert told.stdout.startswith("判对 100.0%"), told.stderr
    data = json.loads(huashu("nlu", "eval", tmp_path / "train.jsonl", tmp_path / "test.jsonl", "--json").stdout)
    assert (data["rows"], data["out_of_scope_rows"], data["accuracy"], data["training"]["rows"]) == (2, 2, 1.0, 14)
    assert "no file" in huashu("nlu", "eval", tmp_path / "none.jsonl", tmp_path / "test.jsonl").stderr


def test_cv_and_the_report_of_a_bot(bot: Path, tmp_path: Path) -> None:
    data = json.loads(huashu("nlu", "cv", bot, *QUICKLY, "--json").stdout)
    assert 0.5 < data["accuracy"] <= 1.0
    assert data["bar"] == 0.5
    assert huashu("nlu", "report", bot, *QUICKLY, "--out", tmp_path / "r.html").returncode == 0
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert all(word in page for word in ("理解报告：快递改派", "门槛", "混淆", "不用改了"))
    assert "http" not in page.replace("http-equiv", ""), "it opens without a network"


def test_from_calls_to_a_better_script(bot: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        loaded = load_bot(bot)
        for number in range(3):
            hold(loaded, store, f"call{number}", "是我", "我改主意不想动了", "你们公司股票涨了没有")
    shown = json.loads(huashu("nlu", "suggest", bot, "--store", tmp_path / "calls.db", "--json").stdout)
    heaps = {one["utterances"][0]["text"]: one for one in shown}
    assert heaps["你们公司股票涨了没有"]["count"] == 3
    number = heaps["我改主意不想动了"]["heap"]
    done = huashu("nlu", "suggest", bot, "--store", tmp_path / "calls.db", "--accept", number, "--as", "不用改了")
    assert done.returncode == 0, done.stderr
    assert "交叉验证：判对" in done.stdout
    assert "我改主意不想动了" in (bot / "nlu" / "意图.yaml").read_text(encoding="utf-8")
    assert huashu("check", bot).returncode == 0
    compared = huashu("nlu", "compare", ROOT / "examples" / "redelivery_zh", bot, *QUICKLY)
    assert (compared.returncode, "判对" in compared.stdout) == (0, True)
    assert "只有第 1 到" in huashu("nlu", "suggest", bot, "--store", tmp_path / "calls.db", "--accept", 99).stderr


def test_an_english_bot_is_told_in_english(tmp_path: Path) -> None:
    bot = ROOT / "scripts_market" / "survey_nps_en"
    assert huashu("nlu", "cv", bot, *QUICKLY).stdout.startswith("accuracy ")
    Store.open(tmp_path / "none.db").close()
    empty = huashu("nlu", "suggest", bot, "--store", tmp_path / "none.db")
    assert empty.stdout == "0 heaps, 0 utterances\n", empty.stderr
    told = huashu("nlu", "suggest", bot, "--store", tmp_path / "none.db", "--accept", 1)
    assert "there is nothing to review" in told.stderr


def test_rows_in_another_encoding_are_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "gb.jsonl").write_bytes('{"text": "改到后天", "intent": "改期"}'.encode("gb18030"))
    told = huashu("nlu", "eval", tmp_path / "gb.jsonl", tmp_path / "gb.jsonl")
    assert (told.returncode, "UTF-8" in told.stderr, "Traceback" in told.stderr) == (1, True, False)
