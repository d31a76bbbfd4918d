"""The command line: `huashu`. Each command imports what it needs when it runs, so `huashu --version` is instant."""

import logging
import os
import sys
from typing import Annotated

import typer

from huashu import (
    __version__,
    cli_design,
    cli_desk,
    cli_forget,
    cli_import,
    cli_kb,
    cli_listen,
    cli_new,
    cli_nlu,
    cli_records,
    cli_script,
    cli_serve,
    cli_simulate,
    cli_talk,
    cli_test,
    cli_voices,
)

app = typer.Typer(
    help="Huashu 话术: talk scripts, checked, tested, and talked to.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("new")(cli_new.new)
app.command("check")(cli_script.check)
app.command("test")(cli_test.run_tests)
app.command("simulate")(cli_simulate.simulate)
app.command("train")(cli_script.train)
app.command("fmt")(cli_design.fmt)
app.command("schema")(cli_design.schema)
app.command("diff")(cli_design.diff)
app.command("graph")(cli_design.graph)
app.command("chat")(cli_talk.chat)
app.command("call")(cli_talk.call)
app.command("listen")(cli_listen.listen)
app.command("voices")(cli_voices.voices)
app.command("serve")(cli_serve.serve)
app.add_typer(cli_desk.app, name="desk")
app.add_typer(cli_import.app, name="import")
app.add_typer(cli_kb.app, name="kb")
app.add_typer(cli_nlu.app, name="nlu")
app.add_typer(cli_records.models, name="models")
cli_records.calls.command("erase")(cli_forget.erase_call)
cli_records.calls.command("sweep")(cli_forget.sweep_calls)
app.add_typer(cli_records.calls, name="calls")


def _version(wanted: bool) -> None:
    if wanted:
        print(f"huashu {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Show it.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens (never what is said).")] = False,
) -> None:
    level = logging.INFO if verbose else logging.WARNING
    logging.basicConfig(level=level, stream=sys.stderr, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def main() -> None:
    """Entry point: errors raised on purpose are one clear message and exit status 1, never a traceback."""
    from huashu.core.errors import HuashuError, ScriptError

    try:
        app()
    except ScriptError as error:
        # The findings as `huashu check` prints them, so that an editor finds its way from each of them.
        print(error, file=sys.stderr)
        print(
            f"huashu: 话术有 {len(str(error).splitlines())} 处错误，没有运行 · mistakes in the script", file=sys.stderr
        )
        sys.exit(1)
    except HuashuError as error:
        print(f"huashu: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # the reader (`head`, a closed pager) has seen enough; keep Python from complaining about it at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(141)


if __name__ == "__main__":
    main()
