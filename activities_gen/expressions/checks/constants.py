"""Literal arguments with which a function fails whatever its other arguments are, found by calling it.

What is not known of a call is filled with samples. A call that fails with each of them fails with everything: for each
function the samples hold a value that fits any literal that could fit at all. Functions without samples are called
only where all arguments are literals.
"""

from __future__ import annotations

from datetime import datetime, timezone
from itertools import product
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.context import Context
from activities_gen.expressions.errors import FunctionError, NoZoneDataError
from activities_gen.expressions.functions.math import MAX_RANGE
from activities_gen.expressions.registry import COUNTS
from activities_gen.expressions.syntax import Constant
from activities_gen.expressions.values import SizeError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from activities_gen.expressions.registry import Function, Samples
    from activities_gen.expressions.syntax import Call, Node

_FIXED = Context(clock=lambda: datetime(2024, 2, 29, 12, tzinfo=timezone.utc))

_LONGEST = 100_000
"""Most characters of the string that stands for any other; of what lies beyond nothing is said."""

_MANY = range(1_000, MAX_RANGE + 1)
"""Counts of ``range`` that are right, and would take long to count to."""


def refusals(node: Call, function: Function) -> list[tuple[Node, str]]:
    """The literals of a call that make it fail whenever it is evaluated, each with why.

    It is the call itself where its literals fail only together. Nothing is found where the number of arguments is not
    what ADF documents, nor where the function would be too much work.
    """
    count = len(node.arguments)
    given = {index: item.value for index, item in enumerate(node.arguments) if isinstance(item, Constant)}
    if not given or function.lazy or not (function.adf.accepts(count) and function.engine.accepts(count)):
        return []
    if function.name == "range" and given.get(1, 0) in _MANY:
        return []
    together = _refusal(function, given, count)
    if together is None:
        return []
    found: list[tuple[Node, str]] = []
    for index, value in given.items():
        alone = _refusal(function, {index: value}, count)
        if alone is not None:
            found.append((node.arguments[index], alone))
    return found or [(node, together)]


def _refusal(function: Function, given: Mapping[int, Any], count: int) -> str | None:
    """Why a function fails with some arguments whatever the others are; ``None`` if it may work."""
    samples = _samples(function, given)
    if len(given) < count <= len(samples) or len(given) == count:
        choices = [(given[index],) if index in given else samples[index] for index in range(count)]
        return _first_if_all(_failure(function, arguments) for arguments in product(*choices))
    return None


def _first_if_all(reasons: Iterable[str | None]) -> str | None:
    """The first of the reasons if there is none missing; those behind a missing one are not asked for."""
    first = None
    for reason in reasons:
        if reason is None:
            return None
        first = first or reason
    return first


def _samples(function: Function, given: Mapping[int, Any]) -> Samples:
    """The function's samples; for ``substring`` a text that is as long as the numbers need."""
    if function.name != "substring":
        return function.samples
    wanted = sum(number for index, number in given.items() if index and isinstance(number, int) and number > 0)
    return (("x" * (wanted + 1),), COUNTS, COUNTS) if wanted < _LONGEST else ()


def _failure(function: Function, arguments: tuple[Any, ...]) -> str | None:
    """Why a function fails with these arguments; ``None`` if it does not, or where that depends on this machine."""
    try:
        function.run(*((_FIXED, *arguments) if function.needs_context else arguments))
    except (SizeError, NoZoneDataError, RecursionError):
        return None
    except FunctionError as error:
        return f"The function '{function.name}' {error.sentence}"
    return None
