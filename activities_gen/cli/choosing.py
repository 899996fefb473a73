"""Which activities a command line wants to run, and the earlier run that it goes on from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from activities_gen.cli import UsageError
from activities_gen.findings import Finding, FindingsError, Location, Severity, suggestion
from activities_gen.run.bounds import is_whole
from activities_gen.run.choice import Choice, choose, reads, spared, trail_of
from activities_gen.run.earlier import read_earlier, refusal
from activities_gen.run.real import REPORT
from activities_gen.run.references import given_for
from activities_gen.run.report import definitions
from activities_gen.run.words import one_line

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from activities_gen.model.activities import Activity
    from activities_gen.model.pipeline import Pipeline
    from activities_gen.run.earlier import EarlierRun

RUNS = "runs"
"""The folder of a pipeline directory in which runs leave their reports."""


def add_choices(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that choose activities."""
    add = parser.add_argument
    add(
        "--only",
        action="append",
        default=[],
        metavar="NAME",
        help="run this activity alone, with all that it holds; may be repeated",
    )
    add(
        "--from",
        action="append",
        default=[],
        dest="onwards",
        metavar="NAME",
        help="run this activity and all that depends on it; may be repeated",
    )
    add(
        "--resume",
        action="store_true",
        help="go on from the last report: do not run again what succeeded, and read its outputs, variables and parameters there",
    )


@dataclass(frozen=True)
class Wishes:
    """What a command line says of the activities to run.

    Attributes:
        only: Names of activities that run alone.
        onwards: Names of activities that run with all that depends on them.
        resume: Whether the run goes on from an earlier one.
        elsewhere: Whether reports are somewhere else than in the pipeline directories.
    """

    only: Sequence[str]
    onwards: Sequence[str]
    resume: bool
    elsewhere: bool


NO_WISHES = Wishes((), (), resume=False, elsewhere=False)
"""All activities run."""


def wishes_of(arguments: argparse.Namespace, *, several: bool) -> Wishes:
    """The wishes of a command line.

    Raises:
        UsageError: Activities are named, and there may be more than one pipeline.
    """
    if several and (arguments.only or arguments.onwards):
        raise UsageError("--only and --from name activities of one pipeline. Name one directory, without --all.")
    return Wishes(arguments.only, arguments.onwards, arguments.resume, arguments.output is not None)


def choice_for(model: Pipeline, wishes: Wishes, stubs: Mapping[str, Any]) -> Choice:
    """The activities of a pipeline that a command line names; all where it names none.

    Raises:
        UsageError: A name is of no activity, or of one that cannot run by itself.
    """
    names = [("--only", name) for name in wishes.only] + [("--from", name) for name in wishes.onwards]
    problems = [problem for option, name in names for problem in _wrong(model, option, name)]
    if problems:
        raise UsageError(*problems)
    if not names:
        return Choice()
    given = {activity for activity in model.activities if given_for(model.name, activity.name, stubs) is not None}
    return choose(model.top, wishes.only, wishes.onwards, given)


def _wrong(model: Pipeline, option: str, name: str) -> Iterator[str]:
    trail = trail_of(model.top, name)
    if not trail:
        near = suggestion(name, [activity.name for activity in model.activities])
        yield f"{option}: The pipeline has no activity '{name}'.{near}"
    off = next((activity.name for activity in trail if activity.inactive), None)
    if off is not None:
        yield f"{option}: '{off}' is switched off: it is Inactive, and never runs."
    loop = next((activity.name for activity in trail[:-1] if activity.type == "Until"), None)
    if loop is not None:
        yield f"{option}: '{name}' stands in the Until '{loop}', which might never end without the rest of it. Name '{loop}'."


def earlier_run(directory: Path, output: Path | None, model: Pipeline) -> tuple[Path, EarlierRun]:
    """The last run that left a report: in the given folder, else in ``runs`` of the pipeline directory.

    Raises:
        FindingsError: There is none, or no run can go on from it.
    """
    found = [output / REPORT] if output else sorted((directory / RUNS).glob(f"*/{REPORT}"))
    if not found or not found[-1].is_file():
        message = "There is no report of an earlier run to go on from. Run from the start, without --resume."
        place = str(output or directory / RUNS)
        raise FindingsError([Finding("RUN025", Severity.ERROR, message, Location(place))])
    path = found[-1]
    run = read_earlier(path)
    if run.pipeline != model.name:
        raise refusal(path, f"it is of the pipeline '{run.pipeline}'.")
    if not run.is_whole():
        raise refusal(path, "it does not have all values of the variables, for they are secret or long.")
    return path, run


def with_needs(choice: Choice, pipelines: Iterable[Pipeline]) -> Choice:
    """A choice that knows which outputs the expressions of all pipelines read."""
    steps = (activity for model in pipelines for activity in model.activities)
    return replace(choice, needed=frozenset(name for activity in steps for name in reads(activity)))


def unreadable(model: Pipeline, choice: Choice, earlier: EarlierRun | None) -> Iterator[Finding]:
    """Activities that run and read the output of one that does not, where nothing says what that is."""
    known = {one.name.casefold() for one in earlier.walk() if one.whole} if earlier else set()
    missing = {
        activity.name.casefold(): activity for activity in choice.left_out if activity.name.casefold() not in known
    }
    for activity in model.active:
        for name in sorted(reads(activity) & missing.keys()) if activity not in choice.left_out else ():
            other = missing[name]
            how = f"Name it too ({choice.option.split()[0]}), give it an output (--stub), or take that from the last report (--resume)."
            message = f"'{activity.name}' reads '{other.name}', which is not run. {how}"
            yield Finding("RUN026", Severity.ERROR, message, model.document.locate(activity.path), activity.path)


def notes(path: Path, earlier: EarlierRun, model: Pipeline, choice: Choice, parameters: Mapping[str, Any]) -> list[str]:
    """Returns what to say before a run goes on from an earlier one."""
    said = [f"Going on from the run of {earlier.start}, which {_came_out(earlier)}: {path}"]
    lost = _later(path.parent)
    if lost:
        said.append(f"Later runs left no report: {', '.join(lost)}.")
    rests = spared(model.top, choice, earlier)
    changed = [name for name in _changed(model, earlier) if any(activity.name == name for activity in rests)]
    if changed:
        said.append(f"Changed since, and not run again: {_quoted(changed)}. To run them: --from NAME.")
    again = [
        activity.name for activity in model.top.activities if not choice.option and _lacks(activity, earlier, choice)
    ]
    if again:
        said.append(f"Run again, for the report does not have all of what they gave: {_quoted(again)}.")
    other = [name for name, value in parameters.items() if _differs(earlier, name, value)]
    if other:
        said.append(f"Not as in that run are the parameters {_quoted(other)}.")
    return [one_line(line) for line in said]


def _later(folder: Path) -> list[str]:
    """The names of the runs after one, where it lies among others."""
    others = folder.parent.iterdir() if folder.parent.name == RUNS else ()
    return sorted(other.name for other in others if other.is_dir() and other.name > folder.name)


def _came_out(earlier: EarlierRun) -> str:
    return {"Succeeded": "succeeded", "Failed": "failed", "Cancelled": "was cancelled"}.get(
        earlier.outcome, earlier.outcome
    )


def _changed(model: Pipeline, earlier: EarlierRun) -> list[str]:
    return [name for name, digest in definitions(model).items() if earlier.definitions.get(name, digest) != digest]


def _lacks(activity: Activity, earlier: EarlierRun, choice: Choice) -> bool:
    before = earlier.activities.get(activity.name.casefold())
    return before is not None and before.status == "Succeeded" and not choice.knows_enough(before)


def _differs(earlier: EarlierRun, name: str, value: Any) -> bool:
    return name in earlier.parameters and is_whole(earlier.parameters[name]) and earlier.parameters[name] != value


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
