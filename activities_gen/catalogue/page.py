"""What a page says of a code."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Example = list[Any] | dict[str, Any]
"""JSON that shows a mistake: a list of activities, one resource with ``properties``, or file contents by file name."""


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
