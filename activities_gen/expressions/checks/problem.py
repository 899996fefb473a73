"""What a static check of an expression finds."""

from __future__ import annotations

from dataclasses import dataclass

from activities_gen.findings import Severity


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an expression, or may be.

    Attributes:
        code: Stable identifier, ``ADF401`` to ``ADF499``.
        message: What is wrong, and what to write instead. Ends with a full stop or a question mark.
        start: Offset of the place in the string, from 0.
        end: Offset behind the place.
        severity: An error fails when it runs, or does something else than it says; a warning may; a note does not.
    """

    code: str
    message: str
    start: int
    end: int
    severity: Severity = Severity.ERROR
