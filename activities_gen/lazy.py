"""Modules and public names that are imported when they are first used: what few need costs the others nothing.

Types stay known, since a type checker sees an ordinary import::

    if TYPE_CHECKING:
        from activities_gen.expressions import collation
    else:
        collation = lazy_module("activities_gen.expressions.collation")
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


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
    """Returns a stand-in for a module, which is imported when one of its attributes is first used.

    Args:
        name: The module's full name.
    """
    return _LazyModule(name)


def lazy_names(
    module: str, homes: Mapping[str, Iterable[str]], before: Callable[[], None] | None = None
) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """Returns ``__getattr__`` and ``__dir__`` of a module whose public names are imported when they are first used.

    Args:
        module: The module's full name.
        homes: For each module the names to import from it, as an import statement lists them: ``"calls as functions"``
            is the name or submodule ``calls`` under another name.
        before: Called before a name is imported.
    """
    places = {name.rpartition(" as ")[2]: (home, name.partition(" as ")[0]) for home in homes for name in homes[home]}

    def get(name: str) -> Any:
        if name not in places:
            raise AttributeError(f"module {module!r} has no attribute {name!r}")
        if before is not None:
            before()
        home, own = places[name]
        value = getattr(__import__(home, fromlist=(own,)), own)
        setattr(sys.modules[module], name, value)
        return value

    return get, lambda: sorted(places)
