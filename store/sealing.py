"""Events to rows and back, with what belongs to the caller sealed under a key of the call's own.

A row has an open part, JSON by the conventions of huashu.core.codec, in which every private value is replaced by a
token {"~": kind}, and a sealed part: the private values in order of appearance, as one JSON list, AES-256-GCM with a
random 96-bit nonce (NIST SP 800-38D section 8.2.2: safe for 2**32 rows under one key) and the row's identity as
associated data, so that a sealed part moved to another row does not open. Keys of mappings (names of variables) stay
open, as do empty texts and None: they are structure. Without the key a token reads as `ERASED[kind]`.
"""

import base64
import binascii
import dataclasses
import json
import os
import typing
from collections.abc import Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from huashu.core.codec import from_data, private_fields
from huashu.core.errors import StoreError
from huashu.core.events import Event

ERASED: Mapping[str, str] = {
    "text": "‹erased›",
    "number": "‹erased:number›",
    "yes_no": "‹erased:yes_no›",
}
"""What stands in an event for a private value whose key is gone, by kind of value."""

_TOKEN = "~"  # no field and no variable may be called so: names are identifiers or Chinese words
_NONCE = 12
_MISSING = object()
_encode_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), check_circular=False).encode


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


def seal(event: Event, key: AESGCM, row: str) -> tuple[str, bytes | None]:
    """(open part, sealed part or None when the event has nothing private). `row`: the identity of the row."""
    private: list[Any] = []
    payload = _encode_json(_open_part(event, private))
    if not private:
        return payload, None
    nonce = os.urandom(_NONCE)
    return payload, nonce + key.encrypt(nonce, _encode_json(private).encode(), row.encode())


def unseal(payload: str, sealed: bytes | None, key: AESGCM | None, row: str) -> Any:
    """The event, with `ERASED` texts in the private places when `key` is None.

    Raises:
        StoreError: the row was altered or is sealed under another key (code "damaged").
    """
    data = json.loads(payload)
    if sealed is None:
        return from_data(data)
    values = None
    if key is not None:
        try:
            values = iter(json.loads(key.decrypt(sealed[:_NONCE], sealed[_NONCE:], row.encode())))
        except InvalidTag:
            raise StoreError(f"row {row} of the event log was altered", code="damaged") from None
    return from_data(_restore(data, values))


def _open_part(value: Any, private: list[Any]) -> Any:
    kind = type(value)
    if kind is str or kind is float or kind is int or kind is bool or value is None:
        return value
    if dataclasses.is_dataclass(kind):
        name, fields = _plan(kind)
        data: dict[str, Any] = {} if name is None else {"type": name}
        for field, hidden, default in fields:
            item = getattr(value, field)
            if default is _MISSING or item != default:
                data[field] = _hide(item, private) if hidden else _open_part(item, private)
        return data
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, Mapping):
        return {str(key): _open_part(item, private) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_open_part(item, private) for item in value]
    return value


def _hide(value: Any, private: list[Any]) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _hide(item, private) for key, item in value.items()}
    if isinstance(value, (tuple, list)):
        return [_hide(item, private) for item in value]
    if value is None or value == "":
        return value
    if isinstance(value, str):
        private.append(value)
        return {_TOKEN: "text"}
    if isinstance(value, bool):
        private.append(value)
        return {_TOKEN: "yes_no"}
    private.append({"decimal": str(value)} if isinstance(value, Decimal) else value)
    return {_TOKEN: "number"}


def _restore(data: Any, values: Any) -> Any:
    if isinstance(data, dict):
        if len(data) == 1 and _TOKEN in data:
            return ERASED[data[_TOKEN]] if values is None else next(values)
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
