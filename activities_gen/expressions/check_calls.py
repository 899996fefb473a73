"""Static checks of one function call: its name, its arguments, and literals in them that can never work."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from activities_gen.expressions.context import Context
from activities_gen.expressions.date_format import is_format
from activities_gen.expressions.errors import ExpressionError, FunctionError
from activities_gen.expressions.evaluator import run
from activities_gen.expressions.functions import LAZY, READERS, find
from activities_gen.expressions.problem import Problem
from activities_gen.expressions.program import compile_node
from activities_gen.expressions.static_types import types_of
from activities_gen.expressions.syntax import Constant
from activities_gen.expressions.unknown import ENGINE_ONLY, is_data_flow_function, unknown_function
from activities_gen.findings import Severity, suggestion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from activities_gen.expressions.registry import Function
    from activities_gen.expressions.static_types import Scope
    from activities_gen.expressions.syntax import Call

FORMAT_ARGUMENT: dict[str, int] = {
    "utcnow": 0,
    **dict.fromkeys(("formatdatetime", "startofday", "startofhour", "startofmonth"), 1),
    **dict.fromkeys(("adddays", "addhours", "addminutes", "addseconds", "getfuturetime", "getpasttime"), 2),
    **dict.fromkeys(("convertfromutc", "converttoutc"), 2),
    **dict.fromkeys(("addtotime", "subtractfromtime", "converttimezone"), 3),
}
"""The functions with a date format, and which argument it is."""

_UNIT_ARGUMENT = {"addtotime": 2, "subtractfromtime": 2, "getfuturetime": 1, "getpasttime": 1}
_ZONE_ARGUMENTS = {"convertfromutc": (1,), "converttoutc": (1,), "converttimezone": (1, 2)}
_FIXED = Context(clock=lambda: datetime(2024, 2, 29, 12, tzinfo=timezone.utc))
_RANDOM = frozenset({"rand", "guid"})
_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"|\\.")


def check_call(node: Call, text: str, scope: Scope) -> Iterator[Problem]:
    """What is wrong with a call, apart from what is wrong inside its arguments."""
    if node.name.lower() in {name.lower() for name in READERS}:
        yield from _case(node, next(name for name in READERS if name.lower() == node.name.lower()))
        return
    function = find(node.name)
    end = node.start + len(node.name)
    if function is None:
        code = "ADF407" if is_data_flow_function(node.name) else "ADF402"
        # Whether the service runs what Logic Apps has is not known; Studio alone is sure to complain.
        severity = Severity.WARNING if node.name.lower() in ENGINE_ONLY else Severity.ERROR
        yield Problem(code, unknown_function(node.name), node.start, end, severity)
        return
    yield from _case(node, function.name)
    yield from _count(node, function)
    found = list(_types(node, function, scope)) or list(_literals(node))
    yield from found
    if not found:
        yield from _constant(node, function, text)


def _case(node: Call, name: str) -> Iterator[Problem]:
    if node.name != name:
        message = f"The function is written '{name}'; Studio marks '{node.name}'."
        yield Problem("ADF428", message, node.start, node.start + len(node.name), Severity.NOTE)


def _count(node: Call, function: Function) -> Iterator[Problem]:
    """The number of arguments: an error where the engine fails, a warning where Studio alone complains."""
    count = len(node.arguments)
    if not function.engine.accepts(count):
        hint = " Write json('[]') for an empty array." if function.name == "createArray" else ""
        message = f"The function '{function.name}' takes {function.adf.arity}; it has {count}.{hint}"
        yield Problem("ADF403", message, node.start, node.end)
    elif not function.adf.accepts(count):
        message = (
            f"Studio allows '{function.name}' {function.adf.arity}; it has {count}, which works only when it runs."
        )
        if function.name in ("and", "or"):
            message += f" Nest them: {function.name}(a, {function.name}(b, c))."
        yield Problem("ADF403", message, node.start, node.end, Severity.WARNING)


def _types(node: Call, function: Function, scope: Scope) -> Iterator[Problem]:
    """Arguments whose type can never fit."""
    if not function.engine.parameters:
        return
    for index, argument in enumerate(node.arguments):
        types = types_of(argument, scope)
        wanted, studio = function.engine.parameter(index), function.adf.parameter(index)
        if not types or not (wanted.types or studio.types):
            continue
        shown = " or ".join(sorted(types))
        if wanted.types and not types & wanted.types:
            message = f"The function '{function.name}' needs {wanted.shown} here; this is {shown}.{_convert(wanted.types, types)}"
            yield Problem("ADF404", message, argument.start, argument.end)
        elif studio.types and not types & studio.types:
            message = f"Studio wants {studio.shown} here in '{function.name}'; this is {shown}, which works only when it runs."
            yield Problem("ADF404", message, argument.start, argument.end, Severity.NOTE)


def _convert(wanted: frozenset[str], types: frozenset[str]) -> str:
    """How to convert, where one function does it."""
    if wanted == {"String"} and not types & {"Null"}:
        return " Convert it with string()."
    if wanted <= {"Integer", "Float"} and types == {"String"}:
        return " Convert it with int() or float()."
    if wanted == {"Boolean"} and types <= {"String", "Integer", "Float"}:
        return " Compare it with equals(), or convert it with bool()."
    return ""


def _literals(node: Call) -> Iterator[Problem]:
    """Formats, units and time zones that are written as literals."""
    name = node.name.lower()
    places: dict[int, Callable[[Constant, str], Iterator[Problem]]] = dict.fromkeys(
        _ZONE_ARGUMENTS.get(name, ()), _zone
    )
    if name in FORMAT_ARGUMENT:
        places[FORMAT_ARGUMENT[name]] = _format
    if name in _UNIT_ARGUMENT:
        places[_UNIT_ARGUMENT[name]] = _unit
    for index, checker in places.items():
        argument = node.arguments[index] if index < len(node.arguments) else None
        if isinstance(argument, Constant) and isinstance(argument.value, str):
            yield from checker(argument, argument.value)


def _format(argument: Constant, pattern: str) -> Iterator[Problem]:
    """A date format that .NET refuses, or that means something else than was meant."""
    if not is_format(pattern):
        single = f" A single letter needs a percent sign: '%{pattern}'." if pattern in "hHKstzfF" and pattern else ""
        yield Problem("ADF404", f"'{pattern}' is not a date format of .NET.{single}", argument.start, argument.end)
        return
    if len(pattern) > 1:
        for message in format_traps(pattern):
            yield Problem("ADF405", message, argument.start, argument.end, Severity.WARNING)


def format_traps(pattern: str) -> list[str]:
    """What in a date format is text or another field than its author will have meant."""
    bare = _QUOTED.sub(" ", pattern)
    traps = [
        f"'{wrong}' is text in a date format, not the {what}: write '{right}'."
        for wrong, right, what in (("YYYY", "yyyy", "year"), ("DD", "dd", "day"), ("SS", "ss", "second"))
        if wrong in bare
    ]
    if "YYYY" not in bare and re.search(r"(?<!Y)YY(?!Y)", bare):
        traps.append("'YY' is text in a date format, not the year: write 'yy'.")
    if re.search(r"[yY][-/._ ]?mm(?!m)|(?<!m)mm[-/._ ]?[dD]", bare) and "MM" not in bare:
        traps.append("'mm' is the minute, not the month: write 'MM'.")
    if re.search(r"[hH][:.]?MM", bare):
        traps.append("'MM' is the month, not the minute: write 'mm'.")
    if re.search(r"(?<!h)hh?(?!h)", bare) and "t" not in bare and "H" not in bare:
        traps.append("'hh' is the hour from 1 to 12: write 'HH', or add 'tt' for AM and PM.")
    return traps


def _unit(argument: Constant, unit: str) -> Iterator[Problem]:
    from activities_gen.expressions.functions.date import UNITS  # noqa: PLC0415 - only when a date function is used

    if unit.strip().lower() not in {name.lower() for name in UNITS}:
        message = f"'{unit}' is not a unit of time; it is one of {', '.join(UNITS)}.{suggestion(unit, UNITS)}"
        yield Problem("ADF404", message, argument.start, argument.end)


def _zone(argument: Constant, zone: str) -> Iterator[Problem]:
    from activities_gen.expressions.zones import find_zone  # noqa: PLC0415 - time zones, only when one is used

    try:
        find_zone(zone)
    except FunctionError as error:
        yield Problem("ADF404", f"The function {error}.", argument.start, argument.end)


def _constant(node: Call, function: Function, text: str) -> Iterator[Problem]:
    """A call with literals alone that fails whenever it runs."""
    literal = all(isinstance(argument, Constant) for argument in node.arguments)
    if not literal or not node.arguments or function.name.lower() in LAZY | _RANDOM:
        return
    if not function.engine.accepts(len(node.arguments)):
        return
    try:
        run(compile_node(node), _FIXED, text)
    except ExpressionError as error:
        yield Problem("ADF404", error.message, node.start, node.end)
