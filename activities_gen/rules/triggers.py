"""Triggers: what all of them have, and tumbling windows."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Layer, Severity
from activities_gen.rules import schema
from activities_gen.rules.context import Context, lookup
from activities_gen.rules.execute_pipeline import missing_arguments
from activities_gen.rules.model import Mark, Subject, quoted, rule
from activities_gen.rules.values import actual_key, is_arm, is_dynamic, seconds
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath

WINDOW = "https://learn.microsoft.com/azure/data-factory/how-to-create-tumbling-window-trigger"
DEPENDENCY = "https://learn.microsoft.com/azure/data-factory/tumbling-window-trigger-dependency"
TRIGGERS = "https://learn.microsoft.com/azure/data-factory/concepts-pipeline-execution-triggers"
AT: JsonPath = ("properties", "typeProperties")
_REFERENCE = {"referenceName": "demo", "type": "PipelineReference"}


def window(pipeline: Any = None, **properties: Any) -> dict[str, Any]:
    """A tumbling window trigger, for examples; ``None`` leaves a key out."""
    base = {"frequency": "Hour", "interval": 24, "startTime": "2024-01-01T00:00:00Z", "maxConcurrency": 1}
    content = {key: value for key, value in (base | properties).items() if value is not None}
    started = pipeline or {"pipelineReference": _REFERENCE, "parameters": {}}
    return {
        "name": "daily",
        "properties": {"type": "TumblingWindowTrigger", "pipeline": started, "typeProperties": content},
    }


def type_of(context: Context) -> str:
    """The trigger's type."""
    return str(context.document.properties.get("type", ""))


def content_of(context: Context) -> dict[str, Any]:
    """The trigger's ``typeProperties``."""
    value = context.document.properties.get("typeProperties")
    return value if isinstance(value, dict) else {}


def name_of(context: Context) -> str:
    """The trigger as messages name it."""
    return f"The trigger {quoted(context.document.name)}" if context.document.name else "The trigger"


def started(context: Context) -> Iterator[tuple[JsonPath, Any]]:
    """The entries that say which pipelines a trigger starts, each with its path."""
    properties = context.document.properties
    if "pipeline" in properties:
        yield ("properties", "pipeline"), properties["pipeline"]
    several = properties.get("pipelines")
    for index, entry in enumerate(several if isinstance(several, list) else []):
        yield ("properties", "pipelines", index), entry


@rule(
    "ADF701",
    "a trigger of a type that Azure does not have",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="The types are TumblingWindowTrigger, ScheduleTrigger, BlobEventsTrigger, CustomEventsTrigger and a few older ones.",
    wrong={"name": "daily", "properties": {"type": "TumblingTrigger", "typeProperties": {}}},
    right=window(),
    source=TRIGGERS,
)
def trigger_type(context: Context) -> Iterator[Mark]:
    """A missing or unknown type."""
    kind = context.document.properties.get("type")
    if not isinstance(kind, str) or not kind:
        yield Mark(f"{name_of(context)} has no 'type'. Add one, such as \"TumblingWindowTrigger\".", ("properties",))
    elif kind not in schema.trigger_types() and not is_arm(kind):
        near = context.suggest(kind, list(schema.trigger_types()))
        yield Mark(
            f"{name_of(context)} has the type {quoted(kind)}, which is none of Azure's.{near}",
            ("properties", "type"),
            None if near else Severity.WARNING,
        )


@rule(
    "ADF702",
    "a trigger lacks a required key",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="Azure refuses it.",
    wrong=window(startTime=None),
    right=window(),
    source=TRIGGERS,
)
def missing_key(context: Context) -> Iterator[Mark]:
    """A key that the model of the trigger's type requires."""
    model = schema.trigger_types().get(type_of(context))
    if model is None:
        return
    for path, value, keys in schema.objects(content_of(context), schema.type_properties_of(model)):
        for key in keys.values():
            actual = actual_key(value, key.name)
            if key.required and (actual is None or value[actual] is None):
                yield Mark(f"{name_of(context)} lacks {quoted(key.name)}. Add it: {schema.wanted(key)}.", (*AT, *path))


@rule(
    "ADF703",
    "a value of a trigger has a type that its key does not take",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why='Such as `"24"`, a text, where a whole number belongs. What a lenient reader would convert is a warning.',
    wrong=window(interval={"hours": 24}),
    right=window(interval=24),
    source=TRIGGERS,
)
def wrong_type(context: Context) -> Iterator[Mark]:
    """A value of another JSON type."""
    model = schema.trigger_types().get(type_of(context))
    for found in schema.mismatches(content_of(context), schema.type_properties_of(model)) if model else ():
        where = ".".join(map(str, found.path))
        message = f"{name_of(context)} has {schema.described(found)} as '{where}'; it takes {schema.wanted(found.key)}."
        yield Mark(message, (*AT, *found.path), Severity.WARNING if found.soft else None)


@rule(
    "ADF704",
    "an unknown key in a trigger",
    Severity.WARNING,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="It has no effect.",
    wrong=window(intervall=24),
    right=window(interval=24),
    source=TRIGGERS,
)
def unknown_key(context: Context) -> Iterator[Mark]:
    """A key of typeProperties that the trigger's type does not have."""
    model = schema.trigger_types().get(type_of(context))
    known = schema.type_properties_of(model) if model else {}
    folded = {name.casefold() for name in known}
    for key in content_of(context) if model else ():
        if key.casefold() not in folded and key != "advancedFilters":
            near = context.suggest(key, list(known))
            yield Mark(f"{name_of(context)} has the key {quoted(key)}, which has no effect.{near}", (*AT, key))


@rule(
    "ADF705",
    "a trigger that says in the wrong form which pipeline it starts",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="A tumbling window starts one pipeline, in `pipeline`; other triggers may start several, in the list `pipelines`. "
    "Each entry has a `pipelineReference` with `referenceName`. A trigger that starts nothing is a warning.",
    wrong={
        "name": "daily",
        "properties": {
            "type": "TumblingWindowTrigger",
            "pipelines": [{"pipelineReference": _REFERENCE}],
            "typeProperties": window()["properties"]["typeProperties"],
        },
    },
    right=window(),
    source=TRIGGERS,
)
def pipeline_shape(context: Context) -> Iterator[Mark]:
    """``pipelines`` on a tumbling window, ``pipeline`` on another trigger, or an entry without a name."""
    properties = context.document.properties
    single = type_of(context) in ("TumblingWindowTrigger", "ChainingTrigger")
    wanted, other = ("pipeline", "pipelines") if single else ("pipelines", "pipeline")
    if wanted not in properties and other in properties and type_of(context) in schema.trigger_types():
        form = "one object" if single else "a list"
        yield Mark(
            f"{name_of(context)} has {quoted(other)}; a {type_of(context)} has {quoted(wanted)}, {form}.",
            ("properties", other),
        )
    elif not properties.get(wanted) and type_of(context) != "RerunTumblingWindowTrigger":
        severity = None if single else Severity.WARNING
        yield Mark(f"{name_of(context)} starts no pipeline. Add {quoted(wanted)}.", ("properties",), severity)
    for path, entry in started(context):
        if not _reference_name(entry) and not is_arm(entry):
            yield Mark(
                f'{name_of(context)} starts a pipeline without a name. Add "pipelineReference": {{"referenceName": …}}.',
                path,
            )


def _reference_name(entry: Any) -> str:
    reference = entry.get("pipelineReference") if isinstance(entry, dict) else None
    name = reference.get("referenceName") if isinstance(reference, dict) else None
    return name if isinstance(name, str) else ""


@rule(
    "ADF706",
    "a trigger starts a pipeline that is not there",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="Checked where the whole repository of the factory is.",
    wrong={
        "trigger/daily.json": window({"pipelineReference": _REFERENCE | {"referenceName": "dmeo"}}),
        "pipeline/demo.json": {"name": "demo", "properties": {"activities": []}},
    },
    right={"trigger/daily.json": window(), "pipeline/demo.json": {"name": "demo", "properties": {"activities": []}}},
    source=TRIGGERS,
)
def missing_pipeline(context: Context) -> Iterator[Mark]:
    """A started pipeline that no file defines."""
    if not context.repository.knows_all(Kind.PIPELINE):
        return
    for path, entry in started(context):
        name = _reference_name(entry)
        if name and not is_dynamic(name) and context.repository.find(Kind.PIPELINE, name) is None:
            near = context.suggest(name, context.repository.names(Kind.PIPELINE))
            yield Mark(
                f"{name_of(context)} starts the pipeline {quoted(name)}, which is not in this repository.{near}", path
            )


@rule(
    "ADF707",
    "a trigger's arguments do not fit the pipeline's parameters",
    Severity.ERROR,
    Layer.STUDIO,
    on=Subject.TRIGGER,
    why="A parameter without default must get its value from the trigger. An argument that the pipeline has no parameter for "
    "is a warning.",
    wrong={
        "trigger/daily.json": window(),
        "pipeline/demo.json": {
            "name": "demo",
            "properties": {"activities": [], "parameters": {"day": {"type": "string"}}},
        },
    },
    right={
        "trigger/daily.json": window(
            {"pipelineReference": _REFERENCE, "parameters": {"day": "@trigger().outputs.windowStartTime"}}
        ),
        "pipeline/demo.json": {
            "name": "demo",
            "properties": {"activities": [], "parameters": {"day": {"type": "string"}}},
        },
    },
    source=TRIGGERS,
)
def arguments(context: Context) -> Iterator[Mark]:
    """A parameter without value, or an argument without parameter."""
    for path, entry in started(context):
        pipeline = context.repository.find(Kind.PIPELINE, _reference_name(entry))
        if pipeline is None:
            continue
        given = entry.get("parameters")
        for parameter in missing_arguments(pipeline, given):
            yield Mark(
                f"{name_of(context)} starts {quoted(pipeline.name)} without its parameter {quoted(parameter)}, which has no default.",
                path,
            )
        declared = pipeline.properties.get("parameters")
        declared = declared if isinstance(declared, dict) else {}
        for argument in given if isinstance(given, dict) and not is_dynamic(given) else ():
            if lookup(declared, argument) is None:
                near = context.suggest(argument, list(declared))
                yield Mark(
                    f"{name_of(context)} passes {quoted(argument)}, which {quoted(pipeline.name)} has no parameter for.{near}",
                    (*path, "parameters", argument),
                    Severity.WARNING,
                )


def _of(context: Context, *types: str) -> dict[str, Any]:
    """The typeProperties of a trigger of one of the types; empty for others."""
    return content_of(context) if type_of(context) in types else {}


@rule(
    "ADF708",
    "a tumbling window's frequency or interval",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="The frequencies are Minute, Hour and Month; a day is 24 hours, a week 168. The interval is a whole number from 1, in "
    "minutes from 5.",
    wrong=window(frequency="Day", interval=1),
    right=window(frequency="Hour", interval=24),
    source=WINDOW,
)
def window_length(context: Context) -> Iterator[Mark]:
    """A frequency that does not exist, or an interval that is too short."""
    content = _of(context, "TumblingWindowTrigger")
    frequency, interval = content.get("frequency"), content.get("interval")
    if (
        isinstance(frequency, str)
        and not is_dynamic(frequency)
        and frequency.casefold() not in ("minute", "hour", "month")
    ):
        hint = {"day": " Write 24 Hour for a day.", "week": " Write 168 Hour for a week."}.get(frequency.casefold(), "")
        yield Mark(
            f"{name_of(context)} has the frequency {quoted(frequency)}; there are Minute, Hour and Month.{hint}",
            (*AT, "frequency"),
        )
    if isinstance(interval, int) and not isinstance(interval, bool):
        least = 5 if str(frequency).casefold() == "minute" else 1
        if interval < least:
            yield Mark(
                f"{name_of(context)} has the interval {interval}; it must be at least {least}.", (*AT, "interval")
            )


def moment(text: object) -> datetime | None:
    """A time as ADF writes it, in UTC where it has a zone; ``None`` where it cannot be read."""
    match = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d(?::\d\d)?)(?:\.\d{1,9})?(Z|[+-]\d\d:\d\d)?)?", str(text))
    if not match:
        return None
    day, clock, zone = match.groups()
    try:
        found = datetime.fromisoformat(f"{day}T{clock or '00:00'}")
    except ValueError:
        return None
    if not zone:
        return found
    offset = timedelta(0) if zone == "Z" else timedelta(hours=int(zone[1:3]), minutes=int(zone[4:]))
    return found.replace(tzinfo=timezone(-offset if zone[0] == "-" else offset))


@rule(
    "ADF709",
    "a trigger's start or end time",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="Times are written as `2024-01-01T00:00:00Z`; a tumbling window's are in UTC; the end comes after the start.",
    wrong=window(startTime="01/01/2024"),
    right=window(startTime="2024-01-01T00:00:00Z"),
    source=WINDOW,
)
def times(context: Context) -> Iterator[Mark]:
    """A time that cannot be read, has no zone, or an end before the start."""
    content = _of(context, "TumblingWindowTrigger")
    path: JsonPath = AT
    if type_of(context) == "ScheduleTrigger" and isinstance(content_of(context).get("recurrence"), dict):
        content, path = content_of(context)["recurrence"], (*AT, "recurrence")
    found = {}
    for key in ("startTime", "endTime"):
        value = content.get(key)
        if value is None or is_dynamic(value):
            continue
        found[key] = moment(value)
        if found[key] is None:
            yield Mark(
                f"{name_of(context)} has {quoted(value)} as {quoted(key)}. Write a time such as '2024-01-01T00:00:00Z'.",
                (*path, key),
            )
        elif type_of(context) == "TumblingWindowTrigger" and not str(value).endswith("Z"):
            yield Mark(
                f"{name_of(context)} has {quoted(value)} as {quoted(key)}, which is not in UTC. End it with 'Z'.",
                (*path, key),
                Severity.WARNING,
            )
    start, end = found.get("startTime"), found.get("endTime")
    if (
        start
        and end
        and start.replace(tzinfo=start.tzinfo or timezone.utc) >= end.replace(tzinfo=end.tzinfo or timezone.utc)
    ):
        yield Mark(f"{name_of(context)} ends before it starts.", (*path, "endTime"))


@rule(
    "ADF710",
    "a tumbling window's concurrency, delay or retries",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="`maxConcurrency` is 1 to 50; `delay` is a time span `d.hh:mm:ss`; `retryPolicy.count` is from 0 and "
    "`intervalInSeconds` 30 to 86,400.",
    wrong=window(maxConcurrency=100),
    right=window(maxConcurrency=50),
    source=WINDOW,
)
def window_limits(context: Context) -> Iterator[Mark]:
    """A number out of range, or a delay that cannot be read."""
    content = _of(context, "TumblingWindowTrigger")
    retry = content.get("retryPolicy")
    retry = retry if isinstance(retry, dict) else {}
    for value, low, high, path in (
        (content.get("maxConcurrency"), 1, 50, ("maxConcurrency",)),
        (retry.get("count"), 0, None, ("retryPolicy", "count")),
        (retry.get("intervalInSeconds"), 30, 86_400, ("retryPolicy", "intervalInSeconds")),
    ):
        number = value if isinstance(value, int) and not isinstance(value, bool) else None
        if number is not None and (number < low or (high is not None and number > high)):
            limits = f"from {low} to {high}" if high else f"from {low}"
            yield Mark(f"{name_of(context)} has {number} as {quoted(path[-1])}; it must be {limits}.", (*AT, *path))
    delay = content.get("delay")
    if isinstance(delay, str) and not is_dynamic(delay) and seconds(delay) is None:
        yield Mark(f"{name_of(context)} has the delay {quoted(delay)}. Write it as 'd.hh:mm:ss'.", (*AT, "delay"))


_SELF = {"type": "SelfDependencyTumblingWindowTriggerReference", "offset": "-1.00:00:00", "size": "1.00:00:00"}


@rule(
    "ADF711",
    "a dependency of a tumbling window",
    Severity.ERROR,
    Layer.DEPLOYMENT,
    on=Subject.TRIGGER,
    why="There are at most five. A dependency on the trigger itself needs a negative `offset`; offset and size are time "
    "spans, the size a positive one; another trigger is named in `referenceTrigger`.",
    wrong=window(dependsOn=[_SELF | {"offset": "1.00:00:00"}]),
    right=window(dependsOn=[_SELF]),
    source=DEPENDENCY,
)
def window_dependencies(context: Context) -> Iterator[Mark]:
    """Too many dependencies, or one that cannot be read."""
    entries = _of(context, "TumblingWindowTrigger").get("dependsOn")
    entries = entries if isinstance(entries, list) else []
    if len(entries) > 5:
        yield Mark(f"{name_of(context)} depends on {len(entries)} triggers; at most 5 are allowed.", (*AT, "dependsOn"))
    for index, entry in enumerate(entries):
        if isinstance(entry, dict):
            yield from (
                Mark(f"{name_of(context)} has a dependency {problem}.", (*AT, "dependsOn", index))
                for problem in _dependency_problems(entry)
            )


def _dependency_problems(entry: dict[str, Any]) -> Iterator[str]:
    """What is wrong with one dependency of a tumbling window."""
    offset, size = entry.get("offset"), entry.get("size")
    own = entry.get("type") == "SelfDependencyTumblingWindowTriggerReference"
    if own and (not isinstance(offset, str) or not offset.startswith("-")):
        yield "on itself without a negative 'offset', such as '-1.00:00:00'"
    if isinstance(offset, str) and not is_dynamic(offset) and seconds(offset.removeprefix("-")) is None:
        yield f"whose offset {quoted(offset)} is no time span such as '-01:00:00'"
    if isinstance(size, str) and not is_dynamic(size) and not seconds(size):
        yield f"whose size {quoted(size)} is no positive time span such as '01:00:00'"
    reference = entry.get("referenceTrigger")
    named = isinstance(reference, dict) and reference.get("referenceName")
    if entry.get("type") == "TumblingWindowTriggerDependencyReference" and not named:
        yield "without the name of the other trigger, 'referenceTrigger.referenceName'"
