"""From the silver zone to the gold zone: what is known of each patient as of the end of a window.

The definitions of the features of a patient stand in `gold.py`. All are pure transforms. An event counts when it starts before `as_of`, and
what a row says of a later moment, such as its end, is not known yet.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any

import pyspark.sql.functions as F
from pyspark.sql import Column, DataFrame, Window

from pipeline.codes import CLASSES
from pipeline.gold import FEATURES, GOLD_SCHEMAS, ZERO
from pipeline.pseudonymise import AGE_CAP, capped
from pipeline.schemas import PSEUDONYM_KEY

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INPATIENT = "inpatient"

LOINC_CODES = (
    "8302-2",
    "29463-7",
    "39156-5",
    "8480-6",
    "8462-4",
    "8867-4",
    "2339-0",
    "4548-4",
    "2093-3",
    "33914-3",
    "72514-3",
)
"""Height, weight, BMI, systolic and diastolic pressure, heart rate, glucose, HbA1c, cholesterol, eGFR, pain score."""


def hours_between(start: str, stop: str) -> Column:
    """Hours from one time column to another; null where one of them is, or where the stop stands before the start."""
    hours = days_between(F.col(start), F.col(stop)) * 24
    return F.when(hours >= 0, hours)


def days_between(start: Column, stop: Column) -> Column:
    """Days of 24 hours from one time to another, with their fraction."""
    return (stop.cast("double") - start.cast("double")) / 86_400


def last_versions(rows: DataFrame, key: Sequence[str], window: str = "window") -> DataFrame:
    """The rows of each key as the latest window has them.

    A later window replaces all rows of a key, so that a corrected value does not stand beside the old one. A key that a later
    window does not mention stays: an export may hold only what is new.

    Args:
        rows: Rows of several windows.
        key: Columns that tell one record from another; null equals null.
        window: Column with the name of the window.
    """
    order = F.struct(F.substring_index(F.col(window), "_", -1), F.col(window))
    latest = F.max(order).over(Window.partitionBy(*key))
    return (
        rows.withColumn("_order", order)
        .withColumn("_latest", latest)
        .where("_order = _latest")
        .drop("_order", "_latest")
    )


def replaced(older: DataFrame, newer: DataFrame, key: Sequence[str]) -> DataFrame:
    """The newer rows, and those older ones whose key none of them has; null equals null."""
    keys = newer.select(*[F.col(name).alias(f"_{name}") for name in key]).distinct()
    same = [F.col(name).eqNullSafe(F.col(f"_{name}")) for name in key]
    return older.join(keys, reduce(Column.__and__, same), "left_anti").unionByName(newer)


def carried(current: Mapping[str, DataFrame], as_of: Column, codes: Sequence[str]) -> dict[str, DataFrame]:
    """What of the silver zone can still change a feature after a moment, beside `latest_observations` of that moment.

    It does not grow with the days: encounters of the last year and inpatient stays, conditions and medications that have not stopped,
    observations that are still to come, and all patients.

    Args:
        current: The tables of the silver zone, as the last window sees them.
        as_of: The moment.
        codes: LOINC codes of the observations whose latest value counts.
    """
    start, stop, date = F.col("start"), F.col("stop"), F.col("date")
    counts = (start >= as_of - F.expr("interval 12 months")) | (F.col("encounter_class") == INPATIENT)
    lasts = stop.isNull() | (stop > as_of)
    return {
        "patients": current["patients"],
        "encounters": current["encounters"].where(counts),
        "conditions": current["conditions"].where(lasts),
        "medications": current["medications"].where(lasts),
        "observations": current["observations"].where((date >= as_of) & F.col("code").isin(*codes)),
    }


def people(patients: DataFrame, as_of: Column) -> DataFrame:
    """What is said of each patient by itself, of those who are born by a moment.

    The age is the difference of the years, and at most 90, which stands for 90 or more. For who died by `as_of` it is the age at death. The
    year of birth is no earlier than 90 years before `as_of`: an earlier window of the silver zone may have kept one that is too old by now.
    """
    year, birth, death = F.year(as_of), F.year("birth_month"), F.col("death_date")
    deceased = F.coalesce(death.cast("timestamp") < as_of, F.expr("false"))
    return patients.where(F.col("birth_month").cast("timestamp") < as_of).select(
        "patient_id",
        PSEUDONYM_KEY,
        F.greatest(birth, year - AGE_CAP).alias("birth_year"),
        F.lit(1).alias("birth_year_band"),
        F.when(deceased, F.col("age_at_death")).otherwise(capped(year - birth)).alias("age"),
        deceased.alias("deceased"),
        F.when(deceased, F.year(death)).alias("death_year"),
        *("gender", "race", "ethnicity", "marital", "state", "postcode_area"),
    )


def prepared(current: Mapping[str, DataFrame], as_of: Column) -> dict[str, DataFrame]:
    """The rows that the features of `gold.FEATURES` are aggregates of.

    Args:
        current: The tables of the silver zone, each record once.
        as_of: End of the window, a timestamp.

    Returns:
        * `stays`: of the inpatient encounters `patient_id`, and if they ended by `as_of`, `hours`, `days_since_stop` and `days_to_next`, the
          days to the start of the patient's next stay, in order of start, stop and id.
        * `encounters`: `patient_id`, `encounter_class`, `days_ago` (days from its start to `as_of`) and `last_year` (whether it started in
          the 12 months before).
        * `conditions`, `medications`: those that are active.
    """
    start, stop = F.col("start"), F.col("stop")
    order = Window.partitionBy("patient_id").orderBy("start", "stop", "encounter_id")
    known = current["encounters"].where(start < as_of).withColumn("stop", F.when(stop <= as_of, stop))
    stays = known.where(F.col("encounter_class") == INPATIENT).select(
        "patient_id",
        hours_between("start", "stop").alias("hours"),
        days_between(stop, as_of).alias("days_since_stop"),
        days_between(stop, F.lead("start").over(order)).alias("days_to_next"),
    )
    encounters = known.select(
        *("patient_id", "encounter_class"),
        days_between(start, as_of).alias("days_ago"),
        (start >= as_of - F.expr("interval 12 months")).alias("last_year"),
    )
    lasting = {name: active(current[name], as_of) for name in ("conditions", "medications")}
    return {"stays": stays, "encounters": encounters, **lasting}


def latest_observations(observations: DataFrame, as_of: Column, codes: Sequence[str]) -> DataFrame:
    """The latest numeric value of each configured LOINC code, per patient.

    The latest is the one with the greatest date, then the greatest value, then the greatest unit.

    Returns:
        `patient_id`, `code`, `value`, `units`, `date`, `not_numeric` (how many values were left out because they are words) and
        `pseudonym_key`. Where all were left out, value, units and date are null.
    """
    chosen = observations.where(F.col("code").isin(*codes) & (F.col("date") < as_of))
    return latest(
        chosen.select(
            *("patient_id", "code", "value", "units", PSEUDONYM_KEY),
            F.when(F.col("value").isNotNull(), F.col("date")).alias("date"),
            F.when(~F.col("is_numeric"), 1).otherwise(0).cast("long").alias("not_numeric"),
        )
    )


def latest(found: DataFrame) -> DataFrame:
    """The latest of several rows of a patient and code, as `latest_observations` returns them.

    Ties are settled step by step: engines differ in where a null inside of a struct sorts, and Sail is slow with structs.
    """
    key, words = ["patient_id", "code", PSEUDONYM_KEY], F.sum("not_numeric").alias("not_numeric")
    by_value = found.groupBy(*key, "date", "value").agg(F.max("units").alias("units"), words)
    by_date = by_value.groupBy(*key, "date").agg(
        F.expr("max_by(units, value)").alias("units"), F.max("value").alias("value"), words
    )
    return by_date.groupBy(*key).agg(
        F.expr("max_by(value, date)").alias("value"),
        F.expr("max_by(units, date)").alias("units"),
        F.max("date").alias("date"),
        words,
    )


def renewed(older: DataFrame, newer: DataFrame) -> DataFrame:
    """The latest of the latest observations of two moments. Most stand in the older only, and are not looked at."""
    key = ["patient_id", "code"]
    touched = older.join(newer.select(*key), key, "left_semi")
    return replaced(older, latest(newer.unionByName(touched)), key)


def active(rows: DataFrame, as_of: Column) -> DataFrame:
    """The conditions or medications that started before a moment and had not stopped by then, one row per patient and code.

    Returns:
        `patient_id`, `code`, `pseudonym_key` and `since`, the first day of the earliest where a code stands several times.
    """
    found = rows.where((F.col("start") < as_of) & (F.col("stop").isNull() | (F.col("stop") > as_of)))
    return found.groupBy("patient_id", "code", PSEUDONYM_KEY).agg(F.to_date(F.min("start")).alias("since"))


def patient_features(patients: DataFrame, rows: Mapping[str, DataFrame]) -> DataFrame:
    """One row per patient with all features.

    Args:
        patients: What is said of each patient by itself.
        rows: What `prepared` returned.
    """
    for source, frame in rows.items():
        features = [each for each in FEATURES if each.source == source]
        found = frame.groupBy("patient_id").agg(*[F.expr(each.sql).alias(each.name) for each in features])
        patients = patients.join(found, "patient_id", "left")
    zeros: dict[str, Any] = {
        each.name: False if each.type == "boolean" else 0 for each in FEATURES if each.null in (ZERO, "false")
    }
    return patients.fillna(zeros)


def tables(
    current: Mapping[str, DataFrame], patients: DataFrame, observations: DataFrame, *, as_of: Column
) -> dict[str, DataFrame]:
    """The tables of the gold zone, with the columns of their schemas.

    Args:
        current: The tables of the silver zone, each record once.
        patients: What is said of each patient by itself.
        observations: The latest observations, of whose times the days stay.
        as_of: End of the window, a timestamp.
    """
    rows = prepared(current, as_of)
    found = {
        "patient_features": patient_features(patients, rows),
        "latest_observations": observations.withColumn("date", F.to_date("date")),
        "active_conditions": rows["conditions"],
        "active_medications": rows["medications"],
    }
    return {
        name: frame.withColumn("as_of", F.to_date(as_of)).select(*GOLD_SCHEMAS[name].names)
        for name, frame in found.items()
    }


def account(new: Mapping[str, DataFrame], patients: DataFrame, as_of: Column, times: Mapping[str, str]) -> DataFrame:
    """Counts the rows of each table that no feature counts.

    Args:
        new: The rows of a window, by the table of the silver zone.
        patients: The patients that gold has.
        as_of: End of the window, a timestamp.
        times: The column of each table that says when something happened.

    Returns:
        `table_name`, `encounter_class` (of encounters whose class has no feature of its own, else null), `rows_in`, `after_as_of` and
        `orphans`, which happened before and are of a patient that is not known.
    """
    nothing = F.lit(None).cast("string")
    events = [
        new[name].select(
            F.lit(name).alias("table_name"),
            "patient_id",
            (F.col(time) >= as_of).alias("_later"),
            (
                F.when(~F.col("encounter_class").isin(*CLASSES), F.col("encounter_class"))
                if name == "encounters"
                else nothing
            ).alias("encounter_class"),
        )
        for name, time in times.items()
    ]
    known = patients.select("patient_id", F.lit(1).alias("_known"))
    later = F.coalesce("_later", F.expr("false"))
    return (
        reduce(DataFrame.unionByName, events)
        .join(known, "patient_id", "left")
        .groupBy("table_name", "encounter_class")
        .agg(
            F.count(F.lit(1)).alias("rows_in"),
            F.count(F.when(later, 1)).alias("after_as_of"),
            F.count(F.when(~later & F.col("_known").isNull(), 1)).alias("orphans"),
        )
    )
