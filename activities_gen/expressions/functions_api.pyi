"""Types of :mod:`activities_gen.expressions.functions_api`."""

from collections.abc import Mapping, Sequence

from activities_gen.expressions.build import Expr

Integer = int | Expr
Number = float | Expr
Boolean = bool | Expr
Array = Sequence[object] | Expr
Object = Mapping[str, object] | Expr

NAMES: dict[str, tuple[str, int, int]]

def add(left: Number, right: Number, /) -> Expr:
    """The sum."""

def add_days(time: str, days: Integer, pattern: str = ..., /) -> Expr:
    """A time some whole days on; a negative number goes back."""

def add_hours(time: str, hours: Integer, pattern: str = ..., /) -> Expr:
    """A time some whole hours on."""

def add_minutes(time: str, minutes: Integer, pattern: str = ..., /) -> Expr:
    """A time some whole minutes on."""

def add_seconds(time: str, seconds: Integer, pattern: str = ..., /) -> Expr:
    """A time some whole seconds on."""

def add_to_time(time: str, count: Integer, unit: str, pattern: str = ..., /) -> Expr:
    """A time some units on: Second, Minute, Hour, Day, Week, Month or Year, in any letter case."""

def and_(left: Boolean, right: Boolean, /) -> Expr:
    """Whether all are true. Arguments after the first false one are not evaluated. Studio takes exactly two."""

def array(value: object, /) -> Expr:
    """An array of the one value; an array is returned as it is."""

def base64(value: str, /) -> Expr:
    """Base64 of a string's UTF-8 bytes; in the engine also of an array's or object's JSON, or of encoded content."""

def base64_to_binary(value: str, /) -> Expr:
    """A binary object of base64, which is kept as it is written."""

def base64_to_string(value: str, /) -> Expr:
    """The UTF-8 text of base64. The padding must be complete."""

def binary(value: object, /) -> Expr:
    """A binary object of a value's text; encoded content is returned as it is. The documentation shows bits instead."""

def bool_(value: object, /) -> Expr:
    """A boolean of ``true`` or ``false`` in any letter case, or of a number: false is 0."""

def coalesce(first: object, /, *rest: object) -> Expr:
    """The first value that is not null, else null. Arguments behind it are not evaluated; the evaluator sees to that."""

def concat(first: str, second: str, /, *rest: str) -> Expr:
    """One string of all arguments."""

def contains(collection: str | Array | Object, part: object, /) -> Expr:
    """Whether a string has a part (letter case matters), an array an element (1 is not 1.0), an object a key (any case)."""

def convert_from_utc(time: str, zone: str, pattern: str = ..., /) -> Expr:
    """A UTC time in a zone. The time must end with ``Z``; the result has no suffix, but in the zone ``UTC``."""

def convert_time_zone(time: str, source: str, target: str, pattern: str = ..., /) -> Expr:
    """One zone's time in another. ``Z`` or an offset in the time wins over the source zone."""

def convert_to_utc(time: str, zone: str, pattern: str = ..., /) -> Expr:
    """A zone's time in UTC. It must have no suffix; a time that the clocks skip or repeat is refused."""

def create_array(first: object, /, *rest: object) -> Expr:
    """An array of the values. There must be one at least: an empty array is ``json('[]')``."""

def data_uri(value: str, /) -> Expr:
    """A data URI of a string, in base64; in the engine also of other values, as JSON, and of encoded content."""

def data_uri_to_binary(value: str, /) -> Expr:
    """A binary object of a data URI, with its content type; that is ``text/plain`` where it has none."""

def data_uri_to_string(value: str, /) -> Expr:
    """The text of a data URI. The engine reads UTF-8 here and no other character set."""

def day_of_month(time: str, /) -> Expr:
    """The day of the month, of the time in UTC where it has an offset."""

def day_of_week(time: str, /) -> Expr:
    """The day of the week, Sunday is 0. The documentation's example is wrong: 2018-03-15 is 4."""

def day_of_year(time: str, /) -> Expr:
    """The day of the year, from 1."""

def decode_base64(value: str, /) -> Expr:
    """The UTF-8 text of base64. The padding must be complete."""

def decode_data_uri(value: str, /) -> Expr:
    """The text of a data URI; the value of JSON in one; a binary object of any other type."""

def decode_uri_component(value: str, /) -> Expr:
    """The text of a URI's part; ``+`` is a blank, and what is no correct escape stays."""

def div(left: Number, right: Number, /) -> Expr:
    """The quotient: of integers cut toward zero, -7 by 2 is -3; with a float exact, though the documentation says integer."""

def empty(value: str | Array | Object, /) -> Expr:
    """Whether a string, array or object has nothing in it. The engine takes null for empty; a blank is not."""

def encode_uri_component(value: str, /) -> Expr:
    """Text escaped for a part of a URI: all but letters, digits and ``- . _ ~``. The engine joins any values first."""

def ends_with(text: str, end: str, /) -> Expr:
    """Whether a string ends with another, whatever the letter case. The empty string ends every string."""

def equals(left: object, right: object, /) -> Expr:
    """Whether the values are the same: 1 is 1.0, but 1 is not ``'1'`` or true; letter case matters; arrays by content."""

def first(value: str | Array, /) -> Expr:
    """The first element of an array, null of an empty one; the first character of a string."""

def float_(value: str, /) -> Expr:
    """A float of a string with blanks around, sign, thousands separators and exponent. The engine takes numbers too."""

def format_date_time(time: str, pattern: str = ..., /) -> Expr:
    """A time in a .NET format. The engine takes a locale too, which ADF does not document; here it can only be en-US."""

def get_future_time(count: Integer, unit: str, pattern: str = ..., /) -> Expr:
    """The current time in UTC, some units on; see ``addToTime``."""

def get_past_time(count: Integer, unit: str, pattern: str = ..., /) -> Expr:
    """The current time in UTC, some units back; see ``addToTime``."""

def greater(left: Number | str, right: Number | str, /) -> Expr:
    """Whether the first of two numbers, or of two strings by the order of en-US, is larger."""

def greater_or_equals(left: Number | str, right: Number | str, /) -> Expr:
    """Whether the first of two numbers, or of two strings by the order of en-US, is larger or the same."""

def guid(pattern: str = ..., /) -> Expr:
    """A random identifier: ``N`` digits only, ``D`` with hyphens, ``B`` in braces, ``P`` in parentheses, ``X`` in C form."""

def if_(condition: Boolean, then: object, otherwise: object, /) -> Expr:
    """The second argument where the first is true, else the third. Only the chosen one is evaluated."""

def index_of(text: str, part: str, /) -> Expr:
    """The first index of a part, whatever the letter case; -1 where there is none, 0 for the empty part."""

def int_(value: object, /) -> Expr:
    """An integer of a number or a string, whatever its form, as long as the value is whole: ``'1e3'``, ``'1,000'``, 2.0."""

def intersection(left: Array | Object, second: Array | Object, /, *rest: Array | Object) -> Expr:
    """What all arrays have, each element once, or all objects: the pairs of key and value that are the same."""

def join(collection: Array, delimiter: str, /) -> Expr:
    """The elements as text with a delimiter between; null is empty, objects are JSON."""

def json_(value: str | Expr, /) -> Expr:
    """The value of JSON text, read as leniently as Newtonsoft.Json does, or the object of XML. Empty text is null."""

def last(value: str | Array, /) -> Expr:
    """The last element of an array, null of an empty one; the last character of a string."""

def last_index_of(text: str, part: str, /) -> Expr:
    """The last index of a part, whatever the letter case; -1 where there is none."""

def length(value: str | Array, /) -> Expr:
    """The number of elements of an array, or of UTF-16 units of a string."""

def less(left: Number | str, right: Number | str, /) -> Expr:
    """Whether the first of two numbers, or of two strings by the order of en-US, is smaller."""

def less_or_equals(left: Number | str, right: Number | str, /) -> Expr:
    """Whether the first of two numbers, or of two strings by the order of en-US, is smaller or the same."""

def max_(first: Number | Array, /, *rest: Number | Array) -> Expr:
    """The largest of the numbers, or of the one array of numbers; a float where one of them is."""

def min_(first: Number | Array, /, *rest: Number | Array) -> Expr:
    """The smallest of the numbers, or of the one array of numbers; a float where one of them is."""

def mod(left: Number, right: Number, /) -> Expr:
    """The remainder, with the sign of the first number."""

def mul(left: Number, right: Number, /) -> Expr:
    """The product."""

def not_(value: Boolean, /) -> Expr:
    """The opposite of a boolean."""

def or_(left: Boolean, right: Boolean, /) -> Expr:
    """Whether one is true. Arguments after the first true one are not evaluated. Studio takes exactly two."""

def rand(low: Integer, high: Integer, /) -> Expr:
    """A random integer from ``low`` to less than ``high``; ``low`` where both are the same. Both are cut to 32 bits."""

def range_(start: Integer, count: Integer, /) -> Expr:
    """``count`` integers from ``start``: at most 100,000, and none beyond 32 bits."""

def replace(text: str, old: str, new: str, /) -> Expr:
    """Every occurrence of ``old`` replaced; letter case matters. ``old`` must not be empty."""

def skip(collection: Array, count: Integer, /) -> Expr:
    """All but the first ``count`` elements; nothing where there are not more. The engine takes strings too."""

def split(text: str, delimiter: str, /) -> Expr:
    """The parts between the delimiters, empty ones kept; letter case matters. An empty delimiter splits nothing."""

def start_of_day(time: str, pattern: str = ..., /) -> Expr:
    """The start of a time's day."""

def start_of_hour(time: str, pattern: str = ..., /) -> Expr:
    """The start of a time's hour."""

def start_of_month(time: str, pattern: str = ..., /) -> Expr:
    """The start of a time's month."""

def starts_with(text: str, start: str, /) -> Expr:
    """Whether a string starts with another, whatever the letter case. The empty string starts every string."""

def string(value: object, /) -> Expr:
    """The text of a value: null is empty, ``true`` is ``True``, ``1.0`` is ``1``, arrays and objects are compact JSON."""

def sub(left: Number, right: Number, /) -> Expr:
    """The difference."""

def substring(text: str, start: Integer, count: Integer, /) -> Expr:
    """``count`` characters from ``start``, from 0; in the engine all the rest without ``count``."""

def subtract_from_time(time: str, count: Integer, unit: str, pattern: str = ..., /) -> Expr:
    """A time some units back; see ``addToTime``."""

def take(collection: Array | str, count: Integer, /) -> Expr:
    """The first ``count`` elements or characters; all where there are not more."""

def ticks(time: str, /) -> Expr:
    """The number of 100 nanosecond steps since the start of year 1."""

def to_lower(value: str, /) -> Expr:
    """The string in lower case, by the invariant culture."""

def to_upper(value: str, /) -> Expr:
    """The string in upper case, by the invariant culture: ``ß`` stays ``ß``."""

def trim(value: str, /) -> Expr:
    """The string without Unicode white space at both ends."""

def union(left: Array | Object, second: Array | Object, /, *rest: Array | Object) -> Expr:
    """What any array has, each element once, or all keys of the objects; the last object with a key gives its value."""

def uri_component(value: str, /) -> Expr:
    """Text escaped for a part of a URI: all but letters, digits and ``- . _ ~``. The engine joins any values first."""

def uri_component_to_binary(value: str, /) -> Expr:
    """The bytes of a URI's part as a binary object."""

def uri_component_to_string(value: str, /) -> Expr:
    """The text of a URI's part; ``+`` is a blank, and what is no correct escape stays."""

def utc_now(pattern: str = ..., /) -> Expr:
    """The current time in UTC. It is another one in each activity that asks."""

def xml(value: str | Object, /) -> Expr:
    """An XML object of XML text, or of an object with one root property. JSON text is not accepted."""

def xpath(document: Expr, path: str, /) -> Expr:
    """What an XPath 1.0 expression selects in an XML object."""
