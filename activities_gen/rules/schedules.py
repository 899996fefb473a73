"""Schedule and event triggers, and dependencies between triggers of a repository."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.windows_zones import WINDOWS_ZONES
from activities_gen.findings import Layer, Severity
from activities_gen.rules.model import Mark, Subject, quoted, rule
from activities_gen.rules.reachability import cycle
from activities_gen.rules.triggers import AT, content_of, name_of, started, type_of, window
from activities_gen.rules.values import is_arm, is_dynamic, kind_of
from activities_gen.rules.windows import DEPENDENCY
from activities_gen.wire.document import Document, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.rules.context import Context

SCHEDULE = "https://learn.microsoft.com/azure/data-factory/how-to-create-schedule-trigger"
BLOBS = "https://learn.microsoft.com/azure/data-factory/how-to-create-event-trigger"
CUSTOM = "https://learn.microsoft.com/azure/data-factory/how-to-create-custom-event-trigger"
_PIPELINES = [{"pipelineReference": {"referenceName": "demo", "type": "PipelineReference"}, "parameters": {}}]
_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_FREQUENCIES = ("Minute", "Hour", "Day", "Week", "Month")
_KNOWN_FREQUENCIES = frozenset(map(str.casefold, (*_FREQUENCIES, "Year", "NotSpecified")))
_RECURRENCE: JsonPath = (*AT, "recurrence")


def schedule(**recurrence: Any) -> dict[str, Any]:
    """A schedule trigger, for examples."""
    base = {"frequency": "Day", "interval": 1, "startTime": "2024-01-01T00:00:00Z", "timeZone": "UTC"}
    return _trigger("ScheduleTrigger", recurrence=base | recurrence)


def _trigger(kind: str, **properties: Any) -> dict[str, Any]:
    return {"name": "daily", "properties": {"type": kind, "pipelines": _PIPELINES, "typeProperties": properties}}


def _recurrence(context: Context) -> dict[str, Any]:
    value = content_of(context).get("recurrence") if type_of(context) == "ScheduleTrigger" else None
    return value if isinstance(value, dict) else {}


@rule(
    "ADF712",
    "a schedule's frequency or interval",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why=f"The frequencies are {', '.join(_FREQUENCIES)}; the interval is a whole number from 1 to 1,000.",
    wrong=schedule(frequency="Daily"),
    right=schedule(frequency="Day"),
    source=SCHEDULE,
)
def frequency(context: Context) -> Iterator[Mark]:
    """A frequency that does not exist, or an interval out of range."""
    recurrence = _recurrence(context)
    value, interval = recurrence.get("frequency"), recurrence.get("interval")
    if isinstance(value, str) and not is_dynamic(value) and value.casefold() not in _KNOWN_FREQUENCIES:
        near = context.suggest(value, list(_FREQUENCIES)) or f" There are {', '.join(_FREQUENCIES)}."
        yield Mark(
            f"{name_of(context)} has the frequency {quoted(value)}, which a schedule does not have.{near}",
            (*_RECURRENCE, "frequency"),
        )
    if isinstance(interval, int) and not isinstance(interval, bool) and not 1 <= interval <= 1000:
        yield Mark(
            f"{name_of(context)} has the interval {interval}; it must be from 1 to 1000.", (*_RECURRENCE, "interval")
        )


@rule(
    "ADF713",
    "a schedule's time that does not fit its time zone",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="In UTC times end with `Z`; in any other zone they do not.",
    wrong=schedule(startTime="2024-01-01T00:00:00"),
    right=schedule(startTime="2024-01-01T00:00:00Z"),
    source=SCHEDULE,
)
def time_zone_suffix(context: Context) -> Iterator[Mark]:
    """A missing ``Z`` in UTC, or one elsewhere."""
    recurrence = _recurrence(context)
    zone = recurrence.get("timeZone", "UTC")
    if not isinstance(zone, str) or is_dynamic(zone):
        return
    for key in ("startTime", "endTime"):
        value = recurrence.get(key)
        if not isinstance(value, str) or is_dynamic(value) or not re.search(r"\d\d:\d\d", value):
            continue
        if zone.upper() == "UTC" and not re.search(r"(Z|[+-]\d\d:\d\d)$", value):
            yield Mark(
                f"{name_of(context)} has {quoted(value)} as {quoted(key)}. In UTC it must end with 'Z'.",
                (*_RECURRENCE, key),
            )
        elif zone.upper() != "UTC" and value.endswith("Z"):
            yield Mark(
                f"{name_of(context)} has {quoted(value)} as {quoted(key)}. In {quoted(zone)} it must not end with 'Z'.",
                (*_RECURRENCE, key),
                Severity.WARNING,
            )


@rule(
    "ADF714",
    "a time zone that Windows does not have",
    Severity.WARNING,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="`timeZone` takes Windows' names, such as `W. Europe Standard Time`; neither `PST` nor `Europe/Berlin`.",
    wrong=schedule(startTime="2024-01-01T00:00:00", timeZone="Europe/London"),
    right=schedule(startTime="2024-01-01T00:00:00", timeZone="GMT Standard Time"),
    source=SCHEDULE,
)
def time_zone(context: Context) -> Iterator[Mark]:
    """A name that is not among Windows' time zones."""
    zone = _recurrence(context).get("timeZone")
    if not isinstance(zone, str) or is_dynamic(zone) or zone.upper() == "UTC":
        return
    if zone.casefold() not in map(str.casefold, WINDOWS_ZONES):
        near = context.suggest(zone, list(WINDOWS_ZONES)) or " Use one such as 'W. Europe Standard Time'."
        message = f"{name_of(context)} has the time zone {quoted(zone)}, which Windows does not have.{near}"
        yield Mark(message, (*_RECURRENCE, "timeZone"))


@rule(
    "ADF715",
    "an entry of a schedule that does not exist",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="minutes 0 to 59, hours 0 to 23, monthDays 1 to 31 or -31 to -1, week days by their English names, occurrences 1 to 5 "
    "or -5 to -1.",
    wrong=schedule(schedule={"hours": [24]}),
    right=schedule(schedule={"hours": [0]}),
    source=SCHEDULE,
)
def schedule_entries(context: Context) -> Iterator[Mark]:
    """A number or day outside its range."""
    entries = _recurrence(context).get("schedule")
    for key, values in entries.items() if isinstance(entries, dict) else ():
        if values is None or is_dynamic(values):
            continue
        if not isinstance(values, list):
            yield Mark(
                f"{name_of(context)} has {kind_of(values)} as {quoted(key)}; it must be a list.",
                (*_RECURRENCE, "schedule", key),
            )
            continue
        for value in values:
            if not _is_entry(key, value):
                yield Mark(
                    f"{name_of(context)} has {quoted(value)} in {quoted(key)}, which does not exist.",
                    (*_RECURRENCE, "schedule", key),
                )


def _is_entry(key: str, value: Any) -> bool:
    """Whether a value can stand in a list of a schedule."""
    number = value if isinstance(value, int) and not isinstance(value, bool) else None
    if key == "weekDays":
        return isinstance(value, str) and value.capitalize() in _DAYS
    if key == "monthlyOccurrences":
        times = value.get("occurrence", 1) if isinstance(value, dict) else 0
        return (
            isinstance(value, dict)
            and str(value.get("day", "")).capitalize() in _DAYS
            and times in (*range(1, 6), *range(-5, 0))
        )
    if key == "monthDays":
        return number is not None and (1 <= number <= 31 or -31 <= number <= -1)
    highest = {"minutes": 59, "hours": 23}.get(key)
    return highest is None or (number is not None and 0 <= number <= highest)


@rule(
    "ADF716",
    "a schedule's entries do not suit its frequency",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="`weekDays` goes with Week only, `monthDays` and `monthlyOccurrences` with Month only.",
    wrong=schedule(frequency="Day", schedule={"weekDays": ["Monday"]}),
    right=schedule(frequency="Week", schedule={"weekDays": ["Monday"]}),
    source=SCHEDULE,
)
def schedule_frequency(context: Context) -> Iterator[Mark]:
    """Days of the week or month under another frequency."""
    recurrence = _recurrence(context)
    entries, given = recurrence.get("schedule"), str(recurrence.get("frequency"))
    for key, wanted in (("weekDays", "Week"), ("monthDays", "Month"), ("monthlyOccurrences", "Month")):
        filled = isinstance(entries, dict) and entries.get(key)
        if filled and given.casefold() in map(str.casefold, _FREQUENCIES) and given.casefold() != wanted.casefold():
            yield Mark(
                f"{name_of(context)} has {quoted(key)} with the frequency {quoted(given)}; it goes with {wanted} only.",
                (*_RECURRENCE, "schedule", key),
            )


@rule(
    "ADF717",
    "a storage event trigger that listens to nothing",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="`events` has `Microsoft.Storage.BlobCreated` or `Microsoft.Storage.BlobDeleted`, and at least one of "
    "`blobPathBeginsWith` and `blobPathEndsWith` is given.",
    wrong=_trigger("BlobEventsTrigger", scope="/subscriptions/…", events=["BlobCreated"], blobPathEndsWith=".csv"),
    right=_trigger(
        "BlobEventsTrigger", scope="/subscriptions/…", events=["Microsoft.Storage.BlobCreated"], blobPathEndsWith=".csv"
    ),
    source=BLOBS,
)
def blob_events(context: Context) -> Iterator[Mark]:
    """Events that do not exist, or no filter of paths."""
    content = content_of(context)
    if type_of(context) != "BlobEventsTrigger":
        return
    known = ("Microsoft.Storage.BlobCreated", "Microsoft.Storage.BlobDeleted")
    events = content.get("events")
    for event in events if isinstance(events, list) else []:
        if event not in known and not is_arm(event):
            near = context.suggest(str(event), list(known)) or f" There are {' and '.join(known)}."
            yield Mark(f"{name_of(context)} listens to {quoted(event)}, which does not exist.{near}", (*AT, "events"))
    if events == []:
        yield Mark(f"{name_of(context)} listens to no events. Add one to 'events'.", (*AT, "events"))
    if not content.get("blobPathBeginsWith") and not content.get("blobPathEndsWith"):
        yield Mark(f"{name_of(context)} has neither 'blobPathBeginsWith' nor 'blobPathEndsWith'. Add one of them.", AT)


@rule(
    "ADF718",
    "a blob path without the word blobs",
    Severity.WARNING,
    Layer.RUN,
    on=Subject.TRIGGER,
    why="`blobPathBeginsWith` has the form `/container/blobs/folder/`, the word `blobs` between container and path; without "
    "it the trigger never fires.",
    wrong=_trigger(
        "BlobEventsTrigger", scope="/s", events=["Microsoft.Storage.BlobCreated"], blobPathBeginsWith="/in/daily/"
    ),
    right=_trigger(
        "BlobEventsTrigger", scope="/s", events=["Microsoft.Storage.BlobCreated"], blobPathBeginsWith="/in/blobs/daily/"
    ),
    source=BLOBS,
)
def blob_path(context: Context) -> Iterator[Mark]:
    """A beginning of a path in another form."""
    value = content_of(context).get("blobPathBeginsWith") if type_of(context) == "BlobEventsTrigger" else None
    if isinstance(value, str) and value and not is_dynamic(value) and not re.match(r"/?[^/]+(/blobs(/|$)|/?$)", value):
        yield Mark(
            f"{name_of(context)} has {quoted(value)} as 'blobPathBeginsWith'. Write '/container/blobs/path'.",
            (*AT, "blobPathBeginsWith"),
        )


@rule(
    "ADF719",
    "a custom event trigger without events",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="`events` names the types of events that start the pipeline.",
    wrong=_trigger("CustomEventsTrigger", scope="/subscriptions/…", events=[]),
    right=_trigger("CustomEventsTrigger", scope="/subscriptions/…", events=["copycompleted"]),
    source=CUSTOM,
)
def custom_events(context: Context) -> Iterator[Mark]:
    """An empty list of events."""
    if type_of(context) == "CustomEventsTrigger" and content_of(context).get("events") == []:
        yield Mark(f"{name_of(context)} listens to no events. Add the type of one to 'events'.", (*AT, "events"))


@rule(
    "ADF720",
    "a trigger's entry without parameters",
    Severity.NOTE,
    Layer.STUDIO,
    on=Subject.TRIGGER,
    why="By the documentation `parameters` stands in each entry, empty where there are none. FlowEHR's Terraform needs it.",
    wrong=window({"pipelineReference": {"referenceName": "demo", "type": "PipelineReference"}}),
    right=window(),
    source=SCHEDULE,
)
def absent_parameters(context: Context) -> Iterator[Mark]:
    """An entry that starts a pipeline and has no parameters."""
    for path, entry in started(context):
        if isinstance(entry, dict) and "parameters" not in entry and "pipelineReference" in entry:
            yield Mark(f"{name_of(context)} starts a pipeline without 'parameters'. Add \"parameters\": {{}}.", path)


def _upstream(document: Document) -> list[str]:
    """The names of the triggers that a tumbling window depends on."""
    content = document.properties.get("typeProperties")
    entries = content.get("dependsOn") if isinstance(content, dict) else None
    references = (
        [entry.get("referenceTrigger") for entry in entries if isinstance(entry, dict)]
        if isinstance(entries, list)
        else []
    )
    names = [reference.get("referenceName") for reference in references if isinstance(reference, dict)]
    return [name for name in names if isinstance(name, str) and not is_dynamic(name)]


def _depends(on: str) -> dict[str, Any]:
    reference = {"referenceName": on, "type": "TriggerReference"}
    return window(dependsOn=[{"type": "TumblingWindowTriggerDependencyReference", "referenceTrigger": reference}])


_PIPELINE = {"name": "demo", "properties": {"activities": []}}


@rule(
    "ADF721",
    "a tumbling window depends on what is no tumbling window",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="Only tumbling window triggers can be depended on. Checked where the repository has a folder `trigger`.",
    wrong={"trigger/daily.json": _depends("hourly"), "pipeline/demo.json": _PIPELINE},
    right={
        "trigger/daily.json": _depends("hourly"),
        "trigger/hourly.json": window() | {"name": "hourly"},
        "pipeline/demo.json": _PIPELINE,
    },
    source=DEPENDENCY,
)
def missing_trigger(context: Context) -> Iterator[Mark]:
    """A dependency on a trigger that is missing or of another type."""
    for name in _upstream(context.document):
        found = context.repository.find(Kind.TRIGGER, name)
        if found is None and context.repository.knows_all(Kind.TRIGGER):
            near = context.suggest(name, context.repository.names(Kind.TRIGGER))
            yield Mark(
                f"{name_of(context)} depends on the trigger {quoted(name)}, which is not in this repository.{near}",
                (*AT, "dependsOn"),
            )
        elif found is not None and found.properties.get("type") != "TumblingWindowTrigger":
            yield Mark(
                f"{name_of(context)} depends on {quoted(name)}, which is no tumbling window trigger.",
                (*AT, "dependsOn"),
            )


@rule(
    "ADF722",
    "triggers that depend on each other in a circle",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="None of their windows can start first.",
    wrong={
        "trigger/daily.json": _depends("hourly"),
        "trigger/hourly.json": _depends("daily") | {"name": "hourly"},
        "pipeline/demo.json": _PIPELINE,
    },
    right={
        "trigger/daily.json": _depends("hourly"),
        "trigger/hourly.json": window() | {"name": "hourly"},
        "pipeline/demo.json": _PIPELINE,
    },
    source=DEPENDENCY,
)
def trigger_cycle(context: Context) -> Iterator[Mark]:
    """A circle of dependencies between triggers."""
    ring = context.repository.once("triggers", lambda: cycle(_graph(context)))
    if ring and context.document.name.casefold() == min(ring):
        start = ring.index(min(ring))
        names = [*ring[start:], *ring[:start], ring[start]]
        yield Mark(f"Triggers depend on each other in a circle: {' → '.join(names[:20])}.", (*AT, "dependsOn"))


def _graph(context: Context) -> dict[str, list[str]]:
    return {
        document.name.casefold(): [name.casefold() for name in _upstream(document)]
        for document in context.repository.documents
        if document.kind is Kind.TRIGGER and document.name
    }
