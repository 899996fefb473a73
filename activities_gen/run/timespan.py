"""The durations of ADF's JSON: ``[d.]hh:mm:ss``, read as .NET reads them."""

from __future__ import annotations

import re

SECOND = 1_000_000
"""All times of a run are whole microseconds, so that a simulation adds them up without rounding."""

DAY = 86_400 * SECOND

_SPAN = re.compile(r"(?:(\d+)\.)?(\d\d):([0-5]\d|60):([0-5]\d|60)")


def parse_timespan(text: str) -> int:
    """The microseconds that ``text`` stands for.

    The service's pattern and .NET's reading differ: ``24:00:00`` passes the pattern and means 24 days, ``00:60:00``
    passes it and overflows.

    Args:
        text: ``d.hh:mm:ss`` or ``hh:mm:ss``, as in a policy's ``timeout``.

    Raises:
        ValueError: ADF could not read it.
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is no time span of the form 'd.hh:mm:ss' or 'hh:mm:ss'")
    days, (first, second, third) = match[1], map(int, match.group(2, 3, 4))
    in_days = days is None and first > 23
    parts = (first, second, third, 0) if in_days else (int(days or 0), first, second, third)
    if parts[1] > 23 or parts[2] > 59 or parts[3] > 59:
        raise ValueError(f"'{text}' overflows: hours end at 23, minutes and seconds at 59")
    return parts[0] * DAY + (parts[1] * 3600 + parts[2] * 60 + parts[3]) * SECOND


def show(microseconds: int) -> str:
    """A duration for a person: ``0.250 s``, ``12.0 s``, ``3:05:00``, ``7 d 0:00:00``."""
    seconds = microseconds / SECOND
    if seconds < 10:
        return f"{seconds:.3f} s"
    if seconds < 120:
        return f"{seconds:.1f} s"
    days, rest = divmod(int(seconds), 86_400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} d {clock}" if days else clock
