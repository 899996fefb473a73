"""The tables of a lake: columns that come and go, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pyspark.sql import types as T

from lakes import FIRST, SCHEMA, SECOND, content, data_files, files, schema, write
from pipeline.errors import LakeError
from pipeline.storage import BRONZE, COMMITS, GENERATION, PARQUET_COMMITS, WINDOW, Lake

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


pytestmark = [pytest.mark.spark, pytest.mark.lake]


LATER = schema(value=T.IntegerType(), later=T.IntegerType(), at=T.TimestampType())


def test_a_column_that_an_older_table_lacks_is_null(lake: Lake) -> None:
    write(lake, FIRST, 1)
    assert content(lake, columns=LATER) == [(FIRST.name, 1, None, None)]


@pytest.mark.parametrize("value", ["1", "cast(null as int)"])
def test_a_table_gets_a_new_column_which_is_null_in_the_rows_that_are_there(value: str, lake: Lake) -> None:
    """A column without a null in its rows, too, which Sail would take for one that never has any: 0 or 1970 in older rows."""
    write(lake, FIRST, 1)
    writing = lake.write(BRONZE, SECOND)
    rows = lake.spark.sql(f"select 2 as value, {value} as later, timestamp'2024-01-01T00:00:00Z' as at")
    writing.stage("one", rows, LATER)
    writing.commit({})
    new = schema(later=T.IntegerType())
    assert content(lake, columns=new) == [
        (FIRST.name, None),
        (SECOND.name, None if value.startswith("cast") else int(value)),
    ]
    assert [at is None for _, at in content(lake, columns=schema(at=T.TimestampType()))] == [True, False]


def test_rows_without_a_column_that_the_table_has_leave_it_null(lake: Lake) -> None:
    writing = lake.write(BRONZE, FIRST)
    writing.stage("one", lake.spark.sql("select 1 as value, 1 as later, timestamp'2024-01-01' as at"), LATER)
    writing.commit({})
    write(lake, SECOND, 2)
    found = content(lake, columns=schema(value=T.IntegerType(), later=T.IntegerType()))
    assert found == [(FIRST.name, 1, 1), (SECOND.name, 2, None)]


def test_another_type_of_a_column_is_refused_and_nothing_is_written(lake: Lake, tmp_path: Path) -> None:
    write(lake, FIRST, 1)
    writing, before = lake.write(BRONZE, SECOND), data_files(tmp_path)
    with pytest.raises(LakeError, match=r"bronze/one has another type of value: name another lake"):
        writing.stage("one", lake.spark.sql("select '1' as value"), schema(value=T.StringType()))
    assert data_files(tmp_path) == before
    assert content(lake) == [(FIRST.name, 1)]


@pytest.mark.parametrize(
    "rows", ["1 as other", "1 as value, 2 as other", "'1' as value", "cast(1 as bigint) as value", "1.5D as value"]
)
def test_rows_with_other_columns_than_the_schema_are_refused_before_anything_is_written(
    rows: str, lake: Lake, tmp_path: Path
) -> None:
    writing, before = lake.write(BRONZE, FIRST), data_files(tmp_path)
    with pytest.raises(LakeError, match=r"one: rows with .* are no rows with"):
        writing.stage("one", lake.spark.sql(f"select {rows}"), SCHEMA)
    assert data_files(tmp_path) == before


def test_a_window_that_is_not_there_is_an_error(lake: Lake) -> None:
    with pytest.raises(LakeError, match=f"bronze does not hold the window {FIRST.name}: the stage that writes it"):
        lake.commit(BRONZE, FIRST)


def test_a_table_that_a_commit_names_and_that_is_gone_is_an_error(lake: Lake, delta: None) -> None:
    commit = write(lake, FIRST, 1)
    with pytest.raises(LakeError, match="bronze/three is not there, but a commit names it: restore it"):
        lake.read(BRONZE, "three", SCHEMA, [commit])


@pytest.mark.parametrize("text", ["", '{"tables": {', "[]", "{}", "1", '{"tables": {}}'])
def test_a_damaged_commit_is_an_error_that_says_what_to_do_and_a_rerun_mends_it(text: str, lake: Lake) -> None:
    write(lake, FIRST, 1)
    row = (FIRST.name, "g", "g", "2999-01-01", text)
    if lake.delta:
        lake.sql(f"UPDATE {{table}} SET content = '{text}'", BRONZE, COMMITS)
    else:
        lake.append(
            BRONZE,
            COMMITS,
            lake.spark.createDataFrame(
                [row], "window string, began string, generation string, time string, content string"
            ),
            schema(**{name: T.StringType() for name in (WINDOW, "began", GENERATION, "time", "content")}),
        )
    with pytest.raises(
        LakeError, match=f"the commit of {FIRST.name} is damaged: run the stage that writes this window"
    ):
        lake.commits(BRONZE)
    if lake.delta:
        write(lake, FIRST, 2)
        assert content(lake) == [(FIRST.name, 2)]


@pytest.mark.parametrize("use", [lambda lake: lake.commits(BRONZE), lambda lake: lake.write(BRONZE, FIRST)])
def test_a_lake_of_version_1_0_is_refused_in_one_line_and_left_as_it_is(
    use: Callable[[Lake], object], lake: Lake, tmp_path: Path
) -> None:
    zone = tmp_path / "lake" / BRONZE
    rows = zone / "one" / f"window={FIRST.name}" / "generation=1"
    rows.parent.mkdir(parents=True)
    lake.spark.sql("select 1 as value").write.parquet(str(rows))
    (zone / "_commits").mkdir()
    tables = {"one": {"rows": 1, "generation": 1, "fingerprint": "1"}}
    text = json.dumps({"window": FIRST.name, "generation": 1, "tables": tables, "details": {}})
    (zone / "_commits" / f"{FIRST.name}.000001.json").write_text(text)
    before = files(tmp_path)
    with pytest.raises(LakeError) as raised:
        use(lake)
    assert str(raised.value) == (
        f"{zone} has the layout of version 1.0 and is left as it is: "
        "name another lake, and run the three stages again for each window"
    )
    assert files(tmp_path) == before


def test_a_lake_of_parquet_is_refused_where_the_engine_writes_delta(lake: Lake, delta: None, tmp_path: Path) -> None:
    lake.spark.sql("select 'w' as window").write.parquet(lake.location(BRONZE, PARQUET_COMMITS))
    before = files(tmp_path)
    with pytest.raises(LakeError, match="bronze has Parquet, which this Spark does not write: name another lake"):
        lake.write(BRONZE, FIRST)
    assert files(tmp_path) == before


def test_a_first_write_that_has_no_log_yet_is_no_lake_of_another_kind(lake: Lake, delta: None, tmp_path: Path) -> None:
    """Two first runs at once: the rows of one are there before its log is."""
    lake.spark.sql("select 'w' as window").write.parquet(lake.location(BRONZE, COMMITS))
    write(lake, FIRST, 1)
    assert content(lake) == [(FIRST.name, 1)]
