"""Which activities are sure to have ended before another begins."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.rules.dependencies import edges
from activities_gen.rules.values import is_arm

if TYPE_CHECKING:
    from activities_gen.rules.context import Context
    from activities_gen.wire.document import Nested

MAX_STEPS = 2_000_000
"""Steps along dependencies in one document; after them nothing more is called unreachable."""


class Upstream:
    """Answers, for one document, whether an activity may read another's output."""

    def __init__(self, context: Context) -> None:
        """Remember the document; nothing is worked out before the first question."""
        self._context = context
        self._steps = 0
        self._links: dict[int, list[Nested]] = {}
        self._known: dict[tuple[int, int], bool] = {}

    def visible(self, reader: Nested, target: Nested) -> bool:
        """Whether ``target`` has ended when ``reader``, or a container around it, begins."""
        node: Nested | None = reader
        while node is not None:
            if node.siblings is target.siblings:
                return node is not target and self.before(node, target)
            node = node.parent
        return False

    def before(self, node: Nested, target: Nested) -> bool:
        """Whether dependencies lead from ``node`` back to ``target``, both of one list."""
        key = (id(node), id(target))
        if key not in self._known:
            self._known[key] = self._search(node, target)
        return self._known[key]

    def _search(self, node: Nested, target: Nested) -> bool:
        seen = {id(node)}
        pending = [node]
        for current in pending:
            if _is_open(current):
                return True
            for other in self._linked(current):
                self._steps += 1
                if other is target or self._steps > MAX_STEPS:
                    return True
                if id(other) not in seen:
                    seen.add(id(other))
                    pending.append(other)
        return False

    def _linked(self, node: Nested) -> list[Nested]:
        """The activities that one depends on directly."""
        if id(node) not in self._links:
            names = [edge.name.casefold() for edge in edges(node)]
            found = [other for name in names for other in self._context.by_name.get(name, ())]
            self._links[id(node)] = [other for other in found if other.siblings is node.siblings]
        return self._links[id(node)]


def _is_open(node: Nested) -> bool:
    """Whether what an activity depends on is computed at deployment."""
    entries = node.activity.get("dependsOn")
    names = [entry.get("activity") if isinstance(entry, dict) else entry for entry in _listed(entries)]
    return is_arm(entries) or any(map(is_arm, names))


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []
