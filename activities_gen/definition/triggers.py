"""Helpers that return genuine SDK triggers of this pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from azure.mgmt.datafactory.models import (
    PipelineReference,
    RetryPolicy,
    TriggerPipelineReference,
    TumblingWindowTrigger,
)

from activities_gen.definition.recorder import authoring, note
from activities_gen.wire.placeholders import pipeline_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime


@authoring
def tumbling_window(
    *,
    frequency: str,
    interval: int,
    start_time: datetime | str,
    parameters: Mapping[str, Any] | None = None,
    end_time: datetime | str | None = None,
    delay: str | None = None,
    max_concurrency: int = 1,
    retries: int = 1,
    retry_interval: int = 30,
    depends_on: Sequence[Any] | None = None,
    description: str | None = None,
    annotations: Sequence[str] | None = None,
) -> TumblingWindowTrigger:
    """A trigger that runs the pipeline once for each window of time, one behind the other since ``start_time``.

    Args:
        frequency: ``"Minute"``, ``"Hour"`` or ``"Month"``. ADF has no days: a day is 24 hours.
        interval: Length of a window in units of ``frequency``; at least 5 minutes.
        start_time: Start of the first window in UTC, as in ``"2024-01-01T00:00:00Z"``. ADF does not let it change.
        parameters: Values for the pipeline's parameters: strings or expressions such as ``window_start_time()``.
        end_time: End of the last window, in the same form.
        delay: How long after a window's end its run starts, as ``hh:mm:ss``.
        max_concurrency: How many windows may run at once, 1 to 50.
        retries: How often a failed window is run again; FlowEHR demands at least 1.
        retry_interval: Seconds between those, 30 to 86,400.
        depends_on: Other tumbling windows to wait for; FlowEHR ignores them.
        description: For people who read the trigger in Studio.
        annotations: Tags that ADF's monitoring filters by.

    Returns:
        A ``TumblingWindowTrigger`` of the SDK, for ``Pipeline(trigger=…)``, which names the pipeline in it.
    """
    retry: dict[str, Any] = {"count": retries, "interval_in_seconds": retry_interval}  # annotated as mappings
    attributes: dict[str, Any] = {
        "retry_policy": RetryPolicy(**retry),
        "start_time": start_time,
        "end_time": end_time,
        "delay": delay,
        "depends_on": depends_on,
        "description": description,
        "annotations": annotations,
    }
    trigger = TumblingWindowTrigger(
        pipeline=this_pipeline(parameters),
        frequency=frequency,
        interval=interval,
        max_concurrency=max_concurrency,
        **attributes,
    )
    note(trigger)
    return trigger


def this_pipeline(parameters: Mapping[str, Any] | None = None) -> TriggerPipelineReference:
    """Returns what a trigger starts: the pipeline that the trigger is given to.

    Use it with the SDK's other triggers: ``ScheduleTrigger(pipelines=[this_pipeline({"day": …})], recurrence=…)``.

    Args:
        parameters: Values for the pipeline's parameters; always written, for ADF and FlowEHR read the key.
    """
    return TriggerPipelineReference(
        pipeline_reference=PipelineReference(type="PipelineReference", reference_name=pipeline_name()),
        parameters={} if parameters is None else dict(parameters),
    )
