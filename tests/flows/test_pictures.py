"""Pictures of scripts: all a caller can meet is on the sheet, nothing overlaps, and the files are well formed."""

import itertools
import random
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from huashu.flows.check import check
from huashu.flows.draw import draw
from huashu.flows.layout import Line, lay_out
from huashu.flows.lettering import width, wrap
from huashu.flows.loader import load
from huashu.flows.mermaid import mermaid
from huashu.flows.picture import picture
from tests.flows.folders import GOOD, write
from tests.flows.random_flows import Maker

pytestmark = pytest.mark.unit

ROOT = Path(__file__).resolve().parent.parent.parent
STOCK = sorted(path.parent for path in (ROOT / "scripts_market").glob("*/bot.yaml"))
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("folder", STOCK, ids=lambda path: path.name)
def test_a_sheet_shows_every_step_ending_and_detour(folder: Path) -> None:
    script = load(folder)
    root = ET.fromstring(draw(picture(script)))
    texts = {text.text for text in root.iter(f"{SVG}text")}
    steps = {step.id for flow in script.flows.values() for step in flow.steps}
    assert steps <= texts
    written = {name for flow in script.flows.values() for name, entry in flow.anytime.items() if not entry.built_in}
    assert written <= texts
    assert any("随时" in (text or "") or "At any time" in (text or "") for text in texts)
    assert not root.findall(f".//{SVG}script")
    assert not root.findall(f".//{SVG}image")
    right, bottom = float(root.get("width", 0)), float(root.get("height", 0))
    for box in root.iter(f"{SVG}rect"):
        if box.get("x") is None:
            continue
        assert float(box.attrib["x"]) >= 0
        assert float(box.attrib["x"]) + float(box.attrib["width"]) <= right + 1
        assert float(box.attrib["y"]) >= 0
        assert float(box.attrib["y"]) + float(box.attrib["height"]) <= bottom + 1


@pytest.mark.parametrize("folder", STOCK, ids=lambda path: path.name)
def test_boxes_and_labels_do_not_overlap(folder: Path) -> None:
    root = ET.fromstring(draw(picture(load(folder))))
    boxes = [
        tuple(float(box.attrib[key]) for key in ("x", "y", "width", "height"))
        for box in root.iter(f"{SVG}rect")
        if box.get("x") is not None and box.get("rx") != "10"  # a panel holds its boxes
    ]
    for (x, y, w, h), (other_x, other_y, other_w, other_h) in itertools.combinations(boxes, 2):
        apart = x + w <= other_x or other_x + other_w <= x or y + h <= other_y or other_y + other_h <= y
        assert apart, ((x, y, w, h), (other_x, other_y, other_w, other_h))


def test_coverage_tells_reached_from_missed(tmp_path: Path) -> None:
    script = load(write(tmp_path, GOOD))
    reached = {"step 主流程.开场": True, "step 主流程.提问": True, "step 主流程.结尾": False}
    reached |= {"answer 主流程.提问.肯定": False, "answer 主流程.提问.否定": True}
    text = draw(picture(script), reached)
    assert "测试覆盖 3/5" in text
    dashed = [line for line in text.splitlines() if "<rect" in line and "stroke-dasharray" in line]
    assert len(dashed) == 2  # the step that is missed, and the key that says what dashes mean
    assert "<rect" in draw(picture(script))
    assert "测试覆盖" not in draw(picture(script))


def test_names_with_markup_break_neither_svg_nor_mermaid(tmp_path: Path) -> None:
    flow = """\
flow: 主流程
steps:
- 'a<b>&"c"': {say: '<script>alert(1)</script> & "quotes" #1; {x}'}
- 提问: {ask: '可以吗|]})?', answers: {肯定: {end: 'e"<1>'}, 否定: {end: 'e"<1>'}}}
endings: {'e"<1>': {label: 'A"B', result: success}}
"""
    script = load(write(tmp_path, {**GOOD, "flows/a.yaml": flow}))
    ET.fromstring(draw(picture(script)))
    text = mermaid(picture(script))
    for line in text.splitlines():
        for label in re.findall(r'"([^"]*)"', line):
            rest = label.replace("<b>", "").replace("</b>", "").replace("<br/>", "")
            assert not re.search(r"[<>\[\]{}|]", rest), line
        assert line.count('"') % 2 == 0
    assert text.startswith("flowchart TD\n")
    assert text.count("subgraph") == text.count("\n    end\n")


def test_an_arrow_back_becomes_a_pill_and_the_layout_has_no_circle(tmp_path: Path) -> None:
    flow = """\
flow: 主流程
steps:
- 一: {ask: 一？, answers: {肯定: {go: 二}, 否定: {end: 拒绝}}}
- 二: {ask: 二？, answers: {肯定: {go: 一}, 否定: {go: 三}}}
- 三: {say: 好。, end: 拒绝}
endings: {拒绝: {result: declined}}
"""
    text = draw(picture(load(write(tmp_path, {**GOOD, "flows/a.yaml": flow}))))
    assert "回到：一" in text
    with pytest.raises(ValueError, match="circle"):
        lay_out({"a": (10, 10), "b": (10, 10)}, [Line("a", "b"), Line("b", "a")])


def test_layers_follow_the_longest_path() -> None:
    sizes = dict.fromkeys("abcd", (50.0, 20.0))
    drawn = lay_out(sizes, [Line("a", "b"), Line("b", "c"), Line("a", "c"), Line("a", "d", (30.0, 10.0))]).nodes
    assert drawn["a"].y < drawn["b"].y < drawn["c"].y
    assert drawn["d"].y == drawn["b"].y


def test_chinese_is_twice_as_wide_and_wraps_anywhere_but_before_marks() -> None:
    assert width("中文") == 2.0
    assert width("ab") < 1.3
    assert wrap("您好，请问是本人吗？", 5, 3) == ["您好，请问", "是本人吗？"]
    assert wrap("号码【客户姓名】您好", 3, 9)[1].startswith("【")
    assert wrap("one two three four", 5, 2) == ["one two", "three four"]
    assert wrap("一二三四五六七八九十", 4, 2)[-1].endswith("…")


@pytest.mark.parametrize("seed", range(25))
def test_random_bots_are_drawn_whole(seed: int, tmp_path: Path) -> None:
    script = check(write(tmp_path, Maker(random.Random(seed)).files())).script
    if script is None:
        pytest.skip("this random bot has errors")
    root = ET.fromstring(draw(picture(script)))
    texts = [text.text for text in root.iter(f"{SVG}text")]
    for flow in script.flows.values():
        assert texts.count(f"流程 {flow.name}") == 1
        for step in flow.steps:
            assert step.id in texts
    assert mermaid(picture(script)).startswith("flowchart TD")


def test_a_long_flow_stands_in_columns(tmp_path: Path) -> None:
    steps = "".join(
        f"- 步骤{n}: {{ask: 第{n}个问题好吗？, answers: {{肯定: {{go: 步骤{n + 1}}}, 否定: {{end: 拒绝}}}}}}\n"
        for n in range(40)
    )
    flow = f"flow: 主流程\nsteps:\n{steps}- 步骤40: {{say: 好了。}}\nendings: {{拒绝: {{result: declined}}}}\n"
    root = ET.fromstring(draw(picture(load(write(tmp_path, {**GOOD, "flows/a.yaml": flow})))))
    texts = [text.text or "" for text in root.iter(f"{SVG}text")]
    assert {f"步骤{n}" for n in range(41)} <= set(texts)
    assert any(text.startswith("去：步骤") for text in texts)
    assert float(root.get("height", 0)) < 2 * float(root.get("width", 0))
