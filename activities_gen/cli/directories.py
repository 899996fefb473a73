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
    from collections.abc import Callable, Collection, Sequence

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


_CLAIMS = {
    "GEN050": ("pipeline", "a data factory takes names that differ in case alone for one"),
    "GEN051": ("directory", "FlowEHR uploads artifacts and names triggers by it"),
    "GEN052": ("Python package", "on FlowEHR's one shared cluster one would hide the other"),
    "GEN053": ("wheel", "on FlowEHR's one shared cluster one would replace the other"),
}
"""What no two pipelines may share, and why, by the code of the finding."""


def collisions(generated: Sequence[tuple[Generated, str]], codes: Collection[str] = tuple(_CLAIMS)) -> list[Finding]:
    """What keeps pipelines from being deployed together: equal names of pipelines, directories, packages or wheels.

    Args:
        generated: What was generated, each with the prefix for the names of its files.
        codes: The findings that are wanted.
    """
    found = []
    seen: dict[tuple[str, str], str] = {}
    for each, shown in generated:
        for code, name in _claims(each):
            other = seen.setdefault((code, name.casefold()), shown)
            if other != shown and code in codes:
                noun, why = _CLAIMS[code]
                message = f"The {noun} '{name}' has the same name as that of '{other or './'}'; {why}. Rename one."
                found.append(Finding(code, Severity.ERROR, message, Location(f"{shown}activities.py")))
    return found


def _claims(generated: Generated) -> list[tuple[str, str]]:
    """The names that a pipeline must have for itself, each with the code of the finding that says so."""
    pipeline, wheel = generated.definition.pipeline, generated.wheel
    claims = [("GEN050", str(pipeline.name))]
    if pipeline.target == "flowehr":
        claims.append(("GEN051", generated.root.name))
        if wheel and generated.written.needs_wheel:
            claims += [("GEN053", wheel.file_name.split("-")[0]), *(("GEN052", name) for name in wheel.packages)]
    return claims


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
        return list(dict.fromkeys(Path(os.path.normpath(start)) for start in starts))
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
