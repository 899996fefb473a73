"""Gold knows nothing of what happened after its moment: neither later rows nor later ends of earlier ones."""

from __future__ import annotations

import csv
import tempfile
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.gold import GOLD_SCHEMAS
from pipeline.monitoring import Log, Metrics
from pipeline.stages import Run, features_window, ingest, pseudonymise_window
from pipeline.storage import GOLD, WINDOW, Lake
from pipeline.windows import plausible, window

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]

KEY = b"a-key-that-only-tests-use-0123456789"
CODES = ("8302-2", "4548-4")
AS_OF = datetime(2024, 1, 1, tzinfo=timezone.utc)
SPAN = window("2020-01-01T00:00:00Z", "2024-01-01T00:00:00Z")
NOW = datetime(2030, 1, 1, tzinfo=timezone.utc)

OFFSETS = (-900, -366, -364, -91, -40, -31, -29, -2, -1 / 24, 0, 1 / 24, 2, 20, 40, 400)
"""Days from the moment: some on both sides of each feature's border."""

moments = st.sampled_from(OFFSETS).map(lambda days: (AS_OF + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%SZ"))
days = st.sampled_from((-30_000, -9000, -2000, -20, -1, 0, 3, 25, 300)).map(
    lambda n: (AS_OF + timedelta(days=n)).strftime("%Y-%m-%d")
)
who = st.sampled_from(("a", "b", "c"))
blank = st.just("")

TABLES = {
    "patients": st.fixed_dictionaries({"BIRTHDATE": days, "DEATHDATE": blank | days}),
    "encounters": st.fixed_dictionaries(
        {
            "START": moments,
            "STOP": blank | moments,
            "PATIENT": who,
            "ENCOUNTERCLASS": st.sampled_from(("inpatient", "emergency", "FLD")),
        }
    ),
    "conditions": st.fixed_dictionaries(
        {"START": moments, "STOP": blank | moments, "PATIENT": who, "CODE": st.sampled_from(("44054006", "38341003"))}
    ),
    "observations": st.fixed_dictionaries(
        {
            "DATE": moments,
            "PATIENT": who,
            "CODE": st.sampled_from(CODES),
            "VALUE": st.sampled_from(("1", "2", "words", "")),
            "UNITS": blank,
        }
    ),
    "medications": st.fixed_dictionaries(
        {"START": moments, "STOP": blank | moments, "PATIENT": who, "CODE": st.sampled_from(("860975", "197361"))}
    ),
}
HEADERS = {"encounters": ["Id", "CODE"], "patients": ["Id"]}
EXPORTS = st.fixed_dictionaries(
    {name: st.lists(row, min_size=2, max_size=3 if name == "patients" else 6) for name, row in TABLES.items()}
)
AT = {
    "patients": "BIRTHDATE",
    "encounters": "START",
    "conditions": "START",
    "observations": "DATE",
    "medications": "START",
}


def is_later(column: str, text: str) -> bool:
    """Whether what a column of an export says is not known at the end of the window: a stop at that very moment is."""
    moment = AS_OF.strftime("%Y-%m-%dT%H:%M:%S"[: 8 if len(text) == 10 else None])
    return text[:19] > moment or (text[:19] == moment and column != "STOP")


def as_known(rows: dict[str, list[dict[str, str]]]) -> dict[str, list[dict[str, str]]]:
    """An export without what was not known yet: later rows, and later ends and deaths of those that stay."""
    return {
        name: [
            {
                column: "" if column in ("STOP", "DEATHDATE") and is_later(column, text) else text
                for column, text in row.items()
            }
            for row in found
            if not is_later(AT[name], row[AT[name]])
        ]
        for name, found in rows.items()
    }


def gold(spark: SparkSession, folder: Path, rows: dict[str, list[dict[str, str]]], latest: str) -> dict[str, list[str]]:
    """The rows of gold that an export becomes."""
    folder.mkdir(parents=True)
    for name, found in rows.items():
        with (folder / f"{name}.csv").open("w", newline="") as file:
            columns = list(
                dict.fromkeys([*HEADERS.get(name, []), *(column for row in found for column in row), *EMPTY[name]])
            )
            writer = csv.DictWriter(file, columns)
            writer.writeheader()
            writer.writerows(found)
    run = Run(spark, Lake(spark, str(folder / "lake")), SPAN, Log(), Metrics("tests", None))
    ingest(run, str(folder), plausible(SPAN, NOW, latest=latest))
    pseudonymise_window(run, KEY)
    (commit,) = features_window(run, CODES, None, 1)
    return {
        name: sorted(str(row) for row in run.lake.read(GOLD, name, schema, [commit]).drop(WINDOW).collect())
        for name, schema in GOLD_SCHEMAS.items()
    }


EMPTY = {
    "patients": ["BIRTHDATE"],
    "encounters": ["START", "PATIENT"],
    "conditions": ["START", "PATIENT", "CODE"],
    "observations": ["DATE", "PATIENT", "CODE"],
    "medications": ["START", "PATIENT", "CODE"],
}
"""The columns that a file without rows has."""


@given(rows=EXPORTS, latest=st.sampled_from(("", "2100-01-01")))
@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
def test_without_what_happened_later_gold_is_the_same(
    rows: dict[str, list[dict[str, str]]], latest: str, spark: SparkSession, tmp_path: Path
) -> None:
    for position, row in enumerate(rows["patients"]):
        row["Id"] = "abc"[position]
    for position, row in enumerate(rows["encounters"]):
        row["Id"] = f"e{position}"
    folder = Path(tempfile.mkdtemp(dir=tmp_path))
    assert gold(spark, folder / "all", rows, latest) == gold(spark, folder / "known", as_known(rows), latest)


def test_who_dies_after_the_moment_lives_and_who_is_born_after_it_has_no_row(
    spark: SparkSession, tmp_path: Path
) -> None:
    rows: dict[str, list[dict[str, str]]] = {name: [] for name in TABLES}
    rows["patients"] = [
        {"Id": "a", "BIRTHDATE": "1950-06-01", "DEATHDATE": "2024-11-30"},
        {"Id": "b", "BIRTHDATE": "2024-12-20", "DEATHDATE": ""},
        {"Id": "c", "BIRTHDATE": "1950-06-01", "DEATHDATE": "2023-12-31"},
    ]
    for number, latest in enumerate(("", "2100-01-01")):
        found = gold(spark, tmp_path / str(number), rows, latest)["patient_features"]
        assert sorted("deceased=True" in row for row in found) == [False, True]
