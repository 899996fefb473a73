"""Real runs on Spark: in local mode, and on a cluster of two workers on this machine."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

import pytest

from activities_gen.cli import main
from activities_gen.run.processes import members

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Staged

pytestmark = [
    pytest.mark.spark,
    pytest.mark.java,
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="needs pyspark"),
]

JOB = """
import sys
from pyspark.sql import SparkSession

import demo

spark = SparkSession.builder.getOrCreate()
spark.sparkContext.parallelize(range(100), 2).map(demo.double).saveAsTextFile(sys.argv[1])
print("master", spark.conf.get("spark.master"), "format", spark.conf.get("spark.pipeline.format"))
print("executors", len(spark.sparkContext._jsc.sc().statusTracker().getExecutorInfos()) - 1)
"""
READ = """
import pathlib, sys

print("sum", sum(int(line) for part in pathlib.Path(sys.argv[1]).glob("part-*") for line in part.open()))
"""
WHEEL = """
def double(number):
    return 2 * number
"""


@pytest.mark.parametrize(
    ("master", "executors"),
    [("local[2]", 0), pytest.param("local-cluster[2,1,1024]", 2, id="two workers in processes of their own")],
)
def test_activities_hand_a_table_on(staged: Staged, tmp_path: Path, master: str, executors: int) -> None:
    table = str(tmp_path / "table")
    staged.add("Write", JOB, table, libraries=[staged.wheel("demo", "1.0", WHEEL)])
    staged.add("Read", READ, table, after=("Write",))
    assert main(staged.arguments("--master", master, "--conf", "spark.pipeline.format=parquet")) == 0
    assert f"master {master} format parquet" in staged.log("Write.1.log")
    assert f"executors {executors}" in staged.log("Write.1.log")
    assert "sum 9900" in staged.log("Read.1.log")


def test_no_java_is_left_when_a_spark_activity_times_out(staged: Staged) -> None:
    text = "import os, time\nprint(os.environ['ACTIVITIES_GEN_ATTEMPT'], os.getpid(), flush=True)\nfrom pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate()\ntime.sleep(300)"
    staged.add("Hangs", text, policy={"timeout": "00:00:08"})
    assert main(staged.arguments("--master", "local[1]")) == 1
    assert staged.report()["activities"][0]["error"]["errorCode"] == "ActivityTimedOut"
    mark, root = staged.log("Hangs.1.log").split()[:2]
    assert members(mark, int(root)) == []
