"""load(folder): a bot's folder as a Script, and the archive of it that the store keeps by digest."""

from pathlib import Path

from huashu.core.errors import ScriptError
from huashu.flows.check import Report, check, check_sources
from huashu.flows.findings import Findings
from huashu.flows.folder import pack, read_folder, unpack
from huashu.flows.script import Script


def load(folder: Path) -> Script:
    """The compiled bot in `folder`.

    Raises:
        ScriptError: the message holds every error, one `file:line:column: message` a line.
    """
    return _script(check(Path(folder)))


def bundle(folder: Path) -> bytes:
    """The bot's files as one archive: what `load_bundle` reads, the same bytes for the same files.

    Recordings stay outside: a line keeps the path of its own. Nothing is checked.

    Raises:
        ScriptError: a file cannot be read or the folder is too big.
    """
    findings = Findings()
    sources = read_folder(Path(folder), findings)
    if findings.errors:
        raise ScriptError("\n".join(map(str, findings.worded("en"))))
    return pack(sources)


def load_bundle(data: bytes) -> Script:
    """The compiled bot in an archive made by `bundle`. Recordings are taken to be where they were.

    Raises:
        ScriptError: no archive of a bot, or a bot with errors.
    """
    return _script(check_sources(unpack(data), Findings()))


def _script(report: Report) -> Script:
    if report.script is None:
        raise ScriptError("\n".join(map(str, report.errors)))
    return report.script
