"""Whether ADF's engine could start a pipeline; if it could not, everything that stands in its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.findings import Finding, FindingsError, JsonPath, Severity, suggestion
from activities_gen.model.activities import ACCEPTS
from activities_gen.model.graph import cycles
from activities_gen.model.pipeline import Pipeline
from activities_gen.model.timespans import parse_timespan
from activities_gen.model.values import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.model.activities import Activity, Dependency, Siblings
    from activities_gen.wire.document import Document

Problem = tuple[str, str, JsonPath]
"""A code, a message, and the place in the document."""


def startable(document: Document, name: str = "") -> Pipeline:
    """Returns the pipeline of a document; ``name`` replaces the name that stands in it.

    Raises:
        FindingsError: ADF's engine could not start it: it has no list of activities, an activity without name or type,
            two of one name, a dependency that does not exist or leads back to itself, an unknown condition, a timeout
            that is no time span.
    """
    pipeline = Pipeline(document, name)
    found = [
        Finding(code, Severity.ERROR, message, document.locate(path), path)
        for code, message, path in _problems(pipeline)
    ]
    if found:
        raise FindingsError(found)
    return pipeline


def _problems(pipeline: Pipeline) -> Iterator[Problem]:
    if not isinstance(pipeline.document.properties.get("activities"), list):
        yield "RUN001", "The pipeline has no list of activities.", ("properties", "activities")
    yield from _of_list(pipeline.top, {})


def _of_list(siblings: Siblings, names: dict[str, JsonPath]) -> Iterator[Problem]:
    """What is wrong with a list of activities; ``names`` are those of the whole pipeline so far, in lower case."""
    for index, entry in enumerate(siblings.entries):
        if not isinstance(entry, dict):
            yield "RUN001", "An activity must be a JSON object.", (*siblings.path, index)
    for activity in siblings.activities:
        yield from _unnamed(activity, names)
    for activity in siblings.activities:
        yield from _of_dependencies(activity)
    for circle in cycles(siblings.graph):
        named = " -> ".join(f"'{siblings.activities[index].name}'" for index in (*circle, circle[0]))
        path = (*siblings.activities[circle[0]].path, "dependsOn")
        yield "RUN005", f"Activities wait for each other: {named}.", path
    for activity in siblings.activities:
        if activity.inactive:
            continue  # ADF leaves what is switched off out of its validation
        for branch in activity.branches:
            yield from _of_list(branch, names)
        yield from _of_timeouts(activity)


def _unnamed(activity: Activity, names: dict[str, JsonPath]) -> Iterator[Problem]:
    for key, value in (("name", activity.name), ("type", activity.written_type)):
        if not value:
            yield "RUN001", f"An activity has no '{key}'.", activity.path
            return
    if names.setdefault(activity.name.casefold(), activity.path) != activity.path:
        message = f"Two activities are named '{activity.name}'; names are compared without case."
        yield "RUN002", message, activity.path


def _of_dependencies(activity: Activity) -> Iterator[Problem]:
    entries = activity.json.get("dependsOn")
    if entries is not None and not isinstance(entries, list):
        message = f"'{activity.name}' has {kind_of(entries)} as 'dependsOn'; it must be a list of objects."
        yield "RUN003", message, (*activity.path, "dependsOn")
    for dependency in activity.dependencies:
        problems = [problem for problem, _ in dependency.problems]
        if problems:
            message = f"'{activity.name}' has a dependency that {' and '.join(problems)}."
            yield "RUN003", message, dependency.path
        elif dependency.name.casefold() not in activity.siblings.by_name:
            yield "RUN003", _unknown(activity, dependency), dependency.path
        else:
            yield from _of_conditions(activity, dependency)


def _unknown(activity: Activity, dependency: Dependency) -> str:
    target = dependency.name or dependency.entry["activity"]
    near = suggestion(target, [other.name for other in activity.siblings.activities])
    return f"'{activity.name}' depends on '{target}', which is no activity beside it.{near}"


def _of_conditions(activity: Activity, dependency: Dependency) -> Iterator[Problem]:
    if not dependency.written:
        yield "RUN004", f"A dependency of '{activity.name}' names no condition.", dependency.path
    for value in dependency.unknown:
        near = suggestion(str(value), ACCEPTS)
        message = f"A dependency of '{activity.name}' has the unknown condition '{value}'.{near}"
        yield "RUN004", message, dependency.path


def _of_timeouts(activity: Activity) -> Iterator[Problem]:
    own = activity.type_properties if activity.type in ("Until", "Validation", "WebHook") else {}
    timeouts: tuple[tuple[str, Any], ...] = (
        ("policy", activity.policy.get("timeout")),
        ("typeProperties", own.get("timeout")),
    )
    for holder, timeout in timeouts:
        if isinstance(timeout, str) and "@" not in timeout:
            try:
                parse_timespan(timeout)
            except ValueError as error:
                yield "RUN006", f"The timeout of '{activity.name}': {error}.", (*activity.path, holder, "timeout")
