"""What the mouth sounds like, measured: heard back, joined, on time.

python bench/mouth.py [heard] [joints] [words] [first]

heard   eSpeak's lines at the telephone's rate, read back by PocketSphinx: English dictation (words right) and one
        list of all lines; Mandarin in one list (model of HUASHU_TEST_MODELS). VITS voices cannot be measured so
        without trained weights: tests/tts prove their formats and frames.
joints  recordings of people (HUASHU_TEST_DATA) with a value of eSpeak between them: the step in loudness from part
        to part, and the jump from sample to sample at the joints
words   where a word begins in the sound, by the voice's own times and by the share of the text: the distance to the
        quiet before the word, of words behind a pause
first   a fixed line from the folder of lines: from asking for it to its first 20 ms of sound
"""

import argparse
import os
import tempfile
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from huashu.asr.sphinx import SphinxRecogniser
from huashu.core.actions import Say, SpokenPart
from huashu.core.expect import Expectation
from huashu.tts.engine import Utterance, Voice
from huashu.tts.registry import open_voice
from huashu.tts.timing import estimated
from huashu.voice.line_cache import LineCache
from huashu.voice.playback import Playback
from huashu.voice.render import Renderer
from huashu.voice.splicing import loudness
from huashu.voice.spoken import spoken

HERE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("HUASHU_TEST_DATA") or HERE.parent / "shared" / "data")
WEIGHTS = Path(os.environ.get("HUASHU_TEST_MODELS") or HERE.parent / "shared" / "models")
RATE = 8000
ENGLISH = (
    "please hold the line", "your order will arrive on tuesday", "would you like to speak to an agent",
    "the total amount is twelve dollars and fifty cents", "thank you for calling have a nice day",
    "can i have your name please", "your appointment is on the third of may", "press one for english",
    "i am sorry i did not understand you", "what is the number of your order", "we will call you back tomorrow",
    "please say yes or no", "your card ends in one seven zero two", "is there anything else i can help you with",
    "the first payment is due next friday", "we are open from nine to six", "how many people will be staying",
    "do you want to cancel the order", "that is twenty three minutes from now", "goodbye",
)  # fmt: skip
CHINESE = (
    "请问您是本人吗", "您想分几期", "请稍等正在为您办理", "您的账单已经出了", "还有什么可以帮您", "明天上午给您送到",
    "请说一个日期", "我给您转人工", "不好意思我没有听清", "祝您生活愉快", "可以分三期六期或者十二期", "请您再说一遍",
    "您的手机号码是多少", "放在家门口可以吗", "谢谢您的接听再见", "手续费按月收取", "这个月五号扣款", "请问几位客人",
)  # fmt: skip


def made(voice: Voice, text: str, language: str, rate: int = RATE) -> bytes:
    return b"".join(piece.pcm for piece in spoken(voice, Utterance(text, language), rate, timings=False))


def distance(said: Sequence[str], heard: Sequence[str]) -> int:
    """Words to change, add or drop (Levenshtein 1966)."""
    line = list(range(len(heard) + 1))
    for row, word in enumerate(said, 1):
        corner, line[0] = line[0], row
        for column, other in enumerate(heard, 1):
            corner, line[column] = line[column], min(line[column] + 1, line[column - 1] + 1, corner + (word != other))
    return line[-1]


def heard() -> None:
    voice = open_voice("espeak")
    zh_voice = open_voice("espeak", voice="cmn+f2")
    for rate in (16000, RATE):
        ears = SphinxRecogniser(WEIGHTS / "pocketsphinx-zh-tdt-8k", rate=rate, dictation=True)

        def read(text: str, language: str, expect: Expectation, rate: int, ears: SphinxRecogniser) -> str:
            stream = ears.stream(expect, language)
            pcm = made(zh_voice if language == "zh-CN" else voice, text, language, rate)
            for at in range(0, len(pcm), rate * 6 // 50):
                stream.accept(pcm[at : at + rate * 6 // 50])
            return stream.finish().text

        wrong = total = 0
        for text in ENGLISH:
            found = read(text, "en-US", Expectation(step="", language="en-US"), rate, ears).split()
            wrong, total = wrong + distance(text.split(), found), total + len(text.split())
        print(f"{rate} Hz, English dictation: {total - wrong} of {total} words ({1 - wrong / total:.0%})")
        for lines, language in ((ENGLISH, "en-US"), (CHINESE, "zh-CN")):
            expect = Expectation(step="", kind="choice", phrases=lines, language=language)
            found = [read(text, language, expect, rate, ears).replace(" ", "") for text in lines]
            right = sum(got == text.replace(" ", "") for got, text in zip(found, lines, strict=True))
            told = f"{right} of {len(lines)} right, {sum(map(bool, found)) - right} wrong, others refused"
            print(f"{rate} Hz, {language} in one list: {told}")


def joints() -> None:
    clips = sorted((DATA / "speech_zh").rglob("aishell*/**/*.wav"))[:41]
    steps, jumps = [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for clip in clips:
            (folder / clip.name).write_bytes(clip.read_bytes())
        renderer = Renderer(open_voice("espeak"), rate=RATE, folder=folder, inline=True)
        for one, other in pairwise(clips):
            parts = (SpokenPart("您好", one.name), SpokenPart("一千二百元"), SpokenPart("再见", other.name))
            chunks = renderer.render(Say("1", "您好1200元再见", "您好一千二百元再见", parts=parts)).chunks
            whole = np.frombuffer(b"".join(chunk.pcm for chunk in chunks), "<i2").astype(np.float32) / np.float32(32768)
            found, at = [], 0
            for low, high in ((0, 2), (2, 7), (7, 9)):
                pcm = b"".join(chunk.pcm for chunk in chunks if low < chunk.upto <= high)
                found.append(loudness(np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32768), RATE))
                usual = np.percentile(np.abs(np.diff(whole)), 99.5)
                if at:
                    jumps.append(float(np.abs(np.diff(whole[at - 40 : at + 40])).max() / usual))
                at += len(pcm) // 2
            steps += [abs(a - b) for a, b in pairwise(found) if a is not None and b is not None]
    print(f"joints: {len(steps)}; loudness step p50 {np.median(steps):.2f}, max {max(steps):.2f} LU")
    print(f"largest jump between samples within 5 ms of a joint: {max(jumps):.2f} of the line's own 99.5th percentile")


def words() -> None:
    """The pause before a word is a place that sound shows; how far from its end does each reckoning put the word?"""
    voice = open_voice("espeak")
    own: list[float] = []
    guessed: list[float] = []
    share: list[float] = []
    lines = [(text, "en-US") for text in ENGLISH] + [(text, "zh-CN") for text in CHINESE]
    for one, (other, language) in pairwise(lines):
        if one[1] != language:
            continue
        text = f"{one[0]}, {other}." if language == "en-US" else f"{one[0]}，{other}。"
        pieces = list(spoken(voice, Utterance(text, language), RATE))
        pcm = b"".join(piece.pcm for piece in pieces)
        sound = np.abs(np.frombuffer(pcm, "<i2").astype(float))
        seconds = len(sound) / RATE
        place = len(one[0]) + (2 if language == "en-US" else 1)
        told = next((item.at for piece in pieces for item in piece.words if item.start == place), None)
        if told is None:
            continue
        near = sound[max(0, round((told - 0.5) * RATE)) : round((told + 0.5) * RATE)]
        quiet = np.convolve(near < 100, np.ones(round(0.1 * RATE)), "valid") >= 0.1 * RATE - 1
        ends = np.flatnonzero(quiet)
        if not len(ends):
            continue
        truth = max(0.0, told - 0.5) + (int(ends[-1]) + round(0.1 * RATE)) / RATE
        own.append(abs(told - truth))
        share.append(abs(seconds * place / len(text) - truth))
        guess = next(item.at for item in estimated(text, seconds, language) if item.start == place)
        guessed.append(abs(guess - truth))
    for name, found in (("the voice's own times", own), ("an estimate", guessed), ("the share of the text", share)):
        print(f"{len(found)} words behind a pause, {name}: p50 {np.median(found):.3f}, max {max(found):.3f} s off")


def first() -> None:
    text = "您好，我是江城银行信用卡中心的智能客服小艾，本次通话会录音。"
    with tempfile.TemporaryDirectory() as name:
        Renderer(open_voice("espeak"), rate=RATE, cache=LineCache(Path(name)), inline=True).render(Say("0", text))
        taken = []
        for number in range(50):
            renderer = Renderer(open_voice("espeak"), rate=RATE, cache=LineCache(Path(name)))
            playback = Playback(renderer, rate=RATE)
            began = time.perf_counter()
            playback.add(Say(f"{number}", text))
            frame = playback.frame()
            taken.append(1000 * (time.perf_counter() - began))
            assert any(frame)
            renderer.close()
    print(f"first 20 ms of a kept line: p50 {np.median(taken):.2f}, max {max(taken):.2f} ms, read from disk")


def main() -> None:
    known = {"heard": heard, "joints": joints, "words": words, "first": first}
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", metavar="WHAT", help=", ".join(known))
    asked = parser.parse_args().what or list(known)
    if unknown := [name for name in asked if name not in known]:
        parser.error(f"unknown: {unknown[0]}")
    for name in asked:
        known[name]()


if __name__ == "__main__":
    main()
