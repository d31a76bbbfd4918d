"""Bots spoiled in every way of tests/flows/mutations.py are refused with findings or accepted and sound: the small twin
of bench/proof_loader.py."""

import random
from pathlib import Path

import pytest

from tests.flows.mutations import BY_NAME, RARE, rearranged, spoiled
from tests.flows.spoiling import bots, case

pytestmark = pytest.mark.engine

SOUND = bots()[:3]


@pytest.mark.parametrize("name", sorted({*BY_NAME, "rearranged"}))
def test_a_spoiled_bot_is_refused_or_sound(name: str, tmp_path: Path) -> None:
    outcomes = set()
    for seed in range(1 if name in RARE else 12):
        choices = random.Random(f"{name} {seed}")
        files = SOUND[seed % len(SOUND) if seed > 6 else 0]
        made = rearranged(files, choices) if name == "rearranged" else spoiled(files, choices, name)
        outcomes.add(case(made, seed, tmp_path))
    assert outcomes <= {"accepted", "refused"}


def test_bots_are_sound_before_they_are_spoiled(tmp_path: Path) -> None:
    assert {case(files, 21, tmp_path) for files in bots()} == {"accepted"}
