"""Which pipelines a pipeline may start."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from activities_gen.findings import Finding, FindingsError, Layer, Severity

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from activities_gen.run.plan import PipelinePlan, Step


Given = TypeVar("Given")


def target(step: Step) -> str:
    """The name of the pipeline that an ``ExecutePipeline`` starts, empty for other activities."""
    if step.type != "ExecutePipeline":
        return ""
    reference = step.properties.get("pipeline")
    name = reference.get("referenceName") if isinstance(reference, dict) else None
    return name if isinstance(name, str) else ""


def started(step: Step, repository: Mapping[str, PipelinePlan]) -> PipelinePlan | None:
    """The pipeline that an ``ExecutePipeline`` starts, where it is known."""
    name = target(step)
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
    plan: PipelinePlan, repository: Mapping[str, PipelinePlan], without: Container[Step] = ()
) -> dict[str, PipelinePlan]:
    """A pipeline and all that it may start, directly or not, by name in lower case; activities ``without`` start nothing.

    Raises:
        FindingsError: One of them may start itself, which ADF refuses.
    """
    known = {**repository, plan.name.casefold(): plan}
    found: dict[str, PipelinePlan] = {}
    _visit(plan, known, found, (), without)
    return found


def _visit(
    plan: PipelinePlan,
    known: Mapping[str, PipelinePlan],
    found: dict[str, PipelinePlan],
    trail: tuple[PipelinePlan, ...],
    without: Container[Step],
) -> None:
    found[plan.name.casefold()] = plan
    for step in plan.plan.active():
        following = None if step in without else started(step, known)
        if following is None:
            continue
        if following in (*trail, plan):
            path = " -> ".join(f"'{other.name}'" for other in (*trail, plan, following))
            message = f"Circular reference not allowed in pipeline '{plan.name}': {path}."
            location = plan.document.locate(step.path)
            raise FindingsError([Finding("RUN007", Severity.ERROR, message, location, step.path, Layer.STUDIO)])
        if following.name.casefold() not in found:
            _visit(following, known, found, (*trail, plan), without)
