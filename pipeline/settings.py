"""Settings: secrets are `spark.secret.*`, as FlowEHR writes them to a cluster's Spark configuration, the others `spark.pipeline.*`.

What the configuration does not say, the environment may: `SPARK_PIPELINE_LAKE` for `spark.pipeline.lake`, or `SPARK_PIPELINE_LAKE_FILE`
with the path of a file that holds the value.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import anonymity
from pipeline.errors import SettingsError
from pipeline.features import LOINC_CODES
from pipeline.session import on_databricks

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

LAKE = "spark.pipeline.lake"
INPUT = "spark.pipeline.input"
CODES = "spark.pipeline.loinc-codes"
K = "spark.pipeline.k"
EARLIEST, LATEST = "spark.pipeline.earliest-date", "spark.pipeline.latest-date"
DATALAKE_URI = "spark.secret.datalake-uri"
KEY = "spark.secret.pseudonymisation-key"

SHORTEST_KEY = 16
"""Bytes: the 112 bits of NIST SP 800-107 for an HMAC key, and some."""


def get(spark: SparkSession, name: str) -> str:
    """Returns the value of a setting, or an empty text.

    Raises:
        SettingsError: The value is a reference to a secret that Databricks did not replace, or stands in a file that cannot be read.
    """
    value = (_configured(spark, name) or _from_environment(name)).strip()
    if re.fullmatch(r"\{\{.*\}\}", value):
        raise SettingsError(f"the setting {name} is still a reference to a secret: the cluster may not read its scope")
    return value


def _configured(spark: SparkSession, name: str) -> str:
    try:
        return spark.conf.get(name, None) or ""
    except Exception:  # noqa: BLE001  Databricks' serverless refuses names that it does not know, each engine in a class of its own
        return ""


def _from_environment(name: str) -> str:
    variable = re.sub(r"\W", "_", name).upper()
    path = os.environ.get(f"{variable}_FILE")
    if not path:
        return os.environ.get(variable, "")
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise SettingsError(f"{variable}_FILE names a file that cannot be read: {path}") from error


def key(spark: SparkSession) -> bytes:
    """The key of the pseudonyms.

    Raises:
        SettingsError: It is not set, or so short that it can be guessed.
    """
    found = get(spark, KEY).encode("utf-8")
    if not found:
        raise SettingsError(f"the setting {KEY} is not set: without the key nothing can be pseudonymised")
    if len(found) < SHORTEST_KEY:
        raise SettingsError(f"the setting {KEY} has {len(found)} bytes; a key has {SHORTEST_KEY} random ones or more")
    return found


def lake(spark: SparkSession, argument: str | None, pipeline: str) -> str:
    """Returns where the lake is: the argument, else `spark.pipeline.lake`, else FlowEHR's data lake, else `lake` on a laptop.

    It is a directory, in which `{zone}` stands for the zone, or `<catalog>.<schema>`.

    Raises:
        SettingsError: None of them says it, on Databricks.
    """
    found = argument or get(spark, LAKE)
    if found:
        return found
    uri = get(spark, DATALAKE_URI)
    if uri:
        return f"abfss://{{zone}}@{uri}/{pipeline}"
    if on_databricks():
        raise SettingsError(f"where the lake is, is not said: pass --lake or set {LAKE} or {DATALAKE_URI}")
    return "lake"


def source(spark: SparkSession, argument: str | None) -> str:
    """Where the export is: the argument, else `spark.pipeline.input`.

    Raises:
        SettingsError: Neither says it.
    """
    found = argument or get(spark, INPUT)
    if not found:
        raise SettingsError(f"where the export is, is not said: pass --input or set {INPUT}")
    return found


def loinc_codes(spark: SparkSession) -> tuple[str, ...]:
    """The codes whose latest values are features: `spark.pipeline.loinc-codes`, separated by commas, else the package's own."""
    codes = tuple(code.strip() for code in get(spark, CODES).split(",") if code.strip())
    return codes or LOINC_CODES


def k(spark: SparkSession) -> int:
    """Returns how many patients share each description in gold: `spark.pipeline.k`, else 5.

    Raises:
        SettingsError: It is no whole number from 1 on.
    """
    found = get(spark, K) or str(anonymity.K)
    if not (found.isascii() and found.isdigit() and int(found)):
        raise SettingsError(f"the setting {K} is {found!r}; it is a whole number from 1 on")
    return int(found)
