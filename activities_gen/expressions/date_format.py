"""Times as .NET formats them for en-US, and what is wrong with a format."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.expressions.errors import FunctionError, shorten
from activities_gen.expressions.text import is_basic

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from activities_gen.expressions.moment import Moment

MONTHS = (
    ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]
)  # fmt: skip
DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

ROUND_TRIP = "yyyy-MM-ddTHH:mm:ss.fffffffK"
"""The format ``o``, the default of every date function."""

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
    out: list[str] = []
    for letter, text in _pieces(STANDARD.get(pattern, pattern) or STANDARD["G"]):
        if not letter:
            out.append(text)
        elif letter != "F":
            out.append(_FORMATTERS[letter](moment, len(text)))
        else:
            fraction = f"{moment.clock[3]:07d}"[: len(text)].rstrip("0")
            if not fraction and out and out[-1].endswith("."):
                out[-1] = out[-1][:-1]
            out.append(fraction)
    return "".join(out)


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


def _hour12(moment: Moment, width: int) -> str:
    return f"{(moment.clock[0] + 11) % 12 + 1:0{min(width, 2)}d}"


def _padded(number: int, width: int) -> str:
    return f"{number:0{min(width, 2)}d}"


def _day(moment: Moment, width: int) -> str:
    if width < 3:
        return _padded(moment.date.day, width)
    name = DAYS[moment.date.weekday()]
    return name[:3] if width == 3 else name


def _month(moment: Moment, width: int) -> str:
    if width < 3:
        return _padded(moment.date.month, width)
    name = MONTHS[moment.date.month - 1]
    return name[:3] if width == 3 else name


def _year(moment: Moment, width: int) -> str:
    year = moment.date.year
    return _padded(year % 100, width) if width < 3 else f"{year:0{width}d}"


def _offset(_moment: Moment, width: int) -> str:
    """The zone is always shown as UTC: times with an offset have been converted."""
    return {1: "+0", 2: "+00"}.get(width, "+00:00")


def _half_day(moment: Moment, width: int) -> str:
    return ("AM" if moment.clock[0] < 12 else "PM")[: min(width, 2)]


_FORMATTERS: dict[str, Callable[[Moment, int], str]] = {
    "d": _day,
    "f": lambda moment, width: f"{moment.clock[3]:07d}"[:width],
    "F": lambda moment, width: f"{moment.clock[3]:07d}"[:width].rstrip("0"),
    "g": lambda _moment, _width: "AD",
    "h": _hour12,
    "H": lambda moment, width: _padded(moment.clock[0], width),
    "K": lambda moment, width: moment.suffix * width,
    "m": lambda moment, width: _padded(moment.clock[1], width),
    "M": _month,
    "s": lambda moment, width: _padded(moment.clock[2], width),
    "t": _half_day,
    "y": _year,
    "z": _offset,
}
