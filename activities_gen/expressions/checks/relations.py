"""Arguments that do not fit each other: comparisons that are always false or fail, and arguments in the wrong order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.expressions.checks.problem import Problem
from activities_gen.expressions.checks.types import named, types_of
from activities_gen.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.expressions.checks.scope import Scope
    from activities_gen.expressions.registry import Function
    from activities_gen.expressions.syntax import Call

Types = frozenset[str]

_NUMBERS = frozenset({"Integer", "Float"})
_TEXT = frozenset({"String"})


def check_relations(node: Call, function: Function, scope: Scope, severity: Severity) -> Problem | None:
    """What is wrong between the first two arguments of a call, ``None`` if nothing is, or their types are not known.

    Args:
        node: The call.
        function: The function that it calls.
        scope: What is known of the place where it stands.
        severity: The severity of what fails whenever the call is evaluated.
    """
    if len(node.arguments) < 2 or not function.engine.accepts(len(node.arguments)):
        return None
    first, second = (types_of(argument, scope) for argument in node.arguments[:2])
    start, end = node.arguments[0].start, node.arguments[1].end
    if _swapped(function, first, second):
        order = ", ".join(parameter.name for parameter in function.adf.parameters[: len(node.arguments)])
        message = f"The arguments of '{function.name}' stand the other way round: write {function.name}({order})."
        return Problem("ADF404", message, start, end, severity)
    judge = _JUDGES.get(function.name)
    message = judge(function.name, first, second) if judge is not None and first and second else ""
    if not message:
        return None
    return Problem("ADF404", message, start, end, Severity.WARNING if function.name == "equals" else severity)


def _swapped(function: Function, first: Types, second: Types) -> bool:
    """Whether the first argument does not fit and both would in the other order."""
    if function.name == "contains":
        return first == _TEXT and second == {"Array"}
    one, other = function.engine.parameter(0).types, function.engine.parameter(1).types
    if not first or not one or not other or first & one:
        return False
    return first <= other and (not second or (second <= one and not second & other))


def _never_equal(_name: str, first: Types, second: Types) -> str:
    """Values of unlike types are never equal; numbers are alike, and null may be meant for a missing value."""
    if _alike(first) & _alike(second) or "Null" in first | second:
        return ""
    pair = {first, second}
    advice = "Convert one of them."
    if pair == {_TEXT, frozenset({"Boolean"})}:
        advice = "Write true or false without quotes."
    elif _TEXT in pair and any(types <= _NUMBERS for types in pair):
        advice = "Write the number without quotes, or convert the other with int()."
    return f"This is always false: {named(first)} never equals {named(second)}. {advice}"


def _alike(types: Types) -> Types:
    return types | _NUMBERS if types & _NUMBERS else types


def _no_order(name: str, first: Types, second: Types) -> str:
    """Only two numbers or two strings have an order."""
    if (first & _NUMBERS and second & _NUMBERS) or (first & _TEXT and second & _TEXT):
        return ""
    mixed = first | second <= _NUMBERS | _TEXT
    advice = " Convert the string with int() or float()." if mixed else ""
    return f"The function '{name}' compares two numbers or two strings; here it has {named(first)} and {named(second)}.{advice}"


def _no_part(_name: str, first: Types, second: Types) -> str:
    """A string or an object is searched for a string."""
    if "Array" in first or "String" in second:
        return ""
    advice = " Convert it with string()." if not second & {"Null", "Array", "Object"} else ""
    return f"The function 'contains' looks in {named(first)} for a string; this is {named(second)}.{advice}"


_JUDGES: dict[str, Callable[[str, Types, Types], str]] = {
    "equals": _never_equal,
    "contains": _no_part,
    **dict.fromkeys(("greater", "greaterOrEquals", "less", "lessOrEquals"), _no_order),
}
