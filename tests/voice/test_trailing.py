"""How words end, by what people say; how long a caller's pauses are waited out; sound that is no voice."""

import pytest

from huashu.voice.pace import Pace
from huashu.voice.presence import Presence
from huashu.voice.trailing import Trailing, trailing

pytestmark = pytest.mark.unit


@pytest.mark.parametrize(
    "text",
    [
        "我想",
        "呃",
        "那个",
        "我的卡丢了，然后",
        "因为",
        "我不太",
        "能不能",
        "I lost my card and",
        "it's for the",
        "um",
        "I'd like to",
    ],
)
def test_in_the_middle_of_a_phrase(text: str) -> None:
    assert trailing(text) is Trailing.UNFINISHED


@pytest.mark.parametrize(
    "text", ["谢谢", "可以改到周末吗", "没有了，谢谢您。", "a table for two, please", "that's all", "Is it open?"]
)
def test_as_people_end(text: str) -> None:
    assert trailing(text) is Trailing.WHOLE


@pytest.mark.parametrize(
    "text", ["", "是的", "嗯", "六期", "我要六期", "我上个月办的卡", "yes", "my card is lost", "コーヒー"]
)
def test_either_way(text: str) -> None:
    assert trailing(text) is Trailing.OPEN


def test_pauses_only_ever_lengthen_the_patience_and_not_without_end() -> None:
    assert Pace().bridged(0.4, 1.0).bridged(0.4, 1.0).patience(1.0) == 1.0
    assert Pace().bridged(0.95, 1.0).patience(1.0) == 1.0
    assert Pace().bridged(0.95, 1.0).bridged(0.95, 1.0).patience(1.0) > 1.0
    assert Pace().resumed(3.0) == Pace()
    assert Pace().resumed(0.4).patience(1.0) > 1.2
    worst = Pace()
    for _ in range(50):
        worst = worst.resumed(0.1).bridged(2.0, 1.0)
    assert worst.patience(1.0) <= 2.0


def test_a_soft_end_is_sound_and_the_lines_own_noise_is_not() -> None:
    presence = Presence()
    presence.begin()
    assert presence.feed(-20.0, voice=True)
    assert presence.feed(-20.0, voice=True)
    presence.feed(-60.0, voice=False)
    assert presence.feed(-45.0, voice=False)
    assert not presence.feed(-58.0, voice=False)
    loud = Presence()
    loud.begin()
    loud.feed(-20.0, voice=True)
    loud.feed(-41.0, voice=False)  # a street
    assert not loud.feed(-40.0, voice=False)
