"""Encounters by class."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.summary import encounters_by_class, write_summary
from pipeline.windows import Span

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark
DATES = Span("1900-01-01T00:00:00Z", "2026-01-01T00:00:00Z")


def test_counts_and_measures_each_class(frame: Callable[..., DataFrame]) -> None:
    encounters = frame(
        "kind string, `from` timestamp, `to` timestamp",
        ("inpatient", datetime(2024, 1, 1), datetime(2024, 1, 3)),
        ("inpatient", datetime(2024, 1, 1), datetime(2024, 1, 2)),
        ("inpatient", datetime(2024, 1, 1), None),
        ("wellness", datetime(2024, 1, 1, 9, 0), datetime(2024, 1, 1, 9, 30)),
        (None, None, None),
    )
    found = [tuple(row) for row in encounters_by_class(encounters, "kind", "from", "to").collect()]
    assert found == [("inpatient", 3, 36.0, 36.0), ("unknown", 1, None, None), ("wellness", 1, 0.5, 0.5)]


def test_a_class_of_fewer_than_k_encounters_has_no_numbers(frame: Callable[..., DataFrame]) -> None:
    day = datetime(2024, 1, 1)
    encounters = frame(
        "kind string, `from` timestamp, `to` timestamp", *[("home", day, day)] * 2, ("hospice", day, day)
    )
    found = [tuple(row) for row in encounters_by_class(encounters, "kind", "from", "to", k=2).collect()]
    assert found == [("home", 2, 0.0, 0.0), ("hospice", None, None, None)]


@pytest.mark.slow
def test_writes_one_csv_file(spark: SparkSession, massachusetts: str, tmp_path: Path) -> None:
    location = write_summary(spark, massachusetts, str(tmp_path / "new" / "directory"), DATES, 5)
    with Path(location).open(newline="") as file:
        found = {row["encounter_class"]: int(row["encounters"]) for row in csv.DictReader(file)}
    assert found == {
        "wellness": 1665,
        "ambulatory": 1627,
        "outpatient": 1175,
        "urgentcare": 384,
        "inpatient": 222,
        "emergency": 202,
    }
