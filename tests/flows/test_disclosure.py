"""`no_ai_disclosure`: an outbound bot says that it is one before it asks anything."""

from pathlib import Path

import pytest

from huashu.flows.check import check
from tests.flows.folders import write

pytestmark = pytest.mark.engine

BOT = "bot: demo\nlanguage: zh-CN\ndirection: outbound\nstart: 开场\n"
ASK = "- 问: {ask: 您方便吗？, answers: {肯定: {end: 完成}, 否定: {end: 完成}}}\n"
ENDS = "endings: {完成: {say: 我是智能客服，再见。}}\n"


def told(folder: Path, steps: str, *, bot: str = BOT, **files: str) -> bool:
    flow = f"flow: 开场\nsteps:\n{steps}{ENDS}"
    write(folder, {"bot.yaml": bot, "flows/a.yaml": flow, **files})
    findings = check(folder).findings
    assert [str(item) for item in findings if item.severity == "error"] == []
    return "no_ai_disclosure" in [item.code for item in findings]


@pytest.mark.parametrize(
    "opening",
    [
        "您好，我是智能客服小艾。",
        "您好，这里是AI助手。",
        "我是机器人小七。",
        "This is an automated call.",
        "我是语音助手。",
    ],
)
def test_an_opening_that_says_it_is_enough(tmp_path: Path, opening: str) -> None:
    assert not told(tmp_path, f"- 好: {{say: {opening}}}\n{ASK}")


@pytest.mark.parametrize("opening", ["您好，我是客服小艾。", "我是MAIL公司的。", "Robotics Ltd here."])
def test_an_opening_without_it_is_told_at_the_direction(tmp_path: Path, opening: str) -> None:
    assert told(tmp_path, f"- 好: {{say: {opening}}}\n{ASK}")
    [finding] = [item for item in check(tmp_path).findings if item.code == "no_ai_disclosure"]
    assert (finding.file, finding.line, finding.severity) == ("bot.yaml", 3, "warning")


def test_it_may_stand_in_the_first_question_and_in_a_flow_called_before(tmp_path: Path) -> None:
    assert not told(tmp_path / "a", "- 问: {ask: 我是机器人，您方便吗？, answers: {肯定: {end: 完成}}}\n")
    called = {"flows/b.yaml": "flow: 问好\nsteps:\n- 好: {say: 我是智能客服。}\n"}
    assert not told(tmp_path / "b", f"- 先: {{call: 问好}}\n{ASK}", **called)


def test_after_the_first_answer_is_too_late(tmp_path: Path) -> None:
    late = "- 问: {ask: 您方便吗？, answers: {肯定: {go: 说}, 否定: {end: 完成}}}\n- 说: {say: 我是智能客服。}\n"
    assert told(tmp_path, late)


def test_inbound_bots_and_silenced_ones_are_left_alone(tmp_path: Path) -> None:
    step = f"- 好: {{say: 您好。}}\n{ASK}"
    assert not told(tmp_path / "a", step, bot=BOT.replace("outbound", "inbound"))
    silenced = BOT.replace("outbound", "outbound  # huashu: ignore=no_ai_disclosure")
    assert not told(tmp_path / "b", step, bot=silenced)
