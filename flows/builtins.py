"""What every bot has without saying so: endings, ladders, patterns, and their words in Chinese and English."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from huashu.core.language import is_chinese, primary
from huashu.flows.expressions import parse_expression
from huashu.flows.keys import BUILT_IN_ENDINGS
from huashu.flows.script import (
    FIRST,
    MINUTES,
    POSITION,
    SECOND,
    Anytime,
    Back,
    End,
    Ending,
    Hold,
    Line,
    Patterns,
    Prompt,
    Reaction,
    Reference,
    Rung,
    Stay,
)
from huashu.nlu.builtin import SWITCHES

# In the order Chinese, English. Our own sentences; 5 s of silence three times is a call-centre habit, not a standard.
_WORDS = {
    "still_there": ("您还在听吗？", "Are you still there?"),
    "hear_me": ("喂，您好，能听到我说话吗？", "Hello, can you hear me?"),
    "again": ("不好意思，我没听清，请您再说一遍。", "Sorry, I didn't catch that. Could you say it again?"),
    "other_words": ("抱歉，还是没听明白，您可以换个说法吗？", "Sorry, I still didn't get that. Could you rephrase?"),
    "hold": ("好的，您先忙，我等您。", "Sure, take your time. I'll wait."),
    "still_here": ("我还在线上，您好了随时说一声。", "I'm still here. Just say when you're ready."),
    "resume": ("好的，我们继续。", "All right, let's go on."),
    "cannot_skip": ("不好意思，这个还得麻烦您说一下。", "Sorry, I do need this one."),
    "go_on": ("还要接着听吗？", "Shall I go on?"),
    "no_input": ("好像听不到您的声音，先不打扰您了，再见。", "I can't hear you, so I'll let you go. Goodbye."),
    "no_match": ("抱歉没能听懂您的意思，先不打扰您了，再见。", "Sorry that I couldn't understand. Goodbye."),
    "error": ("抱歉，系统出了点问题，请稍后再联系我们，再见。", "Sorry, something went wrong. Please try again later."),
    "too_long": ("不好意思，时间有点久了，我们下次再聊，再见。", "I'm sorry, we have run out of time. Goodbye."),
    "only": ("Sorry, I speak only Chinese. 我只会说中文。", "I only speak English, sorry. 我只会说英语。"),
}  # fmt: skip
SILENCE_SECONDS = 5.0
HOLD_SECONDS = (30.0, 60.0)
"""Before the reminder and after it, once a caller has asked to wait: long enough to look for a card."""
RequestKind = Literal["repeat", "slower", "wait", "skip"]
REQUESTS: Final[Mapping[RequestKind, tuple[str, str]]] = MappingProxyType(
    {
        "repeat": ("请重复", "repeat"),
        "slower": ("说慢点", "slower"),
        "wait": ("等一下", "wait"),
        "skip": ("跳过", "skip"),
    }
)
"""What a caller may ask of the conversation itself, at any question: kind → built-in intent, Chinese and English."""
KINDS: Final[Mapping[str, RequestKind]] = MappingProxyType(
    {name: kind for kind, both in REQUESTS.items() for name in both}
)
"""Either name of such an intent → its kind."""


@dataclass(frozen=True, slots=True)
class Tongues:
    """The bot's own language and the others it speaks, as BCP-47 tags."""

    own: str
    others: tuple[str, ...] = ()

    def prompt(self, zh: Line, en: Line) -> Prompt:
        """A built-in sentence: Chinese for a Chinese tag, English for any other."""
        return Prompt(
            (zh if is_chinese(self.own) else en,),
            translations={tag: (zh if is_chinese(tag) else en,) for tag in self.others},
        )


def words(name: str, tongues: Tongues) -> Prompt:
    zh, en = _WORDS[name]
    return tongues.prompt(Line((zh,)), Line((en,)))


def silence(tongues: Tongues) -> tuple[Rung, ...]:
    """5 s "are you there", 5 s "can you hear me", 5 s and out."""
    asks = (Reaction(say=words(name, tongues), then=Stay()) for name in ("still_there", "hear_me"))
    return (*(Rung(ask, SILENCE_SECONDS) for ask in asks), Rung(Reaction(then=End("no_input")), SILENCE_SECONDS))


def unclear(tongues: Tongues) -> tuple[Rung, ...]:
    asks = (Reaction(say=words(name, tongues), then=Stay()) for name in ("again", "other_words"))
    return (*(Rung(ask) for ask in asks), Rung(Reaction(then=End("no_match"))))


def hold(tongues: Tongues) -> Hold:
    """30 s "I am still here", 60 s and out, three times a call."""
    reminder = Reaction(say=words("still_here", tongues), then=Stay())
    last = Reaction(then=End("no_input"))
    return Hold(words("hold", tongues), (Rung(reminder, HOLD_SECONDS[0]), Rung(last, HOLD_SECONDS[1])))


def patterns(tongues: Tongues) -> Patterns:
    return Patterns(
        error=Reaction(then=End("error")),
        too_long=Reaction(then=End("too_long")),
        machine=Reaction(then=End("machine")),
        not_answered=Reaction(then=End("not_answered")),
        repeat=request("repeat", tongues.own),
        clarify=tongues.prompt(
            Line(("您是", Reference(FIRST), "，还是", Reference(SECOND), "？")),
            Line(("Do you mean ", Reference(FIRST), ", or ", Reference(SECOND), "?")),
        ),
        cannot_skip=words("cannot_skip", tongues),
        queued=_queued(tongues),
        go_on=words("go_on", tongues),
    )


def _queued(tongues: Tongues) -> Prompt:
    """Where a caller stands: with the wait where it is known."""
    known, unknown = parse_expression("queue.minutes > 0"), parse_expression("queue.minutes == 0")
    place, minutes = Reference(POSITION), Reference(MINUTES)
    zh = (
        Line(("您现在排在第", place, "位，大约还要等", minutes, "分钟，请您稍等。"), when=known),
        Line(("您现在排在第", place, "位，请您稍等。"), when=unknown),
    )
    en = (
        Line(("You are number ", place, " in the queue; minutes to wait, about: ", minutes, "."), when=known),
        Line(("You are number ", place, " in the queue. Please hold on."), when=unknown),
    )
    own, others = zh if is_chinese(tongues.own) else en, tongues.others
    return Prompt(own, translations={tag: zh if is_chinese(tag) else en for tag in others})


def request(kind: RequestKind, language: str) -> str:
    """The built-in intent of a kind of request; it works at every question."""
    chinese, english = REQUESTS[kind]
    return chinese if is_chinese(language) else english


OTHER_SPELLING = {**SWITCHES, **{english: chinese for chinese, english in SWITCHES.items()}}
ASKED_TIMES = 2
"""Times that a caller may ask for another language before it counts as unclear."""


def switches(tongues: Tongues) -> dict[str, Anytime]:
    """Detours by built-in intent: who asks for a language that the bot speaks gets it, and the open question in it;
    who asks a bot of one language for the other one (Chinese, English) hears that it has only one."""
    found: dict[str, Anytime] = {}
    spoken = {primary(tag): tag for tag in (*reversed(tongues.others), tongues.own)}
    for chinese, english in SWITCHES.items():
        wanted = "zh" if chinese == "说中文" else "en"
        name = chinese if is_chinese(tongues.own) else english
        if wanted in spoken and len(spoken) > 1:
            found[name] = Anytime(Reaction(language=spoken[wanted], then=Back()), ASKED_TIMES, built_in=True)
        elif wanted not in spoken and not tongues.others and primary(tongues.own) in ("zh", "en"):
            found[name] = Anytime(Reaction(say=words("only", tongues), then=Back()), ASKED_TIMES, built_in=True)
    return found


def endings(tongues: Tongues) -> dict[str, Ending]:
    """By English and by Chinese name."""
    found: dict[str, Ending] = {}
    for english, chinese in BUILT_IN_ENDINGS.items():
        say = words(english, tongues) if english in _WORDS else None
        for name in (english, chinese):
            found[name] = Ending(name, say, result=english)
    return found


def with_aliases(own: dict[str, Ending], base: dict[str, Ending]) -> dict[str, Ending]:
    """`own` laid over `base`; defining a built-in ending under one of its names redefines the other too."""
    merged = {**base, **own}
    for english, chinese in BUILT_IN_ENDINGS.items():
        for name, other in ((english, chinese), (chinese, english)):
            if name in own and other not in own:
                merged[other] = own[name]
    return merged


def also_asked(questions: tuple[str, ...], language: str) -> str:
    """What a text chat adds to an answer from the knowledge base."""
    if is_chinese(language):
        return f"您可能还想问：{'；'.join(questions)}"
    return f"You may also ask: {'; '.join(questions)}"


def confirmation(variable: str, tongues: Tongues) -> Prompt:
    """The question of a `confirm` that has none of its own."""
    name = Reference(variable)
    return tongues.prompt(Line((name, "，对吗？")), Line((name, ", is that right?")))
