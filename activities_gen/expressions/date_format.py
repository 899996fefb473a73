"""Times as .NET formats them for en-US, and what is wrong with a format."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import FunctionError, shorten
from activities_gen.expressions.moment import TICKS_PER_DAY, TICKS_PER_SECOND
from activities_gen.expressions.text import is_basic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions.moment import Moment

MONTHS = (
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
)  # fmt: skip
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

ROUND_TRIP = "yyyy-MM-ddTHH:mm:ss.fffffffK"
"""The format ``o``, the default of every date function."""

_ROUND_TRIPS = frozenset({ROUND_TRIP, "o", "O"})

STANDARD: dict[str, str] = {
    "d": "M/d/yyyy",
    "D": "dddd, MMMM d, yyyy",
    "f": "dddd, MMMM d, yyyy h:mm tt",
    "F": "dddd, MMMM d, yyyy h:mm:ss tt",
    "g": "M/d/yyyy h:mm tt",
    "G": "M/d/yyyy h:mm:ss tt",
    "m": "MMMM d",
    "M": "MMMM d",
    "o": ROUND_TRIP,
    "O": ROUND_TRIP,
    "r": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "R": "ddd, dd MMM yyyy HH:mm:ss 'GMT'",
    "s": "yyyy-MM-ddTHH:mm:ss",
    "t": "h:mm tt",
    "T": "h:mm:ss tt",
    "u": "yyyy-MM-dd HH:mm:ssZ",
    "U": "dddd, MMMM d, yyyy h:mm:ss tt",
    "y": "MMMM yyyy",
    "Y": "MMMM yyyy",
}
"""The standard formats of .NET, one letter each, and what they stand for in en-US."""


def format_moment(moment: Moment, pattern: str = ROUND_TRIP) -> str:
    """A time in a .NET format.

    Args:
        moment: The time.
        pattern: A standard format of one letter, or a custom format; the empty one is ``G``.

    Raises:
        FunctionError: .NET does not accept the format.
    """
    ticks, suffix = moment
    days, rest = divmod(ticks, TICKS_PER_DAY)
    day = date.fromordinal(days + 1)
    seconds, fraction = divmod(rest, TICKS_PER_SECOND)
    minutes, second = divmod(seconds, 60)
    hour, minute = divmod(minutes, 60)
    if pattern in _ROUND_TRIPS:
        return f"{day.isoformat()}T{hour:02d}:{minute:02d}:{second:02d}.{fraction:07d}{suffix}"
    time = (day.year, day.month, day.day, hour, minute, second, fraction, days % 7, suffix)
    out: list[str] = []
    for piece in _plan(pattern):
        shown = piece if type(piece) is str else piece(time)  # type: ignore[operator]  # a formatter
        if not shown and out and out[-1].endswith(".") and piece in _BARE_FRACTIONS:
            out[-1] = out[-1][:-1]
        out.append(shown)
    return "".join(out)


Time = tuple[Any, ...]
"""Year, month, day, hour, minute, second, ticks of the second, day of the week from 0 for Monday, and the suffix."""
_YEAR, _MONTH, _DAY, _HOUR, _MINUTE, _SECOND, _FRACTION, _WEEKDAY, _SUFFIX = range(9)
Formatter = Callable[[Time], str]


@lru_cache(maxsize=256)
def _plan(pattern: str) -> tuple[Formatter | str, ...]:
    """The pieces of a format: texts, and what formats a part of the time."""
    plan: list[Formatter | str] = []
    for letter, text in _pieces(STANDARD.get(pattern, pattern) or STANDARD["G"]):
        if letter:
            plan.append(_FORMATTERS[letter](len(text)))
        elif plan and isinstance(plan[-1], str):
            plan[-1] += text
        else:
            plan.append(text)
    return tuple(plan)


def _pieces(pattern: str) -> Iterator[tuple[str, str]]:
    """The runs of one custom letter, as letter and run; and text to copy, with an empty letter."""
    if len(pattern) == 1 and is_basic(pattern):
        raise _refused(pattern)
    position = 0
    while position < len(pattern):
        character = pattern[position]
        if character in _FORMATTERS:
            end = position + 1
            while end < len(pattern) and pattern[end] == character:
                end += 1
            if character in "fF" and end - position > 7:
                raise _refused(pattern)
            yield character, pattern[position:end]
            position = end
        elif character in "'\"":
            text, position = _quoted(pattern, position)
            yield "", text
        elif character == "\\":
            if position + 1 == len(pattern):
                raise _refused(pattern)
            yield "", pattern[position + 1]
            position += 2
        elif character == "%":
            yield from _single(pattern, position + 1)
            position += 2
        else:
            yield "", character
            position += 1


def _single(pattern: str, position: int) -> Iterator[tuple[str, str]]:
    """The one letter behind ``%``."""
    if position == len(pattern) or pattern[position] in "%'\"\\":
        raise _refused(pattern)
    letter = pattern[position]
    yield (letter, letter) if letter in _FORMATTERS else ("", letter)


def _quoted(pattern: str, start: int) -> tuple[str, int]:
    """The text in quotes that begins at ``start``, and where it ends; a backslash escapes inside."""
    text: list[str] = []
    position = start + 1
    while position < len(pattern) and pattern[position] != pattern[start]:
        if pattern[position] == "\\":
            position += 1
        text.append(pattern[position : position + 1])
        position += 1
    if position >= len(pattern):
        raise _refused(pattern)
    return "".join(text), position + 1


def _refused(pattern: str) -> FunctionError:
    hint = (
        f" A single letter of a custom format stands behind a percent sign: '%{pattern}'."
        if pattern in _FORMATTERS
        else ""
    )
    return FunctionError(
        f"does not accept the format '{shorten(pattern)}'.{hint} See .NET's standard and custom formats of dates"
    )


def _number(place: int) -> Callable[[int], Formatter]:
    """Returns what formats a part of the time, with two digits at least if the letter is doubled."""
    return lambda width: (lambda time: f"{time[place]:02d}") if width > 1 else (lambda time: f"{time[place]}")


def _hour12(width: int) -> Formatter:
    digits = min(width, 2)
    return lambda time: f"{(time[_HOUR] + 11) % 12 + 1:0{digits}d}"


def _day(width: int) -> Formatter:
    if width < 3:
        return _number(_DAY)(width)
    return lambda time: DAYS[time[_WEEKDAY]][: 3 if width == 3 else None]


def _month(width: int) -> Formatter:
    if width < 3:
        return _number(_MONTH)(width)
    return lambda time: MONTHS[time[_MONTH] - 1][: 3 if width == 3 else None]


def _year(width: int) -> Formatter:
    if width < 3:
        return lambda time: f"{time[_YEAR] % 100:0{width}d}"
    return lambda time: f"{time[_YEAR]:0{width}d}"


def _offset(width: int) -> Formatter:
    """The zone is always shown as UTC: times with an offset have been converted."""
    shown = {1: "+0", 2: "+00"}.get(width, "+00:00")
    return lambda _time: shown


def _fraction(width: int) -> Formatter:
    return lambda time: f"{time[_FRACTION]:07d}"[:width]


_BARE_FRACTIONS: list[Formatter] = [
    lambda time, width=width: f"{time[_FRACTION]:07d}"[:width].rstrip("0")  # type: ignore[misc]  # one for each width
    for width in range(8)
]
"""The digits of a second without zeros at the end; without digits the point before them goes too."""

_FORMATTERS: dict[str, Callable[[int], Formatter]] = {
    "d": _day,
    "f": _fraction,
    "F": lambda width: _BARE_FRACTIONS[width],
    "g": lambda _width: lambda _time: "AD",
    "h": _hour12,
    "H": _number(_HOUR),
    "K": lambda width: lambda time: time[_SUFFIX] * width,
    "m": _number(_MINUTE),
    "M": _month,
    "s": _number(_SECOND),
    "t": lambda width: lambda time: ("AM" if time[_HOUR] < 12 else "PM")[: min(width, 2)],
    "y": _year,
    "z": _offset,
}
"""For each letter, what makes a formatter for so many of it."""
