"""What rules look at one by one: activities of a type, parameters, strings, and whatever a function finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from activities_gen.rules.model import Each, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from activities_gen.rules.context import Context


def each(find: Callable[[Context], Iterable[Any]], *, of: Subject = Subject.PIPELINE) -> Each:
    """Returns a subject for each thing that a function finds in a resource.

    Args:
        find: The things; the members of a plain tuple become arguments of their own.
        of: The resources in which they are looked for.
    """
    return Each(find, of)


def activity(*types: str) -> Each:
    """Returns a subject for each activity that ADF validates, of these types or of all if none is given.

    Args:
        types: Names of types in ADF's spelling; activities may have them in any letter case.
    """
    if not types:
        return Each(lambda context: context.active)
    return Each(lambda context: (node for kind in types for node in context.pipeline.active_by_type.get(kind, ())))


EVERY_ACTIVITY = Each(lambda context: context.activities)
"""Each activity, inactive ones too."""

PARAMETER = Each(lambda context: context.parameters.items())
"""Each parameter of the pipeline: its name, and what it is declared as."""

TEXT = Each(lambda context: context.texts)
"""Each string of the pipeline."""
