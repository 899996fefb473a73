"""What a trigger gives to the run that it starts: values for parameters, and ``pipeline().Trigger…``."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Finding, FindingsError, Severity
from activities_gen.run.evaluation import evaluate_for_trigger

if TYPE_CHECKING:
    from activities_gen.wire.document import Document


def parse_window(start: str, end: str) -> tuple[datetime, datetime]:
    """The two ends of a window, in UTC; without a zone, a time is UTC.

    Args:
        start: Its first moment, ISO 8601: a date or a date with a time.
        end: The moment after its last.

    Raises:
        ValueError: One is no such time, or the window is empty.
    """
    window = _moment(start), _moment(end)
    if window[0] >= window[1]:
        raise ValueError(f"The window ends at {end}, which is not after its start, {start}.")
    return window


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    except ValueError as error:
        raise ValueError(f"'{text}' is no date or time of ISO 8601, such as 2026-01-31T00:00:00Z.") from error
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)


def instant(moment: datetime) -> str:
    """A moment as ADF writes it, ``2026-01-31T00:00:00Z``."""
    text = (
        moment.astimezone(timezone.utc)
        .replace(tzinfo=None)
        .isoformat(timespec="microseconds" if moment.microsecond else "seconds")
    )
    return f"{text}Z"


def bind_window(
    trigger: Document, pipeline: str, window: tuple[datetime, datetime]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The parameters that a trigger gives to a pipeline for one window, and the system variables of that run.

    Args:
        trigger: The trigger.
        pipeline: The pipeline's name; empty for any.
        window: Start and end; for a trigger without windows, the end is the scheduled time.

    Raises:
        FindingsError: The trigger starts another pipeline.
        ExpressionError: A parameter of it cannot be evaluated.
    """
    start, end = map(instant, window)
    context = {
        "name": trigger.name,
        "startTime": end,
        "scheduledTime": end,
        "outputs": {"windowStartTime": start, "windowEndTime": end},
    }
    parameters = _reference(trigger, pipeline).get("parameters") or {}
    values = {name: evaluate_for_trigger(value, context, window[1]) for name, value in parameters.items()}
    system = {
        "TriggerType": str(trigger.properties.get("type", "TumblingWindowTrigger")),
        "TriggerName": trigger.name,
        "TriggerTime": end,
    }
    return values, system


def _reference(trigger: Document, pipeline: str) -> dict[str, Any]:
    """The entry of a trigger that names the pipeline."""
    one = trigger.properties.get("pipeline")
    many = trigger.properties.get("pipelines")
    entries = [entry for entry in [one, *(many if isinstance(many, list) else [])] if isinstance(entry, dict)]
    names = []
    for entry in entries:
        reference = entry.get("pipelineReference")
        name = str(reference.get("referenceName")) if isinstance(reference, dict) else ""
        if not pipeline or name.casefold() == pipeline.casefold():
            return entry
        names.append(f"'{name}'")
    message = f"The trigger starts {', '.join(names) or 'no pipeline'}, not '{pipeline}'."
    raise FindingsError([Finding("RUN012", Severity.ERROR, message, trigger.locate(("properties",)))])
