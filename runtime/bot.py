"""A bot ready to hold conversations: script, understanding, knowledge and actions, loaded once, shared by all calls."""

from concurrent.futures import Executor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from huashu.core.events import FaqHit, Heard, Understood
from huashu.core.expect import Expectation
from huashu.flows.script import Script
from huashu.nlu.engine import Understander
from huashu.runtime.actions import Actions


class Searcher(Protocol):
    """huashu.knowledge.retrieval.Retriever, or what stands in for it."""

    def search(self, text: str, bases: tuple[str, ...], *, most: int = 3) -> tuple[FaqHit, ...]: ...


@dataclass(frozen=True, slots=True)
class Bot:
    script: Script
    understander: Understander
    retriever: Searcher
    actions: Actions | None = None
    """None: RunAction is handed to the edge, which answers ActionResult."""
    content: bytes = b""
    """The script's files as kept in the store (`pack`); empty: conversations resume only while this bot is loaded."""
    pool: Executor | None = None
    """Where understanding runs; None: on the event loop (an engine of well under a millisecond)."""

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        """Intents, entities and FAQ hits of one final Heard. Thread-safe."""
        raise NotImplementedError


def load_bot(folder: Path | str, *, trust: bool = False, cache: Path | None = None) -> Bot:
    """The bot in a folder.

    trust: run the folder's `actions.py`; without it an action the script calls fails with "not_trusted".
    cache: where trained models are kept by digest; default: the user's cache folder.

    Raises:
        ScriptError: the folder has errors; the message holds all of them.
    """
    raise NotImplementedError
