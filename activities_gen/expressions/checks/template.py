"""What is wrong with a string of the JSON: with the string itself, and with each part of its expressions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.checks.calls import check_call
from activities_gen.expressions.checks.names import check_reference, check_system_variable
from activities_gen.expressions.checks.problem import Problem
from activities_gen.expressions.checks.scope import Scope
from activities_gen.expressions.checks.syntax import diagnose
from activities_gen.expressions.errors import ExpressionSyntaxError, shorten
from activities_gen.expressions.functions import READERS, find
from activities_gen.expressions.parser import parse, text_of
from activities_gen.expressions.reference import read
from activities_gen.expressions.syntax import Access, Call, Literal, Whole, walk
from activities_gen.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from activities_gen.expressions.reference import Reference
    from activities_gen.expressions.syntax import Node, Template

_CALL_IN_TEXT = re.compile(r"@([A-Za-z]+)\(")
_ESCAPED_CALL = re.compile(r"@@\{([A-Za-z]+)\(")
_BLANK_BEFORE = re.compile(r"\s+@(?=[A-Za-z]+\s*\()")
_READERS = frozenset(name.lower() for name in READERS)


def check(value: str | Mapping[str, Any], scope: Scope | None = None) -> list[Problem]:
    """What is wrong with a string of the JSON, without running it.

    Args:
        value: The string as it stands in the JSON, or an ``Expression`` object.
        scope: What is known of the place where it stands; without it names are not checked.

    Returns:
        The problems in the order of their places, all that can be found. A correct string has none.
    """
    text = text_of(value)
    if text is None:
        return []
    try:
        template, found = read(text)
    except ExpressionSyntaxError as error:
        return [diagnose(error)]
    return check_tree(template, found, scope, wrapped=not isinstance(value, str))


def check_tree(
    template: Template, found: Iterable[Reference], scope: Scope | None = None, *, wrapped: bool = False
) -> list[Problem]:
    """What is wrong with a string that has been parsed.

    Args:
        template: Its tree.
        found: What it reads.
        scope: What is known of the place where it stands; without it names are not checked.
        wrapped: Whether an ``Expression`` object holds it.
    """
    escaped = [] if isinstance(template, Whole) else list(_escaped(template.text))
    if isinstance(template, Literal):
        return escaped or list(_of_literal(template, wrapped=wrapped))
    problems = [*escaped, *_of_nodes(template, scope or Scope())]
    if scope is not None:
        problems += [problem for reference in found for problem in check_reference(reference, scope)]
    return sorted(problems, key=lambda problem: (problem.start, problem.code))


def _escaped(text: str) -> Iterator[Problem]:
    """Expressions in a text that an ``@`` before them, as in ``ops@@{item()}``, makes plain."""
    for match in _ESCAPED_CALL.finditer(text):
        if _is_function(match[1]):
            name = match[1]
            message = f"'@@{{' is a plain '@{{', so '{name}(...)' is not evaluated. For an '@' before it write @{{'@'}}@{{{name}(...)}}."
            yield Problem("ADF417", message, match.start(), match.end(), Severity.WARNING)


def _of_literal(template: Literal, *, wrapped: bool) -> Iterator[Problem]:
    """A text that its author will have meant as an expression."""
    text = template.text
    if text.startswith("@@"):
        return
    blank = _BLANK_BEFORE.match(text)
    if blank is not None:
        message = "A blank stands before '@', so that this is a text and not an expression. Delete the blank."
        yield Problem("ADF406", message, 0, blank.end(), Severity.WARNING)
        return
    for match in _CALL_IN_TEXT.finditer(text):
        if _is_function(match[1]):
            message = f"'@{match[1]}(...)' inside a text is not evaluated. Write @{{{match[1]}(...)}}."
            yield Problem("ADF417", message, match.start(), match.end(), Severity.WARNING)
    if wrapped and not text.startswith("@") and _would_be_expression(text):
        message = f"An expression begins with '@'; this is a text. Write @{shorten(text)}."
        yield Problem("ADF418", message, 0, len(text), Severity.WARNING)


def _is_function(name: str) -> bool:
    return find(name) is not None or name.lower() in _READERS


def _would_be_expression(text: str) -> bool:
    """Whether a text would be a call of a known function if ``@`` stood before it."""
    match = re.match(r"([A-Za-z]+)\s*\(", text)
    if match is None or not _is_function(match[1]):
        return False
    try:
        parse("@" + text)
    except ExpressionSyntaxError:
        return False
    return True


def _is_lazy(node: Node) -> bool:
    """Whether a node is a call whose arguments may go unevaluated."""
    function = find(node.name) if isinstance(node, Call) else None
    return function is not None and function.lazy


def _of_nodes(template: Template, scope: Scope) -> Iterator[Problem]:
    """The problems of each call, each system variable and each string."""
    conditional: set[int] = set()
    for node in walk(template):
        if _is_lazy(node) or id(node) in conditional:
            conditional.update(map(id, node.children if id(node) in conditional else node.children[1:]))
        if isinstance(node, Call):
            yield from check_call(node, scope, conditional=id(node) in conditional)
        elif isinstance(node, Access):
            yield from check_system_variable(node, scope)
        elif isinstance(node.value, str) and "@{" in node.value:
            message = "'@{...}' inside a string of an expression is not evaluated. Use concat(), or interpolation for the whole."
            yield Problem("ADF417", message, node.start, node.end, Severity.WARNING)
