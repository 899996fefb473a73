"""Writes every generated file and every golden file anew, of both packages. Read what changed in ``git diff``.

Run: ``make accept``. Refused in CI, where a file that is not fresh is a mistake.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def steps() -> list[list[str]]:
    """Returns the commands, each of which needs the files of those before it.

    A tool called ``make_…`` or ``write_…`` writes files that a test holds fresh.
    """
    tools = [tool for kind in ("make", "write") for tool in sorted((ROOT / "tools").glob(f"{kind}_*.py"))]
    return [
        *([f"tools/{tool.name}"] for tool in tools),
        ["-m", "activities_gen", "generate"],
        ["-m", "pytest", "-q", "-m", "golden", "--snapshot-update"],
    ]


def main() -> int:
    """Run the commands until one fails, and return its exit status."""
    if os.environ.get("CI"):
        sys.stderr.write(
            "Nothing is accepted in CI. Run 'make accept' where you work, read the difference, commit it.\n"
        )
        return 2
    for step in steps():
        sys.stdout.write(f"$ python {shlex.join(step)}\n")
        sys.stdout.flush()
        command = [sys.executable, *step]
        done = subprocess.run(command, cwd=ROOT, env={**os.environ, "ACCEPT": "1"}, check=False)  # noqa: S603 our own
        if done.returncode:
            return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
