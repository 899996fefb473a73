"""What generating and staging cost, as ratios measured in one run.

    make benchmark NAME=generate ARGS="[--rounds 7] [--usual]"

* the whole process of ``generate`` against a process that only imports ``azure.mgmt.datafactory.models``: at most 2.0,
* ``artifacts`` with nothing changed: at most 0.5 s, and no file touched,
* ``artifacts`` after a change in the package: at most 1.5 s, both on a machine where that import takes 0.18 s,
* with ``--usual``, the usual way besides: ``pip install -e . && python -m build && cp``; it needs the package ``build``
  and an index to install the build's requirements from.

Rounds alternate between what is compared, and the fastest of each counts: a busy machine slows them alike.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
import venv
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
IMPORT = [sys.executable, "-c", "import azure.mgmt.datafactory.models"]
_IMPORT_OF_THE_LIMITS = 0.18
"""Seconds that the import of the SDK's models takes on the machine that the limits are of."""
VERB = [sys.executable, "-m", "activities_gen"]


def main() -> int:
    """Measure, print, and return 1 where a target is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=7, help="how often each is measured (default: 7)")
    parser.add_argument("--usual", action="store_true", help="measure the usual way, too; takes a minute")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        root = copied(Path(scratch))
        missed, imported = process_ratio(root, arguments.rounds)
        missed += staging(root, arguments.rounds, _IMPORT_OF_THE_LIMITS / imported)
        if arguments.usual:
            usual(root)
    print("every target is met" if not missed else f"missed: {', '.join(missed)}")
    return 1 if missed else 0


def copied(scratch: Path) -> Path:
    """This repository's pipeline directory in a place where it may be changed; modules are compiled once, as by make."""
    root = scratch / "clinical-features"
    ignored = shutil.ignore_patterns(".venv*", ".git", "artifacts", "build", "__pycache__", ".*_cache", "tests")
    shutil.copytree(ROOT, root, ignore=ignored)
    run([*VERB, "artifacts"], root)
    return root


def run(command: list[str], root: Path) -> float:
    """Seconds that a command takes."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    begun = time.perf_counter()
    done = subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        sys.exit(f"{' '.join(command)} failed:\n{done.stdout}{done.stderr}")
    return seconds


def fastest(rounds: int, *works: Callable[[], float]) -> list[float]:
    """The fastest of each piece of work, taken in turns."""
    times = [[work() for work in works] for _ in range(rounds)]
    return [min(column) for column in zip(*times, strict=True)]


def process_ratio(root: Path, rounds: int) -> tuple[list[str], float]:
    """The process of ``generate`` against the import alone; and the seconds of that."""
    generate, imported = fastest(rounds, lambda: run([*VERB, "generate"], root), lambda: run(IMPORT, root))
    ratio = generate / imported
    print(f"generate {generate:.3f} s, importing the SDK's models {imported:.3f} s: {ratio:.2f} times (at most 2.0)")
    return ["generate"] if ratio > 2 else [], imported


def staging(root: Path, rounds: int, scale: float) -> list[str]:
    """``artifacts`` with nothing changed, and after a change in the package."""
    before = {path: path.stat().st_mtime_ns for path in (root / "artifacts").iterdir()}
    [unchanged] = fastest(rounds, lambda: run([*VERB, "artifacts"], root))
    touched = {path: path.stat().st_mtime_ns for path in (root / "artifacts").iterdir()} != before
    [changed] = fastest(rounds, lambda: after_a_change(root))
    print(f"files touched with nothing changed: {'yes' if touched else 'no'}")
    missed = ["files touched"] if touched else []
    for name, seconds, limit in (("nothing changed", unchanged, 0.5), ("a change in the package", changed, 1.5)):
        print(
            f"artifacts with {name} {seconds:.3f} s, {seconds * scale:.3f} s on the machine of the limits (at most {limit})"
        )
        missed += [name] if seconds * scale > limit else []
    return missed


def after_a_change(root: Path) -> float:
    """Seconds of ``artifacts`` after a line was added to the package."""
    with (root / "pipeline/__init__.py").open("a") as file:
        file.write("#\n")
    return run([*VERB, "artifacts"], root)


def usual(root: Path) -> None:
    """What one did before: install the package, build it, copy the wheel."""
    environment = root.parent / "usual"
    venv.create(environment, with_pip=True)
    python = str(environment / "bin/python")
    run([python, "-m", "pip", "install", "--quiet", "build", "setuptools"], root)
    seconds = run([python, "-m", "pip", "install", "--quiet", "-e", "."], root)
    seconds += run([python, "-m", "build", "--wheel"], root)
    for wheel in (root / "dist").glob("*.whl"):
        shutil.copy2(wheel, root / "artifacts")
    print(f"the usual way {seconds:.1f} s, {seconds / after_a_change(root):.0f} times artifacts after a change")


if __name__ == "__main__":
    sys.exit(main())
