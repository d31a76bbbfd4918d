"""Commands about what is kept: models and calls."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from huashu.core.errors import UsageError
from huashu.core.language import is_chinese

models = typer.Typer(help="Weights: what there is, fetch it, where it lies.", no_args_is_help=True)
calls = typer.Typer(help="The record of calls.", no_args_is_help=True)

ModelId = Annotated[str, typer.Argument(help="As shown by `huashu models list`.", show_default=False)]
CallId = Annotated[str, typer.Argument(help="As shown by `huashu calls list`.", show_default=False)]
StoreUrl = Annotated[str, typer.Option("--store", metavar="URL", help="sqlite:///calls.db or a path.")]
AsJson = Annotated[bool, typer.Option("--json", help="For programs.")]
DEFAULT_STORE = "calls.db"


@models.command("list")
def list_models(as_json: AsJson = False) -> None:
    """What can be fetched, and what is here already."""
    from rich.console import Console
    from rich.table import Column, Table

    from huashu.models.pull import list_models as entries

    rows = list(entries())
    if as_json:
        data = [
            {
                "id": row.entry.id,
                "kind": row.entry.kind,
                "languages": list(row.entry.languages),
                "bytes": row.entry.size,
                "licence": row.entry.licence,
                "here": row.here,
            }
            for row in rows
        ]
        print(json.dumps(data, ensure_ascii=False, indent=2))
        return
    table = Table(Column("id", no_wrap=True, overflow="fold"), "kind", "languages", "MB", "licence", "here")
    for row in rows:
        entry = row.entry
        size = f"{entry.size / 1e6:.1f}"
        table.add_row(entry.id, entry.kind, " ".join(entry.languages), size, entry.licence, "yes" if row.here else "no")
    Console().print(table)


@models.command("pull")
def pull_model(
    model: ModelId,
    mirror: Annotated[list[str] | None, typer.Option(help="Base URL to fetch from; several are tried in turn.")] = None,
) -> None:
    """Fetch weights: resumed where it broke off, checked by SHA-256."""
    from rich.progress import DownloadColumn, Progress, TextColumn, TransferSpeedColumn

    from huashu.models.pull import pull

    columns = (TextColumn("{task.description}"), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns) as progress:
        tasks: dict[str, Any] = {}

        def show(file: str, done: int, total: int) -> None:
            if file not in tasks:
                tasks[file] = progress.add_task(file, total=total)
            progress.update(tasks[file], completed=done)

        folder = pull(model, mirrors=mirror or (), progress=show)
    print(folder)


@models.command("path")
def model_path(model: ModelId) -> None:
    """Where the weights lie. Exit status 1 when they are not here."""
    from huashu.models.cache import path

    print(path(model))


# --- calls ------------------------------------------------------------------------------------------------------------


def there_is(url: str) -> bool:
    """Whether there may be a record at a URL or path."""
    from huashu.store.place import path_of

    return path_of(url).exists()


def open_store(url: str, *, language: str = "en") -> Any:
    """The record of calls at a URL or path. Raises UsageError, in the bot's language where there is a bot, when there
    is none: reading makes no store."""
    from huashu.store.log import Store

    if not there_is(url):
        if is_chinese(language):
            raise UsageError(f"没有这个通话记录：{url}（huashu serve --store {url} 会建一个）")
        raise UsageError(f"there is no store at {url}; `huashu serve --store {url}` makes one")
    return Store.open(url)


@calls.command("list")
def list_calls(
    store: StoreUrl = DEFAULT_STORE,
    as_json: AsJson = False,
    limit: Annotated[int, typer.Option(help="The latest so many.")] = 50,
) -> None:
    """The latest calls and how they ended."""
    with open_store(store) as opened:
        rows = list(opened.calls(limit=limit))
    if as_json:
        print(json.dumps([_row(row) for row in rows], ensure_ascii=False, indent=2))
        return
    for row in rows:
        ended = " ".join(filter(None, (row.ending, row.result, row.label))) or ("open" if row.ended is None else "-")
        kind = f"{row.direction} {row.medium}"
        line = f"{row.call}  {_instant(row.started)}  {kind:<14}  {row.bot}  {row.turns} turns  {ended}"
        print(f"{line}  {_arms(row)}".rstrip())
    if not rows:
        print("no calls")


@calls.command("show")
def show_call(call: CallId, store: StoreUrl = DEFAULT_STORE, as_json: AsJson = False) -> None:
    """The event log of one call; after `erase`, with tokens where private values were."""
    from huashu.core.codec import to_data

    with open_store(store) as opened:
        record = opened.call(call)
        entries = opened.read(call)
    if as_json:
        events = [{"seq": entry.seq, "now": entry.now, **to_data(entry.event)} for entry in entries]
        print(json.dumps({"call": _row(record), "events": events}, ensure_ascii=False, indent=2))
        return
    head = (record.call, record.bot, f"{record.direction} {record.medium}", _instant(record.started), _arms(record))
    print(" · ".join(filter(None, head)))
    for entry in entries:
        data = to_data(entry.event)
        kind = data.pop("type")
        print(f"{entry.now:9.3f}  {kind:<16} {json.dumps(data, ensure_ascii=False) if data else ''}".rstrip())
    print(f"ended: {record.ending or 'open'} {record.result} {record.label}".rstrip())


@calls.command("replay")
def replay_call(
    call: Annotated[str | None, typer.Argument(help="As shown by `huashu calls list`.", show_default=False)] = None,
    store: StoreUrl = DEFAULT_STORE,
    script: Annotated[Path | None, typer.Option(help="Against this folder instead of the recorded script.")] = None,
    every: Annotated[bool, typer.Option("--all", help="All recorded calls of the bot; needs --script.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="With --all: one JSON object.")] = False,
) -> None:
    """Run the record through the engine again and show what the bot does. Exit status 1 when the outcome differs."""
    if every:
        if call is not None or script is None:
            raise UsageError("`huashu calls replay --all --script FOLDER`: a folder, and no call")
        from huashu.cli_replay import replay_store

        with open_store(store) as opened:
            raise typer.Exit(replay_store(opened, script, as_json=as_json))
    if call is None:
        raise UsageError("which call? Its id, as `huashu calls list` shows it, or --all with --script FOLDER")
    from huashu.core.actions import Disposition, Say
    from huashu.core.events import Heard
    from huashu.flows.loader import load, load_bundle
    from huashu.runtime.replay import replay

    with open_store(store) as opened:
        content = opened.get_script(opened.call(call).digest)
        if content is None:
            raise UsageError(f"the store does not hold the script of call {call}")
        result = replay(opened, call, load_bundle(content), other=load(script) if script else None)
    for turn in result.turns:
        if isinstance(turn.entry.event, Heard) and turn.entry.event.final:
            print(f"{turn.entry.now:9.3f}  caller  {turn.entry.event.text}")
        for action in turn.actions:
            if isinstance(action, Say):
                print(f"{turn.entry.now:9.3f}  bot     {action.text}")
            elif isinstance(action, Disposition):
                print(f"{turn.entry.now:9.3f}  ending  {action.ending} {action.result} {action.label}".rstrip())
    if result.erased:
        print("private values of this call were erased: what depended on them may differ")
    if result.difference is not None:
        print(f"differs first at event {result.difference.seq}:")
        for name, actions in (("recorded", result.difference.before), ("new", result.difference.after)):
            said = [action.text if isinstance(action, Say) else type(action).__name__ for action in actions]
            print(f"  {name:<8}  {' · '.join(said) or 'nothing'}")
    print("same outcome" if result.same else f"recorded {result.ending}, now {result.replayed_ending}")
    raise typer.Exit(0 if result.same else 1)


def _instant(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def _row(row: Any) -> dict[str, Any]:
    names = ("call", "bot", "digest", "direction", "medium", "started", "ended", "turns", "ending", "result", "label",
             "arms")  # fmt: skip
    return {name: getattr(row, name) for name in names}


def _arms(row: Any) -> str:
    return " ".join(f"{name}={arm}" for name, arm in row.arms.items())
