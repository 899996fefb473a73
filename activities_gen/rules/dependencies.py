"""Dependencies: that they lead somewhere, form no cycle, and can all hold at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from activities_gen.findings import Severity
from activities_gen.rules.context import Context, title
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.reachability import closed, cycles, never
from activities_gen.rules.values import is_arm, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.wire.document import Nested

CONDITIONS = ("Succeeded", "Failed", "Skipped", "Completed")


class Edge(NamedTuple):
    """One well-formed entry of a ``dependsOn``."""

    name: str
    conditions: list[Any]
    path: JsonPath
    given: Any


def edges(node: Nested) -> Iterator[Edge]:
    """The entries of an activity's ``dependsOn`` that name an activity."""
    entries = node.activity.get("dependsOn")
    for index, entry in enumerate(entries if isinstance(entries, list) else []):
        name = entry.get("activity") if isinstance(entry, dict) else None
        if isinstance(name, str) and not is_arm(name):
            conditions = entry.get("dependencyConditions")
            path = (*node.path, "dependsOn", index)
            yield Edge(name, conditions if isinstance(conditions, list) else [], path, conditions)


@rule("ADF201")
def dependency_shape(context: Context) -> Iterator[Violation]:
    """A string where an object belongs, an object where a list belongs, or a missing name."""
    for node in context.activities:
        entries = node.activity.get("dependsOn")
        path = (*node.path, "dependsOn")
        if entries is not None and not isinstance(entries, list) and not is_arm(entries):
            yield Violation(f"{title(node)} has {kind_of(entries)} as 'dependsOn'; it must be a list of objects.", path)
        for index, entry in enumerate(entries if isinstance(entries, list) else []):
            for problem, key in _entry_problems(entry):
                yield Violation(f"{title(node)} has a dependency that {problem}.", (*path, index, *key))


FORM = '{"activity": …, "dependencyConditions": ["Succeeded"]}'
"""A dependency as messages show it."""


def _entry_problems(entry: Any) -> Iterator[tuple[str, JsonPath]]:
    """What is wrong with the form of one entry, and the key that is; no key where it is the whole entry."""
    if not isinstance(entry, dict):
        if not is_arm(entry):
            yield f"is {kind_of(entry)}; write {FORM}", ()
        return
    if not isinstance(entry.get("activity"), str) or not entry["activity"]:
        yield "names no 'activity'", ("activity",) if "activity" in entry else ()
    conditions = entry.get("dependencyConditions")
    if conditions is not None and not isinstance(conditions, list) and not is_arm(conditions):
        problem = f"has {kind_of(conditions)} as 'dependencyConditions'; it must be a list such as [\"Succeeded\"]"
        yield problem, ("dependencyConditions",)


@rule("ADF202")
def self_dependency(context: Context) -> Iterator[Violation]:
    """A dependency on the activity's own name."""
    for node in context.activities:
        for edge in edges(node):
            if node.name and edge.name.casefold() == node.name.casefold():
                yield Violation(f"{title(node)} depends on itself. Delete that dependency.", edge.path)


@rule("ADF203")
def unknown_dependency(context: Context) -> Iterator[Violation]:
    """A name that no activity of the pipeline has."""
    for node in context.activities:
        for edge in edges(node):
            if edge.name and edge.name.casefold() not in context.by_name and context.knows_activities:
                others = [other.name for other in context.scope_of(node) if other is not node]
                near = context.suggest(edge.name, others) or " Name one that is, or delete the dependency."
                message = (
                    f"{title(node)} depends on {quoted(edge.name)}, which is not an activity of this pipeline.{near}"
                )
                yield Violation(message, edge.path)


@rule("ADF204")
def dependency_across_scopes(context: Context) -> Iterator[Violation]:
    """A name that an activity has, but in another list."""
    for node in context.activities:
        for edge in edges(node):
            others = context.by_name.get(edge.name.casefold(), [])
            apart = others and not any(other.siblings is node.siblings for other in others)
            if apart and context.knows_activities:
                parent = others[0].parent
                hint = (
                    f"is inside {title(parent)}. Depend on {title(parent)} instead"
                    if parent
                    else "is at the top level, outside the container. Let the container depend on it"
                )
                yield Violation(f"{title(node)} depends on {quoted(edge.name)}, which {hint}.", edge.path)


@rule("ADF205")
def duplicate_dependency(context: Context) -> Iterator[Violation]:
    """A second entry for a name."""
    for node in context.activities:
        seen: set[str] = set()
        for edge in edges(node):
            if edge.name.casefold() in seen:
                yield Violation(
                    f"{title(node)} depends on {quoted(edge.name)} twice. Put the conditions into one entry.", edge.path
                )
            seen.add(edge.name.casefold())


@rule("ADF206")
def dependency_cycle(context: Context) -> Iterator[Violation]:
    """A circle of dependencies within one list, shown in the order of running."""
    for scope in context.scopes:
        by_name = {node.name.casefold(): node for node in scope if node.name}
        graph = {
            name: [edge.name.casefold() for edge in edges(node) if edge.name.casefold() != name]
            for name, node in by_name.items()
        }
        for circle in cycles(graph):
            names = " → ".join(by_name[name].name for name in closed([circle[0], *reversed(circle[1:])]))
            yield Violation(
                f"These activities depend on each other in a circle: {names}. Delete one of the dependencies.",
                (*by_name[circle[0]].path, "dependsOn"),
            )


@rule("ADF207")
def unknown_condition(context: Context) -> Iterator[Violation]:
    """A condition that is none of the four."""
    for node in context.activities:
        for edge in edges(node):
            for condition in edge.conditions:
                if condition in CONDITIONS or is_arm(condition):
                    continue
                near = (
                    _meant(condition)
                    or context.suggest(str(condition), list(CONDITIONS))
                    or f" There are {', '.join(CONDITIONS)}."
                )
                lenient = str(condition).casefold() in map(str.casefold, CONDITIONS)
                message = f"{title(node)} depends on {quoted(edge.name)} with the condition {quoted(condition)}, which does not exist.{near}"
                yield Violation(message, (*edge.path, "dependencyConditions"), Severity.WARNING if lenient else None)


def _meant(condition: object) -> str:
    """The condition that Studio's or Airflow's word means."""
    word = str(condition).casefold()
    for part, meant in (("succ", "Succeeded"), ("fail", "Failed"), ("skip", "Skipped"), ("compl", "Completed")):
        if part in word and word != meant.casefold():
            return f" Did you mean '{meant}'?"
    return ""


@rule("ADF208")
def no_condition(context: Context) -> Iterator[Violation]:
    """No conditions, or an empty list of them."""
    for node in context.activities:
        for edge in edges(node):
            if edge.given is None or edge.given == []:
                yield Violation(
                    f'{title(node)} depends on {quoted(edge.name)} without a condition. Add ["Succeeded"].', edge.path
                )


@rule("ADF209")
def redundant_condition(context: Context) -> Iterator[Violation]:
    """A condition that another one contains."""
    for node in context.activities:
        for edge in edges(node):
            given = [condition for condition in edge.conditions if condition in CONDITIONS]
            idle = [name for name in ("Succeeded", "Failed") if name in given and "Completed" in given]
            twice = [name for name in CONDITIONS if given.count(name) > 1]
            if idle or twice:
                problem = (
                    f"'Completed' and {quoted(idle[0])}. Keep 'Completed' alone"
                    if idle
                    else f"{quoted(twice[0])} twice. Keep one"
                )
                yield Violation(
                    f"{title(node)} depends on {quoted(edge.name)} with {problem}.",
                    (*edge.path, "dependencyConditions"),
                )


@rule("ADF210")
def never_runs(context: Context) -> Iterator[Violation]:
    """Conditions that contradict each other."""
    for scope in context.scopes:
        for node, reason in never(scope, edges):
            yield Violation(f"{title(node)} can never run: {reason}.", (*node.path, "dependsOn"))


@rule("ADF211")
def idle_mark(context: Context) -> Iterator[Violation]:
    """A violation by an activity that is active."""
    for node in context.active:
        if node.activity.get("onInactiveMarkAs") is not None:
            yield Violation(
                f'{title(node)} has \'onInactiveMarkAs\' and is active, so it has no effect. Delete it, or add "state": "Inactive".',
                (*node.path, "onInactiveMarkAs"),
            )
