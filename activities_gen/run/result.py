"""The result of a run, as tests and reports read it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from activities_gen.findings import suggestion
from activities_gen.run.choice import NOT_RUN
from activities_gen.run.outcome import target_failure
from activities_gen.run.state import ActivityRun, PipelineRun, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from activities_gen.run.redaction import Secrets

_WORST_FIRST = ("Failed", "Cancelled", "Succeeded", "Inactive", "Skipped")


class Told(str):
    """A text that knows the run it tells of, so that a failed comparison can show the whole run."""

    __slots__ = ("about",)

    about: RunResult

    def __new__(cls, text: str, about: RunResult) -> Told:
        """``text``, told of the run ``about``."""
        told = super().__new__(cls, text)
        told.about = about
        return told


class Statuses(dict[str, str]):
    """Names with statuses; knows the run it tells of."""

    about: RunResult


class Names(list[str]):
    """Names in order; knows the run it tells of."""

    about: RunResult


@dataclass(frozen=True)
class Event:
    """Something that happened: ``activity`` started, or ended as ``what`` says, at ``time``."""

    time: datetime
    activity: str
    what: str


class ActivityResult:
    """What became of one activity of a pipeline, in all passes through the scope it stands in.

    Where there were several passes, as in a loop, ``runs`` holds one result for each of them that is remembered, and
    the attributes are those of the last one; ``status`` is the worst of all passes, ``counts`` counts them.
    """

    def __init__(self, name: str, type_: str, runs: list[ActivityRun], counts: Counter[str], result: RunResult) -> None:
        self.name = name
        self.type = type_
        self.counts = counts
        self._runs = runs
        self._result = result

    def __repr__(self) -> str:
        """Name, status and reason."""
        return f"<{self.name}: {self.status}{self._why()}>"

    def _why(self) -> str:
        error = self.error
        why = self.reason or (f"{error['errorCode']}: {error['message']}" if error else "")
        return f" ({self._result.secrets.mask(why)})" if why else ""

    @property
    def _last(self) -> ActivityRun | None:
        return self._runs[-1] if self._runs else None

    @property
    def status(self) -> str:
        """``Succeeded``, ``Failed``, ``Skipped``, ``Inactive``, ``Cancelled``; ``NotRun`` where the run never came to it."""
        status = next((status for status in _WORST_FIRST if self.counts[status]), NOT_RUN)
        return Told(status, self._result)

    @property
    def runs(self) -> list[ActivityResult]:
        """The remembered passes, each as a result of its own."""
        return [
            ActivityResult(self.name, self.type, [run], Counter({run.status or "": 1}), self._result)
            for run in self._runs
        ]

    @property
    def run(self) -> ActivityRun:
        """The engine's record of the last pass.

        Raises:
            LookupError: There was none.
        """
        if self._last is None:
            raise LookupError(f"'{self.name}' did not run.")
        return self._last

    @property
    def attempts(self) -> int:
        """How many attempts were made; 0 if it never started."""
        if self._last is None or self._last.status in ("Skipped", "Inactive", NOT_RUN):
            return 0
        return len(self._last.attempts) or int(self._last.reason == "")

    @property
    def passes(self) -> int:
        """How many passes a container made through its activities."""
        return self._last.passes if self._last else 0

    @property
    def start(self) -> datetime | None:
        """When it started, or was skipped."""
        return self._result.moment(self._last.started) if self._last else None

    @property
    def end(self) -> datetime | None:
        """When it ended."""
        return self._result.moment(self._last.ended) if self._last and self._last.ended is not None else None

    @property
    def duration(self) -> timedelta:
        """How long it took, retries and the time between them included."""
        return self.end - self.start if self.end and self.start else timedelta(0)

    @property
    def input(self) -> Any:
        """What its properties evaluated to."""
        return self._last.input if self._last else None

    @property
    def output(self) -> Any:
        """What expressions read as its output."""
        return self._last.output if self._last else None

    @property
    def error(self) -> dict[str, Any] | None:
        """What expressions read as its error: ``errorCode``, ``message``, ``failureType``, ``target``."""
        error: dict[str, Any] | None = self._last.describe().get("error") if self._last else None
        return error

    @property
    def reason(self) -> str:
        """Why it was skipped, cancelled or not run."""
        return self._last.reason if self._last else ""

    @property
    def item(self) -> Any:
        """What ``item()`` gave in the last pass."""
        return self._last.scope.item if self._last else None

    @property
    def iteration(self) -> int:
        """Which pass of the loop around it the last one was, from 0."""
        return self._last.scope.index if self._last else 0

    @property
    def child(self) -> RunResult | None:
        """The run that an ExecutePipeline started."""
        if self._last is None or self._last.child is None:
            return None
        return RunResult(self._last.child, self._result.clock, self._result.secrets)


class RunResult:
    """One run of a pipeline: what ran, in which order, with which inputs, and how it came out."""

    def __init__(self, run: PipelineRun, clock: datetime, secrets: Secrets) -> None:
        self.run = run
        self.clock = clock
        self.secrets = secrets

    def __repr__(self) -> str:
        """The outcome, and each activity that did not succeed, with its reason; secrets are masked."""
        rest = [activity for activity in self if activity.status not in ("Succeeded", NOT_RUN)]
        return f"<run of '{self.pipeline}': {self.outcome}{': ' if rest else ''}{', '.join(map(repr, rest))}>"

    def __getitem__(self, name: str) -> ActivityResult:
        """Returns what became of the activity of that name, wherever it stands; names are compared without case.

        Raises:
            KeyError: The pipeline has no such activity.
        """
        found = self._by_name.get(name.casefold())
        if found is None:
            known = [activity.name for activity in self._by_name.values()]
            raise KeyError(f"The pipeline has no activity '{name}'.{suggestion(name, known)}")
        return found

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name.casefold() in self._by_name

    def __iter__(self) -> Iterator[ActivityResult]:
        """Every activity of the pipeline, containers before what they hold, in the order of the document."""
        return iter(self._by_name.values())

    @cached_property
    def _by_name(self) -> dict[str, ActivityResult]:
        runs: dict[str, list[ActivityRun]] = {}
        counts: dict[str, Counter[str]] = {}
        for run in self.all_runs:
            runs.setdefault(run.name.casefold(), []).append(run)
            if run.scope.owner is None:
                _count(counts, run)
        return {
            (key := activity.name.casefold()): ActivityResult(
                activity.name, activity.type, runs.get(key, []), counts.get(key, Counter()), self
            )
            for activity in self.run.model.activities
        }

    @cached_property
    def all_runs(self) -> list[ActivityRun]:
        """Every remembered run of an activity, containers before what they hold."""
        return [] if self.run.scope is None else list(walk(self.run.scope))

    def moment(self, offset: int) -> datetime:
        """The time at ``offset`` microseconds since the outermost run began."""
        return self.clock + timedelta(microseconds=offset)

    @property
    def pipeline(self) -> str:
        """The pipeline's name."""
        return self.run.model.name

    @property
    def outcome(self) -> str:
        """``Succeeded``, ``Failed`` or ``Cancelled``."""
        return Told(self.run.outcome, self)

    @property
    def succeeded(self) -> bool:
        """Whether the run succeeded."""
        return self.run.outcome == "Succeeded"

    @property
    def error(self) -> str:
        """Why the run did not succeed, as ADF would say; empty if it did."""
        if self.run.outcome == "Cancelled":
            return "The run was cancelled."
        return target_failure(self.run.culprits)

    @property
    def start(self) -> datetime:
        """When the run started."""
        return self.moment(self.run.started or 0)

    @property
    def end(self) -> datetime:
        """When the run ended."""
        return self.moment(self.run.ended or 0)

    @property
    def duration(self) -> timedelta:
        """How long the run took."""
        return self.end - self.start

    @property
    def parameters(self) -> dict[str, Any]:
        """The values of the parameters."""
        return self.run.parameters

    @property
    def variables(self) -> dict[str, Any]:
        """The values of the variables at the end."""
        return self.run.variables

    @property
    def return_value(self) -> dict[str, Any]:
        """The pipeline's return value."""
        return self.run.returned

    @property
    def statuses(self) -> dict[str, str]:
        """The status of each activity that the run came to, by name, in the order of the document."""
        statuses = Statuses((activity.name, str(activity.status)) for activity in self if activity.status != NOT_RUN)
        statuses.about = self
        return statuses

    @property
    def ran(self) -> list[str]:
        """The names of the activities that started, in the order in which they did; in loops, once for each pass."""
        started = [run for run in self.all_runs if run.status in ("Succeeded", "Failed") or run.attempts]
        names = Names(run.name for run in sorted(started, key=lambda run: run.opened))
        names.about = self
        return names

    @property
    def skipped(self) -> dict[str, str]:
        """Why each skipped activity was, by name."""
        return {activity.name: activity.reason for activity in self if activity.status == "Skipped"}

    @property
    def events(self) -> list[Event]:
        """What happened, in order."""
        happened: list[tuple[int, int, str, str]] = []
        for run in self.all_runs:
            if run.status not in ("Skipped", "Inactive", NOT_RUN):
                happened.append((run.opened, run.started, run.name, "started"))
            if run.ended is not None:
                happened.append((run.closed, run.ended, run.name, run.status or ""))
        return [Event(self.moment(time), name, what) for _, time, name, what in sorted(happened)]


def _count(counts: dict[str, Counter[str]], run: ActivityRun) -> None:
    """Count a run of a pipeline's own scope, and what containers counted of their passes."""
    counts.setdefault(run.name.casefold(), Counter())[run.status or ""] += 1
    for name, tally in run.tally.items():
        counts.setdefault(name.casefold(), Counter()).update(tally)
