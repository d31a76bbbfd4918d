"""Commands that make a designer's work comfortable: fmt, graph, diff, schema, import."""

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
