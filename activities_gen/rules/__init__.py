"""The rules: everything that would go wrong in Azure, found in the JSON before it gets there."""

from activities_gen.rules import (
    control,
    databricks,
    declarations,
    dependencies,
    directories,
    execute_pipeline,
    expressions,
    flowehr,
    flowehr_trigger,
    keys,
    libraries,
    limits,
    names,
    nesting,
    policy,
    reading,
    references,
    results,
    schedules,
    scoping,
    secrets,
    suppressions,
    terraform,
    triggers,
    usage,
)
from activities_gen.rules.engine import check_documents
from activities_gen.rules.inspection import inspect_directories, inspect_directory, inspect_file, inspect_repository
from activities_gen.rules.model import RULES, Flowehr, Options, Rule, Target

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
    "inspect_repository",
]

FAMILIES = (
    reading,
    names,
    limits,
    keys,
    policy,
    dependencies,
    nesting,
    control,
    declarations,
    usage,
    expressions,
    scoping,
    results,
    databricks,
    libraries,
    execute_pipeline,
    references,
    triggers,
    schedules,
    secrets,
    flowehr,
    flowehr_trigger,
    terraform,
    directories,
    suppressions,
)
"""The modules that register rules when they are imported."""
