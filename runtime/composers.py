"""Language models that put answers together: an OpenAI-compatible endpoint, or weights on this machine.

Off unless a base says `compose: true` and the operator names a model: HUASHU_COMPOSE_MODEL, with HUASHU_COMPOSE_URL
(and HUASHU_COMPOSE_KEY) the model of that server, without it a folder of weights for transformers.
"""

import logging
import os
import threading
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Protocol

from huashu.core.errors import EngineError, MissingExtraError, UsageError
from huashu.core.events import FaqHit
from huashu.knowledge.composing import (
    MOST_CHARACTERS,
    MOST_PASSAGES,
    Composer,
    Passage,
    instructions,
    material,
    verified,
)
from huashu.knowledge.items import KnowledgeBase

if TYPE_CHECKING:
    import httpx

TIMEOUT: Final = 4.0
"""Seconds for an answer; a caller waits. Later the item itself is said."""
LIKELY: Final = 0.25
"""Confidence from which an item is given to the model: under what is answered without one."""
MOST_TOKENS: Final = MOST_CHARACTERS


logger = logging.getLogger(__name__)


class Candidates(Protocol):
    """Of huashu.knowledge.retrieval.Retriever."""

    def candidates(self, text: str, bases: Iterable[str], *, on: date | None = None) -> tuple[FaqHit, ...]: ...


def find_composer(environment: Mapping[str, str] = os.environ) -> Composer | None:
    """The operator's model; None when none is named. Raises UsageError for an address without a model."""
    url, model = environment.get("HUASHU_COMPOSE_URL", ""), environment.get("HUASHU_COMPOSE_MODEL", "")
    if url and not model:
        raise UsageError("HUASHU_COMPOSE_URL is set and HUASHU_COMPOSE_MODEL, the model's name there, is not")
    if url:
        return HttpComposer(url, model, key=environment.get("HUASHU_COMPOSE_KEY", ""))
    return LocalComposer(model) if model else None


def compose(
    composer: Composer,
    bases: Mapping[str, KnowledgeBase],
    retriever: Candidates,
    text: str,
    names: Sequence[str],
    *,
    on: date,
) -> tuple[FaqHit, ...]:
    """One hit with an answer composed from the likeliest items, or none: nothing likely, the model fails or is late, or
    the items do not support what it wrote. Items that need permission or follow others up are never given to it."""
    hits = [
        hit
        for hit in retriever.candidates(text, names, on=on)
        if hit.confidence >= LIKELY and not (item := bases[hit.base].item(hit.item)).needs and not item.parent
    ][:MOST_PASSAGES]
    hits = [hit for hit in hits if hit.base == hits[0].base]
    if not hits:
        return ()
    base = bases[hits[0].base]
    items = [base.item(hit.item) for hit in hits]
    passages = [Passage(number, item.id, item.question, item.answer) for number, item in enumerate(items, 1)]
    try:
        found = verified(composer.compose(text, passages, language=base.language), passages)
    except EngineError as error:
        logger.warning("no answer composed: %s", error)
        return ()
    if found is None:
        return ()
    return (FaqHit(base.name, found.cited[0], max(hits[0].confidence, base.threshold), found.text, found.cited),)


class HttpComposer:
    """Chat completions of an OpenAI-compatible server. Thread-safe."""

    def __init__(self, url: str, model: str, *, key: str = "", transport: "httpx.BaseTransport | None" = None) -> None:
        """url: up to and with the version, such as http://127.0.0.1:8000/v1. transport: for tests."""
        if not url.startswith(("http://", "https://")):
            raise UsageError(f"a composer's address is http:// or https://, not {url!r}")
        import httpx  # only here: most bots compose nothing

        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.Client(base_url=url.rstrip("/"), headers=headers, timeout=TIMEOUT, transport=transport)
        self._model = model

    def compose(self, question: str, passages: Sequence[Passage], *, language: str) -> str:
        """See `Composer`."""
        import httpx

        body = {
            "model": self._model,
            "temperature": 0,
            "max_tokens": MOST_TOKENS,
            "messages": [
                {"role": "system", "content": instructions(language)},
                {"role": "user", "content": material(question, passages)},
            ],
        }
        try:
            answer = self._client.post("/chat/completions", json=body).raise_for_status().json()
            text = answer["choices"][0]["message"]["content"]
        except httpx.HTTPError as error:
            raise EngineError(f"the composer does not answer: {type(error).__name__}") from error
        except (ValueError, LookupError, TypeError) as error:
            raise EngineError("the composer's answer is no chat completion") from error
        return text if isinstance(text, str) else ""


class LocalComposer:
    """Weights of a causal language model in the format of transformers, in a folder. One answer at a time."""

    def __init__(self, folder: str) -> None:
        """Raises MissingExtraError without transformers and torch, EngineError when the folder holds no such model."""
        try:
            from transformers import AutoModelForCausalLM, AutoTokenizer
        except ImportError as error:
            raise MissingExtraError(
                "a composer on this machine needs transformers and torch: pip install 'huashu[compose]'"
            ) from error
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(folder, local_files_only=True)
            self._model: Any = AutoModelForCausalLM.from_pretrained(folder, local_files_only=True)
        except (OSError, ValueError) as error:
            raise EngineError(f"{folder} holds no causal language model of transformers: {error}") from error
        self._lock = threading.Lock()

    def compose(self, question: str, passages: Sequence[Passage], *, language: str) -> str:
        """See `Composer`."""
        import torch

        messages = [
            {"role": "system", "content": instructions(language)},
            {"role": "user", "content": material(question, passages)},
        ]
        with self._lock, torch.inference_mode():
            if self._tokenizer.chat_template:
                prompt = self._tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
            else:
                prompt = "\n\n".join(message["content"] for message in messages) + "\n\n"
            given = self._tokenizer(prompt, return_tensors="pt", truncation=True)
            made = self._model.generate(**given, max_new_tokens=MOST_TOKENS, do_sample=False, max_time=TIMEOUT)
        text: str = self._tokenizer.decode(made[0][given["input_ids"].shape[1] :], skip_special_tokens=True)
        return text
