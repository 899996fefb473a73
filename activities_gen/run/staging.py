"""What a pipeline directory holds for a run, and everything that would keep it from running here."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.run import control
from activities_gen.run.evaluation import has_expression
from activities_gen.run.libraries import missing_file, resolve, staged, uses_spark, without_spark
from activities_gen.run.references import given_for, started, target
from activities_gen.run.sources import FILES, directory_of, document
from activities_gen.run.spark_engines import SAIL
from activities_gen.run.startable import startable
from activities_gen.run.workshop import ISOLATION, RUNNABLE
from activities_gen.wire.document import Kind
from activities_gen.workspace.places import DEFINITION, STAGED

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Mapping
    from pathlib import Path

    from activities_gen.model.activities import Activity
    from activities_gen.model.pipeline import Pipeline
    from activities_gen.run.spark_engines import SparkEngine
    from activities_gen.wire.document import Document


def read_pipeline(directory: Path) -> Pipeline:
    """The pipeline of a directory; a bare list of activities has the directory's name, as FlowEHR deploys it.

    Raises:
        FindingsError: There is none, or ADF could not start it.
    """
    generated = (directory / DEFINITION).is_file()
    mend = "Run 'make artifacts'." if generated else "Name a pipeline directory; --all takes all below a folder."
    _require(directory, Kind.PIPELINE, f"There is no pipeline.json and no activities.json. {mend}")
    found = document(directory)
    return startable(found, found.name or directory.resolve().name)


def read_trigger(directory: Path) -> Document:
    """The trigger of a directory.

    Raises:
        FindingsError: There is none.
    """
    _require(directory, Kind.TRIGGER, "A window needs a trigger, and there is no trigger.json.")
    return document(directory, Kind.TRIGGER)


def has_trigger(directory: Path) -> bool:
    """Whether a directory holds a trigger."""
    return _holds(directory, Kind.TRIGGER)


def _holds(directory: Path, kind: Kind) -> bool:
    return any((directory / name).is_file() for name in FILES[kind])


def _require(directory: Path, kind: Kind, message: str) -> None:
    if not _holds(directory, kind):
        raise FindingsError([Finding("RUN020", Severity.ERROR, message, Location(str(directory)))])


def obstacles(
    pipelines: Mapping[str, Pipeline],
    directory: Path,
    stubs: Mapping[str, Any],
    python: str,
    engine: SparkEngine,
    *,
    without: Container[Activity] = (),
    complete: bool = True,
) -> list[Finding]:
    """Everything that is known beforehand to keep activities from running here.

    Args:
        pipelines: All pipelines that may run.
        directory: The pipeline directory whose staged files are meant by pipelines that lie in none.
        stubs: What stands in for activities, by name in lower case.
        python: The interpreter of the activities.
        engine: What runs their Spark code.
        without: Activities that do not run.
        complete: Whether all pipelines could be read; else one that is started may be among the others.
    """
    return [
        finding
        for model in pipelines.values()
        for activity in model.active
        if activity not in without
        if given_for(model.name, activity.name, stubs) is None and (complete or activity.type != "ExecutePipeline")
        for finding in _of(activity, model, pipelines, directory_of(model, directory) / STAGED, python, engine)
    ]


def _of(
    activity: Activity,
    model: Pipeline,
    pipelines: Mapping[str, Pipeline],
    artifacts: Path,
    python: str,
    engine: SparkEngine,
) -> Iterator[Finding]:
    if activity.type in RUNNABLE:
        for key, message in _of_runnable(activity, artifacts, python, engine):
            yield _finding(model, activity, "RUN022", message, key)
    elif activity.type == "ExecutePipeline" and started(activity, pipelines) is None:
        other = f"the pipeline '{name}', which" if (name := target(activity)) else "a pipeline that"
        message = f"'{activity.name}' starts {other} is not here. Name its directory as well, or its file with --pipelines, or --stub {_stub(activity)}."
        yield _finding(model, activity, "RUN021", message)
    elif activity.type not in control.BEGIN:
        message = f"'{activity.name}' is of type {activity.type}, which cannot run here. Give it an outcome: --stub {_stub(activity)}."
        yield _finding(model, activity, "RUN021", message, "type")


def _stub(activity: Activity) -> str:
    name = f'"{activity.name}"' if " " in activity.name else activity.name
    return f"{name}=FILE"


def _of_runnable(activity: Activity, artifacts: Path, python: str, engine: SparkEngine) -> Iterator[tuple[str, str]]:
    """Yields what a Spark-Python activity lacks; what an expression decides is seen when it runs."""
    script, libraries = activity.type_properties.get("pythonFile"), activity.type_properties.get("libraries")
    code: list[Path] = []
    if not has_expression(script):
        file = staged(script, artifacts)
        code += [file] if file else []
        for problem in without_spark(file, python) if file else [missing_file(script, artifacts)]:
            yield "pythonFile", f"'{activity.name}' cannot run: {problem}"
    if not has_expression(libraries):
        found = resolve(libraries, artifacts, python)
        code += found.wheels
        for problem in found.problems:
            yield "libraries", f"'{activity.name}' cannot run: {problem}"
        if engine.is_connect and (found.jars or found.maven):
            why = "Sail has no JVM for a jar" if engine.name == SAIL else "no jar is sent to an endpoint"
            yield (
                "libraries",
                f"'{activity.name}' cannot run: {why}. Run it on classic Spark: --engine spark",
            )
    if any(map(uses_spark, code)):
        for problem in engine.problems(python):
            yield "pythonFile", f"'{activity.name}' cannot run: {problem}"


def starts_servers(
    pipelines: Mapping[str, Pipeline],
    directory: Path,
    stubs: Mapping[str, Any],
    python: str,
    without: Container[Activity],
) -> bool:
    """Whether an activity that runs may ask for a Spark session, for which an embedded engine has to listen."""
    return any(
        uses_spark(code)
        for model in pipelines.values()
        for activity in model.active
        if activity.type in RUNNABLE and activity not in without and given_for(model.name, activity.name, stubs) is None
        for code in _code(activity, directory_of(model, directory) / STAGED, python)
    )


def _code(activity: Activity, artifacts: Path, python: str) -> list[Path]:
    """The script and the wheels of a Spark-Python activity, as far as no expression decides on them."""
    script = staged(activity.type_properties.get("pythonFile"), artifacts)
    libraries = activity.type_properties.get("libraries")
    wheels = [] if has_expression(libraries) else resolve(libraries, artifacts, python).wheels
    return [script, *wheels] if script else wheels


def missing_isolation(python: str) -> list[Finding]:
    """That activities cannot be cut off from the network here; nothing if they can."""
    command = [python, str(ISOLATION), python, "-c", ""]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - the user's own interpreter
    if tried.returncode == 0:
        return []
    message = f"Activities cannot run without a network here: {tried.stderr.strip()}. Leave out --no-network."
    return [Finding("RUN028", Severity.ERROR, message, Location("--no-network"))]


def _finding(model: Pipeline, activity: Activity, code: str, message: str, key: str = "") -> Finding:
    path = (
        (*activity.path, "type") if key == "type" else (*activity.path, "typeProperties", key) if key else activity.path
    )
    return Finding(code, Severity.ERROR, message, model.document.locate(path), path)
