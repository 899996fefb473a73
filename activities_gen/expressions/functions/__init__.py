"""The functions of the language, one module for each family of ADF's documentation.

Its conversions are two: those of encoded content, which need XML and XPath, stand by themselves. A family is imported
when a function is looked for that no family before it has.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING

from activities_gen.lazy import lazy_module

if TYPE_CHECKING:
    from activities_gen.expressions.registry import Family, Function

FAMILIES = ("string", "collection", "logical", "math", "conversion", "date", "content")
"""The families, those that are used most and imported fastest first."""

READERS = ("pipeline", "variables", "activity", "item", "dataset", "linkedService", "trigger", "triggerBody")
"""The functions that read the context, as ADF writes them."""

NAMED_READERS = frozenset({"variables", "activity"})
"""Those of them that take one argument, a name; the others take none."""


@cache
def family(name: str) -> Family:
    """The functions of a family, by their names in lower case."""
    functions: Family = lazy_module(f"{__name__}.{name}").FUNCTIONS
    return functions


@cache
def all_functions() -> tuple[Function, ...]:
    """All functions: ADF's, and nothing else that the engine may know."""
    return tuple(function for name in FAMILIES for function in family(name).values())


@lru_cache(maxsize=1024)
def find(name: str) -> Function | None:
    """The function of that name, in any letter case; ``None`` if ADF has none."""
    key = name.lower()
    return next((found for each in FAMILIES if (found := family(each).get(key)) is not None), None)
