"""Evaluate one expression as Azure Data Factory does, and print its value as JSON."""

from __future__ import annotations

import json
import sys
import unicodedata
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities_gen.cli import UsageError
from activities_gen.expressions import (
    MISSING,
    Context,
    EvaluationError,
    ExpressionError,
    check,
    evaluate,
    is_expression,
)
from activities_gen.expressions.errors import shorten
from activities_gen.expressions.values import to_json
from activities_gen.findings import Severity, suggestion

if TYPE_CHECKING:
    import argparse

    from activities_gen.expressions.syntax import Node

SUMMARY = "evaluate an ADF expression"

_EPILOG = """\
The file of --context is an object; each key may be left out:
  parameters, globalParameters, variables, system, dataset, linkedService, trigger, triggerBody: objects with names
  activities: {"Name": {"output": ..., "status": "Succeeded", "error": null}}
  item: what item() is
  now: the time of utcNow(), as in "2026-01-31T13:45:00Z"

Exit status: 0 with the value on standard output, 1 if the expression is wrong or has no value, 2 for wrong usage.
"""
_KEYS = {
    "parameters": "parameters",
    "globalParameters": "global_parameters",
    "variables": "variables",
    "activities": "activities",
    "item": "item",
    "system": "system",
    "dataset": "dataset",
    "linkedService": "linked_service",
    "trigger": "trigger",
    "triggerBody": "trigger_body",
    "now": "clock",
}
_WIDTH = 100


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.epilog = _EPILOG
    parser.add_argument("expression", metavar="EXPRESSION", help="the string as it stands in the JSON, with its '@'")
    source = parser.add_mutually_exclusive_group()
    source.add_argument(
        "--parameters",
        metavar="NAME=VALUE",
        nargs="+",
        default=[],
        help="the pipeline's parameters; a value that is JSON is taken as such, everything else as a string",
    )
    source.add_argument("--context", metavar="FILE", help="a JSON file with everything the expression can read")
    parser.add_argument("--explain", action="store_true", help="show the value of each part of the expression first")


def run(arguments: argparse.Namespace) -> int:
    """Evaluate the expression, and print its value or what is wrong."""
    context = read_context(arguments.context) if arguments.context else Context(**_parameters(arguments.parameters))
    steps: list[tuple[Node, Any]] = []
    trace = (lambda node, value: steps.append((node, value))) if arguments.explain else None
    try:
        value = evaluate(arguments.expression, context, trace=trace)
    except ExpressionError as error:
        _print_steps(steps, arguments.expression)
        print(_complaint(error, arguments.expression), file=sys.stderr)
        return 1
    _print_steps(steps, arguments.expression)
    print(to_json(value))
    if not is_expression(arguments.expression) and not arguments.expression.startswith("@"):
        print("warning: ADF takes this as a plain text: an expression begins with '@'.", file=sys.stderr)
    for problem in check(arguments.expression):
        if problem.severity is not Severity.NOTE:
            print(f"{problem.severity.value}: {problem.code} {problem.message}", file=sys.stderr)
    return 0


def _parameters(pairs: list[str]) -> dict[str, Any]:
    """The parameters of ``name=value`` pairs."""
    parameters: dict[str, Any] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or not name:
            raise UsageError(f"'{pair}' is not of the form NAME=VALUE; the expression stands before --parameters")
        parameters[name] = _json_or_text(text)
    return {"parameters": parameters}


def _json_or_text(text: str) -> Any:
    """The value of JSON; any other text as it is, also ``NaN`` and ``Infinity``, which Python alone takes for JSON."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return text


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def read_context(path: str) -> Context:
    """The context that a JSON file describes.

    Raises:
        UsageError: The file cannot be read, or is of another form.
    """
    try:
        content = json.loads(Path(path).read_text("utf-8-sig"), parse_constant=_no_constant)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}") from None
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not valid JSON: {error}") from None
    if not isinstance(content, dict):
        raise UsageError(f"{path}: expected an object with the keys {', '.join(_KEYS)}")
    fields: dict[str, Any] = {"item": MISSING}
    for key, value in content.items():
        if key not in _KEYS:
            raise UsageError(f"{path}: '{key}' is not a key of a context.{suggestion(key, _KEYS)}")
        if key not in ("item", "now") and not isinstance(value, dict):
            raise UsageError(f"{path}: '{key}' must be an object")
        fields[_KEYS[key]] = value if key != "now" else _clock(value, path)
    return Context(**fields)


def _clock(text: Any, path: str) -> Any:
    """A clock that stands still."""
    try:
        moment = datetime.fromisoformat(str(text).replace("Z", "+00:00"))
    except ValueError:
        raise UsageError(f"{path}: 'now' must be a time such as 2026-01-31T13:45:00Z") from None
    aware = moment if moment.tzinfo else moment.replace(tzinfo=timezone.utc)
    return lambda: aware


def _print_steps(steps: list[tuple[Node, Any]], text: str) -> None:
    """Each part of the expression and its value, inner ones first; literals are left out."""
    lines = [(shorten(text[node.start : node.end]), shorten(to_json(value), _WIDTH)) for node, value in steps]
    width = max((len(part) for part, _ in lines), default=0)
    for part, value in lines:
        print(f"{part:<{width}}  =  {value}")


def _complaint(error: ExpressionError, text: str) -> str:
    """The message, and the line of the expression with a caret under the place.

    A syntax error is told as the static check tells it, which says what to write instead.
    """
    message, start, end = error.message, error.position, error.end
    for problem in [] if isinstance(error, EvaluationError) else check(text):
        message, start, end = problem.message, problem.start, problem.end
    begin = text.rfind("\n", 0, start) + 1
    line = "".join(character if character.isprintable() else " " for character in text[begin:].split("\n", 1)[0])
    column = start - begin
    offset = max(column - _WIDTH * 3 // 4, 0)
    shown = line[offset : offset + _WIDTH]
    marked = line[column : min(end - begin, offset + _WIDTH)]
    marks = "^" + "~" * (_columns(marked) - 1)
    return f"error: {message}\n  {shown}\n  {' ' * _columns(line[offset:column])}{marks}"


def _columns(text: str) -> int:
    """How many columns of a terminal a text takes: two for a wide character, none for an accent."""
    return sum(
        0 if unicodedata.combining(character) else 1 + (unicodedata.east_asian_width(character) in "WF")
        for character in text
    )
