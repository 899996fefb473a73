"""Times as the engine reads them: ISO 8601 and most of what ``System.DateTime.Parse`` takes for en-US."""

from __future__ import annotations

import re
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from activities_gen.expressions.date_format import DAYS, MONTHS
from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.moment import (
    LOCAL,
    MAX_TICKS,
    TICKS_PER_DAY,
    TICKS_PER_MINUTE,
    TICKS_PER_SECOND,
    UNSPECIFIED,
    UTC,
    Moment,
    of_date,
    of_datetime,
)
from activities_gen.expressions.text import WHITESPACE

if TYPE_CHECKING:
    from activities_gen.expressions.context import Context

MAX_LENGTH = 200
"""Longest text that is read as a time; none of the forms needs more."""

_TIME = re.compile(
    r"(?P<t>(?<=[0-9])T[ ]*|(?<=[ ,])T[ ]*)?(?<![0-9:.+-])(?P<hour>[0-9]{1,2})"
    r"(?::(?P<minute>[0-9]{1,2})(?::(?P<second>[0-9]{1,2})(?:\.(?P<fraction>[0-9]+))?)?(?:[ ]*(?P<half>[AP]M))?"
    r"|[ ]*(?P<half_hour>[AP]M))(?![0-9:.A-FH-Y]|G(?!MT))",
    re.IGNORECASE,
)
_ZONE = re.compile(
    r"[ ]*(?:(?P<z>Z|GMT)|(?P<sign>[+-])(?P<hours>[0-9]{1,2})(?::?(?P<minutes>[0-9]{2}))?)[ ]*", re.IGNORECASE
)
_NUMERIC = re.compile(
    r"[ ,]*(?P<a>[0-9]{1,5})(?P<s1>[ ,]*[-/.][ ,]*|[ ,]+)(?P<b>[0-9]{1,5})(?:(?P<s2>[ ,]*[-/.][ ,]*|[ ,]+)(?P<c>[0-9]{1,5}))?[ ,]*"
)
_LAST_ZONE = re.compile(r"(?<=[0-9])[ ]*(?P<z>Z|GMT)[ ]*\Z|\Z", re.IGNORECASE)
_WORDY = re.compile(r"[0-9]+|[A-Za-z]+\.?|[-/]|[ ,]+")
_ERA = re.compile(r"(?<![A-Za-z])(?:A\.D\.|AD)(?![A-Za-z])", re.IGNORECASE)
_MONTHS = {name[:size].lower(): index for index, name in enumerate(MONTHS, 1) for size in (3, len(name))}
_DAYS = {name[:size].lower(): index for index, name in enumerate(DAYS) for size in (3, len(name))}
_BLANKS = str.maketrans(dict.fromkeys(WHITESPACE, " "))


def parse_moment(text: str, context: Context) -> Moment:
    """Read a time.

    A time without a date is one of today, and a date without a year one of this year. An offset is applied, and the
    time is UTC then. More than seven digits of a second are rounded.

    Raises:
        FunctionError: The text is no time.
    """
    return _iso(text) or _any(text, context)


_EPOCH = datetime(1, 1, 1)
_MARKS = frozenset({"--", "--T::"})
"""What stands between the numbers of a date, and of a date with a time."""


def _iso(text: str) -> Moment | None:
    """A time in one of the two forms that nearly all have, a date or a time to the second; ``None`` for any other."""
    if text[4:5] + text[7:8] + text[10:11] + text[13:14] + text[16:17] not in _MARKS:
        return None
    rest = text[19:]
    suffix = UTC if rest[-1:] == "Z" else UNSPECIFIED
    fraction = rest[1:-1] if suffix else rest[1:]
    if (
        rest
        and rest != "Z"
        and not (rest[0] == "." and len(fraction) <= 7 and fraction.isascii() and fraction.isdigit())
    ):
        return None
    try:
        found = datetime.fromisoformat(text[:19])
    except ValueError:
        return None
    if found.tzinfo is not None:
        return None
    since = found - _EPOCH
    ticks = (since.days * 86400 + since.seconds) * TICKS_PER_SECOND
    return Moment(ticks + int(fraction.ljust(7, "0")) if fraction else ticks, suffix)


def _any(text: str, context: Context) -> Moment:
    try:
        return _parse(text.translate(_BLANKS).strip(" ").rstrip("\0"), context)
    except ValueError:
        shown = text if len(text) <= 40 else text[:39] + "…"
        message = f"was given '{shown}', which is no valid time. Write it as ISO 8601, such as 2026-01-31T13:45:00Z"
        raise FunctionError(message) from None


def _parse(text: str, context: Context) -> Moment:
    if not text or len(text) > MAX_LENGTH:
        raise ValueError(text)
    text = _ERA.sub(" ", text)
    time = _TIME.search(text)
    if time is None:
        return _date_only(text, context)
    zone = _ZONE.match(text, time.end())
    before, after = text[: time.start()], text[zone.end() if zone else time.end() :]
    if zone and after.strip(" ,"):
        raise ValueError(text)
    if before.strip(" ,") and after.strip(" ,"):
        raise ValueError(text)
    rest = (before + after).strip(" ,")
    if time["t"] and ((rest and not _ends_iso(before)) or (zone and zone["z"] and len(zone["z"]) > 1)):
        raise ValueError(text)
    days = _date(rest, context) if rest else of_datetime(context.clock()).ticks // TICKS_PER_DAY * TICKS_PER_DAY
    return _zoned(days + _clock(time), zone)


def _ends_iso(date: str) -> bool:
    """Whether a time may follow a date behind ``T``: it has the year first, and three numbers."""
    match = _NUMERIC.fullmatch(date)
    return match is not None and len(match["a"]) > 2 and bool(match["c"])


def _date_only(text: str, context: Context) -> Moment:
    """A date, perhaps with a zone behind it."""
    match = _NUMERIC.match(text)
    if match is not None and match["c"] and match.end() < len(text):
        zone = _ZONE.fullmatch(text, match.end())
        if zone is None:
            raise ValueError(text)
        return _zoned(_numeric(match, context), zone)
    last = _LAST_ZONE.search(text)
    return _zoned(_date(text[: last.start()] if last else text, context), last if last and last["z"] else None)


def _zoned(ticks: int, zone: re.Match[str] | None) -> Moment:
    """The time with a zone applied."""
    if zone is None or zone["z"]:
        suffix = UTC if zone else UNSPECIFIED
    else:
        suffix = LOCAL
        minutes = int(zone["minutes"] or 0)
        offset = int(zone["hours"]) * 60 + minutes
        if minutes > 59 or offset > 14 * 60:
            raise ValueError(zone[0])
        ticks -= (offset if zone["sign"] == "+" else -offset) * TICKS_PER_MINUTE
    if ticks < 0:
        ticks += TICKS_PER_DAY  # the engine does so with what an offset takes before the year 1
    if ticks > MAX_TICKS:
        raise ValueError(ticks)
    return Moment(ticks, suffix)


def _clock(match: re.Match[str]) -> int:
    """The ticks of a time of day."""
    if match["t"] and any(len(match[part] or "00") != 2 for part in ("hour", "minute", "second")):
        raise ValueError(match[0])
    half = (match["half"] or match["half_hour"] or "").upper()
    if match["t"] and (half or not match["minute"]):
        raise ValueError(match[0])
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    if hour > 23 or minute > 59 or second > 59 or (half == "AM" and hour > 12):
        raise ValueError(match[0])
    if half:
        hour = hour % 12 + 12 if half == "PM" and hour <= 12 else hour % 12 if half == "AM" else hour
    fraction = round(float("0." + match["fraction"]) * TICKS_PER_SECOND) if match["fraction"] else 0
    return ((hour * 60 + minute) * 60 + second) * TICKS_PER_SECOND + fraction


def _date(text: str, context: Context) -> int:
    """The ticks of a date's start."""
    match = _NUMERIC.fullmatch(text)
    return _numeric(match, context) if match else _worded(text, context)


def _this_year(context: Context) -> int:
    return of_datetime(context.clock()).date.year


def _numeric(match: re.Match[str], context: Context) -> int:
    """A date of two or three numbers: the year first where it has three digits or more, else month, day, year."""
    first, second, third = match["a"], match["b"], match["c"]
    if third is None:
        if len(first) > 2:
            return _day(int(first), second, "1")
        return _day(int(second), first, "1") if len(second) > 2 else _day(_this_year(context), first, second)
    if len(first) > 2:
        return _day(int(first), second, third)
    return _day(_year(third), first, second)


def _year(digits: str) -> int:
    """A year; of two digits those from 30 are of the twentieth century."""
    year = int(digits)
    return year if len(digits) > 2 else year + (2000 if year < 30 else 1900)


def _day(year: int, month: str, day: str) -> int:
    if len(month) > 2 or len(day) > 2:
        raise ValueError(month)
    return of_date(year, int(month), int(day))


def _worded(text: str, context: Context) -> int:
    """A date with the name of a month, perhaps with that of its day of the week."""
    tokens = _WORDY.findall(text)
    if "".join(tokens) != text:
        raise ValueError(text)
    names = [token.rstrip(".").lower() for token in tokens if token[0].isalpha()]
    numbers = [token for token in tokens if token[0].isdigit()]
    months = [_MONTHS[name] for name in names if name in _MONTHS]
    weekdays = [_DAYS[name] for name in names if name in _DAYS]
    if len(months) != 1 or len(weekdays) > 1 or len(names) != len(months) + len(weekdays) or _has_stray(tokens):
        raise ValueError(text)
    position = next(index for index, token in enumerate(tokens) if token.rstrip(".").lower() in _MONTHS)
    year, day = _around(numbers, number_first=any(token[0].isdigit() for token in tokens[:position]), context=context)
    ticks = _day(year, str(months[0]), day)
    if weekdays and (ticks // TICKS_PER_DAY) % 7 != weekdays[0]:
        raise ValueError(text)
    return ticks


def _has_stray(tokens: list[str]) -> bool:
    """Whether a hyphen or slash stands at an end, or beside another."""
    marks = [token.strip() in ("-", "/") for token in tokens if token.strip(" ,")]
    return not marks or marks[0] or marks[-1] or any(one and other for one, other in pairwise(marks))


def _around(numbers: list[str], *, number_first: bool, context: Context) -> tuple[int, str]:
    """Year and day from the numbers around a month's name.

    With one number before the name the engine takes it for the year: ``15 March`` is March 2015.
    """
    if len(numbers) == 2:
        first, second = numbers
        return (int(first), second) if len(first) > 2 else (_year(second), first)
    if len(numbers) != 1:
        raise ValueError(numbers)
    if number_first or len(numbers[0]) > 2:
        return _year(numbers[0]), "1"
    return _this_year(context), numbers[0]
