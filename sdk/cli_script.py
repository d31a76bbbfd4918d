"""Commands for those who write scripts: check, train. Their tests: huashu.cli_test."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

BotFolder = Annotated[Path, typer.Argument(help="The bot's folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")]
Trust = Annotated[bool, typer.Option(help="Run the folder's own actions.py.")]


def check(
    folder: BotFolder,
    as_json: AsJson = False,
    strict: Annotated[bool, typer.Option("--strict", help="A call without a bound is an error.")] = False,
    witness: Annotated[
        Path | None, typer.Option(help="Write a conversation test that reaches the longest silence, - to print it.")
    ] = None,
    longest: Annotated[
        Path | None, typer.Option(help="Write the longest conversation a caller can drag out, as a test; - prints it.")
    ] = None,
    fix: Annotated[
        bool, typer.Option("--fix", help="Mend slips that have one reading, in place; shows a diff.")
    ] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="With --fix: show the diff and write nothing.")] = False,
) -> None:
    """Check a script: every mistake with file, line and column, and how long a call can last and be silent.

    Exit status 0 when it may run, 1 when not.
    """
    from huashu import cli_bounds
    from huashu.flows.check import check as check_folder
    from huashu.lab.source import bot_language
    from huashu.lab.transcript import read_tests

    fixed = _fix(folder, dry_run=dry_run, quiet=as_json) if fix else []
    report = check_folder(folder, strict=strict)
    errors = report.errors
    # What is wrong with a test keeps no bot from running.
    warnings = [*report.warnings, *(replace(found, severity="warning") for found in read_tests(folder)[1])]
    found = sorted((*errors, *warnings), key=lambda finding: (finding.file, finding.line, finding.column))
    if as_json:
        findings = [
            {
                "file": finding.file,
                "line": finding.line,
                "column": finding.column,
                "code": finding.code,
                "severity": finding.severity,
                "message": finding.message,
                "hint": finding.hint,
            }
            for finding in found
        ]
        answer: dict[str, Any] = {"ok": not errors, "findings": findings}
        if fix:
            answer["fixed"] = fixed
        if report.script is not None and report.bounds is not None:
            answer["bounds"] = cli_bounds.data(report.bounds, report.script)
        print(json.dumps(answer, ensure_ascii=False, indent=2))
    else:
        chinese = bot_language(folder).startswith("zh")
        mark = "警告：" if chinese else "warning: "
        for finding in found:
            marked = replace(finding, message=mark + finding.message) if finding.severity == "warning" else finding
            print(marked)
        if report.script is not None and report.bounds is not None:
            print("\n".join(cli_bounds.lines(report.bounds, report.script)))
        print(_summary(str(folder), len(errors), len(warnings), chinese=chinese))
    if witness is not None and report.script is not None:
        cli_bounds.write_witness(folder, witness)
    if longest is not None and report.script is not None:
        cli_bounds.write_longest(folder, longest)
    raise typer.Exit(1 if errors else 0)


def _fix(folder: Path, *, dry_run: bool, quiet: bool) -> list[dict[str, Any]]:
    """Mend what can be mended; what was, file by file, for programs."""
    from huashu.flows import fixing

    fixed = fixing.fix_folder(folder)
    if not dry_run:
        fixing.write(folder, fixed)
    if not quiet:
        print("".join(item.diff() for item in fixed), end="")
    return [{"file": item.file, "codes": list(item.codes), "diff": item.diff()} for item in fixed]


def _summary(folder: str, errors: int, warnings: int, *, chinese: bool) -> str:
    if chinese:
        return f"{folder}：{errors} 个错误，{warnings} 个警告"
    counts = [
        f"{count} {word}{'' if count == 1 else 's'}" for count, word in ((errors, "error"), (warnings, "warning"))
    ]
    return f"{folder}: {', '.join(counts)}"


def train(folder: BotFolder) -> None:
    """Train the bot's understanding now, so that its first conversation need not wait."""
    from huashu.runtime.bot import load_bot

    began = time.perf_counter()
    bot = load_bot(folder)
    data = bot.script.nlu
    intents = {example.intent for example in data.examples} | set(data.regulars)
    seconds = time.perf_counter() - began
    print(f"{bot.script.name}: {len(data.examples)} examples, {len(intents)} intents, {seconds:.1f} s")
