"""Generate the JSON, build the wheel, stage artifacts/, and prove that they fit.

Afterwards artifacts/ holds every file that the JSON names and nothing else. A pipeline that would fail in Azure is
refused, with what `check` says of it. What is refused leaves every file as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.cli import show
from activities_gen.cli.definitions import refused
from activities_gen.cli.directories import add_directories
from activities_gen.cli.generating import each_generated
from activities_gen.findings import FindingsError
from activities_gen.generation import stage, staged_files

if TYPE_CHECKING:
    import argparse

    from activities_gen.generation import Generated

SUMMARY = "generate, build the wheel and stage artifacts/"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    add_directories(parser)


def run(arguments: argparse.Namespace) -> int:
    """Stage each directory."""
    return each_generated(arguments, _stage)


def _stage(generated: Generated, shown: str) -> int:
    root = generated.root
    errors = refused(generated, shown)
    if errors:
        show(FindingsError(errors))
        return 1
    changed = stage(generated)
    for name in changed:
        print(f"{'wrote' if (root / name).exists() else 'removed'} {shown}{name}")
    count = len(staged_files(root))
    state = "up to date, " if not changed else ""
    print(f"{shown}artifacts/: {state}{count} file{'' if count == 1 else 's'}, every path in the JSON is one of them")
    return 0
