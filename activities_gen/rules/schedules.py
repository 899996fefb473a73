"""Schedule triggers: how often, when, in which time zone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.windows_zones import WINDOWS_ZONES
from activities_gen.findings import Severity
from activities_gen.model.values import is_dynamic, kind_of
from activities_gen.rules.model import Subject, Violation, quoted, rule
from activities_gen.rules.triggers import AT, content_of, name_of, type_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.findings import JsonPath
    from activities_gen.rules.context import Context

_DAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
_FREQUENCIES = ("Minute", "Hour", "Day", "Week", "Month")
_KNOWN_FREQUENCIES = frozenset(map(str.casefold, (*_FREQUENCIES, "Year", "NotSpecified")))
_RECURRENCE: JsonPath = (*AT, "recurrence")


def _recurrence(context: Context) -> dict[str, Any]:
    value = content_of(context).get("recurrence") if type_of(context) == "ScheduleTrigger" else None
    return value if isinstance(value, dict) else {}


@rule("ADF712", on=Subject.TRIGGER)
def frequency(context: Context) -> Iterator[Violation]:
    """A frequency that does not exist, or an interval out of range."""
    recurrence = _recurrence(context)
    value, interval = recurrence.get("frequency"), recurrence.get("interval")
    if isinstance(value, str) and not is_dynamic(value) and value.casefold() not in _KNOWN_FREQUENCIES:
        near = context.suggest(value, list(_FREQUENCIES)) or f" There are {', '.join(_FREQUENCIES)}."
        yield Violation(
            f"{name_of(context)} has the frequency {quoted(value)}, which a schedule does not have.{near}",
            (*_RECURRENCE, "frequency"),
        )
    if isinstance(interval, int) and not isinstance(interval, bool) and not 1 <= interval <= 1000:
        yield Violation(
            f"{name_of(context)} has the interval {interval}; it must be from 1 to 1000.", (*_RECURRENCE, "interval")
        )


@rule("ADF713", on=Subject.TRIGGER)
def time_zone_suffix(context: Context) -> Iterator[Violation]:
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
            yield Violation(
                f"{name_of(context)} has {quoted(value)} as {quoted(key)}. In UTC it must end with 'Z'.",
                (*_RECURRENCE, key),
            )
        elif zone.upper() != "UTC" and value.endswith("Z"):
            yield Violation(
                f"{name_of(context)} has {quoted(value)} as {quoted(key)}. In {quoted(zone)} it must not end with 'Z'.",
                (*_RECURRENCE, key),
                Severity.WARNING,
            )


@rule("ADF714", on=Subject.TRIGGER)
def time_zone(context: Context) -> Iterator[Violation]:
    """A name that is not among Windows' time zones."""
    zone = _recurrence(context).get("timeZone")
    if not isinstance(zone, str) or is_dynamic(zone) or zone.upper() == "UTC":
        return
    if zone.casefold() not in map(str.casefold, WINDOWS_ZONES):
        near = context.suggest(zone, list(WINDOWS_ZONES)) or " Use one such as 'W. Europe Standard Time'."
        message = f"{name_of(context)} has the time zone {quoted(zone)}, which Windows does not have.{near}"
        yield Violation(message, (*_RECURRENCE, "timeZone"))


@rule("ADF715", on=Subject.TRIGGER)
def schedule_entries(context: Context) -> Iterator[Violation]:
    """A number or day outside its range."""
    entries = _recurrence(context).get("schedule")
    for key, values in entries.items() if isinstance(entries, dict) else ():
        if values is None or is_dynamic(values):
            continue
        if not isinstance(values, list):
            yield Violation(
                f"{name_of(context)} has {kind_of(values)} as {quoted(key)}; it must be a list.",
                (*_RECURRENCE, "schedule", key),
            )
            continue
        for value in values:
            if not _is_entry(key, value):
                yield Violation(
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


@rule("ADF716", on=Subject.TRIGGER)
def schedule_frequency(context: Context) -> Iterator[Violation]:
    """Days of the week or month under another frequency."""
    recurrence = _recurrence(context)
    entries, given = recurrence.get("schedule"), str(recurrence.get("frequency"))
    for key, wanted in (("weekDays", "Week"), ("monthDays", "Month"), ("monthlyOccurrences", "Month")):
        value = entries.get(key) if isinstance(entries, dict) else None
        if (
            value is not None
            and given.casefold() in map(str.casefold, _FREQUENCIES)
            and given.casefold() != wanted.casefold()
        ):
            yield Violation(
                f"{name_of(context)} has {quoted(key)} with the frequency {quoted(given)}; it goes with {wanted} only{'' if value else ', even if it is empty'}. Delete it.",
                (*_RECURRENCE, "schedule", key),
                None if value or key == "weekDays" else Severity.WARNING,
            )
