"""Texts that their authors will have meant as expressions, and expressions inside texts that nobody evaluates."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from activities_gen.expressions.checks.problem import Problem
from activities_gen.expressions.errors import ExpressionSyntaxError, shorten
from activities_gen.expressions.functions import READERS, find
from activities_gen.expressions.parser import parse
from activities_gen.expressions.syntax import Call, Constant, Whole, chain
from activities_gen.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions.syntax import Literal, Node

_CALL_IN_TEXT = re.compile(r"@([A-Za-z]+)\(")
_ESCAPED_CALL = re.compile(r"@@\{([A-Za-z]+)\(")
_BLANK_BEFORE = re.compile(r"\s+@(?=[A-Za-z]+\s*\()")
_BRACED = re.compile(r"(?<![@])\$?\{\s*(?=[A-Za-z]+\()([^'{}]*(?:'[^']*'[^'{}]*)*)\}")
_READS = re.compile(rf"\b(?:{'|'.join(READERS)}|utcNow)\(", re.IGNORECASE)
_SWALLOWED = re.compile(r"'\s*,\s*([A-Za-z]+\(.*\)[^',]*?)\s*,\s*'", re.DOTALL)
_READERS = frozenset(name.lower() for name in READERS)


def may_be_meant(text: str) -> bool:
    """Whether a text is an expression, or may be meant as one: all others need no check."""
    return "@" in text or ("(" in text and _READS.search(text) is not None)


def is_function(name: str) -> bool:
    """Whether the language has a function of that name, one that reads the context included."""
    return find(name) is not None or name.lower() in _READERS


def parsed_call(text: str) -> Node | None:
    """The expression that a text would be with ``@`` before it: a call of a known function; ``None`` if it is none."""
    if not text[:1].isalpha() or "(" not in text:
        return None
    try:
        template = parse("@" + text)
    except ExpressionSyntaxError:
        return None
    base = chain(template.node)[0] if isinstance(template, Whole) else None
    return template.node if isinstance(template, Whole) and isinstance(base, Call) and is_function(base.name) else None


def _reads(text: str) -> bool:
    """Whether a text is an expression without its ``@``, and one that no text would be by chance."""
    return _READS.search(text) is not None and parsed_call(text.strip()) is not None


def escaped(text: str) -> Iterator[Problem]:
    """Expressions in a text that an ``@`` before them, as in ``ops@@{item()}``, makes plain."""
    for match in _ESCAPED_CALL.finditer(text):
        if is_function(match[1]):
            name = match[1]
            message = f"'@@{{' is a plain '@{{', so '{name}(...)' is not evaluated. For an '@' before it write @{{'@'}}@{{{name}(...)}}."
            yield Problem("ADF417", message, match.start(), match.end(), Severity.WARNING)


def braced(text: str) -> Iterator[Problem]:
    """``{item().name}`` and ``${item().name}``, which other languages evaluate."""
    for match in _BRACED.finditer(text):
        if _reads(match[1]):
            message = f"'{shorten(match[0])}' is plain text: write @{{{shorten(match[1].strip())}}}."
            yield Problem("ADF417", message, match.start(), match.end(), Severity.WARNING)


def of_literal(template: Literal, *, wrapped: bool) -> Iterator[Problem]:
    """Yields what is wrong with a plain text that its author will have meant as an expression."""
    text = template.text
    if text.startswith("@@"):
        yield from _doubled(text)
        return
    blank = _BLANK_BEFORE.match(text)
    if blank is not None:
        message = "A blank stands before '@', so that this is a text and not an expression. Delete the blank."
        yield Problem("ADF406", message, 0, blank.end(), Severity.WARNING)
        return
    for match in _CALL_IN_TEXT.finditer(text):
        if is_function(match[1]):
            message = f"'@{match[1]}(...)' inside a text is not evaluated. Write @{{{match[1]}(...)}}."
            yield Problem("ADF417", message, match.start(), match.end(), Severity.WARNING)
    if not text.startswith("@"):
        yield from _without_sign(text, wrapped=wrapped)
        yield from braced(text)


def _doubled(text: str) -> Iterator[Problem]:
    """``@@item().name``."""
    if _reads(text[2:]):
        message = f"'@@' at the start makes a plain text of this expression. Write {shorten(text[1:])}."
        yield Problem("ADF417", message, 0, 2, Severity.WARNING)


def _without_sign(text: str, *, wrapped: bool) -> Iterator[Problem]:
    """A whole expression whose ``@`` has been forgotten."""
    if wrapped and parsed_call(text) is not None:
        message = f"An expression begins with '@'; this is a text. Write @{shorten(text)}."
        yield Problem("ADF418", message, 0, len(text), Severity.WARNING)
    elif _reads(text):
        message = f"An expression begins with '@'; this is a text. Write @{shorten(text.strip())}."
        yield Problem("ADF417", message, 0, len(text), Severity.WARNING)


def in_string(value: str) -> str | None:
    """What is wrong with a string inside an expression: it holds what nobody evaluates; ``None`` if it does not."""
    if "@{" in value:
        return (
            "'@{...}' inside a string of an expression is not evaluated. Use concat(), or interpolation for the whole."
        )
    if (inner := swallowed(value)) is not None:
        return (
            f"'{shorten(inner)}' is part of this string and is not evaluated: '' is a quote in a string and does not end"
            " it. To end it behind a quote write three, as in concat('x = ''', y, '''')."
        )
    found = next(braced(value), None)
    return None if found is None else f"{found.message[:-1]} in a text, or use concat()."


def swallowed(value: object) -> str | None:
    """The expression that quotes which do not end a string have made a part of it, ``None`` if there is none."""
    match = _SWALLOWED.search(value) if isinstance(value, str) and "'" in value else None
    return match[1] if match is not None and parsed_call(match[1]) is not None else None


def has_swallowed(node: Call) -> bool:
    """Whether a string among the arguments of a call holds what will have been meant as another argument."""
    return any(swallowed(argument.value) for argument in node.arguments if isinstance(argument, Constant))
