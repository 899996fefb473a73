"""What is wrong with a string that is no correct expression, and what to write instead."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from activities_gen.expressions.checks import behind
from activities_gen.expressions.checks.behind import OPERATORS, before, interpolated, operator_at
from activities_gen.expressions.checks.problem import Problem
from activities_gen.expressions.errors import shorten
from activities_gen.expressions.functions import READERS, find
from activities_gen.expressions.parser import MAX_LENGTH

if TYPE_CHECKING:
    from collections.abc import Callable

    from activities_gen.expressions.errors import ExpressionSyntaxError

_READERS = {name.lower(): name for name in READERS}
_CLOSERS = {"RightParenthesis": ("parenthesis", ")"), "RightSquareBracket": ("bracket", "]")}
_CURLY_QUOTES = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e"

_PROPERTY = re.compile(r"[.?]\s*([\w$]+)\Z")
_NAME = re.compile(r"[\w$-]*")
_BARE_NAME = re.compile(r"(?:^@|@\{|[(,\[])\s*([^\W\d][\w$]*)\s*\Z")
_OPERAND = re.compile(r"(?:^@|@\{|[(,\[])\s*\Z")
_FUNCTION = re.compile(r"([\w$]+)\s*\(\s*[\w$]+\s*\Z")
_BARE_TEXT = re.compile(r"[\w$]+(?:[-:/.][\w$]+)*")
_REST = re.compile(r"(?:\??[.\[][\w$.?\[\]']*)?")


def diagnose(error: ExpressionSyntaxError) -> Problem:
    """The problem that a syntax error is, with its code, and a message that says what to write instead."""
    text, position = error.expression, error.position
    for diagnosis in _DIAGNOSES:
        problem = diagnosis(error, text, position)
        if problem is not None:
            return problem
    return Problem("ADF401", error.message, position, error.end)


def _too_long(error: ExpressionSyntaxError, _text: str, position: int) -> Problem | None:
    if error.fault != "length":
        return None
    advice = f"Split it over variables of the pipeline, or read the value from a parameter ({MAX_LENGTH} each)."
    return Problem("ADF414", f"{error.message} {advice}", position, error.end)


def _interpolation(error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """``@{`` without ``}``, or with nothing between."""
    if error.fault == "segment":
        message = error.message
        if "}" in text[position:] and text.count("'", position) % 2:
            message = "The expression that begins here with '@{' has no end, for a quote in it is not closed: add '."
        return Problem("ADF416", message, position, error.end)
    start = text[:position].rstrip()
    if error.found != "EndOfData" or not start.endswith("@{"):
        return None
    message = "There is no expression in '@{}'. Write one, or '@@{' for the text '@{'."
    return Problem("ADF416", message, len(start) - 2, position + 1)


def _nothing(error: ExpressionSyntaxError, text: str, _position: int) -> Problem | None:
    """``@`` and blanks."""
    if text[1:].strip() or error.found != "EndOfData":
        return None
    return Problem("ADF401", "There is no expression behind '@'. Write one, or '@@' for the text '@'.", 0, len(text))


def _quotes(_error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """Double quotes, and those that word processors make."""
    quote = text[position : position + 1]
    if quote != '"' and (not quote or quote not in _CURLY_QUOTES):
        return None
    close = re.compile('"' if quote == '"' else f"[{_CURLY_QUOTES}]").search(text, position + 1)
    if close is None:
        return Problem("ADF408", f"Strings stand in single quotes: write ' instead of {quote}.", position, position + 1)
    inner = text[position + 1 : close.start()]
    quoted = inner.replace("'", "''")
    message = f"Strings stand in single quotes: write '{shorten(quoted)}' instead of {quote}{shorten(inner)}{close[0]}."
    return Problem("ADF408", message, position, close.end())


def _quote_inside(error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """``'it's'``: a quote that ends the string too early."""
    if error.found != "Identifier" or text[position - 1 : position] != "'":
        return None
    message = f"The string ends before '{shorten(error.part)}'. A quote inside a string is written twice: ''."
    return Problem("ADF401", message, position - 1, error.end)


def _bare_name(_error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """A name where a value is needed: ``pipeline.parameters.x``, ``utcNow``, ``variables(v)``, ``yyyy-MM-dd``."""
    match = before(_BARE_NAME, text, position)
    if match is None or match[1].lower() in ("true", "false", "null"):
        return None
    name, start = match[1], match.start(1)
    key = name.lower()
    if key in ("variables", "activity"):
        message = f"'{name}' is a function: write {name}('name') instead of {name}.name."
        return Problem("ADF410", message, start, match.end(1))
    function = find(name)
    if key in _READERS or function is not None:
        written = function.name if function is not None else _READERS[key]
        rest = _REST.match(text, position)
        shown = shorten(rest[0] if rest else "")
        message = f"'{name}' is a function: write {written}(){shown} instead of {name}{shown}."
        return Problem("ADF410", message, start, match.end(1))
    whole = _BARE_TEXT.match(text, start)
    part = whole[0] if whole else name
    return Problem("ADF401", _bare_text(part, before(_FUNCTION, text, position)), start, start + len(part))


def _bare_text(name: str, call: re.Match[str] | None) -> str:
    """Returns what to write for a name that is no function."""
    shown = shorten(name)
    message = f"'{shown}' is neither a string nor a function: write '{shown}' in single quotes if the text is meant"
    if call is not None and call[1].lower() in ("variables", "activity"):
        return f"{message}."
    if not name.isidentifier():
        return f"{message}."
    return f"{message}, pipeline().parameters.{shown} for a parameter, or variables('{shown}') for a variable."


def _property(error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """A property whose name is no identifier, ``parameters.my-param``, or no name at all behind a dot."""
    character = text[position : position + 1]
    first = before(_PROPERTY, text, position)
    if first is not None and character and (character in "-#/+*" or character.isalnum()):
        rest = _NAME.match(text, position + 1)
        name = first[1] + character + (rest[0] if rest else "")
        message = f"'{name}' is not an identifier: write ['{name}'] instead of .{name}."
        if character in "+*/" or (character == "-" and rest and rest[0].isdigit()):
            message += f" To calculate write {OPERATORS[character]}."
        return Problem("ADF411", message, first.start(1), first.start(1) + len(name))
    if error.wanted != "Identifier" or not text[:position].rstrip().endswith("."):
        return None
    if error.found == "Integer":
        message = f"An element is selected by its index in brackets: write [{error.part}] instead of .{error.part}, or ['{error.part}'] for a property."
        return Problem("ADF411", message, position, error.end)
    message = "The name of a property is missing behind '.': write it, or delete the dot."
    return Problem("ADF401", message, position, error.end)


def _literal_collection(_error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    messages = {
        "[": "There are no array literals: write createArray(a, b), or json('[]') for an empty array.",
        "{": """There are no object literals: write json('{"key": "value"}').""",
    }
    message = messages.get(text[position : position + 1])
    return Problem("ADF409", message, position, position + 1) if message else None


def _inner_at(_error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    if text[position : position + 1] != "@":
        return None
    interpolated = text.startswith("@{", position)
    if before(_OPERAND, text, position):
        message = "Inside an expression functions stand without '@': delete it."
        if interpolated:
            message = "Inside an expression functions stand without '@{' and '}': delete them."
        return Problem("ADF412", message, position, position + 1 + interpolated)
    if interpolated and not text.startswith("@{"):
        message = "Text and '@{...}' cannot follow an expression that begins with '@': write it as '@{...}' too."
        return Problem("ADF415", message, position, position + 2)
    return Problem("ADF412", "Inside an expression functions stand without '@': delete it.", position, position + 1)


def _operator(_error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    if text.startswith(("//", "/*"), position):
        return Problem("ADF401", "Expressions have no comments: delete it.", position, position + 2)
    written = operator_at(text, position)
    if not written:
        return None
    instead = OPERATORS[written]
    if written == "-" and before(_OPERAND, text, position):
        instead = "mul(-1, a)"
    message = f"'{written}' is not an operator of the language: write {instead}."
    return Problem("ADF413", message, position, position + len(written))


def _trailing(error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """Something behind the end of an expression."""
    if error.wanted != "EndOfData":
        return None
    if text[position] in "+-":
        return _operator(error, text, position)
    rest = shorten(text[position : position + 200], 30)
    if error.found == "RightParenthesis":
        message = "There is no '(' for this ')': delete it, or add what it closes."
    elif error.found == "Identifier" and text[position - 1] in ")]":
        message = f"The expression ends before '{rest}'. Put a dot before a property's name: .{error.part}."
    else:
        written = interpolated(text, position)
        shown = f": {written}" if written else ""
        message = (
            f"The expression ends before '{rest}'. For text behind it write @{{...}} around the expression{shown}."
        )
    return Problem("ADF415", message, position, error.end)


def _separator(error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    """Returns what is missing between the arguments of a call, or is too much there."""
    if text[position : position + 1] == ";":
        return Problem("ADF401", "Arguments are separated by commas: write ',' instead of ';'.", position, position + 1)
    if error.wanted == "RightParenthesis" and error.found in ("Identifier", "Literal", "Integer", "Float"):
        return Problem("ADF401", f"A comma is missing before {shorten(error.part)}.", position, error.end)
    if error.wanted == "Identifier" and error.found in ("Comma", "RightParenthesis"):
        message = "An argument is missing here: write it, or delete the comma."
        return Problem("ADF401", message, position, error.end)
    if error.wanted == "Identifier" and error.found == "LeftParenthesis":
        message = "There are no parentheses but those of functions: delete them."
        return Problem("ADF401", message, position, error.end)
    return None


def _unclosed(error: ExpressionSyntaxError, _text: str, position: int) -> Problem | None:
    """A parenthesis or bracket that is open at the end."""
    if error.found != "EndOfData":
        return None
    if error.wanted in _CLOSERS:
        noun, closer = _CLOSERS[error.wanted]
        return Problem("ADF401", f"A {noun} is not closed: add '{closer}'.", position, error.end)
    if error.wanted == "Identifier":
        return Problem("ADF401", "The expression ends where an argument is missing.", position, error.end)
    return None


def _leading_dot(_error: ExpressionSyntaxError, text: str, position: int) -> Problem | None:
    number = re.compile(r"\.[0-9]+").match(text, position)
    if number is None:
        return None
    message = f"Numbers begin with a digit: write 0{number[0]} instead of {number[0]}."
    return Problem("ADF401", message, position, number.end())


_DIAGNOSES: tuple[Callable[[ExpressionSyntaxError, str, int], Problem | None], ...] = (
    _too_long,
    _interpolation,
    _nothing,
    _quotes,
    _quote_inside,
    *behind.DIAGNOSES,
    _bare_name,
    _property,
    _trailing,
    _inner_at,
    _literal_collection,
    _leading_dot,
    _operator,
    _separator,
    _unclosed,
)
