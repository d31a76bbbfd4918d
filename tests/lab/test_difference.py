"""What a designer is told about a new version: everything a caller could notice, the weightiest first, nothing else."""

import shutil
from pathlib import Path

import pytest

from huashu.core.errors import UsageError
from huashu.flows.loader import bundle, load
from huashu.lab.difference import Difference, compare, open_script

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parent.parent.parent
CARD = ROOT / "scripts_market" / "card_instalment"
FLOW, BOT, NLU, FAQ = "flows/账单分期.yaml", "bot.yaml", "nlu/意图.yaml", "knowledge/信用卡.yaml"


def changed(tmp_path: Path, *edits: tuple[str, str, str]) -> Difference:
    """The difference that replacing texts in files makes."""
    folder = Path(shutil.copytree(CARD, tmp_path / "new"))
    for file, old, new in edits:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text, (file, old)
        (folder / file).write_text(text.replace(old, new), encoding="utf-8")
    return compare(load(CARD), load(folder))


def one(found: Difference, kind: str) -> list[tuple[str, str, str, str]]:
    return [(c.how, c.part, c.old, c.new) for c in found.changes if c.kind == kind]


def test_the_same_bot_and_a_respelled_one_are_the_same(tmp_path: Path) -> None:
    assert changed(tmp_path).same
    assert changed(tmp_path / "layout", (FLOW, "steps:\n", "# a comment\nsteps:\n\n")).lines() == [
        "对来电的人没有变化。"
    ]


def test_variants_shares_and_hours_are_told(tmp_path: Path) -> None:
    found = changed(
        tmp_path,
        (
            FLOW,
            "say: 您好，我是",
            "say: {any_of: [您好，打扰您一下。, 您好。], barge_in: off}\n- 自报:\n    say: 您好，我是",
        ),
        (BOT, "先问: 50, 先讲好处: 50", "先问: 90, 先讲好处: 10"),
        (BOT, "experiments:", "hours: {上班: 周一至周五 9:00-18:00}\n\nexperiments:"),
    )
    told = "\n".join(found.lines())
    assert ("changed", "experiments 介绍", "先问 50, 先讲好处 50", "先问 90, 先讲好处 10") in one(found, "bot")
    assert "周一至周五 9:00-18:00" in told
    assert "您好，打扰您一下。 / 您好。 [off 1 0 s]" in told


def test_wording_old_to_new(tmp_path: Path) -> None:
    found = changed(tmp_path, (FLOW, "我多说一句，分期不影响", "补充一句，分期不影响"))
    assert [(c.kind, c.owners, c.part) for c in found.changes] == [("wording", ("账单分期.挽留",), "ask")]
    assert found.changes[0].old.startswith("我多说一句")
    assert found.changes[0].new.startswith("补充一句")
    assert "    原来: 我多说一句，分期不影响您正常用卡，要不要选个期数看看？" in "\n".join(found.lines())


def test_steps_added_removed_and_moved(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(CARD, tmp_path / "moved"))
    text = (folder / FLOW).read_text(encoding="utf-8")
    start, middle, end = text.index("- 挽留:"), text.index("- 约时间:"), text.index("anytime:")
    text = text[:start] + text[middle:end] + text[start:middle] + text[end:]
    text = text.replace("- 介绍:\n", "- 插入: {say: 我先介绍一下。, go: 介绍}\n\n- 介绍:\n")
    text = text.replace("set: {身份: 已核实}, go: 介绍", "set: {身份: 已核实}, go: 插入")
    (folder / FLOW).write_text(text, encoding="utf-8")
    found = compare(load(CARD), load(folder))
    steps = [(c.how, c.owners) for c in found.changes if c.kind == "step"]
    assert ("added", ("账单分期.插入",)) in steps
    assert len([step for step in steps if step[0] == "moved"]) == 1
    back = compare(load(folder), load(CARD))
    assert ("removed", ("账单分期.插入",)) in [(c.how, c.owners) for c in back.changes]


def test_answers_endings_variables_and_ladders(tmp_path: Path) -> None:
    found = changed(
        tmp_path,
        (FLOW, "      肯定, 打错了: {end: 非本人}", "      肯定, 打错了: {end: 礼貌结束}"),
        (BOT, "label: B, result: completed", "label: B, result: callback"),
        (BOT, "期数: {type: integer, unit: 期}", "期数: {type: integer, unit: 个月}"),
        (BOT, "{after: 5s, say: 您好，您还在听吗？}", "{after: 7s, say: 您好，您还在听吗？}"),
    )
    assert one(found, "answer") == [
        ("changed", name, "→ 结局：非本人", "→ 结局：礼貌结束") for name in ("肯定", "打错了")
    ]
    assert one(found, "ending") == [("changed", "result", "已完成", "回电")]
    assert one(found, "variable") == [("changed", "", "integer 期", "integer 个月")]
    ladder = next(change for change in found.changes if change.kind == "ladder")
    assert len(ladder.owners) > 1  # one line for a ladder that many questions inherit
    assert "7秒" in ladder.new
    kinds = [change.kind for change in found.changes]
    assert kinds.index("ending") < kinds.index("answer") < kinds.index("ladder") < kinds.index("variable")


def test_knowledge_and_examples_piece_by_piece(tmp_path: Path) -> None:
    item = "- question: 这是一个新问题吗\n  answer: 是的。\n"
    folder = Path(shutil.copytree(CARD, tmp_path / "new"))
    with (folder / FAQ).open("a", encoding="utf-8") as file:
        file.write("\n" + item)
    nlu = (folder / NLU).read_text(encoding="utf-8")
    (folder / NLU).write_text(nlu.replace("太贵了", "贵得离谱", 1), encoding="utf-8")
    found = compare(load(CARD), load(folder))
    assert ("added", ("信用卡: 这是一个新问题吗",)) in [
        (c.how, c.owners) for c in found.changes if c.kind == "knowledge"
    ]
    examples = next(change for change in found.changes if change.kind == "intent")
    assert ("太贵了" in examples.less, "贵得离谱" in examples.more) == (True, True)


def test_an_archive_compares_like_its_folder(tmp_path: Path) -> None:
    archive = tmp_path / "card.zip"
    archive.write_bytes(bundle(CARD))
    assert compare(open_script(archive), open_script(CARD)).same
    with pytest.raises(UsageError, match="neither"):
        open_script(tmp_path / "nothing")


def test_a_translation_is_wording_too(tmp_path: Path) -> None:
    files = {
        "bot.yaml": "bot: two\nlanguage: zh-CN\nlanguages: [en-US]\n",
        "flows/a.yaml": "flow: 主\nsteps:\n- 问候: {say: 您好。}\n",
        "lines/en-US.yaml": "主.问候: {say: Hello.}\n",
    }
    for name, text in files.items():
        path = tmp_path / "old" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    new = Path(shutil.copytree(tmp_path / "old", tmp_path / "new"))
    (new / "lines" / "en-US.yaml").write_text("主.问候: {say: Good day.}\n", encoding="utf-8")
    (change,) = compare(load(tmp_path / "old"), load(new)).changes
    assert (change.kind, "Hello." in change.old, "Good day." in change.new) == ("wording", True, True)
