"""The arguments of verbs that work on pipeline directories, and what no two of those may share."""

from __future__ import annotations

import os
import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.cli import UsageError, show
from activities_gen.findings import Finding, FindingsError, Location, Severity
from activities_gen.workspace.places import (
    DEFINITION,
    DEPLOYED,
    PlaceKind,
    absolute,
    directory_around,
    kind_of,
    places_below,
    unique,
)

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterable, Iterator


def add_directories(parser: argparse.ArgumentParser) -> None:
    """Add the arguments that say which pipeline directories are meant."""
    parser.add_argument(
        "directories", nargs="*", type=Path, metavar="DIR", help="pipeline directory (default: this one)"
    )
    add_all(parser, "DIR")


def add_all(parser: argparse.ArgumentParser, place: str) -> None:
    """Add ``--all``, which has each ``place`` searched."""
    parser.add_argument("--all", action="store_true", help=f"every pipeline directory at or below each {place}")


def pipeline_directories(
    starts: Iterable[Path], *, every: bool, wanted: Callable[[Path], bool], described: str
) -> list[Path]:
    """The pipeline directories that a command line names: each once, in the order given, or sorted where searched for.

    Args:
        starts: The directories of the command line, or files in them that make them one, such as ``pipeline.json``; if
            there are none, the working directory.
        every: Whether every pipeline directory at or below them is meant.
        wanted: Which of those that are found are meant.
        described: What such a one holds, in words.

    Raises:
        UsageError: One does not exist, or none is found.
    """
    given = [_directory_of(start) for start in starts] or [Path() if every else here()]
    missing = [_missing(start) for start in given if not start.is_dir()]
    if missing:
        raise UsageError(*missing)
    found = [place for start in given for place in _below(start) if wanted(place)] if every else given
    if not found:
        raise UsageError(*(f"'{start}' holds no pipeline directory: none with {described}." for start in given))
    once = unique(found)
    return sorted(once, key=absolute) if every else once


def _directory_of(path: Path) -> Path:
    """The pipeline directory that a path names: itself, or the one that its ``pipeline.json`` or the like lies in."""
    return path.parent if path.name in (DEFINITION, *DEPLOYED) and path.is_file() else path


def _below(start: Path) -> Iterator[Path]:
    return (place for place, kind in places_below(start, passed_over) if kind is PlaceKind.DIRECTORY)


def here() -> Path:
    """Returns the working directory, or else the pipeline directory around it, and says if it is that one."""
    start = Path()
    around = None if kind_of(start) in (PlaceKind.DIRECTORY, PlaceKind.REPOSITORY) else directory_around(start)
    if around is None:
        return start
    found = Path(os.path.relpath(around))
    print(f"Pipeline directory: {found}", file=sys.stderr)
    return found


def _missing(path: Path) -> str:
    if path.exists():
        return f"'{path}' is not a directory. Name the one that it lies in: {path.parent}"
    return f"There is no directory '{path}'."


def passed_over(error: OSError) -> None:
    """Warn of a folder that cannot be read."""
    message = f"The folder cannot be read: {error.strerror}. What it holds is passed over."
    place = Location(os.path.relpath(error.filename))
    show(FindingsError([Finding("GEN002", Severity.WARNING, message, place)]))


def prefix(directory: Path) -> str:
    """What stands before the names of a directory's files where they are shown: the way from the working directory."""
    relative = os.path.relpath(directory)
    return "" if relative == "." else f"{relative}/"


def moved(location: Location, before: str) -> Location:
    """A place that is relative to a directory, with that directory's prefix; one below the working directory likewise."""
    place = Path(location.file)
    if not place.is_absolute():
        return replace(location, file=before + location.file)
    return replace(location, file=os.path.relpath(place)) if place.is_relative_to(Path.cwd()) else location


def relocated(finding: Finding, before: str) -> Finding:
    """A finding whose place is relative to a directory, with that directory's prefix."""
    return replace(finding, location=moved(finding.location, before))


_CLAIMS = {
    "GEN050": ("pipeline", "a data factory tells pipelines apart by their names, whatever the letter case"),
    "GEN051": ("directory", "FlowEHR uploads artifacts and names triggers by it"),
    "GEN052": ("Python package", "on FlowEHR's one shared cluster one would hide the other"),
    "GEN053": ("wheel", "on FlowEHR's one shared cluster one would replace the other"),
}
"""What no two pipelines may share, and why, by the code of the finding."""


@dataclass(frozen=True)
class Claim:
    """A name that a pipeline must have for itself.

    Attributes:
        code: The finding that says so where another has it, too.
        name: The name.
        owner: Where the pipeline is, as it is shown.
        place: Where the name is given.
    """

    code: str
    name: str
    owner: str
    place: Location


def collisions(claims: Iterable[Claim]) -> list[Finding]:
    """What keeps pipelines from being deployed together: names that an earlier one has, whatever their letter case."""
    found = []
    seen: dict[tuple[str, str], str] = {}
    for claim in claims:
        other = seen.setdefault((claim.code, claim.name.casefold()), claim.owner)
        if other != claim.owner:
            noun, why = _CLAIMS[claim.code]
            message = f"The {noun} '{claim.name}' has the same name as that of '{other or './'}'; {why}. Rename one."
            found.append(Finding(claim.code, Severity.ERROR, message, claim.place))
    return found


def folder_names(names: Iterable[str], unfit: str) -> list[str]:
    """A folder's name for each pipeline: its own, cut short where it is long, and unique whatever the letter case.

    Args:
        names: The pipelines' names.
        unfit: Pattern of what a folder's name is not to have; a dash stands in the place of each match.
    """
    found: list[str] = []
    taken: set[str] = set()
    for each in names:
        # Cut in bytes: file systems take 255 of them.
        short = re.sub(unfit, "-", each).encode("utf-8", "replace")[:100].decode("utf-8", "ignore")
        stem = short.strip("-. ") or "pipeline"
        name, number = stem, 2
        while name.casefold() in taken:
            name, number = f"{stem}-{number}", number + 1
        taken.add(name.casefold())
        found.append(name)
    return found
