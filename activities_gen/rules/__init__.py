"""The rules: everything that would go wrong in Azure, found in the JSON before it gets there.

The families are imported when somebody asks for the rules, for a generation needs two of them only.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import Target

if TYPE_CHECKING:
    from activities_gen.rules.engine import check_documents
    from activities_gen.rules.inspection import (
        inspect_directories,
        inspect_directory,
        inspect_file,
        inspect_folder,
        inspect_repository,
    )
    from activities_gen.rules.model import RULES, Flowehr, Options, Rule

__all__ = [
    "RULES",
    "Flowehr",
    "Options",
    "Rule",
    "Target",
    "check_documents",
    "inspect_directories",
    "inspect_directory",
    "inspect_file",
    "inspect_folder",
    "inspect_repository",
]

STRUCTURE = ("names", "dependencies")
"""The families that a generation asks: names that can be and are there once, dependencies on what is there."""

FAMILIES = (
    "reading",
    "names",
    "limits",
    "keys",
    "elsewhere",
    "policy",
    "dependencies",
    "nesting",
    "control",
    "declarations",
    "usage",
    "expressions",
    "scoping",
    "results",
    "databricks",
    "libraries",
    "clusters",
    "execute_pipeline",
    "references",
    "triggers",
    "windows",
    "schedules",
    "events",
    "secrets",
    "flowehr",
    "flowehr_trigger",
    "terraform",
    "directories",
)
"""The modules that register rules when they are imported."""

_HOMES = {
    "check_documents": "engine",
    "inspect_directories": "inspection",
    "inspect_directory": "inspection",
    "inspect_file": "inspection",
    "inspect_repository": "inspection",
    "inspect_folder": "inspection",
    "RULES": "model",
    "Flowehr": "model",
    "Options": "model",
    "Rule": "model",
}


def load(families: tuple[str, ...] = FAMILIES) -> None:
    """Import families of rules, and so register them."""
    for family in families:
        import_module(f"{__name__}.{family}")


def __getattr__(name: str) -> Any:
    """Import a public name, and every rule, when it is first used."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    load()
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
