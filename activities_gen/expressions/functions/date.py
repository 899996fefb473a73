"""Date functions. Times are strings; ``Z`` at the end, an offset or neither is kept as the engine keeps it.

The optional last argument of most is the format of the result, ``o`` if it is left out.
"""

from __future__ import annotations

import re
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from activities_gen.expressions.date_format import ROUND_TRIP, format_moment
from activities_gen.expressions.date_parse import parse_moment
from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.moment import (
    LOCAL,
    TICKS_PER_DAY,
    TICKS_PER_HOUR,
    TICKS_PER_MINUTE,
    TICKS_PER_SECOND,
    UNSPECIFIED,
    UTC,
    Moment,
    add_months,
    of_datetime,
)
from activities_gen.expressions.numbers import to_int32
from activities_gen.expressions.registry import COUNTS, FORMATS, Family
from activities_gen.expressions.text import WHITESPACE
from activities_gen.expressions.zones import check_unambiguous, find_zone, from_zone, to_zone
from activities_gen.findings import suggestion

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.expressions.context import Context

FUNCTIONS = Family("date")

UNITS: dict[str, Callable[[Moment, int], Moment | None]] = {
    "Second": lambda moment, count: moment.replace(moment.ticks + count * TICKS_PER_SECOND),
    "Minute": lambda moment, count: moment.replace(moment.ticks + count * TICKS_PER_MINUTE),
    "Hour": lambda moment, count: moment.replace(moment.ticks + count * TICKS_PER_HOUR),
    "Day": lambda moment, count: moment.replace(moment.ticks + count * TICKS_PER_DAY),
    "Week": lambda moment, count: moment.replace(moment.ticks + 7 * count * TICKS_PER_DAY),
    "Month": add_months,
    "Year": lambda moment, count: add_months(moment, 12 * count),
}
"""The units of time, and how each is added."""

_UNIT_NUMBERS = {name.lower(): number for number, name in enumerate(UNITS, 1)}

_UTC = ("2024-02-29T12:00:00Z",)
_LOCAL = ("2024-02-29T12:00:00",)
_TIMES = (*_LOCAL, *_UTC, "0001-01-01T00:00:00", "9999-12-31T00:00:00")
_ZONES = ("UTC", "W. Europe Standard Time")
_ANY_UNIT = ("Day",)


def _checked(moment: Moment | None) -> Moment:
    if moment is None:
        raise FunctionError("has a result outside the years 1 to 9999")
    return moment


def _add(context: Context, time: str, unit: str, count: int, pattern: str) -> str:
    """A time some units on."""
    moment = UNITS[unit](parse_moment(time, context), count)
    return format_moment(_checked(moment), pattern)


@FUNCTIONS.add(
    "addDays",
    "timestamp: string, days: integer, [style: string] -> string",
    needs_context=True,
    samples=(_TIMES, COUNTS, FORMATS),
)
def add_days(context: Context, time: str, count: int, pattern: str = ROUND_TRIP) -> str:
    """A time some whole days on; a negative number goes back."""
    return _add(context, time, "Day", count, pattern)


@FUNCTIONS.add(
    "addHours",
    "timestamp: string, hours: integer, [style: string] -> string",
    needs_context=True,
    samples=(_TIMES, COUNTS, FORMATS),
)
def add_hours(context: Context, time: str, count: int, pattern: str = ROUND_TRIP) -> str:
    """A time some whole hours on."""
    return _add(context, time, "Hour", count, pattern)


@FUNCTIONS.add(
    "addMinutes",
    "timestamp: string, minutes: integer, [style: string] -> string",
    needs_context=True,
    samples=(_TIMES, COUNTS, FORMATS),
)
def add_minutes(context: Context, time: str, count: int, pattern: str = ROUND_TRIP) -> str:
    """A time some whole minutes on."""
    return _add(context, time, "Minute", count, pattern)


@FUNCTIONS.add(
    "addSeconds",
    "timestamp: string, seconds: integer, [style: string] -> string",
    needs_context=True,
    samples=(_TIMES, COUNTS, FORMATS),
)
def add_seconds(context: Context, time: str, count: int, pattern: str = ROUND_TRIP) -> str:
    """A time some whole seconds on."""
    return _add(context, time, "Second", count, pattern)


@FUNCTIONS.add(
    "addToTime",
    "timestamp: string, interval: integer, unit: string, [style: string] -> string",
    needs_context=True,
    samples=(_TIMES, COUNTS, _ANY_UNIT, FORMATS),
)
def add_to_time(context: Context, time: str, count: int, unit: str, pattern: str = ROUND_TRIP) -> str:
    """A time some units on: Second, Minute, Hour, Day, Week, Month or Year, in any letter case, or its number from 1.

    A month or a year on from the end of a month is the end of a shorter month: January 31 and a month is February 28.
    """
    return format_moment(_move(parse_moment(time, context), to_int32(count), unit), pattern)


@FUNCTIONS.add(
    "subtractFromTime",
    "timestamp: string, interval: integer, unit: string, [style: string] -> string",
    needs_context=True,
    samples=(_TIMES, COUNTS, _ANY_UNIT, FORMATS),
)
def subtract_from_time(context: Context, time: str, count: int, unit: str, pattern: str = ROUND_TRIP) -> str:
    """A time some units back; see ``addToTime``."""
    return format_moment(_move(parse_moment(time, context), to_int32(-to_int32(count)), unit), pattern)


@FUNCTIONS.add(
    "getFutureTime",
    "interval: integer, unit: string, [style: string] -> string",
    needs_context=True,
    samples=(COUNTS, _ANY_UNIT, FORMATS),
)
def get_future_time(context: Context, count: int, unit: str, pattern: str = ROUND_TRIP) -> str:
    """The current time in UTC, some units on; see ``addToTime``."""
    return format_moment(_move(of_datetime(context.clock()), to_int32(count), unit), pattern)


@FUNCTIONS.add(
    "getPastTime",
    "interval: integer, unit: string, [style: string] -> string",
    needs_context=True,
    samples=(COUNTS, _ANY_UNIT, FORMATS),
)
def get_past_time(context: Context, count: int, unit: str, pattern: str = ROUND_TRIP) -> str:
    """The current time in UTC, some units back; see ``addToTime``."""
    return format_moment(_move(of_datetime(context.clock()), to_int32(-to_int32(count)), unit), pattern)


def _move(moment: Moment, count: int, unit: str) -> Moment:
    number = _unit_number(unit.strip(WHITESPACE).lower())
    if not 1 <= number <= len(UNITS):
        raise FunctionError(
            f"does not know the unit '{unit}'; it is one of {', '.join(UNITS)}.{suggestion(unit, UNITS)}"
        )
    return _checked(list(UNITS.values())[number - 1](moment, count))


def _unit_number(unit: str) -> int:
    """The unit as .NET reads an enumeration: a name, a number from 1, or names with commas, whose bits are joined."""
    if re.fullmatch("[+-]?[0-9]{1,9}", unit):
        return int(unit)
    numbers = [_UNIT_NUMBERS.get(name.strip(WHITESPACE), 0) for name in unit.split(",")]
    return reduce(or_, numbers) if all(numbers) else 0


@FUNCTIONS.add(
    "formatDateTime",
    "timestamp: string, [style: string] -> string",
    engine="string, [string], [string] -> string",
    needs_context=True,
    samples=(_TIMES, FORMATS),
)
def format_date_time(context: Context, time: str, pattern: str = ROUND_TRIP, locale: str = "en-US") -> str:
    """A time in a .NET format. The engine takes a locale too, which ADF does not document; here it can only be en-US."""
    if locale.lower() not in ("en-us", "en", ""):
        raise FunctionError(f"has no locale in Data Factory; '{locale}' is not supported")
    return format_moment(parse_moment(time, context), pattern)


@FUNCTIONS.add("utcNow", "[style: string] -> string", needs_context=True, samples=(FORMATS,))
def utc_now(context: Context, pattern: str = ROUND_TRIP) -> str:
    """The current time in UTC. It is another one in each activity that asks."""
    return format_moment(of_datetime(context.clock()), pattern)


@FUNCTIONS.add(
    "startOfDay", "timestamp: string, [style: string] -> string", needs_context=True, samples=(_TIMES, FORMATS)
)
def start_of_day(context: Context, time: str, pattern: str = ROUND_TRIP) -> str:
    """The start of a time's day. A time with an offset is one in UTC first, as everywhere here."""
    return _floor(context, time, TICKS_PER_DAY, pattern)


@FUNCTIONS.add(
    "startOfHour", "timestamp: string, [style: string] -> string", needs_context=True, samples=(_TIMES, FORMATS)
)
def start_of_hour(context: Context, time: str, pattern: str = ROUND_TRIP) -> str:
    """The start of a time's hour."""
    return _floor(context, time, TICKS_PER_HOUR, pattern)


@FUNCTIONS.add(
    "startOfMonth", "timestamp: string, [style: string] -> string", needs_context=True, samples=(_TIMES, FORMATS)
)
def start_of_month(context: Context, time: str, pattern: str = ROUND_TRIP) -> str:
    """The start of a time's month."""
    moment = parse_moment(time, context)
    ticks = moment.ticks - moment.ticks % TICKS_PER_DAY - (moment.date.day - 1) * TICKS_PER_DAY
    return format_moment(Moment(ticks, moment.suffix), pattern)


def _floor(context: Context, time: str, step: int, pattern: str) -> str:
    moment = parse_moment(time, context)
    return format_moment(Moment(moment.ticks - moment.ticks % step, moment.suffix), pattern)


@FUNCTIONS.add("dayOfMonth", "timestamp: string -> integer", needs_context=True)
def day_of_month(context: Context, time: str) -> int:
    """The day of the month, of the time in UTC where it has an offset."""
    return parse_moment(time, context).date.day


@FUNCTIONS.add("dayOfWeek", "timestamp: string -> integer", needs_context=True)
def day_of_week(context: Context, time: str) -> int:
    """The day of the week, Sunday is 0. The documentation's example is wrong: 2018-03-15 is 4."""
    return parse_moment(time, context).date.isoweekday() % 7


@FUNCTIONS.add("dayOfYear", "timestamp: string -> integer", needs_context=True)
def day_of_year(context: Context, time: str) -> int:
    """The day of the year, from 1."""
    return parse_moment(time, context).date.timetuple().tm_yday


@FUNCTIONS.add("ticks", "timestamp: string -> integer", needs_context=True)
def ticks(context: Context, time: str) -> int:
    """The number of 100 nanosecond steps since the start of year 1."""
    return parse_moment(time, context).ticks


@FUNCTIONS.add(
    "convertFromUtc",
    "timestamp: string, zone: string, [style: string] -> string",
    needs_context=True,
    samples=(_UTC, _ZONES, FORMATS),
)
def convert_from_utc(context: Context, time: str, zone: str, pattern: str = ROUND_TRIP) -> str:
    """A UTC time in a zone. The time must end with ``Z``; the result has no suffix, but in the zone ``UTC``."""
    moment = parse_moment(time, context)
    if moment.suffix != UTC:
        raise FunctionError(f"needs a time in UTC, with 'Z' at its end; it was given '{time}'")
    return format_moment(to_zone(moment, find_zone(zone)), pattern)


@FUNCTIONS.add(
    "convertToUtc",
    "timestamp: string, zone: string, [style: string] -> string",
    needs_context=True,
    samples=(_LOCAL, _ZONES, FORMATS),
)
def convert_to_utc(context: Context, time: str, zone: str, pattern: str = ROUND_TRIP) -> str:
    """A zone's time in UTC. It must have no suffix; a time that the clocks skip or repeat is refused."""
    moment, found = parse_moment(time, context), find_zone(zone)
    if moment.suffix == LOCAL or (moment.suffix == UTC and found is not None):
        raise FunctionError(f"needs a time without offset, and without 'Z' but for the zone UTC; it was given '{time}'")
    return format_moment(from_zone(moment, found, zone), pattern)


@FUNCTIONS.add(
    "convertTimeZone",
    "timestamp: string, source: string, target: string, [style: string] -> string",
    needs_context=True,
    samples=(_TIMES, _ZONES, _ZONES, FORMATS),
)
def convert_time_zone(context: Context, time: str, source: str, target: str, pattern: str = ROUND_TRIP) -> str:
    """One zone's time in another. ``Z`` or an offset in the time wins over the source zone.

    Even then the time must not be one that the clocks of the source zone show twice.
    """
    moment, origin, goal = parse_moment(time, context), find_zone(source), find_zone(target)
    utc = moment
    if moment.suffix == UNSPECIFIED:
        utc = from_zone(moment, origin, source)
    else:
        check_unambiguous(moment, origin, source)
    return format_moment(to_zone(utc, goal), pattern)
