"""Time spans ``[d.]hh:mm:ss``, read as the service reads them: with ``TimeSpan.Parse`` of .NET.

The pattern in ADF's REST interface and .NET's reading differ. ``24:00:00`` passes the pattern and means 24 days, and
``00:60:00`` passes it and overflows.
"""

from __future__ import annotations

import re

SECOND = 1_000_000
"""Lengths are whole microseconds, so that a simulation adds them up without rounding."""

DAY = 86_400 * SECOND

_SPAN = re.compile(r"(?:(\d+)\.)?(\d\d):(\d\d):(\d\d)", re.ASCII)
_MOST_DAYS = 10_675_199
"""The longest ``TimeSpan`` of .NET, in days."""

_TOO_LONG = f"'{{}}' overflows: a time span has fewer than {_MOST_DAYS:,} days"


def parse_timespan(text: str) -> int:
    """Returns the microseconds that a time span stands for.

    Args:
        text: ``d.hh:mm:ss`` or ``hh:mm:ss``, as in a policy's ``timeout``.

    Raises:
        ValueError: .NET could not read it; the message says why.
    """
    match = _SPAN.fullmatch(text)
    if match is None:
        raise ValueError(f"'{text}' is no time span of the form 'd.hh:mm:ss' or 'hh:mm:ss'")
    if len((match[1] or "").lstrip("0")) > len(str(_MOST_DAYS)):
        raise ValueError(_TOO_LONG.format(text))
    days, hours, minutes, seconds = (int((part or "").lstrip("0") or 0) for part in match.groups())
    if means_days(text):
        days, hours, minutes, seconds = hours, minutes, seconds, 0
    if hours > 23 or minutes > 59 or seconds > 59:
        raise ValueError(f"'{text}' overflows: hours end at 23, minutes and seconds at 59")
    if days >= _MOST_DAYS:
        raise ValueError(_TOO_LONG.format(text))
    return days * DAY + (hours * 3600 + minutes * 60 + seconds) * SECOND


def seconds_of(text: str) -> int | None:
    """Returns the seconds that a time span stands for; ``None`` if .NET could not read it."""
    try:
        return parse_timespan(text) // SECOND
    except ValueError:
        return None


def means_days(text: str) -> bool:
    """Whether the first number is read as days though it looks like hours: without a part for days, hours over 23 are."""
    match = _SPAN.fullmatch(text)
    return match is not None and match[1] is None and int(match[2]) > 23


_SHORT = re.compile(
    r"P?(?:(\d{1,9})D)?T?(?:(\d{1,9})H)?(?:(\d{1,9})M(?:IN)?)?(?:(\d{1,9})S)?", re.ASCII | re.IGNORECASE
)
_CLOCK = re.compile(r"(?:(\d{1,8})\.)?(\d{1,9}):(\d{1,9})(?::(\d{1,9}))?", re.ASCII)


def meant_seconds(text: str) -> int | None:
    """Returns the seconds that a person means by ``12h``, ``PT12H``, ``1:00:00`` or ``24:00:00``; ``None`` if unclear."""
    match = _CLOCK.fullmatch(text.strip()) or _SHORT.fullmatch(text.strip())
    if not match or not any(match.groups()):
        return None
    days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return days * 86_400 + hours * 3600 + minutes * 60 + rest


def timespan(length: int) -> str:
    """Returns a length in seconds as ADF writes it: ``d.hh:mm:ss``."""
    return f"{length // 86_400}.{length // 3600 % 24:02}:{length // 60 % 60:02}:{length % 60:02}"


def show(microseconds: int) -> str:
    """Returns a length for a person: ``0.250 s``, ``12.0 s``, ``3:05:00``, ``7 d 0:00:00``."""
    seconds = microseconds / SECOND
    if seconds < 10:
        return f"{seconds:.3f} s"
    if seconds < 120:
        return f"{seconds:.1f} s"
    days, rest = divmod(int(seconds), 86_400)
    clock = f"{rest // 3600}:{rest // 60 % 60:02}:{rest % 60:02}"
    return f"{days} d {clock}" if days else clock
