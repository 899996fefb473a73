"""The strings of ARM templates: expressions in brackets, what they are where that is constant, and escapes.

After "Syntax and expressions in ARM templates" of Azure Resource Manager's documentation: a string in brackets is an
expression, a text in brackets has its first one doubled, and two quotes stand for one inside of a string.
"""

from __future__ import annotations

import re
from typing import Any

_STRING = re.compile(r"'((?:[^']|'')*)'")
_CONCAT = re.compile(r"concat\s*\(\s*('(?:[^']|'')*'(?:\s*,\s*'(?:[^']|'')*')*)\s*\)", re.IGNORECASE)
_LAST_PART = re.compile(r"/((?:[^'/]|'')+)'\s*\)\s*\]$")


def own_name(name: str) -> str:
    """Returns a resource's name without that of its factory.

    Args:
        name: A name as it stands in a template: ``factory/Load``, or ``[concat(parameters('factoryName'), '/Load')]``.

    An expression whose last part is not constant is returned as it is.
    """
    if not is_expression(name):
        return name.rsplit("/", 1)[-1]
    match = _LAST_PART.search(name)
    return match[1].replace("''", "'") if match else name


def is_expression(text: str) -> bool:
    """Whether a string of a template is an expression."""
    return text.startswith("[") and text.endswith("]") and not text.startswith("[[")


def resolved(value: Any) -> Any:
    """Returns a value of a template with its constant strings resolved; the same object if there are none.

    ``[[dbo].[visits]`` is the text ``[dbo].[visits]``, and ``[concat('a', 'b')]`` is ``ab``. Other expressions stay.
    """
    if isinstance(value, str):
        return _text(value) if value.startswith("[") and value.endswith("]") else value
    if isinstance(value, dict):
        changed = {key: resolved(member) for key, member in value.items()}
        return changed if any(changed[key] is not member for key, member in value.items()) else value
    if isinstance(value, list):
        members = [resolved(member) for member in value]
        return members if any(one is not other for one, other in zip(members, value, strict=True)) else value
    return value


def _text(text: str) -> str:
    if text.startswith("[["):
        return text[1:]
    inner = text[1:-1].strip()
    joined = _CONCAT.fullmatch(inner)
    if joined is None and _STRING.fullmatch(inner) is None:
        return text
    return "".join(match[1].replace("''", "'") for match in _STRING.finditer(joined[1] if joined else inner))


def expressions(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str, tuple[str | int, ...]]]:
    """Returns the expressions of a template that a value still holds, each with where it stands."""
    if isinstance(value, str):
        return [(value, path)] if is_expression(value) and _CALL.match(value) else []
    members = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [found for step, member in members for found in expressions(member, (*path, step))]


_CALL = re.compile(r"\[\s*[A-Za-z_][\w.]*\s*\(")
