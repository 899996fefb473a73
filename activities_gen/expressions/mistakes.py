"""What is wrong with a string that is no correct expression, and what to write instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from activities_gen.expressions.functions import READERS
from activities_gen.expressions.parser import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.expressions.errors import ExpressionSyntaxError

_READER_NAMES = {name.lower() for name in READERS}
_OPERATORS = {
    "+": "add(a, b) for numbers or concat(a, b) for strings",
    "-": "sub(a, b)",
    "*": "mul(a, b)",
    "/": "div(a, b)",
    "%": "mod(a, b)",
    "=": "equals(a, b)",
    "<": "less(a, b)",
    ">": "greater(a, b)",
    "&": "and(a, b)",
    "|": "or(a, b)",
    "!": "not(a), or not(equals(a, b))",
}
_WINDOW = 200
"""How far before a mistake its cause is looked for; longer names are no names."""

_PROPERTY = re.compile(r"[.?]\s*([\w$]+)\Z")
_NAME = re.compile(r"[\w$-]*")
_BARE_NAME = re.compile(r"([\w$]+)\s*[(]\s*([\w$ -]+?)\s*\Z")

Verdict = tuple[str, str]
"""A code and a message."""


def diagnose(error: ExpressionSyntaxError) -> Verdict:
    """The code of a syntax error, and a message that says what to write instead."""
    for diagnosis in _DIAGNOSES:
        verdict = diagnosis(error, error.expression, error.position)
        if verdict is not None:
            return verdict
    return "ADF401", error.message


def _too_long(error: ExpressionSyntaxError, _text: str, _position: int) -> Verdict | None:
    if "ADF takes at most" not in error.message:
        return None
    return (
        "ADF414",
        f"{error.message} Split it over variables of the pipeline, or read the value from a parameter ({MAX_LENGTH} each).",
    )


def _double_quotes(_error: ExpressionSyntaxError, text: str, position: int) -> Verdict | None:
    if text[position : position + 1] != '"':
        return None
    end = text.find('"', position + 1)
    inner = text[position + 1 : end] if end > 0 else "text"
    quoted = inner.replace("'", "''")
    return "ADF408", f"Strings stand in single quotes: write '{quoted}' instead of \"{inner}\"."


def _needs_brackets(_error: ExpressionSyntaxError, text: str, position: int) -> Verdict | None:
    """A property whose name is no identifier: ``parameters.my-param``."""
    before = _PROPERTY.search(text, max(position - _WINDOW, 0), position)
    if before is None or (
        text[position : position + 1] not in ("-", "#", "/", "*", "+", *"0123456789")
        and not text[position : position + 1].isalnum()
    ):
        return None
    rest = _NAME.match(text, position + 1)
    name = before[1] + text[position] + (rest[0] if rest else "")
    return "ADF411", f"'{name}' is not an identifier: write ['{name}'] instead of .{name}."


def _missing_call(error: ExpressionSyntaxError, text: str, position: int) -> Verdict | None:
    """``pipeline.parameters.x`` without parentheses."""
    before = re.search(r"([\w$]+)\s*\Z", text[max(position - _WINDOW, 0) : position])
    if text[position : position + 1] not in (".", "[", "?") or before is None or before[1].lower() not in _READER_NAMES:
        return None
    name = before[1]
    if name.lower() in ("variables", "activity"):
        return "ADF410", f"'{name}' is a function: write {name}('name') instead of {name}.name."
    rest = text[position : error.end + 20].split("}", maxsplit=1)[0].split(",", maxsplit=1)[0].split(")", maxsplit=1)[0]
    return "ADF410", f"'{name}' is a function: write {name}(){rest[:40]} instead of {name}{rest[:40]}."


def _bare_argument(_error: ExpressionSyntaxError, text: str, position: int) -> Verdict | None:
    """``variables(v)``: a name where a string is needed."""
    match = _BARE_NAME.search(text, max(position - _WINDOW, 0), position)
    if match is None or text[position : position + 1] not in (")", ","):
        return None
    function, name = match.groups()
    return "ADF401", f"'{name}' is neither a string nor a function: write {function}('{name}') if the text is meant."


def _literal_collection(_error: ExpressionSyntaxError, text: str, position: int) -> Verdict | None:
    character = text[position : position + 1]
    if character == "[":
        return "ADF409", "There are no array literals: write createArray(a, b), or json('[]') for an empty array."
    if character == "{":
        return "ADF409", """There are no object literals: write json('{"key": "value"}')."""
    return None


def _inner_at(_error: ExpressionSyntaxError, text: str, position: int) -> Verdict | None:
    if text[position : position + 1] != "@":
        return None
    if text[:1] == "@" and not text.startswith("@{") and text[position : position + 2] == "@{":
        return "ADF415", "Text and '@{...}' cannot follow an expression that begins with '@': write it as '@{...}' too."
    return "ADF412", "Inside an expression functions stand without '@': delete it."


def _operator(_error: ExpressionSyntaxError, text: str, position: int) -> Verdict | None:
    character = text[position : position + 1]
    if character not in _OPERATORS:
        return None
    return "ADF413", f"'{character}' is not an operator of the language: write {_OPERATORS[character]}."


def _trailing(error: ExpressionSyntaxError, text: str, position: int) -> Verdict | None:
    if not error.message.startswith("Expected the end"):
        return None
    if text[position] in "+-":
        return "ADF413", f"'{text[position]}' is not an operator of the language: write {_OPERATORS[text[position]]}."
    rest = text[position:][:30]
    return (
        "ADF415",
        f"The expression ends before '{rest}'. Write @{{...}} around it if text follows; check the parentheses if not.",
    )


def _interpolation(error: ExpressionSyntaxError, text: str, position: int) -> Verdict | None:
    if text[max(position - 2, 0) : position] == "@{" and text[position : position + 1] in ("}", " "):
        return "ADF416", "There is no expression in '@{}'. Write one, or '@@{' for the text '@{'."
    return ("ADF416", error.message) if "has no '}'" in error.message else None


def _parenthesis(error: ExpressionSyntaxError, _text: str, _position: int) -> Verdict | None:
    if not error.message.startswith("Expected ')', but found the end"):
        return None
    return "ADF401", "A parenthesis is not closed: add ')'."


def _leading_dot(_error: ExpressionSyntaxError, text: str, position: int) -> Verdict | None:
    number = re.compile(r"\.[0-9]+").match(text, position)
    return ("ADF401", f"Numbers begin with a digit: write 0{number[0]} instead of {number[0]}.") if number else None


def _single_quotes(error: ExpressionSyntaxError, _text: str, _position: int) -> Verdict | None:
    return ("ADF401", error.message) if "no closing quote" in error.message else None


_DIAGNOSES: tuple[Callable[[ExpressionSyntaxError, str, int], Verdict | None], ...] = (
    _too_long,
    _single_quotes,
    _interpolation,
    _double_quotes,
    _missing_call,
    _needs_brackets,
    _bare_argument,
    _trailing,
    _inner_at,
    _literal_collection,
    _leading_dot,
    _operator,
    _parenthesis,
)
