"""What people at desks read, in Chinese and English."""

from collections.abc import Mapping
from typing import Final

from huashu.core.errors import UsageError
from huashu.core.language import is_chinese

Words = Mapping[str, tuple[str, str]]
"""Code → Chinese, English."""

REASONS: Final[Words] = {
    "requested": ("客户要求转人工", "The caller asks for a person"),
    "anger": ("客户情绪激动", "The caller is angry"),
    "no_match": ("机器人多次没听懂", "The bot did not understand, again and again"),
    "script": ("话术要求转人工", "A step of the script hands over"),
    "high_value": ("重要客户", "A customer of value"),
    "rule": ("触发了转接规则", "A rule of the centre has struck"),
    "supervisor": ("班长调入", "A supervisor has pulled the conversation"),
    "transfer": ("同事转来", "A colleague has transferred the conversation"),
    "error": ("系统办理失败", "An action of the bot has failed"),
}
REFUSALS: Final[Words] = {
    "unknown": ("找不到：可能已经结束，或对方不在线", "Not found: over already, or not signed in"),
    "taken": ("已经被别人接走或已撤回", "Taken by somebody else, or withdrawn"),
    "forbidden": ("这不归您处理，或您没有权限", "Not yours, or your role may not do this"),
    "state": ("现在不能这样做，请刷新后再试", "Not possible just now"),
    "busy": ("手上还有会话，请先结束或转出", "You have conversations still: close or transfer them first"),
    "closed": ("该队列现在不在服务时间", "That queue is closed now"),
    "queue_full": ("该队列已满", "That queue is full"),
    "invalid": ("填写有误", "Something is filled in wrong"),
    "limit": ("操作太多，请稍候再试", "Too much at a time: wait a moment"),
    "missing": ("必填项没有填", "A required field is empty"),
}
PROMISES: Final[Words] = {
    "sms": ("已发短信", "sent a text message"),
    "wechat": ("已发微信消息", "sent a WeChat message"),
    "email": ("已发邮件", "sent an e-mail"),
    "callback": ("答应回电", "promised to call back"),
    "callback_at": ("答应回电：{at}", "promised to call back: {at}"),
    "doing": ("正在办理：{name}", "under way: {name}"),
    "done": ("已办理：{name}", "done: {name}"),
    "undone": ("办理失败：{name}", "failed: {name}"),
    "opt_out": ("不再接听营销来电", "no further calls"),
    "transfer": ("转接其他号码", "transferred to another number"),
}
STAGES: Final[Words] = {
    "bot": ("{at} 机器人接待", "{at} with the bot"),
    "agent": ("{at} {agent}（{queue}）", "{at} {agent} ({queue})"),
    "note": ("{at} {agent}：{note}", "{at} {agent}: {note}"),
    "message": ("客户留言：{words}", "message of the caller: {words}"),
}
MOVES: Final[Words] = {
    "assign": ("交给{agent}：{note}", "given to {agent}: {note}"),
    "assign_bare": ("交给{agent}", "given to {agent}"),
    "reopen": ("重新打开：{note}", "opened again: {note}"),
}
"""What was done with a ticket, in its notes."""
TO_CALLER: Final[Words] = {
    "waiting": ("正在为您转接，请稍候。", "You are being transferred, one moment please."),
    "place": ("正在为您转接，您前面还有{ahead}位，请稍候。", "You are being transferred; {ahead} before you."),
    "nobody": ("抱歉，同事暂时接不了，我先继续为您服务。", "Sorry, no colleague is free; I will go on for now."),
    "callback": ("抱歉，同事暂时接不了，稍后会给您回电。", "Sorry, no colleague is free; you will be called back."),
    "filed": (
        "抱歉，同事暂时接不了，您的问题已经登记，会有同事联系您。",
        "Sorry, no colleague is free; your case has been filed, and somebody will get in touch.",
    ),
}
WRONG: Final[Words] = {
    "field": ("没有“{field}”这一项", "there is no field or variable {field!r}"),
    "value": ("“{field}”填得不对，例如 {example}", "{field}: a right value is {example}"),
    "choice": ("“{field}”请从这里选：{choices}", "{field}: one of {choices}"),
    "missing": ("请先填写：{fields}", "fill in first: {fields}"),
    "disposition": ("小结请从这里选：{choices}", "a disposition is one of {choices}"),
    "step": ("话术里没有“{step}”这一步", "the script has no step {step!r}"),
    "long": ("请写 1 到 {most} 个字", "write 1 to {most} characters"),
    "reason": ("请写明重新打开的原因", "say why it is opened again"),
    "assignee": ("请从能处理“{queue}”的坐席里选", "it can be given to somebody who works for queue {queue!r}"),
    "top": ("“{queue}”上面没有更高的级别", "queue {queue!r} has no level above it"),
}
"""What is filled in wrong, and what would be right."""
ADVICE: Final[Words] = {
    "unnamed": (
        "话术 {bot} 会转到队列“{queue}”，centre.yaml 里没有这个队列，按默认设置排队",
        "the bot {bot} hands over to the queue {queue!r}, which centre.yaml does not name: it has the defaults",
    ),
    "like": (
        "话术 {bot} 会转到队列“{queue}”，centre.yaml 里没有这个队列，按默认设置排队（是不是“{like}”？）",
        "the bot {bot} hands over to the queue {queue!r}, which centre.yaml does not name: it has the defaults "
        "(did you mean {like!r}?)",
    ),
    "nobody": (
        "队列“{queue}”（技能 {skills}）：centre.yaml 里没有坐席接得了，要靠别的系统来的人",
        "the queue {queue!r} (skills {skills}): no agent of centre.yaml can serve it, only people of other systems",
    ),
}
"""What does not fit between a centre and its bots."""
SUMMARY: Final[Words] = {
    "open": ("现在营业", "open now"),
    "opens": ("现在不营业，{at} 开始", "closed now, opens {at}"),
    "serve": ("坐席：{people}", "agents: {people}"),
    "anybody": ("centre.yaml 里没有坐席", "no agent in centre.yaml"),
}
"""How a queue stands."""
REPORT: Final[Words] = {
    "whole": ("合计", "all"),
    "requests": ("请求", "requests"),
    "answered": ("接起", "answered"),
    "left": ("放弃", "left"),
    "unanswered": ("没接上", "unanswered"),
    "turned_away": ("下班或排满", "turned away"),
    "passed_on": ("转出", "passed on"),
    "rate": ("接起率", "rate"),
    "level": ("服务水平", "level"),
    "wait": ("平均等待", "wait"),
    "longest": ("最长等待", "longest"),
    "talk": ("平均通话", "talk"),
    "rated": ("评价", "rated"),
    "csat": ("满意度", "CSAT"),
    "nps": ("NPS", "NPS"),
}
"""Heads of a report."""
BREAKS: Final[Words] = {
    "rest": ("小休", "Break"),
    "meal": ("用餐", "Lunch"),
    "training": ("培训", "Training"),
    "meeting": ("会议", "Meeting"),
}
"""What a break is for, where the centre names nothing else."""
KEYS: Final = ("〔按键 {keys}〕", "[keys {keys}]")


QUOTED: Final = ("{why}：“{words}”", "{why}: “{words}”")


def break_reasons(said: tuple[str, ...], language: str) -> tuple[str, ...]:
    """What an agent may say a break is for: what the centre names, or what is usual in its language."""
    return said or tuple(words(BREAKS, code, language) for code in BREAKS)


class WrongError(UsageError):
    """Something is filled in wrong (`WRONG`); nothing has changed."""

    code = "invalid"

    def __init__(self, what: str, **values: object) -> None:
        super().__init__(
            words(WRONG, what, "en", **values), code="missing" if what in ("missing", "reason") else "invalid"
        )
        self.chinese = words(WRONG, what, "zh", **values)


def words(table: Words, code: str, language: str, **values: object) -> str:
    """In Chinese for a `zh` language, else in English; a code without words is itself."""
    pair = table.get(code)
    if pair is None:
        return code
    return pair[0 if is_chinese(language) else 1].format_map(values)
