"""What stands behind an operand where nothing can: an operator, parentheses, a blank in a name, text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from activities_gen.expressions.checks.problem import Problem
from activities_gen.expressions.errors import ExpressionSyntaxError, shorten
from activities_gen.expressions.parser import parse_uncached

if TYPE_CHECKING:
    from collections.abc import Callable

_EQUALS, _UNEQUAL = "equals(a, b)", "not(equals(a, b))"
OPERATORS = {
    "==": _EQUALS,
    "!=": _UNEQUAL,
    "<>": _UNEQUAL,
    "<=": "lessOrEquals(a, b)",
    ">=": "greaterOrEquals(a, b)",
    "&&": "and(a, b)",
    "||": "or(a, b)",
    "??": "coalesce(a, b)",
    "+": "add(a, b) for numbers or concat(a, b) for strings",
    "-": "sub(a, b)",
    "*": "mul(a, b)",
    "/": "div(a, b)",
    "%": "mod(a, b)",
    "=": _EQUALS,
    "<": "less(a, b)",
    ">": "greater(a, b)",
    "&": "and(a, b)",
    "|": "or(a, b)",
    "!": "not(a), or not(equals(a, b))",
}
"""Operators of other languages, the longest first, and what says the same here."""

_WORDS = {
    "and": "and(a, b)",
    "or": "or(a, b)",
    "eq": _EQUALS,
    "is": _EQUALS,
    "ne": _UNEQUAL,
    "lt": "less(a, b)",
    "le": "lessOrEquals(a, b)",
    "gt": "greater(a, b)",
    "ge": "greaterOrEquals(a, b)",
    "in": "contains(b, a)",
    "like": "contains(a, b)",
    "div": "div(a, b)",
    "mod": "mod(a, b)",
}
_OPERAND_END = re.compile(r"[\w$)\]'](\s*)\Z")
_WORD = re.compile(r"([A-Za-z]+)\s")
_OPERAND = re.compile(r"\s*(?:[\w$]+\s*\(|['0-9]|(?:true|false|null)\b)", re.IGNORECASE)
_BARE = re.compile(r"(?:^@|@\{|[(,\[])\s*[\w$]+\s+\Z")
_PROPERTY_END = re.compile(r"[.?]\s*([\w$]+)\s*\Z")
_VALUE_END = re.compile(r"(?:^@|@\{|[(,\[])\s*(true|false|null)\s*\Z", re.IGNORECASE)
_SPACED = re.compile(r"\.\s*([\w$]+[ ]+)\Z")
_CALLED = re.compile(r"[\w$]+\((?:[^()']|'[^']*')*\)(?:\??\.[\w$]+|\[[^\]]*\])*\Z")
_MORE_NAME = re.compile(r"[\w$]+(?:[ ]+[\w$]+)*(?!\s*[\w$]*\()")
_CHAIN_END = re.compile(r"[A-Za-z]\w*\([^()]*\)(?:\??\.[\w$]+|\??\[[^\[\]]*\])*\Z")
_ARGUMENT = re.compile(r"\(\s*(?:'((?:[^']|'')*)'\s*)?\)")
_TEXT = re.compile(r"[/\\:_~]\S|[/\\]\Z")
_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
_WINDOW = 200


def before(pattern: re.Pattern[str], text: str, position: int) -> re.Match[str] | None:
    """Returns what a pattern finds right before a place, not farther away than names reach."""
    return pattern.search(text, max(position - _WINDOW, 0), position)


def operator_at(text: str, position: int) -> str:
    """The operator of another language that stands at a place, empty if none does."""
    return next((symbol for symbol in OPERATORS if text.startswith(symbol, position)), "")


def _infix(_error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """An operator between two operands: ``a == b``, ``a and b``."""
    position -= text.startswith("??", position - 1)
    operand = before(_OPERAND_END, text, position)
    if operand is None or text.startswith(("//", "/*"), position):
        return None
    word = _WORD.match(text, position)
    if (
        word is not None
        and word[1].lower() in _WORDS
        and (_OPERAND.match(text, word.end()) or before(_BARE, text, position))
    ):
        return _no_operator(word[1], _WORDS[word[1].lower()], position)
    symbol = operator_at(text, position)
    following = text[position + len(symbol) : position + len(symbol) + 1]
    in_name = symbol in "-/!" or (symbol in "+*" and following.isalnum() and before(_PROPERTY_END, text, position))
    if not symbol or (in_name and not operand[1] and not following.isspace()):
        return None
    return _no_operator(symbol, OPERATORS[symbol], position)


def _no_operator(written: str, instead: str, position: int) -> Problem:
    message = f"'{written}' is not an operator of the language: write {instead}."
    return Problem("ADF413", message, position, position + len(written))


def _called_value(_error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """``null()``, ``True()``."""
    value = before(_VALUE_END, text, position)
    if value is None or text[position : position + 1] != "(":
        return None
    name = value[1].lower()
    message = f"'{name}' is a value, not a function: write {name}."
    return Problem("ADF401", message, value.start(1), position + 1)


def _called_property(_error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """``pipeline().parameters('day')``."""
    name = before(_PROPERTY_END, text, position)
    if name is None or text[position : position + 1] != "(":
        return None
    argument = _ARGUMENT.match(text, position)
    if argument is None or not argument[1]:
        message = f"'{name[1]}' is a property, not a function: delete the parentheses behind it."
    else:
        base = before(_CHAIN_END, text, position)
        key = argument[1].replace("''", "'")
        step = f".{key}" if _IDENTIFIER.fullmatch(key) else f"['{argument[1]}']"
        message = (
            f"'{name[1]}' is a property, not a function: write {shorten(base[0] if base else name[1])}{shorten(step)}."
        )
    return Problem("ADF415", message, position, argument.end() if argument else position + 1)


def _spaced_name(error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """A blank in the name of a property: ``item().my col``."""
    first = before(_SPACED, text, position)
    more = _MORE_NAME.match(text, position)
    if first is None or more is None or error.found not in ("Identifier", "Integer"):
        return None
    name = first[1] + more[0]
    base = before(_CALLED, text, first.start())
    written = f"write {shorten(base[0], 60) if base else '…'}['{name}']"
    if error.wanted == "EndOfData":
        message = f"The expression ends before '{shorten(text[position:], 30)}'. For a property with a blank in its name {written};"
        message += f" for text behind the expression write {interpolated(text, position)}."
        return Problem("ADF415", message, position, error.end)
    message = f"'{name}' is not an identifier: {written}."
    return Problem("ADF411", message, first.start(1), more.end())


def open_expression(text: str, position: int) -> str | None:
    """The expression that ends right before a place, without its ``@``; ``None`` if it is not complete there."""
    segment = text.rfind("@{", 0, position)
    start = segment + 2 if segment >= 0 else 1
    body = text[start:position].strip()
    try:
        parse_uncached("@" + body)
    except ExpressionSyntaxError:
        return None
    return body or None


def interpolated(text: str, position: int) -> str | None:
    """Returns what to write for an expression with text behind it; ``None`` if it is not complete before that text."""
    body = open_expression(text, position)
    if body is None:
        return None
    rest = text[position : text.find("}", position) if "@{" in text[:position] and "}" in text[position:] else None]
    gap = " " if text[position - 1].isspace() else ""
    return f"@{{{shorten(body)}}}{gap}{shorten(rest, 30)}"


def _text_behind(_error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """``pipeline().parameters.day/folder``: text that begins as no operand does."""
    if text.startswith(("//", "/*"), position) or _TEXT.match(text, position) is None:
        return None
    if before(_OPERAND_END, text, position) is None:
        return None
    written = interpolated(text, position)
    if written is not None:
        message = f"Text stands behind the expression: write {written}."
    elif text[position] == "/" and before(_PROPERTY_END, text, position):
        message = "'/' stands behind the expression: for text write concat(a, '/b'), to divide write div(a, b)."
    else:
        return None
    return Problem("ADF415" if written else "ADF413", message, position, position + 1)


DIAGNOSES: tuple[Callable[[ExpressionSyntaxError, str, int], Problem | None], ...] = (
    _called_value,
    _called_property,
    _infix,
    _spaced_name,
    _text_behind,
)
"""What may be wrong, in the order in which it is looked for."""
