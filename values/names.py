"""Names of people: 张伟, 欧阳娜娜, 张先生, "免贵姓王"; "John Smith", "Smith, John", spelt; never the sentence around.

The value of a name with only a title is what one would call the person: 张先生, "Mr Smith"; of 姓王 the surname.
"""

import re
from collections.abc import Iterator
from datetime import datetime
from functools import cache

from huashu.core.language import is_chinese
from huashu.core.values import Scalar
from huashu.values import letters, pinyin
from huashu.values.folding import compiled, fold, is_carrier, narrow, strip_leading, strip_trailing, stripped
from huashu.values.kinds import Match, Prefix, ValueType

_SINGLE = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金"
    "韦贾夏付方邹熊白孟秦邱侯江尹薛闫雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严莫孔向常汤康易乔赖文施洪季庄柯欧庞颜殷俞章鲁葛伍申尤毕聂柴"
    "焦柳邢岳齐梅包路牛左梁倪翟童温芦褚詹关冉安裴尚管祝齐耿舒项符辛甘屈单席瞿凌骆蒲游凤车房苗盛费邝霍纪涂成祁卓闵解鲍蓝阮景窦"
    "计占麦花党裘宁娄靳简宫边桂卫穆阎柏戚苟苑阳滕桑匡谷司阚古强佟臧米晏冷卞应池丛楚巫练隋仇敖仲储明刁沙宗隆官全冀晋"
    "连郎查巩萧傅蔚戈鞠濮虞郁边燕冼揭哈宣尉亓原麻褚郜邬栾鹿粟郗荆权代"
)
_COMPOUND = (
    "欧阳 司马 诸葛 上官 司徒 东方 独孤 南宫 夏侯 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 轩辕 端木 百里 呼延 东郭"
    " 西门 申屠 太史 "
    "闻人 淳于 单于 钟离 公羊 澹台 赫连 拓跋 完颜 万俟 濮阳 鲜于 闾丘 司空 亓官 仲孙 微生 公冶 宗政 左丘 东门 南门"
)
COMPOUND = frozenset(_COMPOUND.split())
SURNAMES = frozenset(_SINGLE)
_TITLES = (
    "先生 女士 小姐 太太 夫人 经理 主任 老师 老板 师傅 医生 大夫 教授 律师 局长 处长 科长 部长 校长 院长 总监"
    " 主管 组长 队长 "
    "阿姨 叔叔 大爷 大妈 大哥 大姐 同学 同志 警官 护士 工程师 秘书 会计 总"
)
_TITLE = "|".join(sorted(_TITLES.split(), key=len, reverse=True))
_SURNAME = f"(?:{'|'.join(sorted(COMPOUND))}|[{''.join(sorted(SURNAMES))}])"
# no given name holds these: they begin what is said next
_STOP = (
    "的了吗呢啊吧呀嘛哦喔哈呗在有不没我你您他她它这那和跟与及就也都还又要想是说叫打给找问来去从把被让请对号码电手机住今昨谁什怎么吧嗯呃哎喂,.;:!?、。"
    "这个先女小经主老师总办查可以能会"
)
_GIVEN = f"[^{re.escape(_STOP)}\\s\\da-z\\u0000-\\u007f，。！？]"
_FULL = rf"(?:{_SURNAME}{_GIVEN}{{1,2}})"
_FOREIGN = r"(?:[\u4e00-\u9fff]{1,6}(?:·[\u4e00-\u9fff]{1,8})+)"
_CARRIERS = (
    r"我的?名字(?:就?是|叫)|名字(?:就?是|叫)?|姓名(?:就?是|叫)?|我(?:就|叫做?|是)|叫做?|本人(?:就?是|叫)?|"
    r"联系人(?:就?是|叫)?|收[件货]人(?:就?是|叫)?|持卡人(?:就?是|叫)?|户名(?:就?是|叫)?|(?:他|她|我(?:爱人|老公|老婆|先生|太太|儿子|女儿|"
    r"父亲|母亲|爸|妈|朋友))(?:就?叫|是)|就?是"
)
_ZH = (
    rf"(?P<foreign>{_FOREIGN})"
    rf"|(?P<titled>(?:{_SURNAME}{_GIVEN}{{0,2}}?|[小老]{_SURNAME}))(?P<title>{_TITLE})"
    rf"|(?:免贵|我)?姓(?P<only>{_SURNAME})(?:[\s,，]*名?(?:叫|字|是|就?叫)?(?P<given>{_GIVEN}{{1,2}}))?(?![\u4e00-\u9fff]*名字)"
    rf"|(?P<carrier>{_CARRIERS})[\s,、:]*(?P<name>{_FULL})"
)
_WHOLE_ZH = rf"(?P<name>{_FULL}|[小老]{_SURNAME}|{_SURNAME}|{_FOREIGN})"
_WORDS = (
    "明白 应该 成都 安排 全部 安全 向来 常常 简单 文件 高兴 方便 平安 成功 许多 于是 黄色 白色 金额 元旦 江苏"
    " 何时 关于 安装 康复 古代 "
    "马上 马马 方法 高级 单位 强烈 全款 房子 房贷 车子 车险 车位 花钱 花费 米饭 苗条 原来 原因 计算 计划 项目"
    " 管理 包括 包含 包裹 符合 "
    "钱包 钱财 石头 石油 毛病 贺卡 白天 白酒 龙虾 牛奶 牛肉 左右 左边 路线 路上 路由 应付 应当 成交 解决 解释"
    " 连接 连续 全额 全家 "
    "代理 代办 明细 明年 官方 官网 应急 关闭 解除 连不"
)
OTHER_WORDS = frozenset(_WORDS.split())
"""What looks like a name by itself and is rather a word; behind 我叫 it is none either."""
_RADICALS = {
    "弓长": "张", "立早": "章", "木子": "李", "耳东": "陈", "双木": "林", "口天": "吴", "古月": "胡", "言午": "许",
    "草头黄": "黄", "三横王": "王", "人可": "何", "双人徐": "徐", "双口吕": "吕",
    "走肖": "赵", "刀口": "邵", "干勾于": "于",
    "人禾余": "余", "文武": "斌", "美女": "姜", "十八子": "李", "卯金刀": "刘", "文刀": "刘",
}  # fmt: skip
"""How people tell surnames of the same sound apart."""
_OF = (
    r"(?P<c>[\u4e00-\u9fff])[\s,、]*(?:就?是)?(?P<word>[\u4e00-\u9fff]{1,4})的"
    r"(?P<d>[\u4e00-\u9fff])(?![\u4e00-\u9fff]的)"
)
_OF_ALONE = r"(?P<word>[\u4e00-\u9fff]{2,4})的(?P<d>[\u4e00-\u9fff])(?![\u4e00-\u9fff])"
_LONGEST = 40


def _parse(text: str, language: str, at: datetime, unit: str | None) -> list[Match]:
    found = _find_zh(text) if is_chinese(language) else _find_en(text)
    return [Match(value, start, end, text[start:end], sure) for start, end, value, sure in found]


# --- Chinese ------------------------------------------------------------------------------------------------------


def _find_zh(text: str) -> Iterator[tuple[int, int, str, float]]:
    folded = narrow(text)
    hints = _hints(folded)
    seen = False
    for found in compiled(_ZH).finditer(folded):
        name, start, end, sure = _reading(found)
        if name in OTHER_WORDS:
            continue
        seen = True
        yield start, end, _corrected(name, hints), sure
    if not seen:
        yield from _whole_zh(folded, hints)


def _reading(found: re.Match[str]) -> tuple[str, int, int, float]:
    if found["foreign"]:
        return found["foreign"], *found.span("foreign"), 0.9
    if found["titled"]:
        name, title = found["titled"], found["title"]
        surname_only = len(name) == 1 or name in COMPOUND or name[0] in "小老"
        sure = 0.95 if title != "总" or surname_only else 0.3
        return (name + title if surname_only else name), found.start("titled"), found.end(), sure
    if found["only"]:
        given = found["given"] or ""
        end = found.end("given") if given else found.end("only")
        return found["only"] + given, found.start("only"), end, 0.95
    weak = found["carrier"] in ("是", "就是", "我是", "我就", "叫")
    return found["name"], *found.span("name"), 0.8 if weak else 0.95


def _whole_zh(folded: str, hints: dict[str, str]) -> Iterator[tuple[int, int, str, float]]:
    """Nothing but a name, perhaps with a particle behind it and an explanation of its characters."""
    start = strip_leading(folded, True)
    body, _ = strip_trailing(folded[start:], True)
    first = re.split(r"[\s,.、。]", body, maxsplit=1)[0] if hints else body
    compact = re.sub(r"\s", "", first)
    found = compiled(_WHOLE_ZH).fullmatch(compact)
    if found and compact not in OTHER_WORDS:
        length = len(compact)
        sure = 0.9 if length in (2, 3) or "·" in compact or compact[:2] in COMPOUND else 0.6
        yield start, start + len(first), _corrected(compact, hints), sure


def _hints(folded: str) -> dict[str, str]:
    """Toneless sound → the character that was meant, from 立早章 and 伟大的伟."""
    hints: dict[str, str] = {}
    for words, character in _RADICALS.items():
        if words in folded:
            hints[pinyin.syllable(character) or character] = character
    for found in (*compiled(_OF).finditer(folded), *compiled(_OF_ALONE).finditer(folded)):
        meant = found["d"]
        if meant in found["word"]:  # 伟大的伟
            hints[pinyin.syllable(meant) or meant] = meant
    return hints


def _corrected(name: str, hints: dict[str, str]) -> str:
    return "".join(hints.get(pinyin.syllable(character) or "", character) for character in name) if hints else name


# --- English ------------------------------------------------------------------------------------------------------

_WORD = r"[a-z\u00e0-\u00ff]+(?:['\-][a-z\u00e0-\u00ff]+)*"
_NOT_EN = (
    "and|but|or|calling|from|here|speaking|about|i|my|the|a|an|not|no|yes|just|like|so|because|for|with|at|is|it|"
    "its|that|this|please|thanks|thank|you|your|what|who|why|how|when|where|can|could|would|do|does|don't|have|"
    "want|need|looking|trying|interested|sorry|sure|okay|ok|good|fine|well|um|uh|er|spelled|spelt|to|on|in|of|we|"
    "he|she|they|am|are|was|be|been|going|done|ready|busy|late|happy|afraid|there|now|today|tomorrow|number|order|"
    "account|card|name|maybe|yeah|nothing|help|hello|hi|hey|later|too|very|really|much|expensive|ridiculous|broken|"
    "moving|waiting|speak|up|give|tell|call|get|let|take|keep|stop|second|minute|moment|new|old|bad|great|true|"
    "driving|working|home|out|off|over|back|thoughts|one|two|three|four|five|six|seven|eight|nine|ten|first|hold|"
    "make|put|see|think|know|mean|guess|room|house|stolen|lost|cold|hot|cheap|bye|goodbye|nope|right|correct|again|"
    "repeat|it's"
)
_NAME_WORD = rf"(?!(?:{_NOT_EN})(?![a-z'\-])){_WORD}"
_NAME = rf"{_NAME_WORD}(?:\s+{_NAME_WORD}){{0,3}}"
_CARRIER = (
    r"(?:my|the|his|her|full)\s+(?:full\s+)?name(?:\s+is|'s)|name\s+is|name's|i'm|i am|this is|it's|it is"
    r"|call me|you can call me|"
    r"that's|under|under the name(?:\s+of)?|speaking (?:with|to)"
)
_TITLE_EN = r"(?:mister|mr|missus|mrs|miss|ms|doctor|dr|professor|prof)"
_TITLES_EN = {"mister": "Mr", "mr": "Mr", "missus": "Mrs", "mrs": "Mrs", "miss": "Miss", "ms": "Ms"}
_TITLES_EN |= {"doctor": "Dr", "dr": "Dr", "professor": "Prof", "prof": "Prof"}


@cache
def _en() -> re.Pattern[str]:
    return re.compile(
        rf"\bfirst name(?:\s+is|'s)?\s+(?P<first>{_NAME_WORD}).*?\b(?:last name|surname)(?:\s+is"
        rf"|'s)?\s+(?P<last>{_NAME_WORD})"
        rf"|\b(?:last name|surname)(?:\s+is|'s)?\s+(?P<surname>{_NAME_WORD})(?:.*?\bfirst name(?:\s+is"
        rf"|'s)?\s+(?P<given>{_NAME_WORD}))?"
        rf"|\b(?P<t>{_TITLE_EN})\b\.?\s+(?P<titled>{_NAME})"
        rf"|(?:^|\b(?:{_CARRIER})\s+)[\s,]*(?P<back>{_NAME_WORD}),\s*(?P<front>{_NAME_WORD}(?:\s+{_NAME_WORD})?)\s*[.!]?$"
        rf"|\b(?:{_CARRIER})\s+(?P<name>{_NAME})"
    )


def _find_en(text: str) -> Iterator[tuple[int, int, str, float]]:
    folded = fold(text)
    spelt = _spelt(text)
    seen = False
    for found in _en().finditer(folded):
        read = _reading_en(text, found)
        if read:
            seen = True
            start, end, name, sure = read
            yield start, end, name, sure
    if seen:
        return
    if spelt:
        yield spelt
        return
    start = strip_leading(folded, False)
    body, _ = strip_trailing(folded[start:], False)
    if re.fullmatch(_NAME, body):
        yield start, start + len(body), _cased(text[start : start + len(body)]), 0.8


def _reading_en(text: str, found: re.Match[str]) -> tuple[int, int, str, float] | None:
    def said(group: str) -> str:
        return _cased(text[found.start(group) : found.end(group)])

    if found["first"]:
        return found.start("first"), found.end("last"), f"{said('first')} {said('last')}", 0.95
    if found["surname"]:
        name = f"{said('given')} {said('surname')}" if found["given"] else said("surname")
        return found.start("surname"), found.end("given" if found["given"] else "surname"), name, 0.9
    if found["t"]:
        return found.start("t"), found.end("titled"), f"{_TITLES_EN[found['t']]} {said('titled')}", 0.95
    if found["back"]:
        return found.start("back"), found.end("front"), f"{said('front')} {said('back')}", 0.9
    words = found["name"].split()
    if len(words) > 1 and all(len(word) == 1 for word in words):
        return found.start("name"), found.end("name"), "".join(words).capitalize(), 0.8
    if len(words[-1]) == 1 and len(words) > 2:  # John Smith S M I T H
        return None
    return found.start("name"), found.end("name"), said("name"), 0.95


def _spelt(text: str) -> tuple[int, int, str, float] | None:
    """Letter by letter: "J O H N"; a name said first and spelt after ("Smith, S M I T H") is the one that was said."""
    for run in letters.runs(text, "en"):
        if run.pieces > 2 and run.value.isalpha():
            before = re.findall(_WORD, fold(text[: run.start]))
            if before and before[-1] == run.value.lower():
                words = before[-2:] if len(before) > 1 and re.fullmatch(_NAME_WORD, before[-2]) else before[-1:]
                return run.start, run.end, _cased(" ".join(words)), 0.9
            return run.start, run.end, run.value.capitalize(), 0.8
    return None


def _cased(words: str) -> str:
    """With capitals, where the recogniser wrote none."""
    if words != words.lower():
        return " ".join(words.split())
    return " ".join(re.sub(r"(?:^|(?<=['\-]))[a-zà-ÿ]", lambda first: first[0].upper(), word) for word in words.split())


# --- prefix, canonical --------------------------------------------------------------------------------------------

_ANY_DAY = datetime(2026, 1, 1)


def _prefix(text: str, language: str, unit: str | None) -> Prefix:
    """A name may always go on; "我叫" and "my name is" have not begun yet."""
    chinese = is_chinese(language)
    folded = fold(text)
    body, closed = stripped(folded, chinese)
    if not body.strip() or is_carrier(body, chinese):
        return Prefix.PROPER
    matches = _parse(text, language, _ANY_DAY, unit)
    if not matches:
        return Prefix.NONE
    return (
        Prefix.FULL if closed or max(match.end for match in matches) < len(text.rstrip(" ,.。，")) else Prefix.COMPLETE
    )


def _say(value: Scalar, language: str, unit: str | None) -> str:
    return str(value)


def _canonical(value: object) -> Scalar:
    name = " ".join(value.split()) if isinstance(value, str) else ""
    if not 0 < len(name) <= _LONGEST or re.search(r"\d", name):
        raise ValueError
    return name


NAME = ValueType("name", "姓名", "张伟", _parse, _prefix, _say, _say, _canonical)
