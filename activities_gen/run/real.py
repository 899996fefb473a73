"""Run a pipeline for real: its processes side by side on this machine, as its control flow says."""

from __future__ import annotations

import fcntl
import os
import random
import shutil
import tempfile
import uuid
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.run.choice import EVERYTHING, Choice
from activities_gen.run.engine import Engine, Observer
from activities_gen.run.evaluation import Evaluator
from activities_gen.run.parameters import secure_names
from activities_gen.run.process_executor import GRACE, Listener, ProcessExecutor
from activities_gen.run.processes import Janitor
from activities_gen.run.redaction import Secrets
from activities_gen.run.report import report_bytes, table
from activities_gen.run.result import RunResult
from activities_gen.run.simulate import by_hand
from activities_gen.run.spark_engines import SPARK, SparkEngine, tokens
from activities_gen.run.waits import AT_ONCE, Waits
from activities_gen.run.workshop import Settings, Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from activities_gen.model.pipeline import Pipeline
    from activities_gen.run.earlier import EarlierRun
    from activities_gen.run.state import ActivityRun, PipelineRun
    from activities_gen.run.stub import Outcome

REPORT = "report.json"
TABLE = "report.txt"
LOGS = "logs"
_ATTEMPTS = "*.[1-9]*.log"
"""The logs of attempts: those of other programs in such a folder are none of ours."""


class View(Observer, Listener, Protocol):
    """Shows a run while it goes on."""


@dataclass(frozen=True)
class Job:
    """One real run.

    Attributes:
        model: The pipeline.
        pipelines: It and those that it may start, by name in lower case.
        parameters: Values of all its parameters.
        directory: The pipeline directory, with ``artifacts``.
        output: The folder for the report and the logs.
        system: What is known of ``pipeline().…``.
        stubs: What stands in for activities, by name in lower case.
        engine: What runs Spark code.
        conf: Further Spark configuration.
        python: The interpreter of the activities.
        limit: How many activities run side by side.
        waits: Which waits take their time.
        choice: Which activities run.
        earlier: The run that this one goes on from.
        notes: What to say before it starts.
        isolated: Whether activities have no network.
        grace: Seconds that a process has to end by itself.
    """

    model: Pipeline
    pipelines: Mapping[str, Pipeline]
    parameters: dict[str, Any]
    directory: Path
    output: Path
    python: str
    engine: SparkEngine = field(default_factory=partial(SparkEngine, SPARK))
    system: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, Outcome] = field(default_factory=dict)
    conf: Mapping[str, str] = field(default_factory=dict)
    limit: int = 4
    waits: Waits = AT_ONCE
    choice: Choice = EVERYTHING
    earlier: EarlierRun | None = None
    notes: Sequence[str] = ()
    isolated: bool = False
    grace: float = GRACE


class _Everyone:
    """Several observers as one; the first of them learns secrets before another shows anything."""

    def __init__(self, *observers: Observer) -> None:
        self._observers = observers

    def changed(self, run: ActivityRun, what: str) -> None:
        for observer in self._observers:
            observer.changed(run, what)


def secrets_of(job: Job) -> Secrets:
    """What must not be shown of a run from its start: values of type SecureString, and secrets in Spark's configuration."""
    secrets = Secrets()
    names = secure_names(job.model.parameters)
    secrets.add([value for name, value in job.parameters.items() if name in names])
    secrets.add([value for key, value in job.conf.items() if is_secret(key)])
    secrets.add(tokens(job.engine))
    return secrets


def is_secret(key: str) -> bool:
    """Whether the value of a Spark setting is a secret: by the names that Spark itself masks, and ``spark.secret.*``."""
    lower = key.casefold()
    return any(word in lower for word in ("secret", "password", "token", "access.key", "accesskey", "credential"))


def run_for_real(
    job: Job, secrets: Secrets, view: View, interruptible: Callable[[Callable[[], None]], None] | None = None
) -> RunResult:
    """Run a pipeline that has no obstacles, its output folder reserved.

    Args:
        job: What to run.
        secrets: What must not be shown.
        view: Shows the run while it goes on.
        interruptible: Is given the function that ends the run early, to be called by a signal handler.

    Returns:
        The result; the logs lie in the job's output folder.
    """
    start = datetime.now(timezone.utc)
    scratch = Path(tempfile.mkdtemp(prefix="activities-gen-run-"))
    janitor = Janitor(scratch, job.grace)
    settings = Settings(job.directory, job.engine, job.conf, job.python, job.output.resolve(), scratch, job.isolated)
    workshop = Workshop(settings)
    executor = ProcessExecutor(workshop, job.stubs, secrets, job.output / LOGS, view, janitor, grace=job.grace)
    if interruptible is not None:
        interruptible(executor.interrupt)
    well = False
    try:
        run = _run(job, executor, start, _Everyone(secrets, view))
        well = True
    finally:
        if executor.is_quiet():
            shutil.rmtree(scratch, ignore_errors=True)
        janitor.take_over(well=well)
    return RunResult(run, start, secrets)


def _clock(start: datetime, elapsed: Callable[[], int]) -> Callable[[], datetime]:
    return lambda: start + timedelta(microseconds=elapsed())


@contextmanager
def reserved(outputs: Iterable[Path]) -> Iterator[None]:
    """Make output folders and keep other runs out of them; what an earlier run left there is not this one's.

    Where no run comes to write, nothing is left of them.

    Raises:
        FindingsError: One cannot be made or written, or another run is using it.
    """
    found: list[Finding] = []
    with ExitStack() as stack:
        for output in outputs:
            try:
                stack.enter_context(_reserved(output))
            except FindingsError as error:
                found += [finding for finding in error.findings if finding not in found]
        if found:
            raise FindingsError(found)
        yield


@contextmanager
def _reserved(output: Path) -> Iterator[None]:
    with _writing(output):
        made = [folder for folder in (output, *output.parents) if not folder.exists()]
        output.mkdir(parents=True, exist_ok=True)
        folder = os.open(output, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            message = "Another run is writing to this folder. Wait for it, or give another one: --output DIR."
            raise FindingsError([Finding("RUN023", Severity.ERROR, message, Location(str(output)))]) from error
        try:
            with _writing(output):
                (output / LOGS).mkdir(exist_ok=True)
                for path in (output / REPORT, output / TABLE, *(output / LOGS).glob(_ATTEMPTS)):
                    path.unlink(missing_ok=True)
            yield
        finally:
            if not (output / REPORT).exists():
                _remove_empty([output / LOGS, *made])
    finally:
        os.close(folder)


def _remove_empty(folders: Iterable[Path]) -> None:
    """Remove folders, each before the one that it lies in, as far as they are empty."""
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Say of what cannot be written which file it was.

    Raises:
        FindingsError: It cannot be written.
    """
    try:
        yield
    except OSError as error:
        message = f"Cannot be written: {error.strerror}. Give another folder: --output DIR."
        location = Location(str(error.filename or path))
        raise FindingsError([Finding("RUN024", Severity.ERROR, message, location)]) from error


def _run(job: Job, executor: ProcessExecutor, start: datetime, observer: Observer) -> PipelineRun:
    evaluator = Evaluator(_clock(start, executor.now), random.SystemRandom().getrandbits(64), {})
    engine = Engine(
        executor,
        evaluator,
        job.pipelines,
        new_id=_new_id,
        limit=job.limit,
        waits=job.waits,
        choice=job.choice,
        observer=observer,
    )
    run = engine.pipeline_run(job.model, job.parameters, {**by_hand(start, _new_id()), **job.system})
    if job.earlier is not None:
        run.take_up(job.earlier)
    engine.run(run)
    return run


def _new_id() -> str:
    return str(uuid.uuid4())


def write_report(result: RunResult, output: Path) -> None:
    """Write the report as JSON and as a table, each whole or not at all.

    Raises:
        FindingsError: It cannot be written.
    """
    for name, content in ((REPORT, report_bytes(result, "real")), (TABLE, (table(result) + "\n").encode())):
        partial = output / f".{name}.{os.getpid()}"
        with _writing(output / name):
            try:
                partial.write_bytes(content)
                partial.replace(output / name)
            finally:
                partial.unlink(missing_ok=True)
