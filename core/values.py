"""The scalars that slots, action arguments and event payloads carry.

A slot holds its *canonical* value: money and other fractions are `Decimal` (never `float`), dates are
ISO 8601 text, times are "HH:MM", phone numbers are digits. huashu.values turns speech into these and back.
"""

from collections.abc import Mapping
from decimal import Decimal

Scalar = str | int | bool | Decimal | None
Values = Mapping[str, Scalar]
