"""What a desk is told, numbered, and kept until the desk has seen it: a cut line loses nothing.

Views carry their whole content, so the newest of a key is all there is to know about it; `agree` finds what a desk
that was away must be told besides what is still kept.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Iterable
from typing import Any, Final

from huashu.desk.wire import dumps, view_data
from huashu.handoff import views
from huashu.handoff.views import View

MOST_KEPT: Final = 5000
"""Messages; a desk further behind is told everything anew."""
MOST_CHARACTERS: Final = 4_000_000

ENCODED: Final = 512
"""Views whose encoding is remembered: what many look at is told to one desk after the other."""

Key = tuple[str, ...]


class Outbox:
    def __init__(self) -> None:
        self.seq = 0
        """Number of the newest message."""
        self._kept: deque[tuple[int, str]] = deque()
        self._size = 0
        self._latest: dict[Key, dict[str, Any]] = {}
        self._news = asyncio.Event()

    def put(self, view: View) -> bool:
        """Number and keep it; False when the desk has been told exactly this already."""
        key, data, body = _encoded(view)
        if key in self._latest and self._latest[key] == data:
            return False
        self._remember(view, key, data)
        self.seq += 1
        text = f'{{"seq":{self.seq},{body}'
        self._kept.append((self.seq, text))
        self._size += len(text)
        while len(self._kept) > MOST_KEPT or self._size > MOST_CHARACTERS:
            self._size -= len(self._kept.popleft()[1])
        self._news.set()
        return True

    def agree(self, whole: Iterable[View]) -> list[View]:
        """Make the desk agree with `whole`, all there is to see now: puts what is new or different, and that what is
        not in it is gone. Returns what was put."""
        seen = list(whole)
        keys = {key_of(view) for view in seen}
        told = [view for view in seen if self.put(view)]
        for key in [key for key in self._latest if key not in keys]:
            gone = _gone(key)
            if gone is not None and self.put(gone):
                told.append(gone)
        return told

    def restart(self, whole: Iterable[View]) -> None:
        """Forget what was told and begin anew with `whole`; the numbers go on."""
        self._kept.clear()
        self._latest.clear()
        self._size = 0
        for view in whole:
            self.put(view)

    def keeps(self, after: int) -> bool:
        """Whether everything behind message number `after` is still here."""
        if after > self.seq:
            return False
        return after == self.seq or (bool(self._kept) and self._kept[0][0] <= after + 1)

    def after(self, seq: int) -> list[tuple[int, str]]:
        """The messages behind number `seq`, at most 200 at a time, oldest first."""
        found: list[tuple[int, str]] = []
        if not self._kept:
            return found
        first = self._kept[0][0]
        for index in range(max(0, seq + 1 - first), len(self._kept)):
            found.append(self._kept[index])
            if len(found) == 200:
                break
        return found

    def seen(self, seq: int) -> None:
        """The desk has all messages up to `seq`."""
        while self._kept and self._kept[0][0] <= seq:
            self._size -= len(self._kept.popleft()[1])

    async def news(self, after: int) -> None:
        """Wait until there is a message behind number `after`."""
        while self.seq <= after:
            self._news.clear()
            await self._news.wait()

    def latest(self) -> Iterable[dict[str, Any]]:
        """What the desk believes, a view a key."""
        return self._latest.values()

    def _remember(self, view: View, key: Key, data: dict[str, Any]) -> None:
        match view:
            case views.Gone(kind="conversation", id=conversation):
                for other in [item for item in self._latest if item[1:2] == (conversation,)]:
                    del self._latest[other]
            case views.Gone(kind=kind, id=name):
                self._latest.pop((kind.capitalize(), name), None)
            case views.Withdrawn(id=offer):
                self._latest.pop(("Offer", offer), None)
            case views.Origin():  # asked for each time, and long
                pass
            case _:
                self._latest[key] = data


_encodings: OrderedDict[int, tuple[View, Key, dict[str, Any], str]] = OrderedDict()
"""By identity of the view, which is kept here and so stays itself."""


def _encoded(view: View) -> tuple[Key, dict[str, Any], str]:
    """Its key, its data (not to be changed), and the JSON of it behind the opening brace. Once for all desks."""
    found = _encodings.get(id(view))
    if found is None:
        data = view_data(view)
        found = _encodings[id(view)] = view, key_of(view), data, dumps(data)[1:]
        if len(_encodings) > ENCODED:
            _encodings.popitem(last=False)
    return found[1:]


def key_of(view: View) -> Key:
    """Views with the same key replace each other. The second part of a conversation's keys is its id."""
    match view:
        case views.Said():
            return ("Said", view.conversation, str(view.n))
        case views.Aside():
            return ("Aside", view.conversation, str(view.n))
        case views.Hint():
            return ("Hint", view.conversation, view.kind, str(view.at))
        case views.Rating():
            return ("Rating", view.conversation, view.kind)
        case views.Queue():
            return ("Queue", view.name)
        case views.Gone():
            return ("Gone", view.kind, view.id)
        case _:
            return (type(view).__name__, view.id)


def _gone(key: Key) -> View | None:
    match key:
        case ("Conversation", name):
            return views.Gone("conversation", name)
        case ("Agent", name):
            return views.Gone("agent", name)
        case ("Queue", name):
            return views.Gone("queue", name)
        case ("Ticket", name):
            return views.Gone("ticket", name)
        case ("Offer", name):
            return views.Withdrawn(name, "closed")
        case _:  # what was said is gone with its conversation; a hint has been given
            return None
