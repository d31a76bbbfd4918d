"""How often the engine lets one thing happen before it counts as unclear: what makes every conversation finite.

The engine keeps the same numbers where it counts (huashu.dialogue.answers); a test holds the two together. Here is also
what the bounds (huashu.flows.bounds) assume about callers, and nowhere else.
"""

from typing import Final

MAX_STAYS: Final = 3
"""One answer that leaves its question open, from the opening of the question on."""
MAX_CONFIRMS: Final = 3
"""Values asked back, counted likewise."""
MAX_NOISES: Final = 4
"""Voice without words, counted likewise."""
MAX_REPEATS: Final = 3
"""In a row: the bot says its last words again because it was asked to."""
AFTER_TIMES: Final = 3
"""The `after` of a detour, over the call."""
MAX_NOBODY: Final = 3
"""A question asked again because nobody took the handoff, over the call."""
MAX_CORRECTIONS: Final = 5
"""Values of earlier questions put right, over the call."""

SLOWEST_RATE: Final = 0.7
"""Speed of speech after "slower, please", for the rest of the call."""

CALLER_TURN: Final = 30.0
"""Seconds that one turn of the caller may take, speech or keys; longer ones are beyond the bound. The engine itself
stops waiting for the end of a voice after 60 s."""
