"""The types that a sub-expression can have, as far as they are known without a run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.expressions.functions import find
from activities_gen.expressions.syntax import Access, Call, Constant, chain, literal
from activities_gen.expressions.values import kind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from activities_gen.expressions.checks.scope import Scope
    from activities_gen.expressions.syntax import Node

ANY: frozenset[str] = frozenset()
"""Nothing is known of the type."""

_DECLARED: dict[str, frozenset[str]] = {
    "string": frozenset({"String"}),
    "securestring": frozenset({"String"}),
    "int": frozenset({"Integer"}),
    "integer": frozenset({"Integer"}),
    "float": frozenset({"Integer", "Float"}),
    "bool": frozenset({"Boolean"}),
    "boolean": frozenset({"Boolean"}),
    "array": frozenset({"Array"}),
    "object": frozenset({"Object"}),
}


_SYSTEM_TEXTS = frozenset(
    {"datafactory", "pipeline", "runid", "triggertype", "triggerid", "triggername", "triggertime"}
)
"""The properties of ``pipeline()`` that are strings in every run, in lower case."""

_NOUNS = {
    "String": "a string",
    "Number": "a number",
    "Integer": "an integer",
    "Float": "a float",
    "Boolean": "a boolean",
    "Array": "an array",
    "Object": "an object",
    "Null": "null",
}
_NUMBER = frozenset({"Integer", "Float"})


def named(types: frozenset[str]) -> str:
    """Types as messages say them: ``a number or an array``."""
    merged = types - _NUMBER | {"Number"} if types >= _NUMBER else types
    return " or ".join(noun for name, noun in _NOUNS.items() if name in merged)


def types_of(node: Node, scope: Scope) -> frozenset[str]:
    """The engine's types that a value can have; :data:`ANY` where nothing is known."""
    if isinstance(node, Constant):
        return frozenset({kind(node.value)})
    if isinstance(node, Access):
        return _of_parameter(node, scope) or _of_output(node, scope)
    if node.name.lower() == "variables" and len(node.arguments) == 1:
        return _of_variable(node.arguments[0], scope)
    function = find(node.name)
    return function.engine.returns if function is not None else ANY


def _of_variable(argument: Node, scope: Scope) -> frozenset[str]:
    name = argument.value if isinstance(argument, Constant) else None
    return _declared(scope.variables, name)


def _of_parameter(node: Access, scope: Scope) -> frozenset[str]:
    """The type of ``pipeline().parameters.x``, ``pipeline().globalParameters.x`` and ``pipeline().RunId``."""
    base, key = node.base, node.key
    if isinstance(base, Call) and base.name.lower() == "pipeline" and str(literal(key)).lower() in _SYSTEM_TEXTS:
        return frozenset({"String"})
    if not (isinstance(base, Access) and isinstance(base.key, Constant) and isinstance(key, Constant)):
        return ANY
    if not (isinstance(base.base, Call) and base.base.name.lower() == "pipeline"):
        return ANY
    collections = {"parameters": scope.parameters, "globalparameters": scope.global_parameters}
    return _declared(collections.get(str(base.key.value).lower()), key.value)


def _of_output(node: Access, scope: Scope) -> frozenset[str]:
    """The type of ``activity('name').output.x``."""
    if scope.outputs is None:
        return ANY
    base, steps = chain(node)
    if not (isinstance(base, Call) and base.name.lower() == "activity" and len(base.arguments) == 1):
        return ANY
    name = literal(base.arguments[0])
    path = tuple(literal(step.key) for step in steps)
    return scope.outputs(name, path) if isinstance(name, str) else ANY


def _declared(collection: Mapping[str, str] | None, name: object) -> frozenset[str]:
    if collection is None or not isinstance(name, str):
        return ANY
    folded = {known.lower(): declared for known, declared in collection.items()}
    return _DECLARED.get(str(folded.get(name.lower(), "")).lower(), ANY)
