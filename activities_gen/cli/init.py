"""Make a new pipeline directory whose own `make artifacts` and `make test` pass at once.

The directory carries this generator as a wheel in vendor/, so that it builds with nothing but the package index. With
--upgrade the generator in an existing directory is replaced by this one.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from activities_gen.generation import generate, write_json
from activities_gen.init import create, upgrade

if TYPE_CHECKING:
    import argparse

SUMMARY = "make a new pipeline directory, or upgrade the generator in one"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the verb's arguments."""
    parser.add_argument("directory", type=Path, metavar="DIR", help="the directory; its name is the pipeline's")
    parser.add_argument("--name", help="the pipeline's name, where it is not the directory's")
    parser.add_argument("--upgrade", action="store_true", help="replace the generator that DIR carries by this one")


def run(arguments: argparse.Namespace) -> int:
    """Make or upgrade the directory."""
    root = Path(os.path.normpath(arguments.directory.absolute()))
    if arguments.upgrade:
        for name in upgrade(root):
            print(f"{'wrote' if (root / name).exists() else 'removed'} {arguments.directory / name}")
        return 0
    written = create(root, arguments.name or root.name)
    written += write_json(generate(root))
    print(
        f"Made {arguments.directory} with {len(written)} files. Next:\n\n  cd {arguments.directory}\n  make artifacts\n  make test"
    )
    return 0
