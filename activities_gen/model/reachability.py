"""Which activities can run at all, and which have surely ended before another begins."""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from activities_gen.model.graph import order

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.model.activities import Activity, Siblings

MOST_SIBLINGS = 150
"""Longest list of activities in which contradictions are looked for; a valid pipeline has at most 120."""

MOST_ORDERED = 20_000
"""Longest list of activities whose order is worked out in full; the work grows with the square of the length."""

_SUCCESS = frozenset({"Succeeded"})
_ALL = frozenset({"Succeeded", "Failed", "Skipped"})

Needs = dict[str, frozenset[str]]
"""The endings that activities must have, by name in lower case."""


def may_read(reader: Activity, target: Activity) -> bool:
    """Whether ``target`` has ended when ``reader``, or a container around it, begins, as far as is known here."""
    for node in (reader, *reader.containers()):
        if node.siblings is target.siblings:
            return node is not target and _precedes(node.siblings, target, node)
    return False


def may_meet(one: Activity, other: Activity) -> bool:
    """Whether two activities, neither inside of the other, may run at the same time, as far as is known here."""
    mates = {id(node.siblings): node for node in (one, *one.containers())}
    for node in (other, *other.containers()):
        mate = mates.get(id(node.siblings), node)
        if mate is not node:
            return _precedes(node.siblings, mate, node) == _precedes(node.siblings, node, mate)
    return True


def _precedes(siblings: Siblings, target: Activity, node: Activity) -> bool:
    if len(siblings.activities) > MOST_ORDERED or len(siblings.order) < len(siblings.activities):
        return True  # a circle is a mistake of its own
    return siblings.may_precede(siblings.by_name.get(target.name.casefold(), target), node)


def contradictions(siblings: Siblings) -> Iterator[tuple[Activity, Activity]]:
    """Yields the activities that can never run, each with the activity that would have to end in two ways at once.

    Reported is only where a contradiction begins, not everything that follows from it, and no activity that is switched off.
    """
    nodes = siblings.by_name
    edges = [edge for upstream in siblings.upstream for edge in upstream]
    if all(edge.accepts == _SUCCESS and "Succeeded" in _possible(edge.activity) for edge in edges):
        return
    dead: set[str] = set()
    for name, (_, clash) in requirements(siblings).items():
        if nodes[name].inactive:
            continue
        if clash and not any(edge.activity.name.casefold() in dead for edge in nodes[name].upstream):
            yield nodes[name], nodes[clash]
        if clash:
            dead.add(name)


def endings_before(reader: Activity, target: Activity) -> frozenset[str]:
    """Returns how ``target`` may have ended when ``reader``, or a container around it, begins; all ways if that is not known."""
    for node in (reader, *reader.containers()):
        if node.siblings is target.siblings:
            needs, _ = requirements(node.siblings).get(node.name.casefold(), ({}, ""))
            return needs.get(target.name.casefold(), _ALL)
    return _ALL


def requirements(siblings: Siblings) -> dict[str, tuple[Needs, str]]:
    """Returns how the other activities of a list must end for each to run, and one for which that is impossible.

    An activity that must have run brings along what it needs itself. Two needs that exclude each other are a
    contradiction. Nothing is returned for a list that is malformed or very long.
    """
    if siblings not in _KNOWN:
        _KNOWN[siblings] = dict(_requirements(siblings))
    return _KNOWN[siblings]


_KNOWN: WeakKeyDictionary[Siblings, dict[str, tuple[Needs, str]]] = WeakKeyDictionary()


def _requirements(siblings: Siblings) -> Iterator[tuple[str, tuple[Needs, str]]]:
    nodes = siblings.by_name
    if len(siblings.activities) > MOST_SIBLINGS or len(nodes) != len(siblings.activities):
        return
    links: dict[str, Needs] = {
        name: {dependency.name.casefold(): dependency.accepts for dependency in node.dependencies if dependency.name}
        for name, node in nodes.items()
    }
    wanted = [(target, endings) for needs in links.values() for target, endings in needs.items()]
    if any(target not in nodes or not endings for target, endings in wanted):
        return
    needs: dict[str, Needs] = {}
    for name in order(links):
        needs[name], clash = _needs(name, links, needs, nodes)
        yield name, (needs[name], clash)


def _possible(activity: Activity) -> frozenset[str]:
    """The endings that an activity can have, as far as its own kind goes."""
    if activity.inactive:
        return frozenset({activity.inactive, "Skipped"})
    return frozenset({"Failed", "Skipped"}) if activity.type == "Fail" else _ALL


def _needs(
    name: str, links: dict[str, Needs], needs: dict[str, Needs], nodes: dict[str, Activity]
) -> tuple[Needs, str]:
    """Returns what must hold for an activity to run, and the name of an activity for which that is impossible."""
    result: Needs = {}
    for target, wanted in links[name].items():
        merged = {target: wanted & _possible(nodes[target])}
        if "Skipped" not in wanted:
            merged = {**needs[target], **merged}
        for other, allowed in merged.items():
            result[other] = result.get(other, _ALL) & allowed
    for target in links[name]:
        skipped = result[target] == {"Skipped"} and nodes[target].inactive != "Skipped"
        if skipped and all(result.get(other, _ALL) <= wanted for other, wanted in links[target].items()):
            return result, target
    return result, next((other for other, allowed in result.items() if not allowed), "")
