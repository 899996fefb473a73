"""When a schedule trigger starts its pipelines.

After "Create a trigger that runs a pipeline on a schedule" of ADF's documentation. From days on, times follow the clocks
of the trigger's time zone; minutes and hours are counted in real time.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import FunctionError, NoZoneDataError
from activities_gen.expressions.zones import find_zone

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_STEPS = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1)}
_WEEK = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


@dataclass(frozen=True)
class Recurrence:
    """The ``recurrence`` of a schedule trigger, read.

    Attributes:
        frequency: ``minute``, ``hour``, ``day``, ``week`` or ``month``.
        interval: Every how many of these.
        start: The first moment, in the trigger's time zone.
        end: The last moment; ``None`` for no end.
        schedule: The lists of ``schedule`` by name in lower case.
    """

    frequency: str
    interval: int
    start: datetime
    end: datetime | None
    schedule: Mapping[str, list[Any]]

    @property
    def times(self) -> list[time]:
        """The times of a day at which it starts."""
        hours = self.schedule.get("hours") or [self.start.hour]
        minutes = self.schedule.get("minutes") or [self.start.minute]
        return [time(hour, minute, self.start.second) for hour in sorted(hours) for minute in sorted(minutes)]


def read_recurrence(recurrence: Mapping[str, Any]) -> Recurrence:
    """Returns a recurrence as it stands in a trigger, read.

    Raises:
        ValueError: It has no start, a value that cannot be read, or a time zone that does not exist.
    """
    frequency = str(recurrence.get("frequency", "")).casefold()
    if frequency not in (*_STEPS, "day", "week", "month"):
        raise ValueError(f"the frequency '{recurrence.get('frequency')}' is none of a schedule")
    interval = recurrence.get("interval", 1)
    if not isinstance(interval, int) or isinstance(interval, bool) or interval < 1:
        raise ValueError(f"the interval '{interval}' is no whole number from 1")
    zone = _zone(str(recurrence.get("timeZone") or "UTC"))
    if not isinstance(recurrence.get("startTime"), str):
        raise ValueError("it has no 'startTime'")
    end = recurrence.get("endTime")
    return Recurrence(
        frequency,
        interval,
        _moment(recurrence["startTime"], zone),
        _moment(end, zone) if isinstance(end, str) else None,
        _lists(recurrence.get("schedule")),
    )


def _zone(name: str) -> tzinfo:
    try:
        return find_zone(name) or timezone.utc
    except (FunctionError, NoZoneDataError) as error:
        raise ValueError(f"it {error}") from error


def _lists(schedule: Any) -> dict[str, list[Any]]:
    if schedule is None:
        return {}
    if not isinstance(schedule, dict) or not all(isinstance(value, list) for value in schedule.values()):
        raise ValueError("its 'schedule' is no object of lists")
    return {name.casefold(): value for name, value in schedule.items()}


def _moment(text: str, zone: tzinfo) -> datetime:
    """A time of a trigger; without a suffix it is one of its time zone."""
    whole, _, fraction = text.strip().removesuffix("Z").partition(".")
    suffix = "+00:00" if text.strip().endswith("Z") else ""
    moment = datetime.fromisoformat(f"{whole}{'.' + fraction[:6].ljust(6, '0') if fraction.isdigit() else ''}{suffix}")
    return moment.replace(tzinfo=zone) if moment.tzinfo is None else moment.astimezone(zone)


def occurrences(recurrence: Recurrence, start: datetime, end: datetime) -> Iterator[datetime]:
    """Yields the moments, in UTC and in order, at which a schedule starts its pipelines.

    Args:
        recurrence: The schedule.
        start: The first moment that counts, aware of its zone.
        end: The moment after the last one that counts.
    """
    first = recurrence.start.astimezone(timezone.utc)
    last = end if recurrence.end is None else min(end, recurrence.end + timedelta(microseconds=1))
    for moment in _candidates(recurrence, max(start, first), last):
        if moment >= last:
            return
        if moment >= max(start, first):
            yield moment


def _candidates(recurrence: Recurrence, start: datetime, end: datetime) -> Iterator[datetime]:
    """All moments from somewhat before ``start`` on, in order."""
    if recurrence.frequency in _STEPS:
        yield from _steps(recurrence, start)
        return
    zone = recurrence.start.tzinfo
    last = end.astimezone(zone).date() + timedelta(days=1)
    for day in _days(recurrence, start.astimezone(zone).date()):
        if day > last:
            return
        yield from sorted(datetime.combine(day, moment, zone).astimezone(timezone.utc) for moment in recurrence.times)


def _steps(recurrence: Recurrence, start: datetime) -> Iterator[datetime]:
    """Every so many minutes or hours; of an hour at the minutes that the schedule names."""
    step = _STEPS[recurrence.frequency] * recurrence.interval
    first = recurrence.start.astimezone(timezone.utc)
    minutes = sorted(recurrence.schedule.get("minutes") or ()) if recurrence.frequency == "hour" else []
    if minutes:
        first = first.replace(minute=0)
    number = max(0, (start - first) // step)
    while True:
        base = first + number * step
        yield from ([base + timedelta(minutes=minute) for minute in minutes] if minutes else [base])
        number += 1


def _days(recurrence: Recurrence, start: date) -> Iterator[date]:
    """The days on which it starts, from somewhat before ``start`` on."""
    first = recurrence.start.date()
    if recurrence.frequency == "month":
        yield from _days_of_months(recurrence, start)
        return
    if recurrence.frequency == "day":
        length, offsets = recurrence.interval, [0]
    else:
        names = [str(name).casefold() for name in recurrence.schedule.get("weekdays") or ()]
        own = (first.weekday() + 1) % 7
        offsets = sorted(_WEEK.index(name) for name in names if name in _WEEK) or [own]
        first -= timedelta(days=own)
        length = 7 * recurrence.interval
    number = max(0, (start - first).days // length - 1)
    while True:
        try:
            base = first + timedelta(days=number * length)
            yield from (base + timedelta(days=offset) for offset in offsets)
        except OverflowError:
            return
        number += 1


def _days_of_months(recurrence: Recurrence, start: date) -> Iterator[date]:
    first = recurrence.start.date()
    months = (start.year - first.year) * 12 + start.month - first.month
    number = max(0, months // recurrence.interval - 1)
    while True:
        year, month = divmod(first.month - 1 + number * recurrence.interval, 12)
        if first.year + year > date.max.year:
            return
        yield from _days_of_month(recurrence, first.year + year, month + 1)
        number += 1


def _days_of_month(recurrence: Recurrence, year: int, month: int) -> list[date]:
    """The days of one month: by number, from the end if negative, and by weekday; days that it does not have are left out."""
    length = calendar.monthrange(year, month)[1]
    days = recurrence.schedule.get("monthdays") or []
    weekdays = recurrence.schedule.get("monthlyoccurrences") or []
    if not days and not weekdays:
        days = [recurrence.start.day]
    found = {day if day > 0 else length + 1 + day for day in days}
    for one in weekdays:
        name = str(one.get("day", "")).casefold()
        if name in _WEEK:
            found |= _weekday(year, month, length, (_WEEK.index(name) - 1) % 7, one.get("occurrence"))
    return [date(year, month, day) for day in sorted(found) if 1 <= day <= length]


def _weekday(year: int, month: int, length: int, weekday: int, occurrence: Any) -> set[int]:
    """The day of a month that is the n-th of its weekday, from the end if negative; every one if there is no number."""
    days = [day for day in range(1, length + 1) if date(year, month, day).weekday() == weekday]
    if occurrence is None:
        return set(days)
    index = occurrence - 1 if occurrence > 0 else occurrence
    return {days[index]} if -len(days) <= index < len(days) else set()
