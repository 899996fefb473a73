"""The small table that `make run` ends with, and the key that it asks for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]

INGEST = [
    {"event": "reading", "table": "patients"},
    {
        "event": "rows",
        "table": "patients",
        "rows_in": 1204,
        "rows_out": 1190,
        "duplicates": 3,
        "quarantined": 7,
        "erased": 4,
        "values_left_out": {},
    },
    {
        "event": "rows",
        "table": "encounters",
        "rows_in": 9,
        "rows_out": 9,
        "duplicates": 0,
        "quarantined": 0,
        "erased": 0,
        "values_left_out": {"CODE is not a SNOMED CT code": 2},
    },
]
FEATURES = [
    {
        "event": "counted",
        "table": "encounters",
        "rows_in": 9,
        "after_as_of": 1,
        "orphans": 2,
        "other_classes": {"field": 3},
    },
    {"event": "rows", "table": "patient_features", "rows_out": 1190},
    {
        "event": "k-anonymity",
        "k": 6,
        "asked": 5,
        "patients": 1190,
        "generalised": {"birth_year": 40, "postcode_area": 7},
    },
    {"event": "written", "zone": "gold", "as_of": "2024-01-01T00:00:00Z"},
]
EXPECTED = """
            rows in   kept  duplicates  quarantined  erased  values left out  orphans  after the day
patients      1,204  1,190           3            7       4                0
encounters        9      9           0            0       0                2        2              1

1,190 patients as of 2024-01-01; k is 6 (5 asked for)
generalised: birth year of 40, postcode area of 7
encounters: CODE is not a SNOMED CT code, 2 times
encounters: class field is counted as other, 3 times
"""


@pytest.fixture
def runs(tmp_path: Path) -> Callable[..., Path]:
    """Writes the logs of a run: `runs(name, Ingest_1=[…])`."""

    def write(name: str, **logs: list[dict[str, Any]]) -> Path:
        folder = tmp_path / "runs" / name / "logs"
        folder.mkdir(parents=True)
        for position, (log, lines) in enumerate(logs.items()):
            path = folder / f"{log.replace('_', '.')}.log"
            path.write_text("\n".join(["Setting default log level", *map(json.dumps, lines)]) + "\n")
            os.utime(path, (position, position))
        return tmp_path / "runs"

    return write


def printed(runs: Path) -> str:
    command = [sys.executable, str(ROOT / "tools" / "accounts.py"), str(runs)]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def test_the_table_says_what_became_of_the_rows_of_the_newest_run(runs: Callable[..., Path]) -> None:
    runs("20240101T000000Z", Ingest_1=INGEST[:1])
    # the log of an attempt that failed is not counted
    found = runs("20240102T000000Z", Ingest_1=INGEST, Ingest_2=INGEST, Features_1=FEATURES)
    assert printed(found) == EXPECTED


def test_a_run_without_accounts_has_an_empty_table(runs: Callable[..., Path]) -> None:
    assert len(printed(runs("20240101T000000Z", Ingest_1=[])).splitlines()) == 3


@pytest.mark.parametrize(
    ("arguments", "refused"),
    [(["INPUT=/data"], True), (["INPUT=/data", "KEY_FILE=key.txt"], False), ([], False)],
    ids=["an export of one's own without a key", "with a key", "the sample"],
)
def test_an_export_of_ones_own_takes_a_key_of_ones_own(arguments: list[str], refused: bool) -> None:
    done = subprocess.run(["make", "-n", "run", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    assert ("an export of your own takes a key of your own" in done.stderr) is refused
    assert (done.returncode != 0) is refused
