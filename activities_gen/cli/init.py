"""Make a new pipeline directory whose own `make artifacts` and `make test` pass at once.

The directory carries this generator as a wheel in vendor/, so that it builds with nothing but the package index. With
--from its activities are imported from existing JSON. With --upgrade the generator in existing directories is replaced
by this one; --all finds those that carry one.
"""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.cli import UsageError, show
from activities_gen.cli.directories import add_all, pipeline_directories, prefix, relocated
from activities_gen.cli.import_verb import imported
from activities_gen.findings import Finding, FindingsError, Location, Severity, has_errors
from activities_gen.importing.sources import choose, find
from activities_gen.init import carried, create, upgrade
from activities_gen.workspace.places import absolute

if TYPE_CHECKING:
    import argparse

SUMMARY = "make a new pipeline directory, or upgrade the generator in one"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument(
        "directories",
        nargs="*",
        type=Path,
        metavar="DIR",
        help="the new directory; its name is the pipeline's. With --upgrade pipeline directories (default: this one)",
    )
    parser.add_argument("--name", help="the pipeline's name, where it is not the directory's")
    origin = parser.add_mutually_exclusive_group()
    origin.add_argument("--from", dest="source", type=Path, metavar="FILE", help="JSON to import the activities from")
    origin.add_argument(
        "--upgrade", action="store_true", help="replace the generator that each DIR carries by this one"
    )
    add_all(parser, "DIR")


def run(arguments: argparse.Namespace) -> int:
    """Make a directory, or upgrade directories."""
    if arguments.upgrade:
        return _upgrade(arguments)
    if arguments.all or len(arguments.directories) != 1:
        raise UsageError("Name one new directory. Several, or --all, are for --upgrade.")
    (directory,) = arguments.directories
    root = absolute(directory)
    activities = _imported(arguments.source, arguments.name) if arguments.source else None
    try:
        written = create(root, root.name if arguments.source else arguments.name or root.name, activities)
    except FindingsError as error:
        raise FindingsError(relocated(finding, prefix(directory)) for finding in error.findings) from error
    place = shlex.quote(str(directory))
    print(f"Made {directory} with {len(written)} files. Next:\n\n  cd {place}\n  make artifacts\n  make test")
    return 0


def _upgrade(arguments: argparse.Namespace) -> int:
    """Upgrade the generator in each directory; what is wrong with one does not keep the others from it."""
    described = "a vendor/activities_gen-*.whl"
    status = 0
    for directory in pipeline_directories(
        arguments.directories, every=arguments.all, wanted=lambda place: bool(carried(place)), described=described
    ):
        try:
            changed = upgrade(absolute(directory))
        except FindingsError as error:
            show(FindingsError(relocated(finding, prefix(directory)) for finding in error.findings))
            status = 1
            continue
        for name in changed:
            print(f"{'wrote' if (directory / name).exists() else 'removed'} {directory / name}")
        if not changed:
            print(f"{directory}: up to date")
    return status


def _imported(path: Path, name: str | None) -> str:
    """The ``activities.py`` for the pipeline in a JSON file.

    Raises:
        FindingsError: There is none, or several without a name to choose by, it cannot be imported exactly, or it runs
            files of a pipeline directory.
    """
    found = find(path)
    if has_errors(found.findings):
        raise FindingsError(found.findings)
    sources = choose(found.sources, [name] if name else [])
    if len(sources) > 1:
        names = ", ".join(f"'{source.name}'" for source in sources[:20])
        message = f"{len(sources)} pipelines: {names}. Choose one with --name."
        raise FindingsError([Finding("GEN041", Severity.ERROR, message, Location(str(path)))])
    (source,) = sources
    made = imported(source)
    if has_errors(made.findings):
        raise FindingsError(made.findings)
    if made.own and source.directory is not None:
        place = shlex.quote(os.path.relpath(source.directory))
        message = f"The pipeline runs files of its directory, which a new one does not have: {', '.join(made.own)}. Import it where it is: python -m activities_gen import {place} -o {place}"
        raise FindingsError([Finding("GEN041", Severity.ERROR, message, Location(str(path)))])
    return made.source
