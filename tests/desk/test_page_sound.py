"""Sound in the page: a person with a microphone and a caller on a spoken call hear each other."""

import asyncio
import time
import wave
from pathlib import Path
from typing import Any

import pytest

from huashu.channels.voice_call import Switchboard
from huashu.core.actions import Listen
from huashu.core.events import HungUp, Started
from tests.channels.test_voice_call import LINEAR, Hears, Tone, loud, speech
from tests.channels.test_voice_call import Line as Phone
from tests.desk.browsers import ROOT, chromium, sign_in, window
from tests.desk.kit import WITHIN
from tests.desk.test_whole import hall

pytestmark = pytest.mark.server

__all__ = ["speech"]  # a fixture

SECOND = 16000
"""Bytes."""

EARS = """
window.loudest = 0
const connect = AudioNode.prototype.connect
AudioNode.prototype.connect = function (to, ...rest) {
  if (to instanceof AudioDestinationNode && !(this instanceof GainNode)) {
    const ear = this.context.createAnalyser()
    connect.call(this, ear)
    const wave = new Float32Array(ear.fftSize)
    setInterval(() => {
      ear.getFloatTimeDomainData(wave)
      window.loudest = Math.max(window.loudest, ...wave.map(Math.abs))
    }, 20)
  }
  return connect.call(this, to, ...rest)
}
"""
"""Listens at what the page plays."""


async def test_an_agent_and_a_caller_hear_each_other(tmp_path: Path, speech: bytes) -> None:
    microphone = tmp_path / "microphone.wav"
    with wave.open(str(microphone), "wb") as file:
        file.setparams((1, 2, 8000, 0, "NONE", ""))
        file.writeframes(speech + bytes(4000))
    flags = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-audio-capture={microphone}",
        "--autoplay-policy=no-user-gesture-required",
    )
    board = Switchboard(Hears("好的"), Tone())
    async with (
        hall(tmp_path, ("wang", "agent"), voice=board.call) as at,
        chromium(*flags) as browser,
        window(browser, permissions=["microphone"]) as page,
    ):
        await page.add_init_script(EARS)
        await sign_in(page, at.desk.url, "wang")
        opened = Started("", medium="voice", variables={"姓名": "老王"})
        phone = Phone(await at.client.converse("canteen", opened, audio=LINEAR), mulaw=False)
        await phone.until(Listen)
        phone.say(bytes(16000) + speech)  # after the bot's lines: "好的"
        hearing = asyncio.create_task(phone.rest())
        await page.click(".offer .primary")
        await page.click(".acknowledge .primary")
        await page.wait_for_selector(".sound.open")
        assert await page.locator(".composer").count() == 0, "on a call one speaks"
        before = len(phone.sound)
        await within(lambda: loud(phone.sound[before:]) > 0.4 * loud(speech))

        phone.say(speech)
        async with asyncio.timeout(WITHIN):
            while await page.evaluate("window.loudest") < 0.05:
                await asyncio.sleep(0.05)

        await page.keyboard.press("Alt+m")
        await page.wait_for_selector(".sound >> text=麦克风已静音")
        await within(lambda: loud(phone.sound[-SECOND:]) == 0)  # what was under way has been heard
        before = len(phone.sound)
        await within(lambda: len(phone.sound) > before + SECOND)
        assert loud(phone.sound[before:]) == 0

        phone.close()  # who has hung up sends no more sound
        await phone.talk.send(HungUp())
        await hearing
    board.close()


async def within(true: Any) -> None:
    end = time.monotonic() + WITHIN
    while not true():
        assert time.monotonic() < end, "too late"
        await asyncio.sleep(0.05)


PROBE = Path(__file__).with_name("worklet_probe.js")


async def test_the_audio_thread_keeps_the_sound_and_evens_out_the_network() -> None:
    source = (ROOT / "desk" / "web" / "src" / "sound.worklet.js").read_text("utf-8")
    async with chromium() as browser, window(browser) as page:
        told = await page.evaluate(PROBE.read_text("utf-8").partition("\n")[2], source)
    for name, rate in (("down", 8000), ("up", 48000), ("odd", 16000)):
        assert abs(told[name]["n"] - rate) < 0.02 * rate, name
        assert abs(told[name]["level"]) < 0.3, name
        assert told[name]["rest"] < -45, f"{name}: {told[name]['rest']:.0f} dB beside the tone"
    assert told["alias"]["level"] < -45, "what the line cannot carry is left out"
    jitter = told["jitter"]
    assert jitter["early"] == 0, "three frames are gathered first"
    assert jitter["frames"] == [1, 2, 3, 4]
    assert jitter["level"] == pytest.approx(8000 / 32768, rel=0.15)
    assert jitter["dry"] == 0
    assert jitter["late"] == 0
    assert jitter["most"] == 15
