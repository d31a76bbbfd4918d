"""The script's actions at work in virtual time: what each is answered, and when."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from huashu.core.actions import RunAction
from huashu.core.events import ActionResult
from huashu.lab.script import Answer

GRACE = 0.01
"""Seconds past an action's timeout at which the engine has surely given it up."""


class Answering:
    """backend: answers the actions that nothing is mocked for; None: those fail."""

    def __init__(self, backend: Callable[[RunAction], ActionResult] | None = None) -> None:
        self.backend = backend
        self._mocks: dict[str, deque[Answer]] = {}
        self._pending: list[tuple[float, ActionResult | None]] = []
        """When each action is over, the earliest first; None: it has not answered in time."""

    def mock(self, actions: Mapping[str, Iterable[Answer]]) -> None:
        """From now on these actions are answered so, in turn, by the last answer ever after."""
        self._mocks.update({name: deque(answers) for name, answers in actions.items()})

    def run(self, action: RunAction, now: float) -> tuple[ActionResult, float]:
        """Begin an action; its answer, and the seconds it takes."""
        mocks = self._mocks.get(action.name)
        if mocks:
            answer = mocks.popleft() if len(mocks) > 1 else mocks[0]
            result, after = ActionResult(action.id, answer.ok, answer.values, answer.error), answer.after
        else:
            result, after = self.asked(action), Answer().after
        in_time = after < action.timeout
        # An answer that comes too late is never given, but the call is busy until the engine has given up waiting.
        at = now + (after if in_time else action.timeout + GRACE)
        self._pending.append((at, result if in_time else None))
        self._pending.sort(key=lambda item: item[0])
        return result, after

    def asked(self, action: RunAction) -> ActionResult:
        """What the backend answers."""
        if self.backend is None:
            return ActionResult(action.id, ok=False, error="no_backend")
        return self.backend(action)

    @property
    def due(self) -> float | None:
        """When the next action is over; None: none runs."""
        return self._pending[0][0] if self._pending else None

    def take(self) -> ActionResult | None:
        """The action that is due is over: its answer, None where the engine has given it up."""
        return self._pending.pop(0)[1]
