"""Text chat in a terminal and through a pipe."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from huashu.channels.console import Read, chat, in_json
from huashu.core.actions import Disposition, Listen, Say
from huashu.core.expect import Expectation
from huashu.runtime.bot import Bot
from tests.channels.kit import WITHIN, Kitchen, make_bot

pytestmark = pytest.mark.cli


def lines_of(*lines: str) -> Read:
    left = list(lines)

    async def read() -> str | None:
        return left.pop(0) if left else None

    return read


async def talk(bot: Bot, *lines: str, json_mode: bool = False) -> tuple[list[str], Disposition | None]:
    written: list[str] = []
    async with asyncio.timeout(WITHIN):
        ending = await chat(
            bot,
            variables={"姓名": "老王"},
            json_mode=json_mode,
            read=lines_of(*lines),
            write=written.append,
        )
    return written, ending


async def test_lines_from_a_pipe_are_answered_one_by_one(tmp_path: Path) -> None:
    written, ending = await talk(make_bot(tmp_path, Kitchen()), "三份", "", "不用了", "never read")
    assert written == [
        "(食堂 · /dtmf 6 · /silence 5s · /quit)",
        "食堂: 您好，老王，这里是食堂。",
        "食堂: 您要几份？",
        "食堂: 单号是K1。",
        "食堂: 还要别的吗？",
        "食堂: 再见。",
        "-- 完成 · 意向 A · success",
    ]
    assert ending is not None
    assert ending.values["份数"] == 3


async def test_the_end_of_the_pipe_is_the_caller_hanging_up(tmp_path: Path) -> None:
    for last in ((), ("/quit",)):
        written, ending = await talk(make_bot(tmp_path, Kitchen()), "三份", *last)
        assert ending is not None
        assert ending.result == "hung_up"
        assert "食堂: 还要别的吗？" in written


async def test_json_mode_is_one_object_an_action(tmp_path: Path) -> None:
    written, _ = await talk(make_bot(tmp_path, Kitchen()), "三份", "/nonsense", "不用了", json_mode=True)
    objects = [json.loads(line) for line in written]
    assert {item["type"] for item in objects} == {"Say", "Listen", "Disposition", "Hangup", "Error"}
    assert [item["text"] for item in objects if item["type"] == "Say"][-1] == "再见。"
    assert all(item["id"] for item in objects if item["type"] != "Error")


async def test_silence_is_a_command_and_nothing_else(tmp_path: Path) -> None:
    bot = make_bot(tmp_path, Kitchen())
    quiet, _ = await talk(bot, "/silence 2s")
    assert len(quiet) == 4  # greeting, two lines of the bot, the outcome
    impatient, ending = await talk(bot, *["/silence 60s"] * 5)
    assert len(impatient) > len(quiet)
    assert ending is not None
    assert ending.result == "no_input"


async def test_keys(tmp_path: Path) -> None:
    written, _ = await talk(make_bot(tmp_path, Kitchen()), "/dtmf 6", "/dtmf", "/dtmf x", "/silence soon")
    assert [line for line in written if line.startswith("-- /")] == [
        "-- /dtmf：按键是 0-9 * # A-D，例如 /dtmf 6",
        "-- /dtmf：按键是 0-9 * # A-D，例如 /dtmf 6",
        "-- /silence：多久？例如 /silence 5s",
    ]


async def test_a_bot_without_code_says_so_and_goes_on(tmp_path: Path) -> None:
    written, ending = await talk(make_bot(tmp_path), "三份")
    assert "-- 动作 place_order：这个机器人没有可执行的代码" in written
    assert ending is not None
    assert ending.result == "error"


def test_a_real_pipe(tmp_path: Path) -> None:
    main = (
        "import asyncio, sys; from pathlib import Path\n"
        "from huashu.channels.console import chat; from tests.channels.kit import Kitchen, make_bot\n"
        "asyncio.run(chat(make_bot(Path(sys.argv[1]), Kitchen()), variables={'姓名': '老王'}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", main, str(tmp_path)],
        input="三份\n不用了\n",
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=Path(__file__).resolve().parents[2],
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.splitlines()[-2:] == ["食堂: 再见。", "-- 完成 · 意向 A · success"]


def test_an_action_in_json_leaves_out_what_only_recognisers_need() -> None:
    listen = Listen("1.1", Expectation("a.b", kind="yes_no", phrases=("是的", "不是"), intents=("肯定",)))
    plain, timed = json.loads(in_json(listen)), json.loads(in_json(listen, now=1.23456))
    assert "phrases" not in plain["expect"]
    assert plain["expect"]["intents"] == ["肯定"]
    assert timed == {"at": 1.235, **plain}
    assert json.loads(in_json(Say("1.2", "您好")))["text"] == "您好"
