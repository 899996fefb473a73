"""Which pipelines a pipeline may start."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from activities_gen.findings import Finding, FindingsError, Severity
from activities_gen.model.graph import cycles

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from activities_gen.model.activities import Activity
    from activities_gen.model.pipeline import Pipeline

Given = TypeVar("Given")


def target(activity: Activity) -> str:
    """The name of the pipeline that an ``ExecutePipeline`` starts, empty for other activities."""
    if activity.type != "ExecutePipeline":
        return ""
    reference = activity.type_properties.get("pipeline")
    name = reference.get("referenceName") if isinstance(reference, dict) else None
    return name if isinstance(name, str) else ""


def started(activity: Activity, repository: Mapping[str, Pipeline]) -> Pipeline | None:
    """The pipeline that an ``ExecutePipeline`` starts, if it is known."""
    name = target(activity)
    return repository.get(name.casefold()) if name else None


def given_for(pipeline: str, activity: str, given: Mapping[str, Given]) -> Given | None:
    """Returns what is given for an activity, by its pipeline's and its own name, else by its own alone.

    Args:
        pipeline: The pipeline's name.
        activity: The activity's name.
        given: Anything by ``<pipeline>/<activity>`` or ``<activity>``, in lower case.
    """
    found = given.get(f"{pipeline}/{activity}".casefold())
    return given.get(activity.casefold()) if found is None else found


def reachable(
    model: Pipeline, repository: Mapping[str, Pipeline], without: Container[Activity] = ()
) -> dict[str, Pipeline]:
    """A pipeline and all that it may start, directly or not, by name in lower case; activities ``without`` start nothing.

    Raises:
        FindingsError: One of them may start itself, which ADF refuses.
    """
    known = {**repository, model.name.casefold(): model}
    found = {model.name.casefold(): model}
    calls: dict[str, list[str]] = {}
    pending = [model]
    for caller in pending:
        following = [started(activity, known) for activity in caller.active if activity not in without]
        callees = {callee.name.casefold(): callee for callee in following if callee is not None}
        calls[caller.name.casefold()] = list(callees)
        pending += [callee for name, callee in callees.items() if name not in found]
        found |= {name: callee for name, callee in callees.items() if name not in found}
    circle = next(cycles(calls), None)
    if circle is not None:
        raise FindingsError([_circular([found[name] for name in circle], known, without)])
    return found


def _circular(circle: list[Pipeline], known: Mapping[str, Pipeline], without: Container[Activity]) -> Finding:
    """That pipelines start each other, at the activity that closes the circle."""
    last, first = circle[-1], circle[0]
    closing = next(one for one in last.active if one not in without and started(one, known) is first)
    path = " -> ".join(f"'{model.name}'" for model in (*circle, first))
    message = f"Circular reference not allowed in pipeline '{last.name}': {path}."
    return Finding("RUN007", Severity.ERROR, message, last.document.locate(closing.path), closing.path)
