"""What the simulator tells people: mistakes in personas, the report. As huashu.lab.wording."""

from typing import Any, Final

from huashu.lab.wording import Wording

TEXTS: Final[dict[str, tuple[str, str]]] = {
    # mistakes in personas
    "a persona": ("客户画像", "a persona"),
    "turn": ("每轮", "turn"),
    "barge_in": ("打断", "barge_in"),
    "confidence": ("置信度", "confidence"),
    "says": ("说法", "says"),
    "goal": ("目标", "goal"),
    "persona_key": (
        "{where}里不认识“{name}”{near}，可用：{names}",
        "{where} has no key {name!r}{near}; it has: {names}",
    ),
    "persona_name": ("画像要有名字，写成 画像: 名字", "a persona needs a name: `persona: name`"),
    "persona_twice": ("已经有一个叫“{name}”的画像", "there is a persona {name!r} already"),
    "persona_mapping": ("{where}应是“名: 值”的组合", "{where} is a mapping"),
    "number_range": ("{name}是 {low:g} 到 {high:g} 之间的数", "{name} is a number from {low:g} to {high:g}"),
    "span": (
        "{name}写成两个时长，先短后长，例如 [300ms, 2s]",
        "{name} is two durations, the shorter one first: [300ms, 2s]",
    ),
    "weights": (
        "“{where}”里各项的权重不能全是 0",
        "the weights of {where!r} cannot all be 0",
    ),
    "not_one_of": ("不能是“{name}”{near}，可用：{names}", "{name!r} is none of{near}: {names}"),
    "texts_wanted": ("这里应是一句话，或者一列话", "a sentence or a list of sentences is wanted here"),
    "no_persona": ("{name} 里没有画像", "no persona in {name}"),
    "no_persona_file": ("没有画像文件 {name}", "there is no persona file {name}"),
    # the report
    "head": (
        "{bot}：{calls} 通模拟来电，种子 {seed}，字错率 {cer:.0%}；共 {hours:.1f} 小时通话",
        "{bot}: {calls} simulated calls, seed {seed}, recogniser error rate {cer:.0%}; {hours:.1f} h of talk",
    ),
    "speed": (
        "用时 {wall:.1f} 秒，是实时的 {times:,.0f} 倍（{jobs} 个进程）",
        "took {wall:.1f} s, {times:,.0f} times real time ({jobs} processes)",
    ),
    "hash": ("通话记录 SHA-256 {digest}", "log SHA-256 {digest}"),
    "goals": ("目标达成 {share:.1%}（{reached}/{of}）", "goals reached {share:.1%} ({reached}/{of})"),
    "by_persona": ("各类客户：", "By caller:"),
    "persona_row": (
        "  {name}：{calls} 通，达成 {share:.0%}，平均 {turns:.1f} 轮、{seconds:.0f} 秒",
        "  {name}: {calls} calls, {share:.0%} reached, {turns:.1f} turns and {seconds:.0f} s on average",
    ),
    "by_ending": ("结局：", "Endings:"),
    "ending_row": (
        "  {count:>5}  {name}（意向 {label}，结果 {result}）",
        "  {count:>5}  {name} (label {label}, result {result})",
    ),
    "by_arm": ("实验“{name}”：", "Experiment {name!r}:"),
    "arm_row": (
        "  {name}：{calls} 通，目标达成 {share:.1%}（{reached}），结果成功 {won:.1%}（{count}）",
        "  {name}: {calls} calls, goals reached {share:.1%} ({reached}), result success {won:.1%} ({count})",
    ),
    "arm_apart": (
        "；目标达成比{name}多 {low:+.1f} 到 {high:+.1f} 个百分点（95% 区间）",
        "; goals reached over {name}: {low:+.1f} to {high:+.1f} points (95 % interval)",
    ),
    "spread": (
        "轮数 中位 {turns[0]:g}，九成以内 {turns[1]:g}，最多 {turns[2]:g}；"
        "秒数 中位 {seconds[0]:.0f}，九成以内 {seconds[1]:.0f}，最多 {seconds[2]:.0f}",
        "turns: median {turns[0]:g}, 90 % within {turns[1]:g}, most {turns[2]:g}; "
        "seconds: median {seconds[0]:.0f}, 90 % within {seconds[1]:.0f}, most {seconds[2]:.0f}",
    ),
    "understanding": (
        "客户的话 {turns} 句：听懂 {right:.1%}，没听懂 {unclear:.1%}，听成别的 {wrong:.1%}",
        "{turns} utterances: understood {right:.1%}, not understood {unclear:.1%}, taken otherwise {wrong:.1%}",
    ),
    "waits": ("最长的空白：", "Longest dead air:"),
    "wait_row": ("  {seconds:5.1f} 秒  {step}（第 {call} 通）", "  {seconds:5.1f} s  {step} (call {call})"),
    "misses": ("没听懂最多的：", "Most often not understood:"),
    "mistaken": ("最常听成别的：", "Most often taken for something else:"),
    "miss_row": ("  {count:>4} 次  {step}  {meant}：{examples}", "  {count:>4} ×  {step}  {meant}: {examples}"),
    "taken_row": (
        "  {count:>4} 次  {step}  {meant} → {taken}：{examples}",
        "  {count:>4} ×  {step}  {meant} → {taken}: {examples}",
    ),
    "paths": ("走过的路（{reached}/{of}）：", "Paths ({reached}/{of}):"),
    "path_row": ("  {count:>5}  {part}", "  {count:>5}  {part}"),
    "never": ("没走到：{part}", "never: {part}"),
    "failures": ("没达成的原因：", "Why goals were missed:"),
    "failure_row": ("  {count:>4}  {reason}", "  {count:>4}  {reason}"),
    "kept": ("{count} 通没达成的通话存成测试，在 {folder}", "{count} failed calls kept as tests in {folder}"),
    "not_kept": (
        "另有 {count} 通存下来后重放不一致，没有保留",
        "{count} more did not replay as they had happened and were not kept",
    ),
    # why a call has failed
    "why_result": (
        "以“{ending}”结束（{result}），客户想要的是{wants}",
        "ended in {ending!r} ({result}); the caller wanted {wants}",
    ),
    "why_slot": ("{name}被当成{found}，客户说的是{wanted}", "{name} was taken as {found}; the caller said {wanted}"),
    "why_slots": ("{name}听错了", "{name} was taken wrongly"),
    "quoted": ("“{text}”", "“{text}”"),
    "why_idle": ("什么都没办", "nothing was done"),
    "why_endless": ("通话没有结束", "the call did not end"),
    "why_hung_up": ("客户等不下去，挂断了", "the caller lost patience and hung up"),
    "why_hung_up_self": ("客户自己挂断了", "the caller hung up"),
    "why_fault": ("出错：{name}", "a fault: {name}"),
    "service": ("办成", "the service"),
    "refusal": ("拒绝", "to decline"),
    "person": ("找人工", "a person"),
    "opt_out": ("以后别再打", "no more calls"),
    "wrong": ("说明打错了", "to say it is the wrong person"),
    "nothing": ("什么都不要", "nothing"),
    "kept_name": ("模拟 {seed}-{call}：{persona}", "simulated {seed}-{call}: {persona}"),
    "kept_head": (
        "模拟来电记录，种子 {seed} 第 {call} 通，{persona}。没达成：{why}。"
        "记下的是当时发生的事；改好脚本后，按应有的样子改写",
        "A simulated call, seed {seed} number {call}, {persona}. Missed: {why}. "
        "This records what happened; once the script is mended, rewrite it to what should happen",
    ),
    "really_said": ("客户说的其实是：{text}", "what the caller really said: {text}"),
    "value_of": ("给出{name}", "gives {name}"),
    "chat": ("闲聊", "small talk"),
    "mumble": ("含糊", "a mumble"),
    "back": ("等完回来", "is back from a wait"),
}
"""Code → (Chinese, English)."""


class Telling(Wording):
    """The simulator's texts, and behind them the room's."""

    def __call__(self, code: str, **words: Any) -> str:
        if code in TEXTS:
            return TEXTS[code][0 if self.chinese else 1].format(**words)
        return super().__call__(code, **words)
