"""What the pipeline directories of a command line generate, each in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.cli import show
from activities_gen.cli.directories import Claim, collisions, pipeline_directories, prefix, relocated
from activities_gen.findings import Finding, FindingsError, Location
from activities_gen.generation import generate
from activities_gen.workspace.places import absolute

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from activities_gen.generation import Generated


def each_generated(arguments: argparse.Namespace, work: Callable[[Generated, str], int]) -> int:
    """Do a piece of work with what each directory generates.

    Args:
        arguments: With the attributes ``directories`` and ``all``.
        work: Called with what was generated and the prefix for the names of its files; returns an exit status.

    Returns:
        The worst exit status.
    """
    generated, status = _generate_each(arguments)
    for each, shown in generated:
        try:
            status = max(status, work(each, shown))
        except FindingsError as error:
            show(FindingsError(relocated(finding, shown) for finding in error.findings))
            status = 1
    return status


def _generate_each(arguments: argparse.Namespace) -> tuple[list[tuple[Generated, str]], int]:
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
    for root in _directories(arguments):
        shown = prefix(root)
        try:
            generated.append((generate(absolute(root)), shown))
        except FindingsError as error:
            found += [relocated(finding, shown) for finding in error.findings]
    clashes = collisions(claim for each, shown in generated for claim in claims(each, shown))
    refused = {finding.location.file for finding in clashes}
    found += clashes
    if found:
        show(FindingsError(found))
    return [(each, shown) for each, shown in generated if f"{shown}activities.py" not in refused], 1 if found else 0


def _directories(arguments: argparse.Namespace) -> list[Path]:
    return pipeline_directories(
        arguments.directories,
        every=arguments.all,
        wanted=lambda directory: (directory / "activities.py").is_file(),
        described="an activities.py and a Makefile",
    )


def claims(generated: Generated, shown: str) -> Iterator[Claim]:
    """The names that a pipeline must have for itself.

    Args:
        generated: What its directory generates.
        shown: What stands before the names of its files in findings.
    """
    pipeline, wheel = generated.definition.pipeline, generated.wheel
    names = [("GEN050", str(pipeline.name))]
    if pipeline.target == "flowehr":
        names.append(("GEN051", generated.root.name))
        if wheel and generated.written.needs_wheel:
            names += [("GEN053", wheel.file_name.split("-")[0]), *(("GEN052", name) for name in wheel.packages)]
    return (Claim(code, name, shown, Location(f"{shown}activities.py")) for code, name in names)
