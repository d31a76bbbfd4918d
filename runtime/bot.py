"""A bot ready to hold conversations: script, understanding, knowledge and actions, loaded once, shared by all calls."""

import asyncio
import dataclasses
import importlib.util
import logging
import os
from collections.abc import Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from weakref import WeakSet

import platformdirs

from huashu.core.errors import EngineError, ScriptError, StoreError
from huashu.core.events import FaqHit, Heard, Understood
from huashu.core.expect import Expectation
from huashu.core.language import primary
from huashu.flows.digests import model_digest
from huashu.flows.loader import bundle, load, load_bundle
from huashu.flows.script import Script
from huashu.knowledge.composing import Composer
from huashu.knowledge.retrieval import Retriever
from huashu.nlu.data import TrainingData
from huashu.nlu.engine import Understander
from huashu.nlu.general import is_greeting
from huashu.nlu.polarity import bargains
from huashu.nlu.polyglot import Polyglot
from huashu.nlu.registry import EMBEDDED, open_understander
from huashu.runtime.actions import Actions, Function, PythonActions, RefusedActions, find_actions
from huashu.runtime.composers import compose, find_composer
from huashu.runtime.faults import where
from huashu.store.log import Store

logger = logging.getLogger(__name__)

UNDERSTANDING = os.cpu_count() or 1
"""Utterances that an engine which takes its time may understand at once in one process."""
COMPOSING = 8
"""Answers that may be composed at the same time in one process."""


class Searcher(Protocol):
    """huashu.knowledge.retrieval.Retriever, or what stands in for it."""

    def search(self, text: str, bases: Iterable[str], *, on: date | None = None) -> tuple[FaqHit, ...]: ...

    def candidates(self, text: str, bases: Iterable[str], *, on: date | None = None) -> tuple[FaqHit, ...]: ...


@dataclass(frozen=True, slots=True, eq=False)
class Bot:
    script: Script
    understander: Understander
    retriever: Searcher
    actions: Actions | None = None
    """None: RunAction is handed to the edge, which answers ActionResult."""
    folder: Path | None = None
    """Where recordings (`Say.audio`) are."""
    content: bytes = b""
    """The script's files as the store keeps them (huashu.flows.loader.bundle); empty: calls resume only while this very
    bot is loaded."""
    pool: Executor | None = None
    """Where understanding runs; None: on the event loop, right for an engine of well under a millisecond."""
    cache: Path | None = None
    nlu: str = EMBEDDED
    """What the understander was asked for as, for versions of the script that are loaded later."""
    rerank: Path | None = None
    """The encoder that orders the hits of knowledge, likewise."""
    composer: Composer | None = None
    """Puts answers together for bases that say `compose: true`; it blocks, so it wants a `pool`."""
    _versions: dict[str, "Bot"] = field(default_factory=dict, init=False, repr=False)
    _kept: "WeakSet[Store]" = field(default_factory=WeakSet, init=False, repr=False)

    def understand(self, heard: Heard, expect: Expectation, *, at: datetime) -> Understood:
        """Intents, entities and knowledge hits of one final Heard. Thread-safe.

        at: the caller's wall clock (aware).
        """
        meant = self.understander.understand(heard, expect, at=at)
        if not expect.knowledge or meant.backchannel or is_greeting(heard.text) or bargains(heard.text):
            return meant
        hits = self._composed(heard.text, expect, at.date()) or self.retriever.search(
            heard.text, expect.knowledge, on=at.date()
        )
        return dataclasses.replace(meant, faq=hits) if hits else meant

    def _composed(self, text: str, expect: Expectation, on: date) -> tuple[FaqHit, ...]:
        """An answer put together from items, where bot and operator want that and the items support it."""
        bases = [name for name in expect.knowledge if self.script.knowledge[name].compose]
        if self.composer is None or not bases:
            return ()
        return compose(self.composer, self.script.knowledge, self.retriever, text, bases, on=on)

    def keep(self, store: Store) -> None:
        """Have this script version in the store, so that its calls can go on after the folder is edited."""
        if self.content and store not in self._kept:
            store.put_script(self.script.digest, self.content)
            self._kept.add(store)

    async def version(self, store: Store, digest: str) -> "Bot":
        """This bot as it was when a call began: from the store when the folder has changed since.

        Raises:
            StoreError: the store does not have that version (code "script"), or not whole (code "damaged").
        """
        if digest == self.script.digest:
            return self
        if digest not in self._versions:
            content = store.get_script(digest)
            if content is None:
                raise StoreError(f"script version {digest} of {self.script.name} is not in the store", code="script")
            self._versions[digest] = await asyncio.to_thread(self._unpacked, content)
        return self._versions[digest]

    def _unpacked(self, content: bytes) -> "Bot":
        try:
            script = load_bundle(content)
        except ScriptError as error:
            raise StoreError(f"the kept script cannot be read: {error}", code="damaged") from error
        same = script.model_digest == self.script.model_digest
        return dataclasses.replace(
            self,
            script=script,
            # the operator's current code serves old scripts too: what the store holds is never executed
            understander=self.understander if same else self._older(script),
            retriever=_retriever(script, self.rerank),
            content=content,
        )

    def _older(self, script: Script) -> Understander:
        """For a version of the script that calls in progress began with; an engine may know the new one only."""
        try:
            return _trained(script, self.cache, self.nlu)
        except EngineError as error:
            logger.warning("version %s is understood by the embedded engine: %s", script.digest[:8], error.code)
            return _trained(script, self.cache, EMBEDDED)


def load_bot(
    folder: Path | str,
    *,
    trust: bool = False,
    cache: Path | None = None,
    actions: Actions | Mapping[str, Function] | None = None,
    understander: Understander | None = None,
    nlu: str | None = None,
    rerank: Path | None = None,
    composer: Composer | None = None,
) -> Bot:
    """The bot in a folder; its model is trained now unless the cache has it.

    trust: run the folder's `actions.py`, or call the server its `actions:` names. Without it an action that the
        script calls fails with "not_trusted": code and addresses in a script are a stranger's.
    cache: where trained models are kept by digest; default: the user's cache folder.
    actions: a backend, or functions by name, instead of the script's own.
    nlu: who understands, as NAME or NAME:PLACE of huashu.nlu.registry ("encoder:bert-base-chinese"); default: what
        HUASHU_NLU says, else "embedded".
    rerank: a folder with an encoder that may put the first hits of a knowledge base in a better order
        (huashu.knowledge.reranking); default: what HUASHU_RERANK says, else words alone find the items.
    understander: instead of one trained from the script's examples. A slow one wants `dataclasses.replace(bot,
        pool=…)`, so that it does not hold up the other calls of the event loop.
    composer: for bases that say `compose: true`; default: the operator's (`huashu.runtime.composers.find_composer`).

    Raises:
        ScriptError: the folder has errors (the message holds all of them), or its actions.py cannot be loaded.
        EngineError: what `nlu` or `rerank` names cannot be loaded, such as an encoder that has not been trained for
            these examples.
    """
    folder = Path(folder)
    script = load(folder)
    if isinstance(actions, Mapping):
        actions = PythonActions(actions, script.variables)
    if any(base.compose for base in script.knowledge.values()):
        composer = composer or find_composer()
    nlu = chosen_nlu(nlu)
    if rerank is None and (named := os.environ.get("HUASHU_RERANK")):
        rerank = Path(named)
    ears = understander or _trained(script, cache, nlu)
    return Bot(
        script=script,
        understander=ears,
        retriever=_retriever(script, rerank),
        actions=actions or _backend(script, folder, trust=trust),
        folder=folder,
        content=bundle(folder),
        cache=cache,
        nlu=nlu,
        rerank=rerank,
        composer=composer,
        pool=_pool(composer is not None, ears),
    )


def chosen_nlu(nlu: str | None = None) -> str:
    """Who understands, as NAME or NAME:PLACE: what is given, else what HUASHU_NLU says, else "embedded"."""
    return nlu or os.environ.get("HUASHU_NLU") or EMBEDDED


def models_folder(cache: Path | None) -> Path:
    """Where trained models are kept."""
    return cache or platformdirs.user_cache_path("huashu") / "nlu"


def taught(script: Script) -> dict[str, TrainingData]:
    """By primary language subtag, what each model of a script learns from; the script's own language first."""
    own = primary(script.language)
    others = (data for data in script.nlu.others if data.examples or data.regulars)
    return {own: script.nlu, **{primary(data.language): data for data in others if primary(data.language) != own}}


def digest_of(script: Script, data: TrainingData) -> str:
    """The `model_digest` of what one of a script's models learns from."""
    return script.model_digest if data is script.nlu else model_digest(data)


def _pool(composes: bool, ears: Understander) -> Executor | None:
    if composes:
        return ThreadPoolExecutor(COMPOSING, "huashu-compose")
    return ThreadPoolExecutor(UNDERSTANDING, "huashu-understand") if ears.capabilities.blocking else None


def _trained(script: Script, cache: Path | None, nlu: str) -> Understander:
    models = models_folder(cache)
    own, *others = (
        (language, open_understander(nlu, data, digest_of(script, data), models))
        for language, data in taught(script).items()
    )
    return Polyglot(own[1], dict(others)) if script.nlu.others else own[1]


def _retriever(script: Script, rerank: Path | None) -> Retriever:
    if rerank is None or not script.knowledge:
        return Retriever(script.knowledge)
    from huashu.knowledge.reranking import open_reranking

    return Retriever(script.knowledge, open_reranking(rerank, script.knowledge))


def _backend(script: Script, folder: Path, *, trust: bool) -> Actions | None:
    source = script.actions
    if source is None:
        return None
    if not trust:
        return RefusedActions(f"{script.name} is not trusted to run or call {source}", "not_trusted")
    if source.startswith(("http://", "https://")):
        from huashu.runtime.http_actions import HttpActions  # httpx: only bots with a server pay its import

        return HttpActions(source, script.variables)
    if source.startswith("rasa+"):
        from huashu.runtime.rasa_actions import rasa_actions  # the same

        return rasa_actions(source, script)
    return PythonActions(_functions(folder / source), script.variables)


def _functions(path: Path) -> dict[str, Function]:
    """The actions of a trusted file. Raises ScriptError when it does not load."""
    spec = importlib.util.spec_from_file_location(f"huashu_actions_{abs(hash(path))}", path)
    if spec is None or spec.loader is None:
        raise ScriptError(f"{path}: cannot be loaded as Python")
    module = importlib.util.module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except Exception as error:  # somebody's module body may raise anything; here it is the script that is wrong
        raise ScriptError(f"{path}: {where(error)}: {error}") from error
    return find_actions(vars(module))
