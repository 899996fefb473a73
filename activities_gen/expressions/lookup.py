"""Reading: the functions that give access to the context, and properties and elements of values."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.context import MISSING
from activities_gen.expressions.errors import EvaluationError, shorten
from activities_gen.expressions.folding import fold
from activities_gen.expressions.functions import NAMED_READERS
from activities_gen.expressions.numbers import to_int32
from activities_gen.expressions.values import is_content, kind
from activities_gen.findings import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable

    from activities_gen.expressions.context import Context
    from activities_gen.expressions.syntax import Node

_ABSENT = object()


def read(operand: tuple[str, int], stack: list[Any], context: Context, node: Node, text: str) -> Any:
    """The value of ``pipeline()``, ``variables('v')``, ``activity('A')``, ``item()`` and their like."""
    name, count = operand
    if name in NAMED_READERS:
        if count != 1 or not isinstance(stack[-1], str):
            raise _error(f"The function '{name}' takes one name, a string in single quotes.", node, text)
        return _named(name, stack.pop(), context, node, text)
    if count:
        raise _error(f"The function '{name}' takes no arguments.", node, text)
    value = _scope(name, context)
    if value is MISSING:
        raise _error(_OUT_OF_SCOPE[name], node, text)
    return value


def read_parameter(name: str, context: Context, node: Any, text: str) -> Any:
    """The value of ``pipeline().parameters.name``."""
    value = context.parameters.get(name, _ABSENT)
    if value is not _ABSENT:
        return value
    if not context.is_pipeline:
        raise _error(_OUT_OF_SCOPE["pipeline"], node, text)
    return _property(context.parameters, name, False, node, text)  # noqa: FBT003 - as select does


_OUT_OF_SCOPE = {
    "pipeline": "'pipeline()' is for pipelines; in a dataset or linked service use its own parameters.",
    "item": "'item()' can only be used inside a ForEach activity or in the condition of a Filter activity.",
    "dataset": "'dataset()' can only be used in the definition of a dataset.",
    "linkedService": "'linkedService()' can only be used in the definition of a linked service.",
    "trigger": "'trigger()' can only be used in the definition of a trigger; pass its values on as pipeline parameters.",
    "triggerBody": "'triggerBody()' can only be used in the definition of a trigger; pass its values on as pipeline parameters.",
}


def _scope(name: str, context: Context) -> Any:
    """The object that a function without arguments is, :data:`MISSING` where it is out of scope."""
    if name == "item":
        return context.item
    if name == "pipeline":
        return context.pipeline if context.is_pipeline else MISSING
    outside = {
        "dataset": None if context.is_pipeline else context.dataset,
        "linkedService": None if context.is_pipeline else context.linked_service,
        "trigger": context.trigger,
        "triggerBody": context.trigger_body,
    }
    value = outside[name]
    return MISSING if value is None else value


def _named(function: str, name: str, context: Context, node: Node, text: str) -> Any:
    """The value of a variable, or the result of an activity. Letter case does not matter."""
    known = context.folded_variables if function == "variables" else context.folded_activities
    value = known.get(fold(name), _ABSENT)
    if value is not _ABSENT:
        return value
    names = context.variables if function == "variables" else context.activities
    what = "a variable of this pipeline" if function == "variables" else "an activity that has run before this one"
    raise _error(f"'{shorten(name)}' is not {what}.{_hint(name, names)}", node, text)


def _hint(wrong: str, names: Iterable[str]) -> str:
    """The nearest name, among the first ones of a reasonable length: long ones would take long to compare."""
    return suggestion(wrong, [name for name in islice(names, 500) if len(name) <= 100]) if len(wrong) <= 100 else ""


def select(value: Any, key: Any, optional: bool, node: Any, text: str) -> Any:  # noqa: FBT001 - called at every step
    """A property of an object, or an element of an array.

    Args:
        value: What it is selected from.
        key: The property's name, or the element's index.
        optional: Whether ``?`` stands before it: then null for what is missing, and null of null.
        node: The access, for messages.
        text: The template, for messages.
    """
    if type(value) is dict and type(key) is str:
        found = value.get(key, _ABSENT)
        return _property(value, key, optional, node, text) if found is _ABSENT else found
    if value is None and optional and isinstance(key, str | int) and not isinstance(key, bool):
        return None
    if isinstance(value, Mapping) and isinstance(key, str):
        return value[key] if key in value else _property(value, key, optional, node, text)
    if isinstance(value, (list, tuple)) and isinstance(key, int) and not isinstance(key, bool):
        return _element(value, key, optional, node, text)
    raise _error(_not_selectable(value, key), node, text)


def _property(value: Mapping[str, Any], key: str, optional: Any, node: Any, text: str) -> Any:
    """A property in another letter case, or null, or an error that says what there is."""
    folded = fold(key)
    for name, item in value.items():
        if fold(name) == folded:
            return item
    if optional:
        return None
    if is_content(value):
        message = f"The property '{shorten(key)}' does not exist: the value is encoded content. Use json() or xpath()."
    else:
        names = shorten(", ".join(islice(value, 50)), 500) or "none"
        message = f"The property '{shorten(key)}' does not exist. There are: {names}.{_hint(key, value)}"
    raise _error(message, node.key, text)


def _element(value: Any, key: int, optional: Any, node: Any, text: str) -> Any:
    """An element of an array; indices are cut to 32 bits, as in the engine."""
    index = to_int32(key)
    if 0 <= index < len(value):
        return value[index]
    if optional:
        return None
    bounds = f"has the indices 0 to {len(value) - 1}" if value else "is empty"
    raise _error(f"The index {key} does not exist: the array {bounds}.", node.key, text)


def _not_selectable(value: Any, key: Any) -> str:
    """Why a value has no such property."""
    name = "null" if key is None else shorten(str(key))
    if value is None:
        return f"The property '{name}' cannot be selected from null. Put '?' before it to get null instead."
    if isinstance(value, (list, tuple)):
        return f"The property '{name}' cannot be selected from an array; its elements are selected by integers, as [0]."
    if isinstance(value, Mapping):
        return f"The property '{name}' cannot be selected from an object; its properties are selected by strings."
    hint = " Use substring() for parts of a string." if isinstance(value, str) else ""
    return f"The property '{name}' cannot be selected from a value of type {kind(value)}.{hint}"


def _error(message: str, node: Node, text: str) -> EvaluationError:
    return EvaluationError(message, node.start, text, node.end)
