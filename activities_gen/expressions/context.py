"""What an expression can read: parameters, variables, results of activities, the item, the system, the clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from activities_gen.expressions.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random


class Missing:
    """The type of :data:`MISSING`."""

    def __repr__(self) -> str:
        """``MISSING``."""
        return "MISSING"


MISSING: Final = Missing()
"""Stands for what is out of scope, where null would be a value."""


@dataclass(frozen=True)
class ActivityResult:
    """What an activity left behind, as ``activity('Name')`` gives it.

    Attributes:
        output: Its output, JSON.
        status: ``Succeeded``, ``Failed``, ``Skipped`` and so on.
        error: The error's object, with ``message`` and ``errorCode``; null if there is none.
    """

    output: Any = None
    status: str = "Succeeded"
    error: Any = None

    def as_json(self) -> dict[str, Any]:
        """The object that ``activity('Name')`` is."""
        return {"output": self.output, "status": self.status, "error": self.error}


class FoldedResults(Mapping[str, Any]):
    """Results of activities that are looked up by folded names already, one at a time."""


def _utc_now() -> datetime:
    return datetime.now(timezone.utc)


@dataclass(frozen=True, kw_only=True, eq=False)
class Context:
    """What an expression is evaluated with. Everything may be left out.

    A context that holds anything of a pipeline is one of a pipeline's JSON, where ``dataset()`` and
    ``linkedService()`` are no functions; they are in a context that has nothing else, for the JSON of a dataset or a
    linked service.

    Attributes:
        parameters: The pipeline's parameters, ``pipeline().parameters``.
        global_parameters: The factory's, ``pipeline().globalParameters``.
        variables: The pipeline's variables, ``variables('name')``.
        activities: Results by activity name: an :class:`ActivityResult`, or the object itself.
        item: ``item()`` inside a ForEach or a Filter, :data:`MISSING` elsewhere.
        system: Other properties of ``pipeline()``, as ``RunId`` and ``TriggerTime``.
        dataset: A dataset's parameters, ``dataset()``.
        linked_service: A linked service's parameters, ``linkedService()``.
        trigger: ``trigger()`` in a trigger's JSON.
        trigger_body: ``triggerBody()`` in a trigger's JSON.
        clock: The current time, aware of its zone; it is taken as UTC where it is naive.
        random: The source of ``rand`` and ``guid``; the system's own if it is left out.
    """

    parameters: Mapping[str, Any] = field(default_factory=dict)
    global_parameters: Mapping[str, Any] = field(default_factory=dict)
    variables: Mapping[str, Any] = field(default_factory=dict)
    activities: Mapping[str, ActivityResult | Mapping[str, Any]] = field(default_factory=dict)
    item: Any = MISSING
    system: Mapping[str, Any] = field(default_factory=dict)
    dataset: Mapping[str, Any] | None = None
    linked_service: Mapping[str, Any] | None = None
    trigger: Mapping[str, Any] | None = None
    trigger_body: Mapping[str, Any] | None = None
    clock: Callable[[], datetime] = field(default=_utc_now, repr=False)
    random: Random | None = field(default=None, repr=False)

    @cached_property
    def is_pipeline(self) -> bool:
        """Whether the expression stands in a pipeline: anything of one is there, or nothing of anything else."""
        of_pipeline = (self.parameters, self.global_parameters, self.variables, self.activities, self.system)
        others = (self.dataset, self.linked_service, self.trigger, self.trigger_body)
        return any(of_pipeline) or self.item is not MISSING or all(other is None for other in others)

    @cached_property
    def random_source(self) -> Random:
        """What ``rand`` and ``guid`` draw from."""
        from random import SystemRandom  # noqa: PLC0415 - rarely needed, and slow to import

        return self.random or SystemRandom()

    @cached_property
    def pipeline(self) -> dict[str, Any]:
        """The object that ``pipeline()`` is."""
        return {
            "globalParameters": dict(self.global_parameters),
            "parameters": dict(self.parameters),
            **self.system,
        }

    @cached_property
    def folded_variables(self) -> dict[str, Any]:
        """The variables by their folded names."""
        return {fold(name): value for name, value in self.variables.items()}

    @cached_property
    def folded_activities(self) -> Mapping[str, Any]:
        """The results by the activities' folded names."""
        if isinstance(self.activities, FoldedResults):
            return self.activities
        return {
            fold(name): result.as_json() if isinstance(result, ActivityResult) else result
            for name, result in self.activities.items()
        }
