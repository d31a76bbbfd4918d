"""What operators count: every conversation is in the gauge while it is held, and only then."""

from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from huashu.core.events import Heard, HungUp
from huashu.store.log import Store
from tests.runtime.runtime_fakes import Clock, Edge, bot, host, opened

pytestmark = pytest.mark.unit


def sample(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


async def test_a_conversation_is_counted_while_it_is_held(folder: Path, tmp_path: Path) -> None:
    with Store.open(tmp_path / "calls.db") as store:
        before, turns = sample("huashu_open_conversations"), sample("huashu_turns_total")
        clock = Clock()
        held = await opened(bot(folder), Edge(), clock, store)
        assert sample("huashu_open_conversations") == before + 1
        held.detach()
        assert sample("huashu_open_conversations") == before
        again = host(bot(folder), Edge(), clock, store)
        await again.resume("call1")
        assert sample("huashu_open_conversations") == before + 1
        ended = sample("huashu_conversations_ended_total", result="hung_up")
        await again.receive(HungUp())
        await again.receive(HungUp())
        assert sample("huashu_open_conversations") == before
        assert sample("huashu_conversations_ended_total", result="hung_up") == ended + 1
        assert sample("huashu_turns_total") == turns + 4


async def test_actions_are_counted_by_outcome(folder: Path) -> None:
    failed, seconds = sample("huashu_actions_total", outcome="failed"), sample("huashu_action_seconds_count")
    held = await opened(bot(folder, {"book": lambda: 1 / 0}), Edge(), Clock())  # type: ignore[dict-item,return-value]
    await held.receive(Heard("姓名=李雷"))
    await held.receive(Heard("人数=4"))
    await held.settle()
    assert sample("huashu_actions_total", outcome="failed") == failed + 1
    assert sample("huashu_action_seconds_count") == seconds + 1
