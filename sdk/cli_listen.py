"""`huashu listen`: a page about a recording."""

import json
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from huashu.cli_voices import page_language
from huashu.core.errors import UsageError

_LONGEST_SOUND = 1200.0
"""Seconds of sound that a page may hold: 38 MB at 8 kHz, which browsers still open at once."""


def listen(
    recording: Annotated[Path, typer.Argument(help="Stereo WAV: caller left, bot right.", show_default=False)],
    log: Annotated[
        Path | None, typer.Option(help="Its events, as `huashu calls show CALL --json` prints them.")
    ] = None,
    call: Annotated[str, typer.Option(help="Its id in the record: with --store, instead of --log.")] = "",
    store: Annotated[str, typer.Option(metavar="URL", help="sqlite:///calls.db or a path.")] = "calls.db",
    out: Annotated[Path, typer.Option(help="Write the page here.")] = Path("listen.html"),
    language: Annotated[str, typer.Option(help="Of the page: zh-CN or en.")] = "zh-CN",
    sound: Annotated[
        bool, typer.Option("--sound/--no-sound", help="Put the sound into the page, up to 20 minutes of it.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures instead.")] = False,
) -> None:
    """One HTML page about a recording: both sides, who spoke when, events, the time to every answer."""
    from huashu.voice.listening import listen as heard_in
    from huashu.voice.listening_page import listening_page

    page_language(language)
    if log is not None and call:
        raise UsageError("--log or --call: one of them says what happened")
    heard = heard_in(recording)
    if as_json:
        print(json.dumps(_figures(heard), ensure_ascii=False, indent=2))
        return
    marks = _logged(log) if log is not None else _recorded(store, call) if call else []
    wav = recording.read_bytes() if sound and heard.seconds <= _LONGEST_SOUND else None
    _enter(store, call, recording, out)
    out.write_text(listening_page(recording.name, heard, marks, language=language, sound=wav), encoding="utf-8")
    print(out)


def _enter(url: str, call: str, recording: Path, out: Path) -> None:
    """The page holds what was said: whoever erases the call is to find it. Known are the calls that are named, and
    those whose recording the record knows."""
    from huashu.cli_records import open_store, there_is
    from huashu.store.files import Files

    if not there_is(url):
        return
    with open_store(url) as opened:
        files = Files(opened)
        known = call or files.call_of(recording)
        if known:
            files.put(out, known, "report", time.time())


def _logged(path: Path) -> list[tuple[float, Any]]:
    from huashu.core.codec import from_data

    try:
        rows = json.loads(path.read_text(encoding="utf-8"))["events"]
        pairs = [(float(row["now"]), {key: row[key] for key in row if key not in ("seq", "now")}) for row in rows]
    except (OSError, ValueError, KeyError, TypeError) as error:
        wanted = 'an object {"events": [{"now": seconds, "type": …}]}, as `huashu calls show CALL --json` prints it'
        raise UsageError(f"{path} is no event log: {wanted}") from error
    return [(now, from_data(data)) for now, data in pairs]


def _recorded(url: str, call: str) -> list[tuple[float, Any]]:
    """Events of the record, and what the bot did: the same script and log give the actions again."""
    from huashu.cli_records import open_store
    from huashu.flows.loader import load_bundle
    from huashu.runtime.replay import replay

    with open_store(url) as opened:
        marks: list[tuple[float, Any]] = [(entry.now, entry.event) for entry in opened.read(call)]
        content = opened.get_script(opened.call(call).digest)
        if content is not None:
            result = replay(opened, call, load_bundle(content))
            marks += [(turn.entry.now, action) for turn in result.turns for action in turn.actions]
    return marks


def _figures(heard: Any) -> dict[str, Any]:
    turns = [
        {"start": turn.caller.start, "end": turn.caller.end, "answer": turn.answer, "over": turn.over}
        for turn in heard.turns
    ]
    sides = {
        name: {"seconds": side.seconds, "level": side.level, "clipped": side.clipped}
        for name, side in (("caller", heard.caller), ("bot", heard.bot))
    }
    return {
        "seconds": heard.seconds,
        **sides,
        "both": heard.both,
        "longest_silence": heard.longest_silence,
        "turns": turns,
    }
