"""What the lab tells people, in Chinese for a Chinese bot and in English otherwise.

Mistakes in tests, what was not met, the report. Nothing here decides anything.
"""

from typing import Any, Final

from huashu.core.language import is_chinese

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # mistakes in tests/*.yaml
    "file_size": ("测试文件最多 {most} 字节，请拆开", "a test file may have {most} bytes; split it"),
    "file_nodes": (
        "一个测试文件最多 {nodes} 项、{depth} 层（重复引用也算）",
        "a test may have {nodes} nodes on {depth} levels, aliases followed",
    ),
    "twice": ("“{name}”写了两次", "{name!r} is here twice"),
    "no_name": ("测试要有名字，写成 测试: 发生了什么", "a test needs a name: `test: what happens`"),
    "no_turns": ("测试要有“对话:”", "a test needs `turns:`"),
    "turns_shape": (
        "“对话”是一个列表：- 客户: …、- 机器人: …",
        "`turns` is a list of turns: `- caller: …`, `- bot: …`",
    ),
    "one_turn": ("每一项只能有其中一个：{names}", "a turn has exactly one of: {names}"),
    "belongs": ("“{name}”要和“{owner}”写在一起", "`{name}` belongs to `{owner}`"),
    "within_shape": (
        "“时限”写一个时长（最多多久），或者两个（最早、最晚），例如 1s、[3s, 5s]",
        "`within` is a duration (at most), or two (at least, at most): 1s, [3s, 5s]",
    ),
    "alternatives_shape": (
        "“其他听法”写成 {{另一种听法: 置信度}}",
        "`alternatives` is a mapping of other readings to their confidence",
    ),
    "position_range": ("“位数”是 1 到 {most} 的整数", "`position` is a whole number from 1 to {most}"),
    "repeat_range": ("“重复”是 1 到 {most} 的整数", "`repeat` is a whole number from 1 to {most}"),
    "interrupt_shape": (
        "“打断”要有“客户”“噪音”“按键”之一，和“之后”",
        "`interrupt` needs `caller`, `noise` or `dtmf`, and `after`",
    ),
    "action_shape": (
        "“动作”写成 {{动作名: {{变量: 值}}}}",
        "`action` is a mapping of action names to what they answer",
    ),
    "answer_shape": (
        "动作的答复写成 {{成功: 是, 变量: 值}}",
        "an answer is a mapping: `{{ok: true, variable: value}}`",
    ),
    "mapping": ("{where}应是“名: 值”的组合，可用：{names}", "{where} is a mapping with keys such as: {names}"),
    "unknown_key": (
        "{where}里不认识“{name}”{near}，可用：{names}",
        "{where} has no key {name!r}{near}; it has: {names}",
    ),
    "colon": ("名字后面要用英文冒号加空格“: ”，不是“：”", "write ': ' behind a key, not '：'"),
    "near": ("，是不是“{name}”？", " (did you mean {name!r}?)"),
    "mixed": (
        "一个文件只用一种写法，“{name}”改成“{right}”",
        "this file mixes Chinese and English keys; write {right!r} for {name!r}",
    ),
    "text_wanted": ("这里应是文字，请加上引号", "text is wanted here; put it in quotes"),
    "not_keys": ("按键只有 0-9、*、#、A-D，没有“{name}”", "keys are 0-9, *, #, A-D; not {name!r}"),
    "not_duration": (
        "“{name}”不是时长，写成 4s、1.5s、300ms、2m",
        "{name!r} is no duration; write 4s, 1.5s, 300ms or 2m",
    ),
    "confidence_range": ("置信度是 0 到 1 之间的数", "confidence is a number from 0 to 1"),
    "flag": ("这里写 是 或 否（true、false）", "write true or false here"),
    "none_of": ("不能是“{name}”，可用：{names}", "{name!r} is none of: {names}"),
    "arms_shape": ("“实验”写成 {{实验名: 组名}}", "`arms` is a mapping of experiments to arms"),
    "seed_range": ("“种子”是 0 到 2147483647 的整数", "`seed` is a whole number from 0 to 2147483647"),
    "moment": ("“时间”是当地的日期和时刻，例如 2026-03-02T10:30", "`at` is a local date and time: 2026-03-02T10:30"),
    "plain_value": ("这里应是一个值", "one plain value is wanted here"),
    "variables": ("这里应是“变量: 值”的组合", "this is a mapping of variables to values"),
    "a test": ("测试", "a test"),
    "a turn": ("对话的一项", "a turn"),
    "interrupt": ("打断", "interrupt"),
    "expect": ("期望", "expect"),
    "no_tests": ("{name} 里没有测试", "no test in {name}"),
    "no_tests_like": ("{name} 里没有名字像“{like}”的测试", "no test like {like!r} in {name}"),
    # what was not met
    "begins": ("“接听”和“未接”要写在最前面", "`answered_by` and `not_answered` stand first in a test"),
    "should_say": ("机器人应该说：{text}\n但说的是：{said}", "the bot should have said: {text}\nbut said: {said}"),
    "should_begin_within": (
        "机器人应该在 {latest:g} 秒内开口，实际用了 {took:.2f} 秒",
        "the bot should have begun within {latest:g} s but took {took:.2f} s",
    ),
    "should_begin_in": (
        "机器人应该在 {earliest:g} 到 {latest:g} 秒之间开口，实际是 {took:.2f} 秒",
        "the bot should have begun after {earliest:g} to {latest:g} s but did after {took:.2f} s",
    ),
    "should_be_silent": (
        "机器人应该什么都不说\n但说的是：{said}",
        "the bot should have said nothing\nbut said: {said}",
    ),
    "nothing": ("（什么都没说）", "nothing"),
    "should_be": ("{name}应该是 {wanted}，现在是 {found}", "{name} should be {wanted} but is {found}"),
    "step_should_be": ("步骤应该是“{wanted}”，现在在“{found}”", "the step should be {wanted!r} but is {found!r}"),
    "not_sent": ("没有发过含有“{wanted}”的消息，发过：{found}", "no message with {wanted!r} was sent; sent: {found}"),
    "not_called": ("没有执行动作“{wanted}”，执行过：{found}", "the action {wanted!r} was not called; called: {found}"),
    "not_sent_none": ("不该发消息，发过：{found}", "no message should have been sent; sent: {found}"),
    "not_called_none": ("不该执行动作，执行过：{found}", "no action should have been called; called: {found}"),
    "no_variable": ("没有变量“{name}”，有：{names}", "the script has no variable {name!r}; it has: {names}"),
    "no_experiment": ("话术里没有实验“{name}”{near}", "the script has no experiment {name!r}{near}"),
    "no_arm": ("实验里没有“{name}”组{near}", "the experiment has no arm {name!r}{near}"),
    "no_ending": ("没有结局“{name}”{near}", "the script has no ending {name!r}{near}"),
    "no_result": ("没有结果“{name}”{near}", "no ending has the result {name!r}{near}"),
    "no_action": ("话术里没有执行动作“{name}”{near}", "the script does no action {name!r}{near}"),
    "no_form": ("没有表单“{name}”{near}", "the script has no form {name!r}{near}"),
    "bad_value": ("“{name}”的值不对，应是{type}", "the value of {name!r} is no {type}"),
    "none": ("空", "None"),
    "yes": ("是", "True"),
    "no": ("否", "False"),
    "endless": ("通话过了 {seconds:.0f} 秒还没结束", "the call is still going on after {seconds:.0f} s"),
    "no_words_to_cut": ("机器人没有话可以打断", "the bot has nothing to say that could be interrupted"),
    "not_speaking": (
        "机器人说了 {seconds:g} 秒时已经不在说话了",
        "{seconds:g} s into its words the bot was not speaking any more",
    ),
    "over": ("对话已经结束了", "the conversation was over already"),
    # the record of a call
    "noise": ("（{seconds:g} 秒噪音）", "({seconds:g} s of noise)"),
    "beep": ("（问候语 {seconds:g} 秒，滴声）", "({seconds:g} s of greeting, a beep)"),
    "keys": ("按键 {digits}", "keys {digits}"),
    "hangs_up": ("挂断", "hangs up"),
    "stopped": ("说到 {played:.0%}", "at {played:.0%} of the line"),
    "action_ran": ("{name}：{outcome}，{seconds:g} 秒后", "{name}: {outcome} after {seconds:g} s"),
    "ok": ("成功", "ok"),
    # the report
    "passed": ("{bot}：{passed} 个通过，{failed} 个失败", "{bot}: {passed} passed, {failed} failed"),
    "covered": ("回答覆盖 {share:.0%}（{parts}）", "answers covered {share:.0%} ({parts})"),
    "missed": ("  没走到：{part}", "  not reached: {part}"),
    "now_reached": ("  走到了：{part}", "  reached now: {part}"),
    "again": (
        "又跑了 {held} 个（{seconds:.1f} 秒）：{passed} 个通过，{failed} 个失败，回答覆盖 {share:.0%}",
        "{held} run again ({seconds:.1f} s): {passed} passed, {failed} failed, answers covered {share:.0%}",
    ),
    "test_gone": ("没有了：{file} {name}", "gone: {file} {name}"),
    "mended": ("话术可以用了", "the script can be read again"),
    "still_broken": ("话术还有 {count} 处错误", "{count} mistakes are left in the script"),
    "before": ("      … 前面还有 {count} 行", "      … {count} lines before"),
    "seconds": ("{seconds:.0f} 秒", "{seconds:.0f} s"),
}
"""Code → (Chinese, English)."""

NAMES: Final[dict[str, str]] = {
    "bot": "机器人", "caller": "客户", "not answered": "未接", "answered by": "接听", "handoff": "转人工",
    "sms": "短信", "wechat": "微信", "email": "邮件", "ending": "结局", "transfer": "已转接", "stop": "被打断",
    "action": "动作",
    "error": "出错", "too_long": "太久", "machine": "非真人", "not_answered": "未接",
    "step": "步骤", "answer": "回答", "value": "取值", "anytime": "随时", "silence": "沉默", "unclear": "没听懂",
    "hold": "等候", "skip": "跳过", "late": "等待中", "failed": "失败", "branch": "分支", "pattern": "兜底",
    "arm": "实验组",
    "label": "意向", "result": "结果", "opt_out": "拒绝来电", "callback": "要求回电", "closed": "已结束",
}  # fmt: skip
"""Words of the record, of the coverage and of `expect`, in Chinese; English is the word itself."""


class Wording:
    """The texts in the language of one bot."""

    def __init__(self, language: str) -> None:
        self.chinese = is_chinese(language)

    def __call__(self, code: str, **words: Any) -> str:
        return TEXTS[code][0 if self.chinese else 1].format(**words)

    def name(self, word: str) -> str:
        return NAMES.get(word, word) if self.chinese else word

    def value(self, value: Any) -> str:
        """A value as a person writes it."""
        if value is None or isinstance(value, bool):
            return self({None: "none", True: "yes", False: "no"}[value])
        return f"“{value}”" if self.chinese and isinstance(value, str) else repr(value)
