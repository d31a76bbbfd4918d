"""Yes and no. Judged clause by clause, from the start of each, so that "好像", "对方" or "有人" say nothing."""

import re
from dataclasses import replace
from datetime import datetime
from functools import cache

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values.folding import fold
from huashu.values.kinds import Match, Prefix, ValueType

_YES_ZH = (
    "我是 我是本人 是本人 本人 我是的 想办 想办理 我要 我要办 "
    "是 是的 是啊 是呀 是我 就是 我就是 正是 对 对的 对啊 对呀 对对 对对对 没错 不错 正确 好 好的 好啊 好呀 "
    "好吧 好嘞 好滴 行 行的 行啊 行吧 行行 成 中 得 可以 可以的 可以啊 当然 当然可以 当然是 没问题 没有问题 "
    "没意见 没关系 要 要的 需要 需要的 想 想要 愿意 同意 方便 方便的 有 有的 有空 有时间 确认 确定 肯定 嗯 "
    "嗯嗯 嗯哼 嗯呐 恩 唔 哎 诶 办 办吧 办理 要办 必须 必须的 嗯是 收到 明白 知道 已经 ok okay yes yeah 真的 "
    "是真的 同意的 愿意的 说吧 你说 您说"
)
_NO_ZH = (
    "不 不是 不是的 不是我 不对 不对的 不好 不行 不可以 不能 不要 不要了 不用 不用了 不必 不必了 不需要 "
    "不需要了 不想 不想要 不愿意 不同意 不方便 不太方便 不办 不办了 不成 不了 不考虑 不感兴趣 没有 没有的 "
    "没有了 没 没空 没时间 没兴趣 没必要 没错不是 别 别了 算了 算了吧 否 错 错了 拒绝 取消 免了 从来没有 "
    "并没有 并不是 才不是 不确认 no nope"
)
_YES_EN = (
    "yes,yeah,yep,yup,yea,ya,aye,sure,sure thing,of course,certainly,definitely,absolutely,correct,"
    "that's correct,that is correct,right,that's right,that is right,exactly,indeed,ok,okay,fine,that's fine,"
    "alright,all right,sounds good,good,great,please do,go ahead,i do,i am,i will,i can,i would,i have,"
    "i agree,agreed,it is,that's me,this is he,this is she,speaking,no problem,not a problem,why not,uh huh,"
    "uh-huh,mhm,mm-hmm,you bet,true,affirmative,confirmed,works for me,yes please,i'd like to,i'd love to"
)
_NO_EN = (
    "no,nope,nah,nay,no way,no thanks,no thank you,not really,not now,not today,not at all,not yet,"
    "not interested,i'm not interested,never,negative,wrong,that's wrong,incorrect,that's incorrect,false,"
    "i don't,i do not,don't,do not,i'm not,i am not,i won't,i will not,i can't,i cannot,can't,i wouldn't,"
    "i haven't,i didn't,it isn't,it is not,it's not,that's not right,that's not correct,that is not right,"
    "not correct,of course not,absolutely not,certainly not,definitely not,i disagree,cancel,neither"
)
_WEAK = frozenset(
    re.split(
        ",",
        "嗯,嗯嗯,恩,唔,哎,诶,好,好的,行,嗯哼,得,收到,明白,知道,已经,说吧,你说,您说,"
        "ok,okay,yes,yeah,right,fine,good,great,uh-huh,mhm,mm-hmm",
    )
)
"""Often only politeness or listening: a clear no elsewhere in the utterance outweighs them."""
_NEITHER_ZH = re.compile(
    r"不好意思|对不起|不知道|不清楚|不一定|不确定|不明白|不懂|不记得|不认识|没听清|没听懂"
    r"|没听见|没明白|不过|不客气|不然|不管|不如|不久|没事|没想好|没想到|好像|好久|好多|好几"
    r"|对了|对方|对于|行业|行李|行长|要是|要不|要么|有点|有些|有人|有没有|有什么|是不是"
    r"|是谁|是什么|是哪|是否|能不能|可不可以|要不要|行不行|好不好|对不对|方不方便|别人|别的"
    r"|中午|中国|成都|得看|想想|想一下"
)
_QUESTION_ZH = re.compile(r"[\u4e00-\u9fff]{0,6}(?:吗|么|嘛\?|\?)")
_LEAD_ZH = re.compile(
    r"(?:那就|那|我这边|我们|咱们|我|这个|就|也|都|还|真的?|暂时|先|目前|现在|肯定|应该|其实|啊|哦|噢|呃|额|哎呀|喂)(?!是$)"
)
_REST_ZH = re.compile(r"[的啊呀吧呢嘛了哦噢啦哈喽呐嘞谢您你师傅先生女士小姐]*$")
_LEAD_EN = re.compile(r"(?:um+|uh|er|hmm+|well|oh|so|ah|i think|i guess|actually|and|but|yeah but|please)(?![a-z'])\s*")
_REST_EN = re.compile(
    r"(?:\s*(?:please|thanks|thank you|sir|madam|ma'am|i think|i guess|then|it is|it's|i am|i do|that's|so))*$"
)
_INSIDE_ZH = re.compile(
    r"(?<![要是能想])(?:不太?方便|不太?需要|不想要?|不要|不用了?|不考虑|没空|没时间|没兴趣|不感兴趣|别再?打)(?![^,.;!。、]*(?:吗|么|\?))"
)
"""A refusal clear enough to count in the middle of a clause ("我在开会不方便")."""
_NEITHER_EN = re.compile(
    r"(?:i'?m not sure|i am not sure|not sure|i don'?t know|i do not know|i can'?t hear|i didn'?t (?:hear|catch|get)"
    r"|i don'?t understand)(?![a-z'])"
)
_CLAUSE = re.compile(r"[^,.;!。、\n]+")


@cache
def _lexicon(chinese: bool) -> tuple[dict[str, bool], re.Pattern[str]]:
    yes, no = (_YES_ZH.split(), _NO_ZH.split()) if chinese else (_YES_EN.split(","), _NO_EN.split(","))
    words = dict.fromkeys(yes, True) | dict.fromkeys(no, False)
    longest_first = "|".join(map(re.escape, sorted(words, key=len, reverse=True)))
    return words, re.compile(f"(?:{longest_first})" + (r"(?![a-z])" if chinese else r"(?![a-z'])"))


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    folded = fold(text)
    matches = []
    for clause in _CLAUSE.finditer(folded):
        found = _clause(folded, clause.start(), clause.end(), is_chinese(language))
        if found:
            value, start, end, confidence = found
            matches.append(Match(value, start, end, text[start:end], confidence))
    if len({match.value for match in matches}) < 2:
        return matches
    return [replace(m, confidence=m.confidence - 0.15) if fold(m.text) in _WEAK else m for m in matches]


def _clause(folded: str, start: int, end: int, chinese: bool) -> tuple[bool, int, int, float] | None:
    """(value, start, end, confidence) of what a clause opens with."""
    words, pattern = _lexicon(chinese)
    lead, rest, neither = (_LEAD_ZH, _REST_ZH, _NEITHER_ZH) if chinese else (_LEAD_EN, _REST_EN, _NEITHER_EN)
    heard: list[tuple[bool, int, int, float]] = []
    position = start
    while position < end:
        if folded[position] == " ":
            position += 1
        elif skipped := neither.match(folded, position):
            position = skipped.end()
            break
        elif found := pattern.match(folded, position, end):
            if chinese and _QUESTION_ZH.fullmatch(folded, found.end(), end):
                return None
            covered = rest.match(folded, found.end(), end) is not None
            if not covered and chinese and len(found[0]) == 1 and found[0] not in "不没嗯恩":
                leading = lead.match(folded, position, end)
                if leading is None:
                    break
                position = leading.end()
                continue
            confidence = 1.0 if covered else 0.75
            heard.append((words[found[0]], found.start(), found.end(), confidence))
            position = found.end()
            if covered or heard[-1][0] is False:
                break
        elif leading := lead.match(folded, position, end):
            position = leading.end()
        else:
            break
    if chinese and not heard and (found := _INSIDE_ZH.search(folded, position, end)):
        return False, found.start(), found.end(), 0.6
    return max(heard, key=lambda item: (not item[0], item[3]), default=None)


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    """FULL at the first answer, except where more words would turn it round ("没", then "没问题")."""
    chinese = is_chinese(language)
    words, _ = _lexicon(chinese)
    folded = fold(text).strip(" ,.;!?。、")
    tail = folded
    while leading := (_LEAD_ZH if chinese else _LEAD_EN).match(tail):
        if tail in words:
            break
        tail = tail[leading.end() :]
    longer = [value for word, value in words.items() if len(word) > len(tail) and word.startswith(tail)]
    if tail in words:
        return Prefix.COMPLETE if any(value != words[tail] for value in longer) else Prefix.FULL
    if _parse(text, language, datetime(2026, 1, 1), None):
        return Prefix.FULL
    return Prefix.PROPER if longer or not tail else Prefix.NONE


def _read(value: Scalar, language: str, unit: str | None) -> str:
    if is_chinese(language):
        return "是的" if value else "不是"
    return "yes" if value else "no"


def _show(value: Scalar, language: str, unit: str | None) -> str:
    if is_chinese(language):
        return "是" if value else "否"
    return "yes" if value else "no"


_WRITTEN = dict.fromkeys(["true", "yes", "y", "是", "对", "真", "1"], True) | dict.fromkeys(
    ["false", "no", "n", "否", "不是", "假", "0"], False
)


def _canonical(value: object) -> Scalar:
    if isinstance(value, bool):
        return value
    if not isinstance(value, str) or fold(value).strip() not in _WRITTEN:
        raise ValueError
    return _WRITTEN[fold(value).strip()]


YES_NO = ValueType("yes_no", "是否", "true", _parse, _prefix, _read, _show, _canonical)
