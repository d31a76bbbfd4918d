"""Makes voice_fakes and voice_line importable by the tests of this folder."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from voice_line import make_bot  # found by the line above

from huashu.runtime.bot import Bot


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """The little bot of voice_line."""
    return make_bot(tmp_path / "bot")
