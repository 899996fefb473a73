"""Encounters by class: the first look at an export."""

from __future__ import annotations

import csv
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pyspark.sql.functions as F

from pipeline.errors import InputError
from pipeline.features import hours_between
from pipeline.parsing import distinct, kept, parse
from pipeline.reading import read_export
from pipeline.schemas import ENCOUNTERS

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from pipeline.windows import Span

FILE = "encounters_by_class.csv"

UNKNOWN = "unknown"
"""The class of an encounter whose class is not given, as in exports of 2017."""


def encounters_by_class(encounters: DataFrame, encounter_class: str, start: str, stop: str, k: int = 1) -> DataFrame:
    """Counts encounters and measures their length of stay, per class.

    Args:
        encounters: One row per encounter.
        encounter_class: Name of the column with the class.
        start: Name of the time column at which an encounter starts.
        stop: Name of the time column at which it stops; an encounter without a stop is counted but not measured.
        k: A class with fewer encounters has null in all its numbers.

    Returns:
        Columns `encounter_class`, `encounters`, `median_hours` and `mean_hours`, the most frequent class first.
    """
    measured = encounters.select(
        F.coalesce(encounter_class, F.lit(UNKNOWN)).alias("encounter_class"),
        hours_between(start, stop).alias("hours"),
    )
    counted = measured.groupBy("encounter_class").agg(
        F.count(F.lit(1)).alias("encounters"),
        F.expr("percentile(hours, 0.5)").alias("median_hours"),
        F.avg("hours").alias("mean_hours"),
    )
    shown = [F.when(F.col("encounters") >= k, F.col(name)).alias(name) for name in counted.columns[1:]]
    return counted.select("encounter_class", *shown).orderBy(F.col("encounters").desc_nulls_last(), "encounter_class")


def write_summary(spark: SparkSession, source: str, target: str, span: Span, k: int) -> str:
    """Counts an export's encounters by class and writes `encounters_by_class.csv`.

    Args:
        spark: The session.
        source: Directory of the export.
        target: Directory that receives the file: a local path, a volume, or `dbfs:/…`, which Databricks mounts.
        span: The plausible dates.
        k: Of a class with fewer encounters, no number is written.

    Returns:
        Where the file was written.

    Raises:
        InputError: The export's encounters cannot be read, or the directory is none that Python writes to.
    """
    if re.match(r"(?!dbfs:|file:)\w{2,}:", target):
        raise InputError(f"{target}: the summary is written to a directory of this machine, a volume or dbfs:/")
    directory = Path(re.sub("^dbfs:", "/dbfs", target) if target.startswith("dbfs:") else target.removeprefix("file:"))
    (export,) = read_export(spark, source, [ENCOUNTERS])
    encounters = kept(distinct(parse(export.text, ENCOUNTERS, span), ENCOUNTERS), ENCOUNTERS)
    frame = encounters_by_class(encounters, "encounter_class", "start", "stop", k)
    rows = frame.collect()
    directory.mkdir(parents=True, exist_ok=True)
    part = directory / f".{FILE}.part"
    with part.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(frame.columns)
        writer.writerows(rows)
    return str(part.rename(directory / FILE))
