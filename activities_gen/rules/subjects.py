"""What rules look at one by one: activities of a type, parameters, strings, and whatever a function finds."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from activities_gen.rules.model import Each, Subject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from activities_gen.model.activities import Activity as Nested
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
        types: Names of types, compared without case.
    """
    wanted = [kind.casefold() for kind in types]
    if not wanted:
        return Each(lambda context: context.active)
    return Each(lambda context: (node for kind in wanted for node in _by_type(context).get(kind, ())))


def _by_type(context: Context) -> dict[str, list[Nested]]:
    found: dict[str, list[Nested]] = context.once("by type", lambda: _grouped(context.active))
    return found


def _grouped(nodes: Iterable[Nested]) -> dict[str, list[Nested]]:
    result: dict[str, list[Nested]] = defaultdict(list)
    for node in nodes:
        result[node.type.casefold()].append(node)
    return result


EVERY_ACTIVITY = Each(lambda context: context.activities)
"""Each activity, inactive ones too."""

PARAMETER = Each(lambda context: context.parameters.items())
"""Each parameter of the pipeline: its name, and what it is declared as."""

TEXT = Each(lambda context: context.texts)
"""Each string of the pipeline."""
