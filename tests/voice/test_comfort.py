"""Comfort noise: as loud as asked, shaped, without a seam."""

import numpy as np
import pytest

from huashu.core.errors import UsageError
from huashu.voice.comfort import ComfortNoise

pytestmark = pytest.mark.audio


@pytest.mark.parametrize(("rate", "level"), [(8000, -60.0), (16000, -60.0), (8000, -45.0)])
def test_it_is_as_loud_as_asked_all_the_time(rate: int, level: float) -> None:
    noise = ComfortNoise(rate, level)
    frames = [np.frombuffer(noise.frame(), "<i2").astype(float) for _ in range(400)]
    assert {len(frame) for frame in frames} == {rate // 50}
    whole = np.concatenate(frames)
    assert 20 * np.log10(np.sqrt(np.mean(whole**2)) / 32768) == pytest.approx(level, abs=0.1)
    seconds = np.sqrt(np.mean(whole.reshape(8, -1) ** 2, axis=1))
    assert seconds.max() < 1.5 * seconds.min()
    seam = np.abs(np.diff(whole))[4 * rate - 2 : 4 * rate + 2]  # it begins anew after 4 s
    assert seam.max() <= np.abs(np.diff(whole[: 4 * rate - 2])).max()


def test_it_falls_by_five_decibels_an_octave() -> None:
    noise = ComfortNoise(16000, -40.0)
    whole = np.frombuffer(b"".join(noise.frame() for _ in range(200)), "<i2").astype(float)
    power = np.abs(np.fft.rfft(whole)) ** 2

    def band(low: int, high: int) -> float:
        return float(10 * np.log10(power[low * 4 : high * 4].mean()))

    assert band(400, 500) - band(800, 1000) == pytest.approx(5.0, abs=1.0)
    assert band(400, 500) - band(5000, 6000) > 25


def test_levels_are_bounded() -> None:
    with pytest.raises(UsageError, match="expected -80 to -40"):
        ComfortNoise(8000, -20.0)
