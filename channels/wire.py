"""The wire format of the edge: events and actions of huashu.core to protobuf messages and back.

One rule instead of a function a type: a dataclass `X` travels as message `huashu.v1.X`, field by field under the same
names; the two exceptions (Started is `Start`; parts of an Expectation stay inside) are tables below. What a conversion
needs is looked up once per type. A dataclass field without a wire field is an error when the module is used first, so
nothing new can be forgotten. The rule for unknown members stands at the top of conversations.proto.
"""

import typing
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from types import UnionType
from typing import Any, TypeVar

from google.protobuf.descriptor import Descriptor, EnumDescriptor, FieldDescriptor
from google.protobuf.message import Message

from huashu.channels import conversations_pb2 as pb
from huashu.channels import desk_pb2
from huashu.core.actions import Action
from huashu.core.errors import UsageError
from huashu.core.events import EdgeEvent
from huashu.core.values import Scalar

INSIDE: Mapping[str, frozenset[str]] = {
    # for NLU, of no use outside
    "Expectation": frozenset({"intents", "anytime", "knowledge", "slots", "elsewhere", "denies", "asks_more"}),
}
"""Fields that do not travel; on the way back they take their defaults."""

_WIRE_NAMES = {"Started": "Start"}
_CORE_NAMES = {wire: core for core, wire in _WIRE_NAMES.items()}
_UNSPECIFIED = {("NotAnswered", "cause"): "failed", ("MachineDetected", "by"): "uncertain", ("Send", "medium"): "sms"}
"""What the UNSPECIFIED enum number means where the dataclass has no default."""

Carrier = TypeVar("Carrier", bound=Message)
_INT64 = 1 << 63
_DECIMAL_LENGTH = 64
"""Longest decimal text taken from the wire: far above any amount, far below what makes arithmetic slow."""


_FILES = {"core": pb.DESCRIPTOR, "handoff": desk_pb2.DESCRIPTOR}
"""Room of a dataclass → the file that describes its message."""


def event_message(event: EdgeEvent) -> pb.Event:
    """The `Event` that carries `event`. Raises UsageError for a value with no wire form (an integer above 64 bits)."""
    return carried(event, pb.Event())


def action_message(action: Action) -> pb.Action:
    return carried(action, pb.Action())


def carried(value: Any, carrier: Carrier) -> Carrier:
    """`carrier`, an empty message with a `oneof`, with the message of `value` in it. Raises as `event_message`."""
    _fill(value, getattr(carrier, _member(carrier.DESCRIPTOR, type(value).__name__)))
    return carrier


def filled(value: Any, message: Carrier) -> Carrier:
    """`message`, empty, as the message of `value`. Raises as `event_message`."""
    _fill(value, message)
    return message


def taken(carrier: Message, oneof: str, union: Any) -> Any:
    """What of `union` (dataclasses) a message carries in its `oneof`; None when this side does not know it.

    Raises:
        UsageError: a value out of range; the message names the field.
    """
    member = carrier.WhichOneof(oneof)
    if member is None:
        return None
    inner = getattr(carrier, member)
    name = inner.DESCRIPTOR.name
    return _build(_classes(union)[_CORE_NAMES.get(name, name)], inner)


def event_from(message: pb.Event) -> EdgeEvent | None:
    """The event in `message`, or None when it is of a kind this side does not know.

    Raises:
        UsageError: a value out of range; the message names the field.
    """
    return typing.cast("EdgeEvent | None", taken(message, "event", EdgeEvent))


def action_from(message: pb.Action) -> Action | None:
    """The action in `message`, or None when it is of a kind this side does not know. Raises UsageError."""
    return typing.cast("Action | None", taken(message, "action", Action))


def scalar_message(value: Scalar) -> pb.Scalar:
    match value:
        case None:
            return pb.Scalar(null=pb.NULL)
        case bool():
            return pb.Scalar(flag=value)
        case int():
            if not -_INT64 <= value < _INT64:
                raise UsageError("an integer on the wire has at most 64 bits")
            return pb.Scalar(integer=value)
        case Decimal():
            return pb.Scalar(decimal=str(value))
        case str():
            return pb.Scalar(text=value)


def scalar_from(message: pb.Scalar) -> Scalar:
    """Raises UsageError for a `decimal` that is no finite number or longer than 64 characters."""
    match message.WhichOneof("kind"):
        case "text":
            return message.text
        case "flag":
            return message.flag
        case "integer":
            return message.integer
        case "decimal":
            return _decimal(message.decimal)
        case _:
            return None


def _decimal(text: str) -> Decimal:
    try:
        value = Decimal(text) if len(text) <= _DECIMAL_LENGTH else None
    except InvalidOperation:
        value = None
    if value is None or not value.is_finite():
        raise UsageError(f'decimal: expected a number such as "12.30" of at most {_DECIMAL_LENGTH} characters')
    return value


# --- one plan a type --------------------------------------------------------------------------------------------------

Encode = Callable[[Any, Message], None]
Decode = Callable[[Message], Any]
_USE_DEFAULT = object()
"""A decoder's word for: not on the wire, take the dataclass default."""


def _member(carrier: Any, name: str) -> str:
    """The `oneof` member of a message, such as Event, that holds a dataclass by name."""
    wanted = _WIRE_NAMES.get(name, name)
    for field in carrier.fields:
        if field.message_type is not None and field.message_type.name == wanted:
            return str(field.name)
    raise UsageError(f"{name} has no place in message {carrier.name}")


@cache
def _classes(union: Any) -> dict[str, type]:
    return {cls.__name__: cls for cls in typing.get_args(union)}


def _fill(value: Any, message: Message) -> None:
    message.SetInParent()  # type: ignore[no-untyped-call, unused-ignore]  # an empty message still says which it is
    cls: type = type(value)
    for name, (encode, _) in _plan(cls).items():
        item = getattr(value, name)
        if item is not None:
            encode(item, message)


def _build(cls: type, message: Message) -> Any:
    values = {}
    for name, (_, decode) in _plan(cls).items():
        try:
            value = decode(message)
        except UsageError as error:
            raise UsageError(f"{cls.__name__}.{name}: {error}") from None
        if value is not _USE_DEFAULT:
            values[name] = value
    return cls(**values)


@cache
def _plan(cls: type) -> dict[str, tuple[Encode, Decode]]:
    file = _FILES[cls.__module__.split(".")[1]]
    descriptor = file.message_types_by_name[_WIRE_NAMES.get(cls.__name__, cls.__name__)]
    hints = typing.get_type_hints(cls)
    plan = {}
    for item in fields(cls):
        if item.name in INSIDE.get(cls.__name__, ()):
            continue
        if item.name not in descriptor.fields_by_name:
            raise UsageError(f"{cls.__name__}.{item.name} has no field in message {descriptor.name}")
        plan[item.name] = _conversion(cls, item, hints[item.name], descriptor)
    return plan


def _conversion(cls: type, item: "Field[Any]", hint: Any, descriptor: Descriptor) -> tuple[Encode, Decode]:
    field = descriptor.fields_by_name[item.name]
    required = item.default is MISSING and item.default_factory is MISSING
    if field.message_type is None:
        if field.enum_type is None:
            return _plain(field, item.name, required, _words(hint))
        fallback = _UNSPECIFIED[cls.__name__, item.name] if required else _USE_DEFAULT
        return _enum(field.enum_type, item.name, fallback)
    if field.message_type.GetOptions().map_entry:
        plain = field.message_type.fields_by_name["value"].message_type is None
        return _texts(item.name) if plain else _scalars(item.name)
    if field.message_type.name == "Scalar":
        return _scalar(item.name)
    if (found := next((part for part in _parts(hint) if isinstance(part, type) and is_dataclass(part)), None)) is None:
        return _rows(item.name, field.message_type)
    inner: type = found
    repeated = typing.get_origin(hint) is tuple
    return _repeated(item.name, inner) if repeated else _nested(item.name, inner, required)


def _parts(hint: Any) -> list[Any]:
    """A hint such as `tuple[Choice, ...]` or `DtmfRule | None`, taken apart; a plain class is its own part."""
    if isinstance(hint, UnionType) or typing.get_origin(hint) is not None:
        return [part for argument in typing.get_args(hint) for part in _parts(argument)]
    return [hint]


def _words(hint: Any) -> tuple[str, ...]:
    """Those that a text may be; empty: any."""
    if typing.get_origin(hint) is typing.Literal:
        return typing.get_args(hint)
    return next((words for part in typing.get_args(hint) if (words := _words(part))), ())


def _plain(field: FieldDescriptor, name: str, required: bool, words: tuple[str, ...] = ()) -> tuple[Encode, Decode]:
    """A string, number or bool, or a list of strings. words: those that the string may be; empty: any."""

    def encode(value: Any, message: Message) -> None:
        if isinstance(value, tuple):
            getattr(message, name).extend(value)
        else:
            setattr(message, name, value)

    def decode(message: Message) -> Any:
        value = getattr(message, name)
        if field.has_presence and not message.HasField(name):
            return None if required else _USE_DEFAULT
        if field.has_presence and not words:
            return value
        if not value and not required:
            return _USE_DEFAULT
        if words and value not in words:
            raise UsageError(f"expected one of {', '.join(words)}")
        return value if isinstance(value, (str, int, float)) else tuple(value)

    return encode, decode


def _enum(enum: EnumDescriptor, name: str, fallback: object) -> tuple[Encode, Decode]:
    """ANSWERED_BY_HUMAN on the wire is "human" inside."""
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    words = {value.number: value.name.removeprefix(prefix).lower() for value in enum.values if value.number}
    numbers = {word: number for number, word in words.items()}

    def encode(value: Any, message: Message) -> None:
        setattr(message, name, numbers[value])

    def decode(message: Message) -> Any:
        return words.get(getattr(message, name), fallback)

    return encode, decode


def _scalars(name: str) -> tuple[Encode, Decode]:
    def encode(value: Any, message: Message) -> None:
        target = getattr(message, name)
        for key, item in value.items():
            target[key].CopyFrom(scalar_message(item))

    def decode(message: Message) -> Any:
        return {key: scalar_from(item) for key, item in getattr(message, name).items()}

    return encode, decode


def _texts(name: str) -> tuple[Encode, Decode]:
    def encode(value: Any, message: Message) -> None:
        getattr(message, name).update(value)

    def decode(message: Message) -> Any:
        return dict(getattr(message, name))

    return encode, decode


def _scalar(name: str) -> tuple[Encode, Decode]:
    def encode(value: Any, message: Message) -> None:
        getattr(message, name).CopyFrom(scalar_message(value))

    def decode(message: Message) -> Any:
        return scalar_from(getattr(message, name))

    return encode, decode


def _rows(name: str, row: Descriptor) -> tuple[Encode, Decode]:
    """A tuple of plain tuples: a repeated message with as many fields, in their order."""
    names = [field.name for field in row.fields]

    def encode(value: Any, message: Message) -> None:
        for item in value:
            added = getattr(message, name).add()
            for column, part in zip(names, item, strict=True):
                setattr(added, column, part)

    def decode(message: Message) -> Any:
        return tuple(tuple(getattr(item, column) for column in names) for item in getattr(message, name))

    return encode, decode


def _nested(name: str, inner: type, required: bool) -> tuple[Encode, Decode]:
    def encode(value: Any, message: Message) -> None:
        _fill(value, getattr(message, name))

    def decode(message: Message) -> Any:
        return _build(inner, getattr(message, name)) if required or message.HasField(name) else _USE_DEFAULT

    return encode, decode


def _repeated(name: str, inner: type) -> tuple[Encode, Decode]:
    def encode(value: Any, message: Message) -> None:
        target = getattr(message, name)
        for item in value:
            _fill(item, target.add())

    def decode(message: Message) -> Any:
        return tuple(_build(inner, item) for item in getattr(message, name))

    return encode, decode
