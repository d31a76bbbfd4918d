"""What the trainer's commands print, in the bot's language."""

from collections.abc import Mapping
from typing import Final

from huashu.core.language import is_chinese
from huashu.insight.review import Suggestion
from huashu.insight.scoring import Scores

_WORDS: Final = {
    "accuracy": ("判对 {0:.1%}，达到门槛 {1:.2f} 的 {2:.1%}", "accuracy {0:.1%}, accepted at {1:.2f}: {2:.1%}"),
    "f1": ("，各意图平均 F1 {0:.1%}", ", macro F1 {0:.1%}"),
    "several": ("，一句多意图 F1 {0:.1%}", ", multi-intent F1 {0:.1%}"),
    "refused": ("，范围外 {1} 句拒掉 {0:.1%}", ", out of scope refused {0:.1%} of {1}"),
    "slots": ("，槽位 F1 {0:.1%}，意图和槽位全对 {1:.1%}", ", slot F1 {0:.1%}, whole frame {1:.1%}"),
    "rows": ("；共 {0} 句，每句 {1:.2f} 毫秒（中位）", "; {0} rows, {1:.2f} ms each (median)"),
    "trained": (
        "用 {0} 句训练，CPU {1:.1f} 秒，内存最高 {2} MB",
        "trained on {0} rows in {1:.1f} CPU s, peak {2} MB",
    ),
    "same": ("（一字不差）", " (the same words)"),
    "intent": ("意图", "intent"), "faq": ("知识", "faq"), "new": ("新的", "new"), "value": ("听错的值", "value"),
    "unmatched": ("没听懂", "unmatched"), "unsure": ("没把握", "unsure"), "corrected": ("客户纠正过", "corrected"),
    "heaps": ("{0} 堆，{1} 句", "{0} heaps, {1} utterances"),
    "cv": (
        "交叉验证：判对 {0:.1%} → {1:.1%}，各意图平均 F1 {2:.1%} → {3:.1%}",
        "cross-validated: accuracy {0:.1%} → {1:.1%}, macro F1 {2:.1%} → {3:.1%}",
    ),
    "compared": (
        "判对 {0:.1%} → {1:.1%}，共 {2} 句（差别出于偶然的概率 p = {3:.3f}）",
        "accuracy {0:.1%} → {1:.1%} on {2} rows (chance: p = {3:.3f})",
    ),
    "believed": ("达到门槛 {0:.1%} → {1:.1%}", "accepted {0:.1%} → {1:.1%}"),
    "both": ("一句多意图 F1 {0:.1%} → {1:.1%}", "multi-intent F1 {0:.1%} → {1:.1%}"),
    "lost": ("  变差：{0}  {1} → {2}", "  lost: {0}  {1} → {2}"),
    "nothing": ("没听懂", "nothing"),
    "few": ("{0} 的意图不到两个，没有可混淆的", "{0} has fewer than two intents: there is nothing to confuse"),
    "no_common": (
        "两个版本没有相同的例句；请用 --test 给出标注好的句子",
        "the two versions have no example in common; give --test",
    ),
    "one_as": ("--as 只用于一堆：--accept 只给一个", "--as names the intent of one heap: give one --accept"),
    "no_heap": ("--accept {0}：只有第 1 到 {1} 堆", "--accept {0}: there are heaps 1 to {1}"),
    "no_heaps": ("--accept {0}：没有要审核的话", "--accept {0}: there is nothing to review"),
    "name_it": (
        "第 {0} 堆是新的：用 --as 意图名 给它起个名字",
        "heap {0} is something new: give it a name with --as INTENT",
    ),
    "no_example": (
        "第 {0} 堆是“{1}”听错的值，不能当例句：多半是识别的问题，或者选项少了说法",
        "heap {0} holds misheard values of {1!r}, which are no examples: look at the recogniser, or at the ways a "
        "choice is said",
    ),
}  # fmt: skip


class Telling:
    """Sentences in the language of a bot (BCP-47)."""

    def __init__(self, language: str, words: Mapping[str, tuple[str, str]] = _WORDS) -> None:
        """words: key → the sentence in Chinese and in English; default: those of `huashu nlu`."""
        self._side = 0 if is_chinese(language) else 1
        self._words = words

    def __call__(self, key: str, *values: object) -> str:
        return self._words[key][self._side].format(*values)

    def scores(self, scores: Scores) -> list[str]:
        """Figures in one line, then the worst intents and the commonest confusions."""
        first = self("accuracy", scores.accuracy, scores.bar, scores.accepted) + self("f1", scores.macro_f1)
        if scores.several_f1 is not None:
            first += self("several", scores.several_f1)
        if scores.refused is not None:
            first += self("refused", scores.refused, scores.outside)
        if scores.slot_f1 is not None:
            first += self("slots", scores.slot_f1, scores.frame)
        lines = [first + self("rows", scores.rows, scores.median_ms)]
        lines += [f"  {one.f1:>5.0%} F1  {one.intent} ({one.rows})" for one in scores.intents[:10] if one.f1 < 1]
        return lines + [f"  {count:>4}×  {row} → {best}" for row, best, count in scores.confusions[:10]]

    def target(self, one: Suggestion) -> str:
        name = f"{one.base}: {one.target}" if one.base else one.target
        return f"[{self(one.kind)}] {name}" + (f"  {one.confidence:.2f}" if one.confidence else "")

    def heap(self, number: int, one: Suggestion) -> list[str]:
        """The first utterances of a heap below what it might become."""
        lines = [f"{number:>3}. ×{one.count}  {self.target(one)}"]
        for doubt in one.doubts[:5]:
            times = f"  ×{doubt.count}" if doubt.count > 1 else ""
            told = f"  {doubt.slot}: {doubt.took} → {doubt.meant}" if doubt.slot else ""
            lines.append(f"       {doubt.text}{times}{told}  ({self(doubt.why)})")
        return lines
