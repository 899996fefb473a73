"""The functions of the language as Python functions that build calls: ``concat("a", item().name)``.

Names are those of ADF in snake case; ``_`` stands behind those that Python has already: ``if_``, ``int_``, ``json_``.
Each is made when it is first used, so that the import stays fast; the types are in the stub file beside this one.
"""

from __future__ import annotations

from typing import Any

from activities_gen.expressions.build import Expr, call

NAMES: dict[str, tuple[str, int, int]] = {
    "add": ("add", 2, 2),
    "add_days": ("addDays", 2, 3),
    "add_hours": ("addHours", 2, 3),
    "add_minutes": ("addMinutes", 2, 3),
    "add_seconds": ("addSeconds", 2, 3),
    "add_to_time": ("addToTime", 3, 4),
    "and_": ("and", 2, 2),
    "array": ("array", 1, 1),
    "base64": ("base64", 1, 1),
    "base64_to_binary": ("base64ToBinary", 1, 1),
    "base64_to_string": ("base64ToString", 1, 1),
    "binary": ("binary", 1, 1),
    "bool_": ("bool", 1, 1),
    "coalesce": ("coalesce", 1, -1),
    "concat": ("concat", 2, -1),
    "contains": ("contains", 2, 2),
    "convert_from_utc": ("convertFromUtc", 2, 3),
    "convert_time_zone": ("convertTimeZone", 3, 4),
    "convert_to_utc": ("convertToUtc", 2, 3),
    "create_array": ("createArray", 1, -1),
    "data_uri": ("dataUri", 1, 1),
    "data_uri_to_binary": ("dataUriToBinary", 1, 1),
    "data_uri_to_string": ("dataUriToString", 1, 1),
    "day_of_month": ("dayOfMonth", 1, 1),
    "day_of_week": ("dayOfWeek", 1, 1),
    "day_of_year": ("dayOfYear", 1, 1),
    "decode_base64": ("decodeBase64", 1, 1),
    "decode_data_uri": ("decodeDataUri", 1, 1),
    "decode_uri_component": ("decodeUriComponent", 1, 1),
    "div": ("div", 2, 2),
    "empty": ("empty", 1, 1),
    "encode_uri_component": ("encodeUriComponent", 1, 1),
    "ends_with": ("endsWith", 2, 2),
    "equals": ("equals", 2, 2),
    "first": ("first", 1, 1),
    "float_": ("float", 1, 1),
    "format_date_time": ("formatDateTime", 1, 2),
    "get_future_time": ("getFutureTime", 2, 3),
    "get_past_time": ("getPastTime", 2, 3),
    "greater": ("greater", 2, 2),
    "greater_or_equals": ("greaterOrEquals", 2, 2),
    "guid": ("guid", 0, 1),
    "if_": ("if", 3, 3),
    "index_of": ("indexOf", 2, 2),
    "int_": ("int", 1, 1),
    "intersection": ("intersection", 2, -1),
    "join": ("join", 2, 2),
    "json_": ("json", 1, 1),
    "last": ("last", 1, 1),
    "last_index_of": ("lastIndexOf", 2, 2),
    "length": ("length", 1, 1),
    "less": ("less", 2, 2),
    "less_or_equals": ("lessOrEquals", 2, 2),
    "max_": ("max", 1, -1),
    "min_": ("min", 1, -1),
    "mod": ("mod", 2, 2),
    "mul": ("mul", 2, 2),
    "not_": ("not", 1, 1),
    "or_": ("or", 2, 2),
    "rand": ("rand", 2, 2),
    "range_": ("range", 2, 2),
    "replace": ("replace", 3, 3),
    "skip": ("skip", 2, 2),
    "split": ("split", 2, 2),
    "start_of_day": ("startOfDay", 1, 2),
    "start_of_hour": ("startOfHour", 1, 2),
    "start_of_month": ("startOfMonth", 1, 2),
    "starts_with": ("startsWith", 2, 2),
    "string": ("string", 1, 1),
    "sub": ("sub", 2, 2),
    "substring": ("substring", 3, 3),
    "subtract_from_time": ("subtractFromTime", 3, 4),
    "take": ("take", 2, 2),
    "ticks": ("ticks", 1, 1),
    "to_lower": ("toLower", 1, 1),
    "to_upper": ("toUpper", 1, 1),
    "trim": ("trim", 1, 1),
    "union": ("union", 2, -1),
    "uri_component": ("uriComponent", 1, 1),
    "uri_component_to_binary": ("uriComponentToBinary", 1, 1),
    "uri_component_to_string": ("uriComponentToString", 1, 1),
    "utc_now": ("utcNow", 0, 1),
    "xml": ("xml", 1, 1),
    "xpath": ("xpath", 2, 2),
}
"""The Python names; for each ADF's name and the fewest and the most arguments, -1 for any number."""

__all__ = sorted(NAMES)  # noqa: PLE0605 - a list; the stub file has the names too


def __getattr__(name: str) -> Any:
    """Make the function of that name."""
    if name not in NAMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    adf_name, fewest, most = NAMES[name]

    def build(*arguments: Any) -> Expr:
        if len(arguments) < fewest or 0 <= most < len(arguments):
            wanted = f"{fewest}" if most == fewest else f"{fewest} or more" if most < 0 else f"{fewest} to {most}"
            raise TypeError(f"{name}() takes {wanted} arguments; it was given {len(arguments)}")
        return call(adf_name, *arguments)

    build.__name__ = build.__qualname__ = name
    build.__module__ = __name__
    build.__doc__ = f"A call of ADF's function ``{adf_name}``."
    globals()[name] = build
    return build


def __dir__() -> list[str]:
    """The names of the functions, made or not."""
    return sorted({*globals(), *NAMES})
