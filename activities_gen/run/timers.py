"""Things to be done at a moment, unless they are cancelled before."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

MANY = 1_000
"""So many cancelled timers are kept at least before they are swept out."""


class Timer:
    """An action that is due."""

    __slots__ = ("action", "argument", "due", "order")

    def __init__(self, due: int, order: int, action: Callable[[Any], None], argument: Any) -> None:
        self.due = due
        self.order = order
        self.action: Callable[[Any], None] | None = action
        self.argument = argument

    def __lt__(self, other: Timer) -> bool:
        return (self.due, self.order) < (other.due, other.order)


class Timers:
    """Timers by when they are due; of those due at once, the one that was set first comes first."""

    def __init__(self) -> None:
        self._heap: list[Timer] = []
        self._order = 0
        self._cancelled = 0

    def set(self, due: int, action: Callable[[Any], None], argument: Any) -> Timer:
        """Do something when ``due`` has come."""
        self._order += 1
        timer = Timer(due, self._order, action, argument)
        heapq.heappush(self._heap, timer)
        return timer

    def cancel(self, timer: Timer | None) -> None:
        """Let a timer's action not be done. One that has gone off already is passed over."""
        if timer is None or timer.action is None:
            return
        # Nothing that the timer knows is held any longer: a twelve-hour timeout outlives many short activities.
        timer.action = timer.argument = None
        self._cancelled += 1
        if self._cancelled > MANY and self._cancelled > len(self._heap) // 2:
            self._heap = [timer for timer in self._heap if timer.action is not None]
            heapq.heapify(self._heap)
            self._cancelled = 0

    def next_due(self) -> int | None:
        """When the next action is due, ``None`` if there is none."""
        while self._heap and self._heap[0].action is None:
            heapq.heappop(self._heap)
            self._cancelled -= 1
        return self._heap[0].due if self._heap else None

    def go_off(self, now: int) -> None:
        """Do the next action, where one is due."""
        due = self.next_due()
        if due is not None and due <= now:
            timer = heapq.heappop(self._heap)
            action, argument = timer.action, timer.argument
            timer.action = timer.argument = None
            if action is not None:
                action(argument)
