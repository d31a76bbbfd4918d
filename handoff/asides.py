"""Words among those who attend a conversation, beside it: an agent and the colleague they ask, a supervisor and the
agent they coach.

The caller and the bot never learn of them. They are no events of the conversation and stand in no transcript of it;
they are on record with the case, sealed by the key of the call, each with those who were shown it.
"""

import json
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from huashu.handoff.views import Aside

KEPT = 500
"""Of one conversation that are shown; the rest is on record only."""


@dataclass(slots=True)
class Entry:
    view: Aside
    leg: str
    """The consultation in which it was said; empty: none."""
    shown: set[str]
    """Who has it on their desk, or had."""

    @property
    def data(self) -> str:
        """For the record."""
        data = {"n": self.view.n, "at": self.view.at, "text": self.view.text, "leg": self.leg}
        if self.view.command:
            data["command"] = self.view.command
        return json.dumps({**data, "shown": sorted(self.shown)}, ensure_ascii=False)


class Asides:
    """Those of one conversation.

    Whoever attends when it is said is shown it. Who comes later is shown less: a colleague what was said since they
    were called, a supervisor everything, and the next agent nothing of what was between others.
    """

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._count = 0

    def __bool__(self) -> bool:
        return bool(self._entries)

    def made(
        self, call: str, agent: str, text: str, *, command: str = "", at: float, leg: str, shown: Iterable[str]
    ) -> Entry:
        """What somebody says, not said yet: `keep` it when it is on record. command: the id it came by."""
        return Entry(Aside(call, self._count, agent, round(at, 1), text, command), leg, set(shown))

    def keep(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._count = max(self._count, entry.view.n + 1)

    def shown(self, agent: str, *, watches: bool, leg: str) -> tuple[list[Aside], list[int]]:
        """What this person is to see, and which of it for the first time.

        watches: a supervisor. leg: the consultation in which this person is asked, or empty.
        """
        seen, fresh = [], []
        for entry in self._entries:
            if agent not in entry.shown:
                if not (watches or (leg and entry.leg == leg)):
                    continue
                entry.shown.add(agent)
                fresh.append(entry.view.n)
            seen.append(entry.view)
        return seen, fresh

    def recall(self, call: str, agent: str, data: str) -> None:
        """One that is on record."""
        values: Mapping[str, Any] = json.loads(data)
        view = Aside(call, values["n"], agent, values["at"], values["text"], values.get("command", ""))
        self.keep(Entry(view, values["leg"], set(values["shown"])))

    def recall_shown(self, agent: str, numbers: Iterable[int]) -> None:
        """That somebody was shown these later."""
        wanted = set(numbers)
        for entry in self._entries:
            if entry.view.n in wanted:
                entry.shown.add(agent)
