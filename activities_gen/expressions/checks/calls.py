"""What is wrong with one function call: its name, the number of its arguments, and arguments that can never fit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.expressions.checks.constants import refusals
from activities_gen.expressions.checks.date_formats import format_traps
from activities_gen.expressions.checks.problem import Problem
from activities_gen.expressions.checks.relations import check_relations
from activities_gen.expressions.checks.texts import has_swallowed
from activities_gen.expressions.checks.types import named, types_of
from activities_gen.expressions.functions import NAMED_READERS, READERS, find
from activities_gen.expressions.syntax import Access, Constant, literal
from activities_gen.expressions.unknown_functions import ENGINE_ONLY, is_data_flow_function, unknown_function
from activities_gen.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions.checks.scope import Scope
    from activities_gen.expressions.registry import Function
    from activities_gen.expressions.syntax import Call

_READERS = {name.lower(): name for name in READERS}


def check_call(node: Call, scope: Scope, *, conditional: bool = False) -> Iterator[Problem]:
    """Yields what is wrong with a call, apart from what is wrong inside its arguments.

    Args:
        node: The call.
        scope: What is known of the place where it stands.
        conditional: Whether it may go unevaluated, as the branches of ``if`` do; a value that makes it fail is then but
            a warning, for some let a run fail so on purpose.
    """
    reader = _READERS.get(node.name.lower())
    function = find(node.name)
    if reader is not None:
        yield from _reader(node, reader, scope)
    elif function is None:
        code = "ADF407" if is_data_flow_function(node.name) else "ADF402"
        # Whether the service runs what Logic Apps has is not known; Studio alone is sure to complain.
        argument = literal(node.arguments[0]) if node.arguments else None
        severity = Severity.WARNING if node.name.lower() in ENGINE_ONLY else Severity.ERROR
        yield Problem(code, unknown_function(node.name, argument), node.start, node.start + len(node.name), severity)
    else:
        yield from _count(node, function)
        yield from _arguments(node, function, scope, Severity.WARNING if conditional else Severity.ERROR)


def _reader(node: Call, name: str, scope: Scope) -> Iterator[Problem]:
    """The arguments of ``pipeline()``, ``variables('v')`` and their like."""
    count = len(node.arguments)
    if name not in NAMED_READERS:
        if count:
            message = f"The function '{name}' takes no arguments; it has {count}. Write {name}()."
            yield Problem("ADF403", message, node.start, node.end)
    elif count != 1:
        message = f"The function '{name}' takes exactly 1 argument; it has {count}. Write {name}('name')."
        yield Problem("ADF403", message, node.start, node.end)
    else:
        types = types_of(node.arguments[0], scope)
        if types and "String" not in types:
            message = f"The function '{name}' needs a name in single quotes here; this is {named(types)}."
            yield Problem("ADF404", message, node.arguments[0].start, node.arguments[0].end)


def _count(node: Call, function: Function) -> Iterator[Problem]:
    """The number of arguments: an error where the engine fails, a warning where Studio alone complains."""
    count = len(node.arguments)
    if not function.engine.accepts(count):
        hint = " Write json('[]') for an empty array." if function.name == "createArray" else ""
        message = f"The function '{function.name}' takes {function.adf.arity}; it has {count}.{hint}"
        yield Problem("ADF403", message, node.start, node.end)
    elif not function.adf.accepts(count) and not has_swallowed(node):
        hint = (
            f" Nest them: {function.name}(a, {function.name}(b, c))."
            if function.name in ("and", "or") and count > 2
            else ""
        )
        message = f"The function '{function.name}' takes {function.adf.arity}; it has {count}, which Studio marks and a run accepts.{hint}"
        yield Problem("ADF403", message, node.start, node.end, Severity.WARNING)


def _arguments(node: Call, function: Function, scope: Scope, severity: Severity) -> Iterator[Problem]:
    """Arguments that can never fit, by their type or by their value, and date formats that mean something else."""
    relation = check_relations(node, function, scope, severity)
    found = [relation] if relation is not None else list(_types(node, function, scope))
    if all(problem.severity is Severity.NOTE for problem in found):
        found += [Problem("ADF404", why, place.start, place.end, severity) for place, why in refusals(node, function)]
    yield from found
    index = function.format_argument
    argument = node.arguments[index] if index is not None and index < len(node.arguments) else None
    if isinstance(argument, Constant) and isinstance(argument.value, str):
        for message in format_traps(argument.value):
            yield Problem("ADF405", message, argument.start, argument.end, Severity.WARNING)


def _types(node: Call, function: Function, scope: Scope) -> Iterator[Problem]:
    """Arguments whose type can never fit."""
    if not function.engine.parameters:
        return
    for index, argument in enumerate(node.arguments):
        types = types_of(argument, scope)
        wanted, studio = function.engine.parameter(index).types, function.adf.parameter(index).types
        if types and wanted and not types & wanted:
            message = f"The function '{function.name}' needs {named(wanted)} here; this is {named(types)}.{_convert(wanted, types)}"
            # A parameter that is declared as an object may be given an array all the same.
            loose = types == {"Object"} and isinstance(argument, Access)
            yield Problem(
                "ADF404", message, argument.start, argument.end, Severity.WARNING if loose else Severity.ERROR
            )
        elif types and studio and not types & studio:
            message = (
                f"Studio wants {named(studio)} here in '{function.name}' and marks {named(types)}; a run accepts it."
            )
            yield Problem("ADF404", message, argument.start, argument.end, Severity.NOTE)


def _convert(wanted: frozenset[str], types: frozenset[str]) -> str:
    """How to convert, where one function does it."""
    if wanted == {"String"} and not types & {"Null"}:
        return " Convert it with string()."
    if wanted <= {"Integer", "Float"} and types == {"String"}:
        return " Convert it with int()." if wanted == {"Integer"} else " Convert it with int() or float()."
    if wanted == {"Boolean"} and types <= {"String", "Integer", "Float"}:
        return " Compare it with equals(), or convert it with bool()."
    return ""
