"""One HTML page without scripts, outside fonts or links: it opens anywhere, prints, and follows light or dark."""

from collections.abc import Iterable, Sequence
from html import escape
from typing import Final

_STYLE: Final = """
:root{color-scheme:light dark;--ink:#1f2933;--soft:#66727f;--line:#dde3e9;--paper:#fff;--card:#f6f8fa;
--blue:#3f78c9;--red:#d23f31;--green:#1e8e4e}
@media(prefers-color-scheme:dark){:root{--ink:#e6e9ed;--soft:#9aa8b5;--line:#39434e;--paper:#151a20;--card:#1d242c;
--blue:#7aa7e8;--red:#f0766a;--green:#58c184}}
body{margin:0 auto;max-width:60rem;padding:1.5rem;background:var(--paper);color:var(--ink);
font:15px/1.5 'Noto Sans CJK SC','PingFang SC','Microsoft YaHei','Helvetica Neue',Arial,sans-serif}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}
p{margin:.3rem 0 .8rem;color:var(--soft)}
.tiles{display:flex;flex-wrap:wrap;gap:.75rem;margin:1rem 0}
.tile{background:var(--card);border-radius:8px;padding:.7rem 1rem;min-width:7.5rem}
.tile b{display:block;font-size:1.45rem}.tile span{color:var(--soft);font-size:.85rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:.3rem .5rem;border-bottom:1px solid var(--line);vertical-align:top}
th{color:var(--soft);font-weight:500}
td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.bar{display:inline-block;height:.6rem;border-radius:3px;background:var(--blue);vertical-align:middle}
svg{max-width:100%;height:auto}svg text{fill:var(--soft);font-size:11px}.wide{overflow-x:auto}
""".replace("\n", "")


def page(title: str, parts: Iterable[str], *, language: str) -> str:
    return (
        f'<!doctype html>\n<html lang="{escape(language)}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width,initial-scale=1"><title>{escape(title)}</title>'
        f"<style>{_STYLE}</style></head>\n<body><h1>{escape(title)}</h1>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def heading(text: str, note: str = "") -> str:
    return f"<h2>{escape(text)}</h2>" + (f"<p>{escape(note)}</p>" if note else "")


def tiles(figures: Iterable[tuple[str, str]]) -> str:
    """(figure, what it is)."""
    inner = "".join(
        f'<div class="tile"><b>{escape(figure)}</b><span>{escape(what)}</span></div>' for figure, what in figures
    )
    return f'<div class="tiles">{inner}</div>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str | float | None]]) -> str:
    """Numbers stand to the right; a float between 0 and 1 is a share and gets a bar."""
    head = "".join(f"<th>{escape(text)}</th>" for text in heads)
    body = "".join("<tr>" + "".join(map(_cell, row)) + "</tr>" for row in rows)
    return f'<div class="wide"><table><tr>{head}</tr>{body}</table></div>'


def _cell(value: str | float | None) -> str:
    match value:
        case None:
            return "<td></td>"
        case float():
            return f'<td><span class="bar" style="width:{4 * value:.2f}rem"></span> {value:.0%}</td>'
        case int():
            return f'<td class="n">{value}</td>'
        case text:
            return f"<td>{escape(text)}</td>"


def lines(series: Sequence[tuple[str, str, Sequence[tuple[float, float | None]]]], *, across: str) -> str:
    """Curves over 0 to 1 both ways: (name, CSS colour, points)."""
    left, top, wide, tall = 44.0, 12.0, 560.0, 240.0

    def at(x: float, y: float) -> str:
        return f"{left + wide * x:.1f} {top + tall * (1 - y):.1f}"

    grid = "".join(
        f'<path d="M{at(0, step / 5)} H{left + wide}" stroke="var(--line)"/>'
        f'<text x="{left - 6}" y="{top + tall * (1 - step / 5) + 4:.1f}" text-anchor="end">{step * 20}%</text>'
        f'<text x="{left + wide * step / 5:.1f}" y="{top + tall + 16}" text-anchor="middle">{step / 5:g}</text>'
        for step in range(6)
    )
    curves = ""
    for number, (name, colour, points) in enumerate(series):
        path = " L".join(at(x, y) for x, y in points if y is not None)
        curves += f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2"/>' if path else ""
        x = left + 10 + number * 180
        curves += f'<path d="M{x} {top + tall + 42} h22" stroke="{colour}" stroke-width="3"/>'
        curves += f'<text x="{x + 28}" y="{top + tall + 46}">{escape(name)}</text>'
    label = f'<text x="{left + wide / 2}" y="{top + tall + 30}" text-anchor="middle">{escape(across)}</text>'
    return f'<svg viewBox="0 0 620 {top + tall + 54:.0f}" role="img">{grid}{curves}{label}</svg>'


def matrix(names: Sequence[str], counts: dict[tuple[str, str], int]) -> str:
    """Rows are what was meant, columns what was understood; darker is more of the row, the diagonal is right."""
    cell, left, top = 20.0, 150.0, 130.0
    side = cell * len(names)
    shapes = []
    for row, meant in enumerate(names):
        total = sum(count for (wanted, _), count in counts.items() if wanted == meant) or 1
        y = top + cell * row
        shapes.append(f'<text x="{left - 6}" y="{y + 14}" text-anchor="end">{escape(meant[:16])}</text>')
        for column, told in enumerate(names):
            count = counts.get((meant, told), 0)
            if count:
                colour = "var(--green)" if meant == told else "var(--red)"
                x = left + cell * column
                shapes.append(
                    f'<rect x="{x}" y="{y}" width="{cell - 1}" height="{cell - 1}" fill="{colour}" '
                    f'fill-opacity="{0.15 + 0.85 * count / total:.2f}">'
                    f"<title>{escape(meant)} → {escape(told)}: {count}</title></rect>"
                )
    for column, told in enumerate(names):
        x = left + cell * column + 13
        shapes.append(f'<text transform="translate({x} {top - 6}) rotate(-60)">{escape(told[:16])}</text>')
    return (
        f'<div class="wide"><svg width="{left + side + 40:.0f}" role="img" '
        f'viewBox="0 0 {left + side + 40:.0f} {top + side + 4:.0f}">{"".join(shapes)}</svg></div>'
    )
