"""Encounters by class: the first look at an export."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pyspark.sql.functions as F

from pipeline.features import hours_between
from pipeline.files import Files
from pipeline.parsing import distinct, kept, parse
from pipeline.reading import read_export
from pipeline.schemas import ENCOUNTERS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

FILE = "encounters_by_class.csv"

UNKNOWN = "unknown"
"""The class of an encounter whose class is not given, as in exports of 2017."""


def encounters_by_class(encounters: DataFrame, encounter_class: str, start: str, stop: str) -> DataFrame:
    """Counts encounters and measures their length of stay, per class in lower case.

    Args:
        encounters: One row per encounter.
        encounter_class: Name of the column with the class.
        start: Name of the time column at which an encounter starts.
        stop: Name of the time column at which it stops; an encounter without a stop is counted but not measured.

    Returns:
        Columns `encounter_class`, `encounters`, `median_hours` and `mean_hours`, the most frequent class first.
    """
    measured = encounters.select(
        F.coalesce(F.lower(encounter_class), F.lit(UNKNOWN)).alias("encounter_class"),
        hours_between(start, stop).alias("hours"),
    )
    counted = measured.groupBy("encounter_class").agg(
        F.count(F.lit(1)).alias("encounters"),
        F.expr("percentile(hours, 0.5)").alias("median_hours"),
        F.avg("hours").alias("mean_hours"),
    )
    return counted.orderBy(F.col("encounters").desc(), F.col("encounter_class"))


def write_summary(spark: SparkSession, source: str, target: str) -> str:
    """Counts an export's encounters by class and writes `encounters_by_class.csv`.

    Args:
        spark: The session.
        source: Directory of the export.
        target: Directory that receives the file.

    Returns:
        Where the file was written.

    Raises:
        InputError: The export's encounters cannot be read.
    """
    (export,) = read_export(spark, source, [ENCOUNTERS])
    parsed = parse(export.text, ENCOUNTERS)
    encounters = kept(distinct(parsed, ENCOUNTERS), ENCOUNTERS)
    location = f"{target.rstrip('/')}/{FILE}"
    Files(spark).write_text(location, _csv(encounters_by_class(encounters, "encounter_class", "start", "stop")))
    return location


def _csv(frame: DataFrame) -> str:
    """A small frame as CSV text with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(frame.collect())
    return text.getvalue()
