"""Prints what became of the rows of an export, from the log lines of the newest run: `python tools/accounts.py runs`.

It reads what the stages of the package `pipeline` log, so it belongs to this pipeline and not to `activities_gen run`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

COLUMNS = ("rows in", "kept", "duplicates", "quarantined", "erased", "values left out", "orphans", "after the day")
"""The columns of the table, after the name of a table of the export."""

Lines = list[dict[str, Any]]


def newest(runs: Path) -> Lines:
    """Returns the log lines of the newest run below a directory, of the last attempt of each activity."""
    found = sorted(path for path in runs.iterdir() if (path / "logs").is_dir())
    last: dict[str, Path] = {}
    for path in sorted((found[-1] / "logs").iterdir() if found else [], key=lambda path: path.stat().st_mtime_ns):
        last[path.name.split(".")[0]] = path
    return [line for path in last.values() for line in parsed(path.read_text(encoding="utf-8").splitlines())]


def parsed(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    """Yields the lines that are JSON objects; a run may have logged others."""
    for line in lines:
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            yield found


def table(lines: Lines) -> list[str]:
    """Returns the lines of the table: what became of the rows of each table."""
    read = {line["table"]: line for line in lines if line.get("event") == "rows" and "quarantined" in line}
    counted = {line["table"]: line for line in lines if line.get("event") == "counted"}
    rows = [
        [
            name,
            *(f"{line[key]:,}" for key in ("rows_in", "rows_out", "duplicates", "quarantined", "erased")),
            f"{sum(line['values_left_out'].values()):,}",
            *(f"{counted[name][key]:,}" if name in counted else "" for key in ("orphans", "after_as_of")),
        ]
        for name, line in read.items()
    ]
    cells = [["", *COLUMNS], *rows]
    widths = [max(len(row[place]) for row in cells) for place in range(len(COLUMNS) + 1)]
    return [
        "  ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        ).rstrip()
        for row in cells
    ]


def patients(lines: Lines) -> list[str]:
    """Returns lines about the patients: how many there are, how many share a description, and what was generalised for it."""
    shared = next((line for line in reversed(lines) if line.get("event") == "k-anonymity"), None)
    day = next((line["as_of"][:10] for line in reversed(lines) if line.get("zone") == "gold"), "")
    if shared is None:
        return []
    found = [f"{shared['patients']:,} patients as of {day}; k is {shared['k']:,} ({shared['asked']:,} asked for)"]
    less = ", ".join(f"{name.replace('_', ' ')} of {count:,}" for name, count in shared["generalised"].items())
    return [*found, f"generalised: {less or 'nothing'}"]


def reasons(lines: Lines) -> list[str]:
    """Returns a line for each kind of value that was left out, and for encounter classes that have no feature of their own."""
    found = []
    for line in lines:
        for reason, count in (line.get("values_left_out") or {}).items():
            found.append(f"{line['table']}: {reason}, {count:,} times")
        for name, count in (line.get("other_classes") or {}).items():
            found.append(f"{line['table']}: class {name} is counted as other, {count:,} times")
    return found


def main(runs: str) -> None:
    """Prints the table of the newest run."""
    lines = newest(Path(runs))
    for line in ("", *table(lines), "", *patients(lines), *reasons(lines)):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(sys.argv[1])
