"""The engine's one door to the expression language."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from activities_gen.expressions import MISSING, Context, evaluate_tree

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from activities_gen.run.state import ActivityRun, PipelineRun

NO_ITEM = MISSING
"""The item outside of loops."""


class CountedRandom(random.Random):
    """A seeded source of random numbers that counts how often it was asked."""

    uses = 0

    def random(self) -> float:
        """A number from [0, 1)."""
        self.uses += 1
        return super().random()

    def getrandbits(self, k: int, /) -> int:
        """A number of ``k`` random bits."""
        self.uses += 1
        return super().getrandbits(k)


class Evaluator:
    """Evaluates what activities say, and knows whether an answer could differ the next time.

    Attributes:
        uses: How often the clock was read.
    """

    def __init__(self, clock: Callable[[], datetime], seed: int, global_parameters: Mapping[str, Any]) -> None:
        self.uses = 0
        self._clock = clock
        self._random = CountedRandom(seed)
        self._global_parameters = global_parameters

    def volatile(self) -> int:
        """A number that grows with each use of the time or of chance."""
        return self.uses + self._random.uses

    def _now(self) -> datetime:
        self.uses += 1
        return self._clock()

    def evaluate(self, value: Any, run: ActivityRun, activities: Mapping[str, Any], item: Any) -> Any:
        """A JSON value with every expression in it evaluated in the place of ``run``.

        Raises:
            ExpressionError: ADF could not evaluate it.
        """
        return value if not has_expression(value) else evaluate_tree(value, self._context(run, activities, item))

    def _context(self, run: ActivityRun, activities: Mapping[str, Any], item: Any) -> Context:
        pipeline: PipelineRun = run.scope.pipeline
        return Context(
            parameters=pipeline.parameters,
            global_parameters=self._global_parameters,
            variables=pipeline.variables,
            activities=activities,
            item=item,
            system=pipeline.system,
            clock=self._now,
            random=self._random,
        )


def has_expression(value: Any) -> bool:
    """Whether evaluating ``value`` could change it."""
    if isinstance(value, str):
        return "@" in value
    if isinstance(value, dict):
        return value.get("type") == "Expression" or any(map(has_expression, value.values()))
    return isinstance(value, list) and any(map(has_expression, value))


def evaluate_for_trigger(
    value: Any, trigger: Mapping[str, Any], now: datetime, body: Mapping[str, Any] | None = None
) -> Any:
    """A value of a trigger's parameters, evaluated with ``trigger()`` and ``triggerBody()`` as given.

    Raises:
        ExpressionError: ADF could not evaluate it.
    """
    return evaluate_tree(value, Context(trigger=trigger, trigger_body=body, clock=lambda: now))
