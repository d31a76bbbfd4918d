"""The promises of the centre hold whatever happens, in whatever order (the long run is bench/proof_handoff.py)."""

from random import Random

import pytest

from tests.handoff.again import asks_again
from tests.handoff.chaos import Chaos

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("seed", range(40))
def test_whatever_happens(seed: int) -> None:
    for number in range(10):
        Chaos(Random(seed * 1000 + number), calls=1 + number % 4).run(60)


@pytest.mark.parametrize("seed", range(8))
async def test_nothing_is_asked_again(seed: int) -> None:
    for number in range(5):
        await asks_again(Random(seed * 100 + number))
