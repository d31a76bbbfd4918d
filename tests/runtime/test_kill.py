"""The small twin of bench/proof_kill.py: eight workers killed with SIGKILL, and nothing is lost or done twice."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.store

PROOF = Path(__file__).resolve().parents[2] / "bench" / "proof_kill.py"


@pytest.mark.parametrize("commit", ["turn", "group"])
def test_killed_workers_lose_nothing_and_repeat_nothing(commit: str) -> None:
    command = [sys.executable, str(PROOF), "--kills", "8", "--seed", "3", "--commit", commit, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert done.returncode == 0, done.stderr[-2000:]
    summary = json.loads(done.stdout)
    assert summary["kills"] == 8
    assert summary["calls"] >= 32
    assert summary["turns"] == 4 * summary["calls"]
    assert summary["actions"] == summary["calls"]
