"""Questions about the graph of dependencies of one list of activities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.rules.context import is_inactive
from activities_gen.rules.model import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from activities_gen.rules.dependencies import Edge
    from activities_gen.wire.document import Nested

MAX_SCOPE = 150
"""Longest list of activities for which contradictions are looked for; a valid pipeline has at most 120."""

MAX_SHOWN = 19
"""Names of one circle that a message shows."""

_SUCCESS = frozenset({"Succeeded"})
ALL = frozenset({"Succeeded", "Failed", "Skipped"})


def cycles(graph: Mapping[str, list[str]]) -> Iterator[list[str]]:
    """Circles of a graph that share no node, each in the direction of its edges: at least one wherever there are any."""
    done: set[str] = set()
    for start in graph:
        if start in done:
            continue
        path: dict[str, None] = {start: None}
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
    """A circle from the name that comes first in the alphabet, back to it, cut where it is very long."""
    start = circle.index(min(circle))
    turned = [*circle[start:], *circle[:start]]
    return [*turned[:MAX_SHOWN], turned[0]]


def order(graph: Mapping[str, list[str]]) -> list[str]:
    """The nodes of a graph, each after those it leads to; those on a circle, and those that lead to one, are left out."""
    waiting = {name: sum(target in graph for target in targets) for name, targets in graph.items()}
    callers: dict[str, list[str]] = {name: [] for name in graph}
    for name, targets in graph.items():
        for target in targets:
            if target in callers:
                callers[target].append(name)
    ready = [name for name, count in waiting.items() if count == 0]
    for name in ready:
        for caller in callers[name]:
            waiting[caller] -= 1
            if waiting[caller] == 0:
                ready.append(caller)
    return ready


def statuses(conditions: Iterable[Any]) -> frozenset[str]:
    """The final statuses of an activity under which conditions on it hold."""
    result: set[str] = set()
    for condition in conditions:
        word = str(condition).capitalize()
        result |= {"Succeeded", "Failed"} if word == "Completed" else {word}
    return ALL & result


def _possible(node: Nested) -> frozenset[str]:
    """The statuses that an activity can end with, as far as its own kind goes."""
    if is_inactive(node.activity):
        return _ends_inactive(node) | {"Skipped"}
    return frozenset({"Failed", "Skipped"}) if node.type == "Fail" else ALL


def _ends_inactive(node: Nested) -> frozenset[str]:
    """The status that an inactive activity ends with when its turn comes."""
    return frozenset({str(node.activity.get("onInactiveMarkAs") or "Succeeded").capitalize()})


def never(scope: list[Nested], edges: Callable[[Nested], Iterator[Edge]]) -> Iterator[tuple[Nested, str]]:
    """The activities of a list that can never run, each with the reason.

    For each activity it is worked out which statuses the others must have for it to run. An activity that must have
    run brings along what it needs itself. Two needs that exclude each other are a contradiction.
    Only where a contradiction begins is it reported, not for everything that follows from it.
    """
    nodes = {node.name.casefold(): node for node in scope if node.name}
    if len(scope) > MAX_SCOPE or len(nodes) != len(scope):
        return
    links = {
        name: {edge.name.casefold(): statuses(edge.conditions) for edge in edges(node)} for name, node in nodes.items()
    }
    if any(target not in nodes or not wanted for targets in links.values() for target, wanted in targets.items()):
        return
    if all(wanted == _SUCCESS for targets in links.values() for wanted in targets.values()) and all(
        "Succeeded" in _possible(node) for node in scope
    ):
        return
    needs: dict[str, dict[str, frozenset[str]]] = {}
    dead: set[str] = set()
    for name in order({name: list(targets) for name, targets in links.items()}):
        needs[name], clash = _needs(name, links, needs, nodes)
        if clash and not dead & links[name].keys():
            yield nodes[name], _reason(clash, nodes)
        if clash:
            dead.add(name)


def _needs(
    name: str,
    links: dict[str, dict[str, frozenset[str]]],
    needs: dict[str, dict[str, frozenset[str]]],
    nodes: dict[str, Nested],
) -> tuple[dict[str, frozenset[str]], str]:
    """What must hold for an activity to run, and the name of an activity for which that is impossible."""
    result: dict[str, frozenset[str]] = {}
    for target, wanted in links[name].items():
        merged = {target: wanted & _possible(nodes[target])}
        if "Skipped" not in wanted:
            merged = {**needs[target], **merged}
        for other, allowed in merged.items():
            result[other] = result.get(other, ALL) & allowed
    for target in links[name]:
        may_skip = is_inactive(nodes[target].activity) and "Skipped" in _ends_inactive(nodes[target])
        if result[target] == {"Skipped"} and not may_skip and _surely_runs(links[target], result):
            return result, target
    return result, next((other for other, allowed in result.items() if not allowed), "")


def _surely_runs(conditions: dict[str, frozenset[str]], known: dict[str, frozenset[str]]) -> bool:
    """Whether an activity runs, given what is known of the others."""
    return all(known.get(other, ALL) <= wanted for other, wanted in conditions.items())


def _reason(name: str, nodes: dict[str, Nested]) -> str:
    return f"all its dependencies must hold at once, and they need {quoted(nodes[name].name)} to end in two ways that exclude each other"
