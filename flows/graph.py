"""Checks on the compiled graph."""

from huashu.flows.findings import Findings
from huashu.flows.parse import Parsed
from huashu.flows.script import Script


def check_graph(script: Script, parsed: Parsed, findings: Findings) -> None:
    """Filled in next."""
