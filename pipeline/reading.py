"""Reads the CSV files of an export as text, whatever their columns are and in whatever order.

A file is scanned as lines first. The scan finds bytes that are not UTF-8, counts the lines, and tells whether a quoted value goes
over the end of a line. Only then is the file read as a whole by one task; else Spark splits it among its cores.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import types as T

from pipeline.errors import InputError
from pipeline.files import Files
from pipeline.parsing import CORRUPT

if TYPE_CHECKING:
    from pipeline.schemas import Table

BOM = "\ufeff"
REPLACEMENT = "\ufffd"


@dataclass(frozen=True)
class Export:
    """One table of an export, as text.

    Attributes:
        text: A string column for each column of the table, null where the file lacks it, and `_corrupt`.
        rows: How many rows the file holds.
        missing: Columns of the table that the header lacks.
        left_out: Columns of the header that the table does not know.
    """

    text: DataFrame
    rows: int
    missing: tuple[str, ...]
    left_out: tuple[str, ...]


def read_table(spark: SparkSession, location: str, table: Table) -> Export:
    """Reads one table of an export.

    Args:
        spark: The session.
        location: Directory of the export, as Hadoop names it: a local path, `dbfs:/…`, `abfss://…`.
        table: The table to read, from the file `<table>.csv`.

    Raises:
        InputError: The file is missing, empty or not UTF-8, or its header lacks a required column or names one twice.
    """
    path = f"{location.rstrip('/')}/{table.file}"
    if not Files(spark).is_file(path):
        raise InputError(f"{path}: there is no such file")
    lines = spark.read.text(path)
    header = _header(lines, path)
    fields, missing, left_out = match(header, table, path)
    count, multiline = _scan(lines, path)
    frame = _read(spark, path, fields, multiline=multiline)
    absent = [F.lit(None).cast("string").alias(column.name) for column in table.columns if column.name not in fields]
    text = frame.select(*[F.col(name) for name in frame.columns if not name.startswith("_new")], *absent)
    return Export(text, frame.count() if multiline else count - 1, missing, left_out)


def match(header: list[str], table: Table, path: str) -> tuple[list[str], tuple[str, ...], tuple[str, ...]]:
    """Finds a table's columns in a header.

    Returns:
        For each field of the header the name of its column in the lake, or `_new<position>`; the columns that are missing; the
        fields that are not known.

    Raises:
        InputError: A required column is missing, or a known one stands twice. Fields that are not known are not shown, as a file
            without a header would show a record.
    """
    known = {alias: column for column in reversed(table.columns) for alias in reversed(column.names())}
    found = [known.get(field.strip().strip(BOM).lower()) for field in header]
    names = [column.name if column else f"_new{position}" for position, column in enumerate(found)]
    absent = [column for column in table.columns if column.name not in names]
    required = [column.source for column in absent if column.required]
    if required:
        raise InputError(f"{path}: the header lacks {', '.join(required)}")
    twice = sorted({column.source for column in found if column and names.count(column.name) > 1})
    if twice:
        raise InputError(f"{path}: the header names {', '.join(twice)} twice")
    left_out = tuple(field for field, column in zip(header, found) if not column)
    return names, tuple(column.source for column in absent), left_out


def _header(lines: DataFrame, path: str) -> list[str]:
    first = lines.where(F.trim("value") != "").first()
    if first is None:
        raise InputError(f"{path}: the file is empty, not even a header is there")
    if REPLACEMENT in first.value or "\x00" in first.value:
        raise InputError(f"{path}: line 1 is not UTF-8 text")
    return next(csv.reader([first.value.lstrip(BOM)]))


def _scan(lines: DataFrame, path: str) -> tuple[int, bool]:
    """Counts the lines that are not blank, and tells whether any ends inside a quoted value."""
    quotes = F.length("value") - F.length(F.regexp_replace("value", '"', ""))
    damaged = F.encode(F.col("value"), "UTF-8") != F.col("value").cast("binary")
    (found,) = lines.agg(
        F.count(F.when(F.trim("value") != "", 1)).alias("lines"),
        F.count(F.when(quotes % 2 == 1, 1)).alias("open"),
        F.count(F.when(damaged, 1)).alias("damaged"),
    ).collect()
    if found.damaged:
        raise InputError(
            f"{path}: line {_first_line(lines, damaged)} is not UTF-8 text, {found.damaged} of {found.lines} lines are not"
        )
    return found.lines, found.open > 0


def _first_line(lines: DataFrame, condition: Column) -> int:
    """The number of the first line for which the condition holds: in one partition the identifiers count from zero."""
    numbered = lines.coalesce(1).select("value", F.monotonically_increasing_id().alias("line"))
    (first,) = numbered.where(condition).agg(F.min("line").alias("line")).collect()
    return int(first.line) + 1


def _read(spark: SparkSession, path: str, fields: list[str], *, multiline: bool) -> DataFrame:
    schema = T.StructType([T.StructField(name, T.StringType()) for name in (*fields, CORRUPT)])
    return spark.read.csv(
        path,
        schema=schema,
        header=True,
        multiLine=multiline,
        mode="PERMISSIVE",
        columnNameOfCorruptRecord=CORRUPT,
        quote='"',
        escape='"',
        enforceSchema=True,
    )
