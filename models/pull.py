"""Fetching weights: several mirrors in turn, resumed where it broke off, checked by SHA-256 before it counts.

A file is written to `<name>.part` and renamed when its checksum is right: whatever has the final name is whole.
"""

import logging
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import httpx

from huashu.core.errors import EngineError, HuashuError, RemoteError, UsageError
from huashu.models import cache
from huashu.models.catalogue import Entry, ModelFile, entries, entry

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with (file name, bytes so far, bytes in all); at least once per file."""

ATTEMPTS = 3
"""Per mirror and file, counting only attempts that brought nothing new."""
_BLOCK = 1 << 16
_TIMEOUT = httpx.Timeout(30.0, connect=10.0)


@dataclass(frozen=True, slots=True)
class Row:
    entry: Entry
    here: bool


def list_models() -> tuple[Row, ...]:
    """The catalogue, and what of it is on this machine."""
    return tuple(Row(item, cache.here(item)) for item in entries())


def pull(
    model: str,
    *,
    mirrors: Sequence[str] = (),
    progress: Progress | None = None,
    wait: Callable[[float], None] = time.sleep,
) -> Path:
    """Fetch what is missing of a model and give its folder.

    Args:
        mirrors: base addresses, tried in turn; after them those of HUASHU_MODELS_URL (several: separated by spaces).
            http://, https:// or file:// (a folder copied by hand).
        wait: sleeps between attempts; tests give one that does not.

    Raises:
        UsageError: unknown id, or an address that is none of these.
        RemoteError: no mirror is configured, reachable, or has the right file; says which address and what to do.
        EngineError: the disk refuses.
    """
    item = entry(model)
    bases = tuple(base.rstrip("/") for base in (*mirrors, *os.environ.get("HUASHU_MODELS_URL", "").split()))
    for base in bases:
        if not base.startswith(("http://", "https://", "file://")):
            raise UsageError(f"mirror {base!r} must begin with http://, https:// or file://")
    try:
        with httpx.Client(follow_redirects=True, timeout=_TIMEOUT) as client:
            for file in item.files:
                _fetch(client, item, file, bases, progress or _silent, wait)
    except OSError as error:
        raise EngineError(f"{item.id}: cannot write below {cache.root()}: {error.strerror or error}") from error
    return cache.path(model)


def _fetch(
    client: httpx.Client,
    item: Entry,
    file: ModelFile,
    bases: Sequence[str],
    progress: Progress,
    wait: Callable[[float], None],
) -> None:
    target = cache.place(item, file)
    if cache.sound(target, file):
        progress(file.name, file.size, file.size)
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".part")
    failures = []
    for base in bases:
        try:
            _from_mirror(client, f"{base}/{file.url}", part, file, progress, wait)
        except HuashuError as error:
            failures.append(str(error))
            continue
        os.replace(part, target)
        return
    raise RemoteError(_advice(item, file, failures), code="pull_failed")


def _from_mirror(
    client: httpx.Client,
    url: str,
    part: Path,
    file: ModelFile,
    progress: Progress,
    wait: Callable[[float], None],
) -> None:
    """Fill `part` from one address. An attempt that brought bytes does not count against `ATTEMPTS`."""
    fruitless = 0
    resumed = _size(part) > 0
    while True:
        before = _size(part)
        try:
            _download(client, url, part, file, progress)
            break
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            if isinstance(error, httpx.HTTPStatusError) and error.response.status_code < 500:
                raise RemoteError(f"{url}: the server answers {error.response.status_code}", retryable=False) from error
            fruitless = 0 if _size(part) > before else fruitless + 1
            log.info("fetching %s broke off at %d of %d bytes", file.name, _size(part), file.size)
            if fruitless >= ATTEMPTS:
                reason = str(error) or type(error).__name__
                raise RemoteError(f"{url}: not reachable ({reason})") from error
            wait(0.5 * 2**fruitless)
    if not cache.sound(part, file):
        size = _size(part)
        part.unlink(missing_ok=True)
        if resumed:  # the beginning may have come from elsewhere: once more from the start
            _from_mirror(client, url, part, file, progress, wait)
            return
        raise RemoteError(f"{url}: is not the file of the catalogue ({size} of {file.size} bytes, or another SHA-256)")


def _download(client: httpx.Client, url: str, part: Path, file: ModelFile, progress: Progress) -> None:
    """Append what is missing. Stops at one byte more than the file has, so that a wrong file cannot fill the disk."""
    if _size(part) >= file.size:  # whole from an earlier run, or too long to be right
        if _size(part) == file.size:
            progress(file.name, file.size, file.size)
            return
        part.unlink()
    if url.startswith("file://"):
        _copy(Path(url.removeprefix("file://")), part, file, progress)
        return
    start = _size(part)
    headers = {"Accept-Encoding": "identity"} | ({"Range": f"bytes={start}-"} if start else {})
    with client.stream("GET", url, headers=headers) as response:
        if response.status_code == 416:  # the server has a shorter file: begin again, the checksum will judge
            part.unlink(missing_ok=True)
        response.raise_for_status()
        resumed = response.status_code == 206 and response.headers.get("Content-Range", "").startswith(
            f"bytes {start}-"
        )
        done = start if resumed else 0
        with part.open("ab" if resumed else "wb") as out:
            for block in response.iter_raw():  # as it arrives: what came before a cut is kept
                out.write(block)
                done += len(block)
                progress(file.name, min(done, file.size), file.size)
                if done > file.size:
                    return
    if done < file.size:
        raise httpx.ReadError(f"the connection ended after {done} of {file.size} bytes")


def _copy(source: Path, part: Path, file: ModelFile, progress: Progress) -> None:
    if not source.is_file():
        raise RemoteError(f"{source}: there is no such file", retryable=False)
    with source.open("rb") as stream, part.open("wb") as out:
        done = 0
        while (block := stream.read(_BLOCK)) and done <= file.size:
            out.write(block)
            done += len(block)
            progress(file.name, min(done, file.size), file.size)


def _advice(item: Entry, file: ModelFile, failures: Sequence[str]) -> str:
    lines = [f"{item.id}: {file.name} could not be fetched."]
    if failures:
        lines += [f"  {failure}" for failure in failures]
        lines.append("Check the network, or name another mirror with --mirror or HUASHU_MODELS_URL.")
    else:
        lines.append("No address is configured: name a mirror with --mirror or HUASHU_MODELS_URL.")
    lines.append(
        f"By hand: put the files of {item.source} into {cache.root() / item.id} under the names "
        f"{', '.join(each.name for each in item.files)}; then run this again to check them."
    )
    return "\n".join(lines)


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _silent(_name: str, _done: int, _total: int) -> None:
    pass
