"""Silence: when it runs, what holds it, what it climbs. Pains 1 to 4 of the field."""

import pytest

from huashu.core.actions import Disposition
from huashu.core.events import ActionResult, Dtmf, Heard, Resumed, SpeechStarted, SpeechStopped
from tests.dialogue.talk import Talk, kinds, said, script

pytestmark = pytest.mark.engine

ASK = """
flow: 主
steps:
- 问:
    ask: 请问您在吗？
    answers: {肯定: {end: 好}, 否定: {end: 好}}
    silence: [{after: 4s, say: 您在听吗？}, {after: 3s, say: 喂？}, {after: 2s, end: 无人}]
    unclear: [{say: 没听清。}, {end: 好}]
endings:
  好: {say: 再见。, label: A, result: success}
  无人: {label: F, result: no_input}
"""


def test_the_ladder_climbs_from_the_end_of_each_playback() -> None:
    talk = Talk(script(ASK), voice=True)
    talk.heard(after=10)  # ten seconds of playback: none of it is silence
    start = talk.now
    ((at, actions),) = talk.silence(4.5)
    assert at == pytest.approx(start + 4)
    assert said(actions) == ["您在听吗？"]
    talk.heard(after=3)
    start = talk.now
    ((at, actions),) = talk.silence(3.5)
    assert at == pytest.approx(start + 3)
    assert said(actions) == ["喂？"]
    talk.heard(after=1)
    ticks = talk.silence(2.1)
    disposition = next(action for action in ticks[0][1] if isinstance(action, Disposition))
    assert (disposition.result, disposition.label) == ("no_input", "F")


def test_nothing_is_counted_while_the_bot_still_speaks() -> None:
    talk = Talk(script(ASK), voice=True)
    assert talk.silence(30) == []
    assert said(talk.heard()) == []
    assert len(talk.silence(4.1)) == 1


def test_a_cough_rearms_the_same_rung() -> None:
    talk = Talk(script(ASK), voice=True)
    talk.heard()
    assert talk.silence(3.5) == []
    talk.do(SpeechStarted())
    talk.do(SpeechStopped(), after=0.4)
    talk.do(Heard(""), after=0.2)
    assert talk.silence(3.9) == []
    assert said(talk.silence(0.2)[0][1]) == ["您在听吗？"]


def test_noise_whose_words_never_come_does_not_stop_the_clock() -> None:
    talk = Talk(script(ASK), voice=True)
    talk.heard()
    talk.do(SpeechStarted(), after=1)
    talk.do(SpeechStopped(), after=0.5)
    start = talk.now
    ((at, actions),) = talk.silence(10)[:1]
    assert at == pytest.approx(start + 3 + 4)  # words_within, then the rung afresh
    assert said(actions) == ["您在听吗？"]


def test_a_voice_that_never_ends_is_bounded() -> None:
    talk = Talk(script(ASK), voice=True)
    talk.heard()
    talk.do(SpeechStarted(), after=1)
    ticks = talk.silence(200)
    assert ticks
    assert said(ticks[0][1]) == ["您在听吗？"]


def test_speech_holds_silence_until_it_is_understood() -> None:
    talk = Talk(script(ASK), voice=True)
    talk.heard()
    talk.do(SpeechStarted(), after=3.9)
    assert talk.silence(20) == []
    talk.do(SpeechStopped())
    assert "Disposition" in kinds(talk.intent("肯定", after=0.5))


def test_a_cough_before_the_words_does_not_set_the_clock_going_under_them() -> None:
    talk = Talk(script(ASK), voice=True)
    talk.heard()
    talk.do(SpeechStarted(), after=1)
    talk.do(SpeechStopped(), after=0.3)
    talk.do(SpeechStarted(), after=0.2)  # speaks while the recogniser still works on the cough
    talk.do(Heard(""), after=0.3)
    assert talk.silence(20) == []
    talk.do(SpeechStopped())
    assert "Disposition" in kinds(talk.intent("肯定", after=0.5))


def test_a_running_action_holds_silence() -> None:
    flow = ASK.replace("肯定: {end: 好}", "肯定: {go: 办}").replace(
        "endings:",
        "- 办: {do: act, timeout: 30s, failed: {end: 好}}\n"
        "- 再问: {ask: 还有吗？, answers: {否定: {end: 好}}}\nendings:",
    )
    talk = Talk(script(flow), voice=True)
    talk.heard()
    talk.intent("肯定")
    run = talk.actions[0]
    assert kinds(talk.actions) == ["RunAction"]
    assert talk.silence(25) == []
    assert said(talk.do(ActionResult(run.id))) == ["还有吗？"]


def test_keys_being_typed_hold_silence() -> None:
    flow = """
flow: 主
steps:
- 问: {collect: 期数, prompt: 请按键输入期数。, dtmf: {digits: 0, inter_digit: 3s}, silence: [{after: 2s, end: 无人}]}
endings: {无人: {result: no_input}}
"""
    talk = Talk(script(flow), voice=True)
    talk.heard()
    talk.do(Dtmf("1"), after=1.5)
    talk.do(Dtmf("2"), after=2.5)
    assert not talk.engine.closed
    assert talk.silence(2.9) == []
    talk.silence(0.2)
    assert talk.engine.slots["期数"] == 12


def test_downtime_is_not_silence_but_call_length_runs_on() -> None:
    talk = Talk(script(ASK), voice=True)
    talk.heard()
    talk.silence(3)
    talk.do(Resumed(downtime=100), after=100)
    assert talk.silence(0.9) == []
    assert said(talk.silence(0.2)[0][1]) == ["您在听吗？"]
    talk.do(Resumed(downtime=500), after=500)
    ticks = talk.silence(10)
    assert any("Hangup" in kinds(actions) for _, actions in ticks)


def test_a_text_chat_is_more_patient() -> None:
    talk = Talk(script(ASK))
    ((at, _),) = talk.silence(41)
    assert at == pytest.approx(40)
