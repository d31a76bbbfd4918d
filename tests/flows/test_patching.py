"""Additions to a designer's files leave every line that was there, comments and quotes and all."""

import pytest
from ruamel.yaml import YAML

from huashu.core.errors import UsageError
from huashu.flows.patching import add_to_list, spelling_of

pytestmark = pytest.mark.engine

BASE = """\
# 知识库
知识库: 信用卡   # 名字
条目:
- 问题: 手续费怎么收   # 常问
  答案: "每期: 千分之六"

# 门槛在最后
门槛: 0.5
"""


def load(text: str) -> dict:  # type: ignore[type-arg]
    return dict(YAML(typ="safe").load(text))


def test_an_item_goes_behind_the_last_and_before_what_follows() -> None:
    new = add_to_list(BASE, ("items",), [{"question": "能提前还吗", "answer": "可以: 随时。"}], spelling="zh")
    lines = BASE.splitlines()
    assert [line for line in new.splitlines() if line in lines] == lines
    assert new.splitlines()[5] == '- {问题: 能提前还吗, 答案: "可以: 随时。"}'
    assert load(new)["条目"][1] == {"问题": "能提前还吗", "答案": "可以: 随时。"}


@pytest.mark.parametrize(
    ("text", "items"),
    [
        ("intents:\n  贵: [太贵了, 贵]  # 价格\n  忙: 在忙\n", ["太贵了", "贵", "真贵"]),
        ("intents:\n  贵: []\n", ["真贵"]),
        ("intents:\n  贵:\n  - 太贵了  # 甲\n  # 乙\n  忙: 在忙\n", ["太贵了", "真贵"]),
        ("intents:\n  贵: 太贵了\n", ["太贵了", "真贵"]),
        ("intents:\n  贵:\n  忙: 在忙\n", ["真贵"]),
        ("intents:\n  忙: 在忙\n", ["真贵"]),
        ("intents: {忙: 在忙}\n", ["真贵"]),
        ("lists: {}\n", ["真贵"]),
        ("意图:\n    贵:\n        - 太贵了", ["太贵了", "真贵"]),
    ],
)
def test_every_way_a_list_is_written(text: str, items: list[str]) -> None:
    new = add_to_list(text, ("intents", "贵"), ["真贵"], spelling=spelling_of(text))
    data = load(new)
    assert data["意图" if "意图" in text else "intents"]["贵"] == items
    assert all(comment in new for comment in ("# 价格", "# 甲", "# 乙") if comment in text)
    rest = load(text).get("intents", {})
    assert not rest.get("忙") or load(new)["intents"]["忙"] == rest["忙"]


def test_what_is_no_list_is_refused() -> None:
    with pytest.raises(UsageError, match="mapping, not a list"):
        add_to_list("intents:\n  贵: {examples: [贵]}\n", ("intents", "贵"), ["真贵"])
    with pytest.raises(UsageError, match="no YAML"):
        add_to_list("a: [\n", ("a",), ["b"])


@pytest.mark.parametrize(
    "item",
    [
        "- 问题: 甲\n  答案: 一\n",
        "- 问题: 甲\n  问法: [乙]  # 说明\n  答案: 一\n",
        "- {问题: 甲, 答案: 一}\n",
        "- {问题: 甲, 问法: 乙, 答案: 一}\n",
        "- 问题: 甲\n  问法:\n  - 乙\n  # 说明\n  答案: 一\n",
    ],
)
def test_the_list_of_one_item_of_a_list(item: str) -> None:
    text = f"知识库: 库\n条目:\n- 问题: 零\n  答案: 无\n{item}- 问题: 末\n  答案: 无\n"
    new = add_to_list(text, ("items", ("question", "甲"), "variants"), ["丙"], spelling="zh")
    before, after = load(text)["条目"], load(new)["条目"]
    assert after[1].pop("问法") == [*(["乙"] if "乙" in item else []), "丙"]
    before[1].pop("问法", None)
    assert after == before
    assert ("说明" in new) == ("说明" in item)
    with pytest.raises(UsageError, match="no item with question '癸'"):
        add_to_list(text, ("items", ("question", "癸"), "variants"), ["丙"])
