"""The values of the language: their types, their text, their JSON, and when two of them are the same.

Values are what JSON has: ``None``, ``bool``, ``int``, ``float``, ``str``, ``list`` and ``dict``. XML and binary data are
objects with ``$content-type`` and ``$content`` in base64, as ADF passes them on. Nothing here recurses, so that deep
values cost no stack.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.numbers import format_double, is_int64
from activities_gen.lazy import lazy_module

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.expressions import content as encoded
else:
    encoded = lazy_module("activities_gen.expressions.content")

MAX_SIZE = 8 * 1024 * 1024
"""Most characters of a string, or elements of an array, that a function makes, and in all that an expression makes.

ADF passes on at most 896 KB of properties in a run and 4 MB of an activity's output, so that no value that works there
comes near.
"""

KINDS: dict[type, str] = {
    type(None): "Null",
    bool: "Boolean",
    int: "Integer",
    float: "Float",
    str: "String",
    list: "Array",
    tuple: "Array",
    dict: "Object",
}

_ESCAPED = re.compile('["\\\\\x00-\x1f\x85\u2028\u2029]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


class SizeError(FunctionError):
    """A value larger than :data:`MAX_SIZE`."""


def check_size(size: int) -> None:
    """Refuse a value of more than :data:`MAX_SIZE` characters or elements, before it is made."""
    if size > MAX_SIZE:
        raise SizeError(f"would make a value of {size} characters or elements; at most {MAX_SIZE} are allowed")


def kind(value: object) -> str:
    """The engine's name for the type of ``value``, as its messages use it."""
    return KINDS.get(type(value)) or next((name for base, name in KINDS.items() if isinstance(value, base)), "Object")


def plain(value: Any) -> Any:
    """A value of a subclass of a JSON type, as of ``IntEnum`` or a mapping that is no ``dict``, as the JSON type.

    Raises:
        FunctionError: JSON has no such value.
    """
    for base in (bool, int, float, str):
        if isinstance(value, base):
            return value if type(value) is base else _PLAIN[base](value)
    if isinstance(value, Mapping):
        return {str(key): item for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return list(value)
    if value is None:
        return None
    raise FunctionError(f"was given a Python value of type '{type(value).__name__}', which JSON does not have")


_PLAIN: dict[type, Any] = {bool: bool, int: int.__int__, float: float.__float__, str: str.__str__}


def quote(text: str) -> str:
    """``text`` as a JSON string with the escapes that Newtonsoft.Json writes."""
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    return _SHORT.get(character) or f"\\u{ord(character):04x}"


def _double(value: float) -> str:
    """A float in JSON: always with a decimal point or an exponent; what JSON has no number for is a string."""
    text = format_double(value)
    if text[-1] in "yN":
        return f'"{text}"'
    return text if "." in text or "E" in text else f"{text}.0"


def _scalar(value: Any, *, canonical: bool) -> str:
    """The JSON of a value that is neither array nor object; 0.0 and -0.0 have one canonical form."""
    if isinstance(value, str):
        return quote(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _double(value + 0.0 if canonical else value)
    return str(plain(value))


def to_json(value: Any, *, canonical: bool = False) -> str:
    """Compact JSON as the engine writes it: no blanks, keys in their order, characters outside ASCII as they are.

    Args:
        value: The value.
        canonical: Sort the keys, so that two values have one text exactly when they are the same.

    Raises:
        SizeError: The text would have more than :data:`MAX_SIZE` characters.
    """
    out: list[str] = []
    size = 0
    pending: list[Iterator[str | Iterator[Any]]] = [_tokens(value, canonical=canonical)]
    while pending:
        token = next(pending[-1], None)
        if token is None:
            pending.pop()
        elif isinstance(token, str):
            out.append(token)
            size += len(token)
            check_size(size)
        else:
            pending.append(token)
    return "".join(out)


def _tokens(value: Any, *, canonical: bool) -> Iterator[Any]:
    """The JSON of ``value`` in pieces; the pieces of arrays and objects in it are iterators in turn."""
    if isinstance(value, Mapping):
        yield "{"
        members = sorted(value.items()) if canonical else value.items()
        for index, (key, item) in enumerate(members):
            yield f"{',' if index else ''}{quote(key)}:"
            yield _piece(item, canonical=canonical)
        yield "}"
    elif isinstance(value, (list, tuple)):
        yield "["
        for index, item in enumerate(value):
            if index:
                yield ","
            yield _piece(item, canonical=canonical)
        yield "]"
    else:
        yield _scalar(value, canonical=canonical)


def _piece(value: Any, *, canonical: bool) -> str | Iterator[Any]:
    nested = isinstance(value, (Mapping, list, tuple))
    return _tokens(value, canonical=canonical) if nested else _scalar(value, canonical=canonical)


def identity(value: Any) -> tuple[str, Any]:
    """A hashable key, equal for two values exactly when the engine takes them for the same: 1 and 1.0 are not."""
    name = kind(value)
    return name, to_json(value, canonical=True) if name in ("Array", "Object") else value


def same(left: Any, right: Any) -> bool:
    """Whether two values are equal, arrays and objects by their content, numbers only with the same type."""
    return identity(left) == identity(right)


def is_content(value: Any) -> bool:
    """Whether ``value`` is an object with ``$content-type`` and ``$content``: XML or binary data."""
    return isinstance(value, Mapping) and content(value) is not None


def content(value: Mapping[str, Any]) -> tuple[Any, Any] | None:
    """Type and base64 text of a content object, ``None`` for any other object; the keys' case does not matter."""
    if len(value) < 2:
        return None
    members = {key.lower(): item for key, item in value.items() if key[:1] == "$"}
    data, media_type = members.get("$content"), members.get("$content-type")
    return None if data is None or media_type is None or isinstance(data, (dict, list)) else (media_type, data)


def to_text(value: Any) -> str:
    """What ``string()``, ``concat()`` and ``@{...}`` make of a value.

    Null is empty, booleans are ``True`` and ``False``, numbers have no needless ``.0``, arrays and objects are compact
    JSON, and content objects are decoded.

    Raises:
        FunctionError: The value has no text: an integer beyond 64 bits, or content that cannot be decoded.
    """
    if type(value) is str:
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, int):
        if not is_int64(value):
            raise FunctionError("cannot convert an integer of more than 64 bits to a string")
        return str(plain(value))
    if isinstance(value, float):
        return format_double(value)
    if isinstance(value, Mapping) and (parts := content(value)) is not None:
        return encoded.decode(*parts)
    return plain(value) if isinstance(value, str) else to_json(value)


def export(value: Any) -> Any:
    """The value as JSON can hold it: infinite floats and not-a-number become strings, as the engine returns them.

    Arrays and objects without such a number are returned as they are, not copied.
    """
    if not isinstance(value, (list, tuple, dict)):
        return _finite(value)
    if not _has_special(value):
        return value
    return _copy(value)


def _finite(value: Any) -> Any:
    return format_double(value) if isinstance(value, float) and value - value != 0 else value


def _has_special(value: Any) -> bool:
    pending = [value]
    while pending:
        current = pending.pop()
        for item in current.values() if isinstance(current, dict) else current:
            if isinstance(item, (list, tuple, dict)):
                pending.append(item)
            elif isinstance(item, float) and item - item != 0:
                return True
    return False


def _copy(value: Any) -> Any:
    """A deep copy with :func:`_finite` applied to each scalar."""
    holder: list[Any] = [None]
    pending: list[tuple[Any, Any, Any]] = [(value, holder, 0)]
    while pending:
        item, target, key = pending.pop()
        if isinstance(item, dict):
            target[key] = copy = dict.fromkeys(item)
            pending.extend((child, copy, name) for name, child in item.items())
        elif isinstance(item, (list, tuple)):
            target[key] = row = [None] * len(item)
            pending.extend((child, row, index) for index, child in enumerate(item))
        else:
            target[key] = _finite(item)
    return holder[0]
