"""``report.json``, which ``run`` leaves and ``run --resume`` reads; :mod:`activities_gen.run.report` writes it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from activities_gen.formats import REPORT_VERSION
from activities_gen.formats.model import File, Format
from activities_gen.formats.reading import read

Moment = Annotated[
    str, Field(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z$", description="UTC.")
]
Seconds = Annotated[float, Field(ge=0)]
Count = Annotated[int, Field(ge=0)]
Ordinal = Annotated[int, Field(ge=1)]
Ended = Literal["Succeeded", "Failed", "Skipped"]
Status = Literal["Succeeded", "Failed", "Skipped", "Inactive", "Cancelled", "NotRun"]
Happened = Literal["started", "Succeeded", "Failed", "Skipped", "Inactive", "Cancelled", "NotRun"]

_FAILED: dict[str, Any] = {"required": ["status"], "properties": {"status": {"const": "Failed"}}}
_START = "When it started, in UTC; `null` if it never did."
_END = "When it ended."


def _this(version: int) -> int:
    if version != REPORT_VERSION:
        raise ValueError(f"'version' must be {REPORT_VERSION}, not {version}: another release wrote this report.")
    return version


Version = Annotated[int, AfterValidator(_this), Field(json_schema_extra={"const": REPORT_VERSION})]


class ActivityError(Format):
    """What expressions read as the error of an activity."""

    error_code: str
    message: str
    failure_type: str
    target: str


class Attempt(Format):
    """One attempt at an activity."""

    number: Ordinal
    start: Moment | None = Field(description=_START)
    end: Moment | None = Field(description=_END)
    duration_in_seconds: Seconds | None
    error: str | None = Field(description="Code and message if it failed.")
    log: str | None = Field(description="The file of what it wrote.")


class Scope(Format):
    """One pass through a container."""

    index: Count = Field(description="Which pass, counted from 0.")
    item: Any = Field(description="Of a ForEach, what `item()` gave; else `null`.")
    repeats: Ordinal = Field(description="How many equal passes it stands for.")
    activities: list[Activity]


class Earlier(Format):
    """How an activity ended in an earlier run, if that is why it was not run."""

    run_id: str
    status: Ended
    end: str


class Activity(Format):
    """One activity in one pass. Activities that the run never came to are left out."""

    model_config = ConfigDict(
        json_schema_extra={
            "if": {
                "anyOf": [_FAILED, {"required": ["earlier"], "properties": {"earlier": {"type": "object", **_FAILED}}}]
            },
            "then": {"properties": {"error": {"type": "object"}}},
        }
    )

    name: str
    type: str = Field(description="The ADF type.")
    status: Status = Field(
        description="`NotRun`: it was left out of this run. It counts as succeeded, or as it ended in an earlier run."
    )
    start: Moment | None = Field(description=_START)
    end: Moment | None = Field(description=_END)
    duration_in_seconds: Seconds | None
    reason: str = Field(description="Why it was skipped, cancelled or not run, else empty.")
    input: Any = Field(description="The values of its properties. Of lists, at most the first 1,000 elements.")
    output: Any = Field(description="What expressions read as its output.")
    error: ActivityError | None = Field(description="What expressions read as its error.")
    attempts: list[Attempt] = Field(description="Of execution activities.")
    passes: Count = Field(default=0, description="Of containers: how many passes were made.")
    counts: dict[str, dict[str, Ordinal]] = Field(
        default_factory=dict,
        description="Of containers: how often each inner activity ended how, over all passes.",
    )
    scopes: list[Scope] = Field(
        default_factory=list,
        description="Of containers: the passes in full. These are the first 100, and up to 100 further ones that failed.",
    )
    run: PipelineRun | None = Field(default=None, description="Of ExecutePipeline: the run that it started.")
    earlier: Earlier | None = Field(
        default=None, description="Of one that was not run: how it ended before. All else is from that report."
    )

    @property
    def seen_as(self) -> Status:
        """How dependencies see it: as it ended in this run or, if it was not run, in the earlier one."""
        return self.earlier.status if self.earlier and self.status == "NotRun" else self.status

    @model_validator(mode="after")
    def _failed_for_a_reason(self) -> Activity:
        if self.seen_as == "Failed" and self.error is None:
            raise ValueError("The 'error' of a failed activity is missing. Add it.")
        return self


class Event(Format):
    """A start or an end of an activity."""

    time: Moment
    activity: str
    event: Happened


class PipelineRun(Format):
    """One run of one pipeline."""

    pipeline: str = Field(description="The pipeline's name, empty for a bare list of activities.")
    run_id: str
    outcome: Literal["Succeeded", "Failed", "Cancelled"]
    error: str = Field(description="Why it did not succeed, in ADF's words, else empty.")
    start: Moment | None = Field(description=_START)
    end: Moment | None = Field(description=_END)
    duration_in_seconds: Seconds | None
    parameters: dict[str, Any]
    variables: dict[str, Any] = Field(description="Their values at the end.")
    return_value: dict[str, Any]
    definitions: dict[str, str] = Field(description="Of each activity outside of others, a hash of its definition.")
    activities: list[Activity]
    events: list[Event] = Field(
        description="Starts and ends of activities in their order; of loops, those of the passes in full."
    )


class Head(File):
    """What tells a report from other files."""

    version: Version = Field(description="A change that a reader must know of gets a new one.")
    mode: Literal["simulated", "real"] = Field(description="Whether activities were simulated or run.")


class RunReport(PipelineRun, Head):
    """The report of a run: what `run` leaves as `report.json`, and what `activities_gen.run.report.report()` returns.

    Secrets are masked as `***`.
    """

    model_config = ConfigDict(title="Report of a pipeline run")


for _model in (Scope, Activity):
    _model.model_rebuild()  # they name models that stand below them


class RealReport(RunReport):
    """The report of a run that was not simulated: one that a run can go on from."""

    mode: Literal["real"]


def read_report(content: bytes | str, file: str) -> RealReport:
    """Reads the report of a real run.

    Args:
        content: The file's bytes or text.
        file: The file's path as findings show it.

    Raises:
        FindingsError: It is no such report: ``RUN025``.
    """
    return read(RealReport, content, file, "RUN025")[0]
