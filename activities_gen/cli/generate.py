"""Write the JSON that FlowEHR deploys from a pipeline directory's activities.py.

Writes activities.json, pipeline.json and, for a pipeline with a trigger, trigger.json. With --check nothing is written;
what is stale is listed, with --diff line by line, and the exit status is 1.
"""

from __future__ import annotations

import difflib
import sys
from typing import TYPE_CHECKING

from activities_gen.cli.directories import add_directories
from activities_gen.cli.generating import each_generated
from activities_gen.generation import generating, write_json
from activities_gen.outputs import stale

if TYPE_CHECKING:
    import argparse

    from activities_gen.generation import Generated

SUMMARY = "write the JSON that FlowEHR deploys, or say what is stale"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    add_directories(parser)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file is stale")
    parser.add_argument("--diff", action="store_true", help="write nothing; show what would change")


def run(arguments: argparse.Namespace) -> int:
    """Generate for each directory."""
    return each_generated(arguments, lambda generated, shown: _generate(generated, shown, arguments))


def _generate(generated: Generated, shown: str, arguments: argparse.Namespace) -> int:
    if arguments.check or arguments.diff:
        return _compare(generated, shown, diff=arguments.diff)
    changed = write_json(generated)
    for name in changed:
        print(f"{'removed' if name in generated.obsolete else 'wrote'} {shown}{name}")
    if not changed:
        print(f"{shown}{', '.join(generated.files)}: up to date")
    return 0


def _compare(generated: Generated, shown: str, *, diff: bool) -> int:
    changes: dict[str, bytes] = {name: generated.files[name] for name in stale(generated.root, generated.files)}
    changes |= {name: b"" for name in generated.obsolete if (generated.root / name).exists()}
    for name, content in changes.items():
        if diff:
            present = generated.root / name
            before = present.read_text(encoding="utf-8", errors="replace") if present.exists() else ""
            lines = difflib.unified_diff(
                before.splitlines(),
                content.decode().splitlines(),
                f"{shown}{name} (on disk)",
                f"{shown}{name} (activities.py)",
                lineterm="",
            )
            print("\n".join(lines))
        else:
            print(f"{shown}{name} is stale. Run: {generating(generated.root)}", file=sys.stderr)
    return 1 if changes else 0
