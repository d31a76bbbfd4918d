"""What a session tells its conversation, in order: events, that its deadline has come, that a turn has been answered.

On a live line they are dealt with beside the audio, one at a time; in virtual time everything has been dealt with when
`settle` returns.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Callable

from huashu.core.errors import UsageError
from huashu.core.events import EdgeEvent
from huashu.runtime.host import Host

_log = logging.getLogger(__name__)


class _Note:
    """No event, but in line with them."""


_WAKE = _Note()
_RELEASE = _Note()


class Errands:
    """Args:
    see: sees each event before the conversation does.
    release: called when the dialogue has answered the turn: lines behind a cut one may go on.
    realtime: beside the audio.
    """

    def __init__(
        self, host: Host, *, see: Callable[[EdgeEvent], None], release: Callable[[], None], realtime: bool
    ) -> None:
        self._host = host
        self._see = see
        self._release = release
        self._realtime = realtime
        self._waiting: deque[EdgeEvent | _Note] = deque()
        self._runner: asyncio.Task[None] | None = None
        self._waking = False

    @property
    def busy(self) -> bool:
        return bool(self._waiting) or self._runner is not None

    def tell(self, event: EdgeEvent) -> None:
        self._put(event)

    def wake(self) -> None:
        """The dialogue's deadline has come."""
        if not self._waking:
            self._waking = True
            self._put(_WAKE)

    def answered(self) -> None:
        """Behind what was told so far the turn has been answered."""
        self._put(_RELEASE)

    async def settle(self) -> None:
        """Virtual time: everything has been dealt with on return. Real time: it will be, beside the audio."""
        if not self._realtime and self._runner is None:
            await self._run()
            while self._host.busy:  # an action of the script takes no virtual time
                await self._host.settle()
                await self._run()

    async def handled(self) -> None:
        """What was told so far has been dealt with on return, in real time as well."""
        if self._runner is not None:
            await asyncio.shield(self._runner)

    async def finish(self) -> None:
        """Everything has been dealt with on return."""
        if self._runner is not None:
            await self._runner
        else:
            await self._run()

    def _put(self, item: EdgeEvent | _Note) -> None:
        self._waiting.append(item)
        if self._realtime and self._runner is None:
            self._runner = asyncio.get_running_loop().create_task(self._run_beside())

    async def _run_beside(self) -> None:
        try:
            await self._run()
        finally:
            self._runner = None

    async def _run(self) -> None:
        while self._waiting:
            item = self._waiting.popleft()
            if item is _WAKE:
                self._waking = False
                await self._host.wake()
            elif item is _RELEASE:
                self._release()
            elif not isinstance(item, _Note):
                self._see(item)
                try:
                    await self._host.receive(item)
                except UsageError as error:  # nothing has changed in the conversation, and it goes on
                    _log.warning("call %s: %s refused: %s", self._host.call, type(item).__name__, error.code)
