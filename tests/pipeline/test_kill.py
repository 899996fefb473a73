"""A run that is killed at a random moment, and then run again, leaves the tables of one good run.

`PIPELINE_KILLS` says how many moments are tried, one unless it is set. Every second one, and the first, kills a run that replaces an
older one; the others kill the first run of a lake.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.monitoring import Log, Metrics
from pipeline.stages import Run, features_window, ingest, pseudonymise_window
from pipeline.storage import Lake
from pipeline.windows import ALL_OF_TIME

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
MOMENTS = int(os.environ.get("PIPELINE_KILLS", "1"))
KEY = "a-key-that-only-tests-use-0123456789"
CODES = "8302-2"
LINES = 21
"""What the stages log: of each table of an export that it is read, and how many rows it has in bronze and in silver; of each table of
features its rows; of each zone that it is written."""

STAGES = """
import sys
from pipeline.cli import main
for stage in ("ingest", "pseudonymise", "features"):
    main(["--stage", stage, "--input", sys.argv[1], "--lake", sys.argv[2]])
"""
DEFAULTS = f"""
spark.secret.pseudonymisation-key {KEY}
spark.pipeline.loinc-codes {CODES}
spark.pipeline.format parquet
spark.master local[2]
spark.ui.enabled false
spark.sql.shuffle.partitions 1
"""


def all_stages(spark: SparkSession, source: Path, lake: Path) -> dict[str, list[str]]:
    """Runs the stages in the session of the tests; returns the rows of all tables, as any reader of Parquet finds them."""
    run = Run(spark, Lake(spark, str(lake)), ALL_OF_TIME, Log(), Metrics("tests", None))
    ingest(run, str(source))
    pseudonymise_window(run, KEY.encode())
    features_window(run, [CODES], None)
    found = {}
    for path in sorted(path for zone in lake.iterdir() for path in zone.iterdir() if not path.name.startswith("_")):
        rows = spark.read.parquet(str(path)).drop("generation").collect()
        found[str(path.relative_to(lake))] = sorted(map(str, rows))
    return found


def run_and_kill(source: Path, lake: Path, configuration: Path, moment: random.Random) -> None:
    """Runs the stages in a process group of their own, of which Spark's JVM is part, and kills it within a second of some line of its log."""
    environment = {
        **os.environ,
        "SPARK_CONF_DIR": str(configuration),
        "PYTHONPATH": str(ROOT),
        "DATABRICKS_RUNTIME_VERSION": "14.3",  # all stages in one session, as on a cluster
    }
    command = [sys.executable, "-c", STAGES, str(source), str(lake)]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    ) as process:
        assert process.stdout is not None
        awaited = moment.randrange(1, LINES)
        assert len(list(islice(process.stdout, awaited))) == awaited
        time.sleep(moment.uniform(0, 1))
        os.killpg(process.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def good(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory, short_lived: dict[str, str]
) -> tuple[Path, dict[str, list[str]]]:
    """A directory with an export, settings, and a lake that holds an older export; and the tables of one good run."""
    base = tmp_path_factory.mktemp("good")
    generator = [sys.executable, str(ROOT / "benchmarks" / "export.py")]
    for name, patients, seed in (("export", "10", "1"), ("older", "6", "2")):
        subprocess.run([*generator, "--patients", patients, "--seed", seed, "--output", str(base / name)], check=True)
    (base / "spark-defaults.conf").write_text(
        DEFAULTS + "".join(f"{key} {value}\n" for key, value in short_lived.items())
    )
    older = all_stages(spark, base / "older", base / "older lake")
    expected = all_stages(spark, base / "export", base / "lake")
    assert {table for table in expected if table.startswith("silver/") and older[table] != expected[table]}
    return base, expected


@pytest.mark.parametrize("seed", range(MOMENTS))
def test_killed_and_run_again_the_tables_are_those_of_one_good_run(
    seed: int, good: tuple[Path, dict[str, list[str]]], spark: SparkSession, tmp_path: Path
) -> None:
    base, expected = good
    if seed % 2 == 0:
        shutil.copytree(base / "older lake", tmp_path / "lake")
    run_and_kill(base / "export", tmp_path / "lake", base, random.Random(seed))
    assert all_stages(spark, base / "export", tmp_path / "lake") == expected
