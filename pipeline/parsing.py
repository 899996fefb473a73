"""From the text of an export to typed rows, duplicates set aside and unreadable rows explained.

Pure transforms: each takes a frame and returns a frame.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame, Window

from pipeline.codes import ID, NAME, TEXT, Kind
from pipeline.schemas import COPIES, LEFT_OUT, Column, Table

if TYPE_CHECKING:
    from pipeline.windows import Span

CORRUPT = "_corrupt"
"""The text of a record with too many or too few fields, or with a quote in it that is not closed; null for any other."""

REASON = "_reason"
"""Why a row cannot be read; null for a row that can."""

RAW = "_raw"
"""The text of the row as it stood in the file."""

TEXT_OF, HELPER_OF = "_text_", "_helper_"
"""What the names of columns begin with that hold the text of another one, and what is computed once of it."""


def present(name: str, kind: Kind = TEXT) -> str:
    """Returns SQL for the trimmed text of a column, or null where it says that there is no value."""
    blanks = ", ".join(f"'{blank}'" for blank in kind.blanks)
    return f"case when lower(trim(`{name}`)) not in ({blanks}) then trim(`{name}`) end"


def typed(name: str, kind: Kind) -> str:
    """Returns SQL for the value of a text column, or null where it is none of its kind."""
    return kind.sql.format(present(name, kind))


def plausible(column: Column, span: Span) -> str:
    """Returns SQL for whether a typed column holds no date out of the span."""
    within = f"cast('{span.earliest}' as timestamp) and cast('{span.latest}' as timestamp)"
    return f"cast(`{column.name}` as timestamp) between {within}" if column.kind.dated else "true"


def complaints(column: Column, span: Span) -> tuple[list[str], list[str]]:
    """Returns SQL for what may be wrong with a column: what its row is quarantined for, and what its value alone is left out for."""
    value, text = f"`{column.name}`", f"`{TEXT_OF}{column.name}`"
    days = f"between {span.earliest[:10]} and {span.latest.replace('T00:00:00Z', '')}"
    missing = f"case when {text} is null then '{column.source} is missing' end"
    misfit = f"case when {text} is not null and {value} is null then '{column.source} is not {column.kind.noun}' end"
    outside = f"case when not {plausible(column, span)} then '{column.source} is not {days}' end"
    found = [(missing, True)] if column.required else []
    if column.kind not in (ID, NAME, TEXT):
        found.append((misfit, column.required or column.kind.strict))
    if column.kind.dated:
        found.append((outside, column.required))
    return [sql for sql, of_row in found if of_row], [sql for sql, of_row in found if not of_row]


def settled(frame: DataFrame) -> DataFrame:
    """The same rows, whose columns an engine computes once, however often they are used later.

    Engines look through a selection, and would compute a column again for each filter and each place where it stands. They do not look
    through a number that each row gets.
    """
    numbered = frame.select("*", F.monotonically_increasing_id().alias("_number"))
    return numbered.where("_number >= 0").drop("_number")


def parse(text: DataFrame, table: Table, span: Span) -> DataFrame:
    """Types the columns of a table, and says why a row cannot be read and which values of it were left out.

    Args:
        text: A string column for each column of the table, under the table's names, `_corrupt` and `_raw`.
        table: The table that the text holds.
        span: The plausible dates.

    Returns:
        The table's columns, `left_out`, `_reason` and `_raw`.
    """
    found = [complaints(column, span) for column in table.columns]
    of_rows, of_values = (", ".join([sql for each in side for sql in each]) or "null" for side in zip(*found))
    malformed = f"case when `{CORRUPT}` is not null then 'the number of fields is not that of the header' end"
    columns = [(column, f"`{TEXT_OF}{column.name}`", f"`{HELPER_OF}{column.name}`") for column in table.columns]
    texts = [f"{present(column.name, column.kind)} as {name}" for column, name, _ in columns]
    trimmed = settled(text.selectExpr(*texts, CORRUPT, RAW))
    helpers = [f"{c.kind.helper.format(name)} as {helper}" for c, name, helper in columns if c.kind.helper != "null"]
    helped = settled(trimmed.selectExpr("*", *helpers)) if helpers else trimmed
    values = [f"{column.kind.sql.format(name, helper)} as `{column.name}`" for column, name, helper in columns]
    parsed = settled(helped.selectExpr(*values, *[name for _, name, _ in columns], CORRUPT, RAW))
    return settled(
        parsed.selectExpr(
            *[f"case when {plausible(c, span)} then `{c.name}` end as `{c.name}`" for c in table.columns],
            f"nullif(concat_ws('; ', {of_values}), '') as `{LEFT_OUT}`",
            f"coalesce({malformed}, nullif(concat_ws('; ', {of_rows}), '')) as `{REASON}`",
            f"`{RAW}`",
        )
    )


def distinct(parsed: DataFrame, table: Table) -> DataFrame:
    """One row for each readable row of a parsed table, with the number of its copies, and its text where another may have its key."""
    readable = parsed.where(F.col(REASON).isNull())
    text = [F.min(RAW).alias(RAW)] if table.unique else []
    found = [F.max(LEFT_OUT).alias(LEFT_OUT), F.count(F.lit(1)).alias(COPIES)]
    return readable.groupBy(*table.column_names()).agg(*found, *text)


def _rank(table: Table) -> SparkColumn:
    """The place of a row among those of its key: the one that is greatest in the order of the columns is first."""
    others = [name for name in table.column_names() if name not in table.key]
    order = [F.col(name).desc_nulls_last() for name in others]
    return F.row_number().over(Window.partitionBy(*table.key).orderBy(*order))


def kept(rows: DataFrame, table: Table) -> DataFrame:
    """The distinct rows that stay: all, or for a table with a unique key one for each key."""
    if not table.unique:
        return rows.select(*table.column_names(), LEFT_OUT, COPIES)
    return rows.withColumn("_rank", _rank(table)).where("_rank = 1").select(*table.column_names(), LEFT_OUT, COPIES)


def quarantined(parsed: DataFrame, table: Table, *, clashes: bool = True) -> DataFrame:
    """The rows that do not stay, and those that stay without some of their values, each with its reason.

    Args:
        parsed: What `parse` returned.
        table: The table it holds.
        clashes: Whether rows may share a unique key; to look for those, all rows are ranked.

    Returns:
        Columns `table_name`, `reason`, `row_stays`, `raw` and `copies`.
    """
    frames = [
        parsed.where(F.coalesce(REASON, LEFT_OUT).isNotNull()).select(
            F.coalesce(REASON, LEFT_OUT).alias("reason"),
            F.col(REASON).isNull().alias("row_stays"),
            F.col(RAW).alias("raw"),
            F.lit(1).cast("long").alias(COPIES),
        )
    ]
    if table.unique and clashes:
        key = [column.source for column in table.columns if column.name in table.key]
        reason = f"another row of the export has the same {' and '.join(key)}"
        others = distinct(parsed, table).withColumn("_rank", _rank(table)).where("_rank > 1")
        frames.append(
            others.select(
                F.lit(reason).alias("reason"), F.expr("false").alias("row_stays"), F.col(RAW).alias("raw"), COPIES
            )
        )
    return reduce(DataFrame.unionByName, frames).select(
        F.lit(table.name).alias("table_name"), "reason", "row_stays", "raw", COPIES
    )
