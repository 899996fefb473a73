"""Tumbling windows: their length, times, limits and dependencies."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Layer, Severity
from activities_gen.rules.model import Mark, Subject, quoted, rule
from activities_gen.rules.triggers import AT, content_of, name_of, type_of, window
from activities_gen.rules.values import is_dynamic, seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.rules.context import Context

WINDOW = "https://learn.microsoft.com/azure/data-factory/how-to-create-tumbling-window-trigger"
DEPENDENCY = "https://learn.microsoft.com/azure/data-factory/tumbling-window-trigger-dependency"


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
