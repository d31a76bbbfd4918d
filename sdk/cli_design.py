"""Commands that make a designer's work comfortable: fmt, graph, diff, schema, import."""

import json
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from huashu.core.errors import UsageError

BotFolder = Annotated[Path, typer.Argument(help="The bot's folder.", show_default=False)]
AsJson = Annotated[bool, typer.Option("--json", help="For programs: one JSON object.")]


class Spelling(StrEnum):
    zh = "zh"
    en = "en"


def fmt(
    folder: BotFolder,
    keys: Annotated[Spelling | None, typer.Option(help="Respell all keys; default: as they are.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit status 1 when a file would change.")
    ] = False,
) -> None:
    """Lay out a bot's files calmly, with one spelling of the keys. Comments, order and texts stay."""
    from huashu.flows.formatting import format_folder, write
    from huashu.lab.tidying import format_tests

    spelling = keys.value if keys else None
    changed = [item for item in (*format_folder(folder, spelling), *format_tests(folder, spelling)) if item.changed]
    if not check:
        write(folder, changed)
    for item in changed:
        print(f"{folder / item.file}{': would change' if check else ''}")
    print(f"{len(changed)} files {'would change' if check else 'changed'}")
    raise typer.Exit(1 if check and changed else 0)


def schema(
    out: Annotated[Path | None, typer.Option(help="Write it here; default: standard output.")] = None,
) -> None:
    """The JSON Schema of a bot's files, for editors that complete and check while typing."""
    from huashu.flows.json_schema import json_schema

    text = json.dumps(json_schema(), ensure_ascii=False, indent=1) + "\n"
    _write(out or Path("-"), text)
    if out is not None:
        print(f"first line of each file: # yaml-language-server: $schema={out}", file=sys.stderr)


def graph(
    folder: BotFolder,
    svg: Annotated[Path | None, typer.Option(help="Write the picture here; default: the bot's name.svg.")] = None,
    mermaid: Annotated[Path | None, typer.Option(help="Write Mermaid text here; - for standard output.")] = None,
    coverage: Annotated[bool, typer.Option(help="Run the tests, show what they reach and what not.")] = False,
    trust: Annotated[bool, typer.Option(help="With --coverage: run the folder's own actions.py.")] = True,
) -> None:
    """Draw the flows: steps, answers, endings, and what works at any time."""
    from huashu.flows import draw, loader, picture
    from huashu.flows import mermaid as diagram

    script = loader.load(folder)
    shown = picture.picture(script)
    reached: dict[str, bool] | None = None
    if coverage:
        from huashu.lab.runner import run_tests

        found = run_tests(folder, trust=trust).coverage
        reached = {f"{part.kind} {part.name}": part in found.reached for part in found.parts}
    if mermaid is not None:
        _write(mermaid, diagram.mermaid(shown))
    if svg is not None or mermaid is None:
        _write(svg or Path(f"{script.name}.svg"), draw.draw(shown, reached))


def _write(path: Path, text: str) -> None:
    if str(path) == "-":
        sys.stdout.write(text)
        return
    if not path.parent.is_dir():
        raise UsageError(f"there is no folder {path.parent}; make it first")
    path.write_text(text, encoding="utf-8")
    print(path)


def diff(
    old: Annotated[Path, typer.Argument(help="A bot's folder, or an archive of one.", show_default=False)],
    new: Annotated[Path, typer.Argument(help="The other version.", show_default=False)],
    as_json: AsJson = False,
) -> None:
    """What changes for callers from one version of a script to another. Exit status 0 when nothing, 1 when anything."""
    from huashu.lab.difference import compare, open_script

    found = compare(open_script(old), open_script(new))
    print(json.dumps(found.data(), ensure_ascii=False, indent=2) if as_json else "\n".join(found.lines()))
    raise typer.Exit(0 if found.same else 1)
