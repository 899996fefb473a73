"""What the engines differ in that the package runs on: Databricks, other Sparks, and Sail."""

from __future__ import annotations

import random
import re
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pyspark.sql import SparkSession

NO_SOURCE = re.compile("DATA_SOURCE_NOT_FOUND|ailed to find (the )?data source|No data source")
CONFLICT = re.compile(
    "commit transaction|[Mm]issing commit file|[Cc]oncurrent|CONCURRENT|already exists at version|[Tt]ransaction conflict"
)
TRIES = 60


def is_sail(spark: SparkSession) -> bool:
    """Whether an engine is Sail: it names its catalog so. Spark 3.3 does not name it."""
    return bool(getattr(spark.catalog, "currentCatalog", str)() == "sail")


def has_delta(spark: SparkSession) -> bool:
    """Whether an engine has Delta's library: without it, it does not even look for the table."""
    try:
        return bool(spark.read.format("delta").load("/no/such/table").columns)
    except Exception as error:  # noqa: BLE001  each engine has a class of its own for it
        return not NO_SOURCE.search(str(error))


def again(action: Callable[[], Any]) -> None:
    """Does something until no other run is in its way: Delta refuses a change of what another one has just changed."""
    for tried in range(1, TRIES + 1):
        try:
            action()
        except Exception as error:
            if tried == TRIES or not CONFLICT.search(str(error)):
                raise
            time.sleep(random.uniform(0, min(1, 0.1 * tried)))  # noqa: S311  no secret
        else:
            return
