"""Logical functions. ``and``, ``or`` and ``if`` are declared here and run by the evaluator: they are lazy."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.numbers import is_int64, to_float
from activities_gen.expressions.registry import Family
from activities_gen.expressions.values import kind, same
from activities_gen.lazy import lazy_module

if TYPE_CHECKING:
    from activities_gen.expressions import collation
else:
    collation = lazy_module("activities_gen.expressions.collation")

FUNCTIONS = Family("logical")


@FUNCTIONS.add("and", "first: boolean, second: boolean -> boolean", engine="boolean, *boolean -> boolean", lazy=True)
def both(*values: bool) -> bool:
    """Whether all are true. Arguments after the first false one are not evaluated. Studio takes exactly two."""
    return all(values)


@FUNCTIONS.add("or", "first: boolean, second: boolean -> boolean", engine="boolean, *boolean -> boolean", lazy=True)
def either(*values: bool) -> bool:
    """Whether one is true. Arguments after the first true one are not evaluated. Studio takes exactly two."""
    return any(values)


@FUNCTIONS.add("if", "condition: boolean, then: any, otherwise: any -> any", lazy=True)
def choose(condition: bool, then: Any, otherwise: Any) -> Any:  # noqa: FBT001 - the language's own signature
    """The second argument where the first is true, else the third. Only the chosen one is evaluated."""
    return then if condition else otherwise


@FUNCTIONS.add("not", "condition: boolean -> boolean")
def negate(value: bool) -> bool:  # noqa: FBT001 - the language's own signature
    """The opposite of a boolean; nothing else is taken for one, not ``'true'`` and not 1."""
    return not value


@FUNCTIONS.add("equals", "first: any, second: any -> boolean", engine="any, any, *any -> boolean")
def equals(left: Any, right: Any, *others: Any) -> bool:
    """Whether the values are the same: 1 is 1.0, but 1 is not ``'1'`` or true; letter case matters; arrays by content.

    The documentation shows ``equals(true, 1)`` as true; the engine says false. Inside arrays and objects 1 is not 1.0.
    """
    return _equal(left, right) and all(_equal(left, other) for other in others)


def _equal(left: Any, right: Any) -> bool:
    if type(left) is str and type(right) is str:
        return left == right
    numbers = {"Integer", "Float"}
    kinds = {kind(left), kind(right)}
    if kinds <= numbers:
        _check_integers(kinds, left, right)
        return to_float(left) == to_float(right) if "Float" in kinds else bool(left == right)
    return same(left, right)


@FUNCTIONS.add("greater", "first: number|string, second: number|string -> boolean", engine="any, any -> boolean")
def greater(left: Any, right: Any) -> bool:
    """Whether the first of two numbers, or of two strings by the order of en-US, is larger."""
    return _order(left, right) == 1


@FUNCTIONS.add(
    "greaterOrEquals", "first: number|string, second: number|string -> boolean", engine="any, any -> boolean"
)
def greater_or_equals(left: Any, right: Any) -> bool:
    """Whether the first of two numbers, or of two strings by the order of en-US, is larger or the same."""
    return _order(left, right) in (0, 1)


@FUNCTIONS.add("less", "first: number|string, second: number|string -> boolean", engine="any, any -> boolean")
def less(left: Any, right: Any) -> bool:
    """Whether the first of two numbers, or of two strings by the order of en-US, is smaller."""
    return _order(left, right) == -1


@FUNCTIONS.add("lessOrEquals", "first: number|string, second: number|string -> boolean", engine="any, any -> boolean")
def less_or_equals(left: Any, right: Any) -> bool:
    """Whether the first of two numbers, or of two strings by the order of en-US, is smaller or the same."""
    return _order(left, right) in (-1, 0)


def _check_integers(kinds: set[str], *numbers: Any) -> None:
    """Refuse to compare integers of more than 64 bits, which only JSON can bring in, as integers."""
    if "Float" not in kinds and not all(map(is_int64, numbers)):
        raise FunctionError("was given an integer of more than 64 bits")


def _order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; ``None`` if one is not a number."""
    kinds = {kind(left), kind(right)}
    if kinds == {"String"}:
        return collation.compare(left, right)
    if not kinds <= {"Integer", "Float"}:
        raise FunctionError(f"compares two numbers or two strings; it was given {kind(left)} and {kind(right)}")
    _check_integers(kinds, left, right)
    if "Float" in kinds:
        left, right = to_float(left), to_float(right)
    return None if left != left or right != right else (left > right) - (left < right)  # noqa: PLR0124 - not-a-number
