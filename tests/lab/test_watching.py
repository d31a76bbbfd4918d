"""`huashu test --watch`: after a change, the tests it concerns, and nothing told but what is otherwise."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huashu.lab.watching import Watcher, concerns
from huashu.runtime.bot import Bot, load_bot
from tests.lab.folders import write_bot

pytestmark = pytest.mark.cli

TESTS = """\
test: 办
turns: [caller: 是我, caller: 三期, bot: 分3期]
---
test: 不是
turns: [caller: 不是, expect: {ending: 不要}]
"""
SURVEY = "flow: 回访\nsteps:\n- 评分: {say: 谢谢您。}\n"


class Steps:
    """A designer: each step edits the folder, then the watcher is told which files have changed."""

    def __init__(self, folder: Path, cache: Path) -> None:
        self.folder = folder
        self.loads = 0
        self._edits: list[tuple[str, str, str]] = []
        self.watcher = Watcher(folder, trust=True, cache=cache, clock=lambda: 0.0, load=self._load)

    def _load(self, *arguments: Any, **options: Any) -> Bot:
        self.loads += 1
        return load_bot(*arguments, **options)

    def after(self, *edits: tuple[str, str, str]) -> list[list[str]]:
        """What is told after each edit (file, old text, new text), the first run left out."""

        def changes() -> Any:
            for file, old, new in edits:
                path = self.folder / file
                text = path.read_text(encoding="utf-8") if path.exists() else ""
                assert old in text, (file, old)
                path.write_text(text.replace(old, new) if old else new, encoding="utf-8")
                yield {path}

        return list(self.watcher.watch(changes()))[1:]


@pytest.fixture
def steps(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Steps]:
    def made() -> Steps:
        folder = write_bot(tmp_path, TESTS)
        flow = folder / "flows" / "分期.yaml"
        flow.write_text(
            flow.read_text(encoding="utf-8").replace("end: 成了}", "call: 回访}\n- 走: {end: 成了}"), "utf-8"
        )
        (folder / "flows" / "回访.yaml").write_text(SURVEY, encoding="utf-8")
        bot = folder / "bot.yaml"
        bot.write_text(bot.read_text(encoding="utf-8").replace("direction", "start: 分期\ndirection"), encoding="utf-8")
        return Steps(folder, tmp_path_factory.mktemp("cache"))

    return made


def test_what_breaks_and_what_is_mended_is_told_and_nothing_else(steps: Callable[[], Steps]) -> None:
    flow = "flows/分期.yaml"
    told = steps().after((flow, "分【期数】每期", "共【期数】每期"), (flow, "共【期数】每期", "分【期数】每期"))
    assert told[0][0] == "FAIL  tests/a.yaml:2: 办"
    assert not any("不是" in line for line in told[0])
    assert told[0][-1].startswith("又跑了 2 个（0.0 秒）：1 个通过，1 个失败")
    assert told[1][0].startswith("ok    tests/a.yaml:1: 办")
    assert told[1][-1].endswith("2 个通过，0 个失败，回答覆盖 38%")


def test_only_tests_that_come_to_a_flow_are_held_when_it_changes(steps: Callable[[], Steps]) -> None:
    (told,) = steps().after(("flows/回访.yaml", "谢谢您。", "谢谢。"))
    assert told == ["又跑了 1 个（0.0 秒）：2 个通过，0 个失败，回答覆盖 38%"]


def test_only_the_tests_that_were_edited_are_held(steps: Callable[[], Steps]) -> None:
    (told,) = steps().after(("tests/a.yaml", "ending: 不要", "ending: 没人"))
    assert told[0] == "FAIL  tests/a.yaml:5: 不是"
    assert told[-1].startswith("又跑了 1 个")


def test_a_script_with_mistakes_is_told_once_and_watched_on(steps: Callable[[], Steps]) -> None:
    made = steps()
    told = made.after(
        ("flows/分期.yaml", "steps:", "stps:"),
        ("tests/a.yaml", "test: 办", "test: 办成"),
        ("flows/分期.yaml", "stps:", "steps:"),
    )
    assert any("stps" in line for line in told[0])
    assert told[1] == [f"话术还有 {len(told[0])} 处错误"]
    assert told[2][0] == "话术可以用了"
    assert "没有了：tests/a.yaml 办" in told[2]
    assert made.watcher.ok


def test_a_change_that_changes_nothing_and_a_file_of_no_bot_are_not_told(steps: Callable[[], Steps]) -> None:
    made = steps()
    assert made.after(("flows/分期.yaml", "steps:", "steps:\n# 想一想"), ("flows/分期.yaml.swp", "", "x")) == []
    assert made.loads == 2
    assert not concerns(made.folder, made.folder / ".git" / "index")
    assert concerns(made.folder, made.folder / "actions.py")


def test_a_model_is_trained_only_when_understanding_changes(steps: Callable[[], Steps], tmp_path: Path) -> None:
    made = steps()
    made.after(("flows/分期.yaml", "分几期？", "想分几期？"))
    cache = made.watcher._cache
    assert cache is not None
    trained = set(cache.iterdir())
    assert trained
    made.after(("flows/分期.yaml", "想分几期？", "您分几期？"))
    assert set(cache.iterdir()) == trained
