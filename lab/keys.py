"""How tests/*.yaml spell their keys and fixed values, in English and in Chinese."""

from typing import Final

from huashu.flows.keys import ANSWERED_BY, CAUSES

TEST_KEYS: Final = {
    "test": "测试", "set": "设", "medium": "媒介", "at": "时间", "language": "语言", "arms": "实验", "seed": "种子",
    "limits": "限制", "turns": "对话",
}  # fmt: skip
TURN_KEYS: Final = {
    "bot": "机器人", "caller": "客户", "silence": "沉默", "interrupt": "打断", "dtmf": "按键", "noise": "噪音",
    "action": "动作", "expect": "期望", "answered_by": "接听", "not_answered": "未接", "hangs_up": "挂断",
    "human": "人工", "beep": "滴声",
}  # fmt: skip
EXTRA_KEYS: Final = {
    "confidence": "置信度", "alternatives": "其他听法", "partial": "中间结果", "gap": "间隔", "within": "时限",
    "repeat": "重复", "position": "位数", "wait": "还要等", "cause": "原因", "step": "步骤",
}  # fmt: skip
"""What may stand beside a turn."""
OWNERS: Final = {
    "confidence": ("caller",), "alternatives": ("caller",), "partial": ("caller", "noise"), "gap": ("dtmf",),
    "within": ("bot",), "position": ("human",), "wait": ("human",), "cause": ("human", "answered_by"),
    "step": ("human",),
}  # fmt: skip
"""Beside which turns; `repeat` beside all."""
INTERRUPT_KEYS: Final = {
    "after": "之后",
    **{key: TURN_KEYS[key] for key in ("caller", "noise", "dtmf")},
    **{key: EXTRA_KEYS[key] for key in ("confidence", "alternatives", "partial", "gap")},
}
ANSWER_KEYS: Final = {"ok": "成功", "after": "之后", "error": "错误"}
EXPECT_KEYS: Final = {
    "step": "步骤", "slots": "变量", "ending": "结局", "label": "意向", "result": "结果", "handoff": "转人工",
    "sent": "已发送", "called": "已执行", "opt_out": "拒绝来电", "callback": "要求回电", "closed": "已结束",
    "form": "表单", "rated": "满意度",
}  # fmt: skip
WORDS: Final = {
    "语音": "voice", "文字": "text", "加入": "joins", "交还": "leaves", "结束": "ends", "无人": "fails",
    "排队": "queued",
    **{chinese: english for english, chinese in (*ANSWERED_BY.items(), *CAUSES.items())},
}  # fmt: skip
"""Chinese spellings of values."""
