"""Reports for other programs: JUnit XML, lcov, JSON."""

import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from huashu.lab.junit import junit
from huashu.lab.tracing import lcov, table
from tests.lab.conftest import Run

pytestmark = pytest.mark.cli

TESTS = (
    "test: 'a < b \\u0001'\nturns: [caller: 不是, expect: {ending: 不要}]\n"
    "---\ntest: wrong\nturns:\n- caller: 不是\n- expect: {ending: 成了}\n"
)


def test_junit_has_a_suite_for_each_file_and_the_place_of_each_failure(run: Run) -> None:
    report = run(TESTS.replace("'a < b \\u0001'", '"a < b \\x7f"'))
    root = ET.fromstring(junit(report))
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "2", "1")
    (suite,) = root
    assert (suite.get("name"), suite.get("tests"), suite.get("failures")) == ("tests/a.yaml", "2", "1")
    passed, failed = suite
    assert passed.get("name") == "a < b \x7f"
    assert passed.find("failure") is None
    assert passed.find("properties/property[@name='call_seconds']") is not None
    failure = failed.find("failure")
    assert failure is not None
    assert (failure.get("message") or "").startswith("tests/a.yaml:7: 结局应该是")
    assert "客户: 不是" in (failure.text or "")
    assert (failed.get("file"), failed.get("line")) == ("tests/a.yaml", "7")
    assert float(failed.get("time") or -1) >= 0


def test_lcov_paints_the_lines_of_the_script(run: Run) -> None:
    report = run(TESTS)
    lines = lcov(report, Path("bots/x")).splitlines()
    start = lines.index("SF:bots/x/flows/分期.yaml")
    flow = lines[start : lines.index("end_of_record", start)]
    assert "DA:4,4" in flow  # 本人: the step and its 否定, twice each
    assert "DA:6,0" in flow  # 办 was never reached
    assert {"BRDA:4,0,0,2", "BRDA:4,0,1,-", "BRDA:4,0,2,2"} <= set(flow)
    assert f"LF:{sum(line.startswith('DA:') for line in flow)}" in flow
    assert "SF:bots/x/bot.yaml" in lines


def test_the_table_counts_every_part_with_its_line(run: Run) -> None:
    data = table(run(TESTS))
    parts = {(part["kind"], part["name"]): part for part in data["parts"]}
    assert parts["answer", "分期.本人.否定"] == {
        "kind": "answer", "name": "分期.本人.否定", "file": "flows/分期.yaml", "line": 4, "count": 2
    }  # fmt: skip
    assert parts["value", "分期.期数"]["count"] == 0
    assert 0 < data["answers_covered"] < 1
