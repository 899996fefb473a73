"""What a page says of a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Session:
    """A command and the files that it reads.

    Attributes:
        command: The command line, without quotes.
        files: Contents by file name, as text or as the value of a JSON file; the command runs in their folder.
    """

    command: str
    files: dict[str, Any]


Example = list[Any] | dict[str, Any] | Session
"""What shows a mistake: a list of activities, a resource with ``properties``, file contents by name, or a session."""


@dataclass(frozen=True)
class Page:
    """The explanation of one code.

    Attributes:
        why: What goes wrong, and why, in one or two sentences.
        wrong: The smallest example that is reported.
        right: The same example, mended.
        source: Where the rule comes from.
    """

    why: str
    wrong: Example
    right: Example
    source: str
