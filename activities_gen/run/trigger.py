"""What a trigger gives to the run that it starts: values for parameters, and ``pipeline().Trigger…``."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from activities_gen.expressions import ExpressionError
from activities_gen.findings import Finding, FindingsError, Severity
from activities_gen.run.evaluation import evaluate_for_trigger
from activities_gen.run.recurrence import occurrences, read_recurrence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from activities_gen.wire.document import Document

Window = tuple[datetime, datetime]
"""The first moment of a window, and the moment after its last, in UTC."""

_LAST = datetime(9000, 1, 1, tzinfo=timezone.utc)


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


Values = tuple[dict[str, Any], dict[str, Any]]
"""The parameters that a trigger gives to a pipeline, and the system variables of the run."""


def bind_window(trigger: Document, pipeline: str, window: Window) -> Values:
    """Returns what a trigger gives to a pipeline for one window.

    Args:
        trigger: The trigger.
        pipeline: The pipeline's name; empty for any.
        window: Start and end. Of a schedule, the first of its times in it counts.

    Raises:
        FindingsError: The trigger starts another pipeline, or has no time in the window, or starts at events.
        ExpressionError: A parameter of it cannot be evaluated.
    """
    kind = _type(trigger)
    if kind in _EVENTS:
        raise _refused(trigger, f"The trigger starts at events, not in windows. Give it {_EVENTS[kind]}.")
    moment = _scheduled(trigger, window) if kind == "scheduletrigger" else window[1]
    start, end = map(instant, window)
    context = {
        "name": trigger.name,
        "startTime": instant(moment),
        "scheduledTime": instant(moment),
        "outputs": {"windowStartTime": start, "windowEndTime": end},
    }
    return _bound(trigger, pipeline, moment, context, None)


def _scheduled(trigger: Document, window: Window) -> datetime:
    """The first time of a schedule in a window."""
    properties = trigger.properties.get("typeProperties")
    recurrence = properties.get("recurrence") if isinstance(properties, dict) else None
    try:
        read = read_recurrence(recurrence if isinstance(recurrence, dict) else {})
        found = next(occurrences(read, *window), None)
        later = None if found else next(occurrences(read, window[1], _LAST), None)
    except (ValueError, TypeError, AttributeError, ExpressionError) as error:
        raise _refused(trigger, f"When the schedule starts cannot be told: {error}.") from error
    if found is None:
        hint = f" The next one is {instant(later)}." if later else ""
        raise _refused(trigger, f"The schedule has no time from {instant(window[0])} to {instant(window[1])}.{hint}")
    return found


def bind_event(trigger: Document, pipeline: str, event: str | Mapping[str, Any], moment: datetime) -> Values:
    """Returns what a trigger gives to a pipeline for one event.

    Args:
        trigger: A storage event trigger or a custom event trigger.
        pipeline: The pipeline's name; empty for any.
        event: The path of a file, ``container/folder/file``; or what ``triggerBody()`` is: ``fileName`` and
            ``folderPath`` of a storage event, ``eventType``, ``subject`` and ``data`` of a custom one.
        moment: When it happened.

    Raises:
        FindingsError: The trigger starts another pipeline, or not at such an event.
        ExpressionError: A parameter of it cannot be evaluated.
    """
    kind = _type(trigger)
    if kind not in _EVENTS:
        raise _refused(trigger, "The trigger does not start at events. Give it a window.")
    body = _body(event)
    if kind == "blobeventstrigger":
        _check_path(trigger, body)
    elif "event" not in body:
        body = {"event": body}
    context = {"name": trigger.name, "startTime": instant(moment), "outputs": {"body": body}}
    return _bound(trigger, pipeline, moment, context, body)


_EVENTS = {
    "blobeventstrigger": "a file: event='container/folder/file'",
    "customeventstrigger": "an event: event={'eventType': …, 'subject': …, 'data': {…}}",
}
"""The types of triggers that start at events, and what stands for one."""


def _body(event: str | Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(event, str):
        return dict(event)
    folder, _, file = event.strip("/").rpartition("/")
    return {"fileName": file, "folderPath": folder}


def _check_path(trigger: Document, body: Mapping[str, Any]) -> None:
    """Refuse a file for which the trigger would not start.

    Raises:
        FindingsError: Its path does not begin or end as the trigger says, or the event has no file.
    """
    if not isinstance(body.get("fileName"), str) or not isinstance(body.get("folderPath"), str):
        raise _refused(trigger, "A storage event has a 'fileName' and a 'folderPath', which begins with the container.")
    container, _, rest = f"{body['folderPath'].strip('/')}/{body['fileName']}".partition("/")
    path = f"/{container}/blobs/{rest}"
    properties = trigger.properties.get("typeProperties")
    for key, fits in (("blobPathBeginsWith", path.startswith), ("blobPathEndsWith", path.endswith)):
        wanted = properties.get(key) if isinstance(properties, dict) else None
        if isinstance(wanted, str) and not fits(wanted if key.endswith("EndsWith") else "/" + wanted.lstrip("/")):
            raise _refused(trigger, f"The trigger does not start for '{path}': its '{key}' is '{wanted}'.")


def _type(trigger: Document) -> str:
    return str(trigger.properties.get("type", "")).casefold()


def _refused(trigger: Document, message: str) -> FindingsError:
    return FindingsError([Finding("RUN014", Severity.ERROR, message, trigger.locate(("properties",)))])


def _bound(
    trigger: Document, pipeline: str, moment: datetime, context: Mapping[str, Any], body: Mapping[str, Any] | None
) -> Values:
    parameters = _reference(trigger, pipeline).get("parameters") or {}
    values = {name: evaluate_for_trigger(value, context, moment, body) for name, value in parameters.items()}
    system = {
        "TriggerType": str(trigger.properties.get("type", "TumblingWindowTrigger")),
        "TriggerName": trigger.name,
        "TriggerTime": instant(moment),
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
