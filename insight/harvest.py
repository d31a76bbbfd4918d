"""What callers asked, out of the record: the raw material of whoever looks after a bot's knowledge and intents."""

from collections.abc import Iterator
from dataclasses import dataclass

from huashu.core.errors import HuashuError
from huashu.core.events import Understood
from huashu.store.log import Store

SURE = 0.5
"""Confidence from which an intent counts as understood: the default of a script."""
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
    return [asked.meant.text for asked in turns(store, bot) if asked.meant.faq or not _answered(asked.meant)]


def _answered(meant: Understood) -> bool:
    """By an intent that is surer than not, or by a value that was asked for."""
    sure = any(intent.confidence >= SURE for intent in meant.intents)
    return sure or any(entity.slot is not None for entity in meant.entities)
