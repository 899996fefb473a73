"""Tumbling windows: their length, times, limits and dependencies."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Severity
from activities_gen.model.graph import closed, cycles
from activities_gen.model.timespans import means_days, seconds_of
from activities_gen.model.values import is_arm, is_dynamic
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.triggers import AT, content_of, name_of, type_of
from activities_gen.wire.document import Document, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.rules.context import Context


def _of(context: Context, *types: str) -> dict[str, Any]:
    """The typeProperties of a trigger of one of the types; empty for others."""
    return content_of(context) if type_of(context) in types else {}


@rule("ADF708", on=Subject.TRIGGER)
def window_length(context: Context) -> Iterator[Violation]:
    """A frequency that does not exist, or an interval that is too short."""
    content = _of(context, "TumblingWindowTrigger")
    frequency, interval = content.get("frequency"), content.get("interval")
    if (
        isinstance(frequency, str)
        and not is_dynamic(frequency)
        and frequency.casefold() not in ("minute", "hour", "month")
    ):
        hint = IN_HOURS.get(frequency.casefold(), "")
        yield Violation(
            f"{name_of(context)} has the frequency {quoted(frequency)}; there are Minute, Hour and Month.{hint}",
            (*AT, "frequency"),
        )
    if isinstance(interval, int) and not isinstance(interval, bool):
        least = 5 if str(frequency).casefold() == "minute" else 1
        if interval < least:
            yield Violation(
                f"{name_of(context)} has the interval {interval}; it must be at least {least}.", (*AT, "interval")
            )


IN_HOURS = {"day": " Write 24 Hour for a day.", "week": " Write 168 Hour for a week."}
"""What to write for a frequency that schedules have and tumbling windows do not."""


def moment(text: object) -> datetime | None:
    """A time as ADF writes it, in UTC where it has a zone; ``None`` if it cannot be read."""
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


@rule("ADF709", on=Subject.TRIGGER)
def times(context: Context) -> Iterator[Violation]:
    """A time that cannot be read, has no zone, or an end before the start."""
    kind = type_of(context)
    path, keys = _TIMES.get(kind, ((), ()))
    content: Any = content_of(context)
    for step in path:
        content = content.get(step)
        content = content if isinstance(content, dict) else {}
    found = []
    for key in keys:
        value = content.get(key)
        time = None if value is None or is_dynamic(value) else moment(value)
        found.append(time)
        if value is None or is_dynamic(value):
            continue
        if time is None:
            yield Violation(
                f"{name_of(context)} has {quoted(value)} as {quoted(key)}. Write a time such as '2024-01-01T00:00:00Z'.",
                (*AT, *path, key),
            )
        elif kind != "ScheduleTrigger" and not str(value).endswith("Z"):
            yield Violation(
                f"{name_of(context)} has {quoted(value)} as {quoted(key)}, which is not in UTC. End it with 'Z'.",
                (*AT, *path, key),
                Severity.WARNING,
            )
    start, end = found or (None, None)
    if start and end and _in_utc(start) >= _in_utc(end):
        yield Violation(f"{name_of(context)} ends before it starts.", (*AT, *path, keys[1]))


_TIMES: dict[str, tuple[JsonPath, tuple[str, ...]]] = {
    "TumblingWindowTrigger": ((), ("startTime", "endTime")),
    "RerunTumblingWindowTrigger": ((), ("requestedStartTime", "requestedEndTime")),
    "ScheduleTrigger": (("recurrence",), ("startTime", "endTime")),
}
"""Where triggers of a type have their start and their end: steps below ``typeProperties``, and the two keys."""


def _in_utc(time: datetime) -> datetime:
    return time.replace(tzinfo=time.tzinfo or timezone.utc)


@rule("ADF710", on=Subject.TRIGGER)
def window_limits(context: Context) -> Iterator[Violation]:
    """A number out of range, or a delay that cannot be read."""
    for (kind, *path), low, high in _NUMBERS:
        value: Any = _of(context, kind)
        for step in path:
            value = value.get(step) if isinstance(value, dict) else None
        number = value if isinstance(value, int) and not isinstance(value, bool) else None
        if number is not None and (number < low or (high is not None and number > high)):
            limits = f"from {low} to {high}" if high else f"from {low}"
            yield Violation(
                f"{name_of(context)} has {number} as {quoted(path[-1])}; it must be {limits}.", (*AT, *path)
            )
    delay = _of(context, "TumblingWindowTrigger").get("delay")
    if isinstance(delay, str) and not is_dynamic(delay) and _span_problem(delay):
        yield Violation(f"{name_of(context)} has the delay {quoted(delay)}, {_span_problem(delay)}.", (*AT, "delay"))


_NUMBERS: tuple[tuple[tuple[str, ...], int, int | None], ...] = (
    (("TumblingWindowTrigger", "maxConcurrency"), 1, 50),
    (("TumblingWindowTrigger", "retryPolicy", "count"), 0, None),
    (("TumblingWindowTrigger", "retryPolicy", "intervalInSeconds"), 30, 86_400),
    (("RerunTumblingWindowTrigger", "rerunConcurrency"), 1, 50),
)
"""Type of trigger and steps below ``typeProperties``, smallest number, largest number."""


def _span_problem(text: str) -> str:
    """Returns what is wrong with a time span of a trigger; empty if nothing is."""
    if seconds_of(text) is None:
        return "which is no time span 'd.hh:mm:ss' such as '01:00:00'"
    return f"which is {int(text[:2])} days; write '1.00:00:00' for a day" if means_days(text) else ""


@rule("ADF711", on=Subject.TRIGGER)
def window_dependencies(context: Context) -> Iterator[Violation]:
    """Too many dependencies, or one that cannot be read."""
    entries = _of(context, "TumblingWindowTrigger").get("dependsOn")
    entries = entries if isinstance(entries, list) else []
    if len(entries) > 5:
        yield Violation(
            f"{name_of(context)} depends on {len(entries)} triggers; at most 5 are allowed.", (*AT, "dependsOn")
        )
    for index, entry in enumerate(entries):
        if isinstance(entry, dict):
            yield from (
                Violation(f"{name_of(context)} has a dependency {problem}.", (*AT, "dependsOn", index))
                for problem in _dependency_problems(entry)
            )


def _dependency_problems(entry: dict[str, Any]) -> Iterator[str]:
    """Yields what is wrong with one dependency of a tumbling window."""
    kind, offset, size = entry.get("type"), entry.get("offset"), entry.get("size")
    if isinstance(kind, str) and kind not in (_ON_ITSELF, *_ON_OTHERS) and not is_arm(kind):
        yield f"of the type {quoted(kind)}; there are '{_ON_ITSELF}' and '{_ON_OTHERS[0]}'"
    if isinstance(offset, str) and not is_arm(offset) and _span_problem(offset.removeprefix("-")):
        yield f"whose offset is {quoted(offset)}, {_span_problem(offset.removeprefix('-'))}"
    elif kind == _ON_ITSELF and not (isinstance(offset, str) and offset.startswith("-") and seconds_of(offset[1:])):
        yield "on itself without a negative 'offset', such as '-1.00:00:00'"
    if isinstance(size, str) and not is_arm(size) and (_span_problem(size) or not seconds_of(size)):
        yield f"whose size is {quoted(size)}, {_span_problem(size) or 'which is no time at all'}"
    reference = entry.get("referenceTrigger")
    if kind in _ON_OTHERS and not (isinstance(reference, dict) and reference.get("referenceName")):
        yield "without the name of the other trigger, 'referenceTrigger.referenceName'"


_ON_ITSELF = "SelfDependencyTumblingWindowTriggerReference"
_ON_OTHERS = ("TumblingWindowTriggerDependencyReference", "TriggerDependencyReference")


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


@rule("ADF721", on=Subject.TRIGGER)
def missing_trigger(context: Context) -> Iterator[Violation]:
    """A dependency on a trigger that is missing or of another type."""
    for name in _upstream(context.document):
        found = context.repository.find(Kind.TRIGGER, name)
        if found is None and context.repository.knows_all(Kind.TRIGGER):
            near = context.suggest(name, context.repository.names(Kind.TRIGGER))
            yield Violation(
                f"{name_of(context)} depends on the trigger {quoted(name)}, which is not in this repository.{near}",
                (*AT, "dependsOn"),
            )
        elif found is not None and found.properties.get("type") != "TumblingWindowTrigger":
            yield Violation(
                f"{name_of(context)} depends on {quoted(name)}, which is no tumbling window trigger.",
                (*AT, "dependsOn"),
            )


@rule("ADF722", on=Subject.TRIGGER)
def trigger_cycle(context: Context) -> Iterator[Violation]:
    """A circle of dependencies between triggers."""
    rings: list[list[str]] = context.repository.once("triggers", lambda: list(map(closed, cycles(_graph(context)))))
    for ring in rings:
        if context.document.name.casefold() == ring[0]:
            names = [found.name for name in ring if (found := context.repository.find(Kind.TRIGGER, name))]
            yield Violation(f"Triggers depend on each other in a circle: {' → '.join(names)}.", (*AT, "dependsOn"))


def _graph(context: Context) -> dict[str, list[str]]:
    return {
        document.name.casefold(): [name.casefold() for name in _upstream(document)]
        for document in context.repository.documents
        if document.kind is Kind.TRIGGER and document.name
    }
