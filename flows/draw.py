"""A script as one sheet of SVG: a panel for every flow, beside them the endings and what works at any time.

Every way out stands right under the step it leaves, and an arrow that would run back up is a dashed pill with the name
of the step it returns to: so no line crosses half the sheet, and the eye follows one thread downwards.
"""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from huashu.flows.draw_lists import Items, Side
from huashu.flows.layout import MAIN, Line, Placed, lay_out
from huashu.flows.lettering import width, wrap
from huashu.flows.palette import (
    BOX,
    GREY,
    GUTTER,
    HIT,
    INK,
    INSET,
    KINDS,
    LINE,
    MARGIN,
    MISS,
    MOST_LINES,
    PLAIN,
    SMALL,
    TEXT,
    TITLE,
    Reached,
    colours,
    state_of,
)
from huashu.flows.picture import Arrow, Box, Exit, Label, Panel, Picture
from huashu.flows.svg import Sheet


def draw(picture: Picture, reached: Reached | None = None) -> str:
    """The SVG. With `reached`, what tests reach is green, what they miss dashed and red."""
    sheet = Sheet()
    panels = [_Panel(panel, picture, reached) for panel in picture.panels]
    sizes = [(panel.width, panel.height) for panel in panels]
    sides = (Side(picture, reached, columns=1), Side(picture, reached, columns=2))
    _, columns, side = min((_columns(sizes, side) for side in sides), key=lambda found: found[0])
    top = MARGIN + 52
    sheet.text(MARGIN, MARGIN + 22, picture.title, size=22, bold=True)
    if reached is not None:
        _coverage_key(sheet, picture, reached, MARGIN + 40 + width(picture.title) * 22)
    x, bottom = MARGIN, top
    for column in columns:
        y = top
        for index in column:
            panels[index].draw(sheet, x, y)
            y += panels[index].height + GUTTER
        bottom = max(bottom, y)
        x += max(panels[index].width for index in column) + GUTTER
    side.draw(sheet, x, top)
    height = max(bottom - GUTTER, top + side.height) + MARGIN
    return sheet.svg(x + side.width + MARGIN, height, picture.title, (("end", LINE), ("hit", HIT), ("miss", MISS)))


RATIO = 1.5
"""Width to height that the sheet should come near: paper laid sideways."""


def _columns(sizes: list[tuple[float, float]], side: Side) -> tuple[float, list[list[int]], Side]:
    """Panels in reading order, column by column; as many columns as waste least paper near RATIO. First the waste."""
    best: tuple[float, list[list[int]]] = (float("inf"), [])
    limits = {sum(h + GUTTER for _, h in sizes[a:b]) for a in range(len(sizes)) for b in range(a + 1, len(sizes) + 1)}
    for limit in sorted(limits):
        columns: list[list[int]] = [[]]
        for index, (_, height) in enumerate(sizes):
            used = sum(sizes[other][1] + GUTTER for other in columns[-1])
            if columns[-1] and used + height + GUTTER > limit + 1:
                columns.append([])
            columns[-1].append(index)
        wide = sum(max(sizes[n][0] for n in column) + GUTTER for column in columns) + side.width
        high = max(side.height, max(sum(sizes[n][1] + GUTTER for n in column) for column in columns))
        waste = wide * high * max(wide / high / RATIO, RATIO * high / wide)
        if waste < best[0]:
            best = (waste, columns)
    return (*best, side)


def _coverage_key(sheet: Sheet, picture: Picture, reached: Reached, x: float) -> None:
    words, y = picture.words, MARGIN + 16
    share = f"{sum(reached.values())}/{len(reached)}"
    sheet.text(x, y + 5, f"{words('coverage')} {share}", size=TITLE, fill=GREY)
    x += width(f"{words('coverage')} {share}") * TITLE + 26
    for name, colour, dashed in (("reached", HIT, False), ("missed", MISS, True)):
        sheet.box(x, y - 7, 22, 14, fill="#ffffff", edge=colour, stroke=2, dashed=dashed, radius=3)
        sheet.text(x + 30, y + 5, words(name), size=TEXT, fill=GREY)
        x += 30 + width(words(name)) * TEXT + 24


TALL = 1900.0
"""Height from which a flow is drawn in several columns: about 14 steps one under the other."""


# --- one flow ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Pill:
    """What an arrow ends in when that is no box: a way out, or the name of a step further up."""

    text: str
    colours: tuple[str, str]
    dashed: bool = False
    part: str = ""

    @property
    def size(self) -> tuple[float, float]:
        lines = self.lines
        return max(max(map(width, lines)) * TEXT + 26, 60.0), 14.0 + 16.0 * len(lines)

    @property
    def lines(self) -> list[str]:
        return wrap(self.text, 11, 2) or [""]


class _Panel:
    def __init__(self, panel: Panel, picture: Picture, reached: Reached | None) -> None:
        self._panel, self._words, self._reached = panel, picture.words, reached
        self._boxes = {box.id: box for box in panel.boxes}
        self._lay_out({})
        if self._drawing.height > TALL:
            self._lay_out(self._pieces())
        self._items = Items(panel.anytime, picture, reached, max(self._drawing.width, BOX + 60))
        self.width = max(self._drawing.width, self._items.width if panel.anytime else 0.0) + 2 * INSET
        self._below = self._items.height + 40 if panel.anytime else 0.0
        self.height = self._drawing.height + 48 + INSET + self._below

    def _lay_out(self, piece: Mapping[str, int]) -> None:
        """`piece`: steps of a long flow by the column they stand in; arrows between columns end in a pill."""
        panel, main_arrows, after = self._panel, _main(self._panel), _after(self._panel)
        self._pills: dict[str, _Pill] = {}
        self._arrows: list[tuple[Arrow, list[tuple[str, Label]]]] = []
        self._lines: list[Line] = []
        for number, arrow in enumerate(panel.arrows):
            source, target, labels = arrow.source, arrow.target, _label_lines(arrow.labels)
            away = isinstance(target, str) and bool(source) and piece.get(source) != piece.get(target)
            if away or isinstance(target, Exit) or _returns(arrow, panel, after):
                name = f"pill {number}"
                back = isinstance(target, str) and _returns(arrow, panel, after)
                self._pills[name] = self._pill(target, "back" if back else "go")
                target = name
            if not source:
                source, labels = f"entry {number}", []
                text = "、".join(label.text for label in arrow.labels)
                self._pills[source] = _Pill(f"{self._words('anytime')}：{text}", PLAIN, True, arrow.labels[0].part)
            size = (max((width(line) for line, _ in labels), default=0) * SMALL + 8, 14.0 * len(labels))
            main = main_arrows.get(arrow.source) is arrow
            weight = MAIN if main else 2.0 if target in self._boxes else 1.0
            self._lines.append(Line(source, target, size if labels else (0.0, 0.0), weight))
            self._arrows.append((arrow, labels))
        sizes = {name: (BOX, self._height(box)) for name, box in self._boxes.items()}
        sizes |= {name: pill.size for name, pill in self._pills.items()}
        self._drawing = lay_out(sizes, self._lines)

    def _pieces(self) -> dict[str, int]:
        """Columns of about the same height, by how far down a step stands."""
        columns = math.ceil(self._drawing.height / TALL)
        share = self._drawing.height / columns
        return {name: int(self._drawing.nodes[name].y // share) for name in self._boxes}

    def _pill(self, target: str | Exit, way: str) -> _Pill:
        if isinstance(target, str):
            return _Pill(self._words(way, target), PLAIN, True)
        text = f"{target.text} · {target.label}" if target.label else target.text
        return _Pill(text, colours(target), target.kind in ("link", "return"), target.part)

    def _height(self, box: Box) -> float:
        return 32 + 16 * len(_lines(box)) + sum(13 * len(wrap(note, 18.5, 2)) for note in box.notes) + 8

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        sheet.box(x, y, self.width, self.height, fill="#fbfcfd", edge="#d5dbe1", radius=10, layer=0)
        name = f"{self._words('flow')} {self._panel.name}"
        sheet.text(x + INSET, y + 24, name, size=14, bold=True)
        if self._panel.start:
            sheet.text(x + INSET + width(name) * 14 + 18, y + 24, self._words("start"), size=SMALL, fill=GREY)
        left = x + (self.width - self._drawing.width) / 2
        for line, (arrow, labels), route in zip(self._lines, self._arrows, self._drawing.routes, strict=True):
            self._line(sheet, left, y + 48, line, arrow, labels, route)
        for name, box in self._boxes.items():
            self._box(sheet, left, y + 48, box, self._drawing.nodes[name])
        for name, pill in self._pills.items():
            self._draw_pill(sheet, left, y + 48, pill, self._drawing.nodes[name])
        if self._panel.anytime:
            top = y + self.height - self._below
            sheet.text(x + INSET, top + 14, self._words("anytime"), size=TITLE, bold=True, fill=GREY)
            self._items.draw(sheet, x + INSET, top + 22)

    def _box(self, sheet: Sheet, left: float, top: float, box: Box, at: Placed) -> None:
        x, y = left + at.x - at.width / 2, top + at.y - at.height / 2
        fill, edge = KINDS[box.kind]
        state = state_of(self._reached, box.part)
        edge = edge if state is None else HIT if state else MISS
        sheet.box(x, y, at.width, at.height, fill=fill, edge=edge, stroke=1.3 if state is None else 2.2,
                  dashed=state is False)  # fmt: skip
        tag = f"{self._words(box.kind)} {box.detail}".strip()
        room = (at.width - 30) / SMALL - width(box.title) * TITLE / SMALL
        sheet.text(x + 11, y + 20, box.title, size=TITLE, bold=True)
        short = (wrap(tag, max(room, 3), 1) or [""])[0]
        sheet.text(x + at.width - 10, y + 20, short, size=SMALL, fill=GREY, anchor="end")
        line = y + 37
        for text in _lines(box):
            sheet.text(x + 11, line, text, size=TEXT)
            line += 16
        for note in box.notes:
            for text in wrap(note, 18.5, 2):
                sheet.text(x + 11, line, text, size=SMALL - 0.5, fill=GREY)
                line += 13

    def _draw_pill(self, sheet: Sheet, left: float, top: float, pill: _Pill, at: Placed) -> None:
        fill, edge = pill.colours
        x, y = left + at.x - at.width / 2, top + at.y - at.height / 2
        missed = state_of(self._reached, pill.part) is False
        sheet.box(x, y, at.width, at.height, fill=fill, edge=MISS if missed else edge, radius=at.height / 2,
                  dashed=pill.dashed or missed)  # fmt: skip
        for number, text in enumerate(pill.lines):
            sheet.text(left + at.x, y + 20 + 16 * number, text, size=TEXT, anchor="middle",
                       fill=INK if pill.dashed else edge, bold=not pill.dashed)  # fmt: skip

    def _line(
        self, sheet: Sheet, left: float, top: float, line: Line, arrow: Arrow,
        labels: list[tuple[str, Label]], route: list[Placed],
    ) -> None:  # fmt: skip
        states = [state for label in arrow.labels if (state := state_of(self._reached, label.part)) is not None]
        colour, head = (LINE, "end") if not states else (HIT, "hit") if any(states) else (MISS, "miss")
        source, target = self._drawing.nodes[line.source], self._drawing.nodes[line.target]
        x, y = self._port(line), source.y + source.height / 2
        d = f"M{left + x:.1f} {top + y:.1f}"
        for place in route:
            d += _bend(left + x, top + y, left + place.x, top + place.y - place.height / 2)
            x, y = place.x, place.y + place.height / 2
            d += f" L{left + x:.1f} {top + y:.1f}"
        d += _bend(left + x, top + y, left + target.x, top + target.y - target.height / 2)
        sheet.path(d, edge=colour, dashed=bool(states) and not any(states), arrow=head)
        if not labels:
            return
        at = route[0]
        sheet.box(left + at.x - at.width / 2, top + at.y - at.height / 2, at.width, at.height, fill="#fbfcfd",
                  edge="none", radius=3, layer=3)  # fmt: skip
        for number, (text, label) in enumerate(labels):
            state = state_of(self._reached, label.part)
            fill = GREY if state is None else HIT if state else MISS
            sheet.text(left + at.x, top + at.y - at.height / 2 + 11 + 14 * number, text, size=SMALL, fill=fill,
                       anchor="middle")  # fmt: skip

    def _port(self, line: Line) -> float:
        """Where an arrow leaves its box: in the order of where they go, over the middle of the lower edge."""
        nodes, routes = self._drawing.nodes, self._drawing.routes
        out = [
            (route[0].x if route else nodes[other.target].x, index)
            for index, (other, route) in enumerate(zip(self._lines, routes, strict=True))
            if other.source == line.source
        ]
        out.sort()
        own = next(n for n, (_, index) in enumerate(out) if self._lines[index] is line)
        source = nodes[line.source]
        return source.x + (own - (len(out) - 1) / 2) * min(40.0, source.width * 0.7 / len(out))


def _bend(x: float, y: float, to_x: float, to_y: float) -> str:
    middle = (y + to_y) / 2
    return f" C{x:.1f} {middle:.1f} {to_x:.1f} {middle:.1f} {to_x:.1f} {to_y:.1f}"


def _lines(box: Box) -> list[str]:
    return wrap(box.text, (BOX - 22) / TEXT, MOST_LINES)


def _label_lines(labels: tuple[Label, ...]) -> list[tuple[str, Label]]:
    return [(line, label) for label in labels for line in wrap(label.text, 13, 2)]


def _after(panel: Panel) -> dict[str, set[str]]:
    """Step → the steps that can come after it."""
    direct: dict[str, set[str]] = {box.id: set() for box in panel.boxes}
    for arrow in panel.arrows:
        if arrow.source and isinstance(arrow.target, str):
            direct[arrow.source].add(arrow.target)
    found: dict[str, set[str]] = {}
    for name in direct:
        todo, seen = [*direct[name]], set[str]()
        while todo:
            other = todo.pop()
            if other not in seen:
                seen.add(other)
                todo += direct[other]
        found[name] = seen
    return found


def _main(panel: Panel) -> dict[str, Arrow]:
    """Of each step the arrow that the conversation is meant to take: to the step written next, else the first one."""
    order = [box.id for box in panel.boxes]
    alone = Counter(arrow.source for arrow in panel.arrows)
    found: dict[str, Arrow] = {}
    for arrow in panel.arrows:
        if isinstance(arrow.target, Exit) or not arrow.source:
            follows = alone[arrow.source] == 1 and bool(arrow.source)
        else:
            follows = order.index(arrow.target) == order.index(arrow.source) + 1
        if follows or (isinstance(arrow.target, str) and arrow.source not in found):
            found[arrow.source] = arrow
    return found


def _returns(arrow: Arrow, panel: Panel, after: Mapping[str, set[str]]) -> bool:
    """Whether an arrow runs back up: to a step written further above, from which this one can be reached again."""
    order = [box.id for box in panel.boxes]
    assert isinstance(arrow.target, str)
    if not arrow.source:
        return False
    return order.index(arrow.target) <= order.index(arrow.source) and arrow.source in {
        arrow.target,
        *after[arrow.target],
    }
