"""How much of a value a report holds, and whether that is all of it."""

from __future__ import annotations

from typing import Any

MASK = "***"
"""What stands in a report for a secret."""

LONGEST_LIST = 1_000
"""Of a longer list the report has the first elements and says how many more there were."""


def bounded(value: Any) -> Any:
    """A JSON value with its long lists cut short."""
    if isinstance(value, dict):
        return {key: bounded(member) for key, member in value.items()}
    if isinstance(value, list):
        short = [bounded(member) for member in value[:LONGEST_LIST]]
        return short if len(value) <= LONGEST_LIST else [*short, f"… and {len(value) - LONGEST_LIST} more"]
    return value


def is_whole(value: Any) -> bool:
    """Whether a value in a report is what it was: nothing masked, no list cut short."""
    if isinstance(value, str):
        return MASK not in value
    if isinstance(value, dict):
        return all(is_whole(key) and is_whole(member) for key, member in value.items())
    return not isinstance(value, list) or (not _is_cut(value) and all(map(is_whole, value)))


def _is_cut(values: list[Any]) -> bool:
    return len(values) == LONGEST_LIST + 1 and isinstance(values[-1], str) and values[-1].startswith("… and ")
