"""What one engine wrote, another one reads, continues and replaces: Sail and classic Spark, by way of Delta, and `deltalake` beside them."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import apart
import pytest

import engines
from pipeline.history import CARRIED
from pipeline.storage import SILVER, ZONES, Lake

if TYPE_CHECKING:
    from pathlib import Path

    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.java, pytest.mark.slow, pytest.mark.every_spark]


@pytest.mark.skipif(engines.chosen() != "sail", reason="runs on Sail, with classic Spark beside it")
@pytest.mark.skipif(
    not engines.has_delta("spark"), reason="Delta's jars are missing: run tools/fetch_jars.py with this Python"
)
def test_one_engine_continues_the_lake_of_another(spark: SparkSession, tmp_path: Path) -> None:
    old, new = apart.write(tmp_path / "old", apart.OLD), apart.write(tmp_path / "new", apart.NEW)
    alone, begun, continued = (str(tmp_path / name) for name in ("alone", "begun-by-sail", "begun-by-spark"))
    apart.run_stages(spark, alone, apart.span(apart.FIRST), old)
    shutil.copytree(alone, begun)
    runs = (begun, apart.SECOND, new, "ingest,pseudonymise"), (continued, apart.FIRST, old, "ingest")
    classic = subprocess.run(
        apart.command("spark", tmp_path, *runs),
        env=apart.environment(dict(os.environ)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert classic.returncode == 0, classic.stderr
    apart.run_stages(spark, continued, apart.span(apart.FIRST), old, "pseudonymise,features")
    for lake in (alone, continued):
        apart.run_stages(spark, lake, apart.span(apart.SECOND), new)
    apart.run_stages(spark, begun, apart.span(apart.SECOND), new, "features")
    expected = apart.fingerprints(spark, alone)
    assert len(expected) == len(ZONES) * 2
    found = {lake: apart.fingerprints(spark, lake) for lake in (begun, continued)}
    assert found == dict.fromkeys((begun, continued), expected)
    for lake in (begun, continued):
        assert_deltalake_finds_all_rows(Lake(spark, lake))


def assert_deltalake_finds_all_rows(lake: Lake) -> None:
    deltalake = pytest.importorskip("deltalake")
    for zone in ZONES:
        for commit in lake.commits(zone).values():
            for table, counted in commit.tables.items():
                found = deltalake.DeltaTable(lake.location(SILVER if table in REMOVED else zone, table))
                rows = found.to_pyarrow_table(filters=[("generation", "=", commit.generation)])
                if table not in REMOVED or commit.window.name == apart.span(apart.SECOND).name:
                    assert rows.num_rows == counted["rows"], f"{zone}.{table} of {commit.window.name}"


REMOVED = tuple(CARRIED.values())
"""Tables of which only what the next window needs is kept."""
