"""The tries at execution activities: how many at once, how long, how often."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from activities_gen.run.errors import Error
from activities_gen.run.state import Attempt

if TYPE_CHECKING:
    from activities_gen.run.executor import Completion
    from activities_gen.run.machine import Machine
    from activities_gen.run.state import ActivityRun

TIMED_OUT = Error("ActivityTimedOut", "The activity timed out.")


@dataclass(frozen=True)
class AttemptPolicy:
    """What an execution activity's policy allows: the longest time of an attempt, how many retries, and the time between them.

    Times are microseconds. The timeout is that of one attempt: each retry is an activity run of its own.
    """

    timeout: int
    retries: int
    interval: int


class Attempts:
    """Those under way and those that wait for their turn."""

    def __init__(self, engine: Machine, limit: int | None) -> None:
        self._engine = engine
        self._limit = limit
        self._in_flight: set[Attempt] = set()
        self._waiting: deque[Attempt] = deque()

    def begin(self, run: ActivityRun) -> None:
        """Make the next attempt, or let it wait; time spent waiting does not count for its timeout."""
        attempt = Attempt(run, len(run.attempts) + 1, self._engine.now)
        run.timer = None
        run.attempts.append(attempt)
        run.attempt = attempt
        if self._limit is not None and len(self._in_flight) >= self._limit:
            self._waiting.append(attempt)
            self._engine.tell(run, "queued")
        else:
            self._launch(attempt)

    def _launch(self, attempt: Attempt) -> None:
        policy: AttemptPolicy = attempt.run.state
        attempt.started = self._engine.now
        self._in_flight.add(attempt)
        attempt.run.timer = self._engine.timers.set(self._engine.now + policy.timeout, self._time_out, attempt)
        # Before anything of it can be written: who listens learns from this what is secret.
        self._engine.tell(attempt.run, "running")
        self._engine.executor.start(attempt)

    def _time_out(self, attempt: Attempt) -> None:
        attempt.stopping = "timeout"
        self._engine.executor.stop(attempt)

    def completed(self, completion: Completion) -> None:
        """An attempt has ended: so has its activity, unless it is tried again."""
        attempt = completion.attempt
        run = attempt.run
        self._in_flight.discard(attempt)
        attempt.ended = self._engine.now
        attempt.error = TIMED_OUT if attempt.stopping == "timeout" else completion.error
        run.attempt = None
        self._engine.timers.cancel(run.timer)
        if self._waiting:
            self._launch(self._waiting.popleft())
        if run.cancelling:
            self._engine.end_cancelled(run)
        elif attempt.error is not None and attempt.number <= run.state.retries:
            again = self._engine.now + self._engine.waits.between_attempts(run.state.interval)
            run.timer = self._engine.timers.set(again, self.begin, run)
            self._engine.tell(run, "retrying")
        else:
            self._engine.finish(run, completion.output, attempt.error)

    def stop(self, run: ActivityRun) -> bool:
        """End an activity's attempt early; whether there is one under way, whose end is to be waited for."""
        attempt = run.attempt
        if attempt is None:
            return False
        if attempt in self._in_flight:
            attempt.stopping = attempt.stopping or "cancel"
            self._engine.executor.stop(attempt)
            return True
        self._waiting.remove(attempt)
        run.attempts.remove(attempt)
        run.attempt = None
        return False
