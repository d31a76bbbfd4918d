"""Whole calls: sound of people in, sound of the bot out, through every room."""

import pathlib
import shutil
import wave

import numpy as np
import pytest

from huashu.asr.registry import open_recogniser
from huashu.core.errors import MissingExtraError
from huashu.core.events import Heard
from huashu.runtime.bot import load_bot
from huashu.tts.engine import Voice
from huashu.tts.registry import open_voice
from huashu.voice.call import CallReport, run_call

pytestmark = pytest.mark.audio

ROOT = pathlib.Path(__file__).resolve().parent.parent
COFFEE = ROOT / "tests" / "bots" / "coffee_en"


def voice() -> Voice:
    try:
        return open_voice("espeak")
    except MissingExtraError as error:
        pytest.skip(str(error))


def heard(report: CallReport) -> list[str]:
    return [event.text for _, event in report.events if isinstance(event, Heard) and event.final]


def recording(path: pathlib.Path) -> np.ndarray:
    with wave.open(str(path)) as file:
        assert file.getnchannels() == 2
        return np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2).astype(np.float64)


def active(samples: np.ndarray, rate: int) -> float:
    """Seconds of 20 ms frames over -45 dBFS."""
    frames = samples[: len(samples) // (rate // 50) * (rate // 50)].reshape(-1, rate // 50)
    return float((np.sqrt((frames**2).mean(axis=1)) > 32768 * 10 ** (-45 / 20)).sum() * 0.02)


async def test_the_synthetic_caller_of_the_demo_orders_coffee(tmp_path: pathlib.Path) -> None:
    report = await run_call(
        load_bot(COFFEE),
        ROOT / "examples" / "caller_en",
        recogniser=open_recogniser("pocketsphinx"),
        voice=voice(),
        record=tmp_path / "call.wav",
    )
    assert report.disposition is not None
    assert report.disposition.result == "success"
    assert report.disposition.values["drink"] == "mocha"
    sound = recording(tmp_path / "call.wav")
    assert abs(len(sound) / 8000 - report.seconds) < 0.05
    assert active(sound[:, 0], 8000) > 2.0  # the caller, left
    assert active(sound[:, 1], 8000) > 6.0  # the bot, right


@pytest.mark.parametrize(
    ("order", "slots"),
    [
        ("505a930b", {"drink": "latte", "size": "small", "milk": "soy milk"}),
        ("63011534", {"drink": "espresso", "size": "twenty ounce"}),
        ("959e462a", {"drink": "americano", "size": "sixteen ounce", "shots": "triple shot"}),
    ],
)
async def test_people_order_coffee_in_english(
    data: pathlib.Path, tmp_path: pathlib.Path, order: str, slots: dict[str, str]
) -> None:
    speech = data / "speech_en"
    (first,) = (speech / "coffee_commands" / "wav").glob(f"{order}*.wav")
    no = speech / "asterisk_prompts" / "wav" / "vm-no.wav"
    says = [first, *([no] if len(slots) == 2 else []), no.with_name("digits") / "tomorrow.wav", no]
    for number, path in enumerate(says):
        shutil.copy(path, tmp_path / f"{number}.wav")
    report = await run_call(load_bot(COFFEE), tmp_path, recogniser=open_recogniser("pocketsphinx"), voice=voice())
    assert report.disposition is not None
    assert report.disposition.result == "success", heard(report)
    assert {name: report.disposition.values[name] for name in slots} == slots
    assert heard(report)[-2:] == ["tomorrow", "no"]


@pytest.mark.parametrize(
    ("song", "name", "place", "where"),
    [
        ("BAC009S0150W0039", "等你等了那么久", "BAC009S0150W0010", "孔家花园"),
        ("BAC009S0252W0069", "荷塘月色", "BAC009S0252W0021", "第五大道"),
    ],
)
async def test_people_call_in_chinese(
    data: pathlib.Path, weights: pathlib.Path, tmp_path: pathlib.Path, song: str, name: str, place: str, where: str
) -> None:
    speech = data / "speech_zh" / "aishell1_sample" / "wav"
    for number, file in enumerate(("BAC009S0150W0003", song, place)):
        shutil.copy(speech / f"{file}.wav", tmp_path / f"{number}.wav")
    recogniser = open_recogniser("pocketsphinx", model=weights / "pocketsphinx-zh-tdt-8k")
    report = await run_call(
        load_bot(ROOT / "tests" / "bots" / "home_zh"), tmp_path, recogniser=recogniser, voice=voice()
    )
    assert report.disposition is not None
    assert report.disposition.result == "success", heard(report)
    assert dict(report.disposition.values) == {"温度": 31, "歌名": name, "地点": where}
