"""Which pipelines a pipeline may start."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from activities_gen.findings import Finding, FindingsError, Severity

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
    """The pipeline that an ``ExecutePipeline`` starts, where it is known."""
    name = target(activity)
    return repository.get(name.casefold()) if name else None


def given_for(pipeline: str, activity: str, given: Mapping[str, Given]) -> Given | None:
    """What is given for an activity, by its pipeline's and its own name, else by its own alone.

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
    found: dict[str, Pipeline] = {}
    _visit(model, known, found, (), without)
    return found


def _visit(
    model: Pipeline,
    known: Mapping[str, Pipeline],
    found: dict[str, Pipeline],
    trail: tuple[Pipeline, ...],
    without: Container[Activity],
) -> None:
    found[model.name.casefold()] = model
    for activity in model.active:
        following = None if activity in without else started(activity, known)
        if following is None:
            continue
        if following in (*trail, model):
            path = " -> ".join(f"'{other.name}'" for other in (*trail, model, following))
            message = f"Circular reference not allowed in pipeline '{model.name}': {path}."
            location = model.document.locate(activity.path)
            raise FindingsError([Finding("RUN007", Severity.ERROR, message, location, activity.path)])
        if following.name.casefold() not in found:
            _visit(following, known, found, (*trail, model), without)
