"""From the bronze zone to the silver zone: who a record is about goes, what it says stays.

* Ids of patients and encounters become HMAC-SHA-256 of a domain and their text under one key: the same in every table and every run, not
  to be guessed without the key, and never the same for a patient and an encounter.
* Names, numbers, addresses, places and all free text go. So do the ids of providers, organisations and payers.
* Of the birth date the month is kept, not earlier than 90 years before the end of the window. The day of death stays, so that it can be
  compared with a moment, and the age is kept. Of the postcode the first three characters are kept, 000 for areas of few people.

Pure transforms, without a Python function: Spark has SHA-256, and HMAC is two of them (RFC 2104).
"""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
from pyspark.sql import types as T

from pipeline.codes import NUMBER, SMALL_ZIP3
from pipeline.parsing import typed
from pipeline.schemas import PSEUDONYM_KEY

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame, SparkSession

AGE_CAP = 90
"""Ages over 89 are one group, as in 45 CFR 164.514(b)(2)(i)(C)."""

SCHEME = 2
"""Changes with how an id becomes a pseudonym. Scheme 1 had no domains."""

PATIENT, ENCOUNTER = "patient", "encounter"
"""The domains: what an id is of."""

PADS = ("_inner_pad", "_outer_pad")
"""Columns of the one-row frame that carries the key."""

_BLOCK = 64


def key_id(key: bytes) -> str:
    """Returns the name of a scheme and key, such as `2-3f9c2ab81d07`, which tells nothing of the key. It stands beside each pseudonym."""
    return f"{SCHEME}-{hmac.new(key, b'the key of this lake', hashlib.sha256).hexdigest()[:12]}"


def pads(key: bytes) -> tuple[bytes, bytes]:
    """The inner and the outer pad of HMAC-SHA-256: the key, hashed if longer than a block, each byte xor 0x36 and 0x5c."""
    block = (hashlib.sha256(key).digest() if len(key) > _BLOCK else key).ljust(_BLOCK, b"\0")
    return bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block)


def key_frame(spark: SparkSession, key: bytes) -> DataFrame:
    """Returns one row with the two pads of the key and its name. No plan, page or log shows what a local relation holds, as they show literals."""
    names = [T.StructField(name, T.BinaryType()) for name in PADS]
    schema = T.StructType([*names, T.StructField(PSEUDONYM_KEY, T.StringType())])
    return spark.createDataFrame([(*map(bytearray, pads(key)), key_id(key))], schema)


def hmac_sha256(name: str, domain: str) -> Column:
    """HMAC-SHA-256 of `<domain>:<id>`, with the id from a text column, as 64 hexadecimal digits; null for null.

    The key comes from the columns named in `PADS`. It is no literal, because Spark shows literals in plans, pages and event logs.
    """
    inner_pad, outer_pad = PADS
    text = F.encode(F.concat(F.lit(f"{domain}:"), F.col(name)), "UTF-8")
    inner = F.unhex(F.sha2(F.concat(F.col(inner_pad), text), 256))
    return F.sha2(F.concat(F.col(outer_pad), inner), 256)


def capped(age: Column) -> Column:
    """An age of at most 90, which stands for 90 or more; null for null, which `least` would skip."""
    return F.when(age > AGE_CAP, AGE_CAP).otherwise(age)


def patients(bronze: DataFrame, key: DataFrame, as_of: Column) -> DataFrame:
    """Patients without what tells who they are, of those who are born by the end of the window.

    Args:
        bronze: Patients of the bronze zone.
        key: One row with the columns of `PADS` and `pseudonym_key`.
        as_of: End of the window, a timestamp.

    Returns:
        `patient_id` (keyed hash), `birth_month` (its first day, no more than 90 years before `as_of`), `death_date`, `age_at_death` (at
        most 90), `gender`, `race`, `ethnicity`, `marital`, `state`, `postcode_area` and `pseudonym_key`.
    """
    birth, death, zip3 = F.col("birth_date"), F.year("death_date"), F.upper(F.trim(F.substring("zip", 1, 3)))
    earliest = F.add_months(F.trunc(as_of, "year"), -12 * AGE_CAP)
    is_small = F.col("zip").rlike("^[0-9]") & zip3.isin(*SMALL_ZIP3)
    return _keyed(bronze.where(birth.cast("timestamp") < as_of), key).select(
        hmac_sha256("patient_id", PATIENT).alias("patient_id"),
        F.when(birth < earliest, earliest).otherwise(F.trunc(birth, "month")).alias("birth_month"),
        "death_date",
        capped(death - F.year(birth)).alias("age_at_death"),
        *[F.col(name) for name in ("gender", "race", "ethnicity", "marital", "state")],
        F.when(is_small, "000").otherwise(zip3).alias("postcode_area"),
        PSEUDONYM_KEY,
    )


def encounters(bronze: DataFrame, key: DataFrame) -> DataFrame:
    """Encounters: keyed ids, times, class and codes."""
    return _events(bronze, key, "start", "stop", "encounter_class", "code", "reason_code")


def conditions(bronze: DataFrame, key: DataFrame) -> DataFrame:
    """Conditions: keyed ids, times and code."""
    return _events(bronze, key, "start", "stop", "code")


def observations(bronze: DataFrame, key: DataFrame) -> DataFrame:
    """Observations: keyed ids, date, code, and the value where it is a number.

    A value in words is free text and goes; `is_numeric` says that there was one (false), or none at all (null).
    """
    number = F.expr(typed("value", NUMBER))
    is_numeric = F.when(F.col("value").isNotNull(), number.isNotNull())
    return _events(bronze, key, "date", "code", number.alias("value"), is_numeric.alias("is_numeric"), "units")


def medications(bronze: DataFrame, key: DataFrame) -> DataFrame:
    """Medications: keyed ids, times, codes and number of dispenses."""
    return _events(bronze, key, "start", "stop", "code", "dispenses", "reason_code")


def _events(bronze: DataFrame, key: DataFrame, *columns: str | Column) -> DataFrame:
    ids = [hmac_sha256(f"{domain}_id", domain).alias(f"{domain}_id") for domain in (PATIENT, ENCOUNTER)]
    return _keyed(bronze, key).select(*ids, *columns, PSEUDONYM_KEY)


def _keyed(frame: DataFrame, key: DataFrame) -> DataFrame:
    return frame.crossJoin(F.broadcast(key))
