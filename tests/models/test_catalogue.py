"""The catalogue and where weights lie."""

import json
from pathlib import Path
from typing import Any

import pytest

from huashu.core.errors import EngineError, UsageError
from huashu.models import cache, catalogue, plugins

pytestmark = pytest.mark.unit


def written(**changes: Any) -> str:
    file = {"name": "a/b.bin", "size": 3, "sha256": "0" * 64} | changes.pop("file", {})
    model = {
        "id": "m",
        "kind": "asr",
        "engine": "e",
        "languages": ["zh"],
        "licence": "L",
        "source": "S",
        "files": [file],
    }
    return json.dumps({"format": 1, "models": [model | changes]})


def test_the_shipped_catalogue_is_well_formed_and_names_no_host() -> None:
    assert {item.id for item in catalogue.entries()} >= {"pocketsphinx-zh-tdt-8k"}
    text = Path(catalogue.__file__).with_name("catalogue.json").read_text(encoding="utf-8")
    assert "://" not in text
    for item in catalogue.entries():
        assert item.licence
        assert item.source
        assert item.size > 0


def test_unknown_model_lists_the_known() -> None:
    with pytest.raises(UsageError, match="pocketsphinx-zh-tdt-8k"):
        catalogue.entry("whisper")


@pytest.mark.parametrize("name", ["../x", "/etc/passwd", "a/../../x", "a//b", "", ".hidden", "a\\b", "a/."])
def test_a_file_never_leaves_its_folder(name: str) -> None:
    with pytest.raises(EngineError, match="plain path"):
        catalogue.read(written(file={"name": name}))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": 2, "models": []}',
        '{"format": 1}',
        written(id="../up"),
        written(files=[]),
        written(files=3),
    ],
)
def test_a_broken_catalogue_is_refused(text: str) -> None:
    with pytest.raises(EngineError, match="catalogue"):
        catalogue.read(text)


def test_a_short_checksum_is_refused() -> None:
    with pytest.raises(EngineError, match="64 hexadecimal"):
        catalogue.read(written(file={"sha256": "abc"}))


def test_a_folder_resolves_to_itself(tmp_path: Path) -> None:
    assert cache.resolve(str(tmp_path)) == tmp_path


def test_a_known_model_that_is_not_here_says_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HUASHU_HOME", str(tmp_path))
    with pytest.raises(EngineError, match="huashu models pull pocketsphinx-zh-tdt-8k"):
        cache.resolve("pocketsphinx-zh-tdt-8k")


def test_neither_folder_nor_model() -> None:
    with pytest.raises(UsageError, match="neither a folder nor a model"):
        cache.resolve("no-such-thing")


def test_an_engine_is_made_with_its_options_only() -> None:
    with pytest.raises(UsageError, match="known: "):
        plugins.create("huashu.asr", "no-such-engine", {})
    with pytest.raises(UsageError, match="colour"):
        plugins.create("huashu.asr", "pocketsphinx", {"colour": "red"})
    with pytest.raises(UsageError, match=r"'whisper' needs weights: .*--asr-model"):
        plugins.create("huashu.asr", "whisper", {})
