"""One client for each event loop, and none for loops that are closed."""

import asyncio
import gc
import weakref

import pytest

from huashu.runtime.loops import PerLoop

pytestmark = pytest.mark.unit


class Client:
    """Holds its loop, as connections do."""

    def __init__(self) -> None:
        self.loop = asyncio.get_running_loop()


def test_each_loop_has_its_own_until_it_is_closed() -> None:
    clients = PerLoop(Client)

    async def twice() -> tuple[Client, Client]:
        return clients.get(), clients.get()

    first, same = asyncio.run(twice())
    assert first is same
    gone = weakref.ref(first)
    second, _ = asyncio.run(twice())
    assert second is not first
    del first, same
    gc.collect()
    assert gone() is None


async def test_a_forgotten_one_is_made_anew() -> None:
    clients = PerLoop(Client)
    old = clients.get()
    clients.forget()
    assert clients.get() is not old
