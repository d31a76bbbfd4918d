"""A subject that is talked about, as a small language model a recogniser reads with: sample sentences to n-grams.

Where a word network takes only what is listed, and dictation anything at all, a topic is between the two: words in the
order they have in the samples are likely, all others of its vocabulary possible. Samples are written with choices,
"the line is (busy|in use) (now|)", so that one line stands for many sentences.

N-grams of three words, interpolated with shorter ones by the number of different words that follow (Witten and Bell,
1991), in the ARPA format (D. Paul and J. Baker, 1992) that pocketsphinx and most others read.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

Sentence = tuple[str, ...]
Counts = list[defaultdict[Sentence, float]]
"""Of n-grams, by length less one; weights of sentences are no whole numbers."""

ORDER = 3
_MOST = 400
"""Sentences that one line is written out to: of more, as many that are spread evenly over all."""
_HEAVIEST = 4.0
"""A line weighs as the root of its sentences, at most so much: long menus are not said more often than short lines."""
_BACK_OFF = 0.3
"""Weight of each different follower as evidence for unseen ones; below Witten and Bell's 1, as the sentences of one
line are no independent samples: with 1 the word order no longer guides (tried on lines made by flite)."""
_UNSEEN = 0.5
"""Added to each word's count."""


def sentences(line: str) -> Iterator[str]:
    """What a line with choices stands for, at most `_MOST` of it; an empty choice leaves the place out."""
    places = [
        part[1:-1].split("|") if part.startswith("(") else [part] for part in re.split(r"(\([^()]*\))", line) if part
    ]
    whole = math.prod(len(place) for place in places)
    step = 1 if whole <= _MOST else _coprime(whole)
    for number in range(min(whole, _MOST)):
        rest, words = number * step % whole, []
        for place in places:
            rest, choice = divmod(rest, len(place))
            words.append(place[choice])
        yield " ".join(" ".join(words).split())


def weighted(lines: Iterable[str]) -> Iterator[tuple[Sentence, float]]:
    """Every sentence of every line as words, with its weight."""
    for line in lines:
        said = [tuple(sentence.split()) for sentence in sentences(line)]
        choices = math.prod(part.count("|") + 1 for part in re.findall(r"\([^()]*\)", line))
        for sentence in said:
            if sentence:
                yield sentence, min(_HEAVIEST, math.sqrt(choices)) / len(said)


def arpa(lines: Sequence[str], known: Callable[[str], bool]) -> str | None:
    """The language model of these samples in ARPA format; None when no sentence has only words that are known."""
    counts: Counts = [defaultdict(float) for _ in range(ORDER)]
    for sentence, weight in weighted(lines):
        if all(known(word) for word in sentence):
            padded = ("<s>", *sentence, "</s>")
            for length, grams in enumerate(counts, 1):
                for start in range(len(padded) - length + 1):
                    grams[padded[start : start + length]] += weight
    return _written(counts) if counts[0] else None


def _written(counts: Counts) -> str:
    chances = _Chances(counts)
    out = ["\\data\\", *(f"ngram {length}={len(grams)}" for length, grams in enumerate(counts, 1))]
    for length, grams in enumerate(counts, 1):
        out += ["", f"\\{length}-grams:"]
        for gram in sorted(grams):
            chance = -99.0 if gram == ("<s>",) else math.log10(chances.of(gram))
            weight = "" if length == ORDER else f" {math.log10(chances.left_over(gram)):.4f}"
            out.append(f"{chance:.4f} {' '.join(gram)}{weight}")
    return "\n".join([*out, "", "\\end\\", ""])


class _Chances:
    def __init__(self, counts: Counts) -> None:
        self._counts = counts
        self._sums: defaultdict[Sentence, float] = defaultdict(float)
        self._kinds: Counter[Sentence] = Counter()
        for grams in counts:
            for gram, count in grams.items():
                if gram != ("<s>",):
                    self._sums[gram[:-1]] += count
                    self._kinds[gram[:-1]] += 1

    def of(self, gram: Sentence) -> float:
        """Of the last word after the others."""
        count = self._counts[len(gram) - 1].get(gram, 0.0)
        if len(gram) == 1:
            return (count + _UNSEEN) / (self._sums[()] + _UNSEEN * self._kinds[()])
        before = gram[:-1]
        shorter = self.of(gram[1:])
        if not self._sums.get(before):
            return shorter
        left = self.left_over(before)
        return (1.0 - left) * count / self._sums[before] + left * shorter

    def left_over(self, before: Sentence) -> float:
        """The share of words that were not seen after these."""
        seen = self._sums.get(before, 0.0)
        spare = _BACK_OFF * self._kinds.get(before, 0)
        return spare / (seen + spare) if seen else 1.0


def _coprime(number: int) -> int:
    """A step that comes to everything in a circle of so many, far from one to the next."""
    step = max(1, round(number * 0.618))
    while math.gcd(step, number) != 1:
        step += 1
    return step
