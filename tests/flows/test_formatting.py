"""`huashu fmt` as a library: one spelling, a calm layout, and nothing a designer wrote is lost."""

import shutil
from pathlib import Path

import pytest

from huashu.core.errors import ScriptError
from huashu.flows.formatting import format_folder
from huashu.flows.formatting import write as write_out
from huashu.flows.loader import load
from tests.flows.folders import BOT, FLOW, GOOD, write

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parent.parent.parent
STOCK = sorted(path.parent for path in (ROOT / "scripts_market").glob("*/bot.yaml"))


def formatted(folder: Path, spelling: str | None = None) -> dict[str, str]:
    return {item.file: item.after for item in format_folder(folder, spelling)}


@pytest.mark.parametrize("folder", STOCK, ids=lambda path: path.name)
@pytest.mark.parametrize("spelling", ["zh", "en"])
def test_a_respelled_bot_is_the_same_bot_and_stays_as_it_is(folder: Path, spelling: str, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(folder, tmp_path / "bot"))
    before = load(copy)
    write_out(copy, format_folder(copy, spelling))
    assert load(copy).digest == before.digest
    assert not any(item.changed for item in format_folder(copy, spelling))


def test_comments_order_and_texts_stay(tmp_path: Path) -> None:
    flow = (
        "# 开头的注释\nflow: 主流程   \r\n\r\n\r\n\r\nsteps:\n- 开场: {say: 您好，【姓名】。}  # say 这个词\n"
        + FLOW.split("\n", 3)[3]
        + "\n\n"
    )
    text = formatted(write(tmp_path, {**GOOD, "flows/a.yaml": flow.encode()}), "zh")["flows/a.yaml"]
    assert text.startswith("# 开头的注释\n流程: 主流程\n\n步骤:\n- 开场: {说: 您好，【姓名】。}  # say 这个词\n")
    assert text.endswith("}\n")
    assert text.index("开场") < text.index("提问") < text.index("结尾")


def test_blanks_inside_a_text_of_several_lines_are_words(tmp_path: Path) -> None:
    flow = FLOW + "anytime:\n  太贵:\n    say: |\n      第一行  \n\n\n      第二行\n    then: back\n"
    assert "第一行  \n\n\n      第二行" in formatted(write(tmp_path, {**GOOD, "flows/a.yaml": flow}))["flows/a.yaml"]


def test_a_file_that_mixes_spellings_is_mended_by_its_majority(tmp_path: Path) -> None:
    mixed = BOT.replace("language:", "语言:")
    assert "\nlanguage: zh-CN" in formatted(write(tmp_path, {**GOOD, "bot.yaml": mixed}))["bot.yaml"]


def test_a_broken_file_is_told_with_its_place_and_nothing_is_written(tmp_path: Path) -> None:
    folder = write(tmp_path, {**GOOD, "flows/a.yaml": "flow: a\n steps: [\n"})
    with pytest.raises(ScriptError, match=r"flows/a\.yaml:\d+:\d+"):
        format_folder(folder, "zh")
