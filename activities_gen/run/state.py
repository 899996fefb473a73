"""What the engine holds while a pipeline runs, and what is left of it afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from activities_gen.expressions.context import FoldedResults

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping

    from activities_gen.model.activities import Activity, Siblings
    from activities_gen.model.pipeline import Pipeline
    from activities_gen.run.earlier import EarlierActivity, EarlierRun
    from activities_gen.run.errors import Error
    from activities_gen.run.timers import Timer
    from activities_gen.run.variables import Variables


Status = Literal["Succeeded", "Failed", "Skipped", "Inactive", "Cancelled", "NotRun"]
"""How an activity ends. A dependency sees an inactive one as what it is marked as, and one that the run is not about as what it was before."""

_NOTHING: Mapping[str, Any] = {}


class ActivityRun:
    """One activity in one pass through its scope.

    Attributes:
        activity: The activity.
        scope: The pass it belongs to.
        status: How it ended; ``None`` while it has not.
        started: Microseconds since the run began.
        ended: The same, ``None`` while it has not ended.
        opened: Place among all events of the run at which it started.
        closed: Place at which it ended.
        input: What its properties evaluated to.
        output: What expressions read as ``.output``; ``None`` if it has none.
        error: Why it failed.
        reason: For a skipped activity, the dependency that was not met; for one that is not run, why.
        earlier: What became of it in an earlier run, where this one goes on from that.
        attempts: The tries at an execution activity.
        passes: How many passes a loop made.
        kept: The passes through the activity's own scopes that are remembered in full.
        tally: Of all passes, how often each inner activity ended how.
        child: The run that an ``ExecutePipeline`` started.
        state: What the handler of its type remembers.
        inner: What later expressions may refer to inside of it: the activities of the last pass, unless it is a ForEach.
        seen: What its expressions may refer to by ``activity(…)``, once it was asked for.
        live: The scopes of it that are under way.
        timer: The timer it waits for.
        attempt: The attempt under way.
        cancelling: Why it is being ended early, else empty.
        expired: The error of a loop whose time is over.
        view: What ``activity(…)`` gives to expressions, once it was asked for.
    """

    __slots__ = (
        "activity",
        "attempt",
        "attempts",
        "cancelling",
        "child",
        "closed",
        "earlier",
        "ended",
        "error",
        "expired",
        "inner",
        "input",
        "kept",
        "live",
        "opened",
        "output",
        "passes",
        "reason",
        "scope",
        "seen",
        "started",
        "state",
        "status",
        "tally",
        "timer",
        "view",
    )

    def __init__(self, activity: Activity, scope: Scope, started: int, opened: int) -> None:
        self.activity = activity
        self.scope = scope
        self.started = started
        self.opened = opened
        self.status: Status | None = None
        self.ended: int | None = None
        self.closed = 0
        self.input: Any = None
        self.output: Any = None
        self.error: Error | None = None
        self.reason = ""
        self.attempts: list[Attempt] = []
        self.passes = 0
        self.kept: list[Scope] = []
        self.tally: dict[str, Counter[str]] = {}
        self.child: PipelineRun | None = None
        self.state: Any = None
        self.live: list[Scope] = []
        self.inner: dict[str, Any] = {}
        self.timer: Timer | None = None
        self.attempt: Attempt | None = None
        self.cancelling = ""
        self.expired: Error | None = None
        self.seen: Seen | None = None
        self.view: dict[str, Any] | None = None
        self.earlier: EarlierActivity | None = None

    @property
    def name(self) -> str:
        """The activity's name."""
        return self.activity.name

    @property
    def seen_as(self) -> str:
        """The status as dependencies and the outcome see it."""
        if self.status == "NotRun":
            return self.earlier.status if self.earlier else "Succeeded"
        if self.status == "Inactive":
            return self.activity.inactive or "Succeeded"
        return self.status or ""

    def describe(self) -> dict[str, Any]:
        """What ``activity('name')`` gives to expressions, once the activity has ended."""
        if self.view is None:
            self.view = self._described()
        return self.view

    def _described(self) -> dict[str, Any]:
        view: dict[str, Any] = {"Status": self.seen_as, "ActivityRunId": f"{self.opened:032x}"}
        if self.status == "Inactive" or self.seen_as == "Skipped":
            return view
        if self.output is not None:
            view["output"] = self.output
        if self.error is not None:
            view["error"] = {
                "errorCode": self.error.code,
                "message": self.error.message,
                "failureType": self.error.failure_type,
                "target": self.name,
            }
        return view


class Scope:
    """One pass through a list of activities: through a pipeline, a branch, or a loop's body.

    Attributes:
        siblings: The activities.
        pipeline: The pipeline run it belongs to.
        owner: The container that made the pass, ``None`` for a pipeline's own.
        index: Which pass of the container, from 0.
        item: What ``item()`` gives inside.
        runs: One for each activity that has started or been skipped.
        unmet: For each activity, how many dependencies have not been met yet.
        open: How many steps have not ended.
        cancelled: Whether it is being ended early.
        repeats: For how many equal passes it stands.
        earlier: What became of its activities in an earlier run, by name in lower case.
    """

    __slots__ = (
        "cancelled",
        "earlier",
        "index",
        "item",
        "open",
        "owner",
        "pipeline",
        "repeats",
        "runs",
        "siblings",
        "unmet",
    )

    def __init__(
        self, siblings: Siblings, pipeline: PipelineRun, owner: ActivityRun | None, index: int, item: Any
    ) -> None:
        self.siblings = siblings
        self.pipeline = pipeline
        self.owner = owner
        self.index = index
        self.item = item
        self.runs: list[ActivityRun | None] = [None] * len(siblings.activities)
        self.unmet = [len(activity.upstream) for activity in siblings.activities]
        self.open = len(siblings.activities)
        self.cancelled = False
        self.repeats = 1
        self.earlier: Mapping[str, EarlierActivity] = _NOTHING

    def __iter__(self) -> Iterator[ActivityRun]:
        """The runs that there are, in the order of the document."""
        return (run for run in self.runs if run is not None)


class Seen(FoldedResults):
    """What ``activity(…)`` may name in the expressions of an activity: what runs before it, here and further out.

    Each name is looked up when it is asked for, so that a long chain of activities costs no more than its length.
    """

    def __init__(self, run: ActivityRun, more: Mapping[str, Any] = _NOTHING) -> None:
        """Look up for an activity; ``more`` are results by name that it sees besides."""
        self._run = run
        self._more = more
        self._folded = {name.casefold(): result for name, result in more.items()}

    def __getitem__(self, name: str) -> Any:
        """Returns what an activity gave, by its name, whatever the letter case.

        Raises:
            KeyError: There is no such activity, or it has not ended.
        """
        folded = name.casefold()
        if folded in self._folded:
            return self._folded[folded]
        for target in self._run.scope.pipeline.model.by_name.get(folded, ()):
            result = self._result(target)
            if result is not None:
                return result
        raise KeyError(name)

    def _result(self, target: Activity) -> Any:
        around = (target, *target.containers())
        run: ActivityRun | None = self._run
        while run is not None:
            scope = run.scope
            for node in around:
                if node.siblings is scope.siblings and scope.siblings.before(run.activity, node):
                    before = scope.runs[node.index]
                    if before is None or before.status is None:
                        return None
                    return before.describe() if node is target else before.inner.get(target.name)
            run = scope.owner
        return None

    def __iter__(self) -> Iterator[str]:
        """The names that may be looked up."""
        known = (activity.name for activity in self._run.scope.pipeline.model.activities)
        return (name for name in dict.fromkeys((*self._more, *known)) if name in self)

    def __len__(self) -> int:
        """How many these are."""
        return sum(1 for _ in self)

    def __bool__(self) -> bool:
        """Always true: the activity stands in a pipeline."""
        return True


def visible(run: ActivityRun) -> Seen:
    """What ``activity(…)`` may name in the expressions of an activity."""
    if run.seen is None:
        run.seen = Seen(run)
    return run.seen


def inside(scope: Scope) -> dict[str, Any]:
    """Returns what expressions may refer to once a pass has ended: its activities, and what is inside of them."""
    found: dict[str, Any] = {}
    for run in scope:
        found.update(run.inner)
        found[run.name] = run.describe()
    return found


@dataclass(eq=False)
class PipelineRun:
    """One run of one pipeline.

    Attributes:
        model: The pipeline.
        id: Its run id.
        parameters: The values of all parameters.
        system: What ``pipeline().…`` gives.
        variables: The values of all variables.
        queued: When it was asked for, microseconds since the outermost run began.
        started: When it started.
        ended: When it ended.
        outcome: ``Succeeded``, ``Failed`` or ``Cancelled``; empty while it is under way.
        culprits: The activities that decided the outcome if it is not ``Succeeded``.
        returned: The pipeline's return value.
        scope: Its activities.
        parent: The activity that started it.
        earlier: The run that it goes on from.
    """

    model: Pipeline
    id: str
    parameters: dict[str, Any]
    system: dict[str, Any]
    variables: Variables
    queued: int
    parent: ActivityRun | None = None
    started: int | None = None
    ended: int | None = None
    outcome: str = ""
    culprits: list[ActivityRun] = field(default_factory=list)
    returned: dict[str, Any] = field(default_factory=dict)
    scope: Scope | None = None
    earlier: EarlierRun | None = None

    def take_up(self, earlier: EarlierRun) -> None:
        """Go on from an earlier run: with its variables and its return value."""
        self.earlier = earlier
        for name, value in earlier.variables.items():
            if name in self.variables:
                self.variables.assign(name, value)
        self.returned.update(earlier.returned)


@dataclass(eq=False)
class Attempt:
    """One try at an execution activity.

    Attributes:
        run: The activity's run.
        number: From 1.
        started: When it started, microseconds since the run did.
        ended: When it ended, ``None`` while it is under way.
        error: Why it failed, ``None`` if it did not.
        log: File of what it wrote, if there is one.
        stopping: Why the engine has it stopped: ``timeout``, ``cancel`` or empty.
    """

    run: ActivityRun
    number: int
    started: int
    ended: int | None = None
    error: Error | None = None
    log: str | None = None
    stopping: str = ""


def walk(scope: Scope) -> Iterator[ActivityRun]:
    """Every remembered run of a scope, containers before what they hold; not those of child pipelines."""
    for run in scope:
        yield run
        for inner in run.kept:
            yield from walk(inner)
