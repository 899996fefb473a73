"""A point in time as .NET's DateTime holds it: 100 nanosecond ticks since year 1, and what is known of its zone."""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import NamedTuple

TICKS_PER_SECOND = 10_000_000
TICKS_PER_MINUTE = 60 * TICKS_PER_SECOND
TICKS_PER_HOUR = 60 * TICKS_PER_MINUTE
TICKS_PER_DAY = 24 * TICKS_PER_HOUR
MAX_TICKS = 3_155_378_975_999_999_999
"""The last tick of the year 9999."""

UTC = "Z"
UNSPECIFIED = ""
LOCAL = "+00:00"
"""Times with an offset are converted to UTC and keep this suffix, as on a machine whose zone is UTC."""


class Moment(NamedTuple):
    """A point in time.

    Attributes:
        ticks: 100 nanosecond steps since 0001-01-01T00:00:00.
        suffix: ``Z``, ``+00:00``, or empty if no zone is known; the ``K`` of formats.
    """

    ticks: int
    suffix: str

    @property
    def date(self) -> date:
        """The day."""
        return date.fromordinal(self.ticks // TICKS_PER_DAY + 1)

    @property
    def clock(self) -> tuple[int, int, int, int]:
        """Hour, minute, second and ticks of the second."""
        rest, fraction = divmod(self.ticks % TICKS_PER_DAY, TICKS_PER_SECOND)
        minutes, second = divmod(rest, 60)
        return minutes // 60, minutes % 60, second, fraction

    def replace(self, ticks: int) -> Moment | None:
        """The same kind of time at other ticks; ``None`` outside the years 1 to 9999."""
        return Moment(ticks, self.suffix) if 0 <= ticks <= MAX_TICKS else None


def of_date(year: int, month: int, day: int) -> int:
    """The ticks of a day's start.

    Raises:
        ValueError: There is no such day.
    """
    return (date(year, month, day).toordinal() - 1) * TICKS_PER_DAY


def of_datetime(value: datetime) -> Moment:
    """The moment of a Python time, in UTC; a time without a zone is taken as UTC."""
    utc = value.astimezone(timezone.utc) if value.tzinfo else value
    seconds = (utc.hour * 60 + utc.minute) * 60 + utc.second
    ticks = of_date(utc.year, utc.month, utc.day) + seconds * TICKS_PER_SECOND + utc.microsecond * 10
    return Moment(ticks, UTC)


def add_months(moment: Moment, months: int) -> Moment | None:
    """The same day some months on, or the last day of a shorter month; ``None`` outside the years 1 to 9999."""
    day = moment.date
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not 1 <= year <= 9999:
        return None
    month += 1
    following = date(year + month // 12, month % 12 + 1, 1).toordinal() if (year, month) < (9999, 12) else 3652060
    last = following - date(year, month, 1).toordinal()
    return Moment(of_date(year, month, min(day.day, last)) + moment.ticks % TICKS_PER_DAY, moment.suffix)
