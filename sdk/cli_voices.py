"""`huashu voices`: what voices there are, and a page to listen to them."""

import json
from pathlib import Path
from typing import Annotated

import typer

from huashu.core.errors import UsageError
from huashu.core.language import primary


def voices(
    model: Annotated[
        list[Path] | None, typer.Option(metavar="FOLDER", help="Weights to look at besides those in the cache.")
    ] = None,
    samples: Annotated[
        Path | None, typer.Option(metavar="OUT.html", help="Write a page with a player for each voice that is here.")
    ] = None,
    language: Annotated[str, typer.Option(help="Of the page: zh-CN or en.")] = "zh-CN",
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """The voices on this machine, and some that can be had: language, licence, rate, where the weights come from."""
    from huashu.tts.voices import voices as listed

    page_language(language)
    found = listed(model or ())
    if samples is not None:
        from huashu.voice.samples_page import samples_page

        samples.write_text(samples_page(found, language=language), encoding="utf-8")
        print(samples)
        return
    if as_json:
        fields = ("name", "engine", "languages", "sex", "rate", "licence", "source", "checksum", "here")
        print(
            json.dumps([{name: getattr(one, name) for name in fields} for one in found], ensure_ascii=False, indent=2)
        )
        return
    wide = max(len(one.name) for one in found)
    for one in found:
        rate = f"{one.rate / 1000:g} kHz"
        told = f"{one.name:<{wide}}  {one.engine:<7} {' '.join(one.languages):<6} {one.sex:<7} {rate:<10}"
        print(f"{told} {'here' if one.here else 'to be had'}")
        digest = f" · SHA-256 {one.checksum[:16]}…" if one.checksum else ""
        print(f"{'':<{wide}}  {one.source} · {one.licence or 'licence not stated'}{digest}")
    if not all(one.here for one in found):
        print("\nTo be had: put the files of that source into a folder, then --voice ENGINE --voice-model FOLDER.")


def page_language(told: str) -> None:
    """Raises UsageError for a language in which no page is written."""
    if primary(told) not in ("zh", "en"):
        raise UsageError(f"--language {told}: expected zh-CN or en", code="language")
