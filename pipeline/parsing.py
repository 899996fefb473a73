"""From the text of an export to typed rows, duplicates set aside and unreadable rows explained.

Pure transforms: each takes a frame and returns a frame.
"""

from __future__ import annotations

from functools import reduce

import pyspark.sql.functions as F
from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame, Window

from pipeline.schemas import COPIES, DATE, NAME, NUMBER, TEXT, TIME, Column, Table

CORRUPT = "_corrupt"
"""The text of a record with too many or too few fields, or with a quote in it that is not closed; null for any other."""

REASON = "_reason"
"""Why a row cannot be read; null for a row that can."""

RAW = "_raw"
"""The text of the row as it stood in the file."""

BLANKS = ("", "null", "n/a", "nan", "none")
"""What exports write for a value that is not there, in lower case. Names and values in words keep theirs: people are called Null."""

_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_END = r"\\z"  # Java's $ also stands before a last line end, and Sail's does not
_CLOCK = "[0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,9})?)?"
_ZONE = "(Z|[+-][0-9]{2}(:?[0-9]{2})?)"
_INSTANT = f"^{_DAY}([T ]{_CLOCK}{_ZONE}?)?{_END}"
PATTERNS = {
    DATE: _INSTANT,
    TIME: _INSTANT,
    NUMBER: f"^[+-]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][+-]?[0-9]+)?{_END}",
}
"""What a value must look like before Spark casts it: Spark's own casts also take a year alone, a time alone and `NaN`."""

_CASTS = {
    DATE: "try_cast(substring({0}, 1, 10) as date)",
    # Spark wants seconds where there are minutes
    TIME: "try_cast(if(length({0}) = 10 or substring({0}, 17, 1) = ':', {0}, concat(left({0}, 16), ':00', substring({0}, 17))) as timestamp)",
    NUMBER: "try_cast({0} as double)",
}
"""`try_cast` is there since Spark 3.2, in SQL only; a plain cast of 30 February ends the job in Spark 4."""

_NOUNS = {DATE: "date", TIME: "time", NUMBER: "number"}


def present(name: str, kind: str = TEXT) -> str:
    """SQL for the trimmed text of a column, or null where it says that there is no value.

    The expressions of this module are SQL, because each call of a column function is a call into the JVM: a table of 24 columns
    took thousands of them.
    """
    blanks = "''" if kind == NAME else ", ".join(f"'{blank}'" for blank in BLANKS)
    return f"case when lower(trim(`{name}`)) not in ({blanks}) then trim(`{name}`) end"


def typed(name: str, kind: str) -> str:
    """SQL for the value of a text column in the type of its kind, or null where it is not one."""
    if kind not in PATTERNS:
        return present(name, kind)
    text = f"trim(`{name}`)"
    return f"case when {text} rlike '{PATTERNS[kind]}' then {_CASTS[kind].format(text)} end"


def complaints(column: Column) -> list[str]:
    """SQL for what may be wrong with a column's value in one row: texts or null; none for a column that takes anything."""
    text, value = present(column.name, column.kind), typed(column.name, column.kind)
    found = [f"case when ({text}) is null then '{column.source} is missing' end"] if column.required else []
    if column.kind in PATTERNS:
        found.append(
            f"case when ({text}) is not null and ({value}) is null then '{column.source} is not a {_NOUNS[column.kind]}' end"
        )
    return found


def settled(frame: DataFrame) -> DataFrame:
    """The same rows, whose columns an engine computes once, however often they are used later.

    Engines look through a selection, and would compute a column again for each filter and each place where it stands. They do not look
    through a number that each row gets.
    """
    numbered = frame.select("*", F.monotonically_increasing_id().alias("_number"))
    return numbered.where("_number >= 0").drop("_number")


def parse(text: DataFrame, table: Table) -> DataFrame:
    """Types the columns of a table and says why a row cannot be read.

    Args:
        text: A string column for each column of the table, under the table's names, `_corrupt` and `_raw`.
        table: The table that the text holds.

    Returns:
        The table's columns, `_reason` and `_raw`.
    """
    reasons = ", ".join(found for column in table.columns for found in complaints(column))
    malformed = f"case when `{CORRUPT}` is not null then 'the number of fields is not that of the header' end"
    parsed = text.selectExpr(
        *[f"{typed(column.name, column.kind)} as `{column.name}`" for column in table.columns],
        f"coalesce({malformed}, nullif(concat_ws('; ', {reasons}), '')) as `{REASON}`",
        f"`{RAW}`",
    )
    return settled(parsed)


def distinct(parsed: DataFrame, table: Table) -> DataFrame:
    """One row for each readable row of a parsed table, with the number of its copies, and its text where another may have its key."""
    readable = parsed.where(F.col(REASON).isNull())
    text = [F.min(RAW).alias(RAW)] if table.unique else []
    return readable.groupBy(*table.column_names()).agg(F.count(F.lit(1)).alias(COPIES), *text)


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


def quarantined(parsed: DataFrame, table: Table, *, clashes: bool = True) -> DataFrame:
    """The rows that do not stay, each with its reason.

    Args:
        parsed: What `parse` returned.
        table: The table it holds.
        clashes: Whether rows may share a unique key; to look for those, all rows are ranked.

    Returns:
        Columns `table_name`, `reason`, `raw` and `copies`.
    """
    unreadable = parsed.where(F.col(REASON).isNotNull()).select(
        F.col(REASON).alias("reason"), F.col(RAW).alias("raw"), F.lit(1).cast("long").alias(COPIES)
    )
    frames = [unreadable]
    if table.unique and clashes:
        key = [column.source for column in table.columns if column.name in table.key]
        reason = f"another row of the export has the same {' and '.join(key)}"
        others = distinct(parsed, table).withColumn("_rank", _rank(table)).where("_rank > 1")
        frames.append(others.select(F.lit(reason).alias("reason"), F.col(RAW).alias("raw"), COPIES))
    return reduce(DataFrame.unionByName, frames).select(F.lit(table.name).alias("table_name"), "reason", "raw", COPIES)
