"""Encounters by class: the first look at an export."""

from __future__ import annotations

import pyspark.sql.functions as F
from pyspark.sql import Column, DataFrame

UNKNOWN = "unknown"
"""The class of an encounter whose class is not given, as in exports of 2017."""


def hours_between(start: str, stop: str) -> Column:
    """Hours from one time column to another; null where one of them is."""
    return (F.col(stop).cast("double") - F.col(start).cast("double")) / 3600


def encounters_by_class(encounters: DataFrame, encounter_class: str, start: str, stop: str) -> DataFrame:
    """Counts encounters and measures their length of stay, per class.

    Args:
        encounters: One row per encounter.
        encounter_class: Name of the column with the class.
        start: Name of the time column at which an encounter starts.
        stop: Name of the time column at which it stops; an encounter without a stop is counted but not measured.

    Returns:
        Columns `encounter_class`, `encounters`, `median_hours` and `mean_hours`, the most frequent class first.
    """
    measured = encounters.select(
        F.coalesce(F.col(encounter_class), F.lit(UNKNOWN)).alias("encounter_class"),
        hours_between(start, stop).alias("hours"),
    )
    counted = measured.groupBy("encounter_class").agg(
        F.count(F.lit(1)).alias("encounters"),
        F.expr("percentile(hours, 0.5)").alias("median_hours"),
        F.avg("hours").alias("mean_hours"),
    )
    return counted.orderBy(F.col("encounters").desc(), F.col("encounter_class"))
