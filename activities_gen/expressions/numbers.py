"""Numbers as .NET reads and writes them, for the invariant culture."""

from __future__ import annotations

import math
import re

INT64_MIN = -(2**63)
INT64_MAX = 2**63 - 1
_EXACT = 2.0**53
"""Below it no decimal number of 17 digits is exactly between two floats."""

_NUMBER = re.compile(r"([+-]?)(?=[0-9.])([0-9][0-9,]*)?(\.[0-9]*)?([eE][+-]?[0-9]+)?(?:[\t-\r ]*([+-]))?")
_BLANKS = "\t\n\v\f\r "
_NAMES = {"nan": "nan", "-nan": "nan", "+nan": "nan", "∞": "inf", "+∞": "inf", "-∞": "-inf"}


def is_int64(value: int) -> bool:
    """Whether ``value`` fits .NET's Int64, the integer of the language."""
    return INT64_MIN <= value <= INT64_MAX


def to_int32(value: int) -> int:
    """``value`` cut to 32 bits, as the engine does with counts and indices: 4294967297 is taken for 1."""
    return (value + 2**31) % 2**32 - 2**31


def to_float(value: float) -> float:
    """A number as a float; an integer beyond all floats, which only JSON can bring in, as an infinite one."""
    try:
        return float(value)
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def format_double(value: float) -> str:
    """The shortest text that reads back as ``value``, as ``System.Double.ToString("R")`` writes it.

    Up to 17 digits before the decimal point stand in full, ``10000000000000000``; above that and under 0.0001 the
    form is scientific with at least two digits of exponent, ``1E+17``, ``1E-05``.
    """
    if value != value:  # noqa: PLR0124 - the definition of not-a-number
        return "NaN"
    if value in (float("inf"), float("-inf")):
        return "Infinity" if value > 0 else "-Infinity"
    text = repr(value) if -_EXACT < value < _EXACT else _beside_midpoints(value)
    if "e" not in text:
        whole, _, fraction = text.partition(".")
        if len(whole.lstrip("-")) <= 16 and not (whole in ("0", "-0") and fraction.startswith("0000")):
            return whole if fraction == "0" else text
    return _format_digits(text)


def _beside_midpoints(value: float) -> str:
    """The shortest text that is nearer to a large ``value`` than to any other float.

    Python's shortest may be exactly between two floats, and read as the even one; .NET takes more digits then.
    """
    number = int(value)
    neighbours = (math.nextafter(value, goal) for goal in (-math.inf, math.inf))
    midpoints = {number + int(neighbour) for neighbour in neighbours if not math.isinf(neighbour)}
    texts = (repr(value), *(f"{value:.{digits}e}" for digits in (14, 15)))
    return next((text for text in texts if float(text) == value and 2 * _whole(text) not in midpoints), f"{value:.16e}")


def _whole(text: str) -> int:
    """The integer that a text with a decimal point or an exponent is."""
    mantissa, _, exponent = text.partition("e")
    whole, _, fraction = mantissa.partition(".")
    fraction = fraction.rstrip("0")
    return int(whole + fraction + "0" * (int(exponent or 0) - len(fraction)))


def _format_digits(text: str) -> str:
    """Python's ``repr`` of a large or small float in .NET's form."""
    sign = "-" if text[0] == "-" else ""
    mantissa, _, exponent = text.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    point = len(whole) + int(exponent or 0) - (len(whole + fraction) - len(digits))
    digits = digits.rstrip("0") or "0"
    if -5 < point - 1 < 17:
        return sign + _plain(digits, point)
    tail = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{sign}{digits[0]}{tail}E{'-' if point < 1 else '+'}{abs(point - 1):02d}"


def _plain(digits: str, point: int) -> str:
    """Digits with the decimal point after the first ``point`` of them."""
    if point <= 0:
        return "0." + "0" * -point + digits
    if len(digits) <= point:
        return digits + "0" * (point - len(digits))
    return f"{digits[:point]}.{digits[point:]}"


def parse_double(text: str) -> float:
    """Read a number as ``System.Double.Parse`` does: blanks around, sign before or behind, ``,`` between digits.

    Raises:
        ValueError: The text is no number.
    """
    text = text.rstrip("\0").strip(_BLANKS)
    match = _NUMBER.fullmatch(text)
    if match is None:
        name = _NAMES.get(text.casefold())
        if name is None:
            raise ValueError(text)
        return float(name)
    sign, whole, fraction, exponent, trailing = match.groups()
    if (sign and trailing) or (not whole and fraction in (None, ".")):
        raise ValueError(text)
    number = float((whole or "0").replace(",", "") + (fraction or "") + (exponent or ""))
    return -number if "-" in (sign, trailing) else number
