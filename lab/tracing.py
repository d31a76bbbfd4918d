"""Coverage for other programs: an lcov tracefile, which editors and CI systems paint beside the script's own lines.

In lcov's terms a line is hit when something written on it was reached, and each answer, rung or ending that stands on
it is a branch of its own (format: geninfo(1) of the Linux Test Project).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from huashu.lab.coverage import Coverage, Part
from huashu.lab.report import TestReport


def lcov(report: TestReport, folder: Path) -> str:
    """The tracefile; files are named as paths below `folder`'s own."""
    out: list[str] = []
    for file, lines in _by_file(report.coverage).items():
        out += ["TN:", f"SF:{(folder / file).as_posix()}"]
        counts = report.coverage.counts
        taken = [(line, number, counts.get(part, 0)) for line, parts in lines for number, part in enumerate(parts)]
        out += [f"BRDA:{line},0,{number},{count or '-'}" for line, number, count in taken]
        out += [f"BRF:{len(taken)}", f"BRH:{sum(count > 0 for *_, count in taken)}"]
        hits = [(line, sum(counts.get(part, 0) for part in parts)) for line, parts in lines]
        out += [f"DA:{line},{count}" for line, count in hits]
        out += [f"LF:{len(hits)}", f"LH:{sum(count > 0 for _, count in hits)}", "end_of_record"]
    return "\n".join(out) + "\n"


def table(report: TestReport) -> dict[str, Any]:
    """The same as data: every part of the script with its place and how often it was reached."""
    coverage = report.coverage
    return {
        "bot": report.bot,
        "answers_covered": round(report.covered, 4),
        "parts": [
            {
                "kind": part.kind,
                "name": part.name,
                "file": part.place.file if part.place else None,
                "line": part.place.line if part.place else None,
                "count": coverage.counts.get(part, 0),
            }
            for part in coverage.parts
        ],
    }


def _by_file(coverage: Coverage) -> dict[str, list[tuple[int, list[Part]]]]:
    """By file, the lines that hold anything, in order, with what stands on them."""
    found: dict[str, dict[int, list[Part]]] = {}
    for place, part in _placed(coverage):
        found.setdefault(place[0], {}).setdefault(place[1], []).append(part)
    return {file: sorted(lines.items()) for file, lines in found.items()}


def _placed(coverage: Coverage) -> Iterator[tuple[tuple[str, int], Part]]:
    for part in coverage.parts:
        if part.place is not None:
            yield (part.place.file, part.place.line), part
