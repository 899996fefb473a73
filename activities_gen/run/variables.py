"""A pipeline's variables and its return value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from activities_gen.findings import suggestion
from activities_gen.run.errors import Failure

if TYPE_CHECKING:
    from _collections_abc import dict_items
    from collections.abc import Callable, Mapping

_PYTHON_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "bool": (bool,),
    "boolean": (bool,),
    "array": (list,),
    "integer": (int,),
    "int": (int,),
}

_NAMES = {
    str: "String",
    bool: "Boolean",
    int: "Integer",
    float: "Float",
    list: "Array",
    dict: "Object",
    type(None): "Null",
}


class Variables(dict[str, Any]):
    """The values of a run's variables, by name. Knows the arrays that nobody else holds, so that appending need not copy them.

    Attributes:
        writes: How often a variable was given a value other than the one it had.
    """

    def __init__(self, declared: Mapping[str, Any]) -> None:
        """Give each variable its default, else an empty array or ``None``.

        Args:
            declared: The declarations by name, as they stand in the pipeline.
        """
        super().__init__()
        self.writes = 0
        self._own: set[str] = set()
        self._types: dict[str, str] = {}
        for name, declaration in declared.items():
            known = declaration if isinstance(declaration, dict) else {"type": "String"}
            self._types[name] = str(known.get("type"))
            empty: list[Any] | None = [] if self._types[name].casefold() == "array" else None
            self[name] = known.get("defaultValue", empty)

    def items(self) -> dict_items[str, Any]:
        """Names and values, as expressions read them: what they are given must not change any more."""
        self._own.clear()
        return super().items()

    def spelling(self, name: Any) -> str:
        """Returns the spelling under which a variable was declared.

        Raises:
            Failure: There is no such variable.
        """
        for known in self:
            if isinstance(name, str) and known.casefold() == name.casefold():
                return known
        near = suggestion(str(name), self)
        raise Failure("InvalidTemplate", f"The variable '{name}' is not a variable of the current pipeline.{near}")

    def assign(self, name: str, value: Any) -> None:
        """Give a variable a value of any type, which others may hold too."""
        self[name] = value
        self._own.discard(name)

    def start_with(self, values: Mapping[str, Any]) -> None:
        """Give variables other values than their defaults, by name in any letter case."""
        for name, value in values.items():
            self.assign(self.spelling(name), value)

    def set(self, name: str, value: Any) -> None:
        """Give a variable a value, as Set Variable does.

        Raises:
            Failure: The value is not of the variable's type.
        """
        declared = self._types[name]
        allowed = _PYTHON_TYPES.get(declared.casefold())
        if allowed is not None and value is not None and type(value) not in allowed:
            actual = _NAMES.get(type(value), type(value).__name__)
            message = (
                f"The variable '{name}' of type '{declared}' cannot be initialized or updated with value of type '{actual}'. "
                f"The variable '{name}' only supports values of types '{declared}'."
            )
            raise Failure("InvalidTemplate", message)
        if type(value) is not type(self[name]) or value != self[name]:
            self.assign(name, value)
            self.writes += 1

    def append(self, name: str, value: Any) -> None:
        """Add an element to an array, as Append Variable does.

        Raises:
            Failure: The variable is no array.
        """
        if not isinstance(self[name], list):
            raise Failure("InvalidTemplate", f"The variable '{name}' is no array; only to an array can be appended.")
        if name in self._own:
            self[name].append(value)
        else:
            self[name] = [*self[name], value]
            self._own.add(name)
        self.writes += 1


def return_value(pairs: Any, evaluate: Callable[[Any], Any]) -> dict[str, Any]:
    """The object that ``pipelineReturnValue`` is set to.

    Args:
        pairs: The activity's ``value``: a list of ``{"key": …, "value": {"type": …, "content": …}}``.
        evaluate: Evaluates the content of type Expression.

    Raises:
        Failure: ``pairs`` is no such list.
    """
    if not isinstance(pairs, list) or not all(isinstance(pair, dict) and "key" in pair for pair in pairs):
        raise Failure("InvalidTemplate", "The pipeline's return value must be a list of keys with values.")
    return {str(pair["key"]): _content(pair.get("value"), evaluate) for pair in pairs}


def _content(value: Any, evaluate: Callable[[Any], Any]) -> Any:
    """One typed value: of type Expression, Array, Object, Null or a plain one."""
    if not isinstance(value, dict) or "type" not in value:
        return evaluate(value)
    kind = str(value["type"]).casefold()
    content = value.get("content")
    if kind == "null":
        return None
    if kind == "array" and isinstance(content, list):
        return [_content(member, evaluate) for member in content]
    if kind == "object" and isinstance(content, list):
        return return_value(content, evaluate)
    evaluated = evaluate(content)
    if kind in ("object", "array") and isinstance(evaluated, str):
        return _parsed(evaluated)
    return evaluated


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Failure("InvalidTemplate", f"'{text}' in the pipeline's return value is not JSON.") from error
