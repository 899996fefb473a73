"""The functions of the ADF expression language as Python callables, with ADF's own signatures.

Each returns an expression. Arguments are expressions or plain values; see :func:`activities_gen.expressions.build.call`.
Names are ADF's in snake case, with an underscore behind those that Python has taken: ``if_``, ``int_``, ``max_``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.expressions.build import call

if TYPE_CHECKING:
    from activities_gen.expressions.expr import Expr

_NONE: Any = object()
"""Stands for an optional argument that is not given; ``None`` is a value, ``null``."""


def _given(argument: Any) -> tuple[Any, ...]:
    return () if argument is _NONE else (argument,)


# --- string ----------------------------------------------------------------------------------------------------------


def concat(first: Any, second: Any, *more: Any) -> Expr:
    """Texts, one behind the other; ``null`` counts as empty."""
    return call("concat", first, second, *more)


def ends_with(text: Any, end: Any) -> Expr:
    """Whether a text ends so, whatever the case."""
    return call("endsWith", text, end)


def guid(style: Any = _NONE) -> Expr:
    """A new GUID; ``style`` is ``N``, ``D``, ``B``, ``P`` or ``X``."""
    return call("guid", *_given(style))


def index_of(text: Any, part: Any) -> Expr:
    """Where a part first stands, from 0, whatever the case; -1 where it does not."""
    return call("indexOf", text, part)


def last_index_of(text: Any, part: Any) -> Expr:
    """Where a part last stands, from 0, whatever the case; -1 where it does not."""
    return call("lastIndexOf", text, part)


def replace(text: Any, old: Any, new: Any) -> Expr:
    """A text with every ``old`` made ``new``; the case counts."""
    return call("replace", text, old, new)


def split(text: Any, delimiter: Any) -> Expr:
    """The array of a text's parts between a delimiter."""
    return call("split", text, delimiter)


def starts_with(text: Any, start: Any) -> Expr:
    """Whether a text begins so, whatever the case."""
    return call("startsWith", text, start)


def substring(text: Any, start: Any, count: Any) -> Expr:
    """Part of a text; the run fails where it has no such part."""
    return call("substring", text, start, count)


def to_lower(text: Any) -> Expr:
    """A text in lower case."""
    return call("toLower", text)


def to_upper(text: Any) -> Expr:
    """A text in upper case."""
    return call("toUpper", text)


def trim(text: Any) -> Expr:
    """A text without white space at its ends."""
    return call("trim", text)


# --- collection ------------------------------------------------------------------------------------------------------


def contains(collection: Any, value: Any) -> Expr:
    """Whether a text has a part (the case counts), an array an element, an object a key."""
    return call("contains", collection, value)


def empty(collection: Any) -> Expr:
    """Whether a text, array or object is empty."""
    return call("empty", collection)


def first(collection: Any) -> Expr:
    """The first element or character."""
    return call("first", collection)


def intersection(first: Any, second: Any, *more: Any) -> Expr:
    """What all arrays, or all objects, have."""
    return call("intersection", first, second, *more)


def join(array: Any, delimiter: Any) -> Expr:
    """An array's elements as one text."""
    return call("join", array, delimiter)


def last(collection: Any) -> Expr:
    """The last element or character."""
    return call("last", collection)


def length(collection: Any) -> Expr:
    """How many elements or characters there are."""
    return call("length", collection)


def skip(array: Any, count: Any) -> Expr:
    """An array without its first elements."""
    return call("skip", array, count)


def take(collection: Any, count: Any) -> Expr:
    """The first elements or characters."""
    return call("take", collection, count)


def union(first: Any, second: Any, *more: Any) -> Expr:
    """What any of the arrays, or of the objects, has."""
    return call("union", first, second, *more)


# --- logical ---------------------------------------------------------------------------------------------------------


def and_(first: Any, second: Any) -> Expr:
    """Whether both hold."""
    return call("and", first, second)


def equals(first: Any, second: Any) -> Expr:
    """Whether two values are equal; the case counts."""
    return call("equals", first, second)


def greater(first: Any, second: Any) -> Expr:
    """Whether the first is greater; both numbers or both texts."""
    return call("greater", first, second)


def greater_or_equals(first: Any, second: Any) -> Expr:
    """Whether the first is greater or equal."""
    return call("greaterOrEquals", first, second)


def if_(condition: Any, then: Any, otherwise: Any) -> Expr:
    """One of two values."""
    return call("if", condition, then, otherwise)


def less(first: Any, second: Any) -> Expr:
    """Whether the first is less; both numbers or both texts."""
    return call("less", first, second)


def less_or_equals(first: Any, second: Any) -> Expr:
    """Whether the first is less or equal."""
    return call("lessOrEquals", first, second)


def not_(condition: Any) -> Expr:
    """The opposite."""
    return call("not", condition)


def or_(first: Any, second: Any) -> Expr:
    """Whether one of them holds."""
    return call("or", first, second)


# --- conversion ------------------------------------------------------------------------------------------------------


def array(value: Any) -> Expr:
    """An array with this one element; an array stays as it is."""
    return call("array", value)


def base64(text: Any) -> Expr:
    """A text in Base64."""
    return call("base64", text)


def base64_to_binary(text: Any) -> Expr:
    """Base64 as binary content."""
    return call("base64ToBinary", text)


def base64_to_string(text: Any) -> Expr:
    """Base64 as text."""
    return call("base64ToString", text)


def binary(text: Any) -> Expr:
    """A text as binary content."""
    return call("binary", text)


def bool_(value: Any) -> Expr:
    """A value as boolean: ``'true'``, ``0``."""
    return call("bool", value)


def coalesce(first: Any, *more: Any) -> Expr:
    """The first value that is not ``null``."""
    return call("coalesce", first, *more)


def create_array(first: Any, *more: Any) -> Expr:
    """An array of the values."""
    return call("createArray", first, *more)


def data_uri(text: Any) -> Expr:
    """A text as data URI."""
    return call("dataUri", text)


def data_uri_to_binary(uri: Any) -> Expr:
    """A data URI as binary content."""
    return call("dataUriToBinary", uri)


def data_uri_to_string(uri: Any) -> Expr:
    """A data URI as text."""
    return call("dataUriToString", uri)


def decode_base64(text: Any) -> Expr:
    """Base64 as text."""
    return call("decodeBase64", text)


def decode_data_uri(uri: Any) -> Expr:
    """A data URI as text."""
    return call("decodeDataUri", uri)


def decode_uri_component(text: Any) -> Expr:
    """A text without ``%`` sequences."""
    return call("decodeUriComponent", text)


def encode_uri_component(text: Any) -> Expr:
    """A text with ``%`` sequences for what a URI cannot hold."""
    return call("encodeUriComponent", text)


def float_(text: Any) -> Expr:
    """A text as floating-point number."""
    return call("float", text)


def int_(text: Any) -> Expr:
    """A text as integer."""
    return call("int", text)


def json_(text: Any) -> Expr:
    """JSON text, or XML, as its value."""
    return call("json", text)


def string(value: Any) -> Expr:
    """A value as text; arrays and objects as JSON."""
    return call("string", value)


def uri_component(text: Any) -> Expr:
    """A text with ``%`` sequences for what a URI cannot hold."""
    return call("uriComponent", text)


def uri_component_to_binary(text: Any) -> Expr:
    """A URI component as binary content."""
    return call("uriComponentToBinary", text)


def uri_component_to_string(text: Any) -> Expr:
    """A URI component as text."""
    return call("uriComponentToString", text)


def xml(value: Any) -> Expr:
    """XML text, or an object with one key, as XML."""
    return call("xml", value)


def xpath(document: Any, path: Any) -> Expr:
    """What an XPath finds in XML."""
    return call("xpath", document, path)


# --- math ------------------------------------------------------------------------------------------------------------


def add(first: Any, second: Any) -> Expr:
    """The sum."""
    return call("add", first, second)


def div(first: Any, second: Any) -> Expr:
    """The quotient; of two integers an integer."""
    return call("div", first, second)


def max_(first: Any, *more: Any) -> Expr:
    """The greatest of the numbers, or of an array."""
    return call("max", first, *more)


def min_(first: Any, *more: Any) -> Expr:
    """The least of the numbers, or of an array."""
    return call("min", first, *more)


def mod(first: Any, second: Any) -> Expr:
    """The remainder, with the dividend's sign."""
    return call("mod", first, second)


def mul(first: Any, second: Any) -> Expr:
    """The product."""
    return call("mul", first, second)


def rand(minimum: Any, maximum: Any) -> Expr:
    """A random integer from ``minimum`` to below ``maximum``."""
    return call("rand", minimum, maximum)


def range_(start: Any, count: Any) -> Expr:
    """The array of ``count`` integers from ``start``."""
    return call("range", start, count)


def sub(first: Any, second: Any) -> Expr:
    """The difference."""
    return call("sub", first, second)


# --- date ------------------------------------------------------------------------------------------------------------


def add_days(timestamp: Any, days: Any, style: Any = _NONE) -> Expr:
    """A time some days later."""
    return call("addDays", timestamp, days, *_given(style))


def add_hours(timestamp: Any, hours: Any, style: Any = _NONE) -> Expr:
    """A time some hours later."""
    return call("addHours", timestamp, hours, *_given(style))


def add_minutes(timestamp: Any, minutes: Any, style: Any = _NONE) -> Expr:
    """A time some minutes later."""
    return call("addMinutes", timestamp, minutes, *_given(style))


def add_seconds(timestamp: Any, seconds: Any, style: Any = _NONE) -> Expr:
    """A time some seconds later."""
    return call("addSeconds", timestamp, seconds, *_given(style))


def add_to_time(timestamp: Any, interval: Any, unit: Any, style: Any = _NONE) -> Expr:
    """A time some units later: ``Second`` to ``Year``."""
    return call("addToTime", timestamp, interval, unit, *_given(style))


def convert_from_utc(timestamp: Any, zone: Any, style: Any = _NONE) -> Expr:
    """A UTC time in a zone, by its Windows name."""
    return call("convertFromUtc", timestamp, zone, *_given(style))


def convert_time_zone(timestamp: Any, source: Any, target: Any, style: Any = _NONE) -> Expr:
    """A time of one zone in another."""
    return call("convertTimeZone", timestamp, source, target, *_given(style))


def convert_to_utc(timestamp: Any, zone: Any, style: Any = _NONE) -> Expr:
    """A zone's time in UTC."""
    return call("convertToUtc", timestamp, zone, *_given(style))


def day_of_month(timestamp: Any) -> Expr:
    """The day of the month, from 1."""
    return call("dayOfMonth", timestamp)


def day_of_week(timestamp: Any) -> Expr:
    """The day of the week; Sunday is 0."""
    return call("dayOfWeek", timestamp)


def day_of_year(timestamp: Any) -> Expr:
    """The day of the year, from 1."""
    return call("dayOfYear", timestamp)


def format_date_time(timestamp: Any, style: Any = _NONE) -> Expr:
    """A time in a .NET format such as ``yyyy-MM-dd``."""
    return call("formatDateTime", timestamp, *_given(style))


def get_future_time(interval: Any, unit: Any, style: Any = _NONE) -> Expr:
    """Now and some units more."""
    return call("getFutureTime", interval, unit, *_given(style))


def get_past_time(interval: Any, unit: Any, style: Any = _NONE) -> Expr:
    """Now and some units less."""
    return call("getPastTime", interval, unit, *_given(style))


def start_of_day(timestamp: Any, style: Any = _NONE) -> Expr:
    """The start of a time's day."""
    return call("startOfDay", timestamp, *_given(style))


def start_of_hour(timestamp: Any, style: Any = _NONE) -> Expr:
    """The start of a time's hour."""
    return call("startOfHour", timestamp, *_given(style))


def start_of_month(timestamp: Any, style: Any = _NONE) -> Expr:
    """The start of a time's month."""
    return call("startOfMonth", timestamp, *_given(style))


def subtract_from_time(timestamp: Any, interval: Any, unit: Any, style: Any = _NONE) -> Expr:
    """A time some units earlier: ``Second`` to ``Year``."""
    return call("subtractFromTime", timestamp, interval, unit, *_given(style))


def ticks(timestamp: Any) -> Expr:
    """A time as 100-nanosecond units since the year 1."""
    return call("ticks", timestamp)


def utc_now(style: Any = _NONE) -> Expr:
    """Now; another moment at each use."""
    return call("utcNow", *_given(style))
