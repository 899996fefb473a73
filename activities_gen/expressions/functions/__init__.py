"""The functions of the language, one module for each family of ADF's documentation.

Its conversions are two: those of encoded content, which need XML and XPath, stand by themselves.

A family is imported when one of its functions is first used.
"""

from __future__ import annotations

from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from activities_gen.expressions.registry import Function

FAMILIES: dict[str, str] = {
    "string": "concat endsWith guid indexOf lastIndexOf replace split startsWith substring toLower toUpper trim",
    "collection": "contains empty first intersection join last length skip take union",
    "logical": "and equals greater greaterOrEquals if less lessOrEquals not or",
    "conversion": "array bool coalesce createArray decodeUriComponent encodeUriComponent float int json string"
    " uriComponent uriComponentToBinary uriComponentToString",
    "content": "base64 base64ToBinary base64ToString binary dataUri dataUriToBinary dataUriToString decodeBase64"
    " decodeDataUri xml xpath",
    "math": "add div max min mod mul rand range sub",
    "date": "addDays addHours addMinutes addSeconds addToTime convertFromUtc convertTimeZone convertToUtc dayOfMonth"
    " dayOfWeek dayOfYear formatDateTime getFutureTime getPastTime startOfDay startOfHour startOfMonth"
    " subtractFromTime ticks utcNow",
}
"""The names of the functions by family: ADF's list, and nothing else that the engine may know."""

LAZY = frozenset({"and", "or", "if", "coalesce"})
"""The functions that evaluate an argument only when its value is needed."""

READERS = ("pipeline", "variables", "activity", "item", "dataset", "linkedService", "trigger", "triggerBody")
"""The functions that read the context, as ADF writes them."""

NAMED_READERS = frozenset({"variables", "activity"})
"""Those of them that take one argument, a name; the others take none."""

NAMES: tuple[str, ...] = tuple(name for names in FAMILIES.values() for name in names.split())
"""All functions, as ADF writes them."""

_FAMILY_OF = {name.lower(): family for family, names in FAMILIES.items() for name in names.split()}


@lru_cache(maxsize=1024)
def find(name: str) -> Function | None:
    """The function of that name, in any letter case; ``None`` if ADF has none."""
    key = name.lower()
    family = _FAMILY_OF.get(key)
    if family is None:
        return None
    functions: dict[str, Function] = import_module(f"{__name__}.{family}").FUNCTIONS
    return functions[key]
