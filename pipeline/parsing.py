"""From the text of an export to typed rows, duplicates set aside and unreadable rows explained.

Pure transforms: each takes a frame and returns a frame.
"""

from __future__ import annotations

from functools import reduce

import pyspark.sql.functions as F
from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame, Window

from pipeline.schemas import DATE, ID, NAME, NUMBER, TEXT, TIME, Column, Table

CORRUPT = "_corrupt"
"""Where Spark's reader puts the text of a record with too many or too few fields."""

REASON = "_reason"
"""Why a row cannot be read; null for a row that can."""

RAW = "_raw"
"""The text of the row."""

COPIES = "copies"
"""How often the row stood in the export."""

BLANKS = ("", "null", "n/a", "nan", "none")
"""What exports write for a value that is not there, in lower case. Names keep theirs: people are called Null."""

_DAY = r"\d{4}-\d{2}-\d{2}"
_CLOCK = r"\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?"
_ZONE = r"(Z|[+-]\d{2}(:?\d{2})?)"
PATTERNS = {
    DATE: rf"^{_DAY}([T ].*)?$",
    TIME: rf"^{_DAY}([T ]{_CLOCK} ?{_ZONE}?)?$",
    NUMBER: r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$",
}
"""What a value must look like before Spark casts it: Spark's own casts also take a year alone, a time alone and `NaN`."""

_CASTS = {DATE: "date", TIME: "timestamp", NUMBER: "double"}
_WRITTEN = {
    DATE: "{0}",
    TIME: "if(length({0}) = 10 or substring({0}, 17, 1) = ':', {0}, concat(substring({0}, 1, 16), ':00', substring({0}, 17)))",
    NUMBER: "{0}",
}
"""The text that is cast: Spark wants seconds where there are minutes."""

_NOUNS = {DATE: "date", TIME: "time", NUMBER: "number"}


def present(name: str, kind: str = TEXT) -> SparkColumn:
    """The trimmed text of a column, or null where it says that there is no value."""
    text = F.trim(F.col(name))
    blanks = ("",) if kind == NAME else BLANKS
    return F.when(~F.lower(text).isin(*blanks), text)


def typed(name: str, kind: str) -> SparkColumn:
    """The value of a text column in the type of its kind, or null where it is not one.

    `try_cast` is there since Spark 3.2 in SQL only, and is needed because a plain cast of 30 February ends the job in Spark 4.
    """
    if kind not in PATTERNS:
        return present(name, kind)
    cast = F.expr(f"try_cast({_WRITTEN[kind].format(f'trim(`{name}`)')} as {_CASTS[kind]})")
    return F.when(F.trim(F.col(name)).rlike(PATTERNS[kind]), cast)


def complaint(column: Column) -> SparkColumn:
    """What is wrong with a column's value in one row, or null."""
    text, value = present(column.name, column.kind), typed(column.name, column.kind)
    missing = F.when(text.isNull(), F.lit(f"{column.source} is missing")) if column.required else F.lit(None)
    if column.kind not in PATTERNS:
        return missing.cast("string")
    unreadable = F.when(text.isNotNull() & value.isNull(), F.lit(f"{column.source} is not a {_NOUNS[column.kind]}"))
    return F.coalesce(missing.cast("string"), unreadable)


def parse(text: DataFrame, table: Table) -> DataFrame:
    """Types the columns of a table and says why a row cannot be read.

    Args:
        text: A string column for each column of the table, under the table's names, and `_corrupt`.
        table: The table that the text holds.

    Returns:
        The table's columns, `_reason` and `_raw`. The raw text of a record that has the right number of fields is written anew
        from its fields.
    """
    complaints = F.concat_ws("; ", *[complaint(column) for column in table.columns])
    malformed = F.when(F.col(CORRUPT).isNotNull(), F.lit("the number of fields is not that of the header"))
    fields = F.struct(*[F.col(name) for name in text.columns if name != CORRUPT])
    written = F.to_csv(
        fields,
        {"escape": '"', "emptyValue": "", "ignoreLeadingWhiteSpace": "false", "ignoreTrailingWhiteSpace": "false"},
    )
    return text.select(
        *[typed(column.name, column.kind).alias(column.name) for column in table.columns],
        F.coalesce(malformed, F.when(complaints != "", complaints)).alias(REASON),
        F.coalesce(F.col(CORRUPT), written).alias(RAW),
    )


def distinct(parsed: DataFrame, table: Table) -> DataFrame:
    """One row for each readable row of a parsed table, with the number of its copies."""
    readable = parsed.where(F.col(REASON).isNull())
    return readable.groupBy(*table.column_names()).agg(F.count(F.lit(1)).alias(COPIES), F.min(RAW).alias(RAW))


def _rank(table: Table) -> SparkColumn:
    """The place of a row among those of its key: the one that is greatest in the order of the columns is first."""
    others = [name for name in table.column_names() if name not in table.key]
    order = [F.col(name).desc_nulls_last() for name in others]
    return F.row_number().over(Window.partitionBy(*table.key).orderBy(*order))


def kept(rows: DataFrame, table: Table) -> DataFrame:
    """The distinct rows that stay: all, or for a table with a unique key one for each key."""
    if not table.unique:
        return rows.select(*table.column_names(), COPIES)
    return rows.withColumn("_rank", _rank(table)).where("_rank = 1").select(*table.column_names(), COPIES)


def quarantined(parsed: DataFrame, table: Table) -> DataFrame:
    """The rows that do not stay, each with its reason.

    Args:
        parsed: What `parse` returned.
        table: The table it holds.

    Returns:
        Columns `table_name`, `reason`, `raw` and `copies`.
    """
    unreadable = parsed.where(F.col(REASON).isNotNull()).select(
        F.col(REASON).alias("reason"), F.col(RAW).alias("raw"), F.lit(1).cast("long").alias(COPIES)
    )
    frames = [unreadable]
    if table.unique:
        reason = f"another row of the export has the same {' and '.join(table.key)}"
        others = distinct(parsed, table).withColumn("_rank", _rank(table)).where("_rank > 1")
        frames.append(others.select(F.lit(reason).alias("reason"), F.col(RAW).alias("raw"), COPIES))
    return reduce(DataFrame.unionByName, frames).select(F.lit(table.name).alias("table_name"), "reason", "raw", COPIES)


__all__ = [
    "BLANKS",
    "COPIES",
    "CORRUPT",
    "ID",
    "RAW",
    "REASON",
    "distinct",
    "kept",
    "parse",
    "present",
    "quarantined",
    "typed",
]
