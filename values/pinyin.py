"""Toneless pinyin of single characters: level 1 of GB 2312 and those common in names. Made with pypinyin (MIT)."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path


@cache
def _table() -> Mapping[str, str]:
    lines = Path(__file__).with_name("pinyin.txt").read_text(encoding="utf-8").splitlines()
    return {character: syllable for syllable, characters in map(str.split, lines) for character in characters}


def syllable(character: str) -> str | None:
    """ "zhang" of 张, the commonest reading; None for a character that is not in the table."""
    return _table().get(character)


def spelt(characters: str) -> str | None:
    """ "zhangsan" of 张三; None when one is not in the table."""
    syllables = [syllable(character) for character in characters]
    return "".join(filter(None, syllables)) if all(syllables) else None
