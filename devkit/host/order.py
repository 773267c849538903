"""The order of stages and plugins: after and before first, then the name."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import pairwise
from typing import TYPE_CHECKING

from devkit.api.findings import Finding
from devkit.errors import PLUGIN_INVALID, STAGE_CYCLE, UNKNOWN_NEIGHBOUR, DevkitError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from devkit.api.stages import Stage
    from devkit.host.plugin import Owned, Plugin

_Edges = dict[tuple[str, str], "Plugin"]
"""From an earlier stage to a later one, with the plugin that says so."""


def ordered_stages(declared: Sequence[Owned[Stage]]) -> tuple[Owned[Stage], ...]:
    """Return the stages so that each follows those it comes after; ties go by name.

    Errors: PLUGIN_INVALID when two plugins declare one stage, STAGE_CYCLE when the wishes contradict.
    """
    stages = _by_name(declared)
    edges = _edges(stages)
    followers: dict[str, list[str]] = {name: [] for name in stages}
    waiting = dict.fromkeys(stages, 0)
    for earlier, later in edges:
        followers[earlier].append(later)
        waiting[later] += 1
    ready = sorted(name for name, count in waiting.items() if not count)
    order: list[str] = []
    while ready:
        order.append(heappop(ready))
        for later in followers[order[-1]]:
            waiting[later] -= 1
            if not waiting[later]:
                heappush(ready, later)
    if len(order) < len(stages):
        _refuse_cycle(edges, set(stages).difference(order))
    return tuple(stages[name] for name in order)


def unknown_neighbours(declared: Sequence[Owned[Stage]], known: Collection[str]) -> tuple[Finding, ...]:
    """Return a warning for each neighbour that is not among the known stages; it is left out of the order."""
    return tuple(
        Finding(
            code=UNKNOWN_NEIGHBOUR.code,
            message=f"{owned.plugin} orders `{owned.value.name}` next to `{name}`, which no plugin declares",
        )
        for owned in declared
        for name in (*owned.value.after, *owned.value.before)
        if name not in known
    )


def ordered_plugins(plugins: Iterable[Plugin], stages: Sequence[Owned[Stage]]) -> tuple[Plugin, ...]:
    """Return plugins by the place of their first stage, then by name; those without a stage come last."""
    first: dict[str, int] = {}
    for position, owned in enumerate(stages):
        first.setdefault(owned.plugin.name, position)
    return tuple(sorted(plugins, key=lambda plugin: (first.get(plugin.name, len(stages)), plugin.name)))


def _by_name(declared: Sequence[Owned[Stage]]) -> dict[str, Owned[Stage]]:
    stages: dict[str, Owned[Stage]] = {}
    for owned in declared:
        first = stages.setdefault(owned.value.name, owned)
        if first is not owned:
            message = f"the stage `{owned.value.name}` is declared by {first.plugin} and by {owned.plugin}"
            help_text = f"leave one of them out: uninstall `{owned.plugin.distribution}`, or choose others with `-p`"
            raise DevkitError(PLUGIN_INVALID, message, help=help_text)
    return stages


def _edges(stages: Mapping[str, Owned[Stage]]) -> _Edges:
    edges: _Edges = {}
    for name, owned in stages.items():
        for earlier in owned.value.after:
            if earlier in stages:
                edges.setdefault((earlier, name), owned.plugin)
        for later in owned.value.before:
            if later in stages:
                edges.setdefault((name, later), owned.plugin)
    return edges


def _refuse_cycle(edges: _Edges, left: set[str]) -> None:
    wishes = [f"`{earlier}` before `{later}` ({edges[earlier, later]})" for earlier, later in _cycle(edges, left)]
    message = f"stages form a cycle: {', '.join(wishes)}"
    raise DevkitError(STAGE_CYCLE, message, help="leave one of these plugins out with `-p` or `--no-plugins`")


def _cycle(edges: _Edges, left: set[str]) -> list[tuple[str, str]]:
    """Return the edges of one cycle among the stages that could not be ordered.

    Each of them waits for another one of them, so that walking from a stage to one it waits for must come round.
    """
    path = [min(left)]
    while True:
        earlier = min(start for start, end in edges if end == path[-1] and start in left)
        if earlier in path:
            around = [earlier, *path[path.index(earlier) :][::-1]]
            return list(pairwise(around))
        path.append(earlier)
