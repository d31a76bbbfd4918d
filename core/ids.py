"""Ids: opaque, sortable by time of creation, safe in file names and URLs."""

import secrets
import time

_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: no i, l, o, u to misread


def new_call_id() -> str:
    """16 characters: 9 of milliseconds since 1970, 7 random (35 bits)."""
    return _base32(time.time_ns() // 1_000_000, 9) + _base32(secrets.randbits(35), 7)


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))
