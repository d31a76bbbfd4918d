"""Every event and action of the edge travels, and comes back the same."""

import dataclasses
import typing
from collections.abc import Mapping
from decimal import Decimal
from types import UnionType
from typing import Any, Literal

import pytest

from huashu.channels import conversations_pb2 as pb
from huashu.channels import wire
from huashu.core import actions, events
from huashu.core.errors import UsageError
from huashu.core.values import Scalar

pytestmark = pytest.mark.unit

SCALARS = {
    "文字": "你好",
    "empty": "",
    "yes": True,
    "no": False,
    "n": -7,
    "zero": 0,
    "money": Decimal("12.30"),
    "none": None,
}


def sample(hint: Any, turn: int) -> Any:
    """A value of a type hint; turn 0 is filled with marked values, turn 1 with the falsy ones, turn 2 with None."""
    if hint is str:
        return ("text", "x", "y")[turn]
    if hint is float:
        return (0.25, 0.0, 1.0)[turn]
    if hint is int:
        return (5, 0, 1)[turn]
    if hint is bool:
        return (True, False, True)[turn]
    if typing.get_origin(hint) is Literal:
        words = typing.get_args(hint)
        return words[turn % len(words)]
    if dataclasses.is_dataclass(hint):
        return build(hint, turn)  # type: ignore[arg-type]
    if hint == Scalar:
        return ("半年", Decimal("0.5"), None)[turn]
    if isinstance(hint, UnionType) or typing.get_origin(hint) is typing.Union:  # Literal[…] | None is the latter
        return (
            None if turn == 2 else sample(next(part for part in typing.get_args(hint) if part is not type(None)), turn)
        )
    if typing.get_origin(hint) is tuple:
        return () if turn == 2 else (sample(typing.get_args(hint)[0], turn),)
    if typing.get_origin(hint) is Mapping and typing.get_args(hint)[1] is str:
        return {} if turn == 2 else {"开场": sample(str, turn)}
    return {} if turn == 2 else SCALARS


def build(cls: type, turn: int) -> Any:
    hints = typing.get_type_hints(cls)
    inside = wire.INSIDE.get(cls.__name__, frozenset())
    return cls(**{f.name: sample(hints[f.name], turn) for f in dataclasses.fields(cls) if f.name not in inside})


@pytest.mark.parametrize("turn", [0, 1, 2])
@pytest.mark.parametrize("cls", typing.get_args(events.EdgeEvent), ids=lambda cls: cls.__name__)
def test_every_edge_event_round_trips(cls: type, turn: int) -> None:
    event = build(cls, turn)
    received = pb.Event.FromString(wire.event_message(event).SerializeToString())
    assert wire.event_from(received) == event


@pytest.mark.parametrize("turn", [0, 1, 2])
@pytest.mark.parametrize("cls", typing.get_args(actions.EdgeAction), ids=lambda cls: cls.__name__)
def test_every_edge_action_round_trips(cls: type, turn: int) -> None:
    action = build(cls, turn)
    received = pb.Action.FromString(wire.action_message(action).SerializeToString())
    assert wire.action_from(received) == action


def test_every_literal_has_its_enum_number() -> None:
    for cls in (*typing.get_args(events.EdgeEvent), *typing.get_args(actions.EdgeAction), actions.BargeIn):
        hints = typing.get_type_hints(cls)
        for field in dataclasses.fields(cls):
            if typing.get_origin(hints[field.name]) is not Literal or cls is actions.BargeIn:
                continue
            for word in typing.get_args(hints[field.name]):
                value = dataclasses.replace(build(cls, 0), **{field.name: word})
                as_event = cls in typing.get_args(events.EdgeEvent)
                back = (
                    wire.event_from(wire.event_message(value))
                    if as_event
                    else wire.action_from(wire.action_message(value))
                )
                assert back == value


def test_the_wire_has_no_member_that_core_lacks() -> None:
    def names(message: str) -> set[str]:
        fields = pb.DESCRIPTOR.message_types_by_name[message].fields
        return {field.message_type.name for field in fields if field.message_type is not None}

    assert names("Event") - {"Start"} | {"Started"} == {cls.__name__ for cls in typing.get_args(events.EdgeEvent)}
    assert names("Action") == {cls.__name__ for cls in typing.get_args(actions.EdgeAction)}


def test_every_event_type_stands_in_exactly_one_union() -> None:
    edge, internal = set(typing.get_args(events.EdgeEvent)), set(typing.get_args(events.InternalEvent))
    assert not edge & internal
    parts = {events.Alternative, events.Entity, events.IntentScore, events.FaqHit}  # held by events, not events
    declared = {item for item in vars(events).values() if isinstance(item, type) and dataclasses.is_dataclass(item)}
    assert declared - parts == edge | internal


def test_a_client_that_leaves_fields_out_gets_the_defaults() -> None:
    assert wire.event_from(pb.Event(heard=pb.Heard(text="好"))) == events.Heard("好")
    assert wire.event_from(pb.Event(playback_ended=pb.PlaybackEnded(say="1.0"))) == events.PlaybackEnded("1.0")
    assert wire.event_from(pb.Event(action_result=pb.ActionResult(action="1.0"))) == events.ActionResult("1.0")
    assert wire.event_from(pb.Event(hung_up=pb.HungUp())) == events.HungUp("caller")
    assert wire.event_from(pb.Event(not_answered=pb.NotAnswered())) == events.NotAnswered("failed")
    assert wire.event_from(pb.Event(handoff_failed=pb.HandoffFailed())) == events.HandoffFailed()


def test_unknown_members_are_ignored() -> None:
    # field 900 of Event, as a newer client would send it; and an enum number from the future
    newer = bytes([0xA2, 0x38, 0x00])
    assert wire.event_from(pb.Event.FromString(newer)) is None
    later = pb.Event()
    later.machine_detected.by = 99  # type: ignore[assignment]
    assert wire.event_from(later) == events.MachineDetected("uncertain")
    heard = pb.Event(heard=pb.Heard(text="好")).SerializeToString()
    assert wire.event_from(pb.Event.FromString(heard + newer)) == events.Heard("好")


@pytest.mark.parametrize("text", ["twelve", "NaN", "Infinity", "", "1" * 65])
def test_a_bad_decimal_names_its_field(text: str) -> None:
    start = pb.Start(variables={"金额": pb.Scalar(decimal=text)})
    with pytest.raises(UsageError, match=r"Started\.variables: decimal"):
        wire.event_from(pb.Event(start=start))


@pytest.mark.parametrize(("value", "fits"), [(2**63 - 1, True), (-(2**63), True), (2**63, False)])
def test_integers_have_64_bits(value: int, fits: bool) -> None:
    if fits:
        assert wire.scalar_from(wire.scalar_message(value)) == value
    else:
        with pytest.raises(UsageError, match="64 bits"):
            wire.scalar_message(value)


@pytest.mark.parametrize("value", SCALARS.values())
def test_a_scalar_keeps_its_type(value: Scalar) -> None:
    back = wire.scalar_from(pb.Scalar.FromString(wire.scalar_message(value).SerializeToString()))
    assert (type(back), back) == (type(value), value)


def test_scalars_of_one_value_and_different_types_differ() -> None:
    messages = [
        wire.scalar_message(True),
        wire.scalar_message(1),
        wire.scalar_message(Decimal(1)),
        wire.scalar_message("1"),
    ]
    assert len({message.SerializeToString() for message in messages}) == 4
