"""The Node example against a real server: a text conversation, one across a kill, and a call with sound."""

import asyncio
import os
import shutil
import subprocess
import sys
import wave
from array import array
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.channels.kit import WITHIN, write_bot
from tests.channels.process import START_WITHIN, ServerProcess

pytestmark = pytest.mark.server

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "examples" / "node_client"
PROTO = ROOT / "channels" / "proto"

PATIENT = ("--retries", str(round(2 * START_WITHIN)))
"""A server starts again in its own time on a busy machine."""

ENGLISH = {
    "bot.yaml": "bot: desk\ntitle: Front desk\nlanguage: en-US\n",
    "flows/main.yaml": """
flow: main
silence: [{after: 1s, say: Are you there?}, {after: 1s, end: gone}]
steps:
- greet: {say: Hello, this is the front desk.}
- open:
    ask: Shall I open the door?
    answers: {affirm: {end: opened}, deny: {end: gone}}
endings:
  opened: {say: The door is open., result: success}
  gone: {say: Goodbye., result: no_input}
""".replace("say: Hello, this", 'say: "Hello, this').replace("desk.}", 'desk."}'),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example with its packages installed."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        pytest.skip("node and npm are not installed")
    folder = tmp_path_factory.mktemp("node") / "client"
    shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("node_modules"))
    install = subprocess.run(
        ["npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--ignore-scripts"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    if install.returncode != 0:
        pytest.skip(f"npm install failed with status {install.returncode}: no registry?")
    return folder / "client.js"


@asynccontextmanager
async def node(client: Path, *arguments: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """The example as a process, which does not outlive the block."""
    process = await asyncio.create_subprocess_exec(
        *("node", str(client), *arguments),
        env={**os.environ, "HUASHU_PROTO": str(PROTO)},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def told(client: Path, *arguments: str) -> tuple[int, str]:
    """Exit status and output."""
    async with node(client, *arguments) as process:
        output, _ = await asyncio.wait_for(process.communicate(), 120)
    assert process.returncode is not None
    return process.returncode, output.decode()


def test_the_example_names_no_registry() -> None:
    assert not (EXAMPLE / "package-lock.json").exists() or "resolved" not in (EXAMPLE / "package-lock.json").read_text()


async def test_a_text_conversation(client: Path, tmp_path: Path) -> None:
    write_bot(tmp_path / "bots")
    async with ServerProcess(tmp_path / "bots", cache=tmp_path / "cache") as server:
        address = await server.start()
        words = ("--var", "姓名=老王", "--say", "三份", "--say", "不用了")
        status, output = await told(client, "text", "--address", address, "--bot", "canteen", *words)
        assert output.splitlines() == [
            "bot: 您好，老王，这里是食堂。",
            "bot: 您要几份？",
            "caller: 三份",
            "bot: 单号是K3。",
            "bot: 还要别的吗？",
            "caller: 不用了",
            "bot: 再见。",
            "ended: success",
        ]
        assert status == 0
        status, output = await told(client, "text", "--address", address, "--bot", "nobody", "--say", "x")
        assert (status, output.strip()) == (1, "start.bot: no bot 'nobody'; served here: canteen")


async def test_a_conversation_outlives_its_server(client: Path, tmp_path: Path) -> None:
    write_bot(tmp_path / "bots")
    seen = []
    async with ServerProcess(tmp_path / "bots", store=tmp_path / "calls.db", cache=tmp_path / "cache") as server:
        address = await server.start()
        words = ("text", "--address", address, "--bot", "canteen", "--var", "姓名=老王", *PATIENT)
        async with asyncio.timeout(6 * WITHIN), node(client, *words) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            async for line in process.stdout:
                seen.append(line.decode().strip())
                if seen[-1] == "bot: 您要几份？":
                    await server.kill()
                    await server.start()
                    process.stdin.write("三份\n".encode())
                elif seen[-1] == "bot: 还要别的吗？":
                    process.stdin.write("不用了\n".encode())
            assert await process.wait() == 0
    assert [line for line in seen if line.startswith(("bot", "ended"))] == [
        "bot: 您好，老王，这里是食堂。",
        "bot: 您要几份？",
        "bot: 单号是K3。",
        "bot: 还要别的吗？",
        "bot: 再见。",
        "ended: success",
    ]


async def test_a_call_with_sound(client: Path, tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader", reason="espeak is not installed (extra espeak)")
    write_bot(tmp_path / "bots", ENGLISH)
    quiet, out = tmp_path / "quiet.wav", tmp_path / "bot.wav"
    with wave.open(str(quiet), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\0" * 1600)
    where = ("--audio", str(quiet), "--out", str(out), "--seconds", "40")
    async with ServerProcess(tmp_path / "bots", cache=tmp_path / "cache", asr="pocketsphinx") as server:
        status, output = await told(client, "call", "--address", await server.start(), "--bot", "desk", *where)
    assert [line for line in output.splitlines() if line] == [
        "bot: Hello, this is the front desk.",
        "bot: Shall I open the door?",
        "bot: Are you there?",
        "bot: Goodbye.",
        "ended: no_input",
    ]
    assert status == 0
    with wave.open(str(out), "rb") as file:
        sound = array("h", file.readframes(file.getnframes()))
    if sys.byteorder == "big":
        sound.byteswap()
    loud = [max(map(abs, sound[at : at + 800])) > 500 for at in range(0, len(sound), 800)]  # tenths of a second
    assert 4 < len(loud) / 10 < 40
    assert sum(loud) > 20  # more than two seconds of speech
    assert not all(loud)
