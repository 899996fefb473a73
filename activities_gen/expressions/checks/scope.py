"""What is known of the place where an expression stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from activities_gen.expressions.reference import Path


@dataclass(frozen=True, kw_only=True)
class Scope:
    """What is known of the place where an expression stands. ``None`` means that it is not known.

    Attributes:
        document: What the JSON around it defines.
        parameters: The pipeline's parameters, or the dataset's or linked service's: names and declared types.
        global_parameters: The factory's parameters: names and declared types.
        variables: The pipeline's variables: names and declared types.
        item_in_scope: Whether ``item()`` has a meaning there.
        outputs: The types that a property of ``activity('name')`` can have, by the name and the path; empty if they are
            not known.
    """

    document: Literal["pipeline", "dataset", "linked_service", "trigger"] = "pipeline"
    parameters: Mapping[str, str] | None = None
    global_parameters: Mapping[str, str] | None = None
    variables: Mapping[str, str] | None = None
    item_in_scope: bool | None = None
    outputs: Callable[[str, Path], frozenset[str]] | None = None

    @property
    def in_pipeline(self) -> bool:
        """Whether the expression stands in a pipeline."""
        return self.document == "pipeline"
