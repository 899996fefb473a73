"""Places that a user names, as every engine reads them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pyspark.sql.utils import AnalysisException  # type: ignore[attr-defined]  # Spark 3.3 has no pyspark.errors

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


def literal(path: str) -> str:
    """Returns a path in which no reader sees a pattern: each special character is a class of its own, and escaped in it for Hadoop."""
    return re.sub(r"([\[{*?])", r"[\\\1]", path)


def as_is_on_sail(path: str) -> bool:
    """Whether Sail takes a path as it is. Of a Delta table at any other, it writes the log and the rows into two directories."""
    return bool(re.fullmatch(r"[A-Za-z0-9_/.:;@=+,!$&()'-]*", path))


def files_in(spark: SparkSession, directory: str) -> dict[str, int]:
    """Returns the names of the files in a directory with their sizes in bytes, as the engine's storage lists them.

    Hidden files are left out, and so are empty ones on Sail. A directory that is not there has none.
    """
    plain = literal(directory)
    place = directory if plain == directory else f"{plain}/*"  # Sail looks into no directory that a pattern finds
    try:
        found = spark.read.format("binaryFile").load(place).select("path", "length").collect()
    except AnalysisException:
        return {}
    return {row["path"].rsplit("/", 1)[-1]: row["length"] for row in found}
