"""Yes and no beyond the words themselves: denial, conditions, hedges, farewells, and what is neither yes nor no.

Pure functions of the words. A classifier of single words and their neighbours takes "可别这样弄" for a yes, because
most of its letters are of yeses; what turns an assent round is a closed class of words, so rules know it. Each class is
a Notion: its words in Chinese and in English, and the words that look like them and are others.
"""

import re
from dataclasses import dataclass
from typing import Final

from huashu.nlu.text import bare, normal

YES: Final = ("肯定", "affirm")
NO: Final = ("否定", "deny")

HARMLESS_ZH: Final = re.compile(
    r"没问题|没有问题|没毛病|没意见|没有?(?:什么|啥)(?:问题|意见|毛病)(?!了)|没错|没事|没关系|没得说|不错|不客气|不好意思|不介意|差不多|不用谢|不要紧|不耽误"
    r"|对不起|可不是|不管|不然|要不|不过|不仅|不但|不光|不论|不如|巴不得|舍不得|不就是|不见不散|没想到|来不来得及|别的"
    r"|不知道|还没说|有没有|可以不可以|(\w)不\1|(\w)没\2"
    r"|算了(?=(?:那|还是|就|我|给我|帮我)*(?:办|要|行|可以|弄|订|定|做|开|买)[^不没别]*$)"
)
"""Words with a negative in them that deny nothing asked, questions by "A不A", and a sigh before a decision."""
_HARMLESS_EN: Final = re.compile(
    r"\b(?:no (?:problem|worries|doubt|objections?)|not a (?:problem|issue)|not bad|why (?:would|should)? ?not(?: i)?"
    r"|(?:do|would) not mind|can not wait|do not worry)\b"
)


@dataclass(frozen=True, slots=True)
class Notion:
    """A closed class of words, in both languages at once: callers mix them."""

    zh: re.Pattern[str]
    en: re.Pattern[str]
    but_zh: re.Pattern[str] | None = None
    """What looks like it and is none: cut out before it is looked for."""
    but_en: re.Pattern[str] | None = None

    def among(self, said: str) -> bool:
        """Whether it is in words of the normal form (huashu.nlu.text)."""
        sides = ((self.zh, self.but_zh), (self.en, self.but_en))
        return any(words.search(but.sub("", said) if but is not None else said) for words, but in sides)


DENIAL: Final = Notion(
    re.compile(r"[不没别甭勿]|拒绝|算了|免了"),
    re.compile(r"\b(?:not|no|nope|nah|never|neither|nothing|none|without|refuse|cancel|stop|forget (?:it|about))\b"),
    HARMLESS_ZH,
    _HARMLESS_EN,
)
HARMLESS: Final = Notion(HARMLESS_ZH, _HARMLESS_EN)
ASSENT: Final = Notion(
    re.compile(
        r"^(?!可以不可以|好不好|行不行|是不是|对不对)"
        r"(?:可以|好[的吧呀啊嘞]?(?!像)|行[的吧啊]?|是[的啊呀]|是(?:我|本人)(?![不没别])|对[的啊呀]?|嗯+|没问题|没错|要的|愿意|同意)"
    ),
    re.compile(
        r"^(?:yes|yeah|yep|yup|sure|ok|okay|right|correct|fine|of course|absolutely|certainly)\b(?! (?:no|nah|nope)\b)"
    ),
)
_CONSENTS: Final = r"(?:办|行|可以|要|同意|做|分|考虑|订|定|买|续|开通|接受)"
_OFFERED: Final = r"(?:免|不收|不要|没有?|少|打|减|送|降|便宜|优惠|返)"
_BARGAIN: Final = rf"{_OFFERED}[^吗么]{{0,8}}?(?:我|那|咱|我们)*(?:就|才){_CONSENTS}"
CONDITION: Final = Notion(
    re.compile(rf"要是|如果|假如|除非|只要|只有.{{1,8}}才|的话|看情况|得看|那要看|{_BARGAIN}"),
    re.compile(r"\b(?:if|unless|provided|providing|as long as|only when|depends?|depending)\b"),
    re.compile(r"(?:如果|要是)?(?:您|你|我)?(?:可以|方便|没记错|没听错|没问题|不麻烦|允许|有需要|愿意)的话"),
    re.compile(
        r"\bif (?:you (?:could|would|can|do not mind|like|please)|possible|i remember|i may|so"
        r"|that is (?:ok|okay|fine))\b"
    ),
)
"""Less politeness ("方便的话")."""
COMMITMENT: Final = Notion(
    re.compile(
        rf"(?:就|才|也)(?:{_CONSENTS}|成)[^吗么]{{0,4}}$|可以(?:办|考虑|接受)[^吗么]{{0,2}}$|^只(?:有|要).*才?{_CONSENTS}"
    ),
    re.compile(
        r"\bi (?:will|would|can|could|am (?:in|up for))\b|\b(?:sure|ok|okay|yes|fine|deal|then (?:yes|ok|okay))$"
    ),
)
"""What is promised on a condition."""
HEDGE: Final = Notion(
    re.compile(r"应该|可能|大概|也许|好像|似乎|估计|恐怕|或许|差不多|不太确定|不确定|说不准|不一定|不好说"),
    re.compile(
        r"\b(?:maybe|perhaps|probably|possibly|might|i think|i guess|i suppose|should be|not sure|kind of|sort of)\b"
    ),
)
FAREWELL: Final = Notion(
    re.compile(
        r"再见|再会|拜拜|拜$|挂了|挂吧|先这样|就这样吧|回见|谢谢|多谢|感谢|辛苦了|麻烦你了|麻烦您了"
        r"|[你您](?:先|去|接着|就)*忙(?:吧|去|[你您]的)*$|不打扰[你您]了|不耽误[你您]了"
    ),
    re.compile(
        r"\b(?:bye|goodbye|good bye|see you|talk to you later|take care|that is all|that is it|thanks|thank you|cheers"
        r"|have a (?:good|nice|great|lovely) \w+)\b"
    ),
)
_ZH_FAREWELL_ONLY: Final = re.compile(
    r"(?:好[的了啊嘞]?|行|嗯+|那|就|你|您|啊|哦|了|吧|我|先|都|啦|知道|明白|可以|清楚|没事)*"
)
_EN_FAREWELL_ONLY: Final = re.compile(
    r"(?:\b(?:ok|okay|great|perfect|alright|all right|well|then|you|so|very|much|a lot|for|your|help|now|i am|good|fine"
    r"|yes|yeah|lovely|wonderful|and|again|too|bye|the)\b|\s)*"
)

IGNORANCE: Final = Notion(
    re.compile(
        r"不(?:太|大|怎么|是很)?(?:知道|清楚|了解|明白|懂|晓得|确定)|[搞弄]不(?:清|懂|明白)|说不(?:清|准|好|上来)|不好说|没想好"
    ),
    re.compile(
        r"\b(?:do|did|can|could|would) not (?:really |quite )?(?:know|say|tell)\b|\bdunno\b|\bno (?:idea|clue)\b"
        r"|\bnot (?:really |too |so |quite )?(?:sure|certain)\b|\bhave not decided\b"
    ),
)
INDIFFERENCE: Final = Notion(
    re.compile(r"随便|无所谓|[你您]们?看着办|^看[你您]们?|爱怎么|[你您]们?(?:来?定|决定)(?:吧|就行)"),
    re.compile(r"\b(?:whatever|up to you|do not care|does not matter|your (?:call|choice)|as you like|either way)\b"),
)
QUESTION: Final = Notion(
    re.compile(
        r"(?:(?<!不)(\w)不\1|可以不可以|可不可以|愿不愿意|同不同意)[了啊呀呢嘛吧]*$|吗$|(?<![什这那怎多要])么$|真的假的$|^真的(?:吗|啊)?$|^(?:怎么|为什么|为啥|凭什么)不"
    ),
    re.compile(
        r"^(?:is|are|was|were|do|does|did|has|have|am|should|can|could|will|would)"
        r" (?:i|it|that|this|there|they|we|he|she)\b|^(?:do|did|are|can) you\b|^really$"
        r"|^(?:who|what|where|when|which)\b"
    ),
)
NO_DENIAL: Final = Notion(
    re.compile(r"不是(?:说)?不(?!是|不|对)|不是没(?!有$)|没有?说?不|谁说[我们]*[不没]|不行也得|[不没]不行"),
    re.compile(
        r"\bnot that i (?:do not|mind|am not)\b|\b(?:would|did) not say (?:no|not)\b|\b(?:can|could) not say no\b"
        r"|\bwhy would not\b"
    ),
    re.compile(r"没有?不(?:$|了|用)"),
)
"""A denial denied: no refusal any more, and not yet a yes."""
GOING_ON: Final = Notion(
    re.compile(
        r"^(?:行|好[的吧]?|嗯+|对|那|[你您]|就|先|可以|没事|知道|明白|了|吧)*(?:接着|继续|往下)"
        r"(?:说|讲|念|介绍|来)?(?:吧|呗|啊|[你您]的)*$"
    ),
    re.compile(
        r"^(?:ok|okay|right|yeah|yes|sure|all right|alright|well|you can|so|just|please| )*"
        r"(?:go on|carry on|keep going|keep talking|continue)(?: please| talking)?$"
    ),
)
"""Nothing but the wish to hear more."""


def denied(text: str) -> bool:
    """Whether the words refuse or deny: "可别这样弄", "I would not do that". Not "没问题", "行不行", "no problem"; not
    what begins with an assent ("可以，不用等我")."""
    return not assents(text) and DENIAL.among(bare(text))


def assents(text: str) -> bool:
    """Whether the words begin with a yes."""
    return ASSENT.among(bare(text))


def harmless(text: str) -> bool:
    """Whether there are negatives, and all of them deny nothing: "算了办吧", "I don't mind"."""
    said = bare(text)
    return HARMLESS.among(said) and not DENIAL.among(said)


def conditional(text: str) -> bool:
    """Whether an assent hangs on something: "要是免手续费就办", "手续费全免我就办", "only if it is free"; not on
    politeness ("方便的话")."""
    return CONDITION.among(normal(text))


def bargains(text: str) -> bool:
    """Whether something is promised on a condition: neither an assent nor a question, though it names what there are
    answers about ("要是免手续费就办"; not "提前还款的话要手续费吗")."""
    said = normal(text)
    return CONDITION.among(said) and COMMITMENT.among(said) and not QUESTION.among(said)


def hedged(text: str) -> bool:
    """Whether the speaker is not sure: "应该可以吧", "I think so"."""
    return HEDGE.among(normal(text))


_ASKED_BACK: Final = re.compile(
    r"\s*(?:[嗯啊哈哦诶欸呃唔]|huh|hm+|mm+|ok(?:ay)?|right|sorry|what)\s*[?？]+\s*", re.IGNORECASE
)


def asks_back(text: str) -> bool:
    """Whether it is a token with the mark of a question, as some recognisers write it: "嗯？", "huh?"."""
    return bool(_ASKED_BACK.fullmatch(text))


def neither(text: str) -> bool:
    """Whether the words are no yes and no no, however near their letters are: a question back ("对不对"), "不知道啊",
    "随便", a denial denied ("也不是不行"), "行了你接着说"."""
    said = normal(text)
    if GOING_ON.among(said):
        return True
    if assents(text):
        return False
    return any(notion.among(said) for notion in (IGNORANCE, INDIFFERENCE, QUESTION, NO_DENIAL))


def farewell(text: str) -> bool:
    """Whether the words are goodbye or thanks, and nothing else: "好的，谢谢，再见", "你先忙吧", "okay thanks, bye"."""
    said = normal(text)
    for parting, rest in ((FAREWELL.zh, _ZH_FAREWELL_ONLY), (FAREWELL.en, _EN_FAREWELL_ONLY)):
        if parting.search(said):
            return bool(rest.fullmatch(parting.sub("", said)))
    return False
