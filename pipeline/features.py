"""From the silver zone to the gold zone: what is known of each patient as of the end of a window.

Each definition stands in the docstring of its function. All are pure transforms; columns are named by arguments, with the names
of the silver zone as defaults. An event counts when it starts before `as_of`.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

import pyspark.sql.functions as F
from pyspark.sql import Column, DataFrame, Window

from pipeline.pseudonymise import birth_year_as_of, capped
from pipeline.schemas import CLASSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

INPATIENT = "inpatient"
READMISSION_DAYS = 30

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
    hours = (F.col(stop).cast("double") - F.col(start).cast("double")) / 3600
    return F.when(hours >= 0, hours)


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

    It does not grow with the days: encounters of the last year and inpatient stays, conditions that have not stopped, observations that
    are still to come, and all patients.

    Args:
        current: The tables of the silver zone, as the last window sees them.
        as_of: The moment.
        codes: LOINC codes of the observations whose latest value counts.
    """
    start, stop, date = F.col("start"), F.col("stop"), F.col("date")
    counts = (start >= as_of - F.expr("interval 12 months")) | (F.col("encounter_class") == INPATIENT)
    return {
        "patients": current["patients"],
        "encounters": current["encounters"].where(counts),
        "conditions": current["conditions"].where(stop.isNull() | (stop > as_of)),
        "observations": current["observations"].where((date >= as_of) & F.col("code").isin(*codes)),
    }


def ages(
    patients: DataFrame,
    as_of: Column,
    *,
    birth_year: str = "birth_year",
    death_year: str = "death_year",
    age_at_death: str = "age_at_death",
) -> DataFrame:
    """Adds `age` and `deceased`, and caps the year of birth.

    The age is the difference of the years, as the silver zone has no birthdays, and at most 90, which stands for 90 or more. For
    who died by the year of `as_of` it is the age at death; for who is born in a later year there is none. The year of birth is no
    earlier than 90 years before `as_of`: an earlier window of the silver zone may have kept one that is too old by now.
    """
    deceased = F.col(death_year).isNotNull() & (F.col(death_year) <= F.year(as_of))
    alive = F.when(F.col(birth_year) <= F.year(as_of), F.year(as_of) - F.col(birth_year))
    age = F.when(deceased, F.col(age_at_death)).otherwise(alive)
    born = birth_year_as_of(F.col(birth_year), as_of)
    return patients.withColumn("age", capped(age)).withColumn("deceased", deceased).withColumn(birth_year, born)


def inpatient(
    encounters: DataFrame,
    as_of: Column,
    *,
    patient: str = "patient_id",
    encounter: str = "encounter_id",
    start: str = "start",
    stop: str = "stop",
    encounter_class: str = "encounter_class",
) -> DataFrame:
    """Inpatient stays, their length, and 30-day readmissions, per patient.

    * `inpatient_stays`: encounters of class `inpatient`.
    * `inpatient_hours`, `inpatient_hours_median`, `inpatient_hours_longest`: sum, median and greatest of the hours from start to
      stop, of the stays that stopped by `as_of`. One that has no stop, or a later one, has no length yet.
    * `readmissions_30d`: per patient, inpatient stays in order of start, stop, id; a stay counts when the next one starts after
      its stop and at most 30 days later.
    """
    order = Window.partitionBy(patient).orderBy(F.col(start), F.col(stop), F.col(encounter))
    stays = encounters.where((F.col(encounter_class) == INPATIENT) & (F.col(start) < as_of)).select(
        F.col(patient),
        F.when(F.col(stop) <= as_of, hours_between(start, stop)).alias("_hours"),
        ((F.lead(start).over(order).cast("double") - F.col(stop).cast("double")) / 86_400).alias("_days"),
    )
    return stays.groupBy(patient).agg(
        F.count(F.lit(1)).alias("inpatient_stays"),
        F.sum("_hours").alias("inpatient_hours"),
        F.expr("percentile(_hours, 0.5)").alias("inpatient_hours_median"),
        F.max("_hours").alias("inpatient_hours_longest"),
        F.count(F.when((F.col("_days") > 0) & (F.col("_days") <= READMISSION_DAYS), 1)).alias("readmissions_30d"),
    )


def encounter_counts(
    encounters: DataFrame,
    as_of: Column,
    *,
    patient: str = "patient_id",
    start: str = "start",
    encounter_class: str = "encounter_class",
) -> DataFrame:
    """Encounters by class that started in the year before `as_of`, per patient, as `encounters_<class>`."""
    recent = encounters.where((F.col(start) < as_of) & (F.col(start) >= as_of - F.expr("interval 12 months")))
    known = F.col(encounter_class).isNotNull() & F.col(encounter_class).isin(*CLASSES)
    counts = [F.count(F.when(F.col(encounter_class) == name, 1)).alias(f"encounters_{name}") for name in CLASSES]
    return recent.groupBy(patient).agg(*counts, F.count(F.when(~known, 1)).alias("encounters_other"))


def latest_observations(
    observations: DataFrame,
    as_of: Column,
    codes: Sequence[str],
    *,
    patient: str = "patient_id",
    code: str = "code",
    date: str = "date",
    value: str = "value",
    units: str = "units",
    is_numeric: str = "is_numeric",
) -> DataFrame:
    """The latest numeric value of each configured LOINC code, per patient.

    The latest is the one with the greatest date, then the greatest value, then the greatest unit.

    Returns:
        `patient_id`, `code`, `value`, `units`, `date`, and `not_numeric`: how many values were left out because they are words.
        Where all were left out, value, units and date are null.
    """
    chosen = observations.where(F.col(code).isin(*codes) & (F.col(date) < as_of))
    return latest(
        chosen.select(
            F.col(patient).alias("patient_id"),
            F.col(code).alias("code"),
            F.col(value).alias("value"),
            F.col(units).alias("units"),
            F.when(F.col(value).isNotNull(), F.col(date)).alias("date"),
            F.when(~F.col(is_numeric), 1).otherwise(0).cast("long").alias("not_numeric"),
        )
    )


def latest(found: DataFrame) -> DataFrame:
    """The latest of several rows of a patient and code, as `latest_observations` returns them.

    Ties are settled step by step: engines differ in where a null inside of a struct sorts, and Sail is slow with structs.
    """
    key, words = ["patient_id", "code"], F.sum("not_numeric").alias("not_numeric")
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


def active_conditions(
    conditions: DataFrame,
    as_of: Column,
    *,
    patient: str = "patient_id",
    code: str = "code",
    start: str = "start",
    stop: str = "stop",
) -> DataFrame:
    """The conditions that started before `as_of` and had not stopped by then, one row per patient and code.

    Returns:
        `patient_id`, `code` and `since`, the earliest start of the condition where it stands several times.
    """
    active = conditions.where((F.col(start) < as_of) & (F.col(stop).isNull() | (F.col(stop) > as_of)))
    return active.groupBy(F.col(patient).alias("patient_id"), F.col(code).alias("code")).agg(
        F.min(start).alias("since")
    )


def patient_features(patients: DataFrame, encounters: DataFrame, conditions: DataFrame, as_of: Column) -> DataFrame:
    """One row per patient: age, stays, readmissions, encounters of the last year and number of active conditions.

    Args:
        patients: Patients of the silver zone, one row each.
        encounters: Encounters of the silver zone.
        conditions: Conditions of the silver zone.
        as_of: End of the window, a timestamp.
    """
    counted = (
        active_conditions(conditions, as_of).groupBy("patient_id").agg(F.count(F.lit(1)).alias("active_conditions"))
    )
    joined = ages(patients, as_of).drop("age_at_death")
    for aggregated in (inpatient(encounters, as_of), encounter_counts(encounters, as_of), counted):
        joined = joined.join(aggregated, "patient_id", "left")
    hours = [name for name in joined.columns if name.startswith("inpatient_hours")]
    counts = [
        name
        for name in joined.columns
        if name.startswith(("encounters_", "readmissions_", "inpatient_", "active_")) and name not in hours
    ]
    return joined.fillna(0, counts)


def tables(
    current: Mapping[str, DataFrame], *, as_of: Column, codes: Sequence[str], older: DataFrame | None = None
) -> dict[str, DataFrame]:
    """The tables of the gold zone, each with the column `as_of`.

    Args:
        current: The tables of the silver zone, each record once.
        as_of: End of the window, a timestamp.
        codes: LOINC codes of the observations whose latest value counts.
        older: The latest observations of an earlier moment, where `current` has only those that came after it.
    """
    observations = latest_observations(current["observations"], as_of, codes)
    found = {
        "patient_features": patient_features(current["patients"], current["encounters"], current["conditions"], as_of),
        "latest_observations": observations if older is None else renewed(older, observations),
        "active_conditions": active_conditions(current["conditions"], as_of),
    }
    return {name: frame.select(as_of.alias("as_of"), "*") for name, frame in found.items()}
