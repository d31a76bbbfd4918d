"""Every row of docs/turn-rules.md on the real engine, in every state it names; and every pair of state and event in
exactly one row."""

from collections import Counter
from collections.abc import Iterator

import pytest

from tests.dialogue.turn_view import View, deeds, owners, silence
from tests.dialogue.turn_world import BOTS, CALLERS, EVENTS, FREE, RUNNING, State, World, states
from tests.turn_rules import Row, rules

pytestmark = pytest.mark.engine

COLUMNS = {"bot": BOTS, "caller": CALLERS, "running": RUNNING}
RULES = rules("## Dialogue", COLUMNS)
IGNORED = ("ignored", "dropped")


def worlds(row: Row) -> Iterator[State]:
    yield from (state for state in states() if row.names(bot=state.bot, caller=state.caller, running=state.running))


@pytest.mark.parametrize("row", RULES, ids=str)
def test_the_rule_holds(row: Row) -> None:
    event, does, clock, following = row.event, row["it does"], row["silence"], row["next"]
    for state in worlds(row):
        for barge_in in FREE if state.bot == "speaking" else FREE[:1]:
            world = World(state, barge_in=barge_in)
            before = View.of(world.engine)
            actions = world.do(event)
            after = View.of(world.engine)
            assert does in deeds(actions, before, after), f"{state}: it does {deeds(actions, before, after)}"
            assert clock in silence(before, after), f"{state}: silence is {silence(before, after)}"
            assert following in owners(before, after), f"{state}: next is {after.owner}"


def test_every_pair_of_state_and_event_has_one_row() -> None:
    found = Counter((row.event, state) for row in RULES for state in worlds(row))
    for event in EVENTS:
        for state in states():
            assert found[event, state] == 1, f"{event} in {state}: {found[event, state]} rows"
    assert set(found) == {(event, state) for event in EVENTS for state in states()}, "a rule for no event"


def test_what_is_named_as_ignored_does_nothing() -> None:
    ignored = [row for row in RULES if row["why"].startswith(IGNORED)]
    assert ignored
    for row in ignored:
        assert (row["it does"], row["next"]) == ("nothing", "—"), row
        assert row["silence"] in ("as it was", "goes on"), row


def test_no_row_is_about_nothing() -> None:
    for row in RULES:
        assert list(worlds(row)), f"{row} names no state that can be"
