"""Arithmetic. Integers stay 64 bit integers, and one float makes the result a float; strings are never converted."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.numbers import INT64_MIN, is_int64, to_int32
from activities_gen.expressions.registry import COUNTS, Family
from activities_gen.expressions.values import kind

if TYPE_CHECKING:
    from activities_gen.expressions.context import Context

FUNCTIONS = Family("math")

Number = int | float

_INT32 = (0, -(2**31), 2**31 - 1)

MAX_RANGE = 100_000
"""Most elements that ``range`` makes."""


def _checked(*numbers: Number) -> bool:
    """Whether all numbers are integers; integers beyond 64 bits, which only JSON can bring in, are refused."""
    integers = [number for number in numbers if isinstance(number, int)]
    if not all(map(is_int64, integers)):
        raise FunctionError("was given an integer of more than 64 bits")
    return len(integers) == len(numbers)


def _integer(value: int) -> int:
    if not is_int64(value):
        raise FunctionError("has a result outside the range of a 64 bit integer; make one argument a float")
    return value


@FUNCTIONS.add("add", "first: number, second: number -> number")
def add(left: Number, right: Number) -> Number:
    """The sum. An integer beyond 64 bits is refused; infinity is a float."""
    return _integer(int(left + right)) if _checked(left, right) else float(left) + float(right)


@FUNCTIONS.add("sub", "first: number, second: number -> number")
def sub(left: Number, right: Number) -> Number:
    """The difference; see ``add``."""
    return _integer(int(left - right)) if _checked(left, right) else float(left) - float(right)


@FUNCTIONS.add("mul", "first: number, second: number -> number")
def mul(left: Number, right: Number) -> Number:
    """The product; see ``add``."""
    return _integer(int(left * right)) if _checked(left, right) else float(left) * float(right)


@FUNCTIONS.add("div", "first: number, second: number -> number", samples=((1, 1.0), (1,)))
def div(left: Number, right: Number) -> Number:
    """The quotient: of integers cut toward zero, -7 by 2 is -3; with a float exact, though the documentation says integer.

    Zero as divisor is refused, as a float too.
    """
    if not _checked(left, right):
        return float(left) / float(_divisor(right))
    quotient: Number = abs(left) // abs(_divisor(right))
    return _integer(int(quotient if (left < 0) == (right < 0) else -quotient))


@FUNCTIONS.add("mod", "first: number, second: number -> number", samples=((1, 1.0), (1,)))
def mod(left: Number, right: Number) -> Number:
    """The remainder, with the sign of the first number. Zero as divisor is refused, as a float too."""
    if not _checked(left, right):
        return _float_remainder(float(left), float(_divisor(right)))
    if left == INT64_MIN and right == -1:
        raise FunctionError("has a quotient outside the range of a 64 bit integer")
    remainder: Number = abs(left) % abs(_divisor(right))
    return int(remainder if left >= 0 else -remainder)


def _divisor(number: Number) -> Number:
    if number == 0:
        raise FunctionError("cannot divide by zero")
    return number


def _float_remainder(left: float, right: float) -> float:
    return math.nan if math.isinf(left) or math.isnan(left) else math.fmod(left, right)


@FUNCTIONS.add("max", "first: number|array, *more: number|array -> number", engine="any, *any -> number")
def maximum(*values: Any) -> Number:
    """The largest of the numbers, or of the one array of numbers, which must not be empty; a float where one of them is."""
    return _extreme(values, want_larger=True)


@FUNCTIONS.add("min", "first: number|array, *more: number|array -> number", engine="any, *any -> number")
def minimum(*values: Any) -> Number:
    """The smallest of the numbers, or of the one array of numbers, which must not be empty; a float where one of them is."""
    return _extreme(values, want_larger=False)


def _extreme(values: tuple[Any, ...], *, want_larger: bool) -> Number:
    """As .NET's ``Max`` and ``Min``: not-a-number is smaller than every number."""
    numbers = list(values[0]) if len(values) == 1 and isinstance(values[0], list) else list(values)
    wrong = [kind(number) for number in numbers if kind(number) not in ("Integer", "Float")]
    if wrong or not numbers:
        found = f"one of type {wrong[0]}" if wrong else "an empty array"
        raise FunctionError(f"takes numbers, or one array of numbers; it was given {found}")
    if _checked(*numbers):
        extreme: int = max(numbers) if want_larger else min(numbers)
        return extreme
    floats = [float(number) for number in numbers]
    ordered = [number for number in floats if not math.isnan(number)]
    if len(ordered) < len(floats) and not (want_larger and ordered):
        return math.nan
    return max(ordered) if want_larger else min(ordered)


@FUNCTIONS.add("rand", "minimum: integer, maximum: integer -> integer", needs_context=True, samples=(_INT32, _INT32))
def rand(context: Context, low: int, high: int) -> int:
    """A random integer from ``low`` to less than ``high``; ``low`` where both are the same.

    Both are cut to 32 bits; the first must not be larger.
    """
    first, last = to_int32(low), to_int32(high)
    if first > last:
        raise FunctionError(f"needs a minimum that is not larger than the maximum; they are {low} and {high}")
    return first if first == last else context.random_source.randrange(first, last)


@FUNCTIONS.add("range", "start: integer, count: integer -> array", samples=((0, -(2**31)), COUNTS))
def integer_range(start: int, count: int) -> list[int]:
    """``count`` integers from ``start``: at most 100,000, and none beyond 32 bits."""
    first, number = to_int32(start), to_int32(count)
    if not 0 <= number <= MAX_RANGE:
        raise FunctionError(f"needs a count from 0 to {MAX_RANGE}; it is {count}")
    if first + number - 1 >= 2**31:
        raise FunctionError(f"makes numbers up to 2147483647; {count} of them from {start} go beyond")
    return list(range(first, first + number))
