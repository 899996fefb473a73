"""Where a lake stands: directories of any name, and catalogs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from lakes import FIRST, SECOND, content, write
from pipeline.errors import LakeError
from pipeline.storage import COMMITS, Lake

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.lake]


def test_the_zone_stands_where_the_location_says(spark: SparkSession, tmp_path: Path) -> None:
    found = Lake(spark, "abfss://{zone}@lake.dfs.core.windows.net/features/")
    assert found.location("silver") == "abfss://silver@lake.dfs.core.windows.net/features"
    assert found.location("silver", "patients") == "abfss://silver@lake.dfs.core.windows.net/features/patients"
    assert Lake(spark, "/lake/").location("silver", "patients") == "/lake/silver/patients"
    lake = Lake(spark, f"{tmp_path}/of-{{zone}}/lake")
    write(lake, FIRST, 1)
    assert content(lake) == [(FIRST.name, 1)]
    assert (tmp_path / "of-bronze" / "lake" / "one").is_dir()


TAKEN = "a lake [2024] {x} *? 50% #1 é"


def test_a_lake_may_have_any_name(engine: str, spark: SparkSession, tmp_path: Path) -> None:
    plain = "of_a-lake+x,y=1.0:@!$&();'" if engine == "sail" else TAKEN
    lake = Lake(spark, str(tmp_path / plain))
    write(lake, FIRST, 1)
    write(lake, FIRST, 2)
    write(lake, SECOND, 3)
    assert content(lake) == [(FIRST.name, 2), (SECOND.name, 3)]
    assert [path.name for path in tmp_path.iterdir()] == [plain]


@pytest.mark.parametrize("character", ' "#%*<>?[\\]^`{|}~éß語')
def test_sail_would_write_some_names_into_another_directory_and_so_refuses_them(
    character: str, engine: str, spark: SparkSession, tmp_path: Path
) -> None:
    if engine != "sail":
        pytest.skip("it is Sail that does it")
    with pytest.raises(LakeError, match=r"on Sail a lake's path has letters without accents.*name another lake"):
        Lake(spark, f"{tmp_path}/a{character}lake")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def catalog(engine: str, spark: SparkSession, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A schema of the session's catalog, which on Sail has its tables in the folder `spark-warehouse` of where it runs."""
    monkeypatch.chdir(tmp_path)
    name = f"{'sail' if engine == 'sail' else 'spark_catalog'}.lake_{tmp_path.name.rpartition('-')[2][-20:]}".lower()
    spark.sql(f"CREATE DATABASE IF NOT EXISTS {name}").collect()
    yield name
    spark.sql(f"DROP DATABASE {name} CASCADE").collect()


def test_a_lake_may_be_a_schema_of_a_catalog(catalog: str, spark: SparkSession, delta: None) -> None:
    lake = Lake(spark, catalog)
    write(lake, FIRST, 1)
    write(lake, SECOND, 2)
    write(lake, FIRST, 3)
    assert content(lake) == content(lake, "two") == [(FIRST.name, 3), (SECOND.name, 2)]
    assert {row["value"] for row in spark.table(f"{catalog}.bronze_one").collect()} == {3, 2}
    assert spark.table(f"{catalog}.bronze_{COMMITS}").count() == 2


def test_a_lake_in_a_catalog_is_there_for_the_next_session(
    catalog: str, engine: str, spark: SparkSession, delta: None
) -> None:
    """As of a process of its own for each stage: Sail's catalog ends with the session, and the lake does not."""
    write(Lake(spark, catalog), FIRST, 1)
    if engine == "sail":
        for table in ("one", "two", COMMITS):
            spark.sql(f"DROP TABLE {catalog}.bronze_{table}").collect()
    write(Lake(spark, catalog), SECOND, 2)
    assert content(Lake(spark, catalog)) == [(FIRST.name, 1), (SECOND.name, 2)]
    assert {row["value"] for row in spark.table(f"{catalog}.bronze_one").collect()} == {1, 2}
