"""The words of a picture of a script, in Chinese and English."""

from collections.abc import Mapping
from dataclasses import dataclass

from huashu.flows.keys import CHINESE_WORDS

WORDS: Mapping[str, tuple[str, str]] = {
    "say": ("说", "say"),
    "ask": ("问", "ask"),
    "collect": ("收集", "collect"),
    "do": ("执行", "do"),
    "decide": ("判断", "decide"),
    "value": ("给出{0}", "gives {0}"),
    "failed": ("失败", "failed"),
    "else": ("否则", "otherwise"),
    "silence": ("沉默", "silence"),
    "unclear": ("没听懂", "not understood"),
    "skip": ("跳过", "skips it"),
    "stays": ("原地回答：{0}", "answered in place: {0}"),
    "after": ("走完“{0}”", "after “{0}”"),
    "handoff": ("转人工：{0}", "to a person: {0}"),
    "link": ("进入流程：{0}", "flow: {0}"),
    "return": ("流程走完", "flow is done"),
    "not_heard": ("没听完", "not heard out"),
    "back": ("回到：{0}", "back to: {0}"),
    "anytime": ("随时", "anytime"),
    "anytime_all": ("随时都能说", "At any time"),
    "times": ("{0}次后", "after {0}×"),
    "end": ("结局：{0}", "ends: {0}"),
    "go": ("去：{0}", "go to: {0}"),
    "call": ("先走", "runs"),
    "runs": ("先走：{0}", "runs: {0}"),
    "again": ("再问一遍", "asks again"),
    "wait": ("接着听", "listens on"),
    "next": ("往下走", "goes on"),
    "knowledge": ("查知识库：{0}", "looks up: {0}"),
    "machine": ("接电话的不是真人", "a machine answered"),
    "message": ("接电话的不是真人（语音信箱：提示音后留言）", "a machine answered (voicemail: message after the beep)"),
    "not_answered": ("没有接通", "nobody answered"),
    "too_long": ("通话太久", "call too long"),
    "error": ("系统出错", "something failed"),
    "endings": ("结局", "Endings"),
    "start": ("从这里开始", "starts here"),
    "reached": ("测试走到", "reached by tests"),
    "missed": ("测试没走到", "not reached"),
    "ladder": ("{0} {1} → {2}", "{0} {1} → {2}"),
    "flow": ("流程", "flow"),
    "and": ("、", ", "),
    "seconds": ("{0}秒", "{0} s"),
    "twice": ("{0}次", "{0}×"),
    "coverage": ("测试覆盖", "Coverage"),
    "variants": ("（{0}种说法）{1}", "({0} wordings) {1}"),
    "patterns": ("兜底", "If things go wrong"),
}


@dataclass(frozen=True, slots=True)
class Words:
    """Spoken in the bot's language."""

    chinese: bool

    def __call__(self, name: str, *fill: object) -> str:
        return WORDS[name][0 if self.chinese else 1].format(*fill)

    def result(self, result: str) -> str:
        """A result word as the designer writes it."""
        return CHINESE_WORDS.get(result, result) if self.chinese else result
