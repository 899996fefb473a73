"""Conversion between types, JSON and URI components."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

from activities_gen.expressions.content import content_object, decode, decode_xml, is_xml, to_utf8, unescape, url_decode
from activities_gen.expressions.errors import FunctionError
from activities_gen.expressions.numbers import INT64_MIN, parse_double, to_float
from activities_gen.expressions.registry import Family
from activities_gen.expressions.text import characters, units
from activities_gen.expressions.values import check_size, content, kind, to_text
from activities_gen.lazy import lazy_module

if TYPE_CHECKING:
    from activities_gen.expressions import json_reader, xml_json
else:
    json_reader = lazy_module("activities_gen.expressions.json_reader")
    xml_json = lazy_module("activities_gen.expressions.xml_json")

FUNCTIONS = Family("conversion")


@FUNCTIONS.add("array", "value: any -> array")
def array(value: Any) -> list[Any]:
    """An array of the one value; an array is returned as it is."""
    return value if isinstance(value, list) else [value]


@FUNCTIONS.add("createArray", "first: any, *more: any -> array")
def create_array(*values: Any) -> list[Any]:
    """An array of the values. There must be one at least: an empty array is ``json('[]')``."""
    return list(values)


@FUNCTIONS.add("coalesce", "first: any, *more: any -> any", lazy=True)
def coalesce(*values: Any) -> Any:
    """The first value that is not null, else null. Arguments behind it are not evaluated; the evaluator sees to that.

    A property that is missing is an error all the same, unless it is read with ``?.``.
    """
    return next((value for value in values if value is not None), None)


@FUNCTIONS.add("bool", "value: any -> boolean")
def boolean(value: Any) -> bool:
    """A boolean of ``true`` or ``false`` in any letter case, or of a number: false is 0. Other text, as ``'1'``, is refused."""
    if isinstance(value, bool | int | float):
        return value != 0
    if isinstance(value, str) and value.strip("\t\n\v\f\r \0").lower() in ("true", "false"):
        return value.strip("\t\n\v\f\r \0").lower() == "true"
    raise _cannot("a boolean", value)


@FUNCTIONS.add("float", "text: string -> number", engine="any -> number")
def floating(value: Any) -> float:
    """A float of a string with blanks around, sign, thousands separators and exponent. The engine takes numbers too."""
    return _number(value, "a float")


def _number(value: Any, what: str) -> float:
    if isinstance(value, bool | int | float):
        return to_float(value)
    if not isinstance(value, str):
        raise _cannot(what, value)
    try:
        return parse_double(value)
    except ValueError:
        raise _cannot(what, value) from None


@FUNCTIONS.add("int", "text: any -> integer")
def integer(value: Any) -> int:
    """An integer of a number or a string, whatever its form, as long as the value is whole: ``'1e3'``, ``'1,000'``, 2.0.

    The engine reads every string and number as a float first, so that beyond 2^53 the last digits may change, and the
    largest integer is refused.
    """
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str) and value.rstrip("\t\n\v\f\r \0").endswith(("-", "+")):
        raise _cannot("an integer", value)
    number = _number(value, "an integer")
    if math.isnan(number):
        return INT64_MIN
    if math.isinf(number) or not -(2.0**63) <= number < 2.0**63 or not number.is_integer():
        raise _cannot("an integer", value)
    return int(number)


def _cannot(what: str, value: Any) -> FunctionError:
    shown = f"the string '{value[:40]}'" if isinstance(value, str) else f"a value of type {kind(value)}"
    return FunctionError(f"cannot make {what} of {shown}")


@FUNCTIONS.add("json", "text: string|xml -> any", engine="string|object -> any")
def parse_json(value: Any) -> Any:
    """The value of JSON text, read as leniently as Newtonsoft.Json does, or the object of XML. Empty text is null."""
    if isinstance(value, str):
        return json_reader.read_json(value)
    parts = content(value)
    if parts is None:
        raise FunctionError("reads a string or XML; it was given an object. Write it without json()")
    if is_xml(parts[0]):
        return xml_json.to_object(decode_xml(*parts))
    return json_reader.read_json(decode(*parts))


@FUNCTIONS.add("string", "value: any -> string")
def string(value: Any) -> str:
    """The text of a value: null is empty, ``true`` is ``True``, ``1.0`` is ``1``, arrays and objects are compact JSON."""
    return to_text(value)


MAX_COMPONENT = 65519
"""Most characters that .NET escapes for a URI."""

_UNRESERVED = re.compile(r"[^A-Za-z0-9._~-]+")


@FUNCTIONS.add("uriComponent", "text: string -> string", engine="any, *any -> string")
@FUNCTIONS.add("encodeUriComponent", "text: string -> string", engine="any, *any -> string")
def uri_component(*values: Any) -> str:
    """Text escaped for a part of a URI: all but letters, digits and ``- . _ ~``. The engine joins any values first."""
    texts = list(map(to_text, values))
    check_size(3 * sum(map(len, texts)))
    if any(len(units(text)) > MAX_COMPONENT for text in texts):
        raise FunctionError(f"takes at most {MAX_COMPONENT} characters")
    return _UNRESERVED.sub(_escape, characters("".join(texts)))


def _escape(match: re.Match[str]) -> str:
    return "".join(f"%{byte:02X}" for byte in to_utf8(match[0]))


@FUNCTIONS.add("uriComponentToString", "text: string -> string")
@FUNCTIONS.add("decodeUriComponent", "text: string -> string")
def uri_component_to_string(text: str) -> str:
    """The text of a URI's part; ``+`` is a blank, ``%u20AC`` a UTF-16 unit, and what is no correct escape stays."""
    return url_decode(text, "utf-8")


@FUNCTIONS.add("uriComponentToBinary", "text: string -> object")
def uri_component_to_binary(text: str) -> dict[str, str]:
    """The bytes of a URI's part as a binary object; ``%u20AC`` stays as it is."""
    return content_object(unescape(to_utf8(text)))
