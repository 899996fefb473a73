"""From the bronze zone to the silver zone: who a record is about goes, what it says stays.

* Ids of patients and encounters become HMAC-SHA-256 of their text under one key: the same in every table and every run, and not to
  be guessed without the key.
* Names, numbers, addresses, places and all free text go. So do the ids of providers, organisations and payers.
* Of the birth date the year is kept, not earlier than 90 years before the end of the window. Of the death date the year and the age
  are kept. Of the postcode the first three characters are kept.

Pure transforms, without a Python function: Spark has SHA-256, and HMAC is two of them (RFC 2104).
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
from pyspark.sql import types as T

from pipeline.parsing import typed
from pipeline.schemas import NUMBER

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

AGE_CAP = 90
"""Ages over 89 are one group, as in 45 CFR 164.514(b)(2)(i)(C)."""

PADS = ("_inner_pad", "_outer_pad")
"""Columns of the one-row frame that carries the key."""

_BLOCK = 64


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and the outer pad of HMAC-SHA-256: the key, hashed if longer than a block, each byte xor 0x36 and 0x5c."""
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def key_frame(spark: SparkSession, key: bytes) -> DataFrame:
    """Returns one row with the two pads of the key. No plan, page or log shows what a local relation holds, as they show literals."""
    schema = T.StructType([T.StructField(name, T.BinaryType()) for name in PADS])
    return spark.createDataFrame([tuple(bytearray(pad) for pad in pads(key))], schema)


def key_check(key: bytes) -> str:
    """Returns a text that tells a key from another one, and from which nobody gets the key."""
    return hmac.new(key, b"the key of this lake", hashlib.sha256).hexdigest()[:16]


def hmac_sha256(name: str) -> Column:
    """HMAC-SHA-256 of a text column's UTF-8 bytes as 64 hexadecimal digits; null for null.

    The key comes from the columns named in `PADS`. It is no literal, because Spark shows literals in plans, pages and event logs.
    """
    inner_pad, outer_pad = PADS
    inner = F.unhex(F.sha2(F.concat(F.col(inner_pad), F.encode(F.col(name), "UTF-8")), 256))
    return F.sha2(F.concat(F.col(outer_pad), inner), 256)


def capped(age: Column) -> Column:
    """An age of at most 90, which stands for 90 or more; null for null, which `least` would skip."""
    return F.when(age > AGE_CAP, AGE_CAP).otherwise(age)


def birth_year_as_of(year: Column, as_of: Column) -> Column:
    """A year of birth, no earlier than 90 years before a moment; null for null."""
    return F.year(as_of) - capped(F.year(as_of) - year)


def patients(bronze: DataFrame, key: DataFrame, as_of: Column) -> DataFrame:
    """Patients without what tells who they are.

    Args:
        bronze: Patients of the bronze zone.
        key: One row with the columns of `PADS`.
        as_of: End of the window, a timestamp.

    Returns:
        `patient_id` (keyed hash), `birth_year` (no more than 90 years before `as_of`), `death_year`, `age_at_death` (at most 90),
        `gender`, `race`, `ethnicity`, `marital`, `state` and `postcode_area`.
    """
    birth, death = F.year("birth_date"), F.year("death_date")
    return _keyed(bronze, key).select(
        hmac_sha256("patient_id").alias("patient_id"),
        birth_year_as_of(birth, as_of).alias("birth_year"),
        death.alias("death_year"),
        capped(death - birth).alias("age_at_death"),
        *[F.col(name) for name in ("gender", "race", "ethnicity", "marital", "state")],
        F.upper(F.trim(F.substring(F.trim("zip"), 1, 3))).alias("postcode_area"),
    )


def encounters(bronze: DataFrame, key: DataFrame) -> DataFrame:
    """Encounters: keyed ids, times, class and codes."""
    return _keyed(bronze, key).select(
        *_ids("encounter_id", "patient_id"),
        "start",
        "stop",
        F.lower("encounter_class").alias("encounter_class"),
        "code",
        "reason_code",
    )


def conditions(bronze: DataFrame, key: DataFrame) -> DataFrame:
    """Conditions: keyed ids, times and code."""
    return _keyed(bronze, key).select(*_ids("patient_id", "encounter_id"), "start", "stop", "code")


def observations(bronze: DataFrame, key: DataFrame) -> DataFrame:
    """Observations: keyed ids, date, code, and the value where it is a number.

    A value in words is free text and goes; `is_numeric` says that there was one (false), or none at all (null).
    """
    number = F.expr(typed("value", NUMBER))
    return _keyed(bronze, key).select(
        *_ids("patient_id", "encounter_id"),
        "date",
        "code",
        number.alias("value"),
        F.when(F.col("value").isNotNull(), number.isNotNull()).alias("is_numeric"),
        "units",
    )


def medications(bronze: DataFrame, key: DataFrame) -> DataFrame:
    """Medications: keyed ids, times, codes and number of dispenses."""
    return _keyed(bronze, key).select(
        *_ids("patient_id", "encounter_id"), "start", "stop", "code", "dispenses", "reason_code"
    )


def _keyed(frame: DataFrame, key: DataFrame) -> DataFrame:
    return frame.crossJoin(F.broadcast(key))


def _ids(*names: str) -> list[Column]:
    return [hmac_sha256(name).alias(name) for name in names]
