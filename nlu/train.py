"""Training: a script's examples in, a Model out. The only place of the room that imports scikit-learn, when it runs.

What to learn from is here; the classifier is huashu.nlu.fitting, its confidence huashu.nlu.rehearsal, the tagger
huashu.nlu.crf.
"""

import hashlib
import logging
import re
import shutil
import tempfile
from pathlib import Path
from typing import Final

import numpy as np

from huashu.core.errors import EngineError
from huashu.core.language import primary
from huashu.nlu import crf, features, several
from huashu.nlu import text as texts
from huashu.nlu.builtin import SWITCHES
from huashu.nlu.concepts import CONCEPTS
from huashu.nlu.data import TrainingData
from huashu.nlu.fitting import Rows, fit, matrix_of
from huashu.nlu.general import GENERAL, GREETINGS
from huashu.nlu.kinds import KINDS
from huashu.nlu.model import FORMAT, NOWHERE, Model
from huashu.nlu.rehearsal import rehearse

log = logging.getLogger(__name__)

TOO_CLOSE: Final = 0.45
"""A general negative at least this like an example of the script is left out."""
_RULED: Final = frozenset({*SWITCHES, *SWITCHES.values()})
"""Built-in intents that are no matter of examples (huashu.nlu.switching): beside them a rehearsal learns too little."""


def train(data: TrainingData, *, seed: int = 0) -> Model:
    """Train on everything a script teaches. The same data and seed give the same model, bit for bit.

    Raises:
        EngineError: there is no example of any intent, or scikit-learn cannot be imported.
    """
    rows = rows_of(data)
    if not any(rows.labels):
        raise EngineError("no intent has an example: give `intents` some, or use a built-in intent")
    fitted = fit(rows, seed=seed)
    calibration = rehearse(rows, seed=seed)
    return Model(
        language=data.language,
        labels=fitted.labels,
        vectoriser=fitted.vectoriser,
        weights=fitted.weights,
        bias=fitted.bias,
        nearest=fitted.nearest,
        exact=_exact(data),
        calibration=calibration,
        tagger=crf.learn(data.examples, seed=seed, lists=data.lists),
        lists=data.lists,
        slots=data.slots,
        carried=_carried(data),
        several=several.learn(rows, fitted.vectoriser, seed=seed),
    )


def load_or_train(data: TrainingData, digest: str, cache_dir: Path, *, seed: int = 0) -> Model:
    """The model of a script, from the cache when it is there. `digest`: the script's `model_digest`.

    Written to a folder beside and renamed, so that two processes at once are safe; a damaged entry is trained anew.
    """
    folder = cache_dir / f"nlu-{FORMAT}-{_own_digest()}-{digest[:32]}-{seed}"
    if folder.is_dir():
        try:
            return Model.load(folder)
        except EngineError as error:
            log.warning("cached model is not usable, training anew: %s", error)
            shutil.rmtree(folder, ignore_errors=True)
    model = train(data, seed=seed)
    cache_dir.mkdir(parents=True, exist_ok=True)
    made = Path(tempfile.mkdtemp(prefix="nlu-new-", dir=cache_dir))
    try:
        model.save(made)
        made.rename(folder)
    except FileExistsError:
        shutil.rmtree(made)  # another process was first
    except OSError as error:
        shutil.rmtree(made, ignore_errors=True)
        if not folder.is_dir():
            log.warning("model is not cached: %s", error)
            return model
    return Model.load(folder)


def _own_digest() -> str:
    """What a model depends on beside the script: this room's own sentences and words."""
    own = (sorted(GENERAL.items()), sorted(GREETINGS.items()), sorted(CONCEPTS.items()), sorted(KINDS.items()))
    return hashlib.sha256(repr(own).encode()).hexdigest()[:8]


# --- what to learn from -------------------------------------------------------------------------------------------


def rows_of(data: TrainingData) -> Rows:
    """Every sentence to learn from, with its label; NOWHERE for those that belong to no intent."""
    own = data.own
    known: dict[tuple[str, str], str] = {}
    taken = set()
    for example in data.examples:
        for intent in example.intents:
            known[texts.bare(example.text), intent] = example.text
        taken.add(texts.bare(example.text))
    for intent, sentences in data.regulars.items():
        if intent not in own and intent not in _RULED:
            for sentence in sentences:
                if texts.bare(sentence) not in taken:
                    known.setdefault((texts.bare(sentence), intent), sentence)
    for intent in sorted(
        {intent for example in data.examples for intent in example.intents} | set(data.regulars) - _RULED
    ):
        name = _name_words(intent, data.language)
        if name and texts.bare(name) not in taken:
            known.setdefault((texts.bare(name), intent), name)
    for sentence in data.out_of_scope:
        known[texts.bare(sentence), NOWHERE] = sentence
    rows = Rows(tuple(known.values()), tuple(intent for _, intent in known))
    negatives = _distant(GENERAL.get(primary(data.language), ()), rows)
    together = {example.text: frozenset(example.intents) for example in data.examples if example.also}
    return Rows(rows.texts + negatives, rows.labels + (NOWHERE,) * len(negatives), together)


def _name_words(intent: str, language: str) -> str:
    """An intent's name as a sentence, in the script's language: names mean something ("card_arrival", 太贵)."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", intent.replace("_", " ").replace("-", " "))
    said = re.search(r"[^\W\d]{2}", words) and texts.language_of(words, language) == language[:2].lower()
    return words if said else ""


def _distant(sentences: tuple[str, ...], rows: Rows) -> tuple[str, ...]:
    """The sentences that are like no example of the script."""
    if not sentences or not rows.texts:
        return sentences
    vectoriser, vectors = features.learn_rows(rows.texts)
    matrix = matrix_of(vectors, len(vectoriser.names))
    asked = matrix_of([vectoriser.vector(text) for text in sentences], len(vectoriser.names))
    lengths = np.maximum(np.asarray(asked.multiply(asked).sum(axis=1)).ravel(), 1e-6)
    nearest = np.asarray((asked @ matrix.T).max(axis=1).todense()).ravel() / lengths
    return tuple(text for text, like in zip(sentences, nearest, strict=True) if like < TOO_CLOSE)


def _exact(data: TrainingData) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for example in data.examples:
        intents = found.setdefault(texts.bare(example.text), [])
        intents += [intent for intent in example.intents if intent not in intents]
    own = data.own
    written = set(found)
    for intent, sentences in data.regulars.items():
        if intent not in own:
            for sentence in sentences:
                key = texts.bare(sentence)
                if key not in written and intent not in found.setdefault(key, []):
                    found[key].append(intent)
    for sentence in (*data.out_of_scope, *GREETINGS.get(primary(data.language), ())):
        found.setdefault(texts.bare(sentence), [])
    return {text: tuple(intents) for text, intents in found.items()}


def _carried(data: TrainingData) -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for example in data.examples:
        for span in example.spans:
            for intent in example.intents:
                found.setdefault(intent, set()).add(span.slot)
    return {intent: tuple(sorted(slots)) for intent, slots in found.items()}
