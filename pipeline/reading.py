"""Reads the CSV files of an export as text, whatever their columns are and in whatever order.

A file is scanned as lines first. The scan finds bytes that are not UTF-8, counts the lines, and tells whether a quoted value goes
over the end of a line. Only then is the file read as a whole by one task; else Spark splits it among its cores.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
from py4j.protocol import Py4JJavaError
from pyspark.sql import Column, DataFrame, Row, SparkSession
from pyspark.sql import types as T

from pipeline.errors import InputError, java_reason
from pipeline.files import Files, literal
from pipeline.parsing import CORRUPT, RAW

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.schemas import Table

BOM = "\ufeff"
REPLACEMENT = "\ufffd"
UNKNOWN = "_unknown"
"""What the names of columns begin with that the table does not know."""

NOT_BLANK = r"value rlike '[^\\x00-\\x20]'"
"""Spark's CSV reader skips a line that holds nothing but spaces and control characters, so it is not counted."""

CSV = {"mode": "PERMISSIVE", "columnNameOfCorruptRecord": CORRUPT, "quote": '"', "escape": '"'}
"""How a row is read."""

AS_IT_STOOD = {"escape": '"', "emptyValue": "", "ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false"}
"""How a row is written anew."""

COMPRESSED = ".gz"
LINE_END = "\r\n|\r|\n"
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class Header:
    """A header, as far as a table knows it.

    Attributes:
        fields: For each field the name of its column in the lake, or one that begins with `_unknown`.
        missing: Columns of the table that the header lacks.
        left_out: Fields that the table does not know.
    """

    fields: list[str]
    missing: tuple[str, ...]
    left_out: tuple[str, ...]


@dataclass(frozen=True)
class Export:
    """One table of an export, as text.

    Attributes:
        text: A string column for each column of the table, null where the file lacks it, `_corrupt` and `_raw`.
        rows: How many rows the file holds.
        missing: Columns of the table that the header lacks.
        left_out: Columns of the header that the table does not know.
    """

    text: DataFrame
    rows: int
    missing: tuple[str, ...]
    left_out: tuple[str, ...]


def read_export(spark: SparkSession, location: str, tables: Sequence[Table]) -> list[Export]:
    """Reads tables of an export.

    Args:
        spark: The session.
        location: Directory of the export, as Hadoop names it: a local path, `dbfs:/…`, `abfss://…`.
        tables: The tables to read, each from the file `<table>.csv` or `<table>.csv.gz`.

    Raises:
        InputError: A file is missing, there twice, empty or not UTF-8, or its header lacks a required column or names one twice.
            The message says so of all files at once.
    """
    files = Files(spark)
    if not files.exists(location):
        raise InputError(f"{location}: there is no such directory")
    paths, headers, problems = [], [], []
    for table in tables:
        try:
            path = _path(files, f"{location.rstrip('/')}/{table.file}")
            headers.append(match(_header(files, path), table, path))
            paths.append(path)
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("; ".join(problems))
    return [_export(spark, *found) for found in zip(paths, tables, headers, _scan(spark, paths))]


def _path(files: Files, path: str) -> str:
    """The file of a table, compressed or not."""
    found = [each for each in (path, f"{path}{COMPRESSED}") if files.is_file(each)]
    if len(found) != 1:
        raise InputError(f"{path}: {f'there is a {COMPRESSED} file beside it' if found else 'there is no such file'}")
    return found[0]


def _export(spark: SparkSession, path: str, table: Table, header: Header, scan: Row) -> Export:
    frame = _read(spark, path, header.fields, multiline=scan.open > 0)
    if scan.open:
        frame = untied(frame, header.fields)
    absent = [
        F.lit(None).cast("string").alias(column.name) for column in table.columns if column.name not in header.fields
    ]
    known = [F.col(name) for name in header.fields if not name.startswith(UNKNOWN)]
    text = frame.select(*known, *absent, CORRUPT, _raw(header.fields).alias(RAW))
    return Export(text, frame.count() if scan.open else scan.lines - 1, header.missing, header.left_out)


def _raw(fields: Sequence[str]) -> Column:
    """The text of a record: as it stood where it is malformed, else written anew from its fields."""
    return F.coalesce(F.col(CORRUPT), F.to_csv(F.struct(*[F.col(name) for name in fields]), AS_IT_STOOD))


def untied(records: DataFrame, fields: Sequence[str]) -> DataFrame:
    """Reads by the line what a quote that nobody closes has tied into one record.

    A value in quotes may go over the end of a line, but a stray quote swallows all lines up to the next one, or the rest of the file. A
    record of several lines is taken for that when its number of fields is wrong, or when one of its further lines has the separators of a
    whole record before any quote.

    Args:
        records: String columns for the fields, and `_corrupt`.
        fields: The fields of the header.
    """
    rest = "transform(slice(lines, 2, size(lines)), line -> substring_index(line, '\"', 1))"
    whole = f"exists({rest}, line -> length(line) - length(replace(line, ',', '')) >= {len(fields) - 1})"
    split = records.withColumn("lines", F.split(_raw(fields), LINE_END))
    tied = (F.size("lines") > 1) & (F.col(CORRUPT).isNotNull() | F.expr(whole))
    # without the quotes that writing the record anew would add: the lines that were swallowed are then as they stood
    text = F.coalesce(F.col(CORRUPT), F.concat_ws(",", *[F.coalesce(F.col(name), F.lit("")) for name in fields]))
    lines = split.where(tied).select(F.explode(F.split(text, LINE_END)).alias("value")).where(F.expr(NOT_BLANK))
    schema = ", ".join(f"`{name}` string" for name in (*fields, CORRUPT))
    again = lines.select(F.from_csv("value", schema, CSV).alias("record")).select("record.*")
    return split.where(~tied).drop("lines").unionByName(again)


def match(header: Sequence[str], table: Table, path: str) -> Header:
    """Finds a table's columns in a header.

    Args:
        header: The fields of the header.
        table: The table.
        path: The file, for messages.

    Raises:
        InputError: A required column is missing, or a known one stands twice. Fields that are not known are not shown, as a file
            without a header would show a record.
    """
    fields = [field.strip().strip(BOM).lower() for field in header]
    own = {column.source.lower(): column for column in table.columns}
    lacked = [column for column in table.columns if column.source.lower() not in fields]
    older = {alias.lower(): column for column in lacked for alias in column.aliases}
    found = [own.get(field) or older.get(field) for field in fields]
    names = [column.name if column else f"{UNKNOWN}{position}" for position, column in enumerate(found)]
    absent = [column for column in table.columns if column.name not in names]
    required = [column.source for column in absent if column.required]
    if required:
        raise InputError(f"{path}: the header lacks {', '.join(required)}{_other_separator(header)}")
    twice = sorted({column.source for column in found if column and names.count(column.name) > 1})
    if twice:
        raise InputError(f"{path}: the header names {', '.join(twice)} twice")
    left_out = tuple(field for field, column in zip(header, found) if not column)
    return Header(names, tuple(column.source for column in absent), left_out)


def _other_separator(header: Sequence[str]) -> str:
    """A hint for who exported with another separator than commas, else nothing."""
    found = [name for mark, name in OTHER_SEPARATORS.items() if len(header) == 1 and mark in header[0]]
    return f": it is separated by {found[0]}, and commas are what is read" if found else ""


def _header(files: Files, path: str) -> list[str]:
    try:
        line = files.first_line(path)
    except Py4JJavaError as error:  # it may not be read, or is compressed in name only
        raise InputError(f"{path}: {java_reason(error)}") from error
    if line is None:
        raise InputError(f"{path}: the file is empty, not even a header is there")
    if REPLACEMENT in line or "\x00" in line:
        raise InputError(f"{path}: line 1 is not UTF-8 text")
    return next(csv.reader([line.lstrip(BOM)]))


def _scan(spark: SparkSession, paths: Sequence[str]) -> list[Row]:
    """Counts the lines of each file that are not blank, and those that end inside a quoted value.

    Raises:
        InputError: A line is not UTF-8.
    """
    lines = spark.read.text([literal(path) for path in paths]).select(
        "value", F.col("_metadata.file_name").alias("file")
    )
    not_utf8 = F.encode(F.col("value"), "UTF-8") != F.col("value").cast("binary")
    quotes = F.length("value") - F.length(F.translate("value", '"', ""))
    counts = lines.groupBy("file").agg(
        F.count(F.when(F.expr(NOT_BLANK), 1)).alias("lines"),
        F.count(F.when(quotes % 2 == 1, 1)).alias("open"),
        F.count(F.when(not_utf8, 1)).alias("damaged"),
    )
    try:
        by_file = {row.file: row for row in counts.collect()}
    except Py4JJavaError as error:  # a compressed file that is cut off, a disk that fails
        for path in paths if len(paths) > 1 else ():
            _scan(spark, [path])  # to say which
        raise InputError(f"{paths[0]}: {java_reason(error)}") from error
    found = [by_file[path.rsplit("/", 1)[-1]] for path in paths]
    for path, row in zip(paths, found):
        if row.damaged:
            first = _first_line(spark.read.text(literal(path)), not_utf8)
            raise InputError(f"{path}: line {first} is not UTF-8 text, {row.damaged} of {row.lines} lines are not")
    return found


def _first_line(lines: DataFrame, condition: Column) -> int:
    """The number of the first line for which the condition holds: in one partition the identifiers count from zero."""
    numbered = lines.coalesce(1).select("value", F.monotonically_increasing_id().alias("line"))
    (first,) = numbered.where(condition).agg(F.min("line").alias("line")).collect()
    return int(first.line) + 1


def _read(spark: SparkSession, path: str, fields: list[str], *, multiline: bool) -> DataFrame:
    schema = T.StructType([T.StructField(name, T.StringType()) for name in (*fields, CORRUPT)])
    return spark.read.csv(
        literal(path),
        schema=schema,
        header=True,
        multiLine=multiline,
        enforceSchema=True,
        mode=CSV["mode"],
        columnNameOfCorruptRecord=CORRUPT,
        quote=CSV["quote"],
        escape=CSV["escape"],
    )
