"""The lake: windows are replaced, whole."""

from __future__ import annotations

from pathlib import Path

import pyspark.sql.functions as F
import pytest
from pyspark.sql import types as T

from lakes import FIRST, SCHEMA, SECOND, begin, content, counted, files, generations, numbers, schema, write
from pipeline import storage
from pipeline.storage import BRONZE, COMMITS, WINDOW, Lake
from pipeline.windows import window

pytestmark = [pytest.mark.spark, pytest.mark.lake]


@pytest.mark.every_spark
def test_a_window_holds_what_was_written_last(lake: Lake) -> None:
    write(lake, FIRST, 1, 2)
    write(lake, SECOND, 3)
    write(lake, FIRST, 4)
    assert content(lake) == content(lake, "two") == [(FIRST.name, 4), (SECOND.name, 3)]
    assert [commit.details for commit in lake.commits(BRONZE).values()] == [{"said": [4]}, {"said": [3]}]


def test_windows_are_in_their_order_whichever_was_written_first(lake: Lake) -> None:
    for each in (SECOND, FIRST):
        write(lake, each, 1)
    assert list(lake.commits(BRONZE)) == [FIRST, SECOND]


def test_what_a_commit_returns_is_what_the_lake_holds(lake: Lake) -> None:
    commit = write(lake, FIRST, 1)
    assert lake.commit(BRONZE, FIRST) == commit
    assert {name: table["rows"] for name, table in commit.tables.items()} == {"one": 1, "two": 1}


def test_a_rerun_leaves_nothing_of_the_run_before(lake: Lake, delta: None) -> None:
    write(lake, SECOND, 3)
    for _ in range(3):
        write(lake, FIRST, 1, 2)
    for table in ("one", "two"):
        assert generations(lake, table) == counted(lake)


def test_a_rerun_without_rows_leaves_none_of_the_run_before(lake: Lake) -> None:
    write(lake, FIRST, 1)
    write(lake, FIRST)
    assert content(lake) == []
    assert lake.commit(BRONZE, FIRST).tables["one"]["rows"] == 0


def test_the_rows_of_other_windows_are_not_touched(lake: Lake, delta: None) -> None:
    write(lake, FIRST, 1)
    part = Path(lake.location(BRONZE, "one")) / f"{WINDOW}={FIRST.name}"
    before = files(part)
    assert before
    write(lake, SECOND, 2)
    write(lake, SECOND, 3)
    assert files(part) == before
    assert content(lake) == [(FIRST.name, 1), (SECOND.name, 3)]


def test_what_is_staged_does_not_count(lake: Lake, delta: None) -> None:
    write(lake, FIRST, 1)
    staged = begin(lake, FIRST, 9)
    begin(lake, SECOND, 9)
    assert content(lake) == [(FIRST.name, 1)]
    assert [row["value"] for row in staged.frame("one", SCHEMA).collect()] == [9]


def test_a_table_that_is_staged_again_has_the_later_rows(lake: Lake) -> None:
    writing = lake.write(BRONZE, FIRST)
    for values in ((1, 2), (3,)):
        writing.stage("one", numbers(lake, *values), SCHEMA)
    assert writing.commit({}).tables["one"]["rows"] == 1
    assert content(lake) == [(FIRST.name, 3)]


def test_counts_and_fingerprints_tell_one_content_from_another(lake: Lake) -> None:
    writing = lake.write(BRONZE, FIRST)
    greatest = {"greatest": F.max("value")}
    one = writing.stage("one", numbers(lake, 1, 2), SCHEMA, greatest)
    same = writing.stage("two", numbers(lake, 2, 1), SCHEMA)
    other = writing.stage("three", numbers(lake, 1, 3), SCHEMA)
    none = writing.stage("four", numbers(lake), SCHEMA, greatest)
    null_first, null_last = (
        writing.stage(name, lake.spark.sql(f"select {values}"), schema(a=T.StringType(), b=T.StringType())).fingerprint
        for name, values in (
            ("five", "cast(null as string) as a, '1' as b"),
            ("six", "'1' as a, cast(null as string) as b"),
        )
    )
    assert null_first != null_last
    assert (one.rows, dict(one.totals)) == (2, {"greatest": 2})
    assert one.fingerprint == same.fingerprint != other.fingerprint
    assert (none.rows, dict(none.totals)) == (0, {"greatest": None})


def test_a_commit_has_the_same_fingerprint_exactly_when_all_rows_are_the_same(lake: Lake) -> None:
    same, again, other = (write(lake, FIRST, *values).fingerprint for values in ((1, 2), (2, 1), (1, 2, 2)))
    assert same == again != other


def test_the_commits_of_many_windows_are_put_together_in_few_files(
    lake: Lake, delta: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    deltalake = pytest.importorskip("deltalake", reason="it reads Delta without an engine")
    monkeypatch.setattr(storage, "TOGETHER", 4)
    for number in range(1, 9):
        write(lake, window(f"2024-01-0{number}T00:00:00Z", f"2024-01-0{number + 1}T00:00:00Z"), number)
    found = deltalake.DeltaTable(lake.location(BRONZE, COMMITS)).file_uris()
    assert len(found) <= 4
    assert [value for _, value in content(lake)] == list(range(1, 9))
    assert generations(lake) == counted(lake)
