"""The functions of the ADF expression language as Python functions. Each returns an expression.

Arguments are expressions or plain values; see :func:`activities_gen.expressions.build.argument`. Names are ADF's in snake
case, with an underscore behind those that Python has taken: ``if_``, ``int_``, ``max_``.

Written by ``tools/write_functions.py`` from the registry of functions; do not edit.
"""

# fmt: off
from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.expressions.build import NOT_GIVEN, call

if TYPE_CHECKING:
    from activities_gen.expressions.expr import Expr

    Integer = int | Expr
    Number = float | Expr
    Boolean = bool | Expr
    Array = list[Any] | tuple[Any, ...] | Expr
    Object = dict[str, Any] | Expr


def concat(first: Any, second: Any, *more: Any) -> Expr:
    """One string of all arguments."""
    return call("concat", first, second, *more)

def starts_with(text: str, start: str) -> Expr:
    """Whether a string starts with another, whatever the letter case. The empty string starts every string."""
    return call("startsWith", text, start)

def ends_with(text: str, end: str) -> Expr:
    """Whether a string ends with another, whatever the letter case. The empty string ends every string."""
    return call("endsWith", text, end)

def guid(style: str = NOT_GIVEN) -> Expr:
    """A random identifier: ``N`` digits only, ``D`` with hyphens, ``B`` in braces, ``P`` in parentheses, ``X`` in C form."""
    return call("guid", style)

def index_of(text: str, part: str) -> Expr:
    """The first index of a part, whatever the letter case; -1 if there is none, 0 for the empty part."""
    return call("indexOf", text, part)

def last_index_of(text: str, part: str) -> Expr:
    """The last index of a part, whatever the letter case; -1 if there is none."""
    return call("lastIndexOf", text, part)

def replace(text: str, old: str, new: str) -> Expr:
    """Every occurrence of ``old`` replaced; letter case matters. ``old`` must not be empty, unless the text is."""
    return call("replace", text, old, new)

def split(text: str, delimiter: str) -> Expr:
    """The parts between the delimiters, empty ones kept; letter case matters. An empty delimiter splits nothing."""
    return call("split", text, delimiter)

def substring(text: str, start: Integer, count: Integer) -> Expr:
    """``count`` characters from ``start``, from 0; in the engine all the rest without ``count``."""
    return call("substring", text, start, count)

def to_lower(text: str) -> Expr:
    """The string in lower case, by the invariant culture."""
    return call("toLower", text)

def to_upper(text: str) -> Expr:
    """The string in upper case, by the invariant culture: ``ß`` stays ``ß``."""
    return call("toUpper", text)

def trim(text: str) -> Expr:
    """The string without Unicode white space at both ends."""
    return call("trim", text)

def contains(collection: Array | Object | str, value: Any) -> Expr:
    """Whether a string has a part (letter case matters), an array an element (1 is not 1.0), an object a key (any case)."""
    return call("contains", collection, value)

def empty(collection: Array | Object | str | None) -> Expr:
    """Whether a string, array or object has nothing in it. The engine takes null for empty; a blank is not."""
    return call("empty", collection)

def first(collection: Array | str) -> Expr:
    """The first element of an array, null of an empty one; the first character of a string."""
    return call("first", collection)

def last(collection: Array | str) -> Expr:
    """The last element of an array, null of an empty one; the last character of a string."""
    return call("last", collection)

def intersection(first: Any, second: Any, *more: Any) -> Expr:
    """Returns what all arrays have, each element once, or all objects: the pairs of key and value that are the same."""
    return call("intersection", first, second, *more)

def union(first: Any, second: Any, *more: Any) -> Expr:
    """Returns what any array has, each element once, or all keys of the objects."""
    return call("union", first, second, *more)

def join(array: Array, delimiter: str) -> Expr:
    """The elements as text with a delimiter between; null is empty, objects are JSON."""
    return call("join", array, delimiter)

def length(collection: Array | str) -> Expr:
    """The number of elements of an array, or of UTF-16 units of a string. Null and objects are refused."""
    return call("length", collection)

def skip(array: Array | str, count: Integer) -> Expr:
    """All but the first ``count`` elements; nothing if there are not more."""
    return call("skip", array, count)

def take(collection: Array | str, count: Integer) -> Expr:
    """The first ``count`` elements or characters; all where there are not more. A negative count is refused."""
    return call("take", collection, count)

def and_(first: Boolean, second: Boolean) -> Expr:
    """Whether all are true. Arguments after the first false one are not evaluated. Studio takes exactly two."""
    return call("and", first, second)

def or_(first: Boolean, second: Boolean) -> Expr:
    """Whether one is true. Arguments after the first true one are not evaluated. Studio takes exactly two."""
    return call("or", first, second)

def if_(condition: Boolean, then: Any, otherwise: Any) -> Expr:
    """The second argument where the first is true, else the third. Only the chosen one is evaluated."""
    return call("if", condition, then, otherwise)

def not_(condition: Boolean) -> Expr:
    """The opposite of a boolean; nothing else is taken for one, not ``'true'`` and not 1."""
    return call("not", condition)

def equals(first: Any, second: Any) -> Expr:
    """Whether the values are the same: 1 is 1.0, but 1 is not ``'1'`` or true; letter case matters; arrays by content."""
    return call("equals", first, second)

def greater(first: Any, second: Any) -> Expr:
    """Whether the first of two numbers, or of two strings by the order of en-US, is larger."""
    return call("greater", first, second)

def greater_or_equals(first: Any, second: Any) -> Expr:
    """Whether the first of two numbers, or of two strings by the order of en-US, is larger or the same."""
    return call("greaterOrEquals", first, second)

def less(first: Any, second: Any) -> Expr:
    """Whether the first of two numbers, or of two strings by the order of en-US, is smaller."""
    return call("less", first, second)

def less_or_equals(first: Any, second: Any) -> Expr:
    """Whether the first of two numbers, or of two strings by the order of en-US, is smaller or the same."""
    return call("lessOrEquals", first, second)

def add(first: Number, second: Number) -> Expr:
    """The sum. An integer beyond 64 bits is refused; infinity is a float."""
    return call("add", first, second)

def sub(first: Number, second: Number) -> Expr:
    """The difference; see ``add``."""
    return call("sub", first, second)

def mul(first: Number, second: Number) -> Expr:
    """The product; see ``add``."""
    return call("mul", first, second)

def div(first: Number, second: Number) -> Expr:
    """The quotient: of integers cut toward zero, -7 by 2 is -3; with a float exact, though the documentation says integer."""
    return call("div", first, second)

def mod(first: Number, second: Number) -> Expr:
    """The remainder, with the sign of the first number. Zero as divisor is refused, as a float too."""
    return call("mod", first, second)

def max_(first: Any, *more: Any) -> Expr:
    """The largest of the numbers, or of the one array of numbers, which must not be empty; a float where one of them is."""
    return call("max", first, *more)

def min_(first: Any, *more: Any) -> Expr:
    """The smallest of the numbers, or of the one array of numbers, which must not be empty; a float where one of them is."""
    return call("min", first, *more)

def rand(minimum: Integer, maximum: Integer) -> Expr:
    """A random integer from ``low`` to less than ``high``; ``low`` where both are the same."""
    return call("rand", minimum, maximum)

def range_(start: Integer, count: Integer) -> Expr:
    """``count`` integers from ``start``: at most 100,000, and none beyond 32 bits."""
    return call("range", start, count)

def array(value: Any) -> Expr:
    """An array of the one value; an array is returned as it is."""
    return call("array", value)

def create_array(first: Any, *more: Any) -> Expr:
    """An array of the values. There must be one at least: an empty array is ``json('[]')``."""
    return call("createArray", first, *more)

def coalesce(first: Any, *more: Any) -> Expr:
    """The first value that is not null, else null. Arguments behind it are not evaluated; the evaluator sees to that."""
    return call("coalesce", first, *more)

def bool_(value: Any) -> Expr:
    """A boolean of ``true`` or ``false`` in any letter case, or of a number: false is 0. Other text, as ``'1'``, is refused."""
    return call("bool", value)

def float_(text: Any) -> Expr:
    """A float of a string with blanks around, sign, thousands separators and exponent. The engine takes numbers too."""
    return call("float", text)

def int_(text: Any) -> Expr:
    """An integer of a number or a string, whatever its form, as long as the value is whole: ``'1e3'``, ``'1,000'``, 2.0."""
    return call("int", text)

def json_(text: Object | str) -> Expr:
    """The value of JSON text, read as leniently as Newtonsoft.Json does, or the object of XML. Empty text is null."""
    return call("json", text)

def string(value: Any) -> Expr:
    """The text of a value: null is empty, ``true`` is ``True``, ``1.0`` is ``1``, arrays and objects are compact JSON."""
    return call("string", value)

def encode_uri_component(text: Any) -> Expr:
    """Text escaped for a part of a URI: all but letters, digits and ``- . _ ~``. The engine joins any values first."""
    return call("encodeUriComponent", text)

def uri_component(text: Any) -> Expr:
    """Text escaped for a part of a URI: all but letters, digits and ``- . _ ~``. The engine joins any values first."""
    return call("uriComponent", text)

def decode_uri_component(text: str) -> Expr:
    """The text of a URI's part; ``+`` is a blank, ``%u20AC`` a UTF-16 unit, and what is no correct escape stays."""
    return call("decodeUriComponent", text)

def uri_component_to_string(text: str) -> Expr:
    """The text of a URI's part; ``+`` is a blank, ``%u20AC`` a UTF-16 unit, and what is no correct escape stays."""
    return call("uriComponentToString", text)

def uri_component_to_binary(text: str) -> Expr:
    """The bytes of a URI's part as a binary object; ``%u20AC`` stays as it is."""
    return call("uriComponentToBinary", text)

def add_days(timestamp: str, days: Integer, style: str = NOT_GIVEN) -> Expr:
    """A time some whole days on; a negative number goes back."""
    return call("addDays", timestamp, days, style)

def add_hours(timestamp: str, hours: Integer, style: str = NOT_GIVEN) -> Expr:
    """A time some whole hours on."""
    return call("addHours", timestamp, hours, style)

def add_minutes(timestamp: str, minutes: Integer, style: str = NOT_GIVEN) -> Expr:
    """A time some whole minutes on."""
    return call("addMinutes", timestamp, minutes, style)

def add_seconds(timestamp: str, seconds: Integer, style: str = NOT_GIVEN) -> Expr:
    """A time some whole seconds on."""
    return call("addSeconds", timestamp, seconds, style)

def add_to_time(timestamp: str, interval: Integer, unit: str, style: str = NOT_GIVEN) -> Expr:
    """A time some units on: Second, Minute, Hour, Day, Week, Month or Year, in any letter case, or its number from 1."""
    return call("addToTime", timestamp, interval, unit, style)

def subtract_from_time(timestamp: str, interval: Integer, unit: str, style: str = NOT_GIVEN) -> Expr:
    """A time some units back; see ``addToTime``."""
    return call("subtractFromTime", timestamp, interval, unit, style)

def get_future_time(interval: Integer, unit: str, style: str = NOT_GIVEN) -> Expr:
    """The current time in UTC, some units on; see ``addToTime``."""
    return call("getFutureTime", interval, unit, style)

def get_past_time(interval: Integer, unit: str, style: str = NOT_GIVEN) -> Expr:
    """The current time in UTC, some units back; see ``addToTime``."""
    return call("getPastTime", interval, unit, style)

def format_date_time(timestamp: str, style: str = NOT_GIVEN) -> Expr:
    """A time in a .NET format. The engine takes a locale too, which ADF does not document; here it can only be en-US."""
    return call("formatDateTime", timestamp, style)

def utc_now(style: str = NOT_GIVEN) -> Expr:
    """The current time in UTC. It is another one in each activity that asks."""
    return call("utcNow", style)

def start_of_day(timestamp: str, style: str = NOT_GIVEN) -> Expr:
    """The start of a time's day. A time with an offset is one in UTC first, as everywhere here."""
    return call("startOfDay", timestamp, style)

def start_of_hour(timestamp: str, style: str = NOT_GIVEN) -> Expr:
    """The start of a time's hour."""
    return call("startOfHour", timestamp, style)

def start_of_month(timestamp: str, style: str = NOT_GIVEN) -> Expr:
    """The start of a time's month."""
    return call("startOfMonth", timestamp, style)

def day_of_month(timestamp: str) -> Expr:
    """The day of the month, of the time in UTC where it has an offset."""
    return call("dayOfMonth", timestamp)

def day_of_week(timestamp: str) -> Expr:
    """The day of the week, Sunday is 0. The documentation's example is wrong: 2018-03-15 is 4."""
    return call("dayOfWeek", timestamp)

def day_of_year(timestamp: str) -> Expr:
    """The day of the year, from 1."""
    return call("dayOfYear", timestamp)

def ticks(timestamp: str) -> Expr:
    """The number of 100 nanosecond steps since the start of year 1."""
    return call("ticks", timestamp)

def convert_from_utc(timestamp: str, zone: str, style: str = NOT_GIVEN) -> Expr:
    """A UTC time in a zone. The time must end with ``Z``; the result has no suffix, but in the zone ``UTC``."""
    return call("convertFromUtc", timestamp, zone, style)

def convert_to_utc(timestamp: str, zone: str, style: str = NOT_GIVEN) -> Expr:
    """A zone's time in UTC. It must have no suffix; a time that the clocks skip or repeat is refused."""
    return call("convertToUtc", timestamp, zone, style)

def convert_time_zone(timestamp: str, source: str, target: str, style: str = NOT_GIVEN) -> Expr:
    """One zone's time in another. ``Z`` or an offset in the time wins over the source zone."""
    return call("convertTimeZone", timestamp, source, target, style)

def base64(text: Array | Object | str) -> Expr:
    """Base64 of a string's UTF-8 bytes; in the engine also of an array's or object's JSON, or of encoded content."""
    return call("base64", text)

def decode_base64(text: str) -> Expr:
    """The UTF-8 text of base64. The padding must be complete."""
    return call("decodeBase64", text)

def base64_to_string(text: str) -> Expr:
    """The UTF-8 text of base64. The padding must be complete."""
    return call("base64ToString", text)

def base64_to_binary(text: str) -> Expr:
    """A binary object of base64, which is kept as it is written."""
    return call("base64ToBinary", text)

def binary(text: Array | Boolean | Number | Object | str) -> Expr:
    """A binary object of a value's text; encoded content is returned as it is. The documentation shows bits instead."""
    return call("binary", text)

def data_uri(text: Array | Boolean | Number | Object | str) -> Expr:
    """A data URI of a string, in base64; in the engine also of other values, as JSON, and of encoded content."""
    return call("dataUri", text)

def data_uri_to_binary(uri: str) -> Expr:
    """A binary object of a data URI, with its content type; that is ``text/plain`` if it has none."""
    return call("dataUriToBinary", uri)

def data_uri_to_string(uri: str) -> Expr:
    """The text of a data URI. The engine reads UTF-8 here and no other character set."""
    return call("dataUriToString", uri)

def decode_data_uri(uri: str) -> Expr:
    """The text of a data URI; the value of JSON in one; a binary object of any other type."""
    return call("decodeDataUri", uri)

def xml(value: Object | str) -> Expr:
    """An XML object of XML text, or of an object with one root property. JSON text is not accepted."""
    return call("xml", value)

def xpath(document: Any, path: str) -> Expr:
    """Returns what an XPath 1.0 expression selects in an XML object."""
    return call("xpath", document, path)
