"""What a failed assertion about a run says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from activities_gen.run.report import table

if TYPE_CHECKING:
    from activities_gen.run.result import RunResult


def explain(about: RunResult, op: str, left: object, right: object) -> list[str]:
    """The lines that pytest prints: what was compared, where statuses differ, and the whole run.

    Args:
        about: The run.
        op: The comparison, as in ``==``.
        left: What stands left of it.
        right: What stands right of it.
    """
    shown = about.secrets.mask
    differences = _differences(left, right) if op == "==" and isinstance(left, dict) and isinstance(right, dict) else []
    head = f"{_short(left)} {op} {_short(right)}"
    return [shown(line) for line in (head, *differences, "", *table(about).splitlines())]


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
