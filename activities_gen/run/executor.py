"""What stands between the engine and the work inside an execution activity.

The engine is one state machine; an executor says what its time is and how an attempt ends. The stub executor answers
in virtual time, the process executor starts real processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from activities_gen.run.errors import Error
    from activities_gen.run.state import ActivityRun, Attempt


@dataclass(frozen=True)
class Completion:
    """How an attempt ended: with ``output``, or with ``error``."""

    attempt: Attempt
    output: Any = None
    error: Error | None = None


class Executor(Protocol):
    """Runs attempts; the engine's clock."""

    def now(self) -> int:
        """Microseconds since the run began."""

    def start(self, attempt: Attempt) -> None:
        """Begin an attempt; its completion comes from ``wait``."""

    def stop(self, attempt: Attempt) -> None:
        """End an attempt early; its completion comes from ``wait`` once nothing of it runs any more."""

    def wait(self, deadline: int | None) -> Sequence[Completion]:
        """The next completions, or none where ``deadline`` (microseconds since the run began) comes first.

        Raises:
            Interrupted: The run is to be ended early.
        """

    def replaces(self, run: ActivityRun) -> bool:
        """Whether the executor, not the engine, stands in for this ``ExecutePipeline`` activity."""

    def next_event(self) -> int | None:
        """When the next completion is due, ``None`` if none is; in real time, now."""

    def volatile(self) -> int:
        """A number that grows with each answer that need not be the same next time."""
