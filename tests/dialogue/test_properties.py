"""Whatever happens, in whatever order: the promises of the engine hold (the long run is bench/proof_engine.py).

Never an exception but UsageError for misuse, which changes nothing; somebody is always woken; the clock alone ends
every conversation; one outcome, one hang-up, the last of all; no word before the answer, after the hang-up or over a
person; a Stop only for what plays; ids unique; a Listen exactly where a question is open; whatever holds silence lets
go of it; the same log gives the same actions.
"""

from functools import cache
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from huashu.flows.loader import load
from huashu.flows.script import Script
from tests.dialogue.chaos import drive, replay
from tests.dialogue.invented import invented

pytestmark = pytest.mark.engine

ROOT = Path(__file__).resolve().parents[2]
BOTS = [
    *(path.parent for path in sorted((ROOT / "scripts_market").glob("*/bot.yaml"))),
    *(path.parent for path in sorted((ROOT / "tests" / "bots").glob("*/bot.yaml"))),
    ROOT / "tests" / "flows" / "bots" / "card",
]
INVENTED = 6

load_once = cache(load)
quick = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True)
randoms = st.randoms(use_true_random=False)


@cache
def invented_once(seed: int) -> Script:
    return invented(Random(seed))


@pytest.mark.parametrize("folder", BOTS, ids=lambda folder: folder.name)
@given(rng=randoms, events=st.integers(0, 80))
@quick
def test_real_bots_keep_their_promises(folder: Path, rng: Random, events: int) -> None:
    drive(load_once(folder), rng, events=events)


@given(seed=st.integers(1, INVENTED), rng=randoms, events=st.integers(0, 80))
@quick
def test_bots_that_nobody_would_write_keep_them_too(seed: int, rng: Random, events: int) -> None:
    drive(invented_once(seed), rng, events=events)


@given(rngs=st.lists(randoms, min_size=2, max_size=3))
@settings(quick, max_examples=15)
def test_conversations_side_by_side_replay_alike(rngs: list[Random]) -> None:
    scripts = [load_once(BOTS[0]), load_once(BOTS[1]), invented_once(1)]
    replay([drive(script, rng, events=40) for script, rng in zip(scripts, rngs, strict=False)])
