"""What is wrong with a string of the JSON: with the string itself, and with each part of its expressions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.expressions.checks.calls import check_call
from activities_gen.expressions.checks.names import check_reference, check_system_variable
from activities_gen.expressions.checks.problem import Problem
from activities_gen.expressions.checks.scope import Scope
from activities_gen.expressions.checks.syntax import diagnose
from activities_gen.expressions.checks.texts import braced, escaped, in_string, of_literal
from activities_gen.expressions.checks.types import named, types_of
from activities_gen.expressions.errors import ExpressionSyntaxError
from activities_gen.expressions.functions import find
from activities_gen.expressions.parser import text_of
from activities_gen.expressions.reference import read
from activities_gen.expressions.syntax import Access, Call, Interpolation, Literal, Whole, walk
from activities_gen.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from activities_gen.expressions.reference import Reference
    from activities_gen.expressions.syntax import Node, Template


def check(value: str | Mapping[str, Any], scope: Scope | None = None) -> list[Problem]:
    """Returns what is wrong with a string of the JSON, without running it.

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
    """Returns what is wrong with a string that has been parsed.

    Args:
        template: Its tree.
        found: What it reads.
        scope: What is known of the place where it stands; without it names are not checked.
        wrapped: Whether an ``Expression`` object holds it.
    """
    plain = [] if isinstance(template, Whole) else list(escaped(template.text))
    if isinstance(template, Literal):
        return plain or list(of_literal(template, wrapped=wrapped))
    problems = [*plain, *_of_nodes(template, scope or Scope())]
    if isinstance(template, Interpolation):
        problems += [*_outside(template), *_inserted(template, scope or Scope())]
    if scope is not None:
        problems += [problem for reference in found for problem in check_reference(reference, scope)]
    return sorted(problems, key=lambda problem: (problem.start, problem.code))


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
        elif isinstance(node.value, str) and (message := in_string(node.value)) is not None:
            yield Problem("ADF417", message, node.start, node.end, Severity.WARNING)


def _outside(template: Interpolation) -> Iterator[Problem]:
    """Braces in the text around the expressions."""
    places = [(node.start, node.end) for node in template.parts if not isinstance(node, str)]
    for problem in braced(template.text):
        if not any(start < problem.end and problem.start < end for start, end in places):
            yield problem


def _inserted(template: Interpolation, scope: Scope) -> Iterator[Problem]:
    """Objects and arrays that become JSON in a text that is neither JSON nor takes it in quotes."""
    if len(template.parts) < 2 or template.text.lstrip()[:1] in ("{", "[", "<"):
        return
    for node in template.parts:
        if isinstance(node, str) or (isinstance(node, Call) and node.name.lower() != "variables"):
            continue
        types = types_of(node, scope)
        before = template.text[: node.start].rstrip().removesuffix("@{")[-1:]
        if types and types <= {"Object", "Array"} and before not in ("'", '"'):
            message = f"In a text {named(types)} becomes its JSON. Write a property or an element of it, or put quotes around it."
            yield Problem("ADF404", message, node.start, node.end, Severity.WARNING)
