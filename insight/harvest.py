"""What callers asked, out of the record: the raw material of whoever looks after a bot's knowledge and intents."""

from collections.abc import Iterator
from dataclasses import dataclass

from huashu.core.errors import HuashuError
from huashu.core.events import Understood
from huashu.store.log import Store

MOST_CALLS = 100_000
"""Of the latest calls of a store."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One turn of a caller."""

    call: str
    now: float
    """Seconds since the call began."""
    meant: Understood


def turns(store: Store, bot: str) -> Iterator[Asked]:
    """Every turn of the callers of a bot, calls newest first, as understanding judged it then. Keys, listeners' tokens
    and erased calls are left out."""
    for record in store.calls(limit=MOST_CALLS):
        if record.bot != bot:
            continue
        try:
            entries = store.read(record.call)
        except HuashuError:
            continue  # erased, or sealed with another key: nothing to learn from
        for entry in entries:
            meant = entry.event
            if isinstance(meant, Understood) and any(map(str.isalpha, meant.text)) and not meant.backchannel:
                yield Asked(record.call, entry.now, meant)


def questions(store: Store, bot: str) -> list[str]:
    """Turns that a knowledge base answered, or that nothing did."""
    return [asked.meant.text for asked in turns(store, bot) if asked.meant.faq or not asked.meant.intents]
