"""Commands for those who write scripts: check, train. Their tests: huashu.cli_test."""

import json
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from huashu.core.errors import UsageError
from huashu.core.language import is_chinese

if TYPE_CHECKING:
    from huashu.nlu.encoder_export import Settings

BotFolder = Annotated[Path, typer.Argument(help="The bot's folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")]
Trust = Annotated[bool, typer.Option(help="Run the folder's own actions.py.")]
Rerank = Annotated[
    Path | None,
    typer.Option(metavar="FOLDER", help="An encoder that orders the hits of knowledge. HUASHU_RERANK."),
]
Nlu = Annotated[
    str | None,
    typer.Option(metavar="NAME[:PLACE]", help="Who understands; encoder:NAME for `train --encoder NAME`. HUASHU_NLU."),
]


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
        chinese = is_chinese(bot_language(folder))
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


def train(
    folder: BotFolder,
    encoder: Annotated[
        str | None, typer.Option(metavar="NAME|FOLDER", help="With an encoder of transformers; see docs/training.md.")
    ] = None,
    frozen: Annotated[
        bool, typer.Option("--frozen", help="The encoder stays as it is: quick, for few examples.")
    ] = False,
    epochs: Annotated[int, typer.Option(min=1, help="At most; it stops when it gets no better.")] = 20,
    learning_rate: Annotated[float, typer.Option(min=1e-7, max=1.0, help="Of the encoder.")] = 5e-5,
    seed: Annotated[int, typer.Option(help="Of what chance decides in the training.")] = 0,
    out: Annotated[Path | None, typer.Option(help="Write here, to be carried to servers; default: the cache.")] = None,
    voice: Annotated[
        str | None, typer.Option(metavar="ENGINE", help="Also make the sound of its fixed lines: espeak, piper …")
    ] = None,
    voice_model: Annotated[str | None, typer.Option(metavar="ID|FOLDER", help="Weights of that voice.")] = None,
    rate: Annotated[int, typer.Option(help="Samples a second of the lines' sound: 8000 or 16000.")] = 8000,
) -> None:
    """Train the bot's understanding now, so that its first conversation need not wait."""
    if voice is not None:
        _speak_ahead(folder, voice, voice_model, rate)
    elif voice_model is not None:
        raise UsageError("--voice-model goes with --voice")
    if encoder is None:
        if frozen or out is not None:
            raise UsageError("--frozen and --out go with --encoder")
        _train_embedded(folder)
        return
    from huashu.nlu.encoder_export import Settings

    settings = Settings(epochs=0 if frozen else epochs, learning_rate=learning_rate, seed=seed)
    _train_encoder(folder, encoder, settings, out)


def _speak_ahead(folder: Path, engine: str, model: str | None, rate: int) -> None:
    from huashu.core.audio import RATES
    from huashu.flows.loader import load
    from huashu.models.cache import resolve
    from huashu.tts.registry import open_voice
    from huashu.voice.ahead import fixed_lines
    from huashu.voice.line_cache import LineCache, default_folder
    from huashu.voice.render import Renderer

    if rate not in RATES:
        raise UsageError(f"--rate {rate}: expected {' or '.join(map(str, RATES))}")
    script = load(folder)
    voice = open_voice(engine, **({"model": resolve(model)} if model else {}))
    began = time.perf_counter()
    cache = LineCache(default_folder())
    Renderer(voice, rate=rate, folder=folder, cache=cache, pronounce=script.pronounce, inline=True).prepare(script)
    count = sum(1 for _ in fixed_lines(script))
    print(f"{script.name}: {count} fixed lines by {engine}, {time.perf_counter() - began:.1f} s, in {default_folder()}")


def _train_embedded(folder: Path) -> None:
    from huashu.runtime.bot import load_bot

    began = time.perf_counter()
    bot = load_bot(folder)
    data = bot.script.nlu
    intents = {name for example in data.examples for name in example.intents} | set(data.regulars)
    seconds = time.perf_counter() - began
    print(f"{bot.script.name}: {len(data.examples)} examples, {len(intents)} intents, {seconds:.1f} s")


def _train_encoder(folder: Path, encoder: str, settings: "Settings", out: Path | None) -> None:
    """Every language of the bot, and what was held out tells of each."""
    from huashu.flows.loader import load
    from huashu.nlu.encoder import place_of, trained_folder
    from huashu.nlu.encoder_train import train_encoder
    from huashu.runtime.bot import digest_of, models_folder, taught

    script = load(folder)
    place = out or place_of(encoder, models_folder(None))
    for language, data in taught(script).items():
        began = time.perf_counter()
        target = trained_folder(place, digest_of(script, data))
        report = train_encoder(data, encoder, target, settings=settings, tell=print)
        size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file()) / 2**20
        print(f"{script.name} [{language}]: {time.perf_counter() - began:.1f} s, {size:.1f} MB in {target}")
        print(f"  encoder {report.share:.0%} of the score" + (f", slots by the {report.slots}" if report.slots else ""))
        if report.both is not None:
            print(
                f"  right of {report.held} sentences held out: encoder {report.encoder:.1%}, words {report.words:.1%}, "
                f"together {report.both:.1%}"
            )
    print(f"use it: huashu chat {folder} --nlu encoder:{out or encoder}")
