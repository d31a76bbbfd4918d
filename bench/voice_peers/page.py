"""One self-contained HTML page of a comparison: distributions as steps, counts as bars; inline SVG, no script."""

import html
from collections.abc import Mapping, Sequence

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 12, 44
COLOURS = {"ours": "#0b6e4f", "ours free": "#6fb98f", "pipecat": "#c1440e", "livekit": "#3556a8", "null": "#999999"}
DASHES = {"ours": "", "ours free": "7 3", "pipecat": "2 3", "livekit": "10 3 2 3", "null": ""}
STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 700px; padding: 0 1rem;
  color: #1c1c1c; background: #fff; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.05rem; margin: 2rem 0 .3rem; }
p.note { color: #555; margin: .2rem 0 .6rem; } svg { width: 100%; height: auto; }
table { border-collapse: collapse; margin: 1rem 0; }
td, th { border-bottom: 1px solid #ddd; padding: .25rem .7rem; text-align: right; }
td:first-child, th:first-child { text-align: left; } text { font: 12px system-ui, sans-serif; fill: #333; }
"""


def steps(series: Mapping[str, Sequence[float]], unit: str, most: float, wanted: float | None = None) -> str:
    """Shares of values that are at most so large. `most`: where the axis ends; what lies beyond is told in the key."""
    parts = [_frame()]
    for tick in range(6):
        value = most * tick / 5
        x = _x(value / most)
        parts.append(f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#eee"/>')
        parts.append(f'<text x="{x}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{value:g}</text>')
    for tick in range(5):
        y = _y(tick / 4)
        parts.append(f'<text x="{LEFT - 6}" y="{y + 4}" text-anchor="end">{25 * tick} %</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{unit}</text>')
    if wanted is not None:
        x = _x(wanted / most)
        parts.append(
            f'<line x1="{x}" x2="{x}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" stroke="#888" stroke-dasharray="3 3"/>'
        )
        parts.append(f'<text x="{x + 4}" y="{HEIGHT - BOTTOM - 6}">promise (p50)</text>')
    for name, values in series.items():
        ordered = sorted(values)
        points = [f"{_x(0)},{_y(0)}"]
        for number, value in enumerate(ordered):
            if value > most:
                points.append(f"{_x(1)},{_y(number / len(ordered))}")
                break
            x = _x(value / most)
            points += [f"{x},{_y(number / len(ordered))}", f"{x},{_y((number + 1) / len(ordered))}"]
        else:
            points.append(f"{_x(1)},{_y(1)}")
        parts.append(
            f'<polyline fill="none" stroke="{COLOURS[name]}" stroke-width="2.5" stroke-dasharray="{DASHES[name]}" '
            f'points="{" ".join(points)}"/>'
        )
    return _svg(parts) + _key(series, most)


def bars(values: Mapping[str, float], unit: str) -> str:
    most = max([*values.values(), 1e-9]) * 1.15
    step = (HEIGHT - TOP - BOTTOM) / max(1, len(values))
    parts = []
    for number, (name, value) in enumerate(values.items()):
        y = TOP + number * step
        length = (WIDTH - 2 * LEFT - 90) * value / most
        parts.append(f'<text x="90" y="{y + step / 2 + 4}" text-anchor="end">{html.escape(name)}</text>')
        parts.append(
            f'<rect x="98" y="{y + 4}" width="{max(length, 1):.1f}" height="{step - 10:.1f}" fill="{COLOURS[name]}"/>'
        )
        parts.append(f'<text x="{98 + length + 6:.1f}" y="{y + step / 2 + 4}">{value:.3g}</text>')
    parts.append(f'<text x="98" y="{HEIGHT - 16}">{html.escape(unit)}</text>')
    return _svg(parts)


def table(rows: Sequence[Sequence[str]]) -> str:
    head, *body = rows
    lines = ["<table><tr>" + "".join(f"<th>{html.escape(cell)}</th>" for cell in head) + "</tr>"]
    lines += ["<tr>" + "".join(f"<td>{html.escape(cell)}</td>" for cell in row) + "</tr>" for row in body]
    return "".join(lines) + "</table>"


def page(title: str, intro: str, sections: Sequence[tuple[str, str, str]]) -> str:
    """sections: (heading, note, what is shown)."""
    body = "".join(
        f'<h2>{html.escape(heading)}</h2><p class="note">{html.escape(note)}</p>{shown}'
        for heading, note, shown in sections
    )
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style></head><body><h1>{html.escape(title)}</h1><p>{html.escape(intro)}</p>{body}</body></html>"
    )


def _frame() -> str:
    return (
        f'<rect x="{LEFT}" y="{TOP}" width="{WIDTH - LEFT - RIGHT}" height="{HEIGHT - TOP - BOTTOM}" '
        'fill="none" stroke="#bbb"/>'
    )


def _svg(parts: Sequence[str]) -> str:
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img">{"".join(parts)}</svg>'


def _key(series: Mapping[str, Sequence[float]], most: float) -> str:
    entries = []
    for name, values in series.items():
        beyond = sum(value > most for value in values)
        more = f", {beyond} of {len(values)} beyond" if beyond else ""
        entries.append(
            f'<svg viewBox="0 0 30 8" style="width:30px;height:8px"><line x1="0" x2="30" y1="4" y2="4" '
            f'stroke="{COLOURS[name]}" stroke-width="2.5" stroke-dasharray="{DASHES[name]}"/></svg> {name}{more}'
        )
    return "<p>" + " &nbsp; ".join(entries) + "</p>"


def _x(share: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * share, 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share, 1)
