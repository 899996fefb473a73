"""Reading JSON files: bounded, and with a sentence in place of an exception."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from activities_gen.findings import Finding, Location, Severity
from activities_gen.wire.document import MAX_BYTES, Document, parse

if TYPE_CHECKING:
    from pathlib import Path

STANDARD_INPUT = "-"
"""The path that stands for standard input."""


def read_file(path: Path) -> bytes | str:
    """Returns a file's bytes, at most a little more than a document may have; a sentence if it cannot be read.

    Args:
        path: The file; ``-`` for standard input.
    """
    if str(path) == STANDARD_INPUT:
        return _standard_input()
    try:
        if not path.exists():
            return "No such file or directory."
        if not path.is_file():
            return "Not a regular file."
        with path.open("rb") as stream:
            return stream.read(MAX_BYTES + 1)
    except (OSError, ValueError) as error:
        return f"The file cannot be read: {getattr(error, 'strerror', None) or error}."


def _standard_input() -> bytes:
    """What comes by standard input, at most a little more than a document may have; nothing if it is closed."""
    stream = getattr(sys.stdin, "buffer", None)
    return stream.read(MAX_BYTES + 1) if stream is not None else b""


def shown_file(path: Path) -> str:
    """Returns a file's path as findings show it; ``stdin`` for standard input."""
    return "stdin" if str(path) == STANDARD_INPUT else str(path)


def read_documents(path: Path, shown: str) -> tuple[list[Document], list[Finding]]:
    """Returns the documents of a JSON file, and what is wrong with it.

    Args:
        path: The file; ``-`` for standard input.
        shown: How findings show it.
    """
    content = read_file(path)
    if isinstance(content, str):
        return [], [Finding("ADF001", Severity.ERROR, content, Location(shown))]
    return parse(content, shown)
