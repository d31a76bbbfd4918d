"""What the tests of the voice room share."""

from pathlib import Path

import pytest

from huashu.runtime.bot import Bot
from tests.voice.voice_line import make_bot


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """The little bot of voice_line."""
    return make_bot(tmp_path / "bot")
