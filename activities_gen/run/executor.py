"""What stands between the engine and the work inside an execution activity.

The engine is one state machine; an executor says what its time is and how an attempt ends. The stub executor answers
in virtual time, the process executor starts real processes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from activities_gen.run.state import ActivityRun


@dataclass(frozen=True)
class Error:
    """Why an activity failed, in the words that ADF's expressions read.

    Attributes:
        code: ``activity('X').error.errorCode``.
        message: ``activity('X').error.message``.
        failure_type: ``activity('X').error.failureType``: ``UserError`` or ``SystemError``.
    """

    code: str
    message: str
    failure_type: str = "UserError"


class Failure(Exception):  # noqa: N818 - how an activity ends, not a defect of the program
    """An activity fails, with the error that expressions read."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.error = Error(code, message)


class Interrupted(Exception):  # noqa: N818 - a wish, not a defect
    """The run is to be ended early; raised by an executor's ``wait`` alone, where the engine's state is whole."""


@dataclass(eq=False)
class Attempt:
    """One try at an execution activity.

    Attributes:
        run: The activity's run.
        number: From 1.
        started: When it started, microseconds since the run did.
        ended: When it ended, ``None`` while it is under way.
        error: Why it failed, ``None`` where it did not.
        log: File of what it wrote, where there is one.
        stopping: Why the engine has it stopped: ``timeout``, ``cancel`` or empty.
    """

    run: ActivityRun
    number: int
    started: int
    ended: int | None = None
    error: Error | None = None
    log: str | None = None
    stopping: str = ""


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
        """When the next completion is due, ``None`` where none is; in real time, now."""

    def volatile(self) -> int:
        """A number that grows with each answer that need not be the same next time."""
