"""The form in which names compare: those of properties, variables and activities are the same if their forms are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.expressions.text import is_simple
from activities_gen.lazy import lazy_module

if TYPE_CHECKING:
    from activities_gen.expressions import collation
else:
    collation = lazy_module("activities_gen.expressions.collation")


def fold(text: str) -> str:
    """The form of a name: names that differ in letter case, or in what en-US overlooks, have the same."""
    return text.lower() if is_simple(text) else collation.Searchable(text).folded
