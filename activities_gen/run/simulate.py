"""Run a pipeline with given outcomes, in virtual time: the control flow of ADF in a unit test."""

from __future__ import annotations

import functools
from datetime import datetime, timedelta, timezone
from itertools import count
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from activities_gen.findings import FindingsError, suggestion
from activities_gen.run import control
from activities_gen.run.engine import Engine
from activities_gen.run.evaluation import Evaluator
from activities_gen.run.parameters import bind, unknown
from activities_gen.run.redaction import Secrets
from activities_gen.run.references import given_for, reachable, started, target
from activities_gen.run.result import RunResult
from activities_gen.run.sources import Source, document, repository
from activities_gen.run.startable import startable
from activities_gen.run.stub import SimulationError, StubExecutor, misfit
from activities_gen.run.trigger import bind_event, bind_window, instant, parse_window
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from activities_gen.model.activities import Activity
    from activities_gen.model.pipeline import Pipeline
    from activities_gen.run.state import ActivityRun
    from activities_gen.run.stub import Answer

_P = ParamSpec("_P")
_R = TypeVar("_R")
CLOCK = datetime(2026, 1, 1, tzinfo=timezone.utc)
"""When a simulation starts, unless told otherwise."""


def _pointing_at_the_caller(function: Callable[_P, _R]) -> Callable[_P, _R]:
    """Let the traceback of a caller's mistake end at the caller's line."""

    @functools.wraps(function)
    def call(*args: _P.args, **kwargs: _P.kwargs) -> _R:
        __tracebackhide__ = True  # pytest then shows the test alone
        try:
            return function(*args, **kwargs)
        except (FindingsError, SimulationError) as error:
            raise error.with_traceback(None) from None

    return call


@_pointing_at_the_caller
def simulate(
    pipeline: Source,
    *,
    parameters: Mapping[str, Any] | None = None,
    outcomes: Mapping[str, Answer] | None = None,
    default: Answer | None = None,
    pipelines: Mapping[str, Source] | Iterable[Source] | Source | None = None,
    variables: Mapping[str, Any] | None = None,
    global_parameters: Mapping[str, Any] | None = None,
    clock: datetime | None = None,
    trigger: Source | None = None,
    window: tuple[str, str] | None = None,
    event: str | Mapping[str, Any] | None = None,
    system: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> RunResult:
    """Run a pipeline's control flow without running its activities.

    Args:
        pipeline: A definition, a document, parsed JSON, or the path of a JSON file or of a pipeline directory.
        parameters: Values by name; the trigger's, then the defaults, stand in for the others.
        outcomes: By activity, how it ends: what `succeed`, `fail` or `sequence` give, an output, or a function of the
            evaluated input that gives one of these. ``<pipeline>/<activity>`` names one of several pipelines'.
        default: How activities end that `outcomes` does not name.
        pipelines: Those that ``ExecutePipeline`` may start: by name, a list, or a folder of JSON files.
        variables: Values that variables start with, instead of their defaults.
        global_parameters: ``pipeline().globalParameters``.
        clock: When the run starts.
        trigger: The trigger that starts the run; needs `window` or `event`.
        window: Start and end of the trigger's window, ISO 8601. Of a schedule, the first of its times in it counts.
        event: What an event trigger starts at: a file's path, ``container/folder/file``, or what ``triggerBody()`` is.
        system: Further values of ``pipeline().…``, such as ``DataFactory``.
        seed: Of ``rand()`` and ``guid()``.

    Returns:
        The result. The same arguments give the same result, to the byte of its report.

    Raises:
        FindingsError: ADF could not start the pipeline.
        SimulationError: A parameter has no value, a name is unknown, or the run came to an activity without an outcome.
    """
    model = startable(document(pipeline))
    others = reachable(model, repository(pipelines))
    answers = {name.casefold(): answer for name, answer in (outcomes or {}).items()}
    start = _utc(clock or CLOCK)
    given, facts = _triggered(model, trigger, window, event, start)
    values, missing = bind(model.parameters, {**given, **(parameters or {})})
    _refuse(missing, unknown(model.parameters, parameters or {}), _unknown_variables(model, variables or {}))
    _refuse([], _unfit_outcomes(outcomes or {}, others), filter(None, [misfit("default", "", default or {})]))
    secrets = Secrets()
    executor = _executor(answers, default, others)
    evaluator = Evaluator(lambda: start + timedelta(microseconds=executor.now()), seed, global_parameters or {})
    engine = Engine(executor, evaluator, others, new_id=map(_run_id, count(1)).__next__, observer=secrets)
    run = engine.pipeline_run(model, values, {**by_hand(start, _run_id(0)), **facts, **(system or {})})
    secrets.learn(run)
    run.variables.start_with(variables or {})
    engine.run(run)
    return RunResult(run, start, secrets)


def _executor(answers: Mapping[str, Answer], default: Answer | None, others: Mapping[str, Pipeline]) -> StubExecutor:
    """What answers for the activities of all pipelines, by their names in lower case."""
    return StubExecutor(
        lambda run: _answer(run, answers, default, others),
        lambda run: SimulationError(_without_outcome(run, others, answers)),
    )


def _unknown_variables(model: Pipeline, given: Mapping[str, Any]) -> list[str]:
    return unknown(model.variables, given, "The pipeline has no variable")


def _utc(moment: datetime) -> datetime:
    """A moment in UTC; without a zone, it is UTC."""
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)


def _refuse(missing: list[str], *others: Iterable[str]) -> None:
    problems = [problem for several in others for problem in several]
    problems += [f"The parameter '{name}' has no default; give it a value." for name in missing]
    if problems:
        raise SimulationError(problems)


def _triggered(
    model: Pipeline,
    trigger: Source | None,
    window: tuple[str, str] | None,
    event: str | Mapping[str, Any] | None,
    now: datetime,
) -> tuple[dict[str, Any], dict[str, Any]]:
    if trigger is None and window is None and event is None:
        return {}, {}
    if trigger is None or (window is None) == (event is None):
        raise SimulationError(["A trigger needs a window or an event, and each of these a trigger."])
    started_by = document(trigger, Kind.TRIGGER)
    if event is not None:
        return bind_event(started_by, model.name, event, now)
    return bind_window(started_by, model.name, parse_window(*(window or ("", ""))))


def by_hand(start: datetime, trigger_id: str) -> dict[str, Any]:
    """What ``pipeline().…`` gives in a run that a person starts."""
    return {
        "DataFactory": "local",
        "TriggerType": "Manual",
        "TriggerId": trigger_id,
        "TriggerName": "Manual",
        "TriggerTime": instant(start),
    }


def _run_id(number: int) -> str:
    return f"00000000-0000-0000-0000-{number:012x}"


def _answer(
    run: ActivityRun, answers: Mapping[str, Answer], default: Answer | None, others: Mapping[str, Pipeline]
) -> Answer | None:
    """Returns what the test says of an activity; the default does not replace the run of a pipeline that is known."""
    found = given_for(run.scope.pipeline.model.name, run.name, answers)
    return (None if started(run.activity, others) else default) if found is None else found


def _stubbed(others: Mapping[str, Pipeline]) -> Iterator[tuple[Pipeline, Activity]]:
    """Every activity that an outcome may be given for."""
    for model in others.values():
        for activity in model.activities:
            if activity.type not in control.BEGIN or activity.type == "ExecutePipeline":
                yield model, activity


def _unfit_outcomes(outcomes: Mapping[str, Answer], others: Mapping[str, Pipeline]) -> Iterator[str]:
    """Yields what to say of outcomes for no activity, for one that takes none, given twice, or that are none."""
    yield from unknown_activities(outcomes, others)
    types = {key: activity.type for key, (_, activity) in _by_name(others).items()}
    given: dict[str, str] = {}
    for name, answer in outcomes.items():
        first = given.setdefault(name.casefold(), name)
        if first != name:
            yield f"'{first}' and '{name}' are one activity; names are compared without case."
        problem = misfit(name, types.get(name.casefold(), ""), answer)
        if problem:
            yield problem


def unknown_activities(names: Iterable[str], others: Mapping[str, Pipeline]) -> Iterator[str]:
    """Yields what to say of names of activities that an outcome cannot be given for.

    Args:
        names: ``<activity>`` or ``<pipeline>/<activity>``; case does not matter.
        others: The pipelines.
    """
    known = _by_name(others)
    types = {activity.name.casefold(): activity.type for model in others.values() for activity in model.activities}
    for name in names:
        key = name.casefold()
        if key in types and key not in known:
            yield f"'{name}' is of type {types[key]}, which runs by itself; it takes no outcome."
        elif key not in known:
            near = suggestion(name, [spelling for spelling, _ in known.values()])
            yield f"There is no activity '{name}' to give an outcome to.{near}"


def _by_name(others: Mapping[str, Pipeline]) -> dict[str, tuple[str, Activity]]:
    """The activities that take outcomes, each by its name alone and by its pipeline's and its own, in lower case."""
    return {
        name.casefold(): (name, activity)
        for model, activity in _stubbed(others)
        for name in (activity.name, f"{model.name}/{activity.name}")
    }


def _without_outcome(run: ActivityRun, others: Mapping[str, Pipeline], answers: Mapping[str, Answer]) -> Iterator[str]:
    """Yields what to say when the run has come to an activity without an outcome: that, and which others have none."""
    pipeline = target(run.activity)
    known = f" Or give the pipeline that it starts: pipelines={{'{pipeline}': …}}." if pipeline else ""
    yield f"'{run.name}' has no outcome. Give it one: outcomes={{'{run.name}': succeed()}}, or default=succeed().{known}"
    active = {activity for model in others.values() for activity in model.active}
    rest = [
        activity.name
        for model, activity in _stubbed(others)
        if activity is not run.activity
        and activity in active
        and started(activity, others) is None
        and given_for(model.name, activity.name, answers) is None
    ]
    if rest:
        yield f"Others without an outcome that it may come to: {', '.join(map(repr, rest))}."
