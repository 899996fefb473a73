"""The Spark session of a stage: the cluster's own, or a local one."""

from __future__ import annotations

import os

from pyspark.sql import SparkSession

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",  # a time without zone is UTC, wherever the driver stands
    "spark.sql.csv.parser.columnPruning.enabled": "false",  # else a record's number of fields is not checked
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",  # else a date before 1900 ends the job
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
}
"""Settings of the session that the transforms rely on."""


def on_databricks() -> bool:
    """Whether the code runs on a Databricks cluster, whose session is not ours to stop."""
    return "DATABRICKS_RUNTIME_VERSION" in os.environ


def start(name: str) -> SparkSession:
    """Takes the session there is, or starts one, and gives it the settings that the transforms rely on."""
    builder = SparkSession.builder.appName(name)
    if not on_databricks():
        builder = builder.config("spark.ui.enabled", "false").config("spark.ui.showConsoleProgress", "false")
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    spark = builder.getOrCreate()
    if not on_databricks():
        spark.sparkContext.setLogLevel("ERROR")
    configure(spark)
    return spark


def configure(spark: SparkSession) -> None:
    """Gives a session the settings that the transforms rely on."""
    for key, value in SETTINGS.items():
        spark.conf.set(key, value)
