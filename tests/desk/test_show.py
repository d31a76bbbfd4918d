"""A person takes over, end to end as it is used: `huashu serve --desk` in a process of its own, a caller who is heard
and hears over gRPC, an agent and a supervisor in real browsers (bench/desk_show.py shows the same, to watch)."""

import os
from pathlib import Path

import numpy as np
import pytest

from tests.desk.browsers import ROOT
from tests.desk.show.sounds import ABSENT, THERE, Sentences, find, sentences
from tests.desk.show.takeover import show

pytestmark = pytest.mark.server

SECOND = 16000
"""Bytes."""


@pytest.fixture(scope="module")
def people() -> Sentences:
    """Recordings of people where there are any, else espeak's voices."""
    pytest.importorskip("espeakng_loader", reason="espeak is not installed (extra espeak)")
    pytest.importorskip("pocketsphinx", reason="pocketsphinx is not installed")
    return sentences(Path(os.environ.get("HUASHU_TEST_DATA", ROOT.parent / "shared" / "data")))


async def test_bot_queue_agent_both_talk_and_back_to_the_bot(tmp_path: Path, people: Sentences) -> None:
    told = await show(tmp_path, people)
    assert not told.faults
    order = ["asked for a person", "queued", "offered", "accepted", "agent heard by the caller", "bot has hung up"]
    assert sorted(order, key=told.times.__getitem__) == order


async def test_a_server_killed_while_they_talk_costs_nothing_that_was_said(tmp_path: Path, people: Sentences) -> None:
    told = await show(tmp_path, people, kill=True)
    assert not told.faults
    assert len(told.record.parts) == 2, "a recording before, and one after"


def test_a_sound_is_known_again_in_shreds_and_no_other_is_taken_for_it(people: Sentences) -> None:
    rng = np.random.default_rng(1)
    line = rng.normal(0.0, 20.0, 3 * SECOND).astype("<i2")
    softly = (np.frombuffer(people.agent, "<i2") * 0.3).astype("<i2")
    gap = np.zeros(800, "<i2")
    shreds = np.concatenate([softly[:5000], gap, softly[5000:8000], gap, softly[8000:]])
    heard = line.copy()
    heard[SECOND : SECOND + len(shreds)] += shreds
    found = find(people.agent, heard.tobytes())
    assert found.score > THERE
    assert found.begins == pytest.approx(2.0, abs=0.3)
    for other in people.caller:
        assert find(other, heard.tobytes()).score < ABSENT
    assert find(people.agent, line.tobytes()).score < ABSENT
