"""Order and circles of a directed graph, given as each node's list of the nodes that come before it."""

from __future__ import annotations

import heapq
from contextlib import suppress
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

Node = TypeVar("Node", int, str)

MOST_SHOWN = 19
"""Names of one circle that a message shows."""


def order(graph: Mapping[Node, Iterable[Node]]) -> list[Node]:
    """Returns the nodes, each after those that come before it, and otherwise in the order of the graph.

    Args:
        graph: For each node, those that come before it; nodes that are no keys are passed over.

    Nodes on a circle, and nodes that come after one, are left out.
    """
    place = {node: number for number, node in enumerate(graph)}
    sorter = TopologicalSorter({node: [name for name in before if name in place] for node, before in graph.items()})
    with suppress(CycleError):  # the sorter still gives all nodes that no circle blocks
        sorter.prepare()
    ready = [(place[node], node) for node in sorter.get_ready()]
    heapq.heapify(ready)
    result = []
    while ready:
        _, node = heapq.heappop(ready)
        result.append(node)
        sorter.done(node)
        for follower in sorter.get_ready():
            heapq.heappush(ready, (place[follower], follower))
    return result


def cycles(graph: Mapping[Node, Sequence[Node]]) -> Iterator[list[Node]]:
    """Yields circles that share no node, each in the direction of the graph: at least one if there are any."""
    done: set[Node] = set()
    for start in graph:
        if start in done:
            continue
        path: dict[Node, None] = {start: None}
        stack = [(start, iter(graph[start]))]
        while stack:
            node, targets = stack[-1]
            target = next((name for name in targets if name in graph and name not in done), None)
            if target is None:
                stack.pop()
                path.pop(node)
                done.add(node)
            elif target in path:
                names = list(path)
                circle = names[names.index(target) :]
                yield circle
                done.update(circle)
                del stack[-len(circle) :]
                path = dict.fromkeys(names[: -len(circle)])
            else:
                path[target] = None
                stack.append((target, iter(graph[target])))


def closed(circle: list[str]) -> list[str]:
    """Returns a circle from the name that comes first in the alphabet back to it, cut if it is very long."""
    start = circle.index(min(circle))
    turned = [*circle[start:], *circle[:start]]
    return [*turned[:MOST_SHOWN], turned[0]]
