"""The report of a run: as JSON with a schema, and as a table for people. Secrets are masked in both."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from activities_gen.formats import REPORT_VERSION
from activities_gen.model.timespans import SECOND, show
from activities_gen.outputs import json_bytes
from activities_gen.run.bounds import MASK, bounded
from activities_gen.run.choice import NOT_RUN
from activities_gen.run.result import ActivityResult, RunResult
from activities_gen.run.words import columns, one_line, padded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from activities_gen.model.pipeline import Pipeline
    from activities_gen.run.earlier import EarlierActivity
    from activities_gen.run.state import ActivityRun, Attempt, PipelineRun, Scope

BAR = 40
"""Columns of the table's timeline, where there is room for them."""

_HEAD = f"{'status':<9}  {'start':>11}  {'duration':>11}  {'tries':>5}"


def report(result: RunResult, mode: str = "simulated") -> dict[str, Any]:
    """The report as JSON; :mod:`activities_gen.formats.report` describes it.

    Args:
        result: A run.
        mode: ``simulated`` or ``real``.
    """
    return {"version": REPORT_VERSION, "mode": mode, **_pipeline(result, result.run)}


def report_bytes(result: RunResult, mode: str = "simulated") -> bytes:
    """The report as the file that is written."""
    return json_bytes(report(result, mode))


def _pipeline(result: RunResult, run: PipelineRun) -> dict[str, Any]:
    inner = RunResult(run, result.clock, result.secrets)
    mask = result.secrets.mask_value
    return {
        "pipeline": run.model.name,
        "runId": run.id,
        "outcome": run.outcome,
        "error": mask(inner.error),
        **_times(result, run.started, run.ended),
        "parameters": mask(bounded(run.parameters)),
        "variables": mask(bounded(run.variables)),
        "returnValue": mask(bounded(run.returned)),
        "definitions": definitions(run.model),
        "activities": [_activity(result, activity) for activity in run.scope or ()],
        "events": [
            {"time": _moment(event.time), "activity": event.activity, "event": event.what} for event in inner.events
        ],
    }


def definitions(model: Pipeline) -> dict[str, str]:
    """Returns what tells each activity's definition from others, with what it holds: a hash of its JSON."""
    texts = {activity.name: json.dumps(activity.json, sort_keys=True) for activity in model.top.activities}
    return {name: hashlib.sha256(text.encode()).hexdigest()[:12] for name, text in texts.items()}


def _activity(result: RunResult, run: ActivityRun) -> dict[str, Any]:
    policy = run.activity.policy
    secrets = result.secrets
    if run.status == NOT_RUN and run.earlier is not None:
        return _taken_over(result, run, run.earlier)
    described = {
        "name": run.name,
        "type": run.activity.type,
        "status": run.status,
        **_times(result, run.started, run.ended),
        "reason": secrets.mask(run.reason),
        "input": _shown(result, run.input, policy.get("secureInput")),
        "output": _shown(result, run.output, policy.get("secureOutput")),
        "error": secrets.mask_value(run.describe().get("error")),
        "attempts": [_attempt(result, attempt) for attempt in run.attempts],
    }
    if run.passes or run.kept:
        described["passes"] = run.passes
        described["counts"] = {name: dict(counts) for name, counts in run.tally.items()}
        described["scopes"] = [_scope(result, run, scope) for scope in run.kept]
    if run.child is not None:
        described["run"] = _pipeline(result, run.child)
    return described


def _taken_over(result: RunResult, run: ActivityRun, earlier: EarlierActivity) -> dict[str, Any]:
    """What an earlier report says of an activity that was not run again; the next run can go on from it in turn."""
    return {
        **result.secrets.mask_value(earlier.written),
        "status": run.status,
        **_times(result, run.started, run.ended),
        "reason": result.secrets.mask(run.reason),
        "attempts": [],
        "earlier": {"runId": earlier.run_id, "status": earlier.status, "end": earlier.ended},
    }


def _scope(result: RunResult, owner: ActivityRun, scope: Scope) -> dict[str, Any]:
    item = (
        _shown(result, scope.item, owner.activity.policy.get("secureInput"))
        if owner.activity.type == "ForEach"
        else None
    )
    return {
        "index": scope.index,
        "item": item,
        "repeats": scope.repeats,
        "activities": [_activity(result, run) for run in scope],
    }


def _attempt(result: RunResult, attempt: Attempt) -> dict[str, Any]:
    error = attempt.error
    return {
        "number": attempt.number,
        **_times(result, attempt.started, attempt.ended),
        "error": None if error is None else result.secrets.mask(f"{error.code}: {error.message}"),
        "log": attempt.log,
    }


def _shown(result: RunResult, value: Any, secure: Any) -> Any:
    if value is not None and secure is True:
        return MASK
    return result.secrets.mask_value(bounded(value))


def _times(result: RunResult, started: int | None, ended: int | None) -> dict[str, Any]:
    return {
        "start": None if started is None else _moment(result.moment(started)),
        "end": None if ended is None else _moment(result.moment(ended)),
        "durationInSeconds": None if started is None or ended is None else (ended - started) / SECOND,
    }


def _moment(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S.") + f"{time.microsecond:06}Z"


def table(result: RunResult, width: int | None = None) -> str:
    """The run as lines for a person: each activity with status, start, duration, attempts, timeline and reason.

    Args:
        result: A run.
        width: Columns that there are; the timeline is shortened where they are few.
    """
    rows = [(one_line(name), run) for name, run in _rows(result, result.run, 0)]
    names = max([columns(name) for name, _ in rows] + [8])
    bar = BAR if width is None else max(10, min(BAR, width - names - len(_HEAD) - 4))
    begin, length = result.run.started or 0, max(1, _length(result.run))
    lines = [
        f"{padded(name, names)}  {_columns(run, begin)}  {_bar(run, begin, length, bar)}  {_why(result, run)}".rstrip()
        for name, run in rows
    ]
    title = f"{result.pipeline or 'pipeline'}: {result.outcome} after {show(_length(result.run))}"
    trouble = [one_line(result.secrets.mask(result.error))] if result.error else []
    return "\n".join([one_line(title), *trouble, "", f"{'activity':<{names}}  {_HEAD}  timeline", *lines])


def summary(runs: Sequence[tuple[str, RunResult | None]]) -> str:
    """Several runs as lines for a person: each pipeline with its outcome and duration.

    Args:
        runs: Names of pipelines with their results, ``None`` for one that was not started.
    """
    rows = [("pipeline", "outcome", "duration")]
    for name, result in runs:
        ended = ("not started", "") if result is None else (result.outcome, show(_length(result.run)))
        rows.append((one_line(name), *ended))
    names = max(columns(name) for name, _, _ in rows)
    return "\n".join(f"{padded(name, names)}  {outcome:<11}  {took:>11}".rstrip() for name, outcome, took in rows)


def _length(run: PipelineRun) -> int:
    """How long a run took, in microseconds; 0 for one that never began."""
    return (run.ended or 0) - (run.started or 0)


def _rows(result: RunResult, run: PipelineRun, depth: int) -> list[tuple[str, ActivityRun]]:
    """Names, indented by depth, with the last pass of each activity."""
    inner = RunResult(run, result.clock, result.secrets)
    return [row for activity in inner if activity.counts for row in _row(result, activity, depth)]


def _row(result: RunResult, activity: ActivityResult, depth: int) -> list[tuple[str, ActivityRun]]:
    run = activity.run
    depth += _depth(run)
    total = sum(activity.counts.values())
    name = "  " * depth + activity.name + (f" x{total}" if total > 1 else "")
    below = _rows(result, run.child, depth + 1) if run.child is not None else []
    return [(name, run), *below]


def _depth(run: ActivityRun) -> int:
    owner = run.scope.owner
    return 0 if owner is None else 1 + _depth(owner)


def _columns(run: ActivityRun, begin: int) -> str:
    duration = (run.ended or run.started) - run.started
    attempts = len(run.attempts) or int(not run.reason and run.status != "Inactive")
    status = "not run" if run.status == NOT_RUN else run.status or ""
    return f"{status:<9}  {'+' + show(run.started - begin):>11}  {show(duration):>11}  {attempts:>5}"


def _bar(run: ActivityRun, begin: int, length: int, bar: int) -> str:
    """Where in the run's time an activity ran."""
    first = min(bar - 1, (run.started - begin) * bar // length)
    last = min(bar, -(-((run.ended or run.started) - begin) * bar // length))
    mark = "#" if run.attempts or not run.reason else "."
    return (" " * first + mark * max(1, last - first)).ljust(bar)


def _why(result: RunResult, run: ActivityRun) -> str:
    why = run.reason or (f"{run.error.code}: {run.error.message}" if run.error else "")
    return result.secrets.mask(one_line(" ".join(why.split())))
