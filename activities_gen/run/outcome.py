"""How a pass through activities came out, and why an activity was skipped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.run.errors import Error

if TYPE_CHECKING:
    from activities_gen.model.activities import Activity
    from activities_gen.run.state import ActivityRun, Scope


def culprits(scope: Scope) -> list[ActivityRun]:
    """The activities for which a pass did not succeed; none where it did.

    The pass succeeds when each leaf succeeded; for a leaf that was skipped, or that the run is not about, its parents are asked instead, and so on
    upwards (documented under "How pipeline failure are determined"). The same rule decides for a container's branch.
    """
    stack = [leaf.index for leaf in scope.siblings.leaves]
    asked = set(stack)
    guilty = []
    while stack:
        run = scope.runs[stack.pop()]
        left_out = run is not None and run.status == "NotRun" and run.earlier is None
        if run is None or (run.seen_as == "Succeeded" and not left_out):
            continue
        if run.seen_as != "Skipped" and run.status != "NotRun":
            guilty.append(run)
            continue
        parents = [edge.activity.index for edge in run.activity.upstream if edge.activity.index not in asked]
        asked.update(parents)
        stack.extend(parents)
    return sorted(guilty, key=lambda run: run.activity.index)


def unmet_reason(cause: ActivityRun, activity: Activity) -> str:
    """Why ``activity`` was skipped when ``cause`` ended: ``'Ingest' Failed, needed Succeeded``."""
    needed = " and ".join(
        " or ".join(edge.conditions)
        for edge in activity.upstream
        if edge.activity.index == cause.activity.index and cause.seen_as not in edge.accepts
    )
    if cause.status == "NotRun":
        return f"'{cause.name}' was not run and counts as {cause.seen_as}, needed {needed}"
    how = f"is Inactive, marked as {cause.seen_as}" if cause.status == "Inactive" else f"was {cause.status}"
    return f"'{cause.name}' {how}, needed {needed}"


def message_of(run: ActivityRun) -> str:
    """In one sentence, why an activity did not succeed."""
    if run.error is not None:
        return run.error.message
    if run.status == "Inactive":
        return f"'{run.name}' is Inactive, marked as {run.seen_as}"
    return f"'{run.name}' was {run.status}"


def inner_failure(failed: list[ActivityRun]) -> Error:
    """The error of a container in which something failed, in the service's words."""
    first = failed[0]
    return Error(
        "ActionFailed",
        "Activity failed because an inner activity failed; "
        f"Inner activity name: {first.name}, Error: {message_of(first)}",
    )


def target_failure(failed: list[ActivityRun]) -> str:
    """Why a pipeline failed, in the service's words."""
    return "; ".join(f"Operation on target {run.name} failed: {message_of(run)}" for run in failed)
