"""A message for a voicemail waits for the beep; the script can ask who has answered, and why."""

import pytest

from huashu.core.actions import Disposition, Hangup
from huashu.core.events import (
    Beep,
    Heard,
    HumanJoined,
    HungUp,
    MachineDetected,
    SpeechStarted,
    SpeechStopped,
    Understood,
)
from huashu.flows.script import Script
from tests.dialogue.talk import HEAD, Talk, kinds, said, script

pytestmark = pytest.mark.engine

FLOW = """
flow: 主
steps:
- 问: {ask: 是本人吗？, answers: {肯定: {end: 好}}, silence: [{after: 9s, end: 好}]}
endings: {好: {result: success}}
"""


def leaver(after_beep: str = "{within: 20s, quiet: 2s}", move: str = "end: machine") -> Script:
    pattern = f"{{after_beep: {after_beep}, say: 请您回电。, {move}}}"
    return script(FLOW, bot=HEAD + f"start: 主\npatterns: {{machine: {pattern}}}\n")


def test_the_bot_stops_and_waits_for_the_beep() -> None:
    talk = Talk(leaver(), voice=True)
    assert kinds(talk.do(MachineDetected("voicemail"), after=1)) == ["Stop"]
    talk.do(SpeechStarted())
    assert talk.silence(8) == []
    talk.do(SpeechStopped(), after=0)
    actions = talk.do(Beep(), after=0.5)
    assert said(actions) == ["请您回电。"]
    assert isinstance(actions[-1], Hangup)


def test_pauses_in_the_greeting_are_not_its_end() -> None:
    talk = Talk(leaver(), voice=True)
    talk.do(MachineDetected("voicemail"), after=1)
    for _ in range(3):
        talk.do(SpeechStarted(), after=1.9)
        talk.do(SpeechStopped(), after=2)
        talk.do(Heard("请留言"))
        talk.do(Understood("请留言"))
    assert [said(actions) for _, actions in talk.silence(1.9)] == []
    assert [said(actions) for _, actions in talk.silence(0.2)] == [["请您回电。"]]


def test_a_greeting_without_end_is_waited_for_as_long_as_the_script_says() -> None:
    talk = Talk(leaver("12s"), voice=True)
    talk.do(SpeechStarted(), after=1)
    talk.do(MachineDetected("voicemail"), after=1)
    assert talk.silence(11.9) == []
    ((at, actions),) = talk.silence(0.2)
    assert at == pytest.approx(14.0)
    assert said(actions) == ["请您回电。"]


def test_a_silence_that_is_long_enough_already_is_not_waited_out_again() -> None:
    talk = Talk(leaver(), voice=True)
    talk.heard(after=1)
    talk.do(MachineDetected("voicemail"), after=5)
    ((at, actions),) = talk.silence(0.1)
    assert at == pytest.approx(6.0)
    assert said(actions) == ["请您回电。"]


@pytest.mark.parametrize("by", ["ivr", "announcement", "fax"])
def test_what_records_nothing_is_told_nothing(by: str) -> None:
    talk = Talk(leaver(), voice=True)
    assert kinds(talk.do(MachineDetected(by))) == ["Disposition", "Hangup"]  # type: ignore[arg-type]


def test_without_after_beep_the_words_are_for_every_machine() -> None:
    rules = script(FLOW, bot=HEAD + "start: 主\npatterns: {machine: {say: 再见。, end: machine}}\n")
    for by in ("voicemail", "announcement"):
        assert said(Talk(rules, voice=True).do(MachineDetected(by))) == ["再见。"]


def test_a_machine_that_hangs_up_was_a_machine() -> None:
    talk = Talk(leaver(), voice=True)
    talk.do(MachineDetected("voicemail"))
    (outcome,) = talk.do(HungUp())
    assert isinstance(outcome, Disposition)
    assert outcome.result == "machine"


def test_a_supervisor_who_joins_has_the_line_and_no_message_follows() -> None:
    talk = Talk(leaver(), voice=True)
    talk.do(MachineDetected("voicemail"))
    talk.do(HumanJoined("a"))
    assert talk.do(Beep()) == []
    assert talk.silence(60) == []


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (MachineDetected("voicemail"), "信箱。"),
        (MachineDetected("announcement", cause="powered_off"), "关机。"),
        (MachineDetected("announcement", cause="invalid_number"), "空号或停机。"),
        (MachineDetected("announcement"), "别的。"),
    ],
)
@pytest.mark.parametrize("chinese", [False, True])
def test_the_script_asks_who_has_answered_and_why(event: MachineDetected, line: str, chinese: bool) -> None:
    conditions = (
        ('接听方.类型 == "语音信箱"', '接听方.原因 == "关机"', '接听方.原因 in ("空号", "停机")')
        if chinese
        else ('machine.by == "voicemail"', 'machine.cause == "powered_off"', 'machine.cause in ("空号", "suspended")')
    )
    steps = "".join(f"{{when: '{when}', go: 步{number}}}, " for number, when in enumerate(conditions))
    lines = ("信箱。", "关机。", "空号或停机。", "别的。")
    side = f"flow: 机\nsteps:\n- 看: {{if: [{steps}{{else: 步3}}]}}\n" + "".join(
        f"- 步{number}: {{say: {text}, end: machine}}\n" for number, text in enumerate(lines)
    )
    bot = HEAD + "start: 主\npatterns: {machine: {link: 机}}\n"
    talk = Talk(script(FLOW, bot=bot, flows__side=side), voice=True)
    assert said(talk.do(event)) == [line]
