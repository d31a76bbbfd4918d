"""A real rasa-sdk server for tests: installed once into an environment of its own, run on loopback, stopped by its id.

rasa-sdk pins grpcio, protobuf and pydantic, so it never goes into the environment of Huashu. HUASHU_TEST_RASA names a
Python that has it already; else one is made in the user's cache folder.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import venv
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs
import pytest

WANTED = "rasa-sdk>=3.21,<4"
INSTALL_WITHIN = 240.0
"""Seconds for pip, the first time only."""
START_WITHIN = 30.0

ACTIONS = Path(__file__).parent / "rasa" / "server"

# rasa-sdk binds its gRPC service to every address of the machine; a test keeps to loopback
_GRPC = """
import runpy
import rasa_sdk.grpc_server as server
server._initialise_port = lambda running, port=0, *rest: running.add_insecure_port(f"127.0.0.1:{port}")
runpy.run_module("rasa_sdk", run_name="__main__", alter_sys=True)
"""


def python() -> Path:
    """The interpreter with rasa-sdk. Skips the test, with the reason, where it cannot be had."""
    given = os.environ.get("HUASHU_TEST_RASA")
    if given:
        return Path(given)
    home = platformdirs.user_cache_path("huashu-tests") / f"rasa-{sys.version_info[0]}.{sys.version_info[1]}"
    if not home.exists():
        home.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix="rasa-", dir=home.parent))
        try:
            _install(fresh)
            # complete or not there at all; another session may have been faster
            if not home.exists():
                fresh.rename(home)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    return home / "bin" / "python"


def _install(folder: Path) -> None:
    venv.create(folder, with_pip=True)
    command = [str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--retries", "1", WANTED]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_WITHIN, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip(f"pip did not install {WANTED} within {INSTALL_WITHIN:.0f} s")
    if done.returncode != 0:
        pytest.skip(f"pip cannot install {WANTED}: {(done.stderr.strip() or 'no reason given').splitlines()[-1][:200]}")


@contextmanager
def server(folder: Path, *, over: str) -> Iterator[str]:
    """The address of a server with the test's actions. folder: where it may write. over: "http" or "grpc"."""
    port = _free_port()
    arguments = ["--actions", "huashu_test_actions", "-p", str(port)]
    command = ["-c", _GRPC, *arguments, "--grpc"] if over == "grpc" else ["-m", "rasa_sdk", *arguments]
    environment = {**os.environ, "SANIC_HOST": "127.0.0.1", "PYTHONPATH": str(ACTIONS), "PYTHONDONTWRITEBYTECODE": "1"}
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(python()), *command], cwd=folder, env=environment, stdout=out, stderr=out, start_new_session=True
        )
    try:
        _await(process, log, (lambda: _healthy(port)) if over == "http" else (lambda: _listening(port)))
        yield f"rasa+{over}://127.0.0.1:{port}"
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            # its own process group: the server and its worker, nobody else
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _await(process: "subprocess.Popen[bytes]", log: Path, ready: Callable[[], bool]) -> None:
    until = time.monotonic() + START_WITHIN
    while not ready():
        if process.poll() is not None or time.monotonic() > until:
            pytest.fail(f"the Rasa action server did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)  # another process starts in its own time; there is no clock to hand it


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _listening(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False
