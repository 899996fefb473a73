"""The tables and statements for each kind of database, and what happens to rows on their way."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from textwrap import dedent
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("sqlalchemy", reason="the feature store is written through SQLAlchemy")

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.dialects import mssql, postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from pipeline.errors import FeatureStoreError
from pipeline.gold_sql import BATCH, KEY, batches, erasure, instant, kept, misfit, one_at_a_time, staging, swap, target

if TYPE_CHECKING:
    from collections.abc import Iterator

WINDOW = "20240101T000000Z_20240102T000000Z"
KINDS = {
    "window_id": "string",
    "as_of": "timestamp",
    "patient_id": "string",
    'co]d"e': "date",
    "code": "string",
    "value": "double",
    "age": "int",
    "stays": "bigint",
    "deceased": "boolean",
    "units": "string",
    "share": "decimal(20,6)",
}

POSTGRESQL = """\
SELECT pg_advisory_xact_lock(3430804842)
CREATE TEMPORARY TABLE stage_t (
    window_id TEXT, as_of TIMESTAMP WITHOUT TIME ZONE, patient_id TEXT, "co]d""e" DATE, code TEXT, value DOUBLE PRECISION,
    age INTEGER, stays BIGINT, deceased BOOLEAN, units TEXT, share NUMERIC(20, 6) )
CREATE TABLE public.t (
    window_id VARCHAR(40) NOT NULL, as_of TIMESTAMP WITHOUT TIME ZONE, patient_id VARCHAR(128) NOT NULL, "co]d""e" DATE,
    code VARCHAR(255) NOT NULL, value DOUBLE PRECISION, age INTEGER, stays BIGINT, deceased BOOLEAN, units TEXT,
    share NUMERIC(20, 6), CONSTRAINT pk_t PRIMARY KEY (window_id, patient_id, code) )
CREATE INDEX ix_t_code ON public.t (code)
CREATE INDEX ix_t_patient_id ON public.t (patient_id)
DELETE FROM public.t WHERE public.t.window_id = '20240101T000000Z_20240102T000000Z'
INSERT INTO public.t (window_id, as_of, patient_id, "co]d""e", code, value, age, stays, deceased, units, share)
    SELECT stage_t.window_id, stage_t.as_of, stage_t.patient_id, stage_t."co]d""e", stage_t.code, stage_t.value, stage_t.age,
    stage_t.stays, stage_t.deceased, stage_t.units, stage_t.share FROM stage_t
DROP TABLE stage_t
"""

SQL_SERVER = """\
CREATE TABLE [#stage_t] (
    window_id NVARCHAR(max) NULL, as_of DATETIME2(6) NULL, patient_id NVARCHAR(max) NULL, [co]]d"e] DATE NULL,
    code NVARCHAR(max) NULL, value DOUBLE PRECISION NULL, age INTEGER NULL, stays BIGINT NULL, deceased BIT NULL,
    units NVARCHAR(max) NULL, share NUMERIC(20, 6) NULL )
CREATE TABLE dbo.t (
    window_id NVARCHAR(40) NOT NULL, as_of DATETIME2(6) NULL, patient_id NVARCHAR(128) NOT NULL, [co]]d"e] DATE NULL,
    code NVARCHAR(255) COLLATE Latin1_General_100_BIN2 NOT NULL, value DOUBLE PRECISION NULL, age INTEGER NULL,
    stays BIGINT NULL, deceased BIT NULL, units NVARCHAR(max) NULL, share NUMERIC(20, 6) NULL,
    CONSTRAINT pk_t PRIMARY KEY (window_id, patient_id, code) )
CREATE INDEX ix_t_code ON dbo.t (code)
CREATE INDEX ix_t_patient_id ON dbo.t (patient_id)
DELETE FROM dbo.t WITH (TABLOCKX) WHERE dbo.t.window_id = N'20240101T000000Z_20240102T000000Z'
INSERT INTO dbo.t (window_id, as_of, patient_id, [co]]d"e], code, value, age, stays, deceased, units, share)
    SELECT [#stage_t].window_id, [#stage_t].as_of, [#stage_t].patient_id, [#stage_t].[co]]d"e], [#stage_t].code,
    [#stage_t].value, [#stage_t].age, [#stage_t].stays, [#stage_t].deceased, [#stage_t].units, [#stage_t].share
    FROM [#stage_t]
DROP TABLE [#stage_t]
"""


@pytest.mark.parametrize(
    ("dialect", "schema", "text"),
    [(postgresql.dialect(), "public", POSTGRESQL), (mssql.dialect(), "dbo", SQL_SERVER)],
    ids=["postgresql", "sqlserver"],
)
def test_statements(dialect: Any, schema: str, text: str) -> None:
    table, temporary = target(schema, "t", KINDS), staging("t", KINDS, dialect.name)
    indexes = sorted(table.indexes, key=lambda index: str(index.name))
    statements = [
        *([one_at_a_time()] if dialect.name == "postgresql" else []),
        CreateTable(temporary),
        CreateTable(table),
        *map(CreateIndex, indexes),
        *swap(table, temporary, WINDOW),
    ]
    options = {"literal_binds": True}
    found = [" ".join(str(each.compile(dialect=dialect, compile_kwargs=options)).split()) for each in statements]
    assert [each.split(" AS pg")[0] for each in found] == [" ".join(each.split()) for each in _statements(text)]


@pytest.mark.parametrize(
    ("dialect", "text"),
    [
        (postgresql.dialect(), "DELETE FROM s.t WHERE s.t.patient_id IN ('a', 'b')"),
        (mssql.dialect(), "DELETE FROM s.t WITH (TABLOCKX) WHERE s.t.patient_id IN (N'a', N'b')"),
    ],
    ids=["postgresql", "sqlserver"],
)
def test_the_statement_that_erases_patients(dialect: Any, text: str) -> None:
    (found,) = erasure("s", "t", ["a", "b"])
    assert str(found.compile(dialect=dialect, compile_kwargs={"literal_binds": True})) == text


def test_patients_are_erased_a_thousand_in_a_statement() -> None:
    assert len(list(erasure("s", "t", [str(number) for number in range(BATCH + 1)]))) == 2


def _statements(text: str) -> Iterator[str]:
    """Statements of a text; lines that go on are indented."""
    yield from dedent(text).replace("\n    ", " ").splitlines()


def test_a_table_that_is_not_about_patients_has_no_key() -> None:
    table = target("public", "t", {"window_id": "string", "value": "int"})
    assert (list(table.primary_key.columns), table.indexes) == ([], set())


def test_a_key_is_within_the_limits_of_an_index() -> None:
    characters = sum(int(kind.length) for kind in KEY.values())  # type: ignore[attr-defined]
    assert characters * 2 <= 900  # SQL Server, UTF-16
    assert characters * 4 <= 2704  # PostgreSQL, UTF-8


@pytest.mark.parametrize("kind", ["array<int>", "map<string,int>", "interval day", "void"])
def test_a_column_of_another_type_is_refused_with_its_name(kind: str) -> None:
    with pytest.raises(
        FeatureStoreError, match=r"the column c of t is of the type .*, which the feature store does not"
    ):
        target("public", "t", {"c": kind})


@pytest.mark.parametrize(
    ("text", "limit", "dialect", "reason"),
    [
        (None, 1, "mssql", ""),
        ("ab", 2, "postgresql", ""),
        ("abc", 2, "postgresql", "longer than the column, 2 characters"),
        ("abc" * 1000, None, "mssql", ""),
        ("\N{PILE OF POO}", 1, "postgresql", ""),
        ("\N{PILE OF POO}", 1, "mssql", "longer than the column, 1 characters"),
        ("a\0", None, "postgresql", "has a NUL character"),
        ("a\0", None, "mssql", ""),
    ],
)
def test_what_does_not_fit(text: str | None, limit: int | None, dialect: str, reason: str) -> None:
    assert misfit(text, limit, dialect) == reason


def test_a_row_is_left_out_once_and_counted_for_its_first_column() -> None:
    left_out: Counter[tuple[str, str]] = Counter()
    rows = [{"a": "x", "b": "y"}, {"a": "xx", "b": "yy"}, {"a": "x", "b": "yy"}, {"a": "x", "b": "yyy"}]
    assert list(kept(rows, {"a": 1, "b": 1}, "mssql", left_out)) == [rows[0]]
    reason = "longer than the column, 1 characters"
    assert left_out == {("a", reason): 1, ("b", reason): 2}


@given(st.lists(st.fixed_dictionaries({"n": st.integers()}), max_size=30), st.integers(1, 7))
def test_batches_are_the_rows_in_their_order(rows: list[dict[str, int]], size: int) -> None:
    found = list(batches(rows, size))
    assert [row for batch in found for row in batch] == rows
    assert all(len(batch) == size for batch in found[:-1])
    assert all(0 < len(batch) <= size for batch in found)


def test_a_batch_takes_no_more_rows_than_it_has() -> None:
    rows = iter([{"n": n} for n in range(10)])
    next(batches(rows, 4))
    assert next(rows) == {"n": 4}


@pytest.mark.parametrize(
    ("micros", "found"),
    [
        (None, None),
        (0, datetime(1970, 1, 1)),
        (-1, datetime(1969, 12, 31, 23, 59, 59, 999999)),
        (1_711_848_600_000_000, datetime(2024, 3, 31, 1, 30)),
        (-62_135_596_800_000_000, datetime(1, 1, 1)),
        (253_402_300_799_999_999, datetime(9999, 12, 31, 23, 59, 59, 999999)),
    ],
)
def test_an_instant_is_exact(micros: int | None, found: datetime | None) -> None:
    assert instant(micros) == found
