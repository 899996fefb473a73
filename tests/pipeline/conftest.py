"""One Spark session for all tests of the package, and small ways to write exports and compare frames."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

pytest.importorskip("pyspark", reason="the package `pipeline` runs on Spark")

from typing import TYPE_CHECKING

from pyspark.sql import DataFrame, SparkSession

from pipeline import session

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

KEY = "a-key-that-only-tests-use-0123456789"
SHARED = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A local session: UTC, one shuffle partition, no pages."""
    os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("tests").master("local[2]")
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")),
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
    }
    for key, value in settings.items():
        builder = builder.config(key, value)
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    session.configure(found)
    yield found
    found.stop()


def frame(spark: SparkSession, schema: str, *rows: tuple[object, ...]) -> DataFrame:
    """A small literal frame; `schema` as in `name string, age int`."""
    return spark.createDataFrame(list(rows), schema)


def rows(found: DataFrame) -> list[tuple[object, ...]]:
    """The rows of a frame in an order of their own."""
    return sorted((tuple(row) for row in found.collect()), key=repr)


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., str]:
    """Writes CSV files, `name=text or bytes`, and returns their directory."""

    def write(**files: str | bytes) -> str:
        directory = tmp_path / "export"
        directory.mkdir(exist_ok=True)
        for name, content in files.items():
            data = content if isinstance(content, bytes) else content.encode("utf-8")
            (directory / f"{name}.csv").write_bytes(data)
        return str(directory)

    return write


@pytest.fixture
def massachusetts() -> str:
    """An export of 113 patients that stands beside the repository on some machines."""
    path = SHARED / "synthea_massachusetts"
    if not path.is_dir():
        pytest.skip("the folder shared/data is not beside the repository")
    return str(path)
