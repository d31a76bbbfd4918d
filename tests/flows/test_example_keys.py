"""examples/redelivery_zh shows every key of the flow language, runs, and says so truly."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from huashu.flows.check import check
from huashu.flows.keys import CHINESE, ENGLISH

pytestmark = pytest.mark.engine

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "redelivery_zh"


def keys(node: object) -> set[str]:
    if isinstance(node, dict):
        return {str(key) for key in node}.union(*map(keys, node.values()))
    return set().union(*map(keys, node)) if isinstance(node, list) else set()


def test_every_key_of_the_language_stands_in_the_example() -> None:
    files = [path for path in EXAMPLE.rglob("*.yaml") if path.parent.name not in ("lines", "tests")]
    found = set().union(*(keys(YAML(typ="safe").load(path)) for path in files))
    assert sorted(ENGLISH.keys() - found) == []
    assert CHINESE.keys().isdisjoint(found), "a file of the example mixes spellings"


def test_the_example_has_nothing_to_mend() -> None:
    assert [str(finding) for finding in check(EXAMPLE).findings] == []
