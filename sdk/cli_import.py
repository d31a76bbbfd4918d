"""`huashu import`: a bot from what a team already has: a table of nodes, a Rasa project."""

import re
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Make a bot from what you have already.", no_args_is_help=True)

NewFolder = Annotated[Path, typer.Argument(help="Folder to make.", show_default=False)]
Title = Annotated[str, typer.Option(help="The bot's title; default: the name of the file.")]


@app.command("table")
def table(
    file: Annotated[Path, typer.Argument(help="The table: .xlsx or .csv.", show_default=False)],
    folder: NewFolder,
    title: Title = "",
) -> None:
    """A 话术 table of nodes (节点, 话术, 意图, 关键词, 下一节点 …) as a bot; every row left out is told."""
    from huashu.flows.table_import import import_table

    found = import_table(file, bot=_identity(folder), title=title)
    found.files.write(folder, spelling=found.language)
    zh = found.language == "zh"
    print(
        f"{folder}: {found.nodes} 个节点, {found.intents} 个意图, {found.questions} 条问答"
        if zh
        else f"{folder}: {found.nodes} nodes, {found.intents} intents, {found.questions} questions"
    )
    _finish(folder, found.notes, zh)


@app.command("rasa")
def rasa(
    project: Annotated[Path, typer.Argument(help="The Rasa project's folder.", show_default=False)],
    folder: NewFolder,
    title: Title = "",
) -> None:
    """A Rasa 3 project (domain, nlu, rules, stories, forms, flows) as a bot. What has no counterpart is told."""
    from huashu.flows.rasa_import import import_rasa

    found = import_rasa(project, bot=_identity(folder), title=title)
    found.files.write(folder, spelling=found.language)
    print(f"{folder}: {found.flows} flows, {found.intents} intents")
    _finish(folder, found.notes, found.language == "zh")


def _identity(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "imported"


def _finish(folder: Path, notes: tuple[Any, ...], zh: bool) -> None:
    """What could not be taken over, then what the checker says. Exit status 1 when the bot may not run."""
    from huashu.flows.check import check

    if notes:
        print(f"没有照搬的 ({len(notes)}):" if zh else f"not taken over ({len(notes)}):")
        for note in notes:
            print(f"  {note}")
    report = check(folder)
    for finding in report.findings:
        print(finding)
    print(f"{len(report.errors)} 个错误, {len(report.warnings)} 个警告" if zh else
          f"{len(report.errors)} errors, {len(report.warnings)} warnings")  # fmt: skip
    raise typer.Exit(1 if report.errors else 0)
