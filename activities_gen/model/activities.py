"""Activities, the lists that they stand in, and their dependencies."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from activities_gen.model.graph import order
from activities_gen.model.types import CONTAINERS, canonical_type
from activities_gen.model.values import is_arm, kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from activities_gen.findings import JsonPath

Ending = Literal["Succeeded", "Failed", "Skipped"]
"""How an activity ends, as dependencies see it."""

ACCEPTS: dict[str, frozenset[str]] = {
    "Succeeded": frozenset({"Succeeded"}),
    "Failed": frozenset({"Failed"}),
    "Skipped": frozenset({"Skipped"}),
    "Completed": frozenset({"Succeeded", "Failed"}),
}
"""The endings that meet each dependency condition. ``Completed`` does not include skipped activities."""

FORM = '{"activity": …, "dependencyConditions": ["Succeeded"]}'
"""A dependency as messages show it."""

_CONDITIONS = {name.casefold(): name for name in ACCEPTS}
_ENDINGS: dict[str, Ending] = {"failed": "Failed", "skipped": "Skipped"}


class Dependency(NamedTuple):
    """One entry of ``dependsOn`` as it is written, well-formed or not.

    Attributes:
        entry: The entry.
        path: Where it stands in its document.
    """

    entry: Any
    path: JsonPath

    @property
    def name(self) -> str:
        """The name of the activity that it depends on; empty if the entry has none, or an ARM expression in its place."""
        name = self.entry.get("activity") if isinstance(self.entry, dict) else None
        return name if isinstance(name, str) and not is_arm(name) else ""

    @property
    def problems(self) -> Iterator[tuple[str, JsonPath]]:
        """What is wrong with its form, and the key that is; no key if it is the whole entry."""
        if not isinstance(self.entry, dict):
            if not is_arm(self.entry):
                yield f"is {kind_of(self.entry)}; write {FORM}", ()
            return
        if not isinstance(self.entry.get("activity"), str) or not self.entry["activity"]:
            yield "names no 'activity'", ("activity",) if "activity" in self.entry else ()
        if self.given is not None and not isinstance(self.given, list) and not is_arm(self.given):
            problem = f"has {kind_of(self.given)} as 'dependencyConditions'; it must be a list such as [\"Succeeded\"]"
            yield problem, ("dependencyConditions",)

    @property
    def given(self) -> Any:
        """What stands as ``dependencyConditions``."""
        return self.entry.get("dependencyConditions") if isinstance(self.entry, dict) else None

    @property
    def written(self) -> list[Any]:
        """The conditions as they are written; empty if they are missing or no list."""
        return self.given if isinstance(self.given, list) else []

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions in ADF's spelling; those that do not exist are left out."""
        folded = (value.casefold() for value in self.written if isinstance(value, str))
        return tuple(_CONDITIONS[value] for value in folded if value in _CONDITIONS)

    @property
    def unknown(self) -> list[Any]:
        """The conditions that do not exist."""
        return [value for value in self.written if not isinstance(value, str) or value.casefold() not in _CONDITIONS]

    @property
    def accepts(self) -> frozenset[str]:
        """The endings that meet one of its conditions: the conditions of one entry are alternatives."""
        return frozenset[str]().union(*(ACCEPTS[name] for name in self.conditions))


class Edge(NamedTuple):
    """A dependency between two activities of one list, seen from either end.

    Attributes:
        activity: The activity at the other end.
        accepts: The endings of the upstream activity that meet it.
        conditions: The conditions in ADF's spelling.
    """

    activity: Activity
    accepts: frozenset[str]
    conditions: tuple[str, ...]


class Activity:
    """One activity of a pipeline.

    Attributes:
        json: Its JSON object.
        index: Its position among the activities of its list.
        siblings: The list that it stands in: dependencies lead to activities of the same list only.
        path: Where it stands in its document.
    """

    def __init__(self, json: dict[str, Any], index: int, siblings: Siblings, path: JsonPath) -> None:
        self.json = json
        self.index = index
        self.siblings = siblings
        self.path = path

    def __repr__(self) -> str:
        """Its type, its name, and where it stands."""
        return f"<{self.type or 'Activity'} {self.name!r} at {'/'.join(map(str, self.path))}>"

    @cached_property
    def name(self) -> str:
        """Its name; empty if it has none."""
        name = self.json.get("name")
        return name if isinstance(name, str) else ""

    @cached_property
    def written_type(self) -> str:
        """Its type as it is written; empty if it has none."""
        written = self.json.get("type")
        return written if isinstance(written, str) else ""

    @cached_property
    def type(self) -> str:
        """Its type in ADF's spelling; as it is written if ADF has no such type."""
        return canonical_type(self.written_type) or self.written_type

    @cached_property
    def type_properties(self) -> dict[str, Any]:
        """Its ``typeProperties``; empty if there are none."""
        properties = self.json.get("typeProperties")
        return properties if isinstance(properties, dict) else {}

    @cached_property
    def policy(self) -> Mapping[str, Any]:
        """Its policy; empty if there is none."""
        policy = self.json.get("policy")
        return policy if isinstance(policy, dict) else {}

    @cached_property
    def inactive(self) -> Ending | None:
        """The ending that it is marked with if it is switched off (``state``, ``onInactiveMarkAs``), else ``None``."""
        if str(self.json.get("state", "")).casefold() != "inactive":
            return None
        return _ENDINGS.get(str(self.json.get("onInactiveMarkAs", "")).casefold(), "Succeeded")

    @property
    def parent(self) -> Activity | None:
        """The container that it stands in; ``None`` at the top level."""
        return self.siblings.parent

    def containers(self) -> Iterator[Activity]:
        """Yields the containers around it, innermost first."""
        outer = self.parent
        while outer is not None:
            yield outer
            outer = outer.parent

    @cached_property
    def dependencies(self) -> list[Dependency]:
        """The entries of its ``dependsOn``, well-formed or not; none if that is no list."""
        entries = self.json.get("dependsOn")
        path = (*self.path, "dependsOn")
        return [Dependency(entry, (*path, n)) for n, entry in enumerate(entries if isinstance(entries, list) else [])]

    @property
    def has_computed_dependencies(self) -> bool:
        """Whether an ARM expression stands for its dependencies or for the name of one."""
        if is_arm(self.json.get("dependsOn")):
            return True
        entries = (dependency.entry for dependency in self.dependencies)
        return any(is_arm(entry.get("activity") if isinstance(entry, dict) else entry) for entry in entries)

    @property
    def upstream(self) -> tuple[Edge, ...]:
        """The activities that it depends on; all of these edges have to be met."""
        return self.siblings.upstream[self.index]

    @property
    def downstream(self) -> tuple[Edge, ...]:
        """The activities that depend on it."""
        return self.siblings.downstream[self.index]

    @property
    def ancestors(self) -> list[Activity]:
        """All activities of its list that come before it, directly or not: those that its expressions may read."""
        return self.siblings.ancestors(self)

    @cached_property
    def branches(self) -> list[Siblings]:
        """The lists of activities inside a container; a Switch has one for each case."""
        return list(_branches(self))

    def branch(self, key: str) -> Siblings:
        """Returns the first branch with a key such as ``ifTrueActivities`` or ``case 7``; an empty one if there is none."""
        return next((branch for branch in self.branches if branch.key == key), Siblings([], self.path, self, key))

    def walk(self) -> Iterator[Activity]:
        """Yields the activity itself and all that it holds, containers before what they hold."""
        yield self
        for branch in self.branches:
            yield from branch.walk()


class Siblings:
    """The activities of one list: of a pipeline, of a loop's body, of a branch.

    Attributes:
        entries: The list as it is written.
        path: Where it stands in its document.
        parent: The container that holds it; ``None`` at the top level.
        branch: The key of the container's ``typeProperties`` that holds it; empty at the top level.
        case: The value of a Switch's case; ``None`` elsewhere.
    """

    def __init__(
        self, entries: list[Any], path: JsonPath, parent: Activity | None = None, branch: str = "", case: Any = None
    ) -> None:
        self.entries = entries
        self.path = path
        self.parent = parent
        self.branch = branch
        self.case = case
        found = [(place, entry) for place, entry in enumerate(entries) if isinstance(entry, dict)]
        self.activities = [Activity(entry, n, self, (*path, place)) for n, (place, entry) in enumerate(found)]

    @property
    def key(self) -> str:
        """The branch, with the value of a Switch's case: ``ifTrueActivities``, ``case 7``."""
        return f"case {self.case}" if self.branch == "cases" else self.branch

    def walk(self) -> Iterator[Activity]:
        """Yields every activity, containers before what they hold, in the order of the file."""
        for activity in self.activities:
            yield from activity.walk()

    def active(self) -> Iterator[Activity]:
        """Yields every activity that may run: neither switched off nor inside of one that is."""
        for activity in self.activities:
            if not activity.inactive:
                yield activity
                for branch in activity.branches:
                    yield from branch.active()

    @cached_property
    def by_name(self) -> dict[str, Activity]:
        """The activities by name in lower case; of several with one name, the first."""
        return {activity.name.casefold(): activity for activity in reversed(self.activities) if activity.name}

    @cached_property
    def upstream(self) -> list[tuple[Edge, ...]]:
        """For each activity, the activities of the list that it depends on."""
        return [
            tuple(
                Edge(self.by_name[name], dependency.accepts, dependency.conditions)
                for dependency in activity.dependencies
                if (name := dependency.name.casefold()) in self.by_name
            )
            for activity in self.activities
        ]

    @cached_property
    def downstream(self) -> list[tuple[Edge, ...]]:
        """For each activity, the activities of the list that depend on it."""
        result: list[list[Edge]] = [[] for _ in self.activities]
        for activity, edges in zip(self.activities, self.upstream, strict=True):
            for edge in edges:
                result[edge.activity.index].append(Edge(activity, edge.accepts, edge.conditions))
        return [tuple(edges) for edges in result]

    @cached_property
    def leaves(self) -> tuple[Activity, ...]:
        """The activities that nothing depends on."""
        return tuple(activity for activity in self.activities if not activity.downstream)

    @property
    def graph(self) -> dict[int, list[int]]:
        """For each activity the activities that it depends on, by index."""
        return {n: [edge.activity.index for edge in edges] for n, edges in enumerate(self.upstream)}

    @cached_property
    def order(self) -> list[Activity]:
        """The activities, each after those that it depends on; without those in a circle or after one."""
        return [self.activities[index] for index in order(self.graph)]

    @cached_property
    def _before(self) -> list[int]:
        """For each activity, all that comes before it, as a set of bits."""
        result = [0] * len(self.activities)
        for activity in self.order:
            for edge in activity.upstream:
                result[activity.index] |= result[edge.activity.index] | 1 << edge.activity.index
        return result

    def before(self, activity: Activity, other: Activity) -> bool:
        """Whether dependencies lead from an activity back to ``other``, of the same list."""
        return bool(self._before[activity.index] >> other.index & 1)

    def may_precede(self, other: Activity, activity: Activity) -> bool:
        """Whether dependencies lead, or may lead once the template is deployed, from an activity back to ``other``."""
        bits = self._before[activity.index]
        return bool(bits >> other.index & 1 or (bits | 1 << activity.index) & self._computed)

    @cached_property
    def _computed(self) -> int:
        """The activities whose dependencies are computed at deployment, as a set of bits."""
        return sum(1 << activity.index for activity in self.activities if activity.has_computed_dependencies)

    def ancestors(self, activity: Activity) -> list[Activity]:
        """Returns all activities that come before an activity, directly or not, in the order of the list."""
        bits = self._before[activity.index]
        return [other for other in self.activities[: bits.bit_length()] if bits >> other.index & 1]


def _branches(activity: Activity) -> Iterator[Siblings]:
    for key in CONTAINERS.get(activity.type, ()):
        value = activity.type_properties.get(key)
        path = (*activity.path, "typeProperties", key)
        if not isinstance(value, list):
            continue
        if key != "cases":
            yield Siblings(value, path, activity, key)
            continue
        for index, case in enumerate(value):
            if isinstance(case, dict) and isinstance(case.get("activities"), list):
                yield Siblings(case["activities"], (*path, index, "activities"), activity, key, case.get("value"))
