"""What the handlers of activities may ask of the engine that runs them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from activities_gen.model.pipeline import Pipeline
    from activities_gen.run.errors import Error
    from activities_gen.run.executor import Executor
    from activities_gen.run.state import ActivityRun, PipelineRun
    from activities_gen.run.timers import Timers
    from activities_gen.run.waits import Waits


class Machine(Protocol):
    """The engine as handlers see it.

    Attributes:
        now: Microseconds since the run began.
        timers: What is to be done later.
        executor: Runs the execution activities.
        repository: The pipelines that may be started, by name in lower case.
        waits: Which waits take their time.
    """

    now: int
    timers: Timers
    executor: Executor
    repository: Mapping[str, Pipeline]
    waits: Waits

    def value(self, run: ActivityRun, raw: Any, activities: Mapping[str, Any] | None = None, item: Any = ...) -> Any:
        """A JSON value of an activity, evaluated in its place."""

    def volatile(self) -> int:
        """A number that grows with each answer that need not be the same next time."""

    def next_event(self) -> int | None:
        """When the next thing happens by itself."""

    def later(self, action: Callable[[Any], None], argument: Any) -> None:
        """Do something in this same moment, after what is already to be done."""

    def enter(self, owner: ActivityRun, branch: str, index: int, item: Any) -> None:
        """Begin a pass through one of a container's branches."""

    def attempt(self, run: ActivityRun) -> None:
        """Try an execution activity."""

    def tell(self, run: ActivityRun, what: str) -> None:
        """Let the observer know."""

    def finish(self, run: ActivityRun, output: Any, error: Error | None = None) -> None:
        """End an activity as succeeded, or as failed with ``error``."""

    def child(self, parent: ActivityRun, model: Pipeline, parameters: dict[str, Any]) -> PipelineRun:
        """A run that an activity starts."""

    def submit(self, pipeline: PipelineRun) -> None:
        """Start a pipeline, or queue it."""

    def cancel_run(self, run: ActivityRun, reason: str) -> None:
        """End one activity early."""

    def end_cancelled(self, run: ActivityRun) -> None:
        """Nothing of an activity that is ended early runs any more."""
