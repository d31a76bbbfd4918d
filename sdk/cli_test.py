"""`huashu test`: hold a bot's conversation tests, accept what has changed, stay while the designer edits."""

import difflib
import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from huashu.cli_script import AsJson, BotFolder, Nlu, Rerank, Trust
from huashu.core.errors import UsageError

if TYPE_CHECKING:
    from huashu.lab.report import TestReport
    from huashu.runtime.bot import Bot


def run_tests(
    folder: BotFolder,
    as_json: AsJson = False,
    trust: Trust = True,
    nlu: Nlu = None,
    rerank: Rerank = None,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Tell the tests that passed, too.")] = False,
    only: Annotated[str | None, typer.Option("-k", help="Only tests with this in their name or file.")] = None,
    update: Annotated[
        bool, typer.Option("--update", help="Rewrite what fails to what happens; shows the difference and asks.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="With --update: do not ask.")] = False,
    watch: Annotated[
        bool, typer.Option("--watch", help="Stay, and run what a change concerns; Ctrl-C ends it.")
    ] = False,
    junit: Annotated[Path | None, typer.Option(help="Write JUnit XML here, for CI systems.")] = None,
    coverage: Annotated[
        Path | None, typer.Option(help="Write coverage here: JSON if it ends in .json, else an lcov tracefile.")
    ] = None,
    fail_under: Annotated[
        float | None, typer.Option(help="Exit status 1 when fewer per cent of the answers are covered.")
    ] = None,
) -> None:
    """Hold the conversations in the bot's tests/ folder, in virtual time. Exit status 1 when one goes otherwise."""
    from huashu.lab import runner
    from huashu.runtime.bot import load_bot

    if fail_under is not None and not 0 <= fail_under <= 100:
        raise UsageError(f"--fail-under {fail_under:g} is out of range; per cent, 0 to 100")
    for path in (junit, coverage):
        if path is not None and not path.absolute().parent.is_dir():
            raise UsageError(f"there is no folder {path.parent}; make it first")
    if watch:
        given = {"--update": update, "--json": as_json, "--junit": junit, "--coverage": coverage}
        if wrong := [name for name, value in given.items() if value]:
            raise UsageError(f"--watch goes on for ever and cannot be used with {', '.join(wrong)}")
        raise typer.Exit(_watch(folder, only, trust=trust, load=partial(load_bot, nlu=nlu, rerank=rerank)))
    bot = load_bot(folder, trust=trust, nlu=nlu, rerank=rerank)
    report = runner.run_tests(folder, only=only, bot=bot)
    if update and not report.ok:
        _update(folder, only, bot, yes=yes)
        report = runner.run_tests(folder, only=only, bot=bot)
    _write(report, folder, junit, coverage)
    print(
        json.dumps(report.data(), ensure_ascii=False, indent=2)
        if as_json
        else "\n".join(report.lines(verbose=verbose, missed=only is None))
    )
    short = fail_under is not None and report.covered * 100 < fail_under
    if short:
        print(f"huashu: {report.covered:.1%} of the answers are covered; --fail-under {fail_under:g}", file=sys.stderr)
    raise typer.Exit(0 if report.ok and not short else 1)


def _write(report: "TestReport", folder: Path, junit: Path | None, coverage: Path | None) -> None:
    if junit is not None:
        from huashu.lab.junit import junit as written

        junit.write_text(written(report), encoding="utf-8")
    if coverage is not None:
        from huashu.lab.tracing import lcov, table

        as_data = coverage.suffix == ".json"
        text = json.dumps(table(report), ensure_ascii=False, indent=1) + "\n" if as_data else lcov(report, folder)
        coverage.write_text(text, encoding="utf-8")


def _update(folder: Path, only: str | None, bot: "Bot", *, yes: bool) -> None:
    """Rewrite the expectations that fail, if the designer agrees with what is shown on standard error."""
    from huashu.lab.accepting import accept, write
    from huashu.lab.bank import Backend
    from huashu.lab.coverage import Watch
    from huashu.lab.holding import Holding
    from huashu.lab.runner import chosen

    if not yes and not sys.stdin.isatty():
        raise UsageError("--update asks before it writes, and there is nobody to ask here; add --yes")
    backend = Backend(bot)
    try:
        watch = Watch(bot.script)
        files = accept(bot, folder, chosen(folder, only), lambda test: Holding(bot, watch, backend, test))
    finally:
        backend.close()
    changed = [file for file in files if file.after != file.before]
    for file in changed:
        old, new = file.before.splitlines(keepends=True), file.after.splitlines(keepends=True)
        sys.stderr.writelines(difflib.unified_diff(old, new, file.file, file.file))
    for file in files:
        for name, failure in file.left:
            told = failure.replace("\n", "\n    ")
            print(f"{folder / file.file}: {name}: no expectation to rewrite:\n    {told}", file=sys.stderr)
    if changed and (yes or typer.confirm(f"write {len(changed)} files?", err=True)):
        write(folder, changed)


def _watch(folder: Path, only: str | None, *, trust: bool, load: "Callable[..., Bot]") -> int:
    from huashu.lab.watching import Watcher

    if not folder.is_dir():
        raise UsageError(f"there is no bot's folder {folder}")
    watcher = Watcher(folder.resolve(), only=only, trust=trust, load=load)
    try:
        for lines in watcher.watch(_changes(folder)):
            print("\n".join(lines), flush=True)
    except KeyboardInterrupt:
        print()
    return 0 if watcher.ok else 1


def _changes(folder: Path) -> Iterator[set[Path]]:
    from watchfiles import watch

    for changes in watch(folder, raise_interrupt=True):
        yield {Path(path).resolve() for _, path in changes}
