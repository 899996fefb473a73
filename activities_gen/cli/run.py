"""Run the pipeline of a directory here: its JSON and its staged artifacts, as Databricks would.

Each Spark-Python activity runs in a process of its own, with the staged wheel and an engine for its Spark code: Sail,
classic Spark in local mode, or an endpoint of Spark Connect. Activities that cannot run here need --stub. The report and
the logs are left in the output folder; after a failure --resume goes on from there.

Several directories run one after the other, and nothing is started while anything is known to be wrong with one of
them. A pipeline that fails does not keep the others from running; Ctrl-C does. They may start each other.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from activities_gen.cli import show
from activities_gen.cli.choosing import add_choices
from activities_gen.cli.directories import add_directories
from activities_gen.cli.jobs import jobs_of
from activities_gen.findings import FindingsError
from activities_gen.run.choice import spared
from activities_gen.run.live import view_for
from activities_gen.run.real import REPORT, reserved, run_for_real, secrets_of, write_report
from activities_gen.run.references import reachable
from activities_gen.run.report import summary, table
from activities_gen.run.spark_engines import ENGINES, LOCAL, SAIL
from activities_gen.run.staging import starts_servers
from activities_gen.run.words import one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from activities_gen.run.real import Job
    from activities_gen.run.result import RunResult

SUMMARY = "run the staged pipeline on this machine"

EXPOSED = (
    "While Sail runs, other users of this machine could read through it what you can; see docs/run.md, --no-network."
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    add = parser.add_argument
    add_directories(parser)
    _add_values(add)
    _add_spark(add)
    add(
        "--output",
        type=Path,
        metavar="DIR",
        help="folder for report and logs; of several pipelines each gets one of its name in it (default: runs/<time> in the pipeline directory)",
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
        help="files or folders of further pipelines that these start",
    )
    add(
        "--limit",
        type=int,
        default=min(4, os.cpu_count() or 1),
        metavar="N",
        help="activities side by side (default: %(default)s)",
    )
    add_choices(parser)
    add(
        "--no-network",
        action="store_true",
        help="run activities without a network: they reach nobody, and nobody their engine (Linux)",
    )
    add(
        "--real-waits",
        action="store_true",
        help="wait between attempts as long as the policy says (default: not at all)",
    )
    add("--fast-waits", action="store_true", help="do not wait in Wait, nor between the passes of an Until")
    add("--python", default=sys.executable, metavar="PATH", help="interpreter of the activities (default: this one)")
    add("--verbose", "-v", action="store_true", help="show every line of the logs")


def _add_values(add: Callable[..., argparse.Action]) -> None:
    """Add what says which parameters the pipelines get."""
    add(
        "--parameters",
        nargs="+",
        action="extend",
        default=[],
        metavar="K=V",
        help="values of pipeline parameters; arrays and objects as JSON; each pipeline takes those that it has",
    )
    add("--window", metavar="START/END", help="window of the trigger, ISO 8601; binds the parameters of each trigger")
    add(
        "--event",
        metavar="PATH",
        help="file at which a storage event trigger starts, container/folder/file; or a custom event as JSON",
    )


def _add_spark(add: Callable[..., argparse.Action]) -> None:
    """Add what says which Spark runs Spark code, and with which settings."""
    add(
        "--engine",
        choices=ENGINES,
        help="what runs Spark code: Sail inside of each activity's process, without Java, or classic Spark (default: sail where it is installed)",
    )
    add("--master", metavar="URL", help=f"Spark master; takes classic Spark (default: {LOCAL})")
    add(
        "--remote",
        metavar="sc://HOST:PORT",
        help="an endpoint of Spark Connect that runs Spark code, instead of an engine on this machine",
    )
    add("--conf", action="append", default=[], metavar="K=V", help="a Spark setting; may be repeated")
    add(
        "--conf-file",
        action="append",
        default=[],
        type=Path,
        metavar="FILE",
        help="a file of Spark settings, 'key value' or 'key=value' in each line",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the pipelines; 0 if all succeeded, 1 where one did not or cannot run here, 2 for wrong usage."""
    jobs = jobs_of(arguments)
    if any(map(_listens, jobs)):
        _say(EXPOSED)
    with reserved([job.output for job in jobs]), _Interruption() as interruption:
        if arguments.all or len(jobs) > 1:
            return _run_each(jobs, interruption, verbose=arguments.verbose)
        _, status = _run(jobs[0], interruption, verbose=arguments.verbose)
        return status


def _listens(job: Job) -> bool:
    """Whether a server of Sail listens while a job runs, where others could reach it."""
    if job.engine.name != SAIL or job.isolated:
        return False
    without = spared(job.model.top, job.choice, job.earlier)
    pipelines = reachable(job.model, job.pipelines, without)
    return starts_servers(pipelines, job.directory, job.stubs, job.python, without)


def _run_each(jobs: Sequence[Job], interruption: _Interruption, *, verbose: bool) -> int:
    """Run pipelines one after the other, until somebody asks for an end; 0 if all ran and succeeded."""
    results: list[RunResult | None] = [None] * len(jobs)
    worst = 0
    for index, job in enumerate(jobs):
        if interruption.came:
            worst = 1
            break
        name, place = job.model.name, os.path.relpath(job.directory)
        _say(f"[{index + 1}/{len(jobs)}] {one_line(name)}{'' if place == name else f' in {one_line(place)}'}\n")
        results[index], status = _run(job, interruption, verbose=verbose)
        worst = max(worst, status)
        _say("")
    _say(summary([(job.model.name, result) for job, result in zip(jobs, results, strict=True)]))
    return worst


def _run(job: Job, interruption: _Interruption, *, verbose: bool) -> tuple[RunResult, int]:
    """Run one pipeline, and say how it came out; its result and the exit status."""
    secrets = secrets_of(job)
    for note in job.notes:
        _say(secrets.mask(note))
    with view_for(sys.stdout, secrets, verbose=verbose) as view:
        result = run_for_real(job, secrets, view, interruption.under_way)
    try:
        write_report(result, job.output)
        report, status = f"report: {job.output / REPORT}", 0 if result.succeeded else 1
    except FindingsError as error:
        show(error)
        report, status = "", 1
    width = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    missed = "".join(f"The run never came to '{one_line(name)}'.\n" for name in _missed(job, result))
    _say("\n".join(filter(None, [f"\n{table(result, width)}\n", missed, report])))
    return result, status


def _missed(job: Job, result: RunResult) -> list[str]:
    """The activities that were named and that the run never came to: in a branch not taken, or a loop without items."""
    return [activity.name for activity in job.choice.named if not result[activity.name].counts]


def _say(text: str) -> None:
    # Whoever reads the lines may have gone; the runs go on, and their reports will be there.
    with suppress(OSError):
        print(text, flush=True)


class _Interruption:
    """While it is open, the signals that end a program end the run under way instead, and no further one starts.

    Attributes:
        came: Whether one came.
    """

    def __init__(self) -> None:
        self.came = False
        self._end: Callable[[], None] = lambda: None
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> _Interruption:
        """Take the signals over."""
        wanted = [getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
        self._before = {number: signal.signal(number, self._asked) for number in wanted}
        return self

    def __exit__(self, *_: object) -> None:
        """Give them back."""
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def under_way(self, end: Callable[[], None]) -> None:
        """Have a run ended by ``end`` from now on."""
        self._end = end
        if self.came:
            end()

    def _asked(self, *_: object) -> None:
        # Written as it is: printing may already be under way when the signal comes.
        os.write(2, b"\nEnding what runs; once more kills it.\n")
        self.came = True
        self._end()
