"""The gold tables as SQLAlchemy has them, and the replacement of a window.

The rows go in batches to temporary tables first, which belong to the connection: no other run sees them, and the database drops them
when the connection ends, however it ends. Then one transaction deletes the window from each table and inserts it from there.
"""

from __future__ import annotations

import zlib
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Dict

import pyspark.sql.functions as F
import sqlalchemy as sa
from sqlalchemy.dialects import mssql

from pipeline.database import refusals
from pipeline.errors import FeatureStoreError
from pipeline.schemas import PSEUDONYM_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pyspark.sql import Column, DataFrame
    from sqlalchemy.types import TypeEngine

    from pipeline.monitoring import Log

Row = Dict[str, Any]

WINDOW_ID, PATIENT_ID, CODE = "window_id", "patient_id", "code"
BATCH = 1000
"""Rows that go to the database at a time."""

TEXT = sa.Text().with_variant(mssql.NVARCHAR(), "mssql")
TIME = sa.DateTime().with_variant(mssql.DATETIME2(6), "mssql")  # type: ignore[no-untyped-call]  # SQLAlchemy lacks its types
TYPES: dict[str, TypeEngine[Any]] = {
    "string": TEXT,
    "boolean": sa.Boolean(),
    "tinyint": sa.SmallInteger(),
    "smallint": sa.SmallInteger(),
    "int": sa.Integer(),
    "bigint": sa.BigInteger(),
    "float": sa.REAL(),
    "double": sa.Double(),
    "date": sa.DATE(),
    "timestamp": TIME,
}
"""The type of a column, by the name that Spark has for its own."""

KEY: dict[str, TypeEngine[Any]] = {
    WINDOW_ID: sa.Unicode(40),
    PATIENT_ID: sa.Unicode(128),
    CODE: sa.Unicode(255).with_variant(mssql.NVARCHAR(255, collation="Latin1_General_100_BIN2"), "mssql"),
}
"""The columns of a primary key, as far as a table has them.

They are limited, since an index takes 900 bytes of a row in SQL Server and 2,704 in PostgreSQL. The collation tells `a` from `A`, as
Spark and PostgreSQL do.
"""


@dataclass(frozen=True)
class Plan:
    """What is to be done with one table.

    Attributes:
        target: The table.
        staging: The temporary table of the same columns.
        limits: The text columns, each with the number of characters that it takes, or None.
    """

    target: sa.Table
    staging: sa.Table
    limits: Mapping[str, int | None]


def replace(engine: sa.Engine, schema: str, window: str, tables: Mapping[str, DataFrame], log: Log) -> None:
    """Replaces a window of some tables in one transaction.

    Rows come from `DataFrame.toLocalIterator`, which every Spark has: a Spark Connect server streams Arrow batches, classic Spark sends
    one partition at a time. One of these, and a thousand rows on their way to the database, are in memory at once.

    Args:
        engine: The database.
        schema: The schema that the tables are in.
        window: Name of the window.
        tables: The rows of each table.
        log: Takes a line for each column that does not take some of the rows.

    Raises:
        FeatureStoreError: The database cannot be reached, refuses something, or has a table without one of the columns, or with ids
            of another key.
    """
    with refusals("a connection"):
        connection = engine.connect()
    with connection:
        plans = {name: plan(connection, schema, name, frame) for name, frame in sorted(tables.items())}
        for name, each in plans.items():
            left_out = _stage(connection, each, rows(tables[name], window))
            for (column, why), count in left_out.items():
                log("rows left out of the feature store", table=name, column=column, reason=why, rows=count)
        with refusals("the new window"), connection.begin():
            _swap(connection, plans.values(), window)


def plan(connection: sa.Connection, schema: str, name: str, frame: DataFrame) -> Plan:
    """Compares a table of the database with the rows that it shall take.

    Raises:
        FeatureStoreError: A column is missing there, or is of a type that no database column stands for.
    """
    kinds = {WINDOW_ID: "string", **dict(frame.dtypes)}
    wanted, dialect = target(schema, name, kinds), connection.dialect
    with refusals(f"a look at the table {name}"):
        found = _lengths(connection, wanted)
        connection.rollback()
    lacking = [column for column in wanted.columns if found is not None and column.name not in found]
    if lacking:
        names = ", ".join(f"{column.name} ({column.type.compile(dialect)})" for column in lacking)
        raise FeatureStoreError(
            f"the table {name} of the feature store lacks {names}: add it, or drop the table and run the windows again"
        )
    lengths = (
        {column.name: getattr(column.type, "length", None) for column in wanted.columns} if found is None else found
    )
    limits = {column: lengths[column] for column, kind in kinds.items() if kind == "string"}
    return Plan(wanted, staging(name, kinds, dialect.name), limits)


def _lengths(connection: sa.Connection, table: sa.Table) -> dict[str, int | None] | None:
    """Returns the columns of a table of the database with their lengths, or None where there is no such table."""
    inspector = sa.inspect(connection)
    if not inspector.has_table(table.name, table.schema):
        return None
    columns = inspector.get_columns(table.name, table.schema)
    return {column["name"]: getattr(column["type"], "length", None) for column in columns}


def target(schema: str, name: str, kinds: Mapping[str, str]) -> sa.Table:
    """Returns a table of gold: its key where it is about patients, and an index on what rows are looked up by.

    Args:
        schema: The schema that it is in.
        name: Its name.
        kinds: Its columns, with the names of their types in Spark.
    """
    keys = [column for column in KEY if column in kinds] if PATIENT_ID in kinds else []
    columns = [
        sa.Column(column, KEY.get(column) or _type(name, column, kind), nullable=column not in keys)
        for column, kind in kinds.items()
    ]
    made = sa.Table(name, sa.MetaData(), *columns, schema=schema)
    if keys:
        made.append_constraint(sa.PrimaryKeyConstraint(*keys, name=f"pk_{name}"))
    for column in (PATIENT_ID, CODE):
        if column in keys:
            sa.Index(f"ix_{name}_{column}", made.columns[column])
    return made


def staging(name: str, kinds: Mapping[str, str], dialect: str) -> sa.Table:
    """Returns the temporary table that receives the rows of a table. In SQL Server its name says that it is one."""
    columns = [sa.Column(column, _type(name, column, kind)) for column, kind in kinds.items()]
    if dialect == "mssql":
        return sa.Table(f"#stage_{name}", sa.MetaData(), *columns)
    return sa.Table(f"stage_{name}", sa.MetaData(), *columns, prefixes=["TEMPORARY"])


def _type(table: str, column: str, kind: str) -> TypeEngine[Any]:
    """Returns the type of a column.

    Raises:
        FeatureStoreError: There is none.
    """
    if kind.startswith("decimal("):
        precision, scale = kind[8:-1].split(",")
        return sa.Numeric(int(precision), int(scale))
    if kind not in TYPES:
        raise FeatureStoreError(
            f"the column {column} of {table} is of the type {kind}, which the feature store does not take"
        )
    return TYPES[kind]


def rows(frame: DataFrame, window: str) -> Iterator[Row]:
    """Returns the rows of a frame with the window's name, one after another, their times in UTC and without a zone.

    Spark would give a time to Python as the clock of the machine shows it, so it gives a number of microseconds.
    """
    times = {name for name, kind in frame.dtypes if kind == "timestamp"}
    names = frame.columns
    for row in frame.select(*(_plain(name, is_time=name in times) for name in names)).toLocalIterator():
        values = {name: instant(value) if name in times else value for name, value in zip(names, row)}
        yield {WINDOW_ID: window, **values}


def _plain(name: str, *, is_time: bool) -> Column:
    """Returns a column of numbers and texts; `functions.unix_micros` is there since Spark 3.5, the SQL function earlier."""
    return F.expr(f"unix_micros(`{name}`)").alias(name) if is_time else F.col(f"`{name}`")


def instant(micros: int | None) -> datetime | None:
    """Returns the instant that is a number of microseconds after the start of 1970, UTC, without a zone."""
    return None if micros is None else datetime(1970, 1, 1) + timedelta(microseconds=micros)


def batches(found: Iterable[Row], size: int = BATCH) -> Iterator[list[Row]]:
    """Returns lists of some rows each, until there are no more."""
    remaining = iter(found)
    while batch := list(islice(remaining, size)):
        yield batch


def kept(
    found: Iterable[Row], limits: Mapping[str, int | None], dialect: str, left_out: Counter[tuple[str, str]]
) -> Iterator[Row]:
    """Returns the rows whose texts the database takes, and counts the others by column and reason.

    Args:
        found: The rows.
        limits: The text columns, each with the number of characters that it takes, or None.
        dialect: SQLAlchemy's name of the kind of database.
        left_out: Takes the numbers. A row counts for the first of its columns that does not fit.
    """
    for row in found:
        reasons = ((column, misfit(row[column], limit, dialect)) for column, limit in limits.items())
        problem = next((each for each in reasons if each[1]), None)
        if problem is None:
            yield row
        else:
            left_out[problem] += 1


def misfit(text: str | None, limit: int | None, dialect: str) -> str:
    """Returns why a database does not take a text, or nothing. SQL Server counts in units of UTF-16."""
    if text is None:
        return ""
    if "\0" in text and dialect == "postgresql":
        return "has a NUL character"
    if limit is not None and (len(text.encode("utf-16-le")) // 2 if dialect == "mssql" else len(text)) > limit:
        return f"longer than the column, {limit} characters"
    return ""


def _stage(connection: sa.Connection, plan: Plan, found: Iterable[Row]) -> Counter[tuple[str, str]]:
    """Fills the temporary table, and returns how many rows it did not take."""
    left_out: Counter[tuple[str, str]] = Counter()
    with refusals(f"a temporary table for {plan.target.name}"):
        plan.staging.create(connection, checkfirst=False)
        connection.commit()
    for batch in batches(kept(found, plan.limits, connection.dialect.name, left_out)):
        with refusals(f"rows for {plan.target.name}"):
            connection.execute(sa.insert(plan.staging), batch)
            connection.commit()
    return left_out


def _swap(connection: sa.Connection, plans: Iterable[Plan], window: str) -> None:
    """Replaces the window in all tables, in the transaction that is open."""
    if connection.dialect.name == "postgresql":
        connection.execute(one_at_a_time())
    for each in plans:
        with refusals(f"the new rows of {each.target.name}"):
            each.target.create(connection, checkfirst=True)
            if (other := strangers(each.target, each.staging, window)) is not None and connection.execute(
                other
            ).first():
                raise FeatureStoreError(
                    f"the table {each.target.name} of the feature store has ids of another key or scheme, which never meet in one table; "
                    "docs/privacy.md says how to change a key"
                )
            for statement in swap(each.target, each.staging, window):
                connection.execute(statement)


def one_at_a_time() -> sa.Select[Any]:
    """Returns the statement that lets one run of all replace windows of a PostgreSQL database, until its transaction ends."""
    return sa.select(sa.func.pg_advisory_xact_lock(zlib.crc32(b"feature store")))


def strangers(target: sa.Table, staging: sa.Table, window: str) -> sa.Select[Any] | None:
    """Returns the query for a row of another window whose ids were made with another key than the new ones; None without such ids."""
    if PSEUDONYM_KEY not in target.columns:
        return None
    new = sa.select(sa.func.max(staging.columns[PSEUDONYM_KEY])).scalar_subquery()
    other = (target.columns[WINDOW_ID] != window) & (target.columns[PSEUDONYM_KEY] != new)
    return sa.select(target.columns[WINDOW_ID]).where(other).limit(1)


def swap(target: sa.Table, staging: sa.Table, window: str) -> Sequence[sa.Executable]:
    """Returns the statements that replace a window of a table. In SQL Server the first one lets no other run in beside it."""
    names = [column.name for column in staging.columns]
    stale = sa.delete(target).where(target.columns[WINDOW_ID] == window)
    return [
        stale.with_hint("WITH (TABLOCKX)", dialect_name="mssql"),
        sa.insert(target).from_select(names, sa.select(staging)),
        sa.schema.DropTable(staging),
    ]


def erase(engine: sa.Engine, schema: str, patients: Sequence[str], tables: Iterable[str]) -> dict[str, int]:
    """Deletes the rows of some patients from tables, all windows of them, in one transaction, and returns how many of each.

    Raises:
        FeatureStoreError: The database cannot be reached or refuses something.
    """
    with refusals("a connection"):
        connection = engine.connect()
    with connection, refusals("to erase patients"), connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(one_at_a_time())
        there = [name for name in tables if sa.inspect(connection).has_table(name, schema)]
        return {
            name: sum(connection.execute(each).rowcount for each in erasure(schema, name, patients)) for name in there
        }


def erasure(schema: str, table: str, patients: Sequence[str]) -> Iterator[sa.Delete]:
    """Returns the statements that delete the rows of patients from a table, a batch of them in each."""
    rows = sa.table(table, sa.column(PATIENT_ID, KEY[PATIENT_ID]), schema=schema)
    for start in range(0, len(patients), BATCH):
        theirs = rows.columns[PATIENT_ID].in_(patients[start : start + BATCH])
        yield sa.delete(rows).where(theirs).with_hint("WITH (TABLOCKX)", dialect_name="mssql")
