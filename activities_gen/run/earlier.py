"""What the report of an earlier run says, so that what succeeded then need not run again.

Everything in the report is checked when it is read: it is a file like any other, and may have been cut short or edited.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeVar

from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.run.bounds import VERSION, is_whole
from activities_gen.run.errors import Error

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

ENDED = ("Succeeded", "Failed", "Skipped")
"""The ends of an activity that dependencies can see."""

_T = TypeVar("_T")


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
        output: What expressions read as its output; ``None`` where the report does not have all of it.
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
        """What became of the activities in a pass; nothing where the item was another, or in an Until, which begins anew."""
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
    """The run that a report tells of.

    Raises:
        FindingsError: The file cannot be read, or is no report of a real run.
    """
    try:
        written = json.loads(path.read_bytes())
        _need(written, "version", lambda version: version == VERSION)
        _need(written, "mode", lambda mode: mode == "real")
        return _run(written)
    except OSError as error:
        raise refusal(path, f"it cannot be read: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        # ValueError: no JSON, no text, or not what a report says.
        raise refusal(path, f"it is no whole report of a real run ({error})") from error


def refusal(path: Path, why: str) -> FindingsError:
    """That a run cannot be taken up from a report."""
    message = f"No run can be taken up from this report: {why}. Run from the start, without --resume."
    return FindingsError([Finding("RUN025", Severity.ERROR, message, Location(str(path)))])


def _need(holder: Any, key: str, fits: Callable[[Any], bool]) -> Any:
    if not isinstance(holder, dict) or key not in holder or not fits(holder[key]):
        raise ValueError(f"'{key}' is missing or wrong")
    return holder[key]


def _typed(holder: Any, key: str, kind: type[_T]) -> _T:
    found: _T = _need(holder, key, lambda value: type(value) is kind)
    return found


def _run(written: Any) -> EarlierRun:
    run_id = _typed(written, "runId", str)
    definitions = written.get("definitions", {})
    return EarlierRun(
        _typed(written, "pipeline", str),
        run_id,
        _typed(written, "start", str) if written.get("start") is not None else "",
        _typed(written, "outcome", str),
        _typed(written, "parameters", dict),
        _typed(written, "variables", dict),
        _typed(written, "returnValue", dict),
        _activities(written, run_id),
        definitions if isinstance(definitions, dict) else {},
    )


def _activities(holder: Any, run_id: str) -> dict[str, EarlierActivity]:
    """Those that ended so that dependencies can see it, by name in lower case."""
    found = (_activity(entry, run_id) for entry in _typed(holder, "activities", list))
    return {activity.name.casefold(): activity for activity in found if activity.status in ENDED}


def _activity(written: Any, run_id: str) -> EarlierActivity:
    status, ended = _typed(written, "status", str), written.get("end")
    if status == "NotRun" and "earlier" in written:
        # It was taken over from a run before that one.
        before = _typed(written, "earlier", dict)
        status, run_id, ended = _typed(before, "status", str), _typed(before, "runId", str), before.get("end")
    passes = tuple(_pass(one, run_id) for one in _typed(written, "scopes", list)) if "scopes" in written else ()
    output = written.get("output")
    whole = is_whole(output)
    return EarlierActivity(
        _typed(written, "name", str),
        _typed(written, "type", str),
        status,
        run_id,
        str(ended or ""),
        output if whole else None,
        _error(written) if status == "Failed" else None,
        whole,
        passes,
        _run(written["run"]) if "run" in written else None,
        written,
    )


def _error(written: Any) -> Error:
    error = _typed(written, "error", dict)
    return Error(_typed(error, "errorCode", str), _typed(error, "message", str), _typed(error, "failureType", str))


def _pass(written: Any, run_id: str) -> Pass:
    return Pass(_typed(written, "index", int), written.get("item"), _activities(written, run_id))
