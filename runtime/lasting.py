"""What is loaded for good is taken out of the garbage collector's rounds.

Python's collector stops every thread while it looks at all containers the process holds, and nearly all of them are
what was imported and loaded: 80,000 to 100,000, and 80 a live call. A full round over them took 36 to 83 ms, a hole in
the sound of every call at once. Frozen, they are not looked at again, and a round costs what live calls are.

For a process that is the server's alone (`huashu serve`). A program that has Huashu inside it decides for itself, since
freezing is of the whole process: whatever it drops later and is part of a circle is never given back.
"""

import asyncio
import gc
from collections.abc import Awaitable, Callable

_LOOK_AGAIN = 5.0
"""Seconds between looks whether nobody is there."""


def keep() -> None:
    """Everything that is alive now stays: the collector does not look at it again. Takes one full round (0.1 to 0.3 s):
    call it when bots and engines are loaded, before the first conversation."""
    gc.collect()
    gc.freeze()


async def keep_renewed(
    renewed: asyncio.Event,
    live: Callable[[], int],
    *,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> None:
    """For ever: keep what has been `renewed`, at the next moment without `live` conversations, so that none waits for
    it and nothing of one is kept. Until then it adds 1 to 2 ms a bot to a full round."""
    while True:
        await renewed.wait()
        renewed.clear()
        while live():
            await sleep(_LOOK_AGAIN)
        keep()
