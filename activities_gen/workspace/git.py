"""What git knows of files: whether they would be in a clone of their repository."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_SECONDS = 10
_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
"""Git, without the programs that a repository's settings may have it start."""


def untracked(folder: Path, names: Sequence[str]) -> dict[str, bool]:
    """Returns the files of a folder that git does not track, each with whether it is told to ignore it.

    Args:
        folder: Where the files are.
        names: Their names.

    Returns:
        Nothing, if the folder is in no work tree, or if git is not installed or does not answer.
    """
    if not names or not any((place / ".git").exists() for place in (folder, *folder.resolve().parents)):
        return {}
    tracked = _names(folder, "ls-files", *names)
    missing = [name for name in names if tracked is not None and name not in tracked]
    ignored = _names(folder, "ls-files", "--others", "--ignored", "--exclude-standard", *missing) if missing else set()
    return {name: name in (ignored or ()) for name in missing}


def _names(folder: Path, command: str, *arguments: str) -> set[str] | None:
    """The names that git prints; ``None`` if it does not answer."""
    flags = [argument for argument in arguments if argument.startswith("--")]
    names = [argument for argument in arguments if not argument.startswith("--")]
    try:
        done = subprocess.run(  # noqa: S603 a fixed program
            [*_GIT, command, "-z", *flags, "--", *names],
            cwd=folder,
            env={**os.environ, "GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return set(os.fsdecode(done.stdout).split("\0")) - {""} if done.returncode == 0 else None
