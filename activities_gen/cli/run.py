"""Run the pipeline of a directory here: its JSON and its staged artifacts, as Databricks would.

Each Spark-Python activity runs in a process of its own, with the staged wheel and Spark in local mode. Activities that
cannot run here need --stub. The report and the logs are left in the output folder.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import sys
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities_gen.run.live import view_for
from activities_gen.run.parameters import bind, from_text, unknown
from activities_gen.run.real import REPORT, Job, run_for_real, secrets_of, write_report
from activities_gen.run.report import table
from activities_gen.run.simulate import unknown_activities
from activities_gen.run.staging import read_pipeline, read_trigger, with_others
from activities_gen.run.stub import Outcome, fail, succeed
from activities_gen.run.trigger import bind_window, parse_window

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Mapping

    from activities_gen.run.plan import PipelinePlan

SUMMARY = "run the staged pipeline on this machine"


class UsageError(Exception):
    """The command line asks for something that makes no sense."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    add = parser.add_argument
    add("directory", nargs="?", type=Path, default=Path(), metavar="DIR", help="pipeline directory (default: this one)")
    add(
        "--parameters",
        nargs="+",
        action="extend",
        default=[],
        metavar="K=V",
        help="values of pipeline parameters; arrays and objects as JSON",
    )
    add("--window", metavar="START/END", help="window of the trigger, ISO 8601; binds the trigger's parameters")
    add("--master", default="local[*]", metavar="URL", help="Spark master (default: %(default)s)")
    add("--conf", action="append", default=[], metavar="K=V", help="a Spark setting; may be repeated")
    add(
        "--conf-file",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a file of Spark settings, 'key value' or 'key=value' in each line",
    )
    add(
        "--output",
        type=Path,
        metavar="DIR",
        help="folder for report and logs (default: runs/<time> in the pipeline directory)",
    )
    add(
        "--stub",
        action="append",
        default=[],
        metavar="NAME=FILE",
        help='JSON file with the output (or {"error": {…}}) of an activity that is not run',
    )
    add(
        "--pipelines",
        nargs="+",
        action="extend",
        default=[],
        type=Path,
        metavar="PATH",
        help="files or folders of pipelines that this one starts",
    )
    add(
        "--limit",
        type=int,
        default=min(4, os.cpu_count() or 1),
        metavar="N",
        help="activities side by side (default: %(default)s)",
    )
    add("--python", default=sys.executable, metavar="PATH", help="interpreter of the activities (default: this one)")
    add("--verbose", "-v", action="store_true", help="show every line of the logs")


def run(arguments: argparse.Namespace) -> int:
    """Run the pipeline; 0 where it succeeded, 1 where it did not or cannot run here, 2 for wrong usage."""
    try:
        job = _job(arguments)
    except UsageError as error:
        print(f"activities-gen run: {error}\nTry 'activities-gen run --help'.", file=sys.stderr)
        return 2
    secrets = secrets_of(job)
    handlers: dict[signal.Signals, Any] = {}
    try:
        with view_for(sys.stdout, secrets, verbose=arguments.verbose) as view:
            result = run_for_real(job, secrets, view, lambda end: handlers.update(_on_signals(end)))
    finally:
        for number, handler in handlers.items():
            signal.signal(number, handler)
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    try:
        write_report(result, job.output)
    finally:
        print(f"\n{table(result, width)}\n")
    print(f"report: {job.output / REPORT}")
    return 0 if result.succeeded else 1


def _on_signals(end: Callable[[], None]) -> dict[signal.Signals, Any]:
    """Let the signals that end a program end the run instead; gives the handlers that were there before."""

    def end_run(*_: object) -> None:
        # Written as it is: printing may already be under way when the signal comes.
        os.write(2, b"\nEnding what runs; once more kills it.\n")
        end()

    wanted = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    return {number: signal.signal(number, end_run) for number in wanted}


def _job(arguments: argparse.Namespace) -> Job:
    directory: Path = arguments.directory
    if not directory.is_dir():
        raise UsageError(f"There is no directory '{directory}'.")
    if arguments.limit < 1:
        raise UsageError("--limit must be at least 1.")
    if shutil.which(arguments.python) is None:
        raise UsageError(f"--python: there is no interpreter '{arguments.python}'.")
    plan = read_pipeline(directory)
    plans = with_others(plan, arguments.pipelines)
    parameters, system = _values(arguments, plan)
    return Job(
        plan=plan,
        plans=plans,
        parameters=parameters,
        directory=directory.resolve(),
        output=(arguments.output or directory / "runs" / f"{datetime.now(timezone.utc):%Y%m%dT%H%M%S.%fZ}").absolute(),
        python=arguments.python,
        master=arguments.master,
        system=system,
        stubs=_stubs(arguments.stub, plans),
        conf=_conf(arguments),
        limit=arguments.limit,
    )


def _pairs(texts: Iterable[str], option: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals or not name:
            raise UsageError(f"{option} takes NAME=VALUE, not '{text}'.")
        pairs[name] = value
    return pairs


def _values(arguments: argparse.Namespace, plan: PipelinePlan) -> tuple[dict[str, Any], dict[str, Any]]:
    """Values of all parameters, and what is known of ``pipeline().…``."""
    given: dict[str, Any] = {}
    system: dict[str, Any] = {}
    if arguments.window is not None:
        given, system = bind_window(read_trigger(arguments.directory), plan.name, _window(arguments.window))
    texts = _pairs(arguments.parameters, "--parameters")
    problems = unknown(plan.parameters, texts)
    for name, text in texts.items():
        try:
            given[name] = from_text(plan.parameters, name, text)
        except ValueError as error:
            given[name] = text
            problems.append(str(error))
    values, missing = bind(plan.parameters, given)
    if missing:
        problems.append(f"The pipeline needs --parameters {' '.join(f'{name}=…' for name in missing)}")
    if problems:
        raise UsageError("\n".join(problems))
    return values, system


def _window(text: str) -> tuple[datetime, datetime]:
    start, slash, end = text.partition("/")
    if not slash:
        raise UsageError(f"--window takes START/END, not '{text}'.")
    try:
        return parse_window(start, end)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _conf(arguments: argparse.Namespace) -> dict[str, str]:
    conf: dict[str, str] = {}
    for path in arguments.conf_file:
        for line in _text(path).splitlines():
            match = re.fullmatch(r"\s*([^#\s=]+)\s*(?:=|\s)\s*(.*?)\s*", line)
            if match:
                conf[match[1]] = match[2]
    return conf | _pairs(arguments.conf, "--conf")


def _stubs(texts: Iterable[str], plans: Mapping[str, PipelinePlan]) -> dict[str, Outcome]:
    files = {name: Path(file) for name, file in _pairs(texts, "--stub").items()}
    problems = list(unknown_activities(files, plans))
    if problems:
        raise UsageError("\n".join(f"--stub: {problem}" for problem in problems))
    return {name.casefold(): _stub(path) for name, path in files.items()}


def _stub(path: Path) -> Outcome:
    """What a file says of an activity: its output, alone or under ``output``, or why it fails, under ``error``."""
    try:
        value = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise UsageError(f"--stub: {path} is not JSON: {error}.") from error
    if isinstance(value, dict) and value.keys() == {"error"} and isinstance(value["error"], dict):
        said = value["error"]
        return fail(
            str(said.get("message", "The activity was made to fail.")),
            code=str(said.get("errorCode", "UserErrorStubbed")),
            failure_type=str(said.get("failureType", "UserError")),
        )
    return succeed(value["output"] if isinstance(value, dict) and value.keys() == {"output"} else value)


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8-sig")
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} cannot be read: it is no text in UTF-8.") from error
