"""A layered drawing of a graph that has no circles: which row each node stands in, in which order, and where.

Longest-path layers, barycentre ordering (both after Sugiyama, Tagawa, Toda 1981), then positions by least squares: a
row's nodes go where their neighbours pull them, as near as the gaps between them allow (isotonic regression by pooling
adjacent violators). A label stands in a row of its own between two layers, so that no two labels can overlap.
"""

import itertools
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field

Size = tuple[float, float]
GAP = 22.0
"""Between two nodes of a row."""
LEVEL = 20.0
"""Between two rows."""
SWEEPS = 12
STRAIGHT = 6.0
"""How much more the pieces of a long arrow pull than other arrows."""
FIXED = 1e6
"""Weight of what must not be pulled away."""
MAIN = 12.0
"""Weight from which an arrow belongs to the main thread, which is drawn straight down where there is room."""


@dataclass(frozen=True, slots=True)
class Line:
    """An arrow to be laid out. `label`: size of its text, (0, 0) for none."""

    source: str
    target: str
    label: Size = (0.0, 0.0)
    weight: float = 1.0


@dataclass(slots=True)
class Placed:
    """Centre and size."""

    x: float
    y: float
    width: float
    height: float


@dataclass(slots=True)
class Drawing:
    nodes: dict[str, Placed]
    routes: list[list[Placed]]
    """For each line the places it passes between its ends, from top to bottom."""
    labels: list[int]
    """For each line which of those places holds its label; -1 without."""
    width: float = 0.0
    height: float = 0.0


@dataclass(slots=True)
class _Grid:
    rows: list[list[int]] = field(default_factory=list)
    sizes: list[Size] = field(default_factory=list)
    up: dict[int, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    down: dict[int, list[tuple[int, float]]] = field(default_factory=lambda: defaultdict(list))
    x: list[float] = field(default_factory=list)

    def add(self, row: int, size: Size) -> int:
        self.sizes.append(size)
        self.x.append(0.0)
        while len(self.rows) <= row:
            self.rows.append([])
        self.rows[row].append(len(self.sizes) - 1)
        return len(self.sizes) - 1

    def join(self, above: int, below: int, weight: float) -> None:
        self.down[above].append((below, weight))
        self.up[below].append((above, weight))


def lay_out(sizes: Mapping[str, Size], lines: Sequence[Line]) -> Drawing:
    """Positions from (0, 0) at the top left; what is not connected stands side by side.

    The order of `sizes` decides between equals. Raises ValueError when the lines go round in a circle.
    """
    whole = Drawing({}, [[] for _ in lines], [0 if line.label[0] else -1 for line in lines])
    for names in _components(list(sizes), lines):
        own = [index for index, line in enumerate(lines) if line.source in names]
        part = _lay_out({name: size for name, size in sizes.items() if name in names}, [lines[n] for n in own])
        left = whole.width + (2 * GAP if whole.width else 0.0)
        for placed in (*part.nodes.values(), *(place for route in part.routes for place in route)):
            placed.x += left
        whole.nodes |= part.nodes
        for index, route in zip(own, part.routes, strict=True):
            whole.routes[index] = route
        whole.width, whole.height = left + part.width, max(whole.height, part.height)
    return whole


def _components(names: Sequence[str], lines: Sequence[Line]) -> list[set[str]]:
    group = {name: {name} for name in names}
    for line in lines:
        if group[line.source] is not group[line.target]:
            joined = group[line.source] | group[line.target]
            group |= dict.fromkeys(joined, joined)
    return list({id(part): part for part in group.values()}.values())


def _lay_out(sizes: Mapping[str, Size], lines: Sequence[Line]) -> Drawing:
    layers = _layers(list(sizes), lines)
    grid = _Grid()
    number = {name: grid.add(2 * layers[name], size) for name, size in sizes.items()}
    routes = [_route(grid, number, layers, line) for line in lines]
    _order(grid)
    _positions(grid)
    threads = _threads(number, routes, lines)
    for chain in threads:
        _straighten(grid, chain)
    _positions(grid, fixed={node for chain in threads for node in chain})
    for chain in (*(route for route in routes if len(route) > 1), *threads):
        _straighten(grid, chain)
    return _drawing(grid, number, routes, lines)


def _layers(names: Sequence[str], lines: Sequence[Line]) -> dict[str, int]:
    above: dict[str, list[str]] = {name: [] for name in names}
    below: dict[str, list[str]] = {name: [] for name in names}
    for line in lines:
        above[line.target].append(line.source)
        below[line.source].append(line.target)
    layer: dict[str, int] = {}
    waiting = {name: len(above[name]) for name in names}
    todo = [name for name in names if not waiting[name]]
    while todo:
        name = todo.pop(0)
        layer[name] = max((layer[other] + 1 for other in above[name]), default=0)
        for other in below[name]:
            waiting[other] -= 1
            if not waiting[other]:
                todo.append(other)
    if len(layer) < len(names):
        raise ValueError("the lines go round in a circle")
    for name in reversed(names):  # what nothing leads to stands right above what it leads to
        if not above[name] and below[name]:
            layer[name] = min(layer[other] for other in below[name]) - 1
    return layer


def _route(grid: _Grid, number: Mapping[str, int], layers: Mapping[str, int], line: Line) -> list[int]:
    """Rows between the ends hold a place of the line each; the first of them is its label's."""
    first, last = 2 * layers[line.source] + 1, 2 * layers[line.target]
    places = [grid.add(row, line.label if row == first else (8.0, 0.0)) for row in range(first, last)]
    chain = [number[line.source], *places, number[line.target]]
    for position, (above, below) in enumerate(itertools.pairwise(chain)):
        inner = 0 < position < len(chain) - 2
        grid.join(above, below, STRAIGHT if inner else line.weight)
    return places


def _order(grid: _Grid) -> None:
    """Rows ordered by the mean position of their neighbours, then neighbours swapped while that undoes crossings.

    From the order as written and from its reverse; the order with fewest crossings wins.
    """
    best, fewest = [list(row) for row in grid.rows], _crossings(grid)
    starts = [best, [row[::-1] for row in best]]
    for start in starts:
        grid.rows = [list(row) for row in start]
        for sweep in range(SWEEPS):
            _sweep(grid, downwards=sweep % 2 == 0)
            _swap(grid)
            count = _crossings(grid)
            if count < fewest:
                best, fewest = [list(row) for row in grid.rows], count
    grid.rows = best


def _sweep(grid: _Grid, *, downwards: bool) -> None:
    rows = grid.rows if downwards else grid.rows[::-1]
    links = grid.up if downwards else grid.down
    for above, row in itertools.pairwise(rows):
        place = {node: index for index, node in enumerate(above)}
        keys: dict[int, float] = {}
        for index, node in enumerate(row):
            near = [(place[other], weight) for other, weight in links[node]]
            total = sum(weight for _, weight in near)
            keys[node] = sum(at * weight for at, weight in near) / total if total else float(index)
        row.sort(key=keys.__getitem__)


def _swap(grid: _Grid) -> None:
    for above, row, below in zip([[], *grid.rows], grid.rows, [*grid.rows[1:], []], strict=False):
        place = {node: index for other in (above, below) for index, node in enumerate(other)}
        for index in range(len(row) - 1):
            left, right = row[index], row[index + 1]
            now = _pair(grid, left, right, place)
            if _pair(grid, right, left, place) < now:
                row[index], row[index + 1] = right, left


def _pair(grid: _Grid, left: int, right: int, place: Mapping[int, int]) -> int:
    """Crossings between the arrows of two neighbours, in this order."""
    return sum(place[a] > place[b] for links in (grid.up, grid.down) for a, _ in links[left] for b, _ in links[right])


def _crossings(grid: _Grid) -> int:
    total = 0
    for row, below in zip(grid.rows, grid.rows[1:], strict=False):
        place = {node: index for index, node in enumerate(below)}
        ends = [
            place[other] for node in row for other in sorted((o for o, _ in grid.down[node]), key=place.__getitem__)
        ]
        total += sum(a > b for n, a in enumerate(ends) for b in ends[n + 1 :])
    return total


def _positions(grid: _Grid, fixed: Set[int] = frozenset()) -> None:
    """Everything where its neighbours pull it; what is `fixed` keeps its place as far as the gaps let it."""
    if not fixed:
        for row in grid.rows:
            _settle(grid, row, [0.0] * len(row), [1.0] * len(row))
    for sweep in range(4 * SWEEPS):
        downwards = sweep % 2 == 0
        both = bool(fixed) or sweep >= 2 * SWEEPS
        for row in grid.rows if downwards else grid.rows[::-1]:
            wanted, weights = [], []
            for node in row:
                near = grid.up[node] + grid.down[node] if both else (grid.up if downwards else grid.down)[node]
                total = sum(weight for _, weight in near)
                if node in fixed or not total:
                    wanted.append(grid.x[node])
                    weights.append(FIXED if node in fixed else 0.1)
                else:
                    wanted.append(sum(grid.x[other] * weight for other, weight in near) / total)
                    weights.append(total)
            _settle(grid, row, wanted, weights)


def _settle(grid: _Grid, row: list[int], wanted: list[float], weights: list[float]) -> None:
    """The places nearest to `wanted` (least squares) with the row's order and gaps kept."""
    offset, offsets = 0.0, []
    for index, node in enumerate(row):
        if index:
            offset += (grid.sizes[row[index - 1]][0] + grid.sizes[node][0]) / 2 + GAP
        offsets.append(offset)
    blocks: list[tuple[float, float, int]] = []
    """(mean, weight, nodes)"""
    for want, weight, shift in zip(wanted, weights, offsets, strict=True):
        blocks.append((want - shift, weight, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (b, wb, nb), (a, wa, na) = blocks.pop(), blocks.pop()
            blocks.append(((a * wa + b * wb) / (wa + wb), wa + wb, na + nb))
    means = [mean for mean, _, count in blocks for _ in range(count)]
    for node, mean, shift in zip(row, means, offsets, strict=True):
        grid.x[node] = mean + shift


def _threads(number: Mapping[str, int], routes: list[list[int]], lines: Sequence[Line]) -> list[list[int]]:
    """Chains of nodes joined by main arrows, from top to bottom, with the places of those arrows."""
    into = Counter(line.target for line in lines if line.weight >= MAIN)
    onwards = {
        number[line.source]: [*route, number[line.target]]
        for line, route in zip(lines, routes, strict=True)
        if line.weight >= MAIN and into[line.target] == 1  # where threads meet, the meeting place stands in the middle
    }
    starts = onwards.keys() - {chain[-1] for chain in onwards.values()}
    threads = []
    for node in sorted(starts):
        thread, seen = [node], {node}
        while thread[-1] in onwards and not seen & {onwards[thread[-1]][-1]}:
            thread += onwards[thread[-1]]
            seen.add(thread[-1])
        threads.append(thread)
    return threads


def _straighten(grid: _Grid, chain: list[int]) -> None:
    """As long pieces of the chain as their neighbours leave room for, each on one vertical line."""
    bounds = _bounds(grid, chain)
    start = 0
    while start < len(chain):
        low, high = bounds[start]
        end = start + 1
        while end < len(chain) and max(low, bounds[end][0]) <= min(high, bounds[end][1]):
            low, high = max(low, bounds[end][0]), min(high, bounds[end][1])
            end += 1
        piece = chain[start:end]
        middle = sum(grid.x[node] for node in piece) / len(piece)
        for node in piece:
            grid.x[node] = min(max(middle, low), high)
        start = end


def _bounds(grid: _Grid, chain: list[int]) -> list[Size]:
    """How far left and right each node may stand between its neighbours in the row."""
    wanted, found = set(chain), {}
    for row in grid.rows:
        for index, node in enumerate(row):
            if node not in wanted:
                continue
            low, high = float("-inf"), float("inf")
            if index:
                low = grid.x[row[index - 1]] + (grid.sizes[row[index - 1]][0] + grid.sizes[node][0]) / 2 + GAP
            if index + 1 < len(row):
                high = grid.x[row[index + 1]] - (grid.sizes[row[index + 1]][0] + grid.sizes[node][0]) / 2 - GAP
            found[node] = (min(low, grid.x[node]), max(high, grid.x[node]))
    return [found[node] for node in chain]


def _drawing(grid: _Grid, number: Mapping[str, int], routes: list[list[int]], lines: Sequence[Line]) -> Drawing:
    left = min((grid.x[n] - size[0] / 2 for n, size in enumerate(grid.sizes)), default=0.0)
    right = max((grid.x[n] + size[0] / 2 for n, size in enumerate(grid.sizes)), default=0.0)
    places: dict[int, Placed] = {}
    top = 0.0
    for row in grid.rows:
        height = max((grid.sizes[node][1] for node in row), default=0.0)
        for node in row:
            # what ends a thread hangs right under its arrow; boxes stand on one line by their tops
            own = grid.sizes[node][1]
            places[node] = Placed(grid.x[node] - left, top + (own or height) / 2, grid.sizes[node][0], own or height)
        top += height + LEVEL
    return Drawing(
        nodes={name: places[index] for name, index in number.items()},
        routes=[[places[node] for node in route] for route in routes],
        labels=[0 if line.label[0] else -1 for line in lines],
        width=right - left,
        height=max(top - LEVEL, 0.0),
    )
