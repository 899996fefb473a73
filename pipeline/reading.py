"""Reads the CSV files of an export as text, whatever their columns are and in whatever order.

Spark's readers of CSV differ from engine to engine, so a file is read as lines, and its fields are found here, by expressions that all
engines know. A first pass over the lines finds the header, bytes that are not UTF-8, and values in quotes that go over the end of a line.
Only a file with such values is read as a whole, for no engine but Spark's own keeps lines in their order; the lines that are no whole
records come to the driver, which puts them together.
"""

from __future__ import annotations

import csv
import gzip
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pyspark.sql.functions as F
from pyspark import cloudpickle

from pipeline.errors import InputError, reason
from pipeline.parsing import CORRUPT, RAW, settled
from pipeline.paths import files_in, literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyspark.sql import DataFrame, SparkSession

    from pipeline.schemas import Column, Table

BOM = "\ufeff"
UNKNOWN = "_unknown"
"""What the names of columns begin with that the table does not know."""

COMPRESSED = ".gz"
OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}

NOT_BLANK = r"value rlike '[^\\x00-\\x20]'"
"""A line that holds nothing but spaces and control characters is no row."""

FIELD = ',("[^"]*(?:""[^"]*)*"[^",]*|[^",][^,]*|"[^",]*|)'
"""A comma and the field after it: in quotes, without, or one whose quote is not closed in the line. All engines take this pattern."""

OPENED = '^"[^"]*$'
QUOTES = 1000
"""More quotes in one line are not looked into: Java's regular expressions run out of stack."""

LARGEST = 1 << 30
"""A file of more bytes is not read as a whole: where a value goes over the end of a line, its lines are then quarantined."""

LINE_END = "\r\n|\r|\n"
LONGEST = 1000
"""Lines of a record at most: a quote that nobody closes may be followed by any number of broken lines."""

_MARK = "\x01"
_COUNT = "(length(value) - length(replace(value, '\"', '')))"
_TOKENS = f"regexp_extract_all(concat(',', value), '{FIELD}', 1)"
_JOINED = f"array_join({_TOKENS}, '{_MARK}')"
FIELDS = f"""case when {_COUNT} = 0 then split(value, ',') when {_COUNT} <= {QUOTES} and concat_ws(',', {_TOKENS}) = value
    and not {_JOINED} rlike '(^|{_MARK})"[^"{_MARK}]*{_MARK}' then {_TOKENS} end"""
"""SQL for the fields of the record in the column `value`, with their quotes, or null where a quote in it is not closed. It has no
function of its own for the elements of an array: Sail cannot look for those in a file."""

OPEN = f"""({_COUNT} between 1 and {QUOTES} and {_JOINED} rlike '(^|{_MARK})"[^"{_MARK}]*({_MARK}|$)')"""
"""SQL for whether the line in the column `value` ends inside a value in quotes."""


def _field(position: int) -> str:
    """Returns SQL for the value of a field of the column `fields`: what stands between its quotes."""
    field = f"fields[{position}]"
    return f"""if({field} like '"%', replace(regexp_replace({field}, '(?s)^"(.*)"$', '$1'), '""', '"'), {field})"""


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
class Scan:
    """What a first pass over the lines of a file found.

    Attributes:
        path: The file.
        lines: How many lines are not blank.
        header: The first of them.
        same: How many lines are the same as the header.
        whole: Whether a value goes over the end of a line, so that the file is to be read as a whole.
    """

    path: str
    lines: int
    header: str
    same: int
    whole: bool


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
        location: Directory of the export, as the engine names it: a local path, `dbfs:/…`, `abfss://…`.
        tables: The tables to read, each from the file `<table>.csv` or `<table>.csv.gz`.

    Raises:
        InputError: A file is missing, there twice, empty or not UTF-8, or its header lacks a required column or names one twice.
            The message says so of all files at once.
    """
    names = files_in(spark, location)
    if not names:
        raise InputError(f"{location}: there is no such directory, or nothing in it")
    found, problems = [], []
    for table in tables:
        try:
            name = _file(names, table, location)
            scan = scan_lines(spark, f"{location.rstrip('/')}/{name}", names[name], table)
            found.append((scan, table, match(_header(scan), table, scan.path)))
        except InputError as error:
            problems.append(str(error))
    if problems:
        raise InputError("; ".join(problems))
    return [_export(spark, *each) for each in found]


def _file(names: Mapping[str, int], table: Table, location: str) -> str:
    """Returns the name of a table's file, compressed or not."""
    found = [name for name in (table.file, f"{table.file}{COMPRESSED}") if name in names]
    if len(found) == 2:
        raise InputError(f"{location.rstrip('/')}/{table.file}: there is a {COMPRESSED} file beside it")
    if not found or not names[found[0]]:
        raise InputError(f"{location.rstrip('/')}/{table.file}: there is no such file, or it is empty")
    return found[0]


def scan_lines(spark: SparkSession, path: str, size: int, table: Table) -> Scan:
    """Looks at the lines of a file.

    Args:
        spark: The session.
        path: The file.
        size: Its size in bytes.
        table: The table that it holds, whose required columns tell the header from other lines.

    Raises:
        InputError: A line is not UTF-8, or the file cannot be read, as when it is compressed in name only.
    """
    lines = spark.read.text(literal(path))
    damaged = F.encode(F.col("value"), "UTF-8") != F.col("value").cast("binary")  # Sail refuses to read such a line
    likely = " and ".join(_named(column) for column in table.columns if column.required)
    try:
        (found,) = lines.agg(
            F.count(F.when(F.expr(NOT_BLANK), 1)).alias("lines"),
            F.count(F.when(F.expr(OPEN), 1)).alias("open"),
            F.count(F.when(damaged, 1)).alias("damaged"),
        ).collect()
        headers = lines.where(likely).groupBy("value").count().limit(2).collect()
    except Exception as error:
        if "UTF-8" in str(error):
            raise _not_utf8(spark, path) from None
        raise InputError(f"{path}: {reason(error)}") from error
    if found.damaged:
        raise _not_utf8(spark, path)
    if not found.lines:
        raise InputError(f"{path}: there is no such file, or it is empty")
    whole = bool(found.open) and size <= LARGEST
    if len(headers) == 1 and not whole:
        return Scan(path, found.lines, headers[0][0], headers[0][1], whole)
    first = _ordered(spark, path).where(NOT_BLANK).orderBy("line").limit(1).collect()[0].value
    return Scan(path, found.lines, first, 1, whole)


def _named(column: Column) -> str:
    """SQL for whether a line has one of the names of a column in it."""
    return "(" + " or ".join(f"lower(value) like '%{name.lower()}%'" for name in (column.source, *column.aliases)) + ")"


def _ordered(spark: SparkSession, path: str) -> DataFrame:
    """Returns the lines of a file with their numbers. What is compressed is text for the engine, all else bytes: Sail splits a whole text, and gives bytes twice."""
    if path.endswith(COMPRESSED):
        content = spark.read.text(literal(path), wholetext=True)
    else:
        content = (
            spark.read.format("binaryFile").load(literal(path)).selectExpr("cast(content as string) as value").limit(1)
        )
    return content.select(F.posexplode(F.split("value", LINE_END)).alias("line", "value"))


def _not_utf8(spark: SparkSession, path: str) -> InputError:
    """Returns the error that names the lines of a file that are not UTF-8. Engines count them differently, so Python looks at the bytes."""
    cloudpickle.register_pickle_by_value(sys.modules[__name__])  # type: ignore[no-untyped-call]  # the engine may not have this package
    content = spark.read.format("binaryFile").load(literal(path)).select("content")
    found = content.limit(1).mapInArrow(_damage, "first long, damaged long, lines long").collect()[0]
    return InputError(f"{path}: line {found.first} is not UTF-8 text, {found.damaged} of {found.lines} lines are not")


def _damage(batches: Iterable[Any]) -> Iterator[Any]:
    """Counts the lines of files and those that are not UTF-8. It runs in the engine, which gives and takes Arrow's batches."""
    for batch in batches:
        for content in batch.column(0).to_pylist():
            lines = (gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content).splitlines()
            damaged = [number for number, line in enumerate(lines, 1) if "\ufffd" in line.decode("utf-8", "replace")]
            yield type(batch).from_pydict({"first": damaged[:1], "damaged": [len(damaged)], "lines": [len(lines)]})


def _header(scan: Scan) -> list[str]:
    if "\x00" in scan.header:
        raise InputError(f"{scan.path}: line 1 is not UTF-8 text")
    return next(csv.reader([scan.header.lstrip(BOM)]))


def _export(spark: SparkSession, scan: Scan, table: Table, header: Header) -> Export:
    width = len(header.fields)
    records = (_joined if scan.whole else _each_line)(spark, scan, width)
    taken = records.selectExpr("value", f"{FIELDS} as fields")
    sized = taken.selectExpr("value", f"if(size(fields) = {width}, fields, null) as fields")
    known = {name: _field(position) for position, name in enumerate(header.fields)}
    text = sized.selectExpr(
        *[f"{known.get(column.name, 'cast(null as string)')} as `{column.name}`" for column in table.columns],
        f"if(fields is null, value, null) as `{CORRUPT}`",
        f"value as `{RAW}`",
    )
    return Export(settled(text), records.count() if scan.whole else scan.lines - 1, header.missing, header.left_out)


def _each_line(spark: SparkSession, scan: Scan, _width: int) -> DataFrame:
    """Returns the records of a file in which each line is one, in the column `value`."""
    lines = spark.read.text(literal(scan.path)).where(F.expr(NOT_BLANK) & (F.col("value") != F.lit(scan.header)))
    again = spark.createDataFrame([(scan.header,)] * (scan.same - 1), "value string")
    return lines.unionByName(again) if scan.same > 1 else lines


def _joined(spark: SparkSession, scan: Scan, width: int) -> DataFrame:
    """Returns the records of a file in which values go over the ends of lines, in the column `value`."""
    lines = _ordered(spark, scan.path)
    (first,) = lines.where(NOT_BLANK).agg(F.min("line")).collect()[0]
    marked = lines.where(F.col("line") != first).selectExpr(
        "*", f"coalesce(size({FIELDS}) = {width} and not {OPEN}, false) as whole"
    )
    others = marked.where("not whole").orderBy("line").select("line", "value").toLocalIterator()
    found = [(record,) for record in join_lines(others, width) if re.search(r"[^\x00-\x20]", record)]
    return marked.where("whole").select("value").unionByName(spark.createDataFrame(found, "value string"))


def join_lines(lines: Iterable[Sequence[Any]], width: int) -> Iterator[str]:
    """Puts together the records of several lines.

    A quote that nobody closes would swallow the lines after it, up to the next quote. A line is taken for the next one of a record only
    if it stands right behind it and does not have the separators of a whole record before any quote.

    Args:
        lines: Pairs of number and text, in the order of the file, of the lines that are no whole records.
        width: How many fields a record has.

    Yields:
        The text of each record, and each line that is part of none.
    """
    record: list[str] = []
    last = -1
    for number, line in lines:
        if record and not (number == last + 1 and line.split('"')[0].count(",") < width - 1):
            yield from record
            record = []
        last = number
        record.append(line)
        if len(record) > LONGEST:
            yield from record
            record = []
        elif len(record) == 1 or '"' in line:
            text = "\n".join(record)
            tokens = re.findall(FIELD, f",{text}")
            if not any(re.search(OPENED, token) for token in tokens):
                yield from [text] if len(tokens) == width else record
                record = []
    yield from record


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
