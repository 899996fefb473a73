"""Modules that are imported when they are first used: what few expressions need costs the others nothing.

Types stay known, since a type checker sees an ordinary import::

    if TYPE_CHECKING:
        from activities_gen.expressions import collation
    else:
        collation = lazy_module("activities_gen.expressions.collation")
"""

from __future__ import annotations

from importlib import import_module
from typing import Any


class _LazyModule:
    """Stands for a module; each attribute is taken from it once."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        """Import the module, and keep the attribute."""
        value = getattr(import_module(self._name), attribute)
        setattr(self, attribute, value)
        return value


def lazy_module(name: str) -> Any:
    """The module of that name, imported when one of its attributes is first used.

    Args:
        name: The module's full name.
    """
    return _LazyModule(name)
