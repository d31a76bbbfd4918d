"""What the small encoder sees of a text: hashed n-grams of words, of letters inside words, and of characters.

The hashing of n-grams is that of Bojanowski et al., "Enriching Word Vectors with Subword Information" (TACL 2017): no
vocabulary, so nothing is unknown, and both languages share one table.
"""

import re
import zlib
from itertools import pairwise
from typing import Final

BUCKETS: Final = 30_000
"""Rows of the table; with 256 columns of one byte and a scale a row 7.8 MB."""
LETTERS: Final = (3, 4, 5)
"""Lengths of the n-grams inside a word of letters."""
MOST_TOKENS: Final = 64
"""Later tokens are not read: a bound on the work one text can cause."""
_TOKEN: Final = re.compile(r"[a-z0-9]+(?:'[a-z]+)?|[\u3400-\u9fff]")


def tokens(text: str) -> list[str]:
    """Words of letters and figures, and single Chinese characters, in lower case."""
    return _TOKEN.findall(text.lower())[:MOST_TOKENS]


def features(text: str) -> list[int]:
    """Numbers of the text's n-grams, 0 to BUCKETS - 1, in order; just 0 for a text without a token."""
    words = tokens(text)
    edged = ["^", *words, "$"]
    names = [*words, *(f"{one}_{other}" for one, other in pairwise(edged))]
    for word in words:
        if word.isascii():
            padded = f"<{word}>"
            names += ["#" + padded[at : at + length] for length in LETTERS for at in range(len(padded) - length + 1)]
    return [zlib.crc32(name.encode()) % BUCKETS for name in names] if words else [0]
