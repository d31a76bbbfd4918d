import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).parent))  # the tests' own helper module `runtime_fakes`


@pytest.fixture
def folder() -> pathlib.Path:
    """The bot these tests talk to: two questions, an action, an ending."""
    return pathlib.Path(__file__).parent / "bot"
