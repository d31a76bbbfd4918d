"""What the words in a node table mean: answers, keywords, placeholders, yes and no, results."""

import re
from dataclasses import dataclass
from typing import Literal


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


END_WORDS = _words("挂机 挂断 结束 结束通话 结束语 挂机结束 结束挂机 结束节点 完 end hangup hang-up")
HUMAN_WORDS = _words("转人工 人工 人工坐席 转坐席 转接人工 human agent handoff transfer")

_SAME = {
    "肯定": "肯定 同意 认可 接受 愿意 是 是的 可以 确认 有意向 感兴趣 正面 yes affirm agree positive",
    "否定": "否定 不是 不同意 否 不可以 负面 不愿意 no deny negative",
    "没兴趣": "没兴趣 不感兴趣 无意向 没需求 不需要 拒绝 refuse reject",
    "在忙": "在忙 忙 忙碌 没时间 不方便 没空 开车 开会 稍后联系 busy",
    "转人工": "转人工 人工 要人工 找人工 human agent",
    "别再打": "别再打 勿扰 拒绝来电 骚扰 不要再打 stop stop_calling",
    "请重复": "请重复 没听清 重复 再说一遍 repeat",
    "是机器人吗": "是机器人吗 机器人 是否机器人 你是机器人吗 robot are_you_robot",
    "打错了": "打错了 非本人 不是本人 打错 wrong_person",
    "不在": "不在 本人不在 他不在 非本人接听 not_in",
    "投诉": "投诉 抱怨 要投诉 complaint",
    "已还款": "已还款 已还 已还清 已缴费 已付款 paid already_paid",
    "再见": "再见 告别 bye goodbye",
    "等一下": "等一下 稍等 wait",
    "谢谢": "谢谢 感谢 thanks",
}
_BUILTIN = {word: name for name, words in _SAME.items() for word in words.split()}
_DEFAULT = _words("默认 其他 其它 任意 任何回答 中性 未识别 未匹配 兜底 没听懂 default other any else unknown")
_SILENCE = _words("无应答 静默 静音 沉默 不说话 客户无应答 无声音 silence no_input noinput")
_ALSO = {"没兴趣": ("否定",), "打错了": ("否定",)}
"""What a flat "no" to a question means when the table has no row for it: refusing, or being someone else."""
_ENGLISH = {
    "肯定": "affirm", "否定": "deny", "没兴趣": "not_interested", "在忙": "busy", "转人工": "human",
    "别再打": "stop_calling", "请重复": "repeat", "是机器人吗": "are_you_robot", "打错了": "wrong_person",
    "不在": "not_in", "投诉": "complaint", "已还款": "already_paid", "再见": "goodbye", "等一下": "wait",
    "谢谢": "thanks",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    kind: Literal["intent", "default", "silence"]
    intents: tuple[str, ...] = ()
    builtin: bool = False
    also: tuple[str, ...] = ()
    """Intents that share the branch unless the table has them apart."""


def answer_of(text: str, chinese: bool) -> Answer:
    """What a cell such as 肯定, 客户拒绝, 默认/其他 or 无应答 stands for."""
    plain = re.sub(r"^(客户|用户|对方)(?=.{2,})|(客户|用户)?(回答|回复|意图|类)$", "", text.strip())
    pieces = [piece for piece in re.split(r"[/、,，;；|]", plain) if piece.strip()] or [plain]
    low = [piece.strip().lower() for piece in pieces]
    if any(piece in _DEFAULT for piece in low):
        return Answer("default")
    if any(piece in _SILENCE for piece in low):
        return Answer("silence")
    known = [name for piece in low if (name := _BUILTIN.get(piece))]
    if known:
        names = dict.fromkeys(known)
        also = [other for name in names for other in _ALSO.get(name, ())]
        if not chinese:
            return Answer("intent", tuple(_ENGLISH[n] for n in names), True, tuple(_ENGLISH[n] for n in also))
        return Answer("intent", tuple(names), True, tuple(also))
    name = re.sub(r"[.,，、\s/|]+", "", plain) or "意图"
    return Answer("intent", (name,))


def keywords(text: str) -> tuple[list[str], list[str]]:
    """(sentences, patterns): a cell of keywords taken apart; regular expressions are set aside."""
    if re.search(r"[\\^$]|\.\*|\.\+|\(\?|\{\d", text):
        return [], [text]
    pieces = re.split(r"[，,、;；|/\n()（）]+", text)
    return list(dict.fromkeys(piece.strip() for piece in pieces if piece.strip())), []


_PLACEHOLDER = re.compile(
    r"\$\{([^{}]+)\}|\{\{?([^{}]+)\}?\}|#([^#\s]{1,20})#|\[([^\[\]]{1,20})\]|【([^【】]+)】|<([^<>]{1,20})>"
)


def placeholders(text: str) -> tuple[str, list[str]]:
    """The text with placeholders as 【name】, and their names: ${姓名}, {姓名}, #姓名#, [姓名], <姓名> are known."""
    names: list[str] = []

    def replaced(match: re.Match[str]) -> str:
        name = re.sub(r"\W+", "_", next(group for group in match.groups() if group).strip()).strip("_")
        if not name or name[0].isdigit():
            name = f"变量{name}"
        names.append(name)
        return f"【{name}】"

    return _PLACEHOLDER.sub(replaced, " ".join(text.split())), list(dict.fromkeys(names))


_EXAMPLES = (
    ("姓名|名字|客户|先生|女士|name", "张伟"), ("金额|欠款|额度|账单|本金|amount", "一万二千元"),
    ("日期|时间|还款日|到期|date|day", "三月十号"), ("公司|银行|机构|品牌|company|bank", "江城银行"),
    ("尾号|卡号|号码|编号|number", "6688"), ("产品|商品|课程|product", "金卡"),
)  # fmt: skip


def example_of(name: str) -> str:
    """A value to test with."""
    return next((value for words, value in _EXAMPLES if re.search(words, name, re.IGNORECASE)), "示例")


def barge_in(text: str) -> str:
    """ "speech", "off", or "" where the cell says nothing."""
    low = text.strip().lower()
    if low in ("是", "可", "可以", "可打断", "允许", "y", "yes", "true", "1", "√", "✓", "支持"):
        return "speech"
    return (
        "off"
        if low in ("否", "不", "不可", "不可以", "不可打断", "不允许", "n", "no", "false", "0", "×", "x", "不支持")
        else ""
    )


def seconds(text: str) -> str:
    """ "5s" for a cell such as 5, 5秒, 5s; "" for anything else."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(秒|s|秒钟)?", text.strip())
    return f"{match[1]}s" if match and 0 < float(match[1]) <= 60 else ""


_RESULTS = (
    ("opt_out", r"别再打|不再打|勿扰|骚扰|不再联系|stop"), ("wrong_person", r"非本人|打错|不是本人|wrong"),
    ("callback", r"回电|稍后|改天|再联系|在忙|晚点|call.?back|later"),
    ("no_input", r"无人?应答|静默|听不到|没有声音|no.?input"),
    ("declined", r"拒绝|没兴趣|不需要|打扰您?了|不感兴趣|礼貌|declin|refus"),
    ("success", r"成功|办理好|已登记|加微信|同意|预约好|邀约|确认|success|booked"),
)  # fmt: skip


def result_of(name: str, said: str, label: str) -> str:
    """The stable result of an ending, from its name, its 意向 A, its words; `completed` when they tell nothing."""
    by_name, by_words = (
        next((result for result, words in _RESULTS if re.search(words, text, re.IGNORECASE)), "")
        for text in (name, said)
    )
    return by_name or ("success" if label.strip().upper().startswith("A") else by_words) or "completed"
