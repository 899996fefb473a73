"""Writing what is generated: all of it or nothing, the same bytes each time, untouched where nothing changed."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import uuid
from typing import TYPE_CHECKING, Any

from activities_gen.findings import Finding, FindingsError, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_SCRATCH = ".activities-gen-"


def json_bytes(value: Any) -> bytes:
    """JSON as a person writes it: keys in their order, two spaces, every script readable, a final newline.

    Args:
        value: What ``json.dumps`` takes; no NaN, and no lone surrogates, which UTF-8 does not have.
    """
    return (json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False) + "\n").encode("utf-8")


@contextlib.contextmanager
def locked(root: Path) -> Iterator[None]:
    """Hold the pipeline directory against other runs; a second one waits until the first is done.

    Raises:
        FindingsError: The directory cannot be opened.
    """
    try:
        import fcntl  # noqa: PLC0415 Unix alone has it; elsewhere two runs at once are not kept apart
    except ImportError:
        yield
        return
    with reported(str(root)):
        handle = os.open(root, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def stale(root: Path, files: Mapping[str, bytes]) -> list[str]:
    """The names of ``files`` whose content in ``root`` is another, or that are not there.

    Raises:
        FindingsError: A file is there and cannot be read.
    """
    return [name for name, content in files.items() if _read(root / name, name) != content]


def publish(root: Path, files: Mapping[str, bytes], delete: Iterable[str] = ()) -> list[str]:
    """Write files into a directory; the caller holds :func:`locked`.

    Everything is written aside first, then moved into place file by file in the order given, then the files to delete
    go. Killed at any moment, the directory holds for each file the old content or the new one, whole; what fails
    is undone.

    Args:
        root: The pipeline directory.
        files: Content by path relative to ``root``; the folders are made.
        delete: Paths relative to ``root`` that must not be there afterwards.

    Returns:
        The paths that were written or deleted. What was right already keeps its modification time.

    Raises:
        FindingsError: The directory cannot be written to, or the disk is full; every file is as it was.
    """
    _sweep(root)
    changed = stale(root, files)
    gone = [name for name in delete if os.path.lexists(root / name)]
    if not changed and not gone:
        return []
    scratch = root / f"{_SCRATCH}{uuid.uuid4().hex}"
    try:
        with reported(str(root)):
            scratch.mkdir()
        for index, name in enumerate(changed):
            with reported(name):
                _write(scratch / f"{index}.new", files[name])
                (root / name).parent.mkdir(parents=True, exist_ok=True)
        _exchange(root, scratch, changed, gone)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    return [*changed, *gone]


def _exchange(root: Path, scratch: Path, changed: list[str], gone: list[str]) -> None:
    """Move what was written aside into place and what is to go out of it; undo all of it where one move fails."""
    undo: list[Callable[[], object]] = []
    try:
        for index, name in enumerate(changed):
            with reported(name):
                _keep(root / name, scratch / f"{index}.old", undo)
                (scratch / f"{index}.new").replace(root / name)
        for index, name in enumerate(gone):
            with reported(name):
                (root / name).replace(scratch / f"{index}.gone")
                undo.append(functools.partial((scratch / f"{index}.gone").replace, root / name))
    except FindingsError:
        for step in reversed(undo):
            with contextlib.suppress(OSError):  # the disk fails; what can be put back is
                step()
        raise


def _keep(path: Path, old: Path, undo: list[Callable[[], object]]) -> None:
    """Note how a file that is about to be replaced comes back. It is in its place all the time."""
    if not os.path.lexists(path):
        undo.append(functools.partial(path.unlink, missing_ok=True))
        return
    try:
        os.link(path, old, follow_symlinks=False)
    except OSError:  # a file system without links
        shutil.copy2(path, old, follow_symlinks=False)
    undo.append(functools.partial(old.replace, path))


def _read(path: Path, name: str) -> bytes | None:
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        raise _failed(name, error) from error


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sweep(root: Path) -> None:
    """Delete what a killed run left aside."""
    with reported(str(root)):
        for entry in os.scandir(root):
            if entry.name.startswith(_SCRATCH):
                shutil.rmtree(entry.path, ignore_errors=True)


@contextlib.contextmanager
def reported(name: str) -> Iterator[None]:
    """Turn an error of the file system into a finding.

    Args:
        name: The file or directory as it is shown, where the error names none.
    """
    try:
        yield
    except OSError as error:
        raise _failed(name, error) from error


def _failed(name: str, error: OSError) -> FindingsError:
    message = f"{error.strerror or error}. Nothing was changed."
    return FindingsError([Finding("GEN001", Severity.ERROR, message, Location(name))])
