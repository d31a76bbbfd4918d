"""The trainer's report of a bot's understanding, as one HTML page: what to mend first."""

from collections import Counter
from collections.abc import Sequence

from huashu.core.language import is_chinese
from huashu.flows.script import Script
from huashu.insight.judging import Judged
from huashu.insight.page import heading, lines, matrix, page, table, tiles
from huashu.insight.review import Doubt, Suggestion
from huashu.insight.rows import OUT_OF_SCOPE
from huashu.insight.scoring import Scores, score, thresholds
from huashu.insight.suspects import suspects

MOST_INTENTS = 40
"""In the matrix, the most confused ones: more cannot be read."""
MOST_ROWS = 60
"""Of a table."""

_WORDS = {
    "title": ("理解报告：{0}", "Understanding: {0}"),
    "sub": ("每句例句都由没见过它的模型来判断（交叉验证）。", "Each example is judged by a model without it."),
    "accuracy": ("判对", "right"), "accepted": ("判对且达到门槛", "right and believed"),
    "refused": ("范围外被拒", "out of scope, refused"), "f1": ("各意图平均 F1", "mean F1 of intents"),
    "several": ("一句多意图 F1", "multi-intent F1"),
    "rows": ("例句", "examples"), "ms": ("每句毫秒（中位）", "ms a sentence (median)"),
    "bars": ("门槛", "Threshold"),
    "bars_note": (
        "门槛越高，错判越少，没听懂越多。现在是 {0}。", "A higher bar means fewer wrong and more unclear. Now {0}."
    ),
    "right": ("判对", "right"), "wrong": ("判错", "wrong"), "outside": ("范围外被拒", "out of scope refused"),
    "confidence": ("置信度门槛", "confidence"),
    "intents": ("各意图", "Intents"), "intents_note": ("最差的在前。", "The worst first."),
    "intent": ("意图", "intent"), "precision": ("准确率", "precision"), "recall": ("召回率", "recall"),
    "confusions": ("混淆", "Confusions"),
    "confusions_note": ("行是本意，列是判成的；只列最容易混的。", "Rows are meant, columns understood."),
    "meant": ("本意", "meant"), "told": ("判成", "understood as"), "times": ("次数", "times"),
    "such": ("例如", "such as"),
    "suspects": ("可疑例句", "Suspect examples"),
    "suspects_note": (
        "可能放错了意图，或同一句话放在了两个意图里。", "Under the wrong intent perhaps, or under two."
    ),
    "sentence": ("句子", "sentence"), "now": ("现在", "now"), "maybe": ("像是", "looks like"),
    "queue": ("待审核的来话", "To review, from calls"),
    "queue_note": (
        "没听懂、没把握、被客户纠正的话，按意思归堆。", "Not understood, or put right; heaped by meaning."
    ),
    "heap": ("一堆", "heap"), "count": ("次", "times"), "becomes": ("建议", "suggestion"),
    "new": ("新意图", "new intent"), "value": ("听错的值", "misheard value"), "none": ("没有。", "None."),
}  # fmt: skip


def report(script: Script, judged: Sequence[Judged], queue: Sequence[Suggestion] = ()) -> str:
    """HTML. judged: the bot's own rows by cross-validation. queue: what to review, from its calls."""
    side = 0 if is_chinese(script.language) else 1
    words = {name: pair[side] for name, pair in _WORDS.items()}
    bar = script.settings.confidence
    scores = score(judged, bar=bar)
    parts = [
        f"<p>{words['sub']}</p>",
        tiles(_figures(scores, words)),
        heading(words["bars"], words["bars_note"].format(f"{bar:g}")),
        _curves(judged, words),
        heading(words["intents"], words["intents_note"]),
        table(
            (words["intent"], words["rows"], words["precision"], words["recall"], "F1"),
            [(one.intent, one.rows, one.precision, one.recall, one.f1) for one in scores.intents[:MOST_ROWS]],
        ),
        heading(words["confusions"], words["confusions_note"]),
        *_confusions(judged, scores, words),
        heading(words["suspects"], words["suspects_note"]),
        _suspects(judged, words),
    ]
    if queue:
        parts += [heading(words["queue"], words["queue_note"]), _queue(queue, words)]
    return page(words["title"].format(script.title), parts, language=script.language)


def _figures(scores: Scores, words: dict[str, str]) -> list[tuple[str, str]]:
    found = [
        (f"{scores.accuracy:.1%}", words["accuracy"]),
        (f"{scores.accepted:.1%}", words["accepted"]),
        (f"{scores.macro_f1:.1%}", words["f1"]),
        (str(scores.rows + scores.outside), words["rows"]),
        (f"{scores.median_ms:.2f}", words["ms"]),
    ]
    if scores.several_f1 is not None:
        found.insert(3, (f"{scores.several_f1:.1%}", words["several"]))
    if scores.refused is not None:
        found.insert(2, (f"{scores.refused:.1%}", words["refused"]))
    return found


def _curves(judged: Sequence[Judged], words: dict[str, str]) -> str:
    found = thresholds(judged)
    series: list[tuple[str, str, Sequence[tuple[float, float | None]]]] = [
        (words["right"], "var(--green)", [(one.bar, one.right) for one in found]),
        (words["wrong"], "var(--red)", [(one.bar, one.wrong) for one in found]),
        (words["outside"], "var(--blue)", [(one.bar, one.refused) for one in found]),
    ]
    return lines(series, across=words["confidence"])


def _confusions(judged: Sequence[Judged], scores: Scores, words: dict[str, str]) -> list[str]:
    if not scores.confusions:
        return [f"<p>{words['none']}</p>"]
    worst: Counter[str] = Counter()
    for meant, told, count in scores.confusions:
        worst.update({meant: count, told: count})
    names = sorted(name for name, _ in worst.most_common(MOST_INTENTS) if name != OUT_OF_SCOPE)
    counts = Counter((one.row.intent, one.best or OUT_OF_SCOPE) for one in judged)
    examples = {(one.row.intent, one.best or OUT_OF_SCOPE): one.row.text for one in judged}
    rows = [(meant, told, count, examples[meant, told]) for meant, told, count in scores.confusions[:MOST_ROWS]]
    return [matrix(names, counts), table((words["meant"], words["told"], words["times"], words["such"]), rows)]


def _suspects(judged: Sequence[Judged], words: dict[str, str]) -> str:
    found = suspects(judged)[:MOST_ROWS]
    if not found:
        return f"<p>{words['none']}</p>"
    rows = [(one.row.text, one.row.intent, one.other, one.other_confidence) for one in found]
    return table((words["sentence"], words["now"], words["maybe"], words["confidence"]), rows)


def _queue(queue: Sequence[Suggestion], words: dict[str, str]) -> str:
    rows = []
    for one in queue[:MOST_ROWS]:
        named = f"{one.base}: {one.target}" if one.base else one.target
        becomes = {"new": words["new"], "value": f"{words['value']}: {one.target}"}.get(one.kind, named)
        said = (
            f"{doubt.text} ({doubt.took} → {doubt.meant})" if doubt.slot else doubt.text for doubt in one.doubts[:4]
        )
        rows.append((" / ".join(said), one.count, becomes, one.confidence or None))
    return table((words["heap"], words["count"], words["becomes"], words["confidence"]), rows)


def _said(doubt: Doubt) -> str:
    return f"{doubt.text} ({doubt.took} → {doubt.meant})" if doubt.slot else doubt.text
