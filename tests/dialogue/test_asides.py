"""An answer and a question in one turn: both are heard."""

import pytest

from huashu.core.actions import Action, Disposition, Handoff, OptOut
from huashu.core.events import Entity, IntentScore, Understood
from tests.dialogue.talk import Talk, said, script

pytestmark = pytest.mark.engine

FLOW = """
flow: 主
silence: [{after: 4s, say: 在吗？}, {after: 3s, end: 无人}]
unclear: [{say: 没听清。}, {end: 放弃}]
anytime:
  太贵: {say: 没有手续费。, then: back, times: 2}
  转人工: {say: 这就转。, handoff: 人工}
  别再打: {end: 不打}
  再见: {end: 走}
steps:
- 办: {ask: 您要办理吗？, answers: {肯定: {go: 期}, 否定: {end: 不要}}}
- 期: {ask: 分期吗？, answers: {肯定: {end: 好}, 否定: {end: 不要}}}
endings:
  无人: {result: no_input}
  放弃: {result: no_match}
  好: {result: success}
  不要: {result: refused}
  不打: {result: opt_out}
  走: {result: completed}
"""


def asked() -> Talk:
    talk = Talk(script(FLOW, nlu__x="intents: {太贵: {examples: [太贵了]}}"))
    talk.heard()
    return talk


def says(talk: Talk, *names: str) -> list[Action]:
    first, *others = (IntentScore(name, 0.95) for name in names)
    return talk.means(Understood("说了两件事", (first,), also=tuple(others)))


def result(actions: list[Action]) -> str:
    return next(action.result for action in actions if isinstance(action, Disposition))


@pytest.mark.parametrize("names", [("肯定", "太贵"), ("太贵", "肯定")])
def test_a_question_beside_an_answer_is_answered_and_the_answer_counts(names: tuple[str, str]) -> None:
    assert said(says(asked(), *names)) == ["没有手续费。", "分期吗？"]


def test_without_an_answer_the_question_is_asked_again() -> None:
    assert said(says(asked(), "太贵")) == ["没有手续费。", "您要办理吗？"]


def test_the_reply_is_counted_as_a_detour() -> None:
    talk = asked()
    says(talk, "太贵")
    assert said(says(talk, "肯定", "太贵")) == ["没有手续费。", "分期吗？"]
    assert said(says(talk, "肯定", "太贵")) == []
    assert result(talk.actions) == "success"


@pytest.mark.parametrize("names", [("肯定", "转人工"), ("转人工", "肯定")])
def test_a_wish_for_a_person_goes_before_an_answer(names: tuple[str, str]) -> None:
    assert any(isinstance(action, Handoff) for action in says(asked(), *names))


def test_no_more_calls_goes_before_an_answer() -> None:
    assert any(isinstance(action, OptOut) for action in says(asked(), "否定", "别再打"))


@pytest.mark.parametrize("names", [("否定", "再见"), ("再见", "否定")])
def test_a_goodbye_beside_an_answer_is_manners(names: tuple[str, str]) -> None:
    assert result(says(asked(), *names)) == "refused"


MONTHS = (
    FLOW[: FLOW.index("- 办:")]
    + "- 几: {collect: 期数, prompt: 分几期？}\n- 完: {end: 好}\n"
    + FLOW[FLOW.index("endings:") :]
)


def chooses(talk: Talk, text: str, *beside: str, intent: str) -> list[Action]:
    """Six, and something beside it."""
    value = Entity("integer", 6, "六期", text.index("六期"), text.index("六期") + 2, "期数", 0.95)
    also = tuple(IntentScore(name, 0.95) for name in beside)
    return talk.means(Understood(text, (IntentScore(intent, 0.9),), (value,), also=also))


def months() -> Talk:
    talk = Talk(script(MONTHS, nlu__x="intents: {太贵: {examples: [太贵了]}}"))
    talk.heard()
    return talk


def test_a_question_beside_a_value_is_answered_and_the_value_counts() -> None:
    actions = chooses(months(), "六期吧，手续费贵不贵的", "太贵", intent="太贵")
    assert (said(actions), result(actions)) == (["没有手续费。"], "success")


def test_a_question_around_a_value_chooses_nothing() -> None:
    assert said(chooses(months(), "分六期太贵了吧我觉得", intent="太贵")) == ["没有手续费。", "分几期？"]


def test_a_wish_for_a_person_goes_before_a_value() -> None:
    assert any(isinstance(action, Handoff) for action in chooses(months(), "六期，转人工", "转人工", intent="转人工"))


def test_thanks_beside_a_value_are_manners() -> None:
    assert result(chooses(months(), "那就六期吧，再见再见", "再见", intent="再见")) == "success"
