"""ForEach and Until."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from activities_gen.model.timespans import DAY, SECOND, parse_timespan
from activities_gen.run.errors import Error, Failure
from activities_gen.run.outcome import inner_failure
from activities_gen.run.state import Seen

if TYPE_CHECKING:
    from activities_gen.run.machine import Machine
    from activities_gen.run.state import ActivityRun, Scope
    from activities_gen.run.timers import Timer

MOST_ITEMS = 100_000
"""Items that a ForEach takes; a documented limit of the service."""

PARALLEL = 20
"""Default of ``batchCount``."""

MOST_PARALLEL = 50
"""Largest ``batchCount``."""

PACE = SECOND
"""Least time from one pass of an Until to the next, so that a loop over instant activities reaches its timeout."""

UNTIL_TIMEOUT = 7 * DAY
"""Default of an Until's ``timeout``."""


@dataclass
class Items:
    """What a ForEach still has to do.

    Attributes:
        values: All items.
        next: Index of the first that has not been started.
        failure: Of the first pass that failed, what failed in it.
    """

    values: list[Any]
    next: int = 0
    failure: Error | None = None


def begin_foreach(engine: Machine, run: ActivityRun) -> None:
    """Start as many passes as may run side by side.

    Raises:
        Failure: The items are no array, or too many.
    """
    properties = run.activity.type_properties
    expression = properties.get("items")
    values = engine.value(run, expression)
    if not isinstance(values, list):
        raise wrong_type("foreach", expression, values, "array")
    if len(values) > MOST_ITEMS:
        raise Failure("InvalidTemplate", f"A ForEach takes at most {MOST_ITEMS} items, not {len(values)}.")
    batch = properties.get("batchCount")
    batch = batch if isinstance(batch, int) and not isinstance(batch, bool) else PARALLEL
    sequential = properties.get("isSequential") is True
    run.input = {"items": values}
    run.state = Items(values)
    for _ in range(1 if sequential else max(1, min(batch, MOST_PARALLEL))):
        _next_item(engine, run)
    if not values:
        engine.finish(run, {})


def resume_foreach(engine: Machine, run: ActivityRun, scope: Scope, failed: list[ActivityRun]) -> None:  # noqa: ARG001 - one signature for all
    """Go on with the next item; a pass that failed does not stop the others."""
    items: Items = run.state
    run.passes += 1
    if failed and items.failure is None:
        items.failure = inner_failure(failed)
    if items.next < len(items.values):
        _next_item(engine, run)
    elif not run.live:
        engine.finish(run, {}, items.failure)


def _next_item(engine: Machine, run: ActivityRun) -> None:
    items: Items = run.state
    if items.next < len(items.values):
        index = items.next
        items.next += 1
        engine.enter(run, "activities", index, items.values[index])


@dataclass
class Pass:
    """Where an Until stands.

    Attributes:
        started: When the pass under way started, or the next one will.
        writes: How many times variables had changed by then.
        volatile: How many answers that may differ next time there had been by then.
        pause: The timer of the next pass.
    """

    started: int
    writes: int = 0
    volatile: int = 0
    pause: Timer | None = None


def begin_until(engine: Machine, run: ActivityRun) -> None:
    """Start the first pass; the condition is asked after it."""
    timeout = span(engine.value(run, run.activity.type_properties.get("timeout")), UNTIL_TIMEOUT)
    run.timer = engine.timers.set(engine.now + timeout, lambda run: _expire(engine, run), run)
    run.state = Pass(engine.now)
    _next_pass(engine, run)


def _next_pass(engine: Machine, run: ActivityRun) -> None:
    loop: Pass = run.state
    loop.pause = None
    loop.started = engine.now
    loop.writes = run.scope.pipeline.variables.writes
    loop.volatile = engine.volatile()
    engine.enter(run, "activities", run.passes, run.scope.item)


def resume_until(engine: Machine, run: ActivityRun, scope: Scope, failed: list[ActivityRun]) -> None:
    """Ask the condition after a pass. The last pass decides how the loop came out; a failed one does not stop it.

    Raises:
        Failure: The condition is no boolean.
    """
    run.passes += 1
    expression = run.activity.type_properties.get("expression")
    done = engine.value(run, expression, Seen(run, run.inner))
    if not isinstance(done, bool):
        raise wrong_type("until", expression, done, "boolean")
    if done:
        engine.finish(run, {}, inner_failure(failed) if failed else None)
        return
    loop: Pass = run.state
    start = max(engine.now, loop.started + engine.waits.pace(PACE))
    scope.repeats += _passes_without_change(engine, run, start)
    run.passes += scope.repeats - 1
    start += (scope.repeats - 1) * (start - loop.started)
    loop.pause = engine.timers.set(start, lambda run: _next_pass(engine, run), run)


def _passes_without_change(engine: Machine, run: ActivityRun, start: int) -> int:
    """How many further passes must be the same as the last one, before anything else happens.

    A pass that changed no variable, read no clock, and met no answer that may differ the next time, repeats itself until
    something else happens, at the latest the loop's timeout. So a poll for 90 days takes no longer to simulate than
    one for 90 minutes.
    """
    loop: Pass = run.state
    if run.scope.pipeline.variables.writes != loop.writes or engine.volatile() != loop.volatile:
        return 0
    horizon = engine.next_event()
    return 0 if horizon is None else max(0, (horizon - start - 1) // (start - loop.started))


def _expire(engine: Machine, run: ActivityRun) -> None:
    """The loop's time is over: what runs in it is ended, and the loop fails."""
    run.timer = None
    run.expired = Error("ActivityTimedOut", "The Until activity timed out before its expression was true.")
    loop: Pass = run.state
    engine.timers.cancel(loop.pause)
    engine.cancel_run(run, "The loop around it timed out.")


def span(value: Any, default: int) -> int:
    """A timeout in microseconds.

    Raises:
        Failure: The value is no time span.
    """
    if value is None:
        return default
    try:
        return parse_timespan(str(value))
    except ValueError as error:
        raise Failure("InvalidTemplate", f"The timeout {error}.") from error


def wrong_type(what: str, expression: Any, value: Any, expected: str) -> Failure:
    """The service's words for an expression that gives a value of another type."""
    text = expression.get("value") if isinstance(expression, dict) else expression
    kind = {str: "String", bool: "Boolean", int: "Integer", float: "Float", list: "Array", dict: "Object"}.get(
        type(value), "Null"
    )
    return Failure(
        "InvalidTemplate",
        f"The result of the evaluation of '{what}' expression '{text}' is of type '{kind}'. The result must be a valid {expected}.",
    )
