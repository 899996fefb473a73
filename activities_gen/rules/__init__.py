"""The rules: everything that would go wrong in Azure, found in the JSON before it gets there.

The families are imported when somebody asks for the rules, for a generation needs two of them only.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from activities_gen.catalogue import Target
from activities_gen.lazy import lazy_names

if TYPE_CHECKING:
    from activities_gen.rules.engine import check_documents
    from activities_gen.rules.inspection import (
        inspect_directory,
        inspect_file,
        inspect_folder,
        inspect_opened,
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
    "inspect_directory",
    "inspect_file",
    "inspect_folder",
    "inspect_opened",
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
    "loops",
    "control",
    "settings",
    "declarations",
    "usage",
    "expressions",
    "scoping",
    "results",
    "outputs",
    "databricks",
    "libraries",
    "entrypoints",
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
    "activities_gen.rules.engine": ("check_documents",),
    "activities_gen.rules.inspection": (
        "inspect_directory",
        "inspect_file",
        "inspect_folder",
        "inspect_opened",
        "inspect_repository",
    ),
    "activities_gen.rules.model": ("RULES", "Flowehr", "Options", "Rule"),
}


def load(families: tuple[str, ...] = FAMILIES) -> None:
    """Import families of rules, and so register them."""
    for family in families:
        import_module(f"{__name__}.{family}")


# Whoever uses a public name gets every rule.
__getattr__, __dir__ = lazy_names(__name__, _HOMES, before=load)
