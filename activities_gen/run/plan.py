"""A document made ready to run: each activity with its edges resolved, each container with its branches.

What ADF's engine could not start at all is refused here, everything of it in one go.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from activities_gen.findings import Finding, FindingsError, JsonPath, Layer, Severity, suggestion
from activities_gen.run.timespan import parse_timespan
from activities_gen.wire.document import CONTAINERS, Document

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

Status = Literal["Succeeded", "Failed", "Skipped", "Inactive", "Cancelled", "NotRun"]
"""How an activity ends. A dependency sees an inactive one as what it is marked as, and one that the run is not about as what it was before."""

ACCEPTS: dict[str, frozenset[str]] = {
    "Succeeded": frozenset({"Succeeded"}),
    "Failed": frozenset({"Failed"}),
    "Completed": frozenset({"Succeeded", "Failed"}),
    "Skipped": frozenset({"Skipped"}),
}
"""Which ends of an activity meet each dependency condition. ``Completed`` leaves skipped ones out."""

TYPES = {
    name.casefold(): name
    for name in (
        *CONTAINERS,
        "AppendVariable",
        "ExecutePipeline",
        "Fail",
        "Filter",
        "SetVariable",
        "Validation",
        "Wait",
        "WebHook",
    )
}
"""Control activities by their name in lower case: the service does not mind the case of ``type``."""


@dataclass(frozen=True)
class Edge:
    """One entry of ``dependsOn``, seen from either end.

    Attributes:
        step: Index of the activity at the other end.
        accepts: The ends of the upstream activity that meet it; conditions of one entry are alternatives.
        conditions: The conditions as they are written.
    """

    step: int
    accepts: frozenset[str]
    conditions: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Step:
    """One activity of a scope.

    Attributes:
        index: Position among its siblings.
        name: The activity's name.
        type: The activity's type, control activities in ADF's own spelling.
        activity: Its JSON object.
        properties: Its ``typeProperties``.
        inactive: What an inactive activity is marked as, else ``None``.
        upstream: What it depends on; all entries have to be met.
        downstream: What depends on it.
        ancestors: Indices of all that it depends on, directly or not: what its expressions may refer to.
        branches: A container's scopes: by key of ``typeProperties``, a Switch's cases by ``case <value>``.
        path: Where it stands in its document.
    """

    index: int
    name: str
    type: str
    activity: dict[str, Any]
    properties: dict[str, Any]
    inactive: Status | None
    upstream: tuple[Edge, ...]
    downstream: tuple[Edge, ...]
    ancestors: tuple[int, ...]
    branches: dict[str, Plan]
    path: JsonPath

    @property
    def policy(self) -> Mapping[str, Any]:
        """The activity's policy, empty where there is none."""
        policy = self.activity.get("policy")
        return policy if isinstance(policy, dict) else {}


@dataclass(frozen=True, eq=False)
class Plan:
    """The activities of one scope: of a pipeline, of a loop's body, of a branch.

    Attributes:
        steps: In the order of the document.
        leaves: Indices of those that nothing depends on.
    """

    steps: tuple[Step, ...]
    leaves: tuple[int, ...]

    def walk(self) -> Iterator[Step]:
        """Every step, containers before what they hold."""
        for step in self.steps:
            yield step
            for branch in step.branches.values():
                yield from branch.walk()

    def active(self) -> Iterator[Step]:
        """Every step that may run: those that are not inactive, nor inside of one that is."""
        for step in self.steps:
            if not step.inactive:
                yield step
                for branch in step.branches.values():
                    yield from branch.active()


@dataclass(frozen=True, eq=False)
class PipelinePlan:
    """A pipeline ready to run.

    Attributes:
        name: Its name, empty for a bare list of activities.
        plan: Its activities.
        parameters: The declared parameters.
        variables: The declared variables.
        concurrency: How many runs of it may be under way at once, ``None`` for any number.
        document: What it was made from.
    """

    name: str
    plan: Plan
    parameters: Mapping[str, Any]
    variables: Mapping[str, Any]
    concurrency: int | None
    document: Document = field(repr=False)


def compile_pipeline(document: Document) -> PipelinePlan:
    """Make a pipeline ready to run.

    Raises:
        FindingsError: ADF's engine could not start it: no list of activities, one without name or type, two of one name, a dependency
            that does not exist or leads back to itself, an unknown condition, a timeout that is no time span.
    """
    compiler = _Compiler(document)
    if not isinstance(document.properties.get("activities"), list):
        compiler.refuse("RUN001", "The pipeline has no list of activities.", ("properties", "activities"))
    plan = compiler.scope(document.activities, ("properties", "activities"))
    if compiler.findings:
        raise FindingsError(compiler.findings)
    concurrency = document.properties.get("concurrency")
    return PipelinePlan(
        document.name,
        plan,
        _object(document.properties.get("parameters")),
        _object(document.properties.get("variables")),
        concurrency if isinstance(concurrency, int) and concurrency > 0 else None,
        document,
    )


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


_Edges = tuple[tuple[Edge, ...], tuple[Edge, ...], tuple[int, ...]]


class _Compiler:
    """Builds the plans of one document and collects what is wrong with it."""

    def __init__(self, document: Document) -> None:
        self.findings: list[Finding] = []
        self._document = document
        self._names: dict[str, tuple[str, JsonPath]] = {}

    def refuse(self, code: str, message: str, path: JsonPath) -> None:
        location = self._document.locate(path)
        self.findings.append(Finding(code, Severity.ERROR, message, location, path, Layer.RUN))

    def scope(self, activities: Sequence[Any], path: JsonPath) -> Plan:
        """The plan of one list of activities; incomplete where something was found."""
        known: list[tuple[JsonPath, dict[str, Any]]] = []
        for index, activity in enumerate(activities):
            if self._named(activity, (*path, index)):
                known.append(((*path, index), activity))
        names = {activity["name"].casefold(): index for index, (_, activity) in enumerate(known)}
        upstream = [self._edges(activity, names, where) for where, activity in known]
        downstream: list[list[Edge]] = [[] for _ in known]
        for index, edges in enumerate(upstream):
            for edge in edges:
                downstream[edge.step].append(Edge(index, edge.accepts, edge.conditions))
        ancestors = _ancestors(upstream)
        self._refuse_cycle([(where, activity["name"]) for where, activity in known], _cycle(upstream, ancestors))
        before = [tuple(sorted(ancestors.get(index, ()))) for index in range(len(known))]
        around = zip(upstream, map(tuple, downstream), before, strict=True)
        steps = tuple(self._step(index, known[index], edges) for index, edges in enumerate(around))
        return Plan(steps, tuple(index for index, edges in enumerate(downstream) if not edges))

    def _named(self, activity: Any, path: JsonPath) -> bool:
        """Whether an entry of a list is an activity that can be told apart; says what is wrong where it is not."""
        if not isinstance(activity, dict):
            self.refuse("RUN001", "An activity must be a JSON object.", path)
            return False
        for key in ("name", "type"):
            if not isinstance(activity.get(key), str) or not activity[key]:
                self.refuse("RUN001", f"An activity has no '{key}'.", path)
                return False
        name = activity["name"]
        if self._names.setdefault(name.casefold(), (name, path)) != (name, path):
            self.refuse("RUN002", f"Two activities are named '{name}'; names are compared without case.", path)
            return False
        return True

    def _edges(self, activity: dict[str, Any], names: Mapping[str, int], path: JsonPath) -> tuple[Edge, ...]:
        entries = activity.get("dependsOn") or []
        edges = []
        for position, entry in enumerate(entries if isinstance(entries, list) else [entries]):
            where: JsonPath = (*path, "dependsOn", position)
            target = entry.get("activity") if isinstance(entry, dict) else None
            if not isinstance(target, str) or target.casefold() not in names:
                self._refuse_target(activity["name"], target, names, where)
                continue
            conditions = entry.get("dependencyConditions")
            if self._conditions_hold(activity["name"], conditions, where):
                accepts: frozenset[str] = frozenset().union(*(ACCEPTS[name] for name in conditions))
                edges.append(Edge(names[target.casefold()], accepts, tuple(conditions)))
        return tuple(edges)

    def _refuse_target(self, name: str, target: Any, names: Mapping[str, int], path: JsonPath) -> None:
        near = suggestion(str(target), [self._names[key][0] for key in names])
        self.refuse("RUN003", f"'{name}' depends on '{target}', which is no activity beside it.{near}", path)

    def _conditions_hold(self, name: str, conditions: Any, path: JsonPath) -> bool:
        if not isinstance(conditions, list) or not conditions:
            self.refuse("RUN004", f"A dependency of '{name}' names no condition.", path)
            return False
        unknown = [value for value in conditions if not isinstance(value, str) or value not in ACCEPTS]
        for value in unknown:
            near = suggestion(str(value), ACCEPTS)
            self.refuse("RUN004", f"A dependency of '{name}' has the unknown condition '{value}'.{near}", path)
        return not unknown

    def _refuse_cycle(self, known: Sequence[tuple[JsonPath, str]], cycle: list[int]) -> None:
        if cycle:
            path, _ = known[cycle[0]]
            names = " -> ".join(f"'{known[index][1]}'" for index in (*cycle, cycle[0]))
            self.refuse("RUN005", f"Activities wait for each other: {names}.", (*path, "dependsOn"))

    def _step(self, index: int, known: tuple[JsonPath, dict[str, Any]], edges: _Edges) -> Step:
        path, activity = known
        kind = TYPES.get(activity["type"].casefold(), activity["type"])
        properties = _object(activity.get("typeProperties"))
        inactive = _inactive(activity)
        found = len(self.findings)
        branches: dict[str, Plan] = {}
        for key, plan in self._branches(kind, properties, path):
            branches.setdefault(key, plan)  # of two equal cases of a Switch, the first is taken
        name = activity["name"]
        step = Step(index, name, kind, activity, properties, inactive, *edges, branches=branches, path=path)
        self._refuse_timeout(step)
        if inactive:
            # ADF leaves what is inactive out of its validation.
            del self.findings[found:]
        return step

    def _branches(self, kind: str, properties: dict[str, Any], path: JsonPath) -> Iterator[tuple[str, Plan]]:
        for key in CONTAINERS.get(kind, ()):
            where: JsonPath = (*path, "typeProperties", key)
            value = properties.get(key)
            if key != "cases":
                yield key, self.scope(value if isinstance(value, list) else [], where)
                continue
            for position, case in enumerate(value if isinstance(value, list) else []):
                if isinstance(case, dict):
                    inner = case.get("activities")
                    plan = self.scope(inner if isinstance(inner, list) else [], (*where, position, "activities"))
                    yield f"case {case.get('value')}", plan

    def _refuse_timeout(self, step: Step) -> None:
        for holder, timeout in (
            ("policy", step.policy.get("timeout")),
            ("typeProperties", step.properties.get("timeout")),
        ):
            if holder == "typeProperties" and step.type not in ("Until", "Validation", "WebHook"):
                continue
            if isinstance(timeout, str) and "@" not in timeout:
                try:
                    parse_timespan(timeout)
                except ValueError as error:
                    self.refuse("RUN006", f"The timeout of '{step.name}': {error}.", (*step.path, holder, "timeout"))


def _inactive(activity: Mapping[str, Any]) -> Status | None:
    """What an activity is marked as when it is switched off (``state``, ``onInactiveMarkAs``)."""
    if activity.get("state") != "Inactive":
        return None
    mark = activity.get("onInactiveMarkAs")
    return "Failed" if mark == "Failed" else "Skipped" if mark == "Skipped" else "Succeeded"


def _ancestors(upstream: Sequence[Sequence[Edge]]) -> dict[int, set[int]]:
    """For each step, all that come before it. Steps in a cycle, or after one, are left out."""
    waiting = [{edge.step for edge in edges} for edges in upstream]
    following: list[list[int]] = [[] for _ in upstream]
    for index, needs in enumerate(waiting):
        for other in needs:
            following[other].append(index)
    ready = [index for index, needs in enumerate(waiting) if not needs]
    result: dict[int, set[int]] = {}
    while ready:
        index = ready.pop()
        before = {edge.step for edge in upstream[index]}
        result[index] = before.union(*(result[other] for other in before))
        for after in following[index]:
            waiting[after].discard(index)
            if not waiting[after]:
                ready.append(after)
    return result


def _cycle(upstream: Sequence[Sequence[Edge]], ordered: Mapping[int, set[int]]) -> list[int]:
    """The steps of one cycle, each waiting for the next; empty where all could be ordered."""
    rest = [index for index in range(len(upstream)) if index not in ordered]
    trail: list[int] = []
    while rest and rest[0] not in trail:
        trail.append(rest[0])
        rest = [edge.step for edge in upstream[rest[0]] if edge.step not in ordered]
    return trail[trail.index(rest[0]) :] if trail else []
