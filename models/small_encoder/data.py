"""What the small encoder learns from: groups of texts that mean the same, each source with its licence.

Only sources that allow any use with at most a credit are read here. Sets without a stated licence (SMP, CAIS, AFQMC,
BUSTM) and those that are non-commercial or share-alike are left alone, however useful: weights may be given away.
"""

import gzip
import json
import re
import zipfile
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from huashu.core.errors import EngineError
from huashu.models.small_encoder.features import tokens

PERMISSIVE: Final = frozenset({"Apache-2.0", "CC BY 3.0", "CC BY 4.0", "CC0 1.0", "MIT", "WordNet 3.0"})
RELATED: Final[Mapping[str, frozenset[str]]] = {"hwu64": frozenset({"slurp"})}
"""Sets of one origin: whoever holds out the first may not learn from the others."""
NAME_EVERY: Final = 20
"""The name of an intent is one of its texts, once for so many examples."""
LONGEST: Final = 80
"""Characters read of an answer."""
DICTIONARY: Final = 400.0
"""Weight of WordNet and, below, of the questions and answers: about two fifths of the batches of their language, where
half of it or twice as much was no better. The others weigh by the root of their size."""
ANSWERS: Final = 240.0

FORGOTTEN: Final = 0.3
"""Share of its n-grams that a text loses each time it is seen in training; half of that in WordNet's short ones."""

Rows = Iterable[tuple[str, str]]
_Read = Callable[[Path, Path, Path | None], list[list[str]]]
"""(data, rows, wordnet) to groups."""


@dataclass(frozen=True, slots=True)
class Source:
    name: str
    licence: str
    groups: tuple[tuple[str, ...], ...]
    """Texts of one meaning, two at least in each."""
    weight: float
    """Of its batches against those of the others."""
    forgotten: float = FORGOTTEN


def sources(
    data: Path, rows: Path, *, wordnet: Path | None = None, without: str = "", apart: Collection[str] = ()
) -> list[Source]:
    """Every source that is there; one that is missing is left out.

    data: the folder with nlu_en/, nlu_zh/, faq_zh/ and dialog_zh/. rows: that of the neutral rows, made of it.
    wordnet: the folder with WordNet's data.noun and so on. without: a set that is held out, with those of its origin.
    apart: texts that are held out: whatever reads like one of them is left out, wherever it stands.

    Raises:
        EngineError: a file is not what it should be, or no source is there.
    """
    held = {without, *RELATED.get(without, ())}
    kept = _Kept(apart)
    found = []
    for name, reader in _READERS.items():
        if name in held:
            continue
        try:
            groups = kept.groups(reader.read(data, rows, wordnet))
        except FileNotFoundError:
            continue
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise EngineError(f"source {name} below {data} cannot be read: {type(error).__name__}: {error}") from error
        if groups:
            weight = reader.weight or sum(map(len, groups)) ** 0.5
            found.append(Source(name, reader.licence, groups, weight, reader.forgotten))
    if not found:
        raise EngineError(f"nothing to learn from below {data} and {rows}")
    return found


def grouped(name: str, licence: str, rows: Rows, *, apart: Collection[str] = ()) -> Source:
    """A source of one's own: (text, intent)."""
    groups = _Kept(apart).groups(_by_intent(rows))
    return Source(name, licence, groups, sum(map(len, groups)) ** 0.5)


class _Kept:
    def __init__(self, apart: Collection[str]) -> None:
        self._apart = {" ".join(tokens(text)) for text in apart}

    def groups(self, found: Iterable[Iterable[str]]) -> tuple[tuple[str, ...], ...]:
        cleaned = (tuple(text for text in group if self._allowed(text)) for group in found)
        return tuple(group for group in cleaned if len(group) > 1)

    def _allowed(self, text: str) -> bool:
        key = " ".join(tokens(text))
        return bool(key) and key not in self._apart


# --- sets of intents ----------------------------------------------------------------------------------------------


def _by_intent(rows: Rows) -> list[list[str]]:
    groups: dict[str, list[str]] = {}
    for text, intent in rows:
        groups.setdefault(intent, []).append(text)
    for intent, texts in groups.items():
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", re.sub(r"[\W_]+", " ", intent)).lower()
        texts += [name] * (len(texts) // NAME_EVERY)
    return list(groups.values())


def _neutral(name: str) -> _Read:
    def read(data: Path, rows: Path, wordnet: Path | None) -> list[list[str]]:
        found = _lines((rows / name / "train.jsonl").read_text(encoding="utf-8"))
        return _by_intent((row["text"], row["intent"]) for row in found)

    return read


def _lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line]


def _unpacked(path: Path) -> str:
    return gzip.decompress(path.read_bytes()).decode("utf-8")


def _slurp(data: Path, rows: Path, wordnet: Path | None) -> list[list[str]]:
    found = _lines(_unpacked(data / "nlu_en/slurp/devel.jsonl.gz"))
    return _by_intent((row["sentence"], row["intent"]) for row in found)


def _nlupp(data: Path, rows: Path, wordnet: Path | None) -> list[list[str]]:
    """Utterances with the same set of intents."""
    found = []
    for path in sorted((data / "nlu_en/nlupp").glob("*/fold*.json")):
        told = json.loads(path.read_text(encoding="utf-8"))
        found += [
            (row["text"], " ".join([path.parent.name, *sorted(row["intents"])])) for row in told if "intents" in row
        ]
    return _by_intent(found)


def _home(data: Path, rows: Path, wordnet: Path | None) -> list[list[str]]:
    """Sentences that test one template: an intent with certain slots."""
    from ruamel.yaml import YAML  # only here: what trains may wait

    reader = YAML(typ="safe", pure=True)
    groups = []
    for path in sorted((data / "nlu_zh/home_assistant_intents/tests").rglob("*.yaml")):
        told = reader.load(path.read_text(encoding="utf-8")) or {}
        groups.append([sentence for test in told.get("tests", ()) for sentence in test["sentences"]])
    return groups


def _crosswoz(data: Path, rows: Path, wordnet: Path | None) -> list[list[str]]:
    """Sentences of one side with the same dialogue acts, whatever their values."""
    folder = data / "dialog_zh/crosswoz"
    with zipfile.ZipFile(folder / "val.json.zip") as packed:
        dialogues = list(json.loads(packed.read(packed.namelist()[0])).values())
    dialogues += json.loads(_unpacked(folder / "test_visible.json.gz")).values()
    groups: dict[tuple[Any, ...], list[str]] = {}
    for message in (message for dialogue in dialogues for message in dialogue["messages"]):
        acts = sorted({tuple(act[:3]) for act in message["dialog_act"]})
        if acts:
            groups.setdefault((message["role"], *acts), []).append(message["content"])
    return list(groups.values())


# --- questions, meanings ------------------------------------------------------------------------------------------


def _bank_faq(data: Path, rows: Path, wordnet: Path | None) -> list[list[str]]:
    """A question and the beginning of its answer."""
    blocks = _unpacked(data / "faq_zh/bank_faq/qa_visible.txt.gz").split("\n\n")
    split = (block.strip().replace("<br/>", " ").partition("\n") for block in blocks)
    return [[question, answer[:LONGEST]] for question, _, answer in split if answer]


def _wordnet(data: Path, rows: Path, wordnet: Path | None) -> list[list[str]]:
    """What a word means, its synonyms, an example, and the word above it; of words that were ever counted in use."""
    if wordnet is None:
        return []
    counted = {line.split("%")[0] for line in (wordnet / "cntlist.rev").read_text(encoding="utf-8").splitlines()}
    words: dict[str, list[str]] = {}
    told: dict[str, tuple[str, list[str], list[str]]] = {}
    for part in ("noun", "verb", "adj", "adv"):
        for line in (wordnet / f"data.{part}").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith(" "):  # the licence
                continue
            head, _, gloss = line.partition("|")
            fields = head.split()
            count = int(fields[3], 16)  # the fields are those of wndb(5WN)
            lemmas = [re.sub(r"\(.*\)$", "", fields[4 + 2 * at]).lower() for at in range(count)]
            after = 5 + 2 * count
            pointers = [fields[after + 4 * at : after + 4 * at + 4] for at in range(int(fields[after - 1]))]
            key = part[0] + fields[0]
            words[key] = [lemma.replace("_", " ") for lemma in lemmas]
            if counted.intersection(lemmas):
                above = [pointer[2] + pointer[1] for pointer in pointers if pointer[0] in ("@", "&", "+")]
                told[key] = re.split(r'; "', gloss)[0].strip(), re.findall(r'"([^"]+)"', gloss), above
    # The definition twice: half of the pairs are of it and a word.
    return [
        [
            meaning,
            meaning,
            *words[key],
            *examples[:1],
            *(word for other in above[:2] for word in words.get(other, [])[:1]),
        ]
        for key, (meaning, examples, above) in told.items()
    ]


@dataclass(frozen=True, slots=True)
class _Reader:
    licence: str
    read: _Read
    weight: float = 0.0
    """0: by size."""
    forgotten: float = FORGOTTEN


_READERS: Final[Mapping[str, _Reader]] = {
    "banking77": _Reader("CC BY 4.0", _neutral("banking77")),
    "clinc150": _Reader("CC BY 3.0", _neutral("clinc150")),
    "hwu64": _Reader("CC BY 4.0", _neutral("hwu64")),
    "snips": _Reader("CC0 1.0", _neutral("snips")),
    "slurp": _Reader("CC BY 4.0", _slurp),
    "nlupp": _Reader("CC BY 4.0", _nlupp),
    "wordnet": _Reader("WordNet 3.0", _wordnet, DICTIONARY, FORGOTTEN / 2),
    "crosswoz": _Reader("Apache-2.0", _crosswoz),
    "home_assistant": _Reader("CC BY 4.0", _home),
    "bank_faq": _Reader("MIT", _bank_faq, ANSWERS),
}
