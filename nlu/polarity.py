"""Yes and no beyond the words themselves: denial, conditions, hedges, farewells, and questions put in the negative.

Pure functions of the words. A classifier of single words and their neighbours takes "可别这样弄" for a yes, because
most of its letters are of yeses; what turns an assent round is a closed class of words, so rules know it.
"""

import re
from typing import Final, Literal

from huashu.nlu.text import bare, normal

YES: Final = ("肯定", "affirm")
NO: Final = ("否定", "deny")

_ZH_HARMLESS: Final = re.compile(
    r"没问题|没有问题|没毛病|没意见|没有?(?:什么|啥)(?:问题|意见|毛病)(?!了)|没错|没事|没关系|没得说|不错|不客气|不好意思|不介意|差不多|不用谢|不要紧|不耽误"
    r"|对不起|可不是|不管|不然|要不|不过|不仅|不但|不光|不论|不如|巴不得|舍不得|不就是|不见不散|没想到|来不来得及|别的"
    r"|不知道|还没说|有没有|(\w)不\1|(\w)没\2"
)
"""Words with a negative in them that deny nothing asked, and questions by "A不A"."""
_ZH_DENIAL: Final = re.compile(r"[不没别甭勿]|拒绝|算了|免了")
_ZH_ASSENT: Final = re.compile(
    r"^(?:可以|好[的吧呀啊嘞]?(?!像)|行[的吧啊]?|是[的啊呀]|是(?:我|本人)(?![不没别])|对[的啊呀]?|嗯+|没问题|没错|要的|愿意|同意)"
)
_EN_HARMLESS: Final = re.compile(
    r"\b(?:no (?:problem|worries|doubt|objection)|not bad|why not|(?:do|would) not mind|can not wait|do not worry)\b"
)
_EN_DENIAL: Final = re.compile(r"\b(?:not|no|nope|nah|never|neither|nothing|none|without|refuse|cancel|stop)\b")
_EN_ASSENT: Final = re.compile(
    r"^(?:yes|yeah|yep|yup|sure|ok|okay|right|correct|fine|of course|absolutely|certainly)\b"
)

_ZH_POLITE: Final = re.compile(
    r"(?:如果|要是)?(?:您|你|我)?(?:可以|方便|没记错|没听错|没问题|不麻烦|允许|有需要|愿意)的话"
)
_ZH_CONDITION: Final = re.compile(r"要是|如果|假如|除非|只要|只有.{1,8}才|的话|看情况|得看|那要看")
_EN_POLITE: Final = re.compile(
    r"\bif (?:you (?:could|would|can|do not mind|like|please)|possible|i remember|i may|so|that is (?:ok|okay|fine))\b"
)
_EN_CONDITION: Final = re.compile(r"\b(?:if|unless|provided|providing|as long as|only when|depends?|depending)\b")

_ZH_HEDGE: Final = re.compile(
    r"应该|可能|大概|也许|好像|似乎|估计|恐怕|或许|差不多|不太确定|不确定|说不准|不一定|不好说"
)
_EN_HEDGE: Final = re.compile(
    r"\b(?:maybe|perhaps|probably|possibly|might|i think|i guess|i suppose|should be|not sure|kind of|sort of)\b"
)

_ZH_FAREWELL: Final = re.compile(
    r"再见|再会|拜拜|拜$|挂了|挂吧|先这样|就这样吧|回见|谢谢|多谢|感谢|辛苦了|麻烦你了|麻烦您了"
)
_EN_FAREWELL: Final = re.compile(
    r"\b(?:bye|goodbye|good bye|see you|talk to you later|take care|that is all|that is it|thanks|thank you|cheers"
    r"|have a (?:good|nice|great|lovely) \w+)\b"
)
_ZH_FAREWELL_ONLY: Final = re.compile(
    r"(?:好[的了啊嘞]?|行|嗯+|那|就|你|您|啊|哦|了|吧|我|先|都|啦|知道|明白|可以|清楚|没事)*"
)
_EN_FAREWELL_ONLY: Final = re.compile(
    r"(?:\b(?:ok|okay|great|perfect|alright|all right|well|then|you|so|very|much|a lot|for|your|help|now|i am|good|fine"
    r"|yes|yeah|lovely|wonderful|and|again|too|bye|the)\b|\s)*"
)


def denied(text: str) -> bool:
    """Whether the words refuse or deny: "可别这样弄", "I would not do that". Not "没问题", "行不行", "no problem"; not
    what begins with an assent ("可以，不用等我")."""
    if assents(text):
        return False
    said = bare(text)
    return bool(_ZH_DENIAL.search(_ZH_HARMLESS.sub("", said)) or _EN_DENIAL.search(_EN_HARMLESS.sub("", said)))


def assents(text: str) -> bool:
    """Whether the words begin with a yes."""
    said = bare(text)
    return bool(_ZH_ASSENT.match(said) or _EN_ASSENT.match(said))


def conditional(text: str) -> bool:
    """Whether an assent hangs on something: "要是免手续费就办", "only if it is free". Not politeness ("方便的话")."""
    said = normal(text)
    return bool(_ZH_CONDITION.search(_ZH_POLITE.sub("", said)) or _EN_CONDITION.search(_EN_POLITE.sub("", said)))


def hedged(text: str) -> bool:
    """Whether the speaker is not sure: "应该可以吧", "I think so"."""
    said = normal(text)
    return bool(_ZH_HEDGE.search(said) or _EN_HEDGE.search(said))


def farewell(text: str) -> bool:
    """Whether the words are goodbye or thanks, and nothing else: "好的，谢谢，再见", "okay thanks, bye"."""
    said = normal(text)
    for parting, rest in ((_ZH_FAREWELL, _ZH_FAREWELL_ONLY), (_EN_FAREWELL, _EN_FAREWELL_ONLY)):
        if parting.search(said):
            return bool(rest.fullmatch(parting.sub("", said)))
    return False


# --- the question's side --------------------------------------------------------------------------------------------

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
        said = _ZH_HARMLESS.sub("", said)
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
