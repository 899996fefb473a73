"""The Azure SDK's models, without the client that sends them.

``import azure.mgmt.datafactory.models`` also imports the management client with its HTTP stack, which takes more time
than everything else that a generation does, and which no definition uses. :func:`prepare` puts packages in their place
that load it when somebody asks for it.
"""

from __future__ import annotations

import importlib
import importlib.util
import sys
import types
from typing import Any

_LIGHT: dict[str, dict[str, str]] = {
    "azure.core": {
        "CaseInsensitiveEnumMeta": "_enum_meta:CaseInsensitiveEnumMeta",
        "MatchConditions": "_match_conditions:MatchConditions",
        "__version__": "_version:VERSION",
    },
    "azure.mgmt.datafactory": {},
}
"""The packages whose ``__init__`` imports the HTTP stack, and the names in them that do without: where they are."""


class _LazyPackage(types.ModuleType):
    """A package before its own ``__init__`` was run."""

    def __getattr__(self, name: str) -> Any:
        """Answer what is light; else run the package's own ``__init__`` and answer from it."""
        package, spec = self.__name__, self.__spec__
        if name in _LIGHT[package]:
            module, _, attribute = _LIGHT[package][name].partition(":")
            return getattr(importlib.import_module(f"{package}.{module}"), attribute)
        if spec is None or spec.loader is None or name.startswith("__"):
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        self.__class__ = types.ModuleType  # type: ignore[assignment] # from here on a module like any other
        spec.loader.exec_module(self)
        return getattr(self, name)


def prepare() -> bool:
    """Let ``azure.mgmt.datafactory.models`` be imported without the client.

    Returns:
        Whether the SDK is installed. Nothing is done if it is not, or is imported already.
    """
    return all(map(_prepare, _LIGHT))


def _prepare(name: str) -> bool:
    if name in sys.modules:
        return True
    try:
        spec = importlib.util.find_spec(name)
    except ModuleNotFoundError:
        spec = None
    if spec is None:
        return False
    package = _LazyPackage(name)
    package.__spec__ = spec
    package.__path__ = list(spec.submodule_search_locations or ())
    package.__file__ = spec.origin
    package.__package__ = name
    package.__loader__ = spec.loader
    sys.modules[name] = package
    parent, _, own = name.rpartition(".")
    vars(sys.modules[parent])[own] = package  # as the import statement would
    return True
