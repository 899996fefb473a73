"""Whether a file can be read at all, and has the form of an ADF resource."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.catalogue import Target
from activities_gen.findings import Severity
from activities_gen.model.values import is_arm, kind_of
from activities_gen.rules.model import Violation, rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.rules.context import Context


@rule("ADF004")
def activities_are_a_list(context: Context) -> Iterator[Violation]:
    """Missing activities, or something else than a list."""
    properties = context.document.properties
    value = properties.get("activities")
    if "activities" not in properties:
        severity = None if context.options.target is Target.FLOWEHR else Severity.WARNING
        yield Violation(
            "The pipeline has no list 'activities' in its 'properties'. Add one.", ("properties",), severity
        )
    elif not isinstance(value, list) and not is_arm(value):
        yield Violation(f"'activities' is {kind_of(value)}; it must be a list.", ("properties", "activities"))


@rule("ADF005")
def activities_are_objects(context: Context) -> Iterator[Violation]:
    """A null, a string or the like among the activities."""
    yield from _strays(context.document.activities, ("properties", "activities"), "the pipeline")
    for node in context.activities:
        for branch in node.branches:
            yield from _strays(branch.entries, branch.path, repr(node.name))


def _strays(members: list[Any], path: tuple[str | int, ...], owner: str) -> Iterator[Violation]:
    for index, member in enumerate(members):
        if not isinstance(member, dict) and not is_arm(member):
            yield Violation(
                f"Activity {index + 1} of {owner} is {kind_of(member)}; it must be an object. Delete it.",
                (*path, index),
            )
