"""What `sh demo.sh` runs behind its set-up."""

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.cli

ROOT = Path(__file__).resolve().parent.parent


def test_the_demo_talks_in_text_and_in_sound_to_the_end(tmp_path: Path) -> None:
    pytest.importorskip("espeakng_loader", reason="espeak is not installed (extra espeak)")
    command = [sys.executable, "-P", str(ROOT / "examples" / "demo.py")]
    done = subprocess.run(command, cwd=tmp_path, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("outcome: ") == 2
    assert (tmp_path / "demo-call.wav").stat().st_size > 100_000
