"""How often the engine lets one thing happen before it counts as unclear: what makes every conversation finite, without
a limit on the call as a whole.

The engine (huashu.dialogue) counts by these numbers, and the bounds (huashu.flows.bounds) by the same ones. Here is
also what the bounds assume about callers, and nowhere else.
"""

from typing import Final

MAX_STAYS: Final = 3
"""Times that one answer may leave its question open (`then: stay` or `back`) before it counts as unclear; counted from
when the question was opened."""
MAX_CONFIRMS: Final = 3
"""Times that a value is asked back, counted likewise; after that one not sure enough is unclear."""
MAX_NOISES: Final = 4
"""Times that voice without words only starts the silence anew, counted likewise; after that it is unclear."""
MAX_REPEATS: Final = 3
"""Times in a row that "please repeat" and "slower, please" are obeyed before they count as unclear."""
AFTER_TIMES: Final = 3
"""Times that the `after` of a detour works before it, too, counts as unclear; counted over the call."""
MAX_NOBODY: Final = 3
"""Times in a call that a question is asked again because nobody took the handoff; then the script has no way on."""
MAX_CORRECTIONS: Final = 5
"""Times in a call that the value of an earlier question is put right."""

SLOWEST_RATE: Final = 0.7
"""Speed of speech after "slower, please", for the rest of the call."""

CALLER_TURN: Final = 30.0
"""Seconds that one turn of the caller may take, speech or keys; longer ones are beyond the bound. The engine itself
stops waiting for the end of a voice after 60 s."""
