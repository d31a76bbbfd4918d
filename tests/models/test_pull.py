"""Fetching weights from a server on loopback that breaks off, lies, or is not there."""

import hashlib
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from huashu.core.errors import RemoteError, UsageError
from huashu.models import cache, catalogue, pull
from huashu.models.catalogue import Entry, ModelFile

pytestmark = pytest.mark.server

BIG = bytes(range(256)) * 1200
SMALL = b"transition matrices"


@dataclass
class Mirror:
    """What the server does: cut each answer after `cuts` (one per request), refuse ranges, serve other bytes."""

    files: dict[str, bytes]
    cuts: list[int] = field(default_factory=list)
    ranges: bool = True
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    address: str = ""


def serve(mirror: Mirror) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            wanted = self.headers.get("Range")
            mirror.asked.append((self.path, wanted))
            body = mirror.files.get(self.path.lstrip("/"))
            if body is None:
                self.send_error(404)
                return
            start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted and mirror.ranges else 0
            self.send_response(206 if start else 200)
            if start:
                self.send_header("Content-Range", f"bytes {start}-{len(body) - 1}/{len(body)}")
            self.send_header("Content-Length", str(len(body) - start))
            self.end_headers()
            cut = mirror.cuts.pop(0) if mirror.cuts else len(body)
            self.wfile.write(body[start : start + cut])
            if start + cut < len(body):
                self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    mirror.address = f"http://127.0.0.1:{server.server_address[1]}"
    return server


@pytest.fixture
def mirrors() -> Iterator[tuple[Mirror, Mirror]]:
    files = {"tiny/hmm/means": BIG, "tiny/words.dic": SMALL}
    pair = (Mirror(dict(files)), Mirror(dict(files)))
    servers = [serve(mirror) for mirror in pair]
    yield pair
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Entry:
    """A model of two files in the catalogue, and an empty cache."""

    def file(name: str, body: bytes) -> ModelFile:
        return ModelFile(name, len(body), hashlib.sha256(body).hexdigest(), f"tiny/{name}")

    files = (file("hmm/means", BIG), file("words.dic", SMALL))
    item = Entry("tiny", "asr", "pocketsphinx", ("zh",), "BSD-2-Clause", "a test", files)
    monkeypatch.setenv("HUASHU_HOME", str(tmp_path))
    monkeypatch.delenv("HUASHU_MODELS_URL", raising=False)
    monkeypatch.setattr(catalogue, "_catalogue", lambda: {"tiny": item})
    return item


def fetch(*bases: str) -> Path:
    return pull.pull("tiny", mirrors=bases, wait=lambda seconds: None)


def test_pull_brings_all_files_and_reports_progress(tiny: Entry, mirrors: tuple[Mirror, Mirror]) -> None:
    seen: list[tuple[str, int, int]] = []
    folder = pull.pull(
        "tiny", mirrors=[mirrors[0].address], progress=lambda name, done, total: seen.append((name, done, total))
    )
    assert (folder / "hmm" / "means").read_bytes() == BIG
    assert (folder / "words.dic").read_bytes() == SMALL
    assert ("hmm/means", len(BIG), len(BIG)) in seen
    assert [done for name, done, _ in seen if name == "hmm/means"] == sorted(
        done for name, done, _ in seen if name == "hmm/means"
    )
    assert [row.here for row in pull.list_models()] == [True]
    assert cache.path("tiny") == cache.resolve("tiny") == folder


def test_a_second_pull_asks_for_nothing(tiny: Entry, mirrors: tuple[Mirror, Mirror]) -> None:
    fetch(mirrors[0].address)
    asked = len(mirrors[0].asked)
    fetch(mirrors[0].address)
    assert len(mirrors[0].asked) == asked


@pytest.mark.parametrize("cut", [1, 4096, 65536, len(BIG) - 1])
def test_a_broken_download_goes_on_where_it_stopped(tiny: Entry, mirrors: tuple[Mirror, Mirror], cut: int) -> None:
    mirrors[0].cuts = [cut]
    folder = fetch(mirrors[0].address)
    assert (folder / "hmm" / "means").read_bytes() == BIG
    ranges = [wanted for path, wanted in mirrors[0].asked if path.endswith("means")]
    assert ranges == [None, f"bytes={cut}-"]


def test_a_later_run_goes_on_from_the_part_file(tiny: Entry, mirrors: tuple[Mirror, Mirror]) -> None:
    part = cache.folder("tiny") / "hmm" / "means.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(BIG[:1000])
    fetch(mirrors[0].address)
    assert mirrors[0].asked[0][1] == "bytes=1000-"
    assert not part.exists()


def test_a_server_without_ranges_starts_again(tiny: Entry, mirrors: tuple[Mirror, Mirror]) -> None:
    mirrors[0].ranges = False
    mirrors[0].cuts = [5000]
    folder = fetch(mirrors[0].address)
    assert (folder / "hmm" / "means").read_bytes() == BIG


def test_the_wrong_file_is_refused_and_removed(tiny: Entry, mirrors: tuple[Mirror, Mirror]) -> None:
    mirrors[0].files["tiny/hmm/means"] = BIG[:-1] + b"!"
    with pytest.raises(RemoteError, match="SHA-256"):
        fetch(mirrors[0].address)
    assert list((cache.folder("tiny") / "hmm").iterdir()) == []
    assert [row.here for row in pull.list_models()] == [False]


def test_a_longer_file_is_not_read_to_its_end(tiny: Entry, mirrors: tuple[Mirror, Mirror]) -> None:
    mirrors[0].files["tiny/words.dic"] = SMALL + bytes(1000)
    with pytest.raises(RemoteError, match="SHA-256"):
        fetch(mirrors[0].address)
    assert not (cache.folder("tiny") / "words.dic.part").exists()


def test_the_next_mirror_is_tried(tiny: Entry, mirrors: tuple[Mirror, Mirror]) -> None:
    first, second = mirrors
    first.files = {"tiny/hmm/means": b"something else"}
    folder = fetch("http://127.0.0.1:9", first.address, second.address)
    assert (folder / "hmm" / "means").read_bytes() == BIG
    assert (folder / "words.dic").read_bytes() == SMALL


def test_a_part_of_another_file_does_not_spoil_the_next_mirror(tiny: Entry, mirrors: tuple[Mirror, Mirror]) -> None:
    part = cache.folder("tiny") / "hmm" / "means.part"
    part.parent.mkdir(parents=True)
    part.write_bytes(b"not the beginning of it")
    assert (fetch(mirrors[0].address) / "hmm" / "means").read_bytes() == BIG


def test_offline_says_which_address_and_what_to_do(tiny: Entry, tmp_path: Path) -> None:
    waits: list[float] = []
    with pytest.raises(RemoteError) as caught:
        pull.pull("tiny", mirrors=["http://127.0.0.1:9"], wait=waits.append)
    text = str(caught.value)
    assert "http://127.0.0.1:9/tiny/hmm/means" in text
    assert "HUASHU_MODELS_URL" in text
    assert str(tmp_path) in text
    assert "hmm/means, words.dic" in text
    assert len(waits) == pull.ATTEMPTS - 1


def test_no_mirror_configured(tiny: Entry) -> None:
    with pytest.raises(RemoteError, match="No address is configured"):
        fetch()


def test_mirrors_come_from_the_environment(
    tiny: Entry, mirrors: tuple[Mirror, Mirror], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HUASHU_MODELS_URL", f"{mirrors[0].address}/ {mirrors[1].address}")
    assert (fetch() / "words.dic").read_bytes() == SMALL


def test_a_folder_can_be_a_mirror(tiny: Entry, tmp_path: Path) -> None:
    for name, body in (("hmm/means", BIG), ("words.dic", SMALL)):
        path = tmp_path / "disk" / "tiny" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
    assert (fetch(f"file://{tmp_path}/disk") / "words.dic").read_bytes() == SMALL


def test_other_addresses_are_refused(tiny: Entry) -> None:
    with pytest.raises(UsageError, match="http"):
        fetch("ftp://127.0.0.1")
