"""The engine: ADF's control flow as a state machine over the time of an executor.

It holds no thread and reads no clock of its own. What may happen at once happens in the order of the document, so a run
in virtual time is the same each time.
"""

from __future__ import annotations

from collections import Counter, deque
from typing import TYPE_CHECKING, Any, Protocol

from activities_gen.expressions import ExpressionError
from activities_gen.run import control
from activities_gen.run.attempts import Attempts
from activities_gen.run.choice import EVERYTHING, NOT_RUN, Choice
from activities_gen.run.errors import Error, Failure, Interrupted
from activities_gen.run.evaluation import NO_ITEM
from activities_gen.run.outcome import culprits, unmet_reason
from activities_gen.run.queues import Queues
from activities_gen.run.state import ActivityRun, PipelineRun, Scope, inside, visible, walk
from activities_gen.run.timers import Timers
from activities_gen.run.variables import Variables
from activities_gen.run.waits import AS_WRITTEN, Waits

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from activities_gen.model.pipeline import Pipeline
    from activities_gen.run.evaluation import Evaluator
    from activities_gen.run.executor import Executor
from activities_gen.run.state import Status

KEPT_PASSES = 100
"""How many passes through a loop, and how many further failed ones, are remembered in full; all are counted."""

_OWN = object()


class Observer(Protocol):
    """Is told of everything that happens, as it happens."""

    def changed(self, run: ActivityRun, what: str) -> None:
        """``what`` is ``started``, ``queued``, ``running``, ``retrying``, or how the activity ended."""


class Engine:
    """Runs one pipeline, and those it starts.

    Attributes:
        now: Microseconds since the run began.
        timers: What is to be done later.
        executor: Runs the execution activities.
        repository: The pipelines that may be started, by name in lower case.
        waits: Which waits take their time.
    """

    def __init__(
        self,
        executor: Executor,
        evaluator: Evaluator,
        repository: Mapping[str, Pipeline],
        *,
        new_id: Callable[[], str],
        limit: int | None = None,
        waits: Waits = AS_WRITTEN,
        choice: Choice = EVERYTHING,
        observer: Observer | None = None,
    ) -> None:
        self.now = 0
        self.timers = Timers()
        self.executor = executor
        self.repository = repository
        self.waits = waits
        self._choice = choice
        self._evaluator = evaluator
        self._new_id = new_id
        self._observer = observer
        self._agenda: deque[tuple[Callable[[Any], None], Any]] = deque()
        self._events = 0
        self._attempts = Attempts(self, limit)
        self._queues = Queues()
        self._live: dict[PipelineRun, None] = {}

    # Time

    def run(self, pipeline: PipelineRun) -> None:
        """Run to the end, that of child pipelines that nobody waits for included.

        Where the executor is interrupted, everything under way is ended, and the outcome is ``Cancelled``.
        """
        self.submit(pipeline)
        while not self._proceed():
            self._cancel_everything()

    def _proceed(self) -> bool:
        """Go on to the end, or until the executor is interrupted; whether the end was reached."""
        try:
            while self._agenda or self._live:
                while self._agenda:
                    action, argument = self._agenda.popleft()
                    action(argument)
                if self._live:
                    self._advance()
        except Interrupted:
            return False
        return True

    def _advance(self) -> None:
        completions = self.executor.wait(self.timers.next_due())
        self.now = max(self.now, self.executor.now())
        for completion in completions:
            self._attempts.completed(completion)
        if not completions:
            self.timers.go_off(self.now)

    def later(self, action: Callable[[Any], None], argument: Any) -> None:
        """Do something in this same moment, after what is already to be done."""
        self._agenda.append((action, argument))

    def next_event(self) -> int | None:
        """When the next thing happens by itself, ``None`` if nothing does; now, where something is to be done."""
        if self._agenda:
            return self.now
        due = (self.timers.next_due(), self.executor.next_event())
        return min((moment for moment in due if moment is not None), default=None)

    def volatile(self) -> int:
        """A number that grows with each answer that need not be the same next time."""
        return self._evaluator.volatile() + self.executor.volatile()

    # Pipelines

    def pipeline_run(self, model: Pipeline, parameters: dict[str, Any], system: Mapping[str, Any]) -> PipelineRun:
        """A run of a pipeline that has not started yet; ``system`` is what its caller knows of ``pipeline().…``."""
        run_id = self._new_id()
        own = {"Pipeline": model.name, "RunId": run_id, "GroupId": run_id}
        return PipelineRun(model, run_id, parameters, {**own, **system}, Variables(model.variables), self.now)

    def child(self, parent: ActivityRun, model: Pipeline, parameters: dict[str, Any]) -> PipelineRun:
        """A run that an activity starts."""
        around = parent.scope.pipeline
        inherited = {key: value for key, value in around.system.items() if key not in ("Pipeline", "RunId")}
        caller = {"TriggeredByPipelineName": around.model.name, "TriggeredByPipelineRunId": around.id}
        run = self.pipeline_run(model, parameters, {**inherited, "TriggerType": "PipelineActivity", **caller})
        run.parent = parent
        earlier = parent.earlier.child if parent.earlier else None
        if earlier is not None and earlier.parameters == parameters and earlier.is_whole():
            run.take_up(earlier)
        return run

    def submit(self, pipeline: PipelineRun) -> None:
        """Start a pipeline, or queue it where its concurrency is used up.

        Raises:
            Failure: Too many wait already.
        """
        if self._queues.admit(pipeline):
            self._start_pipeline(pipeline)
        self._live[pipeline] = None

    def _start_pipeline(self, pipeline: PipelineRun) -> None:
        pipeline.started = self.now
        pipeline.scope = Scope(pipeline.model.top, pipeline, None, 0, NO_ITEM)
        if pipeline.earlier is not None:
            pipeline.scope.earlier = pipeline.earlier.activities
        self.later(self._open, pipeline.scope)

    def _end_pipeline(self, pipeline: PipelineRun, outcome: str) -> None:
        pipeline.ended = self.now
        pipeline.outcome = outcome
        del self._live[pipeline]
        following = self._queues.leave(pipeline)
        if following is not None:
            self._start_pipeline(following)
        self.later(lambda child: control.child_ended(self, child), pipeline)

    # Scopes

    def enter(self, owner: ActivityRun, branch: str, index: int, item: Any) -> None:
        """Begin a pass through one of a container's branches; its handler is resumed when the pass has ended."""
        scope = Scope(owner.activity.branch(branch), owner.scope.pipeline, owner, index, item)
        if owner.earlier is not None:
            scope.earlier = owner.earlier.inside(index, item)
        owner.live.append(scope)
        self.later(self._open, scope)

    def _open(self, scope: Scope) -> None:
        if not scope.siblings.activities:
            self._leave(scope)
        for activity in scope.siblings.activities:
            if not activity.upstream:
                self._begin((scope, activity.index))

    def _leave(self, scope: Scope) -> None:
        owner = scope.owner
        failed = culprits(scope)
        if owner is None:
            scope.pipeline.culprits = failed
            outcome = "Cancelled" if scope.cancelled else "Failed" if failed else "Succeeded"
            self._end_pipeline(scope.pipeline, outcome)
            return
        owner.live.remove(scope)
        if owner.activity.type != "ForEach":
            owner.inner = inside(scope)
        if owner.cancelling and not owner.live:
            self.end_cancelled(owner)
        elif not owner.cancelling:
            self._guard(owner, lambda: control.RESUME[owner.activity.type](self, owner, scope, failed))
        _remember(owner, scope, failed)

    # Activities

    def _begin(self, place: tuple[Scope, int]) -> None:
        scope, index = place
        if scope.cancelled:
            self._note(scope, index, "Cancelled", "The run was ended before it could start.")
            return
        run = self._new_run(scope, index)
        if run.activity.inactive:
            self.end(run, "Inactive")
            return
        run.earlier = self._choice.earlier(scope, run.activity)
        if self._choice.leaves_out(run.activity, run.earlier):
            self._leave_out(run)
            return
        self.tell(run, "started")
        begin = control.BEGIN.get(run.activity.type, control.execute)
        if begin is control.begin_execute_pipeline and self.executor.replaces(run):
            begin = control.execute
        self._guard(run, lambda: begin(self, run))

    def _leave_out(self, run: ActivityRun) -> None:
        """End an activity that does not run as it ended in an earlier run, if there is one."""
        run.reason = self._choice.reason(run.earlier)
        if run.earlier is not None:
            run.output, run.error, run.inner = run.earlier.output, run.earlier.error, run.earlier.seen()
        self.end(run, NOT_RUN)

    def _guard(self, run: ActivityRun, action: Callable[[], None]) -> None:
        """Let what goes wrong inside an activity be the activity's failure."""
        try:
            action()
        except ExpressionError as error:
            self.finish(run, None, Error("InvalidTemplate", str(error)))
        except Failure as failure:
            self.finish(run, None, failure.error)

    def value(self, run: ActivityRun, raw: Any, activities: Mapping[str, Any] | None = None, item: Any = _OWN) -> Any:
        """A JSON value of an activity, evaluated in its place; ``activities`` and ``item`` where they are others.

        Raises:
            ExpressionError: ADF could not evaluate it.
        """
        seen = visible(run) if activities is None else activities
        return self._evaluator.evaluate(raw, run, seen, run.scope.item if item is _OWN else item)

    def _new_run(self, scope: Scope, index: int) -> ActivityRun:
        self._events += 1
        run = ActivityRun(scope.siblings.activities[index], scope, self.now, self._events)
        scope.runs[index] = run
        return run

    def _note(self, scope: Scope, index: int, status: Status, reason: str) -> None:
        """End an activity that does not start."""
        run = self._new_run(scope, index)
        run.reason = reason
        self.end(run, status)

    def finish(self, run: ActivityRun, output: Any, error: Error | None = None) -> None:
        """End an activity as succeeded, or as failed with ``error``."""
        run.output = output
        run.error = error
        self.end(run, "Failed" if error else "Succeeded")

    def end(self, run: ActivityRun, status: Status) -> None:
        """End an activity, and let what depends on it start or be skipped."""
        self._events += 1
        run.status = status
        run.ended = self.now
        run.closed = self._events
        self.timers.cancel(run.timer)
        self.tell(run, status)
        scope = run.scope
        scope.open -= 1
        for edge in run.activity.downstream:
            forced = run.status == NOT_RUN and self._choice.forces(edge.activity)
            if run.seen_as not in edge.accepts and not forced:
                self.later(self._skip, (run, edge.activity.index))
                continue
            scope.unmet[edge.activity.index] -= 1
            if not scope.unmet[edge.activity.index]:
                self.later(self._begin, (scope, edge.activity.index))
        if not scope.open:
            self.later(self._leave, scope)

    def _skip(self, cause: tuple[ActivityRun, int]) -> None:
        run, index = cause
        if run.scope.runs[index] is None:
            status: Status = "Cancelled" if run.scope.cancelled else "Skipped"
            self._note(run.scope, index, status, unmet_reason(run, run.scope.siblings.activities[index]))

    def tell(self, run: ActivityRun, what: str) -> None:
        """Let the observer know."""
        if self._observer is not None:
            self._observer.changed(run, what)

    def attempt(self, run: ActivityRun) -> None:
        """Try an execution activity, now or as soon as the limit of parallel ones allows."""
        self._attempts.begin(run)

    # Ending early

    def _cancel_everything(self) -> None:
        for pipeline in list(self._live):
            self._cancel_pipeline(pipeline)

    def _cancel_pipeline(self, pipeline: PipelineRun) -> None:
        if self._queues.forget(pipeline):
            self._end_pipeline(pipeline, "Cancelled")
        elif pipeline.scope is not None:
            self._cancel(pipeline.scope, "The run was cancelled.")

    def _cancel(self, scope: Scope, reason: str) -> None:
        """End a pass early: what runs in it is ended, what has not started will not."""
        scope.cancelled = True
        for run in list(scope):
            if run.status is None and not run.cancelling:
                self.cancel_run(run, reason)

    def cancel_run(self, run: ActivityRun, reason: str) -> None:
        """End one activity early; it ends once nothing of it runs any more."""
        run.cancelling = reason
        self.timers.cancel(run.timer)
        if run.live:
            for scope in list(run.live):
                self._cancel(scope, reason)
        elif run.child is not None:
            self._cancel_pipeline(run.child)
        elif not self._attempts.stop(run):
            self.end_cancelled(run)

    def end_cancelled(self, run: ActivityRun) -> None:
        """Nothing of an activity that is ended early runs any more."""
        if run.expired is not None:
            self.finish(run, None, run.expired)
        else:
            run.reason = run.cancelling
            self.end(run, "Cancelled")


def _remember(owner: ActivityRun, scope: Scope, failed: list[ActivityRun]) -> None:
    """Count a pass, and keep it in full if it is one of the first, or of the first that failed."""
    for run in walk(scope):
        owner.tally.setdefault(run.name, Counter())[run.status or ""] += scope.repeats
    kept = len(owner.kept)
    if kept < KEPT_PASSES or (failed and kept < 2 * KEPT_PASSES):
        owner.kept.append(scope)
    else:
        scope.runs.clear()
