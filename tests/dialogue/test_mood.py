"""A script may ask how angry the caller sounded just now."""

import pytest

from huashu.core.actions import Handoff
from huashu.core.events import IntentScore, Understood
from tests.dialogue.talk import Talk, script

pytestmark = pytest.mark.engine

FLOW = """
flow: 主
silence: [{after: 4s, say: 在吗？}, {after: 3s, end: 无人}]
unclear: [{say: 没听清。}, {end: 放弃}]
steps:
- 办: {ask: 您要办理吗？, answers: {肯定: {go: 看}, 否定: {go: 看}}}
- 看: {if: [{when: caller.anger >= 0.7, handoff: 人工}, {else: {go: 期}}]}
- 期: {ask: 分期吗？, answers: {肯定: {go: 看}, 否定: {end: 完}}}
endings:
  无人: {result: no_input}
  放弃: {result: no_match}
  完: {result: success}
"""


def given_up(*turns: tuple[str, float]) -> bool:
    """Whether the call went to a person behind these answers, each with the anger in its words."""
    talk = Talk(script(FLOW))
    talk.heard()
    for name, anger in turns:
        actions = talk.means(Understood(name, (IntentScore(name, 0.95),), anger=anger))
    return any(isinstance(action, Handoff) for action in actions)


def test_an_angry_caller_gets_a_person() -> None:
    assert given_up(("否定", 0.8))
    assert not given_up(("否定", 0.3))


def test_it_is_what_was_said_last_that_counts() -> None:
    assert given_up(("肯定", 0.0), ("肯定", 0.9))
