"""Text for people: what comes from elsewhere, made fit for one line."""

from __future__ import annotations

import re
import unicodedata

_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|[@-_])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def one_line(text: str) -> str:
    """``text`` without what would move the cursor: no line breaks, no colours, of a progress bar its last state."""
    plain = _ESCAPE.sub("", text).rstrip()
    return _CONTROL.sub(" ", plain.rpartition("\r")[2])


def columns(text: str) -> int:
    """How many columns ``text`` takes on a terminal: ideographs and most emoji two, accents none."""
    return sum(
        0 if unicodedata.combining(character) else 2 if unicodedata.east_asian_width(character) in "WF" else 1
        for character in text
    )


def padded(text: str, width: int) -> str:
    """``text`` filled up with blanks to a width in columns."""
    return text + " " * (width - columns(text))
