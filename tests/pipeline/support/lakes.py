"""Small lakes: two tables of one column, and what tests ask of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from pyspark.sql import types as T

from pipeline.storage import BRONZE, GENERATION, WINDOW, Commit, Lake, Writing
from pipeline.windows import Window, window

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import DataFrame

FIRST = window("2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z")
SECOND = window("2024-01-02T00:00:00Z", "2024-01-03T00:00:00Z")


def schema(**columns: T.DataType) -> T.StructType:
    """A schema of columns that may be null."""
    return T.StructType([T.StructField(name, kind) for name, kind in columns.items()])


SCHEMA = schema(value=T.IntegerType())


def numbers(lake: Lake, *values: int) -> DataFrame:
    """Rows of one column."""
    listed = ", ".join(map(str, values)) or "cast(null as int)"
    return lake.spark.sql(f"select explode(array({listed})) as value").where("value is not null")


def begin(lake: Lake, window: Window, *values: int) -> Writing:
    """Stages two tables."""
    writing = lake.write(BRONZE, window)
    for table in ("one", "two"):
        writing.stage(table, numbers(lake, *values), SCHEMA)
    return writing


def write(lake: Lake, window: Window, *values: int) -> Commit:
    """Writes a window of two tables."""
    return begin(lake, window, *values).commit({"said": list(values)})


def content(lake: Lake, table: str = "one", columns: T.StructType = SCHEMA) -> list[tuple[Any, ...]]:
    """What a reader sees of a table: the window and the columns of each row."""
    commits = lake.commits(BRONZE).values()
    rows = lake.read(BRONZE, table, columns, commits).collect() if commits else []
    return sorted(((row[WINDOW], *row[:-1]) for row in rows), key=repr)


def generations(lake: Lake, table: str = "one") -> list[tuple[str, str]]:
    """The windows and generations that a table has rows of, as the library `deltalake` finds them without any of our code."""
    deltalake = pytest.importorskip("deltalake", reason="it reads Delta without an engine")
    rows = deltalake.DeltaTable(lake.location(BRONZE, table)).to_pyarrow_table(columns=[WINDOW, GENERATION]).to_pylist()
    return sorted({(row[WINDOW], row[GENERATION]) for row in rows})


def counted(lake: Lake) -> list[tuple[str, str]]:
    """The windows of a lake, each with the generation that counts."""
    return [(commit.window.name, commit.generation) for commit in lake.commits(BRONZE).values()]


def files(folder: Path) -> dict[str, bytes]:
    """What stands in each file of a folder."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def data_files(folder: Path) -> set[str]:
    """The files of rows in a folder."""
    return {str(path) for path in folder.rglob("part-*")}
