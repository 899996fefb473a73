"""The Spark session of a stage: the cluster's own, that of the server which `SPARK_REMOTE` names, or a local one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from pyspark.sql import SparkSession

from pipeline.errors import SettingsError, reason

if TYPE_CHECKING:
    from pipeline.monitoring import Log

REMOTE = "SPARK_REMOTE"

LOCAL = {
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
}
"""Settings of a session that starts in this process."""

SETTINGS = {
    "spark.sql.session.timeZone": "UTC",  # a time without zone is UTC, wherever the driver stands
    "spark.sql.parquet.datetimeRebaseModeInWrite": "CORRECTED",  # else a date before 1900 ends the job
    "spark.sql.parquet.int96RebaseModeInWrite": "CORRECTED",
    "spark.sql.parquet.datetimeRebaseModeInRead": "CORRECTED",
    "spark.sql.parquet.int96RebaseModeInRead": "CORRECTED",
}
"""Settings of the session that the transforms rely on."""


def on_databricks() -> bool:
    """Whether the code runs on Databricks, whose session is not ours to stop."""
    return "DATABRICKS_RUNTIME_VERSION" in os.environ


def start(name: str, log: Log) -> SparkSession:
    """Takes the session there is, or starts one, and gives it the settings that the transforms rely on.

    Args:
        name: Name of the application.
        log: Is told which settings the engine refuses.

    Raises:
        SettingsError: There is no Spark here.
    """
    builder = SparkSession.builder.appName(name)
    if not on_databricks() and REMOTE not in os.environ:
        for key, value in LOCAL.items():
            builder = builder.config(key, value)
    try:
        spark = builder.getOrCreate()
    except (ImportError, RuntimeError, OSError) as error:
        raise SettingsError(
            f"no Spark session: set {REMOTE} to a Spark Connect server, such as sc://localhost:50051 ({reason(error)})"
        ) from error
    configure(spark, log)
    return spark


def configure(spark: SparkSession, log: Log) -> None:
    """Gives a session the settings that the transforms rely on; those that the engine refuses, as Databricks' serverless does, are logged."""
    for key, value in SETTINGS.items():
        try:
            spark.conf.set(key, value)
        except Exception as error:  # noqa: BLE001  each engine has a class of its own for it
            log("setting refused", setting=key, reason=reason(error))
