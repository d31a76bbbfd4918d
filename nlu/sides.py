"""The side a question takes: whether its prompt asks in the negative, or for more, and what then agrees with it.

Pure functions of the words. "您暂时不需要，是吗？" wants an agreement, and 不用 gives it as 嗯 does.
"""

import re
from typing import Final, Literal

from huashu.nlu.polarity import HARMLESS_ZH
from huashu.nlu.text import normal

Denies = Literal["", "not", "be", "have"]
"""What a question in the negative denies: nothing (it is a plain question), a verb (不需要), 是 or 没有."""

_ZH_QUESTION: Final = re.compile(
    r"([^，,。.！!；;？?]*)[，,]?(?:是吗|对吗|是吧|对吧|是么|吧|吗|么|是不是|对不对)[？?。]?\s*$"
)
_ZH_OPEN_ENDED: Final = re.compile(
    r"什么|怎么|哪|谁|多少|几|为何|要不要|介意|还有(?:其他|别的|什么)|不妨|不知道?您|不知"
)
_EN_SENTENCE: Final = re.compile(r"([^.!?;]*)[?]?\s*$")
_EN_NEGATIVE: Final = re.compile(
    r"\b(?:you|it|this|that|there|he|she|they|we|i)(?: \w+)?"
    r" (?:do|did|does|have|has|are|were|is|was|can|could|will|would) not\b|\b(?:you|they|we) (?:are|were) no longer\b"
)
_ZH_MORE: Final = re.compile(
    r"(?:还有|有没有|还需要|有)(?:什么|没有)?(?:其他|其它|别的|另外)|还有(?:什么)?(?:问题|需要|疑问|可以帮)"
)
_EN_MORE: Final = re.compile(
    r"\b(?:any ?thing|something) (?:else|more)\b|\bany (?:other|more|further) (?:questions?|help)\b"
)


def asked_in_the_negative(prompt: str) -> Denies:
    """What a prompt denies that asks for agreement: "您暂时不需要，是吗？" → "not", "您没收到对吧？" → "have",
    "您不是张先生吗？" → "be", "You don't have the card, right?" → "not". A plain or an open question: ""."""
    found = _ZH_QUESTION.search(prompt)
    if found:
        clauses = re.split(r"[，,]", prompt[found.start() : found.end()])
        said = next((clause for clause in reversed(clauses) if re.search(r"[不没]", clause) and not _tag(clause)), "")
        said = HARMLESS_ZH.sub("", said)
        if not said or _ZH_OPEN_ENDED.search(prompt[found.start() :]):
            return ""
        if "不是" in said:
            return "be"
        return "have" if "没" in said else "not" if "不" in said else ""
    last = _EN_SENTENCE.search(prompt.strip())
    return "not" if last and prompt.strip().endswith("?") and _EN_NEGATIVE.search(normal(last[1])) else ""


def _tag(clause: str) -> bool:
    return bool(re.fullmatch(r"(?:是不是|对不对|是吗|对吗|是吧|对吧|是么)[？?。]?\s*", clause))


def asks_for_more(prompt: str) -> bool:
    """Whether a prompt asks if there is anything else: thanks and goodbye then mean no."""
    return bool(_ZH_MORE.search(prompt) or _EN_MORE.search(prompt.lower()))


_ZH_DISPUTE: Final = re.compile(r"不对|错了|搞错|弄错|哪有|谁说|怎么会|当然不是|才不是")
_RESTATED: Final = {
    "not": re.compile(
        r"^(?!不是|不对|不不)(?:我|嗯+|对|是的?|暂时|先|现在|目前|真的?|就|都)*"
        r"(?:不|甭|算了|没必要|没兴趣|没需要|没需求|用不着)"
    ),
    "be": re.compile(r"^(?:我|嗯+|对|就|真的?)*不是"),
    "have": re.compile(r"^(?:我|嗯+|对|就|真的?|还|都|一直|从来|是的?)*(?:没|未)"),
}  # fmt: skip
_CONTRADICTED: Final = {
    "not": re.compile(r"^(?:我|其实|不|不是|啊|当然|还是)*(?:需要|要|想|愿意|可以|能|会|用得着|有兴趣|考虑)"),
    "be": re.compile(r"^(?:我|其实|不|啊|当然)*(?:就是|是我|是本人|本人)|^我是"),
    "have": re.compile(r"^(?:我|其实|不|不是|啊|当然|已经)*(?:有|收到|办了|办过|还了|还过|交了)"),
}
_EN_AGREES: Final = re.compile(r"^(?:no|nope|nah|not|i do not|i did not|i have not|i am not|i can not|never)\b")
_EN_DISAGREES: Final = re.compile(
    r"^(?:no )?(?:yes |yeah )?(?:i|we|it|they|he|she) (?:do|did|have|am|are|can|could|will|would|does|is)\b(?! not)"
    r"|^actually i\b|^(?:that is )?(?:wrong|incorrect|not true|not right|not correct)\b"
)


def agreement(text: str, denies: Denies) -> bool | None:
    """Whether the words agree with a question in the negative. At "您不需要，是吗？" 不用 agrees as 嗯 does, and 需要
    and 不对 disagree. None: the words do not restate it, and mean what they always mean."""
    if not denies:
        return None
    said = normal(text)
    if _ZH_DISPUTE.search(said) or (denies != "be" and re.match(r"不是(?:的|啊)?(?:$|我)", said)):
        return False
    if _RESTATED[denies].search(said):
        return True
    if _CONTRADICTED[denies].search(said):
        return False
    if _EN_DISAGREES.search(said):
        return False
    return True if _EN_AGREES.search(said) else None
