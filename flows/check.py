"""check(folder): everything wrong with a bot's folder, in one run, and the script when nothing is."""

from dataclasses import dataclass
from pathlib import Path

from huashu.flows.bounds import Bounds
from huashu.flows.compiling import compile_script
from huashu.flows.findings import Finding, Findings
from huashu.flows.folder import Sources, read_folder
from huashu.flows.parse import parse
from huashu.flows.proving import prove_script
from huashu.flows.script import Script

__all__ = ["Finding", "Report", "check", "check_sources"]


@dataclass(frozen=True, slots=True)
class Report:
    findings: tuple[Finding, ...]
    """In order of file, line and column."""
    script: Script | None
    """None when there are errors; warnings alone do not keep a bot from running."""
    bounds: Bounds | None = None
    """How long a call can last and be silent; None when there is no script to read it off."""

    @property
    def errors(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "error")

    @property
    def warnings(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity == "warning")


def check(folder: Path, *, strict: bool = False) -> Report:
    """Reads a bot's folder and tells all that is wrong with it. Never raises on what the folder holds.

    strict: some warnings (messages.STRICT: what leaves a call without a bound) are errors.
    """
    findings = Findings(strict=strict)
    return check_sources(read_folder(Path(folder), findings), findings)


def check_sources(sources: Sources, findings: Findings) -> Report:
    """The same for files already in memory."""
    parsed = parse(sources, findings)
    script = compile_script(parsed, sources, findings)
    for file, data in sources.files.items():
        if b"huashu:" in data:
            findings.ignore(file, data.decode("utf-8", "replace"))
    bounds = prove_script(script, parsed, findings) if findings.only("private_spoken") else None
    if findings.errors:
        bounds = None
    return Report(findings.worded(parsed.language), None if findings.errors else script, bounds)
