"""The window of a run, as a tumbling-window trigger passes it down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import cache

from pipeline.errors import SettingsError

_INSTANT = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2})(?::(\d{2})(?:\.\d+)?)?)?\s*(Z|[+-]\d{2}:\d{2})?")


@dataclass(frozen=True, order=True)
class Window:
    """A span of time, its end not included. Windows sort by end, then by start.

    Attributes:
        end: The instant up to which the run sees the world, UTC.
        start: The first instant, UTC.
    """

    end: datetime
    start: datetime

    @property
    def name(self) -> str:
        """The window's name in paths and tables: `20240101T000000Z_20240102T000000Z`."""
        return f"{_compact(self.start)}_{_compact(self.end)}"

    @property
    def is_open(self) -> bool:
        """Whether the window is all of time, because none was given."""
        return self == ALL_OF_TIME

    @staticmethod
    @cache  # a run asks some ten times for each window of a lake
    def named(name: str) -> Window:
        """The window of a name that `name` returned."""
        start, end = (
            datetime.strptime(part, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc) for part in name.split("_")
        )
        return Window(end, start)


ALL_OF_TIME = Window(datetime(9999, 12, 31, 23, 59, 59, tzinfo=timezone.utc), datetime(1, 1, 1, tzinfo=timezone.utc))
"""The window of a run that was given none, as on a laptop. It ends with the data."""


def window(start: str | None, end: str | None) -> Window:
    """The window between two instants.

    Args:
        start: ISO 8601, as `trigger().outputs.windowStartTime`: `2024-01-01T00:00:00Z`, with or without fraction; UTC where no
            zone is given. Empty or None for no window.
        end: The same, later than the start.

    Raises:
        SettingsError: One of the two is missing or is not an instant of whole seconds, or the end is not after the start.
    """
    if not start and not end:
        return ALL_OF_TIME
    if not start or not end:
        raise SettingsError("--window-start and --window-end are given together or not at all")
    found = Window(instant(end, "--window-end"), instant(start, "--window-start"))
    if found.end <= found.start:
        raise SettingsError(f"--window-end {end!r} is not after --window-start {start!r}")
    return found


def instant(text: str, argument: str) -> datetime:
    """The instant that an argument names, UTC.

    Raises:
        SettingsError: The text is no ISO 8601 instant of whole seconds.
    """
    match = _INSTANT.fullmatch(text.strip())
    if not match or re.search(r"\.\d*[1-9]", text):
        raise SettingsError(f"{argument} {text!r} is not a time such as 2024-01-31T00:00:00Z")
    day, minutes, seconds, zone = match.groups()
    written = f"{day}T{minutes or '00:00'}:{seconds or '00'}{'+00:00' if zone in (None, 'Z') else zone}"
    try:
        return datetime.fromisoformat(written).astimezone(timezone.utc)
    except (ValueError, OverflowError) as error:
        raise SettingsError(f"{argument} {text!r} is not a time such as 2024-01-31T00:00:00Z") from error


def iso(moment: datetime) -> str:
    """An instant as ISO 8601 text that Spark casts to a timestamp."""
    return moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


@dataclass(frozen=True)
class Span:
    """The plausible dates of an export: one outside of them is a slip of the pen.

    Attributes:
        earliest: The first plausible instant, as `iso` writes it.
        latest: The last one.
    """

    earliest: str
    latest: str


def plausible(window: Window, now: datetime, earliest: str = "", latest: str = "") -> Span:
    """Returns the plausible dates of the export of a window.

    Args:
        window: The window.
        now: The time of the run, UTC.
        earliest: The first plausible date, else 1900.
        latest: The last one, else the end of the window, or where it is all of time, the end of the run's day.

    Raises:
        SettingsError: One of them is no date, or the latest is before the earliest.
    """
    today = now.replace(hour=0, minute=0, second=0, microsecond=0)
    end = today + timedelta(days=1) if window.is_open else window.end
    first = instant(earliest or "1900-01-01", "the earliest plausible date")
    last = instant(latest, "the latest plausible date") if latest else end
    if last < first:
        raise SettingsError(f"the latest plausible date, {iso(last)}, is before the earliest, {iso(first)}")
    return Span(iso(first), iso(last))


def end_of_data(latest: int | None) -> datetime:
    """The end of a window without end: one second after the latest event, or 1970 where there is none.

    Args:
        latest: The second of the latest event, counted from 1970 UTC: as a time, Python would give it in the zone of the machine.
    """
    if latest is None:
        return datetime(1970, 1, 1, tzinfo=timezone.utc)
    return datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=latest + 1)


def _compact(moment: datetime) -> str:
    return iso(moment).replace("-", "").replace(":", "")
