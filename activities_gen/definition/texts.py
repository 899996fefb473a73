"""Texts of a definition that look as if an ``f`` were missing before them."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from activities_gen.definition.raised import FILE
from activities_gen.expressions import build, calls, outputs
from activities_gen.expressions.expr import Expr
from activities_gen.findings import Finding, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.definition.loader import Definition

_FIELD = re.compile(r"(?<![@{])\{([^\W\d]\w*)[^{}]*\}(?!\})")
"""What an f-string evaluates; ``@{…}`` is ADF's own, and doubled braces are none."""


def without_f(definition: Definition) -> list[Finding]:
    """A warning for each plain text that names an expression in braces, as an f-string would."""
    found = []
    for text in _plain_texts(ast.parse(definition.source)):
        for field in _FIELD.finditer(text.value):
            if _is_expression(definition.names.get(field[1])):
                message = f"'{field[0]}' stays as it is in a plain text. Put an f before the quote."
                found.append(Finding("PY109", Severity.WARNING, message, Location(FILE, text.lineno)))
    return found


def _plain_texts(tree: ast.AST) -> Iterator[Any]:
    """The literal texts that nothing fills in later: neither docstrings, parts of f-strings nor templates."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node
        elif not (isinstance(node, ast.JoinedStr) or _is_docstring(node) or _is_template(node)):
            yield from _plain_texts(node)


def _is_docstring(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _is_template(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("format", "format_map")


def _is_expression(value: Any) -> bool:
    """Whether a name stands for an expression, or for what gives one."""
    return isinstance(value, Expr) or any(value is one for one in _GIVING)


_GIVING: tuple[Any, ...] = (
    build.system,
    calls,
    build.item,
    outputs.output_of,
    build.error_of,
    build.status_of,
    build.global_parameter,
)
