"""What the tests of the runtime share."""

import pathlib

import pytest


@pytest.fixture
def folder() -> pathlib.Path:
    """The bot these tests talk to: two questions, an action, an ending."""
    return pathlib.Path(__file__).parent / "bot"
