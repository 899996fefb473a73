"""How many runs of a pipeline may be under way at once: its ``concurrency``."""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING

from activities_gen.run.errors import Failure

if TYPE_CHECKING:
    from activities_gen.run.state import PipelineRun

MOST_QUEUED = 100
"""How many runs of one pipeline may wait; a documented limit of the service."""


class Queues:
    """The runs of each pipeline: how many are under way, and which wait."""

    def __init__(self) -> None:
        self._active: Counter[str] = Counter()
        self._waiting: dict[str, deque[PipelineRun]] = {}

    def admit(self, pipeline: PipelineRun) -> bool:
        """Whether a run may start now; else it waits.

        Raises:
            Failure: Too many wait already.
        """
        key = pipeline.model.name.casefold()
        concurrency = pipeline.model.concurrency
        if concurrency is None or self._active[key] < concurrency:
            self._active[key] += 1
            return True
        queue = self._waiting.setdefault(key, deque())
        if len(queue) >= MOST_QUEUED:
            message = f"Pipeline '{pipeline.model.name}' has {MOST_QUEUED} runs in its queue, the most that ADF keeps."
            raise Failure("TooManyQueuedRuns", message)
        queue.append(pipeline)
        return False

    def leave(self, pipeline: PipelineRun) -> PipelineRun | None:
        """A run has ended; the one that may start in its place."""
        if pipeline.started is None:
            return None
        key = pipeline.model.name.casefold()
        queue = self._waiting.get(key)
        if queue:
            return queue.popleft()
        self._active[key] -= 1
        return None

    def forget(self, pipeline: PipelineRun) -> bool:
        """Take a run out of the queue; whether it was in it."""
        queue = self._waiting.get(pipeline.model.name.casefold(), ())
        if pipeline not in queue:
            return False
        self._waiting[pipeline.model.name.casefold()].remove(pipeline)
        return True
