"""Commands that are done once: whoever was not answered asks again under the same id, after a cut line or a crash.

Within a process the first answer is remembered. Over its end it is on record: what a command does and its id are
committed together, so either both are there or neither. Words to the caller are an event of their conversation and
carry the id themselves.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final

from huashu.handoff.record import Record
from huashu.handoff.views import Answer

ANSWERS_KEPT: Final = 1000
"""Of one person, at most; an id is remembered no longer than this many commands of theirs."""
KEPT_FOR: Final = 86_400.0
"""Seconds an answer is kept on record: a laptop that slept overnight asks again in the morning."""


class Once:
    """Those of one person."""

    def __init__(self, record: Record, agent: str, *, now: float) -> None:
        self._answers: OrderedDict[str, asyncio.Future[Answer]] = OrderedDict()
        self.earlier = record.answers(agent, since=now - KEPT_FOR, most=ANSWERS_KEPT)
        """On record, by id: of a process before, or of an earlier sitting of this person."""

    def knows(self, id_: str) -> bool:
        """Whether a command under this id has come before."""
        return id_ in self._answers or id_ in self.earlier

    async def do(self, id_: str, work: Callable[[], Awaitable[Answer]]) -> Answer:
        """What `work` answers; under an id that came before in this process, what it answered then. `work` goes on when
        whoever waits for it does not."""
        if not id_:
            return await work()
        found = self._answers.get(id_)
        if found is None:
            found = self._answers[id_] = asyncio.ensure_future(work())
            if len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)
        return await asyncio.shield(found)
