"""How the far side's sound arrives, in numbers."""

import logging

import numpy as np
import pytest
from numpy.typing import NDArray

from huashu.core.events import Answered
from huashu.runtime.bot import Bot
from huashu.voice.health import Health, LineHealth
from tests.voice.voice_fakes import silence, tone
from tests.voice.voice_line import Line

pytestmark = pytest.mark.audio


def noise(seconds: float, level: float, *, seed: int = 0) -> NDArray[np.float64]:
    """White noise of so many dBFS."""
    return np.random.default_rng(seed).normal(0.0, 32768 * 10 ** (level / 20), round(seconds * 8000))


def health(*parts: NDArray[np.float64]) -> Health:
    pcm = np.clip(np.concatenate(parts), -32768, 32767).astype("<i2")
    line = LineHealth()
    for start in range(0, len(pcm) - 159, 160):
        line.add(pcm[start : start + 160])
    return line.report()


def test_levels_of_talk_and_of_the_noise_under_it() -> None:
    found = health(*[part for _ in range(5) for part in (noise(1.0, -24), noise(1.0, -55))])
    assert found.talk == pytest.approx(-24, abs=1)
    assert found.noise == pytest.approx(-55, abs=1)
    assert found.faults == ()
    assert found.seconds == pytest.approx(10)


def test_one_way_audio_is_nothing_at_all_and_not_a_quiet_person() -> None:
    assert health(np.zeros(12 * 8000)).faults == ("one_way",)
    assert health(noise(12.0, -62)).faults == ()
    assert health(np.zeros(5 * 8000)).faults == ()


def test_a_line_that_died() -> None:
    found = health(noise(3.0, -30), np.zeros(25 * 8000))
    assert found.faults[0] == "dead"
    assert found.nothing_at_the_end == pytest.approx(25, abs=0.1)
    assert found.nothing == pytest.approx(25, abs=0.1)


def test_clipped_loud_and_quiet_talk() -> None:
    clipped = health(*[part for _ in range(4) for part in (3 * noise(0.5, -6), noise(0.5, -60))])
    assert clipped.clipped > 0.05
    assert {"clipped", "loud"} <= set(clipped.faults)
    assert "quiet" in health(*[part for _ in range(4) for part in (noise(0.5, -48), noise(0.5, -66))]).faults


async def test_a_session_tells_of_one_way_audio_once(bot: Bot, caplog: pytest.LogCaptureFixture) -> None:
    line = Line(bot)
    with caplog.at_level(logging.WARNING, "huashu.voice.watch"):
        await line.session.start()
        await line.quiet(14.0)
    assert [record.levelname for record in caplog.records if "no sound at all" in record.getMessage()] == ["WARNING"]
    assert line.session.watch.health.faults == ("one_way",)


async def test_health_begins_with_the_answer(bot: Bot) -> None:
    line = Line(bot)
    await line.session.start(answered=False)
    await line.quiet(3.0)
    await line.say(tone(900, 0.2))
    await line.session.receive(Answered())
    await line.say(tone(600, 1.0) + silence(1.0))
    assert line.session.watch.health.seconds == pytest.approx(2.0)
