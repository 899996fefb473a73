"""A pipeline's variables and its return value."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from activities_gen.findings import suggestion
from activities_gen.run.executor import Failure

if TYPE_CHECKING:
    from _collections_abc import dict_items
    from collections.abc import Callable, Mapping

    from activities_gen.run.state import PipelineRun

_EMPTY: dict[str, Callable[[], Any]] = {"array": list}

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
    """Values by name. Knows the arrays that nobody else holds, so that appending to them need not copy them."""

    def __init__(self) -> None:
        super().__init__()
        self._own: set[str] = set()

    def items(self) -> dict_items[str, Any]:
        """Names and values, as expressions read them: what they are given must not change any more."""
        self._own.clear()
        return super().items()

    def append(self, name: str, value: Any) -> None:
        """Add an element to an array."""
        if name in self._own:
            self[name].append(value)
        else:
            self[name] = [*self[name], value]
            self._own.add(name)

    def assign(self, name: str, value: Any) -> None:
        """Give a variable another value, which others may hold too."""
        self[name] = value
        self._own.discard(name)


def initial(declared: Mapping[str, Any]) -> Variables:
    """The values that variables have when a run starts: their defaults, else an empty array or ``None``."""
    values = Variables()
    for name, declared_as in declared.items():
        declaration = declared_as if isinstance(declared_as, dict) else {}
        empty = _EMPTY.get(str(declaration.get("type")).casefold())
        values[name] = declaration.get("defaultValue", empty() if empty else None)
    return values


def declared_name(pipeline: PipelineRun, name: Any) -> str:
    """The spelling under which a variable was declared.

    Raises:
        Failure: There is no such variable.
    """
    for known in pipeline.variables:
        if isinstance(name, str) and known.casefold() == name.casefold():
            return known
    near = suggestion(str(name), pipeline.variables)
    raise Failure("InvalidTemplate", f"The variable '{name}' is not a variable of the current pipeline.{near}")


def assign(pipeline: PipelineRun, name: str, value: Any) -> None:
    """Give a declared variable a value.

    Raises:
        Failure: The value is not of the variable's type.
    """
    declaration = pipeline.model.variables.get(name)
    declared = str(declaration.get("type")) if isinstance(declaration, dict) else "String"
    allowed = _PYTHON_TYPES.get(declared.casefold())
    if allowed is not None and value is not None and type(value) not in allowed:
        actual = _NAMES.get(type(value), type(value).__name__)
        message = (
            f"The variable '{name}' of type '{declared}' cannot be initialized or updated with value of type '{actual}'. "
            f"The variable '{name}' only supports values of types '{declared}'."
        )
        raise Failure("InvalidTemplate", message)
    if type(value) is not type(pipeline.variables[name]) or value != pipeline.variables[name]:
        pipeline.variables.assign(name, value)
        pipeline.writes += 1


def append(pipeline: PipelineRun, name: str, value: Any) -> None:
    """Add an element to an array variable.

    Raises:
        Failure: The variable is no array.
    """
    if not isinstance(pipeline.variables[name], list):
        raise Failure("InvalidTemplate", f"The variable '{name}' is no array; only to an array can be appended.")
    pipeline.variables.append(name, value)
    pipeline.writes += 1


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
