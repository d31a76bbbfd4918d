"""Who answers, as a caller is told it before the person is heard: "工号 1024 为您服务"."""

import re
from collections.abc import Mapping
from typing import Final

from huashu.core.language import is_chinese
from huashu.handoff.plan import Profile
from huashu.values.registry import read_aloud

USUAL: Final = ("工号【工号】为您服务。", "Agent 【number】 is speaking with you.")
"""Chinese, English: where a queue has no sentence of its own, and for callers in the other language than that is in."""
LONGEST: Final = 60
"""Characters of a template: it has been said before the person is held back for too long
(huashu.voice.centre_words)."""
PLACES: Final[Mapping[str, str]] = {"工号": "number", "姓名": "name", "number": "number", "name": "name"}
"""What stands for the agent in a template."""
PLACE: Final = re.compile(r"【([^【】]*)】")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DIGITS = re.compile(r"[0-9]+")


def opening(template: str, agent: Profile, language: str) -> tuple[str, str]:
    """The sentence of a queue for this agent, as written and as read aloud, in the language of the call.

    Who has no number or name is told by the id they sign in with.
    """
    chinese = is_chinese(language)
    words = PLACE.sub("", template)
    if any(sign.isalpha() for sign in words) and bool(_HAN.search(words)) != chinese:
        template = USUAL[0 if chinese else 1]
    told = {"number": agent.number or agent.id, "name": agent.name or agent.id}
    read = {**told, "number": _digit_by_digit(told["number"], chinese=chinese)}

    def filled(values: Mapping[str, str]) -> str:
        return PLACE.sub(lambda place: values[PLACES[place[1].strip()]], template)

    return filled(told), filled(read)


def counted(ahead: int, language: str) -> str:
    """How many callers stand before one, as a word: 两, two."""
    if is_chinese(language):
        return read_aloud("integer", ahead, language="zh-CN", unit="位").removesuffix("位")
    return read_aloud("integer", ahead, language="en")


def _digit_by_digit(number: str, *, chinese: bool) -> str:
    language = "zh-CN" if chinese else "en"
    return _DIGITS.sub(lambda run: read_aloud("digits", run[0], language=language), number)
