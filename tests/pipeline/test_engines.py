"""What the package asks of every engine: a Delta table is written, one window of it replaced, and read again."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pyspark.sql import DataFrame

pytestmark = pytest.mark.spark


def write_and_replace(spark: SparkSession, frame: Callable[..., DataFrame], table: str) -> None:
    """Writes two windows and replaces one."""
    windows = frame("window string, value int", ("a", 1), ("a", 2), ("b", 3))
    windows.write.format("delta").partitionBy("window").save(table)
    again = frame("window string, value int", ("a", 9)).write.format("delta").mode("overwrite")
    again.option("replaceWhere", "window = 'a'").save(table)


@pytest.mark.usefixtures("delta")
def test_a_window_of_a_delta_table_is_replaced(
    spark: SparkSession, frame: Callable[..., DataFrame], rows: Callable[..., list[object]], tmp_path: Path
) -> None:
    write_and_replace(spark, frame, str(tmp_path / "table"))
    assert rows(spark.read.format("delta").load(str(tmp_path / "table")), "window", "value") == [("a", 9), ("b", 3)]


@pytest.mark.azurite
def test_a_window_of_a_delta_table_in_azure_is_replaced(
    spark: SparkSession,
    frame: Callable[..., DataFrame],
    rows: Callable[..., list[object]],
    container: Callable[[str], str],
) -> None:
    table = f"{container('engines')}/folder/table"
    write_and_replace(spark, frame, table)
    assert DeltaTable(table).version() == 1  # another reader finds it there
    assert rows(spark.read.format("delta").load(table), "window", "value") == [("a", 9), ("b", 3)]


def test_a_time_comes_back_in_utc(frame: Callable[..., DataFrame], rows: Callable[..., list[object]]) -> None:
    noon = datetime(2024, 2, 29, 12)
    assert rows(frame("at timestamp", (noon,))) == [(noon,)]


def test_python_sees_the_rows_as_arrow(frame: Callable[..., DataFrame], rows: Callable[..., list[object]]) -> None:
    few = frame("name string, age int", ("Ann", 3), (None, None))
    assert rows(few.mapInArrow(lambda batches: batches, few.schema)) == rows(few)
    assert few.toPandas()["name"].tolist() == ["Ann", None]


def test_whoever_asks_for_a_session_gets_the_one_of_the_tests(spark: SparkSession) -> None:
    assert SparkSession.builder.getOrCreate() is spark
