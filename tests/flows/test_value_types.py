"""Every value type has its place in the flow language; numbers that identify are private by themselves."""

from datetime import datetime
from pathlib import Path

import pytest

from huashu.flows.grammar import PRIVATE_TYPES, TYPES
from huashu.flows.keys import CHINESE_WORDS
from huashu.flows.paths import _SAMPLES
from huashu.flows.script import Script
from huashu.flows.speech import LONGEST_VALUE
from huashu.lab.invented import invented
from huashu.lab.witness import SAMPLES
from huashu.values import registry
from tests.flows.folders import BOT, STEPS, check_files

pytestmark = pytest.mark.engine

MANUALS = Path(__file__).resolve().parents[2] / "docs"
AT = datetime(2026, 2, 25, 10, 0)


def compiled(folder: Path, variable: str, steps: str) -> Script:
    report = check_files(folder, {"bot.yaml": BOT.replace("  电话: phone\n", variable), "flows/a.yaml": STEPS + steps})
    assert report.script is not None, report.findings
    return report.script


def test_the_language_and_the_room_of_values_name_the_same_types() -> None:
    assert set(TYPES) == set(registry.TYPES)
    assert {CHINESE_WORDS[name] for name in TYPES} == set(registry.TYPE_ALIASES)
    assert set(LONGEST_VALUE) == set(TYPES)
    assert set(SAMPLES) == set(TYPES)


def test_both_manuals_tell_every_type() -> None:
    english = (MANUALS / "flow-language.md").read_text(encoding="utf-8")
    chinese = (MANUALS / "flow-language.zh-CN.md").read_text(encoding="utf-8")
    assert [name for name in TYPES if f"`{name}`" not in english] == []
    assert [name for name in TYPES if f"`{CHINESE_WORDS[name]}`" not in chinese] == []


@pytest.mark.parametrize("kind", sorted(set(TYPES) & set(_SAMPLES)))
def test_sample_values_are_canonical(kind: str) -> None:
    assert registry.canonical(kind, _SAMPLES[kind]) == _SAMPLES[kind]


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("side", [0, 1])
def test_what_a_witness_says_for_a_type_is_a_value_of_it(kind: str, side: int) -> None:
    language = ("zh-CN", "en-US")[side]
    assert registry.parse(kind, SAMPLES[kind][side], language=language, at=AT)


@pytest.mark.parametrize("chinese", [True, False])
@pytest.mark.parametrize("kind", sorted(set(TYPES) - {"text", "yes_no", "name"}))
def test_what_simulated_callers_invent_is_canonical(kind: str, chinese: bool) -> None:
    import random

    for seed in range(20):
        value = invented(kind, AT, chinese=chinese, rng=random.Random(seed))
        assert value == "" or registry.canonical(kind, value) == value


@pytest.mark.parametrize("kind", sorted(PRIVATE_TYPES))
def test_numbers_that_identify_are_private_by_themselves(tmp_path: Path, kind: str) -> None:
    ask = "- 问: {collect: 证件, prompt: 请报一下号码。}\n- 结尾: {say: 再见。}\n"
    assert compiled(tmp_path / "a", f"  证件: {kind}\n", ask).variables["证件"].private
    opened = check_files(
        tmp_path / "b",
        {
            "bot.yaml": BOT.replace("  电话: phone\n", f"  证件: {{type: {kind}, private: false}}\n"),
            "flows/a.yaml": STEPS + ask,
        },
    )
    assert opened.script is not None
    assert not opened.script.variables["证件"].private
    assert "identity_open" in [finding.code for finding in opened.warnings]


def test_a_private_number_is_not_spoken_unguarded(tmp_path: Path) -> None:
    files = {
        "bot.yaml": BOT.replace(
            "  电话: phone\n", "  证件: {type: id_number, given: true, example: 11010519491231002X}\n"
        ),
        "flows/a.yaml": STEPS + "- 念: {say: 您的证件号是【证件】。}\n",
    }
    assert "private_spoken" in [finding.code for finding in check_files(tmp_path, files).errors]


def test_unquoted_numbers_are_told(tmp_path: Path) -> None:
    files = {
        "bot.yaml": BOT.replace(
            "  电话: phone\n", "  卡号: {type: bank_card, given: true, example: 6222021234567890128}\n"
        )
    }
    assert "phone_number" in [finding.code for finding in check_files(tmp_path, files).errors]


def test_identity_numbers_and_cards_are_keyed_in_without_a_word(tmp_path: Path) -> None:
    ask = "- 问: {collect: 证件, prompt: 请报一下号码。}\n- 结尾: {say: 再见。}\n"
    for kind, digits in (("id_number", 18), ("bank_card", 0)):
        step = compiled(tmp_path / kind, f"  证件: {kind}\n", ask).flows["主流程"].steps[0]
        assert step.question is not None
        assert step.question.expect.dtmf is not None
        assert step.question.expect.dtmf.digits == digits
        assert step.question.expect.kind == "value"
