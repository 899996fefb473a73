"""Dependencies: that they lead somewhere, form no cycle, and can all hold at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.findings import Severity
from activities_gen.model.activities import ACCEPTS
from activities_gen.model.graph import closed, cycles
from activities_gen.model.reachability import contradictions
from activities_gen.model.values import is_arm, kind_of
from activities_gen.rules.context import Context, title
from activities_gen.rules.model import Violation, quoted, rule
from activities_gen.rules.subjects import EVERY_ACTIVITY, activity, each

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.model.activities import Activity, Dependency

CONDITIONS = tuple(ACCEPTS)


def edges(node: Activity) -> list[Dependency]:
    """The entries of an activity's ``dependsOn`` that name an activity."""
    return [dependency for dependency in node.dependencies if dependency.name]


_EDGE = each(lambda context: ((node, edge) for node in context.activities for edge in edges(node)))
"""Each dependency that names an activity, inactive activities' too: the activity, and the dependency."""


@rule("ADF201", on=EVERY_ACTIVITY)
def dependency_shape(_: Context, node: Activity) -> Iterator[Violation]:
    """A string where an object belongs, an object where a list belongs, or a missing name."""
    entries = node.json.get("dependsOn")
    path = (*node.path, "dependsOn")
    if entries is not None and not isinstance(entries, list) and not is_arm(entries):
        yield Violation(f"{title(node)} has {kind_of(entries)} as 'dependsOn'; it must be a list of objects.", path)
    for dependency in node.dependencies:
        for problem, key in dependency.problems:
            yield Violation(f"{title(node)} has a dependency that {problem}.", (*dependency.path, *key))


@rule("ADF202", on=_EDGE)
def self_dependency(_: Context, node: Activity, edge: Dependency) -> Iterator[Violation]:
    """A dependency on the activity's own name."""
    if node.name and edge.name.casefold() == node.name.casefold():
        yield Violation(f"{title(node)} depends on itself. Delete that dependency.", edge.path)


@rule("ADF203", on=_EDGE)
def unknown_dependency(context: Context, node: Activity, edge: Dependency) -> Iterator[Violation]:
    """A name that no activity of the pipeline has."""
    if edge.name and edge.name.casefold() not in context.by_name and context.knows_activities:
        others = (other.name for other in node.siblings.activities if other is not node)
        near = context.suggest(edge.name, others) or " Name one that is, or delete the dependency."
        message = f"{title(node)} depends on {quoted(edge.name)}, which is not an activity of this pipeline.{near}"
        yield Violation(message, edge.path)


@rule("ADF204", on=_EDGE)
def dependency_across_scopes(context: Context, node: Activity, edge: Dependency) -> Iterator[Violation]:
    """A name that an activity has, but in another list."""
    others = context.by_name.get(edge.name.casefold(), [])
    apart = others and edge.name.casefold() not in node.siblings.by_name
    if apart and context.knows_activities:
        parent = others[0].parent
        hint = (
            f"is inside {title(parent)}. Depend on {title(parent)} instead"
            if parent
            else "is at the top level, outside the container. Let the container depend on it"
        )
        yield Violation(f"{title(node)} depends on {quoted(edge.name)}, which {hint}.", edge.path)


@rule("ADF205", on=EVERY_ACTIVITY)
def duplicate_dependency(_: Context, node: Activity) -> Iterator[Violation]:
    """A second entry for a name."""
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
    for siblings in context.pipeline.lists:
        by_name = siblings.by_name
        others = {index: [other for other in before if other != index] for index, before in siblings.graph.items()}
        for circle in cycles(others):
            folded = [siblings.activities[index].name.casefold() for index in circle]
            names = " → ".join(by_name[name].name for name in closed([folded[0], *reversed(folded[1:])]))
            yield Violation(
                f"These activities depend on each other in a circle: {names}. Delete one of the dependencies.",
                (*by_name[folded[0]].path, "dependsOn"),
            )


@rule("ADF207", on=_EDGE)
def unknown_condition(context: Context, node: Activity, edge: Dependency) -> Iterator[Violation]:
    """A condition that is none of the four."""
    for condition in edge.written:
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


@rule("ADF208", on=_EDGE)
def no_condition(_: Context, node: Activity, edge: Dependency) -> Iterator[Violation]:
    """No conditions, or an empty list of them."""
    if edge.given is None or edge.given == []:
        yield Violation(
            f'{title(node)} depends on {quoted(edge.name)} without a condition. Add ["Succeeded"].', edge.path
        )


@rule("ADF209", on=_EDGE)
def redundant_condition(_: Context, node: Activity, edge: Dependency) -> Iterator[Violation]:
    """A condition that another one contains."""
    given = list(edge.conditions)
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
    for siblings in context.pipeline.lists:
        for node, other in contradictions(siblings):
            yield Violation(_why_never(node, other), (*node.path, "dependsOn"))


def _why_never(node: Activity, other: Activity) -> str:
    """Why an activity can never run, given the one that would have to end in another way than it can."""
    edge = next((edge for edge in edges(node) if edge.name.casefold() == other.name.casefold()), None)
    if edge and other.inactive and other.inactive not in edge.accepts:
        wanted = " or ".join(edge.conditions)
        return f"{title(other)} is inactive and counts as {other.inactive}, so {title(node)}, which needs {wanted}, never runs."
    return f"{title(node)} can never run: all its dependencies must hold at once, and they need {quoted(other.name)} to end in two ways that exclude each other."


@rule("ADF211", on=activity())
def idle_state(_: Context, node: Activity) -> Iterator[Violation]:
    """The key on an activity that is active."""
    if node.json.get("onInactiveMarkAs") is not None:
        yield Violation(
            f'{title(node)} has \'onInactiveMarkAs\' and is active, so it has no effect. Delete it, or add "state": "Inactive".',
            (*node.path, "onInactiveMarkAs"),
        )
