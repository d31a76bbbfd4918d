"""The lists of a picture of a script: endings, what works at any time, what happens when things go wrong."""

from huashu.flows.lettering import width, wrap
from huashu.flows.palette import GREY, GUTTER, HIT, INK, INSET, MISS, SIDE, SMALL, TEXT, Reached, colours, state_of
from huashu.flows.picture import Exit, Item, Picture
from huashu.flows.svg import Sheet


class Items:
    """A list: a name in bold, what is said, where it leads."""

    def __init__(self, items: tuple[Item, ...], picture: Picture, reached: Reached | None, room: float) -> None:
        self._reached, self.width = reached, room
        self._rows = [
            (item, wrap(item.text, room / SMALL - 2, 2), wrap(f"→ {item.goes}", room / SMALL - 2, 2)) for item in items
        ]
        self.height = sum(self._row(row) for row in self._rows)

    def _row(self, row: tuple[Item, list[str], list[str]]) -> float:
        return 26.0 + 14 * (len(row[1]) + len(row[2]))

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        for row in self._rows:
            item, said, goes = row
            state = state_of(self._reached, item.part)
            sheet.text(x + 10, y + 14, item.name, bold=True)
            if state is not None:
                sheet.box(x - 2, y + 5, 7, 7, fill=HIT if state else "#ffffff", edge=HIT if state else MISS, radius=3.5)
            line = y + 29
            for text in said:
                sheet.text(x + 10, line, text, size=SMALL, fill=INK)
                line += 14
            colour = colours(Exit("end", "", "", item.result))[1] if item.result else GREY
            for text in goes:
                sheet.text(x + 10, line, text, size=SMALL, fill=colour)
                line += 14
            y += self._row(row)


class Side:
    """Endings, what works at any time, what happens when things go wrong: one column, or two beside a low picture."""

    def __init__(self, picture: Picture, reached: Reached | None, columns: int) -> None:
        self._picture, self._reached = picture, reached
        room = SIDE - 2 * INSET
        lists: dict[str, Items] = {
            name: Items(items, picture, reached, room)
            for name, items in (("anytime_all", picture.anytime), ("patterns", picture.patterns))
            if items
        }
        heights: dict[str, float] = {"endings": 46.0 + 34 * len(picture.endings)} if picture.endings else {}
        heights |= {name: 36 + items.height for name, items in lists.items()}
        self._lists, self._heights = lists, heights
        order: list[str] = [name for name in ("endings", "anytime_all", "patterns") if name in heights]
        self._columns = [order]
        if columns == 2 and "anytime_all" in order and len(order) > 1:
            self._columns = [["anytime_all"], [name for name in order if name != "anytime_all"]]
        self.width = len(self._columns) * (SIDE + GUTTER) - GUTTER
        self.height = max(map(self._height, self._columns))

    def _height(self, names: list[str]) -> float:
        return sum(self._heights[name] + GUTTER for name in names) - GUTTER

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        for column in self._columns:
            top = y
            for name in column:
                height = self._heights[name]
                sheet.box(x, top, SIDE, height, fill="#fbfcfd", edge="#d5dbe1", radius=10, layer=0)
                sheet.text(x + INSET, top + 24, self._picture.words(name), size=14, bold=True)
                if name == "endings":
                    self._draw_endings(sheet, x + INSET, top + 40)
                else:
                    self._lists[name].draw(sheet, x + INSET, top + 34)
                top += height + GUTTER
            x += SIDE + GUTTER

    def _draw_endings(self, sheet: Sheet, x: float, y: float) -> None:
        for ending in self._picture.endings:
            fill, edge = colours(ending)
            missed = state_of(self._reached, ending.part) is False
            name = wrap(ending.text, 12, 1)[0]
            wide = width(name) * TEXT + 26
            sheet.box(x, y, wide, 26, fill=fill, edge=MISS if missed else edge, radius=13, dashed=missed)
            sheet.text(x + wide / 2, y + 17, name, anchor="middle", fill=edge, bold=True)
            told = " · ".join(filter(None, (ending.label, self._picture.words.result(ending.result))))
            sheet.text(x + wide + 12, y + 17, told, size=SMALL, fill=GREY)
            y += 34
