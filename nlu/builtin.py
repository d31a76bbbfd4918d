"""The built-in intents: what a script may name without giving examples (docs/flow-language.md), by language.

`BUILTIN["zh"]["肯定"]` is a tuple of sentences. The sentences live in builtin_zh and builtin_en.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Final

from huashu.core.language import primary
from huashu.nlu import builtin_en, builtin_zh
from huashu.nlu.text import bare

SAME: Final[Mapping[str, str]] = MappingProxyType(
    {
        "肯定": "affirm",
        "否定": "deny",
        "在忙": "busy",
        "转人工": "human",
        "别再打": "stop_calling",
        "请重复": "repeat",
        "等一下": "wait",
        "说慢点": "slower",
        "跳过": "skip",
        "是机器人吗": "are_you_robot",
        "再见": "goodbye",
        "没兴趣": "not_interested",
        "打错了": "wrong_person",
        "不在": "not_in",
        "投诉": "complaint",
        "已还款": "already_paid",
        "谢谢": "thanks",
        "说英语": "speak_english",
        "说中文": "speak_chinese",
    }
)
"""Chinese name → English name of the same intent."""
SWITCHES: Final[Mapping[str, str]] = MappingProxyType({"说英语": "speak_english", "说中文": "speak_chinese"})
"""Those that ask for another language, likewise."""

PARTS: Final[Mapping[str, str]] = MappingProxyType({"不在": "打错了", "投诉": "转人工"})
"""Built-in intent → the wider one that its sentences belong to in a script that has no reaction to the part."""


def _unique(sentences: list[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, (sentence.strip() for sentence in sentences))))


def _split(text: str, mark: str | None) -> tuple[str, ...]:
    """Chinese sentences are written with blanks between them, English ones with "|"."""
    return _unique([" ".join(piece.split()) for piece in text.split(mark)])


def _built() -> dict[str, Mapping[str, tuple[str, ...]]]:
    zh = {name: _split(text, None) for name, text in builtin_zh.SENTENCES.items()}
    en = {name: _split(text, "|") for name, text in builtin_en.SENTENCES.items()}
    both = {"zh": zh, "en": en}
    # Who asks for a language is as likely to ask in it.
    for chinese, english in SWITCHES.items():
        both_ways = zh[chinese], en[english]
        zh[chinese], en[english] = sum(both_ways, ()), sum(reversed(both_ways), ())
    # A bilingual script may use either spelling of a name with sentences of either language.
    for chinese, english in SAME.items():
        en[chinese] = en[english]
        zh[english] = zh[chinese]
    return {language: MappingProxyType(intents) for language, intents in both.items()}


BUILTIN: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = MappingProxyType(_built())
"""Primary language subtag ("zh", "en") → intent name → sentences. Both spellings of a name work in both languages."""

RETURNS: Final[frozenset[str]] = frozenset(
    bare(sentence) for sentence in (*_split(builtin_zh.RETURNS, None), *_split(builtin_en.RETURNS, "|"))
)
"""What somebody says who had asked to wait and is there again, without what cannot be heard (huashu.nlu.text.bare)."""
GO_ON: Final[frozenset[str]] = frozenset(
    bare(sentence) for sentence in (*_split(builtin_zh.GO_ON, None), *_split(builtin_en.GO_ON, "|"))
)
"""What somebody says who wants to hear the rest of a long answer, beside a plain yes; ENOUGH: who does not."""
ENOUGH: Final[frozenset[str]] = frozenset(
    bare(sentence) for sentence in (*_split(builtin_zh.ENOUGH, None), *_split(builtin_en.ENOUGH, "|"))
)


def sentences(language: str, name: str, taken: Collection[str]) -> tuple[str, ...]:
    """The sentences of a built-in intent, none for an unknown language or name; with those of its parts that are no
    intents of the script themselves (`taken`, in either spelling)."""
    known = BUILTIN.get(primary(language), {})
    found = known.get(name, ())
    for part, whole in PARTS.items():
        if name in (whole, SAME[whole]) and not {part, SAME[part]} & {*taken}:
            found += known.get(part, ())
    return found
