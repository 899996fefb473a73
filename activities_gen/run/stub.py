"""Given outcomes instead of work, in virtual time: what stands in for execution activities in a unit test."""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeAlias

from activities_gen.model.outputs import output_of, sample_of
from activities_gen.model.timespans import SECOND
from activities_gen.run.errors import Error
from activities_gen.run.executor import Completion

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from activities_gen.run.state import ActivityRun, Attempt

FIRST_SLEEP = 10
"""Default of a Validation's ``sleep``, in seconds."""


class SimulationError(Exception):
    """What a simulation was given does not fit the pipeline; each of ``problems`` is one sentence."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True)
class Outcome:
    """How an attempt ends.

    Attributes:
        output: What expressions read as ``activity('X').output``; ``None`` for what is documented for the activity.
        error: Why it fails, ``None`` if it succeeds.
        duration: How long it takes, in microseconds.
    """

    output: Any = None
    error: Error | None = None
    duration: int = 0


@dataclass(frozen=True)
class Steps:
    """One answer after the other; the last one again and again."""

    answers: tuple[Answer, ...]


Answer: TypeAlias = "Outcome | Steps | Mapping[str, Any] | Callable[[Any], Any]"
"""What a test may say of an activity: an outcome, several, an output, or a function of the evaluated input."""


def succeed(output: Any = None, *, duration: float | timedelta = 0) -> Outcome:
    """An attempt that succeeds.

    Args:
        output: What expressions read as ``activity('X').output``. By default the plainest output that is documented for
            the activity: a Lookup without rows, a Copy of nothing, the fields that a Get Metadata asks for.
        duration: How long it takes in virtual time, in seconds.
    """
    return Outcome(output, None, _microseconds(duration))


def fail(
    message: str = "The activity was made to fail.",
    *,
    code: str = "UserErrorStubbed",
    failure_type: str = "UserError",
    output: Mapping[str, Any] | None = None,
    duration: float | timedelta = 0,
) -> Outcome:
    """An attempt that fails.

    Args:
        message: ``activity('X').error.message``.
        code: ``activity('X').error.errorCode``.
        failure_type: ``activity('X').error.failureType``: ``UserError`` or ``SystemError``.
        output: What expressions read as its output all the same: a Copy that fails has ``errors``, a notebook
            ``runError``, and have it by default.
        duration: How long it takes in virtual time, in seconds.
    """
    return Outcome(output, Error(code, message, failure_type), _microseconds(duration))


def sequence(*answers: Answer) -> Steps:
    """One answer for each attempt at an activity of this name, wherever in a run it is made; the last one repeats.

    ``sequence(fail(), fail(), succeed())`` fails twice and then succeeds.

    Raises:
        ValueError: There are none.
    """
    if not answers:
        raise ValueError("A sequence needs at least one outcome.")
    return Steps(answers)


def misfit(name: str, kind: str, answer: Any) -> str:
    """Returns what to say of an answer that cannot be one; empty if it can.

    Args:
        name: The activity's name.
        kind: Its type.
        answer: What a test gave, or what a function of it gave.
    """
    if isinstance(answer, Steps):
        return next(filter(None, (misfit(name, kind, each) for each in answer.answers)), "")
    if answer in (succeed, fail):
        return f"The outcome of '{name}' is the function {answer.__name__}; call it: {answer.__name__}()."
    if (
        isinstance(answer, (Outcome, Mapping))
        or callable(answer)
        or (kind == "Validation" and isinstance(answer, bool))
    ):
        return ""
    return (
        f"The outcome of '{name}' cannot be {answer!r}: give succeed(…), fail(…), an output as a dict, or a function."
    )


def _microseconds(duration: float | timedelta) -> int:
    seconds = duration.total_seconds() if isinstance(duration, timedelta) else duration
    if seconds < 0:
        raise ValueError(f"A duration cannot be negative: {duration}.")
    return round(seconds * SECOND)


class StubExecutor:
    """Ends attempts as the test says. Its time jumps from one event to the next."""

    def __init__(
        self, find: Callable[[ActivityRun], Answer | None], missing: Callable[[ActivityRun], Exception]
    ) -> None:
        """Answer with ``find``; if it has no answer, raise what ``missing`` makes."""
        self._find = find
        self._missing = missing
        self._now = 0
        self._order = 0
        self._volatile = 0
        self._due: list[tuple[int, int, Completion | Attempt]] = []
        self._tokens: dict[Attempt, int] = {}
        self._taken: Counter[tuple[str, int]] = Counter()

    def now(self) -> int:
        """Virtual microseconds since the run began."""
        return self._now

    def start(self, attempt: Attempt) -> None:
        """Find out how the attempt will end, and when."""
        answer = self._find(attempt.run)
        if answer is None:
            raise self._missing(attempt.run)
        self._answer(attempt, answer)

    def _answer(self, attempt: Attempt, answer: Answer) -> None:
        outcome = self._resolve(answer, attempt.run)
        if outcome is None:
            self._push(self._now + _sleep(attempt.run), attempt)
        else:
            output = _documented(attempt.run, outcome.error) if outcome.output is None else outcome.output
            self._push(self._now + outcome.duration, Completion(attempt, output, outcome.error))

    def _resolve(self, answer: Any, run: ActivityRun) -> Outcome | None:
        """An answer made into an outcome; ``None`` if a Validation is to ask again."""
        while not isinstance(answer, Outcome):
            if isinstance(answer, Steps):
                answer = self._next(answer, run.name)
            elif callable(answer):
                self._volatile += 1
                answer = answer(run.input)
            elif isinstance(answer, bool) and run.activity.type == "Validation":
                return succeed() if answer else None
            elif answer is None or isinstance(answer, Mapping):
                answer = succeed(answer)
            else:
                raise SimulationError([misfit(run.name, run.activity.type, answer)])
        return answer

    def _next(self, steps: Steps, name: str) -> Answer:
        taken = self._taken[name, id(steps)]
        if taken < len(steps.answers) - 1:
            self._taken[name, id(steps)] += 1
            self._volatile += 1
        return steps.answers[taken]

    def _push(self, due: int, what: Completion | Attempt) -> None:
        self._order += 1
        self._tokens[what.attempt if isinstance(what, Completion) else what] = self._order
        heapq.heappush(self._due, (due, self._order, what))

    def stop(self, attempt: Attempt) -> None:
        """End an attempt now; what was to come of it is forgotten."""
        self._push(self._now, Completion(attempt, None, Error("Cancelled", "The activity was ended early.")))

    def wait(self, deadline: int | None) -> Sequence[Completion]:
        """Jump to the next completion, or to the deadline."""
        while self._due and (deadline is None or self._due[0][0] <= deadline):
            due, order, what = heapq.heappop(self._due)
            attempt = what.attempt if isinstance(what, Completion) else what
            if self._tokens.get(attempt) != order:
                continue
            self._now = due
            del self._tokens[attempt]
            if isinstance(what, Completion):
                return (what,)
            self.start(what)
        if deadline is None:
            raise RuntimeError("The engine waits for nothing.")
        self._now = max(self._now, deadline)
        return ()

    def replaces(self, run: ActivityRun) -> bool:
        """Whether the test says how an ``ExecutePipeline`` activity ends."""
        return self._find(run) is not None

    def next_event(self) -> int | None:
        """When the next attempt ends."""
        return self._due[0][0] if self._due else None

    def volatile(self) -> int:
        """How often a function or a sequence was asked."""
        return self._volatile


def _documented(run: ActivityRun, error: Error | None) -> Any:
    """The plainest output that is documented for an activity, by how it ends."""
    shape = output_of(run.activity, "Failed" if error else "Succeeded")
    if shape is None:
        return None if error else {}
    sample = sample_of(shape)
    if error and "runError" in sample:
        sample["runError"] = error.message
    if error and "errors" in sample:
        sample["errors"] = [{"Code": 0, "Message": error.message}]
    return sample


def _sleep(run: ActivityRun) -> int:
    sleep = run.input.get("sleep", FIRST_SLEEP)
    return max(1, sleep if isinstance(sleep, int) else FIRST_SLEEP) * SECOND
