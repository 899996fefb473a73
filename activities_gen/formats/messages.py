"""What pydantic finds wrong, in sentences for the author of a file: the key, what it must be, and what it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel

from activities_gen.findings import suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from activities_gen.findings import JsonPath
    from activities_gen.formats.model import File

_LONGEST = 80
"""Characters of a key or value that a message shows."""

_WANTED = {
    "string_type": "text in double quotes",
    "int_type": "a whole number",
    "float_type": "a number",
    "bool_type": "true or false",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
    "literal_error": "{expected}",
    "greater_than_equal": "{ge} or more",
    "less_than_equal": "{le} or less",
    "string_pattern_mismatch": "text of the form {pattern}",
}
"""What a value must be, by the type of pydantic's error. For other types pydantic's own words are used."""

_NOUNS = {bool: "", int: "the number ", float: "the number "}


def messages(model: type[File], error: ValidationError) -> Iterator[tuple[JsonPath, str]]:
    """Yields path and message for each mistake; for a misspelt key not also that the right one is missing."""
    errors = error.errors(include_url=False)
    # A file of another version is of another format, so that nothing else can be said of it.
    errors = [one for one in errors if one["loc"] == ("version",)] or errors
    unknown = [one["loc"] for one in errors if one["type"] == "extra_forbidden"]
    meant = {
        (*path[:-1], key) for path in unknown for key in _keys(model, path[:-1]) if _near(model, path) == _ask(key)
    }
    for one in errors:
        if one["type"] != "missing" or one["loc"] not in meant:
            yield one["loc"], _message(model, one)


def _message(model: type[File], error: ErrorDetails) -> str:
    kind, path, value = error["type"], error["loc"], error["input"]
    subject = _shown(path) or "The whole file"
    if kind == "missing":
        return f"The key {subject} is missing. Add it."
    if kind == "extra_forbidden":
        return f"There is no key {subject} here.{_near(model, path) or ' Delete it.'}"
    if kind not in _WANTED:
        text = error["msg"].removeprefix("Value error, ")
        return text if text.endswith(".") else f"{subject}: {text}."
    wanted = _WANTED[kind].format(**error.get("ctx", {}))
    return f"{subject} must be {wanted}, not {_described(value)}.{_hint(model, error)}"


def _hint(model: type[File], error: ErrorDetails) -> str:
    """How to write the value instead, for common mistakes."""
    kind, value = error["type"], error["input"]
    if not error["loc"] and model.example is not None:
        return f" Write for example {json.dumps(model.example, ensure_ascii=False)}."
    if kind == "string_type" and isinstance(value, (bool, int, float)):
        return f' Write "{json.dumps(value)}".'
    if kind == "literal_error" and isinstance(value, str):
        allowed = error["ctx"]["expected"].replace(" or ", ", ").split(", ")
        return suggestion(value, [each.strip("'") for each in allowed])
    return ""


def _shown(path: JsonPath) -> str:
    """A path as people write it: ``'activities[2].name'``. Empty for the root."""
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
    return f"'{_short(text)}'" if path else ""


def _described(value: Any) -> str:
    """A wrong value in a sentence."""
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "a list"
    return f"{_NOUNS.get(type(value), '')}{_short(json.dumps(value, ensure_ascii=False))}"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _near(model: type[File], path: JsonPath) -> str:
    """The question whether another key was meant; empty if no key is near."""
    return suggestion(str(path[-1]), _keys(model, path[:-1]))


def _ask(key: str) -> str:
    return f" Did you mean '{key}'?"


def _keys(model: type[BaseModel], path: JsonPath) -> list[str]:
    """The keys that the object at a path may have."""
    for step in path:
        inner = (_model_in(field.annotation) for field in model.model_fields.values() if field.alias == step)
        model = next(inner, None) or model  # a step into a list changes nothing
    return [str(field.alias) for field in model.model_fields.values()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    """The model in an annotation such as ``list[Activity]`` or ``Run | None``."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_model_in, get_args(annotation))), None)
