"""One process at a time."""

import subprocess
import sys
from pathlib import Path

import pytest

from huashu.core.errors import StoreError
from huashu.store.sole import alone

pytestmark = pytest.mark.store

ENTERS = """
import sys
from pathlib import Path
from huashu.store.sole import alone
with alone(Path(sys.argv[1]), "centre"):
    print("inside", flush=True)
    sys.stdin.read()
"""


def test_whoever_comes_second_is_told_and_a_killed_one_lets_go(tmp_path: Path) -> None:
    record = tmp_path / "calls.db"
    first = subprocess.Popen(
        [sys.executable, "-c", ENTERS, str(record)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert first.stdout is not None
    assert first.stdout.readline() == "inside\n"
    with (
        pytest.raises(StoreError, match="another process has the centre of this record") as error,
        alone(record, "centre"),
    ):
        pass
    assert error.value.code == "taken"
    with alone(record, "something else"):
        pass
    first.kill()
    first.communicate()
    with alone(record, "centre"):
        pass
    with alone(record, "centre"):
        pass
