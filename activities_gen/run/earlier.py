"""What the report of an earlier run says, so that what succeeded then need not run again.

Everything in the report is checked when it is read: it is a file like any other, and may have been cut short or edited.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.formats import models
from activities_gen.lazy import lazy_module
from activities_gen.run.bounds import is_whole
from activities_gen.run.errors import Error

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from activities_gen.formats import report as report_format
    from activities_gen.formats.report import Activity, ActivityError, PipelineRun
else:
    report_format = lazy_module("activities_gen.formats.report")  # needs pydantic, which other runs do without

ENDED = ("Succeeded", "Failed", "Skipped")
"""The ends of an activity that dependencies can see."""


@dataclass(frozen=True)
class Pass:
    """One pass through a container: which one, for which item, and what became of its activities."""

    index: int
    item: Any
    activities: Mapping[str, EarlierActivity]


@dataclass(frozen=True)
class EarlierActivity:
    """What became of an activity in an earlier run.

    Attributes:
        name: Its name.
        type: Its type.
        status: How it ended: one of `ENDED`.
        run_id: The run in which it ended so.
        ended: When it did, as the report writes it.
        output: What expressions read as its output; ``None`` if the report does not have all of it.
        error: Why it failed.
        whole: Whether the report has all of its output.
        passes: Of a container, the passes that the report remembers.
        child: The run that an ``ExecutePipeline`` started.
        written: All that the report says of it.
    """

    name: str
    type: str
    status: str
    run_id: str
    ended: str
    output: Any
    error: Error | None
    whole: bool
    passes: tuple[Pass, ...]
    child: EarlierRun | None
    written: Mapping[str, Any] = field(repr=False)

    def inside(self, index: int, item: Any) -> Mapping[str, EarlierActivity]:
        """What became of the activities in a pass; nothing if the item was another, or in an Until, which begins anew."""
        for one in self.passes if self.type != "Until" else ():
            if one.index == index and (self.type != "ForEach" or _same(one.item, item)):
                return one.activities
        return {}

    def seen(self) -> dict[str, Any]:
        """What expressions may refer to inside of it: the activities of its last pass, unless it is a ForEach."""
        if self.type == "ForEach" or not self.passes:
            return {}
        found: dict[str, Any] = {}
        for inner in self.passes[-1].activities.values():
            found |= {**inner.seen(), inner.name: inner.view()}
        return found

    def view(self) -> dict[str, Any]:
        """What ``activity('name')`` gives to expressions."""
        error = self.written.get("error")
        parts = {"output": self.output, "error": error if self.error else None}
        return {"Status": self.status, **{key: value for key, value in parts.items() if value is not None}}

    def walk(self) -> Iterator[EarlierActivity]:
        """It, and all that is remembered inside of it."""
        yield self
        for one in self.passes:
            for inner in one.activities.values():
                yield from inner.walk()


@dataclass(frozen=True)
class EarlierRun:
    """What the report says of a pipeline's run.

    Attributes:
        pipeline: The pipeline's name.
        id: The run's id.
        start: When it started.
        outcome: How it came out.
        parameters: The values of its parameters.
        variables: The values of its variables at the end.
        returned: Its return value.
        activities: What became of its activities, by name in lower case.
        definitions: Of each activity, what told its definition from others.
    """

    pipeline: str
    id: str
    start: str
    outcome: str
    parameters: Mapping[str, Any]
    variables: Mapping[str, Any]
    returned: Mapping[str, Any]
    activities: Mapping[str, EarlierActivity]
    definitions: Mapping[str, str]

    def is_whole(self) -> bool:
        """Whether all values that a run could go on with are in the report."""
        return is_whole([*self.variables.values(), *self.returned.values()])

    def walk(self) -> Iterator[EarlierActivity]:
        """All activities that are remembered; not those of pipelines that it started."""
        for activity in self.activities.values():
            yield from activity.walk()


def _same(one: Any, other: Any) -> bool:
    """Whether two JSON values are the same; 1 and true are not."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)


def read_earlier(path: Path) -> EarlierRun:
    """Returns the run that a report tells of.

    Raises:
        FindingsError: The file cannot be read, or is no report of a real run.
    """
    try:
        with models(str(path), "RUN025"):
            return _run(report_format.read_report(path.read_bytes(), str(path)))
    except OSError as error:
        raise refusal(path, f"it cannot be read: {error.strerror or error}.") from error
    except FindingsError as error:
        raise FindingsError([replace(each, message=_refused(each.message)) for each in error.findings]) from error


def refusal(path: Path, why: str) -> FindingsError:
    """Returns the error that no run can go on from a report; ``why`` is a sentence."""
    return FindingsError([Finding("RUN025", Severity.ERROR, _refused(why), Location(str(path)))])


def _refused(why: str) -> str:
    return f"No run can be taken up from this report: {why} Run from the start, without --resume."


def _run(run: PipelineRun) -> EarlierRun:
    return EarlierRun(
        run.pipeline,
        run.run_id,
        run.start or "",
        run.outcome,
        run.parameters,
        run.variables,
        run.return_value,
        _activities(run.activities, run.run_id),
        run.definitions,
    )


def _activities(activities: Iterable[Activity], run_id: str) -> dict[str, EarlierActivity]:
    """Those that ended so that dependencies can see it, by name in lower case."""
    return {one.name.casefold(): _activity(one, run_id) for one in activities if one.seen_as in ENDED}


def _activity(activity: Activity, run_id: str) -> EarlierActivity:
    # One that was not run was taken over from a run before that one.
    before = activity.earlier if activity.status == "NotRun" else None
    run_id = before.run_id if before else run_id
    whole = is_whole(activity.output)
    return EarlierActivity(
        activity.name,
        activity.type,
        activity.seen_as,
        run_id,
        (before.end if before else activity.end) or "",
        activity.output if whole else None,
        _error(activity.error) if activity.error and activity.seen_as == "Failed" else None,
        whole,
        tuple(Pass(one.index, one.item, _activities(one.activities, run_id)) for one in activity.scopes),
        _run(activity.run) if activity.run else None,
        activity.model_dump(by_alias=True, exclude_unset=True),
    )


def _error(error: ActivityError) -> Error:
    return Error(error.error_code, error.message, error.failure_type)
