"""Conversation tests say when: words as they come in, keys with pauses between, and how soon the bot must begin."""

import pytest

from huashu.core.actions import BargeIn, Say, SpokenPart
from huashu.core.events import Heard, PlaybackStarted
from huashu.lab.coverage import Watch
from huashu.lab.holding import Holding
from huashu.lab.loudspeaker import Loudspeaker, _seconds, seconds_of
from huashu.lab.script import CallerSays, Interrupt, Keys, Noise, TestTurn, Transcript
from huashu.runtime.bot import Bot
from huashu.runtime.turn import Turns
from huashu.store.records import Entry
from tests.lab.conftest import Run

pytestmark = pytest.mark.cli


def events(small: Bot, *turns: CallerSays | Keys | Noise | Interrupt) -> list[Entry]:
    holding = Holding(small, Watch(small.script), None, Transcript("x", "", 1, tuple(TestTurn(1, t) for t in turns)))
    seen: list[Entry] = []
    holding.sim.turns = Turns(small, observe=seen.append)
    assert holding.result().passed
    return seen


def test_partial_words_come_in_while_the_caller_speaks(small: Bot) -> None:
    heard = [
        (entry.now, entry.event.text, entry.event.final)
        for entry in events(small, CallerSays("我是李雷本人啊没错", partial=("我是", "我是李雷")))
        if isinstance(entry.event, Heard)
    ]
    assert [(text, final) for _, text, final in heard] == [
        ("我是", False), ("我是李雷", False), ("我是李雷本人啊没错", True)
    ]  # fmt: skip
    first, second, last = (now for now, *_ in heard)
    assert [second - first, last - second] == pytest.approx([2 / 3, 2 / 3], abs=0.01)


def test_words_may_be_taken_back(small: Bot) -> None:
    heard = [e.event for e in events(small, Noise(1.0, ("分",))) if isinstance(e.event, Heard)]
    assert [(one.text, one.final) for one in heard] == [("分", False), ("", True)]


def test_keys_come_as_far_apart_as_the_test_says(run: Run) -> None:
    report = run(
        "test: x\nturns:\n- dtmf: '291'\n  gap: [0.5s, 2s]\n"
        "- expect: {step: 期数}\n---\ntest: y\nturns:\n- interrupt: {after: 1s, dtmf: '1', gap: 1s}\n"
    )
    assert report.results[1].passed
    first = report.results[0]
    assert first.failure  # 2 is a no: the call was over before the other keys


@pytest.mark.parametrize(
    ("within", "told"),
    [
        ("4s", ""),
        ("[3.9s, 4.1s]", ""),
        ("3s", "机器人应该在 3 秒内开口，实际用了 4.00 秒"),
        ("[4.5s, 6s]", "机器人应该在 4.5 到 6 秒之间开口，实际是 4.00 秒"),
    ],
)
def test_a_rung_is_said_so_long_after_the_silence_began(run: Run, within: str, told: str) -> None:
    report = run(f"test: x\nturns:\n- caller: 是的\n- silence: 5s\n- bot: 还在\n  within: {within}\n")
    assert report.results[0].failure == told


def test_the_time_counts_from_the_end_of_the_callers_words_to_the_line_with_the_text(run: Run) -> None:
    report = run(
        "test: x\nturns:\n- action: {make: {每期: '1', after: 3s}}\n- caller: 是的\n- bot: 分几期\n  within: 0.1s\n"
        "- caller: 三期\n- bot: 请稍等\n  within: [1s, 1.1s]\n- bot: 分3期\n  within: [3s, 3.1s]\n"
    )
    assert report.ok, report.lines()


def test_nothing_may_be_expected(run: Run) -> None:
    report = run(
        "test: x\nturns: [caller: 是的, expect: {ending: '', handoff: '', sent: '', called: ''}]\n"
        "---\ntest: y\nturns: [caller: 转人工, expect: {handoff: '', called: make}]\n"
        "---\ntest: z\nturns: [caller: 是的, caller: 三期, expect: {called: ''}]\n"
    )
    x, y, z = (result.failure for result in report.results)
    assert x == ""
    assert y == "转人工应该是 空，现在是 “客服”\n没有执行动作“make”，执行过：（什么都没说）"
    assert z == "不该执行动作，执行过：“make”"


def test_a_line_waits_for_a_voice_that_was_there_before_it() -> None:
    speaker = Loudspeaker()
    speaker.voice = True
    speaker.add(Say("1.1", "您好。"))
    assert speaker.begin(1.0) is None
    speaker.voice = False
    assert speaker.begin(2.0) == PlaybackStarted("1.1")
    guarded = Loudspeaker()
    guarded.voice = True
    guarded.add(Say("1.1", "您好。", barge_in=BargeIn("off")))
    assert guarded.begin(1.0) == PlaybackStarted("1.1")


def test_recorded_parts_keep_their_speed_for_a_caller_who_asked_for_slower() -> None:
    parts = (SpokenPart("您这期账单是", "rec/a.wav"), SpokenPart("一千二百元整啊啊"))
    text = "".join(part.text for part in parts)
    plain, spliced = (_seconds(Say("1", text, parts=given, rate=0.5)) for given in ((), parts))
    assert plain == pytest.approx(2 * seconds_of(text))
    assert spliced == pytest.approx(seconds_of(text) + seconds_of(parts[1].text))
    assert _seconds(Say("1", text, parts=(parts[0],), rate=0.5)) == pytest.approx(seconds_of(text))
