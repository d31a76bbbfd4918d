"""Turns to rows and back, with what belongs to the caller sealed under a key of the call's own.

A row is a turn: the events of one commit. It has an open part, JSON by the conventions of huashu.core.codec, in which
every private value is replaced by a token {"~": kind}, and a sealed part: the private values in order of appearance,
as one JSON list, AES-256-GCM with a random 96-bit nonce (NIST SP 800-38D section 8.2.2: safe for 2**32 rows under one
key) and the row's identity as associated data, so that a sealed part moved to another row does not open. Keys of
mappings (names of variables) stay open, as do empty texts and None: they are structure. Without the key a token reads
as `ERASED[kind]`.
"""

import base64
import binascii
import dataclasses
import json
import os
import typing
from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huashu.core.codec import from_data, private_fields
from huashu.core.errors import StoreError, UsageError
from huashu.core.events import Entity, Event, Heard, Understood
from huashu.store.records import Entry

ERASED: Mapping[str, str] = {
    "text": "‹erased›",
    "number": "‹erased:number›",
    "yes_no": "‹erased:yes_no›",
}
"""What stands in an event for a private value whose key is gone, by kind of value."""

_TOKEN = "~"  # no field and no variable may be called so: names are identifiers or Chinese words
_TEXT = f'{{"{_TOKEN}":"text"}}'
_NUMBER = f'{{"{_TOKEN}":"number"}}'
_YES_NO = f'{{"{_TOKEN}":"yes_no"}}'
_NONCE = 12
_MISSING = object()
_quote = json.encoder.encode_basestring  # the C function under json.dumps(ensure_ascii=False)


def new_key() -> bytes:
    """256 random bits."""
    return AESGCM.generate_key(256)


def master_key(text: str | None) -> AESGCM | None:
    """The key that wraps the call keys, from HUASHU_STORE_KEY: 32 bytes in base64; None when unset or empty.

    Raises:
        StoreError: not 32 bytes of base64 (code "key").
    """
    if not text:
        return None
    try:
        key = base64.b64decode(text, validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise StoreError(
            "HUASHU_STORE_KEY must be 32 random bytes in base64, as printed by `openssl rand -base64 32`", code="key"
        )
    return AESGCM(key)


def wrap(master: AESGCM, key: bytes, call: str) -> bytes:
    nonce = os.urandom(_NONCE)
    return nonce + master.encrypt(nonce, key, call.encode())


def unwrap(master: AESGCM, wrapped: bytes, call: str) -> bytes:
    """Raises StoreError (code "key") when the master key is not the one that wrapped it."""
    try:
        return master.decrypt(wrapped[:_NONCE], wrapped[_NONCE:], call.encode())
    except InvalidTag:
        raise StoreError("HUASHU_STORE_KEY is not the key this store was written with", code="key") from None


def seal(entries: Sequence[Entry], key: bytes, row: str) -> tuple[str, bytes | None]:
    """(open part, sealed part or None when nothing in the turn is private). `row`: the identity of the row.

    The open part is a JSON list of [now, event] in order.
    """
    private: list[str] = []
    items = []
    for entry in entries:
        event = entry.event
        shortcut = _SHORTCUTS.get(type(event))
        text = shortcut(event, private) if shortcut is not None else None
        items.append(f"[{entry.now!r},{text or _open(event, private)}]")
    payload = f"[{','.join(items)}]"
    if not private:
        return payload, None
    nonce = os.urandom(_NONCE)
    # made anew each time (0.7 µs): a kept cipher would hold over 1 KB of every live call
    return payload, nonce + AESGCM(key).encrypt(nonce, f"[{','.join(private)}]".encode(), row.encode())


def seal_text(key: bytes, row: str, text: str) -> bytes:
    """One private text; `row`: its identity, without which it does not open."""
    nonce = os.urandom(_NONCE)
    return nonce + AESGCM(key).encrypt(nonce, text.encode(), row.encode())


def unseal_text(key: bytes, row: str, sealed: bytes) -> str:
    """Raises StoreError (code "damaged") when it was altered, moved or sealed under another key."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], row.encode()).decode()
    except InvalidTag as error:
        raise StoreError(f"{row} was altered", code="damaged") from error


def unseal(first: int, payload: str, sealed: bytes | None, key: bytes | None, row: str) -> list[Entry]:
    """The events of a row, numbered from `first`; with `ERASED` texts in the private places when `key` is None.

    Raises:
        StoreError: the row was altered or is sealed under another key (code "damaged").
    """
    values: Iterator[Any] | None = None
    try:
        if sealed is None:
            values = iter(())
        elif key is not None:
            values = iter(json.loads(AESGCM(key).decrypt(sealed[:_NONCE], sealed[_NONCE:], row.encode())))
        return [
            Entry(first + number, now, from_data(_restore(data, values)))
            for number, (now, data) in enumerate(json.loads(payload))
        ]
    except (InvalidTag, UsageError, ValueError) as error:
        raise StoreError(f"row {row} of the event log was altered", code="damaged") from error


def _open(value: Any, private: list[str]) -> str:
    """JSON of a value with tokens for what is private; that goes, as JSON, to `private`."""
    if isinstance(value, str):
        return _quote(value)
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, Decimal):
        return f'{{"decimal":"{value}"}}'
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_quote(str(key))}:{_open(item, private)}" for key, item in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        return "[" + ",".join([_open(item, private) for item in value]) + "]"
    kind: type = type(value)
    name, fields = _plan(kind)
    parts = [] if name is None else [f'"type":"{name}"']
    for field, hidden, default in fields:
        item = getattr(value, field)
        if default is _MISSING or item != default:
            parts.append(f'"{field}":{_hide(item, private) if hidden else _open(item, private)}')
    return "{" + ",".join(parts) + "}"


def _hide(value: Any, private: list[str]) -> str:
    if isinstance(value, str):
        if not value:
            return '""'
        private.append(_quote(value))
        return _TEXT
    if value is None:
        return "null"
    if isinstance(value, Mapping):
        return "{" + ",".join(f"{_quote(str(key))}:{_hide(item, private)}" for key, item in value.items()) + "}"
    if isinstance(value, (tuple, list)):
        return "[" + ",".join([_hide(item, private) for item in value]) + "]"
    if isinstance(value, bool):
        private.append("true" if value else "false")
        return _YES_NO
    private.append(f'{{"decimal":"{value}"}}' if isinstance(value, Decimal) else repr(value))
    return _NUMBER


def _heard(event: Heard, private: list[str]) -> str | None:
    """`_open` for what nearly every Heard is: final words without alternatives. None: it is something else."""
    if not event.final or event.confidence != 1.0 or event.alternatives or event.language or not event.text:
        return None
    private.append(_quote(event.text))
    return f'{{"type":"Heard","text":{_TEXT}}}'


def _understood(event: Understood, private: list[str]) -> str | None:
    """`_open` for an Understood without knowledge hits. The two of every turn are worth their own code: a third of
    what a commit costs was spent on walking their fields."""
    if event.faq or event.backchannel or event.confidence != 1.0 or not event.text:
        return None
    if event.also or event.denied or event.anger or event.sentiment:
        return None
    private.append(_quote(event.text))
    text = f'{{"type":"Understood","text":{_TEXT}'
    if event.intents:
        scores = [f'{{"name":{_quote(item.name)},"confidence":{item.confidence!r}}}' for item in event.intents]
        text += f',"intents":[{",".join(scores)}]'
    if event.entities:
        text += f',"entities":[{",".join([_entity(item, private) for item in event.entities])}]'
    return f"{text}}}" if event.language is None else f'{text},"language":{_quote(event.language)}}}'


def _entity(item: Entity, private: list[str]) -> str:
    text = f'{{"type":{_quote(item.type)},"value":{_hide(item.value, private)},"text":{_hide(item.text, private)}'
    text += f',"start":{item.start},"end":{item.end}'
    if item.slot is not None:
        text += f',"slot":{_quote(item.slot)}'
    return f"{text}}}" if item.confidence == 1.0 else f'{text},"confidence":{item.confidence!r}}}'


_SHORTCUTS: Mapping[type, Callable[[Any, list[str]], str | None]] = {Heard: _heard, Understood: _understood}


def _next(values: Iterator[Any]) -> Any:
    for value in values:
        return value
    raise ValueError("fewer private values than tokens")


def _restore(data: Any, values: Iterator[Any] | None) -> Any:
    if isinstance(data, dict):
        if len(data) == 1 and _TOKEN in data:
            return ERASED[data[_TOKEN]] if values is None else _next(values)
        return {key: _restore(item, values) for key, item in data.items()}
    if isinstance(data, list):
        return [_restore(item, values) for item in data]
    return data


@cache
def _plan(cls: type) -> tuple[str | None, tuple[tuple[str, bool, Any], ...]]:
    """(type name when it is an event, ((field, private, default), …)) of a dataclass."""
    hidden = private_fields(cls)
    fields = []
    for item in dataclasses.fields(cls):
        default: Any = _MISSING
        if item.default is not dataclasses.MISSING:
            default = item.default
        elif item.default_factory is not dataclasses.MISSING:
            default = item.default_factory()
        fields.append((item.name, item.name in hidden, default))
    return (cls.__name__ if cls in _EVENTS else None), tuple(fields)


_EVENTS: frozenset[Any] = frozenset(typing.get_args(Event))
