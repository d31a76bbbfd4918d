"""`huashu kb`: look after what a bot knows: import it, ask it, find what contradicts itself, see how far it reaches."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from huashu.core.errors import UsageError

if TYPE_CHECKING:
    from huashu.insight.telling import Telling

app = typer.Typer(help="A bot's knowledge: import, ask, duplicates, coverage.", no_args_is_help=True)

BotFolder = Annotated[Path, typer.Argument(help="The bot's folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")]
BaseName = Annotated[str, typer.Option("--base", help="The knowledge base; default: the only one.")]
On = Annotated[str, typer.Option("--on", metavar="DATE", help="As if it were that day; default: today.")]

_WORDS: Final = {
    "added": (
        "{0}: 新增 {1} 条，{2} 条已有（未改动）",
        "{0}: {1} items added, {2} there already (left as they are)",
    ),
    "left_out": ("没收", "left out"),
    "no_answer": ("没有答案（都低于门槛）", "no answer (nothing reaches its threshold)"),
    "duplicate": ("重复", "duplicate"),
    "conflict": ("矛盾", "CONFLICT"),
    "pairs": ("{0} 对", "{0} pairs"),
    "title": ("问题集中度", "Question concentration"),
    "across": ("知识条目数（按被问次数）", "items, most asked first"),
    "up": ("答上的问题", "questions answered"),
    "reach": ("{0}: {1} 个问题，答上 {2} 个（{3:.1%}）", "{0}: {1} questions, {2} answered ({3:.1%})"),
    "items_for": ("  {0} 条覆盖 {1:.0%}", "  {0} items answer {1:.0%}"),
    "unanswered": ("没答上的（{0}）：", "unanswered ({0}):"),
    "what_asked": (
        "客户问了什么？给一个一行一问的文件，或者用 --store 指定通话记录",
        "what was asked? A file with a question a line, or --store with the record of calls",
    ),
    "no_file": ("没有这个文件：{0}", "there is no file {0}"),
    "no_base": ("没有知识库“{0}”；有：{1}", "no knowledge base {0!r}; there are: {1}"),
    "none": ("一个也没有", "none"),
    "which_base": ("哪个知识库？用 --base 指定一个：{0}", "which base? --base with one of: {0}"),
    "no_bases": ("这个机器人没有知识库", "the bot has no knowledge base"),
    "day": ("--on {0}：写成日期，例如 2026-10-01", "--on {0}: a date such as 2026-10-01"),
}
"""In the bot's language: Chinese, English."""


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help=".csv, .xlsx, .docx or .md", show_default=False)],
    folder: BotFolder,
    base: Annotated[
        str, typer.Option("--base", help="Into this base; default: the only one, or the file's name.")
    ] = "",
) -> None:
    """Questions and answers of a table, a Word file or Markdown into a base. What is there stays as it is."""
    from huashu.flows.check import check
    from huashu.flows.faq_import import import_faq
    from huashu.knowledge.reading import read_faq
    from huashu.lab.source import bot_language

    found = read_faq(file, bot_language(folder))
    done = import_faq(folder, found.drafts, base=base, fallback=file.stem)
    report = check(folder)
    tell = _telling(done.language)
    print(tell("added", done.file, done.added, done.known))
    for note in found.left_out:
        print(f"  {tell('left_out')}: {note}")
    for finding in report.findings:
        print(finding)
    raise typer.Exit(1 if report.errors else 0)


@app.command("ask")
def ask(
    folder: BotFolder,
    words: Annotated[str, typer.Argument(help="What a caller might say.", show_default=False)],
    base: BaseName = "",
    on: On = "",
    as_json: AsJson = False,
) -> None:
    """What the bases would answer, how sure, and what they also thought of. Exit status 1 when nothing is answered."""
    from huashu.flows.loader import load
    from huashu.knowledge.retrieval import Retriever

    script = load(folder)
    tell = _telling(script.language)
    names = [_base(script, base, tell).name] if base else list(script.knowledge)
    hits = Retriever(script.knowledge).candidates(words, names, on=_day(on, tell))[:5]
    answered = bool(hits) and hits[0].confidence >= script.knowledge[hits[0].base].threshold
    if as_json:
        rows = [
            {
                "base": hit.base,
                "item": hit.item,
                "confidence": hit.confidence,
                "threshold": script.knowledge[hit.base].threshold,
                "answer": script.knowledge[hit.base].item(hit.item).answer,
            }
            for hit in hits
        ]
        print(json.dumps({"answered": answered, "hits": rows}, ensure_ascii=False, indent=2))
    else:
        for hit in hits:
            known = script.knowledge[hit.base]
            item = known.item(hit.item)
            print(f"{'✓' if hit.confidence >= known.threshold else '·'} {hit.confidence:.2f}  {hit.base}: {hit.item}")
            if hit is hits[0] and answered:
                print(f"        {item.answer}" + (f"\n   ☎    {item.voice}" if item.voice else ""))
                if item.needs:
                    print("        " + ", ".join(f"{name} = {value}" for name, value in item.needs))
        if not answered:
            print(tell("no_answer"))
    raise typer.Exit(0 if answered else 1)


@app.command("duplicates")
def duplicates(folder: BotFolder, base: BaseName = "", as_json: AsJson = False) -> None:
    """Items that callers ask for in the same words: duplicates, and conflicts where the answers differ in a figure or
    in yes and no. Exit status 1 when there is a conflict."""
    from huashu.flows.loader import load
    from huashu.knowledge.upkeep import pairs

    script = load(folder)
    tell = _telling(script.language)
    bases = [_base(script, base, tell)] if base else list(script.knowledge.values())
    found = [(known, pair) for known in bases for pair in pairs(known)]
    if as_json:
        rows = [
            {"base": known.name, "kind": pair.kind, "one": pair.one, "two": pair.two, "asked": pair.asked,
             "confidence": pair.confidence, "differ": list(pair.differ)}
            for known, pair in found
        ]  # fmt: skip
        print(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        for known, pair in found:
            print(f"{tell(pair.kind)}  {known.name}: {pair.one} | {pair.two}  ({pair.confidence:.2f})")
            if pair.differ:
                for item in (known.item(pair.one), known.item(pair.two)):
                    print(f"      {item.answer}")
        print(tell("pairs", len(found)))
    raise typer.Exit(1 if any(pair.kind == "conflict" for _, pair in found) else 0)


@app.command("coverage")
def coverage(
    folder: BotFolder,
    questions: Annotated[Path | None, typer.Argument(help="A question a line.", show_default=False)] = None,
    store: Annotated[str, typer.Option("--store", metavar="URL", help="Or: what callers asked, from the record.")] = "",
    base: BaseName = "",
    on: On = "",
    svg: Annotated[Path | None, typer.Option(help="Write the concentration curve here.")] = None,
    as_json: AsJson = False,
) -> None:
    """How much of what callers ask is answered, and how many items that takes."""
    from huashu.flows.loader import load
    from huashu.knowledge.upkeep import reach

    script = load(folder)
    tell = _telling(script.language)
    known = _base(script, base, tell)
    asked = _asked(questions, store, script.name, script.language)
    found = reach(known, asked, on=_day(on, tell))
    if svg is not None:
        from huashu.insight.curve import concentration

        counts = [count for _, count in found.by_item]
        picture = concentration(counts, found.questions, title=tell("title"), across=tell("across"), up=tell("up"))
        svg.write_text(picture, encoding="utf-8")
    shares = {share: found.items_for(share) for share in (0.5, 0.8, 0.9)}
    if as_json:
        data = {
            "questions": found.questions, "answered": found.answered, "share": round(found.share, 4),
            "items": len(known.items), "asked_for": len(found.by_item),
            "items_for": {f"{share:.0%}": count or None for share, count in shares.items()},
            "by_item": dict(found.by_item),
            "unanswered": [{"question": text, "best": sure} for text, sure in found.unanswered],
        }  # fmt: skip
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return
    for line in _told(known.name, found, shares, tell):
        print(line)


def _told(name: str, found: Any, shares: dict[float, int], tell: "Telling") -> list[str]:
    lines = [tell("reach", name, found.questions, found.answered, found.share)]
    lines += [tell("items_for", count, share) for share, count in shares.items() if count]
    widest = max((count for _, count in found.by_item), default=1)
    for item, count in found.by_item[:10]:
        lines.append(f"  {count:>6}  {'█' * max(1, round(24 * count / widest))} {item}")
    if found.unanswered:
        lines.append(tell("unanswered", len(found.unanswered)))
        lines += [f"  {sure:.2f}  {text}" for text, sure in found.unanswered[:20]]
    return lines


# --- shared -------------------------------------------------------------------------------------------------------


def _asked(path: Path | None, store: str, bot: str, language: str) -> list[str]:
    tell = _telling(language)
    if (path is None) == (not store):
        raise UsageError(tell("what_asked"))
    if path is None:
        from huashu.cli_records import open_store
        from huashu.insight.harvest import questions

        with open_store(store, language=language) as opened:
            return questions(opened, bot)
    from huashu.knowledge.spreadsheets import decoded

    if not path.is_file():
        raise UsageError(tell("no_file", path))
    return [line.strip() for line in decoded(path, language).splitlines() if line.strip()]


def _base(script: Any, name: str, tell: "Telling") -> Any:
    bases = script.knowledge
    if name and name not in bases:
        raise UsageError(tell("no_base", name, ", ".join(bases) or tell("none")))
    if not name and len(bases) != 1:
        raise UsageError(tell("which_base", ", ".join(bases)) if bases else tell("no_bases"))
    return bases[name] if name else next(iter(bases.values()))


def _day(text: str, tell: "Telling") -> date:
    try:
        return date.fromisoformat(text) if text else datetime.now().astimezone().date()
    except ValueError as error:
        raise UsageError(tell("day", text)) from error


def _telling(language: str) -> "Telling":
    from huashu.insight.telling import Telling

    return Telling(language, _WORDS)
