"""Encounters by class."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from pipeline.summary import encounters_by_class

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark


def test_counts_and_measures_each_class(spark: SparkSession) -> None:
    rows = [
        ("inpatient", datetime(2024, 1, 1), datetime(2024, 1, 3)),
        ("inpatient", datetime(2024, 1, 1), datetime(2024, 1, 2)),
        ("inpatient", datetime(2024, 1, 1), None),
        ("wellness", datetime(2024, 1, 1, 9, 0), datetime(2024, 1, 1, 9, 30)),
        (None, None, None),
    ]
    frame = spark.createDataFrame(rows, "kind string, `from` timestamp, `to` timestamp")
    found = [tuple(row) for row in encounters_by_class(frame, "kind", "from", "to").collect()]
    assert found == [("inpatient", 3, 36.0, 36.0), ("unknown", 1, None, None), ("wellness", 1, 0.5, 0.5)]
