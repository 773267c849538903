"""A layered layout of a directed graph: columns by what comes before, then few crossings, then short edges.

The steps are those of Sugiyama, Tagawa and Toda (1981); the heights within a column are the nearest ones to where the
neighbours are that keep order and distance, found by pooling adjacent violators.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_SWEEPS = 12
_ROUNDS = 16
Link = tuple[str, str]


class Layout(Struct, frozen=True, kw_only=True):
    """Nodes by column, their heights (of the middle), and for each edge the way it takes through the columns.

    An edge of a cycle is laid the other way round: its way begins at its target.
    """

    columns: tuple[tuple[str, ...], ...]
    heights: Mapping[str, float]
    ways: Mapping[Link, tuple[str, ...]]


def lay_out(nodes: Sequence[str], edges: Iterable[Link], sizes: Mapping[str, float], gap: float) -> Layout:
    """Return the layout of nodes, whose `sizes` are their heights, at least `gap` apart.

    Columns may hold further names that stand for nothing but the passing of an edge.
    """
    links = list(dict.fromkeys(edge for edge in edges if edge[0] != edge[1]))
    forward = _without_cycles(nodes, links)
    ranks = _ranks(nodes, forward.values())
    ways = {link: _way(*laid, ranks) for link, laid in forward.items()}
    distinct = list(dict.fromkeys(ways.values()))  # both edges of a cycle of two go one way
    steps = [step for way in distinct for step in pairwise(way)]
    columns = _ordered(_columns(nodes, ranks, distinct), steps)
    heights = _heights(columns, steps, sizes, gap)
    return Layout(columns=tuple(map(tuple, columns)), heights=heights, ways=ways)


def _without_cycles(nodes: Sequence[str], links: Sequence[Link]) -> dict[Link, Link]:
    """Return each edge with the direction in which it is laid, such that none leads back."""
    after = _neighbours(links)
    place: dict[str, int] = {}
    for node in nodes:
        _finish(node, after, place)
    return {link: link if place[link[0]] > place[link[1]] else (link[1], link[0]) for link in links}


def _finish(start: str, after: Mapping[str, Sequence[str]], place: dict[str, int]) -> None:
    """Number the nodes from `start` on, each after all that come after it, unless a cycle forbids that."""
    seen = {*place}
    pending = [(start, iter(after.get(start, ())))] if start not in seen else []
    seen.add(start)
    while pending:
        node, rest = pending[-1]
        following = next((each for each in rest if each not in seen), None)
        if following is None:
            place[node] = len(place)
            pending.pop()
        else:
            seen.add(following)
            pending.append((following, iter(after.get(following, ()))))


def _ranks(nodes: Sequence[str], links: Iterable[Link]) -> dict[str, int]:
    """Return the column of each node: one after the last that comes before it, and close to the first after it."""
    links = list(links)
    before, after = _neighbours((target, source) for source, target in links), _neighbours(links)
    place: dict[str, int] = {}
    for node in nodes:
        _finish(node, before, place)
    ranks: dict[str, int] = {}
    for node in place:  # what comes before it has its rank already
        ranks[node] = max((ranks[each] + 1 for each in before.get(node, ())), default=0)
    for node in reversed(place):
        if node in after:
            ranks[node] = min(ranks[each] for each in after[node]) - 1
    return ranks


def _way(source: str, target: str, ranks: Mapping[str, int]) -> tuple[str, ...]:
    between = range(ranks[source] + 1, ranks[target])
    return (source, *(f"{source}\0{target}\0{rank}" for rank in between), target)


def _columns(nodes: Sequence[str], ranks: Mapping[str, int], ways: Iterable[Sequence[str]]) -> list[list[str]]:
    columns: list[list[str]] = [[] for _ in range(max(ranks.values(), default=-1) + 1)]
    for node in nodes:
        columns[ranks[node]].append(node)
    for way in ways:
        for step, passing in enumerate(way[1:-1], 1):
            columns[ranks[way[0]] + step].append(passing)
    return columns


def _ordered(columns: list[list[str]], steps: Sequence[Link]) -> list[list[str]]:
    """Return the columns, each in the order that crosses fewest edges among those tried."""
    before, after = _neighbours((target, source) for source, target in steps), _neighbours(steps)
    best, fewest = columns, _crossings(columns, before)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        columns = _swept(columns, before if sweep % 2 == 0 else after, is_backward=sweep % 2 == 1)
        count = _crossings(columns, before)
        if count < fewest:
            best, fewest = columns, count
    return best


def _swept(columns: list[list[str]], beside: Mapping[str, Sequence[str]], *, is_backward: bool) -> list[list[str]]:
    """Return the columns, each node at the mean place of its neighbours in the column before (or after) its own."""
    swept: list[list[str]] = []
    place: dict[str, float] = {}
    for column in reversed(columns) if is_backward else columns:
        own = {node: float(number) for number, node in enumerate(column)}
        wanted = {node: _mean([place[each] for each in beside.get(node, ())], own[node]) for node in column}
        ordered = sorted(column, key=lambda node: (wanted[node], own[node]))
        place = {node: float(number) for number, node in enumerate(ordered)}
        swept.append(ordered)
    return swept[::-1] if is_backward else swept


def _crossings(columns: Sequence[Sequence[str]], before: Mapping[str, Sequence[str]]) -> int:
    count = 0
    for left, right in pairwise(columns):
        place = {node: number for number, node in enumerate(left)}
        seen: list[int] = []
        for end in (end for node in right for end in sorted(place[each] for each in before.get(node, ()))):
            count += len(seen) - bisect_right(seen, end)
            insort(seen, end)
    return count


def _heights(
    columns: Sequence[Sequence[str]], steps: Sequence[Link], sizes: Mapping[str, float], gap: float
) -> dict[str, float]:
    before, after = _neighbours((target, source) for source, target in steps), _neighbours(steps)
    heights: dict[str, float] = {}
    for column in columns:
        heights |= _placed(column, [0.0] * len(column), sizes, gap)
    for number in range(_ROUNDS):
        is_backward = number % 2 == 1
        beside = after if is_backward else before
        for column in reversed(columns) if is_backward else columns:
            wanted = [_mean([heights[each] for each in beside.get(node, ())], heights[node]) for node in column]
            heights |= _placed(column, wanted, sizes, gap)
    top = min((heights[node] - sizes.get(node, 0.0) / 2 for node in heights), default=0.0)
    return {node: height - top for node, height in heights.items()}


def _placed(
    column: Sequence[str], wanted: Sequence[float], sizes: Mapping[str, float], gap: float
) -> dict[str, float]:
    """Return the heights nearest to the wanted ones (least squares) that keep the order and the gaps."""
    offsets = [0.0]
    for upper, lower in pairwise(column):
        offsets.append(offsets[-1] + (sizes.get(upper, 0.0) + sizes.get(lower, 0.0)) / 2 + gap)
    pools: list[tuple[float, int]] = []
    for offset, want in zip(offsets, wanted, strict=False):
        value, count = want - offset, 1
        while pools and pools[-1][0] > value:
            former, size = pools.pop()
            value, count = (former * size + value * count) / (size + count), size + count
        pools.append((value, count))
    bases = [value for value, count in pools for _ in range(count)]
    return {node: base + offset for node, base, offset in zip(column, bases, offsets, strict=False)}


def _neighbours(links: Iterable[Link]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for source, target in links:
        found.setdefault(source, []).append(target)
    return found


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise
