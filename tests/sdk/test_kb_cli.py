"""`huashu kb` as whoever looks after a bot's knowledge uses it."""

import json
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from tests.sdk.test_cli import ROOT, huashu

pytestmark = pytest.mark.cli

BASE = "knowledge/快递.yaml"
MARKDOWN = "## 包裹丢了怎么赔\n按保价金额赔。\n## 几点送到\n九点到六点。\n## 派件员的电话多少\n0571开头。\n## 空的\n"


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "examples" / "redelivery_zh", tmp_path / "bot"))


def test_import_adds_and_touches_nothing_that_is_there(bot: Path, tmp_path: Path) -> None:
    before = (bot / BASE).read_text(encoding="utf-8")
    (tmp_path / "faq.md").write_text(MARKDOWN, encoding="utf-8")
    done = huashu("kb", "import", tmp_path / "faq.md", bot)
    assert (done.returncode, "新增 2 条，1 条已有" in done.stdout) == (0, True), done.stdout
    assert "没收: faq.md:7：没有答案" in done.stdout
    after = (bot / BASE).read_text(encoding="utf-8")
    assert after.startswith(before)
    assert "- {问题: 包裹丢了怎么赔, 答案: 按保价金额赔。}" in after
    assert "新增 0 条" in huashu("kb", "import", tmp_path / "faq.md", bot).stdout
    assert (bot / BASE).read_text(encoding="utf-8") == after


def test_import_into_a_new_base_makes_its_file(bot: Path, tmp_path: Path) -> None:
    (tmp_path / "faq.csv").write_text("问题,答案\n怎么投诉,拨打客服电话。\n", encoding="utf-8")
    assert huashu("kb", "import", tmp_path / "faq.csv", bot, "--base", "投诉").returncode == 0
    assert (bot / "knowledge" / "投诉.yaml").read_text(encoding="utf-8").startswith("知识库: 投诉\n条目:\n")
    assert "哪个知识库" in huashu("kb", "import", tmp_path / "faq.csv", bot).stderr, "there are two now"


def test_ask_says_what_is_answered_and_how_surely(bot: Path) -> None:
    told = huashu("kb", "ask", bot, "大概几点送到呀")
    assert (told.returncode, "早上九点" in told.stdout) == (0, True)
    assert huashu("kb", "ask", bot, "你们卖手机吗").returncode == 1
    hits = json.loads(huashu("kb", "ask", bot, "过年还送快递吗", "--on", "2026-02-15", "--json").stdout)
    assert (hits["answered"], hits["hits"][0]["item"]) == (True, "春节期间送不送")
    assert huashu("kb", "ask", bot, "过年还送快递吗", "--on", "2026-03-15").returncode == 1
    assert "2026-10-01" in huashu("kb", "ask", bot, "几点送到", "--on", "明天").stderr


def test_duplicates_end_with_1_when_answers_contradict(bot: Path) -> None:
    assert huashu("kb", "duplicates", bot).returncode == 0
    path = bot / BASE
    extra = "- {问题: 春节期间还送不送, 答案: 春节期间不派送。, 生效: 2026-02-01, 失效: 2026-02-28}\n"
    path.write_text(path.read_text(encoding="utf-8") + extra, encoding="utf-8")
    found = huashu("kb", "duplicates", bot)
    assert (found.returncode, "矛盾" in found.stdout) == (1, True)
    [pair] = json.loads(huashu("kb", "duplicates", bot, "--json").stdout)
    assert (pair["one"], pair["two"]) == ("春节期间送不送", "春节期间还送不送")


def test_coverage_counts_and_draws(bot: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.txt"
    asked.write_text("几点送到\n大概什么时候到\n派件员电话是多少\n你们卖手机吗\n", encoding="utf-8")
    told = huashu("kb", "coverage", bot, asked, "--svg", tmp_path / "curve.svg")
    assert "4 个问题，答上 3 个（75.0%）" in told.stdout
    assert "你们卖手机吗" in told.stdout
    assert "问题集中度" in "".join(ET.parse(tmp_path / "curve.svg").getroot().itertext())
    data = json.loads(huashu("kb", "coverage", bot, asked, "--json").stdout)
    assert data["items_for"] == {"50%": 1, "80%": None, "90%": None}
    assert "--store" in huashu("kb", "coverage", bot).stderr


def test_mistakes_are_told_in_the_language_of_the_bot(bot: Path, tmp_path: Path) -> None:
    def told(*arguments: object) -> str:
        result = huashu("kb", *arguments)
        assert result.returncode == 1
        return result.stderr

    wrong: list[tuple[tuple[object, ...], str, str]] = [
        (("ask", bot, "几点送到", "--base", "没有"), "没有知识库“没有”", "no knowledge base"),
        (("ask", bot, "几点送到", "--on", "明天"), "写成日期", "a date such as"),
        (("coverage", bot), "客户问了什么", "what was asked"),
        (("coverage", bot, tmp_path / "none.txt"), "没有这个文件", "there is no file"),
        (("coverage", bot, "--store", tmp_path / "none.db"), "没有这个通话记录", "there is no store"),
    ]
    for arguments, zh, _ in wrong:
        assert zh in told(*arguments)
    (bot / "bot.yaml").write_text("bot: b\nlanguage: en-US\n", encoding="utf-8")
    for folder in ("flows", "nlu", "lines", "tests", "knowledge"):
        shutil.rmtree(bot / folder)
        (bot / folder).mkdir()
    (bot / "flows" / "a.yaml").write_text("flow: a\nsteps: [{ask: {say: Hello.}}]\n", encoding="utf-8")
    (bot / "knowledge" / "b.yaml").write_text(
        "base: b\nitems: [{question: when do you deliver, answer: At nine.}]\n", encoding="utf-8"
    )
    for arguments, _, en in wrong:
        assert en in told(*arguments)
