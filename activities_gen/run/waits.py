"""Which waits of a pipeline take their time."""

from __future__ import annotations

from dataclasses import dataclass

from activities_gen.model.timespans import SECOND

SHORTEST = SECOND // 100
"""Least time from one pass of an Until to the next where nobody wants to wait: a loop must not take a whole processor."""


@dataclass(frozen=True)
class Waits:
    """Which waits take their time. In a simulation all do, for its time is virtual.

    Attributes:
        retries: Whether a policy's interval lies between two attempts.
        pauses: Whether Wait waits, and Until between its passes.
    """

    retries: bool = True
    pauses: bool = True

    def between_attempts(self, interval: int) -> int:
        """The microseconds to wait before an activity is tried again."""
        return interval if self.retries else 0

    def pause(self, time: int) -> int:
        """The microseconds that a Wait waits."""
        return time if self.pauses else 0

    def pace(self, time: int) -> int:
        """The least microseconds from one pass of an Until to the next."""
        return time if self.pauses else min(time, SHORTEST)


AS_WRITTEN = Waits()
"""All waits take their time."""

AT_ONCE = Waits(retries=False)
"""Those of a real run, unless somebody wants others."""
