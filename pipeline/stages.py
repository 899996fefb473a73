"""The stages: what is read, which transforms it passes, and where it goes."""

from __future__ import annotations

import csv
import io

from pyspark.sql import DataFrame, SparkSession

from pipeline.files import Files
from pipeline.parsing import distinct, kept, parse
from pipeline.reading import read_table
from pipeline.schemas import ENCOUNTERS
from pipeline.summary import encounters_by_class

SUMMARY_FILE = "encounters_by_class.csv"


def summary(spark: SparkSession, source: str, target: str) -> str:
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
    parsed = parse(read_table(spark, source, ENCOUNTERS).text, ENCOUNTERS)
    encounters = kept(distinct(parsed, ENCOUNTERS), ENCOUNTERS)
    location = f"{target.rstrip('/')}/{SUMMARY_FILE}"
    Files(spark).write_text(location, _csv(encounters_by_class(encounters, "encounter_class", "start", "stop")))
    return location


def _csv(frame: DataFrame) -> str:
    """A small frame as CSV text with a header."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(frame.columns)
    writer.writerows(frame.collect())
    return text.getvalue()
