"""Strongly connected parts of a graph, and circles in it: plain graph theory, without recursion."""

from collections.abc import Callable, Collection, Iterable
from typing import TypeVar

T = TypeVar("T")
Following = Callable[[T], Iterable[T]]


def parts(nodes: Iterable[T], following: Following[T]) -> list[list[T]]:
    """Tarjan's strongly connected components; each comes after all that it leads to."""
    order: dict[T, int] = {}
    low: dict[T, int] = {}
    stack: list[T] = []
    on_stack: set[T] = set()
    found: list[list[T]] = []
    for root in nodes:
        if root in order:
            continue
        work = [(root, iter(following(root)))]
        order[root] = low[root] = len(order)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, edges = work[-1]
            for target in edges:
                if target not in order:
                    order[target] = low[target] = len(order)
                    stack.append(target)
                    on_stack.add(target)
                    work.append((target, iter(following(target))))
                    break
                if target in on_stack:
                    low[node] = min(low[node], order[target])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == order[node]:
                    part: list[T] = []
                    while not part or part[-1] != node:
                        part.append(stack.pop())
                        on_stack.discard(part[-1])
                    found.append(part)
    return found


def circle(nodes: Collection[T], following: Following[T]) -> list[T]:
    """The shortest circle through the first of `nodes` that lies on one, staying among them; [] when there is none."""
    inside = set(nodes)
    for start in nodes:
        back: dict[T, T] = {}
        todo = [start]
        while todo:
            later = []
            for node in todo:
                for target in following(node):
                    if target == start:
                        return _path(back, start, node)
                    if target in inside and target not in back:
                        back[target] = node
                        later.append(target)
            todo = later
    return []


def _path(back: dict[T, T], start: T, last: T) -> list[T]:
    path = [last]
    while path[-1] != start:
        path.append(back[path[-1]])
    return path[::-1]
