"""A sheet to draw on, as SVG text: boxes, pills, lines, lettering. Knows nothing of scripts.

Everything is in CSS pixels. No scripts, no outside fonts or links: the file opens anywhere and prints.
"""

from collections.abc import Sequence
from html import escape

FONT = "'Noto Sans CJK SC','Source Han Sans SC','PingFang SC','Microsoft YaHei','Helvetica Neue',Arial,sans-serif"


class Sheet:
    """Shapes are kept in layers, so that lines lie under boxes whatever the order they are drawn in."""

    def __init__(self) -> None:
        self._layers: dict[int, list[str]] = {}

    def box(
        self, x: float, y: float, width: float, height: float, *, fill: str, edge: str, radius: float = 6.0,
        stroke: float = 1.2, dashed: bool = False, layer: int = 2,
    ) -> None:  # fmt: skip
        """(x, y) is the top left corner."""
        dash = ' stroke-dasharray="5 3"' if dashed else ""
        self._put(
            layer,
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:g}" '
            f'fill="{fill}" stroke="{edge}" stroke-width="{stroke:g}"{dash}/>',
        )

    def text(
        self, x: float, y: float, text: str, *, size: float = 12.0, fill: str = "#1f2933", bold: bool = False,
        anchor: str = "start", layer: int = 4,
    ) -> None:  # fmt: skip
        """(x, y) is where the base line begins (or has its middle or end, by `anchor`)."""
        weight = ' font-weight="600"' if bold else ""
        where = f' text-anchor="{anchor}"' if anchor != "start" else ""
        self._put(
            layer,
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}" fill="{fill}"{weight}{where}>{escape(text)}</text>',
        )

    def path(self, d: str, *, edge: str, stroke: float = 1.4, dashed: bool = False, arrow: str = "") -> None:
        dash = ' stroke-dasharray="5 3"' if dashed else ""
        end = f' marker-end="url(#{arrow})"' if arrow else ""
        self._put(1, f'<path d="{d}" fill="none" stroke="{edge}" stroke-width="{stroke:g}"{dash}{end}/>')

    def _put(self, layer: int, shape: str) -> None:
        self._layers.setdefault(layer, []).append(shape)

    def svg(self, width: float, height: float, title: str, arrows: Sequence[tuple[str, str]]) -> str:
        """The whole file. `arrows`: (id, colour) of the arrow heads that paths name."""
        heads = "".join(
            f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" '
            f'orient="auto-start-reverse"><path d="M0 1 L9 5 L0 9 z" fill="{colour}"/></marker>'
            for name, colour in arrows
        )
        shapes = "\n".join(shape for layer in sorted(self._layers) for shape in self._layers[layer])
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
            f'viewBox="0 0 {width:.0f} {height:.0f}" font-family="{FONT}">\n<title>{escape(title)}</title>\n'
            f'<defs>{heads}</defs>\n<rect width="100%" height="100%" fill="#ffffff"/>\n{shapes}\n</svg>\n'
        )
