"""What voices there are: those of eSpeak, folders of weights on this machine, and some that can be fetched by hand.

Nothing is claimed of weights that is not in their files: a checksum is that of the file that is here, a licence what
the folder's own MODEL_CARD or LICENSE says. The short list of what can be had (voices.json) names where it lies.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from huashu.core.errors import EngineError
from huashu.models.cache import root, sha256
from huashu.tts import coqui, piper, sherpa
from huashu.tts.engine import Voice
from huashu.tts.espeak_library import library
from huashu.tts.registry import open_voice

_ESPEAK: Final = (
    ("cmn", "zh", "male"), ("cmn+f2", "zh", "female"), ("cmn+f4", "zh", "female"), ("cmn+m3", "zh", "male"),
    ("en-us", "en", "male"), ("en-us+f3", "en", "female"), ("en-us-nyc", "en", "male"), ("en-gb-x-rp", "en", "male"),
)  # fmt: skip
"""Of eSpeak's many: its Mandarin and English, and the variants that are pleasant on the telephone."""
_LICENCE: Final = re.compile(r"^[\s*#-]*licen[cs]e\s*:\s*(.+?)\s*$", re.IGNORECASE | re.MULTILINE)
_CARDS: Final = ("MODEL_CARD", "LICENSE", "LICENSE.txt", "LICENCE", "README.md")


@dataclass(frozen=True, slots=True)
class Listed:
    """A voice that is here or can be had."""

    name: str
    """As `voice:` of a bot or `Utterance.voice` names it, or the name of its folder of weights."""
    engine: str
    languages: tuple[str, ...]
    rate: int
    """Samples a second."""
    licence: str
    source: str
    """Where it comes from."""
    sex: str = ""
    """female, male or both, where it is known. Ages are told by no engine here."""
    checksum: str = ""
    """SHA-256 of the weights that are here."""
    here: bool = True
    options: Mapping[str, Any] = field(default_factory=dict)
    """With which the engine opens it."""

    def open(self) -> Voice:
        """Raises EngineError, MissingExtraError."""
        return open_voice(self.engine, **self.options)


def voices(folders: Iterable[Path] = ()) -> list[Listed]:
    """Those that are here, then those that can be had. folders: of weights, besides those in the models' cache.

    Raises:
        EngineError: one of `folders` holds no voice; the message says what was looked for.
    """
    found = [*_espeak(), *(_weights(folder) for folder in folders)]
    cache = root()
    for folder in sorted(cache.iterdir()) if cache.is_dir() else ():
        if folder.is_dir() and (kind := _kind(folder)) is not None:
            found.append(kind)
    names = {voice.name for voice in found}
    return found + [voice for voice in _to_be_had() if voice.name not in names]


def _espeak() -> Iterator[Listed]:
    if find_spec("espeakng_loader") is None:
        return
    engine = library()
    for name, language, sex in _ESPEAK:
        yield Listed(
            name, "espeak", (language,), engine.rate, "GPL-3.0-or-later", f"eSpeak NG {engine.version}", sex,
            options={"voice": name},
        )  # fmt: skip


def _weights(folder: Path) -> Listed:
    found = _kind(folder)
    if found is not None:
        return found
    problems = []
    for look_at in (piper.look_at, sherpa.look_at, coqui.look_at):
        try:
            look_at(folder)
        except EngineError as error:
            problems.append(str(error))
    raise EngineError(f"{folder} holds no voice: " + "; ".join(problems), code="bad_model")


def _kind(folder: Path) -> Listed | None:
    """What the folder holds; None: no voice."""
    for engine, look_at in (("piper", piper.look_at), ("sherpa", sherpa.look_at), ("coqui", coqui.look_at)):
        try:
            weights: Any = look_at(folder)
        except EngineError:
            continue
        languages = (weights.language,) if engine == "piper" else weights.languages
        return Listed(
            folder.name, engine, languages, weights.rate, _licence(folder), str(folder),
            checksum=sha256(weights.model), options={"model": folder},
        )  # fmt: skip
    return None


def _licence(folder: Path) -> str:
    for name in _CARDS:
        try:
            text = (folder / name).read_text("utf-8", errors="replace")
        except OSError:
            continue
        told = _LICENCE.search(text)
        if told is not None:
            return told[1][:80]
        if name.startswith("LICEN"):
            return next((line.strip()[:80] for line in text.splitlines() if line.strip()), "")
    return ""


def _to_be_had() -> list[Listed]:
    data = json.loads(Path(__file__).with_name("voices.json").read_text("utf-8"))
    return [
        Listed(
            item["name"], item["engine"], tuple(item["languages"]), item["rate"], item["licence"], item["source"],
            item["sex"], here=False,
        )
        for item in data["voices"]
    ]  # fmt: skip
