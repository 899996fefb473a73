"""The Azure SDK's models, without the client that sends them.

``import azure.mgmt.datafactory.models`` also imports the management client with its HTTP stack, which takes more time
than everything else that a generation does, and which no definition uses. :func:`prepare` puts a package in its place
that loads the client when somebody asks for it.
"""

from __future__ import annotations

import importlib.util
import sys
import types
from typing import Any

_PACKAGE = "azure.mgmt.datafactory"


class _LazyPackage(types.ModuleType):
    """``azure.mgmt.datafactory`` before its own ``__init__`` was run."""

    def __getattr__(self, name: str) -> Any:
        """Run the package's own ``__init__``, then answer from it."""
        spec = self.__spec__
        if spec is None or spec.loader is None or name.startswith("__"):
            raise AttributeError(f"module '{_PACKAGE}' has no attribute '{name}'")
        self.__class__ = types.ModuleType  # type: ignore[assignment] # from here on a module like any other
        spec.loader.exec_module(self)
        return getattr(self, name)


def prepare() -> bool:
    """Let ``azure.mgmt.datafactory.models`` be imported without the client.

    Returns:
        Whether the SDK is installed. Nothing is done where it is not, or is imported already.
    """
    if _PACKAGE in sys.modules:
        return True
    try:
        spec = importlib.util.find_spec(_PACKAGE)
    except ModuleNotFoundError:
        spec = None
    if spec is None:
        return False
    package = _LazyPackage(_PACKAGE)
    package.__spec__ = spec
    package.__path__ = list(spec.submodule_search_locations or ())
    package.__file__ = spec.origin
    package.__package__ = _PACKAGE
    package.__loader__ = spec.loader
    sys.modules[_PACKAGE] = package
    vars(sys.modules["azure.mgmt"])["datafactory"] = package  # as the import statement would
    return True
