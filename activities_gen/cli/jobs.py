"""What a command line asks to be run: a job for each pipeline directory, or everything that keeps them from running."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from activities_gen.cli import UsageError
from activities_gen.cli.choosing import (
    NO_WISHES,
    Wishes,
    choice_for,
    earlier_run,
    notes,
    unreadable,
    wishes_of,
    with_needs,
)
from activities_gen.cli.directories import Claim, collisions, folder_names, pipeline_directories, prefix
from activities_gen.cli.options import Wrong, conf_of, event_of, pairs_of, stubs_of, window_of
from activities_gen.expressions import ExpressionError
from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.run.bounds import is_whole
from activities_gen.run.choice import EVERYTHING, spared
from activities_gen.run.parameters import bind, from_text, unknown
from activities_gen.run.real import Job
from activities_gen.run.references import reachable
from activities_gen.run.simulate import unknown_activities
from activities_gen.run.sources import repository
from activities_gen.run.spark_engines import SparkEngine, choose, silence, unfit
from activities_gen.run.staging import has_trigger, missing_isolation, obstacles, read_pipeline, read_trigger
from activities_gen.run.trigger import bind_event, bind_window
from activities_gen.run.waits import Waits

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from activities_gen.model.pipeline import Pipeline
    from activities_gen.run.stub import Outcome


@dataclass(frozen=True)
class _Options:
    """What a command line says of all its pipelines alike.

    Attributes:
        several: Whether it may be about more than one; messages and folders then say whose they are.
        parameters: Texts of parameters by name; each pipeline takes those that it has.
        window: The window of the triggers.
        event: The file or event at which they start.
        triggered: The directories whose triggers have that window or event.
        stubs: What stands in for activities, by name; each pipeline takes those that it has.
        conf: Spark's configuration.
        python: The interpreter of the activities.
        engine: What runs Spark code.
        limit: How many activities run side by side.
        isolated: Whether activities have no network.
        waits: Which waits take their time.
        wishes: Which activities run.
    """

    several: bool
    parameters: Mapping[str, str]
    window: tuple[datetime, datetime] | None
    event: str | Mapping[str, Any] | None
    triggered: Sequence[Path]
    stubs: Mapping[str, Outcome]
    conf: Mapping[str, str]
    python: str
    engine: SparkEngine
    limit: int
    isolated: bool
    waits: Waits
    wishes: Wishes


def jobs_of(arguments: argparse.Namespace) -> list[Job]:
    """A job for each pipeline directory that a command line names.

    Raises:
        UsageError: The command line makes no sense.
        FindingsError: Something is known beforehand to keep a pipeline from running.
    """
    directories = _directories(arguments)
    wrong = Wrong()
    options = _options(arguments, directories, wrong)
    pipelines = _plans(directories, wrong)
    known = {model.name.casefold(): model for model in pipelines.values()}
    empty = _empty(arguments.pipelines)
    wrong.usage += empty
    with wrong.noted():
        known |= repository(arguments.pipelines)
    complete = not (wrong.findings or empty)  # else a name may be of what could not be read
    wrong.note(collisions(_claims(pipelines)))
    if complete:
        wrong.usage += _unknown_parameters(options, pipelines.values())
    jobs = [
        _job(model, directory, output, known, options, wrong)
        for (directory, model), output in zip(
            pipelines.items(), _outputs(arguments.output, pipelines, options), strict=True
        )
    ]
    for job in jobs:
        wrong.note(_obstacles(job, complete=complete))
    if complete:
        wrong.usage += _unknown_stubs(options, jobs)
    if not wrong.usage and not wrong.findings:
        wrong.note(silence(options.engine, options.python))
        wrong.note(missing_isolation(options.python) if options.isolated else ())
    wrong.refuse()
    return jobs


def _obstacles(job: Job, *, complete: bool) -> Iterator[Finding]:
    """Yields what is known beforehand to keep a job's activities from running, those left out that do not run."""
    without = spared(job.model.top, job.choice, job.earlier)
    pipelines = reachable(job.model, job.pipelines, without)
    yield from obstacles(
        pipelines, job.directory, job.stubs, job.python, job.engine, without=without, complete=complete
    )
    yield from unreadable(job.model, job.choice, job.earlier)


def _empty(pipelines: Iterable[Path]) -> list[str]:
    """Returns what is wrong with folders that hold no pipeline, such as those of pipeline directories."""
    return [
        f"--pipelines: '{place}' holds no JSON file. Name pipeline directories, or a folder of JSON files."
        for place in pipelines
        if place.is_dir() and not any(place.glob("*.json"))
    ]


def _directories(arguments: argparse.Namespace) -> list[Path]:
    return pipeline_directories(
        arguments.directories,
        every=arguments.all,
        wanted=lambda _: True,
        described="a pipeline.json, an activities.json, or an activities.py and a Makefile",
    )


def _options(arguments: argparse.Namespace, directories: Sequence[Path], wrong: Wrong) -> _Options:
    python, window = sys.executable, None
    wrong.usage += unfit(arguments.engine, arguments.master, arguments.remote, isolated=arguments.no_network)
    if arguments.limit < 1:
        wrong.usage.append("--limit must be at least 1.")
    with wrong.noted():
        python = _interpreter(arguments.python)
    wishes = NO_WISHES
    several = arguments.all or len(directories) > 1
    with wrong.noted():
        wishes = wishes_of(arguments, several=several)
    parameters = pairs_of(arguments.parameters, "--parameters", wrong)
    with wrong.noted():
        window = window_of(arguments.window)
    if arguments.window is not None and arguments.event is not None:
        wrong.usage.append("--window and --event exclude each other.")
    stubs = stubs_of(arguments.stub, wrong)
    conf = conf_of(arguments.conf_file, arguments.conf, wrong)
    return _Options(
        several=several,
        parameters=parameters,
        window=window,
        event=event_of(arguments.event, wrong),
        # Where none has a trigger, each says so.
        triggered=[directory for directory in directories if has_trigger(directory)] or directories,
        stubs=stubs,
        conf=conf,
        python=python,
        engine=choose(arguments.engine, arguments.master, arguments.remote, python),
        limit=arguments.limit,
        isolated=arguments.no_network,
        wishes=wishes,
        waits=Waits(retries=arguments.real_waits, pauses=not arguments.fast_waits),
    )


def _interpreter(path: str) -> str:
    if shutil.which(path) is None:
        raise UsageError(f"--python: there is no interpreter '{path}'.")
    return path


def _plans(directories: Iterable[Path], wrong: Wrong) -> dict[Path, Pipeline]:
    """The pipelines of the directories."""
    pipelines = {}
    for directory in directories:
        with wrong.noted():
            pipelines[directory] = read_pipeline(directory)
    return pipelines


def _claims(pipelines: Mapping[Path, Pipeline]) -> Iterator[Claim]:
    """The names of the pipelines, each of which must be another."""
    for directory, model in pipelines.items():
        yield Claim("GEN050", model.name, prefix(directory), Location(model.document.file))


def _outputs(given: Path | None, pipelines: Mapping[Path, Pipeline], options: _Options) -> list[Path]:
    """The folder for the report and the logs of each pipeline."""
    if given is None:
        now = f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S.%fZ}"
        return [directory / "runs" / now for directory in pipelines]
    if not options.several:
        return [given]
    return [given / name for name in folder_names((model.name for model in pipelines.values()), r"[/\\\x00-\x1f]+")]


def _job(
    model: Pipeline,
    directory: Path,
    output: Path,
    known: Mapping[str, Pipeline],
    options: _Options,
    wrong: Wrong,
) -> Job:
    """The job of one pipeline; what is known to keep it from running is noted."""
    pipelines = {model.name.casefold(): model}
    parameters: dict[str, Any] = {}
    system: dict[str, Any] = {}
    stubs = {name.casefold(): outcome for name, outcome in options.stubs.items()}
    choice, path, earlier, about = EVERYTHING, output, None, f"{directory}: " if options.several else ""
    with wrong.noted():
        pipelines = reachable(model, known)
    with wrong.noted(about):
        choice = choice_for(model, options.wishes, stubs)
    if options.wishes.resume:
        with wrong.noted():
            path, earlier = earlier_run(directory, output if options.wishes.elsewhere else None, model)
        choice = with_needs(choice, pipelines.values())
    with wrong.noted(about):
        parameters, system = _values(options, model, directory, earlier.parameters if earlier else {})
    return Job(
        model=model,
        pipelines=pipelines,
        parameters=parameters,
        directory=directory.resolve(),
        output=output.absolute(),
        python=options.python,
        system=system,
        engine=options.engine,
        stubs=stubs,
        conf=options.conf,
        limit=options.limit,
        waits=options.waits,
        isolated=options.isolated,
        choice=choice,
        earlier=earlier,
        notes=notes(path, earlier, model, choice, parameters) if earlier else (),
    )


def _values(
    options: _Options, model: Pipeline, directory: Path, before: Mapping[str, Any]
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values of all parameters of a pipeline, those ``before`` where no others are given, and what is known of ``pipeline().…``."""
    given, system = _bound(options, model, directory)
    declared = {name.casefold() for name in model.parameters}
    named = {name.casefold() for name in given}
    given |= {name: value for name, value in before.items() if name.casefold() not in named and is_whole(value)}
    problems = []
    for name, text in options.parameters.items():
        if name.casefold() in declared:
            given = {key: value for key, value in given.items() if key.casefold() != name.casefold()}
            given[name] = text
            try:
                given[name] = from_text(model.parameters, name, text)
            except ValueError as error:
                problems.append(str(error))
    values, missing = bind(model.parameters, given)
    if missing:
        problems.append(f"The pipeline needs --parameters {' '.join(f'{name}=…' for name in missing)}")
    if problems:
        raise UsageError(*problems)
    return values, system


def _bound(options: _Options, model: Pipeline, directory: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """Returns what the trigger of a directory gives to its pipeline for the window, if there is one."""
    window, event = options.window, options.event
    if (window is None and event is None) or directory not in options.triggered:
        return {}, {}
    trigger = read_trigger(directory)
    try:
        if window is not None:
            return bind_window(trigger, model.document.name, window)
        return bind_event(trigger, model.document.name, event or "", datetime.now(timezone.utc))
    except ExpressionError as error:
        message = f"The trigger's parameters cannot be evaluated: {error}"
        raise FindingsError([Finding("RUN013", Severity.ERROR, message, Location(trigger.file))]) from error


def _unknown_parameters(options: _Options, pipelines: Iterable[Pipeline]) -> list[str]:
    says = "No pipeline has a parameter" if options.several else "The pipeline has no parameter"
    declared = {name: None for model in pipelines for name in model.parameters}
    return unknown(declared, options.parameters, says)


def _unknown_stubs(options: _Options, jobs: Iterable[Job]) -> list[str]:
    everything = {name: model for job in jobs for name, model in job.pipelines.items()}
    return [f"--stub: {problem}" for problem in unknown_activities(options.stubs, everything)]
