"""Run a pipeline with given outcomes, in virtual time: the control flow of ADF in a unit test."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from itertools import count
from typing import TYPE_CHECKING, Any

from activities_gen.findings import suggestion
from activities_gen.run import control
from activities_gen.run.engine import Engine
from activities_gen.run.evaluation import Evaluator
from activities_gen.run.parameters import bind, unknown
from activities_gen.run.plan import PipelinePlan, Step, compile_pipeline
from activities_gen.run.redaction import Secrets
from activities_gen.run.references import reachable, started, target
from activities_gen.run.result import RunResult
from activities_gen.run.sources import Source, document, repository
from activities_gen.run.stub import StubExecutor
from activities_gen.run.trigger import bind_window, instant, parse_window
from activities_gen.run.variables import declared_name
from activities_gen.wire.document import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from activities_gen.run.state import ActivityRun
    from activities_gen.run.stub import Answer

CLOCK = datetime(2026, 1, 1, tzinfo=timezone.utc)
"""When a simulation starts, unless told otherwise."""


class SimulationError(Exception):
    """What a simulation was given does not fit the pipeline; each of ``problems`` is one sentence."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


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
    system: Mapping[str, Any] | None = None,
    seed: int = 0,
) -> RunResult:
    """Run a pipeline's control flow without running its activities.

    Args:
        pipeline: A definition, a document, parsed JSON, or the path of a JSON file.
        parameters: Values by name; the trigger's, then the defaults, stand in for the others.
        outcomes: By activity, how it ends: what `succeed`, `fail` or `sequence` give, an output, or a function of the
            evaluated input that gives one of these. ``<pipeline>/<activity>`` names one of several pipelines'.
        default: How activities end that `outcomes` does not name.
        pipelines: Those that ``ExecutePipeline`` may start: by name, a list, or a folder of JSON files.
        variables: Values that variables start with, instead of their defaults.
        global_parameters: ``pipeline().globalParameters``.
        clock: When the run starts.
        trigger: The trigger that starts the run; needs `window`.
        window: Start and end of the trigger's window, ISO 8601.
        system: Further values of ``pipeline().…``, such as ``DataFactory``.
        seed: Of ``rand()`` and ``guid()``.

    Returns:
        The result. The same arguments give the same result, to the byte of its report.

    Raises:
        FindingsError: ADF could not start the pipeline.
        SimulationError: A parameter has no value, a name is unknown, or the run came to an activity without an outcome.
    """
    plan = compile_pipeline(document(pipeline))
    others = reachable(plan, repository(pipelines))
    answers = {name.casefold(): answer for name, answer in (outcomes or {}).items()}
    given, facts = _triggered(plan, trigger, window)
    values, missing = bind(plan.parameters, {**given, **(parameters or {})})
    _refuse(missing, unknown(plan.parameters, parameters or {}), unknown(plan.variables, variables or {}, "variable"))
    _refuse([], _unknown_outcomes(outcomes or {}, others))
    start = _utc(clock or CLOCK)
    secrets = Secrets()
    executor = StubExecutor(
        lambda run: _answer(run, answers, default, others),
        lambda run: SimulationError(_without_outcome(run, others, answers)),
    )
    evaluator = Evaluator(lambda: start + timedelta(microseconds=executor.now()), seed, global_parameters or {})
    engine = Engine(executor, evaluator, others, new_id=map(_run_id, count(1)).__next__, observer=secrets)
    run = engine.pipeline_run(plan, values, {**by_hand(start, _run_id(0)), **facts, **(system or {})})
    secrets.learn(run)
    run.variables.update({declared_name(run, name): value for name, value in (variables or {}).items()})
    engine.run(run)
    return RunResult(run, start, secrets)


def _utc(moment: datetime) -> datetime:
    """A moment in UTC; without a zone, it is UTC."""
    return moment.replace(tzinfo=timezone.utc) if moment.tzinfo is None else moment.astimezone(timezone.utc)


def _refuse(missing: list[str], *others: Iterable[str]) -> None:
    problems = [problem for several in others for problem in several]
    problems += [f"The parameter '{name}' has no default; give it a value." for name in missing]
    if problems:
        raise SimulationError(problems)


def _triggered(
    plan: PipelinePlan, trigger: Source | None, window: tuple[str, str] | None
) -> tuple[dict[str, Any], dict[str, Any]]:
    if trigger is None and window is None:
        return {}, {}
    if trigger is None or window is None:
        raise SimulationError(["A trigger needs a window, and a window a trigger."])
    return bind_window(document(trigger, Kind.TRIGGER), plan.name, parse_window(*window))


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
    run: ActivityRun, answers: Mapping[str, Answer], default: Answer | None, others: Mapping[str, PipelinePlan]
) -> Answer | None:
    """What the test says of an activity; the default does not replace the run of a pipeline that is known."""
    name = run.name.casefold()
    full = f"{run.scope.pipeline.plan.name.casefold()}/{name}"
    if full in answers:
        return answers[full]
    return answers.get(name, None if started(run.step, others) else default)


def _stubbed(others: Mapping[str, PipelinePlan]) -> Iterator[tuple[PipelinePlan, Step]]:
    """Every activity that an outcome may be given for."""
    for plan in others.values():
        for step in plan.plan.walk():
            if step.type not in control.BEGIN or step.type == "ExecutePipeline":
                yield plan, step


def _unknown_outcomes(outcomes: Mapping[str, Answer], others: Mapping[str, PipelinePlan]) -> Iterator[str]:
    known: dict[str, str] = {}
    for plan, step in _stubbed(others):
        known.setdefault(step.name.casefold(), step.name)
        known.setdefault(f"{plan.name}/{step.name}".casefold(), f"{plan.name}/{step.name}")
    types = {step.name.casefold(): step.type for plan in others.values() for step in plan.plan.walk()}
    for name in outcomes:
        if name.casefold() in known:
            continue
        if name.casefold() in types:
            yield f"'{name}' is of type {types[name.casefold()]}, which runs by itself; it takes no outcome."
        else:
            yield f"There is no activity '{name}' to give an outcome to.{suggestion(name, known.values())}"


def _without_outcome(
    run: ActivityRun, others: Mapping[str, PipelinePlan], answers: Mapping[str, Answer]
) -> Iterator[str]:
    """What to say when the run has come to an activity without an outcome: that, and which others have none."""
    pipeline = target(run.step)
    known = f" Or give the pipeline that it starts: pipelines={{'{pipeline}': …}}." if pipeline else ""
    yield f"'{run.name}' has no outcome. Give it one: outcomes={{'{run.name}': succeed()}}, or default=succeed().{known}"
    active = {step for plan in others.values() for step in plan.plan.active()}
    rest = [
        step.name
        for plan, step in _stubbed(others)
        if step is not run.step
        and step in active
        and started(step, others) is None
        and not {step.name.casefold(), f"{plan.name}/{step.name}".casefold()} & answers.keys()
    ]
    if rest:
        yield f"Others without an outcome that it may come to: {', '.join(map(repr, rest))}."
