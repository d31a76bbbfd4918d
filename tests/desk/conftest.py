"""One browser for all tests of a file: each has a window with a profile of its own in it."""

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

import pytest_asyncio

from tests.desk.browsers import chromium

if TYPE_CHECKING:
    from playwright.async_api import Browser


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator["Browser"]:
    """For files whose tests share an event loop: `pytest.mark.asyncio(loop_scope="module")`."""
    async with chromium() as browser:
        yield browser
