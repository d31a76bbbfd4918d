"""What a server is given: its doors, how it loads bots, its ears and its voice."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from huashu.channels.security import Address, Tls, address, check_bind, find_token
from huashu.core.errors import EngineError, UsageError

if TYPE_CHECKING:
    from huashu.asr.engine import Recogniser
    from huashu.channels.voice_call import Switchboard

Say = Callable[[str], None]
"""Takes one line for the operator."""


@dataclass(frozen=True, slots=True)
class Guard:
    """Checked: where to listen, and what is asked of who comes."""

    grpc: Address
    http: Address | None
    token: str | None
    tls: Tls | None


@dataclass(frozen=True, slots=True)
class Doors:
    """Where a server is to be reached, and who is let in."""

    grpc: str = "127.0.0.1:50051"
    http: str | None = None
    token: str | None = None
    """What clients must send; default: HUASHU_TOKEN, or the file named by HUASHU_TOKEN_FILE."""
    token_file: Path | None = None
    tls_cert: Path | None = None
    """PEM, as the two below."""
    tls_key: Path | None = None
    tls_client_ca: Path | None = None
    """Clients need a certificate of this authority."""

    def guard(self) -> Guard:
        """Raises UsageError for a place open to others without a guard, or files that do not hold."""
        token = find_token(_from_file(self.token_file) if self.token_file else self.token)
        tls = _tls(self.tls_cert, self.tls_key, self.tls_client_ca)
        guard = Guard(address(self.grpc), address(self.http) if self.http else None, token, tls)
        for bind in filter(None, (guard.grpc, guard.http)):
            check_bind(bind, token=token, tls=tls)
        return guard


@dataclass(frozen=True, slots=True)
class Loading:
    """How bots are loaded."""

    trust: bool = False
    """Run the folders' actions.py and call their servers."""
    cache: Path | None = None
    nlu: str | None = None
    """Who understands, for every bot, as in huashu.runtime.bot.load_bot."""
    rerank: Path | None = None
    """An encoder for the knowledge of every bot, likewise."""


@dataclass(frozen=True, slots=True)
class Hearing:
    """Which recognisers a server has, by name."""

    first: str = "pocketsphinx"
    model: str | None = None
    second: str | None = None
    """For utterances that the first fails on or has no place for."""
    second_model: str | None = None
    at_once: int | None = None
    """Readings of the first at a time; None: as many as there are callers."""

    def open(self) -> "Recogniser":
        """Raises UsageError, EngineError as huashu.asr.registry.open_recogniser."""
        # only here: text-only servers need neither the sound engines nor their import time
        from huashu.asr.fallback import Bounded, Fallback
        from huashu.models.cache import resolve

        options: dict[str, Any] = {"model": resolve(self.model)} if self.model else {}
        recogniser = _beside_calls(self.first, self.at_once, **options)
        if self.at_once is not None:
            recogniser = Bounded(recogniser, most=self.at_once)
        if self.second is None:
            return recogniser
        options = {"model": resolve(self.second_model)} if self.second_model else {}
        second = _beside_calls(self.second, None, rate=recogniser.capabilities.rate, **options)
        return Fallback(recogniser, second)


def _beside_calls(name: str, at_once: int | None, **options: Any) -> "Recogniser":
    """One that holds up no call while it computes."""
    from huashu.asr.apart import HOLDING, Apart
    from huashu.asr.registry import open_recogniser

    if name not in HOLDING:
        return open_recogniser(name, **options)
    return Apart(name, processes=min(at_once or 2, os.cpu_count() or 1), **options)


@dataclass(frozen=True, slots=True)
class Sound:
    """Ears and voice for calls whose sound comes to the server."""

    hearing: Hearing = Hearing()
    voice: str | None = None
    voice_model: str | None = None
    comfort_noise: float | None = None
    """Level of the noise on the line while the bot is silent, -80 to -40 dB; None: silence."""
    waiting: Path | None = None
    """A WAV for callers who wait for a person or are on hold; None: two soft notes."""
    recordings: Path | None = None
    """Folder for both sides of every spoken call, a stereo WAV by its id; None: none are kept."""

    def switchboard(self, say: Say) -> "Switchboard | None":
        """None, with a word to the operator, when the recogniser cannot be had."""
        # only here: text-only servers need neither the sound engines nor their import time
        from huashu.channels.voice_call import Switchboard
        from huashu.models.cache import resolve
        from huashu.tts.registry import SILENT, open_voice_or_silent
        from huashu.voice.line_cache import default_folder

        try:
            recogniser = self.hearing.open()
        except EngineError as error:
            say(f"huashu: no audio calls: recogniser {self.hearing.first!r} is not available ({error})")
            return None
        spoken: dict[str, Any] = {"model": resolve(self.voice_model)} if self.voice_model else {}
        speaker, why = open_voice_or_silent(self.voice or "espeak", **spoken)
        if why:
            say(f"huashu: {why}")
        return Switchboard(
            recogniser,
            speaker,
            comfort=self.comfort_noise,
            waiting=self.waiting,
            lines=None if speaker.capabilities.name == SILENT else default_folder(),
            recordings=self.recordings,
        )


DOORS = Doors()
LOADING = Loading()
SOUND = Sound()


def _tls(certificate: Path | None, key: Path | None, ca: Path | None) -> Tls | None:
    if certificate is None and key is None and ca is None:
        return None
    if certificate is None or key is None:
        raise UsageError("TLS needs both a certificate and its key")
    return Tls(certificate, key, ca)


def _from_file(path: Path) -> str:
    try:
        return path.read_text("utf-8").strip()
    except OSError as error:
        raise UsageError(f"token file {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageError(f"token file {path}: not text") from None
