"""Events and actions as JSON data: the form of the log and of `--json`."""

import dataclasses
import json
import typing
from decimal import Decimal

import pytest

from huashu.core import actions, events
from huashu.core.audio import Audio, frame_bytes
from huashu.core.codec import from_data, private_fields, to_data
from huashu.core.errors import UsageError
from huashu.core.events import Alternative, Entity, FaqHit, Heard, IntentScore, Started, Understood
from huashu.core.expect import Choice, DtmfRule, Expectation
from huashu.core.ids import new_call_id

pytestmark = pytest.mark.unit

EXPECT = Expectation("流.步", "choice", "期数", "integer", (Choice(6, ("六期", "半年")),), dtmf=DtmfRule(2))
SAMPLES = [
    Started("c", variables={"金额": Decimal("12.30"), "名": "x", "数": 3, "真": True, "空": None}),
    Heard("六期", alternatives=(Alternative("流期", 0.3),), language="zh-CN"),
    Understood(
        "六期", (IntentScore("肯定", 0.5),), (Entity("integer", 6, "六期", 0, 2, "期数"),), (FaqHit("a", "b", 0.4),)
    ),
    actions.Listen("1.1", EXPECT),
    actions.Say("1.2", "您好", barge_in=actions.BargeIn("words", 2, 0.5)),
]


@pytest.mark.parametrize("value", SAMPLES, ids=lambda value: type(value).__name__)
def test_what_is_written_is_read_back(value: object) -> None:
    assert from_data(json.loads(json.dumps(to_data(value)))) == value


def test_every_event_and_action_can_be_written_and_read() -> None:
    for cls in (*typing.get_args(events.Event), *typing.get_args(actions.Action)):
        hints = typing.get_type_hints(cls)
        required = [field for field in dataclasses.fields(cls) if field.default is field.default_factory]
        values: dict[type, object] = {str: "x", float: 0.5, int: 1, Expectation: EXPECT}
        given = {}
        for field in required:
            hint = hints[field.name]
            given[field.name] = values[hint] if hint in values else typing.get_args(hint)[0]
        value = cls(**given)
        assert from_data(json.loads(json.dumps(to_data(value)))) == value


def test_every_event_is_of_the_edge_or_internal_never_both() -> None:
    edge, internal = set(typing.get_args(events.EdgeEvent)), set(typing.get_args(events.InternalEvent))
    defined = {
        cls
        for cls in vars(events).values()
        if isinstance(cls, type) and dataclasses.is_dataclass(cls) and cls.__module__ == events.__name__
    }
    parts = {Alternative, Entity, IntentScore, FaqHit}
    assert not edge & internal
    assert edge | internal == defined - parts


def test_wrong_data_is_told_by_name() -> None:
    with pytest.raises(UsageError, match="Herd"):
        from_data({"type": "Herd", "text": "x"})
    with pytest.raises(UsageError, match="'txt'"):
        from_data({"type": "Heard", "txt": "x"})
    with pytest.raises(UsageError, match="needs 'text'"):
        from_data({"type": "Heard"})


def test_what_belongs_to_the_caller_is_marked() -> None:
    assert private_fields(Heard) == {"text"}
    assert private_fields(Started) == {"caller", "callee", "variables"}
    assert private_fields(events.Dtmf) == {"digit"}
    assert "values" in private_fields(actions.Disposition)


def test_ids_are_unique_and_sort_by_time() -> None:
    ids = [new_call_id() for _ in range(1000)]
    assert len(set(ids)) == 1000
    assert [item[:9] for item in ids] == sorted(item[:9] for item in ids)


def test_sound_knows_its_length() -> None:
    assert frame_bytes(8000) == 320
    assert Audio(bytes(16000), 8000).seconds == 1.0
