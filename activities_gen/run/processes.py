"""Whole process trees: found and ended, whoever left which group or session.

Spark starts a Java process, that one a Python daemon in a group of its own, and that one the workers. All of them inherit
one environment variable, which is how they are found again.

Run as a script, this file is the janitor of one run: a process that outlives it. When the run has ended, the janitor waits
for what successful activities left behind, as Java needs half a second to end; when the run was killed, it ends everything at
once. Then it deletes the run's folder. It imports the standard library alone.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

MARKER = "ACTIVITIES_GEN_ATTEMPT"
"""The environment variable that every process of an attempt inherits."""

POLL = 0.05
"""Seconds between two looks at whether a tree is gone."""

_PROC = Path("/proc")


def members(mark: str, root: int) -> list[int]:
    """The process ids of everything that an attempt started and that has not ended.

    Args:
        mark: The value of the environment variable.
        root: The process that was started; it leads a session of its own.
    """
    if _PROC.is_dir():
        return [pid for pid in _all_pids() if _is_alive(pid) and (_session(pid) == root or _has_mark(pid, mark))]
    return _descendants(root)


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in _PROC.iterdir() if entry.name.isdigit() and int(entry.name) != os.getpid()]


def _stat(pid: int) -> list[str]:
    """State, parent, group, session and so on, as Linux tells; empty if the process is gone."""
    try:
        return (_PROC / str(pid) / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
    except OSError:
        return []


def _is_alive(pid: int) -> bool:
    fields = _stat(pid)
    return bool(fields) and fields[0] not in ("Z", "X")


def _session(pid: int) -> int:
    fields = _stat(pid)
    return int(fields[3]) if len(fields) > 3 else -1


def _has_mark(pid: int, mark: str) -> bool:
    try:
        environment = (_PROC / str(pid) / "environ").read_bytes()
    except OSError:
        return False
    return f"{MARKER}={mark}".encode() in environment.split(b"\0")


def _descendants(root: int) -> list[int]:
    """Children and children's children, and whoever stayed in the group; for systems without /proc."""
    listing = subprocess.run(["/bin/ps", "-A", "-o", "pid=,ppid=,pgid="], capture_output=True, text=True, check=False)
    rows = [tuple(map(int, line.split())) for line in listing.stdout.splitlines() if len(line.split()) == 3]
    found = {pid for pid, _, group in rows if root in (pid, group)}
    while grown := {pid for pid, parent, _ in rows if parent in found} - found:
        found |= grown
    return sorted(found)


def end_tree(mark: str, root: int, grace: float) -> None:
    """End everything that an attempt started: asked first, then killed.

    Returns once nothing of it runs any more.

    Args:
        mark: The value of the environment variable.
        root: The process that was started.
        grace: Seconds between asking and killing.
    """
    alive = members(mark, root)
    _send(alive, signal.SIGTERM)
    deadline = time.monotonic() + grace
    while alive and time.monotonic() < deadline:
        time.sleep(POLL)
        alive = members(mark, root)
    while alive:
        _send(alive, signal.SIGKILL)
        time.sleep(POLL)
        alive = members(mark, root)


def outwait(mark: str, root: int, patience: float) -> bool:
    """Let everything that an attempt started end by itself; whether it did so in time.

    Args:
        mark: The value of the environment variable.
        root: The process that was started.
        patience: Seconds to wait.
    """
    deadline = time.monotonic() + patience
    while members(mark, root):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL)
    return True


class Janitor:
    """The process that cleans up after a run, however the run ends."""

    def __init__(self, folder: Path, grace: float) -> None:
        """Start it.

        Args:
            folder: The folder to delete.
            grace: Seconds that what is left has to end by itself, and again after having been asked to.
        """
        read, self._write = os.pipe()
        to_nowhere = [(os.POSIX_SPAWN_OPEN, number, os.devnull, os.O_WRONLY, 0) for number in (1, 2)]
        # A group of its own: Ctrl-C on the terminal is not meant for it.
        os.posix_spawn(
            sys.executable,
            [sys.executable, "-I", "-S", __file__, str(folder), str(grace)],
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, read, 0), *to_nowhere],
            setpgroup=0,
        )
        os.close(read)

    def look_after(self, mark: str, root: int) -> None:
        """Tell it of a process that was started."""
        os.write(self._write, f"{mark} {root}\n".encode())

    def take_over(self, *, well: bool) -> None:
        """Let it begin.

        Args:
            well: Whether the run has come to its end; else what still runs is ended at once.
        """
        if well:
            os.write(self._write, b"done\n")
        os.close(self._write)


def _clean_up(folder: str, grace: str) -> None:
    """The janitor's work: its input ends when the run does, whatever ended it."""
    lines = sys.stdin.read().splitlines()
    patience = float(grace) if "done" in lines else 0.0
    for line in lines:
        mark, _, root = line.partition(" ")
        if root and not outwait(mark, int(root), patience):
            end_tree(mark, int(root), float(grace))
    shutil.rmtree(folder, ignore_errors=True)


def _send(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


if __name__ == "__main__":
    _clean_up(*sys.argv[1:])
