"""`pronounce`: read with the bot, checked, told in diffs, without effect on structure and replay."""

from pathlib import Path

import pytest

from huashu.flows.check import check
from huashu.flows.loader import load
from huashu.flows.script import Script
from tests.flows.folders import write

pytestmark = pytest.mark.engine

BOT = "bot: demo\nlanguage: zh-CN\n"
MAIN = "flow: main\nsteps:\n- a: {say: 行长您好}\n"


def script(folder: Path, bot: str, **files: str) -> Script:
    return load(write(folder, {"bot.yaml": bot, "flows/main.yaml": MAIN, **files}))


def found(folder: Path, entry: str) -> list[tuple[str, int, int]]:
    write(folder, {"bot.yaml": BOT + f"pronounce: {{{entry}}}\n", "flows/main.yaml": MAIN})
    return [(item.code, item.line, item.column) for item in check(folder).findings]


def test_readings_are_kept_by_language(tmp_path: Path) -> None:
    bot = BOT + "languages: [en-US]\npronounce: {行长: háng zhǎng, Huashu: 话术}\n"
    lines = "bot: {pronounce.Huashu: hwah shoo}\nmain.a: {say: Hello}\n"
    loaded = script(tmp_path, bot, **{"lines/en-US.yaml": lines})
    assert loaded.pronounce == {"zh-CN": {"行长": "háng zhǎng", "Huashu": "话术"}, "en-US": {"Huashu": "hwah shoo"}}
    assert [item.code for item in check(tmp_path).findings] == []


def test_a_reading_changes_the_wording_and_not_the_flow(tmp_path: Path) -> None:
    without = script(tmp_path / "one", BOT)
    with_it = script(tmp_path / "two", BOT + "读音: {行长: háng zhǎng}\n".replace("读音", "pronounce"))
    assert without.flow_digest == with_it.flow_digest
    assert without.wording_digest != with_it.wording_digest
    assert without.model_digest == with_it.model_digest


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ("行长: hángzhǎng", "pronounce_syllable"),
        ("行长: háng zhǎn9", ""),
        ("行长: háng", "pronounce_count"),
        ("行长: háng zhǎng ma", "pronounce_count"),
        ("行长: háng xzǎng", "pronounce_syllable"),
        ('行长: " "', "empty_text"),
        ("行长: {a: b}", "text_colon"),
        ("豆腐: dòu fu", ""),
        ("行长: hang2 zhang3", ""),
        ("行长: hang2", "pronounce_count"),
        ("行长: hang zhang", "pronounce_syllable"),
        ("行长: xang2 zhang3", "pronounce_syllable"),
        ("MP3: mp3", ""),
        ("Huashu: hua shu", ""),
        ("VIP客户: v ai pī kè hù", "pronounce_syllable"),
    ],
)
def test_readings_are_checked(tmp_path: Path, entry: str, code: str) -> None:
    codes = [item for item, _, _ in found(tmp_path, entry)]
    assert codes == ([code] if code else [])


def test_a_finding_stands_at_the_reading(tmp_path: Path) -> None:
    [(_, line, column)] = found(tmp_path, "行长: háng")
    assert (line, column) == (BOT.count("\n") + 1, len("pronounce: {行长: ") + 1)
