"""`huashu nlu`, the trainer's loop: how good is the understanding, what did it miss, what to add, is it better now."""

import json
import sys
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huashu.cli_script import Nlu
from huashu.core.errors import UsageError

if TYPE_CHECKING:
    from huashu.flows.script import Script
    from huashu.insight.judging import Judged, Train
    from huashu.insight.review import Suggestion
    from huashu.insight.scoring import Scores
    from huashu.insight.telling import Telling

app = typer.Typer(help="The trainer's loop: eval, cv, report, suggest, compare.", no_args_is_help=True)

BotFolder = Annotated[Path, typer.Argument(help="The bot's folder.", show_default=False)]
Rows = Annotated[Path, typer.Argument(help='JSON Lines: {"text", "intent" (or a list), "spans"}', show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")]
Folds = Annotated[int, typer.Option(min=2, max=50, help="Parts that take turns in being held out.")]
Seed = Annotated[int, typer.Option(help="Of the parts.")]
Epochs = Annotated[
    int, typer.Option(min=0, max=100, help="With --nlu encoder:… not trained yet; 0: it stays as it is, heads only.")
]
StoreUrl = Annotated[str, typer.Option("--store", metavar="URL", help="The record of calls.")]


@app.command("eval")
def evaluate(
    train: Rows,
    test: Rows,
    valid: Annotated[Path | None, typer.Option(help="Rows on which the bar is chosen (intent oos counts).")] = None,
    refuse: Annotated[float, typer.Option(min=0, max=1, help="With --valid: share of oos rows to refuse.")] = 0.75,
    language: Annotated[str, typer.Option(help="BCP-47; default: what most rows are in.")] = "",
    nlu: Nlu = None,
    epochs: Epochs = 0,
    as_json: AsJson = False,
) -> None:
    """Train on labelled rows, test on others: accuracy, several intents, out-of-scope recall, slots, time, memory."""
    from huashu.insight.judging import ACCEPTED, ask, fit
    from huashu.insight.rows import OUT_OF_SCOPE, main_language, read_rows
    from huashu.insight.scoring import bar_for, score
    from huashu.insight.telling import Telling

    rows, asked = read_rows(train), read_rows(test)
    held = read_rows(valid) if valid is not None else []
    with _learner(nlu, epochs) as learn:
        understander, training = fit(rows, language=language, learn=learn)
        outside = [row for row in held if row.intent == OUT_OF_SCOPE]
        bar = bar_for(ask(understander, outside), refuse) if held else ACCEPTED
        scores = score(ask(understander, asked), bar=bar)
    if as_json:
        took = {
            "rows": training.rows,
            "cpu_seconds": round(training.cpu_seconds, 2),
            "peak_mb": training.peak_megabytes,
        }
        print(json.dumps({**_data(scores), "training": took}, ensure_ascii=False, indent=2))
        return
    tell = Telling(language or main_language(rows))
    print("\n".join(tell.scores(scores)))
    print(tell("trained", training.rows, training.cpu_seconds, training.peak_megabytes))


@app.command("cv")
def cv(
    folder: BotFolder,
    folds: Folds = 5,
    seed: Seed = 0,
    nlu: Nlu = None,
    epochs: Epochs = 0,
    as_json: AsJson = False,
) -> None:
    """Cross-validate a bot's own examples: worst intents, confusions, examples under the wrong intent."""
    from huashu.flows.loader import load
    from huashu.insight.scoring import score
    from huashu.insight.suspects import suspects
    from huashu.insight.telling import Telling

    script = load(folder)
    with _learner(nlu, epochs) as learn:
        judged = _judged(script, folds, seed, learn)
    scores = score(judged, bar=script.settings.confidence)
    doubtful = suspects(judged)
    if as_json:
        rows = [
            {
                "text": one.row.text,
                "intent": ", ".join(one.row.intents),
                "looks_like": one.other,
                "same_words": one.same_words,
            }
            for one in doubtful
        ]
        print(json.dumps({**_data(scores), "suspects": rows}, ensure_ascii=False, indent=2))
        return
    tell = Telling(script.language)
    print("\n".join(tell.scores(scores)))
    for one in doubtful[:20]:
        print(f"? {', '.join(one.row.intents)}: {one.row.text}  → {one.other}{tell('same') if one.same_words else ''}")


@app.command("report")
def report(
    folder: BotFolder,
    out: Annotated[Path, typer.Option(help="Write the page here.")] = Path("report.html"),
    store: StoreUrl = "",
    folds: Folds = 5,
    seed: Seed = 0,
    nlu: Nlu = None,
    epochs: Epochs = 0,
) -> None:
    """One HTML page: threshold curve, intents, confusion matrix, suspect examples, and what calls left to review."""
    from huashu.flows.loader import load
    from huashu.insight.report import report as written

    script = load(folder)
    queue = _queue(script, folder, store) if store else []
    with _learner(nlu, epochs) as learn:
        judged = _judged(script, folds, seed, learn)
    out.write_text(written(script, judged, queue), encoding="utf-8")
    print(out)


@app.command("suggest")
def suggest(
    folder: BotFolder,
    store: StoreUrl,
    accept: Annotated[list[int] | None, typer.Option(help="Write these heaps into the bot's files.")] = None,
    intent: Annotated[str, typer.Option("--as", help="With one --accept: under this intent instead.")] = "",
    most: Annotated[int, typer.Option("--limit", min=1, help="Heaps shown.")] = 20,
    as_json: AsJson = False,
) -> None:
    """What callers said that was not understood, heaped by meaning, with the intent or the knowledge item each heap
    belongs to. --accept writes it into the YAML (comments stay) and tells by cross-validation whether it helped."""
    from huashu.flows.loader import load
    from huashu.insight.telling import Telling

    script = load(folder)
    queue = _queue(script, folder, store)
    if accept:
        _accept(folder, script, queue, accept, intent)
        return
    if as_json:
        print(
            json.dumps([_heap(number, one) for number, one in enumerate(queue[:most], 1)], ensure_ascii=False, indent=2)
        )
        return
    tell = Telling(script.language)
    for number, one in enumerate(queue[:most], 1):
        print("\n".join(tell.heap(number, one)))
    print(tell("heaps", len(queue), sum(one.count for one in queue)))


@app.command("compare")
def compare(
    old: Annotated[Path, typer.Argument(help="A bot's folder, as it was.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="As it is now.", show_default=False)],
    test: Annotated[Path | None, typer.Option(help="Labelled rows; default: the examples both have.")] = None,
    folds: Folds = 5,
    seed: Seed = 0,
    nlu: Nlu = None,
    epochs: Epochs = 0,
    as_json: AsJson = False,
) -> None:
    """Is the new version's understanding better, or is the difference chance? Exit status 1 when it is worse."""
    from huashu.flows.loader import load
    from huashu.insight.judging import ask
    from huashu.insight.rows import read_rows

    before, after = load(old), load(new)
    with _learner(nlu, epochs) as learn:
        if test is not None:
            rows = read_rows(test)
            pair = (ask(learn(before.nlu), rows), ask(learn(after.nlu), rows))
        else:
            pair = _common(before, after, folds, seed, learn)
    raise typer.Exit(_compared(*pair, language=after.language, as_json=as_json))


# --- shared -------------------------------------------------------------------------------------------------------


def _learner(nlu: str | None, epochs: int) -> "AbstractContextManager[Train]":
    """By --nlu, else by HUASHU_NLU, else the embedded one, as everywhere; lines of a training go beside the figures."""
    from huashu.insight.learners import learner
    from huashu.runtime.bot import chosen_nlu

    return learner(chosen_nlu(nlu), epochs=epochs, tell=lambda line: print(line, file=sys.stderr))


def _judged(script: "Script", folds: int, seed: int, learn: "Train") -> "list[Judged]":
    from huashu.insight.judging import cross_validate
    from huashu.insight.rows import rows_of
    from huashu.insight.telling import Telling

    rows = rows_of(script.nlu)
    if len({row.intent for row in rows}) < 2:
        raise UsageError(Telling(script.language)("few", script.name))
    return cross_validate(script.nlu, rows, folds=folds, seed=seed, learn=learn)


def _common(
    before: "Script", after: "Script", folds: int, seed: int, learn: "Train"
) -> "tuple[list[Judged], list[Judged]]":
    """Both versions judged on the examples that both have under the same intent."""
    from huashu.insight.telling import Telling

    old, new = _judged(before, folds, seed, learn), _judged(after, folds, seed, learn)
    known = {one.row: one for one in new}
    kept = [one for one in old if one.row in known]
    if not kept:
        raise UsageError(Telling(after.language)("no_common"))
    return kept, [known[one.row] for one in kept]


def _compared(old: "Sequence[Judged]", new: "Sequence[Judged]", *, language: str, as_json: bool) -> int:
    from huashu.insight.scoring import chance, score
    from huashu.insight.telling import Telling

    before, after = score(old), score(new)
    p = chance([one.right for one in old], [one.right for one in new])
    lost = [one for was, one in zip(old, new, strict=True) if was.right and not one.right]
    worse = after.accuracy < before.accuracy and p < 0.05
    if as_json:
        data = {"before": _data(before), "after": _data(after), "chance": round(p, 4), "worse": worse}
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return int(worse)
    tell = Telling(language)
    print(tell("compared", before.accuracy, after.accuracy, before.rows, p))
    print(tell("believed", before.accepted, after.accepted))
    if before.several_f1 is not None and after.several_f1 is not None:
        print(tell("both", before.several_f1, after.several_f1))
    for one in lost[:10]:
        print(tell("lost", one.row.text, ", ".join(one.row.intents), one.best or tell("nothing")))
    return int(worse)


def _queue(script: "Script", folder: Path, url: str) -> "list[Suggestion]":
    from huashu.cli_records import open_store
    from huashu.insight.harvest import turns
    from huashu.insight.review import doubts, suggest
    from huashu.runtime.bot import load_bot

    with open_store(url, language=script.language) as opened:
        found = doubts(turns(opened, script.name), script)
    return suggest(found, script, load_bot(folder).understander)


def _accept(folder: Path, script: "Script", queue: "Sequence[Suggestion]", numbers: Sequence[int], intent: str) -> None:
    from huashu.flows.loader import load
    from huashu.insight.accepting import accept_examples, accept_wordings
    from huashu.insight.judging import embedded
    from huashu.insight.scoring import score
    from huashu.insight.telling import Telling

    tell = Telling(script.language)
    _acceptable(tell, queue, numbers, intent)
    before = score(_judged(script, 5, 0, embedded))
    for number in numbers:
        one = queue[number - 1]
        sentences = [doubt.text for doubt in one.doubts]
        if one.kind == "faq" and not intent:
            path = accept_wordings(folder, script, one.base, one.target, sentences)
        else:
            path = accept_examples(folder, script, intent or one.target, sentences)
        script = load(folder)
        print(f"{path}: {len(sentences)} → {intent or tell.target(one)}")
    after = score(_judged(script, 5, 0, embedded))
    print(tell("cv", before.accuracy, after.accuracy, before.macro_f1, after.macro_f1))


def _acceptable(tell: "Telling", queue: "Sequence[Suggestion]", numbers: Sequence[int], intent: str) -> None:
    """Raises UsageError, before anything is written, when one of the heaps cannot be."""
    if intent and len(numbers) > 1:
        raise UsageError(tell("one_as"))
    for number in numbers:
        if not 1 <= number <= len(queue):
            raise UsageError(tell("no_heap", number, len(queue)) if queue else tell("no_heaps", number))
        one = queue[number - 1]
        if one.kind == "value":
            raise UsageError(tell("no_example", number, one.target))
        if one.kind == "new" and not intent:
            raise UsageError(tell("name_it", number))


def _heap(number: int, one: "Suggestion") -> dict[str, Any]:
    said: list[dict[str, Any]] = [
        {"text": doubt.text, "why": doubt.why, "count": doubt.count}
        | ({"slot": doubt.slot, "took": doubt.took, "meant": doubt.meant} if doubt.slot else {})
        for doubt in one.doubts
    ]
    return {"heap": number, "kind": one.kind, "base": one.base, "target": one.target,
            "confidence": round(one.confidence, 4), "count": one.count, "utterances": said}  # fmt: skip


def _data(scores: "Scores") -> dict[str, Any]:
    def share(value: float | None) -> float | None:
        return None if value is None else round(value, 5)

    return {
        "rows": scores.rows,
        "out_of_scope_rows": scores.outside,
        "bar": round(scores.bar, 4),
        "accuracy": share(scores.accuracy),
        "accepted": share(scores.accepted),
        "out_of_scope_recall": share(scores.refused),
        "macro_f1": share(scores.macro_f1),
        "multi_intent_f1": share(scores.several_f1),
        "slot_f1": share(scores.slot_f1),
        "frame": share(scores.frame),
        "median_ms": round(scores.median_ms, 4),
        "intents": [
            {"intent": one.intent, "rows": one.rows, "precision": share(one.precision), "recall": share(one.recall),
             "f1": share(one.f1)}
            for one in scores.intents
        ],
        "confusions": [{"intent": row, "best": best, "count": count} for row, best, count in scores.confusions],
    }  # fmt: skip
