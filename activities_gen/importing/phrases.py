"""Expressions of imported JSON as Python: references to parameters, variables and activities, and calls of functions.

Python is written only where it means exactly the text that was read, blanks and letter case included: each expression
is built here by the very functions that the module will call, and compared.
"""

from __future__ import annotations

import keyword
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from activities_gen.expressions import build, calls, outputs
from activities_gen.expressions.errors import ExpressionError
from activities_gen.expressions.expr import Expr
from activities_gen.expressions.parser import parse
from activities_gen.expressions.syntax import Access, Call, Constant, Interpolation, Whole
from activities_gen.importing.codegen.printer import Atom, Bracketed, Node, Text, call
from activities_gen.importing.codegen.text import Field, constant, literal

if TYPE_CHECKING:
    from activities_gen.expressions.syntax import Node as Syntax
    from activities_gen.importing.codegen.models import Vocabulary

_ATTRIBUTE = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_METHODS = frozenset({"optional", "value"})
"""Names that an expression has of its own; a property of such a name stands in brackets."""

_STRING = re.compile(r'"([A-Za-z0-9_ ./-]*)"')
_SAFE_FIELD = re.compile(r"[A-Za-z0-9_.()\[\]', /-]+")
_SYSTEM = {
    str(value).rsplit(".", 1)[1]: name for name, value in vars(type(build.system)).items() if not name.startswith("_")
}
_OF_ACTIVITY = {"output": "output_of", "error": "error_of", "Status": "status_of"}
_ALONE = {"item": "item", "trigger": "trigger", "triggerBody": "trigger_body"}
_MAX_DEPTH = 40


@dataclass(frozen=True)
class _Made:
    """Python for a part of an expression.

    Attributes:
        value: What it gives.
        code: The Python.
        uses: The names in it.
        node: The Python as it can be laid out; the code if it is left out.
    """

    value: Any
    code: str
    uses: frozenset[str] = frozenset()
    node: Node | None = None


class _UnsaidError(Exception):
    """An expression has a part that no Python says."""


def phrase(text: str, vocabulary: Vocabulary) -> tuple[Node, frozenset[str]] | None:
    """The Python for a string of the document.

    Args:
        text: Any string.
        vocabulary: What the module names so far.

    Returns:
        Python that gives ``text``, and the names in it; ``None`` if the string is no expression, or none of the
        module's functions builds exactly this text.
    """
    try:
        template = parse(text)
        if isinstance(template, Whole):
            made = _made(template.node, vocabulary, 0)
            return (made.node or Atom(made.code), made.uses) if made.value == text and made.uses else None
        if isinstance(template, Interpolation):
            return _formatted(text, template, vocabulary)
    except (ExpressionError, _UnsaidError, TypeError, ValueError):
        return None
    return None


def _formatted(text: str, template: Interpolation, vocabulary: Vocabulary) -> tuple[Node, frozenset[str]] | None:
    """An f-string for text with expressions in it."""
    parts: list[str | Field] = []
    value = ""
    uses: set[str] = set()
    for part in template.parts:
        if isinstance(part, str):
            parts.append(part)
            value += part
            continue
        made = _made(part, vocabulary, 0)
        code = _STRING.sub(r"'\1'", made.code)  # the f-string has the double quotes
        if not _SAFE_FIELD.fullmatch(code) or not made.uses:
            return None
        parts.append(Field(code))
        value += f"{made.value}"
        uses |= made.uses
    return (Text(*parts), frozenset(uses)) if value == text else None


def _made(node: Syntax, vocabulary: Vocabulary, depth: int) -> _Made:
    """The Python for a part of an expression.

    Raises:
        _UnsaidError: There is none.
    """
    if depth > _MAX_DEPTH:
        raise _UnsaidError
    if isinstance(node, Constant):
        return _constant(node.value)
    if isinstance(node, Access):
        return _known_access(node, vocabulary) or _access(node, vocabulary, depth)
    return _call(node, vocabulary, depth)


def _constant(value: Any) -> _Made:
    if isinstance(value, str):
        return _Made(value, literal(value), node=Text(value))
    if value is None or isinstance(value, (bool, int, float)):
        return _Made(value, constant(value))
    raise _UnsaidError


def _call(node: Call, vocabulary: Vocabulary, depth: int) -> _Made:
    if node.name in _ALONE and not node.arguments:
        name = _ALONE[node.name]
        return _Made(getattr(build, name)(), f"{name}()", frozenset({name}))
    if node.name == "variables" and len(node.arguments) == 1 and isinstance(node.arguments[0], Constant):
        return _declared(node.arguments[0].value, vocabulary.variables, build.variable)
    name = _function(node.name)
    arguments = [_made(argument, vocabulary, depth + 1) for argument in node.arguments]
    value = getattr(calls, name)(*(argument.value for argument in arguments))
    made = call(f"f.{name}", *(argument.node or Atom(argument.code) for argument in arguments))
    return _Made(value, made.flat(), frozenset({"f"}).union(*(argument.uses for argument in arguments)), made)


def _function(name: str) -> str:
    """Returns what a function of the language is called in Python."""
    snake = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    for candidate in (snake, f"{snake}_"):
        if callable(getattr(calls, candidate, None)) and not candidate.startswith("_"):
            return candidate
    raise _UnsaidError


def _declared(name: Any, known: dict[str, str], make: Any) -> _Made:
    """A reference to a parameter or variable that the module declares."""
    if not isinstance(name, str) or name not in known:
        raise _UnsaidError
    return _Made(make(name), known[name], frozenset({known[name]}))


def _known_access(node: Access, vocabulary: Vocabulary) -> _Made | None:
    """A property that a function of this package gives: of the pipeline, or of an activity."""
    base, key = node.base, _key(node)
    if key is None:
        return None
    if isinstance(base, Call) and base.name == "pipeline" and not base.arguments:
        system = _SYSTEM.get(key)
        if system is None:
            raise _UnsaidError
        return _Made(getattr(build.system, system), f"system.{system}", frozenset({"system"}))
    if isinstance(base, Access) and isinstance(base.base, Call) and base.base.name == "pipeline":
        outer = _key(base)
        if outer == "parameters" and not base.optional:
            return _declared(key, vocabulary.parameters, build.parameter)
        if outer == "globalParameters" and not base.optional:
            code = f"global_parameter({literal(key)})"
            return _Made(build.global_parameter(key), code, frozenset({"global_parameter"}))
    return _of_activity(base, key, vocabulary)


def _of_activity(base: Syntax, key: str, vocabulary: Vocabulary) -> _Made | None:
    if not (isinstance(base, Call) and base.name == "activity" and len(base.arguments) == 1 and key in _OF_ACTIVITY):
        return None
    name = getattr(base.arguments[0], "value", None)
    if not isinstance(name, str):
        raise _UnsaidError
    function = _OF_ACTIVITY[key]
    variable = vocabulary.activities.get(name)
    uses = frozenset({function} if variable is None else {function, variable})
    return _Made(
        getattr(outputs if function == "output_of" else build, function)(name),
        f"{function}({variable or literal(name)})",
        uses,
    )


def _key(node: Access) -> str | None:
    value = node.key.value if isinstance(node.key, Constant) else None
    return value if isinstance(value, str) else None


def _access(node: Access, vocabulary: Vocabulary, depth: int) -> _Made:
    """A property or an element of anything else."""
    base = _made(node.base, vocabulary, depth + 1)
    if not isinstance(base.value, Expr):
        raise _UnsaidError
    key = _made(node.key, vocabulary, depth + 1)
    uses = base.uses | key.uses
    if node.optional:
        return _Made(base.value.optional(key.value), f"{base.code}.optional({key.code})", uses)
    name = str(key.value)
    plain = node.dotted and _ATTRIBUTE.fullmatch(name) and not keyword.iskeyword(name) and name not in _METHODS
    if not plain:
        return _Made(base.value[key.value], f"{base.code}[{key.code}]", uses)
    laid_out = base.node.with_attribute(name) if isinstance(base.node, Bracketed) else None
    return _Made(base.value[key.value], f"{base.code}.{name}", uses, laid_out)
