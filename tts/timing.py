"""When a word or a sound is said, and what the mouth does then: timings of a voice, or estimates where it tells none.

Visemes are the fifteen of MPEG-4 facial animation (ISO/IEC 14496-2, table of visemes and related phonemes), by their
numbers and by the names that avatars know them by.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from huashu.core.audio import Audio, Timing
from huashu.tts.engine import Utterance, Voice

VISEMES: Final = ("sil", "PP", "FF", "TH", "DD", "kk", "CH", "SS", "nn", "RR", "aa", "E", "ih", "oh", "ou")
"""Name by number: silence; p b m; f v; th; t d; k g; tʃ dʒ ʃ; s z; n l; r; a; e; i; o; u."""
_OF: Final = {
    sound: number
    for number, sounds in enumerate(
        (
            "", "pbmɓɱʙβɸ", "fvʋ", "θð", "tdʈɖɗɾɽ", "kgɡɠqxχhɦħʔŋɣɰʁʀɢ", "ʃʒɕʑʂʐʨʥ", "szɬɮ", "nlɳɲɭʎɫɴ", "rɹɻɚɝʴ",
            "aɑɐʌæɶɒä", "eɛəɘɜø", "iɪɨjyʏ", "oɔɵɤœ", "uʊʉɯwɥʍ",
        )
    )
    for sound in sounds
}  # fmt: skip
"""Sounds of IPA → number. Sounds made behind the lips look like k, rounded ones like u or o."""
_WRITTEN: Final = re.compile(r"[㐀-鿿豈-﫿]|\d+(?:[.,:]\d+)*%?|[^\W\d_㐀-鿿豈-﫿]+(?:['’][^\W\d_]+)*")
_PAUSES: Final = {"，": 2.0, ",": 2.0, "、": 1.0, "；": 3.0, ";": 3.0, "：": 2.0, ":": 2.0, "。": 3.0, ".": 3.0,
                  "！": 3.0, "!": 3.0, "？": 3.0, "?": 3.0, "…": 3.0}  # fmt: skip
"""In units of a tenth of a second, about, for a mark within a text; one at its end is not waited for."""
_LAST: Final = 0.15
"""Seconds of a last word whose end nothing tells."""
_SILENT: Final = " ,.!?;:，。！？；：、…"
_HAN: Final = 2.2
_LETTER: Final = 0.75
_DIGIT: Final = 2.2
"""The same units: a Chinese character at 4.5 a second, an English letter at 2.7 words of 5, a figure."""


@dataclass(frozen=True, slots=True)
class Viseme:
    """A shape of the mouth that begins; it stays until the next one."""

    at: float
    """Seconds from the beginning of the sound."""
    number: int
    """0 to 14, see `VISEMES`."""
    estimated: bool = False

    @property
    def name(self) -> str:
        return VISEMES[self.number]


def written(text: str) -> Iterator[tuple[int, str]]:
    """Words with their first character: Chinese characters one by one, numbers, words of letters."""
    for found in _WRITTEN.finditer(text):
        yield found.start(), found[0]


def timed(voice: Voice, utterance: Utterance) -> Iterator[Audio]:
    """As the voice makes it, with timings: the engine's own, or else estimated when all of the sound is there."""
    if voice.capabilities.timings:
        yield from voice.synthesise(utterance)
        return
    made = list(voice.synthesise(utterance))
    seconds = sum(audio.seconds for audio in made)
    for number, audio in enumerate(made):
        timings = () if number else tuple(estimated(utterance.text, seconds, utterance.language))
        yield replace(audio, timings=timings)


def estimated(text: str, seconds: float, language: str, *, offset: int = 0) -> Iterator[Timing]:
    """Words and sounds of a text that took so long to say, by how long such words usually take.

    offset: of the text in the whole that the voice was given.
    """
    words = list(written(text))
    if not words:
        return
    weights = [_weight(word) for _, word in words]
    gaps = [_pause(text, words, number) for number in range(len(words))]
    unit = seconds / (sum(weights) + sum(gaps))
    at = 0.0
    for (start, word), weight, gap in zip(words, weights, gaps, strict=True):
        yield Timing(at, "word", word, start + offset, estimated=True)
        yield from _spread(word, at, weight * unit, language)
        at += weight * unit
        if gap:
            yield Timing(at, "phone", "", estimated=True)
        at += gap * unit


def placed(
    clause: str, offset: int, signs: Sequence[str], begun: Sequence[float], language: str, *, letters: bool
) -> list[Timing]:
    """Times of words and sounds by those of the signs that a model was given for a clause.

    signs: letters or sounds in IPA one by one, blanks between words, marks. begun: seconds at which each begins.
    letters: the signs are the text's own letters; then words are found by them, and their sounds are estimated. Sounds
    are put to words by the blanks between them; where these are not as many as the words (numbers, Chinese), words are
    spread over the sounds and marked as estimated.
    """
    words = list(written(clause))
    heads = _spelt(words, signs) if letters else _parted(signs)
    sure = len(heads) == len(words)
    found: list[Timing] = []
    for place, (start, word) in enumerate(words):
        number = heads[place] if sure else place * len(signs) // len(words)
        found.append(Timing(begun[number], "word", word, offset + start, estimated=not sure))
        if letters:
            last = min(len(begun) - 1, number + len(word))
            found += _spread(word, begun[number], begun[last] - begun[number] or _LAST, language)
    for sign, at in zip(signs, begun, strict=False) if not letters else ():
        if not unicodedata.combining(sign) and sign not in "ˈˌː":
            found.append(Timing(at, "phone", "" if sign in _SILENT else sign))
    return sorted(found, key=lambda item: (item.at, item.kind != "word"))


def _parted(signs: Sequence[str]) -> list[int]:
    """Where words begin, by blanks."""
    return [
        number for number, sign in enumerate(signs) if sign not in _SILENT and (number == 0 or signs[number - 1] == " ")
    ]


def _spelt(words: Iterable[tuple[int, str]], signs: Sequence[str]) -> list[int]:
    """Where words begin, by their letters; as many as are found in their order."""
    text, at, heads = [sign.casefold() for sign in signs], 0, []
    for _, word in words:
        wanted = list(word.casefold())
        while at < len(text) and text[at : at + len(wanted)] != wanted:
            at += 1
        if at >= len(text):
            break
        heads.append(at)
        at += len(wanted)
    return heads


def _spread(word: str, at: float, seconds: float, language: str) -> Iterator[Timing]:
    sounds = _sounds(word, language) or ("",)
    for number, sound in enumerate(sounds):
        yield Timing(at + seconds * number / len(sounds), "phone", sound, estimated=True)


def visemes(timings: Iterable[Timing]) -> Iterator[Viseme]:
    """The shapes of the mouth for speech sounds, one after another; sounds that look like the last one are left out."""
    last = -1
    for timing in timings:
        if timing.kind != "phone":
            continue
        number = shape(timing.value)
        if number != last:
            last = number
            yield Viseme(timing.at, number, timing.estimated)


def shape(sound: str) -> int:
    """The viseme of a sound in IPA: of the first one of a diphthong, of "ʃ" in "tʃ"; 0 for none."""
    letters = [letter for letter in unicodedata.normalize("NFD", sound) if letter in _OF]
    if len(letters) > 1 and letters[0] in "td" and _OF[letters[1]] in (6, 7):
        letters = letters[1:]
    if not letters:
        return 0
    number = _OF[letters[0]]
    return 6 if "." in sound and number == 7 else number  # eSpeak writes Chinese zh, sh as ts. and s.


def _weight(word: str) -> float:
    if word[0].isdigit():
        return _DIGIT * sum(letter.isdigit() for letter in word)
    return _HAN if _is_han(word) else _LETTER * len(word) + 0.5


def _is_han(word: str) -> bool:
    return "\u3400" <= word[0] <= "\u9fff"


def _pause(text: str, words: list[tuple[int, str]], number: int) -> float:
    """Behind a word, by the marks that stand there; none behind the last."""
    if number + 1 == len(words):
        return 0.0
    start, word = words[number]
    between = text[start + len(word) : words[number + 1][0]]
    return max((_PAUSES.get(letter, 0.0) for letter in between), default=0.0)


def _sounds(word: str, language: str) -> tuple[str, ...]:
    """Roughly: Chinese by pinyin, other words by their letters."""
    if _is_han(word):
        from pypinyin import Style, pinyin  # 0.3 s, and only for a voice that does not tell

        return _pinyin_sounds(pinyin(word, style=Style.NORMAL)[0][0])
    lowered = word.lower()
    return tuple(_LETTERS[part] for part in _SPELT.findall(lowered))


_INITIALS: Final = {"zh": "ʂ", "ch": "ʂ", "sh": "ʂ", "b": "p", "p": "p", "m": "m", "f": "f", "d": "t", "t": "t",
                    "n": "n", "l": "l", "g": "k", "k": "k", "h": "x", "j": "ɕ", "q": "ɕ", "x": "ɕ", "r": "ɻ", "z": "s",
                    "c": "s", "s": "s", "y": "j", "w": "w"}  # fmt: skip
_FINALS: Final = {"a": "a", "o": "o", "e": "ɤ", "i": "i", "u": "u", "ü": "y", "v": "y", "n": "n", "g": "ŋ", "r": "ɻ"}


def _pinyin_sounds(syllable: str) -> tuple[str, ...]:
    head = next((start for start in _INITIALS if syllable.startswith(start)), "")
    sounds = [_INITIALS[head]] if head else []
    sounds += [_FINALS[letter] for letter in syllable[len(head) :] if letter in _FINALS]
    return tuple(sounds)


_LETTERS: Final = {"th": "θ", "sh": "ʃ", "ch": "tʃ", "ph": "f", "ee": "i", "oo": "u", "a": "a", "b": "b", "c": "k",
                   "d": "d", "e": "e", "f": "f", "g": "g", "h": "h", "i": "i", "j": "ʒ", "k": "k", "l": "l", "m": "m",
                   "n": "n", "o": "o", "p": "p", "q": "k", "r": "ɹ", "s": "s", "t": "t", "u": "u", "v": "v", "w": "w",
                   "x": "s", "y": "i", "z": "z"}  # fmt: skip
_SPELT: Final = re.compile("th|sh|ch|ph|ee|oo|[a-z]")
