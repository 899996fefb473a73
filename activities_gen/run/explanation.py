"""What a failed assertion about a run says.

pytest shows some lines of a comparison, so those say what differs; the whole run follows in a section of its own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.run.report import table
from activities_gen.run.words import one_line

if TYPE_CHECKING:
    from activities_gen.run.result import RunResult

MOST = 5
"""Differences that are said; pytest shows eight lines in all."""

WIDTH = 120
"""Characters of a line that are shown; pytest shows 640 in all."""


def explain(about: RunResult, op: str, left: object, right: object) -> list[str]:
    """The lines that pytest prints: what was compared, where statuses differ, and why the run did not succeed.

    Args:
        about: The run.
        op: The comparison, as in ``==``.
        left: What stands left of it.
        right: What stands right of it.
    """
    differences = _differences(left, right) if op == "==" and isinstance(left, dict) and isinstance(right, dict) else []
    more = [f"  … and {len(differences) - MOST} more"] if len(differences) > MOST else []
    head = f"{_short(left)} {op} {_short(right)}"
    shown = [about.secrets.mask(line) for line in (head, *differences[:MOST], *more, about.error) if line]
    return [one_line(line[:WIDTH] + "…" * (len(line) > WIDTH)) for line in shown]


def section(about: RunResult) -> tuple[str, str]:
    """Title and text of what is shown of a run beneath a failed test."""
    return f"run of '{one_line(about.pipeline)}'" if about.pipeline else "run", table(about)


def _short(value: object) -> str:
    return "statuses" if isinstance(value, dict) else repr(value)


def _differences(left: dict[str, str], right: dict[str, str]) -> list[str]:
    """One line for each activity that is not as expected, whichever side the expectation stands on."""
    actual, expected = (left, right) if hasattr(left, "about") else (right, left)
    lines = []
    for name in [*actual, *(name for name in expected if name not in actual)]:
        was, wanted = actual.get(name, "NotRun"), expected.get(name, "not named")
        if was != wanted:
            lines.append(f"  {name}: {was}, expected {wanted}")
    return lines
