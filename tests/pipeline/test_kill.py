"""A run that is killed at a random moment, and then run again, leaves the tables of one good run.

`PIPELINE_KILLS` says how many moments are tried, two unless it is set.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]

ROOT = Path(__file__).parents[2]
MOMENTS = int(os.environ.get("PIPELINE_KILLS", "2"))
ALL_STAGES = """
import sys
from pipeline.cli import main
for stage in ("ingest", "pseudonymise", "features"):
    status = main(["--stage", stage, "--input", sys.argv[1], "--lake", sys.argv[2]])
    if status:
        sys.exit(status)
"""


def start(source: Path, lake: Path, configuration: Path) -> subprocess.Popen[bytes]:
    """Starts all stages in a process group of their own, of which Spark's JVM is part."""
    environment = {**os.environ, "SPARK_CONF_DIR": str(configuration), "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", ALL_STAGES, str(source), str(lake)]
    return subprocess.Popen(
        command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )


def tables(spark: SparkSession, lake: Path) -> dict[str, list[str]]:
    """The rows of all tables, as any reader of Parquet finds them."""
    found = {}
    for path in sorted(path for zone in lake.iterdir() for path in zone.iterdir() if not path.name.startswith("_")):
        rows = spark.read.parquet(str(path)).drop("generation").collect()
        found[str(path.relative_to(lake))] = sorted(map(str, rows))
    return found


@pytest.fixture(scope="module")
def good(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, list[str]], float]:
    """A directory with an export and settings, the tables of one good run, and the seconds it took."""
    base = tmp_path_factory.mktemp("good")
    subprocess.run(
        [sys.executable, str(ROOT / "benchmarks" / "export.py"), "--patients", "40", "--output", str(base / "export")],
        check=True,
    )
    (base / "spark-defaults.conf").write_text(
        "spark.secret.pseudonymisation-key a-key-that-only-tests-use-0123456789\nspark.master local[2]\n"
    )
    begun = time.monotonic()
    assert start(base / "export", base / "lake", base).wait() == 0
    return base, tables(spark, base / "lake"), time.monotonic() - begun


@pytest.mark.parametrize("moment", range(MOMENTS))
def test_killed_and_run_again_the_tables_are_those_of_one_good_run(
    moment: int, good: tuple[Path, dict[str, list[str]], float], spark: SparkSession, tmp_path: Path
) -> None:
    base, expected, seconds = good
    process = start(base / "export", tmp_path / "lake", base)
    time.sleep(random.Random(moment).uniform(0.15, 1) * seconds)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    assert start(base / "export", tmp_path / "lake", base).wait() == 0
    assert tables(spark, tmp_path / "lake") == expected
