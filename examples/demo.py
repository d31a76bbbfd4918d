"""What `sh demo.sh` runs: a text conversation, then a spoken call, then (in a terminal) your own turn.

The spoken caller is a person where recordings of people are at hand (HUASHU_TEST_DATA, or ../shared/data), else the
synthetic caller in examples/caller_en. Both sides are kept in demo-call.wav.
"""

import asyncio
import os
import pathlib
import shutil
import sys
import tempfile

from huashu.asr.registry import open_recogniser
from huashu.channels.console import chat
from huashu.cli_talk import given, narrator, open_mouth
from huashu.embed import Bot
from huashu.runtime.bot import load_bot
from huashu.voice.call import run_call

ROOT = pathlib.Path(__file__).resolve().parent.parent
TEXT_BOT = ROOT / "scripts_market" / "card_instalment"
CALL_BOT = ROOT / "tests" / "bots" / "coffee_en"
WORDS = ("是我，你说", "可以", "这个手续费太贵了吧", "你是机器人吗", "那就分六期", "确认")
RECORDING = pathlib.Path("demo-call.wav")


def in_text() -> None:
    print("\n=== 1. A conversation in text: 信用卡账单分期, outbound ===\n")
    bot = Bot.load(TEXT_BOT, trust=True)
    with bot.call(**given(bot.script, [])) as call:
        for line in call.opening.lines:
            print("bot    ", line)
        for words in WORDS:
            print("caller ", words)
            for line in call.say(words).lines:
                print("bot    ", line)
    if call.outcome is not None:
        print(f"\noutcome: {call.outcome.ending} · label {call.outcome.label} · {call.outcome.result}")


def in_speech() -> None:
    print("\n=== 2. A spoken call: sound in, sound out ===\n")
    with tempfile.TemporaryDirectory() as folder:
        caller = spoken_caller(pathlib.Path(folder))
        bot = load_bot(CALL_BOT)
        report = asyncio.run(
            run_call(
                bot,
                caller,
                recogniser=open_recogniser("pocketsphinx"),
                voice=open_mouth(None),
                record=RECORDING,
                variables=given(bot.script, []),
                on_event=narrator(bot.script.language),
            )
        )
    ending = report.disposition.ending if report.disposition else "none"
    print(f"\noutcome: {ending} · {report.seconds:.0f} s of call · both sides in {RECORDING} (caller left, bot right)")


def spoken_caller(folder: pathlib.Path) -> pathlib.Path:
    """What the caller says, one WAV a turn."""
    data = pathlib.Path(os.environ.get("HUASHU_TEST_DATA", ROOT.parent / "shared" / "data"))
    people = (
        "coffee_commands/wav/505a930b-d364-4010-a71b-7dd270e9e576.wav",
        "asterisk_prompts/wav/digits/tomorrow.wav",
        "asterisk_prompts/wav/vm-no.wav",
    )
    recordings = [data / "speech_en" / name for name in people]
    if not all(path.is_file() for path in recordings):
        print("The caller: a synthetic voice (no recordings of people at hand).\n")
        return ROOT / "examples" / "caller_en"
    print("The caller: recordings of people.\n")
    for number, path in enumerate(recordings):
        shutil.copy(path, folder / f"{number}.wav")
    return folder


def your_turn() -> None:
    print("\n=== 3. Your turn: talk to the same bot (empty line to leave) ===\n")
    bot = load_bot(TEXT_BOT, trust=True)
    asyncio.run(chat(bot, variables=given(bot.script, [])))


if __name__ == "__main__":
    in_text()
    in_speech()
    if sys.stdin.isatty():
        your_turn()
    else:
        print("\nNow talk to it yourself: .venv/bin/huashu chat scripts_market/card_instalment")
