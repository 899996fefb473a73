"""The arguments of verbs that work on pipeline directories."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.cli import show
from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.generation import generate

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from activities_gen.generation import Generated

_NEVER = frozenset({"artifacts", "build", "dist", "node_modules", "site-packages", "__pycache__"})


def add_directories(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say which pipeline directories are meant."""
    parser.add_argument(
        "directories", nargs="*", type=Path, metavar="DIR", help="pipeline directory (default: this one)"
    )
    parser.add_argument("--all", action="store_true", help="every pipeline directory below this one, or below each DIR")


def generate_each(arguments: argparse.Namespace) -> tuple[list[tuple[Generated, str]], int]:
    """Generate, without writing, for each directory that the arguments name.

    What is found wrong in one directory is printed, and the others have their turn. Directories whose pipelines cannot
    be deployed together are refused, too.

    Args:
        arguments: With the attributes ``directories`` and ``all``.

    Returns:
        What was generated, each with the prefix for the names of its files, and the exit status so far.
    """
    generated: list[tuple[Generated, str]] = []
    found: list[Finding] = []
    for root in pipeline_directories(arguments):
        shown = _prefix(root)
        try:
            generated.append((generate(root), shown))
        except FindingsError as error:
            found += [_relocated(finding, shown) for finding in error.findings]
    clashes = collisions(generated)
    refused = {finding.location.file.removesuffix("activities.py") for finding in clashes}
    found += clashes
    if found:
        show(FindingsError(found))
    return [(each, shown) for each, shown in generated if shown not in refused], 1 if found else 0


def each_generated(arguments: argparse.Namespace, work: Callable[[Generated, str], int]) -> int:
    """Do a piece of work with what each directory generates.

    Args:
        arguments: With the attributes ``directories`` and ``all``.
        work: Called with what was generated and the prefix for the names of its files; returns an exit status.

    Returns:
        The worst exit status.
    """
    generated, status = generate_each(arguments)
    for each, shown in generated:
        try:
            status = max(status, work(each, shown))
        except FindingsError as error:
            show(FindingsError(_relocated(finding, shown) for finding in error.findings))
            status = 1
    return status


def collisions(generated: Sequence[tuple[Generated, str]]) -> list[Finding]:
    """What keeps pipelines from being deployed together: equal names of pipelines, directories or Python packages.

    FlowEHR's Terraform keys by both names, and all wheels end up on one shared cluster.
    """
    found = []
    seen: dict[tuple[str, str], str] = {}
    for each, shown in generated:
        pipeline = each.definition.pipeline
        packages = each.wheel.packages if each.wheel and each.written.needs_wheel else ()
        claims = [("GEN050", "pipeline", str(pipeline.name)), ("GEN051", "directory", each.root.name)]
        claims += [("GEN052", "Python package", package) for package in packages]
        for code, kind, name in claims:
            other = seen.setdefault((kind, name.casefold()), shown)
            if other != shown:
                message = (
                    f"The {kind} '{name}' is also that of '{other or './'}'; FlowEHR cannot deploy both. Rename one."
                )
                found.append(Finding(code, Severity.ERROR, message, Location(f"{shown}activities.py")))
    return found


def pipeline_directories(arguments: argparse.Namespace) -> list[Path]:
    """The pipeline directories that the arguments name, sorted where they were searched for.

    Raises:
        FindingsError: A directory does not exist, or ``--all`` finds none.
    """
    starts = [directory.absolute() for directory in arguments.directories] or [Path.cwd()]
    for start in starts:
        if not start.is_dir():
            raise FindingsError([_finding(start, "is not a directory")])
    if not arguments.all:
        return [Path(os.path.normpath(start)) for start in starts]
    found = sorted({directory for start in starts for directory in _below(start)})
    if not found:
        raise FindingsError(
            [_finding(starts[0], "holds no pipeline directory: none with an activities.py and a Makefile")]
        )
    return found


def _below(start: Path) -> list[Path]:
    """Every directory at or below ``start`` with an ``activities.py`` and a Makefile; hidden and built ones are passed over."""
    found = []
    for directory, folders, files in os.walk(start):
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in _NEVER)
        if {"activities.py", "Makefile"} <= set(files):
            found.append(Path(directory))
    return found


def _prefix(root: Path) -> str:
    """How the files of a directory are shown: relative to the working directory."""
    relative = os.path.relpath(root)
    return "" if relative == "." else f"{relative}/"


def _relocated(finding: Finding, prefix: str) -> Finding:
    location = finding.location
    file = location.file if Path(location.file).is_absolute() else prefix + location.file
    return Finding(
        finding.code,
        finding.severity,
        finding.message,
        Location(file, location.line, location.column),
        finding.path,
        finding.layer,
    )


def _finding(path: Path, what: str) -> Finding:
    return Finding("GEN002", Severity.ERROR, f"'{path.name}' {what}.", Location(os.path.relpath(path)))
