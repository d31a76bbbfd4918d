"""What is loaded stays out of the garbage collector's rounds, and no conversation waits for that."""

import asyncio
import gc
from collections.abc import Iterator

import pytest

from huashu.runtime import lasting

pytestmark = pytest.mark.unit


@pytest.fixture
def thawed() -> Iterator[None]:
    yield
    gc.unfreeze()


class Node:
    def __init__(self) -> None:
        self.itself = self


@pytest.mark.usefixtures("thawed")
def test_what_is_there_is_not_looked_at_again_and_what_comes_is() -> None:
    before = [Node() for _ in range(100)]
    lasting.keep()
    kept = gc.get_freeze_count()
    assert kept > 100
    later = [Node() for _ in range(50)]
    before.clear()
    later.clear()
    assert gc.collect() >= 50, "what conversations leave behind is still found"
    assert gc.get_freeze_count() >= kept - 10, "what was frozen stays, as is said where it is frozen"


@pytest.mark.parametrize("conversations", [[0], [3, 2, 2, 0]])
async def test_a_new_version_is_kept_once_nobody_is_there(
    conversations: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    kept: list[int] = []
    waits: list[float] = []
    renewed = asyncio.Event()
    monkeypatch.setattr(lasting, "keep", lambda: kept.append(len(waits)))

    async def sleep(seconds: float) -> None:
        waits.append(seconds)
        await asyncio.sleep(0)

    def live() -> int:
        return conversations[min(len(waits), len(conversations) - 1)]

    task = asyncio.create_task(lasting.keep_renewed(renewed, live, sleep=sleep))
    await asyncio.sleep(0)
    assert kept == [], "nothing is new"
    renewed.set()
    for _ in range(10):
        await asyncio.sleep(0)
    assert kept == [len(conversations) - 1]
    renewed.set()
    for _ in range(5):
        await asyncio.sleep(0)
    assert len(kept) == 2, "and again with the next version"
    task.cancel()
